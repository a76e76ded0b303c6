import Merkle
import Primitives
import Testing

/// A log in memory: full tiles as they were handed out, partial ones from the tree.
struct Log: TileReader {
  var tree = TileTree()
  var tiles: [TileID: Tile] = [:]

  init(_ leaves: [Digest]) {
    for tile in tree.append(contentsOf: leaves) { tiles[tile.id] = tile }
  }

  func tile(_ id: TileID) throws -> [Digest] {
    let full = TileID(level: id.level, index: id.index)!
    if let tile = tiles[full] { return tile.hashes }
    return tree.partialTile(level: id.level)
  }
}

@Suite("Tiles (C2SP tlog-tiles)")
struct TileTests {
  @Test("paths as the specification writes them")
  func paths() throws {
    let id = try #require(TileID(level: 0, index: 1_234_067))
    #expect(id.path == "tile/0/x001/x234/067")
    #expect(TileID(level: 1, index: 67, width: 5)?.path == "tile/1/067.p/5")
    #expect(TileID(level: 0, index: 0, width: 255)?.entriesPath == "tile/entries/000.p/255")
    #expect(TileID(level: 63, index: .max)?.path == "tile/63/x018/x446/x744/x073/x709/x551/615")
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<2000 {
      let index = generator.next() >> UInt64.random(in: 0..<64, using: &generator)
      let id = try #require(
        TileID(
          level: .random(in: 0...63, using: &generator), index: index, width: .random(in: 1...256, using: &generator)))
      #expect(TileID(path: id.path) == id)
      #expect(TileID(entriesPath: id.entriesPath)?.index == index)
    }
    #expect(TileID(level: 64, index: 0) == nil)
    #expect(TileID(level: -1, index: 0) == nil)
    #expect(TileID(level: 0, index: 0, width: 0) == nil)
    #expect(TileID(level: 0, index: 0, width: 257) == nil)
  }

  @Test(
    "paths that are not written so are refused",
    arguments: [
      "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/1", "tile/0/01", "tile/0/0001", "tile/00/000", "tile/64/000",
      "tile/-1/000", "tile/0/x000/001", "tile/0/x001", "tile/0/001/002", "tile/0/001.p", "tile/0/001.p/",
      "tile/0/001.p/0", "tile/0/001.p/05", "tile/0/001.p/256", "tile/0/001.p/1000", "tile/0/001.p/5/", "/tile/0/001",
      "tile/0/001 ", "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
      "tile/0/x1/001", "tile/0/X001/001", "tile/0/٠٠١", "tile/entries/000", "tile/0//001", "tile/0/001.q/5",
    ])
  func badPaths(_ text: String) { #expect(TileID(path: text) == nil) }

  @Test("70,000 leaves have the tiles of the specification's example")
  func example() throws {
    let log = Log(someLeaves(70_000))
    #expect(log.tiles.count == 274)
    let expected = ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    #expect(log.tree.partialTiles.map(\.id.path) == expected)
    let small = Log(someLeaves(256))
    #expect(small.tiles.keys.map(\.path) == ["tile/0/000"])
    #expect(small.tree.partialTiles.map(\.id.path) == ["tile/1/000.p/1"])
    let tile = try #require(small.tiles.values.first)
    #expect(tile.bytes.count == 8192)
    #expect(Tile(id: tile.id, bytes: tile.bytes) == tile)
    #expect(Tile(id: tile.id, bytes: tile.bytes.dropLast()) == nil)
    #expect(Tile(id: tile.id, bytes: Array(tile.bytes.dropLast(32))) == nil)
    #expect(Tile.hashes(in: []) == nil)
    #expect(Tile.hashes(in: tile.bytes + [UInt8](repeating: 0, count: 32)) == nil)
  }

  @Test("appending, restoring and reading agree with the model at every size to 600 and at the tile edges")
  func restore() throws {
    let leaves = someLeaves(65_600)
    let model = LogModel(leaves)
    var tree = TileTree()
    var compact = CompactTree()
    for size in 0...65_600 {
      if size <= 600 || size >= 65_500 {
        #expect(tree.root == model.root(size))
        #expect(tree.compact == compact)
        let restored = try #require(
          TileTree(size: UInt64(size), partialTiles: (0..<8).map { tree.partialTile(level: $0) }))
        #expect(restored.compact == compact)
        #expect(TileTree(size: UInt64(size) + 1, partialTiles: (0..<8).map { tree.partialTile(level: $0) }) == nil)
        let subtrees = compact.subtrees
        #expect(CompactTree(size: UInt64(size), subtrees: subtrees) == compact)
        #expect(CompactTree(size: UInt64(size), subtrees: subtrees + [TreeHash.empty]) == nil)
      }
      guard size < 65_600 else { break }
      compact.append(leaves[size])
      _ = tree.append(contentsOf: [leaves[size]])
    }
    var restored = try #require(TileTree(size: 65_600, partialTiles: (0..<3).map { tree.partialTile(level: $0) }))
    _ = restored.append(contentsOf: leaves[..<500])
    _ = tree.append(contentsOf: leaves[..<500])
    #expect(restored.root == tree.root)
  }

  @Test("proofs from tiles at the tile edges, of the present and of older sizes")
  func tileEdges() throws {
    let leaves = someLeaves(65_700)
    let model = LogModel(leaves)
    let log = Log(leaves)
    var generator = SeededGenerator(seed: 22)
    for size in [255, 256, 257, 511, 512, 513, 767, 65_535, 65_536, 65_537, 65_700] {
      let root = model.root(size)
      var prover = TileProver(size: UInt64(size), reader: log)
      #expect(try prover.root() == root)
      let indices =
        size < 1000
        ? Array(0..<size)
        : [0, 255, 256, 65_279, 65_280, size - 1] + (0..<200).map { _ in .random(in: 0..<size, using: &generator) }
      for index in indices {
        let proof = try prover.inclusion(index: UInt64(index))
        #expect(proof == model.inclusion(index, size))
        #expect(proof.verify(leaf: leaves[index], root: root))
      }
      let olders =
        size < 600
        ? Array(0...size)
        : [0, 1, 255, 256, 257, 32_768, size - 1, size].filter { $0 <= size }
          + (0..<100).map { _ in .random(in: 0...size, using: &generator) }
      for older in olders {
        let proof = try prover.consistency(from: UInt64(older))
        #expect(proof == model.consistency(older, size))
        #expect(proof.verify(from: model.root(older), to: root))
      }
    }
  }

  @Test("a reader that gives too few or too many hashes is found out")
  func badReader() throws {
    struct Short: TileReader {
      let count: Int
      func tile(_ id: TileID) throws -> [Digest] { Array(repeating: TreeHash.empty, count: count) }
    }
    let id = try #require(TileID(level: 0, index: 0, width: 10))
    for count in [0, 9, 257] {
      #expect(throws: TileError.badTile(id)) { try Short(count: count).root(size: 10) }
    }
    #expect(try Short(count: 256).inclusionProof(index: 3, size: 10).path.count == 4)
  }

  @Test("a full tile below the minimum index may go, no other")
  func pruning() throws {
    let tile = try #require(TileID(level: 0, index: 1))
    #expect(!tile.isPrunable(minimum: 511))
    #expect(tile.isPrunable(minimum: 512))
    let upper = try #require(TileID(level: 1, index: 0))
    #expect(!upper.isPrunable(minimum: 65_535))
    #expect(upper.isPrunable(minimum: 65_536))
    #expect(TileID(level: 0, index: 0, width: 255)?.isPrunable(minimum: .max) == false)
    #expect(TileID(level: 7, index: 0)?.isPrunable(minimum: .max) == false)
    #expect(TileID(level: 0, index: .max)?.isPrunable(minimum: .max) == false)
  }
}
