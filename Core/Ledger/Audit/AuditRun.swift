import COSE
import GRDB
import Merkle
import Primitives
import Synchronization

/// One audit under way: an executor over a scratch store, compared block by block with what is stored.
///
/// Unchecked because everything but the constants is used on the scratch store's writer queue, one call at a time.
final class AuditRun: @unchecked Sendable {
  private let store: Store
  private let scratch: Store
  private let executor: Executor
  private let meta: StoredMeta
  private let checkpoints: [UInt64: StoredCheckpoint]
  private let known: Mutex<[KeyID: PublicKey]>
  private var statements: [Statement] = []
  private var checked: Set<UInt64> = []
  private var tiles: UInt64 = 0
  /// The epochs whose links have been compared.
  private var linked: Set<UInt64> = []
  /// Every co-signature key that the members have had.
  private var cosigners: [String: [VerifierKey]] = [:]
  private var policy: TrustPolicy

  init(store: Store, suite: ContractSuite, scratch path: String) async throws {
    self.store = store
    let scratch = try Store(path: path, scratch: true)
    self.scratch = scratch
    let genesis = try await store.pool.read { try Opening.genesis($0, store) }
    try Opening.found(scratch, genesis: genesis)
    executor = try await scratch.pool.writeWithoutTransaction { db in
      Confined(try Opening.executor(scratch, suite: suite, db: db))
    }.value
    (meta, checkpoints) = try await store.pool.read { db in (try StoredMeta(db), try StoredCheckpoint.all(db)) }
    policy = try executor.configuration.policy(origin: genesis.origin)
    known = Mutex(executor.keys)
    let executor = executor
    try await scratch.pool.writeWithoutTransaction { db in
      executor.base = try AuditBase(db, store)
    }
    remember(policy)
  }

  private func remember(_ policy: TrustPolicy) {
    for witness in policy.witnesses where !(cosigners[witness.name.description] ?? []).contains(witness.key) {
      cosigners[witness.name.description, default: []].append(witness.key)
    }
  }

  var keys: @Sendable () -> [KeyID: PublicKey] { { [self] in known.withLock { $0 } } }
  /// What is wrong in the ledger's notes whatever the log says.
  var metaFaults: [AuditReport.Fault] { meta.faults }
  /// Statements that no seal has followed yet.
  var unsealed: Int { statements.count }
  var height: UInt64 { executor.height }
  var size: UInt64 { executor.tree.size }
  var root: Digest { executor.tree.root }
  var stateRoot: Digest { executor.map.root }

  func close() async {
    let executor = executor
    try? await scratch.pool.writeWithoutTransaction { _ in executor.base = ClosedBase() }
    scratch.close()
  }

  /// Executes the entries and compares the blocks that they complete; gives what differs.
  func take(
    _ entries: [[UInt8]], _ verifications: [Verification], from: UInt64
  ) async throws -> [AuditReport.Fault] {
    try await scratch.pool.writeWithoutTransaction { [self] db in
      var index = from
      for (entry, verification) in zip(entries, verifications) {
        defer { index += 1 }
        if Seal.isSeal(entry[...]) {
          let faults = try block(entry, at: index, db)
          if !faults.isEmpty { return faults }
          continue
        }
        var verification = verification
        if case .unknownKey = verification { verification = Statement.verify(entry, keys: executor.keys) }
        switch verification {
        case .authentic(let statement): statements.append(statement)
        case .invalid(let error): return [fault("The entry is not authentic: \(error.message)", "entry \(index)")]
        case .unknownKey(let id):
          return [fault("The entry is signed by \(id), which was no member's key at this place.", "entry \(index)")]
        }
      }
      return []
    }
  }

  private func fault(_ what: String, _ place: String) -> AuditReport.Fault {
    AuditReport.Fault(what: what, place: place)
  }

  private func block(_ entry: [UInt8], at index: UInt64, _ db: Database) throws -> [AuditReport.Fault] {
    let seal: Seal
    do { seal = try Seal(decoding: entry[...]) } catch { return [fault(error.message, "entry \(index)")] }
    let epoch = executor.configuration.epoch
    let block: Block
    do {
      block = try executor.rerun(statements, sealed: seal, entry: entry)
    } catch let error as LedgerError where error.kind == .diverged {
      return [fault(error.message, "entry \(index)")]
    }
    statements.removeAll(keepingCapacity: true)
    executor.stored()
    let keys = executor.keys
    known.withLock { $0 = keys }
    var faults = try compare(block)
    faults += try checkpoint(block, activates: executor.configuration.epoch != epoch)
    if executor.height == meta.foldHeight {
      try executor.fold(db, into: scratch, map: executor.map, height: executor.height)
      faults += try StateComparison.run(stored: store, recomputed: scratch, height: executor.height)
    } else if executor.isFoldDue(after: StoreTuning().foldAfter) {
      try executor.fold(db, into: scratch, map: executor.map, height: executor.height)
    }
    return faults
  }

  /// The checkpoint over a block, if there is one, and the link to it when the block activates a configuration.
  private func checkpoint(_ block: Block, activates: Bool) throws -> [AuditReport.Fault] {
    let outgoing = policy
    if activates {
      policy = try executor.configuration.policy(origin: executor.genesis.origin)
      remember(policy)
    }
    let stored = checkpoints[block.size]
    var faults: [AuditReport.Fault] = []
    if let stored {
      checked.insert(block.size)
      let quorum = Quorum(
        origin: executor.genesis.origin, current: policy, outgoing: activates ? outgoing : nil)
      if let fault = stored.fault(size: block.size, root: block.root, quorum: quorum) { faults.append(fault) }
    }
    if activates {
      let epoch = block.seal.epoch
      linked.insert(epoch)
      if meta.links[epoch] != (stored?.final == 1 ? block.size : nil) {
        faults.append(StoredMeta.fault("link-\(epoch)", "It does not name the checkpoint of its configuration."))
      }
    }
    return faults
  }

  /// The block of the genesis, which no seal ends.
  func genesisFaults() async throws -> [AuditReport.Fault] {
    @Sendable func row(_ db: Database) throws -> [[UInt8]] {
      let row = try SQL(db, "SELECT first, size, time, ids, writes FROM block WHERE height = 0").bind()
      defer { row.reset() }
      return try row.next() ? (0..<5).map { row.bytes($0) } : []
    }
    let stored = try await store.pool.read { try row($0) }
    let due = try await scratch.pool.read { try row($0) }
    return stored == due ? [] : [fault("The block's row is not what the genesis says.", "block 0")]
  }

  /// The stored rows of a block against the recomputed ones.
  private func compare(_ block: Block) throws -> [AuditReport.Fault] {
    try store.pool.read { db in
      var faults: [AuditReport.Fault] = []
      let height = block.seal.height
      let row = try SQL(db, "SELECT first, size, time, ids, writes FROM block WHERE height = ?").bind(.number(height))
      defer { row.reset() }
      guard try row.next() else { return [fault("The block's row is missing.", "block \(height)")] }
      if row.number(0) != block.seal.first || row.number(1) != block.size || row.number(2) != block.seal.time {
        faults.append(fault("The block's row does not say what its seal says.", "block \(height)"))
      }
      if row.bytes(3) != block.ids {
        faults.append(fault("The block's statement ids are not those of its entries.", "block \(height) ids"))
      }
      if row.bytes(4) != block.writes.encoded() {
        faults.append(fault("The block's writes are not what its statements write.", "block \(height) state writes"))
      }
      for (tile, bytes) in block.tiles {
        tiles += 1
        let stored = try SQL(db, "SELECT bytes FROM tile WHERE place = ?")
          .bind(.number(Store.tilePlace(tile.level, tile.index)))
        defer { stored.reset() }
        guard try stored.next(), stored.bytes(0) == bytes else {
          faults.append(fault("The hash tile is not that of the entries.", tile.path))
          continue
        }
      }
      return faults
    }
  }

  /// What only the whole log shows.
  func finish(_ report: inout AuditReport) async throws -> [AuditReport.Fault] {
    report.checkpoints = checked.count
    let sound = report.faults.isEmpty
    return try await scratch.pool.writeWithoutTransaction { [self] _ in
      guard sound else { return [] }
      var faults: [AuditReport.Fault] = []
      for size in checkpoints.keys.sorted() where !checked.contains(size) {
        faults.append(fault("The checkpoint is for a size at which no block ends.", "checkpoint \(size)"))
      }
      for epoch in meta.links.keys.sorted() where !linked.contains(epoch) {
        faults.append(StoredMeta.fault("link-\(epoch)", "The log has no such configuration."))
      }
      if let foldHeight = meta.foldHeight, foldHeight > executor.height {
        faults.append(StoredMeta.fault(Store.foldHeightName, "The log has no block \(foldHeight)."))
      }
      faults += try store.pool.read { db in
        try blockFaults(db) + tileFaults(db)
          + EvidenceChecks.faults(
            db, origin: executor.genesis.origin, size: size, keys: cosigners,
            tiles: StoredTiles(db: db, edge: executor.tree))
      }
      let index = try executor.indexDigests()
      if index.kept != index.scanned {
        faults.append(fault("The contract's derived index is not that of a scan of the state.", "index"))
      }
      return faults
    }
  }

  /// Rows of blocks that the log has not.
  private func blockFaults(_ db: Database) throws -> [AuditReport.Fault] {
    let rows = try SQL(db, "SELECT height FROM block WHERE height < 0 OR height > ? ORDER BY height")
      .bind(.number(executor.height))
    var faults: [AuditReport.Fault] = []
    while try rows.next(), faults.count < Auditor.faultLimit {
      let height = rows.number(0)
      faults.append(
        height == executor.height + 1
          ? fault("The log ends where block \(height) should begin.", "entry \(size)")
          : fault("The log has no such block.", "block \(height)"))
    }
    rows.reset()
    return faults
  }

  /// Hash tiles that the log has not; those that it has were compared with their blocks.
  private func tileFaults(_ db: Database) throws -> [AuditReport.Fault] {
    let count = try SQL(db, "SELECT count(*) FROM tile").bind()
    defer { count.reset() }
    guard try count.next(), count.number(0) != tiles else { return [] }
    return [fault("There are \(count.number(0)) hash tiles where \(tiles) belong.", "tiles")]
  }
}

/// Carries a value that stays on one queue across a boundary that asks for Sendable.
struct Confined<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// State out of the scratch store, earlier statements out of the audited one.
private final class AuditBase: ExecutorBase {
  private let state: StoredBase
  private let store: Store

  init(_ db: Database, _ store: Store) throws {
    state = try StoredBase(db)
    self.store = store
  }

  func value(_ key: StateKey) throws -> [UInt8]? { try state.value(key) }

  func statement(_ index: UInt64) throws -> (issuer: [UInt8], claimID: ClaimID, id: Digest, time: UInt64)? {
    try store.pool.read { try StoredBase($0).statement(index) }
  }
}
