import GRDB

/// Checkpoints with the signatures gathered so far.
extension Store {
  static func put(_ db: Database, checkpoint size: UInt64, note: [UInt8], final: Bool) throws {
    try SQL(db, "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)")
      .bind(.number(size), .bytes(note), .number(final ? 1 : 0)).run()
  }

  /// The newest checkpoint, or the newest final one.
  static func checkpoint(_ db: Database, final: Bool) throws -> (size: UInt64, note: [UInt8])? {
    let row = try SQL(db, "SELECT size, note FROM checkpoint WHERE final >= ? ORDER BY size DESC LIMIT 1")
      .bind(.number(final ? 1 : 0))
    defer { row.reset() }
    return try row.next() ? (row.number(0), row.bytes(1)) : nil
  }

  static func checkpoint(_ db: Database, size: UInt64) throws -> [UInt8]? {
    let row = try SQL(db, "SELECT note FROM checkpoint WHERE size = ?").bind(.number(size))
    defer { row.reset() }
    return try row.next() ? row.bytes(0) : nil
  }
}
