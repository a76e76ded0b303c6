import COSE
import FinanceRules
import Foundation
import Ledger
import LedgerServer
import Primitives
import Synchronization
import Value

/// The finance contract's measurements, each against a limit or a peer measured beside it.
struct FinanceBench {
  var report = BenchReport()
  let runs: Int
  let folder: String

  /// Signed commands a second, from bytes in memory to durable and sealed; then a replay of the whole log.
  mutating func commands(_ notes: Int, postgres: Bool) async throws {
    var rates: [Double] = []
    var limits: [Double] = []
    var replays: [Double] = []
    var peers: [Double] = []
    for _ in 0..<runs {
      let ground = try FinanceGround(in: folder)
      defer { ground.remove() }
      let open = try await ground.open()
      let entries = try await Self.script(ground, 0..<notes)
      let before = try await Bench.verifyRate()
      let time = try await Bench.seconds { try await BenchLedger.submit(entries, to: open.sequencer) }
      limits.append((before + (try await Bench.verifyRate())) / 2)
      rates.append(Double(entries.count) / time)
      try await open.settle()
      try Self.check(open.sequencer)
      let size = open.sequencer.head.size
      await open.close()
      let replay = try await Bench.seconds {
        let found = try await ground.consortium.folder("core").audit(suite: SupplyChainApp.suite)
        guard found.isSound else { throw LedgerError(.damaged, "The audit found: \(found.faults)") }
        let again = try await ground.consortium.open(suite: SupplyChainApp.suite, clock: SystemClock())
        defer { Task { await again.close() } }
        try Self.check(again.sequencer)
      }
      replays.append(Double(size) / replay)
      if postgres { peers.append(try PostgresPeer(in: folder).rate(notes: notes)) }
    }
    report.add("commands-durable", rates, unit: "commands/s", limits: limits)
    report.add("replay-with-invariants", replays, unit: "commands/s", limits: limits)
    if postgres { report.add("commands-over-postgres", rates, unit: "commands/s", limits: peers) }
  }

  /// Milliseconds from sending one command to its being durable, with so many clients at once.
  mutating func latency(clients: Int) async throws {
    let ground = try FinanceGround(in: folder)
    defer { ground.remove() }
    let open = try await ground.open()
    let scripts = try (0..<clients * 4).map { number in
      try NoteScript(ground: ground, number: number).entries(at: SystemClock().now())
    }
    let node = open.sequencer
    var times = try await withThrowingTaskGroup(of: [Double].self) { group in
      for client in 0..<clients {
        let own = scripts[client * 4..<client * 4 + 4]
        group.addTask {
          var times: [Double] = []
          for entry in own.joined() {
            times.append(try await Bench.seconds { _ = try await node.submit([entry])[0].place() } * 1000)
          }
          return times
        }
      }
      var all: [Double] = []
      for try await times in group { all += times }
      return all
    }
    await open.close()
    times.sort()
    report.add("latency-p50", [times[times.count / 2]], unit: "ms")
    report.add("latency-p99", [times[times.count * 99 / 100]], unit: "ms")
  }

  /// Transfers a second between accounts in memory, by the rules of the books alone.
  mutating func transfers(_ count: Int) throws {
    var rates: [Double] = []
    let books = Books(.cny)
    for _ in 0..<runs {
      let trial = ContractTrial(SupplyChainContract(version: 1), try FinanceBench.configuration())
      try trial.change { state throws(Refusal) in try books.issue(Int64(count), to: "a", by: "b", &state) }
      let start = ContinuousClock.now
      try trial.change { state throws(Refusal) in
        for number in 0..<count {
          try number % 2 == 0
            ? books.transfer(1, from: "a", to: "c", &state) : books.transfer(1, from: "c", to: "a", &state)
        }
      }
      let time = ContinuousClock.now - start
      rates.append(Double(count) / (Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18))
    }
    report.add("transfers-unsigned", rates, unit: "transfers/s")
  }

  /// The notes' commands, note after note, signed on all cores.
  static func script(_ ground: FinanceGround, _ notes: Range<Int>) async throws -> [[UInt8]] {
    let time = SystemClock().now()
    return try await withThrowingTaskGroup(of: (Int, [[UInt8]]).self) { group in
      for start in stride(from: notes.lowerBound, to: notes.upperBound, by: 100) {
        group.addTask {
          let own = start..<min(start + 100, notes.upperBound)
          return (start, try own.flatMap { try NoteScript(ground: ground, number: $0).entries(at: time) })
        }
      }
      var parts: [(Int, [[UInt8]])] = []
      for try await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  /// Every invariant, from the records of the ledger as they stand.
  private static func check(_ node: Node) throws {
    let view = node.head
    try Invariants(Invariants.families.flatMap { try view.list($0.prefix()) }).check()
  }

  private static func configuration() throws -> Configuration {
    try Configuration(
      epoch: 0, contractVersion: 1, algorithms: [.edDSA], access: .member,
      members: [MemberKeys.derive(name: "a", seed: 1).member(title: "a")])
  }
}
