import FinanceRules
import Foundation
import Ledger
import Primitives
import Testing

/// Many clients at once: commands that exclude each other, that complete each other, and the same one several times.
@Suite("Supply-chain commands at the same time", .serialized)
struct ConcurrentTests {
  /// What is stated at once, and how many of it are carried out.
  private struct Group {
    let name: String
    let statements: [Statement]
    let carriedOut: Int
  }

  private func groups(_ world: World) throws -> [Group] {
    let notes = try (1...6).map { try world.live($0, 500_000) }
    // Two lots of one seller, sold to one bank for the same money.
    for note in notes[2...3] {
      try world.request(note, note, by: "sup1")
      try world.bid(note, note, by: "bank1")
      try world.choose(note, note, "bank1", by: "sup1")
    }
    let large = try (7...8).map { try world.invoice($0, 4_000_000) }
    let expires = world.expiry()
    func action(_ note: Digest, _ step: LotStep, _ party: String = "", reason: String = "") -> LotAction {
      LotAction {
        ($0.note, $0.lot, $0.step, $0.party) = (note, note, step, party)
        ($0.reason, $0.expires) = (reason, step == .offerTransfer ? expires : 0)
      }
    }
    func split(_ parts: [Int64]) -> LotSplit {
      LotSplit {
        ($0.note, $0.lot) = (notes[1], notes[1])
        $0.parts = parts.map { amount in Part { $0.amount = amount } }
      }
    }
    let proceeds = try world.proceeds(500_000, days: 90)
    let evidence = world.evidence("bank1", "sup1", proceeds, id: "one transfer")
    func disburse(_ note: Digest) -> LotPayment {
      LotPayment { ($0.note, $0.lot, $0.payment, $0.evidence) = (note, note, .disburse, evidence) }
    }
    func proposal(_ token: Digest) -> NoteProposal {
      NoteProposal {
        ($0.invoice, $0.amount, $0.maturity, $0.expires) = (token, 4_000_000, world.today + 60, expires)
      }
    }
    var later = world.filing(9, 700)
    later.issueDay += 1
    let same = try world.statement(world.filing(10, 800), by: "sup1")
    return [
      Group(
        name: "a lot offered to two",
        statements: try ["sup2", "sup3"].map { try world.statement(action(notes[0], .offerTransfer, $0), by: "sup1") },
        carriedOut: 1),
      Group(
        name: "a lot split in two ways",
        statements: try [[100_000, 400_000], [250_000, 250_000]].map { try world.statement(split($0), by: "sup1") },
        carriedOut: 1),
      Group(
        name: "one bank entry for two lots",
        statements: try notes[2...3].map { try world.statement(disburse($0), by: "bank1") }, carriedOut: 1),
      Group(
        name: "the rest of a line taken twice",
        statements: try large.map { try world.statement(proposal($0), by: "core/ada") }, carriedOut: 1),
      Group(
        name: "an invoice filed in two forms",
        statements: [try world.statement(world.filing(9, 700), by: "sup1"), try world.statement(later, by: "sup1")],
        carriedOut: 1),
      Group(
        name: "a lot pledged and brought to market",
        statements: [
          try world.statement(action(notes[4], .pledge, "bank2"), by: "sup1"),
          try world.statement(
            FinanceRequest { ($0.note, $0.lot, $0.expires) = (notes[4], notes[4], expires) }, by: "sup1"),
        ], carriedOut: 1),
      Group(
        name: "a freeze by both who are needed",
        statements: try ["op", "reg"].map {
          try world.statement(action(notes[5], .freeze, reason: "order 7"), by: $0)
        }, carriedOut: 2),
      Group(name: "one statement five times", statements: [Statement](repeating: same, count: 5), carriedOut: 1),
      Group(
        name: "what concerns nobody else",
        statements: try (20..<44).map { try world.statement(world.filing($0, 900, seller: "sup2"), by: "sup2") },
        carriedOut: 24),
    ]
  }

  @Test(
    "of what excludes each other one is carried out; the log's order explains every answer; the same statement has one",
    arguments: 1...5 as ClosedRange<UInt64>)
  func together(_ seed: UInt64) async throws {
    let world = try World()
    let groups = try groups(world)
    let clock = ManualClock(world.sent[0].time)
    let consortium = try LedgerRunTests.found(clock.now())
    defer { LedgerRunTests.remove(consortium) }
    let open = try await consortium.open(suite: LedgerRunTests.suite, clock: clock)
    let node = open.sequencer
    for (statement, time) in world.sent {
      clock.set(time)
      #expect(try LedgerRunTests.code(try await node.submit([statement.entry])[0]).code == nil)
    }
    clock.set(world.time)
    var random = SeededGenerator(seed: seed)
    let statements = groups.flatMap(\.statements).shuffled(using: &random)
    let clients = 8
    let answers = try await withThrowingTaskGroup(of: [(Statement, Outcome)].self) { tasks in
      for client in 0..<clients {
        let own = statements.indices.filter { $0 % clients == client }.map { statements[$0] }
        tasks.addTask {
          var answers: [(Statement, Outcome)] = []
          for start in stride(from: 0, to: own.count, by: 1 + client % 3) {
            let batch = Array(own[start..<min(own.count, start + 1 + client % 3)])
            let outcomes = try await node.submit(batch.map(\.entry))
            answers += zip(batch, outcomes)
          }
          return answers
        }
      }
      return try await tasks.reduce(into: []) { $0 += $1 }
    }
    // Each statement has one place, and one answer that is no repetition.
    var found: [Digest: (index: UInt64, code: String?)] = [:]
    var repeated: [(Digest, UInt64)] = []
    for (statement, outcome) in answers {
      if case .duplicate(let index) = outcome {
        repeated.append((statement.id, index))
        continue
      }
      #expect(found[statement.id] == nil, "two first answers, seed \(seed)")
      found[statement.id] = try LedgerRunTests.code(outcome)
    }
    #expect(repeated.count == 4 && repeated.allSatisfy { found[$0.0]?.index == $0.1 }, "\(repeated), seed \(seed)")
    for group in groups {
      let carriedOut = Set(group.statements.map(\.id)).count { found[$0].map { $0.code == nil } ?? false }
      #expect(carriedOut == group.carriedOut, "\(group.name), seed \(seed)")
    }
    // Carried out one after the other in the log's order the rules alone say the same.
    let byID = Dictionary(statements.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for (id, answer) in found.sorted(by: { $0.value.index < $1.value.index }) {
      let statement = try #require(byID[id])
      let code = try world.code { try world.trial.apply(statement, time: world.time) }
      #expect(code == answer.code, "entry \(answer.index), seed \(seed)")
    }
    try await open.settle()
    #expect(open.nodes.allSatisfy { $0.head.root == node.head.root })
    let root = node.head.seal.stateRoot
    await open.close()
    let report = try await consortium.folder("reg").audit(suite: LedgerRunTests.suite)
    #expect(report.isSound && report.stateRoot == root, "\(report.faults), seed \(seed)")
  }
}
