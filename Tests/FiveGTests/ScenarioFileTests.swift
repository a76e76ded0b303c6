import FiveG
import FiveGScenario
import Foundation
import Testing

@Suite("Scenario files")
struct ScenarioFileTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/scenarios")

  static func sample(_ name: String) throws -> Scenario {
    try ScenarioFile.parse(bytes: Array(Data(contentsOf: folder.appending(path: name))))
  }

  @Test("the city has a million devices on a square kilometre, and a power cut")
  func city() throws {
    let city = try Self.sample("city-square-kilometre.yaml")
    #expect(city.devices == 1_000_000)
    #expect(city.map.area.squareKilometres == 1)
    #expect(city.duration == 60_000_000)
    #expect(city.start == 1_798_761_600)
    #expect(city.geography.latitudeE7 == 312_304_000)
    #expect(city.bursts.count == 1 && city.bursts[0].shape == .beta && city.bursts[0].fleets == [0, 3, 10])
    #expect(city.attacks == Attacks())
    #expect(city.fleets[0].dirt.missing == 1000)
    #expect(city.fleets[0].arrivals == .periodic(period: 900_000_000, jitter: 1_000_000))
    #expect(city.fleets[12].payload == .video(mean: 25_000))
    let small = city.scaled(toDevices: 5000)
    #expect(abs(small.devices - 5000) <= small.fleets.count)
    let (digest, statistics) = Scenes.digest(try Simulation(small))
    print("city of \(small.devices): \(digest.count) packets\n\(KPIReport(try Simulation(small), statistics).text)")
    #expect(digest.count > 2000)
  }

  @Test("the farm and the warehouse run", arguments: ["farm.yaml", "warehouse.yaml"])
  func others(_ name: String) throws {
    var scenario = try Self.sample(name)
    scenario.duration = min(scenario.duration, 120_000_000)
    scenario.bursts = []
    let simulation = try Simulation(scenario)
    let (digest, statistics) = Scenes.digest(simulation)
    #expect(digest.count > 1000)
    #expect(statistics.fleets.allSatisfy { $0.offered >= 0 })
    if name == "warehouse.yaml" { #expect(scenario.fleets.contains { !$0.enrolled } && statistics.copies > 0) }
  }

  static let small = """
    name: small
    duration: 1 s
    fleets:
      - name: a
        model: noise
        count: 3
    """

  @Test("what a file does not say follows from the model")
  func defaults() throws {
    let scenario = try ScenarioFile.parse(Self.small)
    #expect(scenario == Scenario(name: "small", seed: 1, duration: 1_000_000, fleets: [Fleet("a", .noise, count: 3)]))
  }

  @Test("each key is read")
  func everyKey() throws {
    let scenario = try ScenarioFile.parse(
      """
      name: all
      seed: 9223372036854775807
      duration: 1.5 h
      start: 2024-02-29
      map: {width: 2.5 km, height: 300 m, site-distance: 120.5 m, cells-per-gateway: 3, latitude: -33.8688, longitude: 151.2093}
      carrier: {layers: 8, modulation-bits: 10, resource-blocks: 264, numerology: 3, overhead: 18%, carriers: 16}
      handover-interruption: 2.5 ms
      slices:
        - {slice: URLLC, numerology: 4, scheduling-slots: 1, first-failure: 0.1%, random-access: yes, cell-packets-per-second: 10_000}
        - {slice: 200/00002a}
      fleets:
        - name: a
          model: drone
          count: 3
          slice: 200/00002a
          5qi: 82
          arrivals: {every: 0.5 s, jitter: 250 us}
          payload: 1.5 kB
          alarm-slice: URLLC
          alarm-5qi: 85
          area: {x: 1 m, y: 2 m, width: 10 m, height: 20 m}
          mobility: {free: [10, 70]}
          enrolled: false
          dirt: {missing: 1%, late: 2%, disordered: 3%, duplicated: 4%, stuck: 5%, drifting: 6%, spiking: 7%, skewed: 10 ppm, late-minimum: 1 s, late-maximum: 2 s, drift-per-hour: 7%, skew-maximum: 1 min}
        - {name: b, model: bin, count: 1, arrivals: reports, payload: pareto, mobility: still, dirt: light}
        - {name: c, model: camera, count: 1, arrivals: {frames: 60}, payload: {video: 10 kB}, dirt: clean}
        - {name: d, model: door, count: 1, arrivals: silent}
        - {name: e, model: parking, count: 1, arrivals: {poisson: 2 h}, mobility: {streets: [1, 2]}}
      bursts:
        - {name: x, shape: uniform, start: 1 s, fleets: [a, d]}
        - {shape: beta, start: 2 min, window: 5 s, fleets: [b]}
      attacks:
        replayed: 1%
        replay-maximum: 1 min
        cloned: 2%
        rolled-back: 3%
        gateways: [{gateway: 1, does: dropping, share: 100%}]
      """)
    #expect(scenario.seed == 9_223_372_036_854_775_807)
    #expect(scenario.duration == 5_400_000_000)
    #expect(scenario.start == 1_709_164_800)
    #expect(
      scenario.map.area.width == 250_000 && scenario.map.siteDistance == 12_050 && scenario.map.cellsPerGateway == 3)
    #expect(scenario.geography.latitudeE7 == -338_688_000 && scenario.geography.longitudeE7 == 1_512_093_000)
    #expect(
      scenario.carrier
        == Carrier(
          layers: 8, modulationBits: 10, resourceBlocks: 264, numerology: 3, overheadPercent: 18, carriers: 16))
    #expect(scenario.handoverInterruption == 2500)
    #expect(
      scenario.slices[1]
        == SliceProfile(
          slice: SNSSAI(.urllc), numerology: 4, schedulingSlots: 1, firstFailurePpm: 1000, randomAccess: true,
          cellPacketsPerSecond: 10_000))
    #expect(scenario.slices[5].slice == SNSSAI(sst: 200, sd: 42))
    let a = scenario.fleets[0]
    #expect(a.slice == SNSSAI(sst: 200, sd: 42) && a.fiveQI == 82 && a.alarmFiveQI == 85 && !a.enrolled)
    #expect(a.arrivals == .periodic(period: 500_000, jitter: 250) && a.payload == .fixed(1500))
    #expect(a.area == Area(origin: Point(x: 100, y: 200), width: 1000, height: 2000))
    #expect(a.mobility == .free(minimumKmh: 10, maximumKmh: 70) && a.alarmSlice == SNSSAI(.urllc))
    #expect(a.dirt.missing == 10_000 && a.dirt.skewed == 10 && a.dirt.spiking == 70_000 && a.dirt.stuck == 50_000)
    #expect(a.dirt.late == 20_000 && a.dirt.disordered == 30_000 && a.dirt.duplicated == 40_000)
    #expect(a.dirt.lateMinimum == 1_000_000 && a.dirt.lateMaximum == 2_000_000 && a.dirt.skewMaximum == 60_000_000)
    #expect(a.dirt.driftPercentPerHour == 7 && a.dirt.drifting == 60_000)
    #expect(scenario.fleets[1].dirt == .light && scenario.fleets[2].arrivals == .frames(perSecond: 60))
    #expect(scenario.fleets[3].arrivals == .silent && scenario.fleets[4].arrivals == .densityTest)
    #expect(scenario.bursts[0] == .uniform60(name: "x", start: 1_000_000, fleets: [0, 3]))
    #expect(scenario.bursts[1].window == 5_000_000 && scenario.bursts[1].name == "burst")
    #expect(scenario.attacks.gateways == [.init(gateway: 1, misdeed: .dropping, ppm: 1_000_000)])
    #expect(scenario.attacks.replayMaximum == 60_000_000 && scenario.attacks.rolledBack == 30_000)
  }

  /// A replacement in the small file, and words of the error: its line, key and reason.
  static let wrong: [(from: String, to: String, words: [String])] = [
    ("duration: 1 s", "duration: 1", ["line 2", "duration", "unit"]),
    ("duration: 1 s", "duration: 1 week", ["line 2", "duration", "unit"]),
    ("duration: 1 s", "duration: 0 s", ["line 2", "duration", "range"]),
    ("duration: 1 s", "duration: 367 d", ["line 2", "duration", "range"]),
    ("duration: 1 s", "duration: 99999999999999999999 s", ["duration", "range"]),
    ("duration: 1 s", "duration: -1 s", ["duration", "range"]),
    ("duration: 1 s", "duration: [1 s]", ["line 2", "duration", "single value"]),
    ("duration: 1 s", "length: 1 s", ["line 2", "length", "unknown key"]),
    ("duration: 1 s\n", "", ["'duration' is missing"]),
    ("duration: 1 s", "duration: 1 s\nduration: 2 s", ["twice"]),
    ("duration: 1 s", "duration: 1 s\nseed: -1", ["line 3", "seed"]),
    ("duration: 1 s", "duration: 1 s\nseed: 1e3", ["line 3", "seed", "whole number"]),
    ("duration: 1 s", "duration: 1 s\nstart: tomorrow", ["line 3", "start", "date"]),
    ("model: noise", "model: noisy", ["line 5", "fleets[0].model", "air-quality"]),
    ("count: 3", "count: 0", ["line 6", "fleets[0].count", "0"]),
    ("count: 3", "count: 50000001", ["line 6", "fleets[0].count"]),
    ("count: 3", "count: three", ["line 6", "fleets[0].count", "three"]),
    ("count: 3", "count: 3\n    5qi: 75", ["line 7", "fleets[0].5qi", "75"]),
    ("count: 3", "count: 3\n    5qi: 300", ["line 7", "fleets[0].5qi", "300"]),
    ("count: 3", "count: 3\n    slice: GBRSS", ["line 7", "fleets[0].slice", "GBRSS"]),
    ("count: 3", "count: 3\n    slice: huge", ["line 7", "fleets[0].slice", "huge"]),
    ("count: 3", "count: 3\n    slice: 3/12", ["line 7", "fleets[0].slice", "hexadecimal"]),
    ("count: 3", "count: 3\n    arrivals: often", ["line 7", "arrivals", "often"]),
    ("count: 3", "count: 3\n    arrivals: {every: 1 s, poisson: 1 s}", ["line 7", "arrivals", "one of"]),
    ("count: 3", "count: 3\n    arrivals: {every: 1 s, jitter: 1 s}", ["line 7", "arrivals", "jitter"]),
    ("count: 3", "count: 3\n    mobility: {streets: [60, 5]}", ["line 7", "mobility.streets[1]", "5"]),
    ("count: 3", "count: 3\n    dirt: filthy", ["line 7", "dirt", "filthy"]),
    ("count: 3", "count: 3\n    dirt: {missing: 101%}", ["line 7", "dirt.missing", "101%"]),
    ("count: 3", "count: 3\n    area: {x: 999 m, y: 0 m, width: 2 m, height: 1 m}", ["line 7", "area", "map"]),
    (
      "count: 3", "count: 3\nbursts:\n  - {shape: beta, start: 0 s, fleets: [b]}",
      ["line 8", "bursts[0].fleets[0]", "'b'"]
    ),
    (
      "count: 3", "count: 3\nbursts:\n  - {shape: flat, start: 0 s, fleets: [a]}",
      ["line 8", "bursts[0].shape", "flat"]
    ),
    ("count: 3", "count: 3\nbursts:\n  - {shape: beta, start: 2 s, fleets: [a]}", ["line 8", "bursts[0]"]),
    (
      "count: 3",
      "count: 3\nattacks:\n  gateways:\n    - {gateway: 16, does: altering, share: 1%}", ["line 9", "gateway", "16"]
    ),
    (
      "count: 3", "count: 3\nattacks:\n  gateways:\n    - {gateway: 0, does: sing, share: 1%}",
      ["line 9", "does", "sing"]
    ),
    (
      "count: 3", "count: 3\nmap: {width: 10000 km, height: 10000 km, site-distance: 1 m}",
      ["line 7", "map", "60000 cells"]
    ),
    ("name: small", "name: [small", ["not YAML"]),
    ("name: small", "name: \"small", ["not YAML"]),
    ("name: small", "", ["'name' is missing"]),
    ("fleets:", "handover-interruption: 1 s\nbursts: {}\nfleets:", ["line 4", "bursts", "must be a list"]),
  ]

  @Test("a wrong file is refused with line, key and reason", arguments: wrong)
  func refusals(_ change: (from: String, to: String, words: [String])) {
    let text = Self.small.replacingOccurrences(of: change.from, with: change.to)
    do {
      _ = try ScenarioFile.parse(text)
      Issue.record("accepted: \(change.to)")
    } catch {
      for word in change.words { #expect(error.description.contains(word), "\(change.to): \(error)") }
    }
  }

  @Test("a file that is too large, too deep or not text is refused, without reading it all")
  func bounds() {
    func reason(_ bytes: [UInt8]) -> String {
      do {
        _ = try ScenarioFile.parse(bytes: bytes)
        return "accepted"
      } catch { return error.description }
    }
    #expect(reason([]).contains("empty"))
    #expect(reason([0xff, 0xfe, 0xfd]).contains("UTF-8"))
    #expect(reason(Array(repeating: 0x20, count: ScenarioFile.maximumBytes + 1)).contains("bytes"))
    #expect(reason(Array(String(repeating: "[", count: 17).utf8)).contains("brackets"))
    #expect(reason(Array(String(repeating: "[\n", count: 1001).utf8)).contains("brackets"))
    #expect(reason(Array(String(repeating: "- ", count: 121).utf8)).contains("longer"))
    #expect(reason(Array(String(repeating: "- ", count: 120).utf8)) != "accepted")
    #expect(reason(Array(String(repeating: "[\n", count: 1000).utf8)) != "accepted")
    #expect(reason(Array("a: &x [1]\nb: *x\n".utf8)).contains("line 2: aliases"))
    #expect(reason(Array("*x".utf8)).contains("aliases"))
  }

  @Test("mutated files never crash the reader")
  func mutations() throws {
    let original = Array(try Data(contentsOf: Self.folder.appending(path: "warehouse.yaml")))
    var random = CounterRandom(seed: 77, device: 1, lane: .dirt, counter: 0)
    var accepted = 0
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0..<(1 + random.below(4)) {
        let place = Int(random.below(UInt64(bytes.count)))
        switch random.below(4) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        case 2: bytes[place] = UInt8(32 + random.below(95))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
        }
      }
      if let scenario = try? ScenarioFile.parse(bytes: bytes), (try? Simulation(scenario)) != nil { accepted += 1 }
    }
    print("mutated scenarios: \(accepted) of 3000 still hold")
    #expect(accepted < 3000)
  }
}
