import GRDB
import Primitives

/// Documents beside the log, by the salted digest that their envelope carries, and what members are held to.
extension Store {
  static func put(_ db: Database, document: [UInt8], salt: [UInt8]) throws {
    let digest = HashEnvelope.digest(salt: salt, document: document)
    try SQL(db, "INSERT OR IGNORE INTO document VALUES (?, ?, ?)")
      .bind(.digest(digest), .bytes(salt), .bytes(document)).run()
  }

  static func document(_ db: Database, _ digest: Digest) throws -> (salt: [UInt8], bytes: [UInt8])? {
    let row = try SQL(db, "SELECT salt, bytes FROM document WHERE digest = ?").bind(.digest(digest))
    defer { row.reset() }
    return try row.next() ? (row.bytes(0), row.bytes(1)) : nil
  }

  /// Erases a document and its salt; secure_delete overwrites the pages. Gives whether there was one.
  static func erase(_ db: Database, _ digest: Digest) throws -> Bool {
    try SQL(db, "DELETE FROM document WHERE digest = ?").bind(.digest(digest)).run()
    return db.changesCount > 0
  }

  /// Keeps a member's second word about one size as evidence.
  static func keep(_ db: Database, member: String, size: UInt64, note: [UInt8]) throws {
    try SQL(
      db,
      "INSERT INTO evidence (member, size, note) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE member = ? AND size = ? AND note = ?)"
    )
    .bind(.text(member), .number(size), .bytes(note), .text(member), .number(size), .bytes(note)).run()
  }

  /// What is held against members.
  static func evidence(_ db: Database) throws -> [Evidence] {
    let rows = try SQL(db, "SELECT member, size, note FROM evidence ORDER BY number").bind()
    var found: [Evidence] = []
    while try rows.next() { found.append(Evidence(member: rows.text(0), size: rows.number(1), note: rows.bytes(2))) }
    return found
  }
}

/// A member's co-signature over a root that is not the log's.
public struct Evidence: Sendable, Equatable {
  /// The member.
  public let member: String
  /// The size that the member co-signed with another root.
  public let size: UInt64
  /// The signed note that shows it.
  public let note: [UInt8]
}
