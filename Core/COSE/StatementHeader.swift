internal import CBOR
internal import Primitives

/// What the protected header of a signed statement says (RFC 9052, section 3; RFC 9597; RFC 9943; RFC 9995).
///
/// Parsing copies nothing: texts are slices of the entry, which a caller compares or turns into strings as needed.
public struct StatementHeader: Sendable {
  /// The algorithm of the signature (label 1).
  public var algorithm: Algorithm

  /// The media type of the payload (label 3), checked to be UTF-8; never beside `envelope`.
  public var contentTypeBytes: ArraySlice<UInt8>?

  /// The name of the key that signed (label 4).
  public var keyID: KeyID

  /// The issuer (`iss`) in UTF-8.
  public var issuerBytes: ArraySlice<UInt8>

  /// What the statement is about (`sub`) in UTF-8.
  public var subjectBytes: ArraySlice<UInt8>

  /// When it was issued (`iat`), in whole seconds since 1970.
  public var issuedAt: UInt64

  /// The number that the issuer uses once (`cti`).
  public var claimID: ClaimID

  /// The COSE_Key in the confirmation claim (`cnf`), a deterministic map but not decoded yet.
  public var confirmationKeyBytes: ArraySlice<UInt8>?

  /// What the payload is a hash of, if the statement is a hash envelope (RFC 9995).
  public var envelope: HashEnvelope?

  /// Says of a payload of 32 bytes that it is a SHA-256 (label 258 is −16), and of what.
  public struct HashEnvelope: Sendable, Equatable {
    /// The type of what was hashed.
    public enum ContentType: Sendable, Equatable {
      /// A media type in UTF-8.
      case media(ArraySlice<UInt8>)
      /// A CoAP Content-Format number.
      case format(UInt64)
    }

    /// The type of what was hashed (label 259).
    public var contentType: ContentType?

    /// Where it can be had (label 260), in UTF-8.
    public var locationBytes: ArraySlice<UInt8>?

    /// An envelope around content of this type, to be had at this place.
    public init(contentType: String? = nil, location: String? = nil) {
      self.contentType = contentType.map { .media(Array($0.utf8)[...]) }
      locationBytes = location.map { Array($0.utf8)[...] }
    }
  }

  /// Bytes that `iss` and `sub` may have: a URI with room to spare, within the key of a state entry.
  public static let nameBytes = 512
  /// Bytes that a content type may have: two names of 127 and a slash (RFC 6838, section 4.2).
  public static let contentTypeBytesLimit = 255
  /// Bytes that a payload location may have: what HTTP asks every party to take (RFC 9110, section 4.1).
  public static let locationBytesLimit = 8000
  /// The last second of the year 9999, beyond which RFC 3339 cannot write a time.
  public static let latestIssuedAt: UInt64 = 253_402_300_799

  /// The header of a statement that `key` is to sign; `encoded` checks its limits.
  public init(
    key: PublicKey, issuer: String, subject: String, issuedAt: UInt64, claimID: ClaimID, contentType: String? = nil,
    envelope: HashEnvelope? = nil, confirmationKey: PublicKey? = nil
  ) {
    algorithm = key.algorithm
    keyID = key.id
    issuerBytes = Array(issuer.utf8)[...]
    subjectBytes = Array(subject.utf8)[...]
    self.issuedAt = issuedAt
    self.claimID = claimID
    contentTypeBytes = contentType.map { Array($0.utf8)[...] }
    self.envelope = envelope
    confirmationKeyBytes = confirmationKey?.coseKey[...]
  }

  /// The issuer; allocates.
  public var issuer: String { String(decoding: issuerBytes, as: UTF8.self) }

  /// What the statement is about; allocates.
  public var subject: String { String(decoding: subjectBytes, as: UTF8.self) }

  /// The media type of the payload, if it is not a hash.
  public var contentType: String? { contentTypeBytes.map { String(decoding: $0, as: UTF8.self) } }

  /// Decodes the key in the confirmation claim, if there is one; costs about as much as a verification.
  public func confirmationKey() throws(COSEError) -> PublicKey? {
    guard let bytes = confirmationKeyBytes else { return nil }
    return try PublicKey(coseKey: bytes)
  }

  /// Whether `key` is the one the header names, with the algorithm it names.
  public func names(_ key: PublicKey) -> Bool { keyID == key.id && algorithm == key.algorithm }
}

extension StatementHeader.HashEnvelope {
  /// Where the content can be had.
  public var location: String? { locationBytes.map { String(decoding: $0, as: UTF8.self) } }

  /// The media type of the content, if it is given as one.
  public var mediaType: String? {
    guard case .media(let bytes) = contentType else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
