package import CBOR
package import COSE
package import Ledger
package import Primitives

/// The payload of one kind of statement: a deterministic CBOR map with the keys 1, 2, …
package protocol Document: Fields {
  /// The kind's name: it makes the content type and the code of a payload that cannot be read.
  static var kind: String { get }
}

extension Document {
  /// `application/vnd.tallystick.<kind>+cbor`.
  package static var contentType: String { "application/vnd.tallystick.\(kind)+cbor" }

  /// The document as a statement of a member, or of a key that the ledger has admitted.
  ///
  /// - Parameters:
  ///   - time: milliseconds since 1970.
  ///   - carryingKey: for keys that are no member's: desks' and holders' keys.
  package func statement(
    issuer: String, subject: String, time: UInt64, claimID: ClaimID, key: PrivateKey, carryingKey: Bool = false
  ) throws(LedgerError) -> Statement {
    try .sign(
      payload: encoded(), contentType: Self.contentType, issuer: issuer, subject: subject, time: time, claimID: claimID,
      key: key, carryingKey: carryingKey)
  }

  static func read(_ statement: Statement) throws(Refusal) -> Self {
    do { return try Self(decoding: statement.payload) } catch {
      throw Refusal("document-malformed", "The payload of the \(kind) cannot be read: \(error).")
    }
  }
}

/// A field that some members must not see: a salted commitment, and the plain text encrypted to its readers.
///
/// No guard depends on it. The ciphertext is whatever the sealing library makes of the plain text and the readers' keys;
/// the ledger carries it, at most 2,048 bytes.
package struct Sealed: Fields {
  /// SHA-256(salt32 ‖ plain text).
  package var commitment = Digest()
  /// The plain text and its salt, encrypted to the readers; empty when they have it by another way.
  package var ciphertext: [UInt8] = []

  package init() {}

  /// A commitment to a plain text.
  ///
  /// - Parameter salt: 32 bytes that only the readers learn.
  package init(_ plain: [UInt8], salt: [UInt8], ciphertext: [UInt8] = []) {
    commitment = HashEnvelope.digest(salt: salt, document: plain)
    self.ciphertext = ciphertext
  }

  /// Whether it commits to a plain text with a salt.
  package func commits(to plain: [UInt8], salt: [UInt8]) -> Bool {
    salt.count == HashEnvelope.saltBytes && HashEnvelope.digest(salt: salt, document: plain) == commitment
  }

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&commitment)
    try coder.bytes(&ciphertext, 0...2_048)
  }
}

extension Fields {
  /// A blank one with its fields set.
  package init(_ set: (inout Self) -> Void) {
    self.init()
    set(&self)
  }
}
