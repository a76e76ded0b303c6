package import FinanceRules
package import Ledger
package import Primitives
package import Value

/// What a member's record of paying and selling comes to by published formulas, each with what goes into it.
package struct Credit {
  /// One figure: its name, its formula with the numbers put in, and what comes out.
  package struct Figure {
    package let name: Message
    package let formula: String
    package let value: String
  }

  package let party: String
  /// What it has paid, or should have paid, by its notes; by currency.
  package private(set) var payments: [String: [Ratios.Payment]] = [:]
  /// Sums of its invoices as a seller, minor units by currency.
  package private(set) var sales: [String: Sales] = [:]

  /// What a seller has invoiced.
  package struct Sales: Equatable {
    /// Payable amounts of all invoices.
    package var invoiced: Int64 = 0
    /// Credit notes on them.
    package var credited: Int64 = 0
    /// What holders of notes on them have written off.
    package var short: Int64 = 0
    /// What buyers have not paid yet.
    package var receivable: Int64 = 0
    /// Invoiced within the last 365 days.
    package var year: Int64 = 0
  }

  /// - Parameter today: the day of the seal that the lists are of.
  package init(
    _ party: String, today: Int64, notes: [Digest: Note], lots: [Digest: [Lot]], paid: [Report.Paid],
    invoices: [(token: Digest, invoice: Invoice)]
  ) {
    self.party = party
    for item in paid where item.note.obligor == party {
      payments[item.note.currency, default: []].append(
        Ratios.Payment(
          item.evidence.amount, age: max(0, today - item.note.proposal.maturity),
          isOnTime: item.evidence.day <= Credit.dueDay(item.note.proposal.maturity)))
    }
    for (id, note) in notes where note.obligor == party && Credit.dueDay(note.proposal.maturity) < today {
      for lot in lots[id] ?? [] where lot.existence == .live && lot.amount > lot.settled {
        payments[note.currency, default: []].append(
          Ratios.Payment(lot.amount - lot.settled, age: max(0, today - note.proposal.maturity), isOnTime: false))
      }
    }
    let noted = Dictionary(grouping: notes.values, by: \.proposal.invoice)
    for (token, invoice) in invoices where invoice.filing.seller == party {
      let filing = invoice.filing
      var own = sales[filing.currency] ?? Sales()
      let settled = (noted[token] ?? []).reduce(Int64(0)) { $0 + $1.settled }
      own.invoiced += filing.payable
      own.credited += invoice.credited
      own.short += (noted[token] ?? []).reduce(Int64(0)) { $0 + $1.writtenOff }
      own.receivable += max(0, filing.payable - filing.prepaid - invoice.credited - settled)
      if filing.issueDay > today - 365, filing.issueDay <= today { own.year += filing.payable }
      sales[filing.currency] = own
    }
  }

  /// Reads it out of lists.
  package init(_ party: String, at time: UInt64, _ lists: Lists) throws(LedgerError) {
    let notes = Dictionary(
      try Records.all(Family.notes.prefix(), lists, as: Note.self).compactMap { key, note in
        Digest(key.bytes.suffix(32)).map { ($0, note) }
      }, uniquingKeysWith: { a, _ in a })
    var payments: [UInt64: Digest] = [:]
    for (key, event) in try Records.all(Family.lives.prefix(), lists, as: NoteEvent.self)
    where event.kind == PaymentKind.settle.rawValue {
      payments[key.order] = Digest(key.bytes[1..<33])
    }
    let paid = try Records.all(Family.evidence.prefix(), lists, as: EvidenceUse.self).compactMap { _, use in
      payments[use.entry].flatMap { notes[$0] }.map { Report.Paid(note: $0, evidence: use.evidence) }
    }
    let invoices = try Records.all(Family.invoices.prefix(), lists, as: Invoice.self).compactMap { key, invoice in
      Digest(key.bytes.suffix(32)).map { (token: $0, invoice: invoice) }
    }
    self.init(
      party, today: Int64(time / 86_400_000), notes: notes,
      lots: Report.byNote(try Records.all(Family.lots.prefix(), lists, as: Lot.self)), paid: paid, invoices: invoices)
  }

  /// The last day on which a payment is on time: maturity, or the business day that follows it.
  package static func dueDay(_ maturity: Int64) -> Int64 {
    (try? Day(number: maturity))?.followingBusinessDay.number ?? maturity
  }

  /// The figures, by currency.
  package var figures: [Figure] {
    var found: [Figure] = []
    func sum(_ parts: [Ratios.Payment]) -> Int64 {
      parts.reduce(0) { $0 + $1.amount * Ratios.weight(age: $1.age) }
    }
    for (currency, parts) in payments.sorted(by: { $0.key < $1.key }) {
      guard let rate = try? Ratios.punctuality(parts) else { continue }
      found.append(
        Figure(
          name: "punctuality of \(party), \(currency)",
          formula: "Σ w·paid on time / Σ w·due = \(sum(parts.filter(\.isOnTime))) / \(sum(parts))",
          value: rate.description))
    }
    for (currency, own) in sales.sorted(by: { $0.key < $1.key }) {
      if let rate = try? Ratios.dilution(creditNotes: own.credited, shortPayments: own.short, invoices: own.invoiced) {
        found.append(
          Figure(
            name: "dilution of \(party), \(currency)",
            formula: "(credit notes + short) / invoices = (\(own.credited) + \(own.short)) / \(own.invoiced)",
            value: rate.description))
      }
      if let days = try? Ratios.daysSalesOutstanding(receivables: own.receivable, sales: own.year, days: 365) {
        found.append(
          Figure(
            name: "days of sales outstanding of \(party), \(currency)",
            formula: "receivables / sales · 365 = \(own.receivable) / \(own.year) · 365",
            value: "\(days)"))
      }
    }
    return found
  }

  /// The figures for people: each line has the formula with its numbers.
  var lines: [Message] {
    let head: Message =
      "The credit figures of \(party), in minor units; weights by days since maturity: 4 up to 90, 3 up to 180, 2 up to 365, then 1."
    let none: Message = "There are no figures yet."
    return [head]
      + (figures.isEmpty ? [none] : figures.map { "  \($0.name, width: 48) \($0.formula) = \($0.value)" })
  }
}
