import GRDB
import Merkle
import Primitives

/// How a store spends its time; the ledger is the same whatever the figures.
package struct StoreTuning: Sendable {
  /// Values that wait before they are folded into the state table: enough for sorted bulk to pay.
  package var foldAfter = 50_000
  /// Pages of the write-ahead log after which SQLite writes it back into the file.
  package var checkpointPages = 16_000

  /// The figures that measurements gave.
  package init() {}

  /// Other figures; small ones make folds and write-backs frequent.
  package init(foldAfter: Int, checkpointPages: Int) {
    self.foldAfter = foldAfter
    self.checkpointPages = checkpointPages
  }
}

/// A row that is not what was stored, and its place in the words of an audit.
struct DamagedRow: Error {
  let message: Message
  let place: Message
}

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
  init(
    path: String, scratch: Bool = false, readonly: Bool = false, tuning: StoreTuning = StoreTuning()
  ) throws(LedgerError) {
    self.path = path
    var configuration = GRDB.Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { db in
      // The writer works on the pages of a block and of a fold; readers, of which there are several, on few at a time.
      try db.execute(sql: "PRAGMA cache_size = \(db.configuration.readonly ? -4096 : -32768)")
      if db.configuration.readonly { return }
      try db.execute(sql: "PRAGMA secure_delete = \(scratch ? "OFF" : "ON")")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = \(tuning.checkpointPages)")
    }
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      if !readonly {
        // Not before: GRDB sets NORMAL when it turns the write-ahead log on, and then no commit waits for the disk.
        try pool.writeWithoutTransaction { db in
          try db.execute(sql: "PRAGMA synchronous = \(scratch ? "OFF" : "FULL")")
        }
        try pool.write { db in try Schema.prepare(db, path) }
      }
    } catch {
      throw Store.explain(error, path)
    }
  }

  /// The sentence for an error of SQLite.
  static func explain(_ error: any Error, _ path: String) -> LedgerError {
    if let error = error as? LedgerError { return error }
    if let error = error as? DamagedRow { return LedgerError(.damaged, error.message) }
    switch error as? PatriciaError {
    case .loaderFailed(let cause): return explain(cause, path)
    case .staleSubtree, .badSummaries:
      return LedgerError(
        .damaged,
        "The state in \(path) does not fit the list of its subtrees. Run audit to find the place, and restore this copy "
          + "from another member.")
    default: break
    }
    guard let error = error as? DatabaseError else {
      return LedgerError(.unavailable, "The ledger file \(path) cannot be used: \(error).")
    }
    switch error.resultCode {
    case .SQLITE_FULL:
      return LedgerError(
        .unavailable, "The disk is full: nothing of this step was stored in \(path). Free some space and try again.")
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
    case .SQLITE_IOERR where FileTrouble.isDiskFull(path):
      return LedgerError(
        .unavailable, "The disk is full: nothing of this step was stored in \(path). Free some space and try again.")
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
