internal import Crypto
internal import FoundationEssentials

/// A private key that signs.
///
/// It prints nothing of itself, and is compared with nothing.
public struct PrivateKey: Sendable {
  enum Secret: Sendable {
    case p256(P256.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
    case sm2(SM2Key)
  }

  let secret: Secret

  /// The public half.
  public let publicKey: PublicKey

  /// The algorithm of its signatures.
  public var algorithm: Algorithm { publicKey.algorithm }

  init(_ secret: Secret) {
    self.secret = secret
    switch secret {
    case .p256(let key): publicKey = PublicKey(.p256(key.publicKey))
    case .ed25519(let key): publicKey = PublicKey(.ed25519(key.publicKey))
    // One object for both halves: verifying reads only the public one.
    case .sm2(let key): publicKey = PublicKey(.sm2(key))
    }
  }

  /// A fresh key from the system's random numbers.
  public static func generate(_ algorithm: Algorithm) -> PrivateKey {
    switch algorithm {
    case .es256: PrivateKey(.p256(P256.Signing.PrivateKey()))
    case .edDSA: PrivateKey(.ed25519(Curve25519.Signing.PrivateKey()))
    case .sm2: PrivateKey(.sm2(SM2Key.generate()))
    }
  }

  /// The key of these 32 bytes: for EdDSA the seed (RFC 8032, section 5.1.5), for ES256 and SM2 the scalar d, big-endian.
  ///
  /// Throws `invalidKeyBytes` for another length, or a scalar that is 0 or not below the group's order n, for SM2 n − 1.
  public init(seed: [UInt8], algorithm: Algorithm) throws(COSEError) {
    guard seed.count == 32 else { throw .invalidKeyBytes }
    switch algorithm {
    case .es256:
      guard let key = try? P256.Signing.PrivateKey(rawRepresentation: seed) else { throw .invalidKeyBytes }
      self.init(.p256(key))
    case .edDSA:
      guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { throw .invalidKeyBytes }
      self.init(.ed25519(key))
    case .sm2:
      guard let key = SM2Key(scalar: seed) else { throw .invalidKeyBytes }
      self.init(.sm2(key))
    }
  }

  /// The Ed25519 key that follows from `seed` and `label` by HKDF-SHA256 (RFC 5869), for demos and simulations.
  ///
  /// Another label gives an unrelated key. The key is as hard to guess as the seed, so a number someone typed protects
  /// nothing.
  public static func derive(seed: [UInt8], label: String) -> PrivateKey {
    let material = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: seed), salt: Array("tallystick seeded key".utf8), info: Array(label.utf8),
      outputByteCount: 32)
    let bytes = material.withUnsafeBytes { Array($0) }
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
      preconditionFailure("every 32 bytes are an Ed25519 seed")
    }
    return PrivateKey(.ed25519(key))
  }

  /// The Ed25519 key that follows from `seed`, as eight big-endian bytes, and `label`.
  public static func derive(seed: UInt64, label: String) -> PrivateKey {
    derive(seed: withUnsafeBytes(of: seed.bigEndian) { Array($0) }, label: label)
  }

  /// The signature of `message` in 64 bytes: r‖s for ES256 and SM2, where it differs each time.
  ///
  /// Throws `signingFailed` if the library's random source fails.
  public func sign(_ message: [UInt8]) throws(COSEError) -> [UInt8] {
    do {
      switch secret {
      case .p256(let key): return Array(try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
      case .ed25519(let key): return Array(try key.signature(for: message))
      case .sm2(let key):
        guard let signature = key.sign(message) else { throw COSEError.signingFailed }
        return signature
      }
    } catch { throw .signingFailed }
  }
}

// MARK: - PEM

extension PrivateKey {
  /// What stands before the 32 bytes of the seed in an Ed25519 key's PKCS #8 form (RFC 8410, section 7).
  private static let ed25519Prefix: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  /// SEQUENCE { id-ecPublicKey, 1.2.840.10045.3.1.7 }, which stands after the head and the version.
  ///
  /// Looked for because swift-crypto takes a key of any curve for one of P-256.
  private static let p256Algorithm: [UInt8] = [
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
    0x01, 0x07,
  ]
  private static let pemBegin = "-----BEGIN PRIVATE KEY-----"
  private static let pemEnd = "-----END PRIVATE KEY-----"

  /// The key in PKCS #8 as PEM text with a final newline; OpenSSL and others read it.
  public var pem: String {
    switch secret {
    case .p256(let key): return key.pemRepresentation + "\n"
    case .ed25519(let key):
      let der = PrivateKey.ed25519Prefix + key.rawRepresentation
      return PrivateKey.pemBegin + "\n" + Data(der).base64EncodedString() + "\n" + PrivateKey.pemEnd + "\n"
    case .sm2(let key):
      let text = Array(Data(SM2PrivateKeyForm.usual.encode(key)).base64EncodedString())
      let lines = stride(from: 0, to: text.count, by: 64).map { String(text[$0..<min($0 + 64, text.count)]) }
      return ([PrivateKey.pemBegin] + lines + [PrivateKey.pemEnd, ""]).joined(separator: "\n")
    }
  }

  /// Reads the first and only PEM block of `pem`: an unencrypted PKCS #8 key, P-256, Ed25519 or SM2; `invalidPEM` otherwise.
  public init(pem: String) throws(COSEError) {
    let lines = pem.split(whereSeparator: \.isNewline).map(String.init)
    guard lines.count > 2, lines.first == PrivateKey.pemBegin, lines.last == PrivateKey.pemEnd,
      let der = Data(base64Encoded: lines.dropFirst().dropLast().joined())
    else { throw .invalidPEM }
    if der.count == 48, der.prefix(16).elementsEqual(PrivateKey.ed25519Prefix) {
      try self.init(seed: Array(der.suffix(32)), algorithm: .edDSA)
    } else if (5...7).contains(where: { der.dropFirst($0).starts(with: PrivateKey.p256Algorithm) }),
      let key = try? P256.Signing.PrivateKey(derRepresentation: der)
    {
      self.init(.p256(key))
    } else if let key = SM2PrivateKeyForm.decode(Array(der)) {
      self.init(.sm2(key))
    } else {
      throw .invalidPEM
    }
  }
}
