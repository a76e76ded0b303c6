import GRDB
import Primitives

/// The tables of a ledger's file.
enum Schema {
  /// Each with its name and the text that SQLite keeps of it.
  private static let objects: [(name: String, sql: String)] = [
    ("meta", "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"),
    (
      "block",
      """
      CREATE TABLE block (
        height INTEGER PRIMARY KEY, first INTEGER NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL,
        ids BLOB NOT NULL, writes BLOB NOT NULL)
      """
    ),
    ("block_first", "CREATE UNIQUE INDEX block_first ON block (first)"),
    ("chunk", "CREATE TABLE chunk (first INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"),
    ("tile", "CREATE TABLE tile (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"),
    (
      "checkpoint",
      "CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note BLOB NOT NULL, final INTEGER NOT NULL)"
    ),
    (
      "state",
      "CREATE TABLE state (key BLOB PRIMARY KEY, blind BLOB NOT NULL, value BLOB NOT NULL) WITHOUT ROWID"
    ),
    (
      "statement_id",
      """
      CREATE TABLE statement_id (
        prefix INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (prefix, place)) WITHOUT ROWID
      """
    ),
    (
      "document",
      """
      CREATE TABLE document (
        digest BLOB PRIMARY KEY, salt BLOB NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID
      """
    ),
    (
      "evidence",
      """
      CREATE TABLE evidence (
        number INTEGER PRIMARY KEY, member TEXT NOT NULL, size INTEGER NOT NULL, note BLOB NOT NULL)
      """
    ),
  ]

  /// Makes the tables of an empty file. In any other they must be there as they were made: a table that has lost its
  /// name would otherwise come back empty and nobody would know.
  static func prepare(_ db: Database, _ path: String) throws {
    var kept: [String: String] = [:]
    let rows = try SQL(db, "SELECT name, sql FROM sqlite_schema").bind()
    while try rows.next() { kept[rows.text(0)] = rows.text(1) }
    if kept.isEmpty {
      for (_, sql) in objects { try db.execute(sql: sql) }
      return
    }
    guard objects.contains(where: { kept[$0.name] != nil }) else {
      throw LedgerError(
        .unavailable, "The file \(path) is a database of another program, not a ledger. Use another folder.")
    }
    if let lost = objects.first(where: { kept[$0.name] != $0.sql }) {
      throw DamagedRow(
        message: "The ledger file \(path) is damaged: its table '\(lost.name)' is missing or is not as it was made. "
          + "Restore this copy from another member.",
        place: "table \(lost.name)")
    }
  }
}
