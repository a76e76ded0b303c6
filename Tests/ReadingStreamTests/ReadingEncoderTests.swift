import FiveG
import FiveGScenario
import Foundation
import Primitives
import ReadingStream
import SenML
import Testing

/// What a reading says, taken from the packet by the long way.
func expected(_ encoder: ReadingEncoder, _ batch: PacketBatch, _ row: Int) -> [SenMLRecord] {
  let device = ReadingEncoder.device(Int(batch.devices[row]))
  return batch.models[row].channels.enumerated().map { place, channel in
    let raw = batch.value(row, place)
    let value: SenMLRecord.Value =
      switch channel.kind {
      case .number: .number(SenMLNumber(mantissa: raw, exponent: Int(channel.exponent))!)
      case .boolean: .bool(raw != 0)
      case .digest: .data((0..<8).map { UInt8(truncatingIfNeeded: raw >> (56 - 8 * $0)) })
      }
    return SenMLRecord(
      name: "\(device):\(channel.name)", unit: channel.unit.isEmpty ? nil : channel.unit, value: value,
      time: SenMLNumber(microseconds: max(0, encoder.startUs + batch.sampleTimes[row])))
  }
}

/// All models at work, with all kinds of dirt.
func everyModel(seed: UInt64 = 7) throws -> Simulation {
  let fleets = DeviceModel.allCases.map { model in
    var fleet = Fleet(model.name, model, count: 3)
    if case .silent = fleet.arrivals {} else { fleet.arrivals = .periodic(period: 500_000, jitter: 1000) }
    fleet.dirt.spiking = DirtRates.clean.spiking
    return fleet
  }
  return try Simulation(Scenario(name: "all", seed: seed, duration: 5_000_000, fleets: fleets))
}

@Suite("Readings of the simulation as SenML")
struct ReadingEncoderTests {
  static let samples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/scenarios")

  private static func parse(_ bytes: [UInt8], _ format: ReadingFormat) throws -> SenMLPack {
    switch format {
    case .senml: return try SenMLPack(json: bytes)
    case .senmlCBOR: return try SenMLPack(cbor: bytes)
    case .ndjson:
      let lines = bytes.split(separator: UInt8(ascii: "\n"))
      return try SenMLPack(
        json: [UInt8(ascii: "[")] + lines.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")])
    }
  }

  @Test("are read back by the SenML reader as what the generator made", arguments: ReadingFormat.allCases)
  func roundTrip(_ format: ReadingFormat) throws {
    let simulation = try everyModel()
    let encoder = ReadingEncoder(simulation, format)
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch(capacity: 97)
    var models: Set<DeviceModel> = []
    var bytes: [UInt8] = []
    while generator.next(&batch) {
      guard !batch.isEmpty else { continue }
      models.formUnion(batch.models)
      // Alone, and as one pack.
      let parts = batch.arrivals.indices.map { $0..<$0 + 1 } + [0..<batch.count]
      for rows in parts {
        bytes.removeAll(keepingCapacity: true)
        encoder.append(batch, rows, to: &bytes)
        let read = try Self.parse(bytes, format).resolved(now: SenMLNumber(0))
        // The reader sorts by time and keeps the order of equal ones.
        let made = rows.flatMap { expected(encoder, batch, $0) }.enumerated()
          .sorted { a, b in
            let (x, y) = (a.element.time.microseconds!, b.element.time.microseconds!)
            return x != y ? x < y : a.offset < b.offset
          }.map(\.element)
        #expect(read == made)
      }
    }
    #expect(models == Set(DeviceModel.allCases))
  }

  @Test("as CBOR, one by one, are the canonical readings of the gateway")
  func canonical() throws {
    let simulation = try everyModel(seed: 8)
    let encoder = ReadingEncoder(simulation, .senmlCBOR)
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch()
    var count = 0
    while generator.next(&batch) {
      for row in batch.arrivals.indices {
        var bytes: [UInt8] = []
        encoder.append(batch, row..<row + 1, to: &bytes)
        let (boot, seq, time) = try bytes.withUnsafeBytes { raw in
          let scan = try CanonicalReading.Scan(raw)
          return (scan.boot, scan.seq, scan.time)
        }
        #expect(boot == 0 && seq == UInt64(batch.sequences[row]) && time == encoder.time(batch, row))
        count += 1
      }
    }
    #expect(count > 400)
  }

  @Test("carry their number and boot as JSON too", arguments: [ReadingFormat.senml, .ndjson])
  func numbers(_ format: ReadingFormat) throws {
    let simulation = try everyModel()
    let encoder = ReadingEncoder(simulation, format)
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch(capacity: 50)
    let isThere = generator.next(&batch)
    #expect(isThere)
    for row in batch.arrivals.indices {
      var bytes: [UInt8] = []
      encoder.append(batch, row..<row + 1, to: &bytes)
      let first = String(decoding: bytes, as: UTF8.self).split(separator: "}")[0]
      #expect(first.hasSuffix(",\"seq\":\(batch.sequences[row]),\"boot\":0"))
    }
  }

  @Test(
    "are the same bytes for a seed, whatever the size of the generator's batches", arguments: ReadingFormat.allCases)
  func deterministic(_ format: ReadingFormat) throws {
    func digest(_ capacity: Int, seed: UInt64) throws -> Digest {
      let simulation = try everyModel(seed: seed)
      let encoder = ReadingEncoder(simulation, format)
      var generator = PacketGenerator(simulation)
      var batch = PacketBatch(capacity: capacity)
      var bytes: [UInt8] = []
      while generator.next(&batch) {
        for row in batch.arrivals.indices { encoder.appendItem(batch, row..<row + 1, to: &bytes) }
      }
      return Digest.sha256(bytes)
    }
    let whole = try digest(4096, seed: 3)
    #expect(try digest(1, seed: 3) == whole)
    #expect(try digest(333, seed: 3) == whole)
    #expect(try digest(4096, seed: 4) != whole)
  }

  @Test("of times before 1970 are at 1970, and a start of one's own is taken")
  func start() throws {
    let simulation = try everyModel()
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch()
    let isThere = generator.next(&batch)
    #expect(isThere)
    #expect(ReadingEncoder(simulation, .senml, startUs: -1_000_000_000).time(batch, 0) == 0)
    #expect(ReadingEncoder(simulation, .senml, startUs: 50).time(batch, 0) == 50 + batch.sampleTimes[0])
  }

  @Test("of each sample scenario are written", arguments: ["city-square-kilometre", "farm", "warehouse"])
  func samples(_ name: String) throws {
    let path = Self.samples.appending(path: name + ".yaml")
    var scenario = try ScenarioFile.parse(bytes: Array(Data(contentsOf: path)))
    for fleet in scenario.fleets.indices { scenario.fleets[fleet].count = min(50, scenario.fleets[fleet].count) }
    let simulation = try Simulation(scenario)
    let encoder = ReadingEncoder(simulation, .senml)
    var source = ReadingSource(simulation, limit: StreamLimit(readings: 500))
    var count = 0
    loop: while true {
      switch source.next(now: 0, most: 100) {
      case .rows(let rows):
        var bytes: [UInt8] = []
        encoder.append(source.batch, rows, to: &bytes)
        #expect(try SenMLPack(json: bytes).records.count >= rows.count)
        count += rows.count
      case .wait: Issue.record("a free stream waits")
      case .end: break loop
      }
    }
    #expect(count == 500)
  }

  @Test("are written at a rate worth naming")
  func speed() throws {
    let simulation = try everyModel()
    for format in ReadingFormat.allCases {
      let encoder = ReadingEncoder(simulation, format)
      var generator = PacketGenerator(simulation)
      var batch = PacketBatch(capacity: 400)
      let isThere = generator.next(&batch)
      #expect(isThere)
      var bytes: [UInt8] = []
      let clock = ContinuousClock()
      let start = clock.now
      let rounds = 500
      for _ in 0..<rounds {
        bytes.removeAll(keepingCapacity: true)
        for row in 0..<batch.count { encoder.appendItem(batch, row..<row + 1, to: &bytes) }
      }
      let seconds =
        Double((clock.now - start).components.attoseconds) / 1e18 + Double((clock.now - start).components.seconds)
      print(
        "\(format.rawValue): \(Int(Double(rounds * batch.count) / seconds)) readings/s, \(bytes.count / batch.count) bytes each"
      )
    }
  }
}
