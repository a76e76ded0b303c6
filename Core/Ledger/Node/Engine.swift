import COSE
import GRDB
import Merkle
import Primitives

/// A node's executor with its store: everything that happens on the store's writer connection.
///
/// Unchecked because it is confined to that connection's queue, one closure at a time; the node hands it in and takes
/// out only immutable values.
final class Engine: @unchecked Sendable {
  let executor: Executor
  let store: Store
  private let tuning: StoreTuning

  init(executor: Executor, store: Store, tuning: StoreTuning) {
    self.executor = executor
    self.store = store
    self.tuning = tuning
  }

  struct Sealed: Sendable {
    let view: LedgerView
    let note: SignedNote?
    let keys: [KeyID: PublicKey]
    /// Whether the last block put another configuration into force; the rest of the batches wait for the next call.
    var activates = false
    /// How many of the batches were executed.
    var count = 0
    var outcomes: [(Waiting, Outcome)] = []
  }

  /// Lets go of the connection; nothing is executed afterwards.
  func release() { executor.base = ClosedBase() }

  // MARK: Sequencing

  /// Executes ordered batches, a block each, and stores them with the checkpoint in one durable transaction.
  ///
  /// Stops after a block that activates a configuration: its seal needs a checkpoint of its own.
  func seal(_ db: Database, _ batches: [OrderedBatch], proposer: Proposer?) throws -> Sealed {
    var blocks: [Block] = []
    var outcomes: [(Waiting, Outcome)] = []
    var note: SignedNote?
    var count = 0
    let epoch = executor.configuration.epoch
    try db.inTransaction(.immediate) {
      for ordered in batches where executor.configuration.epoch == epoch {
        count += 1
        let (block, results) = try executor.run(
          ordered.batch.verified, time: max(executor.time + 1, ordered.time))
        if let block { blocks.append(block) }
        outcomes.append(contentsOf: zip(ordered.batch.waiting, results).map { ($0, $1) })
      }
      guard let last = blocks.last else { return .commit }
      try Store.append(db, blocks)
      if let proposer {
        let proposed = try proposer.note(size: last.size, root: last.root)
        try Store.put(db, checkpoint: last.size, note: proposed.encoded, final: false)
        note = proposed
      }
      return .commit
    }
    executor.stored()
    return Sealed(
      view: try view(db), note: note, keys: executor.keys, activates: executor.configuration.epoch != epoch,
      count: count,
      outcomes: outcomes)
  }

  /// Signs a stored view as a checkpoint and stores the note.
  func propose(_ db: Database, _ view: LedgerView, _ proposer: Proposer) throws -> SignedNote {
    let note = try proposer.note(size: view.size, root: view.root)
    try db.inTransaction(.immediate) {
      try Store.put(db, checkpoint: view.size, note: note.encoded, final: false)
      return .commit
    }
    return note
  }

  // MARK: Following

  /// Executes sealed blocks and stores them if every seal, and at the end the root, is the same.
  func ingest(
    _ db: Database, _ entries: [[UInt8]], _ verifications: [Verification], root: Digest?
  ) throws -> Sealed {
    var blocks: [Block] = []
    var statements: [Statement] = []
    try db.inTransaction(.immediate) {
      for (entry, verification) in zip(entries, verifications) {
        guard Seal.isSeal(entry[...]) else {
          statements.append(try authentic(entry, verification, at: executor.tree.size + UInt64(statements.count)))
          continue
        }
        let seal = try Seal(decoding: entry[...])
        blocks.append(try executor.rerun(statements, sealed: seal, entry: entry))
        statements.removeAll(keepingCapacity: true)
      }
      guard statements.isEmpty else {
        throw LedgerError(.malformed, "The log that was received does not end on a seal.")
      }
      if let root, executor.tree.root != root {
        throw LedgerError(
          .diverged,
          "The log's root at size \(executor.tree.size) is \(executor.tree.root) by this member's reckoning, and "
            + "\(root) in the checkpoint. This member signs nothing; compare the copies with audit.")
      }
      try Store.append(db, blocks)
      return .commit
    }
    executor.stored()
    return Sealed(view: try view(db), note: nil, keys: executor.keys)
  }

  /// The statement of a log entry, checked again with the keys of now when they were not known before.
  private func authentic(_ entry: [UInt8], _ verification: Verification, at index: UInt64) throws -> Statement {
    var verification = verification
    if case .unknownKey = verification { verification = Statement.verify(entry, keys: executor.keys) }
    guard case .authentic(let statement) = verification else {
      throw LedgerError(
        .diverged,
        "Entry \(index) of the log that was received is not authentic: no member's node may have taken it. "
          + "This member signs nothing.")
    }
    return statement
  }

  /// Adds this member's co-signature to a checkpoint over the head, and stores the note.
  func cosign(_ db: Database, _ note: SignedNote, _ proposer: Proposer) throws -> (LedgerView, SignedNote) {
    let checkpoint = try Checkpoint(note)
    guard checkpoint.size == executor.tree.size, checkpoint.root == executor.tree.root else {
      throw LedgerError(.diverged, "The checkpoint of size \(checkpoint.size) is not this member's log.")
    }
    let view = try view(db)
    // Only lines that hold are kept: whatever else the source sent would read as damage later.
    let signed = try proposer.cosigned(try Engine.quorum(of: view).counted(note, excluding: []))
    try db.inTransaction(.immediate) {
      try Store.put(db, checkpoint: checkpoint.size, note: signed.encoded, final: false)
      return .commit
    }
    return (view, signed)
  }

  // MARK: Views and finality

  /// The ledger as of the last stored block.
  func view(_ db: Database) throws -> LedgerView {
    let tree = executor.tree
    let entry = try Store.entry(db, tree.size - 1) ?? []
    let seal =
      executor.height == 0
      ? Seal(
        height: 0, first: 0, time: executor.time, stateRoot: executor.map.root, refused: [],
        contractVersion: executor.configuration.contractVersion, epoch: 0,
        configuration: executor.configurationDigest) : try Seal(decoding: entry[...])
    return LedgerView(
      genesis: executor.genesis, seal: seal, configuration: executor.configuration, root: tree.root, size: tree.size,
      sealEntry: entry, edge: tree, map: executor.map, pending: executor.pending, store: store)
  }

  /// What makes a view's checkpoint final.
  static func quorum(of view: LedgerView) throws -> Quorum {
    let origin = view.genesis.origin
    let current = try view.configuration.policy(origin: origin)
    guard view.seal.epoch > 0, let before = try view.value(Membership.configurations.key(order: view.seal.epoch - 1)),
      try view.epoch(beforeHeight: view.seal.height) != view.seal.epoch
    else { return Quorum(origin: origin, current: current, outgoing: nil) }
    return Quorum(
      origin: origin, current: current, outgoing: try Configuration(decoding: before[...]).policy(origin: origin))
  }

  func finalize(_ db: Database, view: LedgerView, note: [UInt8]) throws {
    try db.inTransaction(.immediate) {
      try Store.put(db, checkpoint: view.size, note: note, final: true)
      if try view.epoch(beforeHeight: view.seal.height) != view.seal.epoch {
        try Store.setMetaNumber(db, "link-\(view.seal.epoch)", view.size)
      }
      return .commit
    }
  }

  /// Whether enough values wait for folding to pay.
  var foldIsDue: Bool { executor.isFoldDue(after: tuning.foldAfter) }

  /// Whether a fold when the ledger is closed saves more at the next opening than it costs.
  var foldPays: Bool { executor.pending.count > tuning.foldAfter / 10 }

  /// Moves values into the state table up to a final view, and drops from memory what the table now has.
  func fold(_ db: Database, upTo view: LedgerView) throws -> LedgerView {
    try executor.fold(db, into: store, map: view.map, height: view.seal.height)
    return try self.view(db)
  }
}

extension Executor {
  /// Whether more values wait than the least that a fold is for, which grows with the table.
  func isFoldDue(after least: Int) -> Bool { pending.count > max(least, map.count / 8) }

  /// Moves values into a store's state table up to `height`, and drops from memory what the table now has.
  ///
  /// - Parameter map: the map as of `height`.
  func fold(_ db: Database, into store: Store, map folded: PatriciaMap, height: UInt64) throws {
    let values = pending.fold(upTo: height)
    try db.inTransaction(.immediate) {
      try Store.fold(db, values, map: folded, height: height)
      return .commit
    }
    pending.drop(upTo: height)
    if map.residentCount <= residentKeys { return }
    // The old map is right until the new one is complete: a read that fails half-way leaves it in place.
    var fresh = try PatriciaMap(
      summaries: try folded.summarize(maxLeaves: Store.subtreeLeaves), loader: StateLoader(store: store))
    try fresh.apply(pending.changes)
    map = fresh
  }
}

extension Executor {
  /// Runs a block that another node sealed; throws what differs.
  func rerun(_ statements: [Statement], sealed seal: Seal, entry: [UInt8]) throws -> Block {
    guard seal.time > time else {
      throw LedgerError(.diverged, "Seal \(seal.height) is not later than the block before it.")
    }
    guard !statements.isEmpty else { throw LedgerError(.diverged, "Block \(seal.height) is empty.") }
    let first = tree.size
    let (block, outcomes) = try run(statements, time: seal.time)
    for (offset, outcome) in outcomes.enumerated() {
      switch outcome {
      case .accepted, .refused: continue
      case .duplicate(let index):
        throw LedgerError(.diverged, "Entry \(first + UInt64(offset)) repeats entry \(index).")
      case .rejected(let error):
        throw LedgerError(
          .diverged, "Entry \(first + UInt64(offset)) should not be in the log: \(error.message)")
      }
    }
    guard let block, block.entries.last == entry else {
      throw LedgerError(.diverged, Executor.difference(block?.seal, seal))
    }
    return block
  }

  static func difference(_ ours: Seal?, _ theirs: Seal) -> Message {
    guard let ours else { return "Block \(theirs.height) has nothing authentic in it." }
    let what: Message =
      // Another outcome makes another state: the outcome is what tells.
      if ours.refused != theirs.refused {
        "the refused statements differ: \(ours.refused.map(\.code)) here and \(theirs.refused.map(\.code)) in the log"
      } else if ours.stateRoot != theirs.stateRoot {
        "the state root is \(ours.stateRoot) by this member's reckoning and \(theirs.stateRoot) in the log"
      } else if ours.epoch != theirs.epoch || ours.configuration != theirs.configuration {
        "the configuration differs: epoch \(ours.epoch) here and \(theirs.epoch) in the log"
      } else if ours.height != theirs.height || ours.first != theirs.first {
        "the height or first entry differs: \(ours.height), \(ours.first) here and \(theirs.height), \(theirs.first) in the log"
      } else { "the encoding differs" }
    return "Block \(theirs.height) was executed here and came out differently: \(what). This member signs nothing from "
      + "here on; compare contract versions, then the copies with audit."
  }
}

extension LedgerView {
  /// The configuration epoch that the block before `height` sealed.
  func epoch(beforeHeight height: UInt64) throws(LedgerError) -> UInt64 {
    guard height > 1 else { return 0 }
    return try read { db in
      guard let block = try Store.block(db, height: height - 1), let entry = try Store.entry(db, block.size - 1) else {
        throw LedgerError(.damaged, "Block \(height - 1) is missing. Run audit.")
      }
      return try Seal(decoding: entry[...]).epoch
    }
  }
}
