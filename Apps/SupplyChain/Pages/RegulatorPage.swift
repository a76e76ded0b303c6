import FinanceRules
import Foundation
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Value

/// `/regulator`: concentration, tenor, overdue and the table of IAS 7, paragraph 44H; each read is on record.
struct RegulatorPage {
  struct Words {
    let intro: Message =
      "This read is on record: every obligor and payee in it can see it after the policy's delay. Each figure follows from complete lists; the proof lets anyone compute it again:"
    let command: Message = "supplychain verify report.proof --policy policy.txt"
    let proof: Message = "Proof of all figures"
    let csv: Message = "as CSV"
    let concentration: Message = "Concentration"
    let obligor: Message = "Obligor"
    let outstanding: Message = "Outstanding"
    let share: Message = "Share"
    let overdue: Message = "Overdue"
    let events: Message = "Overdue events"
    let financed: Message = "Financed"
    let line: Message = "Line"
    let tenor: Message = "Tenor"
    let table: Message = "IAS 7, paragraph 44H: supplier finance arrangements"
    let opening: Message = "Opening carrying amount (b)(i)"
    let issued: Message = "Non-cash: undertaken in the period (c)"
    let settled: Message = "Settled in the period"
    let closing: Message = "Closing carrying amount (b)(i)"
    let paid: Message = "of it: suppliers paid by financiers (b)(ii)"
    let dates: Message = "Range of payment due dates (b)(iii)"
    let figures: Message = "All figures"
    let figure: Message = "Figure"
    let value: Message = "Value"
    let since: Message = "From"
    let show: Message = "Show"
    let none: Message = "Nothing is outstanding."
    let download: Message = "proof"
  }

  struct Obligor {
    let name: String
    let outstanding: String
    let share: String
    let overdue: String
    let tone: String
    let events: UInt64
    let financed: String
    let linePath: String
  }

  /// A line of the table, with a cell for each obligor.
  struct Measure {
    let name: Message
    let cells: [String]
  }

  struct Figure {
    let name: Message
    let value: String
  }

  let words = Words()
  let about: Message
  let period: Message
  let since: String
  let obligors: [Obligor]
  let hhi: String
  let charts: [String]
  let columns: [String]
  let measures: [Measure]
  let hasColumns: Bool
  let figures: [Figure]
  let proofPath = "/report/proof"
  let csvPath = "/report.csv"
}

/// The table of IAS 7, 44H for each obligor and currency.
struct ArrangementTable {
  struct Item: Encodable {
    let obligor: String
    let currency: String
    var opening: Int64 = 0
    var issued: Int64 = 0
    var settled: Int64 = 0
    var closing: Int64 = 0
    var paidByFinanciers: Int64 = 0
    var earliest: String?
    var latest: String?
  }

  let since: Int64
  private(set) var items: [Item] = []

  /// - Parameter since: the first day of the period; opening is what was owed before it.
  init(since: Int64, _ view: LedgerView) throws {
    self.since = since
    var table: [String: Item] = [:]
    var days: [String: (Int64, Int64)] = [:]
    let start = UInt64(max(0, since)) * 86_400_000
    let lots = Dictionary(grouping: try FinanceServer.list(Family.lots.prefix(), view, as: Lot.self)) {
      Array($0.key.bytes[1..<33])
    }
    for (key, note) in try FinanceServer.list(Family.notes.prefix(), view, as: Note.self) where note.liveDay > 0 {
      guard let id = Digest(key.bytes.suffix(32)) else { continue }
      let place = "\(note.obligor) \(note.currency)"
      var item = table[place] ?? Item(obligor: note.obligor, currency: note.currency)
      let settles = try FinanceServer.list(Family.lives.prefix(id), view, as: NoteEvent.self).map(\.value)
        .filter { $0.kind == PaymentKind.settle.rawValue }
      let before = settles.filter { $0.time < start }.reduce(Int64(0)) { $0 + $1.amount }
      let within = settles.filter { $0.time >= start }.reduce(Int64(0)) { $0 + $1.amount }
      let face = note.proposal.amount
      if note.liveDay < since { item.opening += face - before } else { item.issued += face }
      item.settled += within + (note.liveDay < since ? 0 : before)
      let open = face - before - within
      item.closing += open
      if open > 0 {
        let due = note.proposal.maturity
        days[place] = days[place].map { (min($0.0, due), max($0.1, due)) } ?? (due, due)
      }
      for (_, lot) in lots[id.bytes] ?? [] where lot.existence == .live && lot.isFinanced {
        item.paidByFinanciers += lot.amount - lot.settled
      }
      table[place] = item
    }
    items = table.sorted { $0.key < $1.key }.map { place, item in
      var item = item
      if let range = days[place] {
        (item.earliest, item.latest) = (FinanceText.day(range.0), FinanceText.day(range.1))
      }
      return item
    }
  }
}

extension FinanceServer {
  private struct ReportAnswer: Encodable {
    struct Figure: Encodable {
      let name: String
      let value: String
    }

    let policy: UInt64
    let size: UInt64
    let root: String
    let figures: [Figure]
    let arrangements: [ArrangementTable.Item]
  }

  func addRegulator(to router: Router<LedgerRequestContext>) {
    router.get("regulator") { request, context in
      guard let caller = try visitor(request, context) else { return login(request) }
      let view = try await supervise(caller, "regulator's page")
      return try regulatorPage(view, try since(request, view), request)
    }
    router.get("report") { request, context in
      let view = try await supervise(try reader(request, context), "report")
      let report = try report(view)
      return try Reply.json(
        ReportAnswer(
          policy: report.policyVersion, size: view.size, root: try view.root(at: view.size).hex,
          figures: report.figures.map {
            .init(name: $0.name.english.trimmingCharacters(in: .whitespaces), value: $0.value)
          },
          arrangements: try ArrangementTable(since: try since(request, view), view).items))
    }
    router.get("report.csv") { request, context in
      let view = try await supervise(try reader(request, context), "report")
      return Reply.text(try report(view).csv + "\n", type: "text/csv; charset=utf-8")
    }
    router.get("report/proof") { request, context in
      let caller = try reader(request, context)
      _ = try await supervise(caller, "report")
      return try proof(.report, for: caller)
    }
  }

  /// The state for a supervisor, once its read of every obligor's and payee's data is on record.
  private func supervise(_ caller: Caller, _ purpose: String) async throws -> LedgerView {
    let sight = try sight(caller)
    guard sight.isSupervisor else {
      throw Problem(.forbidden, code: "not-a-supervisor", "Only regulators and auditors may see this.")
    }
    let view = server.node.head
    let notes = try Self.list(Family.notes.prefix(), view, as: Note.self)
    try await record(sight, reads: Set(notes.flatMap { [$0.value.obligor, $0.value.payee] }), purpose)
    return view
  }

  /// The first day of the period: the year's, unless asked otherwise.
  private func since(_ request: Request, _ view: LedgerView) throws -> Int64 {
    if let text = try Self.query("since", request) {
      guard text.utf8.count == 10, let day = try? Day(text).number, day >= 0, text < "2190" else {
        throw Problem(.badRequest, code: "malformed", "since is a day such as 2026-01-01.")
      }
      return day
    }
    let today = try Day(milliseconds: view.seal.time)
    return try Day(year: today.civil.year, month: 1, day: 1).number
  }

  private func report(_ view: LedgerView) throws -> Report {
    for prefix in Report.prefixes { try Self.bound(prefix, view) }
    return try Report(at: view.seal.time) { p throws(LedgerError) in try view.list(p) }
  }

  private static func measures(_ table: ArrangementTable) -> [RegulatorPage.Measure] {
    let words = RegulatorPage.Words()
    func amounts(_ name: Message, _ amount: (ArrangementTable.Item) -> Int64) -> RegulatorPage.Measure {
      RegulatorPage.Measure(name: name, cells: table.items.map { Shown.money(amount($0), $0.currency) })
    }
    return [
      amounts(words.opening) { $0.opening }, amounts(words.issued) { $0.issued }, amounts(words.settled) { $0.settled },
      amounts(words.closing) { $0.closing }, amounts(words.paid) { $0.paidByFinanciers },
      RegulatorPage.Measure(
        name: words.dates,
        cells: table.items.map { item in item.earliest.map { "\($0) – \(item.latest ?? $0)" } ?? "-" }),
    ]
  }

  private func regulatorPage(_ view: LedgerView, _ since: Int64, _ request: Request) throws -> Response {
    let notes = Dictionary(
      try Self.list(Family.notes.prefix(), view, as: Note.self).compactMap { key, note in
        Digest(key.bytes.suffix(32)).map { ($0, note) }
      }, uniquingKeysWith: { a, _ in a })
    let live = try Self.list(Family.lots.prefix(), view, as: Lot.self).compactMap { key, lot in
      lot.existence == .live ? Digest(key.bytes[1..<33]).flatMap { notes[$0] }.map { (lot: lot, note: $0) } : nil
    }
    let today = Int64(view.seal.time / 86_400_000)
    func sum(_ some: [(lot: Lot, note: Note)]) -> Int64 { some.reduce(0) { $0 + $1.lot.open } }
    var (obligors, charts, hhi): ([RegulatorPage.Obligor], [String], [String]) = ([], [], [])
    for currency in Set(live.map(\.note.currency)).sorted() {
      let own = live.filter { $0.note.currency == currency }
      let total = sum(own)
      let byName = Dictionary(grouping: own, by: \.note.obligor).sorted {
        (sum($1.value), $0.key) < (sum($0.value), $1.key)
      }
      for (name, lots) in byName.prefix(10) {
        let late = sum(lots.filter { [.overdue, .defaulted].contains($0.lot.performance) })
        let record: ObligorRecord? = try Self.record(Family.obligors.key(.sha256(name)), view)
        obligors.append(
          RegulatorPage.Obligor(
            name: name, outstanding: Shown.money(sum(lots), currency),
            share: (try? Rate.share(sum(lots), of: total))?.description ?? "-",
            overdue: late == 0 ? "-" : Shown.money(late, currency), tone: late == 0 ? "" : "bad",
            events: record?.overdueEvents ?? 0,
            financed: Shown.money(sum(lots.filter(\.lot.isFinanced)), currency),
            linePath: "/lines/obligor/\(name)/proof"))
      }
      if let value = try? Ratios.concentration(byName.map { sum($0.value) }) { hhi.append("\(currency) \(value)") }
      charts.append(
        Shown.chart(
          id: "tenor-\(currency)", "Outstanding by time to maturity",
          own.map { (maturity: $0.note.proposal.maturity, amount: $0.lot.open) }, currency, today: today))
    }
    let table = try ArrangementTable(since: since, view)
    let report = try report(view)
    let page = RegulatorPage(
      about:
        "As of \(Shown.time(view.seal.time)) UTC, log of \(view.size) entries, policy version \(report.policyVersion).",
      period: "Movements since \(FinanceText.day(since)).", since: FinanceText.day(since), obligors: obligors,
      hhi: hhi.joined(separator: ", "), charts: charts,
      columns: table.items.map(\.obligor), measures: Self.measures(table), hasColumns: !table.items.isEmpty,
      figures: report.figures.map { RegulatorPage.Figure(name: $0.name, value: $0.value) })
    return server.page(Page("Regulator", template: "regulator", content: page), to: request)
  }
}
