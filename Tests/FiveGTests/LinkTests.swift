import FiveG
import Testing

@Suite("Radio link, loss and queue")
struct LinkTests {
  static func link(_ value: UInt8, _ slice: SNSSAI.Standard) throws -> RadioLink {
    RadioLink(try #require(FiveQI.standard(value)), .standard(SNSSAI(slice)), slice: 0)
  }

  @Test("Gilbert-Elliott bursts meet the error rate of each row from 1e-2 to 1e-4", arguments: FiveQI.table)
  func errorRates(_ row: FiveQI) {
    guard row.errorExponent <= 4 else { return }
    let link = RadioLink(row, .standard(SNSSAI(.eMBB)), slice: 0)
    let packets = row.errorExponent == 4 ? 4_000_000 : 1_000_000
    var random = CounterRandom(seed: 20, device: UInt32(row.value), lane: .link, counter: 0)
    var inBurst = false
    var lost = 0
    var bursts = 0
    var before = false
    for _ in 0..<packets {
      let outcome = link.transmit(&random, inBurst: &inBurst)
      if outcome.loss != nil { lost += 1 }
      if outcome.loss != nil && !before { bursts += 1 }
      before = outcome.loss != nil
    }
    let rate = Double(lost) / Double(packets)
    let length = Double(lost) / Double(max(1, bursts))
    // Losses in bursts of mean 5 vary 2 * 5 - 1 = 9 times as much as independent ones: 3 sigma.
    let sigma = (row.errorRate * 9 / Double(packets)).squareRoot()
    print("5QI \(row.value): loss \(rate) of \(row.errorRate), burst length \(length)")
    #expect(abs(rate - row.errorRate) < 3.3 * sigma)
    if lost > 2000 { #expect(abs(length - 5) < 0.6) }
  }

  @Test("the chain's long-run loss is the error rate on every row", arguments: FiveQI.table)
  func chain(_ row: FiveQI) {
    let chain = GilbertElliott(lossRate: row.errorRate)
    let p = chain.enter.value
    let r = chain.leave.value
    #expect(abs(p / (p + r) / row.errorRate - 1) < 1e-6)
    #expect(abs(1 / r - 5) < 1e-9)
  }

  @Test("URLLC takes under 1 ms over the air, mMTC waits for access, and delays have their bounds")
  func delays() throws {
    let urllc = try Self.link(82, .urllc)
    let miot = try Self.link(9, .miot)
    let broadband = try Self.link(71, .eMBB)
    var random = CounterRandom(seed: 1, device: 1, lane: .link, counter: 0)
    var burst = false
    var within = 0
    var sum: Int64 = 0
    for _ in 0..<100_000 {
      let air = urllc.transmit(&random, inBurst: &burst)
      // Slot 125 us: 0 to 1 slots to align, 1 to send, 100 us to decode, 5 for each retransmission.
      let least = 225 + 625 * Int64(air.retransmissions)
      #expect(air.airUs >= least && air.airUs <= least + 125)
      #expect(air.accessUs == 0)
      if air.airUs <= 1000 { within += 1 }
      let mass = miot.transmit(&random, inBurst: &burst)
      #expect(mass.airUs >= 3100 && mass.accessUs >= 10_000)
      let video = broadband.transmit(&random, inBurst: &burst)
      sum += video.retransmissions == 0 ? video.airUs : 0
    }
    #expect(within > 99_990)
    #expect(sum > 0)
  }

  @Test("retransmissions follow 10 %, 2 %, 0.4 %")
  func retransmissions() throws {
    let link = try Self.link(8, .eMBB)
    var random = CounterRandom(seed: 3, device: 1, lane: .link, counter: 0)
    var burst = false
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<2_000_000 { counts[Int(link.transmit(&random, inBurst: &burst).retransmissions)] += 1 }
    let fit = Distributions.chiSquare(
      counts, [0.9, 0.1 * 0.98, 0.1 * 0.02 * 0.996, 0.1 * 0.02 * 0.004].map { $0 * 2_000_000 })
    print("retransmissions \(counts): chi-square \(fit) of its limit")
    #expect(fit < 1)
  }

  /// One cell's worth of devices at a chosen load of their slice.
  static func loaded(_ utilisation: Double) -> Scenario {
    var fleet = Fleet("load", .noise, count: 1000)
    fleet.arrivals = .periodic(period: 100_000, jitter: 0)
    var scenario = Scenario(name: "load", seed: 1, duration: 1_000_000, fleets: [fleet])
    scenario.map = CellMap(
      area: Area(origin: Point(x: 0, y: 0), width: 100, height: 100), siteDistance: 1_000_000)
    // 10,000 packets a second.
    scenario.slices[2].cellPacketsPerSecond = UInt32(10_000 / utilisation)
    return scenario
  }

  @Test("the wait is that of an M/D/1 queue", arguments: [0.1, 0.5, 0.8])
  func queue(_ utilisation: Double) throws {
    let simulation = try Simulation(Self.loaded(utilisation))
    #expect(abs(simulation.load.highest - utilisation) < 0.001)
    var random = CounterRandom(seed: 2, device: 1, lane: .link, counter: 0)
    let draws = 300_000
    var sum = 0.0
    var none = 0
    for _ in 0..<draws {
      let wait = simulation.load.wait(&random, slice: 2, cell: 0, time: 0)
      sum += Double(wait)
      if wait == 0 { none += 1 }
    }
    let service = utilisation * 100
    let expected = utilisation * service / (2 * (1 - utilisation))
    // Waits are rounded down to microseconds: half of one less on average, for those that wait.
    let mean = sum / Double(draws) + 0.5 * utilisation
    print("M/D/1 at \(utilisation): mean wait \(mean) us of \(expected), none \(Double(none) / Double(draws))")
    #expect(abs(mean / expected - 1) < 0.02)
    #expect(abs(Double(none) / Double(draws) - (1 - utilisation)) < 0.02 + 1 / service)
  }

  @Test("a burst beyond a cell's capacity builds up a backlog that is then served")
  func backlog() throws {
    var fleet = Fleet("meters", .electricityMeter, count: 20_000)
    fleet.arrivals = .silent
    var scenario = Scenario(
      name: "overload", seed: 1, duration: 30_000_000, fleets: [fleet], bursts: [.beta10(start: 0, fleets: [0])])
    scenario.map = CellMap(area: Area(origin: Point(x: 0, y: 0), width: 100, height: 100), siteDistance: 1_000_000)
    scenario.slices[2].cellPacketsPerSecond = 2500
    let simulation = try Simulation(scenario)
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch()
    var longest: Int64 = 0
    var perSecond = [Int](repeating: 0, count: 60)
    while generator.next(&batch) {
      for row in 0..<batch.count {
        longest = max(longest, batch.arrivals[row] - batch.sendTimes[row])
        perSecond[Int(batch.arrivals[row] / 1_000_000)] += 1
      }
    }
    print("overload: longest \(longest) us, arrivals per second \(perSecond.prefix(12))")
    // 4147/s against 2500/s: the backlog grows to about 2,900 packets, over a second.
    #expect(longest > 900_000 && longest < 2_000_000)
    #expect(perSecond.allSatisfy { $0 < 2700 })
  }

  @Test("late packets are lost on a delay-critical flow and only late on another")
  func lateCounting() throws {
    // 5QI 85 and 3 over the slow MIoT radio: 4.1 ms without retransmission, 5 and 20 ms more for the core and budget.
    for (value, critical) in [(UInt8(85), true), (UInt8(3), false)] {
      var fleet = Fleet("late", .noise, count: 500)
      fleet.fiveQI = value
      fleet.slice = SNSSAI(.hmtc)
      fleet.arrivals = .periodic(period: 100_000, jitter: 0)
      fleet.payload = .fixed(200)
      var scenario = Scenario(name: "late", seed: 1, duration: 20_000_000, fleets: [fleet])
      scenario.slices[4].numerology = 0
      scenario.slices[4].firstFailurePpm = 100_000
      scenario.slices[4].cellPacketsPerSecond = 1_000_000
      // With budget 50 ms nothing is late; make the hand-over of every packet long by overload instead.
      if !critical { scenario.slices[4].cellPacketsPerSecond = 300 }
      let simulation = try Simulation(scenario)
      var generator = PacketGenerator(simulation)
      var batch = PacketBatch()
      var rows = 0
      var lateLosses = 0
      while generator.next(&batch) {
        rows += batch.count
        lateLosses += batch.losses.filter { $0.cause == .late }.count
        let budget = Int64(FiveQI.standard(value)?.delayBudgetMs ?? 0) * 1000
        for row in 0..<batch.count {
          let late = batch.arrivals[row] - batch.sendTimes[row] > budget
          #expect(batch.truth[row].contains(.overBudget) == late)
          if critical { #expect(!late) }
        }
      }
      let slice = generator.statistics.slices[4]
      print("5QI \(value): \(rows) arrived, \(lateLosses) lost by lateness, \(slice.overBudget) over budget")
      #expect(slice.lost[Int(LossCause.late.rawValue)] == UInt64(lateLosses))
      #expect(slice.sent == 100_000)
      if critical {
        // Alignment up to 1 ms, 2 slots, 1 slot, 0.1 ms and the core's 2 ms: all are over 5 ms.
        #expect(rows == 0 && slice.overBudget == 0 && lateLosses > 98_000)
      } else {
        #expect(lateLosses == 0 && slice.overBudget > 0)
      }
    }
  }
}
