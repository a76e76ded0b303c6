import COSE
import GRDB
import Merkle
import Primitives

/// Where an audit keeps the state that it recomputes, and the executor over it.
///
/// An executor is used in `perform` only, one call at a time.
protocol AuditState: AnyObject, Sendable {
  /// Runs work with the executor, on the queue that it is confined to, and a connection to the audited store.
  func perform<T: Sendable>(_ work: @Sendable (Executor, Database) throws -> T) async throws -> T
  /// Takes in a block that was executed and found equal to what is stored; within `perform`.
  func took(_ block: Block, _ executor: Executor) throws
  /// Lets go of files.
  func close() async
}

/// The whole map in memory, values read back out of the write sets that have been compared: no second copy is written.
///
/// Memory: about 250 bytes for each key. Unchecked because everything happens in `perform`.
final class MemoryState: AuditState, @unchecked Sendable {
  private let store: Store
  private let executor: Executor
  private let base: Base

  init(_ store: Store, _ genesis: Genesis, suite: ContractSuite, db: Database) throws {
    self.store = store
    base = Base(db)
    let writes = Opening.writes(of: genesis)
    var map = PatriciaMap()
    try map.apply(writes.changes)
    base.values.add(writes, height: 0)
    executor = try Executor(
      genesis: genesis, suite: suite, configuration: genesis.configuration,
      contractVersion: genesis.configuration.contractVersion, tree: try Opening.tree(db, size: 1), height: 0,
      time: genesis.time, map: map, replays: ReplayWindow(), pending: PendingState(keepsNothing: true), base: base)
    try executor.fillIndex()
  }

  func perform<T: Sendable>(_ work: @Sendable (Executor, Database) throws -> T) async throws -> T {
    let (base, executor) = (Confined(base), executor)
    return try await store.pool.read { db in
      base.value.db = db
      return try work(executor, db)
    }
  }

  func took(_ block: Block, _ executor: Executor) throws { base.values.add(block.writes, height: block.seal.height) }

  func close() async { executor.base = ClosedBase() }

  private final class Base: ExecutorBase {
    let values = AuditedValues()
    /// The connection of the reading under way.
    var db: Database

    init(_ db: Database) { self.db = db }

    func value(_ key: StateKey) throws -> [UInt8]? { try values.value(key, db) }

    func statement(_ index: UInt64) throws -> (issuer: [UInt8], claimID: ClaimID, id: Digest, time: UInt64)? {
      try Store.statement(db, index)
    }
  }
}

/// The state in a scratch file, folded like a node's own: memory stays bounded whatever the state's size.
final class ScratchState: AuditState, @unchecked Sendable {
  private let store: Store
  private let scratch: Store
  private let executor: Executor
  private let base: Base

  init(
    _ store: Store, _ genesis: Genesis, suite: ContractSuite, memoryKeys: Int, path: String
  ) async throws {
    self.store = store
    let scratch = try Store(path: path, scratch: true)
    self.scratch = scratch
    try Opening.found(scratch, genesis: genesis)
    (executor, base) = try await scratch.pool.writeWithoutTransaction { db in
      let executor = try Opening.executor(scratch, suite: suite, db: db)
      let base = try Base(db)
      executor.base = base
      executor.residentKeys = memoryKeys
      return Confined((executor, base))
    }.value
  }

  func perform<T: Sendable>(_ work: @Sendable (Executor, Database) throws -> T) async throws -> T {
    let (base, executor, store) = (Confined(base), executor, store)
    return try await scratch.pool.writeWithoutTransaction { _ in
      try store.pool.read { db in
        base.value.audited = db
        return try work(executor, db)
      }
    }
  }

  func took(_ block: Block, _ executor: Executor) throws {
    guard executor.isFoldDue(after: StoreTuning().foldAfter) else { return }
    try executor.fold(base.scratch, into: scratch, map: executor.map, height: executor.height)
  }

  func close() async {
    // A prepared statement that is still held would keep SQLite from closing.
    try? await perform { executor, _ in
      executor.base = ClosedBase()
      self.base.state = nil
    }
    scratch.close()
  }

  /// State out of the scratch store, earlier statements out of the audited one.
  private final class Base: ExecutorBase {
    let scratch: Database
    var state: StoredBase?
    /// The connection of the reading under way.
    var audited: Database?

    init(_ scratch: Database) throws {
      self.scratch = scratch
      state = try StoredBase(scratch)
    }

    func value(_ key: StateKey) throws -> [UInt8]? { try state?.value(key) }

    func statement(_ index: UInt64) throws -> (issuer: [UInt8], claimID: ClaimID, id: Digest, time: UInt64)? {
      try audited.flatMap { try Store.statement($0, index) }
    }
  }
}
