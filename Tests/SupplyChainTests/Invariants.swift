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
        try hold(sum == note.proposal.amount, "I2. \(report)")
        try hold(leaves.reduce(0) { $0 + $1.value.settled } == note.settled, "I2 settled. \(report)")
      } else {
        try hold(own.isEmpty, "I2: a proposal has no lots. \(report)")
      }
      // I8: what a note promises stays as it was proposed, and its parts have nothing of their own to differ in.
      let place = Digest(id) ?? Digest()
      let root = roots[place] ?? note
      roots[place] = root
      try hold(
        root.proposal == note.proposal && root.obligor == note.obligor && root.payee == note.payee
          && root.currency == note.currency && root.policy == note.policy && root.maker == note.maker, "I8. \(report)")
      for (key, lot) in own {
        guard let parent = lot.parent else {
          try hold(key.bytes.suffix(32).elementsEqual(id), "I8: a lot without a parent is the note. \(report)")
          continue
        }
        let above = own.first { $0.key.bytes.suffix(32).elementsEqual(parent.bytes) }?.value
        try hold(above?.existence == .consumed && lot.depth >= above?.depth ?? 0, "I8: parent. \(report)")
        let parts = own.filter { $0.value.parent == parent }
        try hold(parts.reduce(0) { $0 + $1.value.amount } == above?.amount, "I2: parts. \(report)")
        try hold(parts.count <= 4, "I9: parts. \(report)")
      }
      // I9: tenor within the policy at issue.
      try hold(note.proposal.maturity > 0 && note.policy == 1, "I9. \(report)")
      let proposed = try all(Family.lives, NoteEvent.self).first {
        $0.value.kind == "proposed" && $0.value.lot == place
      }
      let tenor = note.proposal.maturity - Int64((proposed?.value.time ?? 0) / World.dayLength)
      try hold((1...World.policy.plainTenorDays).contains(tenor), "I9 tenor. \(report)")
      if note.payee == "sup3" {
        let invoice: Invoice? = try world.record(Family.invoices.key(note.proposal.invoice))
        try hold(
          note.proposal.maturity <= (invoice?.filing.deliveryDay ?? 0) + World.policy.smallPaymentDays,
          "I9: a small payee is paid within 60 days. \(report)")
      }
    }
    // I3: one holder each, and the list of holdings is exactly that.
    let held = Set(pairs.filter { $0.key.bytes[0] == Family.holdings.id }.map { $0.key.bytes })
    let expected = Set(
      live.map { entry in
        [Family.holdings.id] + Digest.sha256(entry.value.holder).bytes + entry.key.bytes.dropFirst()
      })
    try hold(held == expected, "I3. \(report)")
    // I6: at most one reservation or lien, and only on live lots.
    for (_, lot) in lots {
      let claims = (lot.reservation == .none ? 0 : 1) + (lot.isPledged ? 1 : 0)
      try hold(claims <= 1 && (lot.existence == .live || claims == 0), "I6. \(report)")
      try hold(lot.depth <= 3, "I9 depth. \(report)")
    }
    // I5: notes on an invoice stay within what is payable.
    for (key, invoice) in try all(Family.invoices, Invoice.self) {
      let token = Array(key.bytes.dropFirst())
      let noted = notes.filter {
        $0.value.proposal.invoice.bytes == token && [.proposed, .issued, .live, .discharged].contains($0.value.status)
      }.reduce(0) { $0 + $1.value.proposal.amount }
      try hold(noted == invoice.noted && invoice.open >= 0, "I5. \(report)")
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
      try hold(financiers.isSubset(of: [entry.financier]), "I7. \(report)")
      try hold(financiers.isEmpty == (entry.status != .financed), "I7 status. \(report)")
    }
    try lines(live.map(\.value), notes)
    try same()
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
    try hold(balance.isBalanced, "I1. \(report)")
    var held: [String: Int64] = [:]
    for (_, lot) in lots where lot.existence == .live { held[lot.holder, default: 0] += lot.open }
    try hold(held.filter { $0.value != 0 } == receivables.filter { $0.value != 0 }, "I1 receivables. \(report)")
    var owed: [String: Int64] = [:]
    for (_, note) in notes where [.live].contains(note.status) {
      owed[note.obligor, default: 0] += note.proposal.amount - note.settled
    }
    try hold(owed.filter { $0.value != 0 } == payables.filter { $0.value != 0 }, "I1 payables. \(report)")
    let evidence = try pairs.filter { $0.key.bytes[0] == Family.evidence.id }
      .map { try EvidenceUse(decoding: $0.value) }
    try hold(bank == evidence.reduce(0) { $0 + $1.evidence.amount }, "I16. \(report)")
    // I13: what was paid, the discount and the fee are the face, of each lot and in the books.
    var (fees, discounts) = ([String: Int64](), [String: Int64]())
    for (place, id) in lotIDs.enumerated() where !model.lots[place].bought.isEmpty {
      let found = model.lots[place]
      guard let lot = lots.first(where: { $0.key.bytes.suffix(32).elementsEqual(id.bytes) })?.value else {
        throw RunFailure(message: "I13: a lot is gone. \(report)")
      }
      let fee = found.bids[found.bought]?.terms.fee ?? -1
      try hold(lot.paid + lot.discount + fee == lot.amount && lot.paid == found.proceeds, "I13. \(report)")
      fees[found.bought, default: 0] += fee
      discounts[found.bought, default: 0] += lot.discount
    }
    for bank in ["bank1", "bank2"] {
      func balance(_ name: String) throws -> Int64 {
        try world.account(Books(.cny).account(bank, name))?.creditBalance ?? 0
      }
      try hold(try balance("fee-income") == fees[bank] ?? 0, "I13 fees of \(bank). \(report)")
      let booked = try balance("unearned-discount") + balance("discount-income")
      try hold(booked == discounts[bank] ?? 0, "I13 discounts of \(bank). \(report)")
    }
    for (_, lot) in lots where lot.isFinanced {
      let paid = evidence.contains { $0.payment == "disburse" && $0.evidence.payer == lot.financier }
      try hold(paid, "I16 disbursed. \(report)")
    }
  }

  /// I4 and I17: used and reserved within each limit, as the model sums them.
  private func lines(_ live: [Lot], _ notes: [(key: StateKey, value: Note)]) throws {
    func line(_ line: CreditLine, used: Int64, reserved: Int64) throws {
      guard let available = try world.account(line.available) else { return }
      let account = try world.account(line.used)
      try hold((available.available ?? -1) >= 0, "I4. \(report)")
      try hold((account?.debitBalance ?? 0) == used, "I4 used of \(line.owner). \(report)")
      try hold((account?.pendingDebits ?? 0) == reserved, "I4 reserved of \(line.owner). \(report)")
    }
    for obligor in ["core", "core2"] {
      try line(.obligor(obligor, .cny), used: model.used(obligor), reserved: model.reserved(obligor))
      for bank in ["bank1", "bank2"] {
        try line(
          .pair(bank, obligor, .cny), used: model.pairUsed(bank, obligor), reserved: model.pairReserved(bank, obligor))
      }
      let record: ObligorRecord? = try world.record(Family.obligors.key(.sha256(obligor)))
      try hold(((record?.overdueLots ?? 0) > 0) == model.isOverdue(obligor), "I17. \(report)")
    }
    try hold(live.count == model.lots.filter { $0.status == "live" }.count, "lots. \(report)")
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
      if let known = ended[place] { try hold(known == value, "I12. \(report)") }
      ended[place] = value
    }
  }
}
