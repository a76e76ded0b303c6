import COSE
import FinanceRules
import Foundation
import Ledger
import LedgerServer
import Primitives
import Value

/// The consortium of the demo on the embedded ledger: who is in it, and how its statements are signed and told.
final class Story {
  /// Name, title, roles and whether it is small.
  static let cast: [(name: String, title: String, roles: Roles, isSmall: Bool)] = [
    ("core", "Lantu Motors, core enterprise", [.coreEnterprise], false),
    ("tier1", "Hongda Brakes, tier 1", [.supplier], false),
    ("tier2", "Xinyi Castings, tier 2", [.supplier], false),
    ("tier3", "Qiming Sand, tier 3", [.supplier], true),
    ("distributor", "Oubei Auto Trade, distributor", [.distributor], false),
    ("bank-a", "Bank A, financier and settlement bank", [.financier, .settlementBank], false),
    ("bank-b", "Bank B, financier", [.financier], false),
    ("keeper", "Shengtai Warehouse", [.warehouseKeeper, .deviceOwner], false),
    ("platform", "Platform operator and registrar", [.operator, .registrar], false),
    ("regulator", "Regulator and arbiter", [.regulator, .arbiter], false),
  ]

  let folder: String
  let seed: UInt64
  let consortium: Consortium
  let clock: ManualClock
  let open: OpenConsortium
  private var random: SeededGenerator

  init(folder: String, seed: UInt64) async throws {
    (self.folder, self.seed) = (folder, seed)
    random = SeededGenerator(seed: seed)
    clock = ManualClock(Timestamp.parse("2026-03-02T01:00:00Z") ?? 0)
    consortium = try .found(
      at: folder, suite: SupplyChainApp.suite,
      plan: Consortium.Plan(
        members: Story.cast.map { ($0.name, $0.title, $0.name == "regulator" ? .regulator : .member) }, seed: seed,
        time: clock.now()))
    open = try await consortium.open(suite: SupplyChainApp.suite, clock: clock)
    for member in Story.cast { try sealingKey(member.name).save(to: SealingFile.path(consortium, member.name)) }
  }

  /// Goes to a day, at nine in the morning of China.
  func go(to day: String) { clock.set(Timestamp.parse("\(day)T01:00:00Z") ?? clock.now()) }

  var today: Int64 { Int64(clock.now() / 86_400_000) }
  func later(days: UInt64) -> UInt64 { clock.now() + days * 86_400_000 }

  func tell(_ line: Message = "") { Console.answer(line) }

  /// A line of the story with its day.
  func note(_ line: Message) { tell("\(FinanceText.day(today))  \(line)") }

  /// 32 bytes that follow from the seed.
  func salt() -> [UInt8] { random.bytes(32) }

  /// A field that only its readers may read: a salted commitment, and the text encrypted to their sealing keys.
  func sealed(_ text: String, to readers: [String]) throws -> Sealed {
    try sealed(Array(text.utf8), salt: salt(), to: readers)
  }

  func sealed(_ plain: [UInt8], salt: [UInt8], to readers: [String]) throws -> Sealed {
    try Sealed(plain, salt: salt, to: readers.map { sealingKey($0).publicKey }, seed: random.bytes(32))
  }

  /// The key with which a party opens what is sealed to it.
  func sealingKey(_ name: String) -> SealingKey { .derive(seed: seed, label: "sealing/\(name)") }

  /// A key that follows from the seed, for persons (`core/ada`), holders (`~tier3/1`) and devices.
  func key(_ label: String) -> PrivateKey { .derive(seed: seed, label: label) }

  /// The party of a holder's key.
  func party(_ name: String) -> String {
    name.hasPrefix("~") ? KeyParty.name(key(name).publicKey.id) : name
  }

  private func submit(_ document: some Document, by name: String) async throws -> (Outcome, Digest) {
    clock.advance(by: 60_000)
    let isMember = consortium.names.contains(name)
    let key = isMember ? try consortium.folder(name).keys().statement : key(name)
    let statement = try document.statement(
      issuer: party(name), subject: "supplychain", time: clock.now(),
      claimID: ClaimID(high: random.next(), low: random.next()), key: key, carryingKey: !isMember)
    return (try await open.sequencer.submit([statement.entry])[0], statement.id)
  }

  /// States a document, which must be carried out; gives its id.
  @discardableResult
  func state(_ document: some Document, by name: String) async throws -> Digest {
    let (outcome, id) = try await submit(document, by: name)
    _ = try outcome.place()
    return id
  }

  /// States a document that the rules must refuse by this guard, and tells so.
  func refused(_ document: some Document, by name: String, _ guard: Guard) async throws {
    let (outcome, _) = try await submit(document, by: name)
    guard case .refused(let index, let refusal) = outcome, refusal.code == `guard`.rawValue else {
      throw LedgerError(.refused, "This must be refused as \(`guard`.rawValue), but the outcome is \(outcome).")
    }
    tell("            REFUSED \(refusal.code): \(refusal.message) [entry \(index) is on record]")
  }

  /// Lets every member execute what there is, compare and co-sign.
  func settle() async throws { try await open.settle() }

  /// Proves an answer, checks the proof as a stranger would, and tells what it proves.
  @discardableResult
  func prove(_ question: FinanceQuestion, _ file: String, lines: Int = .max) throws -> [UInt8] {
    let bytes = try open.sequencer.prove(question.request).encoded()
    try Console.write(bytes, to: "\(folder)/\(file)")
    let (signers, claims) = try verify(bytes)
    tell(
      "  \(file), \(max(1, bytes.count / 1024)) KiB: VERIFIED offline, co-signed by \(signers) of \(consortium.names.count) members."
    )
    for claim in claims.prefix(lines) { tell("    \(claim)") }
    return bytes
  }

  func verify(_ bytes: [UInt8]) throws -> (signers: Int, claims: [Message]) {
    let policy = try VerifyCommand<SupplyChainApp>.policy(at: folder + "/policy.txt")
    let bundle = try ProofBundle(decoding: bytes).verify(policy: policy)
    return (bundle.signers.count, try SupplyChainApp.claims(bundle) ?? [])
  }
}
