public import Primitives

/// The hashes of the log tree (RFC 9162 section 2.1.1): leaves and nodes are told apart by their first byte.
public enum TreeHash {
  /// The root of the tree without leaves: SHA-256 of nothing.
  public static let empty = Digest.sha256([UInt8]())

  /// Entries up to this size are copied beside their prefix byte and hashed in one call.
  private static let oneShotBytes = 1024

  /// The leaf hash of an entry: SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: [UInt8]) -> Digest { entry.withUnsafeBytes { leaf($0) } }

  /// The leaf hash of an entry: SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: ArraySlice<UInt8>) -> Digest { entry.withUnsafeBytes { leaf($0) } }

  /// The leaf hash of an entry: SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: UnsafeRawBufferPointer) -> Digest {
    guard entry.count <= oneShotBytes else {
      var hasher = SHA256Hasher()
      withUnsafeBytes(of: UInt8(0)) { hasher.update($0) }
      hasher.update(entry)
      return hasher.finalize()
    }
    return withUnsafeTemporaryAllocation(byteCount: oneShotBytes + 1, alignment: 8) { buffer in
      buffer[0] = 0
      UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: entry)
      return Digest.sha256(UnsafeRawBufferPointer(rebasing: buffer[..<(entry.count + 1)]))
    }
  }

  /// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
  public static func node(_ left: Digest, _ right: Digest) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
      buffer[0] = 1
      left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: $0) }
      right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33...]).copyMemory(from: $0) }
      return Digest.sha256(UnsafeRawBufferPointer(buffer))
    }
  }
}
