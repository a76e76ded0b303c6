import COSE

/// The one place where signatures of notes are checked.
enum Ed25519 {
  static let publicKeyBytes = 32
  static let signatureBytes = 64

  /// Whether `signature` is the Ed25519 signature of `message` under the 32-byte `publicKey`; false for wrong lengths.
  static func isValid(signature: some Collection<UInt8>, message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == signatureBytes, publicKey.count == publicKeyBytes,
      let key = try? PublicKey(ed25519: publicKey)
    else { return false }
    return key.isValidSignature(Array(signature)[...], for: message)
  }
}
