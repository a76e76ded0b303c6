import COSE
import Edge
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("The rules for gateways and batches", .serialized)
struct GatewayTests {
  @Test("registration and status: every guard has its code")
  func registration() async throws {
    let city = try await City()
    let key = City.deviceKey("gw-1")
    let good = try GatewayRegistration(name: "gw-1", owner: "org-1", key: key)
    #expect(try await city.state(good, about: "gw-1", by: "org-2") == "not-the-owner")
    #expect(try await city.state(good, about: "gw-2") == "subject-mismatch")
    let short = try GatewayRegistration(name: "gw-1", protocolID: [1], owner: "org-1", key: key)
    #expect(try await city.state(short, about: "gw-1") == "gateway-af-id")
    for name in ["urn:dev:a", "org-2", "a/b", "..", ".hidden", "gw 1", "gw+1", "gw#", "网关"] {
      let named = try GatewayRegistration(name: name, owner: "org-1", key: key)
      #expect(try await city.state(named, about: name) == "gateway-name")
    }
    // The signature is the last thing in the payload.
    var bytes = good.encoded()
    bytes[bytes.count - 1] ^= 1
    #expect(
      try await city.state(try GatewayRegistration(decoding: bytes[...]), about: "gw-1") == "gateway-possession")
    let memberKey = try GatewayRegistration(name: "gw-1", owner: "org-1", key: city.member("org-2"))
    #expect(try await city.state(memberKey, about: "gw-1") == "key-known")
    #expect(try await city.state(good, about: "gw-1") == nil)
    #expect(try await city.state(good, about: "gw-1") == "gateway-known")
    let again = try GatewayRegistration(name: "gw-2", owner: "org-1", key: key)
    #expect(try await city.state(again, about: "gw-2") == "key-known")

    func set(_ status: EdgeStatus, by issuer: String) async throws -> String? {
      try await city.state(GatewayStatusChange("gw-1", status, reason: "test"), about: "gw-1", by: issuer)
    }
    let first = city.header(1)
    #expect(try await city.batch(first) == nil)
    #expect(
      try await city.state(GatewayStatusChange("gw-9", .revoked, reason: "x"), about: "gw-9") == "gateway-unknown")
    #expect(try await set(.quarantined, by: "org-2") == "not-a-party")
    #expect(try await set(.quarantined, by: "org-1") == nil)
    #expect(try await city.batch(city.header(2, after: first)) == "gateway-quarantined")
    #expect(try await set(.active, by: "org-1") == "not-a-party")
    #expect(try await set(.active, by: "org-3") == nil)
    #expect(try await set(.active, by: "org-3") == "status-known")
    let second = city.header(2, after: first)
    #expect(try await city.batch(second) == nil)
    // With the next batch the revocation counts, and the attempt is on record.
    #expect(try await set(.revoked, by: "org-1") == nil)
    #expect(try await city.batch(city.header(3, after: second)) == "gateway-revoked")
    #expect(try await set(.active, by: "org-3") == "gateway-revoked")
    #expect(try await city.batch(city.header(1, gateway: "gw-9")) == "rejected")
    try await city.close()
  }

  @Test("batches: number, previous header, times and shape; all headers of a gateway are one list")
  func batches() async throws {
    let city = try await City()
    try await city.addGateway()
    try await city.addGateway("gw-2")
    #expect(try await city.batch(city.header(2)) == "batch-gap")
    let first = city.header(1)
    #expect(try await city.batch(first, by: "gw-2") == "subject-mismatch")
    #expect(try await city.batch(first, key: City.deviceKey("gw-2")) == "key-of-another")
    #expect(try await city.batch(first) == nil)
    #expect(try await city.batch(first) == "batch-known")
    var other = first
    other.root = .sha256("other")
    #expect(try await city.batch(other) == "batch-equivocation")
    #expect(try await city.batch(city.header(2)) == "batch-fork")
    #expect(try await city.batch(city.header(3, after: first)) == "batch-gap")

    func refused(_ edit: (inout BatchHeader) -> Void) async throws -> String? {
      var header = city.header(2, after: first)
      edit(&header)
      return try await city.batch(header)
    }
    #expect(try await refused { $0.closed += 200_000_000 } == "batch-time")
    #expect(
      try await refused {
        $0.opened -= 200_000_000
        $0.closed -= 200_000_000
      } == "batch-back-dated")
    #expect(
      try await refused {
        $0.closed = first.closed - 1
        $0.opened = first.opened - 1
      } == "batch-back-dated")
    #expect(try await refused { $0.latest += 300_000_000 } == "batch-sample-time")
    #expect(try await refused { $0.rejectCount = 1 } == "batch-shape")
    #expect(try await refused { $0.rejectRoot = .sha256("x") } == "batch-shape")
    #expect(try await refused { $0.count = 0 } == "batch-shape")
    #expect(try await refused { $0.quality = [1] } == "batch-malformed")
    #expect(try await refused { $0.kind = .late } == nil)
    let last = try #require(
      try city.open.sequencer.head.value(EdgeRules.batchHeads.key(.sha256("gw-1"))).map { try BatchHead(decoding: $0) })
    #expect(last.number == 2)
    var closing = city.header(3, count: 0)
    closing.previous = last.digest
    closing.kind = .closing
    #expect(try await city.batch(closing) == nil)
    #expect(try await city.batch(city.header(1, gateway: "gw-2")) == nil)
    let listed = try city.open.sequencer.head.list(EdgeRules.batches.prefix(.sha256("gw-1")))
    #expect(listed.map(\.key.order) == [1, 2, 3])
    #expect(try BatchEntry(decoding: listed[0].value).header == first.encoded())
    try await city.close()
  }
}
