import GRDB
import Merkle
import Primitives

/// Founding a store and bringing an executor up from one.
enum Opening {
  /// Writes the genesis as block 0 into an empty store.
  static func found(_ store: Store, genesis: Genesis) throws(LedgerError) {
    do {
      try store.pool.write { db in
        guard try Store.lastBlock(db) == nil else {
          throw LedgerError(.unavailable, "There is a ledger in \(store.path) already. Choose another folder.")
        }
        try Store.append(db, first: 0, entries: [genesis.encoded()])
        try SQL(db, "INSERT INTO block VALUES (0, 0, 1, ?, ?, ?)")
          .bind(.number(genesis.time), .bytes([]), .bytes(writes(of: genesis).encoded())).run()
      }
    } catch { throw Store.explain(error, store.path) }
  }

  /// What the genesis writes to the state: its configuration.
  static func writes(of genesis: Genesis) -> WriteSet {
    let key = Membership.configurations.key(order: 0)
    return WriteSet([
      WriteSet.Write(
        key: key, value: genesis.configuration.encoded(),
        blind: StateValue.blind(StateValue.blinder(entry: genesis.encoded()), key: key))
    ])
  }

  /// The genesis of a store.
  static func genesis(_ db: Database, _ store: Store) throws -> Genesis {
    guard let entry = try Store.entry(db, 0) else {
      throw LedgerError(.unavailable, "There is no ledger in \(store.path). Run init first.")
    }
    return try Genesis(decoding: entry[...])
  }

  /// The executor as of the last stored block.
  static func executor(_ store: Store, suite: ContractSuite, db: Database) throws -> Executor {
    let genesis = try genesis(db, store)
    guard genesis.contract == suite.id else {
      throw LedgerError(
        .unavailable,
        "\(store.path) holds a ledger of '\(genesis.contract)', and this is '\(suite.id)'. Use that program, or another folder."
      )
    }
    guard let last = try Store.lastBlock(db) else { throw LedgerError(.damaged, "\(store.path) has no blocks.") }
    let folded = try Store.metaNumber(db, Store.foldHeightName)
    let summaries = try SubtreeList.decode(try Store.meta(db, Store.subtreesName) ?? [])
    var map = try PatriciaMap(summaries: summaries, loader: StateLoader(store: store))
    let pending = PendingState()
    try replay(db, above: folded, into: pending)
    try map.apply(pending.changes)
    var configuration = genesis.configuration
    var contractVersion = configuration.contractVersion
    if last.height > 0 {
      guard let entry = try Store.entry(db, last.size - 1) else {
        throw LedgerError(.damaged, "Entry \(last.size - 1), the last seal, is missing in \(store.path). Run audit.")
      }
      let seal = try Seal(decoding: entry[...])
      guard seal.first == last.first, seal.time == last.time else { throw damagedRow(last, store) }
      guard seal.height == last.height, seal.stateRoot == map.root else {
        throw LedgerError(
          .damaged,
          "The state in \(store.path) is not the one that seal \(last.height) names. Run audit to find the "
            + "place, and restore this copy from another member.")
      }
      contractVersion = seal.contractVersion
      let key = Membership.configurations.key(order: seal.epoch)
      let bytes = try pending.latest(key)?.value ?? Store.stateRow(db, key)?.value
      guard let bytes else { throw LedgerError(.damaged, "The configuration \(seal.epoch) is missing. Run audit.") }
      configuration = try Configuration(decoding: bytes[...])
    }
    if last.height == 0 && (last.size != 1 || last.time != genesis.time) { throw damagedRow(last, store) }
    let executor = try Executor(
      genesis: genesis, suite: suite, configuration: configuration, contractVersion: contractVersion,
      tree: try tree(db, size: last.size), height: last.height, time: last.time, map: map,
      replays: try replays(db, last: last, folded: folded), pending: pending, base: try StoredBase(db))
    try executor.fillIndex()
    return executor
  }

  private static func damagedRow(_ row: BlockRow, _ store: Store) -> DamagedRow {
    DamagedRow(
      message:
        "The row of block \(row.height) in \(store.path) does not say what the block's seal says. Run audit, and "
        + "restore this copy from another member.",
      place: "block \(row.height)")
  }

  private static func replay(_ db: Database, above folded: UInt64?, into pending: PendingState) throws {
    let rows = try SQL(db, "SELECT height, writes FROM block WHERE height >= ? ORDER BY height")
      .bind(.number(folded.map { $0 + 1 } ?? 0))
    while try rows.next() {
      pending.merge(try WriteSet(decoding: rows.bytes(1)), height: rows.number(0))
    }
  }

  /// The right edge of the hash tree: level 0 out of the last entries, higher levels out of full tiles.
  static func tree(_ db: Database, size: UInt64) throws -> TileTree {
    var partial: [[Digest]] = []
    var hashes: [Digest] = []
    try Store.eachEntry(db, from: size & ~255, to: size) { _, entry in hashes.append(TreeHash.leaf(entry)) }
    partial.append(hashes)
    for level in 1..<8 {
      let width = TileTree.partialWidth(size: size, level: level)
      let first = (size >> UInt64(8 * level)) - UInt64(width)
      var row: [Digest] = []
      for index in first..<first + UInt64(width) {
        let tile = try SQL(db, "SELECT bytes FROM tile WHERE place = ?").bind(
          .number(Store.tilePlace(level - 1, index)))
        guard try tile.next(), let hashes = Tile.hashes(in: tile.bytes(0)) else {
          throw LedgerError(.damaged, "The hash tile \(level - 1)/\(index) is missing or damaged. Run audit.")
        }
        tile.reset()
        row.append(perfectRoot(hashes[...]))
      }
      partial.append(row)
    }
    guard let tree = TileTree(size: size, partialTiles: partial) else {
      throw LedgerError(.damaged, "The log's last entries are missing. Run audit.")
    }
    return tree
  }

  /// What the replay protection needs of the last day, and the ids that are not folded yet.
  static func replays(_ db: Database, last: BlockRow, folded: UInt64?) throws -> ReplayWindow {
    var window = ReplayWindow()
    let rows = try SQL(db, "SELECT height, first, ids FROM block WHERE time > ? OR height > ? ORDER BY height")
      .bind(.number(last.time - min(last.time, ReplayWindow.length)), .number(folded ?? 0))
    while try rows.next() {
      try window.insert(block: rows.bytes(2), first: rows.number(1))
    }
    return window
  }
}
