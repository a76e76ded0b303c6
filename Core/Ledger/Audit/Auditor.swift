internal import FoundationEssentials
import COSE
import GRDB
import Merkle
import Primitives

/// Recomputes a ledger from its log up and compares everything that is stored: every signature, every block's outcome,
/// write set and ids, hash tiles, state, checkpoints with their co-signatures, documents, evidence.
///
/// The state is built a second time: in memory up to `memoryKeys` keys, beyond in a scratch file, so that memory stays
/// bounded whatever the ledger's size.
public struct Auditor: Sendable {
  /// Faults after which an audit stops looking.
  public static let faultLimit = 20

  /// Entries that are checked at once.
  private static let group: UInt64 = 16_384

  let path: String
  let suite: ContractSuite
  let genesis: Genesis?
  private let memoryKeys: Int

  /// Keys that are held in memory: with about 250 bytes each, an audit stays below 512 MiB.
  public static let memoryKeys = 1_500_000

  /// An auditor of the ledger file at `path`, which must begin with `genesis` if one is given.
  public init(path: String, suite: ContractSuite, genesis: Genesis? = nil, memoryKeys: Int = Self.memoryKeys) {
    self.memoryKeys = memoryKeys
    self.path = path
    self.suite = suite
    self.genesis = genesis
  }

  /// Audits, calling `progress` with the entries done and the log's size.
  ///
  /// Throws only when there is nothing to audit; damage is a fault in the report.
  public func run(progress: @Sendable (UInt64, UInt64) -> Void = { _, _ in }) async throws(LedgerError) -> AuditReport {
    let store: Store
    do { store = try Store(path: path) } catch {
      guard error.kind == .damaged else { throw error }
      var report = AuditReport()
      report.faults.append(AuditReport.Fault(what: error.message, place: "file"))
      return report
    }
    defer { store.close() }
    let folder = FileManager.default.temporaryDirectory.path + "/tallystick-audit-\(UInt64.random(in: 0 ... .max))"
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw LedgerError(
        .unavailable, "The audit needs a scratch folder and cannot make \(folder): \(FileTrouble.reason(error)).")
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var report = AuditReport()
    do {
      try StoredChecks.file(store, &report)
      if let genesis, try await store.pool.read({ try Store.entry($0, 0) }) != genesis.encoded() {
        report.faults.append(
          AuditReport.Fault(what: "The genesis is not the one that the member holds.", place: "entry 0"))
      }
      let run = try await AuditRun(
        store: store, suite: suite, memoryKeys: memoryKeys, scratch: folder + "/scratch.sqlite")
      report.faults += run.metaFaults
      report.faults += try await run.genesisFaults()
      do { try await replay(store, run, &report, progress) } catch {
        await run.close()
        throw error
      }
      await run.close()
    } catch let row as DamagedRow {
      report.faults.append(AuditReport.Fault(what: row.message, place: row.place))
    } catch {
      let error = Store.explain(error, path)
      if error.kind == .unavailable && report.size == 0 && report.faults.isEmpty { throw error }
      report.faults.append(AuditReport.Fault(what: error.message, place: "entry \(report.size)"))
    }
    do { try StoredChecks.documents(store, &report) } catch {
      report.faults.append(AuditReport.Fault(what: Store.explain(error, path).message, place: "documents"))
    }
    return report
  }

  private func replay(
    _ store: Store, _ run: AuditRun, _ report: inout AuditReport, _ progress: @Sendable (UInt64, UInt64) -> Void
  ) async throws {
    // The end of the log itself, whatever the rows of blocks say.
    let size = try await store.pool.read { try Store.logEnd($0) }
    var next: UInt64 = 1
    let keys = run.keys
    var upcoming = Task { try await Auditor.load(store, from: 1, to: min(size, 1 + Auditor.group), keys: keys()) }
    do {
      while next < size {
        let (entries, verifications, damage) = try await upcoming.value
        guard !entries.isEmpty else {
          throw damage ?? DamagedRow(message: "The log has no entry \(next).", place: "entry \(next)")
        }
        let from = next
        next += UInt64(entries.count)
        let start = next
        upcoming = Task {
          try await Auditor.load(store, from: start, to: min(size, start + Auditor.group), keys: keys())
        }
        let faults = try await run.take(entries, verifications, from: from)
        let standing = run.standing
        report.blocks = standing.height
        report.signatures += UInt64(entries.count)
        report.size = standing.size
        report.root = standing.root
        report.stateRoot = standing.stateRoot
        report.faults.append(contentsOf: faults)
        progress(next, size)
        if !faults.isEmpty { break }
        // Rows behind the damage were not read; what stands before it has been found sound.
        if let damage { throw damage }
      }
    } catch {
      upcoming.cancel()
      _ = await upcoming.result
      throw error
    }
    // Closing the store waits for whoever reads, on a thread that the reading may need: so nothing may be under way then.
    upcoming.cancel()
    _ = await upcoming.result
    if report.faults.isEmpty && run.unsealed > 0 {
      report.faults.append(
        AuditReport.Fault(
          what: "The last \(run.unsealed) entries are in no sealed block.", place: "entry \(run.standing.size)"))
    }
    report.faults.append(contentsOf: try await run.finish(&report))
  }

  private static func load(
    _ store: Store, from: UInt64, to: UInt64, keys: [KeyID: PublicKey]
  ) async throws -> ([[UInt8]], [Verification], damage: DamagedRow?) {
    let (entries, damage) = try await store.pool.read { db -> ([[UInt8]], DamagedRow?) in
      var entries: [[UInt8]] = []
      do {
        try Store.eachEntry(db, from: from, to: to) { _, entry in entries.append(Array(entry)) }
      } catch let row as DamagedRow { return (entries, row) }
      return (entries, nil)
    }
    let verifications = await SignatureChecks.run(entries.map { Seal.isSeal($0[...]) ? [] : $0 }, keys: keys)
    return (entries, verifications, damage)
  }
}
