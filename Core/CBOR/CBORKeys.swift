/// The place in a map whose keys are being read; `CBORReader.map` begins one.
///
///     var keys = try reader.map()
///     while try reader.next(&keys) {
///       switch try reader.int() {
///       case 1: name = try reader.text()
///       default: ...
///       }
///     }
///
/// Each key must come after the one before in the bytewise order of their encodings. It holds two indices and a count.
public struct CBORKeys: Sendable {
  /// The pairs of the map that have not been begun.
  public private(set) var remaining: Int
  private var previous = 0..<0

  init(count: Int) { remaining = count }

  /// Takes note of the key at `key`, if it comes after the one before.
  mutating func accept(_ key: Range<Int>, in bytes: ArraySlice<UInt8>) throws(CBORError) {
    if !previous.isEmpty {
      let (before, now) = (bytes[previous], bytes[key])
      guard before.lexicographicallyPrecedes(now) else {
        throw CBORError(before == now ? .duplicateKey : .unsortedKeys, at: key.lowerBound)
      }
    }
    previous = key
    remaining -= 1
  }
}

extension CBORReader {
  /// Reads the beginning of a map; its pairs are read with `next`, until that gives false.
  ///
  /// The count, `remaining`, is never more than half of the bytes that are left.
  public mutating func map() throws(CBORError) -> CBORKeys {
    let start = position
    let value = try head(.map)
    return CBORKeys(count: try count(value, itemBytes: 2, of: start))
  }

  /// Whether a further pair follows; then the caller reads its key and its value, and calls this again.
  ///
  /// The whole key is checked before the caller sees it: `duplicateKey` and `unsortedKeys` are thrown here.
  public mutating func next(_ keys: inout CBORKeys) throws(CBORError) -> Bool {
    guard keys.remaining > 0 else { return false }
    let start = position
    try skip()
    try keys.accept(start..<position, in: input)
    position = start
    return true
  }
}
