import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// An audit holds the state in memory or, when it is large, in a scratch file; it must find the same either way.
@Suite("Audits in memory and in a scratch file")
struct AuditStateTests {
  static let suite = ContractSuite(CounterContract.self)

  /// Enough statements for values to be folded, overwritten afterwards, removed and refused.
  private func ledger() async throws -> TestLedger {
    let ledger = try TestLedger(members: 3)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    for round in 0..<4 {
      let entries = try (0..<1500).map { number in
        let payload = number % 11 == 0 ? "no" : number % 13 == 0 ? "gone" : "yes"
        return try ledger.statement(number % 3, "s\(number % 700)", payload, number: UInt64(round * 10_000 + number))
          .entry
      }
      _ = try await open.sequencer.submit(entries)
      try await open.settle()
      ledger.clock.advance(by: 1000)
    }
    await open.close()
    return ledger
  }

  private func audits(_ path: String) async throws -> (memory: AuditReport, scratch: AuditReport) {
    (
      try await Auditor(path: path, suite: Self.suite).run(),
      try await Auditor(path: path, suite: Self.suite, memoryKeys: 0).run()
    )
  }

  @Test("both find a sound ledger sound, with the same roots")
  func sound() async throws {
    let ledger = try await ledger()
    let (memory, scratch) = try await audits(ledger.consortium.folder("org-2").ledger)
    #expect(memory.isSound && scratch.isSound, "\(memory.faults) \(scratch.faults)")
    #expect(memory.root == scratch.root && memory.stateRoot == scratch.stateRoot && memory.size == scratch.size)
    #expect(memory.size > 6000 && memory.checkpoints == scratch.checkpoints && memory.checkpoints > 0)
  }

  @Test("both find the same change of a byte at the same place")
  func altered() async throws {
    let ledger = try await ledger()
    let path = ledger.consortium.folder("org-2").ledger
    let sound = try Data(contentsOf: URL(filePath: path))
    let seed: UInt64 = 21
    var generator = SeededGenerator(seed: seed)
    let altered = FileManager.default.temporaryDirectory.path + "/tallystick-\(UUID().uuidString).sqlite"
    defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: altered + end) } }
    var found = 0
    for round in 0..<24 {
      var bytes = sound
      bytes[Int.random(in: 4096..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try bytes.write(to: URL(filePath: altered))
      let (memory, scratch) = try await audits(altered)
      #expect(memory.faults.map(\.place) == scratch.faults.map(\.place), "seed \(seed), round \(round)")
      found += memory.isSound ? 0 : 1
      for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: altered + end) }
    }
    #expect(found > 12, "only \(found) of 24 changes were in what a ledger uses")
  }
}
