import COSE
import FinanceRules
import Foundation
import Ledger
import LedgerServer
import Primitives
import Value

/// The finance application's measurements, each against a limit of the machine that is measured beside it.
struct FinanceBench {
  var report = BenchReport()
  let runs: Int
  let folder: String

  static func seconds(_ work: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await work()
    return seconds(ContinuousClock.now - start)
  }

  private static func seconds(_ time: Duration) -> Double {
    Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }

  /// P-256 verifications a second on all cores at once.
  static func verifyRate() async throws -> Double {
    let key = PrivateKey.generate(.es256)
    let message = [UInt8](repeating: 7, count: 384)
    let signature = try key.sign(message)[...]
    return await withTaskGroup(of: Double.self) { group in
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
        group.addTask {
          let start = ContinuousClock.now
          var count = 0.0
          while ContinuousClock.now - start < .seconds(1) {
            for _ in 0..<64 { precondition(key.publicKey.isValidSignature(signature, for: message)) }
            count += 64
          }
          return count / seconds(ContinuousClock.now - start)
        }
      }
      return await group.reduce(0, +)
    }
  }

  /// Signed commands a second from bytes in memory to durable and sealed, then the replay of that ledger.
  mutating func durable(_ chains: Int) async throws {
    var (rates, limits, replays, replayLimits) = ([Double](), [Double](), [Double](), [Double]())
    for _ in 0..<runs {
      let ledger = try await FinanceLedger(in: folder)
      defer { ledger.remove() }
      let groups = 6
      let all = try await ledger.chains(chains / groups * groups)
      let size = all.count / groups
      let node = try await ledger.open()
      let before = try await FinanceBench.verifyRate()
      let time = try await FinanceBench.seconds {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for place in 0..<groups {
            let own = all[place * size..<(place + 1) * size]
            group.addTask {
              // A command rests on the one before it: each call holds one of every chain of its group.
              for command in 0..<FinanceLedger.commands {
                try await FinanceLedger.submit(own.map { $0[command] }, to: node)
              }
            }
          }
          try await group.waitForAll()
        }
      }
      let between = try await FinanceBench.verifyRate()
      let count = Double(all.count * FinanceLedger.commands)
      let head = node.head
      await node.close()
      let replay = try await FinanceBench.seconds {
        let report = try await ledger.consortium.folder("core").audit(suite: SupplyChainApp.suite)
        guard report.isSound, report.stateRoot == head.seal.stateRoot else {
          throw LedgerError(.damaged, "The replay found faults: \(report.faults).")
        }
        let again = try await ledger.open()
        let faults = try StateChecks.faults { prefix throws(LedgerError) in try again.head.list(prefix) }
        await again.close()
        guard faults.isEmpty else {
          throw LedgerError(.damaged, "An invariant does not hold: \(faults.joined(separator: "; ")).")
        }
      }
      let after = try await FinanceBench.verifyRate()
      rates.append(count / time)
      limits.append((before + between) / 2)
      replays.append(count / replay)
      replayLimits.append((between + after) / 2)
    }
    report.add("commands-durable", rates, unit: "commands/s", limits: limits)
    report.add("replay-invariants", replays, unit: "commands/s", limits: replayLimits)
  }

  /// Milliseconds from one command's submission to its being durable, with so many clients that each wait for an answer.
  mutating func clients(_ clients: Int, chains: Int) async throws {
    let ledger = try await FinanceLedger(in: folder)
    defer { ledger.remove() }
    let all = try await ledger.chains(clients * chains)
    let node = try await ledger.open()
    let start = ContinuousClock.now
    var times = try await withThrowingTaskGroup(of: [Double].self) { group in
      for client in 0..<clients {
        let own = all[client * chains..<(client + 1) * chains]
        group.addTask {
          var times: [Double] = []
          for entry in own.joined() {
            times.append(try await FinanceBench.seconds { try await FinanceLedger.submit([entry], to: node) } * 1000)
          }
          return times
        }
      }
      var all: [Double] = []
      for try await times in group { all += times }
      return all
    }
    let total = FinanceBench.seconds(ContinuousClock.now - start)
    await node.close()
    times.sort()
    report.add("clients-\(clients)-rate", [Double(times.count) / total], unit: "commands/s")
    report.add("clients-\(clients)-p50", [times[times.count / 2]], unit: "ms")
    report.add("clients-\(clients)-p99", [times[times.count * 99 / 100]], unit: "ms")
  }

  /// Postings a second of the double entry alone: no signatures, no log, nothing durable; two accounts of a thousand each.
  mutating func transfers(_ count: Int) async throws {
    var rates: [Double] = []
    for _ in 0..<runs {
      let member = MemberKeys.derive(name: "core", seed: 1).member(title: "core")
      let trial = ContractTrial(
        SupplyChainContract(version: 1),
        try Configuration(
          epoch: 0, contractVersion: 1, algorithms: [.edDSA], access: .member, members: [member]))
      let accounts = (0..<1000).map { Books(.cny).account("party-\($0)", "wallet") }
      let time = try await FinanceBench.seconds {
        for start in stride(from: 0, to: count, by: 4_000) {
          try trial.change { state throws(ValueError) in
            for number in start..<min(start + 4_000, count) {
              let other = (number * 7 + 1) % 1000 == number % 1000 ? (number + 1) % 1000 : (number * 7 + 1) % 1000
              try Family.postings.post(debit: accounts[number % 1000], credit: accounts[other], 100, &state)
            }
          }
        }
      }
      rates.append(Double(count) / time)
    }
    report.add("transfers-core", rates, unit: "transfers/s")
  }
}
