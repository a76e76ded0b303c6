import Merkle
import Primitives
import Testing

@Suite("Patricia map: contents")
struct MapTests {
  static let universe: [[UInt8]] = [
    [], [0], [0, 0xff], [0x80], [0xab], [0xab, 0], [0xab, 0, 0], [0xab, 0, 0xfe], [0xab, 0, 0xff], [0xab, 1],
    [0xab, 0xcd], [0xff],
  ]
  static let prefixes = universe + [[0xab, 0, 0xff, 0xff], [0x7f], [0, 0xff, 0xff]]

  @Test("every set of twelve awkward keys: root, presence, absence and prefixes", arguments: 0..<16)
  func allSets(_ part: Int) throws {
    for bits in part * 256..<(part + 1) * 256 {
      var model = MapModel()
      var changes: [(key: [UInt8], value: Digest?)] = []
      for (index, key) in Self.universe.enumerated() where bits >> index & 1 == 1 {
        model.pairs[key] = value(index).bytes
        changes.append((key, value(index)))
      }
      var map = PatriciaMap()
      try map.apply(changes.reversed())
      // Comparing the proofs themselves with the model's is slow, verifying them is not.
      let matches = try map.matches(model, keys: Self.universe, prefixes: Self.prefixes, sameProofs: bits % 5 == 0)
      #expect(matches, "set \(bits)")
    }
  }

  @Test("five keys put in and taken out in every order, one by one")
  func allOrders() throws {
    let keys = [4, 5, 8, 0, 1].map { Self.universe[$0] }
    func orders(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty ? [[]] : rest.flatMap { first in orders(rest.filter { $0 != first }).map { [first] + $0 } }
    }
    for order in orders([0, 1, 2, 3, 4]) {
      var map = PatriciaMap()
      var model = MapModel()
      for index in order {
        try map.apply([(keys[index], value(index))])
        model.pairs[keys[index]] = value(index).bytes
        #expect(map.root == model.root)
      }
      for index in order.dropFirst(2) + order.prefix(2) {
        try map.apply([(keys[index], nil)])
        model.pairs[keys[index]] = nil
        #expect(map.root == model.root && map.count == model.pairs.count)
      }
      #expect(map.isEmpty)
    }
  }

  @Test("random batches against the model; snapshots stay what they were", arguments: [UInt64(1), 2, 3, 4])
  func batches(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let alphabet: [UInt8] = [0, 1, 0xab, 0xfe, 0xff]
    func key() -> [UInt8] {
      (0..<Int.random(in: 0...5, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! }
    }
    var map = PatriciaMap()
    var model = MapModel()
    var snapshots: [(PatriciaMap, MapModel, Digest)] = []
    for round in 0..<45 {
      var changes: [(key: [UInt8], value: Digest?)] = []
      for index in 0..<Int.random(in: 0...40, using: &generator) {
        let removal = Int.random(in: 0..<10, using: &generator) < (round % 10 < 7 ? 3 : 8)
        changes.append((key(), removal ? nil : value("\(round) \(index % 30)")))
      }
      try map.apply(changes)
      for (key, value) in changes { model.pairs[key] = value?.bytes }
      try #require(map.root == model.root, "seed \(seed) round \(round)")
      if round % 5 == 0 {
        let keys = (0..<20).map { _ in key() }
        #expect(try map.matches(model, keys: keys, prefixes: Array(keys.prefix(8))), "seed \(seed) round \(round)")
        snapshots.append((map, model, map.root))
      }
    }
    for (map, model, root) in snapshots {
      let keys = (0..<10).map { _ in key() }
      #expect(try map.matches(model, keys: keys, prefixes: [[]] + keys.prefix(3), root: root), "seed \(seed)")
    }
  }

  @Test("proofs on other threads while the map goes on")
  func threads() async throws {
    var map = PatriciaMap()
    await withTaskGroup(of: Bool.self) { group in
      for round in 0..<40 {
        try? map.apply((0..<50).map { (Array("k\(($0 * 7 + round * 13) % 900)".utf8), value("\(round) \($0)")) })
        let snapshot = map
        group.addTask {
          let root = snapshot.root
          guard let answer = try? snapshot.prefixProof(Array("k1".utf8)), let all = try? snapshot.prefixProof([]) else {
            return false
          }
          return answer.proof.verify(prefix: Array("k1".utf8), pairs: answer.pairs, root: root)
            && all.proof.verify(prefix: [], pairs: all.pairs, root: root)
        }
      }
      for await holds in group { #expect(holds) }
    }
  }

  @Test("the deepest tree there can be: 4,096 levels")
  func deepest() throws {
    var map = PatriciaMap()
    let keys = (0..<4096).map { bit in
      var key = [UInt8](repeating: 0, count: 512)
      key[bit / 8] = 0x80 >> UInt8(bit % 8)
      return key
    }
    try map.apply(keys.map { ($0, value(0)) })
    let copy = map
    let last = try #require(keys.last)
    let proof = try map.proof(of: last)
    guard case .present(let path) = proof else {
      Issue.record("not present")
      return
    }
    #expect(path.count == 4095)
    #expect(proof.verifyPresent(key: last, value: value(0), root: map.root))
    #expect(try MapProof(bytes: proof.bytes, present: true) == proof)
    // Down all levels, once copying the path and once in place; then back.
    try map.apply([(last, value(1))])
    try map.apply([(last, nil)])
    #expect(map.count == 4095 && map.root != copy.root)
    try map.apply([(last, value(0))])
    #expect(map.root == copy.root)
    try map.apply(keys.suffix(300).map { ($0, nil) })
    #expect(map.count == 3796 && copy.count == 4096)
    // The largest bit position: a longest key and the one that its padding begins like.
    let long = [UInt8](repeating: 0xcd, count: 511)
    map = PatriciaMap()
    try map.apply([(long, value(2)), (long + [0], value(3))])
    guard case .present(let steps) = try map.proof(of: long) else {
      Issue.record("not present")
      return
    }
    #expect(steps.map(\.bit) == [4096])
    #expect(try map.proof(of: long).verifyPresent(key: long, value: value(2), root: map.root))
  }

  @Test("a key that is too long changes nothing; of two changes to a key the last counts")
  func limits() throws {
    var map = PatriciaMap()
    try map.apply([([1], value(1)), ([2], value(2)), ([1], nil), ([2], value(3))])
    #expect(map.count == 1)
    #expect(try map.value(for: [2]) == value(3))
    let root = map.root
    #expect {
      try map.apply([([3], value(1)), ([UInt8](repeating: 1, count: 513), value(1))])
    } throws: {
      guard case .keyTooLong(513) = $0 as? PatriciaError else { return false }
      return true
    }
    #expect(map.root == root && map.count == 1)
    try map.apply([([9], nil), ([2], value(3))])
    #expect(map.root == root)
  }
}
