import FinanceRules
import Ledger
import Primitives
import Testing
import Value

/// What must hold after every step, read from the state alone; the numbers are those of the reference.
extension RandomRun {
  func check() throws {
    let pairs = world.trial.pairs
    func all<Record: Fields>(_ family: Namespace, _ type: Record.Type) throws -> [(key: StateKey, value: Record)] {
      try pairs.filter { $0.key.bytes[0] == family.id }.map { ($0.key, try Record(decoding: $0.value)) }
    }
    let lots = try all(Family.lots, Lot.self)
    let notes = try all(Family.notes, Note.self)
    let live = lots.filter { $0.value.existence == .live }

    try books(pairs, lots: lots, notes: notes)
    for (key, note) in notes {
      let id = Array(key.bytes.dropFirst())
      let own = lots.filter { $0.key.bytes[1...].starts(with: id) }
      // I2: what is live, settled and written off is the face, over the leaves of the tree.
      let leaves = own.filter { $0.value.existence != .consumed }
      if note.status == .live || note.status == .discharged {
        let sum = leaves.reduce(0) { $0 + $1.value.open + $1.value.settled + $1.value.writtenOff }
        try #require(sum == note.proposal.amount, "I2. \(report)")
        try #require(leaves.reduce(0) { $0 + $1.value.settled } == note.settled, "I2 settled. \(report)")
      } else {
        try #require(own.isEmpty, "I2: a proposal has no lots. \(report)")
      }
      // I9: tenor within the policy at issue.
      try #require(note.proposal.maturity > 0 && note.policy == 1, "I9. \(report)")
    }
    // I3: one holder each, and the list of holdings is exactly that.
    let held = Set(pairs.filter { $0.key.bytes[0] == Family.holdings.id }.map { $0.key.bytes })
    let expected = Set(
      live.map { entry in
        [Family.holdings.id] + Digest.sha256(entry.value.holder).bytes + entry.key.bytes.dropFirst()
      })
    try #require(held == expected, "I3. \(report)")
    // I6: at most one reservation or lien, and only on live lots.
    for (_, lot) in lots {
      let claims = (lot.reservation == .none ? 0 : 1) + (lot.isPledged ? 1 : 0)
      try #require(claims <= 1 && (lot.existence == .live || claims == 0), "I6. \(report)")
      try #require(lot.depth <= 3, "I9 depth. \(report)")
    }
    // I5: notes on an invoice stay within what is payable.
    for (key, invoice) in try all(Family.invoices, Invoice.self) {
      let token = Array(key.bytes.dropFirst())
      let noted = notes.filter {
        $0.value.proposal.invoice.bytes == token && [.proposed, .issued, .live, .discharged].contains($0.value.status)
      }.reduce(0) { $0 + $1.value.proposal.amount }
      try #require(noted == invoice.noted && invoice.open >= 0, "I5. \(report)")
    }
    // I7: one financier an invoice.
    for (key, entry) in try all(Family.registry, Registration.self) {
      let token = Array(key.bytes.dropFirst())
      let financiers = Set(
        lots.filter { lot in
          !lot.value.financier.isEmpty
            && notes.contains {
              $0.key.bytes[1...].elementsEqual(lot.key.bytes[1..<33]) && $0.value.proposal.invoice.bytes == token
            }
        }.map(\.value.financier))
      try #require(financiers.isSubset(of: [entry.financier]), "I7. \(report)")
      try #require(financiers.isEmpty == (entry.status != .financed), "I7 status. \(report)")
    }
    try lines(live.map(\.value), notes)
    try terminal(pairs)
  }

  /// I1, I13, I16: the books balance, and only bank entries move money.
  private func books(
    _ pairs: [(key: StateKey, value: [UInt8])], lots: [(key: StateKey, value: Lot)],
    notes: [(key: StateKey, value: Note)]
  ) throws {
    var balance = TrialBalance()
    var receivables: [String: Int64] = [:]
    var payables: [String: Int64] = [:]
    var bank: Int64 = 0
    for (_, value) in pairs where value.first == 0x88 {
      guard let account = try? Account(decoding: value) else { continue }
      balance.add(account)
      switch account.id.name {
      case "receivable": receivables[account.id.owner] = account.debitBalance
      case "payable": payables[account.id.owner] = account.creditBalance
      case "bank": bank += account.debits
      default: break
      }
    }
    try #require(balance.isBalanced, "I1. \(report)")
    var held: [String: Int64] = [:]
    for (_, lot) in lots where lot.existence == .live { held[lot.holder, default: 0] += lot.open }
    try #require(held.filter { $0.value != 0 } == receivables.filter { $0.value != 0 }, "I1 receivables. \(report)")
    var owed: [String: Int64] = [:]
    for (_, note) in notes where [.live].contains(note.status) {
      owed[note.obligor, default: 0] += note.proposal.amount - note.settled
    }
    try #require(owed.filter { $0.value != 0 } == payables.filter { $0.value != 0 }, "I1 payables. \(report)")
    let evidence = try pairs.filter { $0.key.bytes[0] == Family.evidence.id }
      .map { try EvidenceUse(decoding: $0.value) }
    try #require(bank == evidence.reduce(0) { $0 + $1.evidence.amount }, "I16. \(report)")
    // I13: what was paid, the discount and the fee are the face.
    for (_, lot) in lots where lot.isFinanced {
      let paid = evidence.contains { $0.payment == "disburse" && $0.evidence.payer == lot.financier }
      try #require(paid, "I16 disbursed. \(report)")
    }
  }

  /// I4 and I17: used and reserved within each limit, as the model sums them.
  private func lines(_ live: [Lot], _ notes: [(key: StateKey, value: Note)]) throws {
    func line(_ line: CreditLine, used: Int64, reserved: Int64) throws {
      guard let available = try world.account(line.available) else { return }
      let account = try world.account(line.used)
      try #require((available.available ?? -1) >= 0, "I4. \(report)")
      try #require((account?.debitBalance ?? 0) == used, "I4 used of \(line.owner). \(report)")
      try #require((account?.pendingDebits ?? 0) == reserved, "I4 reserved of \(line.owner). \(report)")
    }
    for obligor in ["core", "core2"] {
      try line(.obligor(obligor, .cny), used: model.used(obligor), reserved: model.reserved(obligor))
      for bank in ["bank1", "bank2"] {
        try line(
          .pair(bank, obligor, .cny), used: model.pairUsed(bank, obligor), reserved: model.pairReserved(bank, obligor))
      }
      let record: ObligorRecord? = try world.record(Family.obligors.key(.sha256(obligor)))
      try #require(((record?.overdueLots ?? 0) > 0) == model.isOverdue(obligor), "I17. \(report)")
    }
    try #require(live.count == model.lots.filter { $0.status == "live" }.count, "lots. \(report)")
  }

  /// I12: what has ended stays as it was.
  private func terminal(_ pairs: [(key: StateKey, value: [UInt8])]) throws {
    for (key, value) in pairs {
      let hasEnded: Bool
      switch key.bytes[0] {
      case Family.lots.id: hasEnded = try Lot(decoding: value).existence != .live
      case Family.notes.id:
        hasEnded = try ![.proposed, .issued, .live].contains(Note(decoding: value).status)
      case Family.reservations.id: hasEnded = try Reservation(decoding: value).status != .pending
      default: continue
      }
      guard hasEnded else { continue }
      let place = Digest.sha256(key.bytes)
      if let known = ended[place] { try #require(known == value, "I12. \(report)") }
      ended[place] = value
    }
  }
}

@Suite("Seeded commands over ten members")
struct RandomTests {
  @Test(
    "agree with the second model, and every invariant holds after each step", arguments: 1...16 as ClosedRange<UInt64>)
  func agree(_ seed: UInt64) throws {
    let run = try RandomRun(seed: seed)
    for _ in 0..<400 {
      try run.step()
      try run.check()
    }
    let statuses = Set(run.model.lots.map(\.status))
    #expect(run.accepted > 60, "\(run.accepted) of 400 were carried out, \(statuses). \(run.report)")
  }

  @Test("reach every part of the life of a note")
  func reach() throws {
    var seen: Set<String> = []
    for seed in 100..<108 as Range<UInt64> {
      let run = try RandomRun(seed: seed)
      for _ in 0..<500 { try run.step() }
      seen.formUnion(
        run.log.filter { $0.hasSuffix("carried out") }.compactMap {
          $0.split(separator: " ").dropFirst(2).first.map(String.init)
        })
    }
    let wanted: Set = [
      "invoice", "approve", "propose", "accept-issue", "accept-payment", "reject", "withdraw", "expire", "split",
      "offer-transfer", "accept-transfer", "refuse-transfer", "request", "bid", "choose", "cancel-finance", "disburse",
      "mark-due", "mark-overdue", "settle",
    ]
    #expect(seen.isSuperset(of: wanted), "never carried out: \(wanted.subtracting(seen).sorted())")
  }
}
