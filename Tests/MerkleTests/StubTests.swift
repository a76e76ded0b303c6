import Merkle
import Primitives
import Synchronization
import Testing

/// Storage for subtrees: a sorted list behind a lock, and a switch that makes it fail.
final class Storage: SubtreeLoader {
  struct Broken: Error {}
  struct State {
    var pairs: [[UInt8]: Digest] = [:]
    var isBroken = false
    var reads = 0
  }
  let state = Mutex(State())

  func leaves(from lower: [UInt8], below upper: [UInt8]?) throws -> [(key: [UInt8], value: Digest)] {
    try state.withLock { state in
      if state.isBroken { throw Broken() }
      state.reads += 1
      let inside = state.pairs.filter { pair in
        !pair.key.lexicographicallyPrecedes(lower) && upper.map { pair.key.lexicographicallyPrecedes($0) } != false
      }
      return inside.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { (key: $0.key, value: $0.value) }
    }
  }

  func apply(_ changes: [(key: [UInt8], value: Digest?)]) {
    state.withLock { state in for (key, value) in changes { state.pairs[key] = value } }
  }
}

@Suite("Patricia map: subtrees in storage")
struct StubTests {
  /// Prefix-free keys of several lengths: the first byte is the length.
  static func key(_ generator: inout SeededGenerator) -> [UInt8] {
    let count = Int.random(in: 0...4, using: &generator)
    let alphabet: [UInt8] = [0, 1, 0x7f, 0x80, 0xfe, 0xff]
    return [UInt8(count)] + (0..<count).map { _ in alphabet.randomElement(using: &generator)! }
  }

  @Test("the byte range of a subtree holds just the keys with its bits")
  func ranges() throws {
    var generator = SeededGenerator(seed: 31)
    let alphabet: [UInt8] = [0, 1, 0x1f, 0x20, 0x7f, 0x80, 0xf0, 0xfe, 0xff]
    func bytes(_ most: Int) -> [UInt8] {
      (0..<Int.random(in: 0...most, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! }
    }
    for _ in 0..<20_000 {
      var prefix = bytes(3)
      let bits = prefix.isEmpty ? 0 : prefix.count * 8 - Int.random(in: 0...7, using: &generator)
      if bits & 7 != 0 { prefix[prefix.count - 1] &= ~(0xff >> UInt8(bits & 7)) }
      let summary = try #require(SubtreeSummary(prefix: prefix, bitLength: bits, hash: TreeHash.empty, count: 1))
      let key = bytes(5)
      let inside = key.count * 8 >= bits && (0..<bits).allSatisfy { MapModel.bit(key, $0) == MapModel.bit(prefix, $0) }
      let upper = summary.upperBound
      let ranged =
        !key.lexicographicallyPrecedes(prefix) && upper.map { key.lexicographicallyPrecedes($0) } != false
      #expect(inside == ranged, "\(prefix) \(bits) \(key)")
    }
    #expect(SubtreeSummary(prefix: [0x81], bitLength: 7, hash: TreeHash.empty, count: 1) == nil)
    #expect(SubtreeSummary(prefix: [0x80], bitLength: 9, hash: TreeHash.empty, count: 1) == nil)
    #expect(SubtreeSummary(prefix: [], bitLength: -1, hash: TreeHash.empty, count: 1) == nil)
    #expect(SubtreeSummary(prefix: [], bitLength: 0, hash: TreeHash.empty, count: 0) == nil)
  }

  @Test("a map opened from summaries, changed, evicted and opened again", arguments: [1, 2, 7, 60, 100_000])
  func life(_ most: Int) throws {
    var generator = SeededGenerator(seed: UInt64(100 + most))
    let storage = Storage()
    var model = MapModel()
    var map = PatriciaMap(loader: storage)
    for round in 0..<24 {
      var changes: [(key: [UInt8], value: Digest?)] = []
      for index in 0..<Int.random(in: 1...40, using: &generator) {
        let removal = Int.random(in: 0..<10, using: &generator) < 4
        changes.append((Self.key(&generator), removal ? nil : value("\(round) \(index)")))
      }
      try map.apply(changes)
      storage.apply(changes)
      for (key, value) in changes { model.pairs[key] = value?.bytes }
      try #require(map.root == model.root && map.count == model.pairs.count, "\(most) round \(round)")
      switch round % 4 {
      case 0:
        map.evict(maxLeaves: most)
        if most > 1000 { #expect(map.residentCount == 0) }
      case 1:
        let summaries = try map.summarize(maxLeaves: most)
        #expect(summaries.reduce(0) { $0 + $1.count } == map.count)
        #expect(summaries.allSatisfy { $0.count <= max(1, most) })
        map = try PatriciaMap(summaries: summaries, loader: storage)
        #expect(map.root == model.root && map.count == model.pairs.count && map.residentCount == 0)
        #expect(try map.summarize(maxLeaves: most) == summaries)
      default: break
      }
      if round % 3 == 0 {
        let keys = (0..<5).map { _ in Self.key(&generator) } + [[], [9], [0xff, 1]]
        #expect(try map.matches(model, keys: keys, prefixes: keys.map { Array($0.dropLast()) }), "round \(round)")
        #expect(map.root == model.root)
      }
    }
    map.evict(maxLeaves: most)
    let snapshot = map
    try map.apply(map.scan().map { ($0.key, nil) })
    #expect(map.isEmpty)
    #expect(try snapshot.matches(model, keys: [[0]], prefixes: [[], [3]]))
  }

  @Test("storage that does not hold what the root stands for is found out, and nothing changes")
  func stale() throws {
    let storage = Storage()
    let changes = (0..<100).map { (key: [1, UInt8($0)], value: Optional(value($0))) }
    var map = PatriciaMap(loader: storage)
    try map.apply(changes)
    storage.apply(changes)
    map.evict(maxLeaves: 10)
    let root = map.root
    let faults: [[(key: [UInt8], value: Digest?)]] = [
      [([1, 5], value("other"))], [([1, 5], nil)], [([1, 5, 0], value(1))], [([1, 5], nil), ([1, 5, 1], value(5))],
    ]
    for fault in faults {
      storage.apply(fault)
      var copy = map
      #expect { try copy.apply([([1, 5], value("new"))]) } throws: { Self.isStale($0) }
      #expect { _ = try copy.value(for: [1, 5]) } throws: { Self.isStale($0) }
      #expect { _ = try copy.prefixProof([1]) } throws: { Self.isStale($0) }
      #expect(copy.root == root && copy.count == 100)
      storage.apply([([1, 5, 0], nil), ([1, 5, 1], nil), ([1, 5], value(5))])
    }
    storage.state.withLock { $0.isBroken = true }
    #expect { try map.apply([([1, 5], nil)]) } throws: {
      if case .loaderFailed(let inner) = $0 as? PatriciaError { return inner is Storage.Broken }
      return false
    }
    #expect(map.root == root)
    storage.state.withLock { $0.isBroken = false }
    try map.apply([([1, 5], nil)])
    #expect(map.count == 99)
  }

  static func isStale(_ error: any Error) -> Bool {
    if case .staleSubtree = error as? PatriciaError { return true }
    return false
  }

  @Test("a subtree is read once, and only when it is needed")
  func reads() throws {
    let storage = Storage()
    let changes = (0..<256).map { (key: [UInt8($0), 7], value: Optional(value($0))) }
    var map = PatriciaMap(loader: storage)
    try map.apply(changes)
    storage.apply(changes)
    map.evict(maxLeaves: 16)
    let copy = map
    #expect(try map.value(for: [0x31, 7]) == value(0x31))
    #expect(try map.value(for: [0x32, 7]) == value(0x32))
    #expect(try copy.value(for: [0x33, 7]) == value(0x33))
    #expect(storage.state.withLock { $0.reads } == 1)
    #expect(map.residentCount == 16)
    // A new key beside a subtree needs none of its keys.
    try map.apply([([0x31], value(1)), ([0x51, 8, 1], nil)].prefix(1).map { ($0.0, $0.1) })
    _ = try map.summarize(maxLeaves: 16)
    #expect(storage.state.withLock { $0.reads } == 1)
  }

  @Test("summaries that are no partition are refused")
  func badSummaries() throws {
    let storage = Storage()
    func summary(_ prefix: [UInt8]) throws -> SubtreeSummary {
      try #require(SubtreeSummary(prefix: prefix, bitLength: 8 * prefix.count, hash: TreeHash.empty, count: 1))
    }
    let good = try [summary([1]), summary([2]), summary([3, 1])]
    #expect(try PatriciaMap(summaries: good, loader: storage).count == 3)
    for bad in try [[good[1], good[0]], [good[0], good[0]], [summary([]), good[0]], [summary([3]), good[2]]] {
      #expect {
        _ = try PatriciaMap(summaries: bad, loader: storage)
      } throws: {
        if case .badSummaries = $0 as? PatriciaError { return true }
        return false
      }
    }
    #expect(try PatriciaMap(summaries: [], loader: storage).root == PatriciaHash.empty)
  }
}
