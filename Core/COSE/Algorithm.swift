/// The signature algorithms of statements, receipts and checkpoints, by their COSE numbers (RFC 9053, section 2).
///
/// A ledger takes statements only under those that its configuration lists.
public enum Algorithm: Int64, Sendable, CaseIterable {
  /// ECDSA with SHA-256, here always on P-256; signatures are r‖s, 64 bytes, and randomised.
  case es256 = -7
  /// EdDSA, here always Ed25519; signatures have 64 bytes and are deterministic.
  case edDSA = -8
  /// SM2 with SM3 (GB/T 32918.2) on the curve of GB/T 32918.5, signer's id `1234567812345678`; r‖s, 64 bytes, randomised.
  ///
  /// For members and devices in the manner of GB 35114, where a ledger lists it. A core verifies some 4,000 a second, a
  /// sixth of what it does under ES256. COSE has no number for it: draft-dang-webauthn-sm2-00, which asked for one,
  /// expired in 2022. This one is for private use (RFC 9053, section 11: below −65536), made from the last arcs
  /// of the OID 1.2.156.10197.1.501; other software knows it only by agreement.
  case sm2 = -10_197_501
}

extension Algorithm: CustomStringConvertible {
  /// The name in the COSE registry, or `SM2`, which is not in it.
  public var description: String {
    switch self {
    case .es256: "ES256"
    case .edDSA: "EdDSA"
    case .sm2: "SM2"
    }
  }
}
