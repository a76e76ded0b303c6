public import Primitives

/// The hashes of the Patricia map: leaves and inner nodes are told apart by their first byte.
public enum PatriciaHash {
  /// The root of the map without keys: SHA-256 of nothing.
  public static let empty = Digest.sha256([UInt8]())

  /// The longest value in bytes that a proof may carry; the ledger's values are 32-byte commitments.
  public static let maximumValueBytes = 1024

  /// The hash of a leaf: SHA-256(0x00 ‖ varint(len key) ‖ key ‖ varint(len value) ‖ value).
  public static func leaf(key: [UInt8], value: [UInt8]) -> Digest {
    key.withUnsafeBytes { key in value.withUnsafeBytes { leaf(key: key, value: $0) } }
  }

  /// The hash of a leaf whose value is a digest.
  public static func leaf(key: [UInt8], value: Digest) -> Digest {
    key.withUnsafeBytes { key in value.withUnsafeBytes { leaf(key: key, value: $0) } }
  }

  /// The hash of an inner node: SHA-256(0x01 ‖ varint(bit) ‖ left ‖ right).
  ///
  /// - Precondition: `bit` is not negative.
  public static func inner(bit: Int, _ left: Digest, _ right: Digest) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 80, alignment: 8) { buffer in
      buffer[0] = 1
      let at = put(varint: bit, in: buffer, at: 1)
      left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[at...]).copyMemory(from: $0) }
      right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[(at + 32)...]).copyMemory(from: $0) }
      return Digest.sha256(UnsafeRawBufferPointer(rebasing: buffer[..<(at + 64)]))
    }
  }

  static func leaf(key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Digest {
    let room = 128
    guard key.count + value.count <= room - 8 else { return longLeaf(key: key, value: value) }
    return withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { buffer in
      buffer[0] = 0
      var at = put(varint: key.count, in: buffer, at: 1)
      UnsafeMutableRawBufferPointer(rebasing: buffer[at...]).copyMemory(from: key)
      at = put(varint: value.count, in: buffer, at: at + key.count)
      UnsafeMutableRawBufferPointer(rebasing: buffer[at...]).copyMemory(from: value)
      return Digest.sha256(UnsafeRawBufferPointer(rebasing: buffer[..<(at + value.count)]))
    }
  }

  private static func longLeaf(key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Digest {
    var bytes: [UInt8] = [0]
    bytes.reserveCapacity(key.count + value.count + 24)
    bytes.append(varint: UInt64(key.count))
    bytes.append(contentsOf: key)
    bytes.append(varint: UInt64(value.count))
    bytes.append(contentsOf: value)
    return Digest.sha256(bytes)
  }

  /// Writes a minimal varint and gives the index after it.
  @inline(__always)
  private static func put(varint value: Int, in buffer: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
    var rest = UInt(bitPattern: value)
    var at = start
    while rest >= 0x80 {
      buffer[at] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest >>= 7
      at += 1
    }
    buffer[at] = UInt8(truncatingIfNeeded: rest)
    return at + 1
  }
}
