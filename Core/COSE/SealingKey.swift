internal import Crypto
internal import FoundationEssentials
internal import Primitives

/// A private key that opens what was sealed to its public half: X25519.
///
/// It prints nothing of itself, and is compared with nothing.
public struct SealingKey: Sendable {
  let secret: Curve25519.KeyAgreement.PrivateKey

  /// The public half, 32 bytes.
  public var publicKey: [UInt8] { Array(secret.publicKey.rawRepresentation) }

  /// A fresh key from the system's random numbers.
  public static func generate() -> SealingKey { SealingKey(Curve25519.KeyAgreement.PrivateKey()) }

  private init(_ secret: Curve25519.KeyAgreement.PrivateKey) { self.secret = secret }

  /// The key of 32 bytes; throws `invalidKeyBytes` for another length.
  public init(bytes: [UInt8]) throws(COSEError) {
    guard bytes.count == 32, let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes) else {
      throw .invalidKeyBytes
    }
    self.init(key)
  }

  /// The key that follows from a seed and a label by HKDF-SHA256, for demos and simulations.
  ///
  /// It is as hard to guess as the seed, so a number someone typed protects nothing.
  public static func derive(seed: [UInt8], label: String) -> SealingKey {
    let material = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: seed), salt: Array("tallystick seeded sealing key".utf8),
      info: Array(label.utf8), outputByteCount: 32)
    guard let key = try? SealingKey(bytes: material.withUnsafeBytes { Array($0) }) else {
      preconditionFailure("every 32 bytes are an X25519 key")
    }
    return key
  }

  /// The key that follows from `seed`, as eight big-endian bytes, and `label`.
  public static func derive(seed: UInt64, label: String) -> SealingKey {
    derive(seed: withUnsafeBytes(of: seed.bigEndian) { Array($0) }, label: label)
  }

  // MARK: PEM

  /// What stands before the 32 bytes in an X25519 key's PKCS #8 form (RFC 8410, section 7).
  private static let prefix: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let pemLines = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----")

  /// The key in PKCS #8 as PEM text with a final newline; OpenSSL and others read it.
  public var pem: String {
    let der = SealingKey.prefix + Array(secret.rawRepresentation)
    return [SealingKey.pemLines.0, Data(der).base64EncodedString(), SealingKey.pemLines.1, ""].joined(separator: "\n")
  }

  /// Reads what `pem` writes: the first and only block of the text; `invalidPEM` otherwise.
  public init(pem: String) throws(COSEError) {
    let lines = pem.split(whereSeparator: \.isNewline).map(String.init)
    guard lines.count > 2, lines.first == SealingKey.pemLines.0, lines.last == SealingKey.pemLines.1,
      let der = Data(base64Encoded: lines.dropFirst().dropLast().joined()), der.count == 48,
      der.prefix(16).elementsEqual(SealingKey.prefix)
    else { throw .invalidPEM }
    try self.init(bytes: Array(der.suffix(32)))
  }

  /// Writes the key as PEM to a new file with mode 0600, and returns once it is durable.
  ///
  /// Throws `keyFile` if there is a file at `path` already, or if the system refuses.
  public func save(to path: String) throws(COSEError) { try KeyFile.write(pem, to: path) }

  /// Reads a key that `save` has written.
  ///
  /// Throws `keyFile` for a file that is missing, no regular file, or open to its group or others; `invalidPEM` if there
  /// is no such key in it.
  public static func load(from path: String) throws(COSEError) -> SealingKey {
    try SealingKey(pem: try KeyFile.read(path))
  }
}
