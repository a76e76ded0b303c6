internal import GRDB
internal import Ledger
internal import Primitives

/// One gateway's batches in one SQLite file (WAL, synchronous=FULL, secure_delete): a row for each header, a blob for each
/// body, and a snapshot of the devices.
///
/// Nothing here has a random key: a commit appends.
package final class EdgeStore: Sendable {
  let pool: DatabasePool
  let path: String

  private static let tables: [(name: String, sql: String)] = [
    ("meta", "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"),
    (
      "batch",
      "CREATE TABLE batch (number INTEGER PRIMARY KEY, statement BLOB NOT NULL, anchored INTEGER NOT NULL)"
    ),
    ("body", "CREATE TABLE body (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"),
    ("snapshot", "CREATE TABLE snapshot (part INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"),
  ]

  /// Opens or makes the file of one gateway; a file of another gateway or program is refused.
  package init(path: String, gateway: String) throws(EdgeError) {
    self.path = path
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 2
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA cache_size = -8192")
      if db.configuration.readonly { return }
      // Bodies are blobs of half a megabyte; counts only while the file is made.
      try db.execute(sql: "PRAGMA page_size = 32768")
      try db.execute(sql: "PRAGMA secure_delete = ON")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 2000")
    }
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      // Not before: GRDB sets NORMAL when it turns the write-ahead log on, and then no commit waits for the disk.
      try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
      try pool.write { db in try EdgeStore.prepare(db, path, gateway) }
    } catch { throw EdgeStore.explain(error, path) }
  }

  private static func prepare(_ db: Database, _ path: String, _ gateway: String) throws {
    var found: [String: String] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL") {
      found[row[0]] = row[1]
    }
    if found.isEmpty {
      for table in tables { try db.execute(sql: table.sql) }
      try EdgeSQL(db, "INSERT INTO meta VALUES ('gateway', ?)").bind(.bytes(Array(gateway.utf8))).run()
    }
    for table in tables where !found.isEmpty && found[table.name] != table.sql {
      throw EdgeError(.damaged, "The file \(path) is no gateway's, or its table '\(table.name)' is damaged.")
    }
    let rows = try EdgeSQL(db, "SELECT value FROM meta WHERE name = 'gateway'").bind()
    defer { rows.reset() }
    guard try rows.next(), rows.bytes(0) == Array(gateway.utf8) else {
      throw EdgeError(.unavailable, "The file \(path) belongs to another gateway than '\(gateway)'.")
    }
  }

  static func explain(_ error: any Error, _ path: String) -> EdgeError {
    if let error = error as? EdgeError { return error }
    let database = error as? DatabaseError
    switch database?.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return EdgeError(.damaged, "The gateway's file \(path) is damaged: \(database?.message ?? "\(error)").")
    case .SQLITE_FULL: return EdgeError(.unavailable, "The disk is full: nothing of this step was stored in \(path).")
    default:
      return EdgeError(
        .unavailable, "The gateway's file \(path) could not be read or written: \(database?.message ?? "\(error)").")
    }
  }

  /// Writes the write-ahead log back and closes the file.
  package func close() {
    try? pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try? pool.close()
  }

  /// Makes batches durable, all in one transaction, and notes which older ones have been anchored.
  package func commit(_ batches: [SealedBatch], anchored: [UInt64] = []) async throws(EdgeError) {
    do { try await pool.write { db in try EdgeStore.write(db, batches, anchored) } } catch {
      throw EdgeStore.explain(error, path)
    }
  }

  /// As above, on the caller's thread.
  package func commitNow(_ batches: [SealedBatch], anchored: [UInt64] = []) throws(EdgeError) {
    do { try pool.write { db in try EdgeStore.write(db, batches, anchored) } } catch {
      throw EdgeStore.explain(error, path)
    }
  }

  private static func write(_ db: Database, _ batches: [SealedBatch], _ anchored: [UInt64]) throws {
    let header = try EdgeSQL(db, "INSERT INTO batch VALUES (?, ?, 0)")
    let body = try EdgeSQL(db, "INSERT INTO body VALUES (?, ?)")
    for batch in batches {
      try header.bind(.number(batch.header.number), .bytes(batch.statement.entry)).run()
      try body.bind(.number(batch.header.number), .bytes(batch.body.encoded())).run()
    }
    let mark = try EdgeSQL(db, "UPDATE batch SET anchored = 1 WHERE number = ?")
    for number in anchored { try mark.bind(.number(number)).run() }
  }

  func read<R>(_ body: (Database) throws -> R) throws(EdgeError) -> R {
    do { return try pool.read(body) } catch { throw EdgeStore.explain(error, path) }
  }

  func write<R>(_ body: (Database) throws -> R) throws(EdgeError) -> R {
    do { return try pool.write(body) } catch { throw EdgeStore.explain(error, path) }
  }
}
