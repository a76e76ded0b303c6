internal import GRDB
internal import GRDBSQLite
internal import Primitives

/// A prepared statement with bytes bound and read directly, as the ledger's store does it.
final class EdgeSQL {
  private let statement: GRDB.Statement
  private let handle: OpaquePointer

  init(_ db: Database, _ sql: String) throws {
    statement = try db.makeStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  enum Value {
    case number(UInt64)
    case bytes([UInt8])
    case text(String)
  }

  /// Binds from the first parameter on.
  func bind(_ values: Value...) -> EdgeSQL {
    sqlite3_reset(handle)
    for (offset, value) in values.enumerated() {
      let place = Int32(offset + 1)
      switch value {
      case .number(let number): sqlite3_bind_int64(handle, place, Int64(bitPattern: number))
      case .bytes(let bytes):
        _ = bytes.withUnsafeBytes { raw in
          if raw.isEmpty {
            sqlite3_bind_zeroblob(handle, place, 0)
          } else {
            sqlite3_bind_blob(handle, place, raw.baseAddress, Int32(raw.count), EdgeSQL.transient)
          }
        }
      case .text(let text): sqlite3_bind_text(handle, place, text, -1, EdgeSQL.transient)
      }
    }
    return self
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

  func bytes(_ column: Int32) -> [UInt8] {
    defer { extendLifetime(self) }
    let count = Int(sqlite3_column_bytes(handle, column))
    return Array(UnsafeRawBufferPointer(start: sqlite3_column_blob(handle, column), count: count))
  }

  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func error(_ code: Int32) -> DatabaseError {
    let message = sqlite3_db_handle(handle).flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
    return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
  }
}

/// Parts of one blob.
final class EdgeBlob {
  private var handle: OpaquePointer?

  init(_ db: Database, row: UInt64) throws {
    let code = sqlite3_blob_open(db.sqliteConnection, "main", "body", "bytes", Int64(bitPattern: row), 0, &handle)
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }

  deinit { sqlite3_blob_close(handle) }

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
