public import Primitives

/// Values over time or another quantity as lines that break where there is nothing, with marks on doubtful values.
public struct LineChart: Sendable {
  /// What a mark on a value says; each has a shape of its own.
  public enum Mark: Int, Sendable, CaseIterable {
    /// Somebody should look at it: a triangle.
    case suspect
    /// Impossible or far off: a cross.
    case failed

    var name: Message {
      switch self {
      case .suspect: "suspect"
      case .failed: "failed"
      }
    }

    func shape(_ x: Double, _ y: Double) -> String {
      let c = ChartText.coordinate
      switch self {
      case .suspect: return "<path class=\"mark warn\" d=\"M\(c(x - 4)) \(c(y + 4))h8l-4 -8z\"/>"
      case .failed: return "<path class=\"mark bad\" d=\"M\(c(x - 4)) \(c(y - 4))l8 8m0 -8l-8 8\"/>"
      }
    }
  }

  /// A value.
  public struct Point: Sendable, Equatable {
    /// Where on the horizontal axis.
    public var x: Double
    /// The value.
    public var y: Double
    /// What is to be said of it, if anything.
    public var mark: Mark?

    /// A value at a place.
    public init(_ x: Double, _ y: Double, mark: Mark? = nil) { (self.x, self.y, self.mark) = (x, y, mark) }
  }

  /// Values under one name: pieces with rising x, between which the line breaks.
  public struct Line: Sendable, Equatable {
    /// What the legend says.
    public var name: Message
    /// The pieces, one after the other.
    public var pieces: [[Point]]

    /// A line of pieces.
    public init(_ name: Message, _ pieces: [[Point]]) { (self.name, self.pieces) = (name, pieces) }
  }

  /// How the horizontal axis is labelled.
  public enum Axis: Sendable, Equatable {
    /// Milliseconds since 1970.
    case time
    /// Numbers.
    case number
  }

  /// Title, summary and axes.
  public var figure: ChartFigure
  /// The lines, at most five: more could not be told apart.
  public var lines: [Line]
  /// Where nothing is known: drawn as bands.
  public var gaps: [ClosedRange<Double>]
  /// The horizontal axis.
  public var axis: Axis

  /// A line chart.
  public init(_ figure: ChartFigure, lines: [Line], gaps: [ClosedRange<Double>] = [], axis: Axis = .time) {
    (self.figure, self.lines, self.gaps, self.axis) = (figure, Array(lines.prefix(5)), gaps, axis)
  }

  /// The figure as HTML with SVG; its size is bounded whatever the number of values.
  public var html: String {
    let lines = lines.map { Line($0.name, $0.pieces.map { $0.filter { $0.x.isFinite && $0.y.isFinite } }) }
    let points = lines.flatMap { $0.pieces.joined() }
    guard let first = points.first else { return figure.empty() }
    let ys = points.reduce(first.y...first.y) { min($0.lowerBound, $1.y)...max($0.upperBound, $1.y) }
    let y = ChartScale.round(ys)
    var xs = points.reduce(first.x...first.x) { min($0.lowerBound, $1.x)...max($0.upperBound, $1.x) }
    for gap in gaps { xs = min(xs.lowerBound, gap.lowerBound)...max(xs.upperBound, gap.upperBound) }
    let x = axis == .time ? ChartScale.time(xs) : ChartScale.tight(xs)
    var legend: [ChartFigure.Key] = []
    var drawing = bands(x)
    for (place, line) in lines.enumerated() {
      let hue = ChartFigure.hue(place)
      drawing += "<path class=\"line \(hue)\" d=\"\(path(line, x, y))\"/>\n"
      if lines.count > 1 {
        legend.append(
          ChartFigure.Key(
            sample: "<path class=\"line \(hue)\" d=\"M1 6H23\"/>", name: line.name.text(in: Catalogue.current)))
      }
    }
    for mark in Mark.allCases {
      let shapes = marks(mark, points, x, y)
      guard !shapes.isEmpty else { continue }
      drawing += shapes + "\n"
      legend.append(ChartFigure.Key(sample: mark.shape(12, 6), name: mark.name.text(in: Catalogue.current)))
    }
    if !gaps.isEmpty {
      let name: Message = "gap"
      legend.append(
        ChartFigure.Key(
          sample: "<rect class=\"gap\" x=\"2\" y=\"0\" width=\"20\" height=\"12\"/>",
          name: name.text(in: Catalogue.current)))
    }
    return figure.render(x: x, y: y, legend: legend, drawing)
  }

  /// The gaps as bands at least one and a half units wide, so that a single missing value is seen; those that touch are one.
  private func bands(_ x: ChartScale) -> String {
    let spans = gaps.map { gap -> ClosedRange<Double> in
      let (low, high) = (figure.x(gap.lowerBound, x), figure.x(gap.upperBound, x))
      let spare = max(0, 1.5 - (high - low)) / 2
      return low - spare...high + spare
    }.sorted { $0.lowerBound < $1.lowerBound }
    var merged: [ClosedRange<Double>] = []
    for span in spans {
      if let last = merged.last, span.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
      } else {
        merged.append(span)
      }
    }
    let c = ChartText.coordinate
    return merged.map { span in
      "<rect class=\"gap\" x=\"\(c(span.lowerBound))\" y=\"\(c(ChartFigure.top))\" "
        + "width=\"\(c(span.upperBound - span.lowerBound))\" height=\"\(c(ChartFigure.bottom - ChartFigure.top))\"/>\n"
    }.joined()
  }

  private func path(_ line: Line, _ x: ChartScale, _ y: ChartScale) -> String {
    let c = ChartText.coordinate
    var path = ""
    for piece in reduced(line.pieces, x) {
      for (place, point) in piece.enumerated() {
        path += "\(place == 0 ? "M" : "L")\(c(figure.x(point.x, x))) \(c(figure.y(point.y, y)))"
      }
      // A value by itself is a dot: a line without length, with round ends.
      if piece.count == 1 { path += "h0" }
    }
    return path
  }

  /// The same lines with at most two values for each column of the drawing, the lowest and the highest in it.
  ///
  /// A break narrower than a column is not seen, and so not kept; its band is.
  private func reduced(_ pieces: [[Point]], _ x: ChartScale) -> [[Point]] {
    let count = pieces.reduce(0) { $0 + $1.count }
    guard count > 2 * ChartFigure.columns else { return pieces.filter { !$0.isEmpty } }
    struct Column {
      var low: (piece: Int, place: Int, point: Point)
      var high: (piece: Int, place: Int, point: Point)
    }
    var columns: [Int: Column] = [:]
    for (piece, points) in pieces.enumerated() {
      for (place, point) in points.enumerated() {
        let column = Int(x.place(point.x, from: 0, to: Double(ChartFigure.columns - 1)))
        let found = (piece: piece, place: place, point: point)
        guard var known = columns[column] else {
          columns[column] = Column(low: found, high: found)
          continue
        }
        if point.y < known.low.point.y { known.low = found }
        if point.y > known.high.point.y { known.high = found }
        columns[column] = known
      }
    }
    var out: [[Point]] = []
    var last: Int?
    for key in columns.keys.sorted() {
      guard let column = columns[key] else { continue }
      var pair = [column.low, column.high]
      if (pair[1].piece, pair[1].place) < (pair[0].piece, pair[0].place) { pair.reverse() }
      if (pair[0].piece, pair[0].place) == (pair[1].piece, pair[1].place) { pair.removeLast() }
      for value in pair {
        // Within a column the line goes on.
        if last == nil || last != value.piece && value.piece == pair[0].piece {
          out.append([value.point])
        } else {
          out[out.count - 1].append(value.point)
        }
        last = value.piece
      }
    }
    return out
  }

  /// The marks, at most one of a kind in a column.
  private func marks(_ mark: Mark, _ points: [Point], _ x: ChartScale, _ y: ChartScale) -> String {
    var taken: Set<Int> = []
    var out = ""
    for point in points where point.mark == mark {
      let place = figure.x(point.x, x)
      guard taken.insert(Int(place)).inserted else { continue }
      out += mark.shape(place, figure.y(point.y, y))
    }
    return out
  }
}
