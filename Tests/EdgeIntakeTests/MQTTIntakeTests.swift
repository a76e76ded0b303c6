import CBOR
import COSE
import Edge
import EdgeIntake
import Foundation
import MQTT
import Primitives
import Synchronization
import Testing

@Suite("A gateway at a real mosquitto", .enabled(if: Broker.installed != nil, "mosquitto is not installed"))
struct MQTTIntakeTests {
  private final class Answers: Sendable {
    let payloads = Mutex<[[UInt8]]>([])

    func take(_ message: MQTTMessage) -> MQTTFlow {
      payloads.withLock { $0.append(Array(message.payload)) }
      return .more
    }

    var count: Int { payloads.withLock { $0.count } }
  }

  private func eventually(_ holds: () async -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if await holds() { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return await holds()
  }

  @Test("takes readings and SenML in, and answers their senders")
  func all() async throws {
    let (kit, broker) = (try IntakeKit(), try await Broker.start())
    let intake = try await MQTTIntake.start(kit.intake, MQTTConfiguration(address: broker.address))
    let sender = try await MQTTClient.connect(MQTTConfiguration(address: broker.address))
    let answers = Answers()
    try await sender.subscribe("edge/gw-1/answers/me") { answers.take($0) }
    try await sender.subscribe("edge/gw-1/answers/bridge-1") { answers.take($0) }
    let first = kit.sequence(3)
    try await sender.publish("edge/gw-1/readings/ordinary/me", first, qos: .atLeastOnce)
    try await sender.publish("edge/gw-1/readings/alarm", kit.message(5, 0), qos: .atLeastOnce)
    #expect(try await eventually { answers.count == 1 })
    var reader = CBORReader(answers.payloads.withLock { $0[0] })
    #expect(try reader.array() == 3)
    #expect(try Array(reader.bytes()) == Array(Digest.sha256(first).bytes.prefix(8)))
    #expect(try reader.array() == 3)
    for _ in 0..<3 { try reader.skip() }
    let acknowledgement = try Acknowledgement.verify(Array(try reader.bytes()), key: IntakeKit.key.publicKey)
    #expect(acknowledgement.count == 3 && acknowledgement.gateway == "gw-1")
    try reader.finish()
    let pack = Array(#"[{"n":"a","u":"Cel","v":1.5},{"n":"b","u":"Cel","v":2}]"#.utf8)
    try await sender.publish("edge/gw-1/senml/ordinary/bridge-1", pack, qos: .atLeastOnce)
    try await sender.publish("edge/gw-1/senml/ordinary/bridge-1", Array(#"[{"n":"a"}]"#.utf8), qos: .atLeastOnce)
    #expect(try await eventually { answers.count == 3 })
    // For a bridge's readings, which the gateway makes itself, nothing is signed.
    #expect(answers.payloads.withLock { $0[1...].allSatisfy { $0.last == 0xf6 } })
    for topic in [
      "edge/gw-1/readings/urgent", "edge/gw-1/senml/ordinary", "edge/gw-1/readings", "edge/gw-1/senml/alarm/x/y",
    ] {
      try await sender.publish(topic, kit.message(6, 0), qos: .atLeastOnce)
    }
    await sender.drain()
    #expect(try await eventually { intake.figures.dropped == 5 })
    let figures = intake.figures
    #expect(figures.accepted == 5 && figures.payloads == 4 && figures.refused == 0, "\(figures)")
    await sender.close()
    await intake.close()
    #expect(await kit.gateway.counters.accepted == 5)
  }

  @Test("has everything when broker and connection go and come back in the middle")
  func restart() async throws {
    let (kit, broker) = (try IntakeKit(devices: 50), try await Broker.start())
    let intake = try await MQTTIntake.start(kit.intake, MQTTConfiguration(address: broker.address), waiting: 200)
    let sender = try await MQTTClient.connect(MQTTConfiguration(address: broker.address))
    let outage = Task {
      while sender.statistics.acknowledged < 500 { try await Task.sleep(for: .milliseconds(2)) }
      await broker.stop()
      try await broker.start()
    }
    for number in 0..<3000 {
      try await sender.publish(
        "edge/gw-1/readings/ordinary", kit.message(number % 50, UInt64(number / 50)), qos: .atLeastOnce)
      if number % 50 == 0 { try await Task.sleep(for: .milliseconds(3)) }
    }
    try await outage.value
    await sender.drain()
    #expect(try await eventually { await kit.gateway.counters.accepted == 3000 })
    #expect(intake.figures.refused == 0 && intake.statistics.reconnects >= 1)
    await sender.close()
    await intake.close()
  }

  @Test("gets to the gateway at a rate worth naming")
  func rate() async throws {
    let (kit, broker) = (try IntakeKit(devices: 1000), try await Broker.start())
    let intake = try await MQTTIntake.start(kit.intake, MQTTConfiguration(address: broker.address))
    let sender = try await MQTTClient.connect(MQTTConfiguration(address: broker.address))
    let messages = (0..<20_000).map { kit.message($0 % 1000, UInt64($0 / 1000)) }
    let start = ContinuousClock.now
    for message in messages { try await sender.publish("edge/gw-1/readings/ordinary", message, qos: .atLeastOnce) }
    await sender.drain()
    let published = ContinuousClock.now - start
    #expect(try await eventually { await kit.gateway.counters.accepted == 20_000 })
    let taken = ContinuousClock.now - start
    print("QoS 1 through mosquitto: 20,000 messages published in \(published), leaves in \(taken)")
    await sender.close()
    await intake.close()
  }
}
