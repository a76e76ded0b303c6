import MQTT
import Primitives
import Synchronization
import Testing

@Suite("A client of a real mosquitto", .enabled(if: Broker.installed != nil, "mosquitto is not installed"))
struct MQTTClientTests {
  @Test("gets what another one publishes, in order and byte for byte", arguments: [MQTTQoS.atMostOnce, .atLeastOnce])
  func roundTrip(_ qos: MQTTQoS) async throws {
    let broker = try await Broker.start()
    let (sender, receiver) = (try await client(broker), try await client(broker))
    let got = Collected()
    try await receiver.subscribe("edge/+/readings", qos: qos) { got.take($0) }
    var generator = SeededGenerator(seed: 11)
    var sent: [[UInt8]] = []
    for number in 0..<2000 { sent.append(numbered(number, padding: Int.random(in: 0..<300, using: &generator))) }
    sent.append([])
    for payload in sent { try await sender.publish("edge/gw-1/readings", payload, qos: qos) }
    await sender.drain()
    try await got.wait(for: sent.count)
    #expect(got.payloads == sent)
    #expect(Set(got.topics) == ["edge/gw-1/readings"])
    let done = sender.statistics
    #expect(done.published == UInt64(sent.count) && done.lost == 0 && done.reconnects == 0 && done.isConnected)
    #expect((qos == .atLeastOnce ? done.acknowledged : done.written) == UInt64(sent.count))
    await sender.close()
    await receiver.close()
    await broker.stop()
    #expect(!broker.isRunning)
  }

  @Test("gets payloads of 64 KiB and of the limit, and nothing beyond it is taken")
  func large() async throws {
    let broker = try await Broker.start()
    let both = try await client(broker)
    let got = Collected()
    try await both.subscribe("large") { got.take($0) }
    var generator = SeededGenerator(seed: 12)
    let sent = [65_535, 65_536, 65_537, MQTTLimits.payloadBytes].map { generator.bytes($0) }
    for payload in sent { try await both.publish("large", payload, qos: .atLeastOnce) }
    try await got.wait(for: sent.count)
    #expect(got.payloads == sent)
    await #expect(throws: MQTTError.self) {
      try await both.publish("large", [UInt8](repeating: 0, count: MQTTLimits.payloadBytes + 1))
    }
    await both.close()
  }

  @Test("waits for an acknowledgement when asked to")
  func acknowledged() async throws {
    let broker = try await Broker.start()
    let (sender, receiver) = (try await client(broker), try await client(broker))
    let got = Collected()
    try await receiver.subscribe("a") { got.take($0) }
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          do { try await sender.publishAcknowledged("a", numbered(number)) } catch { Issue.record(error) }
        }
      }
    }
    #expect(sender.statistics.acknowledged == 100)
    try await got.wait(for: 100)
    #expect(Set(got.payloads.map(number)) == Set(0..<100))
    await sender.close()
  }

  @Test("holds publishers back when the broker does not follow, and stays within its bound")
  func backPressure() async throws {
    let broker = try await Broker.start()
    let (sender, receiver) = (try await client(broker) { $0.inFlight = 32 }, try await client(broker))
    let got = Collected()
    try await receiver.subscribe("b") { got.take($0) }
    var taken = 0
    await broker.stop()
    for number in 0..<200 {
      guard try numbered(number).withUnsafeBytes({ try sender.tryPublish("b", $0, qos: .atLeastOnce) }) else { break }
      taken += 1
    }
    #expect(taken == 32)
    try await broker.start()
    for number in taken..<500 { try await sender.publish("b", numbered(number), qos: .atLeastOnce) }
    await sender.drain()
    #expect(sender.statistics.acknowledged == 500)
    await sender.close()
    await receiver.close()
  }

  @Test("pauses the connection of a subscriber that is full, and loses nothing by it")
  func pause() async throws {
    let broker = try await Broker.start()
    let (sender, receiver) = (try await client(broker), try await client(broker))
    let got = Collected()
    try await receiver.subscribe("p") { message in
      got.take(message)
      return got.count % 100 == 0 ? .pause : .more
    }
    for number in 0..<1000 { try await sender.publish("p", numbered(number), qos: .atLeastOnce) }
    for part in 1...10 {
      try await got.wait(for: part * 100)
      try await Task.sleep(for: .milliseconds(20))
      #expect(got.count == part * 100)
      receiver.resume()
    }
    #expect(got.payloads.map(number) == Array(0..<1000))
    await sender.close()
    await receiver.close()
  }

  @Test("takes no topic that is none, and no broken filter")
  func topics() async throws {
    let broker = try await Broker.start()
    let both = try await client(broker)
    for topic in ["", "a/+", "#", "a\u{0}b", String(repeating: "t", count: 1025)] {
      do throws(MQTTError) {
        try await both.publish(topic, [1])
        Issue.record("taken: \(topic)")
      } catch { #expect(error.kind == .malformed) }
    }
    for filter in ["", "a/#/b", "a+", "a\u{0}"] {
      do throws(MQTTError) {
        try await both.subscribe(filter) { _ in .more }
        Issue.record("taken: \(filter)")
      } catch { #expect(error.kind == .malformed) }
      do throws(MQTTError) {
        _ = try await MQTTClient.connect(
          MQTTConfiguration(address: broker.address), subscriptions: [MQTTSubscription(filter) { _ in .more }])
        Issue.record("taken: \(filter)")
      } catch { #expect(error.kind == .malformed) }
    }
    await both.close()
    do throws(MQTTError) {
      try await both.publish("a", [1])
      Issue.record("taken after the end")
    } catch { #expect(error.kind == .closed) }
    await both.close()
  }

  @Test("says where nobody answers, and whom the broker refuses")
  func badAddress() async throws {
    let broker = try await Broker.start(extra: ["allow_anonymous false"])
    do throws(MQTTError) {
      _ = try await MQTTClient.connect(MQTTConfiguration(address: broker.address))
      Issue.record("connected without a user")
    } catch { #expect(error.kind == .refused, "\(error)") }
    let address = broker.address
    await broker.stop()
    do throws(MQTTError) {
      _ = try await MQTTClient.connect(MQTTConfiguration(address: address))
      Issue.record("connected to nobody")
    } catch {
      #expect(error.kind == .unreachable)
      #expect(error.message.english == "No broker answers at \(address.text). Connection refused.")
    }
    do throws(MQTTError) {
      _ = try await MQTTClient.connect(MQTTConfiguration(address: MQTTAddress(host: "nobody.invalid")))
      Issue.record("connected to nobody")
    } catch { #expect(error.kind == .unreachable) }
  }
}
