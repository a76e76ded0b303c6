internal import Primitives

/// Counts as bars: over time, of a histogram's classes, or of names.
public struct BarChart: Sendable {
  /// What the bars stand on.
  public enum Axis: Sendable, Equatable {
    /// Names, one for each bar.
    case names([String])
    /// Numbers: the first bar begins at `from`, and each is `step` wide.
    case numbers(from: Double, step: Double)
  }

  /// Title, summary and axes.
  public var figure: ChartFigure
  /// The bars' heights; nothing below 0.
  public var values: [Double]
  /// What they stand on.
  public var axis: Axis
  /// Bars from which on another colour is used: those beyond a limit, for instance.
  public var highlight: Int?

  /// A bar chart.
  public init(_ figure: ChartFigure, values: [Double], axis: Axis, highlight: Int? = nil) {
    (self.figure, self.axis, self.highlight) = (figure, axis, highlight)
    self.values = values.map { $0.isFinite ? max(0, $0) : 0 }
  }

  /// Bars that are drawn at most; beyond them each bar is the highest of several neighbours.
  static let bars = 120

  /// How many neighbours one bar stands for.
  var group: Int {
    guard case .numbers = axis else { return 1 }
    return max(1, (values.count + BarChart.bars - 1) / BarChart.bars)
  }

  /// The figure as HTML with SVG; its size is bounded whatever the number of values.
  public var html: String {
    guard !values.isEmpty else { return figure.empty() }
    let group = group
    var figure = figure
    if group > 1 { figure.summary = figure.summary + " Each bar is the highest of \(group) neighbours." }
    let drawn: [Double]
    let x: ChartScale
    switch axis {
    case .names(let names):
      drawn = Array(values.prefix(min(names.count, BarChart.bars)))
      x = .names(Array(names.prefix(BarChart.bars)))
    case .numbers(let from, let step):
      drawn = stride(from: 0, to: values.count, by: group).map { start in
        values[start..<min(start + group, values.count)].max() ?? 0
      }
      x = .tight(from...from + max(step, 1e-9) * Double(drawn.count * group))
    }
    let highest = drawn.max() ?? 0
    let y = ChartScale.round(0...max(highest, 1e-9), whole: highest == highest.rounded() && highest >= 1)
    let c = ChartText.coordinate
    let slot = (ChartFigure.right - ChartFigure.left) / Double(max(1, drawn.count))
    let thick = min(slot * 0.8, 64)
    var drawing = ""
    for (place, value) in drawn.enumerated() where value > 0 {
      let left = ChartFigure.left + slot * Double(place) + (slot - thick) / 2
      let height = max(0.5, ChartFigure.bottom - figure.y(value, y))
      let isBeyond = highlight.map { place * group >= $0 } ?? false
      drawing += "<rect class=\"\(isBeyond ? "f2" : "f1")\" x=\"\(c(left))\" y=\"\(c(ChartFigure.bottom - height))\" "
      drawing += "width=\"\(c(max(0.5, thick)))\" height=\"\(c(height))\"/>\n"
    }
    return figure.render(x: x, y: y, drawing)
  }
}
