import COSE
import Foundation
package import Ledger
import Primitives

/// A ledger of one member in a temporary folder, and statements for it.
package struct BenchLedger {
  static let suite = ContractSuite(BenchContract.self)
  let folder: String
  let consortium: Consortium
  let keys: MemberKeys
  let clock = SystemClock()

  init(in parent: String) throws {
    folder = parent + "/tallystick-bench-\(UInt64.random(in: 0 ... .max))"
    consortium = try .found(
      at: folder, suite: Self.suite,
      plan: Consortium.Plan(members: [("org-1", "org-1", .member)], time: clock.now() - 1000))
    keys = try consortium.folder("org-1").keys()
  }

  /// A ledger that `init(in:)` made.
  init(at folder: String) throws {
    self.folder = folder
    consortium = try Consortium(path: folder)
    keys = try consortium.folder("org-1").keys()
  }

  func open() async throws -> OpenConsortium { try await consortium.open(suite: Self.suite, clock: clock) }

  /// Seals `count` statements about a quarter as many subjects.
  func fill(_ count: Int) async throws {
    let open = try await open()
    let step = 50_000
    for first in stride(from: 0, to: count, by: step) {
      let entries = try await statements(min(step, count - first), from: first, subjects: max(1, count / 4))
      try await BenchLedger.submit(entries, to: open.sequencer)
    }
    try await open.settle()
    await open.close()
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Signed statements of 256 bytes of payload about `subjects` subjects, made on all cores.
  func statements(_ count: Int, from first: Int, subjects: Int) async throws -> [[UInt8]] {
    let time = clock.now()
    let key = keys.statement
    return try await withThrowingTaskGroup(of: (Int, [[UInt8]]).self) { group in
      for start in stride(from: 0, to: count, by: 2000) {
        group.addTask {
          var payload = [UInt8](repeating: 0x61, count: 256)
          return (
            start,
            try (start..<min(start + 2000, count)).map { place in
              let number = UInt64(first + place)
              payload.replaceSubrange(0..<8, with: withUnsafeBytes(of: number) { Array($0) })
              return try Statement.sign(
                payload: payload, contentType: "application/octet-stream", issuer: "org-1",
                subject: "subject-\((first + place) % subjects)", time: time,
                claimID: ClaimID(high: 1, low: number), key: key
              ).entry
            }
          )
        }
      }
      var parts: [(Int, [[UInt8]])] = []
      for try await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  /// Submits in slices, several at a time, and checks that every statement was carried out.
  package static func submit(_ entries: [[UInt8]], to node: Node) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (place, start) in stride(from: 0, to: entries.count, by: 2000).enumerated() {
        if place >= 6 { try await group.next() }
        group.addTask {
          let outcomes = try await node.submit(Array(entries[start..<min(start + 2000, entries.count)]))
          for outcome in outcomes {
            guard case .accepted = outcome else {
              throw LedgerError(.refused, "A statement was not carried out: \(outcome)")
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
