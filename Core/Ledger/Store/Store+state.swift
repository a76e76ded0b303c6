import COSE
import GRDB
import Merkle
import Primitives

/// The folded state: every key with its value as of the fold's height, and the map's subtrees over it.
extension Store {
  static let foldHeightName = "fold-height"
  static let subtreesName = "subtrees"

  /// Leaves of one subtree that opening does not read: about a millisecond of work when it is touched.
  static let subtreeLeaves = 1024

  static func stateRow(_ db: Database, _ key: StateKey) throws -> (blind: Blind, value: [UInt8])? {
    let row = try SQL(db, "SELECT blind, value FROM state WHERE key = ?").bind(.bytes(key.bytes))
    defer { row.reset() }
    guard try row.next() else { return nil }
    return (try blind(row, 0), row.bytes(1))
  }

  /// The newest value under a key without an executor: out of the unfolded blocks, newest first, or the table.
  static func currentValue(_ db: Database, _ key: StateKey) throws -> [UInt8]? {
    let folded = try metaNumber(db, foldHeightName)
    let rows = try SQL(db, "SELECT writes FROM block WHERE height >= ? ORDER BY height DESC")
      .bind(.number(folded.map { $0 + 1 } ?? 0))
    defer { rows.reset() }
    while try rows.next() {
      if let write = try WriteSet(decoding: rows.bytes(0)).writes.last(where: { $0.key == key }) { return write.value }
    }
    return try stateRow(db, key)?.value
  }

  static func blind(_ row: SQL, _ column: Int32) throws -> Blind {
    try row.withBytes(column) { bytes in
      guard bytes.count == StateValue.blindBytes else {
        throw LedgerError(.damaged, "A value of the state table has no blind. Run audit.")
      }
      return Blind(raw: bytes)
    }
  }

  /// Moves the values of blocks up to `height` into the table, sorted, and the ids of their statements; one
  /// transaction of the caller's.
  ///
  /// - Parameter map: the map as of `height`, whose subtrees are noted for opening.
  static func fold(
    _ db: Database, _ values: [(key: StateKey, version: PendingState.Version)], map: PatriciaMap, height: UInt64
  ) throws {
    let insert = try SQL(db, "INSERT OR REPLACE INTO state VALUES (?, ?, ?)")
    let delete = try SQL(db, "DELETE FROM state WHERE key = ?")
    for (key, version) in values {
      if let value = version.value {
        try insert.bind(.bytes(key.bytes), .blind(version.blind), .bytes(value)).run()
      } else {
        try delete.bind(.bytes(key.bytes)).run()
      }
    }
    let from = try metaNumber(db, foldHeightName).map { $0 + 1 } ?? 0
    try foldIDs(db, from: from, to: height)
    try setMeta(db, subtreesName, SubtreeList.encode(try map.summarize(maxLeaves: subtreeLeaves)))
    try setMetaNumber(db, foldHeightName, height)
  }

  private static func foldIDs(_ db: Database, from: UInt64, to: UInt64) throws {
    let rows = try SQL(db, "SELECT first, ids FROM block WHERE height >= ? AND height <= ?")
      .bind(.number(from), .number(to))
    var ids: [(prefix: UInt64, place: UInt64)] = []
    while try rows.next() {
      var place = rows.number(0)
      var reader = ByteReader(rows.bytes(1))
      while reader.u64() != nil, let prefix = reader.u64() {
        ids.append((prefix, place))
        place += 1
      }
    }
    ids.sort { (Int64(bitPattern: $0.prefix), $0.place) < (Int64(bitPattern: $1.prefix), $1.place) }
    let insert = try SQL(db, "INSERT OR IGNORE INTO statement_id VALUES (?, ?)")
    for (prefix, place) in ids { try insert.bind(.number(prefix), .number(place)).run() }
  }
}

/// Reads the leaves of a subtree out of the state table.
struct StateLoader: SubtreeLoader {
  let store: Store

  func leaves(from lower: [UInt8], below upper: [UInt8]?) throws -> [(key: [UInt8], value: Digest)] {
    // A proof or a list is read on a connection already when it comes to a subtree that is not in memory.
    try store.pool.unsafeReentrantRead { db in
      let limit = upper == nil ? "" : "AND key < ?"
      let rows = try SQL(db, "SELECT key, blind, value FROM state WHERE key >= ? \(limit) ORDER BY key")
      _ = upper.map { rows.bind(.bytes(lower), .bytes($0)) } ?? rows.bind(.bytes(lower))
      defer { rows.reset() }
      var leaves: [(key: [UInt8], value: Digest)] = []
      while try rows.next() {
        leaves.append(
          (rows.bytes(0), StateValue.commitment(blind: try Store.blind(rows, 1), value: rows.bytes(2))))
      }
      return leaves
    }
  }
}

/// What the executor reads out of a node's own store, on the store's writer connection.
final class StoredBase: ExecutorBase {
  let db: Database
  private let select: SQL

  init(_ db: Database) throws {
    self.db = db
    select = try SQL(db, "SELECT value FROM state WHERE key = ?")
  }

  func value(_ key: StateKey) throws -> [UInt8]? {
    _ = select.bind(.bytes(key.bytes))
    defer { select.reset() }
    return try select.next() ? select.bytes(0) : nil
  }

  func statement(_ index: UInt64) throws -> (issuer: [UInt8], claimID: ClaimID, id: Digest, time: UInt64)? {
    try Store.statement(db, index)
  }
}

extension Store {
  /// The issuer, cti and id of a stored statement, and the time of its block.
  static func statement(
    _ db: Database, _ index: UInt64
  ) throws -> (issuer: [UInt8], claimID: ClaimID, id: Digest, time: UInt64)? {
    guard let block = try Store.block(db, holding: index), index + 1 < block.size,
      let entry = try Store.entry(db, index)
    else { return nil }
    let content = try StatementContent(entry)
    return (Array(content.header.issuerBytes), content.header.claimID, content.id, block.time)
  }

  /// No fewer keys than the state has: those of the table, and as many as the writes above it could be.
  static func keysAtMost(_ db: Database) throws -> Int {
    let table = try SQL(db, "SELECT count(*) FROM state").bind()
    defer { table.reset() }
    guard try table.next() else { return 0 }
    let blocks = try SQL(db, "SELECT sum(length(writes)) FROM block WHERE height > ?")
      .bind(.number(try StoredMeta(db).foldHeight ?? 0))
    defer { blocks.reset() }
    return try Int(clamping: table.number(0)) + (blocks.next() ? Int(clamping: blocks.number(0)) / 40 : 0)
  }
}

/// What an executor reads from once its store is closed: nothing.
struct ClosedBase: ExecutorBase {
  private var closed: LedgerError { LedgerError(.unavailable, "The ledger's file is closed.") }
  func value(_ key: StateKey) throws -> [UInt8]? { throw closed }
  func statement(_ index: UInt64) throws -> (issuer: [UInt8], claimID: ClaimID, id: Digest, time: UInt64)? {
    throw closed
  }
}
