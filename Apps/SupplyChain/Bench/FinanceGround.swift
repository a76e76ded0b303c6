import COSE
import FinanceRules
import Foundation
import Ledger
import Primitives

/// A ledger of one executing member in a temporary folder, with the organisations, persons and lines of the bench.
struct FinanceGround: Sendable {
  private static let names = ["core", "tier1", "tier2", "platform"]
  private static let roles: [String: Roles] = [
    "core": [.coreEnterprise], "tier1": [.supplier], "tier2": [.supplier], "platform": [.operator, .registrar],
  ]

  let folder: String
  let consortium: Consortium
  private let keys: [String: PrivateKey]

  init(in parent: String) throws {
    folder = parent + "/tallystick-finance-bench-\(UInt64.random(in: 0 ... .max))"
    consortium = try .found(
      at: folder, suite: SupplyChainApp.suite,
      plan: Consortium.Plan(
        members: Self.names.map { ($0, $0, .member) }, time: SystemClock().now() - 1000))
    var keys: [String: PrivateKey] = [:]
    for name in Self.names { keys[name] = try consortium.folder(name).keys().statement }
    for person in ["core/ada", "core/bob"] { keys[person] = .generate(.es256) }
    self.keys = keys
  }

  func key(_ name: String) throws -> PrivateKey {
    guard let key = keys[name] else { throw LedgerError(.notFound, "There is no key of \(name).") }
    return key
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Opens the first member's node; the organisations are admitted and the line is granted.
  func open() async throws -> OpenConsortium {
    let open = try await consortium.open(suite: SupplyChainApp.suite, clock: SystemClock())
    let roster = RosterChange {
      $0.number = 1
      $0.entries = Self.names.map { name in
        MemberEntry { ($0.name, $0.roles, $0.status) = (name, Self.roles[name] ?? [], .admitted) }
      }
    }
    for name in Self.names { try await state(roster, by: name, open, isDecision: true) }
    for name in Self.names { try await state(Policy(), by: name, open, isDecision: true) }
    for (person, makes) in [("ada", true), ("bob", false)] {
      let key = try key("core/\(person)").publicKey.coseKey
      try await state(
        PersonChange { ($0.name, $0.key, $0.makes, $0.checks) = (person, key, makes, true) }, by: "core", open)
    }
    try await state(
      LineGrant { ($0.line, $0.name, $0.limit) = (.obligor, "core", 1_000_000_000_000_000) }, by: "platform", open)
    return open
  }

  private func state(
    _ document: some Document, by name: String, _ open: OpenConsortium, isDecision: Bool = false
  ) async throws {
    let statement = try document.statement(
      issuer: name, subject: "bench", time: SystemClock().now(), claimID: .random(), key: try key(name),
      carryingKey: false)
    let outcome = try await open.sequencer.submit([statement.entry])[0]
    // Once a quorum has decided, a further voice changes nothing and is refused.
    if isDecision, case .refused = outcome { return }
    _ = try outcome.place()
  }
}
