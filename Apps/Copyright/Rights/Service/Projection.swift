internal import COSE
package import Ledger
package import Primitives
internal import Synchronization

/// The search over registered works beside the contract: the same index, kept up with the log, and rebuilt from it.
package final class Projection: Sendable {
  private struct Followed {
    var size: UInt64 = 0
    var index = CodeIndex()
  }

  private let followed = Mutex(Followed())

  /// A projection that has read nothing yet.
  package init() {}

  /// The registered works that a file is, or looks like, as of a view.
  ///
  /// Reads what the log has got since the last call. The very file comes first, at a distance of 0.
  package func matches(_ file: HashedFile, digest: Digest, in view: LedgerView) throws(LedgerError) -> [Match] {
    var found = try matches(file.codes, in: view)
    let known = try view.value(CopyrightContract.files.key(digest))
    if let known, let code = file.codes.first {
      let work = String(decoding: known, as: UTF8.self)
      let record = WorkRecord(reading: try view.value(CopyrightContract.works.key(.sha256(work))))
      found.removeAll { $0.work == work }
      let same = Match(
        work: work, entry: record?.entry ?? 0, algorithm: code.algorithm, distance: 0, variant: 0, probe: code.variant,
        quality: 100, percent: 100)
      found.insert(same, at: 0)
    }
    return found
  }

  /// The registered works that something looks like, as of a view.
  package func matches(_ codes: [MediaCode], in view: LedgerView) throws(LedgerError) -> [Match] {
    let start = followed.withLock { $0.size }
    var records: [CodeRecord] = []
    var from = start
    while from < view.size {
      let to = min(view.size, from + 4096)
      for (offset, entry) in try view.entries(from: from, to: to).enumerated() {
        // A refused registration of a known work names the entry of the one that was carried out.
        guard let content = try? StatementContent(entry), content.header.contentType == Registration.contentType,
          let record = CodeRecord(
            reading: try view.value(CopyrightContract.codes.key(.sha256(content.header.subject)))),
          record.entry == from + UInt64(offset)
        else { continue }
        records.append(record)
      }
      from = to
    }
    return followed.withLock { state in
      // Another call may have come further meanwhile.
      if state.size < view.size {
        for record in records where record.entry >= state.size { state.index.insert(record) }
        state.size = view.size
      }
      return state.index.matches(codes).filter { $0.entry < view.size }
    }
  }
}
