import Edge
import FiveG
import Foundation
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// `/city`: the map, the figures, the gateways and the newest alarms; what changes comes by server-sent events.
struct CityPage {
  struct Words {
    let figures: Message = "Figures"
    let devices: Message = "Devices on the ledger"
    let gateways: Message = "Gateways"
    let batches: Message = "Batches"
    let readings: Message = "Readings anchored"
    let alarms: Message = "Alarms"
    let incidents: Message = "Incidents"
    let map: Message = "Cells, gateways and alarms"
    let mapText: Message =
      "Cells are those that device certificates on the ledger name. Dots are certified devices, by slice; a ring marks one "
      + "that raised an alarm."
    let noMap: Message = "No device has been certified yet."
    let cell: Message = "Cell"
    let slices: Message = "Slices"
    let name: Message = "Name"
    let owner: Message = "Owner"
    let state: Message = "State"
    let last: Message = "Last batch on the ledger (UTC)"
    let newest: Message = "Newest alarms"
    let time: Message = "Time (UTC)"
    let device: Message = "Device"
    let what: Message = "Alarm"
    let severity: Message = "Severity"
    let by: Message = "Stated by"
    let none: Message = "There are none."
    let entry: Message = "Entry"
  }

  struct Key {
    let mark: String
    let name: String
  }

  struct Cell {
    let name: String
    let path: String
    let devices: Int
    let slices: String
    let gateways: String
    let alarms: Int
  }

  struct Row {
    let name: String
    let owner: String
    let tone: String
    let state: Message
    let batches: UInt64
    let readings: UInt64
    let last: String
  }

  struct AlarmRow {
    let entry: UInt64
    let time: String
    let device: String
    let path: String
    let name: String
    let severity: Message
    let by: String
  }

  /// Alarms that the page lists.
  private static let shown = 12

  let words = Words()
  let devices: Int
  let gatewayCount: Int
  let batches: UInt64
  let readings: UInt64
  let alarmCount: Int
  let incidents: Int
  let map: String
  let hasMap: Bool
  let legend: [Key]
  let cells: [Cell]
  let gateways: [Row]
  let alarms: [AlarmRow]

  init(_ view: CityView, _ feeds: [String: EdgeFolder.Feed]) {
    let drawing = CityPage.map(view, feeds)
    devices = view.deviceCount
    gatewayCount = view.gateways.count
    batches = view.batches
    readings = view.leaves
    alarmCount = view.alarmCount
    incidents = view.incidentCount
    map = drawing.svg
    hasMap = !map.isEmpty
    legend = drawing.slices.map { slice in
      Key(
        mark: "<svg viewBox=\"0 0 24 12\" width=\"24\" height=\"12\" aria-hidden=\"true\">"
          + CityMap.mark(slice, 12, 6, 5) + "</svg>", name: CityPage.slice(slice))
    }
    cells = drawing.cells.map { cell in
      Cell(
        name: cell.name, path: "/devices?cell=\(CityPage.query(cell.name))", devices: cell.devices,
        slices: cell.slices.map(CityPage.slice).joined(separator: ", "),
        gateways: cell.gateways.joined(separator: ", "), alarms: cell.alarms)
    }
    gateways = view.gateways.map { gateway in
      Row(
        name: gateway.name, owner: gateway.owner, tone: CityPage.tone(gateway.status),
        state: CityPage.state(gateway.status), batches: gateway.batches, readings: gateway.leaves,
        last: gateway.last == 0 ? "" : Timestamp.text(gateway.last))
    }
    alarms = view.alarms.suffix(CityPage.shown).reversed().map { entry, item in
      let alarm = item.document
      return AlarmRow(
        entry: entry, time: Timestamp.text(alarm.time / 1000), device: alarm.device,
        path: CityPage.path(alarm.device), name: alarm.name, severity: CityPage.severity(alarm.severity),
        by: item.issuer)
    }
  }

  /// What live pages are told.
  static func change(_ view: CityView) -> PageChange {
    PageChange(
      text: [
        "devices": "\(view.deviceCount)", "gateway-count": "\(view.gateways.count)", "batches": "\(view.batches)",
        "readings": "\(view.leaves)", "alarm-count": "\(view.alarmCount)", "incidents": "\(view.incidentCount)",
      ],
      html: ["map": "/pages/city/map?\(view.size)", "tables": "/pages/city/tables?\(view.size)"])
  }

  // MARK: - The map

  private static func map(_ view: CityView, _ feeds: [String: EdgeFolder.Feed]) -> CityMap {
    var cells: [String: CityCell] = [:]
    var homes: [String: String] = [:]
    var slices: [String: UInt64] = [:]
    for device in view.devices {
      homes[device.urn] = device.cell
      slices[device.urn] = device.slice
      var cell = cells[device.cell] ?? CityCell(name: device.cell)
      cell.devices += 1
      if !cell.slices.contains(device.slice) { cell.slices.append(device.slice) }
      cells[device.cell] = cell
    }
    var alarmed: Set<String> = []
    for (_, item) in view.alarms {
      alarmed.insert(item.document.device)
      if let home = homes[item.document.device] { cells[home]?.alarms += 1 }
    }
    var dots: [CityMap.Dot] = []
    for (gateway, feed) in feeds.sorted(by: { $0.key < $1.key }) {
      for place in (feed.places ?? []).prefix(CityBoard.devices) {
        // The places are the folder's word; that there is such a device is the ledger's.
        let urn = feed.name(place.device, of: gateway)
        guard let slice = slices[urn], let home = homes[urn] else { continue }
        if cells[home]?.gateways.contains(gateway) == false { cells[home]?.gateways.append(gateway) }
        if dots.count < 2000 {
          dots.append(
            CityMap.Dot(x: Double(place.x), y: Double(place.y), slice: slice, hasAlarm: alarmed.contains(urn)))
        }
      }
    }
    let biggest = feeds.sorted { $0.key < $1.key }.max { $0.value.devices < $1.value.devices }
    let sorted = cells.values.map { cell in
      var cell = cell
      cell.slices.sort()
      return cell
    }.sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
    return CityMap(cells: sorted, geometry: biggest?.value.map, dots: biggest?.value.map == nil ? [] : dots)
  }

  // MARK: - Words

  static func slice(_ type: UInt64) -> String {
    UInt8(exactly: type).flatMap { SNSSAI.Standard(rawValue: $0)?.name } ?? "SST \(type)"
  }

  static func state(_ status: EdgeStatus) -> Message {
    switch status {
    case .active: "in service"
    case .revoked: "revoked"
    case .quarantined: "in quarantine"
    }
  }

  static func tone(_ status: EdgeStatus) -> String {
    switch status {
    case .active: "good"
    case .revoked: "bad"
    case .quarantined: "warn"
    }
  }

  /// The severities of ITU-T X.733.
  static func severity(_ number: UInt64) -> Message {
    switch number {
    case 1: "critical"
    case 2: "major"
    case 3: "minor"
    case 4: "warning"
    default: "cleared"
    }
  }

  static func path(_ urn: String) -> String { "/devices/" + query(urn) }

  /// A text within a path or a query.
  static func query(_ text: String) -> String {
    text.addingPercentEncoding(
      withAllowedCharacters: .urlHostAllowed.subtracting(CharacterSet(charactersIn: "&=+;:,%")))
      ?? ""
  }
}

extension CityServer {
  func addCity(to router: Router<LedgerRequestContext>) {
    router.get("city") { request, context in
      let page = Page("City", template: "city", live: "/events/city", content: try await city(context))
      return server.page(page, to: request)
    }
    router.get("pages/city/map") { _, context in server.fragment(try await city(context), template: "citymap") }
    router.get("pages/city/tables") { _, context in server.fragment(try await city(context), template: "citytables") }
    router.get("events/city") { _, context in
      try server.requireReader(context.caller)
      let board = board
      return EventStream.response { CityPage.change(try await board.view()) }
    }
  }

  private func city(_ context: LedgerRequestContext) async throws -> CityPage {
    try server.requireReader(context.caller)
    let view = try await board.view()
    var feeds: [String: EdgeFolder.Feed] = [:]
    if let shelf {
      for gateway in view.gateways { feeds[gateway.name] = await shelf.feed(gateway.name) }
    }
    return CityPage(view, feeds)
  }
}
