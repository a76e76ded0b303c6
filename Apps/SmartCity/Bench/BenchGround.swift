import COSE
import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives
import Synchronization

/// A ledger with registered gateways, whose headers go there at once.
final class BenchGround: Sendable {
  let open: OpenConsortium
  private let consortium: Consortium
  /// When the ledger had each header, by gateway and number.
  private let anchored = Mutex<[String: [UInt64: ContinuousClock.Instant]]>([:])

  init(_ folder: String, _ loads: [CityLoad]) async throws {
    let plan = Consortium.Plan(
      members: [("org-1", "", .member), ("org-2", "", .member), ("org-3", "", .member)],
      algorithms: [.edDSA, .es256], seed: 5, time: SystemClock().now())
    consortium = try Consortium.found(at: folder, suite: SmartCityApp.suite, plan: plan)
    open = try await consortium.open(suite: SmartCityApp.suite, clock: SystemClock())
    for load in loads {
      try await state(
        try GatewayRegistration(name: load.name, owner: "org-1", key: load.key), about: load.name)
    }
  }

  private func state(_ document: some EdgeDocument, about subject: String, by member: String = "org-1") async throws {
    let statement = try document.statement(
      issuer: member, subject: subject, time: SystemClock().now(), claimID: .random(),
      key: try consortium.folder(member).keys().statement)
    _ = try await open.sequencer.submit([statement.entry])[0].place()
  }

  /// Certifies a device, so that its alarms can be stated.
  func certify(_ urn: String) async throws {
    for role in [EdgeRole.manufacturer, .registrar] {
      for member in consortium.names { try await state(RoleChange(role, of: "org-1"), about: "org-1", by: member) }
    }
    let key = PrivateKey.derive(seed: 9, label: urn)
    let now = SystemClock().now()
    let request = DeviceRequest(
      urn: urn, key: key.publicKey, nonce: Array(Digest.sha256(urn).bytes.prefix(16)), model: "bench",
      firmware: .sha256("bench"), cell: "cell-0", owner: "org-1", slice: 2,
      capabilities: [
        DeviceCapability(
          name: "temperature", unit: "Cel", exponent: -2, low: -4000, high: 6000, resolution: 1, updateTime: 60)
      ], from: now, until: now + 86_400_000)
    let own = try consortium.folder("org-1").keys().statement
    try await state(
      DeviceEnrolment(
        request: try request.signed(by: key), manufacturer: try request.endorsed(as: .manufacturer, by: own),
        registrar: try request.endorsed(as: .registrar, by: own)), about: urn)
  }

  var anchor: ClosureAnchor {
    ClosureAnchor { [self] headers in
      for outcome in try await open.sequencer.submit(headers) { _ = try outcome.place() }
      let now = ContinuousClock.now
      let places = headers.compactMap { header -> (String, UInt64)? in
        guard let number = try? BatchHeader.number(ofStatement: header),
          let name = try? StatementContent(header).header.issuer
        else { return nil }
        return (name, number)
      }
      anchored.withLock { anchored in
        for (name, number) in places { anchored[name, default: [:]][number] = now }
      }
    }
  }

  /// When the ledger had a batch.
  func time(_ gateway: String, _ number: UInt64) -> ContinuousClock.Instant? {
    anchored.withLock { $0[gateway]?[number] }
  }

  /// Waits until the ledger has every batch that is durable now.
  func settle(_ gateways: [Gateway]) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    for gateway in gateways {
      let last = await gateway.durable
      while last > 0, time(gateway.name, last) == nil {
        guard ContinuousClock.now < deadline else {
          throw LedgerError(.unavailable, "The batches did not come onto the ledger within two minutes.")
        }
        try await gateway.tick()
        try await Task.sleep(for: .milliseconds(2))
      }
    }
  }
}
