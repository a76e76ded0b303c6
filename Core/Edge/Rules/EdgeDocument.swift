public import CBOR
public import COSE
public import Ledger
internal import Primitives

/// The payload of one kind of statement: a deterministic CBOR map with the keys 1, 2, … (docs/edge.md).
public protocol EdgeDocument: Sendable {
  /// The kind's name: it makes the content type, and begins the codes of refusals.
  static var kind: String { get }
  /// The payload.
  func encoded() -> [UInt8]
  /// Reads what `encoded` writes and nothing else.
  init(decoding bytes: ArraySlice<UInt8>) throws(CBORError)
}

extension EdgeDocument {
  /// `application/vnd.tallystick.<kind>+cbor`.
  public static var contentType: String { "application/vnd.tallystick.\(kind)+cbor" }

  /// The document as a statement.
  ///
  /// - Parameters:
  ///   - issuer: the member, or the gateway or device whose key signs.
  ///   - time: milliseconds since 1970.
  ///   - carryingKey: for keys that are no member's.
  public func statement(
    issuer: String, subject: String, time: UInt64, claimID: ClaimID, key: PrivateKey, carryingKey: Bool = false
  ) throws(LedgerError) -> Statement {
    try .sign(
      payload: encoded(), contentType: Self.contentType, issuer: issuer, subject: subject, time: time, claimID: claimID,
      key: key, carryingKey: carryingKey)
  }

  /// Reads a statement's payload, or refuses it as `<kind>-malformed`.
  static func read(_ statement: Statement) throws(Refusal) -> Self {
    do { return try Self(decoding: statement.payload) } catch {
      throw Refusal("\(kind)-malformed", "The payload cannot be read: \(error).")
    }
  }
}

/// A COSE_Sign1 within a payload: its protected header is `{1: algorithm, 3: content type, 4: key id}`, so that a
/// signature for one purpose is none for another, and none is a statement.
enum SignedPart {
  static func header(_ type: String, _ key: PublicKey) -> [UInt8] {
    var writer = CBORWriter(capacity: 96)
    writer.map(3)
    writer.uint(1)
    writer.int(key.algorithm.rawValue)
    writer.uint(3)
    writer.text(type)
    writer.uint(4)
    writer.bytes(key.id.bytes)
    return writer.bytes
  }

  static func sign(_ payload: [UInt8], _ type: String, _ key: PrivateKey) throws(LedgerError) -> [UInt8] {
    do { return try Sign1.sign(protected: header(type, key.publicKey), payload: payload, key: key) } catch {
      throw LedgerError(.malformed, "The document cannot be signed: \(error).")
    }
  }

  /// Whether `key` signed this message for this purpose.
  static func isSigned(_ message: Sign1, _ type: String, by key: PublicKey) -> Bool {
    message.protected.elementsEqual(header(type, key)) && message.verify(with: key) != nil
  }
}
