internal import Crypto
internal import FoundationEssentials
internal import Primitives

/// One message to one reader: HPKE in base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
/// ChaCha20-Poly1305.
///
/// An encrypted message is the encapsulated key, 32 bytes, followed by the ciphertext and its tag of 16 bytes. It tells
/// nobody who its reader is.
public enum HybridEncryption {
  private static var suite: HPKE.Ciphersuite { .Curve25519_SHA256_ChachaPoly }
  /// What an encrypted message is longer than its plain text.
  public static let overhead = 48

  /// Encrypts with an ephemeral key of the system's random numbers.
  ///
  /// - Parameters:
  ///   - reader: the reader's public key, 32 bytes.
  ///   - info: what the message is for; the reader must name the same.
  ///   - data: bound to the message, not in it.
  ///
  /// Throws `invalidKeyBytes` for a key that is none, or one of low order.
  public static func seal(
    _ message: [UInt8], to reader: [UInt8], info: [UInt8], authenticating data: [UInt8]
  ) throws(COSEError) -> [UInt8] {
    do {
      let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: reader)
      var sender = try HPKE.Sender(recipientKey: key, ciphersuite: suite, info: Data(info))
      return Array(sender.encapsulatedKey) + Array(try sender.seal(message, authenticating: data))
    } catch { throw .invalidKeyBytes }
  }

  /// Opens what was encrypted to a key; throws `notForThisKey` for anything else.
  public static func open(
    _ sealed: [UInt8], with key: SealingKey, info: [UInt8], authenticating data: [UInt8]
  ) throws(COSEError) -> [UInt8] {
    guard sealed.count >= overhead else { throw .notForThisKey }
    do {
      var recipient = try HPKE.Recipient(
        privateKey: key.secret, ciphersuite: suite, info: Data(info), encapsulatedKey: Data(sealed[..<32]))
      return Array(try recipient.open(sealed[32...], authenticating: data))
    } catch { throw .notForThisKey }
  }

  /// Encrypts under a given ephemeral key, step by step as RFC 9180 says (sections 4.1 and 5.1).
  ///
  /// For what runs under a seed, so that the same seed gives the same bytes, and for the RFC's vectors: the library
  /// always takes a fresh key. Two messages under one ephemeral key to one reader would share their key stream.
  public static func seal(
    _ message: [UInt8], to reader: [UInt8], info: [UInt8], authenticating data: [UInt8], ephemeral: SealingKey
  ) throws(COSEError) -> [UInt8] {
    do {
      let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: reader)
      let shared = try ephemeral.secret.sharedSecretFromKeyAgreement(with: key).withUnsafeBytes { Array($0) }
      guard shared.contains(where: { $0 != 0 }) else { throw COSEError.invalidKeyBytes }
      let kem = Labels(suite: Array("KEM".utf8) + [0x00, 0x20])
      let secret = kem.expand(
        kem.extract([], "eae_prk", shared), "shared_secret", ephemeral.publicKey + reader, 32)
      let hpke = Labels(suite: Array("HPKE".utf8) + [0x00, 0x20, 0x00, 0x01, 0x00, 0x03])
      let context = [0x00] + hpke.extract([], "psk_id_hash", []) + hpke.extract([], "info_hash", info)
      let root = hpke.extract(secret, "secret", [])
      let box = try ChaChaPoly.seal(
        message, using: SymmetricKey(data: hpke.expand(root, "key", context, 32)),
        nonce: try ChaChaPoly.Nonce(data: hpke.expand(root, "base_nonce", context, 12)), authenticating: data)
      return ephemeral.publicKey + Array(box.ciphertext) + Array(box.tag)
    } catch { throw .invalidKeyBytes }
  }

  /// LabeledExtract and LabeledExpand of RFC 9180, section 4.
  private struct Labels {
    let suite: [UInt8]

    func extract(_ salt: [UInt8], _ label: String, _ material: [UInt8]) -> [UInt8] {
      let code = HKDF<SHA256>.extract(
        inputKeyMaterial: SymmetricKey(data: Array("HPKE-v1".utf8) + suite + Array(label.utf8) + material), salt: salt)
      return Array(code)
    }

    func expand(_ key: [UInt8], _ label: String, _ info: [UInt8], _ count: Int) -> [UInt8] {
      let labelled =
        [UInt8(count >> 8), UInt8(count & 0xff)] + Array("HPKE-v1".utf8) + suite + Array(label.utf8) + info
      return HKDF<SHA256>.expand(pseudoRandomKey: key, info: labelled, outputByteCount: count)
        .withUnsafeBytes { Array($0) }
    }
  }

  /// Encrypts with ChaCha20-Poly1305 under a key that encrypts nothing else (RFC 8439), so that the nonce can be zero.
  public static func seal(
    _ message: [UInt8], once key: [UInt8], authenticating data: [UInt8]
  ) throws(COSEError) -> [UInt8] {
    do {
      let box = try ChaChaPoly.seal(
        message, using: SymmetricKey(data: key), nonce: try ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12)),
        authenticating: data)
      return Array(box.ciphertext) + Array(box.tag)
    } catch { throw .invalidKeyBytes }
  }

  /// Opens what `seal(_:once:authenticating:)` made; throws `notForThisKey` for anything else.
  public static func open(
    _ sealed: [UInt8], once key: [UInt8], authenticating data: [UInt8]
  ) throws(COSEError) -> [UInt8] {
    guard sealed.count >= 16, key.count == 32 else { throw .notForThisKey }
    do {
      let box = try ChaChaPoly.SealedBox(
        nonce: try ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12)), ciphertext: sealed.dropLast(16),
        tag: sealed.suffix(16))
      return Array(try ChaChaPoly.open(box, using: SymmetricKey(data: key), authenticating: data))
    } catch { throw .notForThisKey }
  }
}
