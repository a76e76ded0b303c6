public import Primitives

/// The codes of a COSE_Mac0, by their COSE numbers (RFC 9053, section 3.1).
///
/// Both are HMAC with SHA-256, the first shortened to its left 64 bits. A code is between a device and its gateway, who
/// hold the same key: it proves nothing to anyone else, so no statement of a ledger is authenticated by one.
public enum MacAlgorithm: Int64, Sendable, CaseIterable {
  /// HMAC 256/64: the code's first 8 bytes.
  case hmac256Truncated64 = 4
  /// HMAC 256/256: the whole code, 32 bytes.
  case hmac256 = 5

  /// The bytes of a tag.
  public var tagCount: Int { self == .hmac256 ? 32 : 8 }

  /// The most bytes that `structurePrefix` writes.
  public static let structurePrefixLimit = 20

  /// Writes what stands before a payload of `payloadCount` bytes in the MAC_structure (RFC 9052, section 6.3).
  ///
  /// Gives the number of bytes written.
  /// The code is HMAC-SHA-256 over `["MAC0", protected, external_aad, payload]` in CBOR, which is, with the protected header
  /// `{1: algorithm}` and no external data,
  ///
  ///     84 64 "MAC0" 43 a1 01 04|05 40 ‖ head of the payload's byte string ‖ payload
  ///
  /// So the prefix depends on the algorithm and the payload's length only, and a gateway computes it once for each pair.
  /// Allocates nothing. `buffer` must have room for it: `structurePrefixLimit` bytes always do, 14 for payloads
  /// up to 65,535 bytes.
  public func structurePrefix(payloadCount: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    func put(_ byte: UInt8) {
      precondition(count < buffer.count, "a buffer of MacAlgorithm.structurePrefixLimit bytes")
      buffer[count] = byte
      count += 1
    }
    put(0x84)
    put(0x64)
    put(0x4d)
    put(0x41)
    put(0x43)
    put(0x30)
    put(0x43)
    put(0xa1)
    put(0x01)
    put(UInt8(truncatingIfNeeded: rawValue))
    put(0x40)
    precondition(payloadCount >= 0, "a payload's length")
    switch payloadCount {
    case 0..<24: put(0x40 | UInt8(truncatingIfNeeded: payloadCount))
    case 24..<0x100:
      put(0x58)
      put(UInt8(truncatingIfNeeded: payloadCount))
    case 0x100..<0x1_0000:
      put(0x59)
      put(UInt8(truncatingIfNeeded: payloadCount >> 8))
      put(UInt8(truncatingIfNeeded: payloadCount))
    case 0x1_0000..<0x1_0000_0000:
      put(0x5a)
      for shift in stride(from: 24, through: 0, by: -8) { put(UInt8(truncatingIfNeeded: payloadCount >> shift)) }
    default:
      put(0x5b)
      for shift in stride(from: 56, through: 0, by: -8) { put(UInt8(truncatingIfNeeded: payloadCount >> shift)) }
    }
    return count
  }

  /// Appends what stands before a payload of `payloadCount` bytes in the MAC_structure (RFC 9052, section 6.3).
  public func structurePrefix(payloadCount: Int, into bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(byteCount: MacAlgorithm.structurePrefixLimit, alignment: 1) { buffer in
      let count = structurePrefix(payloadCount: payloadCount, into: buffer)
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Whether `tag` is the code or its beginning, as this algorithm has it; in a time that does not depend on their bytes.
  ///
  /// Allocates nothing. False for a tag of another length.
  public func isTag(_ tag: UnsafeRawBufferPointer, of code: Digest) -> Bool {
    guard tag.count == tagCount else { return false }
    return code.withUnsafeBytes { code in
      var difference: UInt8 = 0
      for place in 0..<tag.count { difference |= tag[place] ^ code[place] }
      return difference == 0
    }
  }
}

extension MacAlgorithm: CustomStringConvertible {
  /// The name in the COSE registry.
  public var description: String {
    switch self {
    case .hmac256Truncated64: "HMAC 256/64"
    case .hmac256: "HMAC 256/256"
    }
  }
}
