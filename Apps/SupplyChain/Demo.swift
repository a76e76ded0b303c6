import ArgumentParser
import COSE
import FinanceRules
import Foundation
import Ledger
import LedgerServer
import Primitives
import Value

/// `demo`: one order from a core enterprise through three tiers, two banks, a warehouse and a regulator.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Plays an order through three tiers of suppliers, two banks and a warehouse, ending in verified proofs.")

  @Option(
    name: .customLong("data"), help: "Where the ledger is made; a temporary folder, removed at the end, unless given.")
  var path: String?
  @Option(help: "Everything that is random follows from this number; one seed, one log root.") var seed: UInt64 = 2026

  @Flag(name: .customLong("open"), help: "Stops before maturity, so that a server of the ledger has something to show.")
  var keepsOpen = false

  func run() async throws {
    try await Console.run {
      let folder =
        path ?? FileManager.default.temporaryDirectory.path + "/tallystick-finance-\(UUID().uuidString.prefix(8))"
      defer { if path == nil { try? FileManager.default.removeItem(atPath: folder) } }
      let story = try await Story(folder: folder, seed: seed)
      var demo = Demo(story: story, keepsOpen: keepsOpen)
      do { try await demo.play() } catch {
        await story.open.close()
        throw error
      }
    }
  }
}

/// One playing of the story.
struct Demo {
  let story: Story
  private var invoice = InvoiceFiling()
  private var note = Digest()
  /// The lots at the end: tier 1's, tier 2's, and the one that bank A bought.
  private var lots: [(lot: Digest, holder: String, amount: Int64)] = []

  /// Goods that must stay between 2 and 8 degrees: two hot readings among three are an exception.
  static let coldChain = SensorRule {
    ($0.reading, $0.low, $0.high, $0.hysteresis) = ("temperature", 2_000, 8_000, 500)
    ($0.breaches, $0.window, $0.haircut) = (2, 3, 300_000)
  }

  /// A door that must not stand open for more than ten minutes; the goods are worth a little less until it is looked at.
  static let shutDoor = SensorRule {
    ($0.reading, $0.high, $0.dwellMinutes) = ("open", 0, 10)
    ($0.haircut, $0.blocks) = (50_000, false)
  }

  /// Goods of which no more than a fiftieth may be gone from their scale.
  static let wholeMass = SensorRule {
    ($0.reading, $0.shape, $0.high) = ("mass", .loss, 20_000)
    ($0.breaches, $0.window, $0.haircut) = (2, 3, 200_000)
  }

  /// Whether it stops before maturity.
  private let keepsOpen: Bool

  init(story: Story, keepsOpen: Bool = false) { (self.story, self.keepsOpen) = (story, keepsOpen) }

  mutating func play() async throws {
    try await found()
    try await trade()
    try await undertake()
    try await passDown()
    try await finance()
    try await collateral()
    let proof = try await regulate()
    if keepsOpen { return try await leave() }
    try await mature()
    try await prove()
    try await finish(proof)
  }

  /// Ends while the note is under way; who holds keys of lots knows them by a file of its own.
  private func leave() async throws {
    for name in ["tier2", "tier3"] {
      let line = "key \(story.party("~\(name)/1")) = \(name)\n"
      try Console.write(Array(line.utf8), to: "\(story.folder)/\(name)/parties.txt")
    }
    try RegistryFile.make(story.folder, id: "2026-1", secret: Digest.sha256("registry key of the demo").bytes)
    await story.open.close()
  }

  private func found() async throws {
    let names = story.consortium.names
    story.tell("\(names.count) members found \(story.open.sequencer.genesis.origin).")
    let roster = RosterChange {
      $0.number = 1
      $0.entries = Story.cast.map { member in
        MemberEntry {
          ($0.name, $0.roles) = (member.name, member.roles)
          ($0.status, $0.isSmall) = (.admitted, member.isSmall)
        }
      }
    }
    let policy = Policy { $0.sensors = [Demo.coldChain, Demo.shutDoor, Demo.wholeMass] }
    for name in names.prefix(7) { try await story.state(roster, by: name) }
    for name in names.prefix(7) { try await story.state(policy, by: name) }
    for (name, makes) in [("ada", true), ("bob", false)] {
      try await story.state(
        PersonChange {
          ($0.name, $0.key) = (name, story.key("core/\(name)").publicKey.coseKey)
          ($0.makes, $0.checks) = (makes, true)
        }, by: "core")
    }
    for member in names {
      try await story.state(SealingNotice { $0.key = story.sealingKey(member).publicKey }, by: member)
    }
    // Holders below the first tier act under keys of single lots; only the registrar and their readers know whose.
    let holders = try [
      ("~tier2/1", ["platform", "tier2", "tier1", "regulator"]),
      ("~tier3/1", ["platform", "tier3", "tier2", "regulator"]),
    ].map { label, readers in
      let holder = try story.sealed("\(label.dropFirst().prefix { $0 != "/" })", to: readers)
      return AdmittedKey { ($0.key, $0.holder) = (.sha256(story.key(label).publicKey.id.bytes), holder) }
    }
    try await story.state(
      KeysAdmission {
        $0.keys = holders
      }, by: "platform")
    for label in ["~tier2/1", "~tier3/1"] {
      try await story.state(SealingNotice { $0.key = story.sealingKey(label).publicKey }, by: label)
    }
    try await line(.obligor, "core", 500_000_000, by: "platform")
    for bank in ["bank-a", "bank-b"] { try await line(.pair, "core", 100_000_000, by: bank) }
    try await story.settle()
    story.note("A quorum of 7 admits the members and decides policy version 1; lines are granted.")
  }

  private func line(_ kind: LineKind, _ name: String, _ limit: Int64, by member: String) async throws {
    try await story.state(LineGrant { ($0.line, $0.name, $0.limit) = (kind, name, limit) }, by: member)
  }

  private mutating func trade() async throws {
    var (earlier, previous): (Digest?, Int64) = (nil, 0)
    for (day, paper, by, words) in [
      ("2026-03-03", TradeKind.order, "core", "orders 4,200 brake sets from tier 1" as Message),
      ("2026-03-10", .despatch, "tier1", "ships them, with the truck's sensors on"),
      ("2026-03-12", .receipt, "core", "has received them, 4,200 of 4,200"),
    ] {
      story.go(to: day)
      let (id, answers, today) = (Digest.sha256(story.salt()), earlier, story.today)
      let content = try story.sealed(
        "\(paper.rawValue) 4500017: 4200 brake sets at 417.20", to: ["core", "tier1", "regulator"])
      try await story.state(
        TradeFiling {
          ($0.paper, $0.id, $0.answers) = (paper, id, answers)
          ($0.buyer, $0.seller, $0.day) = ("core", "tier1", today)
          $0.content = content
        }, by: by)
      story.note("\(by) \(words).")
      (earlier, previous) = (id, today)
    }
    story.go(to: "2026-03-13")
    let receipt = earlier
    let content = try story.sealed("invoice INV2026031: 4200 at 417.20", to: ["core", "tier1", "regulator"])
    let (today, delivered) = (story.today, previous)
    invoice = InvoiceFiling {
      ($0.token, $0.similar) = (
        self.token("1|tier1|core|INV2026031|2026-03-13|CNY|1980025.15"), self.token("1|tier1|INV2026031")
      )
      ($0.tokenKey, $0.seller, $0.buyer) = ("2026-1", "tier1", "core")
      ($0.payable, $0.issueDay, $0.deliveryDay) = (198_002_515, today, delivered)
      ($0.receipt, $0.content) = (receipt, content)
    }
    try await story.state(invoice, by: "tier1")
    let exact = invoice.token
    try await story.state(InvoiceAction { $0.token = exact }, by: "core")
    story.note("tier1 invoices CNY 1980025.15; core approves: order, despatch and receipt fit.")
  }

  /// The registry's keyed token of canonical fields.
  private func token(_ fields: String) -> Digest {
    HMACSHA256Key(Array("registry key of the demo".utf8)).code(for: Array(fields.utf8))
  }

  private mutating func undertake() async throws {
    story.go(to: "2026-03-16")
    let (token, due) = (invoice.token, try Day("2026-08-31").number)
    func proposal(_ amount: Int64) -> NoteProposal {
      NoteProposal {
        ($0.invoice, $0.amount, $0.maturity) = (token, amount, due)
        $0.expires = story.later(days: 5)
      }
    }
    let note = try await story.state(proposal(198_002_515), by: "core/ada")
    story.note("core/ada proposes a note over the whole invoice, due 2026-08-31.")
    func step(_ step: ProposalStep, free: Bool = false) -> ProposalAction {
      ProposalAction { ($0.note, $0.step, $0.isFreeChoice) = (note, step, free) }
    }
    story.note("core/ada confirms it herself:")
    try await story.refused(step(.acceptIssue), by: "core/ada", .checkerIsMaker)
    try await story.state(step(.acceptIssue), by: "core/bob")
    try await story.state(step(.acceptPayment, free: true), by: "tier1")
    story.note("core/bob confirms; tier1 accepts by free choice: the note is live and irrevocable.")
    story.note("core proposes another 100.00 on the same invoice:")
    try await story.refused(proposal(10_000), by: "core/ada", .overIssue)
    self.note = note
    try await story.settle()
  }

  private func transfer(_ lot: Digest, from: String, to: String) async throws {
    let (note, expires, party) = (note, story.later(days: 5), story.party(to))
    try await story.state(
      LotAction { ($0.note, $0.lot, $0.step, $0.party, $0.expires) = (note, lot, .offerTransfer, party, expires) },
      by: from)
    try await story.state(LotAction { ($0.note, $0.lot, $0.step) = (note, lot, .acceptTransfer) }, by: to)
  }

  private func split(_ lot: Digest, _ amounts: [Int64], by name: String) async throws -> [Digest] {
    let note = note
    try await story.state(
      LotSplit {
        ($0.note, $0.lot) = (note, lot)
        $0.parts = amounts.map { amount in Part { $0.amount = amount } }
      }, by: name)
    return amounts.indices.map { SupplyChainContract.child(of: lot, $0) }
  }

  private mutating func passDown() async throws {
    story.go(to: "2026-03-20")
    let first = try await split(note, [120_000_000, 78_002_515], by: "tier1")
    try await transfer(first[1], from: "tier1", to: "~tier2/1")
    story.note("tier1 splits it and pays tier 2 with 780025.15; tier 2 acts under a key of this lot.")
    let second = try await split(first[1], [48_002_515, 30_000_000], by: "~tier2/1")
    try await transfer(second[1], from: "~tier2/1", to: "~tier3/1")
    story.note("tier 2 splits again and pays tier 3 with 300000.00.")
    lots = [
      (first[0], "tier1", 120_000_000), (second[0], "~tier2/1", 48_002_515), (second[1], "bank-a", 30_000_000),
    ]
    try await story.settle()
  }

  private func finance() async throws {
    story.go(to: "2026-03-25")
    let (note, lot, expires, today) = (note, lots[2].lot, story.later(days: 5), story.today)
    try await story.state(
      FinanceRequest { ($0.note, $0.lot, $0.expires) = (note, lot, expires) }, by: "~tier3/1")
    var chosen: (terms: Terms, salt: [UInt8])?
    for (bank, rate) in [("bank-b", Int64(46_000)), ("bank-a", 43_500)] {
      let terms = Terms { ($0.rate, $0.fee, $0.hasRecourse, $0.valueDay) = (rate, 3_000, false, today) }
      let sealed = try story.sealed(terms.encoded(), salt: story.salt(), to: ["~tier3/1", bank])
      try await story.state(
        Bid {
          ($0.note, $0.lot, $0.expires) = (note, lot, expires)
          $0.terms = sealed
        }, by: bank)
      // The holder opens each bid with the sealing key of its lot; the banks cannot open each other's.
      let opened = try sealed.open(with: story.sealingKey("~tier3/1"))
      chosen = (try Terms(decoding: opened.plain), opened.salt)
      let other = bank == "bank-a" ? "bank-b" : "bank-a"
      guard (try? sealed.open(with: story.sealingKey(other))) == nil else {
        throw LedgerError(.damaged, "\(other) could open another bank's bid: this must not happen.")
      }
    }
    guard let chosen else { return }
    try await story.state(
      BidChoice {
        ($0.note, $0.lot, $0.financier) = (note, lot, "bank-a")
        ($0.terms, $0.salt) = (chosen.terms, chosen.salt)
      }, by: "~tier3/1")
    let price = try SupplyChainContract.price(
      30_000_000, chosen.terms, maturity: try Day("2026-08-31").number, currency: "CNY", Policy())
    let evidence = entry("bank-a", story.party("~tier3/1"), price.proceeds)
    try await story.state(
      LotPayment { ($0.note, $0.lot, $0.payment, $0.evidence) = (note, lot, .disburse, evidence) }, by: "bank-a")
    let paid = FinanceText.money(price.proceeds, "CNY")
    let discount = FinanceText.money(price.discount, "CNY")
    story.note("Two sealed bids; tier 3 opens bank-a's 4.35 %: \(paid) paid out, \(discount) discount, CNY 30.00 fee.")

    let (token, similar) = (invoice.token, invoice.similar)
    story.note("tier1 shows the same invoice, in other bytes, to bank-b, which asks the registry:")
    try await story.refused(
      RegistryClaim { ($0.token, $0.similar, $0.step) = (token, similar, .register) }, by: "bank-b", .doubleFinancing)
    story.note("tier1 files it a second time:")
    try await story.refused(invoice, by: "tier1", .invoiceKnown)
    try await story.settle()
  }

  func entry(_ payer: String, _ payee: String, _ amount: Int64) -> BankEvidence {
    let (id, today) = (Digest.sha256(story.salt()), story.today)
    return BankEvidence {
      ($0.id, $0.payer, $0.payee) = (id, payer, payee)
      ($0.amount, $0.day) = (amount, today)
    }
  }

  private func mature() async throws {
    story.go(to: "2026-08-31")
    let note = note
    var last = BankEvidence()
    for (lot, holder, amount) in lots {
      try await story.state(LotAction { ($0.note, $0.lot, $0.step) = (note, lot, .markDue) }, by: "platform")
      if lot == lots[2].lot {
        story.note("The last bank entry is brought up again to settle the next lot:")
        let used = last
        try await story.refused(
          LotPayment { ($0.note, $0.lot, $0.payment, $0.evidence) = (note, lot, .settle, used) }, by: "bank-a",
          .evidenceUsed)
      }
      let evidence = entry("core", story.party(holder), amount)
      try await story.state(
        LotPayment { ($0.note, $0.lot, $0.payment, $0.evidence) = (note, lot, .settle, evidence) }, by: "bank-a")
      last = evidence
    }
    story.note("core pays tier 1, tier 2 and bank-a on bank evidence: the note is discharged, the line is free again.")
    try await story.settle()
  }

  /// The regulator's figures while the note is under way.
  private func regulate() async throws -> [UInt8] {
    story.go(to: "2026-04-07")
    try await story.state(
      RegulatorRead { ($0.member, $0.purpose) = ("core", "yearly review, order 2026/17") }, by: "regulator")
    try await story.settle()
    story.note("The regulator, whose read is on record, computes every figure from a proof:")
    let proof = try story.prove(.report(since: nil), "report.proof")
    try story.prove(.line("line:obligor/core"), "line.proof")
    let held = lots[2].lot
    try story.prove(.holder(note: note, lot: held), "holder.proof")
    story.tell()
    return proof
  }

  /// The proofs at the end, each checked as a stranger would.
  private func prove() async throws {
    story.tell()
    story.tell("Who held what, and what became of it:")
    try story.prove(.chain(note: note), "chain.proof")
    try story.prove(.line("line:obligor/core"), "line-free.proof")
    try story.prove(.exceptions, "exceptions.proof")
  }

  private func finish(_ proof: [UInt8]) async throws {
    var altered = proof
    guard let place = Demo.find("unearned-discount", in: altered) else {
      throw LedgerError(.notFound, "The report's proof has nothing to alter.")
    }
    altered[place] ^= 0x01
    story.tell()
    story.tell("One byte of a copy of report.proof is changed (byte \(place)):")
    do {
      _ = try story.verify(altered)
      throw LedgerError(.damaged, "The altered proof was accepted: this must not happen.")
    } catch let error as LedgerError where error.kind == .notProved {
      story.tell("  verify: \(error.message)")
    }
    let (size, root, state) = (
      story.open.sequencer.head.size, story.open.sequencer.head.root, story.open.sequencer.head.seal.stateRoot
    )
    await story.open.close()
    let report = try await story.consortium.folder("bank-b").audit(suite: SupplyChainApp.suite)
    guard report.isSound else { throw LedgerError(.damaged, "bank-b's audit found faults: \(report.faults).") }
    story.tell("bank-b audits its own copy: sound, \(report.signatures) signatures checked.")
    story.tell()
    story.tell(
      "Log: \(size) entries, root \(Base64.encode(root.bytes)); state \(state.hex.prefix(16))…; seed \(story.seed).")
    story.tell("The same seed gives the same roots.")
  }

  private static func find(_ text: String, in bytes: [UInt8]) -> Int? {
    let needle = Array(text.utf8)
    var start = 0
    while let found = bytes[start...].firstIndex(of: needle[0]) {
      if bytes[found...].starts(with: needle) { return found }
      start = found + 1
    }
    return nil
  }
}
