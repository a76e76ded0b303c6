import FinanceRules
import Foundation
import Ledger
import Primitives
import Testing

@Suite("Seeded commands over ten members")
struct RandomTests {
  @Test(
    "agree with the second model, and every invariant holds after each step", arguments: 1...40 as ClosedRange<UInt64>)
  func agree(_ seed: UInt64) throws {
    let run = try RandomRun(seed: seed)
    for number in 0..<700 {
      run.begin(number)
      do {
        try run.step()
        try run.check()
      } catch is RunFailure {
        Issue.record("\(try Shrinking.script(seed: seed, steps: Array(0...number)))")
        return
      }
    }
    let statuses = Set(run.model.lots.map(\.status))
    #expect(run.accepted > 60, "\(run.accepted) of 700 were carried out, \(statuses). \(run.report)")
  }

  /// `TALLYSTICK_SEED=n [TALLYSTICK_STEPS=a,b,…] swift test … --filter RandomTests/chosen` runs one seed again.
  @Test("one seed, or some of its steps, can be run again by one command")
  func chosen() throws {
    guard let (seed, steps) = Shrinking.chosen(ProcessInfo.processInfo.environment) else { return }
    guard let (run, failure) = try Shrinking.failure(seed: seed, steps: steps) else { return }
    Issue.record("\(failure.message.prefix(200))\n\(run.log.joined(separator: "\n"))")
  }

  @Test(
    "a planted defect is found, made as short as it can be, and printed as a script",
    arguments: [
      Guard.overIssue, .notTheHolder, .evidenceUsed,
    ])
  func planted(_ omitted: Guard) throws {
    for seed in 1...40 as ClosedRange<UInt64> {
      let steps = Array(0..<300)
      guard let (run, _) = try Shrinking.failure(seed: seed, steps: steps, without: omitted) else { continue }
      let until = Array(0...run.place)
      let short = try Shrinking.shrink(seed: seed, steps: until, without: omitted)
      #expect(try Shrinking.failure(seed: seed, steps: short, without: omitted) != nil)
      for place in short.indices {
        var shorter = short
        shorter.remove(at: place)
        #expect(
          try Shrinking.failure(seed: seed, steps: shorter, without: omitted) == nil,
          "step \(short[place]) could be left out of \(short), seed \(seed)")
      }
      let script = try Shrinking.script(seed: seed, steps: until, without: omitted)
      #expect(script.contains("TALLYSTICK_SEED=\(seed)"))
      #expect(short.count <= 45 && short.count < until.count, "\(short.count) of \(until.count): \(script)")
      print(script)
      return
    }
    Issue.record("no run of 40 noticed that \(omitted.rawValue) is missing")
  }

  @Test("reach every part of the life of a note, and come late, out of order and several upon one state")
  func reach() throws {
    var (seen, refused, late): ([String: Int], Set<String>, Int) = ([:], [], 0)
    for seed in 100..<140 as Range<UInt64> {
      let run = try RandomRun(seed: seed)
      for number in 0..<1500 {
        run.begin(number)
        try run.step()
      }
      late += run.log.filter { $0.hasSuffix("kept for later") }.count
      for line in run.log {
        guard let word = line.split(separator: " ").dropFirst(3).first.map(String.init) else { continue }
        if line.hasSuffix(": carried out") {
          seen[word, default: 0] += 1
        } else if !line.contains("kept for later") {
          refused.insert(word)
        }
      }
    }
    let wanted: Set = [
      "invoice", "approve", "propose", "accept-issue", "accept-payment", "reject", "withdraw", "expire", "split",
      "offer-transfer", "accept-transfer", "refuse-transfer", "cancel-transfer", "request", "bid", "choose",
      "cancel-finance", "disburse", "mark-due", "mark-overdue", "mark-default", "cure", "settle", "write-off", "accrue",
      "dispute", "settle-dispute", "dispute-invoice", "settle-dispute-invoice", "credit", "pledge", "accept-pledge",
      "refuse-pledge", "release", "enforce", "freeze", "unfreeze", "demand-recourse", "accept-recourse",
      "withdraw-recourse", "buyback", "goods", "value", "facility", "facility-accept", "facility-refuse",
      "facility-draw",
      "facility-cancel-draw", "facility-release", "facility-close", "pay-drawing", "repay", "device", "reading",
      "report-silence", "acknowledge", "escalate", "resolve",
    ]
    print("carried out: \(seen.sorted { $0.value < $1.value }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
    #expect(wanted.isSubset(of: seen.keys), "never carried out: \(wanted.subtracting(seen.keys).sorted())")
    #expect(refused.isSuperset(of: wanted), "never refused: \(wanted.subtracting(refused).sorted())")
    #expect(late > 50)
  }
}
