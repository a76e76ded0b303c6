import GRDB
import Merkle
import Primitives

/// Taking in what other members sign.
extension Node {
  /// Takes a checkpoint with co-signatures (C2SP tlog-witness add-checkpoint): keeps those of members over this log,
  /// and answers with this member's own.
  ///
  /// A member's valid signature over another root for a size that this log has is kept as evidence, and the member is
  /// no longer counted. When as many members as a quorum contradict this log, the node stops.
  public func add(_ request: AddCheckpointRequest) async throws(LedgerError) -> WitnessAnswer {
    let head = head
    guard let origin = NoteName(genesis.origin) else { return .unknownOrigin }
    let policy = try head.configuration.policy(origin: genesis.origin)
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint(request.note) } catch { return .badRequest("\(error)") }
    guard checkpoint.origin == genesis.origin else { return .unknownOrigin }
    if checkpoint.size <= head.size, checkpoint.size > 0 {
      let root = try head.root(at: checkpoint.size)
      if root != checkpoint.root {
        try await accuse(request.note, checkpoint, policy)
        return .conflict(size: head.size)
      }
    }
    let known = try lastCosigned()
    let state = WitnessState(
      origin: origin, keys: policy.logs.map(\.key), size: known?.size ?? 0,
      root: known?.root ?? WitnessState.emptyRoot)
    if checkpoint.size <= head.size, checkpoint.size == known?.size {
      try await gather(request.note, checkpoint)
      return state.decide(
        AddCheckpointRequest(oldSize: checkpoint.size, proof: [], note: request.note) ?? request
      ) { _, _, _, _, _ in true }
    }
    return state.decide(request) { from, fromRoot, to, toRoot, path in
      ConsistencyProof(from: from, to: to, path: path).verify(from: fromRoot, to: toRoot)
    }
  }

  /// The line of this member under its candidate or final note.
  public nonisolated var ownLine: NoteSignature? {
    guard let bytes = candidateNote, let note = try? SignedNote(parsing: bytes) else { return nil }
    let name = Configuration.cosigner(member, origin: genesis.origin)
    return note.signatures.first { $0.name.description == name }
  }

  private func lastCosigned() throws(LedgerError) -> (size: UInt64, root: Digest)? {
    guard let bytes = candidateNote else { return nil }
    do {
      let checkpoint = try Checkpoint(try SignedNote(parsing: bytes))
      return (checkpoint.size, checkpoint.root)
    } catch { throw LedgerError(.damaged, "The last checkpoint of this node cannot be read: \(error).") }
  }

  /// Adds the members' lines to the candidate.
  private func gather(_ note: SignedNote, _ checkpoint: Checkpoint) async throws(LedgerError) {
    guard let candidate = readPublished({ $0.candidate }), candidate.view.size == checkpoint.size,
      candidate.view.root == checkpoint.root
    else { return }
    do {
      let quorum = try Engine.quorum(of: candidate.view)
      var merged = candidate.note
      var grew = false
      for (_, line) in quorum.cosignatures(note, excluding: Set(evidence.map(\.member)))
      where !merged.signatures.contains(where: { $0.name == line.name && $0.keyID == line.keyID }) {
        try merged.add(line)
        grew = true
      }
      guard grew else { return }
      let result = merged
      try await store.pool.write { db in
        let final = (try Store.checkpoint(db, final: true))?.size == checkpoint.size
        try Store.put(db, checkpoint: checkpoint.size, note: result.encoded, final: final)
      }
      publish { state in
        guard state.candidate?.view.size == checkpoint.size else { return }
        state.candidate?.note = result
        if state.final?.view.size == checkpoint.size { state.final?.note = result.encoded }
      }
      try await settleFinality()
    } catch { throw Store.explain(error, store.path) }
  }

  /// Keeps what shows that members signed another log than this one.
  func accuse(_ note: SignedNote, _ checkpoint: Checkpoint, _ policy: TrustPolicy) async throws(LedgerError) {
    let quorum = Quorum(origin: genesis.origin, current: policy, outgoing: nil)
    let liars = quorum.cosignatures(note).map(\.member).filter { $0 != member }
    if liars.isEmpty { return }
    do {
      // Only lines that hold, so that an audit can tell what was kept from what was changed since.
      let kept = try quorum.counted(note, excluding: []).encoded
      let evidence = try await store.pool.write { db in
        for liar in liars { try Store.keep(db, member: liar, size: checkpoint.size, note: kept) }
        return try Store.evidence(db)
      }
      publish { $0.evidence = evidence }
    } catch { throw Store.explain(error, store.path) }
    if fault == nil, let reason = Node.contradiction(of: head, by: evidence) { halt(reason) }
  }

  /// Why a node with this head must stop: at one size, as many members as a quorum have co-signed another log.
  static func contradiction(of head: LedgerView, by evidence: [Evidence]) -> LedgerError? {
    for (size, words) in Dictionary(grouping: evidence, by: \.size).sorted(by: { $0.key < $1.key }) {
      let against = Set(words.map(\.member)).intersection(head.configuration.members.map(\.name))
      guard against.count >= head.configuration.quorum else { continue }
      return LedgerError(
        .diverged,
        "A quorum of members (\(against.sorted().joined(separator: ", "))) has co-signed another log at size "
          + "\(size) than this node has. This node stops and signs nothing; its own copy is kept as it is. Compare the "
          + "copies with audit.")
    }
    return nil
  }
}

extension Node {
  /// Takes a note over this node's head that carries more co-signatures than its own.
  func takeNote(_ note: SignedNote) async throws(LedgerError) {
    do { try await gather(note, try Checkpoint(note)) } catch let error as LedgerError { throw error } catch {
      throw LedgerError(.malformed, "The checkpoint cannot be read: \(error).")
    }
  }

  /// Weighs a checkpoint over another log than this node's at a size that both have: what members signed is kept as
  /// evidence, and a quorum of them stops the node.
  func weigh(_ note: SignedNote, _ checkpoint: Checkpoint) async throws(LedgerError) {
    try await accuse(note, checkpoint, try head.configuration.policy(origin: genesis.origin))
  }
}
