import FiveG
import Testing

@Suite("Speed", .serialized)
struct ThroughputTests {
  @Test("generation runs at hundreds of thousands of readings a second at the very least")
  func throughput() throws {
    var fleet = Fleet("meters", .electricityMeter, count: 500_000)
    fleet.arrivals = .periodic(period: 1_000_000, jitter: 0)
    var few = Fleet("few", .electricityMeter, count: 20_000)
    few.arrivals = .periodic(period: 100_000, jitter: 0)
    for (name, fleet) in [("500,000 devices each second", fleet), ("20,000 devices ten times a second", few)] {
      let simulation = try Simulation(Scenario(name: name, seed: 1, duration: 4_000_000, fleets: [fleet]))
      var generator = PacketGenerator(simulation)
      var batch = PacketBatch(capacity: 4096)
      let clock = ContinuousClock()
      var packets = 0
      let taken = clock.measure {
        while generator.next(&batch) { packets += batch.count }
      }
      let seconds = Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18
      let rate = Double(packets) / seconds
      print("\(name): \(packets) packets in \(seconds) s, \(Int(rate)) packets/s, \(Int(rate * 3)) readings/s, one core")
      #expect(rate > 100_000)
    }
  }
}
