import FiveG
import Primitives

/// One cell of the map with what is in it.
struct CityCell: Sendable {
  /// As the certificates name it.
  let name: String
  var devices = 0
  var alarms = 0
  /// Slice/service types of its devices, rising.
  var slices: [UInt64] = []
  /// Gateways that receive its certified devices.
  var gateways: [String] = []
}

/// The city's cells as an SVG: hexagons with what is in them, certified devices as dots by slice.
struct CityMap {
  /// A certified device's place.
  struct Dot {
    let x: Double
    let y: Double
    let slice: UInt64
    let hasAlarm: Bool
  }

  var cells: [CityCell]
  /// Where the cells are; nil lays them out in their order.
  var geometry: EdgeFolder.Feed.Map?
  var dots: [Dot] = []

  /// Cells that are drawn at most; with more only those that have something.
  private static let drawn = 400
  private static let width = 720.0
  private static let sine60 = 0.866_025_403_784_438_6

  private struct Hexagon {
    let cell: CityCell
    let x: Double
    let y: Double
  }

  /// The slices on the map, by slice/service type.
  var slices: [UInt64] { Set(cells.flatMap(\.slices) + dots.map(\.slice)).sorted() }

  /// The mark of a slice: colour and shape.
  static func mark(_ slice: UInt64, _ x: Double, _ y: Double, _ size: Double) -> String {
    let hue = "dot f\((max(1, slice) - 1) % 5 + 1)"
    let n = number
    switch (max(1, slice) - 1) % 5 {
    case 0: return "<circle class=\"\(hue)\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(size))\"/>"
    case 1:
      return
        "<path class=\"\(hue)\" d=\"M\(n(x - size)) \(n(y - size))h\(n(2 * size))v\(n(2 * size))h-\(n(2 * size))z\"/>"
    case 2:
      return "<path class=\"\(hue)\" d=\"M\(n(x - size)) \(n(y + size))h\(n(2 * size))l-\(n(size)) -\(n(2 * size))z\"/>"
    case 3:
      return
        "<path class=\"\(hue)\" d=\"M\(n(x)) \(n(y - size))l\(n(size)) \(n(size))l-\(n(size)) \(n(size))l-\(n(size)) -\(n(size))z\"/>"
    default:
      return "<path class=\"\(hue)\" d=\"M\(n(x - size)) \(n(y - size))h\(n(2 * size))l-\(n(size)) \(n(2 * size))z\"/>"
    }
  }

  /// The map as SVG; empty where there is no cell.
  var svg: String {
    var scale = 1.0
    var hexagons: [Hexagon] = []
    var radius = 0.0
    var height = 0.0
    var rim = ""
    var shift = (x: 0.0, y: 0.0)
    if let geometry {
      let map = geometry.cells
      let known = Dictionary(cells.map { ($0.name, $0) }) { first, _ in first }
      let (width, depth) = (Double(map.area.width), Double(map.area.height))
      // What has something, and on small maps the cells whose sites are on them.
      let numbers = (0..<map.count).filter { number in
        let site = map.site(number)
        let isInside = (0...map.area.width).contains(site.x) && (0...map.area.height).contains(site.y)
        return known["cell-\(number)"] != nil || isInside && map.count <= Self.drawn
      }.prefix(4 * Self.drawn)
      let sites = numbers.map { map.site($0) }
      let reach = Double(map.siteDistance) / 2 / Self.sine60
      let (side, pole) = (Double(map.siteDistance) / 2, reach)
      let west = min(0, sites.map { Double($0.x) - side }.min() ?? 0)
      let east = max(width, sites.map { Double($0.x) + side }.max() ?? 0)
      let south = min(0, sites.map { Double($0.y) - pole }.min() ?? 0)
      let north = max(depth, sites.map { Double($0.y) + pole }.max() ?? 0)
      let margin = (east - west) * 0.008
      scale = Self.width / (east - west + 2 * margin)
      height = (north - south + 2 * margin) * scale
      radius = reach * scale
      shift = (margin - west, north + margin)
      for (number, site) in zip(numbers, sites) {
        hexagons.append(
          Hexagon(
            cell: known["cell-\(number)"] ?? CityCell(name: "cell-\(number)"), x: (Double(site.x) + shift.x) * scale,
            y: (shift.y - Double(site.y)) * scale))
      }
      let n = Self.number
      rim =
        "<rect class=\"rim\" x=\"\(n(shift.x * scale))\" y=\"\(n((shift.y - depth) * scale))\" "
        + "width=\"\(n(width * scale))\" height=\"\(n(depth * scale))\"/>\n"
    } else {
      let shown = cells.prefix(Self.drawn)
      guard !shown.isEmpty else { return "" }
      var columns = 1
      while columns * columns < shown.count { columns += 1 }
      let distance = min(180, Self.width / (Double(columns) + 0.6))
      radius = distance / 2 / Self.sine60
      let rows = (shown.count + columns - 1) / columns
      height = distance * Self.sine60 * Double(rows - 1) + 2 * radius + 8
      for (place, cell) in shown.enumerated() {
        let (row, column) = (place / columns, place % columns)
        hexagons.append(
          Hexagon(
            cell: cell, x: distance * (Double(column) + 0.55 + (row % 2 == 1 ? 0.5 : 0)),
            y: radius + 4 + distance * Self.sine60 * Double(row)))
      }
    }
    return draw(hexagons, radius: radius, height: height, rim, scale: scale, shift: shift)
  }

  private func draw(
    _ hexagons: [Hexagon], radius: Double, height: Double, _ rim: String, scale: Double, shift: (x: Double, y: Double)
  ) -> String {
    let words = Catalogue.current
    func say(_ message: Message) -> String { Self.escape(message.text(in: words)) }
    let n = Self.number
    let alarms = cells.reduce(0) { $0 + $1.alarms }
    let devices = cells.reduce(0) { $0 + $1.devices }
    var svg =
      "<svg class=\"map\" viewBox=\"0 0 \(n(Self.width)) \(n(height))\" role=\"img\" aria-labelledby=\"map-t map-d\">"
    svg += "<title id=\"map-t\">\(say("Cells of the city"))</title>"
    svg += "<desc id=\"map-d\">"
    svg += say(
      "\(devices) certified devices in \(cells.count) cells, \(alarms) alarms. The table below has the figures.")
    svg += "</desc>\n"
    let size = max(10, min(24, radius / 5))
    for hexagon in hexagons {
      let cell = hexagon.cell
      let (x, y) = (hexagon.x, hexagon.y)
      let tone = cell.alarms > 0 ? "cell alarmed" : cell.devices > 0 ? "cell lived" : "cell"
      let half = radius * Self.sine60 - 1.5
      let outer = radius - 1.7
      svg +=
        "<path class=\"\(tone)\" d=\"M\(n(x)) \(n(y - outer))L\(n(x + half)) \(n(y - outer / 2))V\(n(y + outer / 2))"
      svg += "L\(n(x)) \(n(y + outer))L\(n(x - half)) \(n(y + outer / 2))V\(n(y - outer / 2))Z\"/>"
      svg += "<text class=\"name\" x=\"\(n(x))\" y=\"\(n(y - outer * 0.58))\" font-size=\"\(n(size))\" "
      svg += "text-anchor=\"middle\">\(Self.escape(String(cell.name.prefix(12))))</text>"
      if cell.alarms > 0 {
        svg += "<text class=\"alarm\" x=\"\(n(x))\" y=\"\(n(y + outer * 0.74))\" font-size=\"\(n(size * 0.9))\" "
        svg += "text-anchor=\"middle\">▲ \(cell.alarms)</text>"
      }
      svg += "\n"
    }
    svg += rim
    for dot in dots {
      let (x, y) = ((dot.x + shift.x) * scale, (shift.y - dot.y) * scale)
      if dot.hasAlarm { svg += "<circle class=\"ring\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"11\"/>" }
      svg += Self.mark(dot.slice, x, y, 6)
    }
    return svg + "</svg>"
  }

  static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  static func number(_ value: Double) -> String {
    let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
    let text = "\(abs(tenths) / 10)" + (tenths % 10 == 0 ? "" : ".\(abs(tenths) % 10)")
    return tenths < 0 ? "-" + text : text
  }
}
