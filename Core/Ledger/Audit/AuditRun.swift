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
  private let foldHeight: UInt64?
  private let checkpoints: [UInt64: [UInt8]]
  private let known: Mutex<[KeyID: PublicKey]>
  private var statements: [Statement] = []
  private var checked: Set<UInt64> = []
  private var tiles: UInt64 = 0

  init(store: Store, suite: ContractSuite, scratch path: String) async throws {
    self.store = store
    let scratch = try Store(path: path, scratch: true)
    self.scratch = scratch
    let genesis = try await store.pool.read { try Opening.genesis($0, store) }
    try Opening.found(scratch, genesis: genesis)
    executor = try await scratch.pool.writeWithoutTransaction { db in
      Confined(try Opening.executor(scratch, suite: suite, db: db))
    }.value
    (foldHeight, checkpoints) = try await store.pool.read { db in
      let rows = try SQL(db, "SELECT size, note FROM checkpoint").bind()
      var notes: [UInt64: [UInt8]] = [:]
      while try rows.next() { notes[rows.number(0)] = rows.bytes(1) }
      return (try Store.metaNumber(db, Store.foldHeightName), notes)
    }
    known = Mutex(executor.keys)
    let executor = executor
    try await scratch.pool.writeWithoutTransaction { db in
      executor.base = try AuditBase(db, store)
    }
  }

  var keys: @Sendable () -> [KeyID: PublicKey] { { [self] in known.withLock { $0 } } }
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

  private func fault(_ what: Message, _ place: Message) -> AuditReport.Fault {
    AuditReport.Fault(what: what, place: place)
  }

  private func block(_ entry: [UInt8], at index: UInt64, _ db: Database) throws -> [AuditReport.Fault] {
    let seal: Seal
    do { seal = try Seal(decoding: entry[...]) } catch { return [fault(error.message, "entry \(index)")] }
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
    if let note = checkpoints[block.size] {
      checked.insert(block.size)
      faults += checkpointFaults(note, block)
    }
    if executor.height == foldHeight {
      try executor.fold(db, into: scratch, map: executor.map, height: executor.height)
      faults += try StateComparison.run(stored: store, recomputed: scratch)
    } else if executor.isFoldDue {
      try executor.fold(db, into: scratch, map: executor.map, height: executor.height)
    }
    return faults
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
          faults.append(fault("The hash tile is not that of the entries.", "\(tile.path)"))
          continue
        }
      }
      return faults
    }
  }

  private func checkpointFaults(_ bytes: [UInt8], _ block: Block) -> [AuditReport.Fault] {
    let place: Message = "checkpoint \(block.size)"
    guard let note = try? SignedNote(parsing: bytes), let checkpoint = try? Checkpoint(note) else {
      return [fault("The checkpoint cannot be read.", place)]
    }
    guard checkpoint.origin == executor.genesis.origin, checkpoint.size == block.size, checkpoint.root == block.root
    else {
      return [fault("The checkpoint's root is not that of the entries.", place)]
    }
    guard let policy = try? executor.configuration.policy(origin: executor.genesis.origin) else { return [] }
    let keys = policy.logs.map(\.key) + policy.witnesses.map(\.key)
    do {
      let verified = try note.verify(against: keys)
      // A line whose name or key id was altered would pass as a stranger's: the ledger stores members' lines only.
      guard verified.count == note.signatures.count || executor.configuration.epoch > 0 else {
        return [fault("The checkpoint carries a signature line that is no member's.", place)]
      }
      return []
    } catch { return [fault("A signature under the checkpoint does not hold: \(error).", place)] }
  }

  /// What only the whole log shows.
  func finish(_ report: inout AuditReport) async throws -> [AuditReport.Fault] {
    report.checkpoints = checked.count
    let sound = report.faults.isEmpty
    return try await scratch.pool.writeWithoutTransaction { [self] db in
      var faults: [AuditReport.Fault] = []
      if sound {
        for size in checkpoints.keys.sorted() where !checked.contains(size) {
          faults.append(fault("The checkpoint is for a size at which no block ends.", "checkpoint \(size)"))
        }
        try store.pool.read { stored in
          let count = try SQL(stored, "SELECT count(*) FROM tile").bind()
          if try count.next(), count.number(0) != tiles {
            faults.append(fault("There are \(count.number(0)) hash tiles where \(tiles) belong.", "tiles"))
          }
          count.reset()
        }
        if let foldHeight, foldHeight > 0, foldHeight > executor.height {
          faults.append(fault("The state is folded to a height that the log has not.", "meta \(Store.foldHeightName)"))
        }
        let index = try executor.indexDigests()
        if index.kept != index.scanned {
          faults.append(fault("The contract's derived index is not that of a scan of the state.", "index"))
        }
      }
      return faults
    }
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
