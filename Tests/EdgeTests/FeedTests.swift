import COSE
import Edge
import EdgeFeed
import FiveG
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("Edge against the simulated network", .serialized)
struct FeedTests {
  static func scenario(_ name: String, devices: Int, seconds: Int64, seed: UInt64 = 21) -> Scenario {
    var noise = Fleet("noise", .noise, count: devices)
    noise.arrivals = .periodic(period: 1_000_000, jitter: 20_000)
    var weather = Fleet("weather", .weather, count: max(1, devices / 4))
    weather.arrivals = .periodic(period: 2_000_000, jitter: 50_000)
    return Scenario(name: name, seed: seed, duration: seconds * 1_000_000, fleets: [noise, weather])
  }

  struct Set {
    let simulation: Simulation
    let devices: FeedDevices
    let readings: FeedReadings
    let core: EdgeCore

    init(_ scenario: Scenario, limits: IntakeLimits = IntakeLimits()) throws {
      simulation = try Simulation(scenario)
      devices = FeedDevices(seed: scenario.seed, gateway: EdgeKit.gateway)
      readings = try FeedReadings(devices, simulation)
      core = EdgeCore(
        gateway: EdgeKit.gateway, key: EdgeKit.key, rules: try FeedDevices.rules(), limits: limits, secretSeed: [3])
      for session in try devices.enrolled(simulation) { if let session { core.enrol(session) } }
    }
  }

  @Test("no accusation in a clean run")
  func clean() throws {
    let count = 10_000_000
    let seconds = Int64(count / 9000 + 2)
    let set = try Set(Self.scenario("clean", devices: 8000, seconds: seconds))
    var generator = PacketGenerator(set.simulation)
    var batch = PacketBatch()
    var messages = MessageBatch(capacity: 4096)
    var (total, accepted, headers): (Int, Int, Int) = (0, 0, 0)
    var doubted: UInt64 = 0
    while generator.next(&batch) {
      messages.removeAll()
      for row in 0..<batch.count { set.readings.append(batch, row, to: &messages) }
      var start = 0
      messages.bytes.withUnsafeBytes { bytes in
        for row in 0..<messages.count {
          let outcome = set.core.accept(
            UnsafeRawBufferPointer(rebasing: bytes[start..<messages.ends[row]]), arrival: messages.arrivals[row])
          start = messages.ends[row]
          total += 1
          if case .accepted = outcome { accepted += 1 }
        }
      }
      let sealed = try set.core.seal(now: messages.arrivals.last ?? 0)
      headers += sealed.count
      for batch in sealed { doubted += batch.header.quality[2] + batch.header.quality[3] }
    }
    let incidents = set.core.incidents.take()
    print("clean run: \(total) readings, \(accepted) accepted, \(incidents.count) incidents, \(headers) batches")
    #expect(total >= count && accepted == total)
    #expect(doubted == 0, "no value of a clean sensor is suspect")
    #expect(incidents.isEmpty && set.core.incidents.reported == 0)
    #expect(set.core.counters.rejectedTotal == 0)
  }

  @Test("one seed gives the same batches on every machine")
  func golden() throws {
    let set = try Set(Self.scenario("golden", devices: 40, seconds: 30))
    var generator = PacketGenerator(set.simulation)
    var batch = PacketBatch(capacity: 100)
    var headers: [BatchHeader] = []
    while generator.next(&batch) {
      var messages = MessageBatch(capacity: 100)
      for row in 0..<batch.count { set.readings.append(batch, row, to: &messages) }
      for row in 0..<messages.count { _ = set.core.accept(messages.message(row), arrival: messages.arrivals[row]) }
      headers += try set.core.seal(now: messages.arrivals.last ?? 0).map { $0.header }
    }
    let last = try #require(headers.last)
    print("golden: \(headers.count) batches, the last is \(last.digest.hex)")
    #expect(headers.count == 14)
    #expect(last.digest.hex == "89cc0fd55b7548d6bfe14f2a5bd070638023938b05cda2881668858e7672ddad")
  }

  @Test("replay, clone, rollback and sybil: detected is what was done", arguments: [31, 32, 33] as [UInt64])
  func outside(seed: UInt64) throws {
    var scenario = Self.scenario("attacks", devices: 300, seconds: 150, seed: seed)
    scenario.attacks.replayed = 5000
    scenario.attacks.replayMaximum = 100_000_000
    scenario.attacks.cloned = 20_000
    scenario.attacks.rolledBack = 30_000
    var sybils = Fleet("sybils", .noise, count: 5)
    sybils.arrivals = .periodic(period: 7_000_000, jitter: 1000)
    sybils.enrolled = false
    scenario.fleets.append(sybils)
    let set = try Set(scenario)
    var generator = PacketGenerator(set.simulation)
    var batch = PacketBatch(capacity: 1000)
    var done: [Truth: Int] = [:]
    let store = try EdgeStore(path: EdgeKit.temporaryPath(), gateway: EdgeKit.gateway)
    try store.recover(set.core)
    while generator.next(&batch) {
      var messages = MessageBatch(capacity: 1000)
      for row in 0..<batch.count { set.readings.append(batch, row, to: &messages) }
      for row in 0..<batch.count {
        if set.core.isFull { try store.commitNow(try set.core.seal(now: messages.arrivals[row])) }
        let before = set.core.incidents.reported
        let outcome = set.core.accept(messages.message(row), arrival: messages.arrivals[row])
        let kinds = set.core.incidents.take().map(\.kind)
        let accused = set.core.incidents.reported > before
        let truth = batch.truth[row].intersection([.replay, .clone, .rollback, .sybil])
        let place = "seed \(seed), device \(batch.devices[row]) number \(batch.sequences[row]) \(truth) \(outcome)"
        guard !truth.isEmpty else {
          #expect(!accused, "\(place)")
          continue
        }
        #expect(accused, "\(place)")
        let named: [(Truth, Incident.Kind)] = [
          (.replay, .replay), (.clone, .clone), (.rollback, .rollback), (.sybil, .sybil),
        ]
        // A second report of one number is not kept again; a first one must name what was done.
        if let kind = kinds.first {
          // A replay of a message that was refused itself is that message again, under its own name.
          let allowed = named.filter { truth.contains($0.0) }.map(\.1)
          #expect(allowed.contains(kind) || truth == [.replay, .rollback] && kind == .clone, "\(place) is \(kind)")
        }
        for (flag, _) in named where truth.contains(flag) { done[flag, default: 0] += 1 }
        if case .accepted = outcome { Issue.record("accepted: \(place)") }
      }
    }
    print("attacks of seed \(seed): \(done.map { "\($0.value) of \($0.key.rawValue)" }.sorted())")
    #expect(done.count == 4)
  }

  @Test("altering, dropping, back-dating and equivocating gateways: detected is what was done")
  func inside() throws {
    for misdeed in Attacks.Misdeed.allCases { try inside(misdeed) }
  }

  private func inside(_ misdeed: Attacks.Misdeed) throws {
    var scenario = Self.scenario("corrupt", devices: 60, seconds: 200, seed: 77)
    scenario.attacks.gateways = (0..<scenario.map.gateways).map {
      Attacks.Gateway(gateway: $0, misdeed: misdeed, ppm: 3000)
    }
    var limits = IntakeLimits()
    limits.aheadUs = 7_200_000_000
    let set = try Set(scenario, limits: limits)
    let corrupt = CorruptGateway(set.readings)
    var makers = (0..<set.simulation.devices).map { EpochMaker(device: $0, devices: set.devices) }
    var epochs: [(device: Int, epoch: DeviceEpoch, start: Digest)] = []
    var acknowledged: [[UInt64: Bool]] = Array(repeating: [:], count: set.simulation.devices)
    // What was done, by device and number or by row.
    var altered: [Int: Swift.Set<UInt64>] = [:]
    var dropped: [Int: Swift.Set<UInt64>] = [:]
    var backdated: Swift.Set<RowID> = []
    var equivocated: Swift.Set<UInt64> = []
    let store = try EdgeStore(path: EdgeKit.temporaryPath(), gateway: EdgeKit.gateway)
    var headers: [BatchHeader] = []
    var statements: [[UInt8]] = []
    func seal(_ now: Int64) throws {
      let batches = try set.core.seal(now: now)
      try store.commitNow(batches)
      headers += batches.map { $0.header }
      statements += batches.map { $0.statement.entry }
    }
    var generator = PacketGenerator(set.simulation)
    var batch = PacketBatch(capacity: 60)
    while generator.next(&batch) {
      // What was lost on the air was sent all the same.
      for loss in batch.losses {
        let lost = Array("lost \(loss.device) \(loss.sequence)".utf8)
        for made in try makers[Int(loss.device)].sent(UInt64(loss.sequence), payload: lost, timeUs: loss.time) {
          epochs.append((Int(loss.device), made.epoch, made.start))
        }
      }
      for row in 0..<batch.count {
        let (device, seq, truth) = (Int(batch.devices[row]), UInt64(batch.sequences[row]), batch.truth[row])
        let sent = set.readings.reading(batch, row, forwarded: false).encoded()
        for made in try makers[device].sent(seq, payload: sent, timeUs: EdgeKit.start) {
          epochs.append((device, made.epoch, made.start))
        }
        acknowledged[device][seq] = true
        var messages = MessageBatch()
        guard corrupt.forward(batch, row, to: &messages) else {
          dropped[device, default: []].insert(seq)
          continue
        }
        let outcome = set.core.accept(messages.message(0), arrival: messages.arrivals[0])
        guard case .accepted(let place) = outcome else {
          Issue.record("\(misdeed): \(outcome)")
          continue
        }
        if truth.contains(.altered) { altered[device, default: []].insert(seq) }
        if truth.contains(.backdated) { backdated.insert(place) }
        if truth.contains(.equivocated) { equivocated.insert(place.batch) }
      }
      try seal(set.readings.startUs + (batch.arrivals.last ?? 0))
    }
    // The audit: bodies, epochs, acknowledgements, headers.
    var stored: [String: [UInt64: [UInt8]]] = [:]
    try store.eachReading { _, reading, payload in stored[reading.device, default: [:]][reading.seq] = payload }
    var (found, omitted): (Int, Int) = (0, 0)
    for (device, epoch, start) in epochs {
      let own = stored[epoch.device] ?? [:]
      let audit = EpochAudit(
        epoch, start: start, payload: { own[$0] }, isAcknowledged: { acknowledged[device][$0] == true })
      let range = epoch.first...epoch.last
      let done = (dropped[device] ?? []).filter { range.contains($0) }.sorted()
      #expect(audit.omitted == done, "\(misdeed)")
      omitted += done.count
      guard let isUnaltered = audit.isUnaltered else { continue }
      let isAltered = (altered[device] ?? []).contains { range.contains($0) }
      #expect(isUnaltered == !isAltered, "\(misdeed) device \(device) \(range)")
      if isAltered { found += 1 }
    }
    var accused: Swift.Set<RowID> = []
    for header in headers { accused.formUnion(try store.backdatedRows(header.number)) }
    #expect(accused == backdated, "\(misdeed)")
    var watch = HeaderWatch(gateway: EdgeKit.gateway, key: EdgeKit.key.publicKey)
    var twice: Swift.Set<UInt64> = []
    for (header, statement) in zip(headers, statements) {
      let now = Int64(header.closed)
      #expect(try watch.see(statement, nowUs: now) == nil)
      guard equivocated.contains(header.number) else { continue }
      let second = try CorruptGateway.secondHeader(of: header, key: EdgeKit.key)
      if try watch.see(second, nowUs: now)?.kind == .equivocation { twice.insert(header.number) }
    }
    #expect(twice == equivocated, "\(misdeed)")
    print(
      "\(misdeed): \(found) altered epochs, \(omitted) omitted, \(accused.count) back-dated, \(twice.count) twice")
    #expect(found + omitted + accused.count + twice.count > 0, "\(misdeed)")
  }
}
