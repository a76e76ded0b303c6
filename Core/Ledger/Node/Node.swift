import COSE
import GRDB
import Merkle
public import Primitives
import Synchronization

/// A member's node: its copy of the log and the state, and the member's keys.
///
/// One node of a consortium sequences (`submit`); the others follow (`Follower`). Both execute every statement, store
/// each block in one durable transaction, and co-sign what they have stored.
public actor Node {
  /// The member whose node this is.
  public nonisolated let member: String
  /// The ledger's genesis.
  public nonisolated let genesis: Genesis
  nonisolated let store: Store
  nonisolated let suite: ContractSuite
  nonisolated let keys: MemberKeys?
  nonisolated let clock: any WallClock
  nonisolated let gate = Gate(limit: Limits.pendingStatements)
  private nonisolated let tuning: StoreTuning
  private nonisolated let published: Mutex<Published>

  private var engine: Engine
  private var sequencer: (any Sequencer)?
  private var runner: Task<Void, Never>?
  private var waiting: [Waiting] = []
  private var isPumping = false
  private var halted: LedgerError?

  /// What readers see without waiting for the actor.
  struct Published: Sendable {
    var head: LedgerView
    /// The newest view with a quorum of co-signatures, and its note.
    var final: (view: LedgerView, note: [UInt8])?
    /// The checkpoint that gathers co-signatures.
    var candidate: (view: LedgerView, note: SignedNote)?
    var evidence: [Evidence] = []
    var keys: [KeyID: PublicKey] = [:]
    var halted: LedgerError?
  }

  /// Opens a member's store.
  ///
  /// - Parameters:
  ///   - keys: the member's keys; nil for a node that only reads.
  ///   - genesis: what the member holds as the ledger's beginning; the store must begin with it.
  public init(
    path: String, suite: ContractSuite, keys: MemberKeys?, member: String, clock: any WallClock, genesis: Genesis? = nil
  ) async throws(LedgerError) {
    try await self.init(
      path: path, suite: suite, keys: keys, member: member, clock: clock, genesis: genesis, tuning: StoreTuning())
  }

  /// Opens a member's store that folds and writes back when it is told to.
  package init(
    path: String, suite: ContractSuite, keys: MemberKeys?, member: String, clock: any WallClock, genesis: Genesis?,
    tuning: StoreTuning
  ) async throws(LedgerError) {
    let store = try Store(path: path, tuning: tuning)
    do {
      let engine = try await store.pool.writeWithoutTransaction { db in
        let executor = try Opening.executor(store, suite: suite, db: db)
        return Engine(executor: executor, store: store, tuning: tuning)
      }
      if let genesis, genesis != engine.executor.genesis {
        throw LedgerError(.diverged, "The ledger in \(path) does not begin with the genesis that this member holds.")
      }
      self.engine = engine
      self.genesis = engine.executor.genesis
      let head = try await store.pool.writeWithoutTransaction { db in try engine.view(db) }
      let evidence = try await store.pool.read { db in try Store.evidence(db) }
      let note = try await store.pool.read { db in try Store.checkpoint(db, final: false) }
      let final = try await store.pool.read { db in try Store.checkpoint(db, final: true) }
      var state = Published(head: head, evidence: evidence, keys: engine.executor.keys)
      if let final, final.size == head.size { state.final = (head, final.note) }
      if let note, note.size == head.size { state.candidate = (head, try SignedNote(parsing: note.note)) }
      // A change of the configuration that was sealed and not co-signed before the node was closed keeps its own
      // checkpoint: bundles lead from policy to policy over it.
      if final?.size != head.size, try head.epoch(beforeHeight: head.seal.height) != head.seal.epoch {
        activations = [head]
      }
      // What this node stopped for before it was closed holds still.
      halted = Node.contradiction(of: head, by: evidence)
      state.halted = halted
      published = Mutex(state)
    } catch { throw Store.explain(error, path) }
    self.store = store
    self.suite = suite
    self.tuning = tuning
    self.keys = keys
    self.member = member
    self.clock = clock
  }

  /// The newest sealed state; what the quorum has co-signed is `final`.
  public nonisolated var head: LedgerView { published.withLock { $0.head } }

  /// The newest state that a quorum has co-signed, with the note that shows it.
  public nonisolated var final: (view: LedgerView, note: [UInt8])? { published.withLock { $0.final } }

  /// What this node holds against members that signed two roots for one size.
  public nonisolated var evidence: [Evidence] { published.withLock { $0.evidence } }

  /// Why the node has stopped, or nil.
  public nonisolated var fault: LedgerError? { published.withLock { $0.halted } }

  /// The checkpoint that waits for co-signatures, or the final one.
  public nonisolated var candidateNote: [UInt8]? {
    published.withLock { $0.candidate?.note.encoded ?? $0.final?.note }
  }

  nonisolated func publish(_ change: @Sendable (inout Published) -> Void) { published.withLock { change(&$0) } }

  nonisolated func readPublished<T: Sendable>(_ body: @Sendable (Published) -> T) -> T {
    published.withLock { body($0) }
  }

  /// Sets how many of the state's keys stay in memory after a fold; small machines and tests take fewer.
  package func keep(residentKeys: Int) async throws {
    let engine = engine
    try await store.pool.writeWithoutTransaction { _ in engine.executor.residentKeys = residentKeys }
  }

  // MARK: Submitting

  /// Starts to take statements and to seal blocks in the sequencer's order.
  public func sequence(with sequencer: any Sequencer) {
    precondition(self.sequencer == nil, "a node sequences once")
    self.sequencer = sequencer
    runner = Task { await self.run(sequencer) }
  }

  /// Whether it takes statements, as the node does that sequences; others follow.
  public var isSequencing: Bool { sequencer != nil }

  /// Takes statements; returns once each is sealed and durable, or found unfit to be.
  ///
  /// Signature checks run on all cores, execution in one order, commits in groups. Waits while too many statements are
  /// in flight.
  public func submit(_ entries: [[UInt8]]) async throws(LedgerError) -> [Outcome] {
    if let halted { throw halted }
    guard sequencer != nil else {
      throw LedgerError(
        .unavailable, "This node follows; it takes no statements. Send them to the node that sequences.")
    }
    if entries.isEmpty { return [] }
    await gate.enter(entries.count)
    let ticket = Ticket(count: entries.count)
    let verifications = await SignatureChecks.run(entries, keys: readPublished { $0.keys })
    for (place, verification) in verifications.enumerated() {
      switch verification {
      case .authentic(let statement):
        waiting.append(Waiting(statement: statement, ticket: ticket, place: place))
      case .unknownKey(let id):
        ticket.settle(
          place,
          .rejected(LedgerError(.notAuthentic, "The key \(id) is unknown. Register it, or sign with a member's key.")))
      case .invalid(let error): ticket.settle(place, .rejected(error))
      }
    }
    if !isPumping { Task { await self.pump() } }
    let result: Result<[Outcome], LedgerError>
    do { result = .success(try await ticket.outcomes()) } catch { result = .failure(error) }
    await gate.leave(entries.count)
    return try result.get()
  }

  /// Makes batches of what waits and hands them to the sequencer, as fast as it takes them.
  private func pump() async {
    guard !isPumping, let sequencer else { return }
    isPumping = true
    defer { isPumping = false }
    while !waiting.isEmpty {
      var count = 0
      var bytes = 0
      while count < waiting.count, count < Limits.batchStatements {
        bytes += waiting[count].statement.entry.count
        if bytes > Limits.batchBytes && count > 0 { break }
        count += 1
      }
      let taken = Array(waiting[..<count])
      waiting.removeFirst(count)
      let batch = Batch(
        origin: member, entries: taken.map(\.statement.entry), verified: taken.map(\.statement), waiting: taken)
      do { try await sequencer.order(batch) } catch {
        let reason = Store.explain(error, store.path)
        for item in taken { item.ticket.fail(reason) }
      }
    }
  }

  /// Executes what is ordered until the order ends.
  private func run(_ sequencer: any Sequencer) async {
    while let batches = try? await sequencer.next(limit: 4) {
      await execute(batches)
    }
  }

  private func execute(_ batches: [OrderedBatch]) async {
    var rest = batches[...]
    while !rest.isEmpty {
      do {
        if let halted { throw halted }
        let engine = engine
        let group = Array(rest)
        let proposer = mayPropose && activations.isEmpty ? proposer : nil
        let result = try await store.pool.writeWithoutTransaction { db in
          try engine.seal(db, group, proposer: proposer)
        }
        rest = rest.dropFirst(result.count)
        if result.activates { activations.append(result.view) }
        publish { state in
          state.head = result.view
          state.keys = result.keys
          if let note = result.note { state.candidate = (result.view, note) }
        }
        if result.note != nil { candidateSince = clock.now() }
        for (item, outcome) in result.outcomes { item.ticket.settle(item.place, outcome) }
        try await settleFinality()
      } catch {
        let reason = Store.explain(error, store.path)
        for batch in rest { for item in batch.batch.waiting { item.ticket.fail(reason) } }
        await reload(after: reason)
        return
      }
    }
  }

  private var proposer: Proposer { Proposer(keys: keys, genesis: genesis, time: max(1, clock.now() / 1000)) }

  private var candidateSince: UInt64 = 0

  /// Views whose seals activate a configuration and are not final yet: each needs a checkpoint of its own.
  private var activations: [LedgerView] = []

  /// A candidate keeps its place until it is final, or for two seconds: members that come one after the other then
  /// sign the same one.
  private var mayPropose: Bool {
    let (candidate, final) = readPublished { ($0.candidate?.view.size ?? 0, $0.final?.view.size ?? 0) }
    if candidate <= final { return true }
    if activations.contains(where: { $0.size == candidate }) { return false }
    return clock.now() >= candidateSince + 2000 || clock.now() < candidateSince
  }

  /// After a failed commit what is in memory is ahead of the store: begin again from the store.
  private func reload(after reason: LedgerError) async {
    do {
      let store = store
      let suite = suite
      let tuning = tuning
      engine = try await store.pool.writeWithoutTransaction { db in
        try db.execute(sql: "SELECT 1")
        return Engine(executor: try Opening.executor(store, suite: suite, db: db), store: store, tuning: tuning)
      }
      let engine = engine
      let view = try await store.pool.writeWithoutTransaction { db in try engine.view(db) }
      publish { $0.head = view }
    } catch {
      halt(Store.explain(error, store.path))
    }
  }

  /// Stops the node for good, with the reason.
  func halt(_ reason: LedgerError) {
    halted = reason
    publish { $0.halted = reason }
  }

  /// Proposes the head as a checkpoint when it is newer than the last one and that one has had its time.
  public func propose() async throws(LedgerError) {
    let head = head
    let target = activations.first ?? head
    guard sequencer != nil, keys != nil, target.size > 1, mayPropose,
      target.size > readPublished({ $0.candidate?.view.size ?? 0 })
    else {
      do { return try await settleFinality() } catch { throw Store.explain(error, store.path) }
    }
    let engine = engine
    let proposer = proposer
    do {
      let note = try await store.pool.writeWithoutTransaction { db in try engine.propose(db, target, proposer) }
      publish { $0.candidate = (target, note) }
      candidateSince = clock.now()
      try await settleFinality()
    } catch { throw Store.explain(error, store.path) }
  }

  // MARK: Following

  /// Executes blocks that another node sealed, and stores them if they come to the same seals.
  ///
  /// - Parameter root: what the log's root must be after the last of them; nil to look at the seals only.
  func ingest(_ entries: [[UInt8]], root: Digest?) async throws(LedgerError) {
    if let halted { throw halted }
    let verifications = await SignatureChecks.run(
      entries.map { Seal.isSeal($0[...]) ? [] : $0 }, keys: readPublished { $0.keys })
    let engine = engine
    do {
      let result = try await store.pool.writeWithoutTransaction { db in
        try engine.ingest(db, entries, verifications, root: root)
      }
      publish { state in
        state.head = result.view
        state.keys = result.keys
      }
    } catch {
      let reason = Store.explain(error, store.path)
      await reload(after: reason)
      if reason.kind == .diverged { halt(reason) }
      throw reason
    }
  }

  /// Co-signs the head under a checkpoint's text, and stores the note before giving it out.
  func cosign(_ note: SignedNote) async throws(LedgerError) -> SignedNote {
    if let halted { throw halted }
    guard keys != nil else { throw LedgerError(.unavailable, "This node has no keys to co-sign with.") }
    let engine = engine
    let proposer = proposer
    do {
      let (view, signed) = try await store.pool.writeWithoutTransaction { db in
        try engine.cosign(db, note, proposer)
      }
      publish { $0.candidate = (view, signed) }
      try await settleFinality()
      return signed
    } catch { throw Store.explain(error, store.path) }
  }

  /// Makes the candidate final once it has its quorum.
  func settleFinality() async throws {
    guard let candidate = readPublished({ $0.candidate }), candidate.view.size > (final?.view.size ?? 0) else { return }
    // The log's line and a quorum's: with fewer there is nothing to verify, and statements wait for this.
    guard candidate.note.signatures.count > candidate.view.configuration.quorum else { return }
    let excluded = Set(evidence.map(\.member))
    let quorum = try Engine.quorum(of: candidate.view)
    let counted = try quorum.counted(candidate.note, excluding: excluded)
    guard quorum.isFinal(counted) else { return }
    let view = candidate.view
    let note = counted.encoded
    let engine = engine
    try await store.pool.writeWithoutTransaction { db in
      try engine.finalize(db, view: view, note: note)
    }
    publish { state in
      if view.size > (state.final?.view.size ?? 0) { state.final = (view, note) }
    }
    activations.removeAll { $0.size <= view.size }
    if engine.foldIsDue {
      let head = try await store.pool.writeWithoutTransaction { db in try engine.fold(db, upTo: view) }
      publish { if head.size >= $0.head.size { $0.head = head } }
    }
  }

  /// Ends the order, waits for what is in flight, and closes the file.
  public func close() async {
    await sequencer?.finish()
    await runner?.value
    let engine = engine
    let final = final?.view
    // A prepared statement that is still held would keep SQLite from closing and from writing the log back.
    try? await store.pool.writeWithoutTransaction { db in
      // What is folded now need not be replayed by whoever opens next.
      if let final, engine.foldPays { _ = try? engine.fold(db, upTo: final) }
      engine.release()
    }
    store.close()
  }
}
