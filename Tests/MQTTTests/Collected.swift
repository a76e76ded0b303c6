import MQTT
import Synchronization
import Testing

/// What a subscriber has got, by topic and first bytes.
final class Collected: Sendable {
  private struct State {
    var payloads: [[UInt8]] = []
    var topics: [String] = []
  }

  private let state = Mutex(State())

  @discardableResult
  func take(_ message: MQTTMessage) -> MQTTFlow {
    let (topic, payload) = (message.topic, Array(message.payload))
    state.withLock {
      $0.payloads.append(payload)
      $0.topics.append(topic)
    }
    return .more
  }

  var payloads: [[UInt8]] { state.withLock { $0.payloads } }
  var topics: [String] { state.withLock { $0.topics } }
  var count: Int { state.withLock { $0.payloads.count } }

  /// Waits until so many messages are there, or 20 seconds.
  func wait(for count: Int, _ location: SourceLocation = #_sourceLocation) async throws {
    let isThere = try await eventually { self.count >= count }
    #expect(isThere, "\(self.count) of \(count) messages", sourceLocation: location)
  }
}

/// Waits until something holds, at most 20 seconds.
func eventually(_ holds: () async -> Bool) async throws -> Bool {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(20)
  while clock.now < end {
    if await holds() { return true }
    try await Task.sleep(for: .milliseconds(5))
  }
  return await holds()
}

/// Eight bytes of a number, and what follows them.
func numbered(_ number: Int, padding: Int = 0) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } + [UInt8](repeating: 0xa5, count: padding)
}

func number(of payload: [UInt8]) -> Int { payload.prefix(8).reduce(0) { $0 << 8 | Int($1) } }

func client(_ broker: Broker, _ change: (inout MQTTConfiguration) -> Void = { _ in }) async throws -> MQTTClient {
  var configuration = MQTTConfiguration(address: broker.address)
  configuration.longestRetry = .milliseconds(500)
  change(&configuration)
  return try await MQTTClient.connect(configuration)
}
