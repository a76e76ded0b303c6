/// A key that signs notes with Ed25519 (RFC 8032), wherever its private half is kept.
///
/// One key has one role: a log key signs checkpoints (C2SP type 01), a cosigner's key signs cosignatures (type 04).
public protocol NoteSigning: Sendable {
  /// The public key: 32 bytes as RFC 8032 encodes it.
  var publicKey: [UInt8] { get }

  /// The 64-byte Ed25519 signature of `message`.
  ///
  /// Throws whatever the key's keeper throws when it cannot sign.
  func signature(for message: [UInt8]) throws -> [UInt8]
}

/// Why a note or a checkpoint was not signed.
public enum NoteSigningError: Error, Equatable {
  /// The public key of the signer is not 32 bytes long.
  case publicKeyLength(Int)
  /// The signer gave a signature that is not 64 bytes long.
  case signatureLength(Int)
  /// A cosignature's time is 0 or above 2^63 - 1 seconds (C2SP tlog-cosignature).
  case timestamp(UInt64)
}

extension NoteSigning {
  /// The signature of `message` after a check of the key's and the signature's length.
  func checkedSignature(for message: [UInt8]) throws -> [UInt8] {
    guard publicKey.count == Ed25519.publicKeyBytes else {
      throw NoteSigningError.publicKeyLength(publicKey.count)
    }
    let signature = try signature(for: message)
    guard signature.count == Ed25519.signatureBytes else { throw NoteSigningError.signatureLength(signature.count) }
    return signature
  }
}
