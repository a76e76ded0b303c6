import Foundation
import MQTT
import Primitives
import Synchronization
import Testing

@Suite("A broker", .enabled(if: Broker.installed != nil, "mosquitto is not installed"))
struct BrokerTests {
  @Test("that is not installed is named with its package")
  func missing() async {
    do throws(MQTTError) {
      _ = try await Broker.start(program: "/nonexistent/mosquitto")
      Issue.record("started")
    } catch {
      #expect(error.kind == .notInstalled)
      #expect(error.message.contains("apt-get install mosquitto"))
    }
  }

  @Test("that does not understand its configuration says so")
  func broken() async {
    do throws(MQTTError) {
      _ = try await Broker.start(extra: ["nonsense true"])
      Issue.record("started")
    } catch { #expect(error.kind == .brokerFailed, "\(error)") }
  }

  @Test("is gone with its folder when nobody holds it")
  func released() async throws {
    var broker: Broker? = try await Broker.start()
    let (folder, address) = (try #require(broker?.folder), try #require(broker?.address))
    broker = nil
    #expect(!FileManager.default.fileExists(atPath: folder))
    let isGone = try await eventually {
      do throws(MQTTError) {
        _ = try await MQTTClient.connect(MQTTConfiguration(address: address))
        return false
      } catch { return true }
    }
    #expect(isGone)
  }

  /// Publishes while the broker goes and comes back; gives the numbers that arrived and the sender's statistics.
  private func stream(
    _ messages: Int, through broker: Broker, away: @escaping @Sendable () async throws -> Void
  ) async throws -> (numbers: [Int], sender: MQTTStatistics) {
    let got = Collected()
    let receiver = try await client(broker) {
      $0.clientID = "gateway"
      $0.cleanSession = false
    }
    try await receiver.subscribe("s") { got.take($0) }
    let sender = try await client(broker)
    let outage = Task {
      _ = try await eventually { sender.statistics.acknowledged > 300 }
      try await away()
    }
    for number in 0..<messages {
      try await sender.publish("s", numbered(number), qos: .atLeastOnce)
      if number % 100 == 0 { try await Task.sleep(for: .milliseconds(2)) }
    }
    try await outage.value
    await sender.drain()
    let statistics = sender.statistics
    await sender.close()
    // Until nothing more has come for a second.
    var before = -1
    while got.count != before {
      before = got.count
      try await Task.sleep(for: .seconds(1))
    }
    await receiver.close()
    return (got.payloads.map(number), statistics)
  }

  @Test("that is stopped and started again loses nothing of a kept session at QoS 1")
  func restarted() async throws {
    let broker = try await Broker.start()
    let (numbers, sender) = try await stream(4000, through: broker) {
      for _ in 0..<2 {
        await broker.stop()
        try await Task.sleep(for: .milliseconds(150))
        try await broker.start()
        try await Task.sleep(for: .milliseconds(300))
      }
    }
    let missing = Set(0..<4000).subtracting(numbers)
    #expect(missing.isEmpty)
    #expect(sender.acknowledged == 4000 && sender.lost == 0 && sender.reconnects >= 1)
  }

  @Test("that is killed: everything not yet acknowledged comes after all")
  func killed() async throws {
    let broker = try await Broker.start()
    let (numbers, sender) = try await stream(4000, through: broker) {
      await broker.kill()
      try await broker.start()
    }
    #expect(sender.acknowledged == 4000 && sender.reconnects >= 1)
    // What mosquitto has acknowledged and neither handed on nor written to the disk is its own to lose: at most what it took
    // between two of its savings. Nothing comes twice but what is sent again.
    let missing = Set(0..<4000).subtracting(numbers)
    print("a killed mosquitto lost \(missing.count) of 4000 that it had acknowledged")
    #expect(missing.count <= 1000, "\(missing.count) lost by mosquitto")
  }

  @Test("keeps what comes for a kept session that is away")
  func away() async throws {
    let broker = try await Broker.start()
    let first = try await client(broker) {
      $0.clientID = "gateway"
      $0.cleanSession = false
    }
    try await first.subscribe("s") { _ in .more }
    await first.close()
    let sender = try await client(broker)
    for number in 0..<3000 { try await sender.publish("s", numbered(number), qos: .atLeastOnce) }
    await sender.drain()
    await sender.close()
    await broker.stop()
    try await broker.start()
    let got = Collected()
    var configuration = MQTTConfiguration(address: broker.address)
    configuration.clientID = "gateway"
    configuration.cleanSession = false
    let second = try await MQTTClient.connect(configuration, subscriptions: [MQTTSubscription("s") { got.take($0) }])
    try await got.wait(for: 3000)
    let missing = Set(0..<3000).subtracting(got.payloads.map(number))
    #expect(missing.isEmpty)
    await second.close()
  }
}
