/// The signature algorithms of statements, receipts and checkpoints, by their COSE numbers (RFC 9053, section 2).
public enum Algorithm: Int64, Sendable, CaseIterable {
  /// ECDSA with SHA-256, here always on P-256; signatures are r‖s, 64 bytes, and randomised.
  case es256 = -7
  /// EdDSA, here always Ed25519; signatures have 64 bytes and are deterministic.
  case edDSA = -8
}

extension Algorithm: CustomStringConvertible {
  /// The name in the COSE registry.
  public var description: String {
    switch self {
    case .es256: "ES256"
    case .edDSA: "EdDSA"
    }
  }
}
