import COSE
import GRDB
import Merkle
import Primitives
import Synchronization

/// One audit under way: the rules executed again, compared block by block with what is stored.
///
/// Unchecked because everything but the constants is used while the state performs, one call at a time.
final class AuditRun: @unchecked Sendable {
  private let store: Store
  private let state: any AuditState
  private let genesis: Genesis
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
  /// Every log key that they have had.
  private var logs: [VerifierKey] = []
  private var policy: TrustPolicy

  init(store: Store, suite: ContractSuite, memoryKeys: Int, scratch path: String) async throws {
    self.store = store
    let genesis = try await store.pool.read { try Opening.genesis($0, store) }
    self.genesis = genesis
    if try await store.pool.read({ try Store.keysAtMost($0) }) <= memoryKeys {
      state = try await store.pool.read { try MemoryState(store, genesis, suite: suite, db: $0) }
    } else {
      state = try await ScratchState(store, genesis, suite: suite, memoryKeys: memoryKeys, path: path)
    }
    (meta, checkpoints) = try await store.pool.read { db in (try StoredMeta(db), try StoredCheckpoint.all(db)) }
    policy = try genesis.configuration.policy(origin: genesis.origin)
    standing = try await state.perform { executor, _ in Standing(executor) }
    known = Mutex(try await state.perform { executor, _ in executor.keys })
    remember(policy)
  }

  private func remember(_ policy: TrustPolicy) {
    for log in policy.logs where !logs.contains(log.key) { logs.append(log.key) }
    for witness in policy.witnesses where !(cosigners[witness.name.description] ?? []).contains(witness.key) {
      cosigners[witness.name.description, default: []].append(witness.key)
    }
  }

  var keys: @Sendable () -> [KeyID: PublicKey] { { [self] in known.withLock { $0 } } }
  /// What is wrong in the ledger's notes whatever the log says.
  var metaFaults: [AuditReport.Fault] { meta.faults }
  /// Statements that no seal has followed yet.
  var unsealed: Int { statements.count }
  /// How far the audit is.
  private(set) var standing: Standing

  /// The executor's heights and roots between two calls.
  struct Standing: Sendable {
    let height: UInt64
    let size: UInt64
    let root: Digest
    let stateRoot: Digest

    init(_ executor: Executor) {
      height = executor.height
      size = executor.tree.size
      root = executor.tree.root
      stateRoot = executor.map.root
    }
  }

  func close() async { await state.close() }

  /// Executes the entries and compares the blocks that they complete; gives what differs.
  func take(
    _ entries: [[UInt8]], _ verifications: [Verification], from: UInt64
  ) async throws -> [AuditReport.Fault] {
    try await state.perform { [self] executor, db in
      defer { standing = Standing(executor) }
      var index = from
      for (entry, verification) in zip(entries, verifications) {
        defer { index += 1 }
        if Seal.isSeal(entry[...]) {
          let faults = try block(entry, at: index, executor, db)
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

  private func fault(_ what: Message, _ place: Message) -> AuditReport.Fault {
    AuditReport.Fault(what: what, place: place)
  }

  private func block(
    _ entry: [UInt8], at index: UInt64, _ executor: Executor, _ db: Database
  ) throws -> [AuditReport.Fault] {
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
    var faults = try compare(block, db)
    faults += try checkpoint(block, executor.configuration, activates: executor.configuration.epoch != epoch)
    if executor.height == meta.foldHeight {
      faults += try StateComparison.run(db, map: executor.map, height: executor.height)
    }
    if faults.isEmpty { try state.took(block, executor) }
    // A seal gives its block's time, so a changed one is executed without complaint: where the row and the checkpoint
    // both say otherwise, it is the seal.
    if faults.contains(where: { $0.place == "block \(seal.height)" }), contradicts(block) {
      faults.insert(fault("The seal is not the one that the checkpoint was signed over.", "entry \(index)"), at: 0)
    }
    return faults
  }

  /// Whether the checkpoint over a block names another root than the block has.
  private func contradicts(_ block: Block) -> Bool {
    guard let stored = checkpoints[block.size], let note = try? SignedNote(parsing: stored.note),
      let checkpoint = try? Checkpoint(note)
    else { return false }
    return checkpoint.root != block.root
  }

  /// The checkpoint over a block, if there is one, and the link to it when the block activates a configuration.
  private func checkpoint(
    _ block: Block, _ configuration: Configuration, activates: Bool
  ) throws -> [AuditReport.Fault] {
    let outgoing = policy
    if activates {
      policy = try configuration.policy(origin: genesis.origin)
      remember(policy)
    }
    let stored = checkpoints[block.size]
    var faults: [AuditReport.Fault] = []
    if let stored {
      checked.insert(block.size)
      let quorum = Quorum(
        origin: genesis.origin, current: policy, outgoing: activates ? outgoing : nil)
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
    let genesis = genesis
    let isSound = try await store.pool.read { db in
      let row = try SQL(db, "SELECT first, size, time, ids, writes FROM block WHERE height = 0").bind()
      defer { row.reset() }
      return try row.next() && row.number(0) == 0 && row.number(1) == 1 && row.number(2) == genesis.time
        && row.bytes(3).isEmpty && row.bytes(4) == Opening.writes(of: genesis).encoded()
    }
    return isSound ? [] : [fault("The block's row is not what the genesis says.", "block 0")]
  }

  /// The stored rows of a block against the recomputed ones.
  private func compare(_ block: Block, _ db: Database) throws -> [AuditReport.Fault] {
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
        faults.append(fault("The hash tile is not that of the entries.", "\(tile.path)"))
        continue
      }
    }
    return faults
  }

  /// What only the whole log shows.
  func finish(_ report: inout AuditReport) async throws -> [AuditReport.Fault] {
    report.checkpoints = checked.count
    let sound = report.faults.isEmpty
    return try await state.perform { [self] executor, db in
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
      faults += try blockFaults(db, executor) + tileFaults(db)
      faults += try EvidenceChecks.faults(
        db, origin: genesis.origin, size: executor.tree.size, keys: cosigners, logs: logs,
        tiles: StoredTiles(db: db, edge: executor.tree))
      let index = try executor.indexDigests()
      if index.kept != index.scanned {
        faults.append(fault("The contract's derived index is not that of a scan of the state.", "index"))
      }
      return faults
    }
  }

  /// Rows of blocks that the log has not.
  private func blockFaults(_ db: Database, _ executor: Executor) throws -> [AuditReport.Fault] {
    let rows = try SQL(db, "SELECT height FROM block WHERE height < 0 OR height > ? ORDER BY height")
      .bind(.number(executor.height))
    var faults: [AuditReport.Fault] = []
    while try rows.next(), faults.count < Auditor.faultLimit {
      let height = rows.number(0)
      faults.append(
        height == executor.height + 1
          ? fault("The log ends where block \(height) should begin.", "entry \(executor.tree.size)")
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
