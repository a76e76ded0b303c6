import GRDB
import GRDBSQLite
import Primitives

/// A prepared statement with bytes bound and read directly: on the commit path GRDB's argument values cost more than
/// SQLite's own work.
///
/// Only `statement` keeps `handle` alive, and nothing but this object `statement`: what uses the handle extends the object's
/// life to its end.
final class SQL {
  private let statement: GRDB.Statement
  private let handle: OpaquePointer

  init(_ db: Database, _ sql: String) throws {
    statement = try db.makeStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  /// Binds from the first parameter on, forgetting earlier ones.
  func bind(_ values: Value...) -> SQL {
    sqlite3_reset(handle)
    for (offset, value) in values.enumerated() {
      let place = Int32(offset + 1)
      switch value {
      case .number(let number): sqlite3_bind_int64(handle, place, Int64(bitPattern: number))
      case .bytes(let bytes): bytes.withUnsafeBytes { bind($0, place) }
      case .digest(let digest): digest.withUnsafeBytes { bind($0, place) }
      case .blind(let blind): withUnsafeBytes(of: (blind.high, blind.low)) { bind($0, place) }
      case .text(let text): sqlite3_bind_text(handle, place, text, -1, SQL.transient)
      }
    }
    return self
  }

  enum Value {
    case number(UInt64)
    case bytes([UInt8])
    case digest(Digest)
    case blind(Blind)
    case text(String)
  }

  /// Runs a statement that gives no rows.
  func run() throws {
    defer { extendLifetime(self) }
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw error(code) }
  }

  /// Goes to the next row; false, and reset, after the last.
  func next() throws -> Bool {
    defer { extendLifetime(self) }
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw error(code) }
    return false
  }

  /// Ends a reading before its last row.
  func reset() { sqlite3_reset(handle) }

  func number(_ column: Int32) -> UInt64 { UInt64(bitPattern: sqlite3_column_int64(handle, column)) }

  func withBytes<R>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    defer { extendLifetime(self) }
    let count = Int(sqlite3_column_bytes(handle, column))
    return try body(UnsafeRawBufferPointer(start: sqlite3_column_blob(handle, column), count: count))
  }

  func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

  func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func bind(_ bytes: UnsafeRawBufferPointer, _ place: Int32) {
    if bytes.isEmpty {
      sqlite3_bind_zeroblob(handle, place, 0)
    } else {
      sqlite3_bind_blob(handle, place, bytes.baseAddress, Int32(bytes.count), SQL.transient)
    }
  }

  private func error(_ code: Int32) -> DatabaseError {
    let message = sqlite3_db_handle(handle).flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
    return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
  }
}

/// One blob, of which parts are read without the rest.
final class BlobReader {
  private var handle: OpaquePointer?

  /// Opens the blob of a row; throws `DatabaseError` when it is not there.
  init(_ db: Database, table: String, column: String, row: Int64) throws {
    let connection = db.sqliteConnection
    let code = sqlite3_blob_open(connection, "main", table, column, row, 0, &handle)
    guard code == SQLITE_OK else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) })
    }
  }

  deinit { sqlite3_blob_close(handle) }

  /// `count` bytes from `offset`; throws `DatabaseError` beyond the end.
  func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    guard let offset = Int32(exactly: offset), let length = Int32(exactly: count) else {
      throw DatabaseError(resultCode: .SQLITE_TOOBIG)
    }
    defer { extendLifetime(self) }
    return try Array(unsafeUninitializedCapacity: count) { buffer, filled in
      let code = sqlite3_blob_read(handle, buffer.baseAddress, length, offset)
      guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
      filled = count
    }
  }
}
