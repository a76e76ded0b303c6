import COSE
import Edge
import EdgeFeed
import FiveG
import FiveGScenario
import Foundation
import Ledger
import LedgerServer
import MQTT
import Primitives

/// One playing of the demo: a sensor's day, the square kilometre with its burst, attacks, and what a regulator is handed.
struct CityDemo {
  let folder: String
  let seed: UInt64
  let devices: Int
  /// The square kilometre's readings come through this broker, if there is one.
  var broker: Broker?

  private func tell(_ line: Message = "") { Console.answer(line) }

  func play() async throws {
    let scenario = try CityDemo.scenario(seed: seed, devices: devices)
    let began = ContinuousClock.now
    // The day before the square kilometre's is the sensor's day.
    let day = scenario.start - 86_400
    let ledger = try await DemoLedger(folder: folder, seed: seed, start: UInt64(day) * 1000 - 60_000)
    do {
      try await play(ledger, scenario, day: day)
      let node = ledger.node
      let (size, root, state) = (node.head.size, node.head.root, node.head.seal.stateRoot)
      tell()
      tell("Log: \(size) entries, root \(Base64.encode(root.bytes)); state \(state.hex.prefix(16))…; seed \(seed).")
      tell(
        "The same seed gives the same roots. Played in \(CityDemo.seconds(began)) s. Look around, after demo --data DIR: "
          + "smartcity incidents --data DIR; smartcity series \(Self.sensor) --gateway gw-0 --data DIR.")
    } catch {
      await ledger.open.close()
      throw error
    }
    await ledger.open.close()
  }

  /// The device whose day is proved.
  static let sensor = FeedDevices(seed: 0, gateway: "", prefix: street).name(0)
  private static let street = "street-"

  private func play(_ ledger: DemoLedger, _ scenario: Scenario, day: Int64) async throws {
    let edge = EdgeFolder(data: folder)
    tell("A square kilometre of a 5G city: \(scenario.devices) devices on \(scenario.slices.count) slices.")
    tell(
      "\(DemoLedger.members.count) members found \(ledger.node.genesis.origin); "
        + "\(ledger.node.genesis.configuration.quorum) of them must execute and co-sign.")
    try await ledger.giveRoles()
    tell()
    let street = try await sensorsDay(ledger, edge, day: day)
    tell()
    let square = try await squareKilometre(ledger, edge, scenario)
    tell()
    try await attacks(ledger, edge, start: scenario.start + 3600)
    try await ledger.open.settle()
    tell()
    try await evidence(ledger, street: street, square: square)
    for station in square { try await station.gateway.close() }
    try await street.gateway.close()
  }

  // MARK: - A sensor's day

  private func sensorsDay(_ ledger: DemoLedger, _ edge: EdgeFolder, day: Int64) async throws -> Station {
    var fleet = Fleet("air quality", .airQuality, count: 12)
    fleet.arrivals = .periodic(period: 60_000_000, jitter: 500_000)
    fleet.dirt.missing = 4000
    fleet.dirt.spiking = 500
    var scenario = Scenario(name: "a street's day", seed: seed, duration: 86_400_000_000, fleets: [fleet])
    scenario.start = day
    let simulation = try Simulation(scenario)
    let name = "gw-0"
    ledger.set(us: day * 1_000_000)
    try await ledger.register(gateway: name)
    let names = FeedDevices(seed: seed, gateway: name, prefix: Self.street)
    for device in 0..<fleet.count { try await ledger.certify(device, simulation, names) }
    try edge.prepare(
      names, key: .derive(seed: seed, label: name), scenario, range: 0..<fleet.count,
      places: Self.places(0..<fleet.count, simulation))
    let station = try Station(
      simulation, range: 0..<fleet.count, signing: Set(0..<fleet.count), devices: names,
      path: edge.file(name, "sqlite"), batchMs: 900_000)
    for quarter in 1...96 as ClosedRange<Int64> {
      let end = quarter * 900_000_000
      let (headers, alarms) = try await station.run(until: end)
      ledger.set(us: day * 1_000_000 + end)
      try await ledger.anchor(headers)
      try await state(alarms, station, ledger)
      try await ledger.state(latest: try await station.takeLatest(), by: station.name, key: station.key)
    }
    let closing = try await station.close()
    try await ledger.anchor(closing)
    let figures = await station.figures
    let batches = await station.gateway.durable
    tell(
      "A street's day: \(fleet.count) air-quality sensors sign what they send; \(figures.accepted - figures.epochs) readings "
        + "and \(figures.epochs) signed epochs in \(batches) batches.")
    return station
  }

  private func state(_ alarms: [Alarm], _ station: Station, _ ledger: DemoLedger) async throws {
    guard !alarms.isEmpty else { return }
    try await ledger.state(all: alarms.map { ($0, $0.device) }, by: station.name, key: station.key)
  }

  // MARK: - The square kilometre

  private func squareKilometre(
    _ ledger: DemoLedger, _ edge: EdgeFolder, _ scenario: Scenario
  ) async throws -> [Station] {
    let simulation = try Simulation(scenario)
    ledger.set(us: scenario.start * 1_000_000)
    let parts = 2
    // Two of each fleet sign: their keys are on the ledger. The others have what the network shares with their SIM.
    var signing: Set<Int> = []
    for (fleet, start) in zip(scenario.fleets, simulation.fleetStarts) {
      signing.formUnion(start..<start + min(2, fleet.count))
    }
    let names = FeedDevices(seed: seed, gateway: "gw-1")
    for device in signing.sorted() { try await ledger.certify(device, simulation, names) }
    var stations: [Station] = []
    let start = ContinuousClock.now
    for part in 0..<parts {
      let devices = FeedDevices(seed: seed, gateway: "gw-\(part + 1)")
      try await ledger.register(gateway: devices.gateway)
      let range = simulation.part(part, of: parts)
      try edge.prepare(
        devices, key: .derive(seed: seed, label: devices.gateway), scenario, range: range,
        places: Self.places(signing.sorted().filter(range.contains), simulation))
      stations.append(
        try Station(
          simulation, range: range, signing: signing, devices: devices,
          path: edge.file(devices.gateway, "sqlite")))
    }
    tell(
      "\(simulation.devices) sessions derived (AKMA) and \(signing.count) devices certified in \(Self.seconds(start)) s."
    )
    if let broker {
      for station in stations { try await station.connect(broker) }
    }
    let seconds = scenario.duration / 1_000_000
    let progress = Progress("the city's minute")
    let run = ContinuousClock.now
    var headers = 0
    var end: Int64 = 0
    var isEnded = false
    // By the second; what comes minutes late, in longer steps.
    while !isEnded {
      end += end < scenario.duration ? 1_000_000 : 60_000_000
      let until = end
      let made = try await withThrowingTaskGroup(of: (Int, [[UInt8]], [Alarm]).self) { group in
        for (index, station) in stations.enumerated() {
          group.addTask {
            let (headers, alarms) = try await station.run(until: until)
            return (index, headers, alarms)
          }
        }
        var made: [Int: ([[UInt8]], [Alarm])] = [:]
        for try await (index, headers, alarms) in group { made[index] = (headers, alarms) }
        return made
      }
      ledger.set(us: scenario.start * 1_000_000 + end)
      for (index, station) in stations.enumerated() {
        guard let (new, alarms) = made[index] else { continue }
        headers += new.count
        try await ledger.anchor(new)
        try await state(alarms, station, ledger)
        try await ledger.state(latest: try await station.takeLatest(), by: station.name, key: station.key)
      }
      progress.show(UInt64(min(seconds, end / 1_000_000)), of: UInt64(seconds))
      isEnded = true
      for station in stations where await !station.isEnded { isEnded = false }
    }
    for station in stations {
      let closing = try await station.close()
      headers += closing.count
      try await ledger.anchor(closing)
    }
    try await ledger.open.settle()
    let elapsed = run.duration(to: .now)
    if let broker {
      var messages = 0
      for station in stations { messages += await station.disconnect() }
      tell(
        "\(messages) messages of the city came over MQTT, through mosquitto at \(broker.address.text), into the gateways by "
          + "the way that HTTP and this process take too.")
    }
    try await tellSquare(stations, simulation, edge, headers: headers, elapsed: elapsed)
    return stations
  }

  /// Where devices stand when the scenario begins.
  private static func places(_ devices: some Sequence<Int>, _ simulation: Simulation) -> [EdgeFolder.Feed.Place] {
    devices.map { device in
      let point = simulation.position(ofDevice: device, at: 0)
      return EdgeFolder.Feed.Place(device: device, x: point.x, y: point.y)
    }
  }

  private func tellSquare(
    _ stations: [Station], _ simulation: Simulation, _ edge: EdgeFolder, headers: Int, elapsed: Swift.Duration
  ) async throws {
    var total = Station.Figures()
    var statistics = await stations[0].statistics
    for (index, station) in stations.enumerated() {
      let figures = await station.figures
      if index > 0 { statistics.add(await station.statistics) }
      total.packets += figures.packets
      total.epochs += figures.epochs
      total.accepted += figures.accepted
      total.duplicates += figures.duplicates
      total.late += figures.late
      total.rejected += figures.rejected
      total.lost += figures.lost
      for (second, count) in figures.perSecond.enumerated() {
        while total.perSecond.count <= second { total.perSecond.append(0) }
        total.perSecond[second] += count
      }
    }
    let time = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let rate = Int(Double(total.packets) / max(time, 0.001))
    tell(
      "A minute of the city with a power cut: \(total.packets) readings arrived, at most \(total.perSecond.max() ?? 0) in "
        + "one second; \(total.lost) were lost on the air.")
    tell(
      "  Every arrival is accounted for: \(total.accepted - total.epochs) accepted, \(total.late) late, "
        + "\(total.duplicates) repeated, \(total.rejected) refused, in \(headers) batches, all on the ledger.")
    guard total.accepted + total.late + total.duplicates + total.rejected == total.packets + total.epochs else {
      throw LedgerError(.damaged, "The counts do not add up: a reading was lost. This must not happen.")
    }
    var report = KPIReport(simulation, statistics)
    report.processing = [
      KPIReport.Measured(
        name: "authenticated, flagged, durable and anchored", value: Double(rate), unit: "readings/s"),
      KPIReport.Measured(name: "for one minute of the city", value: (time * 10).rounded() / 10, unit: "s"),
    ]
    try edge.keep(SimulatedFigures(simulation, statistics, report, arrivals: total.perSecond))
    tell()
    tell(Message(report.text))
  }

  // MARK: - Attacks

  private func attacks(_ ledger: DemoLedger, _ edge: EdgeFolder, start: Int64) async throws {
    tell("Attacks, each on a gateway of its own (done, found, entry with the evidence):")
    let attacks = DemoAttacks(ledger: ledger, folder: edge, seed: seed)
    let results = try await attacks.outside(start: start) + attacks.inside(start: start + 600)
    for result in results {
      let line: Message =
        "  \(result.kind.rawValue, width: 14) \(result.done) done, \(result.found) found, \(result.wrong) wrong, entry "
        + "\(result.entry.map { "\($0)" } ?? "-")"
      tell(line)
      guard result.done > 0, result.found == result.done, result.wrong == 0, result.entry != nil else {
        throw LedgerError(.damaged, "An attack was not found, or an honest device was accused. This must not happen.")
      }
    }
  }

  // MARK: - What a regulator is handed

  private func evidence(_ ledger: DemoLedger, street: Station, square: [Station]) async throws {
    tell("What a regulator is handed:")
    let session = street.readings.session(0)
    let rows = try await street.gateway.rows(kid: session.kid, limit: 2000)
    guard let row = rows.dropFirst(rows.count / 2).first else {
      throw LedgerError(.notFound, "The gateway has no readings.")
    }
    let part = try await street.gateway.proof(row)
    let reading = try excerpt(street.name, row.batch, part.leaf.encoded(), ledger, "reading.proof")
    let found = try await ReadingAnswer.series(street.gateway, session, boot: 0, from: .number(0), to: nil)
    _ = try prove(found.question, batches: found.batches, found.series.encoded(), ledger, "day.proof")
    guard let own = square.first,
      let other = try await own.gateway.rows(
        kid: own.readings.session(own.readings.first).kid, limit: 1
      ).first
    else { throw LedgerError(.notFound, "The gateway has no readings.") }
    let one = try await own.gateway.proof(other)
    _ = try excerpt(own.name, other.batch, one.leaf.encoded(), ledger, "meter.proof")
    _ = try prove(
      .reading(gateway: own.name, other), batches: [other.batch], one.leaf.encoded(), ledger, "meter-full.proof")
    for question in [CityQuestion.incidents(subject: nil), .devices(owner: DemoLedger.owner)] {
      let bundle = try ledger.node.prove(question.request)
      try check(bundle.encoded(), ledger, question.words[0] + ".proof", lines: 1)
    }
    try tamper(reading, ledger)
  }

  private func prove(
    _ question: ReadingQuestion, batches: [UInt64], _ evidence: [UInt8], _ ledger: DemoLedger, _ name: String
  ) throws -> [UInt8] {
    let bundle = try ledger.node.prove(question.request(batches: batches, evidence: evidence))
    try check(bundle.encoded(), ledger, name, lines: 4)
    return bundle.encoded()
  }

  private func check(_ bytes: [UInt8], _ ledger: DemoLedger, _ name: String, lines: Int) throws {
    try Console.write(bytes, to: folder + "/" + name)
    let policy = try VerifyCommand<SmartCityApp>.policy(at: folder + "/policy.txt")
    // Once before the clock starts: what a program does once in its life is not the proof's cost.
    _ = try ProofBundle(decoding: bytes).verify(policy: policy)
    let start = ContinuousClock.now
    let bundle = try ProofBundle(decoding: bytes).verify(policy: policy)
    let claims = try SmartCityApp.claims(bundle) ?? []
    let took = start.duration(to: .now)
    let signers = bundle.signers.map(\.name).joined(separator: ", ")
    tell(
      "  \(name), \(bytes.count) bytes: VERIFIED offline in \(CityDemo.milliseconds(took)) ms, co-signed by \(signers)."
    )
    for claim in claims.prefix(lines) { tell("    " + claim) }
    if lines > 1, claims.count > lines, let last = claims.last { tell("    " + last) }
  }

  private func excerpt(
    _ gateway: String, _ batch: UInt64, _ leaf: [UInt8], _ ledger: DemoLedger, _ name: String
  ) throws -> [UInt8] {
    let bytes = try ReadingAnswer.excerpt(gateway, batch, leaf, ledger.node).encoded()
    try Console.write(bytes, to: folder + "/" + name)
    let policy = try VerifyCommand<SmartCityApp>.policy(at: folder + "/policy.txt")
    _ = try CityDemo.claims(bytes, policy)
    let start = ContinuousClock.now
    let claims = try CityDemo.claims(bytes, policy)
    let took = start.duration(to: .now)
    tell("  \(name), \(bytes.count) bytes: VERIFIED offline in \(CityDemo.milliseconds(took)) ms.")
    for claim in claims { tell("    " + claim) }
    guard bytes.count <= 2048 else {
      throw LedgerError(.limit, "The proof of a reading has \(bytes.count) bytes, more than 2,048.")
    }
    return bytes
  }

  private static func claims(_ bytes: [UInt8], _ policy: TrustPolicy) throws -> [Message] {
    let excerpt = try LogExcerpt(decoding: bytes)
    return try ReadingQuestion.claims(excerpt, excerpt.verify(policy: policy)) ?? []
  }

  /// One changed bit in a copy of the proof must be found.
  private func tamper(_ proof: [UInt8], _ ledger: DemoLedger) throws {
    let policy = try VerifyCommand<SmartCityApp>.policy(at: folder + "/policy.txt")
    var altered = proof
    let place = altered.count - 60
    altered[place] ^= 1
    tell("One bit of a copy of reading.proof is changed (byte \(place)):")
    do {
      _ = try CityDemo.claims(altered, policy)
    } catch {
      tell("  verify: \((error as? LedgerError)?.message ?? "\("\(error)")")")
      return
    }
    throw LedgerError(.notProved, "The altered proof was accepted: this must not happen.")
  }

  // MARK: -

  /// The square kilometre of `Samples/scenarios`, with this seed and scaled to so many devices.
  static func scenario(seed: UInt64, devices: Int) throws -> Scenario {
    let path = try Samples.path("scenarios/city-square-kilometre.yaml")
    do {
      var scenario = try ScenarioFile.parse(bytes: try Console.read(path, limit: ScenarioFile.maximumBytes))
      // 1 January 2026: in the past, so that a server of the ledger takes readings of today.
      scenario.start = 1_767_225_600
      scenario.seed = seed
      return scenario.scaled(toDevices: devices)
    } catch let error as ScenarioFileError {
      throw LedgerError(.malformed, "\(path): \("\(error)")")
    }
  }

  static func seconds(_ start: ContinuousClock.Instant) -> String {
    let tenths = start.duration(to: .now) / .milliseconds(100)
    return "\(Int(tenths) / 10).\(Int(tenths) % 10)"
  }

  static func milliseconds(_ duration: Swift.Duration) -> String {
    let hundredths = Int(duration / .microseconds(10))
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
