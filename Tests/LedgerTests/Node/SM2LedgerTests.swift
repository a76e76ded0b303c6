import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("SM2 in a ledger")
struct SM2LedgerTests {
  static let suite = ContractSuite(CounterContract.self)

  private func statement(
    _ key: PrivateKey, issuer: String, carryingKey: Bool = false, payload: [UInt8] = [1]
  ) throws -> Statement {
    try .sign(
      payload: payload, contentType: "text/plain", issuer: issuer, subject: "s", time: TestLedger.start + 1000,
      claimID: .random(), key: key, carryingKey: carryingKey)
  }

  @Test("members with SM2 keys write, and are proved, where the ledger lists SM2")
  func listed() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/tallystick-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plan = Ledger.Consortium.Plan(
      members: [("org-1", "One", .member), ("org-2", "Two", .regulator)], algorithms: [.sm2, .edDSA],
      time: TestLedger.start)
    let consortium = try Ledger.Consortium.found(at: folder, suite: Self.suite, plan: plan)
    let genesis = try consortium.folder("org-1").genesis()
    #expect(genesis.configuration.algorithms == [.sm2, .edDSA])
    let encoded = genesis.configuration.encoded()
    #expect(try Configuration(decoding: encoded[...]) == genesis.configuration)
    let key = try PrivateKey.load(from: folder + "/org-1/statement.pem")
    #expect(key.algorithm == .sm2)

    let clock = ManualClock(TestLedger.start)
    clock.advance(by: 1000)
    let open = try await consortium.open(suite: Self.suite, clock: clock)
    let device = PrivateKey.generate(.sm2)
    let first = try await open.sequencer.submit([
      try statement(key, issuer: "org-1").entry,
      // The test contract's way to make a device known.
      try statement(key, issuer: "org-1", payload: Array("key".utf8) + device.publicKey.id.bytes).entry,
    ])
    #expect(first == [.accepted(index: 1), .accepted(index: 2)])
    let reading = try statement(device, issuer: "urn:dev:1", carryingKey: true)
    #expect(try await open.sequencer.submit([reading.entry])[0].isInLog)
    guard case .rejected = try await open.sequencer.submit([try statement(.generate(.es256), issuer: "org-1").entry])[0]
    else {
      Issue.record("a statement by a stranger was taken")
      return
    }
    try await open.settle()
    #expect(open.nodes.allSatisfy { $0.head.root == open.sequencer.head.root })
    var request = ProofRequest(question: ["state", "s"])
    request.statements = [1]
    let bundle = try ProofBundle(decoding: try open.sequencer.prove(request).encoded())
    let policy = try TrustPolicy(parsing: Array(try Data(contentsOf: URL(filePath: folder + "/policy.txt"))))
    #expect(try bundle.verify(policy: policy).statement(1)?.header.algorithm == .sm2)
    await open.close()
    #expect(try await consortium.folder("org-1").audit(suite: Self.suite).faults == [])
  }

  @Test("a ledger that does not list SM2 takes no statement under it, and no member with such a key")
  func unlisted() async throws {
    let ledger = try TestLedger(members: 1)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let root = open.sequencer.head.root
    let device = try statement(.generate(.sm2), issuer: "urn:dev:1", carryingKey: true)
    guard case .rejected(let error) = try await open.sequencer.submit([device.entry])[0] else {
      Issue.record("a statement under SM2 was taken")
      return
    }
    #expect(error.message.contains("SM2"))
    #expect(open.sequencer.head.root == root)
    let current = open.sequencer.head.configuration
    let member = MemberKeys.generate(name: "org-2", algorithm: .sm2).member(title: "")
    #expect(throws: LedgerError.self) { try current.next(members: current.members + [member]) }
    await open.close()
  }
}
