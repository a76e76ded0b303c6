import COSE
import Edge
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("The rules for devices", .serialized)
struct DeviceTests {
  @Test("roles are given and taken by a quorum of admins, and a device needs both endorsements")
  func roles() async throws {
    let city = try await City(roles: false)
    let maker = RoleChange(.manufacturer, of: "org-2")
    #expect(try await city.state(RoleChange(.registrar, of: "org-9"), about: "org-9") == "role-not-a-member")
    #expect(try await city.state(RoleChange(.registrar, of: "org-3", isGiven: false), about: "org-3") == "role-known")
    for member in ["org-1", "org-1", "org-4"] {
      #expect(try await city.state(maker, about: "org-2", by: member) == nil)
    }
    #expect(try await city.enrol("a") == "manufacturer-missing")
    #expect(try await city.state(maker, about: "org-2", by: "org-3") == nil)
    #expect(try await city.state(maker, about: "org-2", by: "org-2") == "role-known")
    #expect(try await city.enrol("a") == "registrar-missing")
    for member in ["org-1", "org-2", "org-3"] {
      #expect(try await city.state(RoleChange(.registrar, of: "org-3"), about: "org-3", by: member) == nil)
    }
    #expect(try await city.enrol("a") == nil)
    for member in ["org-1", "org-3", "org-4"] {
      #expect(
        try await city.state(RoleChange(.manufacturer, of: "org-2", isGiven: false), about: "org-2", by: member) == nil)
    }
    #expect(try await city.enrol("b") == "manufacturer-missing")
    try await city.close()
  }

  @Test("enrolment: every guard has its code")
  func enrolment() async throws {
    let city = try await City()
    let key = City.deviceKey("a")
    let request = city.request("a")
    let good = try city.enrolment(request, key: key)
    func refused(_ enrolment: DeviceEnrolment, by issuer: String = "org-1", about: String = "urn:dev:a") async throws
      -> String?
    { try await city.state(enrolment, about: about, by: issuer) }

    // A device's own key is no member's and not known yet.
    #expect(try await city.state(good, about: request.urn, by: "urn:dev:a", key: key) == "rejected")
    #expect(try await refused(good, about: "urn:dev:b") == "subject-mismatch")
    #expect(try await refused(good, by: "org-4") == "not-a-party")
    let stranger = City.deviceKey("stranger")
    #expect(try await refused(try city.enrolment(request, key: stranger)) == "device-possession")
    #expect(
      try await refused(
        DeviceEnrolment(request: good.request, manufacturer: [], registrar: good.registrar)) == "manufacturer-missing")
    #expect(
      try await refused(
        DeviceEnrolment(request: good.request, manufacturer: good.manufacturer, registrar: [])) == "registrar-missing")
    // An endorsement in one role is none in the other, nor one by a member without the role, nor of another request.
    #expect(
      try await refused(
        DeviceEnrolment(request: good.request, manufacturer: good.registrar, registrar: good.manufacturer))
        == "manufacturer-missing")
    #expect(try await refused(try city.enrolment(request, key: key, manufacturer: "org-4")) == "manufacturer-missing")
    #expect(try await refused(try city.enrolment(request, key: key, registrar: "org-4")) == "registrar-missing")
    var other = request
    other.cell = "cell-2"
    let mixed = DeviceEnrolment(
      request: try other.signed(by: key), manufacturer: good.manufacturer, registrar: good.registrar)
    #expect(try await refused(mixed) == "manufacturer-missing")
    other = city.request("a", owner: "org-9")
    #expect(try await refused(try city.enrolment(other, key: key), by: "org-2") == "device-owner")
    other = request
    other.until = TestLedger.start + 1
    #expect(try await refused(try city.enrolment(other, key: key)) == "device-expired")
    other = request
    (other.from, other.until) = (5, 5)
    #expect(try await refused(try city.enrolment(other, key: key)) == "device-enrolment-malformed")
    other = request
    other.nonce = [1, 2, 3, 4, 5, 6, 7]
    #expect(try await refused(try city.enrolment(other, key: key)) == "device-enrolment-malformed")
    let memberKey = city.request("a", key: city.member("org-4"))
    #expect(try await refused(try city.enrolment(memberKey, key: city.member("org-4"))) == "key-known")

    #expect(try await refused(good) == nil)
    #expect(try await refused(good) == "device-known")
    let sameKey = city.request("b", key: key)
    #expect(try await refused(try city.enrolment(sameKey, key: key), about: "urn:dev:b") == "key-known")
    let sameNonce = city.request("b", nonce: request.nonce)
    #expect(
      try await refused(try city.enrolment(sameNonce, key: City.deviceKey("b")), about: "urn:dev:b") == "nonce-used")

    // Three devices are the quota; a revocation makes room.
    #expect(try await city.enrol("b", by: "org-2") == nil)
    #expect(try await city.enrol("c", by: "org-3") == nil)
    #expect(try await city.enrol("d") == "quota")
    #expect(try await city.enrol("e", owner: "org-4") == nil)
    #expect(
      try await city.state(DeviceStatusChange("urn:dev:b", .revoked, reason: "lost"), about: "urn:dev:b") == nil)
    #expect(try await city.enrol("d") == nil)

    // Five devices are all that the cell has room for, whoever owns them.
    #expect(try await city.enrol("f", owner: "org-4") == nil)
    #expect(try await city.enrol("g", owner: "org-4") == "cell-quota")
    #expect(
      try await city.state(DeviceStatusChange("urn:dev:c", .revoked, reason: "lost"), about: "urn:dev:c") == nil)
    #expect(try await city.enrol("g", owner: "org-4") == nil)
    try await city.close()
  }

  @Test("the same organisation cannot endorse twice, even with both roles")
  func twice() async throws {
    let city = try await City()
    for member in ["org-1", "org-2", "org-3"] {
      #expect(try await city.state(RoleChange(.registrar, of: "org-2"), about: "org-2", by: member) == nil)
    }
    let request = city.request("a")
    let enrolment = try city.enrolment(request, key: City.deviceKey("a"), registrar: "org-2")
    #expect(try await city.state(enrolment, about: request.urn) == "endorsed-twice")
    try await city.close()
  }

  @Test("rotation leaves no gap, needs both keys, and the old key works until it ends")
  func rotation() async throws {
    let city = try await City()
    try await city.enrol("a")
    let (old, new) = (City.deviceKey("a"), City.deviceKey("a2"))
    let urn = "urn:dev:a"
    func change(
      from: UInt64? = nil, until: UInt64? = nil, oldUntil: UInt64? = nil, key: PrivateKey? = nil
    ) -> DeviceRotation.Change {
      DeviceRotation.Change(
        urn: urn, key: (key ?? new).publicKey, from: from ?? city.now, until: until ?? city.now + 60 * City.day,
        oldUntil: oldUntil ?? city.now + 60_000)
    }
    func rotate(_ rotation: DeviceRotation, by issuer: String = "org-1") async throws -> String? {
      try await city.state(rotation, about: urn, by: issuer)
    }
    let good = try DeviceRotation(change(), new: new, old: old)
    #expect(try await rotate(good, by: "org-2") == "not-a-party")
    #expect(try await city.state(good, about: "urn:dev:x") == "subject-mismatch")
    #expect(try await rotate(try DeviceRotation(change(), new: old, old: old)) == "device-possession")
    #expect(try await rotate(try DeviceRotation(change(), new: new, old: new)) == "rotation-not-authorized")
    #expect(
      try await rotate(try DeviceRotation(change(from: city.now + 100_000), new: new, old: old)) == "rotation-gap")
    for wrong in [
      change(from: city.now - 5000, oldUntil: city.now - 1), change(until: city.now + 30_000),
      change(from: TestLedger.start - 1),
    ] { #expect(try await rotate(try DeviceRotation(wrong, new: new, old: old)) == "rotation-gap") }
    #expect(
      try await rotate(try DeviceRotation(change(oldUntil: city.now + 31 * City.day), new: new, old: old))
        == "rotation-gap")
    #expect(
      try await rotate(
        try DeviceRotation(change(key: city.member("org-4")), new: city.member("org-4"), old: old)) == "key-known")
    #expect(try await rotate(try DeviceRotation(change(), new: new, old: old)) == nil)
    // Both keys raise alarms while they overlap, then the new one alone.
    func alarm(_ key: PrivateKey) async throws -> String? {
      try await city.state(
        Alarm(device: urn, name: "smoke", severity: 1, time: city.now * 1000, text: ""), about: urn, by: urn, key: key)
    }
    #expect(try await alarm(old) == nil)
    #expect(try await alarm(new) == nil)
    city.ledger.clock.advance(by: 61_000)
    #expect(try await alarm(old) == "device-expired")
    #expect(try await alarm(new) == nil)
    let third = City.deviceKey("a3")
    #expect(
      try await rotate(try DeviceRotation(change(key: third), new: third, old: old)) == "rotation-not-authorized")
    try await city.close()
  }

  @Test("status: who may, what follows; validity at each time follows from the life, which is one prefix proof")
  func life() async throws {
    let city = try await City()
    let urn = "urn:dev:a"
    func set(_ status: EdgeStatus, by issuer: String = "org-1") async throws -> String? {
      try await city.state(DeviceStatusChange(urn, status, reason: "test"), about: urn, by: issuer)
    }
    let before = city.now
    #expect(try await set(.revoked) == "device-unknown")
    try await city.enrol("a")
    let enrolled = city.now
    #expect(try await set(.quarantined, by: "org-4") == "not-a-party")
    #expect(try await set(.active) == "not-a-party")
    #expect(try await set(.active, by: "org-3") == "status-known")
    #expect(try await set(.quarantined) == nil)
    let quarantined = city.now
    city.ledger.clock.advance(by: 10_000)
    #expect(try await set(.active) == "not-a-party")
    #expect(try await set(.active, by: "org-3") == nil)
    let released = city.now
    city.ledger.clock.advance(by: 10_000)
    #expect(
      try await city.state(DeviceStatusChange(urn, .revoked, reason: "test"), about: "urn:dev:b") == "subject-mismatch")
    #expect(try await set(.revoked) == nil)
    let revoked = city.now
    #expect(try await set(.active, by: "org-3") == "device-revoked")
    try await city.open.settle()

    var request = ProofRequest(question: ["device", urn])
    request.prefixes = [EdgeRules.deviceLives.prefix(.sha256(urn))]
    let bundle = try city.open.sequencer.prove(request)
    let policy = try city.ledger.policy
    func events(_ bundle: VerifiedBundle) throws -> [DeviceEvent] {
      try #require(bundle.list(EdgeRules.deviceLives.prefix(.sha256(urn)))).map {
        try DeviceEvent(decoding: try #require($0.value))
      }
    }
    let life = try events(try bundle.verify(policy: policy))
    #expect(life.count == 4)
    let key = DeviceStanding.valid(keys: [City.deviceKey("a").publicKey.id])
    #expect(DeviceStanding(at: before, life) == .unknown)
    #expect(DeviceStanding(at: enrolled + 500, life) == key)
    #expect(DeviceStanding(at: released + 500, life) == key)
    guard case .quarantined = DeviceStanding(at: quarantined + 500, life),
      case .revoked(let since) = DeviceStanding(at: revoked + 500, life)
    else {
      Issue.record("quarantine and revocation count from their blocks")
      return
    }
    #expect(since >= revoked && DeviceStanding(at: since - 1, life) == key)
    #expect(DeviceStanding(at: TestLedger.start + 40 * City.day, Array(life.prefix(1))) == .outsideValidity)
    // Nothing can be left out or changed: one byte in 31, and a whole event.
    let bytes = bundle.encoded()
    for place in stride(from: 0, to: bytes.count, by: 31) {
      var changed = bytes
      changed[place] ^= 1
      guard let other = try? ProofBundle(decoding: changed).verify(policy: policy) else { continue }
      #expect(try events(other).map { $0.encoded() } == life.map { $0.encoded() }, "byte \(place)")
    }
    var short = bundle
    short.prefixes[0].pairs.removeLast()
    #expect(throws: LedgerError.self) { try short.verify(policy: policy) }
    try await city.close()
  }

  @Test("formats are read strictly: what is cut, longer or changed in a key is refused")
  func strict() async throws {
    let city = try await City(roles: false)
    let request = city.request("a")
    let bytes = request.encoded()
    #expect(try DeviceRequest(decoding: bytes[...]) == request)
    for count in 0..<bytes.count {
      #expect(throws: (any Error).self) { try DeviceRequest(decoding: bytes[..<count]) }
    }
    #expect(throws: (any Error).self) { try DeviceRequest(decoding: (bytes + [0])[...]) }
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<3000 {
      var changed = bytes
      changed[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
      // Whatever is still read is written again as the same bytes.
      if let read = try? DeviceRequest(decoding: changed[...]) { #expect(read.encoded() == changed) }
    }
    for urn in ["urn:", "dev:a", "urn:dev:ä", "urn:dev: a", "urn:" + String(repeating: "a", count: 61)] {
      #expect(!DeviceRequest.isValid(urn: urn))
    }
    await city.open.close()
  }
}
