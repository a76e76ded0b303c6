import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives
import Synchronization

/// What `bench` measures. Messages are made before the clock starts: devices are not the gateway's work.
struct CityBench {
  let runs: Int
  let folder: String
  var report = BenchReport()

  init(runs: Int, folder: String) {
    self.runs = runs
    self.folder = folder + "/tallystick-city-bench-\(UUID().uuidString.prefix(8))"
  }

  /// A number that several tasks count up.
  final class Count: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .relaxed) }

    func add(_ count: Int) { number.add(count, ordering: .relaxed) }
  }

  static let perGateway = 20_000
  private static let rounds = 24
  /// Messages that go through the broker in one run.
  private static let published = 60_000
  static let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)

  static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await body()
    return start.duration(to: .now) / .seconds(1)
  }

  /// HMAC-SHA-256 of so many bytes, codes a second on all cores at once.
  ///
  /// - Parameter isFresh: a key of its own for each code, as each reading of another device needs.
  private static func hmacRate(bytes: Int, isFresh: Bool) async -> Double {
    let count = 400_000
    let time = await seconds {
      await withTaskGroup(of: UInt8.self) { group in
        for core in 0..<cores {
          group.addTask {
            var secret = [UInt8](repeating: UInt8(truncatingIfNeeded: core), count: 32)
            let key = HMACSHA256Key(secret)
            var block = [UInt8](repeating: 7, count: bytes)
            var mark: UInt8 = 0
            for number in 0..<count {
              block[0] = UInt8(truncatingIfNeeded: number)
              if isFresh {
                secret[0] = block[0]
                mark ^= HMACSHA256Key(secret).code(for: block).bytes[0]
              } else {
                mark ^= key.code(for: block).bytes[0]
              }
            }
            return mark
          }
        }
        for await _ in group {}
      }
    }
    return Double(count * cores) / time
  }

  /// Authenticated, flagged, durable and anchored readings a second, with acknowledgements, a gateway a core; beside it
  /// what the machine's HMAC gives, and what mosquitto forwards of the same messages.
  mutating func attested() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let now = Int64(SystemClock().now()) * 1000
    let rounds = Self.rounds
    let loads = try (0..<Self.cores).map { try CityLoad($0, devices: Self.perGateway) }
    let messages = loads.map { load in
      (0..<rounds).flatMap { load.round(UInt64($0), us: now + Int64($0) * 1_000_000) }
    }
    let total = loads.count * Self.perGateway * rounds
    let bytes = messages[0][0].message(7).count
    var (rates, fresh, same, broker): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    let progress = Progress("attesting readings on all cores")
    for run in 0..<runs {
      fresh.append(await Self.hmacRate(bytes: bytes, isFresh: true))
      same.append(await Self.hmacRate(bytes: bytes, isFresh: false))
      if let rate = try await Self.brokerRate(messages[0], count: Self.published) { broker.append(rate) }
      rates.append(Double(total) / (try await attest(loads, messages, total)))
      progress.show(UInt64(run + 1), of: UInt64(runs))
    }
    report.add("readings-attested", rates, unit: "readings/s", limits: fresh)
    report.add("hmac-sha256", fresh, unit: "codes/s")
    report.add("hmac-sha256-one-key", same, unit: "codes/s")
    if broker.count == rates.count {
      report.add("readings-attested-against-mqtt", rates, unit: "readings/s", limits: broker)
      report.add("mqtt-plain", broker, unit: "messages/s")
    }
    report.add("message", [Double(bytes)], unit: "B")
  }

  /// Seconds from the first reading's way in until the last one's batch is on the ledger.
  private func attest(_ loads: [CityLoad], _ messages: [[MessageBatch]], _ total: Int) async throws -> Double {
    let place = folder + "/attested-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: place) }
    let ground = try await BenchGround(place, loads)
    let gateways = try loads.map { try $0.gateway(place, anchor: ground.anchor) }
    let accepted = Count()
    let time = try await Self.seconds {
      try await withThrowingTaskGroup(of: Int.self) { group in
        for (gateway, input) in zip(gateways, messages) {
          group.addTask { try await Self.send(input, to: gateway) }
        }
        for try await count in group { accepted.add(count) }
      }
      try await ground.settle(gateways)
    }
    guard accepted.value == total else {
      throw LedgerError(.damaged, "The gateways accepted fewer readings than were sent. This must not happen.")
    }
    for gateway in gateways { try await gateway.close() }
    await ground.open.close()
    return time
  }

  /// Sends in order with eight calls under way, and waits for every acknowledgement.
  private static func send(_ input: [MessageBatch], to gateway: Gateway) async throws -> Int {
    let ticker = Task {
      while !Task.isCancelled {
        try await gateway.tick()
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    defer { ticker.cancel() }
    let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
      var (accepted, waiting) = (0, 0)
      for messages in input {
        if waiting == 8 {
          accepted += try await group.next() ?? 0
          waiting -= 1
        }
        waiting += 1
        group.addTask { try await gateway.submit(messages).count { $0.isAccepted } }
      }
      // The last batch is closed by hand: a bench does not wait for the clock of a gateway with nothing to do.
      while waiting > 0 {
        try await gateway.flush()
        accepted += try await group.next() ?? 0
        waiting -= 1
      }
      return accepted
    }
    return accepted
  }
}

extension IntakeOutcome {
  /// Whether it is a new leaf.
  var isAccepted: Bool { if case .accepted = self { true } else { false } }
}
