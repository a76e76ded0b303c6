import Edge
import EdgeIntake
import Primitives
import Testing

/// An alarm's way: it waits for no batch, and the sink hears of each new one once.
@Suite("An alarm", .serialized)
struct AlarmTests {
  private actor Sink: AlarmSink {
    private(set) var heard: [[UInt8]] = []

    func raise(_ messages: [[UInt8]]) { heard += messages }
  }

  @Test("closes its batch, is heard once, and what is forged, repeated or ordinary is not", .timeLimit(.minutes(1)))
  func once() async throws {
    // Nobody ticks: a batch that an alarm does not close stays open.
    let kit = try IntakeKit(isTicking: false)
    let sink = Sink()
    let intake = EdgeIntake(kit.gateway, clock: kit.clock, alarms: sink)
    let (first, second) = (kit.message(0, 0), kit.message(1, 0))
    #expect(try await intake.take(first, .cose, slice: .alarm).counts == (1, 0, 0))
    #expect(await sink.heard == [first])
    #expect(await kit.gateway.durable == 1)
    var forged = second
    forged[forged.count - 1] ^= 1
    #expect(try await intake.take(first + forged + second, .cose, slice: .alarm).counts == (1, 1, 1))
    #expect(await sink.heard == [first, second])
    let ordinary = Task { try await intake.take(kit.message(2, 0), .cose) }
    while await kit.gateway.counters.accepted < 3 { try await Task.sleep(for: .milliseconds(1)) }
    try await kit.gateway.flush()
    #expect(try await ordinary.value.counts == (1, 0, 0))
    #expect(await sink.heard.count == 2)
  }
}
