public import COSE
public import Primitives

/// A signed fact: a COSE_Sign1 (RFC 9052 §4.2, RFC 9943) exactly as its issuer made it.
public struct Statement: Sendable {
  /// The entry's bytes, which are what the log's leaf hashes.
  public let entry: [UInt8]
  /// SHA-256 of the Sig_structure: the same for every signature over the same content.
  public let id: Digest
  /// What the protected header says.
  public let header: StatementHeader
  /// The document's own bytes, or the salted digest of a hash envelope.
  public let payload: ArraySlice<UInt8>
  /// The key that verified the signature.
  public let key: PublicKey

  /// The organisation, or the device or item, that makes the statement.
  public var issuer: String { header.issuer }
  /// What the statement is about, in the application's words.
  public var subject: String { header.subject }
  /// The content type, or that of the document behind a hash envelope.
  public var contentType: String { header.contentType ?? header.envelope?.mediaType ?? "" }
  /// Whether the payload is the salted digest of a document beside the log (RFC 9995).
  public var isHashEnvelope: Bool { header.envelope != nil }
  /// When the issuer says it was made, milliseconds since 1970.
  public var issuedAt: UInt64 { header.issuedAt &* 1000 }

  /// The first eight bytes of SHA-256(u16 length of iss ‖ iss ‖ cti): finds a second use of (iss, cti).
  var replayPrefix: UInt64 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(header.issuerBytes.count + 18)
    bytes.append(u16: UInt16(header.issuerBytes.count))
    bytes.append(contentsOf: header.issuerBytes)
    bytes.append(u64: header.claimID.high)
    bytes.append(u64: header.claimID.low)
    return Digest.sha256(bytes).prefix64
  }
}

/// What `Statement.verify` found.
public enum Verification: Sendable {
  /// The signature holds; whether the key counts is decided where the statement stands in the order.
  case authentic(Statement)
  /// No key with this id is known so far; it may be by the time of execution.
  case unknownKey(KeyID)
  /// It can never be authentic, for the reason given.
  case invalid(LedgerError)
}

extension Statement {
  /// Parses an entry and checks its signature.
  ///
  /// The key is that of the confirmation claim if the statement carries one, else the one that `keys` has for the key
  /// id. Costs one signature verification; safe to run on many threads at once.
  public static func verify(_ entry: [UInt8], keys: [KeyID: PublicKey]) -> Verification {
    guard entry.count <= Limits.entryBytes else {
      return .invalid(.limit("statement", entry.count, Limits.entryBytes))
    }
    let message: Sign1
    let header: StatementHeader
    do {
      message = try Sign1(entry)
      header = try StatementHeader(message)
    } catch {
      return .invalid(LedgerError(.malformed, "The statement cannot be read: \(error)."))
    }
    let key: PublicKey
    if header.confirmationKeyBytes != nil {
      do {
        guard let carried = try header.confirmationKey(), carried.id == header.keyID else {
          return .invalid(LedgerError(.notAuthentic, "The statement's key id is not that of the key it carries."))
        }
        key = carried
      } catch {
        return .invalid(LedgerError(.malformed, "The key that the statement carries cannot be read: \(error)."))
      }
    } else {
      guard let known = keys[header.keyID] else { return .unknownKey(header.keyID) }
      key = known
    }
    guard key.algorithm == header.algorithm else {
      return .invalid(
        LedgerError(.notAuthentic, "The statement says \(header.algorithm), its key is for \(key.algorithm)."))
    }
    guard let id = message.verify(with: key) else {
      return .invalid(
        LedgerError(
          .notAuthentic,
          "The signature of the statement \(message.statementID) does not fit its content and key \(key.id)."))
    }
    return .authentic(Statement(entry: entry, id: id, header: header, payload: message.payload, key: key))
  }

  /// Makes and signs a statement.
  ///
  /// - Parameters:
  ///   - time: when it is made, milliseconds since 1970; the header carries whole seconds.
  ///   - claimID: the `cti`, which the issuer uses once.
  ///   - carryingKey: puts the public key into the confirmation claim, for keys that are no member's.
  public static func sign(
    payload: [UInt8], contentType: String, issuer: String, subject: String, time: UInt64, claimID: ClaimID,
    key: PrivateKey, carryingKey: Bool = false
  ) throws(LedgerError) -> Statement {
    try sign(
      StatementHeader(
        key: key.publicKey, issuer: issuer, subject: subject, issuedAt: time / 1000, claimID: claimID,
        contentType: contentType, confirmationKey: carryingKey ? key.publicKey : nil), payload: payload, key: key)
  }

  /// Makes and signs a hash envelope (RFC 9995): the payload is SHA-256(salt ‖ document), both stay beside the log.
  ///
  /// - Parameter salt: 32 random bytes; without them nobody can guess the document from its digest.
  public static func sign(
    envelopeOf document: [UInt8], salt: [UInt8], contentType: String, issuer: String, subject: String, time: UInt64,
    claimID: ClaimID, key: PrivateKey
  ) throws(LedgerError) -> Statement {
    guard salt.count == HashEnvelope.saltBytes else {
      throw LedgerError(.malformed, "The salt of a document has \(salt.count) bytes, not \(HashEnvelope.saltBytes).")
    }
    return try sign(
      StatementHeader(
        key: key.publicKey, issuer: issuer, subject: subject, issuedAt: time / 1000, claimID: claimID,
        envelope: StatementHeader.HashEnvelope(contentType: contentType)),
      payload: HashEnvelope.digest(salt: salt, document: document).bytes, key: key)
  }

  private static func sign(
    _ header: StatementHeader, payload: [UInt8], key: PrivateKey
  ) throws(LedgerError) -> Statement {
    do {
      let entry = try Sign1.sign(protected: try header.encoded(), payload: payload, key: key)
      let message = try Sign1(entry)
      return Statement(
        entry: entry, id: message.statementID, header: header, payload: message.payload, key: key.publicKey)
    } catch .entryTooLong(let count) {
      throw LedgerError(
        .limit,
        "The statement has \(count) bytes, more than the limit of \(Limits.entryBytes) of a log entry. Log it in "
          + "parts or by its hash.")
    } catch {
      throw LedgerError(.malformed, "The statement cannot be signed: \(error).")
    }
  }
}

/// A document that the log holds by a salted hash only (RFC 9995).
public enum HashEnvelope {
  /// Bytes of a salt. One length only: the digest does not show where the salt ends and the document begins.
  public static let saltBytes = 32

  /// SHA-256(salt ‖ document).
  public static func digest(salt: [UInt8], document: [UInt8]) -> Digest {
    var hasher = SHA256Hasher()
    hasher.update(salt)
    hasher.update(document)
    return hasher.finalize()
  }
}
