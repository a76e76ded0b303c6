/// Appending numbers and digests to a byte array, big-endian as everywhere in the ledger's formats.
extension [UInt8] {
  /// Appends two bytes.
  public mutating func append(u16 value: UInt16) { append(integer: UInt64(value), count: 2) }

  /// Appends four bytes.
  public mutating func append(u32 value: UInt32) { append(integer: UInt64(value), count: 4) }

  /// Appends eight bytes.
  public mutating func append(u64 value: UInt64) { append(integer: value, count: 8) }

  /// Appends the 32 bytes of a digest.
  public mutating func append(_ digest: Digest) { digest.withUnsafeBytes { append(contentsOf: $0) } }

  /// Appends an unsigned LEB128 number in its minimal form.
  public mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func append(integer value: UInt64, count: Int) {
    for shift in stride(from: (count - 1) * 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }
}
