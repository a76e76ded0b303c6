import COSE
import Edge
import Primitives
import Testing

@Suite("Edge intake")
struct IntakeTests {
  @Test("a window of 64 against a model that remembers everything", arguments: 1...8 as ClosedRange<UInt64>)
  func window(seed: UInt64) throws {
    let kit = try EdgeKit(devices: 3)
    let core = kit.core()
    var generator = SeededGenerator(seed: seed)
    var accepted: [[UInt64: Int64]] = [[:], [:], [:]]
    var now = EdgeKit.start
    var tops: [UInt64] = [0, 0, 0]
    for round in 0..<12_000 {
      now += 8000
      let device = Int.random(in: 0..<3, using: &generator)
      let back = UInt64.random(in: 0...90, using: &generator)
      let ahead = Int.random(in: 0..<3, using: &generator) == 0
      let seq =
        ahead ? tops[device] + UInt64.random(in: 1...80, using: &generator) : tops[device] - min(tops[device], back)
      // A number's body is the same half of the times that it comes again.
      let again = accepted[device][seq]
      let value = again.map { Bool.random(using: &generator) ? $0 : $0 + 1 } ?? Int64(round)
      let outcome = core.accept(
        kit.message(device, seq: seq, time: EdgeKit.start + Int64(seq) * 1000, value: value), arrival: now)
      switch again {
      case nil:
        guard case .accepted = outcome else {
          Issue.record("seed \(seed): new number \(seq) of \(device) is \(outcome)")
          return
        }
        accepted[device][seq] = value
        tops[device] = max(tops[device], seq)
      case .some(let known) where known == value:
        guard case .duplicate = outcome else {
          Issue.record("seed \(seed): number \(seq) again is \(outcome)")
          return
        }
      default: #expect(outcome == .rejected(.reusedNumber), "seed \(seed)")
      }
      if core.isFull { _ = try core.seal(now: now) }
    }
    #expect(core.counters.accepted == UInt64(accepted.reduce(0) { $0 + $1.count }))
  }

  @Test("each cause of refusal, counted and under the header's root")
  func causes() throws {
    let kit = try EdgeKit(devices: 6)
    let core = kit.core()
    let now = EdgeKit.start
    let stranger = try DeviceSession(device: "urn:dev:os:32473-99", kid: 42, key: Digest.sha256("x"))
    var forged = kit.message(0, seq: 0, time: now)
    forged[forged.count - 1] ^= 1
    var broken = kit.message(0, seq: 0, time: now)
    broken[1] = 0x85
    #expect(core.revoke(kid: kit.sessions[1].kid))
    core.enrol(
      try DeviceSession(
        device: kit.sessions[2].device, kid: kit.sessions[2].kid, key: kit.sessions[2].key, validFrom: 1_900_000_000))
    core.enrol(
      try DeviceSession(
        device: kit.sessions[3].device, kid: kit.sessions[3].kid, key: kit.sessions[3].key, validTo: 1_700_000_000))
    _ = core.accept(kit.message(5, seq: 9, time: now, boot: 4), arrival: now)
    let cases: [(RejectCause, [UInt8])] = [
      (.malformed, broken), (.malformed, []), (.unknownDevice, stranger.message(payload: [0x80])),
      (.notAuthentic, forged), (.revoked, kit.message(1, seq: 0, time: now)),
      (.notYetValid, kit.message(2, seq: 0, time: now)), (.expired, kit.message(3, seq: 0, time: now)),
      (.notCanonical, kit.sessions[0].message(payload: [0x80])),
      (.otherDevice, kit.sessions[0].message(payload: kit.reading(4, seq: 0, time: now).encoded())),
      (.ahead, kit.message(0, seq: 0, time: now + 120_000_001)),
      (.tooOld, kit.message(0, seq: 0, time: now - 8 * 86_400_000_000)),
      (.rolledBack, kit.message(5, seq: 3, time: now, boot: 3)),
      (.reusedNumber, kit.message(5, seq: 9, time: now, value: 1, boot: 4)),
    ]
    for (cause, message) in cases { #expect(core.accept(message, arrival: now) == .rejected(cause)) }
    let batch = try #require(try core.seal(now: now).first)
    #expect(batch.header.rejectCount == UInt64(cases.count))
    #expect(batch.header.rejectRoot != Digest())
    #expect(batch.header.count == 1)
    #expect(core.counters.rejectedTotal == UInt64(cases.count))
    let kinds = Set(core.incidents.take().map(\.kind))
    #expect(kinds == [.sybil, .forgery, .revokedKey, .impersonation, .clock, .rollback, .clone])
  }

  @Test("rejects and incidents are bounded")
  func bounds() throws {
    let core = try EdgeKit(devices: 1).core()
    for number in 0..<30_000 {
      let session = try DeviceSession(device: "urn:dev:x", kid: UInt64(number + 1000), key: Digest())
      _ = core.accept(session.message(payload: [0x80]), arrival: EdgeKit.start)
    }
    let header = try #require(try core.seal(now: EdgeKit.start).first).header
    #expect(header.rejectCount == 30_000)
    #expect(core.incidents.incidents.count == EdgeLimits.incidents)
    #expect(core.incidents.dropped == 20_000)
  }

  @Test("late readings go into a batch of their own")
  func late() throws {
    let kit = try EdgeKit(devices: 2)
    let core = kit.core()
    let now = EdgeKit.start
    _ = core.accept(kit.message(0, seq: 1, time: now), arrival: now)
    #expect(core.accept(kit.message(0, seq: 0, time: now - 130_000_000), arrival: now + 10) == .late)
    let batches = try core.seal(now: now + 20)
    #expect(batches.map(\.header.kind) == [.ordinary, .late])
    #expect(batches.map(\.header.number) == [1, 2])
    #expect(batches[1].header.previous == batches[0].header.digest)
    #expect(batches[1].header.earliest == UInt64(now - 130_000_000))
    #expect(core.accept(kit.message(0, seq: 0, time: now - 130_000_000), arrival: now + 30) == .late)
    let again = try core.seal(now: now + 40)
    #expect(again.allSatisfy { $0.header.count == 0 })
  }

  @Test("quality flags follow the rules and nothing is dropped")
  func quality() throws {
    let rules = try QualityRules(models: [
      [
        QualityRule(
          name: "temperature", exponent: -2, sensorSpan: -4000...6000, operatorSpan: -1000...4000, spike: 300,
          ratePerSecond: 500, flatTolerance: 0, flatCount: 5),
        QualityRule(name: "humidity", exponent: -1, sensorSpan: 0...1000, operatorSpan: 0...1000),
        QualityRule(name: "wind", exponent: 0, sensorSpan: 0...100, operatorSpan: 0...50),
      ]
    ])
    let kit = try EdgeKit(devices: 1, rules: 0)
    let core = kit.core(rules: rules)
    //                       first   ok    spike  back  suspect  fail   then flat
    let values: [Int64] = [2000, 2010, 2900, 2015, 4100, 9000, 2000, 2000, 2000, 2000, 2000, 2000, 2000]
    for (index, value) in values.enumerated() {
      let time = EdgeKit.start + Int64(index) * 10_000_000
      #expect(core.accept(kit.message(0, seq: UInt64(index), time: time, value: value), arrival: time) != .late)
    }
    let path = EdgeKit.temporaryPath()
    let store = try EdgeStore(path: path, gateway: EdgeKit.gateway)
    let batches = try core.seal(now: EdgeKit.start + 200_000_000)
    try store.commitNow(batches)
    let header = batches[0].header
    #expect(header.count == UInt64(values.count))
    // Humidity is good each time, wind missing each time.
    #expect(header.quality[4] == UInt64(values.count))
    #expect(header.quality[3] == 1)
    #expect(header.quality[0] > UInt64(values.count))
    #expect(header.quality.reduce(0, +) == UInt64(values.count * 3))
    let flags = try store.flags(1).map { UInt8($0 >> 56) }
    #expect(flags[0] == 1 && flags[1] == 1)
    #expect(flags[2] == 3, "a spike")
    #expect(flags[4] == 3 && flags[5] == 4)
    #expect(flags.suffix(1) == [3], "five repeats")
  }

  @Test("a million devices take at most 256 bytes each")
  func memory() throws {
    let kit = try EdgeKit(devices: 1)
    let core = kit.core()
    for number in 0..<1_000_000 as Range<UInt64> {
      core.enrol(
        try DeviceSession(device: "urn:dev:os:32473-\(number)", kid: number &* 0x9e37_79b9_7f4a_7c15, key: Digest()))
    }
    let bytes = Double(core.deviceMemoryBytes) / Double(core.deviceCount)
    print("device table: \(bytes) bytes a device")
    #expect(bytes <= 256)
  }
}
