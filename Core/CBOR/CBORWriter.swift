public import Primitives

/// Appends deterministic CBOR (RFC 8949, section 4.2.1) to a byte array.
///
/// Numbers, lengths and counts take their shortest form. A caller that writes an array or a map announces its count and
/// then writes as many items, or pairs of key and value; the keys of a map are written in the bytewise order of their
/// encodings, which is the caller's part (`CBORValue` sorts them itself). Nothing is allocated beyond the buffer.
public struct CBORWriter: Sendable {
  /// What has been written so far.
  public var bytes: [UInt8] = []

  /// A writer with room for `capacity` bytes before its buffer grows.
  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// Writes an unsigned number.
  public mutating func uint(_ value: UInt64) { head(0, value) }

  /// Writes a number; what is not negative is written as an unsigned one.
  public mutating func int(_ value: Int64) {
    if value >= 0 { head(0, UInt64(value)) } else { head(1, UInt64(bitPattern: ~value)) }
  }

  /// Writes the negative number −1 − `value`, down to −2⁶⁴.
  public mutating func negative(_ value: UInt64) { head(1, value) }

  /// Writes a byte string.
  public mutating func bytes(_ value: [UInt8]) {
    head(2, UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Writes a byte string.
  public mutating func bytes(_ value: ArraySlice<UInt8>) {
    head(2, UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Writes a byte string.
  public mutating func bytes(_ value: UnsafeRawBufferPointer) {
    head(2, UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Writes a digest as a byte string of 32.
  public mutating func bytes(_ value: Digest) {
    head(2, UInt64(Digest.byteCount))
    bytes.append(value)
  }

  /// Writes a text in UTF-8.
  public mutating func text(_ value: String) {
    head(3, UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  /// Writes a text whose bytes are known to be UTF-8, such as those that `CBORReader.textBytes` gave.
  public mutating func text(utf8 value: ArraySlice<UInt8>) {
    head(3, UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Begins an array of `count` items, which are written next.
  ///
  /// - Precondition: `count` is not negative.
  public mutating func array(_ count: Int) { head(4, UInt64(count)) }

  /// Begins a map of `count` pairs, which are written next in the order of their keys' encodings.
  ///
  /// - Precondition: `count` is not negative.
  public mutating func map(_ count: Int) { head(5, UInt64(count)) }

  /// Writes a tag's number; the tagged item is written next.
  public mutating func tag(_ number: UInt64) { head(6, number) }

  /// Writes true or false.
  public mutating func bool(_ value: Bool) { bytes.append(value ? 0xf5 : 0xf4) }

  /// Writes null.
  public mutating func null() { bytes.append(0xf6) }

  /// Appends an item that is encoded already.
  public mutating func raw(_ item: [UInt8]) { bytes.append(contentsOf: item) }

  /// Appends an item that is encoded already.
  public mutating func raw(_ item: ArraySlice<UInt8>) { bytes.append(contentsOf: item) }

  private mutating func head(_ major: UInt8, _ value: UInt64) {
    let type = major << 5
    switch value {
    case ..<24:
      bytes.append(type | UInt8(truncatingIfNeeded: value))
    case ...0xff:
      bytes.append(type | 24)
      bytes.append(UInt8(truncatingIfNeeded: value))
    case ...0xffff:
      bytes.append(type | 25)
      bytes.append(u16: UInt16(truncatingIfNeeded: value))
    case ...0xffff_ffff:
      bytes.append(type | 26)
      bytes.append(u32: UInt32(truncatingIfNeeded: value))
    default:
      bytes.append(type | 27)
      bytes.append(u64: value)
    }
  }
}
