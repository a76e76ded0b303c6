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
      "This read is on record: everyone whose data it carries can see it after the policy's delay. Each figure follows from complete lists; the proof lets anyone compute it again:"
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
    let comparable: Message = "Comparable trade payables without a note (b)(iii)"
    let comparableDates: Message = "their latest days of payment by policy"
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
  let proofPath: String
  let csvPath: String
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
    let since: String
    let arrangements: [ArrangementTable.Item]
  }

  func addRegulator(to router: Router<LedgerRequestContext>) {
    router.get("regulator") { request, context in
      guard let caller = try visitor(request, context) else { return login(request) }
      let view = try await supervise(caller, "regulator's page")
      return try regulatorPage(view, try since(request), request)
    }
    router.get("report") { request, context in
      let view = try await supervise(try reader(request, context), "report")
      let report = try report(view, try since(request))
      return try Reply.json(
        ReportAnswer(
          policy: report.policyVersion, size: view.size, root: try view.root(at: view.size).hex,
          figures: report.figures.map {
            .init(name: $0.name.english.trimmingCharacters(in: .whitespaces), value: $0.value)
          },
          since: FinanceText.day(report.since), arrangements: report.table.items))
    }
    router.get("report.csv") { request, context in
      let view = try await supervise(try reader(request, context), "report")
      return Reply.text(try report(view, try since(request)).csv + "\n", type: "text/csv; charset=utf-8")
    }
    router.get("report/proof") { request, context in
      let caller = try reader(request, context)
      _ = try await supervise(caller, "report")
      return try proof(.report(since: try since(request)), for: caller)
    }
  }

  /// The state for a supervisor, once its read of every obligor's and payee's data is on record.
  private func supervise(_ caller: Caller, _ purpose: String) async throws -> LedgerView {
    let sight = try sight(caller)
    guard sight.isSupervisor else {
      throw Problem(.forbidden, code: "not-a-supervisor", "Only regulators and auditors may see this.")
    }
    let view = server.node.head
    try await record(sight, asks: .report(since: nil), purpose)
    return view
  }

  /// The first day of the period, if one is asked for.
  private func since(_ request: Request) throws -> Int64? {
    guard let text = try Self.query("since", request) else { return nil }
    guard text.utf8.count == 10, let day = try? Day(text).number, day >= 0, text < "2190" else {
      throw Problem(.badRequest, code: "malformed", "since is a day such as 2026-01-01.")
    }
    return day
  }

  private func report(_ view: LedgerView, _ since: Int64?) throws -> Report {
    for prefix in Report.prefixes { try Self.bound(prefix, view) }
    return try Report(at: view.seal.time, since: since) { p throws(LedgerError) in try view.list(p) }
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
      amounts(words.comparable) { $0.comparable },
      RegulatorPage.Measure(
        name: words.comparableDates,
        cells: table.items.map { item in
          item.comparableEarliest.map { "\($0) – \(item.comparableLatest ?? $0)" } ?? "-"
        }),
    ]
  }

  private func regulatorPage(_ view: LedgerView, _ since: Int64?, _ request: Request) throws -> Response {
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
    let report = try report(view, since)
    let table = report.table
    let page = RegulatorPage(
      about:
        "As of \(Shown.time(view.seal.time)) UTC, log of \(view.size) entries, policy version \(report.policyVersion).",
      period: "Movements since \(FinanceText.day(report.since)).", since: FinanceText.day(report.since),
      obligors: obligors,
      hhi: hhi.joined(separator: ", "), charts: charts,
      columns: table.items.map(\.obligor), measures: Self.measures(table), hasColumns: !table.items.isEmpty,
      figures: report.figures.map { RegulatorPage.Figure(name: $0.name, value: $0.value) },
      proofPath: "/report/proof?since=\(FinanceText.day(report.since))",
      csvPath: "/report.csv?since=\(FinanceText.day(report.since))")
    return server.page(Page("Regulator", template: "regulator", content: page), to: request)
  }
}
