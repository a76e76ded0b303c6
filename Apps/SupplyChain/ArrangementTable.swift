package import FinanceRules
import Ledger
package import Primitives
import Value

/// The table of IAS 7, paragraph 44H, for each obligor and currency, from complete lists alone.
package struct ArrangementTable {
  /// What is reported of one obligor in one currency, in minor units.
  package struct Item: Encodable, Equatable {
    package let obligor: String
    package let currency: String
    package var opening: Int64 = 0
    package var issued: Int64 = 0
    package var settled: Int64 = 0
    package var closing: Int64 = 0
    package var paidByFinanciers: Int64 = 0
    /// The range of days on which notes that are open fall due.
    package var earliest: String?
    package var latest: String?
    /// Approved invoices that no note promises to pay: the comparable trade payables.
    package var comparable: Int64 = 0
    /// The range of their latest days of payment: delivery and the policy's days for small enterprises.
    package var comparableEarliest: String?
    package var comparableLatest: String?
  }

  /// The first day of the period.
  package let since: Int64
  /// By obligor, then currency.
  package private(set) var items: [Item] = []

  /// - Parameters:
  ///   - since: the first day of the period; opening is what was owed before it.
  ///   - paymentDays: within how many days of delivery an invoice is to be paid.
  package init(
    since: Int64, notes: [Digest: Note], lots: [Digest: [Lot]], lives: [Digest: [NoteEvent]], invoices: [Invoice],
    paymentDays: Int64
  ) {
    self.since = since
    var table: [String: Item] = [:]
    var days: [String: (Int64, Int64)] = [:]
    var payableDays: [String: (Int64, Int64)] = [:]
    func widen(_ range: (Int64, Int64)?, _ day: Int64) -> (Int64, Int64) {
      range.map { (min($0.0, day), max($0.1, day)) } ?? (day, day)
    }
    let start = UInt64(max(0, since)) * 86_400_000
    for (id, note) in notes where note.liveDay > 0 {
      let place = "\(note.obligor) \(note.currency)"
      var item = table[place] ?? Item(obligor: note.obligor, currency: note.currency)
      let settles = (lives[id] ?? []).filter { $0.kind == PaymentKind.settle.rawValue }
      let before = settles.filter { $0.time < start }.reduce(Int64(0)) { $0 + $1.amount }
      let within = settles.filter { $0.time >= start }.reduce(Int64(0)) { $0 + $1.amount }
      let face = note.proposal.amount
      if note.liveDay < since { item.opening += face - before } else { item.issued += face }
      item.settled += within + (note.liveDay < since ? 0 : before)
      let open = face - before - within
      item.closing += open
      if open > 0 { days[place] = widen(days[place], note.proposal.maturity) }
      for lot in lots[id] ?? [] where lot.existence == .live && lot.isFinanced {
        item.paidByFinanciers += lot.amount - lot.settled
      }
      table[place] = item
    }
    for invoice in invoices where invoice.isApproved && invoice.open > 0 {
      let (filing, place) = (invoice.filing, "\(invoice.filing.buyer) \(invoice.filing.currency)")
      var item = table[place] ?? Item(obligor: filing.buyer, currency: filing.currency)
      item.comparable += invoice.open
      payableDays[place] = widen(payableDays[place], filing.deliveryDay + paymentDays)
      table[place] = item
    }
    items = table.sorted { $0.key < $1.key }.map { place, item in
      var item = item
      if let range = days[place] {
        (item.earliest, item.latest) = (FinanceText.day(range.0), FinanceText.day(range.1))
      }
      if let range = payableDays[place] {
        (item.comparableEarliest, item.comparableLatest) = (FinanceText.day(range.0), FinanceText.day(range.1))
      }
      return item
    }
  }
}
