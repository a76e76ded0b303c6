public import COSE
public import Primitives

/// The rules of an application: what a statement does to the state.
///
/// Every member runs `apply` over the same statements in the same order and must come to the same bytes. So nothing
/// in it may depend on the clock, randomness, hash-table order, floating point, locale or I/O, nor on anything
/// outside the log, and so not on an erasable document.
public protocol Contract {
  /// The name that the genesis carries, for example `traceability`.
  static var id: String { get }

  /// The versions of the rules that this program can run, oldest first. The ledger's configuration names the one in
  /// force; an upgrade is a change of the configuration.
  static var versions: ClosedRange<UInt64> { get }

  /// The families of keys that the contract writes.
  static var namespaces: [Namespace] { get }

  /// The rules as of `version`, with an empty derived index.
  init(version: UInt64)

  /// Carries out one authentic statement, or refuses it with a code. What was written before a refusal is undone.
  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal)

  /// Whether a key that is no member's may sign: a device's or an item's key that the state knows. The statement
  /// carries the key itself (CWT confirmation claim, RFC 8747); this decides whether it counts.
  ///
  /// A statement whose key does not count never enters the log, so a key that has lost its power is still recognized
  /// where its further attempts are to be on record: `apply` refuses them with a code. The core sees to it that no
  /// such statement names a member as its issuer; any other issuer is the key's own word, which `apply` checks.
  func recognizes(_ key: KeyID, _ context: Context, _ state: inout State) -> Bool

  /// Moves the state from the rules of `version` to these; runs once, at the end of the block that activates the
  /// change, and cannot refuse: a quorum has decided.
  ///
  /// The derived index is still empty: it is filled from the state as it was, and then fed what this changes.
  func migrate(from version: UInt64, _ state: inout State)

  /// Takes one change of a value into the derived index, if the contract keeps one: `old` is what the index was fed
  /// last for this key, `new` what there is now, nil standing for nothing. They may be equal.
  ///
  /// Called for the families in `indexedNamespaces` alone: with each value when a ledger opens, then after each
  /// statement that is carried out, and never for one that is refused. The index follows from the state alone, so
  /// `apply` may decide by it.
  mutating func index(_ key: StateKey, from old: [UInt8]?, to new: [UInt8]?)

  /// The families whose values `index` wants to see; the values of others are not read for it.
  static var indexedNamespaces: [Namespace] { get }

  /// A digest of the derived index in a form that does not depend on the order of the changes; nil without an index.
  /// An audit compares it with a fresh scan's.
  func indexDigest() -> Digest?

  /// Who may see a statement and the documents beside it, within what the ledger's access policy allows.
  func readers(of statement: Statement) -> Audience

  /// Who may see the value under a key, within what the ledger's access policy allows.
  func readers(of key: StateKey) -> Audience
}

extension Contract {
  /// No key but a member's signs.
  public func recognizes(_ key: KeyID, _ context: Context, _ state: inout State) -> Bool { false }
  /// Nothing moves.
  public func migrate(from version: UInt64, _ state: inout State) {}
  /// No derived index.
  public mutating func index(_ key: StateKey, from old: [UInt8]?, to new: [UInt8]?) {}
  /// No derived index.
  public static var indexedNamespaces: [Namespace] { [] }
  /// No derived index.
  public func indexDigest() -> Digest? { nil }
  /// Everyone whom the ledger's access policy lets read.
  public func readers(of statement: Statement) -> Audience { .everyone }
  /// Everyone whom the ledger's access policy lets read.
  public func readers(of key: StateKey) -> Audience { .everyone }
}

/// What a contract may know of the block it runs in; the same for every member.
public struct Context: Sendable {
  /// The block's time, milliseconds since 1970.
  public let time: UInt64
  /// The statement's place in the log.
  public internal(set) var index: UInt64
  /// The members, their keys and the quorum as of this block.
  public let configuration: Configuration
}

/// Why a contract does not carry out a statement: the statement stays on the log with this code.
public struct Refusal: Error, Sendable, Equatable {
  /// What the seal records: lower-case words joined by hyphens, at most 64 bytes, for example `double-financing`.
  public let code: String
  /// One sentence for the submitter; not on the log.
  public let message: Message

  /// A refusal. The code must follow from the log alone; the message may say more.
  public init(_ code: String, _ message: Message) {
    precondition(!code.isEmpty && code.utf8.count <= 64, "refusal codes have 1 to 64 bytes")
    self.code = code
    self.message = message
  }
}

/// Who may see something, always within what the ledger's access policy allows.
public enum Audience: Sendable, Equatable {
  /// Whoever the access policy lets read.
  case everyone
  /// Members and regulators.
  case members
  /// The members named, and regulators.
  case only(Set<String>)
}
