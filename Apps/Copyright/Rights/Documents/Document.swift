package import CBOR
package import COSE
package import Ledger
internal import Primitives

/// The payload of one kind of statement: a deterministic CBOR map with the keys 1, 2, … in order.
package protocol RightsDocument: Sendable, Equatable {
  /// The kind's name: it makes the content type, and begins the code of a refusal for its form.
  static var kind: String { get }
  /// What the statement is about.
  var subject: String { get }
  /// The payload.
  func encoded() -> [UInt8]
  /// Reads what `encoded` writes and nothing else.
  init(decoding bytes: ArraySlice<UInt8>) throws(CBORError)
}

extension RightsDocument {
  /// `application/vnd.tallystick.<kind>+cbor`.
  package static var contentType: String { "application/vnd.tallystick.\(kind)+cbor" }

  /// The document as a statement of a member; `time` is in milliseconds since 1970.
  package func statement(
    issuer: String, time: UInt64, claimID: ClaimID, key: PrivateKey
  ) throws(LedgerError) -> Statement {
    try .sign(
      payload: encoded(), contentType: Self.contentType, issuer: issuer, subject: subject, time: time, claimID: claimID,
      key: key)
  }

  /// Reads a statement's payload, or refuses it as `<kind>-malformed`, or as `subject-mismatch`.
  static func read(_ statement: Statement) throws(Refusal) -> Self {
    let document: Self
    do { document = try Self(decoding: statement.payload) } catch {
      throw Refusal("\(kind)-malformed", "The payload cannot be read: \(error).")
    }
    guard statement.subject == document.subject else {
      throw Refusal("subject-mismatch", "The statement is not about what its payload is about.")
    }
    return document
  }
}

/// The bounds of texts in documents.
enum TextBounds {
  /// A work's id.
  static let work = 1...128
  /// A title, a place, a reason.
  static let line = 1...256
}
