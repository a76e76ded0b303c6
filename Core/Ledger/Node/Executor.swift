import COSE
import Merkle
import Primitives

/// What became of one statement.
public enum Outcome: Sendable, Equatable {
  /// In the log at `index` and carried out.
  case accepted(index: UInt64)
  /// In the log at `index` with the code, and without effect.
  case refused(index: UInt64, Refusal)
  /// The same statement has been in the log at `index` before: its first receipt is this one's.
  case duplicate(index: UInt64)
  /// Not authentic, so not in the log.
  case rejected(LedgerError)
}

/// Where the executor reads what is already stored. One connection, used by one thread.
protocol ExecutorBase {
  /// The folded value under a key.
  func value(_ key: StateKey) throws -> [UInt8]?
  /// The issuer, cti and id of a stored statement, and the time of its block.
  func statement(_ index: UInt64) throws -> (issuer: [UInt8], claimID: ClaimID, id: Digest, time: UInt64)?
}

/// The rules in motion: ordered statements in, sealed blocks out. No I/O of its own but reads through `base`; the
/// same for the node that sequences, the member that follows and the auditor.
///
/// Unchecked because its owner confines it to one thread at a time: the queue of its store's writer connection.
final class Executor: @unchecked Sendable {
  let genesis: Genesis
  let suite: ContractSuite
  private(set) var configuration: Configuration
  private(set) var configurationDigest: Digest
  private(set) var contract: any Contract
  /// Whether the contract's derived index is fed from the family with this number.
  private let isIndexed: [Bool]
  private(set) var tree: TileTree
  private(set) var height: UInt64
  private(set) var time: UInt64
  var map: PatriciaMap
  var replays: ReplayWindow
  let pending: PendingState
  var base: any ExecutorBase

  /// Keys of the map that stay in memory after a fold, at about 226 bytes each. Reading a subtree back when it is
  /// touched costs a statement more than its share of the fold: docs/decisions/0001-store.md has the figures.
  var residentKeys = 2_000_000

  /// The statements of blocks that are executed and not yet readable through `base`, the current block's last.
  private var unstored: [(first: UInt64, statements: [Statement])] = []
  /// The current block's values, by key.
  private var overlay: [StateKey: WriteSet.Write] = [:]
  private var order: [StateKey] = []
  /// The members' statement keys in force.
  private(set) var keys: [KeyID: PublicKey] = [:]
  /// The UTF-8 bytes of the name of each key's member.
  private var owners: [KeyID: [UInt8]] = [:]
  /// The UTF-8 bytes of the members' names.
  private var names: Set<ArraySlice<UInt8>> = []

  init(
    genesis: Genesis, suite: ContractSuite, configuration: Configuration, contractVersion: UInt64, tree: TileTree,
    height: UInt64, time: UInt64, map: PatriciaMap, replays: ReplayWindow, pending: PendingState,
    base: any ExecutorBase
  ) throws(LedgerError) {
    self.genesis = genesis
    self.suite = suite
    self.configuration = configuration
    configurationDigest = configuration.digest
    contract = try suite.contract(version: contractVersion)
    let indexed = Set(suite.indexedNamespaces.map(\.id))
    isIndexed = (0...255).map { indexed.contains(UInt8($0)) }
    self.tree = tree
    self.height = height
    self.time = time
    self.map = map
    self.replays = replays
    self.pending = pending
    self.base = base
    takeKeys()
  }

  private func takeKeys() {
    keys = [:]
    owners = [:]
    names = Set(configuration.members.map { Array($0.name.utf8)[...] })
    for member in configuration.members {
      for key in member.statementKeys {
        keys[key.key.id] = key.key
        owners[key.key.id] = Array(member.name.utf8)
      }
    }
  }

  // MARK: Blocks

  /// Runs statements in order as the next block.
  ///
  /// - Parameter time: the block's time; later than the block before.
  /// - Returns: the block, nil when nothing of it is authentic, and what became of each statement.
  func run(_ statements: [Statement], time blockTime: UInt64) throws -> (block: Block?, outcomes: [Outcome]) {
    precondition(blockTime > time, "block times rise")
    let first = tree.size
    var outcomes: [Outcome] = []
    outcomes.reserveCapacity(statements.count)
    var entries: [[UInt8]] = []
    entries.reserveCapacity(statements.count + 1)
    var ids: [UInt8] = []
    ids.reserveCapacity(statements.count * 16)
    var tiles: [(tile: TileID, bytes: [UInt8])] = []
    var refused: [Seal.Outcome] = []
    var next: Configuration?
    var state = State(base: self)
    var context = Context(time: blockTime, index: first, configuration: configuration)
    unstored.append((first, []))
    let current = unstored.count - 1
    unstored[current].statements.reserveCapacity(statements.count)
    defer {
      overlay.removeAll(keepingCapacity: true)
      order.removeAll(keepingCapacity: true)
    }

    for statement in statements {
      let index = first + UInt64(entries.count)
      context.index = index
      let replayPrefix = statement.replayPrefix
      if let outcome = try notAdmitted(statement, replayPrefix, context, &state) {
        outcomes.append(outcome)
        continue
      }
      state.reset()
      do {
        if Membership.handles(statement.contentType) {
          if let configuration = try Membership.apply(statement, context, &state) { next = configuration }
        } else {
          try contract.apply(statement, context, &state)
        }
        if let failure = state.failure { throw failure }
        outcomes.append(.accepted(index: index))
        if !state.writes.isEmpty { try take(state.writes, by: statement.entry) }
      } catch let refusal as Refusal {
        if let failure = state.failure { throw failure }
        outcomes.append(.refused(index: index, refusal))
        refused.append(Seal.Outcome(offset: index - first, code: refusal.code))
      }
      tree.append(TreeHash.leaf(statement.entry)) { tiles.append(($0.id, $0.bytes)) }
      entries.append(statement.entry)
      ids.append(u64: replayPrefix)
      ids.append(u64: statement.id.prefix64)
      replays.insert(replayPrefix, index)
      unstored[current].statements.append(statement)
    }
    if entries.isEmpty { return (nil, outcomes) }

    if let next { try activate(next, by: entries[entries.count - 1], time: blockTime, &state) }
    let writes = WriteSet(order.compactMap { overlay[$0] })
    try map.apply(writes.changes)
    height += 1
    time = blockTime
    pending.merge(writes, height: height)
    let seal = Seal(
      height: height, first: first, time: blockTime, stateRoot: map.root, refused: refused,
      contractVersion: configuration.contractVersion, epoch: configuration.epoch, configuration: configurationDigest)
    entries.append(seal.encoded())
    tree.append(TreeHash.leaf(entries[entries.count - 1])) { tiles.append(($0.id, $0.bytes)) }
    let block = Block(
      seal: seal, entries: entries, ids: ids, writes: writes, tiles: tiles, size: tree.size, root: tree.root)
    return (block, outcomes)
  }

  /// The blocks so far can be read through `base`.
  func stored() {
    unstored.removeAll(keepingCapacity: true)
  }

  /// Whether an entry is the one statement that used (iss, cti), for duplicates of statements being sealed.
  private func first(_ statement: Statement, _ replayPrefix: UInt64, now: UInt64) throws -> (index: UInt64, same: Bool)?
  {
    var same = false
    let place = try replays.place(replayPrefix) { index in
      if let block = unstored.last(where: { $0.first <= index }) {
        let earlier = block.statements[Int(index - block.first)]
        guard earlier.header.issuerBytes == statement.header.issuerBytes,
          earlier.header.claimID == statement.header.claimID
        else { return false }
        same = earlier.id == statement.id
        return true
      }
      guard let earlier = try base.statement(index), earlier.time + ReplayWindow.length > now,
        earlier.issuer[...] == statement.header.issuerBytes, earlier.claimID == statement.header.claimID
      else { return false }
      same = earlier.id == statement.id
      return true
    }
    return place.map { ($0, same) }
  }

  /// Why a statement does not enter the log, or nil when it does.
  private func notAdmitted(
    _ statement: Statement, _ replayPrefix: UInt64, _ context: Context, _ state: inout State
  ) throws -> Outcome? {
    let now = context.time
    // A seal that another node made can carry any time.
    guard statement.issuedAt <= now || statement.issuedAt - now <= Limits.clockSkewMs,
      statement.issuedAt &+ Limits.statementAgeMs > now
    else {
      return .rejected(
        LedgerError(
          .notAuthentic,
          "The statement is dated \(Timestamp.text(statement.issuedAt)), outside the window from 24 hours before to "
            + "120 seconds after the ledger's time \(Timestamp.text(now)). Check the clock and sign it anew."))
    }
    if let (index, same) = try first(statement, replayPrefix, now: now) {
      if same { return .duplicate(index: index) }
      return .rejected(
        LedgerError(
          .notAuthentic,
          "The issuer '\(statement.issuer)' has used the id (cti) of this statement for entry \(index). Use a new one.")
      )
    }
    guard configuration.algorithms.contains(statement.key.algorithm) else {
      return .rejected(
        LedgerError(.notAuthentic, "This ledger does not accept the algorithm \(statement.key.algorithm)."))
    }
    if let owner = owners[statement.key.id] {
      guard owner[...] == statement.header.issuerBytes else {
        return .rejected(
          LedgerError(
            .notAuthentic, "The key \(statement.key.id) is not one of the issuer '\(statement.issuer)'."))
      }
      return nil
    }
    // A key that the contract recognizes speaks for itself only: not as a member, and not with a member's ids.
    guard !names.contains(statement.header.issuerBytes) else {
      return .rejected(
        LedgerError(
          .notAuthentic,
          "The key \(statement.key.id) is not one of the issuer '\(statement.issuer)', which is a member's name."))
    }
    state.reset()
    let recognized = contract.recognizes(statement.key.id, context, &state)
    if let failure = state.failure { throw failure }
    return recognized
      ? nil
      : .rejected(
        LedgerError(
          .notAuthentic, "The key \(statement.key.id) is unknown or revoked. Register it, or sign with a member's key.")
      )
  }

  /// Takes the writes of an accepted statement into the block, with blinds that follow from its entry.
  private func take(_ writes: [(key: StateKey, value: [UInt8]?)], by entry: [UInt8]) throws {
    let blinder = StateValue.blinder(entry: entry)
    for (key, value) in writes {
      let blind = value == nil ? Blind.none : StateValue.blind(blinder, key: key)
      if let family = key.bytes.first, isIndexed[Int(family)] {
        contract.index(key, from: try self.value(key), to: value)
      }
      if overlay.updateValue(WriteSet.Write(key: key, value: value, blind: blind), forKey: key) == nil {
        order.append(key)
      }
    }
  }

  /// Puts the next configuration into force with the seal of this block.
  private func activate(_ next: Configuration, by entry: [UInt8], time: UInt64, _ state: inout State) throws {
    if next.contractVersion != configuration.contractVersion {
      var upgraded = try suite.contract(version: next.contractVersion)
      state.reset()
      upgraded.migrate(from: configuration.contractVersion, &state)
      if let failure = state.failure { throw failure }
      let writes = state.writes
      try fillIndex(of: &upgraded)
      contract = upgraded
      try take(writes, by: entry)
    }
    configuration = next
    configurationDigest = next.digest
    takeKeys()
  }

  /// Rebuilds a contract's derived index from a scan of the state.
  func fillIndex(of contract: inout any Contract) throws {
    for namespace in suite.indexedNamespaces {
      for (key, value) in try list(namespace.prefix()) { contract.index(key, from: nil, to: value) }
    }
  }

  /// Rebuilds the derived index of the contract in force; once, when a ledger opens.
  func fillIndex() throws { try fillIndex(of: &contract) }

  /// The derived index's digest, and that of one rebuilt from a scan.
  func indexDigests() throws -> (kept: Digest?, scanned: Digest?) {
    var fresh = try suite.contract(version: configuration.contractVersion)
    try fillIndex(of: &fresh)
    return (contract.indexDigest(), fresh.indexDigest())
  }
}

extension Executor: StateSource {
  func value(_ key: StateKey) throws -> [UInt8]? {
    if let write = overlay[key] { return write.value }
    if let version = pending.latest(key) { return version.value }
    return try base.value(key)
  }

  func list(_ prefix: StatePrefix) throws -> [(key: StateKey, value: [UInt8])] {
    var keys = try map.scan(prefix: prefix.bytes).map { StateKey(bytes: $0.key) }
    let written = order.filter { $0.bytes.starts(with: prefix.bytes) }
    if !written.isEmpty { keys = Array(Set(keys).union(written)) }
    return try keys.sorted().compactMap { key in try value(key).map { (key: key, value: $0) } }
  }
}
