/// A cursor over bytes from outside: every read is checked, and a read past the end gives nil and moves nothing.
///
/// All numbers are big-endian, as everywhere in the ledger's formats.
public struct ByteReader {
  private let bytes: ArraySlice<UInt8>

  /// The index of the next byte, in the indices of what was given.
  public private(set) var position: Int

  /// A reader at the start of `bytes`.
  public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  /// A reader at the start of `bytes`.
  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The number of bytes not read yet.
  public var remaining: Int { bytes.endIndex - position }

  /// Whether every byte has been read.
  public var isAtEnd: Bool { position == bytes.endIndex }

  /// The next `count` bytes without copying them, or nil if there are fewer.
  public mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// One byte.
  public mutating func u8() -> UInt8? {
    guard position < bytes.endIndex else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  /// Two bytes as a number.
  public mutating func u16() -> UInt16? { integer(2).map { UInt16(truncatingIfNeeded: $0) } }

  /// Four bytes as a number.
  public mutating func u32() -> UInt32? { integer(4).map { UInt32(truncatingIfNeeded: $0) } }

  /// Eight bytes as a number.
  public mutating func u64() -> UInt64? { integer(8) }

  /// Thirty-two bytes as a digest.
  public mutating func digest() -> Digest? { take(Digest.byteCount).flatMap { Digest($0) } }

  /// An unsigned LEB128 number in its minimal form, as the Patricia map's proofs write lengths and bit positions.
  public mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    let start = position
    while let byte = u8() {
      let low = UInt64(byte & 0x7f)
      if shift == 63 && low > 1 || shift > 63 { break }
      value |= low << shift
      if byte & 0x80 == 0 {
        if byte == 0 && shift > 0 { break }
        return value
      }
      shift += 7
    }
    position = start
    return nil
  }

  private mutating func integer(_ count: Int) -> UInt64? {
    guard let slice = take(count) else { return nil }
    return slice.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
