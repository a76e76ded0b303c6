internal import Primitives

/// Where the parts of a reading's COSE_Mac0 lie: what a gateway needs to verify it, found without an allocation.
///
/// A reading has one shape, and no other bytes have its meaning:
///
///     d1 84 43 a1 01 04|05 ‖ a1 04 48 kid (8 bytes) ‖ bstr payload ‖ bstr tag (8 or 32 bytes)
///
/// These are the messages that `Mac0` reads whose key id has 8 bytes. The ranges count from the message's start.
///
/// To verify one: `algorithm.structurePrefix(payloadCount: payload.count, into:)`, then HMAC-SHA-256 over prefix ‖ payload
/// (`HMACSHA256Key.code(for:_:)` takes the two as they lie), then `algorithm.isTag(_:of:)`.
public struct Mac0Layout: Sendable, Equatable {
  /// The bytes before the payload's byte string: tag, array, protected header, unprotected header.
  private static let headCount = 17

  /// The code's algorithm.
  public let algorithm: MacAlgorithm
  /// The payload.
  public let payload: Range<Int>
  /// The code: as many bytes as the algorithm has it.
  public let tag: Range<Int>

  /// The protected header's bytes, without the head of their byte string.
  public var protected: Range<Int> { 3..<6 }
  /// The 8 bytes of the key id.
  public var kid: Range<Int> { 9..<17 }

  /// The layout of a message of this shape, whole and with nothing after it; nil for all other bytes.
  ///
  /// Of the payload only the length is looked at. A message has at most `Limits.entryBytes` bytes.
  public init?(message: UnsafeRawBufferPointer) {
    let count = message.count
    // The shortest has an empty payload and a tag of 8 bytes.
    guard count >= Mac0Layout.headCount + 1 + 9, count <= Limits.entryBytes, message[0] == 0xd1, message[1] == 0x84,
      message[2] == 0x43, message[3] == 0xa1, message[4] == 0x01,
      let algorithm = MacAlgorithm(rawValue: Int64(message[5])), message[6] == 0xa1, message[7] == 0x04,
      message[8] == 0x48
    else { return nil }
    let head = Int(message[Mac0Layout.headCount])
    let start: Int
    let length: Int
    switch head {
    case 0x40..<0x58: (start, length) = (Mac0Layout.headCount + 1, head - 0x40)
    case 0x58:
      (start, length) = (Mac0Layout.headCount + 2, Int(message[Mac0Layout.headCount + 1]))
      guard length >= 24 else { return nil }
    case 0x59:
      (start, length) = (
        Mac0Layout.headCount + 3,
        Int(message[Mac0Layout.headCount + 1]) << 8 | Int(message[Mac0Layout.headCount + 2])
      )
      guard length >= 0x100 else { return nil }
    default: return nil
    }
    let end = start + length
    let tagHead = algorithm == .hmac256 ? 2 : 1
    guard count == end + tagHead + algorithm.tagCount else { return nil }
    switch algorithm {
    case .hmac256Truncated64: guard message[end] == 0x48 else { return nil }
    case .hmac256: guard message[end] == 0x58, message[end + 1] == 0x20 else { return nil }
    }
    self.algorithm = algorithm
    payload = start..<end
    tag = end + tagHead..<count
  }
}
