public import CBOR
public import Primitives

/// Why bytes are not a key, a signed statement or a header of this ledger's profile of COSE (RFC 9052).
public enum COSEError: Error, Sendable, Equatable {
  /// The parts of which an error can speak.
  public enum Part: String, Sendable {
    /// A COSE_Key (RFC 9052, section 7).
    case key = "COSE_Key"
    /// A COSE_Sign1 (RFC 9052, section 4.2).
    case sign1 = "COSE_Sign1"
    /// A COSE_Mac0 (RFC 9052, section 6.2).
    case mac0 = "COSE_Mac0"
    /// The protected header of a statement or of a COSE_Mac0.
    case header = "protected header"
    /// The CWT claims in it (RFC 9597).
    case claims = "CWT claims"
    /// The confirmation claim in those (RFC 8747).
    case confirmation = "confirmation claim"
  }

  /// Not deterministic CBOR, or not the types that the format asks for.
  case malformed(Part, CBORError)
  /// Longer than a log entry may be: `Limits.entryBytes`.
  case entryTooLong(Int)
  /// A COSE_Mac0 longer than `Limits.entryBytes`.
  case messageTooLong(Int)
  /// The unprotected header of a statement is not the empty map.
  case unprotectedHeader
  /// A code, or a signature other than a receipt's, without its payload.
  case detachedPayload
  /// A label that must be there is not.
  case missing(Part, label: Int64)
  /// A label that this profile does not know or that excludes another one.
  case unexpected(Part, label: Int64)
  /// A known label has a value that it must not have; the text says which it may have.
  case invalid(Part, label: Int64, Message)
  /// The coordinates of a key are not a point that a key may be.
  case invalidPoint
  /// A raw private or public key has the wrong length or value.
  case invalidKeyBytes
  /// The text is not a PKCS #8 private key in PEM (RFC 7468, section 10) of a supported algorithm.
  case invalidPEM
  /// A key file that could not be used; the text says why.
  case keyFile(path: String, Message)
  /// The cryptographic library refused to sign.
  case signingFailed
  /// What was encrypted is not meant for this key, or is damaged.
  case notForThisKey
}

extension COSEError: Explained {
  /// One sentence without a full stop, for logs and people.
  public var explanation: Message {
    switch self {
    case .malformed(let part, let error): "\(Message(part.rawValue)): \(error)"
    case .entryTooLong(let count):
      "the statement has \(count) bytes, more than the entryBytes limit of \(Limits.entryBytes)"
    case .messageTooLong(let count):
      "the message has \(count) bytes, more than the entryBytes limit of \(Limits.entryBytes)"
    case .unprotectedHeader: "the unprotected header is not empty"
    case .detachedPayload: "the payload is detached"
    case .missing(let part, let label): "\(Message(part.rawValue)): label \(label) is missing"
    case .unexpected(let part, let label): "\(Message(part.rawValue)): label \(label) is not allowed here"
    case .invalid(let part, let label, let expected): "\(Message(part.rawValue)): label \(label) is not \(expected)"
    case .invalidPoint: "the public key is no point of the curve that a key may be"
    case .invalidKeyBytes: "the key's bytes are not those of a key"
    case .invalidPEM: "not a PKCS #8 private key in PEM of a supported algorithm"
    case .keyFile(let path, let why): "key file \(path): \(why)"
    case .signingFailed: "the cryptographic library refused to sign"
    case .notForThisKey: "the text is not encrypted to this key, or is damaged"
    }
  }
}
