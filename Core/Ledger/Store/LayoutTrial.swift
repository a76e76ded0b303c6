import GRDB
package import Merkle
package import Primitives

/// The ways to keep a block's state values that docs/decisions/0001-store.md compares.
package enum StateLayout: String, CaseIterable, Sendable {
  /// A row for each value, keys spread at random, in the block's transaction.
  case randomRows = "rows, random keys"
  /// A row for each value, keys that rise under a few prefixes, in the block's transaction.
  case localRows = "rows, local keys"
  /// One blob of writes for each block, folded into rows in bulk; the map stays in memory. What the store does.
  case folded = "blob, folded"
  /// The same, and after each fold the map's subtrees are read back when they are touched.
  case evicted = "blob, folded, map evicted"
  /// One blob of writes for each block and no rows: values stay in memory.
  case blobs = "blob only"
}

/// A store whose blocks are appended under one layout or another, by the store's own code and settings.
///
/// For measurements only: no genesis, no signatures, no execution. One thread at a time.
package final class LayoutTrial: @unchecked Sendable {
  /// A write of a trial: the key, 32 bytes of value.
  package typealias Write = (key: StateKey, value: [UInt8])

  private let store: Store
  private let layout: StateLayout
  private let pending = PendingState()
  private var map = PatriciaMap()
  private var height: UInt64 = 0
  private var size: UInt64 = 1

  /// An empty store at `path`.
  package init(path: String, layout: StateLayout) throws {
    store = try Store(path: path)
    self.layout = layout
  }

  /// Puts values in place before anything is measured, in the best order.
  ///
  /// - Parameter map: the map of the same keys, where the layout has need of one.
  package func fill(_ writes: [Write], map filled: PatriciaMap) throws {
    let sorted = WriteSet(writes.map(LayoutTrial.blinded).sorted { $0.key < $1.key })
    if layout == .blobs {
      for start in stride(from: 0, to: sorted.writes.count, by: 4000) {
        let slice = WriteSet(Array(sorted.writes[start..<min(start + 4000, sorted.writes.count)]))
        pending.merge(slice, height: height + 1)
        try append([[0]], slice, rows: [])
      }
    } else {
      pending.merge(sorted, height: 0)
      try fold(filled, upTo: 0)
    }
    try writeBack()
  }

  /// Stores a block of statements with what they write, durably.
  package func commit(_ entries: [[UInt8]], _ writes: [Write]) throws {
    let set = WriteSet(writes.map(LayoutTrial.blinded))
    switch layout {
    case .randomRows, .localRows: try append(entries, WriteSet(), rows: set.writes.sorted { $0.key < $1.key })
    case .folded, .evicted, .blobs:
      pending.merge(set, height: height + 1)
      try append(entries, set, rows: [])
    }
  }

  /// Takes a block's values into the map, which may have to read subtrees back.
  package func apply(_ writes: [Write]) throws { try map.apply(LayoutTrial.changes(writes)) }

  /// The map's changes for these values.
  package static func changes(_ writes: [Write]) -> [(key: [UInt8], value: Digest?)] {
    writes.map { write in
      let write = blinded(write)
      return (write.key.bytes, StateValue.commitment(blind: write.blind, value: write.value ?? []))
    }
  }

  /// Folds what waits, if the layout does.
  package func fold() throws {
    if layout == .folded || layout == .evicted { try fold(map, upTo: height) }
  }

  /// Writes SQLite's own log back into the file.
  package func writeBack() throws {
    try store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
  }

  /// Values that wait in memory.
  package var waiting: Int { pending.count }

  /// What a node that opens this store reads before it knows the state's root.
  package func open() throws -> PatriciaMap {
    switch layout {
    case .randomRows, .localRows:
      var map = PatriciaMap()
      try map.apply(StateLoader(store: store).leaves(from: [], below: nil).map { ($0.key, Optional($0.value)) })
      return map
    case .folded, .evicted, .blobs:
      return try store.pool.read { db in
        let folded = try Store.metaNumber(db, Store.foldHeightName)
        var map = try PatriciaMap(
          summaries: SubtreeList.decode(try Store.meta(db, Store.subtreesName) ?? []),
          loader: StateLoader(store: store))
        let pending = PendingState()
        let rows = try SQL(db, "SELECT height, writes FROM block WHERE height >= ? ORDER BY height")
          .bind(.number(folded.map { $0 + 1 } ?? 0))
        while try rows.next() { pending.merge(try WriteSet(decoding: rows.bytes(1)), height: rows.number(0)) }
        try map.apply(pending.changes)
        return map
      }
    }
  }

  /// Closes the file.
  package func close() { store.close() }

  private func fold(_ folded: PatriciaMap, upTo height: UInt64) throws {
    let values = pending.fold(upTo: height)
    try store.pool.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        try Store.fold(db, values, map: folded, height: height)
        return .commit
      }
    }
    pending.drop(upTo: height)
    map = folded
    if layout == .folded { return }
    map = try PatriciaMap(
      summaries: try folded.summarize(maxLeaves: Store.subtreeLeaves), loader: StateLoader(store: store))
  }

  private func append(_ entries: [[UInt8]], _ writes: WriteSet, rows: [WriteSet.Write]) throws {
    let first = size
    height += 1
    size += UInt64(entries.count)
    var ids: [UInt8] = []
    ids.reserveCapacity(entries.count * 16)
    for entry in entries.dropLast() {
      // Spread like hash prefixes; what they are does not matter here.
      let mark = entry.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } &* 0x9e37_79b9_7f4a_7c15
      ids.append(u64: mark)
      ids.append(u64: mark &* 0xbf58_476d_1ce4_e5b9)
    }
    let tiles = (first / 256..<size / 256).compactMap { index in
      TileID(level: 0, index: index).map {
        (tile: $0, bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 8192))
      }
    }
    let seal = Seal(
      height: height, first: first, time: height, stateRoot: Digest(), refused: [], contractVersion: 1, epoch: 0,
      configuration: Digest())
    let block = Block(
      seal: seal, entries: entries, ids: ids, writes: writes, tiles: tiles, size: size, root: Digest())
    try store.pool.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        try Store.append(db, [block])
        if !rows.isEmpty {
          let insert = try SQL(db, "INSERT OR REPLACE INTO state VALUES (?, ?, ?)")
          for row in rows { try insert.bind(.bytes(row.key.bytes), .blind(row.blind), .bytes(row.value ?? [])).run() }
        }
        return .commit
      }
    }
  }

  private static func blinded(_ write: Write) -> WriteSet.Write {
    WriteSet.Write(key: write.key, value: write.value, blind: write.value.withUnsafeBytes { Blind(raw: $0) })
  }
}
