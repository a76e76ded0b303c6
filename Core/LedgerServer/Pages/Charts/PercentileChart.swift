public import Primitives

/// Percentiles of several things side by side on an axis of powers of ten: each line is one thing.
public struct PercentileChart: Sendable {
  /// One thing with its percentiles.
  public struct Line: Sendable, Equatable {
    /// What the legend says.
    public var name: Message
    /// The values, in the order of the chart's shares.
    public var values: [Double]

    /// A thing with its percentiles.
    public init(_ name: Message, _ values: [Double]) { (self.name, self.values) = (name, values) }
  }

  /// Title, summary and axes.
  public var figure: ChartFigure
  /// The shares, for example 0.5, 0.99 and 0.999.
  public var shares: [Double]
  /// The things, at most five.
  public var lines: [Line]

  /// A chart of percentiles.
  public init(_ figure: ChartFigure, shares: [Double], lines: [Line]) {
    (self.figure, self.shares, self.lines) = (figure, shares, Array(lines.prefix(5)))
  }

  /// The shapes by which lines differ beside colour and dashes.
  private static func marker(_ place: Int, _ x: Double, _ y: Double) -> String {
    let c = ChartText.coordinate
    let hue = "dot f\(place % 5 + 1)"
    switch place % 5 {
    case 0: return "<circle class=\"\(hue)\" cx=\"\(c(x))\" cy=\"\(c(y))\" r=\"4\"/>"
    case 1: return "<path class=\"\(hue)\" d=\"M\(c(x - 4)) \(c(y - 4))h8v8h-8z\"/>"
    case 2: return "<path class=\"\(hue)\" d=\"M\(c(x - 5)) \(c(y + 4))h10l-5 -9z\"/>"
    case 3: return "<path class=\"\(hue)\" d=\"M\(c(x)) \(c(y - 5))l5 5l-5 5l-5 -5z\"/>"
    default: return "<path class=\"\(hue)\" d=\"M\(c(x - 5)) \(c(y - 4))h10l-5 9z\"/>"
    }
  }

  /// The figure as HTML with SVG.
  public var html: String {
    let lines = lines.filter { $0.values.count == shares.count && $0.values.allSatisfy(\.isFinite) }
    let all = lines.flatMap(\.values)
    guard let least = all.filter({ $0 > 0 }).min(), let most = all.max() else { return figure.empty() }
    let y = ChartScale.powers(least...most)
    let x = ChartScale.names(shares.map { PercentileChart.percent($0) })
    let c = ChartText.coordinate
    var drawing = ""
    var legend: [ChartFigure.Key] = []
    for (place, line) in lines.enumerated() {
      let points = line.values.enumerated().map { (figure.x(Double($0.offset), x), figure.y($0.element, y)) }
      let path = points.enumerated().map { "\($0.offset == 0 ? "M" : "L")\(c($0.element.0)) \(c($0.element.1))" }
      drawing += "<path class=\"line \(ChartFigure.hue(place))\" d=\"\(path.joined())\"/>"
      for (x, y) in points { drawing += PercentileChart.marker(place, x, y) }
      drawing += "\n"
      legend.append(
        ChartFigure.Key(
          sample: "<path class=\"line \(ChartFigure.hue(place))\" d=\"M1 6H23\"/>"
            + PercentileChart.marker(place, 12, 6), name: line.name.text(in: Catalogue.current)))
    }
    return figure.render(x: x, y: y, legend: legend, drawing)
  }

  /// A share in percent with as many decimals as it needs.
  static func percent(_ share: Double) -> String {
    for places in 0..<6 {
      let text = ChartText.fixed(share * 100, places: places)
      if let value = Double(text), abs(value - share * 100) < 1e-7 { return text + " %" }
    }
    return ChartText.fixed(share * 100, places: 6) + " %"
  }
}
