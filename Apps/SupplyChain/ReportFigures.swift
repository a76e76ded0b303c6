import FinanceRules
import Ledger
import Primitives
package import Value

/// The figures of periods, lateness and cost.
extension Report {
  /// The first day of the year of a time.
  static func yearStart(_ time: UInt64) -> Int64 {
    guard let day = try? Day(milliseconds: time), let first = try? Day(year: day.civil.year, month: 1, day: 1) else {
      return 0
    }
    return first.number
  }

  static func byNote(_ lots: [(key: StateKey, value: Lot)]) -> [Digest: [Lot]] {
    var found: [Digest: [Lot]] = [:]
    for (key, lot) in lots {
      if let id = Digest(key.bytes[1..<33]) { found[id, default: []].append(lot) }
    }
    return found
  }

  /// The same day six months earlier, or the last of that month.
  package static func sixMonthsBefore(_ day: Day) -> Int64 {
    let (year, month, date) = day.civil
    let (then, thatMonth) = month > 6 ? (year, month - 6) : (year - 1, month + 6)
    for date in stride(from: date, to: 0, by: -1) {
      if let found = try? Day(year: then, month: thatMonth, day: date) { return found.number }
    }
    return day.number - 183
  }

  /// IAS 7, paragraph 44H: opening, undertaken, settled, closing; suppliers paid; due dates; comparable payables.
  mutating func arrangements() {
    let day = FinanceText.day(since)
    for item in table.items {
      let name = item.obligor
      func money(_ amount: Int64) -> String { FinanceText.money(amount, item.currency) }
      func range(_ first: String?, _ last: String?) -> String { first.map { "\($0) .. \(last ?? $0)" } ?? "-" }
      add("IAS 7 44H(b)(i) of \(name): opening on \(day)", money(item.opening))
      add("IAS 7 44H(c) of \(name): undertaken from \(day) on", money(item.issued))
      add("IAS 7 44H of \(name): settled from \(day) on", money(item.settled))
      add("IAS 7 44H(b)(i) of \(name): closing", money(item.closing))
      add("IAS 7 44H(b)(ii) of \(name): suppliers paid by financiers", money(item.paidByFinanciers))
      add("IAS 7 44H(b)(iii) of \(name): due dates", range(item.earliest, item.latest))
      add("IAS 7 44H(b)(iii) of \(name): comparable trade payables", money(item.comparable))
      add(
        "IAS 7 44H(b)(iii) of \(name): their latest days of payment",
        range(item.comparableEarliest, item.comparableLatest))
    }
  }

  /// Overdue events within six months; persistent with three or more and something overdue, or an event this month.
  mutating func lateness(
    _ notes: [Digest: Note], _ lives: [Digest: [NoteEvent]], _ records: [(key: StateKey, value: ObligorRecord)],
    _ time: UInt64
  ) {
    guard let today = try? Day(milliseconds: time),
      let month = try? Day(year: today.civil.year, month: today.civil.month, day: 1)
    else { return }
    let start = UInt64(max(0, Self.sixMonthsBefore(today))) * 86_400_000
    let late = Dictionary(records.map { ($0.key, $0.value.overdueLots) }, uniquingKeysWith: { a, _ in a })
    var events: [String: [UInt64]] = [:]
    for (id, note) in notes {
      for event in lives[id] ?? [] where event.kind == LotStep.markOverdue.rawValue && event.time >= start {
        events[note.obligor, default: []].append(event.time)
      }
    }
    var persistent: [String] = []
    for (obligor, times) in events.sorted(by: { $0.key < $1.key }) {
      add("overdue events of \(obligor) in six months", times.count)
      let isLate = late[Family.obligors.key(.sha256(obligor))] ?? 0 > 0
      if times.count >= 3, isLate || times.contains(where: { $0 >= month.milliseconds }) { persistent.append(obligor) }
    }
    add(
      "persistently overdue: three or more in six months",
      persistent.isEmpty ? "0" : "\(persistent.count) (\(persistent.joined(separator: ", ")))")
  }

  /// When notes have been paid, beside their maturity.
  mutating func punctuality(_ paid: [Paid], _ invoices: [(key: StateKey, value: Invoice)]) {
    let delivered = Dictionary(
      invoices.compactMap { key, invoice in Digest(key.bytes.suffix(32)).map { ($0, invoice.filing.deliveryDay) } },
      uniquingKeysWith: { a, _ in a })
    let taken = paid.compactMap { item in
      delivered[item.note.proposal.invoice].map { item.evidence.day - $0 }
    }.sorted()
    let after = paid.map { $0.evidence.day - $0.note.proposal.maturity }.sorted()
    add(
      "days from delivery to actual payment, median and most", taken.last.map { "\(Self.middle(taken)), \($0)" } ?? "-")
    add(
      "days from maturity to actual payment, median and most",
      after.last.map { "\(Self.middle(after)), \($0)" } ?? "-")
  }

  /// Punctuality, dilution and days of sales outstanding of everyone who owes or sells.
  mutating func credits(
    _ notes: [Note], _ roots: [Digest: Note], _ lots: [Digest: [Lot]], _ paid: [Paid],
    _ invoices: [(key: StateKey, value: Invoice)], _ today: Int64
  ) {
    let filed = invoices.compactMap { key, invoice in
      Digest(key.bytes.suffix(32)).map { (token: $0, invoice: invoice) }
    }
    for party in Set(notes.map(\.obligor) + filed.map(\.invoice.filing.seller)).sorted() {
      let credit = Credit(party, today: today, notes: roots, lots: lots, paid: paid, invoices: filed)
      for figure in credit.figures { add(figure.name, "\(figure.value) = \(figure.formula)") }
    }
  }

  /// What the sellers paid for early money, a year: all that was taken off, on the basis of 360 days.
  mutating func costs(_ lots: [Lot], _ roots: [Digest: Note], _ keys: [StateKey]) {
    let costs = zip(lots, keys).compactMap { lot, key -> Int64? in
      guard lot.paid > 0, let note = Digest(key.bytes[1..<33]).flatMap({ roots[$0] }) else { return nil }
      let days = note.proposal.maturity - lot.boughtDay
      guard days > 0 else { return nil }
      return try? Discount.annualCost(
        face: lot.amount, proceeds: lot.paid, DayCount.Fraction(dividend: days, divisor: 360)
      ).ppm
    }.sorted()
    // The same as it compounds: EAR = (F/P)^(365/days) − 1.
    let effective = zip(lots, keys).compactMap { lot, key -> Int64? in
      guard lot.paid > 0, let note = Digest(key.bytes[1..<33]).flatMap({ roots[$0] }) else { return nil }
      return Report.effectiveCost(
        face: lot.amount, proceeds: lot.paid, days: note.proposal.maturity - lot.boughtDay)
    }.sorted()
    // How they lie: so many lots in each band of the yearly cost.
    for (name, band) in [
      ("up to 4 %" as Message, 0...40_000), ("4 to 6 %", 40_001...60_000), ("6 to 8 %", 60_001...80_000),
      ("8 to 12 %", 80_001...120_000), ("more than 12 %", 120_001...Int64.max),
    ] {
      add("lots financed at a yearly cost of \(name)", costs.filter { band.contains($0) }.count)
    }
    func percent(_ ppm: Int64) -> String { (try? Rate(ppm: ppm))?.description ?? "-" }
    add(
      "all-in cost of finance a year, least, median, most",
      costs.isEmpty
        ? "-" : [costs[0], Report.middle(costs), costs[costs.count - 1]].map(percent).joined(separator: ", "))
    add(
      "effective cost of finance a year (EAR), least, median, most",
      effective.isEmpty
        ? "-"
        : [effective[0], Report.middle(effective), effective[effective.count - 1]].map(percent).joined(separator: ", "))
  }
}
