import GRDB
import Primitives

/// One node's ledger in one SQLite file (WAL, synchronous=FULL, secure_delete): the log in chunks of entries, hash
/// tiles, blocks with their write sets, checkpoints with co-signatures, documents, and the folded state.
///
/// The commit path appends only: rows with rising keys and one blob for each block's writes. Tables with random keys
/// (state, statement ids) are folded in bulk, sorted, and say up to which height they go.
final class Store: Sendable {
  let pool: DatabasePool
  let path: String

  /// Opens or makes the file. A folder that cannot be written, a file that is none of ours or from a later version is
  /// refused with one sentence.
  init(path: String, scratch: Bool = false, readonly: Bool = false) throws(LedgerError) {
    self.path = path
    var configuration = GRDB.Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { db in
      if readonly { return }
      try db.execute(sql: "PRAGMA synchronous = \(scratch ? "OFF" : "FULL")")
      try db.execute(sql: "PRAGMA secure_delete = \(scratch ? "OFF" : "ON")")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 16000")
      try db.execute(sql: "PRAGMA cache_size = -32768")
    }
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      if !readonly { try pool.write { db in try Store.makeTables(db) } }
    } catch {
      throw Store.explain(error, path)
    }
  }

  /// The sentence for an error of SQLite.
  static func explain(_ error: any Error, _ path: String) -> LedgerError {
    if let error = error as? LedgerError { return error }
    guard let error = error as? DatabaseError else {
      return LedgerError(.unavailable, "The ledger file \(path) cannot be used: \(error).")
    }
    switch error.resultCode {
    case .SQLITE_FULL:
      return LedgerError(
        .unavailable, "The disk is full: nothing of this block was stored in \(path). Free some space and submit again."
      )
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      return LedgerError(
        .unavailable,
        "The ledger file \(path) cannot be opened or written. Check that the folder exists and is yours to write.")
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return LedgerError(
        .damaged,
        "The ledger file \(path) is damaged or no ledger: \(Message(error.message ?? "SQLite cannot read it")). "
          + "Run audit to find the place, and restore this copy from another member.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return LedgerError(.busy, "Another process is using the ledger file \(path). Stop it or ask it.")
    default:
      return LedgerError(
        .unavailable,
        "The ledger file \(path) could not be read or written (\(Message(error.message ?? error.description))); "
          + "nothing of this step was stored.")
    }
  }

  /// Writes the write-ahead log back and closes the file, so that the one file is the whole ledger.
  func close() {
    try? pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try? pool.close()
  }

  private static func makeTables(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS block (
          height INTEGER PRIMARY KEY, first INTEGER NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL,
          ids BLOB NOT NULL, writes BLOB NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS block_first ON block (first);
        CREATE TABLE IF NOT EXISTS chunk (first INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS tile (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS checkpoint (size INTEGER PRIMARY KEY, note BLOB NOT NULL, final INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS state (key BLOB PRIMARY KEY, blind BLOB NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS statement_id (
          prefix INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (prefix, place)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS document (
          digest BLOB PRIMARY KEY, salt BLOB NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS evidence (
          number INTEGER PRIMARY KEY, member TEXT NOT NULL, size INTEGER NOT NULL, note BLOB NOT NULL);
        """)
  }

  // MARK: Meta

  static func meta(_ db: Database, _ name: String) throws -> [UInt8]? {
    let row = try SQL(db, "SELECT value FROM meta WHERE name = ?").bind(.text(name))
    defer { row.reset() }
    return try row.next() ? row.bytes(0) : nil
  }

  static func setMeta(_ db: Database, _ name: String, _ value: [UInt8]) throws {
    try SQL(db, "INSERT OR REPLACE INTO meta VALUES (?, ?)").bind(.text(name), .bytes(value)).run()
  }

  static func metaNumber(_ db: Database, _ name: String) throws -> UInt64? {
    guard let bytes = try meta(db, name) else { return nil }
    var reader = ByteReader(bytes)
    guard let number = reader.u64(), reader.isAtEnd else {
      throw LedgerError(.damaged, "The ledger's note '\(name)' is damaged; run audit.")
    }
    return number
  }

  static func setMetaNumber(_ db: Database, _ name: String, _ value: UInt64) throws {
    var bytes: [UInt8] = []
    bytes.append(u64: value)
    try setMeta(db, name, bytes)
  }
}
