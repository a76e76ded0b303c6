import FinanceRules
import Invoices
import Ledger
import Primitives
import Value

/// The id that a payment carries from the payment order to the bank's notification: 33 characters, one lot and purpose.
enum EndToEnd {
  static func id(_ payment: PaymentKind, _ lot: Digest) -> String {
    "\(letter(payment))\(lot.hex.prefix(32).uppercased())"
  }

  private static func letter(_ payment: PaymentKind) -> String {
    switch payment {
    case .disburse: "D"
    case .settle: "S"
    case .buyback: "B"
    }
  }

  /// The purpose and the first half of a lot's id.
  static func parse(_ text: String) -> (payment: PaymentKind, lot: String)? {
    guard text.utf8.count == 33, let first = text.first else { return nil }
    let digits = text.dropFirst().lowercased()
    guard digits.allSatisfy(\.isHexDigit) else { return nil }
    switch first {
    case "D", "d": return (.disburse, digits)
    case "S", "s": return (.settle, digits)
    case "B", "b": return (.buyback, digits)
    default: return nil
    }
  }
}

/// Who pays whom for a lot, by what the ledger knows.
struct LotPayees {
  let payer: String
  let payee: String
  let amount: Int64

  init(_ payment: PaymentKind, _ note: Note, _ lot: Lot) {
    switch payment {
    case .disburse: (payer, payee, amount) = (lot.counterparty, lot.holder, lot.proceeds)
    case .settle:
      (payer, payee) = (note.obligor, lot.isPledgeAccepted ? lot.pledgee : lot.holder)
      amount = lot.open
    case .buyback: (payer, payee, amount) = (lot.priorHolder, lot.holder, lot.open)
    }
  }
}

/// Movements that a bank has booked, as evidence: each is used once, for the lot that its end-to-end id names.
extension Importer {
  func take(
    _ evidence: Invoices.BankEvidence, _ report: inout ImportReport, _ state: Stating?
  ) async throws {
    let lots = try openLots()
    for entry in evidence.entries {
      var movement = ImportReport.Movement(
        reference: entry.id, amount: "\(entry.direction == .debit ? "-" : "")\(entry.amount)")
      try await take(entry, lots, &movement, state)
      movement.sentence = movement.message?.english
      report.movements.append(movement)
    }
    let used = report.movements.filter { $0.outcome == .registered }.count
    report.end(
      state == nil
        ? .checked : used > 0 ? .registered : report.movements.contains { $0.outcome == .known } ? .known : .rejected,
      "\(used) of \(evidence.entries.count) movements are bank evidence on the ledger now.")
  }

  private func openLots() throws -> [String: (note: Digest, lot: Digest)] {
    var found: [String: (Digest, Digest)] = [:]
    for (key, value) in try view.list(Family.lots.prefix()) {
      guard let lot = try? Lot(decoding: value), lot.existence != .consumed, let note = Digest(key.bytes[1..<33]),
        let id = Digest(key.bytes.suffix(32))
      else { continue }
      found[String(id.hex.prefix(32))] = (note, id)
    }
    return found
  }

  private func take(
    _ entry: BankEntry, _ lots: [String: (note: Digest, lot: Digest)], _ movement: inout ImportReport.Movement,
    _ state: Stating?
  ) async throws {
    func stop(_ outcome: ImportReport.Outcome, _ message: Message) {
      (movement.outcome, movement.message) = (outcome, message)
    }
    guard entry.isBooked, !entry.isReversal else {
      return stop(.rejected, "It is not booked, or takes another movement back: it is no evidence.")
    }
    guard let endToEnd = entry.endToEndID, let (payment, prefix) = EndToEnd.parse(endToEnd) else {
      return stop(.rejected, "Its end-to-end id names no lot.")
    }
    guard let place = lots[prefix], let note: Note = try record(Family.notes.key(place.note)),
      let lot: Lot = try record(Family.lots.key(place.note, place.lot))
    else { return stop(.rejected, "There is no lot of this end-to-end id.") }
    (movement.payment, movement.note, movement.lot) = (payment.rawValue, place.note.hex, place.lot.hex)
    let id = registry.code(for: "bank|\(entry.id)")
    if try view.value(Family.evidence.key(id)) != nil {
      return stop(.known, "This bank entry has been used before.")
    }
    let sides = LotPayees(payment, note, lot)
    // What the bank says of the parties must not contradict the ledger, as far as the accounts and names are known.
    let (account, other) = entry.direction == .debit ? (sides.payer, sides.payee) : (sides.payee, sides.payer)
    let owner = parties.owner(ofAccount: entry.account)
    let counterparty = entry.counterparty.flatMap { parties.member(named: $0) }
    guard owner.map({ $0 == parties.organisation(of: account) }) ?? true,
      counterparty.map({ $0 == parties.organisation(of: other) }) ?? true
    else { return stop(.rejected, "The bank entry is between other parties.") }
    guard let date = entry.valueDate ?? entry.bookingDate else {
      return stop(.rejected, "The bank entry has no day.")
    }
    let (day, amount) = (try Importer.day(date), entry.amount)
    guard let state else { return }
    let evidence = FinanceRules.BankEvidence {
      ($0.id, $0.payer, $0.payee) = (id, sides.payer, sides.payee)
      ($0.currency, $0.amount, $0.day) = (amount.currency.code, amount.minorUnits, day)
    }
    let document = LotPayment {
      ($0.note, $0.lot, $0.payment, $0.evidence) = (place.note, place.lot, payment, evidence)
    }
    switch try await state(document, place.note.hex) {
    case .accepted(let index), .duplicate(let index): (movement.outcome, movement.entry) = (.registered, index)
    case .refused(let index, let refusal):
      (movement.outcome, movement.entry, movement.code) = (.refused, index, refusal.code)
      movement.message = refusal.message
    case .rejected(let error): throw error
    }
  }
}
