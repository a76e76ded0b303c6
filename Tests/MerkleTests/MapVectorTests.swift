import Merkle
import Primitives
import Testing

@Suite("Patricia map: vectors")
struct MapVectorTests {
  static func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }
  static func ones(_ count: Int) -> String { String(repeating: "ff", count: count) }

  static let vectors: [(pairs: [(String, String)], root: String)] = [
    ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ([("ab", "cd")], "e2803f59293564e96b6c5c16157cec731a294631aefb5d08d18630ed6a27184c"),
    ([("", "")], "709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c"),
    ([("12", "aa"), ("1234", "bb")], "fdc14c0c7b5792f43d902121bad7c3adac246ce0ae9278745ecb0843e6324b45"),
    (
      [("ab", "01"), ("ab00", "02"), ("ab00fe", "04"), ("ab00ff", "03"), ("ab01", "05")],
      "d3dc99aeacd7edf707a7b5f12753a5069726c3b6520c71fa44027e4a1ed63290"
    ),
    ([("ab", "52"), ("ab00ff", "51")], "153fcdec6669f2e7c2bff4a9d3860c6ab913293e73b5d4fd16590d8855fd1ce2"),
    ([("", "61"), ("00", "62")], "7ec62f38ea1e0d542f7a32c7e726542fa90ee20a61046ada8eaa22d6014a28b7"),
    (
      [
        (zeros(32), "920c9d26acc22861bcd8de8737683b0b4cfaf0dfb7e80b4774421517bf8489c8"),
        ("80" + zeros(31), "5f9895fa7d0d2ecb5d14d6dd0bda94f6b86cd8b197377445405576ac04279d3b"),
      ], "6b6f242a8dcfacd8bc1213d4453852a2127b398c65a7684a2e1af666f6356061"
    ),
    (
      [
        (ones(16) + zeros(16), "a3b93625e143e33744bc532953260c66bcdb124ff930e6a55257558871df9e72"),
        (ones(16) + "80" + zeros(15), "4f02252ceaba90d9997b0f84bface6cd661dcb1779c5beb55d1eec2510680464"),
      ], "55664663e0148e90b47b18ec9660b0a9c5d83b03fc0235fcb8938763d7d3ed7f"
    ),
    (
      [("682f612f31", "01"), ("682f612f32", "02"), ("682f622f31", "03")],
      "687caa74969398c81c08c030cbe8bd6db321f52c17a8a90e3c32f5fbfde4c9f9"
    ),
  ]

  @Test("roots, and proofs of every key and prefix by the verifiers", arguments: vectors.indices)
  func roots(_ index: Int) throws {
    let (pairs, rootText) = Self.vectors[index]
    let root = try #require(Digest(hex: rootText))
    var model = MapModel()
    var map = PatriciaMap()
    for (key, value) in pairs {
      let key = try #require(Hex.decode(key))
      let value = try #require(Hex.decode(value))
      model.pairs[key] = value
      #expect(PatriciaHash.leaf(key: key, value: value) == MapModel.leaf(key, value))
      if let digest = Digest(value) { try map.apply([(key, digest)]) }
    }
    #expect(model.root == root)
    if map.count == pairs.count { #expect(map.root == root) }
    // The whole map is the answer to the empty prefix: recomputed from the pairs alone.
    let whole = model.under([])
    if !whole.isEmpty { try PrefixProof.some(path: []).check(prefix: [], pairs: whole, root: root) }
    for key in Array(model.pairs.keys) + [[], [0x00], [0xab, 0x02], [0xff], [0x12, 0x34, 0x56]] {
      let proof = model.proof(key)
      if let value = model.pairs[key] {
        try proof.checkPresent(key: key, value: value, root: root)
        #expect(throws: ProofFault.wrongRoot) { try proof.checkPresent(key: key, value: value + [0], root: root) }
      } else {
        try proof.checkAbsent(key: key, root: root)
      }
      try model.prefixProof(key).check(prefix: key, pairs: model.under(key), root: root)
    }
  }

  @Test("the worked example, byte for byte")
  func worked() throws {
    var model = MapModel()
    model.pairs = [Array("h/a/1".utf8): [1], Array("h/a/2".utf8): [2], Array("h/b/1".utf8): [3]]
    let subtree = "b0a002ccebbbcf0859b426751047311716ab182b1786281d70a54c504f9507b2"
    let other = "4c86e55b2a055438332e887ebc22631efadc52ace06ee0cca99bcea50bb1511b"
    let root = try #require(Digest(hex: "687caa74969398c81c08c030cbe8bd6db321f52c17a8a90e3c32f5fbfde4c9f9"))
    let some = try #require(Hex.decode("16" + other))
    let prefix = Array("h/a/".utf8)
    #expect(model.root(model.under(prefix).map(\.key)).hex == subtree)
    #expect(model.prefixProof(prefix).bytes == some)
    try PrefixProof(bytes: some, isEmpty: false).check(prefix: prefix, pairs: model.under(prefix), root: root)
    let none = try #require(Hex.decode("05" + Hex.encode("h/b/1".utf8) + "010316" + subtree))
    #expect(model.prefixProof(Array("h/c/".utf8)).bytes == none)
    try PrefixProof(bytes: none, isEmpty: true).check(prefix: Array("h/c/".utf8), pairs: [Pair](), root: root)
  }

  @Test("keys of the padding: aa, aa00 and aa00ff")
  func padding() throws {
    // FiloSottile/torchwood mpt/testdata/verify.txt.
    func bytes(_ text: String) throws -> [UInt8] { try #require(Hex.decode(text)) }
    let root = try #require(Digest(hex: "ef77e2611d540eb68a064bad3c5ed3ef6157717ffe929c533d02e2e5fdbab53d"))
    let first = "185fb7883d4653ebe26760b3617c66faf24760ac52357d4ea3e6ebcec2012f1766"
    let second = "108fae00f40df5903c04ac1b908e2c15554b7929594b2bea9bcfeb39087477a511"
    let proof = try MapProof(bytes: bytes(first + second), present: true)
    try proof.checkPresent(key: [0xaa], value: [0x11], root: root)
    let absent = try MapProof(bytes: bytes("03aa00ff0133" + second), present: false)
    let without = try #require(Digest(hex: "3e5f67a41049042651219eb0082888321710b95f544d25abf1112065530d1c99"))
    #expect(absent.verifyAbsent(key: [0xaa], root: without))
    #expect(!absent.verifyAbsent(key: [0xaa, 0x00, 0xff], root: without))
  }

  @Test("the order of keys is that of the padding")
  func order() throws {
    let ordered = try ["ab0000", "ab00", "ab00fe", "ab00ff", "ab", "ab01"].map { try #require(Hex.decode($0)) }
    for (i, a) in ordered.enumerated() {
      for (j, b) in ordered.enumerated() {
        #expect(PaddedKey.precedes(a, b) == (i < j))
        #expect((PaddedKey.firstDifference(a, b) == nil) == (i == j))
      }
    }
    #expect(PaddedKey.begins([], with: [0]))
    #expect(PaddedKey.begins([], with: [0, 0xff]))
    #expect(!PaddedKey.begins([], with: [0, 0]))
  }
}
