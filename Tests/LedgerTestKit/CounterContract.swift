public import COSE
public import Ledger
public import Primitives

/// A contract for tests and measurements: each statement keeps a record by its issuer and place, and counts its
/// subject; a payload that begins with `no` is refused after a write, `key` lets a key that is no member's sign.
public struct CounterContract: Contract {
  public static let id = "counter"
  public static let versions: ClosedRange<UInt64> = 1...2
  public static let records = Namespace(0x10, "records by issuer", identifiers: 1, ordered: true)
  public static let counts = Namespace(0x11, "counts by subject", identifiers: 1)
  public static let keys = Namespace(0x12, "keys that may sign", identifiers: 1)
  public static let namespaces = [records, counts, keys]
  public static let indexedNamespaces = [counts]

  /// The derived index: the sum of all counts.
  private var total: UInt64 = 0
  private let version: UInt64

  public init(version: UInt64) { self.version = version }

  public func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    state.set(
      CounterContract.records.key(.sha256(statement.issuer), order: context.index), Array(statement.payload.prefix(32)))
    if statement.payload.starts(with: Array("no".utf8)) { throw Refusal("said-no", "The payload says no.") }
    if statement.payload.starts(with: Array("key".utf8)) {
      state.set(CounterContract.keys.key(.sha256(Array(statement.payload.dropFirst(3)))), [1])
    }
    let key = CounterContract.counts.key(.sha256(statement.subject))
    var bytes: [UInt8] = []
    bytes.append(u64: CounterContract.number(state[key]) + 1)
    if statement.payload.starts(with: Array("gone".utf8)) { state.set(key, nil) } else { state.set(key, bytes) }
  }

  public func recognizes(_ key: KeyID, _ context: Context, _ state: inout State) -> Bool {
    state[CounterContract.keys.key(.sha256(key.bytes))] != nil
  }

  public func migrate(from version: UInt64, _ state: inout State) {
    state.set(CounterContract.counts.key(.sha256("migrated")), [UInt8(truncatingIfNeeded: self.version)])
  }

  public mutating func index(_ key: StateKey, from old: [UInt8]?, to new: [UInt8]?) {
    total = total &- CounterContract.number(old) &+ CounterContract.number(new)
  }

  public func indexDigest() -> Digest? {
    var bytes: [UInt8] = []
    bytes.append(u64: total)
    return .sha256(bytes)
  }

  private static func number(_ value: [UInt8]?) -> UInt64 { (value ?? []).reduce(0) { $0 << 8 | UInt64($1) } }
}
