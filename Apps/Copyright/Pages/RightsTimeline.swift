import Primitives
import Rights

/// A work's rights over time as SVG: who owned it, who might use it, what was offered, disputed and found.
///
/// Classes of the style sheets give colours, so the pages' content security policy holds; everything is escaped. The same
/// is on the page in tables, for those who do not see it.
struct RightsTimeline {
  /// A stretch of time in one of the lanes.
  struct Bar {
    let from: UInt64
    let until: UInt64
    let label: String
    /// A class of the style sheet.
    let look: String
  }

  /// A moment in the lane of incidents.
  struct Mark {
    let time: UInt64
    let look: String
  }

  let from: UInt64
  let until: UInt64
  let now: UInt64
  var shares: [(time: UInt64, shares: Shares)] = []
  var licences: [Bar] = []
  var presales: [Bar] = []
  var disputes: [Bar] = []
  var incidents: [Mark] = []

  private static let width = 480
  private static let left = 8
  private static let right = 472
  /// Bars of one lane that are drawn.
  static let bars = 10
  /// Owners that have a colour of their own.
  static let colours = 5

  /// Owners by the size of what they ever held, the largest first; those beyond the colours share the last.
  var owners: [String] {
    var most: [String: UInt64] = [:]
    for (_, shares) in shares {
      for share in shares.list { most[share.party] = max(most[share.party] ?? 0, share.ppm) }
    }
    return most.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }

  /// Where a moment lies: what has been takes most of the width, what is still to come the rest, each with a scale of its
  /// own, so that a licence for years does not press the past into a corner.
  private func place(_ time: UInt64) -> Double {
    let (left, right) = (Double(Self.left), Double(Self.right))
    let time = min(max(time, from), until)
    let middle = until > now ? left + (right - left) * 0.62 : right
    if time <= now { return left + Double(time - from) / Double(max(1, now - from)) * (middle - left) }
    return middle + Double(time - now) / Double(max(1, until - now)) * (right - middle)
  }

  private func x(_ time: UInt64) -> String { Self.text(place(time)) }

  private static func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }

  private func say(_ message: Message) -> String { Markup.escape(message.text(in: .current)) }

  /// The drawing.
  var svg: String {
    var body = ""
    var y = 22
    func title(_ message: Message) {
      body += "<text class=\"lane\" x=\"\(Self.left)\" y=\"\(y)\">\(say(message))</text>\n"
      y += 8
    }
    title("Ownership")
    let owners = owners
    for (place, item) in shares.enumerated() {
      let end = place + 1 < shares.count ? shares[place + 1].time : now
      var top = Double(y)
      for owner in owners where item.shares[owner] > 0 {
        let height = Double(item.shares[owner]) * 56 / Double(Shares.whole)
        let colour = min(owners.firstIndex(of: owner) ?? 0, Self.colours - 1) + 1
        body += rect(item.time, end, Self.text(top), Self.text(height), "f\(colour)")
        if place + 1 == shares.count, until > now {
          body += rect(now, until, Self.text(top), Self.text(height), "f\(colour)" + " ahead")
        }
        top += height
      }
    }
    y += 56 + 22
    for (name, bars) in [
      ("Licences", licences), ("Pre-sales", presales), ("Disputes", disputes),
    ] as [(Message, [Bar])] where !bars.isEmpty {
      title(name)
      for bar in bars.prefix(Self.bars) {
        body += rect(bar.from, bar.until, "\(y)", "20", bar.look)
        body += "<text class=\"bar\" x=\"\(labelPlace(bar))\" y=\"\(y + 14)\">\(Markup.escape(bar.label))</text>\n"
        y += 24
      }
      if bars.count > Self.bars {
        body += "<text x=\"\(Self.left)\" y=\"\(y + 10)\">\(say("and \(bars.count - Self.bars) more"))</text>\n"
        y += 18
      }
      y += 16
    }
    if !incidents.isEmpty {
      title("Incidents")
      for mark in incidents {
        body += "<path class=\"mark-\(mark.look)\" d=\"M\(x(mark.time)) \(y)v18\"/>\n"
      }
      y += 34
    }
    body += "<path class=\"now\" d=\"M\(x(now)) 8V\(y - 10)\"/>\n"
    return frame(body, y)
  }

  /// Where a bar's label begins: at the bar, but never so far right that nothing of it fits.
  private func labelPlace(_ bar: Bar) -> String {
    Self.text(min(place(bar.from), Double(Self.right) - 7.5 * Double(bar.label.count)) + 5)
  }

  private func rect(_ from: UInt64, _ until: UInt64, _ top: String, _ height: String, _ look: String) -> String {
    let width = Self.text(max(2, place(until) - place(from)))
    return "<rect class=\"\(look)\" x=\"\(x(from))\" y=\"\(top)\" width=\"\(width)\" height=\"\(height)\"/>\n"
  }

  private func frame(_ body: String, _ y: Int) -> String {
    let height = y + 24
    var svg =
      "<svg class=\"chart rights\" viewBox=\"0 0 \(Self.width) \(height)\" role=\"img\" aria-labelledby=\"rights-t rights-d\">"
    svg += "<title id=\"rights-t\">\(say("Rights over time"))</title><desc id=\"rights-d\">\(say(summary))</desc>\n"
    svg += body
    svg += "<path class=\"axis\" d=\"M\(Self.left) \(y)H\(Self.right)\"/>\n"
    var ticks = [(from, "start"), (from + (now - from) / 2, "middle"), (now, until > now ? "middle" : "end")]
    if until > now { ticks.append((until, "end")) }
    for (time, anchor) in ticks {
      svg += "<path class=\"axis\" d=\"M\(x(time)) \(y)v4\"/>"
      svg += "<text x=\"\(x(time))\" y=\"\(y + 18)\" text-anchor=\"\(anchor)\">"
      svg += "\(time == now ? say("now") : tick(time))</text>\n"
    }
    return svg + "</svg>"
  }

  /// A day, or with a short span the time of day too.
  private func tick(_ time: UInt64) -> String {
    let text = Timestamp.text(time)
    let isShort = time < now && now - from < 4 * 86_400_000
    return isShort ? String(text.dropFirst(5).prefix(11)).replacing("T", with: " ") : String(text.prefix(10))
  }

  private var summary: Message {
    "\(shares.count) changes of title, \(licences.count) licences, \(presales.count) pre-sales, \(disputes.count) disputes "
      + "and \(incidents.count) incidents; the same is in the tables below."
  }

  /// The legend's entries: owners with their colours.
  var legend: [(mark: String, name: String)] {
    owners.prefix(Self.colours).enumerated().map { place, owner in
      (
        "<svg viewBox=\"0 0 24 12\" width=\"24\" height=\"12\" aria-hidden=\"true\"><rect class=\"f\(place + 1)\" "
          + "width=\"24\" height=\"12\"/></svg>", owner
      )
    }
  }
}
