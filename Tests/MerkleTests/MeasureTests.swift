import FoundationEssentials
import Glibc
import Merkle
import Primitives
import Testing

/// Figures, not checks: run in release mode with TALLYSTICK_MEASURE=1.
@Suite("Measurements", .enabled(if: ProcessInfo.processInfo.environment["TALLYSTICK_MEASURE"] == "1"), .serialized)
struct MeasureTests {
  static let million = 1_000_000

  static func report(_ name: String, _ value: Double, _ unit: String) {
    let tenths = Int((value * 10).rounded())
    print("measured: \(name) = \(tenths / 10).\(tenths % 10) \(unit)")
  }

  /// The nanoseconds of one of `count` operations, the best of `runs`.
  static func time(_ name: String, count: Int, runs: Int = 3, _ body: () throws -> Void) rethrows {
    var best = Double.infinity
    for _ in 0..<runs { best = min(best, try nanoseconds(body)) }
    report(name, best / Double(count), "ns")
  }

  /// The thread's processor time, so that other work on the machine disturbs less.
  static func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
    let start = now()
    try body()
    return now() - start
  }

  static func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 } ?? 0
  }

  /// Keys as the ledger makes them: a name space, a hash, a number.
  static func keys(_ count: Int, _ generator: inout SeededGenerator) -> [[UInt8]] {
    (0..<count).map { _ in
      var key: [UInt8] = [0x68]
      for _ in 0..<4 { key.append(u64: generator.next()) }
      key.append(u64: UInt64(generator.next() % 1000))
      return key
    }
  }

  @Test("hashes")
  func hashes() {
    var hash = TreeHash.empty
    Self.time("TreeHash.node", count: Self.million) {
      for _ in 0..<Self.million { hash = TreeHash.node(hash, TreeHash.empty) }
    }
    Self.time("PatriciaHash.inner", count: Self.million) {
      for _ in 0..<Self.million { hash = PatriciaHash.inner(bit: 300, hash, TreeHash.empty) }
    }
    let entry = [UInt8](repeating: 7, count: 384)
    Self.time("TreeHash.leaf of 384 B", count: Self.million) {
      for _ in 0..<Self.million { hash = TreeHash.leaf(entry) }
    }
    #expect(hash != TreeHash.empty)
  }

  @Test("log of a million leaves")
  func log() throws {
    let leaves = (0..<Self.million).map { Digest.sha256("\($0)") }
    var log = Log([])
    Self.time("tile append", count: Self.million, runs: 1) { log = Log(leaves) }
    let size = UInt64(Self.million)
    let root = log.tree.root
    var generator = SeededGenerator(seed: 1)
    let indices = (0..<2000).map { _ in UInt64.random(in: 0..<size, using: &generator) }
    var proofs: [InclusionProof] = []
    try Self.time("inclusion proof, random leaf", count: indices.count) {
      proofs = try indices.map { try log.inclusionProof(index: $0, size: size) }
    }
    try Self.time("inclusion proof, last block of 4000", count: 4000) {
      var prover = TileProver(size: size, reader: log)
      for index in size - 4000..<size { _ = try prover.inclusion(index: index) }
    }
    try Self.time("consistency proof", count: indices.count) {
      for index in indices { _ = try log.consistencyProof(from: index, to: size) }
    }
    Self.time("inclusion verification", count: proofs.count) {
      for proof in proofs { #expect(proof.root(leaf: leaves[Int(proof.index)]) == root) }
    }
    Self.report("inclusion path", Double(proofs.reduce(0) { $0 + $1.path.count }) / Double(proofs.count), "hashes")
    Self.time("restoring the tree", count: 1) {
      let tree = TileTree(size: size, partialTiles: (0..<3).map { log.tree.partialTile(level: $0) })
      #expect(tree?.root == root)
    }
  }

  @Test("map of a million keys")
  func map() throws {
    var generator = SeededGenerator(seed: 2)
    let before = Self.residentBytes()
    var map = PatriciaMap()
    let fill = try Self.nanoseconds {
      for _ in 0..<250 {
        try map.apply(Self.keys(4000, &generator).map { (key: $0, value: Optional(Digest())) })
      }
    }
    Self.report("filling with 1M keys", fill / Double(Self.million), "ns/key")
    Self.report("memory", Double(Self.residentBytes() - before) / Double(Self.million), "B/key")
    for held in [false, true] {
      var times: [Double] = []
      var snapshots: [PatriciaMap] = []
      for _ in 0..<20 {
        let changes = Self.keys(4000, &generator).map { (key: $0, value: Optional(Digest())) }
        if held { snapshots.append(map) }
        let time = try Self.nanoseconds { try map.apply(changes) }
        times.append(time / 4000)
      }
      times.sort()
      let name = held ? "apply 4000 new keys, each former map kept" : "apply 4000 new keys"
      Self.report(name + ", best", times[0], "ns/key")
      Self.report(name + ", median", times[10], "ns/key")
    }
    let some = try map.scan(prefix: [0x68, 7]).map(\.key) + map.scan(prefix: [0x68, 99]).map(\.key)
    let updates = (0..<4000).map { (key: some[$0 % some.count], value: Optional(value($0))) }
    try Self.time("apply 4000 updates", count: 4000, runs: 1) { try map.apply(updates) }
    try proofs(map, some, &generator)
  }

  private func proofs(_ map: PatriciaMap, _ keys: [[UInt8]], _ generator: inout SeededGenerator) throws {
    let absent = Self.keys(4000, &generator)
    let present = keys.prefix(4000)
    var size = 0
    try Self.time("proof of presence", count: present.count) {
      size = 0
      for key in present { size += try map.proof(of: key).bytes.count }
    }
    Self.report("proof of presence", Double(size) / Double(present.count), "B")
    try Self.time("proof of absence", count: absent.count) {
      size = 0
      for key in absent { size += try map.proof(of: key).bytes.count }
    }
    Self.report("proof of absence", Double(size) / Double(absent.count), "B")
    try Self.time("prefix proof of one key", count: present.count) {
      size = 0
      for key in present { size += try map.prefixProof(Array(key.prefix(33))).proof.bytes.count }
    }
    Self.report("prefix proof", Double(size) / Double(present.count), "B")
    let lookups = try present.map { ($0, try map.lookup($0)) }
    Self.time("verification of presence", count: present.count) {
      for (key, (value, proof)) in lookups {
        #expect(proof.verifyPresent(key: key, value: value ?? Digest(), root: map.root))
      }
    }
    let large = try map.prefixProof([0x68, 7])
    Self.time("prefix verification", count: large.pairs.count) {
      #expect(large.proof.verify(prefix: [0x68, 7], pairs: large.pairs, root: map.root))
    }
    try Self.time("value(for:)", count: present.count) { for key in present { _ = try map.value(for: key) } }
    var summaries: [SubtreeSummary] = []
    try Self.time("summarize to 4096, whole", count: 1) { summaries = try map.summarize(maxLeaves: 4096) }
    Self.report("summaries", Double(summaries.count), "")
    try Self.time("open from summaries, whole", count: 1) {
      let opened = try PatriciaMap(summaries: summaries, loader: Storage())
      #expect(opened.root == map.root)
    }
  }
}
