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

  @Test("forged alarms do not get past a full queue, and do not hold a real one back", .timeLimit(.minutes(1)))
  func flood() async throws {
    let kit = try IntakeKit(devices: 4, queue: 100, isTicking: false)
    let sink = Sink()
    let intake = EdgeIntake(kit.gateway, clock: kit.clock, alarms: sink)
    var forged = kit.message(0, 0)
    forged[forged.count - 1] ^= 1
    let stranger = try DeviceSession(device: "urn:dev:os:32473-x", kid: 9, key: .sha256("x"))
    let strange = stranger.message(payload: [0x80])
    #expect(
      await kit.gateway.vouch(
        MessageBatch(forged + strange, ends: [forged.count, forged.count + strange.count], arrival: 0)) == [
          false, false,
        ])
    try await kit.gateway.withRoomTaken(100) {
      for _ in 0..<50 {
        let body = forged + strange + forged
        let answer = try await intake.take(body, .cose, slice: .alarm)
        #expect(answer.outcomes == .init(repeating: .rejected(.notAuthentic), count: 3))
        #expect(kit.gateway.waiting == 100 && answer.acknowledgement == nil)
      }
      // One that a device's key vouches for comes in between them, and is heard.
      let mixed = forged + kit.message(1, 0) + strange
      let answer = try await intake.take(mixed, .cose, slice: .alarm)
      #expect(answer.counts == (1, 0, 2))
      #expect(await sink.heard == [kit.message(1, 0)])
    }
    // With room they are refused on record.
    #expect(await kit.gateway.counters.rejectedTotal == 0)
    let late = Task { try await intake.take(forged + strange, .cose, slice: .alarm) }
    while await kit.gateway.counters.rejectedTotal < 2 { try await Task.sleep(for: .milliseconds(1)) }
    try await kit.gateway.flush()
    #expect(try await late.value.outcomes == [.rejected(.notAuthentic), .rejected(.unknownDevice)])
  }
}
