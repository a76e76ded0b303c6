public import Primitives

/// Why a message is not a leaf; the numbers are part of the reject records.
public enum RejectCause: UInt8, Sendable, CaseIterable {
  /// No COSE_Mac0 or COSE_Sign1 of the allowed form.
  case malformed = 1
  /// No device with this key id or name.
  case unknownDevice = 2
  /// The tag or signature does not fit.
  case notAuthentic = 3
  /// The device's key has been revoked.
  case revoked = 4
  /// The session begins later.
  case notYetValid = 5
  /// The session has ended.
  case expired = 6
  /// The payload is not in canonical form.
  case notCanonical = 7
  /// The reading names another device than the one whose key it has.
  case otherDevice = 8
  /// The sample time lies more than 120 s after the arrival.
  case ahead = 9
  /// The sample time is older than the gateway takes.
  case tooOld = 10
  /// The boot is an earlier one, and the reading has not been heard of.
  case rolledBack = 11
  /// The number has been used with another body.
  case reusedNumber = 12
  /// So far behind that the gateway cannot say whether it has it.
  case unresolved = 13
  /// An epoch that does not follow on what is known.
  case staleEpoch = 14
}

/// A message that was refused: a leaf of the header's reject tree is `SHA-256(0x00 ‖ cause ‖ arrival u64 ‖ SHA-256(message))`.
public struct RejectRecord: Sendable, Equatable {
  /// Why.
  public let cause: RejectCause
  /// When it came, microseconds since 1970.
  public let arrival: Int64
  /// SHA-256 of the message.
  public let message: Digest

  /// The leaf's hash.
  public var leaf: Digest {
    var bytes: [UInt8] = [0, cause.rawValue]
    bytes.append(u64: UInt64(bitPattern: arrival))
    bytes.append(message)
    return Digest.sha256(bytes)
  }
}

/// What became of one message.
public enum IntakeOutcome: Sendable, Equatable {
  /// It is, or will be with its batch, the leaf at this place.
  case accepted(RowID)
  /// The same message again; it is the leaf at this place.
  case duplicate(RowID)
  /// Authentic and late: it gets its place in the late batch, when the open batch is closed.
  case late
  /// Refused.
  case rejected(RejectCause)
}
