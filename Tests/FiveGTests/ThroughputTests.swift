import FiveG
import Foundation
import Testing

@Suite("Speed", .serialized)
struct ThroughputTests {
  /// Processor time of this thread: other work on the machine does not count.
  static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

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
      var packets = 0
      let start = Self.threadSeconds()
      while generator.next(&batch) { packets += batch.count }
      let seconds = Self.threadSeconds() - start
      let rate = Double(packets) / seconds
      print(
        "\(name): \(packets) packets, \(Int(rate)) packets/s, \(Int(rate * 3)) readings/s of one core's time")
      #expect(rate > 100_000)
    }
  }
}
