import COSE
import Edge
import EdgeFeed
import FiveG
import Ledger
import Primitives

/// The attacks of the threat table, carried out on gateways of their own; what is found goes onto the ledger with what
/// shows it.
struct DemoAttacks {
  /// What was done and what was found of it.
  struct Result {
    let kind: Incident.Kind
    let done: Int
    let found: Int
    /// Accusations of what nobody did.
    let wrong: Int
    /// The entry of the first report on the ledger.
    let entry: UInt64?
  }

  let ledger: DemoLedger
  let folder: EdgeFolder
  let seed: UInt64

  private func scenario(_ name: String, devices: Int, seconds: Int64, start: Int64) -> Scenario {
    var noise = Fleet("noise", .noise, count: devices)
    noise.arrivals = .periodic(period: 1_000_000, jitter: 20_000)
    var scenario = Scenario(name: name, seed: seed, duration: seconds * 1_000_000, fleets: [noise])
    scenario.start = start
    return scenario
  }

  /// A gateway's core with its file, and the headers that wait for the ledger.
  private final class Bench {
    let name: String
    let simulation: Simulation
    let readings: FeedReadings
    let core: EdgeCore
    let store: EdgeStore
    let key: PrivateKey
    var statements: [(header: BatchHeader, entry: [UInt8])] = []
    private var anchored = 0

    init(_ name: String, _ scenario: Scenario, _ folder: EdgeFolder, limits: IntakeLimits = IntakeLimits()) throws {
      self.name = name
      simulation = try Simulation(scenario)
      key = .derive(seed: scenario.seed, label: name)
      let devices = FeedDevices(seed: scenario.seed, gateway: name, prefix: "\(name)-")
      readings = try FeedReadings(devices, simulation)
      core = EdgeCore(
        gateway: name, key: key, rules: try FeedDevices.rules(), limits: limits,
        secretSeed: Array("\(scenario.seed)/\(name)".utf8))
      for session in readings.enrolled { core.enrol(session) }
      try folder.prepare(devices, key: key, scenario)
      store = try EdgeStore(path: folder.file(name, "sqlite"), gateway: name)
      try store.recover(core)
    }

    func seal(_ us: Int64) throws {
      let batches = try core.seal(now: us)
      try store.commitNow(batches)
      statements += batches.map { ($0.header, $0.statement.entry) }
    }

    /// Headers go to the ledger while its clock is near theirs.
    func anchor(_ ledger: DemoLedger, at us: Int64, all: Bool = false) async throws {
      guard anchored < statements.count, all || us - Int64(statements[anchored].header.closed) > 30_000_000 else {
        return
      }
      ledger.set(us: us)
      try await ledger.anchor(statements[anchored...].map(\.entry))
      anchored = statements.count
    }
  }

  private func report(
    _ kind: Incident.Kind, _ subject: String, number: UInt64, us: Int64, _ evidence: [[UInt8]]
  ) async throws -> UInt64 {
    ledger.set(us: us)
    return try await ledger.state(
      IncidentReport(kind, subject: subject, number: number, time: UInt64(max(0, us)), evidence: evidence),
      about: subject, by: DemoLedger.network)
  }

  // MARK: - From outside

  /// Replays, clones, rollbacks and sybils among honest devices.
  func outside(start: Int64) async throws -> [Result] {
    var scenario = scenario("attacks", devices: 300, seconds: 150, start: start)
    scenario.attacks.replayed = 5000
    scenario.attacks.replayMaximum = 100_000_000
    scenario.attacks.cloned = 20_000
    scenario.attacks.rolledBack = 30_000
    var sybils = Fleet("sybils", .noise, count: 5)
    sybils.arrivals = .periodic(period: 7_000_000, jitter: 1000)
    sybils.enrolled = false
    scenario.fleets.append(sybils)
    let name = "gw-3"
    try await ledger.register(gateway: name)
    let bench = try Bench(name, scenario, folder)
    var generator = PacketGenerator(bench.simulation)
    var batch = PacketBatch(capacity: 300)
    var (done, found): ([Incident.Kind: Int], [Incident.Kind: Int]) = ([:], [:])
    var first: [Incident.Kind: (incident: Incident, device: Int)] = [:]
    var wrong = 0
    let flags: [(Truth, Incident.Kind)] = [
      (.replay, .replay), (.clone, .clone), (.rollback, .rollback), (.sybil, .sybil),
    ]
    while generator.next(&batch) {
      var messages = MessageBatch(capacity: batch.count)
      for row in 0..<batch.count { bench.readings.append(batch, row, to: &messages) }
      for row in 0..<batch.count {
        if bench.core.isFull { try bench.seal(messages.arrivals[row]) }
        let before = bench.core.incidents.reported
        _ = messages.message(row).withUnsafeBytes { bench.core.accept($0, arrival: messages.arrivals[row]) }
        let isAccused = bench.core.incidents.reported > before
        let own = flags.filter { batch.truth[row].contains($0.0) }.map(\.1)
        if own.isEmpty, isAccused { wrong += 1 }
        for kind in own {
          done[kind, default: 0] += 1
          if isAccused { found[kind, default: 0] += 1 }
        }
        for incident in bench.core.incidents.take() where own.contains(incident.kind) && first[incident.kind] == nil {
          first[incident.kind] = (incident, Int(batch.devices[row]))
        }
      }
      let now = messages.arrivals.last ?? 0
      try bench.seal(now)
      try await bench.anchor(ledger, at: now)
    }
    let end = (start + 151) * 1_000_000
    try await bench.anchor(ledger, at: end, all: true)
    var results: [Result] = []
    for (_, kind) in flags {
      var entry: UInt64?
      if let (incident, device) = first[kind] {
        entry = try await report(
          kind, kind == .sybil ? name : bench.readings.devices.name(device), number: incident.number, us: end,
          incident.evidence)
      }
      results.append(
        Result(kind: kind, done: done[kind] ?? 0, found: found[kind] ?? 0, wrong: wrong, entry: entry))
    }
    bench.store.close()
    return results
  }

  // MARK: - By gateways

  /// Altering, dropping, back-dating and equivocating gateways, found by what devices sign and what they were told.
  func inside(start: Int64) async throws -> [Result] {
    var results: [Result] = []
    for (index, misdeed) in Attacks.Misdeed.allCases.enumerated() {
      results.append(try await inside(misdeed, start: start + Int64(index) * 300, name: "gw-\(4 + index)"))
    }
    return results
  }

  private func inside(_ misdeed: Attacks.Misdeed, start: Int64, name: String) async throws -> Result {
    var scenario = scenario("a corrupt gateway", devices: 40, seconds: 120, start: start)
    scenario.attacks.gateways = (0..<scenario.map.gateways).map {
      Attacks.Gateway(gateway: $0, misdeed: misdeed, ppm: 5000)
    }
    var limits = IntakeLimits()
    limits.aheadUs = 7_200_000_000
    ledger.set(us: start * 1_000_000)
    try await ledger.register(gateway: name)
    let bench = try Bench(name, scenario, folder, limits: limits)
    let corrupt = CorruptGateway(bench.readings)
    // Short epochs: an epoch and all that it counts are the evidence.
    var makers = (0..<bench.simulation.devices).map {
      EpochMaker(device: $0, devices: bench.readings.devices, length: 12)
    }
    var epochs: [(device: Int, epoch: DeviceEpoch, start: Digest, message: [UInt8])] = []
    var altered: [Int: Set<UInt64>] = [:]
    var (backdated, equivocated): (Set<RowID>, Set<UInt64>) = ([], [])
    var words: [Word] = []
    var generator = PacketGenerator(bench.simulation)
    var batch = PacketBatch(capacity: 40)
    while generator.next(&batch) {
      for loss in batch.losses {
        let lost = Array("lost \(loss.sequence)".utf8)
        for made in try makers[Int(loss.device)].sent(UInt64(loss.sequence), payload: lost, timeUs: loss.time) {
          epochs.append((Int(loss.device), made.epoch, made.start, made.message))
        }
      }
      var word = Word()
      for row in 0..<batch.count {
        let (device, seq, truth) = (Int(batch.devices[row]), UInt64(batch.sequences[row]), batch.truth[row])
        let payload = bench.readings.reading(batch, row, forwarded: false).encoded()
        for made in try makers[device].sent(seq, payload: payload, timeUs: bench.readings.arrival(batch, row)) {
          epochs.append((device, made.epoch, made.start, made.message))
        }
        var messages = MessageBatch()
        guard corrupt.forward(batch, row, to: &messages) else {
          // It tells the device all the same that it has the reading, and where.
          let place = RowID(batch: bench.core.openNumber, index: bench.core.openCount)
          word.dropped.insert(word.readings.count)
          word.readings.append(AcknowledgedReading(payload: .sha256(payload), row: place))
          continue
        }
        let outcome = messages.message(0).withUnsafeBytes { bench.core.accept($0, arrival: messages.arrivals[0]) }
        guard case .accepted(let place) = outcome else { continue }
        word.readings.append(AcknowledgedReading(payload: .sha256(payload), row: place))
        if truth.contains(.altered) { altered[device, default: []].insert(seq) }
        if truth.contains(.backdated) { backdated.insert(place) }
        if truth.contains(.equivocated) { equivocated.insert(place.batch) }
      }
      let now = bench.readings.startUs + (batch.arrivals.last ?? 0)
      if misdeed == .dropping, !word.readings.isEmpty {
        word.message = try Acknowledgement(gateway: name, timeUs: UInt64(now), word.readings).signed(key: bench.key)
        words.append(word)
      }
      try bench.seal(now)
      try await bench.anchor(ledger, at: now)
    }
    let end = (start + 121) * 1_000_000
    try await bench.anchor(ledger, at: end, all: true)
    defer { bench.store.close() }
    switch misdeed {
    case .altering: return try await epochAudit(bench, epochs, altered, end)
    case .dropping: return try await wordAudit(bench, words, end)
    case .backdating:
      var accused: Set<RowID> = []
      for (header, _) in bench.statements { accused.formUnion(try bench.store.backdatedRows(header.number)) }
      var entry: UInt64?
      if let row = accused.min(), let (_, statement) = bench.statements.first(where: { $0.header.number == row.batch })
      {
        entry = try await report(.backdating, name, number: row.batch, us: end, [statement])
      }
      return Result(
        kind: .backdating, done: backdated.count, found: accused.intersection(backdated).count,
        wrong: accused.subtracting(backdated).count, entry: entry)
    case .equivocating: return try await equivocation(bench, equivocated, end)
    }
  }

  /// What the devices' signed epochs say of the stored readings.
  private func epochAudit(
    _ bench: Bench, _ epochs: [(device: Int, epoch: DeviceEpoch, start: Digest, message: [UInt8])],
    _ done: [Int: Set<UInt64>], _ end: Int64
  ) async throws -> Result {
    var stored: [String: [UInt64: [UInt8]]] = [:]
    try bench.store.eachReading { _, reading, payload in stored[reading.device, default: [:]][reading.seq] = payload }
    var (count, found, wrong): (Int, Int, Int) = (0, 0, 0)
    var first: (DeviceEpoch, [[UInt8]])?
    for (device, epoch, start, message) in epochs {
      let own = stored[epoch.device] ?? [:]
      let audit = EpochAudit(epoch, start: start, payload: { own[$0] }, isAcknowledged: { _ in false })
      // What cannot be said, because the air lost a part of the epoch, counts as neither.
      guard let isUnaltered = audit.isUnaltered else { continue }
      let isDone = (done[device] ?? []).contains { (epoch.first...epoch.last).contains($0) }
      if isDone { count += 1 }
      guard !isUnaltered else { continue }
      if isDone { found += 1 } else { wrong += 1 }
      if first == nil { first = (epoch, [message, start.bytes] + (epoch.first...epoch.last).compactMap { own[$0] }) }
    }
    var entry: UInt64?
    if let (epoch, evidence) = first {
      entry = try await report(.alteration, bench.name, number: epoch.first, us: end, evidence)
    }
    return Result(kind: .alteration, done: count, found: found, wrong: wrong, entry: entry)
  }

  /// What a gateway has acknowledged at once, and which of it it has not kept.
  private struct Word {
    var readings: [AcknowledgedReading] = []
    var dropped: Set<Int> = []
    var message: [UInt8] = []
  }

  /// What the gateway's signed acknowledgements say of its batches: each reading of the devices is looked up where it should be.
  private func wordAudit(_ bench: Bench, _ words: [Word], _ end: Int64) async throws -> Result {
    let headers = Dictionary(bench.statements.map { ($0.header.number, $0.header) }) { $1 }
    var (done, found, wrong): (Int, Int, Int) = (0, 0, 0)
    var entry: UInt64?
    for word in words {
      done += word.dropped.count
      for (index, reading) in word.readings.enumerated() {
        let leaf = try bench.store.leaf(reading.row)
        let proof = OmissionProof(acknowledgement: word.message, word.readings, index: index, leaf: leaf)
        do {
          try proof.verify(
            gateway: bench.name, key: bench.key.publicKey, header: headers[reading.row.batch], now: UInt64(end / 1000))
        } catch { continue }
        if word.dropped.contains(index) { found += 1 } else { wrong += 1 }
        // The two signatures prove it by themselves: the ledger's rules check them.
        if entry == nil {
          entry = try await report(.omission, bench.name, number: reading.row.batch, us: end, proof.evidence)
        }
      }
    }
    return Result(kind: .omission, done: done, found: found, wrong: wrong, entry: entry)
  }

  private func equivocation(_ bench: Bench, _ done: Set<UInt64>, _ end: Int64) async throws -> Result {
    var watch = HeaderWatch(gateway: bench.name, key: bench.key.publicKey)
    var (found, wrong): (Int, Int) = (0, 0)
    var entry: UInt64?
    for (header, statement) in bench.statements {
      if try watch.see(statement, nowUs: Int64(header.closed)) != nil { wrong += 1 }
      guard done.contains(header.number) else { continue }
      let second = try CorruptGateway.secondHeader(of: header, key: bench.key)
      guard try watch.see(second, nowUs: Int64(header.closed))?.kind == .equivocation else { continue }
      found += 1
      if entry == nil {
        // The two headers prove it by themselves: the ledger's rules check them.
        entry = try await report(.equivocation, bench.name, number: header.number, us: end, [statement, second])
      }
    }
    return Result(kind: .equivocation, done: done.count, found: found, wrong: wrong, entry: entry)
  }
}
