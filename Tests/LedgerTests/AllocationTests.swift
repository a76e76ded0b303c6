import Foundation
import LedgerTestKit
import Testing

@Suite("Allocations")
struct AllocationTests {
  /// A ratchet: lower it when the hot path gets leaner; raising it needs a reason in the same change.
  static let limit = 24.0

  @Test("a statement on the hot path costs no more allocations than it did")
  func hotPath() throws {
    let run = try Program.run("AllocationProbe", [])
    #expect(run.code == 0, "\(run.error)")
    let found = try #require(
      Double(run.output.trimmingCharacters(in: .whitespacesAndNewlines)), "the probe said '\(run.output)'")
    print("allocations for each statement: \(found), limit \(Self.limit)")
    #expect(found <= Self.limit)
    #expect(found > 1, "nothing was counted")
  }
}
