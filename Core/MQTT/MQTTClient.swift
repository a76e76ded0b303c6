internal import Primitives
internal import Synchronization

/// A connection to an MQTT 3.1.1 broker that comes back by itself.
///
///     let client = try await MQTTClient.connect(MQTTConfiguration(address: MQTTAddress("mqtt://127.0.0.1")))
///     try await client.subscribe("edge/gw-1/#") { message in
///       ...
///       return .more
///     }
///     try await client.publish("edge/gw-1/ordinary", payload, qos: .atLeastOnce)
///     await client.close()
///
/// One thread of its own does all that blocks. What has been taken at QoS 1 is kept until the broker acknowledges it and is
/// sent again after each reconnection; subscriptions are renewed then too. A client that nobody holds any more closes.
public final class MQTTClient: Sendable {
  private let link: MQTTLink
  /// The client's id.
  public let id: String

  private init(_ link: MQTTLink, _ id: String) {
    self.link = link
    self.id = id
  }

  deinit { link.close(0, nil) }

  /// Connects; throws `unreachable`, `refused`, or `malformed` for figures outside their ranges.
  ///
  /// Only this first connection can fail: later the client tries again for as long as it is open.
  ///
  /// - Parameter subscriptions: made before anything is read. What a broker has kept for a session comes with the connection,
  ///   so a client that comes back to a kept session names its subscriptions here: later ones miss it.
  public static func connect(
    _ configuration: MQTTConfiguration, subscriptions: [MQTTSubscription] = []
  ) async throws(MQTTError) -> MQTTClient {
    for subscription in subscriptions { try check(filter: subscription.filter) }
    guard subscriptions.count <= MQTTLimits.subscriptions else {
      throw MQTTError(.limit, "A client has at most \(MQTTLimits.subscriptions) subscriptions.")
    }
    let id = configuration.clientID ?? "tallystick-\(UInt64.random(in: 0...UInt64.max))"
    guard (1...128).contains(id.utf8.count), !id.utf8.contains(0),
      configuration.cleanSession || configuration.clientID != nil
    else { throw MQTTError(.malformed, "A client's id has 1 to 128 bytes, and a session that is kept needs one.") }
    guard (1...MQTTLimits.inFlight).contains(configuration.inFlight), (5...65_535).contains(configuration.keepAlive)
    else {
      throw MQTTError(
        .limit, "A client lets 1 to \(MQTTLimits.inFlight) messages wait, and is silent for 5 to 65535 seconds.")
    }
    let link = try MQTTLink(configuration)
    do {
      try await withCheckedThrowingContinuation { (opening: CheckedContinuation<Void, any Error>) in
        link.open(opening)
        let isStarted = NativeThread.start { MQTTLoop.run(link, configuration, id, subscriptions) }
        if !isStarted { link.finished(MQTTError(.limit, "The system has no thread left for a client.")) }
      }
    } catch {
      guard let error = error as? MQTTError else { throw MQTTLink.closed }
      throw error
    }
    return MQTTClient(link, id)
  }

  /// Hands a message over if there is room for it; never waits and keeps nothing of `payload`.
  ///
  /// - Returns: false where as much waits as the configuration lets; `publish` then suspends.
  /// - Throws: `malformed` for a topic with wildcards, `limit`, or `closed`.
  public func tryPublish(
    _ topic: String, _ payload: UnsafeRawBufferPointer, qos: MQTTQoS = .atMostOnce
  ) throws(MQTTError) -> Bool {
    try Self.check(topic, payload.count)
    switch link.offer(topic, payload, qos) {
    case .taken: return true
    case .full: return false
    case .closed: throw MQTTLink.closed
    }
  }

  /// Hands a message over; suspends while too much waits for the broker.
  ///
  /// It is not acknowledged yet then: at QoS 1 it is sent until it is, and `drain` waits for that.
  public func publish(_ topic: String, _ payload: [UInt8], qos: MQTTQoS = .atMostOnce) async throws(MQTTError) {
    try Self.check(topic, payload.count)
    while true {
      switch payload.withUnsafeBytes({ link.offer(topic, $0, qos) }) {
      case .taken: return
      case .closed: throw MQTTLink.closed
      case .full: await link.room()
      }
    }
  }

  /// Hands a message over at QoS 1 and suspends until the broker has acknowledged it.
  public func publishAcknowledged(_ topic: String, _ payload: [UInt8]) async throws(MQTTError) {
    try Self.check(topic, payload.count)
    while true {
      var isFull = false
      do {
        try await withCheckedThrowingContinuation { (answer: CheckedContinuation<Void, any Error>) in
          switch payload.withUnsafeBytes({ link.offer(topic, $0, answer: answer) }) {
          case .taken: break
          case .closed: answer.resume(throwing: MQTTLink.closed)
          case .full:
            isFull = true
            answer.resume()
          }
        }
      } catch {
        guard let error = error as? MQTTError else { throw MQTTLink.closed }
        throw error
      }
      if !isFull { return }
      await link.room()
    }
  }

  /// Suspends until `tryPublish` may have room again, or the client is closed.
  public func room() async { await link.room() }

  /// Suspends until nothing waits: each message of QoS 1 is acknowledged, each of QoS 0 written or lost.
  public func drain() async { await link.drained() }

  /// Has messages of a filter (MQTT 3.1.1, section 4.7) handed to `handler`, on the client's thread and in order.
  ///
  /// The handler must not wait: it copies what it keeps, and says `.pause` where it has no room. Suspends until the broker has
  /// agreed. Throws `refused`, `malformed`, `limit` or `closed`.
  public func subscribe(
    _ filter: String, qos: MQTTQoS = .atLeastOnce, _ handler: @escaping @Sendable (MQTTMessage) -> MQTTFlow
  ) async throws(MQTTError) {
    try Self.check(filter: filter)
    do {
      try await withCheckedThrowingContinuation { (answer: CheckedContinuation<Void, any Error>) in
        link.subscribe(MQTTLink.Subscription(filter: filter, qos: qos, handler: handler, answer: answer))
      }
    } catch {
      guard let error = error as? MQTTError else { throw MQTTLink.closed }
      throw error
    }
  }

  /// Reads on after a handler has said `.pause`.
  public func resume() { link.resume() }

  /// What the client has done.
  public var statistics: MQTTStatistics { link.statistics }

  /// Takes nothing more, waits for the broker for at most `timeout`, says goodbye and ends the thread.
  public func close(within timeout: Duration = .seconds(5)) async {
    await withCheckedContinuation { link.close(timeout.milliseconds, $0) }
  }

  private static func check(filter: String) throws(MQTTError) {
    guard !filter.isEmpty, !filter.utf8.contains(0), filter.utf8.count <= MQTTLimits.topicBytes else {
      throw MQTTError(.malformed, "A filter of topics has 1 to \(MQTTLimits.topicBytes) bytes.")
    }
  }

  private static func check(_ topic: String, _ count: Int) throws(MQTTError) {
    guard count <= MQTTLimits.payloadBytes else {
      throw MQTTError(.limit, "A payload has at most \(MQTTLimits.payloadBytes) bytes; this one has \(count).")
    }
    var topic = topic
    let isTopic = topic.withUTF8 { bytes in
      (1...MQTTLimits.topicBytes).contains(bytes.count)
        && bytes.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "+") }
    }
    guard isTopic else {
      throw MQTTError(
        .malformed, "A topic has 1 to \(MQTTLimits.topicBytes) bytes and neither '#' nor '+' among them.")
    }
  }
}
