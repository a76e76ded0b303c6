public import Primitives

/// A tile and its hashes: what a store keeps and a server serves as octets.
public struct Tile: Sendable, Hashable {
  /// Where the tile belongs.
  public let id: TileID

  /// The tile's hashes, `id.width` of them.
  public let hashes: [Digest]

  /// The tile of these hashes, or nil unless there are as many as the id says.
  public init?(id: TileID, hashes: [Digest]) {
    guard hashes.count == id.width else { return nil }
    self.id = id
    self.hashes = hashes
  }

  /// Reads the octets of a tile, or nil unless they are 32 bytes for each hash that the id says.
  public init?(id: TileID, bytes: [UInt8]) {
    guard let hashes = Tile.hashes(in: bytes), hashes.count == id.width else { return nil }
    self.init(id: id, hashes: hashes)
  }

  /// The octets of the tile as C2SP tlog-tiles serves them: the hashes one after another, 8,192 bytes when full.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * Digest.byteCount)
    for hash in hashes { bytes.append(hash) }
    return bytes
  }

  /// The hashes in the octets of a tile, or nil unless they are 1 to 256 times 32 bytes.
  public static func hashes(in bytes: [UInt8]) -> [Digest]? {
    let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: Digest.byteCount)
    guard rest == 0, (1...TileID.fullWidth).contains(count) else { return nil }
    return bytes.withUnsafeBytes { raw in
      (0..<count).map { Digest(raw: UnsafeRawBufferPointer(rebasing: raw[($0 * Digest.byteCount)...])) }
    }
  }
}

/// A log tree that is only appended to: its right edge in memory, every completed tile handed out for storage.
///
/// Memory is at most 255 hashes for each level, four levels up to 2^32 leaves. A copy is a snapshot.
public struct TileTree: Sendable {
  private var edge: CompactTree
  private var partial: [[Digest]]

  /// A tree without leaves.
  public init() {
    edge = CompactTree()
    partial = []
  }

  /// The tree of `size` leaves with these partial tiles, level 0 first, or nil unless they have the size's widths.
  ///
  /// Levels above the last one that has a hash may be left out. Costs up to 255 node hashes for each level; a caller
  /// that knows the root compares it afterwards.
  public init?(size: UInt64, partialTiles: [[Digest]]) {
    var levels = partialTiles
    while levels.last?.isEmpty == true { levels.removeLast() }
    var subtrees: [Digest] = []
    for level in stride(from: 7, through: 0, by: -1) {
      let width = TileTree.partialWidth(size: size, level: level)
      let hashes = level < levels.count ? levels[level] : []
      guard hashes.count == width else { return nil }
      var start = 0
      for height in stride(from: 7, through: 0, by: -1) where width >> height & 1 == 1 {
        subtrees.append(perfectRoot(hashes[start..<start + (1 << height)]))
        start += 1 << height
      }
    }
    guard levels.count <= 8, let edge = CompactTree(size: size, subtrees: subtrees) else { return nil }
    self.edge = edge
    partial = levels
  }

  /// The number of leaves.
  public var size: UInt64 { edge.size }

  /// The root hash of RFC 9162 section 2.1.1; at most 63 hashes.
  public var root: Digest { edge.root }

  /// The right edge alone.
  public var compact: CompactTree { edge }

  /// The hashes of the partial tile of a level at the present size; empty where there is none.
  public func partialTile(level: Int) -> [Digest] { partial.indices.contains(level) ? partial[level] : [] }

  /// All partial tiles at the present size, level 0 first: with the full tiles handed out before, the whole tree.
  public var partialTiles: [Tile] {
    partial.indices.compactMap { level in
      guard let id = TileID(level: level, index: size >> (8 * UInt64(level) + 8), width: partial[level].count) else {
        return nil
      }
      return Tile(id: id, hashes: partial[level])
    }
  }

  /// Appends a leaf hash; calls `full` with each tile that it completes, lower levels first.
  ///
  /// One node hash on average, at most one tile for each level.
  public mutating func append(_ leaf: Digest, full: (Tile) -> Void) {
    var partial = partial
    self.partial = []
    edge.append(leaf) { height, index, hash in
      guard height & 7 == 0 else { return }
      let level = height >> 3
      if level == partial.count { partial.append([]) }
      if partial[level].isEmpty { partial[level].reserveCapacity(TileID.fullWidth) }
      partial[level].append(hash)
      guard partial[level].count == TileID.fullWidth,
        let tile = Tile(id: TileID(known: level, index >> 8, TileID.fullWidth), hashes: partial[level])
      else { return }
      partial[level] = []
      full(tile)
    }
    self.partial = partial
  }

  /// Appends leaf hashes and gives the tiles that they complete, in the order of completion.
  public mutating func append(contentsOf leaves: some Sequence<Digest>) -> [Tile] {
    var tiles: [Tile] = []
    for leaf in leaves { append(leaf) { tiles.append($0) } }
    return tiles
  }

  /// The width of the partial tile of a level at a size: floor(size / 256^level) mod 256.
  public static func partialWidth(size: UInt64, level: Int) -> Int {
    level < 0 || level > 7 ? 0 : Int(size >> (8 * UInt64(level)) & 255)
  }
}

/// The root of a perfect subtree from its bottom row, whose count is a power of two.
package func perfectRoot(_ row: ArraySlice<Digest>) -> Digest {
  var row = Array(row)
  while row.count > 1 {
    row = stride(from: 0, to: row.count, by: 2).map { TreeHash.node(row[$0], row[$0 + 1]) }
  }
  return row.first ?? TreeHash.empty
}
