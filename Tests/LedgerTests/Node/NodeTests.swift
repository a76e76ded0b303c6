import COSE
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("Node")
struct NodeTests {
  static let suite = ContractSuite(CounterContract.self)

  @Test("statements are sealed, co-signed by a quorum, and proved offline")
  func endToEnd() async throws {
    let ledger = try TestLedger(members: 4)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    var statements: [Statement] = []
    for number in 0..<300 {
      statements.append(
        try ledger.statement(number % 4, "s\(number % 7)", number % 10 == 9 ? "no" : "yes", number: UInt64(number)))
    }
    let outcomes = try await open.sequencer.submit(statements.map(\.entry))
    #expect(outcomes.count == 300)
    for (number, outcome) in outcomes.enumerated() {
      switch outcome {
      case .accepted(let index): #expect(index == UInt64(number) + 1 && number % 10 != 9)
      case .refused(let index, let refusal): #expect(index == UInt64(number) + 1 && refusal.code == "said-no")
      default: Issue.record("\(outcome)")
      }
    }
    try await open.settle()
    let (view, note) = try #require(open.sequencer.final)
    #expect(view.size == open.sequencer.head.size)
    #expect(open.nodes.allSatisfy { $0.head.root == view.root && $0.head.seal.stateRoot == view.seal.stateRoot })
    _ = note

    var request = ProofRequest(question: ["state", "s0"])
    request.statements = [5, 17]
    request.keys = [CounterContract.counts.key(.sha256("s0")), CounterContract.counts.key(.sha256("nobody"))]
    request.prefixes = [CounterContract.records.prefix(.sha256("org-2"))]
    let bundle = try open.sequencer.prove(request)
    let bytes = bundle.encoded()
    let verified = try ProofBundle(decoding: bytes).verify(policy: try ledger.policy)
    #expect(verified.signers.count == 4)
    #expect(verified.present.count == 1 && verified.absent.count == 1)
    #expect(verified.lists[0].pairs.count == 75 - 15)
    #expect(verified.statement(5)?.header.issuer == "org-1")
    await open.close()
  }

  @Test("a reopened ledger goes on where it was; duplicates get the first place; a used cti is refused")
  func reopening() async throws {
    let ledger = try TestLedger(members: 1)
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let first = try ledger.statement(number: 1)
    #expect(try await open.sequencer.submit([first.entry]) == [.accepted(index: 1)])
    #expect(try await open.sequencer.submit([first.entry]) == [.duplicate(index: 1)])
    let root = open.sequencer.head.root
    await open.close()
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    #expect(open.sequencer.head.root == root)
    #expect(
      try await open.sequencer.submit([first.entry, first.entry]) == [.duplicate(index: 1), .duplicate(index: 1)])
    let second = try ledger.statement(0, "subject", "other", number: 1)
    guard case .rejected(let error) = try await open.sequencer.submit([second.entry])[0] else {
      Issue.record("a second use of a cti was taken")
      return
    }
    #expect(error.message.contains("cti"))
    #expect(open.sequencer.head.root == root)
    await open.close()
  }

  @Test("an audit recomputes everything")
  func audit() async throws {
    let ledger = try TestLedger(members: 2)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    for block in 0..<5 {
      let entries = try (0..<100).map { number in
        try ledger.statement(
          number % 2, "s\(number % 9)", number % 10 == 0 ? "no" : "yes", number: UInt64(block * 1000 + number)
        ).entry
      }
      _ = try await open.sequencer.submit(entries)
      try await open.settle()
      ledger.clock.advance(by: 1000)
    }
    let root = open.sequencer.head.root
    await open.close()
    let report = try await Auditor(path: ledger.consortium.folder("org-1").ledger, suite: Self.suite).run()
    #expect(report.faults == [])
    #expect(report.root == root && report.size == 506 && report.checkpoints == 5)
  }
}
