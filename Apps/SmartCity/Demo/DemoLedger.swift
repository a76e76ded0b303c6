import COSE
import Edge
import EdgeFeed
import FiveG
import Ledger
import LedgerServer
import Primitives

/// The demo's consortium: who is in it, and how statements get onto its ledger under the simulation's clock.
final class DemoLedger: Sendable {
  static let members: [(name: String, title: String, role: Member.Role)] = [
    ("org-1", "City administration (owns and registers sensors)", .member),
    ("org-2", "Network operator (gateways)", .member), ("org-3", "Sensor works (manufacturer)", .member),
    ("org-4", "Environment office (regulator)", .regulator),
  ]
  static let registrar = "org-1"
  static let network = "org-2"
  static let manufacturer = "org-3"
  static let owner = "org-1"

  let consortium: Consortium
  let clock: ManualClock
  let open: OpenConsortium
  let seed: UInt64
  private let claims: ClaimIDs

  /// Claim ids in their order, from the seed.
  private actor ClaimIDs {
    private var generator: SeededGenerator
    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }
    func next() -> ClaimID { ClaimID(high: generator.next(), low: generator.next()) }
  }

  init(folder: String, seed: UInt64, start: UInt64) async throws {
    self.seed = seed
    clock = ManualClock(start)
    consortium = try .found(
      at: folder, suite: SmartCityApp.suite,
      plan: Consortium.Plan(members: Self.members, algorithms: [.edDSA, .es256], seed: seed, time: start))
    claims = ClaimIDs(seed: seed)
    open = try await consortium.open(suite: SmartCityApp.suite, clock: clock)
  }

  var node: Node { open.sequencer }

  /// States a document with a member's key, or with one that is no member's.
  @discardableResult
  func state(
    _ document: some EdgeDocument, about subject: String, by issuer: String, key: PrivateKey? = nil
  ) async throws -> UInt64 {
    clock.advance(by: 1)
    let own = try key ?? consortium.folder(issuer).keys().statement
    let statement = try document.statement(
      issuer: issuer, subject: subject, time: clock.now(), claimID: await claims.next(), key: own,
      carryingKey: key != nil)
    return try await submit([statement.entry])[0].place()
  }

  /// States many documents of one issuer in one go.
  func state(all documents: [(some EdgeDocument, subject: String)], by issuer: String, key: PrivateKey) async throws {
    var entries: [[UInt8]] = []
    for (document, subject) in documents {
      entries.append(
        try document.statement(
          issuer: issuer, subject: subject, time: clock.now(), claimID: await claims.next(), key: key, carryingKey: true
        ).entry)
    }
    for outcome in try await submit(entries) { _ = try outcome.place() }
  }

  /// States the latest values of devices.
  func state(latest values: [LatestValue], by issuer: String, key: PrivateKey) async throws {
    for start in stride(from: 0, to: values.count, by: LatestValues.most) {
      let part = LatestValues(Array(values[start..<min(start + LatestValues.most, values.count)]))
      try await state(all: [(part, issuer)], by: issuer, key: key)
    }
  }

  /// Puts signed headers on the ledger, in their order.
  func anchor(_ headers: [[UInt8]]) async throws {
    for outcome in try await submit(headers) { _ = try outcome.place() }
  }

  func submit(_ entries: [[UInt8]]) async throws -> [Outcome] {
    var outcomes: [Outcome] = []
    var start = 0
    while start < entries.count {
      let end = min(start + 1000, entries.count)
      outcomes += try await open.sequencer.submit(Array(entries[start..<end]))
      start = end
    }
    return outcomes
  }

  /// The clock of a simulation that begins at `startUs`, never backwards.
  func set(us: Int64) {
    let time = UInt64(max(0, us)) / 1000 + 1
    if time > clock.now() { clock.set(time) }
  }

  // MARK: - The parties

  /// Gives the manufacturer and the registrar their roles: a quorum of members approves.
  func giveRoles() async throws {
    let quorum = Int(node.genesis.configuration.quorum)
    for (role, member) in [(EdgeRole.manufacturer, Self.manufacturer), (.registrar, Self.registrar)] {
      for (name, _, _) in Self.members.prefix(quorum) {
        try await state(RoleChange(role, of: member), about: member, by: name)
      }
    }
  }

  func register(gateway: String) async throws {
    let key = PrivateKey.derive(seed: seed, label: gateway)
    try await state(
      try GatewayRegistration(name: gateway, owner: Self.network, key: key), about: gateway, by: Self.network)
  }

  /// Certifies a simulated device: its own request, endorsed by who made it and who registers it.
  func certify(_ device: Int, _ simulation: Simulation, _ devices: FeedDevices) async throws {
    let fleet = simulation.scenario.fleets[simulation.fleet(ofDevice: device)]
    let key = devices.signingKey(device)
    let urn = devices.name(device)
    let cell = simulation.scenario.map.cell(at: simulation.position(ofDevice: device, at: 0))
    let request = DeviceRequest(
      urn: urn, key: key.publicKey, nonce: Array(Digest.sha256("nonce of \(urn) \(seed)").bytes.prefix(16)),
      model: fleet.model.name, firmware: .sha256("\(fleet.model.name) 1.0"), cell: "cell-\(cell)", owner: Self.owner,
      slice: UInt64(fleet.slice.sst),
      capabilities: fleet.model.channels.map { channel in
        DeviceCapability(
          name: channel.name, unit: channel.unit, exponent: Int64(channel.exponent), low: channel.lowest,
          high: channel.highest, resolution: 1, updateTime: 60)
      }, from: clock.now(), until: clock.now() + 365 * 86_400_000)
    let enrolment = DeviceEnrolment(
      request: try request.signed(by: key),
      manufacturer: try request.endorsed(
        as: .manufacturer, by: consortium.folder(Self.manufacturer).keys().statement),
      registrar: try request.endorsed(as: .registrar, by: consortium.folder(Self.registrar).keys().statement))
    try await state(enrolment, about: urn, by: Self.owner)
  }
}
