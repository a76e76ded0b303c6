internal import CMosquitto
internal import Glibc
internal import Primitives
internal import Synchronization

/// What publishers and the connection's thread share.
final class MQTTLink: Sendable {
  typealias Handler = @Sendable (MQTTMessage) -> MQTTFlow

  struct Subscription: Sendable {
    let filter: String
    let qos: MQTTQoS
    let handler: Handler
    let answer: CheckedContinuation<Void, any Error>
  }

  enum Phase: Equatable {
    case opening
    case open
    /// Ends when nothing waits any more, at the latest then.
    case closing(deadline: Int64)
    case closed
  }

  enum Offer { case taken, full, closed }

  private struct State {
    var phase = Phase.opening
    var outbox = MQTTOutbox()
    /// Messages and bytes from the publisher's hand to the acknowledgement.
    var messages = 0
    var bytes = 0
    var isWoken = false
    var isPaused = false
    var subscriptions: [Subscription] = []
    var opening: CheckedContinuation<Void, any Error>?
    var room: [CheckedContinuation<Void, Never>] = []
    var drained: [CheckedContinuation<Void, Never>] = []
    var acknowledgements: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    var nextToken: UInt64 = 1
    var closing: [CheckedContinuation<Void, Never>] = []
    var statistics = MQTTStatistics()

    func hasRoom(_ count: Int, _ messageLimit: Int, _ byteLimit: Int) -> Bool {
      messages == 0 || messages < messageLimit && bytes + count <= byteLimit
    }
  }

  private let state = Mutex(State())
  private let resumeCount = Atomic<UInt64>(0)
  private let messageLimit: Int
  private let byteLimit: Int
  /// An eventfd that wakes the thread.
  let wakeDescriptor: Int32

  init(_ configuration: MQTTConfiguration) throws(MQTTError) {
    messageLimit = configuration.inFlight
    byteLimit = max(1, configuration.inFlightBytes)
    wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
    guard wakeDescriptor >= 0 else {
      throw MQTTError(.limit, "The system has no file descriptor left for a client.")
    }
  }

  deinit { Glibc.close(wakeDescriptor) }

  var statistics: MQTTStatistics { state.withLock { $0.statistics } }

  /// Takes a message if there is room.
  func offer(_ topic: String, _ payload: UnsafeRawBufferPointer, _ qos: MQTTQoS) -> Offer {
    let (offer, wakes) = state.withLock { state -> (Offer, Bool) in
      guard state.phase == .open else { return (.closed, false) }
      guard state.hasRoom(payload.count, messageLimit, byteLimit) else { return (.full, false) }
      Self.take(&state, topic, payload, qos, token: 0)
      defer { state.isWoken = true }
      return (.taken, !state.isWoken)
    }
    if wakes { wake() }
    return offer
  }

  private static func take(
    _ state: inout State, _ topic: String, _ payload: UnsafeRawBufferPointer, _ qos: MQTTQoS, token: UInt64
  ) {
    state.outbox.append(topic, payload, qos, token: token)
    state.messages += 1
    state.bytes += payload.count
    state.statistics.published += 1
  }

  /// Takes a message of QoS 1, for which `answer` waits, if there is room; resumes nothing unless it was taken.
  func offer(_ topic: String, _ payload: UnsafeRawBufferPointer, answer: CheckedContinuation<Void, any Error>) -> Offer
  {
    let (offer, wakes) = state.withLock { state -> (Offer, Bool) in
      guard state.phase == .open else { return (.closed, false) }
      guard state.hasRoom(payload.count, messageLimit, byteLimit) else { return (.full, false) }
      let token = state.nextToken
      state.nextToken += 1
      state.acknowledgements[token] = answer
      Self.take(&state, topic, payload, .atLeastOnce, token: token)
      defer { state.isWoken = true }
      return (.taken, !state.isWoken)
    }
    if wakes { wake() }
    return offer
  }

  /// Suspends until there may be room; at once when the client is closed.
  func room() async {
    await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
      let isThere = state.withLock { state in
        if state.phase != .open || state.hasRoom(1, messageLimit, byteLimit) { return true }
        state.room.append(waiter)
        return false
      }
      if isThere { waiter.resume() }
    }
  }

  /// Suspends until nothing waits for the broker, or the client is closed.
  func drained() async {
    await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
      let isThere = state.withLock { state in
        if state.messages == 0 || state.phase == .closed { return true }
        state.drained.append(waiter)
        return false
      }
      if isThere { waiter.resume() }
    }
  }

  func open(_ waiter: CheckedContinuation<Void, any Error>) { state.withLock { $0.opening = waiter } }

  func subscribe(_ subscription: Subscription) {
    let isOpen = state.withLock { state in
      guard state.phase == .open else { return false }
      state.subscriptions.append(subscription)
      return true
    }
    if isOpen { wake() } else { subscription.answer.resume(throwing: Self.closed) }
  }

  func close(_ timeout: Int64, _ waiter: CheckedContinuation<Void, Never>?) {
    let isClosed = state.withLock { state in
      if state.phase == .closed { return true }
      if case .closing(let deadline) = state.phase {
        state.phase = .closing(deadline: min(deadline, monotonicMs() + timeout))
      } else {
        state.phase = .closing(deadline: monotonicMs() + timeout)
      }
      if let waiter { state.closing.append(waiter) }
      return false
    }
    if isClosed { waiter?.resume() } else { wake() }
    for waiter in state.withLock({ state in Self.takeAll(&state.room) }) { waiter.resume() }
  }

  func resume() {
    let wakes = state.withLock { state in
      resumeCount.wrappingAdd(1, ordering: .acquiringAndReleasing)
      defer { state.isPaused = false }
      return state.isPaused
    }
    if wakes { wake() }
  }

  private func wake() {
    var one: UInt64 = 1
    _ = Glibc.write(wakeDescriptor, &one, 8)
  }

  static let closed = MQTTError(.closed, "The client of the broker has been closed.")

  private static func takeAll<Waiter>(_ waiters: inout [Waiter]) -> [Waiter] {
    defer { waiters = [] }
    return waiters
  }
}

// MARK: - The thread's side

extension MQTTLink {
  struct Orders {
    var phase: Phase
    var isPaused: Bool
    var isEmpty: Bool
    var subscriptions: [Subscription]
  }

  /// What the thread is to do; `outbox` is empty and is exchanged for what waits, if asked for.
  func orders(_ outbox: inout MQTTOutbox, taking: Bool) -> Orders {
    state.withLock { state in
      state.isWoken = false
      if taking && !state.outbox.isEmpty { swap(&outbox, &state.outbox) }
      return Orders(
        phase: state.phase, isPaused: state.isPaused, isEmpty: state.messages == 0,
        subscriptions: Self.takeAll(&state.subscriptions))
    }
  }

  /// How often `resume` has been called.
  var resumes: UInt64 { resumeCount.load(ordering: .acquiring) }

  /// Stops reading, unless `resume` has been called since `before`: whoever reads may have been quicker.
  func pause(after before: UInt64) -> Bool {
    state.withLock { state in
      state.isPaused = resumes == before
      return state.isPaused
    }
  }

  /// The first connection stands.
  func opened() {
    let waiter = state.withLock { state in
      if state.phase == .opening { state.phase = .open }
      return state.opening.take()
    }
    waiter?.resume()
  }

  func connected(_ isConnected: Bool) { state.withLock { $0.statistics.isConnected = isConnected } }

  /// Counts what happened and lets those go on who waited for it.
  func settle(_ tally: MQTTTally) {
    let (room, drained, done, failed) = state.withLock { state in
      state.messages -= tally.messages
      state.bytes -= tally.bytes
      state.statistics.acknowledged += tally.acknowledged
      state.statistics.written += tally.written
      state.statistics.lost += tally.lost
      state.statistics.received += tally.received
      state.statistics.reconnects += tally.reconnects
      // Half empty, so that a publisher comes with many messages instead of one at a time.
      let hasRoom = state.messages <= messageLimit / 2 && state.bytes <= byteLimit / 2
      return (
        hasRoom ? Self.takeAll(&state.room) : [], state.messages == 0 ? Self.takeAll(&state.drained) : [],
        tally.tokens.compactMap { state.acknowledgements.removeValue(forKey: $0) },
        tally.failed.compactMap { state.acknowledgements.removeValue(forKey: $0) }
      )
    }
    for waiter in room { waiter.resume() }
    for waiter in drained { waiter.resume() }
    for waiter in done { waiter.resume() }
    for waiter in failed {
      waiter.resume(throwing: MQTTError(.refused, "The message was not sent: the library refused it."))
    }
  }

  /// Nothing goes on; `error` is for whoever waits for the first connection.
  func finished(_ error: MQTTError?) {
    let (opening, waiters, acknowledgements, subscriptions) = state.withLock { state in
      state.phase = .closed
      state.statistics.isConnected = false
      state.outbox.removeAll()
      let waiters = Self.takeAll(&state.room) + Self.takeAll(&state.drained) + Self.takeAll(&state.closing)
      defer { state.acknowledgements = [:] }
      return (
        state.opening.take(), waiters, Array(state.acknowledgements.values), Self.takeAll(&state.subscriptions)
      )
    }
    opening?.resume(throwing: error ?? Self.closed)
    for waiter in waiters { waiter.resume() }
    for waiter in acknowledgements { waiter.resume(throwing: Self.closed) }
    for subscription in subscriptions { subscription.answer.resume(throwing: Self.closed) }
  }
}
