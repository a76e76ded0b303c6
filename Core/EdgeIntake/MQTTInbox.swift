internal import Edge
internal import MQTT
internal import Primitives
internal import Synchronization

/// Payloads from the broker on their way to the gateway, by class, within a bound.
final class MQTTInbox: Sendable {
  /// One payload, as a place in the bytes of its bundle.
  struct Item {
    let end: Int
    let isSenML: Bool
    /// Who wants an answer, or whose plain SenML it is; empty for nobody.
    let sender: String
  }

  struct Bundle {
    var bytes: [UInt8] = []
    var items: [Item] = []
  }

  private struct State {
    var bundles = IntakeClass.allCases.map { _ in Bundle() }
    var waiters: [CheckedContinuation<Void, Never>?] = IntakeClass.allCases.map { _ in nil }
    /// Payloads and bytes from the broker until the gateway's answer.
    var waiting = 0
    var bytes = 0
    var isClosed = false
    var figures = MQTTIntake.Figures()
  }

  /// Bytes of payloads that may wait.
  static let byteLimit = 32 << 20

  private let state = Mutex(State())
  private let limit: Int
  private let prefix: [UInt8]

  init(_ gateway: String, limit: Int) {
    self.limit = limit
    prefix = Array("edge/\(gateway)/".utf8)
  }

  /// Whether nothing waits for the gateway.
  var isIdle: Bool { state.withLock { $0.waiting == 0 } }

  var figures: MQTTIntake.Figures { state.withLock { $0.figures } }

  /// Takes a payload; called on the client's thread.
  func take(_ message: MQTTMessage) -> MQTTFlow {
    guard !message.isRetained, let (slice, isSenML, sender) = address(message.topicBytes) else {
      state.withLock { $0.figures.dropped += 1 }
      return .more
    }
    let (flow, waiter) = state.withLock { state -> (MQTTFlow, CheckedContinuation<Void, Never>?) in
      state.figures.payloads += 1
      state.bundles[slice.rawValue].bytes.append(contentsOf: message.payload)
      state.bundles[slice.rawValue].items.append(
        Item(end: state.bundles[slice.rawValue].bytes.count, isSenML: isSenML, sender: sender))
      state.waiting += 1
      state.bytes += message.payload.count
      let isFull = state.waiting >= limit || state.bytes >= Self.byteLimit
      return (isFull ? .pause : .more, state.waiters[slice.rawValue].take())
    }
    waiter?.resume()
    return flow
  }

  /// Class, kind and sender that a topic names; nil for a topic of another layout.
  private func address(_ topic: UnsafeRawBufferPointer) -> (IntakeClass, isSenML: Bool, sender: String)? {
    guard topic.count > prefix.count, topic.starts(with: prefix) else { return nil }
    let parts = topic[prefix.count...].split(
      separator: UInt8(ascii: "/"), maxSplits: 3, omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let slice = Self.slice(parts[1]) else { return nil }
    let sender = parts.count == 3 ? String(decoding: parts[2], as: UTF8.self) : ""
    if parts[0].elementsEqual("readings".utf8) { return (slice, false, sender) }
    if parts[0].elementsEqual("senml".utf8), !sender.isEmpty { return (slice, true, sender) }
    return nil
  }

  private static func slice(_ name: Slice<UnsafeRawBufferPointer>) -> IntakeClass? {
    for slice in IntakeClass.allCases where name.elementsEqual(slice.name.utf8) { return slice }
    return nil
  }

  /// What has come of a class; suspends while there is nothing, and gives nil after the end.
  func next(_ slice: IntakeClass) async -> Bundle? {
    while true {
      let bundle = state.withLock { state -> Bundle? in
        let bundle = state.bundles[slice.rawValue]
        guard !bundle.items.isEmpty else { return nil }
        state.bundles[slice.rawValue] = Bundle()
        return bundle
      }
      if let bundle { return bundle }
      await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
        let isThere = state.withLock { state in
          if state.isClosed || !state.bundles[slice.rawValue].items.isEmpty { return true }
          state.waiters[slice.rawValue] = waiter
          return false
        }
        if isThere { waiter.resume() }
      }
      if state.withLock({ $0.isClosed && $0.bundles[slice.rawValue].items.isEmpty }) { return nil }
    }
  }

  /// Counts payloads that are done; gives whether there is room to read on.
  func settle(_ items: Int, bytes: Int, _ change: (inout MQTTIntake.Figures) -> Void) -> Bool {
    state.withLock { state in
      let wasFull = state.waiting > limit / 2 || state.bytes > Self.byteLimit / 2
      state.waiting -= items
      state.bytes -= bytes
      change(&state.figures)
      return wasFull && state.waiting <= limit / 2 && state.bytes <= Self.byteLimit / 2
    }
  }

  func close() {
    let waiters = state.withLock { state in
      state.isClosed = true
      defer { state.waiters = state.waiters.map { _ in nil } }
      return state.waiters
    }
    for waiter in waiters { waiter?.resume() }
  }
}
