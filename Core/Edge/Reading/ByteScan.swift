/// A cursor over deterministic CBOR in memory that somebody else owns; allocates nothing.
struct ByteScan {
  let bytes: UnsafeRawBufferPointer
  var position: Int
  let end: Int

  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// A head in its shortest form: major type and number; nil for anything else.
  @inline(__always)
  mutating func head() -> (major: UInt8, value: UInt64)? {
    guard position < end else { return nil }
    let first = bytes[position]
    let info = first & 31
    position += 1
    if info < 24 { return (first >> 5, UInt64(info)) }
    guard info < 28 else { return nil }
    let width = 1 << Int(info - 24)
    guard end - position >= width else { return nil }
    var value: UInt64 = 0
    for index in position..<position + width { value = value << 8 | UInt64(bytes[index]) }
    position += width
    let least: UInt64 = info == 24 ? 24 : 1 << UInt64(width * 4)
    return value >= least ? (first >> 5, value) : nil
  }

  /// A signed number of 64 bits.
  @inline(__always)
  mutating func int() -> Int64? {
    guard let (major, value) = head(), major <= 1, value <= UInt64(Int64.max) else { return nil }
    return major == 0 ? Int64(value) : ~Int64(value)
  }

  /// A byte string (2) or a text (3) as its range.
  @inline(__always)
  mutating func string(_ wanted: UInt8) -> Range<Int>? {
    guard let (major, count) = head(), major == wanted, count <= UInt64(end - position) else { return nil }
    let start = position
    position += Int(count)
    return start..<position
  }

  /// Whether the next byte is `byte`, which is then taken.
  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }
}
