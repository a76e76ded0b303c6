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

  /// The table of folded ids against the blocks that they come from.
  private static func ids(_ db: Database) throws -> [AuditReport.Fault] {
    guard let folded = try Store.metaNumber(db, Store.foldHeightName) else { return [] }
    let look = try SQL(db, "SELECT 1 FROM statement_id WHERE prefix = ? AND place = ?")
    let rows = try SQL(db, "SELECT first, ids FROM block WHERE height <= ? ORDER BY height").bind(.number(folded))
    var count: UInt64 = 0
    while try rows.next() {
      var reader = ByteReader(rows.bytes(1))
      var place = rows.number(0)
      while reader.u64() != nil, let prefix = reader.u64() {
        count += 1
        guard try look.bind(.number(prefix), .number(place)).next() else {
          return [
            AuditReport.Fault(what: "The statement's id is missing in the table of ids.", place: "id of entry \(place)")
          ]
        }
        look.reset()
        place += 1
      }
    }
    let total = try SQL(db, "SELECT count(*) FROM statement_id").bind()
    defer { total.reset() }
    guard try total.next(), total.number(0) == count else {
      return [AuditReport.Fault(what: "The table of ids has rows that belong to no statement.", place: "ids")]
    }
    return []
  }
}
