import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("The map in memory and in storage")
struct ResidentKeysTests {
  static let suite = ContractSuite(CounterContract.self)

  @Test("a node that keeps nothing in memory after a fold, one that keeps a little, one that keeps all: the same roots")
  func folding() async throws {
    let ledger = try TestLedger(members: 3)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    try await open.nodes[0].keep(residentKeys: 0)
    try await open.nodes[1].keep(residentKeys: 30_000)
    var number = 0
    for size in [8000, 8000, 8000, 8000, 1500] {
      var entries: [[UInt8]] = []
      for _ in 0..<size {
        number += 1
        entries.append(
          try ledger.statement(0, "s\(number % 29_000)", number % 40 == 0 ? "gone" : "x", number: UInt64(number)).entry)
      }
      _ = try await open.sequencer.submit(entries)
      // A follower that differs stops here.
      try await open.settle()
    }
    #expect(open.nodes.allSatisfy { $0.fault == nil && $0.head.root == open.sequencer.head.root })
    var request = ProofRequest(question: ["q"])
    request.keys = (0..<29_000).filter { $0 % 577 == 0 }.map { CounterContract.counts.key(.sha256("s\($0)")) }
    let answers = try open.nodes.map { try $0.prove(request).verify(policy: try ledger.policy) }
    #expect(answers[0].present.count > 40 && answers[0].absent.count > 0)
    for answer in answers.dropFirst() {
      #expect(answer.present.map(\.value) == answers[0].present.map(\.value) && answer.absent == answers[0].absent)
    }
    await open.close()
    #expect(try await ledger.consortium.folder("org-1").audit(suite: Self.suite).faults == [])
  }
}
