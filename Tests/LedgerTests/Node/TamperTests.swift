import COSE
import Foundation
import Ledger
import LedgerTestKit
import Merkle
import Primitives
import Testing

@Suite("Tampering and lying")
struct TamperTests {
  static let suite = ContractSuite(CounterContract.self)

  private func small() async throws -> TestLedger {
    let ledger = try TestLedger(members: 3)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    for block in 0..<3 {
      let entries = try (0..<120).map {
        try ledger.statement($0 % 3, "s\($0 % 5)", $0 % 9 == 0 ? "no" : "yes", number: UInt64(block * 1000 + $0)).entry
      }
      _ = try await open.sequencer.submit(entries)
      try await open.settle()
      ledger.clock.advance(by: 1000)
    }
    await open.close()
    return ledger
  }

  @Test("one changed byte anywhere in a database's entries, writes, tiles or checkpoints is found and located")
  func changedBytes() async throws {
    let ledger = try await small()
    let path = ledger.consortium.folder("org-1").ledger
    let sound = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var generator = SeededGenerator(seed: 7)
    // Needles that stand in each kind of row: entries, block writes, a tile's first leaf, checkpoints.
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let tile = try open.sequencer.head.tile(try #require(TileID(level: 0, index: 0)))
    let entry = try #require(try open.sequencer.head.entry(7))
    await open.close()
    let needles: [(String, [UInt8])] = [
      ("entry", Array(entry.suffix(40))), ("tile", tile[9].bytes + tile[10].bytes),
      ("checkpoint", Array("counter.tallystick.example".utf8)), ("block writes", [0x11] + Digest.sha256("s3").bytes),
    ]
    for (name, needle) in needles {
      let places = TamperTests.places(of: needle, in: sound)
      #expect(!places.isEmpty, "no \(name) in the file")
      for place in places.prefix(6) {
        var changed = sound
        let offset = place + Int.random(in: 0..<needle.count, using: &generator)
        changed[offset] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
        let folder = ledger.folder + "/altered"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(changed).write(to: URL(filePath: folder + "/ledger.sqlite"))
        let report = try await Auditor(
          path: folder + "/ledger.sqlite", suite: Self.suite, genesis: try ledger.consortium.folder("org-1").genesis()
        ).run()
        #expect(!report.faults.isEmpty, "a changed byte at \(offset) in a \(name) was not found")
        #expect(report.faults.allSatisfy { !$0.place.isEmpty })
      }
    }
  }

  private static func places(of needle: [UInt8], in bytes: [UInt8]) -> [Int] {
    var places: [Int] = []
    var start = 0
    while let found = bytes[start...].firstIndex(of: needle[0]) {
      if bytes[found...].starts(with: needle) { places.append(found) }
      start = found + 1
    }
    return places
  }

  @Test("every single changed byte of a proof makes it fail or leaves what it says unchanged")
  func everyByteOfAProof() async throws {
    let ledger = try await small()
    let policy = try ledger.policy
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    var request = ProofRequest(question: ["q"])
    request.statements = [3]
    request.keys = [CounterContract.counts.key(.sha256("s1")), CounterContract.counts.key(.sha256("nobody"))]
    request.prefixes = [CounterContract.counts.prefix(), CounterContract.keys.prefix()]
    let bundle = try open.sequencer.prove(request)
    await open.close()
    let bytes = bundle.encoded()
    let truth = try ProofBundle(decoding: bytes).verify(policy: policy)
    var accepted: [Int] = []
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1
      guard let verified = try? ProofBundle(decoding: changed).verify(policy: policy) else { continue }
      // The question is not signed, and co-signatures beyond the quorum or their order may go.
      #expect(verified.root == truth.root && verified.seal == truth.seal, "byte \(place)")
      #expect(verified.statements.map(\.entry) == truth.statements.map(\.entry), "byte \(place)")
      #expect(verified.present.map(\.value) == truth.present.map(\.value), "byte \(place)")
      #expect(
        verified.lists.map { $0.pairs.map(\.value) } == truth.lists.map { $0.pairs.map(\.value) }, "byte \(place)")
      accepted.append(place)
    }
    #expect(accepted.count < 600, "\(accepted.count) of \(bytes.count) changes were accepted")
    for cut in [1, 2, 40, bytes.count / 2] {
      #expect(throws: LedgerError.self) { try ProofBundle(decoding: Array(bytes.dropLast(cut))) }
    }
    #expect(throws: LedgerError.self) { try ProofBundle(decoding: bytes + [0]) }
  }

  @Test("fields dropped, swapped or added in a proof make it fail")
  func fields() async throws {
    let ledger = try await small()
    let policy = try ledger.policy
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    var request = ProofRequest(question: ["q"])
    request.statements = [3, 9]
    request.keys = [CounterContract.counts.key(.sha256("s1")), CounterContract.counts.key(.sha256("nobody"))]
    request.prefixes = [CounterContract.counts.prefix()]
    let good = try open.sequencer.prove(request)
    await open.close()
    _ = try good.verify(policy: policy)
    let lies: [(String, (inout ProofBundle) -> Void)] = [
      ("a pair left out of a list", { $0.prefixes[0].pairs.removeLast() }),
      ("a pair added to a list", { $0.prefixes[0].pairs.append($0.prefixes[0].pairs[0]) }),
      ("two pairs swapped", { $0.prefixes[0].pairs.swapAt(0, 1) }),
      ("a list emptied", { $0.prefixes[0].pairs = [] }),
      ("another prefix", { $0.prefixes[0].prefix = [0x12] }),
      ("another value", { $0.present[0].leaf = .open(blind: Blind(Array(repeating: 0, count: 16))!, value: [9]) }),
      ("a value withheld under another digest", { $0.present[0].leaf = .withheld(.sha256("x")) }),
      ("another key", { $0.present[0].key[5] ^= 1 }),
      ("a present key said to be absent", { $0.absent[0].key = $0.present[0].key }),
      ("a statement's index", { $0.statements[0].index += 1 }),
      ("a path shortened", { $0.statements[0].path.removeLast() }),
      ("a path lengthened", { $0.statements[0].path.append(.sha256("x")) }),
      ("statements swapped", { $0.statements.swapAt(0, 1) }),
      ("another statement's bytes", { $0.statements[0].bytes = $0.statements[1].bytes }),
      ("an old seal", { $0.seal = $0.statements[0].bytes }),
      ("no checkpoint", { $0.note = [] }),
      (
        "a note without co-signatures",
        { bundle in
          let lines = String(decoding: bundle.note, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
          bundle.note = Array((lines.prefix(5).joined(separator: "\n") + "\n").utf8)
        }
      ),
    ]
    for (name, lie) in lies {
      var bundle = good
      lie(&bundle)
      #expect(throws: LedgerError.self, "\(name) was believed") { try bundle.verify(policy: policy) }
    }
    #expect(throws: LedgerError.self) {
      try good.verify(policy: policy, now: ledger.clock.now() + 10_000_000, maxAgeMs: 60_000)
    }
    let stranger = try TestLedger(members: 3, seed: 99)
    #expect(throws: LedgerError.self) { try good.verify(policy: try stranger.policy) }
  }

  @Test("a member that signs two roots for one size is kept as evidence and no longer counted")
  func equivocation() async throws {
    let ledger = try TestLedger(members: 4)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    try await open.settle()
    let size = open.sequencer.head.size
    let origin = open.sequencer.genesis.origin
    let lie = try #require(Checkpoint(origin: origin, size: size, root: .sha256("another log")))
    var note = try lie.signed(with: TestNoteKey(key: ledger.keys[3].log))
    try note.add(
      try Cosignature(
        lie, timestamp: 1_772_000_100, as: try #require(NoteName("\(origin)/org-4")),
        with: TestNoteKey(key: ledger.keys[3].cosignature)
      ).line)
    let answer = try await open.sequencer.add(try #require(AddCheckpointRequest(oldSize: size, proof: [], note: note)))
    #expect(answer.status == 409)
    #expect(open.sequencer.evidence.map(\.member) == ["org-4"])
    #expect(open.sequencer.evidence[0].size == size)
    // Three honest members of four are the quorum; the fourth's line does not come back.
    _ = try await open.sequencer.submit([try ledger.statement(number: 2).entry])
    try await open.settle()
    let final = try #require(open.sequencer.final)
    #expect(final.view.size == open.sequencer.head.size)
    #expect(!String(decoding: final.note, as: UTF8.self).contains("/org-4 "))
    await open.close()
  }

  @Test("a follower that is fed another log stops with a sentence and keeps its own")
  func divergence() async throws {
    let ledger = try TestLedger(members: 3)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    try await open.settle()
    let size = open.nodes[1].head.size
    _ = try await open.sequencer.submit([try ledger.statement(number: 2).entry])
    let liar = LyingSource(inner: NodeSource(open.sequencer))
    await #expect(throws: LedgerError.self) { try await Follower(node: open.nodes[1], source: liar).step() }
    #expect(open.nodes[1].head.size == size)
    #expect(open.nodes[1].fault?.message.contains("signs nothing") == true)
    await open.close()
  }

  /// A node that changes one byte of the last statement it hands out.
  private struct LyingSource: LogSource {
    let inner: NodeSource
    func candidate() async throws -> [UInt8] { try await inner.candidate() }
    func entries(from: UInt64, to: UInt64) async throws -> [[UInt8]] {
      var entries = try await inner.entries(from: from, to: to)
      entries[0][entries[0].count / 2] ^= 1
      return entries
    }
    func consistency(from: UInt64, to: UInt64) async throws -> ConsistencyProof {
      try await inner.consistency(from: from, to: to)
    }
    func add(_ request: AddCheckpointRequest) async throws { try await inner.add(request) }
  }

  struct TestNoteKey: NoteSigning {
    let key: PrivateKey
    var publicKey: [UInt8] { key.publicKey.rawRepresentation }
    func signature(for message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
  }

  @Test("random bundles, seals, geneses and configurations are read or refused, never worse: Fuzz")
  func fuzz() async throws {
    let ledger = try await small()
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    var request = ProofRequest(question: ["q"])
    request.statements = [3]
    request.keys = [CounterContract.counts.key(.sha256("s1"))]
    request.prefixes = [CounterContract.counts.prefix()]
    let bundle = try open.sequencer.prove(request).encoded()
    let genesis = open.sequencer.genesis
    let seal = open.sequencer.head.seal.encoded()
    await open.close()
    let policy = try ledger.policy
    let rounds = ProcessInfo.processInfo.environment["TALLYSTICK_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 3000
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<rounds {
      let changed = TamperTests.mutate(bundle, &generator)
      _ = try? ProofBundle(decoding: changed).verify(policy: policy)
      _ = try? Seal(decoding: TamperTests.mutate(seal, &generator)[...])
      _ = try? Genesis(decoding: TamperTests.mutate(genesis.encoded(), &generator)[...])
      _ = Statement.verify(TamperTests.mutate(Array(bundle.prefix(400)), &generator), keys: [:])
    }
  }

  static func mutate(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      default: bytes.removeLast(min(bytes.count, Int.random(in: 1...64, using: &generator)))
      }
    }
    return bytes
  }
}
