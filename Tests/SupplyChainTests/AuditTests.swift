import FinanceRules
import Ledger
import Primitives
import Testing
import Value

/// The invariants that `supplychain audit` recomputes: each holds over seeded lives, and each notices what it is there for.
@Suite("The audit's invariants")
struct AuditTests {
  typealias Pairs = [(key: StateKey, value: [UInt8])]

  /// The first state of seeded runs that has what a change needs, after the change.
  private func changed<Record: Fields>(
    _ family: Namespace, _: Record.Type, _ name: String, _ change: (inout Record) -> Bool
  ) throws -> Pairs? {
    for seed in 1...40 as ClosedRange<UInt64> {
      let run = try RandomRun(seed: seed)
      for number in 0..<500 {
        run.begin(number)
        try run.step()
      }
      var pairs: Pairs = run.world.trial.pairs
      try Invariants(pairs).check()
      for place in pairs.indices where pairs[place].key.bytes[0] == family.id {
        var record = try Record(decoding: pairs[place].value)
        guard change(&record) else { continue }
        pairs[place].value = record.encoded()
        return pairs
      }
    }
    Issue.record("no state of forty runs has what \(name) needs")
    return nil
  }

  private func expect(_ number: String, _ pairs: Pairs?) throws {
    guard let pairs else { return }
    do {
      try Invariants(pairs).check()
      Issue.record("\(number) did not notice")
    } catch let violation as Invariants.Violation {
      #expect(violation.description.hasPrefix("\(number):"), "\(violation)")
    }
  }

  @Test("hold over seeded lives", arguments: 1...8 as ClosedRange<UInt64>)
  func hold(_ seed: UInt64) throws {
    let run = try RandomRun(seed: seed)
    for number in 0..<300 {
      run.begin(number)
      try run.step()
      if number % 10 == 9 { try Invariants(run.world.trial.pairs).check() }
    }
  }

  @Test("notice one changed figure, each by its own number")
  func noticed() throws {
    try expect(
      "I2",
      try changed(Family.notes, Note.self, "I2") { note in
        guard note.status == .live else { return false }
        note.settled += 1
        return true
      })
    try expect(
      "I3",
      try changed(Family.lots, Lot.self, "I3") { lot in
        guard lot.existence == .live else { return false }
        lot.holder += "x"
        return true
      })
    try expect(
      "I5",
      try changed(Family.invoices, Invoice.self, "I5") { invoice in
        guard invoice.noted > 0 else { return false }
        invoice.noted -= 1
        return true
      })
    try expect(
      "I6",
      try changed(Family.lots, Lot.self, "I6") { lot in
        guard lot.existence == .live, lot.reservation != .none, !lot.isPledged else { return false }
        lot.pledgee = "bank1"
        return true
      })
    try expect(
      "I7",
      try changed(Family.registry, Registration.self, "I7") { entry in
        guard entry.financed > 0 else { return false }
        entry.financier += "x"
        return true
      })
    try expect(
      "I8",
      try changed(Family.lots, Lot.self, "I8") { lot in
        guard lot.parent != nil else { return false }
        lot.parent = .sha256("another")
        return true
      })
    try expect(
      "I16",
      try changed(Family.evidence, EvidenceUse.self, "I16") { use in
        use.evidence.amount += 1
        return true
      })
    try expect(
      "I17",
      try changed(Family.obligors, ObligorRecord.self, "I17") { record in
        record.overdueLots += 1
        return true
      })
  }

  @Test("notice books that do not balance")
  func books() throws {
    let run = try RandomRun(seed: 3)
    for number in 0..<240 {
      run.begin(number)
      try run.step()
    }
    var pairs: Pairs = run.world.trial.pairs
    let accounts = pairs.indices.filter { pairs[$0].key.bytes[0] == Family.accounts.id }
    pairs.remove(at: try #require(accounts.first { pairs[$0].value.count > 0 && hasBalance(pairs[$0].value) }))
    try expect("I1", pairs)
  }

  private func hasBalance(_ value: [UInt8]) -> Bool {
    guard let account = try? Account(decoding: value) else { return false }
    return account.debits != account.credits
  }
}
