import COSE
import Edge
import EdgeIntake
import Ledger
import LedgerServer
import Primitives

/// What a gateway states beside its batches: alarms of its devices, of silent ones too, and incidents. It also carries out
/// what the ledger says of its devices: one that is revoked there is refused here from the next look on.
actor GatewayWatch: AlarmSink {
  private let gateway: Gateway
  private let key: PrivateKey
  private let node: Node
  private let sessions: [String: DeviceSession]
  private let urns: [UInt64: String]
  /// How often its promised time a device may be silent.
  private let patience: Double
  private var silence = SilenceWatch()
  private var latest = LatestWatch()
  /// The row up to which a device's latest values have been looked at.
  private var seen: [UInt64: RowID] = [:]
  private var certified: Set<String> = []
  private var revoked: Set<String> = []
  private var knownLives = -1
  /// When the last key of a device in service ends, milliseconds since 1970.
  private var ends: [String: UInt64] = [:]
  private var accused = 0

  /// The name of alarms of devices that should have reported.
  static let silent = "silent"

  init(_ gateway: Gateway, key: PrivateKey, node: Node, sessions: [String: DeviceSession], patience: Double) {
    (self.gateway, self.key, self.node, self.sessions) = (gateway, key, node, sessions)
    self.patience = patience
    urns = Dictionary(sessions.values.map { ($0.kid, $0.device) }) { $1 }
  }

  /// Devices that are silent now.
  var silentDevices: [String] { silence.silent.compactMap { urns[$0] }.sorted() }

  /// How many devices are watched for silence.
  var watched: Int { silence.count }

  /// One look, about once a second.
  func look() async {
    let now = SystemClock().now()
    do {
      try await readLives(now)
      try await expire(now)
      try await report(now)
      try await lookForSilence(Int64(now) * 1000)
      try await stateLatest()
    } catch {
      Console.say("The gateway \(gateway.name) cannot state what it found: \("\(error)")")
    }
  }

  // MARK: - The ledger's word on devices

  private func readLives(_ now: UInt64) async throws {
    let head = node.head
    let lives = try head.count(EdgeRules.deviceLives.prefix())
    guard lives != knownLives else { return }
    knownLives = lives
    // A gateway with more devices than the ledger reads through the list, others ask for each of theirs.
    let certificates =
      try sessions.count <= 1000
      ? sessions.keys.compactMap { urn in
        try head.value(EdgeRules.devices.key(.sha256(urn))).map { try DeviceCertificate(decoding: $0) }
      } : head.list(EdgeRules.devices.prefix()).map { try DeviceCertificate(decoding: $0.value) }
    for certificate in certificates {
      let urn = certificate.request.urn
      guard let session = sessions[urn] else { continue }
      guard certificate.status == .active else {
        if revoked.insert(urn).inserted { await gateway.revoke(kid: session.kid) }
        certified.remove(urn)
        ends[urn] = nil
        silence.forget(session.kid)
        continue
      }
      ends[urn] = certificate.keys.map(\.until).max()
      guard ends[urn].map({ $0 > now }) == true else { continue }
      if revoked.remove(urn) != nil { await gateway.enrol(session) }
      guard certified.insert(urn).inserted, let promised = Self.promise(certificate.request) else { continue }
      let heard = await gateway.lastHeard([session.kid])[0]
      let threshold = Double(promised) * 1_000_000 * patience
      silence.expect(
        session.kid, within: threshold < 9e18 ? Int64(threshold) : .max, since: max(heard ?? 0, Int64(now) * 1000),
        isSilent: try isSilent(urn, head))
    }
  }

  /// A certificate that has run out is one that was taken back.
  private func expire(_ now: UInt64) async throws {
    for (urn, end) in ends where end <= now {
      ends[urn] = nil
      guard let session = sessions[urn] else { continue }
      if revoked.insert(urn).inserted { await gateway.revoke(kid: session.kid) }
      certified.remove(urn)
      silence.forget(session.kid)
    }
  }

  /// Seconds within which the next reading comes, as the certificate says; nil where it promises nothing.
  static func promise(_ request: DeviceRequest) -> UInt64? {
    request.capabilities.map(\.updateTime).filter { $0 > 0 }.max().map { min($0, 1 << 32) }
  }

  /// Whether the last alarm of this kind stands: a restart does not raise it again.
  private func isSilent(_ urn: String, _ head: LedgerView) throws -> Bool {
    let alarms = try CityBoard.newest(EdgeRules.deviceAlarms.prefix(.sha256(urn)), 100, head)
      .map { try Recorded<Alarm>(decoding: $0.value).document }
    return alarms.last { $0.name == Self.silent }.map { $0.severity != 5 } ?? false
  }

  private func lookForSilence(_ nowUs: Int64) async throws {
    let kids = silence.due(nowUs)
    guard !kids.isEmpty else { return }
    var alarms: [Alarm] = []
    for (kid, last) in zip(kids, await gateway.lastHeard(kids)) {
      switch silence.note(kid, last: last, now: nowUs) {
      case .silent(let kid, let last):
        guard let urn = urns[kid] else { continue }
        let text = "Nothing since \(Timestamp.text(UInt64(max(0, last)) / 1000))."
        alarms.append(Alarm(device: urn, name: Self.silent, severity: 2, time: UInt64(nowUs), text: text))
      case .heard(let kid, let time):
        guard let urn = urns[kid] else { continue }
        let text = "Heard again at \(Timestamp.text(UInt64(max(0, time)) / 1000))."
        alarms.append(Alarm(device: urn, name: Self.silent, severity: 5, time: UInt64(nowUs), text: text))
      case nil: continue
      }
    }
    try await state(alarms.map { ($0, $0.device) })
  }

  // MARK: - Latest values

  /// What certified devices have measured last goes onto the ledger where it has moved, or its heartbeat is due.
  private func stateLatest() async throws {
    let head = node.head
    let kids = certified.sorted().compactMap { sessions[$0]?.kid }
    var values: [LatestValue] = []
    for (kid, row, reading) in try await gateway.newest(kids, unless: seen) {
      seen[kid] = row
      values += try latest.note(reading) { name in
        try head.value(EdgeRules.latest.key(.sha256(reading.device), .sha256(name)))
          .map { try LatestValue(decoding: $0) }
      }
    }
    for start in stride(from: 0, to: values.count, by: LatestValues.most) {
      let part = Array(values[start..<min(start + LatestValues.most, values.count)])
      do {
        let statement = try entry(LatestValues(part), gateway.name, SystemClock().now(), .random())
        for outcome in try await node.submit([statement]) {
          // One of them is out of service by now, or another gateway was first: the ledger is asked again.
          if case .refused = outcome { latest.forget(part) } else { _ = try outcome.place() }
        }
      } catch {
        latest.forget(part)
        for value in part { if let kid = sessions[value.device]?.kid { seen[kid] = nil } }
        throw error
      }
    }
  }

  // MARK: - Statements

  /// An alarm of a device becomes a statement with the device's message as its evidence, if the ledger knows the device.
  func raise(_ messages: [[UInt8]]) async {
    let now = SystemClock().now()
    var entries: [[UInt8]] = []
    for message in messages {
      guard let reading = ReadingForm(message: message), sessions[reading.device] != nil,
        (try? node.head.value(EdgeRules.devices.key(.sha256(reading.device)))) ?? nil != nil
      else { continue }
      let name = reading.records.first?.name ?? "alarm"
      let alarm = Alarm(
        device: reading.device, name: String(name.prefix(64)), severity: 1, time: UInt64(max(0, reading.timeUs)),
        text: String(ReadingText.values(reading).prefix(120)), evidence: message)
      // Time and id follow from the message, so that one that comes again after a crash is the same statement.
      let sent = UInt64(max(0, reading.timeUs)) / 1000
      let id = ClaimID(Digest.sha256(message).bytes[..<16]) ?? .random()
      let isRecent = sent <= now && now - sent < 3_600_000
      do {
        entries.append(try entry(alarm, reading.device, isRecent ? sent : now, id))
      } catch { Console.say("The gateway \(gateway.name) cannot state what it found: \("\(error)")") }
    }
    do { try await state(entries) } catch {
      Console.say("The gateway \(gateway.name) cannot state what it found: \("\(error)")")
    }
  }

  private func report(_ now: UInt64) async throws {
    let incidents = await gateway.takeIncidents()
    guard !incidents.isEmpty else { return }
    accused += incidents.count
    let reports = incidents.map { incident in
      let subject = urns[incident.kid] ?? gateway.name
      return (
        IncidentReport(
          incident.kind, subject: subject, number: incident.number, time: UInt64(max(0, incident.timeUs)),
          evidence: IncidentReport.fitting(incident.evidence)), subject
      )
    }
    try await state(reports)
  }

  /// What is on record already, or of a device that is out of service by now, is no fault.
  private func state(_ documents: [(some EdgeDocument, String)]) async throws {
    try await state(documents.map { try entry($0, $1, SystemClock().now(), .random()) })
  }

  private func entry(
    _ document: some EdgeDocument, _ subject: String, _ time: UInt64, _ claimID: ClaimID
  ) throws -> [UInt8] {
    try document.statement(
      issuer: gateway.name, subject: subject, time: time, claimID: claimID, key: key, carryingKey: true
    ).entry
  }

  private func state(_ entries: [[UInt8]]) async throws {
    for start in stride(from: 0, to: entries.count, by: 1000) {
      for outcome in try await node.submit(Array(entries[start..<min(start + 1000, entries.count)])) {
        if case .refused = outcome { continue }
        _ = try outcome.place()
      }
    }
  }
}
