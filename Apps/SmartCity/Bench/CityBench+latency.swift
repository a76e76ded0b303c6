import COSE
import Edge
import EdgeIntake
import Foundation
import Ledger
import LedgerServer
import Primitives

extension CityBench {
  /// Seconds of one measurement of latencies.
  private static let latencySeconds = 8

  /// What one measurement gives, milliseconds.
  private struct Latencies {
    var ordinary: [Double] = []
    var alarms: [Double] = []
    var fsync = 0.0
  }

  /// From a reading's arrival at the gateway to its header on the ledger, and from an alarm's arrival to its own statement
  /// there, under load: 20,000 readings a second and twenty alarms. Then the proof of one reading.
  mutating func latency() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let load = try CityLoad(0, devices: Self.perGateway + 1)
    var found: [Latencies] = []
    var (sizes, times): ([Double], [Double]) = ([], [])
    let progress = Progress("readings and alarms to the ledger")
    for run in 0..<runs {
      let place = folder + "/latency-\(run)"
      defer { try? FileManager.default.removeItem(atPath: place) }
      let ground = try await BenchGround(place, [load])
      try await ground.certify(load.sessions[Self.perGateway].device)
      let gateway = try load.gateway(place, anchor: ground.anchor)
      let (latencies, row) = try await latencies(load, ground, gateway)
      found.append(latencies)
      found[run].fsync = try Self.fsyncMilliseconds(place)
      let proof = try await proof(row, gateway, ground)
      sizes.append(Double(proof.bytes))
      times.append(proof.milliseconds)
      try await gateway.close()
      await ground.open.close()
      progress.show(UInt64(run + 1), of: UInt64(runs))
    }
    func part(_ values: [Double], _ percent: Int) -> Double {
      values[min(values.count - 1, values.count * percent / 100)]
    }
    report.add("reading-anchored-p50", found.map { part($0.ordinary, 50) }, unit: "ms")
    report.add("reading-anchored-p99", found.map { part($0.ordinary, 99) }, unit: "ms", limits: found.map { _ in 2000 })
    report.add("fsync-p50", found.map(\.fsync), unit: "ms")
    for (name, percent) in [("alarm-on-ledger-p50", 50), ("alarm-on-ledger-p99", 99)] {
      report.add(name, found.map { part($0.alarms, percent) }, unit: "ms", limits: found.map { $0.fsync + 10 })
    }
    report.add("alarm-beyond-fsync-p99", found.map { max(0, part($0.alarms, 99) - $0.fsync) }, unit: "ms")
    report.add("reading-proof", sizes, unit: "B", limits: sizes.map { _ in 2048 })
    report.add("reading-proof-verify", times, unit: "ms", limits: times.map { _ in 1 })
  }

  private func latencies(
    _ load: CityLoad, _ ground: BenchGround, _ gateway: Gateway
  ) async throws -> (Latencies, RowID) {
    let own = load.sessions[Self.perGateway]
    let intake = EdgeIntake(
      gateway,
      alarms: GatewayWatch(
        gateway, key: load.key, node: ground.open.sequencer, sessions: [own.device: own], patience: 2))
    let ticker = Task {
      while !Task.isCancelled {
        try await gateway.tick()
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    defer { ticker.cancel() }
    var arrivals: [(row: RowID, at: ContinuousClock.Instant)] = []
    var latencies = Latencies()
    var calls: [(Task<[IntakeOutcome], any Error>, ContinuousClock.Instant)] = []
    for second in 0..<Self.latencySeconds {
      for part in 0..<20 {
        var messages = MessageBatch(capacity: 1000)
        let us = Int64(SystemClock().now()) * 1000
        for device in part * 1000..<(part + 1) * 1000 {
          messages.append(load.message(device, seq: UInt64(second), us: us), arrival: us)
        }
        let alarm = load.message(Self.perGateway, seq: UInt64(second * 20 + part), us: us)
        let start = ContinuousClock.now
        let batch = messages
        calls.append((Task { try await gateway.submit(batch) }, start))
        guard try await intake.take(alarm, .cose, slice: .alarm).counts.accepted == 1 else {
          throw LedgerError(.damaged, "An alarm was not taken. This must not happen.")
        }
        latencies.alarms.append(start.duration(to: .now) / .milliseconds(1))
        try await Task.sleep(until: start + .milliseconds(50))
      }
    }
    try await gateway.flush()
    for (call, start) in calls {
      for case .accepted(let row) in try await call.value { arrivals.append((row, start)) }
    }
    try await ground.settle([gateway])
    let alarms = try ground.open.sequencer.head.count(EdgeRules.alarms.prefix())
    latencies.ordinary = arrivals.compactMap { item in
      ground.time(load.name, item.row.batch).map { item.at.duration(to: $0) / .milliseconds(1) }
    }.sorted()
    latencies.alarms.sort()
    guard latencies.ordinary.count == Self.latencySeconds * Self.perGateway, alarms == latencies.alarms.count else {
      throw LedgerError(.damaged, "Readings or alarms are missing on the ledger. This must not happen.")
    }
    return (latencies, arrivals[arrivals.count / 2].row)
  }

  /// The size of one reading's proof, and how long its verification takes.
  private func proof(
    _ row: RowID, _ gateway: Gateway, _ ground: BenchGround
  ) async throws -> (bytes: Int, milliseconds: Double) {
    try await ground.open.settle()
    let node = ground.open.sequencer
    let leaf = try await gateway.proof(row).leaf
    let bytes = try ReadingAnswer.excerpt(gateway.name, row.batch, leaf.encoded(), node).encoded()
    let policy = try node.head.configuration.policy(origin: node.genesis.origin)
    var times: [Double] = []
    for _ in 0..<101 {
      let start = ContinuousClock.now
      let excerpt = try LogExcerpt(decoding: bytes)
      let claims = try ReadingQuestion.claims(excerpt, excerpt.verify(policy: policy))
      times.append(start.duration(to: .now) / .milliseconds(1))
      guard claims?.isEmpty == false else {
        throw LedgerError(.notProved, "The proof of a reading says nothing. This must not happen.")
      }
    }
    return (bytes.count, times.sorted()[times.count / 2])
  }

  static func fsyncMilliseconds(_ folder: String) throws -> Double {
    let path = folder + "/fsync"
    let file = open(path, O_WRONLY | O_CREAT, 0o600)
    guard file >= 0 else { throw LedgerError(.unavailable, "The file \(path) cannot be written.") }
    defer { close(file) }
    let block = [UInt8](repeating: 1, count: 4096)
    var times: [Double] = []
    for number in 0..<200 {
      let start = ContinuousClock.now
      guard pwrite(file, block, block.count, off_t(number * 4096)) == block.count, fsync(file) == 0 else { break }
      times.append(start.duration(to: .now) / .milliseconds(1))
    }
    guard !times.isEmpty else { throw LedgerError(.unavailable, "The file \(path) cannot be written.") }
    return times.sorted()[times.count / 2]
  }
}
