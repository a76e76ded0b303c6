import COSE
import CountingMalloc
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives

/// Seals statements and prints how many allocations each costs; a program of its own, because it counts all of them.
@main struct AllocationProbe {
  static func main() async throws {
    let ledger = try TestLedger(members: 1, contract: ContractSuite(BenchContract.self))
    let open = try await ledger.consortium.open(suite: ContractSuite(BenchContract.self), clock: ledger.clock)
    let step = 2000
    var number: UInt64 = 0
    func round(_ batches: Int) async throws -> UInt64 {
      let entries = try (0..<batches * step).map { _ in
        number += 1
        return try ledger.statement(0, "subject-\(number % 500)", "payload", number: number).entry
      }
      let before = counting_malloc_count()
      for start in stride(from: 0, to: entries.count, by: step) {
        _ = try await open.sequencer.submit(Array(entries[start..<start + step]))
      }
      return counting_malloc_count() - before
    }
    _ = try await round(2)
    let allocations = try await round(8)
    await open.close()
    print(Double(allocations) / Double(8 * step))
  }
}
