import COSE
import Edge
import Foundation
import Primitives
import Testing

@Suite("Latest values of devices")
struct LatestTests {
  private func reading(_ kit: EdgeKit, _ seconds: Int64, _ value: Int64) -> ReadingForm {
    kit.reading(0, seq: UInt64(max(0, seconds)), time: EdgeKit.start + seconds * 1_000_000, value: value)
  }

  @Test("are stated first, on more than half a percent, and each hour")
  func rule() throws {
    let kit = try EdgeKit(devices: 1)
    var watch = LatestWatch()
    func note(_ seconds: Int64, _ value: Int64) -> [String] {
      watch.note(reading(kit, seconds, value)) { _ in nil }.map { "\($0.name) \($0.mantissa) \($0.reason)" }
    }
    #expect(note(0, 2000) == ["temperature 2000 heartbeat", "humidity 501 heartbeat"])
    #expect(note(1, 2010).isEmpty)
    #expect(note(2, 1990).isEmpty)
    #expect(note(3, 2011) == ["temperature 2011 deviation"])
    // From what was stated, not from what was seen.
    #expect(note(4, 2021).isEmpty)
    #expect(note(5, 2022) == ["temperature 2022 deviation"])
    // What comes late says nothing about now.
    #expect(note(4, 9000).isEmpty)
    #expect(note(3599, 2022).isEmpty)
    #expect(note(3600, 2022) == ["humidity 501 heartbeat"])
    #expect(note(3605, 2022) == ["temperature 2022 heartbeat"])
    #expect(note(3606, 0) == ["temperature 0 deviation"])
    #expect(note(3607, 1) == ["temperature 1 deviation"])
  }

  @Test("go on from what the ledger has after a restart, and are asked for again when it has refused them")
  func restart() throws {
    let kit = try EdgeKit(devices: 1)
    let device = kit.sessions[0].device
    let time = UInt64(EdgeKit.start)
    let known = LatestValue(
      device: device, name: "temperature", exponent: -2, mantissa: 2000, time: time + 5_000_000, reason: .deviation)
    var watch = LatestWatch()
    var asked = 0
    func note(_ seconds: Int64, _ value: Int64) -> [LatestValue] {
      watch.note(reading(kit, seconds, value)) { name in
        asked += 1
        return name == "temperature" ? known : nil
      }.filter { $0.name == "temperature" }
    }
    #expect(note(4, 3000).isEmpty && note(5, 3000).isEmpty && note(6, 2005).isEmpty)
    let asking = asked
    let values = note(7, 3000)
    #expect(values.count == 1 && asked == asking)
    watch.forget(values)
    #expect(note(8, 2005).isEmpty && asked > asking)
  }

  @Test("are of durable readings only, and an epoch between them hides none")
  func durable() async throws {
    let kit = try EdgeKit(devices: 1, signsEpochs: true)
    let device = kit.sessions[0].device
    let key = PrivateKey.derive(seed: 3, label: device)
    var configuration = GatewayConfiguration(name: EdgeKit.gateway, key: EdgeKit.key)
    configuration.directory = Directory(devices: [device: (kit.sessions[0].kid, key.publicKey)])
    configuration.clock = ManualClock(UInt64(EdgeKit.start / 1000))
    func batch(_ message: [UInt8]) -> MessageBatch {
      var batch = MessageBatch(capacity: 1)
      batch.append(message, arrival: EdgeKit.start)
      return batch
    }
    let gateway = try Gateway(configuration, path: EdgeKit.temporaryPath(), sessions: kit.sessions)
    let kid = kit.sessions[0].kid
    let form = kit.reading(0, seq: 0, time: EdgeKit.start, value: 2151)
    _ = try await gateway.accept(batch(kit.message(0, seq: 0, time: EdgeKit.start, value: 2151)))
    #expect(try await gateway.newest([kid, 77], unless: [:]).isEmpty)
    try await gateway.flush()
    let found = try await gateway.newest([kid, 77], unless: [:])
    #expect(found.map(\.reading) == [form] && found[0].kid == kid)
    #expect(try await gateway.newest([kid], unless: [kid: found[0].row]).isEmpty)
    let epoch = DeviceEpoch(
      device: device, boot: 0, first: 0, last: 0, chain: DeviceEpoch.chain(Digest(), payload: form.encoded()),
      previous: Digest(), timeUs: EdgeKit.start)
    let outcomes = try await gateway.accept(batch(try epoch.signed(key: key)))
    guard case .accepted = outcomes[0] else { return #expect(Bool(false), "\(outcomes)") }
    try await gateway.flush()
    #expect(try await gateway.newest([kid], unless: [kid: found[0].row]).map(\.reading) == [form])
    try await gateway.close()
  }
}
