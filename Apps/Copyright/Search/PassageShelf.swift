import COSE
import Ledger
import MediaHash
import Primitives
import Rights
import Synchronization

/// The texts of registered works that this node keeps, indexed by their passages, so that what was copied out of one is
/// found with its place in both.
///
/// A view of the search only: verdicts follow from the ledger's codes alone. It follows the log and is made anew with the
/// process; a text that has been erased is no longer shown.
final class PassageShelf: Sendable {
  /// A registered text that shares passages with another.
  struct Found {
    let work: String
    let overlap: WorkOverlap
  }

  private struct State {
    var size: UInt64 = 0
    var works: [(work: String, file: Digest)] = []
    /// Registered, and their files not yet kept here.
    var waiting: [(work: String, file: Digest, tries: Int)] = []
  }

  /// Texts that are indexed at most.
  private static let limit = 20_000
  /// Views after which a file that is not kept is not looked for any more.
  private static let tries = 64

  private let state = Mutex(State())
  private let index = TextIndex()

  /// What a text has in common with works, the largest share first; `kept` gives a work's file.
  func search(
    _ text: String, in view: LedgerView, kept: (_ work: String, _ file: Digest) -> [UInt8]?
  ) throws(LedgerError) -> [Found] {
    let start = state.withLock { $0.size }
    var fresh: [(work: String, file: Digest, tries: Int)] = []
    var from = start
    while from < view.size {
      let to = min(view.size, from + 4096)
      for (offset, entry) in try view.entries(from: from, to: to).enumerated() {
        guard let content = try? StatementContent(entry), content.header.contentType == Registration.contentType,
          let record = WorkRecord(
            reading: try view.value(CopyrightContract.works.key(.sha256(content.header.subject)))),
          record.entry == from + UInt64(offset), record.kind == .text
        else { continue }
        fresh.append((record.work, record.file, 0))
      }
      from = to
    }
    state.withLock { state in
      if state.size == start {
        state.waiting += fresh
        state.size = max(start, view.size)
      }
      var still: [(work: String, file: Digest, tries: Int)] = []
      for item in state.waiting {
        guard state.works.count < Self.limit else { break }
        if let file = kept(item.work, item.file), let text = String(validating: file, as: UTF8.self) {
          index.insert(work: UInt32(state.works.count), text: text)
          state.works.append((item.work, item.file))
        } else if item.tries < Self.tries {
          still.append((item.work, item.file, item.tries + 1))
        }
      }
      state.waiting = still
    }
    let works = state.withLock { $0.works }
    return index.overlaps(text: text).compactMap { overlap in
      guard Int(overlap.work) < works.count else { return nil }
      let (work, file) = works[Int(overlap.work)]
      return kept(work, file) == nil ? nil : Found(work: work, overlap: overlap)
    }
  }
}
