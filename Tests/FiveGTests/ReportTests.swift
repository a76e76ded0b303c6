import FiveG
import Foundation
import Testing

@Suite("Figures and report")
struct ReportTests {
  @Test("quantiles of a histogram are those of the values, within a 32nd")
  func histogram() {
    var histogram = Histogram()
    var other = Histogram()
    var values: [Int64] = []
    var random = CounterRandom(seed: 1, device: 1, lane: .link, counter: 0)
    for index in 0..<20_000 {
      let value = Int64(random.below(UInt64(1) << random.below(36)))
      values.append(value)
      if index % 2 == 0 { histogram.record(value) } else { other.record(value) }
    }
    histogram.add(other)
    values.sort()
    for fraction in [0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1] {
      let exact = values[min(values.count - 1, max(0, Int((Double(values.count) * fraction).rounded(.up)) - 1))]
      let found = histogram.quantile(fraction)
      #expect(found >= exact && found <= exact + exact / 32, "\(fraction): \(found) for \(exact)")
    }
    #expect(histogram.count == 20_000)
    #expect(histogram.maximum == values.last)
    #expect(histogram.nonEmpty.reduce(0) { $0 + $1.count } == 20_000)
    #expect(Histogram().quantile(0.5) == 0)
    var small = Histogram()
    for value in 0..<64 as Range<Int64> { small.record(value) }
    #expect(small.nonEmpty.map(\.highest) == Array(0..<64))
    small.record(-5)
    small.record(.max)
    #expect(small.maximum == 1 << 40)
  }

  static func city() throws -> (Simulation, Statistics) {
    var protection = Fleet("protection", .electricityMeter, count: 200)
    protection.slice = SNSSAI(.urllc)
    protection.fiveQI = 85
    protection.arrivals = .periodic(period: 100_000, jitter: 0)
    var train = Fleet("train", .vehicle, count: 20)
    train.mobility = .streets(minimumKmh: 500, maximumKmh: 500)
    let fleets = [protection, train, Fleet("cameras", .camera, count: 4), Fleet("noise", .noise, count: 2000)]
    let simulation = try Simulation(Scenario(name: "report", seed: 2, duration: 30_000_000, fleets: fleets))
    return (simulation, Scenes.digest(simulation).1)
  }

  @Test("the report sets what was simulated beside what is required, and keeps measured figures apart")
  func report() throws {
    let (simulation, statistics) = try Self.city()
    var report = KPIReport(simulation, statistics)
    report.processing.append(.init(name: "generation", value: 3.5, unit: "M packets/s"))
    print(report.text)
    let rows = Dictionary(uniqueKeysWithValues: report.rows.map { ($0.key, $0) })
    #expect(rows["air-latency-urllc"]?.isMet == true)
    #expect(rows["air-latency-urllc"]?.requirement == 1)
    #expect(rows["air-within-1ms-urllc"]?.simulated ?? 0 > 0.9999)
    #expect(rows["mobility"]?.isMet == true)
    #expect(rows["density"]?.isMet == false)
    #expect(rows["density"]?.simulated == 2224)
    #expect(rows["density-delivery"]?.isMet == true)
    #expect(rows["user-rate"]?.simulated.map { abs($0 - 5) < 0.2 } == true)
    #expect(rows["traffic-density"]?.requirement == 10)
    #expect(rows["delivered-peak"]?.isMet == nil)
    #expect(report.slices.map(\.slice).sorted() == ["MIoT", "URLLC", "V2X", "eMBB"])
    let measured = try #require(report.text.range(of: "Measured on this machine"))
    let generation = try #require(report.text.range(of: "generation"))
    #expect(measured.lowerBound < generation.lowerBound)
    // Processing is in no simulated figure.
    var without = report
    without.processing = []
    #expect(without.rows == report.rows && without.slices == report.slices)
    #expect(!without.text.contains("Measured"))
  }

  @Test("the figures add up")
  func sums() throws {
    let (_, statistics) = try Self.city()
    for slice in statistics.slices {
      #expect(slice.offered == slice.delivered + slice.lost.reduce(0, +))
      #expect(slice.air.count == slice.delivered && slice.total.count == slice.delivered)
    }
    #expect(statistics.offered == statistics.fleets.reduce(0) { $0 + $1.offered })
    #expect(statistics.delivered == statistics.fleets.reduce(0) { $0 + $1.delivered })
    #expect(statistics.sentPerStep.reduce(0) { $0 + UInt64($1) } == statistics.slices.reduce(0) { $0 + $1.sent })
    #expect(statistics.bytesPerStep.reduce(0, +) == statistics.slices.reduce(0) { $0 + $1.bytes })
    #expect(statistics.peakSentPerSecond >= 2200)
  }

  @Test("a slice's loss is that of its 5QI's error rate")
  func losses() throws {
    // Voice over eMBB: 1e-2. Many devices with few packets each, so that their first states matter.
    var fleet = Fleet("voice", .noise, count: 20_000)
    fleet.slice = SNSSAI(.eMBB)
    fleet.fiveQI = 1
    fleet.arrivals = .periodic(period: 1_000_000, jitter: 0)
    let simulation = try Simulation(Scenario(name: "loss", seed: 6, duration: 10_000_000, fleets: [fleet]))
    let slice = Scenes.digest(simulation).1.slices[0]
    let sigma = (0.01 * 9 / 200_000).squareRoot()
    print("loss of 5QI 1 in the stream: \(slice.lossRate)")
    #expect(slice.sent == 200_000)
    #expect(abs(slice.lossRate - 0.01) < 3.3 * sigma)
  }

  @Test("numbers in the text have five digits")
  func numbers() throws {
    let (simulation, statistics) = try Self.city()
    #expect(KPIReport(simulation, statistics).text.split(separator: "\n").allSatisfy { $0.count <= 130 })
  }
}
