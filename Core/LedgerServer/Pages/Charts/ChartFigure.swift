public import Primitives

/// What all charts share: title, summary, axes, and the SVG around the drawing.
///
/// A chart is a `figure` with an SVG of a fixed coordinate system that is as wide as its place, and a legend below as a
/// list. Colours, dashes and fonts come from classes of style.css; there is no script and no style attribute, so the pages'
/// content security policy holds. Screen readers get the title and the summary. Everything is escaped.
public struct ChartFigure: Sendable {
  /// An entry of the legend.
  struct Key {
    /// What is drawn beside the name, in a box of 24 by 12.
    let sample: String
    let name: String
  }

  /// What the chart shows, in a few words.
  public var title: Message
  /// What it shows in one or two sentences with the main figures, for those who do not see it.
  public var summary: Message
  /// What the horizontal axis counts, with the unit.
  public var xTitle: Message
  /// What the vertical axis counts, with the unit.
  public var yTitle: Message
  /// Makes the names of the parts unique within a page: lower-case letters, digits and hyphens.
  public var id: String

  /// A chart's frame.
  public init(id: String, title: Message, summary: Message, xTitle: Message, yTitle: Message) {
    self.id = String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    (self.title, self.summary, self.xTitle, self.yTitle) = (title, summary, xTitle, yTitle)
  }

  /// The coordinate system.
  static let width = 480.0
  static let height = 250.0
  static let left = 58.0
  static let right = 456.0
  static let top = 26.0
  static let bottom = 204.0
  /// Points that are drawn of one line at most: two for each column of the drawing.
  static let columns = 400

  func x(_ value: Double, _ scale: ChartScale) -> Double {
    scale.place(value, from: ChartFigure.left, to: ChartFigure.right)
  }

  func y(_ value: Double, _ scale: ChartScale) -> Double {
    scale.place(value, from: ChartFigure.bottom, to: ChartFigure.top)
  }

  /// The figure around a drawing.
  func render(x: ChartScale, y: ChartScale, legend: [Key] = [], _ drawing: String) -> String {
    let words = Catalogue.current
    func say(_ message: Message) -> String { ChartText.escape(message.text(in: words)) }
    let c = ChartText.coordinate
    let (left, right, top, bottom) = (
      c(ChartFigure.left), c(ChartFigure.right), c(ChartFigure.top), c(ChartFigure.bottom)
    )
    var svg = "<figure class=\"chart\"><figcaption>\(say(title))</figcaption>\n"
    svg += "<svg class=\"chart\" viewBox=\"0 0 \(c(ChartFigure.width)) \(c(ChartFigure.height))\" role=\"img\""
    svg += " aria-labelledby=\"\(id)-t \(id)-d\"><title id=\"\(id)-t\">\(say(title))</title>"
    svg += "<desc id=\"\(id)-d\">\(say(summary))</desc>\n"
    for tick in y.ticks {
      let place = c(self.y(tick.value, y))
      svg += "<path class=\"grid\" d=\"M\(left) \(place)H\(right)\"/>"
      svg += "<text x=\"\(c(ChartFigure.left - 6))\" y=\"\(c(self.y(tick.value, y) + 4))\" text-anchor=\"end\">"
      svg += "\(ChartText.escape(tick.label))</text>\n"
    }
    svg += "<path class=\"axis\" d=\"M\(left) \(top)V\(bottom)H\(right)\"/>\n"
    for tick in x.ticks {
      let place = c(self.x(tick.value, x))
      svg += "<path class=\"axis\" d=\"M\(place) \(bottom)v4\"/>"
      svg += "<text x=\"\(place)\" y=\"\(c(ChartFigure.bottom + 18))\" text-anchor=\"middle\">"
      svg += "\(ChartText.escape(tick.label))</text>\n"
    }
    svg += "<text x=\"4\" y=\"15\">\(say(yTitle))</text>"
    svg += "<text x=\"\(right)\" y=\"\(c(ChartFigure.height - 8))\" text-anchor=\"end\">\(say(xTitle))</text>\n"
    svg += drawing
    svg += "</svg>"
    if !legend.isEmpty {
      svg += "\n<ul class=\"legend\">"
      for key in legend {
        svg += "<li><svg viewBox=\"0 0 24 12\" width=\"24\" height=\"12\" aria-hidden=\"true\">\(key.sample)</svg> "
        svg += "\(ChartText.escape(key.name))</li>"
      }
      svg += "</ul>"
    }
    return svg + "</figure>\n"
  }

  /// The figure where there is nothing to draw.
  func empty() -> String {
    let words = Catalogue.current
    let nothing: Message = "There is nothing to show yet."
    return "<figure class=\"chart\"><figcaption>\(ChartText.escape(title.text(in: words)))</figcaption>\n"
      + "<p class=\"quiet\">\(ChartText.escape(nothing.text(in: words)))</p></figure>\n"
  }

  /// The class of the line or area at a place among others; there are five, which differ in dashes too.
  static func hue(_ place: Int) -> String { "s\(place % 5 + 1)" }
}
