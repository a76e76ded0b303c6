import FiveG
import Foundation
import Testing

@Suite("Arrivals")
struct ArrivalTests {
  /// The gaps between the first events of a few devices.
  static func gaps(_ process: ArrivalProcess, devices: Int, each: Int, seed: UInt64) -> [Double] {
    var gaps: [Double] = []
    for device in 0..<UInt32(devices) {
      var time = process.first(seed: seed, device: device)
      for counter in 0..<UInt32(each) {
        let next = process.next(after: time, seed: seed, device: device, counter: counter)
        gaps.append(Double(next - time))
        time = next
      }
    }
    return gaps
  }

  @Test("Poisson gaps are exponential at the rate of ITU-R M.2412")
  func poisson() {
    let process = ArrivalProcess.densityTest
    #expect(process == .poisson(meanGap: 7_200_000_000))
    #expect(abs(process.meanRate * 1e6 - 138.9) < 0.1)
    let gaps = Self.gaps(process, devices: 500, each: 200, seed: 11)
    let fit = Distributions.ks(gaps) { 1 - exp(-$0 / 7.2e9) }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    print("Poisson: KS \(fit), mean gap \(mean / 1e6) s of 7200")
    #expect(fit < Distributions.ksLimit)
    // First events too: the process is stationary from the start.
    let firsts = (0..<50_000 as Range<UInt32>).map { Double(process.first(seed: 12, device: $0)) }
    #expect(Distributions.ks(firsts) { 1 - exp(-$0 / 7.2e9) } < Distributions.ksLimit)
  }

  @Test("Poisson counts in slots are Poisson distributed")
  func poissonCounts() throws {
    var fleet = Fleet("p", .parking, count: 2000)
    fleet.arrivals = .poisson(meanGap: 1_000_000)
    fleet.fiveQI = 9
    let simulation = try Simulation(Scenario(name: "p", seed: 5, duration: 10_000_000, fleets: [fleet]))
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch()
    var slots = [Int](repeating: 0, count: 10_000)
    while generator.next(&batch) {
      for time in batch.sendTimes { slots[Int(time / 1000)] += 1 }
    }
    // Mean 2 a slot: classes 0 to 6 and more.
    var observed = [Int](repeating: 0, count: 8)
    for slot in slots { observed[min(slot, 7)] += 1 }
    var expected: [Double] = []
    var term = exp(-2.0)
    for k in 0..<7 {
      expected.append(term * 10_000)
      term *= 2 / Double(k + 1)
    }
    expected.append(10_000 - expected.reduce(0, +))
    let fit = Distributions.chiSquare(observed, expected)
    print("Poisson counts: chi-square \(fit) of its limit")
    #expect(fit < 1)
  }

  @Test("TM1 is uniform over 60 s, TM2 is Beta(3, 4) over 10 s")
  func bursts() {
    let uniform = Burst.uniform60(start: 5_000_000, fleets: [0])
    let beta = Burst.beta10(start: 5_000_000, fleets: [0])
    for (burst, name) in [(uniform, "TM1"), (beta, "TM2")] {
      let times = (0..<100_000 as Range<UInt32>).map { burst.time(seed: 3, device: $0, index: 0) }
      #expect(times.allSatisfy { $0 >= 5_000_000 && $0 < 5_000_000 + burst.window })
      let places = times.map { Double($0 - 5_000_000) / Double(burst.window) }
      let fit = Distributions.ks(places) { burst.cumulative($0) }
      let mean = places.reduce(0, +) / Double(places.count)
      let variance = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(places.count)
      print("\(name): KS \(fit), mean \(mean), variance \(variance)")
      #expect(fit < Distributions.ksLimit)
      #expect(abs(mean - (name == "TM1" ? 0.5 : 3.0 / 7)) < 0.004)
      #expect(abs(variance - (name == "TM1" ? 1.0 / 12 : 3.0 / 98)) < 0.001)
    }
    #expect(abs(beta.cumulative(0.4) - 0.45568) < 1e-9)
    #expect(beta.cumulative(1) == 1)
    #expect(abs(beta.peakRate(devices: 1_000_000) - 207_360) < 1e-6)
    #expect(abs(beta.peakRate(devices: 30_000) - 6220.8) < 1e-6)
  }

  @Test("a million devices' Beta burst peaks at about 207,000 a second, and none is lost from the count")
  func millionBurst() throws {
    var fleet = Fleet("meters", .electricityMeter, count: 1_000_000)
    fleet.arrivals = .silent
    let scenario = Scenario(
      name: "burst", seed: 1, duration: 20_000_000, fleets: [fleet], bursts: [.beta10(start: 2_000_000, fleets: [0])])
    let simulation = try Simulation(scenario)
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch(capacity: 8192)
    var arrived = [Int](repeating: 0, count: 400)
    var packets = 0
    var losses = 0
    while generator.next(&batch) {
      packets += batch.count
      losses += batch.losses.count
      for time in batch.arrivals { arrived[min(Int(time / 100_000), 399)] += 1 }
    }
    let peak = generator.statistics.peakSentPerSecond
    let arrivedPeak = (arrived.max() ?? 0) * 10
    print("Beta burst of a million: peak \(Int(peak)) sent/s, \(arrivedPeak) arrived/s in 100 ms, \(losses) lost")
    #expect(packets + losses == 1_000_000)
    #expect(abs(peak - 207_360) < 207_360 * 0.02)
    // Each step of 100 ms against N (F(t2) - F(t1)), where that is at least 20.
    let steps = generator.statistics.sentPerStep
    var observed: [Int] = []
    var expected: [Double] = []
    for step in 0..<100 {
      let share =
        scenario.bursts[0].cumulative(Double(step + 1) / 100) - scenario.bursts[0].cumulative(Double(step) / 100)
      guard share * 1e6 >= 20 else { continue }
      observed.append(Int(steps[20 + step]))
      expected.append(share * 1e6)
    }
    let fit = Distributions.chiSquare(observed, expected)
    print("Beta burst by step: chi-square \(fit) of its limit")
    #expect(fit < 1)
  }

  @Test("TR 45.820: the periods have their shares, the phases are uniform, and a device reports 11.2 times a day")
  func reports() {
    var counts = [Int](repeating: 0, count: 4)
    var phases: [Double] = []
    for device in 0..<100_000 as Range<UInt32> {
      let first = ArrivalProcess.reports.first(seed: 8, device: device)
      let next = ArrivalProcess.reports.next(after: first, seed: 8, device: device, counter: 0)
      let kind = ArrivalProcess.reportPeriods.firstIndex { $0.period == next - first }
      guard let kind else {
        Issue.record("a period of \(next - first)")
        return
      }
      counts[kind] += 1
      phases.append(Double(first) / Double(next - first))
    }
    let fit = Distributions.chiSquare(counts, [40_000, 40_000, 15_000, 5000])
    let phaseFit = Distributions.ks(phases) { min(max($0, 0), 1) }
    print("TR 45.820: chi-square \(fit) of its limit, phases KS \(phaseFit)")
    #expect(fit < 1)
    #expect(phaseFit < Distributions.ksLimit)
    var perDay = 0.0
    for kind in ArrivalProcess.reportPeriods { perDay += Double(kind.percent) / 100 * 86.4e9 / Double(kind.period) }
    #expect(abs(perDay - 11.2) < 1e-9)
    #expect(abs(ArrivalProcess.reports.meanRate * 1e6 - 129.63) < 0.01)
  }

  @Test("TR 45.820 payloads are Pareto with shape 2.5, cut off at 200 bytes")
  func payloads() {
    let sizer = PayloadSizer()
    var counts = [Int](repeating: 0, count: 181)
    for device in 0..<300_000 as Range<UInt32> {
      counts[Int(sizer.bytes(.pareto, seed: 4, device: device, counter: 1)) - 20] += 1
    }
    let above = { (size: Double) in pow(20 / size, 2.5) }
    let expected = (0..<181).map { (k: Int) -> Double in
      let least = above(Double(20 + k))
      let beyond = k == 180 ? 0.0 : above(Double(21 + k))
      return (least - beyond) * 300_000
    }
    let fit = Distributions.chiSquare(counts, expected)
    print("Pareto payload: chi-square \(fit) of its limit")
    #expect(fit < 1)
  }

  @Test("video frames come exactly at their rate and have truncated Gaussian sizes")
  func frames() {
    let process = ArrivalProcess.frames(perSecond: 60)
    var time = process.first(seed: 2, device: 3)
    let first = time
    #expect(first < 16_667)
    for counter in 0..<6000 as Range<UInt32> { time = process.next(after: time, seed: 2, device: 3, counter: counter) }
    #expect(time - first == 100_000_000)
    let sizer = PayloadSizer()
    let sizes = (0..<100_000 as Range<UInt32>).map {
      Double(sizer.bytes(.video(mean: 1_000_000), seed: 6, device: 1, counter: $0))
    }
    let fit = Distributions.ks(sizes) { 0.5 * erfc(-($0 - 1e6) / 105_000 / 2.0.squareRoot()) }
    print("video frame sizes: KS \(fit)")
    #expect(fit < Distributions.ksLimit)
    #expect(sizes.allSatisfy { $0 >= 500_000 && $0 <= 1_500_000 })
  }

  @Test("V2X messages come every 100 ms from a uniform phase, and jitter stays within its bound")
  func periodic() {
    let process = ArrivalProcess.periodic(period: 100_000, jitter: 5000)
    let firsts = (0..<50_000 as Range<UInt32>).map { Double(process.first(seed: 1, device: $0)) }
    let fit = Distributions.ks(firsts) { min(max($0 / 100_000, 0), 1) }
    print("V2X phases: KS \(fit)")
    #expect(fit < Distributions.ksLimit)
    #expect(Self.gaps(process, devices: 10, each: 100, seed: 1).allSatisfy { $0 == 100_000 })
    let jitter = (0..<20_000 as Range<UInt32>).map {
      Double(process.jittered(1_000_000, seed: 1, device: 5, counter: $0) - 1_000_000)
    }
    #expect(jitter.allSatisfy { $0 >= 0 && $0 <= 5000 })
    #expect(Distributions.ks(jitter) { min(max($0 / 5000, 0), 1) } < Distributions.ksLimit)
  }
}
