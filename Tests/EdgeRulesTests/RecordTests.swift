import COSE
import Edge
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("The rules for alarms, values, incidents, grants, operations and cameras", .serialized)
struct RecordTests {
  @Test("alarms by gateway or device, listed by time and by device")
  func alarms() async throws {
    let city = try await City()
    try await city.addGateway()
    try await city.enrol("a")
    try await city.enrol("b")
    let (a, b) = ("urn:dev:a", "urn:dev:b")
    func alarm(_ device: String, about: String? = nil, ago: UInt64 = 0, ahead: UInt64 = 0, by: String, key: String)
      async throws -> String?
    {
      try await city.state(
        Alarm(device: device, name: "smoke", severity: 1, time: (city.now + ahead - ago) * 1000, text: "x"),
        about: about ?? device, by: by, key: City.deviceKey(key))
    }
    #expect(try await alarm(a, by: "gw-1", key: "gw-1") == nil)
    #expect(try await alarm(a, by: a, key: "a") == nil)
    #expect(try await alarm(b, by: b, key: "b") == nil)
    #expect(try await alarm(a, by: a, key: "b") == "key-of-another")
    #expect(try await alarm(a, by: b, key: "b") == "gateway-unknown")
    #expect(try await alarm(a, about: b, by: "gw-1", key: "gw-1") == "subject-mismatch")
    #expect(try await alarm("urn:dev:c", by: "gw-1", key: "gw-1") == "device-unknown")
    #expect(try await alarm(a, ahead: 200_000, by: "gw-1", key: "gw-1") == "alarm-time")
    #expect(try await alarm(a, ago: City.day, by: "gw-1", key: "gw-1") == "alarm-time")
    let member = Alarm(device: a, name: "smoke", severity: 1, time: city.now * 1000, text: "")
    #expect(try await city.state(member, about: a) == "gateway-unknown")
    let severity = Alarm(device: a, name: "smoke", severity: 0, time: city.now * 1000, text: "")
    #expect(try await city.state(severity, about: a, by: "gw-1", key: City.deviceKey("gw-1")) == "alarm-malformed")
    #expect(try await city.state(DeviceStatusChange(a, .quarantined, reason: "x"), about: a) == nil)
    #expect(try await alarm(a, by: a, key: "a") == "device-quarantined")
    #expect(try await city.state(DeviceStatusChange(b, .revoked, reason: "x"), about: b) == nil)
    #expect(try await alarm(b, by: "gw-1", key: "gw-1") == "device-revoked")
    let view = city.open.sequencer.head
    let all = try view.list(EdgeRules.alarms.prefix())
    #expect(all.count == 3 && all.map(\.key.order) == all.map(\.key.order).sorted())
    let own = try view.list(EdgeRules.deviceAlarms.prefix(.sha256(a)))
    #expect(try own.map { try Recorded<Alarm>(decoding: $0.value).mark } == [1, 3])
    try await city.close()
  }

  @Test("latest values rise in time, for many devices at once or for none")
  func latest() async throws {
    let city = try await City()
    try await city.addGateway()
    try await city.enrol("a")
    try await city.enrol("b")
    func value(_ device: String, _ mantissa: Int64, _ time: UInt64) -> LatestValue {
      LatestValue(
        device: device, name: "temperature", exponent: -1, mantissa: mantissa, time: time, reason: .deviation)
    }
    func set(_ values: [LatestValue], by: String = "gw-1", key: PrivateKey? = City.deviceKey("gw-1")) async throws
      -> String?
    { try await city.state(LatestValues(values), about: by, by: by, key: key) }
    let time = city.now * 1000
    #expect(try await set([value("urn:dev:a", 215, time), value("urn:dev:b", -3, time)]) == nil)
    #expect(try await set([value("urn:dev:a", 216, time + 1), value("urn:dev:b", -3, time)]) == "latest-old")
    #expect(try await set([value("urn:dev:a", 216, time + 1), value("urn:dev:c", 1, time)]) == "device-unknown")
    #expect(try await set([value("urn:dev:a", 1, time + 400_000_000)]) == "latest-time")
    #expect(try await set([]) == "latest-malformed")
    #expect(try await set([value("urn:dev:a", 1, time + 1)], by: "org-1", key: nil) == "gateway-unknown")
    // What came before a refusal is undone.
    let key = EdgeRules.latest.key(.sha256("urn:dev:a"), .sha256("temperature"))
    let stored = try city.open.sequencer.head.value(key)
    #expect(try LatestValue(decoding: try #require(stored)).mantissa == 215)
    try await city.close()
  }

  @Test("incidents: what can be proved must be, once; a proved clone is in quarantine")
  func incidents() async throws {
    let city = try await City()
    try await city.addGateway()
    try await city.addGateway("gw-2")
    try await city.enrol("a")
    let first = city.header(1)
    var second = first
    second.root = .sha256("other")
    let one = try city.entry(first)
    let two = try city.entry(second)
    #expect(try await city.submit(one) == nil)
    #expect(try await city.submit(two) == "batch-equivocation")
    func report(
      _ kind: Incident.Kind, _ subject: String, _ number: UInt64, _ evidence: [[UInt8]], by: String = "org-4",
      key: PrivateKey? = nil, about: String? = nil
    ) async throws -> String? {
      try await city.state(
        IncidentReport(kind, subject: subject, number: number, time: city.now * 1000, evidence: evidence),
        about: about ?? subject, by: by, key: key)
    }
    #expect(try await report(.equivocation, "gw-1", 1, [one, one]) == "incident-not-proved")
    #expect(try await report(.equivocation, "gw-1", 2, [one, two]) == "incident-not-proved")
    #expect(try await report(.equivocation, "gw-2", 1, [one, two]) == "incident-not-proved")
    #expect(try await report(.equivocation, "gw-3", 1, [one, two]) == "gateway-unknown")
    let forged = try city.entry(second, key: City.deviceKey("gw-2"))
    #expect(try await report(.equivocation, "gw-1", 1, [one, forged]) == "incident-not-proved")
    #expect(try await report(.equivocation, "gw-1", 1, [one, two], about: "gw-2") == "subject-mismatch")
    #expect(try await report(.equivocation, "gw-1", 1, [one, two]) == nil)
    #expect(try await report(.equivocation, "gw-1", 1, [two, one]) == "incident-known")
    // A fork: the next header names the other one.
    let next = city.header(2, after: second)
    #expect(try await report(.fork, "gw-1", 2, [two, try city.entry(next)]) == "incident-not-proved")
    #expect(try await report(.fork, "gw-1", 2, [one, try city.entry(next)]) == nil)

    let key = City.deviceKey("a")
    func epoch(_ chain: String, last: UInt64 = 63, boot: UInt32 = 1, key: PrivateKey) throws -> [UInt8] {
      try DeviceEpoch(
        device: "urn:dev:a", boot: boot, first: 0, last: last, chain: .sha256(chain), previous: Digest(),
        timeUs: Int64(city.now * 1000)
      ).signed(key: key)
    }
    let here = try epoch("here", key: key)
    for other in [
      here, try epoch("there", last: 64, key: key), try epoch("there", boot: 2, key: key),
      try epoch("there", key: City.deviceKey("b")),
    ] {
      #expect(try await report(.clone, "urn:dev:a", 63, [here, other]) == "incident-not-proved")
    }
    let there = try epoch("there", key: key)
    #expect(try await report(.clone, "urn:dev:b", 63, [here, there]) == "device-unknown")
    #expect(try await report(.clone, "urn:dev:a", 63, [here, there], by: "gw-2", key: City.deviceKey("gw-2")) == nil)
    let device = try city.open.sequencer.head.value(EdgeRules.devices.key(.sha256("urn:dev:a")))
    #expect(try DeviceCertificate(decoding: try #require(device)).status == .quarantined)

    // An acknowledgement of a place that the batch has not; of one that it has, the leaf is to be shown.
    func omission(_ gateway: String, batch: UInt64, index: Int, at: UInt64? = nil) throws -> [[UInt8]] {
      let readings = [AcknowledgedReading(payload: .sha256("r"), row: RowID(batch: batch, index: index))]
      let word = Acknowledgement(gateway: gateway, timeUs: (at ?? city.now) * 1000, readings)
      return OmissionProof(
        acknowledgement: try word.signed(key: City.deviceKey(gateway)), readings, index: 0, leaf: nil
      ).evidence
    }
    #expect(try await report(.omission, "gw-1", 1, try omission("gw-1", batch: 1, index: 0)) == "incident-not-proved")
    #expect(try await report(.omission, "gw-1", 2, try omission("gw-1", batch: 1, index: 1)) == "incident-not-proved")
    #expect(try await report(.omission, "gw-1", 9, try omission("gw-1", batch: 9, index: 1)) == "incident-not-proved")
    let old = city.now - 2 * City.day
    #expect(try await report(.omission, "gw-2", 9, try omission("gw-2", batch: 9, index: 1, at: old)) == nil)
    #expect(try await report(.omission, "gw-1", 1, try omission("gw-1", batch: 1, index: 1)) == nil)

    // A reporter's word is marked as such, and taken once.
    #expect(try await report(.omission, "gw-1", 7, [[1, 2, 3]]) == nil)
    #expect(try await report(.replay, "urn:dev:a", 5, [[1, 2, 3]]) == nil)
    #expect(try await report(.replay, "urn:dev:a", 5, [[1, 2, 3]]) == "incident-known")
    let late = IncidentReport(.replay, subject: "x", number: 1, time: (city.now - City.day) * 1000, evidence: [])
    #expect(try await city.state(late, about: "x") == "incident-time")
    #expect(try await report(.replay, "urn:dev:a", 6, [], by: "urn:dev:a", key: key) == "gateway-unknown")
    let list = try city.open.sequencer.head.list(EdgeRules.incidents.prefix())
    #expect(try list.map { try Recorded<IncidentReport>(decoding: $0.value).mark } == [1, 1, 1, 1, 1, 0, 0])
    let own = try city.open.sequencer.head.list(EdgeRules.subjectIncidents.prefix(.sha256("urn:dev:a")))
    #expect(own.count == 2)
    try await city.close()
  }

  @Test("grants: denied by default, bound to grantee, purpose, sensors and time; every read is on record")
  func grants() async throws {
    let city = try await City()
    try await city.enrol("a")
    try await city.enrol("b")
    try await city.enrol("x", owner: "org-2")
    func access(
      _ grant: UInt64, _ device: String, by: String = "org-4", owner: String = "org-1", purpose: String = "traffic"
    ) async throws -> String? {
      try await city.state(
        GrantAccess(owner: owner, grant: grant, device: "urn:dev:\(device)", purpose: purpose, from: 0, until: 1),
        about: "urn:dev:\(device)", by: by)
    }
    #expect(try await access(1, "a") == "grant-unknown")
    func give(_ sensors: [Grant.Sensors], to: String = "org-4", from: UInt64 = 0, for ms: UInt64 = 100_000) async throws
      -> (String?, UInt64)
    {
      let grant = Grant(
        to: to, purpose: "traffic", sensors: sensors, from: city.now + from, until: city.now + from + ms)
      let code = try await city.state(grant, about: to)
      let list = try city.open.sequencer.head.list(EdgeRules.grants.prefix(.sha256("org-1")))
      return (code, list.last?.key.order ?? 0)
    }
    #expect(try await give([.device("urn:dev:a")], to: "org-1").0 == "grant-grantee")
    #expect(try await give([.device("urn:dev:a")], to: "org-9").0 == "grant-grantee")
    #expect(try await give([.device("urn:dev:x")]).0 == "not-the-owner")
    #expect(try await give([.device("urn:dev:y")]).0 == "device-unknown")
    #expect(try await give([.device("urn:dev:a")], for: 0).0 == "grant-malformed")
    let past = Grant(to: "org-4", purpose: "p", sensors: [.device("urn:dev:a")], from: 1, until: 2)
    #expect(try await city.state(past, about: "org-4") == "grant-expired")
    #expect(try await city.state(past, about: "org-3") == "subject-mismatch")
    let (code, grant) = try await give([.device("urn:dev:a")])
    #expect(code == nil)
    #expect(try await access(grant, "a") == nil)
    #expect(try await access(grant, "b") == "grant-sensor")
    #expect(try await access(grant, "a", by: "org-3") == "not-the-grantee")
    #expect(try await access(grant, "a", purpose: "marketing") == "grant-purpose")
    #expect(try await access(grant, "a", owner: "org-2") == "grant-unknown")
    let about = GrantAccess(owner: "org-1", grant: grant, device: "urn:dev:a", purpose: "traffic", from: 0, until: 1)
    #expect(try await city.state(about, about: "urn:dev:b", by: "org-4") == "subject-mismatch")
    let (_, wide) = try await give([.prefix("urn:dev:")])
    #expect(try await access(wide, "b") == nil)
    #expect(try await access(wide, "x") == "not-the-owner")
    #expect(try await access(wide, "z") == "device-unknown")
    let (_, later) = try await give([.device("urn:dev:a")], from: 50_000)
    #expect(try await access(later, "a") == "grant-expired")
    #expect(try await city.state(GrantRevocation(wide, reason: "x"), about: "g", by: "org-2") == "grant-unknown")
    #expect(try await city.state(GrantRevocation(wide, reason: "x"), about: "g") == nil)
    #expect(try await city.state(GrantRevocation(wide, reason: "x"), about: "g") == "grant-revoked")
    #expect(try await access(wide, "b") == "grant-revoked")
    city.ledger.clock.advance(by: 100_000)
    #expect(try await access(grant, "a") == "grant-expired")
    #expect(try city.open.sequencer.head.list(EdgeRules.accesses(owner: "org-1", grant: grant)).count == 1)
    try await city.close()
  }

  @Test("operations are listed in the order of the log; of alarms the severe alone")
  func operations() async throws {
    let city = try await City()
    try await city.enrol("a")
    func log(_ what: Operation.What, _ severity: UInt64, ago: UInt64 = 0) async throws -> String? {
      try await city.state(
        Operation(what, actor: "noc", object: "cell-1", action: "restart", severity: severity, time: city.now - ago),
        about: "cell-1")
    }
    #expect(try await log(.action, 0) == nil)
    #expect(try await log(.action, 1) == "operation-severity")
    #expect(try await log(.networkAlarm, 1) == nil)
    #expect(try await log(.networkAlarm, 0) == "operation-severity")
    #expect(try await log(.networkAlarm, 3) == "operation-severity")
    #expect(try await log(.action, 0, ago: City.day) == "operation-time")
    let device = Operation(.action, actor: "a", object: "b", action: "c", time: city.now)
    #expect(
      try await city.state(device, about: "b", by: "urn:dev:a", key: City.deviceKey("a")) == "not-a-member")
    #expect(try city.open.sequencer.head.list(EdgeRules.operations.prefix()).count == 2)
    try await city.close()
  }

  @Test("camera groups follow on each other")
  func cameras() async throws {
    let city = try await City()
    try await city.enrol("cam")
    try await city.addGateway()
    let cam = "urn:dev:cam"
    func link(
      _ counter: UInt64, _ before: String?, _ anchor: String, by: String = cam, key: String = "cam", ahead: UInt64 = 0
    )
      async throws -> String?
    {
      try await city.state(
        CameraLink(
          camera: cam, counter: counter, link: before.map { .sha256($0) } ?? Digest(), anchor: .sha256(anchor),
          groupHash: .sha256("g\(anchor)"), frames: 25, start: (city.now + ahead) * 1000), about: cam, by: by,
        key: City.deviceKey(key))
    }
    #expect(try await link(2, nil, "a") == "camera-gap")
    #expect(try await link(1, "x", "a") == "camera-fork")
    #expect(try await link(1, nil, "a", ahead: 300_000) == "camera-time")
    #expect(try await link(1, nil, "a") == nil)
    #expect(try await link(1, nil, "a") == "camera-gap")
    #expect(try await link(2, "b", "b") == "camera-fork")
    #expect(try await link(2, "a", "b", by: "gw-1", key: "gw-1") == nil)
    #expect(try await link(3, "b", "c", by: "gw-9", key: "gw-1") == "gateway-unknown")
    #expect(try city.open.sequencer.head.list(EdgeRules.cameraLinks.prefix(.sha256(cam))).count == 2)
    try await city.close()
  }
}
