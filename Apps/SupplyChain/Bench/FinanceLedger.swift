import COSE
import FinanceRules
import Foundation
import Ledger
import Primitives

/// A ledger of five organisations in a temporary folder, and commands for it that follow on each other in chains.
///
/// A chain is an invoice with its note: filed, approved, proposed, confirmed, accepted, then offered and taken over so
/// many times. Five commands make a note with one posting and two changes of its line; each transfer is two with one.
struct FinanceLedger {
  static let names = ["core", "sup1", "sup2", "bank", "op"]
  static let transfers = 4
  static let commands = 5 + 2 * transfers
  let folder: String
  let consortium: Consortium
  let clock = SystemClock()
  private let keys: [String: PrivateKey]
  private let checker = PrivateKey.generate(.es256)

  init(in parent: String) async throws {
    folder = parent + "/tallystick-finance-bench-\(UInt64.random(in: 0 ... .max))"
    consortium = try .found(
      at: folder, suite: SupplyChainApp.suite,
      plan: Consortium.Plan(
        members: Self.names.map { ($0, $0, .member) }, algorithms: [.es256], time: clock.now() - 1000))
    var keys: [String: PrivateKey] = [:]
    for name in Self.names { keys[name] = try consortium.folder(name).keys().statement }
    self.keys = keys
    let node = try await open()
    do { try await prepare(node) } catch {
      await node.close()
      throw error
    }
    await node.close()
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// The node of the member that sequences; the others do not follow, so that one machine does one member's work.
  func open() async throws -> Node {
    let node = try await consortium.folder("core").open(suite: SupplyChainApp.suite, clock: clock)
    await node.sequence(with: EmbeddedSequencer(clock: clock))
    return node
  }

  private func statement(_ document: some Document, by name: String) throws -> Statement {
    let isMember = Self.names.contains(name)
    return try document.statement(
      issuer: name, subject: "bench", time: clock.now(), claimID: .random(),
      key: keys[name] ?? checker, carryingKey: !isMember)
  }

  private func prepare(_ node: Node) async throws {
    let roles: [String: Roles] = [
      "core": [.coreEnterprise], "sup1": [.supplier], "sup2": [.supplier], "bank": [.financier, .settlementBank],
      "op": [.operator, .registrar],
    ]
    let roster = RosterChange {
      $0.number = 1
      $0.entries = Self.names.map { name in
        MemberEntry { ($0.name, $0.roles, $0.status) = (name, roles[name] ?? [], .admitted) }
      }
    }
    var entries: [[UInt8]] = []
    for name in Self.names.prefix(4) { entries.append(try statement(roster, by: name).entry) }
    for name in Self.names.prefix(4) { entries.append(try statement(Policy(), by: name).entry) }
    let person = PersonChange {
      ($0.name, $0.key, $0.checks) = ("bob", checker.publicKey.coseKey, true)
    }
    entries.append(try statement(person, by: "core").entry)
    let line = LineGrant { ($0.line, $0.name, $0.limit) = (.obligor, "core", 900_000_000_000_000) }
    entries.append(try statement(line, by: "op").entry)
    try await FinanceLedger.submit(entries, to: node)
  }

  /// The commands of chains, signed on all cores: one array for each chain.
  func chains(_ count: Int) async throws -> [[[UInt8]]] {
    try await withThrowingTaskGroup(of: (Int, [[[UInt8]]]).self) { group in
      for start in stride(from: 0, to: count, by: 100) {
        group.addTask { (start, try (start..<min(start + 100, count)).map { _ in try chain() }) }
      }
      var parts: [(Int, [[[UInt8]]])] = []
      for try await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private func chain() throws -> [[UInt8]] {
    let token = Digest.sha256(ClaimID.random().bytes)
    let today = Int64(clock.now() / 86_400_000)
    let expires = clock.now() + 5 * 86_400_000
    let filing = InvoiceFiling {
      ($0.token, $0.similar) = (token, .sha256(token.bytes))
      ($0.seller, $0.buyer, $0.payable) = ("sup1", "core", 1_000_000)
      ($0.issueDay, $0.deliveryDay) = (today, today)
    }
    let proposal = try statement(
      NoteProposal {
        ($0.invoice, $0.amount, $0.maturity, $0.expires) = (token, 1_000_000, today + 90, expires)
      }, by: "core")
    let note = proposal.id
    var chain = [
      try statement(filing, by: "sup1").entry,
      try statement(InvoiceAction { $0.token = token }, by: "core").entry,
      proposal.entry,
      try statement(ProposalAction { ($0.note, $0.step) = (note, .acceptIssue) }, by: "core/bob").entry,
      try statement(
        ProposalAction { ($0.note, $0.step, $0.isFreeChoice) = (note, .acceptPayment, true) }, by: "sup1"
      ).entry,
    ]
    for place in 0..<Self.transfers {
      let (from, to) = place % 2 == 0 ? ("sup1", "sup2") : ("sup2", "sup1")
      let offer = LotAction {
        ($0.note, $0.lot, $0.step) = (note, note, .offerTransfer)
        ($0.party, $0.expires) = (to, expires)
      }
      chain.append(try statement(offer, by: from).entry)
      chain.append(
        try statement(LotAction { ($0.note, $0.lot, $0.step) = (note, note, .acceptTransfer) }, by: to).entry)
    }
    return chain
  }

  /// Submits at once, and checks that everything was carried out.
  static func submit(_ entries: [[UInt8]], to node: Node) async throws {
    for outcome in try await node.submit(entries) {
      guard case .accepted = outcome else {
        throw LedgerError(.refused, "A statement was not carried out: \(outcome)")
      }
    }
  }
}
