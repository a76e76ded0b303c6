import COSE
import Foundation
import Ledger
import LedgerTestKit
import Merkle
import Primitives
import Testing

@Suite("The seam: a batch of a million readings", .serialized)
struct ReadingsTests {
  static let suite = ContractSuite(ReadingsContract.self)

  /// Readings of a thousand devices in turn, in parts with salts.
  private static func parts(_ count: Int, seed: UInt64 = 5) -> [ReadingsPart] {
    var generator = SeededGenerator(seed: seed)
    return stride(from: 0, to: count, by: ReadingsBatch.partReadings).map { start in
      let number = min(ReadingsBatch.partReadings, count - start)
      var body: [UInt8] = []
      body.reserveCapacity(number * Reading.byteCount)
      for place in start..<start + number {
        body.append(u32: UInt32(place % 1000))
        body.append(u32: UInt32(20_000 + generator.next() % 500))
        body.append(u64: TestLedger.start - 600_000 + UInt64(place / 1000))
      }
      return ReadingsPart(salt: generator.bytes(32), body: body)
    }
  }

  private static func batch(_ parts: [ReadingsPart], after last: ReadingsBatch? = nil) -> ReadingsBatch {
    let count = parts.reduce(0) { $0 + $1.count }
    return ReadingsBatch(
      first: last.map { $0.first + $0.count } ?? 0, count: UInt64(count), from: TestLedger.start - 600_000,
      to: TestLedger.start - 600_000 + UInt64((count - 1) / 1000),
      previous: last.map { .sha256($0.encoded) } ?? Digest(),
      parts: parts.map { ($0.root, HashEnvelope.digest(salt: $0.salt, document: $0.body)) })
  }

  private static func request(_ number: Int, _ batch: ReadingsBatch, _ entry: UInt64, _ part: ReadingsPart?)
    -> ProofRequest
  {
    var request = ProofRequest(question: ["reading", "org-1", "\(number)"])
    request.keys = [ReadingsContract.batches.key(.sha256("org-1"), order: batch.first)]
    request.statements = [entry]
    let place = number - Int(batch.first)
    if let part {
      request.evidence = part.evidence(
        place % ReadingsBatch.partReadings, part: place / ReadingsBatch.partReadings, of: batch)
    }
    return request
  }

  @Test("a million readings are one statement and two keys; each is proved by its path, also when others are erased")
  func million() async throws {
    let ledger = try TestLedger(members: 2, contract: Self.suite)
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let policy = try ledger.policy
    let parts = Self.parts(1_000_000)
    let start = ContinuousClock.now
    let batch = Self.batch(parts)
    let entry = try ledger.sign(ReadingsContract.batchType, batch.encoded, about: "hall 3")
    #expect(try await open.submit(entry) == .accepted(index: 1))
    print("a million readings rooted, signed and sealed in \(ContinuousClock.now - start), in \(entry.count) bytes")
    for part in parts { try open.sequencer.keep(document: part.body, salt: part.salt) }
    try await open.settle()
    #expect(open.sequencer.head.stateCount == 3)

    // The parts' roots are whole subtrees of the tree over every reading.
    var whole = CompactTree()
    for part in parts { for hash in part.hashes { whole.append(hash) } }
    #expect(whole.size == 1_000_000 && whole.root == batch.root)

    var bundles: [Int: ProofBundle] = [:]
    for number in [0, 65_535, 65_536, 524_288, 983_039, 983_040, 999_999] {
      // What the prover has is what is kept beside the log.
      let stored = try #require(
        try open.sequencer.document(batch.parts[number / ReadingsBatch.partReadings].document))
      let bundle = try open.sequencer.prove(
        Self.request(number, batch, 1, ReadingsPart(salt: stored.salt, body: stored.bytes)))
      let claim = try ReadingsContract.claims(try ProofBundle(decoding: bundle.encoded()).verify(policy: policy))
      #expect(claim?.first?.hasPrefix("Reading \(number) of org-1: device \(number % 1000) at ") == true)
      bundles[number] = bundle
    }
    let one = try #require(bundles[524_288])
    #expect(one.encoded().count < 8_000)
    try open.expectMutationsRefused(one, policy: policy) { bundle throws(LedgerError) in
      try ReadingsContract.claims(bundle)
    }
    for (name, lie) in Self.lies {
      var bundle = one
      lie(&bundle)
      #expect(throws: LedgerError.self, "\(name) was believed") {
        guard let verified = try? bundle.verify(policy: policy) else { throw LedgerError(.notProved, "by the core") }
        _ = try ReadingsContract.claims(verified)
      }
    }

    // One part is erased: its own proofs given out before still hold, and all others can still be made.
    #expect(try open.sequencer.erase(document: batch.parts[8].document))
    await open.close()
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    #expect(try open.sequencer.document(batch.parts[8].document) == nil)
    #expect(try ReadingsContract.claims(try one.verify(policy: policy)) != nil)
    let stored = try #require(try open.sequencer.document(batch.parts[9].document))
    try await open.settle()
    let other = try open.sequencer.prove(
      Self.request(600_000, batch, 1, ReadingsPart(salt: stored.salt, body: stored.bytes)))
    #expect(try ReadingsContract.claims(try other.verify(policy: policy)) != nil)
    await open.close()
    #expect(try !ledger.holds(Array(parts[8].body[..<64])))
    #expect(try ledger.holds(Array(parts[9].body[..<64])))
    for report in try await ledger.audits(Self.suite) { #expect(report.faults == []) }
  }

  private static let lies: [(String, @Sendable (inout ProofBundle) -> Void)] = [
    ("another number", { $0.question[2] = "524289" }),
    ("a number outside the batch", { $0.question[2] = "1000000" }),
    ("another gateway", { $0.question[1] = "org-2" }),
    ("another value", { $0.evidence[0][23] ^= 1 }),
    ("another salt", { $0.evidence[0][0] ^= 1 }),
    ("a path cut short", { $0.evidence[1].removeLast(32) }),
    ("a path with one more", { $0.evidence[1] += [UInt8](repeating: 0, count: 32) }),
    ("a path that ends within a hash", { $0.evidence[1].removeLast() }),
    ("no evidence", { $0.evidence = [] }),
    ("no statement", { $0.statements = [] }),
    ("no state", { $0.present = [] }),
  ]

  @Test(
    "a gateway's batches follow on each other: a gap, an overlap, a fork, a wrong shape are refused, all are listed")
  func sequence() async throws {
    let ledger = try TestLedger(members: 2, contract: Self.suite)
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    func submit(_ payload: [UInt8], by gateway: String = "org-1") async throws -> Outcome {
      try await open.submit(ledger.sign(ReadingsContract.batchType, payload, about: "hall 3", by: gateway))
    }
    func edited(_ batch: ReadingsBatch, first: UInt64? = nil, count: UInt64? = nil, to: UInt64? = nil) -> [UInt8] {
      ReadingsBatch(
        first: first ?? batch.first, count: count ?? batch.count, from: batch.from, to: to ?? batch.to,
        previous: batch.previous, parts: batch.parts
      ).encoded
    }
    let one = Self.batch(Self.parts(70_000))
    let two = Self.batch(Self.parts(300, seed: 6), after: one)
    let three = Self.batch(Self.parts(1, seed: 7), after: two)
    #expect(try await submit(two.encoded).code == "batch-gap")
    #expect(try await submit(one.encoded).isAccepted)
    #expect(try await submit(one.encoded).code == "batch-gap")
    #expect(try await submit(two.encoded, by: "org-2").code == "batch-gap")
    #expect(try await submit(Self.batch(Self.parts(5), after: nil).encoded, by: "org-2").isAccepted)
    await open.close()
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    #expect(try await submit(edited(two, first: 69_999)).code == "batch-gap")
    #expect(try await submit(edited(two, count: 70_000)).code == "batch-malformed")
    #expect(try await submit(edited(two, to: ledger.clock.now() + 200_000)).code == "batch-time")
    #expect(try await submit(edited(two, to: 0)).code == "batch-time")
    #expect(try await submit(Array(two.encoded.dropLast())).code == "batch-malformed")
    let fork = ReadingsBatch(
      first: two.first, count: two.count, from: two.from, to: two.to, previous: .sha256("another"), parts: two.parts)
    #expect(try await submit(fork.encoded).code == "batch-fork")
    #expect(try await submit(two.encoded).isAccepted)
    #expect(try await submit(three.encoded).isAccepted)
    try await open.settle()

    var request = ProofRequest(question: ["gateway", "org-1"])
    request.prefixes = [ReadingsContract.batches.prefix(.sha256("org-1"))]
    let bundle = try open.sequencer.prove(request)
    let policy = try ledger.policy
    #expect(
      try ReadingsContract.claims(try bundle.verify(policy: policy)) == [
        "org-1 has attested 70301 readings in 3 batches, without a gap."
      ])
    try open.expectMutationsRefused(bundle, policy: policy) { bundle throws(LedgerError) in
      try ReadingsContract.claims(bundle)
    }
    var short = bundle
    short.prefixes[0].pairs.removeLast()
    #expect(throws: LedgerError.self) { try short.verify(policy: policy) }
    // The refused fork is in the log; the state that a reading's proof needs is not there for it.
    let refused = (1..<open.sequencer.head.size).filter { index in
      let content = try? StatementContent(try #require(try open.sequencer.head.entry(index)))
      return content?.payload == fork.encoded
    }
    let lie = try open.sequencer.prove(
      Self.request(70_000, fork, try #require(refused.first), Self.parts(300, seed: 6)[0]))
    #expect(throws: LedgerError.self) { try ReadingsContract.claims(try lie.verify(policy: policy)) }
    await open.close()
    for report in try await ledger.audits(Self.suite) { #expect(report.faults == []) }
  }
}
