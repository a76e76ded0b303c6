import LedgerServer
import Primitives
import Testing

@Suite("Charts")
struct ChartTests {
  private static func figure(_ title: Message = "Air", id: String = "a") -> ChartFigure {
    ChartFigure(id: id, title: title, summary: "Two values.", xTitle: "UTC", yTitle: "ug/m3")
  }

  @Test("a small line chart is exactly this")
  func small() {
    let points = [LineChart.Point(0, 1), LineChart.Point(10, 3, mark: .failed)]
    let html = LineChart(
      Self.figure(), lines: [LineChart.Line("pm", [points, [LineChart.Point(20, 2)]])], gaps: [10...20], axis: .number
    ).html
    let expected = """
      <figure class="chart"><figcaption>Air</figcaption>
      <svg class="chart" viewBox="0 0 480 250" role="img" aria-labelledby="a-t a-d"><title id="a-t">Air</title>\
      <desc id="a-d">Two values.</desc>
      <path class="grid" d="M58 204H456"/><text x="52" y="208" text-anchor="end">1.0</text>
      <path class="grid" d="M58 159.5H456"/><text x="52" y="163.5" text-anchor="end">1.5</text>
      <path class="grid" d="M58 115H456"/><text x="52" y="119" text-anchor="end">2.0</text>
      <path class="grid" d="M58 70.5H456"/><text x="52" y="74.5" text-anchor="end">2.5</text>
      <path class="grid" d="M58 26H456"/><text x="52" y="30" text-anchor="end">3.0</text>
      <path class="axis" d="M58 26V204H456"/>
      <path class="axis" d="M58 204v4"/><text x="58" y="222" text-anchor="middle">0</text>
      <path class="axis" d="M157.5 204v4"/><text x="157.5" y="222" text-anchor="middle">5</text>
      <path class="axis" d="M257 204v4"/><text x="257" y="222" text-anchor="middle">10</text>
      <path class="axis" d="M356.5 204v4"/><text x="356.5" y="222" text-anchor="middle">15</text>
      <path class="axis" d="M456 204v4"/><text x="456" y="222" text-anchor="middle">20</text>
      <text x="4" y="15">ug/m3</text><text x="456" y="242" text-anchor="end">UTC</text>
      <rect class="gap" x="257" y="26" width="199" height="178"/>
      <path class="line s1" d="M58 204L257 26M456 115h0"/>
      <path class="mark bad" d="M253 22l8 8m0 -8l-8 8"/>
      </svg>
      <ul class="legend"><li><svg viewBox="0 0 24 12" width="24" height="12" aria-hidden="true">\
      <path class="mark bad" d="M8 2l8 8m0 -8l-8 8"/></svg> failed</li>\
      <li><svg viewBox="0 0 24 12" width="24" height="12" aria-hidden="true">\
      <rect class="gap" x="2" y="0" width="20" height="12"/></svg> gap</li></ul></figure>

      """
    #expect(html == expected)
  }

  @Test("nothing that is said can leave its place")
  func escaping() {
    let evil: Message = "</title><script>\"&'\u{0}"
    let charts = [
      LineChart(
        ChartFigure(id: "x\" onload=\"", title: evil, summary: evil, xTitle: evil, yTitle: evil),
        lines: [LineChart.Line(evil, [[LineChart.Point(0, 1)]]), LineChart.Line(evil, [[LineChart.Point(1, 1)]])]
      ).html,
      BarChart(Self.figure(evil), values: [1, 2], axis: .names([evil.english, "b"])).html,
      PercentileChart(Self.figure(evil), shares: [0.5], lines: [PercentileChart.Line(evil, [1])]).html,
      LineChart(Self.figure(evil), lines: []).html,
    ]
    for html in charts {
      #expect(!html.contains("<script") && !html.contains("onload=\"") && !html.contains("\u{0}"))
      #expect(html.contains("&lt;script&gt;&quot;&amp;&#39;"))
      #expect(!html.contains("style="))
    }
  }

  @Test("without data a chart says so, and numbers that are none are left out")
  func empty() {
    let nothing = LineChart(Self.figure(), lines: [LineChart.Line("a", [])]).html
    #expect(nothing.contains("There is nothing to show yet.") && !nothing.contains("<svg"))
    #expect(BarChart(Self.figure(), values: [], axis: .numbers(from: 0, step: 1)).html.contains("nothing to show"))
    #expect(PercentileChart(Self.figure(), shares: [0.5], lines: []).html.contains("nothing to show"))
    #expect(
      PercentileChart(Self.figure(), shares: [0.5], lines: [PercentileChart.Line("zero", [0])]).html
        .contains("nothing to show"))
    let points = [LineChart.Point(0, .nan), LineChart.Point(.infinity, 1), LineChart.Point(1, 5)]
    let html = LineChart(Self.figure(), lines: [LineChart.Line("a", [points])]).html
    #expect(html.contains("<svg") && !html.contains("nan") && !html.contains("inf"))
    #expect(BarChart(Self.figure(), values: [.nan, -3, 0], axis: .names(["a", "b", "c"])).html.contains("<svg"))
  }

  @Test("a million values make a chart of bounded size that keeps the highest and lowest")
  func bounded() {
    var generator = SeededGenerator(seed: 5)
    var pieces: [[LineChart.Point]] = []
    for piece in 0..<1000 {
      pieces.append(
        (0..<1000).map { place in
          LineChart.Point(
            Double(piece * 1000 + place) * 1000, Double(generator.next() % 1000) / 10,
            mark: generator.next() % 10 == 0 ? .suspect : nil)
        })
    }
    pieces[500][500].y = 900
    pieces[700][3].y = -900
    let gaps = (0..<1000).map { Double($0 * 1_000_000)...Double($0 * 1_000_000 + 1000) }
    let html = LineChart(Self.figure(), lines: [LineChart.Line("a", pieces)], gaps: gaps).html
    #expect(html.utf8.count < 100_000, "\(html.utf8.count)")
    let path = html.firstMatch(of: /class="line s1" d="([^"]*)"/).map { String($0.1) } ?? ""
    #expect(path.matches(of: /[ML]/).count <= 800)
    // 900 is near the top and −900 near the bottom of an axis from −1000 to 1000.
    #expect(path.contains(" 34.9") && path.contains(" 195.1"), "the extremes are lost")
    let bars = BarChart(
      Self.figure(), values: (0..<100_000).map { Double($0) }, axis: .numbers(from: 0, step: 1)
    ).html
    #expect(bars.matches(of: /<rect/).count <= 120)
    #expect(bars.contains("Each bar is the highest of 834 neighbours."))
  }

  @Test("axes have round numbers, few of them, that hold the values")
  func rounds() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<2000 {
      let a = Double(Int64(bitPattern: generator.next()) >> 20) / 1000
      let b = generator.next() % 4 == 0 ? a : a + Double(generator.next() % 1_000_000) / 10_000
      let scale = ChartScale.round(a...b)
      #expect(scale.low <= a && scale.high >= b && scale.low < scale.high, "\(a) \(b) \(scale)")
      #expect((2...12).contains(scale.ticks.count), "\(a) \(b) \(scale.ticks.count)")
    }
    #expect(ChartScale.round(0...7).ticks.map(\.label) == ["0", "2", "4", "6", "8"])
    #expect(ChartScale.round(-0.3...0.2).ticks.map(\.label) == ["-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2"])
    #expect(ChartScale.round(0...42_000).ticks.map(\.label) == ["0", "10k", "20k", "30k", "40k", "50k"])
    #expect(ChartScale.powers(0.3...70).ticks.map(\.label) == ["0.1", "1", "10", "100"])
    let day = ChartScale.time(1_800_000_000_000...1_800_086_400_000)
    #expect(day.ticks.map(\.label) == ["12:00", "18:00", "00:00", "06:00"])
  }
}
