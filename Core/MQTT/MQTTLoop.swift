internal import CMosquitto
internal import Glibc
internal import Primitives

/// The connection's thread: the only one that touches the library's client, so nothing of it needs a lock.
final class MQTTLoop {
  enum Connection {
    case down(until: Int64)
    case greeting(until: Int64)
    case up
  }

  /// A message that the library has, by its packet identifier.
  struct Slot {
    enum Kind: UInt8 { case free, once, acknowledged }
    var kind = Kind.free
    var bytes: Int32 = 0
    var token: UInt64 = 0
  }

  let link: MQTTLink
  private let configuration: MQTTConfiguration
  private var client: OpaquePointer?
  private var connection = Connection.down(until: 0)
  private var hasBeenUp = false
  private var retryMs: Int64
  private var refusal: Int32 = 0
  var slots = [Slot](repeating: Slot(), count: 65_536)
  /// A packet identifier that was done before `mosquitto_publish` had returned it.
  var early: Int = -1
  var tally = MQTTTally()
  private var outbox = MQTTOutbox()
  private var sent = 0
  var subscriptions: [(filter: String, qos: MQTTQoS, handler: MQTTLink.Handler)] = []
  /// Who waits for which subscription, by its place.
  var subscribers: [Int: CheckedContinuation<Void, any Error>] = [:]
  /// Places by the packet identifiers of subscriptions.
  var subscribing: [Int32: Int] = [:]
  var isPaused = false
  /// Subscriptions of the first connection that the broker has not agreed to yet.
  private var awaited = 0
  private var failure: MQTTError?
  private var lastMisc: Int64 = 0

  /// Connects, serves and ends when the link says so.
  static func run(
    _ link: MQTTLink, _ configuration: MQTTConfiguration, _ id: String, _ subscriptions: [MQTTSubscription]
  ) {
    MQTTLibrary.start()
    let loop = MQTTLoop(link, configuration)
    loop.subscriptions = subscriptions.map { ($0.filter, $0.qos, $0.handler) }
    loop.awaited = subscriptions.count
    let error = loop.serve(id)
    link.settle(loop.tally)
    link.finished(error)
    for waiter in loop.subscribers.values { waiter.resume(throwing: MQTTLink.closed) }
  }

  private init(_ link: MQTTLink, _ configuration: MQTTConfiguration) {
    self.link = link
    self.configuration = configuration
    retryMs = max(1, configuration.firstRetry.milliseconds)
  }

  /// Gives why the first connection failed, or nil.
  private func serve(_ id: String) -> MQTTError? {
    client = mosquitto_new(id, configuration.cleanSession, Unmanaged.passUnretained(self).toOpaque())
    guard let client else { return MQTTError(.limit, "There is no memory for a client.") }
    defer { mosquitto_destroy(client) }
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1)
    // This side counts what is on its way; the library's own bound would only queue it once more.
    mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, 65_535)
    if let user = configuration.address.user {
      mosquitto_username_pw_set(client, user, configuration.address.password)
    }
    setCallbacks(client)
    let started = monotonicMs()
    while true {
      let isUp = if case .up = connection { true } else { false }
      let orders = link.orders(&outbox, taking: isUp && sent == outbox.entries.count)
      isPaused = orders.isPaused
      for subscription in orders.subscriptions { add(subscription) }
      if case .closing(let deadline) = orders.phase, !hasBeenUp || orders.isEmpty || monotonicMs() >= deadline {
        goodbye()
        return nil
      }
      if let failure { return failure }
      let isOverdue = monotonicMs() - started >= configuration.connectTimeout.milliseconds
      switch connection {
      case .down(let until):
        if !hasBeenUp && refusal != 0 { return refused() }
        if !hasBeenUp && until > 0 { return unreachable(isOverdue ? ETIMEDOUT : errnoAtFailure) }
        let left = until - monotonicMs()
        if left <= 0 { attempt() } else { pollWake(left, orders.phase) }
      case .greeting(let until):
        if monotonicMs() >= until {
          errnoAtFailure = ETIMEDOUT
          lose()
        } else {
          turn(min(until - monotonicMs(), 500), isWriting: false)
        }
      case .up: turn(timeout(orders.phase), isWriting: true)
      }
      settle()
    }
  }

  private func settle() {
    guard !tally.isEmpty else { return }
    link.settle(tally)
    tally = MQTTTally()
  }

  private var errnoAtFailure: Int32 = 0

  private func timeout(_ phase: MQTTLink.Phase) -> Int64 {
    guard case .closing(let deadline) = phase else { return 1000 }
    return max(0, min(1000, deadline - monotonicMs()))
  }

  private func attempt() {
    guard let client else { return }
    refusal = 0
    errno = 0
    let code =
      hasBeenUp
      ? mosquitto_reconnect(client)
      : mosquitto_connect(
        client, configuration.address.host, Int32(configuration.address.port), Int32(configuration.keepAlive))
    errnoAtFailure = code == MOSQ_ERR_ERRNO.rawValue ? errno : code == MOSQ_ERR_EAI.rawValue ? -1 : -2
    guard code == MOSQ_ERR_SUCCESS.rawValue else { return wait() }
    connection = .greeting(until: monotonicMs() + configuration.connectTimeout.milliseconds)
  }

  /// The connection is gone: what was on its way at QoS 0 is lost, the rest is sent again.
  private func lose() {
    if case .up = connection { link.connected(false) }
    for identifier in slots.indices where slots[identifier].kind == .once {
      tally.lost += 1
      finish(identifier)
    }
    if awaited > 0 { awaited = subscriptions.count }
    subscribing = [:]
    wait()
  }

  private func wait() {
    // Not all clients of a broker that comes back come at the same moment.
    let pause = retryMs / 2 + Int64.random(in: 0...max(1, retryMs / 2))
    connection = .down(until: monotonicMs() + max(1, pause))
    retryMs = min(retryMs * 2, max(1, configuration.longestRetry.milliseconds))
  }

  /// The broker has answered.
  func greeted(_ code: Int32) {
    guard code == 0 else {
      refusal = code
      return
    }
    connection = .up
    retryMs = max(1, configuration.firstRetry.milliseconds)
    if hasBeenUp { tally.reconnects += 1 }
    hasBeenUp = true
    link.connected(true)
    for place in subscriptions.indices { subscribe(place) }
    if awaited == 0 { link.opened() }
  }

  private func pollWake(_ milliseconds: Int64, _ phase: MQTTLink.Phase) {
    var descriptors = [pollfd(fd: link.wakeDescriptor, events: Int16(POLLIN), revents: 0)]
    _ = poll(&descriptors, 1, Int32(clamping: min(milliseconds, max(1, timeout(phase)))))
    clearWake()
  }

  private func clearWake() {
    var count: UInt64 = 0
    _ = read(link.wakeDescriptor, &count, 8)
  }

  /// Publishes what waits, then reads and writes what the connection has and takes.
  private func turn(_ milliseconds: Int64, isWriting: Bool) {
    guard let client else { return }
    if isWriting && !publish(client) { return lose() }
    // What is written already makes room now, not when the broker next says something.
    settle()
    let socket = mosquitto_socket(client)
    guard socket >= 0 else { return lose() }
    var events = isPaused ? 0 : Int16(POLLIN)
    if mosquitto_want_write(client) { events |= Int16(POLLOUT) }
    var descriptors = [
      pollfd(fd: link.wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: socket, events: events, revents: 0),
    ]
    let count = poll(&descriptors, 2, Int32(clamping: milliseconds))
    if descriptors[0].revents != 0 { clearWake() }
    var code = MOSQ_ERR_SUCCESS.rawValue
    if count > 0, descriptors[1].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { code = receive(client) }
    if code == MOSQ_ERR_SUCCESS.rawValue, mosquitto_want_write(client) {
      code = mosquitto_loop_write(client, 64)
    }
    let now = monotonicMs()
    if code == MOSQ_ERR_SUCCESS.rawValue, now - lastMisc >= 500 {
      lastMisc = now
      code = mosquitto_loop_misc(client)
    }
    if code != MOSQ_ERR_SUCCESS.rawValue || refusal != 0 {
      errnoAtFailure = code == MOSQ_ERR_ERRNO.rawValue ? errno : -2
      lose()
    }
  }

  /// Reads packets for as long as there are some, within a bound.
  private func receive(_ client: OpaquePointer) -> Int32 {
    for _ in 0..<256 {
      let before = progress
      let code = mosquitto_loop_read(client, 1)
      guard code == MOSQ_ERR_SUCCESS.rawValue else { return code }
      if progress == before || isPaused { break }
    }
    return MOSQ_ERR_SUCCESS.rawValue
  }

  private var progress: UInt64 { tally.received &+ tally.acknowledged }

  /// Hands what waits to the library; false when the connection is gone.
  private func publish(_ client: OpaquePointer) -> Bool {
    guard !outbox.isEmpty else { return true }
    let isUp = outbox.bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return true }
      while sent < outbox.entries.count {
        let entry = outbox.entries[sent]
        sent += 1
        if !publish(client, entry, base) { return false }
      }
      return true
    }
    if sent == outbox.entries.count {
      outbox.removeAll()
      sent = 0
    }
    return isUp
  }

  private func publish(_ client: OpaquePointer, _ entry: MQTTOutbox.Entry, _ base: UnsafeRawPointer) -> Bool {
    var identifier: Int32 = 0
    early = -1
    let code = mosquitto_publish(
      client, &identifier, (base + entry.topic).assumingMemoryBound(to: CChar.self), Int32(entry.end - entry.payload),
      base + entry.payload, Int32(entry.qos.rawValue), false)
    let place = Int(UInt16(truncatingIfNeeded: identifier))
    let isConnection =
      code == MOSQ_ERR_NO_CONN.rawValue || code == MOSQ_ERR_CONN_LOST.rawValue || code == MOSQ_ERR_ERRNO.rawValue
    slots[place] = Slot(
      kind: entry.qos == .atLeastOnce ? .acknowledged : .once, bytes: Int32(entry.end - entry.payload),
      token: entry.token)
    if early == place {
      done(place)
    } else if code != MOSQ_ERR_SUCCESS.rawValue && (entry.qos == .atMostOnce || !isConnection) {
      // With a connection that is gone, the library keeps a message of QoS 1 and sends it later.
      tally.lost += 1
      if entry.token != 0 { tally.failed.append(entry.token) }
      slots[place].token = 0
      finish(place)
    }
    return !isConnection
  }

  /// The library is done with a packet identifier.
  func done(_ place: Int) {
    switch slots[place].kind {
    case .free:
      early = place
      return
    case .once: tally.written += 1
    case .acknowledged: tally.acknowledged += 1
    }
    if slots[place].token != 0 { tally.tokens.append(slots[place].token) }
    finish(place)
  }

  private func finish(_ place: Int) {
    tally.messages += 1
    tally.bytes += Int(slots[place].bytes)
    slots[place] = Slot()
  }

  private func add(_ subscription: MQTTLink.Subscription) {
    guard subscriptions.count < MQTTLimits.subscriptions else {
      return subscription.answer.resume(
        throwing: MQTTError(.limit, "A client has at most \(MQTTLimits.subscriptions) subscriptions."))
    }
    guard mosquitto_sub_topic_check(subscription.filter) == MOSQ_ERR_SUCCESS.rawValue else {
      return subscription.answer.resume(
        throwing: MQTTError(.malformed, "'\(subscription.filter)' is no filter of topics."))
    }
    subscriptions.append((subscription.filter, subscription.qos, subscription.handler))
    subscribers[subscriptions.count - 1] = subscription.answer
    if case .up = connection { subscribe(subscriptions.count - 1) }
  }

  private func subscribe(_ place: Int) {
    guard let client else { return }
    var identifier: Int32 = 0
    let code = mosquitto_subscribe(
      client, &identifier, subscriptions[place].filter, Int32(subscriptions[place].qos.rawValue))
    if code == MOSQ_ERR_SUCCESS.rawValue {
      subscribing[identifier] = place
    } else if code == MOSQ_ERR_INVAL.rawValue, awaited > 0 {
      failure = MQTTError(.malformed, "'\(subscriptions[place].filter)' is no filter of topics.")
    }
  }

  /// The broker has answered a subscription.
  func subscribed(_ identifier: Int32, isGranted: Bool) {
    guard let place = subscribing.removeValue(forKey: identifier) else { return }
    let refusal = MQTTError(.refused, "The broker refuses the subscription to '\(subscriptions[place].filter)'.")
    if let waiter = subscribers.removeValue(forKey: place) {
      if isGranted { waiter.resume() } else { waiter.resume(throwing: refusal) }
    } else if awaited > 0 {
      awaited -= 1
      if !isGranted { failure = refusal } else if awaited == 0 { link.opened() }
    }
  }

  private func goodbye() {
    guard let client, case .up = connection else { return }
    mosquitto_disconnect(client)
    let deadline = monotonicMs() + 200
    while mosquitto_want_write(client), mosquitto_socket(client) >= 0, monotonicMs() < deadline {
      guard mosquitto_loop_write(client, 64) == MOSQ_ERR_SUCCESS.rawValue else { return }
    }
  }

  private func refused() -> MQTTError {
    let reason = String(cString: mosquitto_connack_string(refusal))
    return MQTTError(
      .refused, "The broker at \(configuration.address.text) refuses the client: \(Message(said: reason))")
  }

  private func unreachable(_ code: Int32) -> MQTTError {
    let reason: Message =
      switch code {
      case -1: "The host's name is not known."
      case -2, 0: "It is no MQTT broker, or it hung up."
      default: Message(said: String(cString: strerror(code)) + ".")
      }
    return MQTTError(.unreachable, "No broker answers at \(configuration.address.text). \(reason)")
  }
}
