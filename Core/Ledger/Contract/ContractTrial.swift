/// A contract over a state in memory: for tests, simulations and previews, without a log, a store or co-signatures.
///
/// What a statement writes is kept when it is carried out and undone when it is refused, as on a ledger. The caller
/// sees to the order, the times and the signatures.
public final class ContractTrial {
  /// The rules.
  public private(set) var contract: any Contract
  /// The members as of now.
  public let configuration: Configuration
  /// The place that the next statement gets.
  public private(set) var index: UInt64 = 1
  private let source = MemorySource()

  /// A contract with an empty state.
  public init(_ contract: any Contract, _ configuration: Configuration) {
    (self.contract, self.configuration) = (contract, configuration)
  }

  /// Applies a statement at a time (milliseconds since 1970); gives its place, or throws the refusal.
  @discardableResult
  public func apply(_ statement: Statement, time: UInt64) throws -> UInt64 {
    let place = index
    index += 1
    let context = Context(time: time, index: place, configuration: configuration)
    try change { state throws(Refusal) in try contract.apply(statement, context, &state) }
    return place
  }

  /// Changes the state by other means than a statement; what is written before an error is undone.
  public func change<Result, Failure: Error>(_ body: (inout State) throws(Failure) -> Result) throws -> Result {
    var state = State(base: source)
    let result = try body(&state)
    if let failure = state.failure { throw failure }
    let indexed = Set(type(of: contract).indexedNamespaces.map(\.id))
    for (key, value) in state.writes {
      if let family = key.bytes.first, indexed.contains(family) {
        contract.index(key, from: source.values[key], to: value)
      }
      source.values[key] = value
    }
    return result
  }

  /// Reads the state without changing it.
  public func read<Result, Failure: Error>(_ body: (inout State) throws(Failure) -> Result) throws(Failure) -> Result {
    var state = State(base: source)
    return try body(&state)
  }

  /// Every pair of the state, in order of the keys; a copy.
  public var pairs: [(key: StateKey, value: [UInt8])] {
    source.values.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
  }
}

/// A state in memory.
private final class MemorySource: StateSource {
  var values: [StateKey: [UInt8]] = [:]

  func value(_ key: StateKey) -> [UInt8]? { values[key] }

  func list(_ prefix: StatePrefix) -> [(key: StateKey, value: [UInt8])] {
    values.filter { $0.key.bytes.starts(with: prefix.bytes) }.map { (key: $0.key, value: $0.value) }
  }
}
