import Foundation
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// `/kpi`: the network's figures in three parts that are never mixed: simulated, on the ledger, measured on a machine.
struct FiguresPage {
  struct Words {
    let simulated: Message = "Simulated network"
    let noSimulation: Message =
      "No simulation has been kept beside this ledger. The demo keeps its own: smartcity demo --data DIR."
    let capability: Message = "Capability (ITU-R M.2410)"
    let required: Message = "Required"
    let gave: Message = "Simulated"
    let met: Message = "Met"
    let basis: Message = "How it came about"
    let slice: Message = "Slice"
    let sent: Message = "Sent"
    let delivered: Message = "Delivered"
    let loss: Message = "Lost, %"
    let late: Message = "Over the delay budget"
    let slices: Message = "Slices"
    let ledger: Message = "On this ledger"
    let ledgerText: Message =
      "From the closing of a batch, by the gateway's clock, to the block that has its header, by the ledger's: both "
      + "times are in statements on the ledger. A ledger that the demo made has the simulation's clock."
    let measured: Message = "Measured on a machine"
    let measuredText: Message =
      "What the machine that played the demo took for its own work. No figure above contains any of it."
    let figure: Message = "Figure"
    let value: Message = "Value"
    let unit: Message = "Unit"
  }

  struct Capability {
    let name: Message
    let basis: Message
    let required: String
    let simulated: String
    let unit: String
    let tone: String
    let met: Message
  }

  struct Slice {
    let name: String
    let sent: UInt64
    let delivered: UInt64
    let loss: String
    let late: UInt64
  }

  struct Measured {
    let name: Message
    let value: String
    let unit: String
  }

  let words = Words()
  let hasSimulation: Bool
  let scenario: Message
  let charts: [String]
  let capabilities: [Capability]
  let slices: [Slice]
  let ledgerCharts: [String]
  let measured: [Measured]
  let hasMeasured: Bool

  init(_ view: CityView, _ figures: SimulatedFigures?) {
    hasSimulation = figures != nil
    scenario =
      figures.map {
        "\($0.scenario): \($0.devices) devices for \($0.seconds) seconds, seed \($0.seed). Every figure of this part is "
          + "simulated: nothing here was measured."
      } ?? ""
    charts = figures.map(FiguresPage.charts) ?? []
    capabilities = (figures?.capabilities ?? []).map(FiguresPage.capability)
    slices = (figures?.slices ?? []).map { slice in
      Slice(
        name: slice.name, sent: slice.sent, delivered: slice.delivered,
        loss: FiguresPage.number(slice.lossRate * 100), late: slice.overBudget)
    }
    ledgerCharts = FiguresPage.ledgerCharts(view)
    measured = (figures?.measured ?? []).map {
      Measured(name: Message($0.name), value: FiguresPage.number($0.value), unit: $0.unit)
    }
    hasMeasured = !measured.isEmpty
  }

  // MARK: - Charts

  private static func charts(_ figures: SimulatedFigures) -> [String] {
    let slices = figures.slices.prefix(5)
    func percentiles(_ id: String, _ title: Message, _ values: (SimulatedFigures.Slice) -> [Int64]) -> String {
      let all = slices.map { slice in "\(slice.name) \(milliseconds(values(slice), 2)) ms" }
      let parts = all.joined(separator: ", ")
      return PercentileChart(
        ChartFigure(
          id: id, title: title, summary: "Simulated, 99 % of packets within: \(parts).",
          xTitle: "share of packets", yTitle: "milliseconds"),
        shares: figures.shares,
        lines: slices.map { PercentileChart.Line(Message($0.name), values($0).map { Double($0) / 1000 }) }
      ).html
    }
    let inTime = Array(figures.arrivals.prefix(figures.seconds))
    let late = figures.arrivals.dropFirst(figures.seconds).reduce(0, +)
    return [
      percentiles("air", "One way over the air, by slice", \.airUs),
      percentiles("total", "From sending to arrival, by slice", \.totalUs),
      BarChart(
        ChartFigure(
          id: "arrivals", title: "Packets that arrived at the gateways, by second",
          summary:
            "Simulated: at most \(inTime.max() ?? 0) in one second; \(late) arrived after the scenario's end.",
          xTitle: "second of the scenario", yTitle: "packets per second"),
        values: inTime.map(Double.init), axis: .numbers(from: 0, step: 1)
      ).html,
    ]
  }

  /// The upper ends of the classes of delays, milliseconds; the last class has no end.
  private static let classes: [Int64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000]

  private static func ledgerCharts(_ view: CityView) -> [String] {
    let delays = view.gateways.flatMap(\.delays)
    var counts = [Double](repeating: 0, count: classes.count + 1)
    for delay in delays { counts[classes.firstIndex { delay <= $0 } ?? classes.count] += 1 }
    let last = counts.lastIndex { $0 > 0 } ?? -1
    let names = classes.map { $0 < 1000 ? "\($0)" : "\($0 / 1000)k" } + ["∞"]
    let sorted = delays.sorted()
    let shares = [0.5, 0.9, 0.99, 1]
    let busy = view.gateways.filter { !$0.delays.isEmpty }.sorted { ($1.leaves, $0.name) < ($0.leaves, $1.name) }
    return [
      BarChart(
        ChartFigure(
          id: "anchoring", title: "Anchoring delay: batch closed until block time",
          summary:
            "\(delays.count) batches; half within \(quantile(sorted, 0.5)) ms, 99 % within \(quantile(sorted, 0.99)) ms.",
          xTitle: "up to so many milliseconds", yTitle: "batches"),
        values: Array(counts.prefix(last + 1)), axis: .names(Array(names.prefix(last + 1)))
      ).html,
      PercentileChart(
        ChartFigure(
          id: "anchoring-by-gateway", title: "Anchoring delay, by gateway",
          summary: "The five gateways with the most readings.", xTitle: "share of batches", yTitle: "milliseconds"),
        shares: shares,
        lines: busy.prefix(5).map { gateway in
          let sorted = gateway.delays.sorted()
          return PercentileChart.Line(Message(gateway.name), shares.map { Double(max(0, quantile(sorted, $0))) })
        }
      ).html,
    ]
  }

  /// The value that a share of all does not exceed.
  static func quantile(_ sorted: [Int64], _ share: Double) -> Int64 {
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, max(0, Int((Double(sorted.count) * share).rounded(.up)) - 1))]
  }

  private static func milliseconds(_ values: [Int64], _ place: Int) -> String {
    values.indices.contains(place) ? number(Double(values[place]) / 1000) : "-"
  }

  private static func capability(_ row: SimulatedFigures.Capability) -> Capability {
    let isMet = row.requirement.flatMap { requirement in
      row.simulated.map { row.isUpperBound ? $0 <= requirement : $0 >= requirement }
    }
    let met: Message = isMet.map { $0 ? "yes" : "no" } ?? "-"
    return Capability(
      name: Message(row.name), basis: Message(row.basis),
      required: row.requirement.map { (row.isUpperBound ? "≤ " : "≥ ") + number($0) } ?? "-",
      simulated: row.simulated.map(number) ?? "-", unit: row.unit,
      tone: isMet.map { $0 ? "good" : "warn" } ?? "quiet", met: met)
  }

  /// Five significant digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
    var (scale, places) = (1.0, 0)
    while abs(value) * scale < 10_000, places < 9 {
      scale *= 10
      places += 1
    }
    guard abs(value) * scale < 1e15 else { return "\(value)" }
    var text = ReadingText.decimal(Int64((value * scale).rounded()), Int8(-places))
    while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
    return text
  }
}

extension CityServer {
  func addFigures(to router: Router<LedgerRequestContext>) {
    router.get("kpi") { request, context in
      try server.requireReader(context.caller)
      let content = FiguresPage(try await board.view(), shelf?.folder.figures)
      return server.page(Page("Figures", template: "kpi", content: content), to: request)
    }
  }
}
