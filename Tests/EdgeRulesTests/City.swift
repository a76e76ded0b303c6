import COSE
import Edge
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// The edge's rules as a contract, with a quota that a test can reach.
struct EdgeTestContract: Contract {
  static let id = "edge-test"
  static let versions: ClosedRange<UInt64> = 1...1
  static let namespaces = EdgeRules.namespaces
  private let rules = EdgeRules(devicesPerOwner: 3, devicesPerCell: 5)
  init(version: UInt64) {}
  func recognizes(_ key: KeyID, _ context: Context, _ state: inout State) -> Bool { rules.recognizes(key, &state) }
  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard try rules.apply(statement, context, &state) else { throw Refusal("content-type-unknown", "Not the edge's.") }
  }
}

/// Four members: org-1 owns, org-2 makes, org-3 registers, org-4 reads. Seeded keys; every statement a second later.
final class City {
  static let suite = ContractSuite(EdgeTestContract.self)
  static let day: UInt64 = 86_400_000

  let ledger: TestLedger
  let open: OpenConsortium

  init(roles: Bool = true) async throws {
    ledger = try TestLedger(members: 4, contract: Self.suite)
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    guard roles else { return }
    for change in [RoleChange(.manufacturer, of: "org-2"), RoleChange(.registrar, of: "org-3")] {
      for member in ["org-1", "org-2", "org-3"] {
        #expect(try await state(change, about: change.member, by: member) == nil)
      }
    }
  }

  func member(_ name: String) -> PrivateKey { ledger.keys.first { $0.name == name }!.statement }

  var now: UInt64 { ledger.clock.now() }

  /// Submits a document; gives nil when it is accepted, the code of the refusal, or "rejected".
  func state(
    _ document: some EdgeDocument, about subject: String, by issuer: String = "org-1", key: PrivateKey? = nil
  ) async throws -> String? {
    ledger.clock.advance(by: 1000)
    let statement = try document.statement(
      issuer: issuer, subject: subject, time: now, claimID: .random(), key: key ?? member(issuer),
      carryingKey: key != nil)
    return try await submit(statement.entry)
  }

  func submit(_ entry: [UInt8]) async throws -> String? {
    switch try await open.sequencer.submit([entry])[0] {
    case .accepted: nil
    case .duplicate: "duplicate"
    case .refused(_, let refusal): refusal.code
    case .rejected: "rejected"
    }
  }

  static func deviceKey(_ name: String) -> PrivateKey { .derive(seed: 7, label: name) }

  static let temperature = DeviceCapability(
    name: "temperature", unit: "Cel", exponent: -1, low: -400, high: 850, resolution: 1, updateTime: 60)

  func request(_ name: String, owner: String = "org-1", key: PrivateKey? = nil, nonce: [UInt8]? = nil) -> DeviceRequest
  {
    DeviceRequest(
      urn: "urn:dev:\(name)", key: (key ?? Self.deviceKey(name)).publicKey,
      nonce: nonce ?? Array("nonce of \(name)".utf8),
      model: "meter", firmware: .sha256("1.0"), cell: "cell-1", owner: owner, slice: 3,
      capabilities: [Self.temperature], from: TestLedger.start, until: TestLedger.start + 30 * Self.day)
  }

  func enrolment(
    _ request: DeviceRequest, key: PrivateKey, manufacturer: String = "org-2", registrar: String = "org-3"
  ) throws -> DeviceEnrolment {
    DeviceEnrolment(
      request: try request.signed(by: key),
      manufacturer: try request.endorsed(as: .manufacturer, by: member(manufacturer)),
      registrar: try request.endorsed(as: .registrar, by: member(registrar)))
  }

  @discardableResult
  func enrol(_ name: String, owner: String = "org-1", by issuer: String? = nil) async throws -> String? {
    let request = request(name, owner: owner)
    return try await state(
      try enrolment(request, key: Self.deviceKey(name)), about: request.urn, by: issuer ?? owner)
  }

  @discardableResult
  func addGateway(_ name: String = "gw-1", owner: String = "org-1") async throws -> String? {
    try await state(
      try GatewayRegistration(name: name, owner: owner, key: Self.deviceKey(name)), about: name, by: owner)
  }

  func header(_ number: UInt64, after: BatchHeader? = nil, gateway: String = "gw-1", count: UInt64 = 1) -> BatchHeader {
    let us = (now + 1000) * 1000
    return BatchHeader(
      gateway: gateway, number: number, previous: after?.digest ?? Digest(),
      root: count == 0 ? .sha256([]) : .sha256("\(number)"), count: count, earliest: count == 0 ? 0 : us - 900_000,
      latest: count == 0 ? 0 : us - 100_000, opened: us - 1_000_000, closed: us, highWaterRoot: .sha256("high"),
      highWaterCount: 1, kind: .ordinary, rejectCount: 0, rejectRoot: Digest(), quality: [count, 0, 0, 0, 0],
      rules: .sha256("rules"))
  }

  func batch(_ header: BatchHeader, by issuer: String? = nil, key: PrivateKey? = nil) async throws -> String? {
    try await submit(try entry(header, by: issuer, key: key))
  }

  func entry(_ header: BatchHeader, by issuer: String? = nil, key: PrivateKey? = nil) throws -> [UInt8] {
    ledger.clock.advance(by: 1000)
    let gateway = issuer ?? header.gateway
    return try Statement.sign(
      payload: header.encoded(), contentType: BatchHeader.contentType, issuer: gateway, subject: header.gateway,
      time: now, claimID: .random(), key: key ?? Self.deviceKey(header.gateway), carryingKey: true
    ).entry
  }

  /// Every member has the same root, and every copy passes the audit.
  func close() async throws {
    try await open.settle()
    let roots = Set(open.nodes.map { $0.head.seal.stateRoot })
    #expect(roots.count == 1)
    await open.close()
    for name in ledger.consortium.names {
      #expect(try await ledger.consortium.folder(name).audit(suite: Self.suite).faults == [])
    }
  }
}
