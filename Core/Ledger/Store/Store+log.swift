import GRDB
import Merkle
import Primitives

/// A block that has been executed and not been stored yet.
struct Block: Sendable {
  let seal: Seal
  /// The statements and, last, the seal.
  let entries: [[UInt8]]
  /// For each statement the replay prefix and the id's prefix, 16 bytes.
  let ids: [UInt8]
  let writes: WriteSet
  /// Hash tiles that the block completed.
  let tiles: [(tile: TileID, bytes: [UInt8])]
  /// The log's size and root with the block.
  let size: UInt64
  let root: Digest
}

/// The log's tables.
extension Store {
  /// Bytes of entries in one row: reading one entry reads its row.
  private static let chunkBytes = 32 << 10

  static func append(_ db: Database, first: UInt64, entries: [[UInt8]]) throws {
    let insert = try SQL(db, "INSERT INTO chunk VALUES (?, ?)")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(chunkBytes)
    var start = first
    for (offset, entry) in entries.enumerated() {
      if !bytes.isEmpty && bytes.count + entry.count > chunkBytes {
        try insert.bind(.number(start), .bytes(bytes)).run()
        bytes.removeAll(keepingCapacity: true)
        start = first + UInt64(offset)
      }
      bytes.append(u16: UInt16(entry.count))
      bytes.append(contentsOf: entry)
    }
    try insert.bind(.number(start), .bytes(bytes)).run()
  }

  /// Stores blocks in the order given; the caller's transaction makes them durable together.
  static func append(_ db: Database, _ blocks: [Block]) throws {
    let insertBlock = try SQL(db, "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?)")
    let insertTile = try SQL(db, "INSERT INTO tile VALUES (?, ?)")
    for block in blocks {
      try append(db, first: block.seal.first, entries: block.entries)
      for (tile, bytes) in block.tiles {
        try insertTile.bind(.number(tilePlace(tile.level, tile.index)), .bytes(bytes)).run()
      }
      try insertBlock.bind(
        .number(block.seal.height), .number(block.seal.first), .number(block.size), .number(block.seal.time),
        .bytes(block.ids), .bytes(block.writes.encoded())
      ).run()
    }
  }

  static func tilePlace(_ level: Int, _ index: UInt64) -> UInt64 { UInt64(level) << 56 | index }

  /// Entry `index`, or nil beyond the end.
  static func entry(_ db: Database, _ index: UInt64) throws -> [UInt8]? {
    var found: [UInt8]?
    try eachEntry(db, from: index, to: index + 1) { _, entry in found = Array(entry) }
    return found
  }

  /// Calls `body` with the entries from `from` up to and without `to`, in order, as far as there are any.
  ///
  /// Throws `DamagedRow` where the rows do not follow on each other.
  static func eachEntry(
    _ db: Database, from: UInt64, to: UInt64, _ body: (UInt64, ArraySlice<UInt8>) throws -> Void
  ) throws {
    guard from < to else { return }
    let before = try SQL(db, "SELECT first FROM chunk WHERE first <= ? ORDER BY first DESC LIMIT 1").bind(.number(from))
    let start = try before.next() ? before.number(0) : 0
    before.reset()
    let rows = try SQL(db, "SELECT first, bytes FROM chunk WHERE first >= ? AND first < ? ORDER BY first")
    _ = rows.bind(.number(start), .number(to))
    defer { rows.reset() }
    var expected: UInt64?
    while try rows.next() {
      var index = rows.number(0)
      guard expected.map({ $0 == index }) ?? (index <= from) else {
        let missing = expected ?? from
        throw DamagedRow(
          message: "The log has no entry \(missing): a row of entries is missing or damaged. Run audit.",
          place: "entry \(missing)")
      }
      var reader = ByteReader(rows.bytes(1))
      while !reader.isAtEnd {
        if index >= to { return }
        guard let count = reader.u16(), let entry = reader.take(Int(count)) else {
          throw DamagedRow(
            message: "Entry \(index) of the log is damaged. Run audit, and restore this copy from a peer.",
            place: "entry \(index)")
        }
        if index >= from { try body(index, entry) }
        index &+= 1
      }
      expected = index
    }
  }

  /// The place behind the last entry, by the rows of entries alone; one more when the last row cannot be read to its end.
  static func logEnd(_ db: Database) throws -> UInt64 {
    let row = try SQL(db, "SELECT first, bytes FROM chunk ORDER BY first DESC LIMIT 1").bind()
    defer { row.reset() }
    guard try row.next() else { return 0 }
    var end = row.number(0)
    var reader = ByteReader(row.bytes(1))
    while !reader.isAtEnd {
      end &+= 1
      guard let count = reader.u16(), reader.take(Int(count)) != nil else { break }
    }
    return end
  }

  /// The places of statements whose id begins with `prefix`, among those folded.
  static func places(_ db: Database, idPrefix: UInt64) throws -> [UInt64] {
    let rows = try SQL(db, "SELECT place FROM statement_id WHERE prefix = ?").bind(.number(idPrefix))
    var places: [UInt64] = []
    while try rows.next() { places.append(rows.number(0)) }
    return places
  }

  /// Height, first index, size and time of the block that holds entry `index`.
  static func block(_ db: Database, holding index: UInt64) throws -> BlockRow? {
    try BlockRow(
      SQL(db, "SELECT height, first, size, time FROM block WHERE first <= ? ORDER BY first DESC LIMIT 1")
        .bind(.number(index)))
  }

  /// The last block.
  static func lastBlock(_ db: Database) throws -> BlockRow? {
    try BlockRow(SQL(db, "SELECT height, first, size, time FROM block ORDER BY height DESC LIMIT 1").bind())
  }

  /// The block at a height.
  static func block(_ db: Database, height: UInt64) throws -> BlockRow? {
    try BlockRow(SQL(db, "SELECT height, first, size, time FROM block WHERE height = ?").bind(.number(height)))
  }
}

/// Where a block stands.
struct BlockRow: Sendable {
  let height: UInt64
  let first: UInt64
  let size: UInt64
  let time: UInt64

  init?(_ row: SQL) throws {
    guard try row.next() else { return nil }
    height = row.number(0)
    first = row.number(1)
    size = row.number(2)
    time = row.number(3)
    row.reset()
    guard first < size else {
      throw DamagedRow(
        message:
          "The row of block \(height) is damaged: it says that the block goes from entry \(first) to \(size). Run "
          + "audit, and restore this copy from another member.",
        place: "block \(height)")
    }
  }
}

/// Full tiles out of the store, and the partial ones of one moment out of memory.
struct StoredTiles: TileReader {
  let db: Database
  let edge: TileTree

  func tile(_ id: TileID) throws -> [Digest] {
    if id.index == edge.size >> UInt64(8 * id.level + 8) { return edge.partialTile(level: id.level) }
    let row = try SQL(db, "SELECT bytes FROM tile WHERE place = ?").bind(.number(Store.tilePlace(id.level, id.index)))
    defer { row.reset() }
    guard try row.next(), let hashes = Tile.hashes(in: row.bytes(0)) else {
      throw LedgerError(.damaged, "The hash tile \(id.path) is missing or damaged. Run audit.")
    }
    return hashes
  }
}
