import COSE
import Edge
import EdgeFeed
import FiveG
import Ledger
import MQTT
import Primitives

/// One gateway of the demo with the simulated devices that send to it.
///
/// Its clock is the simulation's, and it reads one stream of packets in order: one seed gives the same batches.
actor Station {
  /// The devices that sign: their keys are on the ledger, their readings of tier 2, their alarms statements.
  struct Signers: DeviceDirectory {
    let devices: FeedDevices
    let kids: [String: (kid: UInt64, key: PublicKey)]

    init(_ devices: FeedDevices, _ readings: FeedReadings, _ numbers: Set<Int>) {
      self.devices = devices
      var kids: [String: (kid: UInt64, key: PublicKey)] = [:]
      for number in numbers {
        kids[devices.name(number)] = (readings.session(number).kid, devices.signingKey(number).publicKey)
      }
      self.kids = kids
    }

    func device(named urn: String) -> (kid: UInt64, key: PublicKey)? { kids[urn] }
  }

  /// What came of the packets.
  struct Figures: Sendable {
    var packets = 0
    var epochs = 0
    var accepted = 0
    var duplicates = 0
    var late = 0
    var rejected = 0
    /// Lost between device and gateway.
    var lost = 0
    /// Packets taken in by second of the simulation.
    var perSecond: [Int] = []
  }

  nonisolated let name: String
  nonisolated let gateway: Gateway
  nonisolated let readings: FeedReadings
  nonisolated let key: PrivateKey
  private nonisolated let clock: ManualClock
  private let signing: Set<Int>
  private var generator: PacketGenerator
  private var batch: PacketBatch
  private var messages = MessageBatch(capacity: 4096)
  private var makers: [Int: EpochMaker] = [:]
  /// The first row of `batch` that has not been taken in.
  private var cursor = 0
  /// Whether all packets have been taken in.
  private(set) var isEnded = false
  private var handedOut: UInt64 = 0
  /// The broker through which the readings come; nil for the way within the process.
  private var feed: BrokerFeed?
  /// Alarms of certified devices that wait to be stated.
  private var alarms: [Alarm] = []
  private var latest = LatestWatch()
  /// The row up to which a device's latest values have been looked at.
  private var seen: [UInt64: RowID] = [:]
  private(set) var figures = Figures()

  /// A gateway over a range of devices.
  ///
  /// - Parameters:
  ///   - path: the gateway's file.
  ///   - batchMs: how long a batch is open.
  ///   - anchored: the last batch that the ledger has.
  init(
    _ simulation: Simulation, range: Range<Int>, signing: Set<Int>, devices: FeedDevices, boot: UInt32 = 0,
    path: String, batchMs: UInt64 = 1000, anchored: UInt64 = 0
  ) throws {
    name = devices.gateway
    handedOut = anchored
    let seed = devices.seed
    key = .derive(seed: seed, label: devices.gateway)
    let signing = signing.filter(range.contains)
    self.signing = signing
    readings = try FeedReadings(devices, simulation, range: range, boot: boot, signsEpochs: signing.contains)
    clock = ManualClock(UInt64(simulation.scenario.start) * 1000)
    var configuration = GatewayConfiguration(name: name, key: key, rules: try FeedDevices.rules())
    configuration.clock = clock
    configuration.batchMs = batchMs
    configuration.directory = Signers(devices, readings, signing)
    configuration.secretSeed = Array("\(seed)/\(name)".utf8)
    gateway = try Gateway(configuration, path: path, sessions: readings.enrolled)
    generator = PacketGenerator(simulation, devices: range)
    batch = PacketBatch(capacity: min(4096, max(16, range.count / 64)))
    for device in signing { makers[device] = EpochMaker(device: device, devices: devices, boot: boot) }
  }

  var statistics: Statistics { generator.statistics }

  /// Has the readings come through a broker from now on.
  func connect(_ broker: Broker) async throws { feed = try await BrokerFeed(broker, gateway, clock) }

  /// Ends the way through the broker; gives how many messages came by it.
  func disconnect() async -> Int {
    defer { feed = nil }
    return await feed?.end() ?? 0
  }

  /// Takes in what arrives up to a time of the simulation in microseconds, makes it durable, and gives the signed headers
  /// and the alarms that are new.
  func run(until end: Int64) async throws -> (headers: [[UInt8]], alarms: [Alarm]) {
    while !isEnded {
      if cursor == batch.count {
        guard generator.next(&batch) else {
          isEnded = true
          break
        }
        cursor = 0
        try losses()
      }
      guard cursor < batch.count else { continue }
      guard batch.arrivals[cursor] < end else { break }
      try await takeIn(until: end)
    }
    set(clock: end)
    try await gateway.flush()
    return (try await newHeaders(), takeAlarms())
  }

  /// The closing batch.
  func close() async throws -> [[UInt8]] {
    try await gateway.closeSeries()
    return try await newHeaders()
  }

  private func set(clock us: Int64) {
    let time = UInt64((readings.startUs + us) / 1000 + 1)
    if time > clock.now() { clock.set(time) }
  }

  /// What the air lost was sent all the same.
  private func losses() throws {
    messages.removeAll()
    for loss in batch.losses {
      figures.lost += 1
      try sent(Int(loss.device), UInt64(loss.sequence), payload: Array("lost \(loss.sequence)".utf8), at: loss.time)
    }
  }

  private func takeIn(until end: Int64) async throws {
    var last = batch.arrivals[cursor]
    // What comes from a broker is stamped when it comes: the clock is set once for each piece.
    let end = feed == nil ? end : min(end, last + 1_000_000)
    while cursor < batch.count, batch.arrivals[cursor] < end {
      let row = cursor
      cursor += 1
      last = batch.arrivals[row]
      let device = Int(batch.devices[row])
      readings.append(batch, row, to: &messages)
      figures.packets += 1
      let second = Int(batch.arrivals[row] / 1_000_000)
      while figures.perSecond.count <= second { figures.perSecond.append(0) }
      figures.perSecond[second] += 1
      guard signing.contains(device) else { continue }
      let message = messages.message(messages.count - 1)
      if batch.kinds[row] == .alarm {
        alarms.append(
          Alarm(
            device: readings.devices.name(device), name: "power-cut", severity: 1,
            time: UInt64(max(0, readings.startUs + batch.sampleTimes[row])), text: "", evidence: message))
      }
      let payload = readings.reading(batch, row, forwarded: false).encoded()
      try sent(device, UInt64(batch.sequences[row]), payload: payload, at: batch.arrivals[row])
    }
    set(clock: last)
    defer { messages.removeAll() }
    if let feed {
      let counts = try await feed.take(messages)
      figures.accepted += counts.accepted
      figures.duplicates += counts.duplicates
      figures.late += counts.late
      figures.rejected += counts.rejected
      return try await gateway.tick()
    }
    for outcome in try await gateway.accept(messages) {
      switch outcome {
      case .accepted: figures.accepted += 1
      case .duplicate: figures.duplicates += 1
      case .late: figures.late += 1
      case .rejected: figures.rejected += 1
      }
    }
    try await gateway.tick()
  }

  /// Tells a signing device's maker what it sent; its epochs go the way of the readings.
  private func sent(_ device: Int, _ seq: UInt64, payload: [UInt8], at us: Int64) throws {
    guard makers[device] != nil else { return }
    for made in try makers[device]?.sent(seq, payload: payload, timeUs: readings.startUs + us) ?? [] {
      messages.append(made.message, arrival: readings.startUs + us)
      figures.epochs += 1
    }
  }

  private func newHeaders() async throws -> [[UInt8]] {
    var headers: [[UInt8]] = []
    let durable = await gateway.durable
    while handedOut < durable {
      handedOut += 1
      headers.append(try await gateway.statement(handedOut))
    }
    return headers
  }

  /// The values of certified devices that the ledger is to keep as their latest.
  func takeLatest() async throws -> [LatestValue] {
    let kids = signing.sorted().filter { readings.first..<readings.first + readings.sessions.count ~= $0 }
      .map { readings.session($0).kid }
    var values: [LatestValue] = []
    for (kid, row, reading) in try await gateway.newest(kids, unless: seen) {
      seen[kid] = row
      values += latest.note(reading) { _ in nil }
    }
    return values
  }

  private func takeAlarms() -> [Alarm] {
    defer { alarms = [] }
    return alarms
  }
}
