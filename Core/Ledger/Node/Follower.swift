public import Merkle
import Primitives

/// A member that follows: pulls the log, executes every block again, compares, stores, co-signs, and hands its
/// co-signature back.
public struct Follower: Sendable {
  /// The member's own node.
  public let node: Node
  /// Where the log comes from.
  public let source: any LogSource

  /// A follower of `source`.
  public init(node: Node, source: any LogSource) {
    self.node = node
    self.source = source
  }

  /// Entries that are executed and stored at once while catching up.
  private static let group: UInt64 = 20_000

  /// Goes as far as the source's checkpoint, and co-signs it.
  ///
  /// Never signs what is not its own reckoning: a seal or root that differs stops the node with the reason. Gives the
  /// size that it co-signed, or nil when there was nothing new.
  public func step() async throws(LedgerError) -> UInt64? {
    do {
      if let fault = node.fault { throw fault }
      let note = try SignedNote(parsing: try await source.candidate())
      let checkpoint = try Checkpoint(note)
      guard checkpoint.origin == node.genesis.origin else {
        throw LedgerError(
          .diverged,
          "The source serves the log '\(checkpoint.origin.shown)', this member follows '\(node.genesis.origin)'.")
      }
      let head = node.head
      if checkpoint.size <= head.size {
        guard try head.root(at: checkpoint.size) == checkpoint.root else {
          try await node.weigh(note, checkpoint)
          if let fault = node.fault { throw fault }
          throw fork(checkpoint, try head.root(at: checkpoint.size))
        }
        guard checkpoint.size == head.size else { return nil }
        if let own = node.candidateNote, let kept = try? SignedNote(parsing: own), kept.text == note.text,
          node.ownLine.map({ line in note.signatures.contains { $0.name == line.name && $0.keyID == line.keyID } })
            == true
        {
          try await node.takeNote(note)
          return nil
        }
      } else {
        try await catchUp(to: checkpoint, note)
      }
      // Who is no member yet, or no longer, executes and compares, and signs nothing.
      guard try Engine.quorum(of: node.head).has(node.member) else { return nil }
      // Only now is the configuration known that says whose log key may sign this checkpoint.
      try checkSignature(note, checkpoint)
      let signed = try await node.cosign(note)
      guard let request = AddCheckpointRequest(oldSize: checkpoint.size, proof: [], note: signed) else {
        throw LedgerError(.malformed, "The co-signed checkpoint is too large to hand in.")
      }
      try await source.add(request)
      return checkpoint.size
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(.unavailable, "The log cannot be followed: \(error).")
    }
  }

  private func checkSignature(_ note: SignedNote, _ checkpoint: Checkpoint) throws(LedgerError) {
    let logs = try node.head.configuration.policy(origin: node.genesis.origin).logs.map(\.key)
    do { _ = try note.verify(against: logs) } catch {
      throw LedgerError(
        .notAuthentic, "The checkpoint of size \(checkpoint.size) is not signed by a member's log key: \(error).")
    }
  }

  /// Nothing is stored for a checkpoint that no log key of the members signed, as long as they stay the same.
  ///
  /// Entries that change the configuration may bring the key that signs: those are executed first, and prove the change.
  private func checkSignature(
    _ note: SignedNote, _ checkpoint: Checkpoint, before entries: [[UInt8]]
  ) throws(LedgerError) {
    let epoch = node.head.configuration.epoch
    let isChanged = entries.contains { Seal.isSeal($0[...]) && (try? Seal(decoding: $0[...]))?.epoch != epoch }
    if !isChanged { try checkSignature(note, checkpoint) }
  }

  private func catchUp(to checkpoint: Checkpoint, _ note: SignedNote) async throws {
    var pending: [[UInt8]] = []
    var next = node.head.size
    while next < checkpoint.size {
      let entries = try await source.entries(from: next, to: min(checkpoint.size, next + Follower.group))
      guard !entries.isEmpty else {
        throw LedgerError(.unavailable, "The source has no entry \(next) of the \(checkpoint.size) that it signed for.")
      }
      pending.append(contentsOf: entries)
      next += UInt64(entries.count)
      try checkBlock(pending, next)
      if next >= checkpoint.size {
        try checkSignature(note, checkpoint, before: pending)
        try await node.ingest(pending, root: checkpoint.root)
        pending = []
      } else if let seal = pending.lastIndex(where: { Seal.isSeal($0[...]) }), seal >= Int(Follower.group) / 2 {
        // What is stored before the end must be a beginning of what the checkpoint signs.
        let part = Array(pending[...seal])
        try checkSignature(note, checkpoint, before: part)
        let size = node.head.size + UInt64(part.count)
        let root = try node.head.root(after: part)
        let proof = try await source.consistency(from: size, to: checkpoint.size)
        guard proof.from == size, proof.to == checkpoint.size, proof.verify(from: root, to: checkpoint.root) else {
          throw LedgerError(
            .diverged,
            "The entries up to \(size) are not the beginning of the log that the checkpoint of size "
              + "\(checkpoint.size) signs. This member signs nothing.")
        }
        try await node.ingest(part, root: root)
        pending.removeFirst(part.count)
      }
    }
  }

  /// No block is longer than what a node seals at once: a source that goes on without a seal would fill the memory.
  private func checkBlock(_ pending: [[UInt8]], _ next: UInt64) throws(LedgerError) {
    var (count, bytes) = (0, 0)
    for entry in pending.reversed() {
      if Seal.isSeal(entry[...]) { return }
      count += 1
      bytes += entry.count
      guard count <= Limits.batchStatements, bytes <= Limits.batchBytes + Limits.entryBytes else {
        throw LedgerError(
          .diverged,
          "The source serves more than a block's \(Limits.batchStatements) statements or \(Limits.batchBytes) bytes "
            + "without a seal before entry \(next). This member signs nothing.")
      }
    }
  }

  private func fork(_ checkpoint: Checkpoint, _ own: Digest) -> LedgerError {
    LedgerError(
      .diverged,
      "The source signs another log than this member has: at size \(checkpoint.size) the root is "
        + "\(checkpoint.root) there and \(own) here. This member signs nothing; its own copy is kept as it is. Compare the copies with audit."
    )
  }
}

extension LedgerView {
  /// The root of this log with more entries behind it.
  func root(after entries: [[UInt8]]) throws -> Digest {
    var tree = edge
    for entry in entries { tree.append(TreeHash.leaf(entry)) { _ in } }
    return tree.root
  }
}

/// A node in the same process as a source of its log.
public struct NodeSource: LogSource {
  let node: Node

  /// The log of `node`.
  public init(_ node: Node) { self.node = node }

  /// The node's candidate.
  public func candidate() async throws -> [UInt8] {
    guard let note = node.candidateNote else {
      throw LedgerError(.unavailable, "There is no checkpoint yet: nothing has been sealed.")
    }
    return note
  }

  /// The node's entries.
  public func entries(from: UInt64, to: UInt64) async throws -> [[UInt8]] { try node.head.entries(from: from, to: to) }

  /// The node's proof.
  public func consistency(from: UInt64, to: UInt64) async throws -> ConsistencyProof {
    try node.head.consistency(from: from, to: to)
  }

  /// Hands the note to the node.
  public func add(_ request: AddCheckpointRequest) async throws {
    let answer = try await node.add(request)
    if answer.status == 409 {
      throw LedgerError(
        .unavailable, "The sequencing node has moved on to another checkpoint. This member signs that one next.")
    }
    guard answer.status == 200 else {
      throw LedgerError(.diverged, "The sequencing node did not take the co-signature: \(answer.status) \(answer.body)")
    }
  }
}
