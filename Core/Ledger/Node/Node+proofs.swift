import GRDB
import Primitives

/// Answers with proofs.
extension Node {
  /// Makes the bundle for a request as of the newest final state.
  ///
  /// Throws `.unavailable` while no quorum has co-signed yet.
  public nonisolated func prove(_ request: ProofRequest) throws(LedgerError) -> ProofBundle {
    try prove { _ in request }
  }

  /// Makes the bundle for a request that is worked out from the newest final state itself.
  public nonisolated func prove(
    _ request: (LedgerView) throws(LedgerError) -> ProofRequest
  ) throws(LedgerError) -> ProofBundle {
    guard let (view, note) = final else {
      throw LedgerError(
        .unavailable,
        "No state is final yet: the members have not co-signed the log of \(head.size) entries. Let them "
          + "follow, then ask again.")
    }
    return try view.prove(try request(view), note: note, chain: try chain(to: view))
  }

  /// The changes of the configuration up to a view, each with its co-signed seal.
  nonisolated func chain(to view: LedgerView) throws(LedgerError) -> [ProofBundle.Link] {
    guard view.seal.epoch > 0 else { return [] }
    var links: [ProofBundle.Link] = []
    for epoch in 1...view.seal.epoch {
      let link = try view.read { db -> ProofBundle.Link? in
        guard let size = try Store.metaNumber(db, "link-\(epoch)"), let note = try Store.checkpoint(db, size: size),
          let seal = try Store.entry(db, size - 1)
        else { return nil }
        return ProofBundle.Link(
          note: note, seal: seal, path: try view.path(db, index: size - 1, size: size), configuration: [])
      }
      guard var link, let bytes = try view.value(Membership.configurations.key(order: epoch)) else { continue }
      link.configuration = bytes
      links.append(link)
    }
    return links
  }
}
