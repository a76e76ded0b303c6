public import Primitives

/// What can go wrong with a ledger through no fault of the program: what, where, which limit, what to do.
public struct LedgerError: Error, Sendable, Equatable, Explained {
  /// What kind of thing went wrong, for programs.
  public enum Kind: String, Sendable {
    /// The input is not what it should be.
    case malformed
    /// Something is larger than its limit.
    case limit
    /// The statement is not authentic: unknown key, bad signature, outside the time window, reused id.
    case notAuthentic = "not-authentic"
    /// The contract did not carry the statement out.
    case refused
    /// What is stored is not what was stored.
    case damaged
    /// The folder, file or address is not there, cannot be written, or belongs to something else.
    case unavailable
    /// Another process has the folder.
    case busy
    /// Two members, or a member and the rules, disagree.
    case diverged
    /// A proof does not hold.
    case notProved = "not-proved"
    /// There is no such thing.
    case notFound = "not-found"
  }

  /// What kind of thing went wrong.
  public let kind: Kind
  /// One sentence for people: what happened, where, and what to do next.
  public let message: Message

  /// An error of the given kind with its sentence.
  public init(_ kind: Kind, _ message: Message) {
    self.kind = kind
    self.message = message
  }

  /// The sentence.
  public var explanation: Message { message }

  static func limit(_ what: Message, _ value: Int, _ limit: Int) -> LedgerError {
    LedgerError(.limit, "The \(what) has \(value) bytes or items, more than the limit of \(limit). Send less at once.")
  }
}
