import Merkle
import Primitives
import Testing

@Suite("Log tree (RFC 9162)")
struct LogTreeTests {
  static let inputs = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
  ]
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test("the eight-leaf vector: hashes, roots and proofs")
  func eightLeaves() throws {
    let leaves = try Self.inputs.map { TreeHash.leaf(try #require(Hex.decode($0))) }
    #expect(leaves[1].hex == "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7")
    #expect(leaves[7].hex == "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1")
    let tiles = Log(leaves)
    var tree = CompactTree()
    for size in 0...8 {
      #expect(tree.root.hex == Self.roots[size])
      if size < 8 { tree.append(leaves[size]) }
    }
    func node(_ low: Int, _ high: Int) -> Digest { LogModel(leaves).root(low, high) }
    #expect(node(2, 4).hex == "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e")
    #expect(node(4, 6).hex == "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a")
    #expect(node(6, 8).hex == "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0")
    #expect(node(4, 8).hex == "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")
    #expect(node(4, 7).hex == "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e")
    #expect(try tiles.inclusionProof(index: 0, size: 8).path == [leaves[1], node(2, 4), node(4, 8)])
    #expect(try tiles.inclusionProof(index: 5, size: 8).path == [leaves[4], node(6, 8), node(0, 4)])
    #expect(try tiles.inclusionProof(index: 2, size: 3).path == [node(0, 2)])
    #expect(try tiles.consistencyProof(from: 3, to: 7).path == [leaves[2], leaves[3], node(0, 2), node(4, 7)])
    #expect(try tiles.consistencyProof(from: 6, to: 8).path == [node(4, 6), node(6, 8), node(0, 4)])
    #expect(try tiles.consistencyProof(from: 2, to: 5).path == [node(2, 4), leaves[4]])
    #expect(try tiles.consistencyProof(from: 4, to: 8).path == [node(4, 8)])
  }

  @Test("the tree of the RFC 9942 examples: leaf 3 of 5, and 3 to 5")
  func receiptTree() throws {
    func digest(_ text: String) throws -> Digest { try #require(Digest(hex: text)) }
    let leaf = try digest("987ba8093cabe31046a77bbe9aa4b5f62675d943386c7fbbe249cbaca5da242d")
    let root = try digest("895731b5a570ea1967dd7804b5f43146175f9ac87d1565985de3ecf09c98589c")
    let older = try digest("688928db5e565af2fb9b29db5cce83de0e0352a0f0c671b450b9dc86bed2de3c")
    let path = try [
      digest("3d06455dd33da4e9bbd8090677a2d0955e6dffe4b92069605a468920d1198095"),
      digest("33a5211719e06238a191c7244a7633187da2c9aaa5bc6dec54e2cbb498255434"),
      digest("4d75742d9ea02f7767dcd554a7878ff22cdb208be9f3d35f7aa7700b57e741c0"),
    ]
    #expect(InclusionProof(index: 3, size: 5, path: path).verify(leaf: leaf, root: root))
    let steps = [path[0], leaf, path[1], path[2]]
    #expect(ConsistencyProof(from: 3, to: 5, path: steps).verify(from: older, to: root))
  }

  @Test("leaf hashes by array, slice and pointer, short and long")
  func leafForms() {
    for count in [0, 1, 64, 1023, 1024, 1025, 65_535] {
      let entry = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      let expected = Digest.sha256([0] + entry)
      #expect(TreeHash.leaf(entry) == expected)
      #expect(TreeHash.leaf(([7] + entry)[1...]) == expected)
      #expect(entry.withUnsafeBytes { TreeHash.leaf($0) } == expected)
    }
    #expect(TreeHash.empty == Digest.sha256(""))
  }

  @Test("every inclusion proof of sizes 0 to 130 equals the model and verifies")
  func allInclusions() throws {
    let leaves = someLeaves(130)
    let model = LogModel(leaves)
    let log = Log(leaves)
    for size in 0...130 {
      let root = model.root(size)
      #expect(try log.root(size: UInt64(size)) == root)
      for index in 0..<size {
        let proof = try log.inclusionProof(index: UInt64(index), size: UInt64(size))
        #expect(proof == model.inclusion(index, size))
        #expect(proof.verify(leaf: leaves[index], root: root))
      }
      #expect(throws: TileError.outOfRange) {
        try log.inclusionProof(index: UInt64(size), size: UInt64(size))
      }
    }
  }

  @Test("every consistency proof up to size 70 equals the model and verifies")
  func allConsistencies() throws {
    let model = LogModel(someLeaves(70))
    let log = Log(model.leaves)
    for size in 0...70 {
      for older in 0...size {
        let proof = try log.consistencyProof(from: UInt64(older), to: UInt64(size))
        #expect(proof == model.consistency(older, size))
        #expect(proof.verify(from: model.root(older), to: model.root(size)), "\(older) to \(size)")
      }
      #expect(throws: TileError.outOfRange) { try log.consistencyProof(from: UInt64(size + 1), to: UInt64(size)) }
    }
  }

  @Test("damaged inclusion paths are refused, wrong places judged as the recursion judges them")
  func damagedInclusions() {
    var generator = SeededGenerator(seed: 11)
    let model = LogModel(someLeaves(20))
    for size in 1...20 {
      let root = model.root(size)
      for index in 0..<size {
        let proof = model.inclusion(index, size)
        let leaf = model.leaves[index]
        for path in damaged(proof.path, &generator) {
          let wrong = InclusionProof(index: proof.index, size: proof.size, path: path)
          #expect(!wrong.verify(leaf: leaf, root: root), "leaf \(index) of \(size)")
        }
        #expect(!proof.verify(leaf: root == leaf ? TreeHash.empty : root, root: root))
        for otherSize in 0...24 {
          for otherIndex in 0...otherSize {
            let other = InclusionProof(index: UInt64(otherIndex), size: UInt64(otherSize), path: proof.path)
            #expect(other.root(leaf: leaf) == LogModel.climb(other, leaf: leaf))
            if otherSize == size, otherIndex != index { #expect(!other.verify(leaf: leaf, root: root)) }
          }
        }
      }
    }
  }

  @Test("damaged consistency paths are refused, wrong sizes judged as the recursion judges them")
  func damagedConsistencies() {
    var generator = SeededGenerator(seed: 12)
    let model = LogModel(someLeaves(20))
    for size in 1...20 {
      let newer = model.root(size)
      for from in 0...size {
        let proof = model.consistency(from, size)
        let older = model.root(from)
        for path in damaged(proof.path, &generator) {
          let wrong = ConsistencyProof(from: proof.from, to: proof.to, path: path)
          #expect(!wrong.verify(from: older, to: newer), "\(from) to \(size)")
        }
        if from > 0, from < size {
          #expect(!proof.verify(from: newer, to: newer))
          #expect(!proof.verify(from: older, to: older))
        }
        for otherSize in 0...24 {
          for otherFrom in 0...24 {
            let other = ConsistencyProof(from: UInt64(otherFrom), to: UInt64(otherSize), path: proof.path)
            #expect(other.verify(from: older, to: newer) == LogModel.holds(other, older, newer))
          }
        }
      }
    }
  }

  @Test("numbers at the edges of their range trap nothing")
  func extremes() {
    var generator = SeededGenerator(seed: 13)
    let edges: [UInt64] = [0, 1, 2, 3, 1 << 62, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, .max - 1, .max]
    let hash = Digest(generator.bytes(32))!
    for count in [0, 1, 2, 62, 63, 64, 65, 66, 200] {
      let path = (0..<count).map { _ in Digest(generator.bytes(32))! }
      for a in edges {
        for b in edges {
          let inclusion = InclusionProof(index: a, size: b, path: path)
          if a >= b || count > 64 { #expect(inclusion.root(leaf: hash) == nil) }
          #expect(!inclusion.verify(leaf: hash, root: hash) || (count == 0 && a == 0 && b == 1))
          let consistency = ConsistencyProof(from: a, to: b, path: path)
          #expect(!consistency.verify(from: hash, to: hash) || (a == b && a > 0 && count == 0))
        }
      }
    }
    // The first leaf of the largest tree has a path of 64 hashes.
    let path = (0..<64).map { _ in Digest(generator.bytes(32))! }
    #expect(InclusionProof(index: 0, size: .max, path: path).root(leaf: hash) != nil)
    #expect(InclusionProof(index: 0, size: .max, path: path.dropLast()).root(leaf: hash) == nil)
  }
}
