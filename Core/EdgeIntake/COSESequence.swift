/// The messages of a CBOR sequence by their ends, found without reading them.
///
/// A message is well-formed CBOR of definite lengths; whether it is one that a gateway takes, the gateway says. Behind the
/// first thing that is no such item nothing can be told apart: the rest is one message, which the gateway then refuses.
public enum COSESequence {
  /// The most messages of one sequence.
  public static let messages = 16_384

  /// The ends of the messages; nil for more than the limit. An empty sequence has none.
  public static func ends(_ bytes: [UInt8]) -> [Int]? {
    var ends: [Int] = []
    ends.reserveCapacity(min(messages, bytes.count / 96 + 1))
    let isWhole = bytes.withUnsafeBytes { append($0, 0..<bytes.count, to: &ends) }
    return isWhole ? ends : nil
  }

  /// Appends the ends of the messages in a part of the bytes; false, and nothing appended, for too many.
  static func append(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, to ends: inout [Int]) -> Bool {
    let before = ends.count
    let part = UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound])
    var position = range.lowerBound
    while position < part.count {
      guard ends.count - before < messages else {
        ends.removeSubrange(before...)
        return false
      }
      position = skip(part, position, depth: 0) ?? part.count
      ends.append(position)
    }
    return true
  }

  /// Where the item that begins at a place ends; nil if it is not well-formed, or too deep.
  private static func skip(_ bytes: UnsafeRawBufferPointer, _ start: Int, depth: Int) -> Int? {
    guard start < bytes.count, depth < 8 else { return nil }
    let major = bytes[start] >> 5
    let short = bytes[start] & 31
    var position = start + 1
    var value = UInt64(short)
    if short >= 24 {
      guard short <= 27 else { return nil }
      let width = 1 << Int(short - 24)
      guard bytes.count - position >= width else { return nil }
      value = 0
      for offset in 0..<width { value = value << 8 | UInt64(bytes[position + offset]) }
      position += width
    }
    switch major {
    case 0, 1, 7: return position
    case 2, 3:
      guard value <= UInt64(bytes.count - position) else { return nil }
      return position + Int(value)
    case 6: return skip(bytes, position, depth: depth + 1)
    default:
      // Each item has at least a byte, so a count beyond what is left is none, and the loop is bounded.
      guard value <= UInt64(bytes.count - position) else { return nil }
      for _ in 0..<(Int(value) * (major == 5 ? 2 : 1)) {
        guard let next = skip(bytes, position, depth: depth + 1) else { return nil }
        position = next
      }
      return position
    }
  }
}
