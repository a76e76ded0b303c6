import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// A fault at every write, sync, truncation, deletion and opening in turn, and the power cut at every one of them.
@Suite("Faults")
struct FaultTests {
  struct Plan: Sendable, CustomStringConvertible {
    let kind: FaultScope.Kind
    var lasting = false
    var rest: FaultScope.Rest?
    var members = 1

    var description: String {
      "\(kind)\(lasting ? ", lasting" : "")\(rest.map { ", of what was not synced \($0) stays" } ?? "")"
        + (members > 1 ? ", \(members) members" : "")
    }
  }

  static let plans = [
    Plan(kind: .error), Plan(kind: .error, lasting: true), Plan(kind: .diskFull),
    Plan(kind: .diskFull, lasting: true), Plan(kind: .torn, lasting: true), Plan(kind: .opening),
    Plan(kind: .powerCut, rest: .nothing), Plan(kind: .powerCut, rest: .some),
    Plan(kind: .powerCut, rest: .everything), Plan(kind: .powerCut, rest: .some, members: 2),
  ]

  @Test(
    "after a fault at every write and sync in turn the ledger opens, the audit passes, nothing acknowledged is missing",
    arguments: plans)
  func everyPlace(_ plan: Plan) async throws {
    let start = try FaultProgram.Start(members: plan.members)
    let quiet = try FaultProgram(start)
    let counting = FaultScope(quiet.folder)
    counting.arm(.none, at: 0)
    await quiet.run()
    #expect(quiet.failures == [] && quiet.stored.count == 24 && quiet.erased == [0] && quiet.kept == [1])
    try await quiet.check("no fault")
    let count = plan.kind == .opening ? counting.openings : counting.operations
    var sentences: Set<String> = []
    var struck = 0
    var recovered = 0
    var silent = 0
    var runs = 0
    for place in 1...count {
      let program = try FaultProgram(start)
      let scope = FaultScope(program.folder)
      if plan.kind == .powerCut { scope.track() }
      scope.arm(plan.kind, at: place, lasting: plan.lasting)
      await program.run()
      runs += 1
      if scope.struck > 0 { struck += 1 }
      if scope.struck > 0 && program.failures.isEmpty { silent += 1 }
      if program.endedWell { recovered += 1 }
      if let rest = plan.rest { scope.settle(rest, seed: UInt64(place)) }
      scope.heal()
      for failure in program.failures {
        sentences.insert(failure.message.english.replacingOccurrences(of: program.folder, with: "…"))
        #expect(failure.kind == .unavailable, "\(failure) (\(plan), operation \(place))")
      }
      try await program.check("(\(plan), operation \(place) of \(count))")
    }
    print(
      "faults: \(plan): \(count) operations, \(runs) runs, \(struck) struck, \(silent) surfaced nowhere, \(recovered) took statements "
        + "again without a restart")
    for sentence in sentences.sorted() { print("  \(sentence)") }
    #expect(struck > 0)
    // One error, or a disk with room again, does not stop the node that met it.
    if !plan.lasting && plan.rest == nil { #expect(recovered > runs * 4 / 5, "\(recovered) of \(runs)") }
  }

  @Test("a fault at every write and sync of founding: the folder opens and is sound, or says what is missing")
  func founding() async throws {
    let ledger = try TestLedger(members: 1)
    let genesis = try ledger.consortium.folder("org-1").genesis()
    var place = 0
    var done = false
    while !done {
      place += 1
      let path = Program.temporary()
      defer { try? FileManager.default.removeItem(atPath: path) }
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let scope = FaultScope(path)
      scope.track()
      scope.arm(.powerCut, at: place)
      let folder = MemberFolder(path: path + "/org-1")
      var founded = false
      do throws(LedgerError) {
        try folder.found(genesis: genesis, keys: ledger.keys[0])
        founded = true
      } catch { #expect(error.kind == .unavailable, "\(error)") }
      done = scope.struck == 0
      scope.settle(.some, seed: UInt64(place))
      scope.heal()
      do throws(LedgerError) {
        let node = try await folder.open(suite: FaultProgram.suite, clock: ledger.clock)
        #expect(node.head.size == 1)
        await node.close()
        #expect(try await folder.audit(suite: FaultProgram.suite).faults == [])
      } catch {
        #expect(!founded, "founded, and lost at operation \(place): \(error)")
        #expect(error.kind == .unavailable && error.message.contains("Run init"), "\(error)")
      }
    }
    print("faults: founding: \(place - 1) operations")
  }
}
