package import FinanceRules
import Foundation
package import Ledger
package import Primitives
import Value

/// The regulator's view: every figure follows from complete lists of the state, so that a proof lets anyone redo it.
package struct Report {
  /// One figure, by currency where it is an amount.
  package struct Figure {
    package let name: Message
    package let value: String
  }

  /// A payment of a note by its obligor, as the bank says and as the note's life has it.
  package struct Paid {
    package let note: Note
    package let evidence: BankEvidence

    package init(note: Note, evidence: BankEvidence) { (self.note, self.evidence) = (note, evidence) }
  }

  package private(set) var figures: [Figure] = []
  package let policyVersion: UInt64
  /// The first day of the period of movements.
  package let since: Int64
  /// The table of IAS 7, paragraph 44H.
  package let table: ArrangementTable

  /// The lists that the figures are of.
  package static let prefixes = [
    Family.notes, Family.lots, Family.lives, Family.invoices, Family.accounts, Family.evidence, Family.exceptions,
    Family.obligors,
    Family.registry, Family.policies,
  ].map { $0.prefix() }

  /// The figures as of a time, which is that of the seal.
  ///
  /// - Parameter since: the first day of the period of movements; the year's first unless given.
  package init(at time: UInt64, since: Int64? = nil, _ lists: Lists) throws(LedgerError) {
    let notes = try Records.all(Family.notes.prefix(), lists, as: Note.self)
    let lots = try Records.all(Family.lots.prefix(), lists, as: Lot.self)
    let invoices = try Records.all(Family.invoices.prefix(), lists, as: Invoice.self)
    let accounts = try Records.accounts(Family.accounts.prefix(), lists)
    let evidence = try Records.all(Family.evidence.prefix(), lists, as: EvidenceUse.self)
    let exceptions = try Records.all(Family.exceptions.prefix(), lists, as: ExceptionRecord.self)
    let obligors = try Records.all(Family.obligors.prefix(), lists, as: ObligorRecord.self)
    let registry = try Records.all(Family.registry.prefix(), lists, as: Registration.self)
    let policy = try Records.policy(lists)
    policyVersion = policy?.version ?? 0
    var lives: [Digest: [NoteEvent]] = [:]
    var payments: [UInt64: Digest] = [:]
    for (key, event) in try Records.all(Family.lives.prefix(), lists, as: NoteEvent.self) {
      guard let id = Digest(key.bytes[1..<33]) else { continue }
      lives[id, default: []].append(event)
      if event.kind == PaymentKind.settle.rawValue { payments[key.order] = id }
    }
    let today = Int64(time / 86_400_000)
    let roots = Dictionary(
      notes.compactMap { key, note in Digest(key.bytes.suffix(32)).map { ($0, note) } }, uniquingKeysWith: { a, _ in a }
    )
    let live = lots.filter { $0.value.existence == .live }.compactMap { key, lot in
      Digest(key.bytes[1..<33]).flatMap { roots[$0] }.map { (lot: lot, note: $0) }
    }
    self.since = since ?? Report.yearStart(time)
    table = ArrangementTable(
      since: self.since, notes: roots, lots: Report.byNote(lots), lives: lives, invoices: invoices.map(\.value),
      paymentDays: policy?.smallPaymentDays ?? 60)
    let paid = evidence.compactMap { _, use in
      payments[use.entry].flatMap { roots[$0] }.map { Paid(note: $0, evidence: use.evidence) }
    }
    for currency in Set(notes.map(\.value.currency)).sorted() {
      outstanding(live.filter { $0.note.currency == currency }, currency, today)
    }
    add("notes proposed, live, ended", counts(notes.map(\.value.status)))
    add("notes with a tenor of more than 180 days", notes.filter { tenor($0.value, invoices) > 180 }.count)
    refusals(notes.map(\.value))
    deliveries(notes.map(\.value), invoices)
    punctuality(paid, invoices)
    costs(lots.map(\.value), roots, lots.map(\.key))
    arrangements()
    lateness(roots, lives, obligors.map { ($0.key, $0.value) }, time)
    credits(notes.map(\.value), roots, Report.byNote(lots), paid, invoices, today)
    add("obligors with something overdue", obligors.filter { $0.value.overdueLots > 0 }.count)
    add("overdue events so far", obligors.reduce(UInt64(0)) { $0 + $1.value.overdueEvents })
    add("lots in dispute, frozen", "\(live.filter(\.lot.isDisputed).count), \(live.filter(\.lot.isFrozen).count)")
    add("similar invoices registered with a reason", registry.filter { !$0.value.reason.isEmpty }.count)
    add("invoices registered or financed", registry.filter { $0.value.status != .cancelled }.count)
    let open = exceptions.filter { $0.value.status != .resolved }
    add(
      "exceptions open, open for more than 24 h",
      "\(open.count), \(open.filter { time - min(time, $0.value.openedAt) > 86_400_000 }.count)")
    try cash(accounts, evidence.map(\.value))
  }

  mutating func add(_ name: Message, _ value: String) { figures.append(Figure(name: name, value: value)) }
  mutating func add(_ name: Message, _ value: some BinaryInteger) { add(name, value.description) }

  private func counts(_ statuses: [NoteStatus]) -> String {
    let proposed = statuses.filter { [.proposed, .issued].contains($0) }.count
    let live = statuses.filter { $0 == .live }.count
    return "\(proposed), \(live), \(statuses.count - proposed - live)"
  }

  private func tenor(_ note: Note, _ invoices: [(key: StateKey, value: Invoice)]) -> Int64 {
    note.liveDay == 0 ? 0 : note.proposal.maturity - note.liveDay
  }

  /// Totals by obligor, programme and time to maturity; concentration; the table of IAS 7, paragraph 44H.
  private mutating func outstanding(_ live: [(lot: Lot, note: Note)], _ currency: String, _ today: Int64) {
    func money(_ amount: Int64) -> String { FinanceText.money(amount, currency) }
    func sum(_ some: [(lot: Lot, note: Note)]) -> Int64 { some.reduce(0) { $0 + $1.lot.open } }
    add("outstanding", money(sum(live)))
    var byObligor: [Int64] = []
    for obligor in Set(live.map(\.note.obligor)).sorted() {
      let own = live.filter { $0.note.obligor == obligor }
      byObligor.append(sum(own))
      add("outstanding of \(obligor)", money(sum(own)))
      add("  share of \(obligor)", (try? Rate.share(sum(own), of: sum(live)))?.description ?? "-")
      add("  overdue of \(obligor)", money(sum(own.filter { [.overdue, .defaulted].contains($0.lot.performance) })))
      add("  financed of \(obligor)", money(sum(own.filter(\.lot.isFinanced))))
    }
    let top = byObligor.sorted(by: >).prefix(10).reduce(0, +)
    add("the ten largest obligors together", (try? Rate.share(top, of: sum(live)))?.description ?? "-")
    for programme in Set(live.map(\.note.proposal.programme)).sorted() where !programme.isEmpty {
      add("outstanding in programme \(programme)", money(sum(live.filter { $0.note.proposal.programme == programme })))
    }
    for (name, range) in [
      ("overdue or due" as Message, Int64.min...0), ("1-30 days", 1...30), ("31-60 days", 31...60),
      ("61-90 days", 61...90),
      ("91-180 days", 91...180), ("more than 180 days", 181...Int64.max),
    ] {
      add("maturity \(name)", money(sum(live.filter { range.contains($0.note.proposal.maturity - today) })))
    }
    if let hhi = try? Ratios.concentration(byObligor) { add("concentration of obligors (HHI, ppm)", hhi) }
    add(
      "overdue", money(sum(live.filter { [.overdue, .defaulted].contains($0.lot.performance) })))
    add("financed", money(sum(live.filter(\.lot.isFinanced))))
    add("pledged", money(sum(live.filter(\.lot.isPledged))))
  }

  private mutating func refusals(_ notes: [Note]) {
    let answered = notes.filter { [.live, .discharged, .rejected].contains($0.status) }.count
    let rejected = notes.filter { $0.status == .rejected }.count
    let share = (try? Rate.share(Int64(rejected), of: Int64(answered)))?.description ?? "-"
    add("payees who refused", "\(rejected) of \(answered) (\(share))")
  }

  private mutating func deliveries(_ notes: [Note], _ invoices: [(key: StateKey, value: Invoice)]) {
    let delivered = Dictionary(
      invoices.compactMap { key, invoice in Digest(key.bytes.suffix(32)).map { ($0, invoice.filing.deliveryDay) } },
      uniquingKeysWith: { a, _ in a })
    let accepted = notes.filter { $0.liveDay > 0 }
    let days = accepted.compactMap { note in delivered[note.proposal.invoice].map { note.liveDay - $0 } }.sorted()
    let due = accepted.compactMap { note in delivered[note.proposal.invoice].map { note.proposal.maturity - $0 } }
      .sorted()
    add("days from delivery to note, median and most", "\(Report.middle(days)), \(days.last ?? 0)")
    add("days from delivery to payment day, median and most", "\(Report.middle(due)), \(due.last ?? 0)")
  }

  static func middle(_ sorted: [Int64]) -> Int64 { sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2] }

  /// The effective yearly cost of early money, parts per million, rounded to a hundredth of a percent so that the last
  /// bits of floating point do not show; nil where there are no days or no money.
  package static func effectiveCost(face: Int64, proceeds: Int64, days: Int64) -> Int64? {
    guard face > 0, proceeds > 0, (1...3_660).contains(days) else { return nil }
    let rate = pow(Double(face) / Double(proceeds), 365 / Double(days)) - 1
    guard rate.isFinite, rate.magnitude < 1_000 else { return nil }
    return Int64((rate * 10_000).rounded()) * 100
  }

  /// Each party's bank memo lines are its bank entries and nothing else: the platform holds no cash.
  private mutating func cash(_ accounts: [Account], _ evidence: [EvidenceUse]) throws(LedgerError) {
    var balance = TrialBalance()
    for account in accounts { balance.add(account) }
    guard balance.isBalanced else { throw LedgerError(.notProved, "The accounts do not balance.") }
    var (into, from): ([String: Int64], [String: Int64]) = ([:], [:])
    for use in evidence {
      into["\(use.evidence.payee)/\(use.evidence.currency)", default: 0] += use.evidence.amount
      from["\(use.evidence.payer)/\(use.evidence.currency)", default: 0] += use.evidence.amount
    }
    for account in accounts where account.id.name == "bank" {
      let place = "\(account.id.owner)/\(account.id.currency.code)"
      guard account.debits == into[place] ?? 0, account.credits == from[place] ?? 0 else {
        throw LedgerError(.notProved, "The bank line of \(account.id.owner) is not what its bank entries say.")
      }
    }
    add("accounts, all in balance", accounts.count)
    add("bank entries, each used once; no other cash moved", evidence.count)
  }

  /// The figures for people.
  var lines: [Message] {
    ["The regulator's figures under policy version \(policyVersion), each computed from complete lists:"]
      + figures.map { "  \($0.name, width: 62) \($0.value)" }
  }

  /// Comma-separated, for spreadsheets.
  var csv: String {
    figures.map { "\"\($0.name.english.drop { $0 == " " })\",\"\($0.value)\"" }.joined(separator: "\n")
  }
}
