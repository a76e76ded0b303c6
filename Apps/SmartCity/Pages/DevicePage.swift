import COSE
import Edge
import Ledger
import LedgerServer
import Primitives

/// `/devices/{urn}`: what the ledger has of a device, and its readings as its gateway has them.
struct DevicePage {
  struct Words {
    let certificate: Message = "Certificate"
    let notCertified: Message =
      "The ledger has not certified this device. The network shares a key with its SIM, and its gateway vouches for it."
    let owner: Message = "Owner"
    let model: Message = "Model"
    let cell: Message = "Cell"
    let slice: Message = "Slice"
    let state: Message = "State"
    let keys: Message = "Keys"
    let firmware: Message = "Firmware (SHA-256)"
    let capabilities: Message = "It measures"
    let life: Message = "Life on the ledger"
    let lifeText: Message = "Every event that the ledger has of this device."
    let time: Message = "Time (UTC)"
    let by: Message = "Stated by"
    let event: Message = "Event"
    let readings: Message = "Readings"
    let received: Message = "Received"
    let missing: Message = "Missing"
    let capture: Message = "Data capture"
    let required: Message = "90 % required"
    let number: Message = "Number"
    let values: Message = "Values"
    let quality: Message = "Quality"
    let proof: Message = "Proof"
    let seriesProof: Message = "Proof of this series"
    let readingProof: Message = "Proof of the newest reading"
    let lifeProof: Message = "Proof of this life"
    let earlier: Message = "Earlier readings"
    let newest: Message = "Newest readings"
    let alarms: Message = "Alarms"
    let download: Message = "download"
  }

  struct Key {
    let id: String
    let from: String
    let until: String
  }

  struct Event {
    let time: String
    let by: String
    let what: Message
  }

  struct Reading {
    let number: UInt64
    let time: String
    let values: String
    let tone: String
    let quality: Message
    let proofPath: String
  }

  /// Readings of which the page draws at most.
  static let newest: UInt64 = 2000
  /// Readings that the table lists.
  private static let listed = 20

  let words = Words()
  let isCertified: Bool
  let owner: String
  let model: String
  let cell: String
  let slice: String
  let tone: String
  let state: Message
  let firmware: String
  let capabilities: String
  let keys: [Key]
  let events: [Event]
  let lifeProofPath: String
  let alarms: Int
  let hasReadings: Bool
  /// Why no readings are shown.
  let noReadings: Message
  let about: Message
  let received: Int
  let missing: UInt64
  let capture: String
  let captureTone: String
  let verdict: Message
  let charts: [String]
  let rows: [Reading]
  let seriesProofPath: String
  let readingProofPath: String
  let hasEarlier: Bool
  let earlierPath: String

  init(
    _ urn: String, _ certificate: DeviceCertificate?, _ events: [DeviceEvent], alarms: Int, _ series: DeviceSeries?,
    _ refusal: Message? = nil
  ) {
    let request = certificate?.request
    isCertified = certificate != nil
    owner = request?.owner ?? ""
    model = request?.model ?? ""
    cell = request?.cell ?? ""
    slice = request.map { CityPage.slice($0.slice) } ?? ""
    tone = certificate.map { CityPage.tone($0.status) } ?? "quiet"
    state = certificate.map { CityPage.state($0.status) } ?? ""
    firmware = request?.firmware.hex ?? ""
    capabilities = (request?.capabilities ?? []).map { $0.unit.isEmpty ? $0.name : "\($0.name) (\($0.unit))" }
      .joined(separator: ", ")
    keys = (certificate?.keys ?? []).map {
      Key(id: $0.key.id.hex, from: Timestamp.text($0.from), until: Timestamp.text($0.until))
    }
    self.events = events.map { Event(time: Timestamp.text($0.time), by: $0.issuer, what: DevicePage.event($0.change)) }
    let path = CityPage.path(urn)
    lifeProofPath = path + "/life.proof"
    self.alarms = alarms
    let rows = series?.rows ?? []
    hasReadings = !rows.isEmpty
    noReadings = refusal ?? "No gateway on this machine has readings of this device."
    guard let series, let last = rows.last else {
      (about, received, missing, capture, captureTone, verdict) = ("", 0, 0, "", "quiet", "")
      (charts, self.rows, seriesProofPath, readingProofPath, hasEarlier, earlierPath) = ([], [], "", "", false, "")
      return
    }
    let figures = CaptureFigures(series.series, series.finding)
    let numbers = series.series.numbers
    about =
      "Numbers \(numbers.lowerBound) to \(numbers.upperBound) of boot \(series.boot), from \(ReadingText.time(figures.first)) "
      + "to \(ReadingText.time(figures.last)), as \(series.gateway) received them; each is in a batch whose header is on the "
      + "ledger."
    received = figures.received
    missing = figures.missing
    capture = ReadingText.decimal(Int64(figures.captureHundredths), -2) + " %"
    captureTone = figures.captureHundredths >= 9000 ? "good" : "bad"
    verdict = figures.verdict
    charts = SeriesCharts.html(rows, series.series.gaps)
    self.rows = rows.suffix(Self.listed).reversed().map { row in
      Reading(
        number: row.reading.seq, time: ReadingText.time(row.reading.timeUs), values: ReadingText.values(row.reading),
        tone: DevicePage.tone(row.leaf.qualityFlags), quality: ReadingText.flags(row.leaf.qualityFlags),
        proofPath: DevicePage.proofPath(series.gateway, row.place))
    }
    seriesProofPath =
      "\(path)/series.proof?gateway=\(CityPage.query(series.gateway))&boot=\(series.boot)&from=\(numbers.lowerBound)"
      + "&to=\(numbers.upperBound)"
    readingProofPath = DevicePage.proofPath(series.gateway, last.place)
    hasEarlier = numbers.lowerBound > 0
    let end = numbers.lowerBound > 0 ? numbers.lowerBound - 1 : 0
    earlierPath = "\(path)?boot=\(series.boot)&from=\(end >= Self.newest ? end - Self.newest + 1 : 0)&to=\(end)"
  }

  private static func proofPath(_ gateway: String, _ row: RowID) -> String {
    "/readings/\(CityPage.query(gateway))/\(row.batch)/\(row.index)/proof"
  }

  private static func tone(_ flags: [QualityFlag]) -> String {
    if flags.contains(.fail) { return "bad" }
    if flags.contains(.suspect) || flags.contains(.missing) { return "warn" }
    return flags.contains(.good) ? "good" : "quiet"
  }

  static func event(_ change: DeviceEvent.Change) -> Message {
    switch change {
    case .enrolled(let request):
      return
        "Certified: \(request.model) of \(request.owner) in \(request.cell), endorsed by a manufacturer and a registrar."
    case .rotated(let change): return "New key \(change.key.id.hex)."
    case .status(let status, let reason): return "\(CityPage.state(status)): \(reason)"
    }
  }
}

/// The charts of a device's readings, one for each quantity.
enum SeriesCharts {
  /// Quantities that are drawn.
  private static let quantities = 6

  static func html(_ rows: [DeviceSeries.Row], _ gaps: [SeriesProof.Gap]) -> [String] {
    var order: [String] = []
    var units: [String: String] = [:]
    for record in rows.lazy.flatMap(\.reading.records) {
      guard case .number = record.value, units[record.name] == nil else { continue }
      units[record.name] = record.unit ?? ""
      order.append(record.name)
      if order.count == quantities { break }
    }
    let bands = bands(rows)
    return order.enumerated().map { place, name in
      chart(
        name, units[name] ?? "", "quantity-\(place)", rows, bands, missing: gaps.reduce(0) { $0 + $1.numbers.count })
    }
  }

  /// From the reading before each missing number to the one after.
  private static func bands(_ rows: [DeviceSeries.Row]) -> [ClosedRange<Double>] {
    zip(rows, rows.dropFirst()).compactMap { before, after in
      guard before.reading.seq + 1 < after.reading.seq else { return nil }
      let (from, to) = (Double(before.reading.timeUs) / 1000, Double(after.reading.timeUs) / 1000)
      return min(from, to)...max(from, to)
    }
  }

  private static func chart(
    _ name: String, _ unit: String, _ id: String, _ rows: [DeviceSeries.Row], _ bands: [ClosedRange<Double>],
    missing: Int
  ) -> String {
    var pieces: [[LineChart.Point]] = [[]]
    var (low, high) = (Double.infinity, -Double.infinity)
    var (suspect, failed) = (0, 0)
    var last: UInt64?
    for row in rows {
      if let last, row.reading.seq > last + 1 { pieces.append([]) }
      last = row.reading.seq
      guard let place = row.reading.records.firstIndex(where: { $0.name == name }),
        case .number(let mantissa, let exponent) = row.reading.records[place].value
      else { continue }
      let value = number(mantissa, exponent)
      (low, high) = (min(low, value), max(high, value))
      var mark: LineChart.Mark?
      switch row.leaf.flag(place) {
      case .suspect?:
        mark = .suspect
        suspect += 1
      case .fail?:
        mark = .failed
        failed += 1
      default: break
      }
      pieces[pieces.count - 1].append(
        LineChart.Point(Double(row.reading.timeUs) / 1000, value, mark: mark))
    }
    let day = rows.first.map { String(ReadingText.time($0.reading.timeUs).prefix(10)) } ?? ""
    let summary: Message =
      low <= high
      ? "From \(FiguresPage.number(low)) to \(FiguresPage.number(high)); \(missing) numbers missing, \(suspect) values "
        + "suspect, \(failed) failed." : ""
    return LineChart(
      ChartFigure(
        id: id, title: Message(unit.isEmpty ? name : "\(name) (\(unit))"), summary: summary,
        xTitle: "UTC, from \(day)", yTitle: Message(unit)),
      lines: [LineChart.Line(Message(name), pieces)], gaps: bands
    ).html
  }

  private static func number(_ mantissa: Int64, _ exponent: Int8) -> Double {
    var value = Double(mantissa)
    for _ in 0..<max(0, -Int(exponent)) { value /= 10 }
    return value
  }
}
