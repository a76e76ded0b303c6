internal import COSE
internal import HTTPTypes
public import Ledger
public import Primitives

/// Signs statements for the member whose node this is, from documents that its own people and systems post.
///
/// The node holds the member's statement key; a token of the role `.member` with the member's own name lets its holder
/// have documents signed. Nobody else's token does.
public struct MemberSigner: Sendable {
  /// The member's keys.
  public let keys: MemberKeys
  /// Where statements get their time from.
  public let clock: any WallClock

  /// A signer with a member's keys; the clock gives statements their time.
  public init(keys: MemberKeys, clock: any WallClock) {
    self.keys = keys
    self.clock = clock
  }

  /// The member that signs.
  public var member: String { keys.name }

  /// Throws 401 without a token and 403 for any but a token of this very member.
  public func authorize(_ caller: Caller?) throws(Problem) {
    guard let caller else {
      throw .tokenNeeded("Only \(keys.name) has documents signed here. Send its token: Authorization: Bearer ts_…")
    }
    guard caller.role == .member, caller.name == keys.name else {
      throw Problem(
        .forbidden, code: "not-this-member",
        "This is the node of \(keys.name); it signs nothing for \(caller.name). Use your own member's node.")
    }
  }

  /// A signed statement that carries the document's own bytes, with a fresh claim id.
  ///
  /// - Parameter time: milliseconds since 1970; nil for now.
  /// - Throws: `Problem` for the caller, also when the statement is beyond its limits.
  public func statement(
    _ document: [UInt8], contentType: String, subject: String, for caller: Caller?, time: UInt64? = nil
  ) throws(Problem) -> Statement {
    try authorize(caller)
    do throws(LedgerError) {
      return try Statement.sign(
        payload: document, contentType: contentType, issuer: keys.name, subject: subject, time: time ?? clock.now(),
        claimID: .random(), key: keys.statement)
    } catch { throw Problem(error) }
  }

  /// A signed hash envelope (RFC 9995) with a fresh claim id and salt; the document and the salt stay beside the log.
  public func envelope(
    of document: [UInt8], contentType: String, subject: String, for caller: Caller?, time: UInt64? = nil
  ) throws(Problem) -> (statement: Statement, salt: [UInt8]) {
    try authorize(caller)
    var generator = SystemRandomNumberGenerator()
    let salt = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    do throws(LedgerError) {
      let statement = try Statement.sign(
        envelopeOf: document, salt: salt, contentType: contentType, issuer: keys.name, subject: subject,
        time: time ?? clock.now(), claimID: .random(), key: keys.statement)
      return (statement, salt)
    } catch { throw Problem(error) }
  }
}
