import GRDB
import Primitives

/// Checks that need no execution.
enum StoredChecks {
  /// The file as SQLite sees it.
  static func file(_ store: Store, _ report: inout AuditReport) throws {
    let messages = try store.pool.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(5)") }
    for message in messages where message != "ok" {
      report.faults.append(AuditReport.Fault(what: "SQLite finds the file damaged: \(message)", place: "file"))
    }
  }

  /// Documents beside the log against the digests under which they are kept, and the ids of the folded statements.
  static func documents(_ store: Store, _ report: inout AuditReport) throws {
    report.faults += try store.pool.read { db in
      var faults: [AuditReport.Fault] = []
      let rows = try SQL(db, "SELECT digest, salt, bytes FROM document").bind()
      while try rows.next() {
        let digest = rows.bytes(0)
        guard HashEnvelope.digest(salt: rows.bytes(1), document: rows.bytes(2)).bytes == digest else {
          faults.append(
            AuditReport.Fault(
              what: "The document or its salt has been altered.", place: "document \(Hex.encode(digest))"))
          continue
        }
      }
      faults += try ids(db)
      return faults
    }
  }

  /// The table of folded ids against the blocks that they come from: two scans, compared by a keyed sum over the pairs.
  private static func ids(_ db: Database) throws -> [AuditReport.Fault] {
    let folded = try StoredMeta(db).foldHeight
    var due = PairSum()
    try eachID(db, upTo: folded) { due.add($0, $1) }
    var kept = PairSum()
    let rows = try SQL(db, "SELECT prefix, place FROM statement_id").bind()
    while try rows.next() { kept.add(rows.number(0), rows.number(1)) }
    return kept == due ? [] : try differingIDs(db, upTo: folded)
  }

  private static func eachID(_ db: Database, upTo folded: UInt64?, _ body: (UInt64, UInt64) -> Void) throws {
    guard let folded else { return }
    let rows = try SQL(db, "SELECT first, ids FROM block WHERE height >= 0 AND height <= ? ORDER BY height")
      .bind(.number(folded))
    while try rows.next() {
      var place = rows.number(0)
      var reader = ByteReader(rows.bytes(1))
      while reader.u64() != nil, let prefix = reader.u64() {
        body(prefix, place)
        place &+= 1
      }
    }
  }

  /// Which ids are missing, or belong to no statement.
  private static func differingIDs(_ db: Database, upTo folded: UInt64?) throws -> [AuditReport.Fault] {
    var due: [UInt64: UInt64] = [:]
    try eachID(db, upTo: folded) { due[$1] = $0 }
    var strangers: [UInt64] = []
    let rows = try SQL(db, "SELECT prefix, place FROM statement_id").bind()
    while try rows.next() {
      if due[rows.number(1)] == rows.number(0) { due[rows.number(1)] = nil } else { strangers.append(rows.number(1)) }
    }
    let missing = due.keys.sorted().prefix(Auditor.faultLimit).map {
      AuditReport.Fault(what: "The statement's id is missing in the table of ids.", place: "id of entry \($0)")
    }
    if !missing.isEmpty { return missing }
    return strangers.prefix(Auditor.faultLimit).map {
      AuditReport.Fault(what: "The table of ids has a row that belongs to no statement.", place: "id of entry \($0)")
    }
  }

  /// The sum of hashes of pairs under a key of this process: the order of the pairs does not matter, and nobody can
  /// prepare other pairs with the same sum.
  private struct PairSum: Equatable {
    private var count = 0
    private var sum: UInt64 = 0

    mutating func add(_ prefix: UInt64, _ place: UInt64) {
      var hasher = Hasher()
      hasher.combine(prefix)
      hasher.combine(place)
      count += 1
      sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
    }
  }
}
