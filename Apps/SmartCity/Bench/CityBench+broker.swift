import Edge
import LedgerServer
import MQTT
import Primitives

extension CityBench {
  /// Messages a second that mosquitto forwards from one publisher to one subscriber at QoS 1, nobody looking into them; nil
  /// where it is not on this machine.
  static func brokerRate(_ batches: [MessageBatch], count: Int) async throws -> Double? {
    guard Broker.installed != nil else { return nil }
    let messages = batches.lazy.flatMap { batch in (0..<batch.count).lazy.map { batch.message($0) } }.prefix(count)
    let payloads = Array(messages)
    let broker = try await Broker.start()
    let received = Count()
    let listener = try await MQTTClient.connect(
      MQTTConfiguration(address: broker.address),
      subscriptions: [
        MQTTSubscription("bench/#") { _ in
          received.add(1)
          return .more
        }
      ])
    let sender = try await MQTTClient.connect(MQTTConfiguration(address: broker.address))
    let time = try await seconds {
      for payload in payloads { try await sender.publish("bench/readings", payload, qos: .atLeastOnce) }
      let deadline = ContinuousClock.now + .seconds(60)
      while received.value < payloads.count, ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(1))
      }
    }
    await sender.close()
    await listener.close()
    await broker.stop()
    return received.value < payloads.count ? nil : Double(payloads.count) / time
  }
}
