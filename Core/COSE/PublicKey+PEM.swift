internal import FoundationEssentials

/// Public keys as PEM, for people and for other tools.
extension PublicKey {
  /// What stands before the key's 32 or 64 bytes in a SubjectPublicKeyInfo (RFC 8410, section 4; RFC 5480, section 2).
  private static let ed25519Prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
  private static let p256Prefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
  ]
  /// The same with the curve 1.2.156.10197.1.301.
  private static let sm2Prefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf,
    0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00, 0x04,
  ]
  private static let pemBegin = "-----BEGIN PUBLIC KEY-----"
  private static let pemEnd = "-----END PUBLIC KEY-----"

  /// The key as a SubjectPublicKeyInfo in PEM with a final newline; OpenSSL and others read it.
  public var pem: String {
    let prefix =
      switch algorithm {
      case .es256: PublicKey.p256Prefix
      case .edDSA: PublicKey.ed25519Prefix
      case .sm2: PublicKey.sm2Prefix
      }
    let text = Array(Data(prefix + rawRepresentation).base64EncodedString())
    let lines = stride(from: 0, to: text.count, by: 64).map { String(text[$0..<min($0 + 64, text.count)]) }
    return ([PublicKey.pemBegin] + lines + [PublicKey.pemEnd, ""]).joined(separator: "\n")
  }

  /// Reads the first and only PEM block of `pem`: a SubjectPublicKeyInfo of P-256, SM2 (both uncompressed) or Ed25519.
  ///
  /// Throws `invalidPEM` for anything else, and `invalidPoint` for bytes that are no usable point.
  public init(pem: String) throws(COSEError) {
    let lines = pem.split(whereSeparator: \.isNewline).map(String.init)
    guard lines.count > 2, lines.first == PublicKey.pemBegin, lines.last == PublicKey.pemEnd,
      let der = Data(base64Encoded: lines.dropFirst().dropLast().joined())
    else { throw .invalidPEM }
    if der.count == 44, der.starts(with: PublicKey.ed25519Prefix) {
      try self.init(ed25519: Array(der.suffix(32)))
    } else if der.count == 91, der.starts(with: PublicKey.p256Prefix) {
      try self.init(p256: Array(der.suffix(64)))
    } else if der.count == 91, der.starts(with: PublicKey.sm2Prefix) {
      try self.init(sm2: Array(der.suffix(64)))
    } else {
      throw .invalidPEM
    }
  }
}
