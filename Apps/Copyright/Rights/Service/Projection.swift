internal import COSE
internal import Foundation
package import Ledger
internal import MediaHash
package import Primitives
internal import Synchronization

/// The search over registered works beside the contract: kept up with the log, in files that are mapped into memory, and
/// rebuilt from the log wherever the files are not whole.
///
/// The files only say which works to look at; the answer is computed from these works' codes in the state by the code that
/// the contract uses, so it is the contract's answer, and a file can at most be behind, which is made up for before each
/// search. Searches and inserts may run at the same time.
package final class Projection: Sendable {
  /// The stores, one for each algorithm, and how far each has read the log.
  private struct Followed {
    var searches: [PDQSearch] = []
    var positions: [UInt64] = []
  }

  private let path: String?
  private let followed = Mutex(Followed())
  private let reindexing = Mutex(false)

  /// A projection that keeps its codes in files in the folder `path`, or in memory where that is nil.
  package init(path: String? = nil) { self.path = path }

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
        quality: 100, percent: 100, askedPercent: 100)
      found.insert(same, at: 0)
    }
    return found
  }

  /// The registered works that something looks like, as of a view.
  package func matches(_ codes: [MediaCode], in view: LedgerView) throws(LedgerError) -> [Match] {
    let searches = try follow(view)
    var entries: Set<UInt32> = []
    for algorithm in MediaCode.Algorithm.allCases {
      let probes = codes.filter { $0.algorithm == algorithm }.compactMap { PDQHash(bytes: $0.bits.bytes) }
      guard !probes.isEmpty else { continue }
      for match in searches[Int(algorithm.rawValue)].matches(probes, radius: Matching.radius) {
        entries.insert(match.work)
      }
    }
    // Few works' codes are looked through one by one.
    var index = CodeIndex(scanned: .max)
    for entry in entries.sorted() where UInt64(entry) < view.size {
      if let record = try record(at: UInt64(entry), in: view) { index.insert(record) }
    }
    return index.matches(codes)
  }

  /// The number of codes that are kept, by algorithm, for tests.
  package var counts: [Int] { followed.withLock { $0.searches.map { $0.store.count } } }

  /// The codes of the work that an entry registered, if it did.
  private func record(at entry: UInt64, in view: LedgerView) throws(LedgerError) -> CodeRecord? {
    guard let bytes = try view.entries(from: entry, to: entry + 1).first else { return nil }
    return try record(of: bytes, at: entry, in: view)
  }

  private func record(of bytes: [UInt8], at entry: UInt64, in view: LedgerView) throws(LedgerError) -> CodeRecord? {
    // A refused registration of a known work names the entry of the one that was carried out.
    guard let content = try? StatementContent(bytes), content.header.contentType == Registration.contentType,
      let record = CodeRecord(reading: try view.value(CopyrightContract.codes.key(.sha256(content.header.subject)))),
      record.entry == entry
    else { return nil }
    return record
  }

  /// Reads what the log has got since the last call.
  private func follow(_ view: LedgerView) throws(LedgerError) -> [PDQSearch] {
    let searches = try followed.withLock { (state) throws(LedgerError) -> [PDQSearch] in
      do {
        if state.searches.isEmpty { try open(&state, view.size) }
        var from = state.positions.min() ?? 0
        let isBehind = from < view.size
        while from < view.size {
          let to = min(view.size, from + 4096)
          for (offset, bytes) in try view.entries(from: from, to: to).enumerated() {
            let entry = from + UInt64(offset)
            guard let record = try record(of: bytes, at: entry, in: view) else { continue }
            for code in record.codes where code.quality >= Matching.quality {
              let place = Int(code.algorithm.rawValue)
              // Files that were closed in the middle of a flush may have read further than others.
              guard entry >= state.positions[place], let hash = PDQHash(bytes: code.bits.bytes),
                let work = UInt32(exactly: entry)
              else { continue }
              try state.searches[place].store.append(PDQEntry(hash: hash, work: work, variant: 0))
            }
          }
          from = to
        }
        if isBehind {
          for place in state.positions.indices where state.positions[place] < view.size {
            state.positions[place] = view.size
            let store = state.searches[place].store
            if store.path != nil { try store.flush(position: view.size) }
          }
        }
        return state.searches
      } catch let error as LedgerError { throw error } catch let error as PDQStoreError {
        throw LedgerError(.unavailable, error.explanation)
      } catch { throw LedgerError(.unavailable, "The search over registered works cannot be kept: \("\(error)").") }
    }
    reindex(searches)
    return searches
  }

  private func open(_ state: inout Followed, _ size: UInt64) throws {
    let rules = "works by entry 1"
    if let path { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    for algorithm in MediaCode.Algorithm.allCases {
      let file = path.map { "\($0)/codes-\(algorithm.rawValue)" }
      // Files that another process has, or that cannot be made, are done without.
      let store = if let kept = try? PDQStore(path: file, rules: rules) { kept } else { try PDQStore(rules: rules) }
      // A log that is shorter than what was read of it is another log.
      if store.position > size { try store.removeAll() }
      state.searches.append(PDQSearch(store))
      state.positions.append(store.position)
    }
  }

  /// Builds the index of a large store anew, beside the searches, when much was appended.
  private func reindex(_ searches: [PDQSearch]) {
    guard searches.contains(where: { $0.needsReindexing() }) else { return }
    let isFree = reindexing.withLock { isBusy in
      defer { isBusy = true }
      return !isBusy
    }
    guard isFree else { return }
    Task.detached { [self] in
      for search in searches where search.needsReindexing() { search.reindex() }
      reindexing.withLock { $0 = false }
    }
  }
}
