import ArgumentParser
import Edge
import Foundation
import JSON
import Ledger
import LedgerServer
import Primitives
import SenML

/// `export`: a device's attested readings in the words of other systems, the proof beside each.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a device's readings as NGSI-LD or OGC SensorThings, with the proof of each if asked.")
  @OptionGroup var options: SeriesOptions
  @Option(help: "ngsi-ld or sensorthings.") var format: String
  @Flag(help: "Puts the proof beside each reading: base64url of a file that verify reads.") var proofs = false
  @Option(help: "Where to write it; standard output unless given.") var out: String?

  func run() async throws {
    try await Console.run {
      guard let format = ReadingExport.Format(rawValue: format) else {
        throw ValidationError("--format is ngsi-ld or sensorthings.")
      }
      let found = try await options.series()
      let export = try await Consortium(path: options.data.path).with(SmartCityApp.suite, SystemClock()) { open in
        try await open.settle()
        let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
        let request = found.question.request(batches: found.batches, evidence: found.series.encoded())
        _ = try found.question.claims(try open.sequencer.prove(request).verify(policy: policy))
        return try ReadingExport(found, proofs: proofs ? open.sequencer : nil)
      }
      let bytes = JSONWriter.write(export.json(format))
      if let out {
        try Console.write(bytes, to: out)
      } else {
        Console.answer(Message(String(decoding: bytes, as: UTF8.self)))
      }
    }
  }
}

/// Readings that the ledger vouches for, as records.
struct ReadingExport {
  enum Format: String {
    case ngsi = "ngsi-ld"
    case sensorThings = "sensorthings"
  }

  private struct Item {
    let record: SenMLRecord
    let id: String
    let arrival: Int64
    let flag: Message?
    let proof: String?
  }

  private let device: String
  private let items: [Item]

  /// - Parameter proofs: the node that proves each reading; nil for none.
  init(_ found: SeriesOptions.Found, proofs node: Node?) throws {
    device = found.series.device
    var items: [Item] = []
    for row in found.series.rows {
      guard let reading = row.leaf.reading, found.batches.indices.contains(row.header) else { continue }
      let batch = found.batches[row.header]
      let id = "\(found.question.gateway)/\(batch)/\(row.leaf.index)"
      let proof = try node.map {
        Base64URL.encode(
          try ReadingAnswer.excerpt(found.question.gateway, batch, row.leaf.encoded(), $0).encoded())
      }
      let flags = row.leaf.qualityFlags
      for (place, record) in reading.records.enumerated() {
        items.append(
          Item(
            record: ReadingExport.record(device, record, timeUs: reading.timeUs), id: id, arrival: row.leaf.arrival,
            flag: place < flags.count ? ReadingText.flags([flags[place]]) : nil, proof: proof))
      }
    }
    self.items = items
  }

  private static func record(_ device: String, _ record: ReadingForm.Record, timeUs: Int64) -> SenMLRecord {
    let value: SenMLRecord.Value? =
      switch record.value {
      case .number(let mantissa, let exponent):
        SenMLNumber(mantissa: mantissa, exponent: Int(exponent)).map { .number($0) }
      case .boolean(let flag): .bool(flag)
      case .data(let bytes): .data(bytes)
      }
    return SenMLRecord(
      name: device + ":" + record.name, unit: record.unit, value: value, time: SenMLNumber(microseconds: timeUs))
  }

  func json(_ format: Format) -> JSONValue {
    switch format {
    case .ngsi: entity
    case .sensorThings:
      JSONValue(
        .array(items.map { SenMLExport.observation($0.record, resultTime: $0.arrival, parameters: beside($0)) }))
    }
  }

  /// The temporal representation of one entity (ETSI GS CIM 009, section 4.5.6): an array of instances for each property.
  private var entity: JSONValue {
    var names: [String] = []
    var values: [String: [JSONValue]] = [:]
    for item in items {
      let name = item.record.sensor
      if values[name] == nil { names.append(name) }
      guard case .object(let own) = SenMLExport.ngsiProperty(item.record).content else { continue }
      let inner = beside(item).map { member in
        JSONMember(
          member.name,
          JSONValue(.object([JSONMember("type", Self.text("Property")), JSONMember("value", member.value)])))
      }
      values[name, default: []].append(JSONValue(.object(own + inner)))
    }
    return JSONValue(
      .object(
        [
          JSONMember("@context", Self.text("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld")),
          JSONMember("id", Self.text("urn:ngsi-ld:Device:" + device)), JSONMember("type", Self.text("Device")),
        ] + names.map { JSONMember($0, JSONValue(.array(values[$0] ?? []))) }))
  }

  private func beside(_ item: Item) -> [JSONMember] {
    var members = [JSONMember("reading", Self.text(item.id))]
    if let flag = item.flag { members.append(JSONMember("quality", Self.text(flag.english))) }
    if let proof = item.proof { members.append(JSONMember("proof", Self.text(proof))) }
    return members
  }

  private static func text(_ text: String) -> JSONValue { JSONValue(.string(text)) }
}
