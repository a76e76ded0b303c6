import FinanceRules
import Primitives

/// The rules of notes once more: slow and obvious, over dictionaries, with every total summed up anew.
///
/// It shares no code with the contract but the documents' types and the formula of the price.
struct Model {
  struct Note {
    var invoice: Int
    var obligor: String
    var payee: String
    var amount: Int64
    var maturity: Int64
    var expires: UInt64
    var maker: String
    var status = "proposed"
  }

  struct Lot {
    var note: Int
    var amount: Int64
    var holder: String
    var depth = 0
    var settled: Int64 = 0
    var status = "live"
    var reservation = ""
    var other = ""
    var expires: UInt64 = 0
    var proceeds: Int64 = 0
    var performance = "current"
    var financier = ""
    var parent: Int?
    var writtenOff: Int64 = 0
    var isDisputed = false
    var pledgee = ""
    var isPledgeAccepted = false
    /// `none`, `asked:op`, `asked:reg`, `frozen`, `thaw:op`, `thaw:reg`: who has asked stands behind the colon.
    var freeze = "none"
    var hasRecourse = false
    /// Who sold it to its financier.
    var seller = ""
    /// Who ever bought it: what was earned by it stays in its books.
    var bought = ""
    var bids: [String: (terms: Terms, expires: UInt64)] = [:]
  }

  struct Invoice {
    var seller: String
    var buyer: String
    var payable: Int64
    var day: Int64
    var approved = false
    var credited: Int64 = 0
    var isDisputed = false
  }

  var invoices: [Invoice] = []
  var notes: [Note] = []
  var lots: [Lot] = []
  var evidence: Set<String> = []
  var credits: Set<String> = []
  // Goods and what watches them
  var goods: [Goods] = []
  var facilities: [Facility] = []
  var devices: [Device] = []
  var exceptions: [Trouble] = []
  /// Who may finance an invoice further: set when a bid is chosen, cleared when the last one is called off.
  var financier: [Int: String] = [:]

  let limits: [String: Int64]
  let pairs: [String: Int64]
  static let suppliers: Set = ["sup1", "sup2", "sup3", "dist", "core", "core2", "bank1", "bank2"]

  func noted(_ invoice: Int) -> Int64 {
    notes.filter { $0.invoice == invoice && ["proposed", "issued", "live"].contains($0.status) }.map(\.amount)
      .reduce(0, +)
  }

  func reserved(_ obligor: String) -> Int64 {
    notes.filter { $0.obligor == obligor && ["proposed", "issued"].contains($0.status) }.map(\.amount).reduce(0, +)
  }

  func used(_ obligor: String) -> Int64 {
    lots.filter { $0.status == "live" && notes[$0.note].obligor == obligor }.map { $0.amount - $0.settled }
      .reduce(0, +)
  }

  func pairReserved(_ financier: String, _ obligor: String) -> Int64 {
    lots.filter {
      $0.status == "live" && $0.reservation == "chosen" && $0.other == financier && notes[$0.note].obligor == obligor
    }.map(\.amount).reduce(0, +)
  }

  func pairUsed(_ financier: String, _ obligor: String) -> Int64 {
    lots.filter { $0.status == "live" && $0.financier == financier && notes[$0.note].obligor == obligor }
      .map { $0.amount - $0.settled }.reduce(0, +)
  }

  func pairRoom(_ financier: String, _ obligor: String) -> Int64 {
    (pairs["\(financier)/\(obligor)"] ?? 0) - pairReserved(financier, obligor) - pairUsed(financier, obligor)
  }

  func isOverdue(_ obligor: String) -> Bool {
    lots.contains {
      $0.status == "live" && ["overdue", "defaulted"].contains($0.performance) && notes[$0.note].obligor == obligor
    }
  }

  func isOffer(_ expires: UInt64, _ time: UInt64) -> Bool {
    expires > time && expires <= time + 30 * 86_400_000
  }

  // MARK: Commands: each says whether it is legal, and if so carries it out

  mutating func invoice(_ seller: String, _ buyer: String, _ payable: Int64, day: Int64, _ by: String) -> Bool {
    guard by == seller, seller != buyer, payable > 0 else { return false }
    invoices.append(Invoice(seller: seller, buyer: buyer, payable: payable, day: day))
    return true
  }

  mutating func approve(_ invoice: Int, _ by: String) -> Bool {
    guard invoices[invoice].buyer == by, !invoices[invoice].approved, !invoices[invoice].isDisputed else {
      return false
    }
    invoices[invoice].approved = true
    return true
  }

  mutating func propose(
    _ invoice: Int, _ amount: Int64, days: Int64, expires: UInt64, by: String, person: String, time: UInt64
  ) -> Bool {
    let paper = invoices[invoice]
    guard paper.buyer == by, ["core", "core2", "dist"].contains(by), paper.approved, !paper.isDisputed,
      amount > 0, amount <= paper.payable - paper.credited - noted(invoice), days > 0, days <= 180,
      isOffer(expires, time), !isOverdue(by),
      paper.seller != "sup3" || Int64(time / 86_400_000) + days <= paper.day + 60,
      amount <= (limits[by] ?? 0) - used(by) - reserved(by)
    else { return false }
    notes.append(
      Note(
        invoice: invoice, obligor: by, payee: paper.seller, amount: amount,
        maturity: Int64(time / 86_400_000) + days, expires: expires, maker: person))
    return true
  }

  mutating func confirm(_ note: Int, _ by: String, person: String, time: UInt64) -> Bool {
    guard notes[note].obligor == by, notes[note].status == "proposed", notes[note].maker != person,
      time < notes[note].expires
    else { return false }
    notes[note].status = "issued"
    return true
  }

  mutating func accept(_ note: Int, _ by: String, free: Bool, time: UInt64) -> Bool {
    guard notes[note].payee == by, notes[note].status == "issued", free, time < notes[note].expires else {
      return false
    }
    notes[note].status = "live"
    lots.append(Lot(note: note, amount: notes[note].amount, holder: by))
    return true
  }

  mutating func end(_ note: Int, _ step: ProposalStep, _ by: String, time: UInt64) -> Bool {
    guard ["proposed", "issued"].contains(notes[note].status) else { return false }
    switch step {
    case .reject: guard by == notes[note].payee else { return false }
    case .withdraw: guard by == notes[note].obligor else { return false }
    default: guard time >= notes[note].expires else { return false }
    }
    notes[note].status = "ended"
    return true
  }

  func isFree(_ lot: Lot, _ by: String) -> Bool {
    lot.status == "live" && lot.holder == by && lot.reservation.isEmpty && lot.financier.isEmpty
      && lot.performance == "current" && lot.pledgee.isEmpty && !isFrozen(lot)
  }

  /// A lot that is to be thawed is frozen until the second has said so.
  func isFrozen(_ lot: Lot) -> Bool { lot.freeze == "frozen" || lot.freeze.hasPrefix("thaw") }

  mutating func split(_ lot: Int, _ parts: [Int64], _ by: String) -> Bool {
    guard isFree(lots[lot], by), (2...4).contains(parts.count), !parts.contains(where: { $0 <= 0 }),
      parts.reduce(0, +) == lots[lot].amount
    else { return false }
    lots[lot].status = "consumed"
    for part in parts {
      lots.append(
        Lot(
          note: lots[lot].note, amount: part, holder: by, depth: lots[lot].depth, parent: lot,
          isDisputed: lots[lot].isDisputed))
    }
    return true
  }

  mutating func offer(_ lot: Int, to party: String, expires: UInt64, _ by: String, time: UInt64) -> Bool {
    guard isFree(lots[lot], by), lots[lot].depth < 3, party != by, Model.suppliers.contains(party),
      isOffer(expires, time)
    else { return false }
    (lots[lot].reservation, lots[lot].other, lots[lot].expires) = ("transfer", party, expires)
    return true
  }

  mutating func answer(_ lot: Int, accept: Bool, _ by: String, time: UInt64) -> Bool {
    let found = lots[lot]
    guard found.status == "live", found.reservation == "transfer", found.other == by else { return false }
    if accept {
      guard time < found.expires, found.performance == "current", !isFrozen(found) else { return false }
      lots[lot].holder = by
      lots[lot].depth += 1
    }
    lots[lot].reservation = ""
    return true
  }

  mutating func expire(_ lot: Int, time: UInt64) -> Bool {
    guard lots[lot].status == "live", ["transfer", "finance", "chosen"].contains(lots[lot].reservation),
      time >= lots[lot].expires
    else { return false }
    free(lot)
    return true
  }

  mutating func free(_ lot: Int) {
    let wasChosen = lots[lot].reservation == "chosen"
    lots[lot].reservation = ""
    if wasChosen { forget(notes[lots[lot].note].invoice) }
  }

  mutating func forget(_ invoice: Int) {
    let isHeld = lots.contains {
      notes[$0.note].invoice == invoice && ($0.reservation == "chosen" || !$0.financier.isEmpty)
    }
    if !isHeld { financier[invoice] = nil }
  }

  mutating func request(_ lot: Int, expires: UInt64, _ by: String, time: UInt64) -> Bool {
    guard isFree(lots[lot], by), !lots[lot].isDisputed, !invoices[notes[lots[lot].note].invoice].isDisputed,
      notes[lots[lot].note].maturity - Int64(time / 86_400_000) >= 15,
      isOffer(expires, time)
    else { return false }
    (lots[lot].reservation, lots[lot].expires) = ("finance", expires)
    return true
  }

  private func mayFinance(_ invoice: Int, _ by: String) -> Bool { financier[invoice].map { $0 == by } ?? true }

  mutating func bid(_ lot: Int, _ terms: Terms, expires: UInt64, _ by: String, time: UInt64) -> Bool {
    let found = lots[lot]
    let note = notes[found.note]
    guard found.status == "live", ["bank1", "bank2"].contains(by), found.performance == "current",
      !isFrozen(found),
      found.reservation == "finance", time < found.expires, by != found.holder, isOffer(expires, time),
      mayFinance(note.invoice, by), pairRoom(by, note.obligor) >= found.amount
    else { return false }
    lots[lot].bids[by] = (terms, expires)
    return true
  }

  mutating func choose(_ lot: Int, _ bank: String, _ terms: Terms, _ by: String, time: UInt64) -> Bool {
    let found = lots[lot]
    let note = notes[found.note]
    guard found.status == "live", found.holder == by, found.performance == "current", !isFrozen(found),
      !found.isDisputed, !invoices[note.invoice].isDisputed, found.reservation == "finance",
      time < found.expires, let bid = found.bids[bank], time < bid.expires, bid.terms == terms,
      terms.valueDay >= Int64(time / 86_400_000), terms.valueDay < note.maturity,
      let price = try? SupplyChainContract.price(
        found.amount, terms, maturity: note.maturity, currency: "CNY", World.policy),
      price.proceeds > 0, mayFinance(note.invoice, bank), pairRoom(bank, note.obligor) >= found.amount
    else { return false }
    (lots[lot].reservation, lots[lot].other, lots[lot].proceeds) = ("chosen", bank, price.proceeds)
    financier[note.invoice] = bank
    return true
  }

  mutating func cancel(_ lot: Int, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live", ["finance", "chosen"].contains(found.reservation),
      by == found.holder || (found.reservation == "chosen" && by == found.other)
    else { return false }
    free(lot)
    return true
  }

  mutating func disburse(_ lot: Int, _ entry: BankEvidence, _ id: String, _ by: String, time: UInt64) -> Bool {
    let found = lots[lot]
    guard found.status == "live", found.performance == "current", !isFrozen(found), found.reservation == "chosen",
      time < found.expires, entry.amount == found.proceeds, by == "bank1", !evidence.contains(id),
      entry.payer == found.other, entry.payee == found.holder
    else { return false }
    evidence.insert(id)
    (lots[lot].reservation, lots[lot].financier, lots[lot].holder) = ("", found.other, found.other)
    (lots[lot].seller, lots[lot].bought) = (found.holder, found.other)
    lots[lot].hasRecourse = found.bids[found.other]?.terms.hasRecourse ?? false
    return true
  }

  mutating func settle(_ lot: Int, _ entry: BankEvidence, _ id: String, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live", found.performance != "current", entry.amount > 0,
      entry.amount <= found.amount - found.settled, by == "bank1", !evidence.contains(id),
      entry.payer == notes[found.note].obligor,
      entry.payee == (found.isPledgeAccepted ? found.pledgee : found.holder)
    else { return false }
    evidence.insert(id)
    // What had been given up comes back last.
    let open = found.amount - found.settled - found.writtenOff
    lots[lot].writtenOff -= max(0, entry.amount - open)
    lots[lot].settled += entry.amount
    if lots[lot].settled == found.amount {
      if found.reservation == "chosen" { free(lot) }
      (lots[lot].status, lots[lot].reservation) = ("discharged", "")
      (lots[lot].pledgee, lots[lot].isPledgeAccepted) = ("", false)
    }
    return true
  }

  mutating func mark(_ lot: Int, _ step: LotStep, _ by: String, time: UInt64) -> Bool {
    let found = lots[lot]
    let today = Int64(time / 86_400_000)
    var due = notes[found.note].maturity
    // 1970-01-01 was a Thursday: days 2 and 3 of each week are Saturday and Sunday.
    while [2, 3].contains(due % 7) { due += 1 }
    guard found.status == "live" else { return false }
    switch step {
    case .markDue:
      guard found.performance == "current", today >= due else { return false }
      lots[lot].performance = "due"
    case .markOverdue:
      guard found.performance == "due", today > notes[found.note].maturity + 3 else { return false }
      lots[lot].performance = "overdue"
    case .markDefault:
      guard found.holder == by, found.performance == "overdue", today > notes[found.note].maturity + 30 else {
        return false
      }
      lots[lot].performance = "defaulted"
    default:
      guard found.holder == by, found.performance == "defaulted" else { return false }
      lots[lot].performance = "cured"
    }
    return true
  }
}
