import COSE
import Edge
import EdgeFeed
import FiveG
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
  private final class Count: Sendable {
    let value = Atomic(0)
  }

  private static let perGateway = 20_000
  private static let rounds = 12
  private static let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)

  /// A gateway's devices by hand, and messages of them.
  private struct Load: Sendable {
    let name: String
    let sessions: [DeviceSession]

    init(_ number: Int, devices: Int) throws {
      let name = "bench-\(number)"
      self.name = name
      sessions = try (0..<devices).map { device in
        try DeviceSession(
          device: "urn:dev:os:32473-\(device)", kAUSF: Digest.sha256("\(name) \(device)").bytes,
          supi: "imsi-00101\(device)", gateway: name, rules: 0)
      }
    }

    func message(_ device: Int, seq: UInt64, us: Int64) -> [UInt8] {
      let reading = ReadingForm(
        device: sessions[device].device, timeUs: us, seq: seq, boot: 0,
        records: [
          ReadingForm.Record(
            name: "temperature", unit: "Cel",
            value: .number(mantissa: 2150 + Int64(seq &+ UInt64(device)) % 17, exponent: -2)),
          ReadingForm.Record(name: "humidity", unit: "%RH", value: .number(mantissa: 501, exponent: -1)),
        ])
      return sessions[device].message(payload: reading.encoded())
    }

    /// One round of all devices in pieces of 4,096 messages.
    func round(_ seq: UInt64, us: Int64) -> [MessageBatch] {
      stride(from: 0, to: sessions.count, by: 4096).map { start in
        var batch = MessageBatch(capacity: 4096)
        for device in start..<min(start + 4096, sessions.count) {
          batch.append(message(device, seq: seq, us: us), arrival: us + 20_000)
        }
        return batch
      }
    }

    func gateway(_ folder: String, anchor: (any Anchor)? = nil, clock: any WallClock = SystemClock()) throws -> Gateway
    {
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let rules = try QualityRules(models: [
        [
          QualityRule(
            name: "temperature", exponent: -2, sensorSpan: -4000...6000, operatorSpan: -1000...4000, spike: 300,
            ratePerSecond: 500, flatCount: 60),
          QualityRule(name: "humidity", exponent: -1, sensorSpan: 0...1000, operatorSpan: 0...1000, spike: 100),
        ]
      ])
      var configuration = GatewayConfiguration(name: name, key: .derive(seed: 1, label: name), rules: rules)
      configuration.anchor = anchor
      configuration.clock = clock
      return try Gateway(configuration, path: folder + "/\(name)-\(UUID().uuidString).sqlite", sessions: sessions)
    }
  }

  private static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await body()
    return start.duration(to: .now) / .seconds(1)
  }

  /// HMAC-SHA-256 of so many bytes with a prepared key, a second on all cores at once.
  private static func hmacRate(bytes: Int) async -> Double {
    let count = 400_000
    let time = await seconds {
      await withTaskGroup(of: UInt8.self) { group in
        for core in 0..<cores {
          group.addTask {
            let key = HMACSHA256Key(Array(repeating: UInt8(core), count: 32))
            var block = [UInt8](repeating: 7, count: bytes)
            var mark: UInt8 = 0
            for number in 0..<count {
              block[0] = UInt8(truncatingIfNeeded: number)
              mark ^= key.code(for: block).bytes[0]
            }
            return mark
          }
        }
        for await _ in group {}
      }
    }
    return Double(count * cores) / time
  }

  /// Authenticated, flagged, durable and signed readings a second, with acknowledgements, a gateway a core.
  mutating func attested() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let now = Int64(SystemClock().now()) * 1000
    let (rounds, folder) = (Self.rounds, folder)
    let loads = try (0..<Self.cores).map { try Load($0, devices: Self.perGateway) }
    let messages = loads.map { load in
      (0..<rounds).flatMap { load.round(UInt64($0), us: now + Int64($0) * 1_000_000) }
    }
    let bytes = messages[0][0].message(7).count
    let total = loads.count * Self.perGateway * rounds
    var (rates, limits): ([Double], [Double]) = ([], [])
    for _ in 0..<runs {
      limits.append(await Self.hmacRate(bytes: bytes))
      let gateways = try loads.map { try $0.gateway(folder) }
      let accepted = Count()
      let time = try await Self.seconds {
        try await withThrowingTaskGroup(of: Int.self) { group in
          for (gateway, input) in zip(gateways, messages) {
            group.addTask { try await Self.send(input, to: gateway) }
          }
          for try await count in group { accepted.value.add(count, ordering: .relaxed) }
        }
      }
      guard accepted.value.load(ordering: .relaxed) == total else {
        throw LedgerError(.damaged, "The gateways accepted fewer readings than were sent. This must not happen.")
      }
      rates.append(Double(total) / time)
      for gateway in gateways { try await gateway.close() }
    }
    report.add("attested-durable", rates, unit: "readings/s", limits: limits)
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
    return try await withThrowingTaskGroup(of: Int.self) { group in
      var (accepted, waiting) = (0, 0)
      for messages in input {
        if waiting == 8 {
          accepted += try await group.next() ?? 0
          waiting -= 1
        }
        waiting += 1
        group.addTask {
          try await gateway.submit(messages).count { outcome in
            if case .accepted = outcome { true } else { false }
          }
        }
      }
      for try await count in group { accepted += count }
      return accepted
    }
  }

  // MARK: - To the ledger

  /// A ledger with a registered gateway, whose headers go there at once.
  private final class Ground: Sendable {
    let open: OpenConsortium
    let keys: MemberKeys
    let loads: [Load]
    /// When the ledger had each header, by gateway and number, in seconds of the continuous clock.
    let anchored = Mutex<[String: [UInt64: ContinuousClock.Instant]]>([:])

    init(_ folder: String, _ loads: [Load]) async throws {
      self.loads = loads
      let plan = Consortium.Plan(
        members: [("org-1", "", .member), ("org-2", "", .member), ("org-3", "", .member)],
        algorithms: [.edDSA, .es256], seed: 5, time: SystemClock().now())
      let consortium = try Consortium.found(at: folder, suite: SmartCityApp.suite, plan: plan)
      keys = try consortium.folder("org-1").keys()
      open = try await consortium.open(suite: SmartCityApp.suite, clock: SystemClock())
      for load in loads {
        try await state(
          try GatewayRegistration(name: load.name, owner: "org-1", key: .derive(seed: 1, label: load.name)),
          about: load.name)
      }
    }

    func state(_ document: some EdgeDocument, about subject: String) async throws {
      let statement = try document.statement(
        issuer: "org-1", subject: subject, time: SystemClock().now(), claimID: .random(), key: keys.statement)
      _ = try await open.sequencer.submit([statement.entry])[0].place()
    }

    var anchor: ClosureAnchor {
      ClosureAnchor { [self] headers in
        for outcome in try await open.sequencer.submit(headers) { _ = try outcome.place() }
        let now = ContinuousClock.now
        anchored.withLock { anchored in
          for header in headers {
            guard let number = try? BatchHeader.number(ofStatement: header), let name = Ground.gateway(header) else {
              continue
            }
            anchored[name, default: [:]][number] = now
          }
        }
      }
    }

    private static func gateway(_ entry: [UInt8]) -> String? { try? StatementContent(entry).header.issuer }

    func time(_ gateway: String, _ number: UInt64) -> ContinuousClock.Instant? {
      anchored.withLock { $0[gateway]?[number] }
    }
  }

  /// From a reading's arrival at the gateway to its header on the ledger, and from an alarm to the ledger, under load.
  mutating func latency() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let load = try Load(0, devices: Self.perGateway)
    let ground = try await Ground(folder, [load])
    let gateway = try load.gateway(folder, anchor: ground.anchor)
    var arrivals: [(batch: UInt64, at: ContinuousClock.Instant)] = []
    var alarms: [Double] = []
    let ticker = Task {
      while !Task.isCancelled {
        try await gateway.tick()
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    let key = PrivateKey.derive(seed: 1, label: load.name)
    // 20,000 readings a second for eight seconds, in pieces of 1,000; an operation of the network beside each as an alarm.
    for second in 0..<8 {
      for part in 0..<20 {
        let start = ContinuousClock.now
        var messages = MessageBatch(capacity: 1000)
        let us = Int64(SystemClock().now()) * 1000
        for device in part * 1000..<(part + 1) * 1000 {
          messages.append(load.message(device, seq: UInt64(second), us: us), arrival: us)
        }
        let outcomes = Task { try await gateway.submit(messages) }
        let alarm = try Operation(
          .networkAlarm, actor: "noc", object: "cell-\(part)", action: "power", severity: 1,
          time: SystemClock().now()
        ).statement(
          issuer: "org-1", subject: "cell-\(part)", time: SystemClock().now(), claimID: .random(),
          key: ground.keys.statement)
        let stated = ContinuousClock.now
        _ = try await ground.open.sequencer.submit([alarm.entry])[0].place()
        alarms.append(stated.duration(to: .now) / .milliseconds(1))
        for outcome in try await outcomes.value {
          if case .accepted(let row) = outcome { arrivals.append((row.batch, start)) }
        }
        try await Task.sleep(until: start + .milliseconds(50))
      }
    }
    _ = key
    try await gateway.flush()
    try await settle(ground, [gateway])
    ticker.cancel()
    let delays = arrivals.compactMap { item in
      ground.time(load.name, item.batch).map { item.at.duration(to: $0) / .milliseconds(1) }
    }.sorted()
    alarms.sort()
    guard delays.count == arrivals.count, !delays.isEmpty, !alarms.isEmpty else {
      throw LedgerError(.damaged, "Readings are missing on the ledger. This must not happen.")
    }
    let fsync = try Self.fsyncMilliseconds(folder)
    report.add("reading-anchored-p50", [delays[delays.count / 2]], unit: "ms")
    report.add("reading-anchored-p99", [delays[delays.count * 99 / 100]], unit: "ms")
    report.add("fsync-p50", [fsync], unit: "ms")
    report.add("alarm-on-ledger-p50", [alarms[alarms.count / 2]], unit: "ms")
    report.add("alarm-on-ledger-p99", [alarms[alarms.count * 99 / 100]], unit: "ms", limits: [fsync + 10])
    try await gateway.close()
    await ground.open.close()
  }

  private static func fsyncMilliseconds(_ folder: String) throws -> Double {
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
    return times.sorted()[max(0, times.count / 2 - (times.isEmpty ? 0 : 1))]
  }

  private func settle(_ ground: Ground, _ gateways: [Gateway]) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    for gateway in gateways {
      let last = await gateway.durable
      while ground.time(gateway.name, last) == nil {
        guard ContinuousClock.now < deadline else {
          throw LedgerError(.unavailable, "The batches did not come onto the ledger within two minutes.")
        }
        try await gateway.tick()
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  // MARK: - The burst

  /// TR 37.868's Beta(3, 4) over ten seconds: each device sends once, as time passes; until everything is on the ledger.
  mutating func burst(_ devices: Int) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let parts = Self.cores
    let loads = try (0..<parts).map { try Load($0, devices: devices / parts) }
    let ground = try await Ground(folder, loads)
    let gateways = try loads.map { try $0.gateway(folder, anchor: ground.anchor) }
    let memory = await gateways[0].memoryBytesPerDevice
    // The third smallest of six uniform numbers is Beta(3, 4).
    var generator = SeededGenerator(seed: 38)
    let pieces = 200
    var schedule = [[[Int]]](repeating: [[Int]](repeating: [], count: pieces), count: parts)
    for part in 0..<parts {
      for device in 0..<devices / parts {
        let draws = (0..<6).map { _ in Double(generator.next() >> 11) * 0x1p-53 }.sorted()
        schedule[part][min(pieces - 1, Int(draws[2] * Double(pieces)))].append(device)
      }
    }
    // The samples' time lies a little ahead: the messages are made before the burst begins.
    let us = Int64(SystemClock().now()) * 1000 + 15_000_000
    let messages = zip(loads, schedule).map { load, pieces in
      pieces.map { devices in
        var batch = MessageBatch(capacity: devices.count)
        for device in devices { batch.append(load.message(device, seq: 0, us: us), arrival: us) }
        return batch
      }
    }
    let peak = (0..<pieces).map { piece in schedule.reduce(0) { $0 + $1[piece].count } }.max() ?? 0
    let start = ContinuousClock.now
    let lost = Count()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (gateway, input) in zip(gateways, messages) {
        group.addTask {
          try await withThrowingTaskGroup(of: Void.self) { calls in
            for (piece, batch) in input.enumerated() {
              try await Task.sleep(until: start + .milliseconds(50 * piece))
              calls.addTask {
                for outcome in try await gateway.submit(batch) {
                  if case .accepted = outcome { continue }
                  lost.value.add(1, ordering: .relaxed)
                }
              }
              try await gateway.tick()
            }
            try await gateway.flush()
            try await calls.waitForAll()
            try await gateway.flush()
          }
        }
      }
      try await group.waitForAll()
    }
    try await settle(ground, gateways)
    let after = start.duration(to: .now) / .seconds(1) - 10
    guard lost.value.load(ordering: .relaxed) == 0 else {
      throw LedgerError(.damaged, "The burst lost readings. This must not happen.")
    }
    report.add("burst-peak-offered", [Double(peak * 20)], unit: "readings/s")
    report.add("burst-anchored-after-end", [max(0, after)], unit: "s", limits: [5])
    report.add("memory-per-device", [memory], unit: "B", limits: [256])
    for gateway in gateways { try await gateway.close() }
    await ground.open.close()
  }
}
