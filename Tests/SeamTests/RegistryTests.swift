import CBOR
import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("The seam: near-duplicates through a derived index")
struct RegistryTests {
  static let suite = ContractSuite(RegistryContract.self)

  private static func register(_ work: String, _ hash: UInt64, by issuer: String = "org-1", _ ledger: TestLedger) throws
    -> [UInt8]
  {
    var writer = CBORWriter()
    writer.uint(hash)
    return try ledger.sign(RegistryContract.registerType, writer.bytes, about: work, by: issuer)
  }

  private static func withdraw(_ work: String, by issuer: String = "org-1", _ ledger: TestLedger) throws -> [UInt8] {
    try ledger.sign(RegistryContract.withdrawType, [], about: work, by: issuer)
  }

  /// A hash at exactly this distance.
  private static func near(_ hash: UInt64, _ distance: Int) -> UInt64 {
    (0..<distance).reduce(hash) { $0 ^ 1 << UInt64($1 * 7) }
  }

  static let picture: UInt64 = 0x9d3f_04c1_e27a_586b

  @Test("a near-duplicate is refused also in the same block, leaves no trace, and may come once the work is withdrawn")
  func life() async throws {
    let ledger = try TestLedger(members: 2, contract: Self.suite, contractVersion: 1)
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let copy = Self.near(Self.picture, 8)
    let outcomes = try await open.sequencer.submit([
      Self.register("a", Self.picture, ledger), Self.register("b", copy, by: "org-2", ledger),
      Self.register("c", Self.near(Self.picture, 9), by: "org-2", ledger), Self.withdraw("c", by: "org-2", ledger),
    ])
    #expect(outcomes[0].isAccepted && outcomes[1].code == "near-duplicate")
    #expect(outcomes[2].isAccepted && outcomes[3].isAccepted)
    #expect(try await open.submit(Self.withdraw("a", by: "org-2", ledger)).code == "not-the-registrant")
    try await open.settle()

    // Opened again, the index is the scan's.
    await open.close()
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let root = open.sequencer.head.seal.stateRoot
    #expect(try await open.submit(Self.register("b", copy, by: "org-2", ledger)).code == "near-duplicate")
    #expect(open.sequencer.head.seal.stateRoot == root)
    // Had the refused copy stayed in the index, it would stand in its own way now.
    #expect(try await open.submit(Self.withdraw("a", ledger)).isAccepted)
    #expect(try await open.submit(Self.register("b", copy, by: "org-2", ledger)).isAccepted)
    #expect(try await open.submit(Self.register("a", Self.picture, ledger)).code == "near-duplicate")
    #expect(try await open.submit(Self.withdraw("b", by: "org-2", ledger)).isAccepted)
    // Removed and added again under the same key, with another value too, all in one block.
    let again = try await open.sequencer.submit([
      Self.register("a", Self.picture, ledger), Self.withdraw("a", ledger), Self.register("a", ~Self.picture, ledger),
      Self.register("b", copy, by: "org-2", ledger), Self.register("d", ~copy, by: "org-2", ledger),
    ])
    #expect(again.map(\.isAccepted) == [true, true, true, true, false])
    try await open.settle()
    await open.close()
    for report in try await ledger.audits(Self.suite) { #expect(report.faults == []) }
  }

  @Test("against a search one by one: random registrations and withdrawals, with restarts, to the same outcomes")
  func oracle() async throws {
    let ledger = try TestLedger(members: 1, contract: Self.suite, contractVersion: 1)
    var generator = SeededGenerator(seed: 42)
    var model: [String: UInt64] = [:]
    let centres = (0..<20).map { _ in generator.next() }
    var accepted = 0
    for round in 0..<3 {
      let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
      var entries: [[UInt8]] = []
      var expected: [String?] = []
      for _ in 0..<400 {
        let work = "w\(Int.random(in: 0..<150, using: &generator))"
        if Int.random(in: 0..<4, using: &generator) == 0 {
          entries.append(try Self.withdraw(work, ledger))
          expected.append(model.removeValue(forKey: work) == nil ? "work-unknown" : nil)
          continue
        }
        var hash = centres[Int.random(in: 0..<centres.count, using: &generator)]
        for _ in 0..<Int.random(in: 0...14, using: &generator) {
          hash ^= 1 << UInt64.random(in: 0..<64, using: &generator)
        }
        entries.append(try Self.register(work, hash, ledger))
        if model[work] != nil {
          expected.append("work-known")
        } else if model.values.contains(where: { ($0 ^ hash).nonzeroBitCount <= 8 }) {
          expected.append("near-duplicate")
        } else {
          expected.append(nil)
          model[work] = hash
          accepted += 1
        }
      }
      for start in stride(from: 0, to: entries.count, by: 50) {
        let outcomes = try await open.sequencer.submit(Array(entries[start..<start + 50]))
        #expect(outcomes.map(\.code) == Array(expected[start..<start + 50]), "seed 42, round \(round), from \(start)")
      }
      try await open.settle()
      await open.close()
    }
    #expect(accepted > 100 && accepted < 800)
    for report in try await ledger.audits(Self.suite) { #expect(report.faults == []) }
  }

  @Test("version 2 decides by another distance from its seal on, and what it drops is out of the index")
  func migration() async throws {
    let ledger = try TestLedger(members: 3, contract: Self.suite, contractVersion: 1)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let blank: UInt64 = 0x0101
    let first = try await open.sequencer.submit([
      Self.register("a", Self.picture, ledger), Self.register("blank", blank, ledger),
      Self.register("e", Self.near(Self.picture, 6), ledger),
    ])
    #expect(first.map(\.code) == [nil, nil, "near-duplicate"])
    try await open.settle()
    let current = open.sequencer.head.configuration
    let next = try current.next(members: current.members, contractVersion: 2)
    let late = [~Self.picture, Self.picture.byteSwapped, ~Self.picture.byteSwapped]
    for member in 0..<3 {
      let (name, key) = (ledger.keys[member].name, ledger.keys[member].statement)
      let statement =
        try member == 0
        ? Membership.propose(next, issuer: name, time: ledger.clock.now(), claimID: .random(), key: key)
        : Membership.approve(next.digest, issuer: name, time: ledger.clock.now(), claimID: .random(), key: key)
      // In the activating block itself the old rules still hold, and its writes are part of what migrates.
      _ = try await open.sequencer.submit([
        statement.entry, Self.register("late-\(member)", late[member], ledger),
      ])
      try await open.settle()
    }
    #expect(open.sequencer.head.seal.contractVersion == 2)
    #expect(try open.sequencer.head.value(RegistryContract.works.key(.sha256("blank"))) == nil)
    let second = try await open.sequencer.submit([
      Self.register("blank", blank, ledger), Self.register("f", 0b0111_1111 << 10, ledger),
      Self.register("e", Self.near(Self.picture, 6), ledger), Self.register("g", Self.near(Self.picture, 4), ledger),
    ])
    #expect(second.map(\.code) == ["picture-blank", nil, nil, "near-duplicate"])
    try await open.settle()
    #expect(open.nodes.allSatisfy { $0.head.seal.stateRoot == open.sequencer.head.seal.stateRoot })

    // Absent at the head, and the count of works agrees: proved from the first policy on.
    var request = ProofRequest(question: ["works"])
    request.keys = [RegistryContract.works.key(.sha256("blank")), RegistryContract.works.key(.sha256("e"))]
    request.prefixes = [RegistryContract.works.prefix()]
    let bundle = try open.sequencer.prove(request)
    let verified = try ProofBundle(decoding: bundle.encoded()).verify(policy: try ledger.policy)
    #expect(verified.seal.contractVersion == 2 && verified.absent.count == 1 && verified.present.count == 1)
    #expect(verified.lists[0].pairs.count == 6)
    // Other members' lines of the chain are not looked at while the first policy accepts the checkpoint itself.
    let chain = bundle.chain.reduce(0) { $0 + $1.note.count + $1.seal.count + $1.configuration.count + 600 }
    try open.expectMutationsRefused(bundle, policy: try ledger.policy, spare: chain) { bundle throws(LedgerError) in
      // That another key is absent is no lie, and no answer.
      guard bundle.absent == [request.keys[0]], bundle.present.first?.key == request.keys[1] else { return nil }
      return bundle.lists.flatMap(\.pairs).map { "\($0.value ?? [])" }
    }
    await open.close()
    let reopened = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    #expect(try await reopened.submit(Self.register("h", Self.near(Self.picture, 2), ledger)).code == "near-duplicate")
    try await reopened.settle()
    await reopened.close()
    for report in try await ledger.audits(Self.suite) { #expect(report.faults == []) }
  }

  /// The registry's rules with an index that never hears of removals.
  private struct Forgetful: Contract {
    static let id = RegistryContract.id
    static let versions = RegistryContract.versions
    static let namespaces = RegistryContract.namespaces
    static let indexedNamespaces = RegistryContract.indexedNamespaces
    var rules: RegistryContract

    init(version: UInt64) { rules = RegistryContract(version: version) }

    func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
      try rules.apply(statement, context, &state)
    }

    mutating func index(_ key: StateKey, from old: [UInt8]?, to new: [UInt8]?) {
      if new != nil { rules.index(key, from: old, to: new) }
    }

    func indexDigest() -> Digest? { rules.indexDigest() }
  }

  @Test("an audit names an index that is not a scan's, whether or not it has done harm yet")
  func wrongIndex() async throws {
    let wrong = ContractSuite(Forgetful.self)
    let ledger = try TestLedger(members: 1, contract: Self.suite, contractVersion: 1)
    var open = try await ledger.consortium.open(suite: wrong, clock: ledger.clock)
    let entries = try [Self.register("a", Self.picture, ledger), Self.withdraw("a", ledger)]
    #expect(try await open.sequencer.submit(entries).allSatisfy(\.isAccepted))
    try await open.settle()
    await open.close()
    // No outcome differs yet: the log is sound by the right rules, and only the comparison of the index tells.
    #expect(try await ledger.audits(Self.suite)[0].faults == [])
    #expect(try await ledger.audits(wrong)[0].faults.map(\.place) == ["index"])

    // Opening hides the fault, for the index is then a scan's: such a program comes to another outcome than one that
    // went on running, which is what its own audit does.
    open = try await ledger.consortium.open(suite: wrong, clock: ledger.clock)
    #expect(try await open.submit(Self.register("b", Self.near(Self.picture, 3), ledger)).isAccepted)
    try await open.settle()
    let size = open.sequencer.head.size
    await open.close()
    #expect(try await ledger.audits(Self.suite)[0].faults == [])
    let fault = try #require(try await ledger.audits(wrong)[0].faults.first)
    #expect(fault.place == "entry \(size - 1)" && fault.what.contains("near-duplicate"), "\(fault)")
  }

  @Test("the index of many works: found by brute force and by the tables alike, at the cost of a few buckets")
  func tables() {
    var generator = SeededGenerator(seed: 3)
    var index = HammingIndex()
    let hashes = (0..<50_000).map { _ in generator.next() }
    for hash in hashes { index.insert(hash) }
    for distance in [0, 3, 4, 7, 8] {
      for _ in 0..<20 {
        var hash = hashes[Int.random(in: 0..<hashes.count, using: &generator)]
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
          hash ^= 1 << UInt64.random(in: 0..<64, using: &generator)
        }
        let slow = hashes.map { (($0 ^ hash).nonzeroBitCount, $0) }.filter { $0.0 <= distance }.min { $0 < $1 }
        #expect(index.nearest(to: hash, within: distance) == slow?.1, "seed 3, \(hash) within \(distance)")
      }
    }
    var other = HammingIndex()
    for hash in hashes.reversed() { other.insert(hash) }
    #expect(other.digest == index.digest)
    other.remove(hashes[7])
    #expect(other.digest != index.digest && other.count == index.count - 1)
    other.insert(hashes[7])
    #expect(other.digest == index.digest)
  }
}
