import COSE
import FinanceRules
import Ledger
import LedgerTestKit
import Primitives
import Testing
import Value

/// A consortium of ten organisations over the rules alone: no log, no store, time in the test's hand.
final class World {
  static let names = ["bank1", "bank2", "core", "core2", "dist", "op", "reg", "sup1", "sup2", "sup3"]
  static let roles: [String: Roles] = [
    "core": [.coreEnterprise], "core2": [.coreEnterprise], "sup1": [.supplier], "sup2": [.supplier],
    "sup3": [.supplier], "dist": [.distributor, .coreEnterprise], "bank1": [.financier, .settlementBank],
    "bank2": [.financier], "op": [.operator, .registrar, .warehouseKeeper], "reg": [.regulator, .arbiter],
  ]
  static let minute: UInt64 = 60_000
  static let dayLength: UInt64 = 86_400_000

  let trial: ContractTrial
  let keys: [String: MemberKeys]
  /// 2026-01-15T08:00Z, a Thursday.
  var time: UInt64 = 1_768_464_000_000
  private var number: UInt64 = 0
  /// What `send` has had carried out, with its time.
  private(set) var sent: [(statement: Statement, time: UInt64)] = []

  init(
    without omitted: Guard? = nil, prepared: Bool = true, watch: (@Sendable (StaticString, UInt) -> Void)? = nil
  ) throws {
    let keys = Dictionary(uniqueKeysWithValues: World.names.map { ($0, MemberKeys.derive(name: $0, seed: 7)) })
    self.keys = keys
    let configuration = try Configuration(
      epoch: 0, contractVersion: 1, algorithms: [.edDSA], access: .member,
      members: World.names.compactMap { keys[$0]?.member(title: $0) })
    let contract =
      omitted.map { SupplyChainContract(without: $0) } ?? watch.map { SupplyChainContract(watch: $0) }
      ?? SupplyChainContract(version: 1)
    trial = ContractTrial(contract, configuration)
    if prepared { try prepare() }
  }

  var today: Int64 { Int64(time / World.dayLength) }
  func later(days: Int64) { time += UInt64(days) * World.dayLength }
  func expiry(days: UInt64 = 5) -> UInt64 { time + days * World.dayLength }

  // MARK: Statements

  /// States a document as an organisation (`core`), one of its persons (`core/ada`) or a holder's key (`key:1`).
  @discardableResult
  func send(_ document: some Document, by name: String, issuer: String? = nil) throws -> Digest {
    let statement = try statement(document, by: name, issuer: issuer)
    try trial.apply(statement, time: time)
    sent.append((statement, time))
    return statement.id
  }

  func statement(_ document: some Document, by name: String, issuer: String? = nil) throws -> Statement {
    number += 1
    let isMember = keys[name] != nil
    let key = key(name)
    return try document.statement(
      issuer: issuer ?? (name.hasPrefix("key:") ? KeyParty.name(key.publicKey.id) : name), subject: "test", time: time,
      claimID: ClaimID(high: 1, low: number), key: key, carryingKey: !isMember)
  }

  func key(_ name: String) -> PrivateKey {
    keys[name]?.statement ?? PrivateKey.derive(seed: Array("world".utf8), label: name)
  }

  /// The party of a holder's key.
  func party(_ name: String) -> String { name.hasPrefix("key:") ? KeyParty.name(key(name).publicKey.id) : name }

  /// The refusal's code, or nil when it is carried out.
  func code(_ work: () throws -> Void) throws -> String? {
    do { try work() } catch let refusal as Refusal { return refusal.code }
    return nil
  }

  // MARK: The consortium

  func prepare() throws {
    try decide(roster(number: 1))
    try decide(World.policy)
    for (person, makes, checks) in [("ada", true, false), ("bob", false, true), ("cleo", true, true)] {
      try self.person(of: "core", person, makes: makes, checks: checks)
    }
    try send(
      KeysAdmission {
        $0.keys = (1...3).map { number in
          AdmittedKey {
            $0.key = .sha256(key("key:\(number)").publicKey.id.bytes)
            $0.holder = Sealed(Array("sup\(number)".utf8), salt: Array(repeating: UInt8(number), count: 32))
          }
        }
      }, by: "op")
    try line(.obligor, "core", 10_000_000)
    try line(.obligor, "core2", 5_000_000)
    try line(.programme, "spring", 3_000_000)
    try line(.pair, "core", 5_000_000, by: "bank1")
    try line(.pair, "core", 4_000_000, by: "bank2")
    try line(.pair, "core2", 4_000_000, by: "bank2")
  }

  func roster(number: UInt64, status: [String: MemberStatus] = [:]) -> RosterChange {
    RosterChange {
      $0.number = number
      $0.entries = World.names.map { name in
        MemberEntry {
          ($0.name, $0.roles) = (name, World.roles[name] ?? [])
          ($0.status, $0.isSmall) = (status[name] ?? .admitted, name == "sup3")
        }
      }
    }
  }

  static let policy = Policy {
    $0.maxDepth = 3
    $0.maxParts = 4
    $0.sensors = [
      SensorRule {
        ($0.reading, $0.low, $0.high, $0.hysteresis) = ("temperature", 2_000, 8_000, 500)
        ($0.breaches, $0.window, $0.haircut) = (2, 3, 300_000)
      }
    ]
  }

  func decide(_ document: some Document) throws {
    for name in World.names.prefix(7) { try send(document, by: name) }
  }

  func person(of member: String, _ name: String, makes: Bool, checks: Bool, active: Bool = true) throws {
    try send(
      PersonChange {
        ($0.name, $0.key) = (name, key("\(member)/\(name)").publicKey.coseKey)
        ($0.makes, $0.checks, $0.isActive) = (makes, checks, active)
      }, by: member)
  }

  func line(_ kind: LineKind, _ name: String, _ limit: Int64, by: String = "op") throws {
    try send(LineGrant { ($0.line, $0.name, $0.limit) = (kind, name, limit) }, by: by)
  }

  // MARK: Trade

  func filing(_ number: Int, _ payable: Int64, seller: String = "sup1", buyer: String = "core") -> InvoiceFiling {
    InvoiceFiling {
      ($0.token, $0.similar) = (.sha256("invoice \(number)"), .sha256("similar \(number)"))
      ($0.seller, $0.buyer, $0.payable) = (seller, buyer, payable)
      ($0.issueDay, $0.deliveryDay) = (today, today)
    }
  }

  @discardableResult
  func invoice(
    _ number: Int, _ payable: Int64, seller: String = "sup1", buyer: String = "core", approved: Bool = true
  ) throws -> Digest {
    let filing = filing(number, payable, seller: seller, buyer: buyer)
    try send(filing, by: seller)
    if approved { try invoice(filing.token, .approve, by: buyer) }
    return filing.token
  }

  func invoice(_ token: Digest, _ step: InvoiceStep, by name: String) throws {
    try send(InvoiceAction { ($0.token, $0.step, $0.reason) = (token, step, "reason") }, by: name)
  }

  // MARK: Notes

  @discardableResult
  func propose(
    _ token: Digest, _ amount: Int64, days: Int64 = 90, by name: String = "core/ada", programme: String = "",
    expires: UInt64? = nil, reason: String = ""
  ) throws -> Digest {
    try send(
      NoteProposal {
        ($0.invoice, $0.amount, $0.maturity) = (token, amount, today + days)
        ($0.expires, $0.programme, $0.reason) = (expires ?? expiry(), programme, reason)
      }, by: name)
  }

  func answer(_ note: Digest, _ step: ProposalStep, by name: String, free: Bool = true) throws {
    try send(ProposalAction { ($0.note, $0.step, $0.isFreeChoice) = (note, step, free) }, by: name)
  }

  /// A live note of an invoice of its own.
  func live(
    _ number: Int = 1, _ amount: Int64 = 1_000_000, days: Int64 = 90, seller: String = "sup1"
  ) throws -> Digest {
    let note = try propose(try invoice(number, amount, seller: seller), amount, days: days)
    try answer(note, .acceptIssue, by: "core/bob")
    try answer(note, .acceptPayment, by: seller)
    return note
  }

  @discardableResult
  func split(_ note: Digest, _ lot: Digest, _ parts: [Int64], by name: String) throws -> [Digest] {
    try send(
      LotSplit {
        ($0.note, $0.lot) = (note, lot)
        $0.parts = parts.map { amount in Part { $0.amount = amount } }
      }, by: name)
    return parts.indices.map { SupplyChainContract.child(of: lot, $0) }
  }

  func act(
    _ note: Digest, _ lot: Digest, _ step: LotStep, by name: String, to party: String = "", expires: UInt64? = nil,
    reason: String = ""
  ) throws {
    try send(
      LotAction {
        ($0.note, $0.lot, $0.step) = (note, lot, step)
        ($0.party, $0.reason) = (party, reason)
        $0.expires = step == .offerTransfer ? expires ?? expiry() : 0
      }, by: name)
  }

  func transfer(_ note: Digest, _ lot: Digest, from: String, to: String) throws {
    try act(note, lot, .offerTransfer, by: from, to: party(to))
    try act(note, lot, .acceptTransfer, by: to)
  }

  // MARK: Finance

  static let salt = [UInt8](repeating: 9, count: 32)

  func terms(rate: Int64 = 60_000, fee: Int64 = 500, recourse: Bool = true) -> Terms {
    Terms { ($0.rate, $0.fee, $0.hasRecourse, $0.valueDay) = (rate, fee, recourse, today) }
  }

  func request(_ note: Digest, _ lot: Digest, by name: String, reason: String = "", invited: [String] = []) throws {
    try send(
      FinanceRequest {
        ($0.note, $0.lot, $0.expires, $0.reason) = (note, lot, expiry(), reason)
        $0.invited = invited.map { bank in Invited { $0.name = bank } }
      }, by: name)
  }

  func bid(_ note: Digest, _ lot: Digest, by name: String, terms: Terms? = nil) throws {
    let terms = terms ?? self.terms()
    try send(
      Bid {
        ($0.note, $0.lot, $0.expires) = (note, lot, expiry(days: 3))
        $0.terms = Sealed(terms.encoded(), salt: World.salt)
      }, by: name)
  }

  func choose(
    _ note: Digest, _ lot: Digest, _ financier: String, by name: String, terms: Terms? = nil
  ) throws {
    try send(
      BidChoice {
        ($0.note, $0.lot, $0.financier) = (note, lot, financier)
        ($0.terms, $0.salt) = (terms ?? self.terms(), World.salt)
      }, by: name)
  }

  func evidence(_ payer: String, _ payee: String, _ amount: Int64, id: String? = nil) -> BankEvidence {
    BankEvidence {
      ($0.id, $0.payer, $0.payee) = (.sha256(id ?? "entry \(number)"), payer, payee)
      ($0.amount, $0.day) = (amount, today)
    }
  }

  func pay(
    _ note: Digest, _ lot: Digest, _ kind: PaymentKind, _ evidence: BankEvidence, by name: String = "bank1"
  ) throws {
    try send(
      LotPayment { ($0.note, $0.lot, $0.payment, $0.evidence) = (note, lot, kind, evidence) }, by: name)
  }

  func proceeds(_ face: Int64, days: Int64, terms: Terms? = nil) throws -> Int64 {
    let terms = terms ?? self.terms()
    return try SupplyChainContract.price(face, terms, maturity: terms.valueDay + days, currency: "CNY", World.policy)
      .proceeds
  }

  /// A live note that bank1 has bought from sup1.
  func financed(_ number: Int = 1, _ amount: Int64 = 1_000_000, recourse: Bool = true) throws -> Digest {
    let note = try live(number, amount)
    let terms = terms(recourse: recourse)
    try request(note, note, by: "sup1")
    try bid(note, note, by: "bank1", terms: terms)
    try choose(note, note, "bank1", by: "sup1", terms: terms)
    try pay(
      note, note, .disburse, evidence("bank1", "sup1", try proceeds(amount, days: 90, terms: terms)))
    return note
  }

  /// Takes a lot to default.
  func defaulted(_ note: Digest, holder: String) throws {
    later(days: 95)
    try act(note, note, .markDue, by: "op")
    try act(note, note, .markOverdue, by: "op")
    later(days: 30)
    try act(note, note, .markDefault, by: holder)
  }

  // MARK: Collateral

  static let device = PrivateKey.derive(seed: Array("world".utf8), label: "device")

  func goods(_ number: Int = 1, _ value: Int64 = 1_000_000, owner: String = "dist") throws -> Digest {
    let id = Digest.sha256("goods \(number)")
    try send(GoodsReceipt { ($0.id, $0.owner, $0.value) = (id, owner, value) }, by: "op")
    return id
  }

  func facility(_ goods: [Digest], limit: Int64 = 600_000) throws -> Digest {
    let id = try send(
      FacilityProposal {
        ($0.financier, $0.limit) = ("bank2", limit)
        $0.goods = goods.map { id in Reference { $0.id = id } }
      }, by: "dist")
    try act(id, .accept, by: "bank2")
    return id
  }

  func act(_ facility: Digest, _ step: FacilityStep, by name: String, amount: Int64 = 0, goods: Digest? = nil) throws {
    try send(
      FacilityAction { ($0.facility, $0.step, $0.amount, $0.goods) = (facility, step, amount, goods) }, by: name)
  }

  func pay(_ facility: Digest, drawing: Bool, _ evidence: BankEvidence, by name: String = "bank1") throws {
    try send(
      FacilityPayment { ($0.facility, $0.isDrawing, $0.evidence) = (facility, drawing, evidence) }, by: name)
  }

  func draw(_ facility: Digest, _ amount: Int64) throws {
    try act(facility, .draw, by: "dist", amount: amount)
    try pay(facility, drawing: true, evidence("bank2", "dist", amount))
  }

  func device(_ goods: Digest) throws {
    try send(
      DeviceRegistration {
        ($0.device, $0.key, $0.goods) = ("urn:dev:1", World.device.publicKey.coseKey, goods)
      }, by: "op")
  }

  func read(_ counter: UInt64, _ value: Int64, at moment: UInt64? = nil, forged: Bool = false) throws {
    var reading = SensorReading {
      ($0.device, $0.counter, $0.time) = ("urn:dev:1", counter, moment ?? time)
      ($0.reading, $0.value) = ("temperature", value)
    }
    reading.signature = try World.device.sign(reading.signedBytes)
    if forged { reading.value -= 3_000 }
    try send(reading, by: "op")
  }

  /// Two hot readings: an exception; gives its entry.
  func breach(_ goods: Digest) throws -> UInt64 {
    try device(goods)
    try read(1, 9_000)
    try read(2, 9_000)
    return trial.index - 1
  }

  func exception(_ entry: UInt64, _ step: ExceptionStep, by name: String, reason: String = "checked") throws {
    try send(
      ExceptionAction {
        ($0.exception, $0.step, $0.reason) = (entry, step, reason)
        $0.device = step == .reportSilence ? "urn:dev:1" : ""
      }, by: name)
  }

  // MARK: Reading

  func record<Record: Fields>(_ key: StateKey, as type: Record.Type = Record.self) throws -> Record? {
    try trial.read { state throws(Refusal) in try state.record(key) }
  }

  func lot(_ note: Digest, _ lot: Digest) throws -> Lot { try #require(try record(Family.lots.key(note, lot))) }
  func note(_ id: Digest) throws -> Note { try #require(try record(Family.notes.key(id))) }

  func account(_ id: AccountID) throws -> Account? {
    try trial.read { state throws(ValueError) in try Family.postings.account(id, &state) }
  }

  /// SHA-256 of the whole state.
  var digest: Digest {
    var hasher = SHA256Hasher()
    for (key, value) in trial.pairs {
      hasher.update(key.bytes)
      hasher.update(Digest.sha256(value))
    }
    return hasher.finalize()
  }
}
