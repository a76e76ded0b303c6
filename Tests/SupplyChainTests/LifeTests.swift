import COSE
import FinanceRules
import Ledger
import Primitives
import Testing
import Value

@Suite("The life of a note")
struct LifeTests {
  private func balance(_ world: World, _ party: String, _ name: String) throws -> Int64 {
    try world.account(Books(.cny).account(party, name))?.debitBalance ?? 0
  }

  private func balanced(_ world: World) throws -> Bool {
    try world.trial.read { state throws(ValueError) in try TrialBalance(Family.postings, &state).isBalanced }
  }

  @Test("finance books proceeds, discount and fee as the face on both sides, and earns the discount to the last cent")
  func finance() throws {
    let world = try World()
    let note = try world.financed()
    let lot = try world.lot(note, note)
    // 10,000.00 at 6 % for 90 days on 360: 150.00 off, and a fee of 5.00.
    #expect(lot.discount == 15_000)
    #expect(lot.paid == 984_500)
    #expect(try balance(world, "sup1", "bank") == 984_500)
    #expect(try balance(world, "sup1", "discount-expense") == 15_000)
    #expect(try balance(world, "sup1", "fee-expense") == 500)
    #expect(try balance(world, "sup1", "receivable") == 0)
    #expect(try balance(world, "bank1", "receivable") == 1_000_000)
    #expect(try balance(world, "bank1", "unearned-discount") == -15_000)
    world.later(days: 30)
    try world.act(note, note, .accrue, by: "bank1")
    #expect(try balance(world, "bank1", "discount-income") == -5_000)
    world.later(days: 60)
    try world.act(note, note, .markDue, by: "op")
    try world.pay(note, note, .settle, world.evidence("core", "bank1", 1_000_000))
    #expect(try balance(world, "bank1", "discount-income") == -15_000)
    #expect(try balance(world, "bank1", "unearned-discount") == 0)
    #expect(try balance(world, "core", "payable") == 0)
    #expect(try world.note(note).status == .discharged)
    #expect(try world.account(CreditLine.obligor("core", .cny).used)?.debitBalance == 0)
    #expect(try world.account(CreditLine.pair("bank1", "core", .cny).used)?.debitBalance == 0)
    #expect(try balanced(world))
  }

  @Test("a lot passed down the tiers keeps obligor, currency, maturity and root; tier 3 acts under a key of the lot")
  func passedDown() throws {
    let world = try World()
    let note = try world.live()
    let first = try world.split(note, note, [600_000, 400_000], by: "sup1")
    try world.transfer(note, first[1], from: "sup1", to: "sup2")
    let second = try world.split(note, first[1], [100_000, 300_000], by: "sup2")
    try world.transfer(note, second[0], from: "sup2", to: "key:1")
    let lot = try world.lot(note, second[0])
    #expect(lot.holder == world.party("key:1"))
    #expect(!world.trial.pairs.contains { $0.value.contains(Array("sup3".utf8)) && $0.key.bytes[0] == Family.lots.id })
    #expect(try balance(world, world.party("key:1"), "receivable") == 100_000)
    #expect(lot.depth == 2)
    #expect(
      try world.code { try world.act(note, second[0], .offerTransfer, by: "key:2", to: "dist") } == "not-the-holder")
  }

  @Test("after a default: recourse brings the lot back, registry and lines are free again")
  func recourse() throws {
    let world = try World()
    let note = try world.demanded()
    try world.act(note, note, .acceptRecourse, by: "sup1")
    try world.pay(note, note, .buyback, world.evidence("sup1", "bank1", 1_000_000))
    let lot = try world.lot(note, note)
    #expect(lot.holder == "sup1" && lot.financier.isEmpty && lot.performance == .defaulted)
    #expect(try world.account(CreditLine.pair("bank1", "core", .cny).used)?.debitBalance == 0)
    let entry: Registration? = try world.record(Family.registry.key(.sha256("invoice 1")))
    #expect(entry?.status == .cancelled)
    #expect(try balanced(world))
  }

  @Test("a financier that takes its claim back does not free what it has chosen as a lot")
  func claimAndChoice() throws {
    let world = try World()
    let note = try world.live()
    func entry() throws -> Registration? { try world.record(Family.registry.key(.sha256("invoice 1"))) }
    try world.claim(1, .register, by: "bank1")
    #expect(try entry()?.status == .registered)
    try world.request(note, note, by: "sup1")
    try world.bid(note, note, by: "bank1")
    try world.choose(note, note, "bank1", by: "sup1")
    try world.claim(1, .cancel, by: "bank1")
    #expect(try entry()?.status == .registered && entry()?.chosen == 1)
    // Once is once: the lot's choice is no claim.
    #expect(try world.code { try world.claim(1, .cancel, by: "bank1") } == "claim-held")
    #expect(try world.code { try world.claim(1, .register, by: "bank2") } == "double-financing")
    #expect(try world.code { try world.claim(1, .finance, by: "bank1") } == "claim-held")
    // And a claim that was paid outlives the lot's choice.
    let other = try World()
    let second = try other.live()
    try other.claim(1, .register, by: "bank1")
    try other.claim(1, .finance, by: "bank1")
    try other.request(second, second, by: "sup1")
    try other.bid(second, second, by: "bank1")
    try other.choose(second, second, "bank1", by: "sup1")
    try other.act(second, second, .cancelFinance, by: "sup1")
    let kept: Registration? = try other.record(Family.registry.key(.sha256("invoice 1")))
    #expect(kept?.status == .financed && kept?.chosen == 0)
    #expect(try other.code { try other.claim(1, .register, by: "bank2") } == "double-financing")
  }

  @Test("what is written off stays owed, and a late payment recovers it")
  func writeOff() throws {
    let world = try World()
    let note = try world.live()
    try world.defaulted(note, holder: "sup1")
    try world.send(WriteOff { ($0.note, $0.lot, $0.amount) = (note, note, 400_000) }, by: "sup1")
    #expect(try balance(world, "sup1", "loss") == 400_000)
    #expect(try balance(world, "core", "payable") == -1_000_000)
    try world.pay(note, note, .settle, world.evidence("core", "sup1", 700_000))
    #expect(try balance(world, "sup1", "loss") == 300_000)
    try world.pay(note, note, .settle, world.evidence("core", "sup1", 300_000, id: "second"))
    #expect(try balance(world, "sup1", "loss") == 0)
    #expect(try world.note(note).status == .discharged)
    // With nothing overdue any more the obligor may issue again.
    _ = try world.live(2)
    #expect(try balanced(world))
  }

  @Test("cure is the holder's word alone, and lets the obligor issue again")
  func cure() throws {
    let world = try World()
    let note = try world.live()
    try world.defaulted(note, holder: "sup1")
    #expect(try world.code { try world.act(note, note, .cure, by: "core") } == "not-the-holder")
    #expect(try world.code { _ = try world.live(2) } == "obligor-overdue")
    try world.act(note, note, .cure, by: "sup1")
    _ = try world.live(3)
  }

  @Test("a pledge is enforced by the pledgee after a default, and a frozen lot is still paid")
  func lien() throws {
    let world = try World()
    let note = try world.pledged()
    try world.defaulted(note, holder: "sup1")
    try world.act(note, note, .enforce, by: "bank1")
    #expect(try world.lot(note, note).holder == "bank1")
    try world.frozen(note)
    try world.pay(note, note, .settle, world.evidence("core", "bank1", 1_000_000))
    #expect(try world.lot(note, note).existence == .discharged)
    #expect(try balanced(world))
  }

  @Test("a freeze is taken off by both, in either order")
  func thaw() throws {
    let world = try World()
    let note = try world.live()
    try world.frozen(note)
    try world.act(note, note, .unfreeze, by: "reg", reason: "order 2")
    #expect(try world.lot(note, note).isFrozen)
    try world.act(note, note, .unfreeze, by: "op", reason: "order 2")
    #expect(try !world.lot(note, note).isFrozen)
    try world.transfer(note, note, from: "sup1", to: "sup2")
  }

  @Test("a bid that is called off frees lines and registry, and another bank may finance")
  func cancel() throws {
    let world = try World()
    let note = try world.chosen()
    try world.act(note, note, .cancelFinance, by: "bank1")
    #expect(try world.account(CreditLine.pair("bank1", "core", .cny).used)?.pendingDebits == 0)
    try world.request(note, note, by: "sup1")
    try world.bid(note, note, by: "bank2")
    try world.choose(note, note, "bank2", by: "sup1")
  }

  @Test("a similar invoice of the registry is no bar when a reason is given")
  func similar() throws {
    let world = try World()
    try GuardScenarios.scenario(.similarInvoice)(try World(without: .similarInvoice))
    #expect(throws: Refusal.self) { try GuardScenarios.scenario(.similarInvoice)(world) }
    let notes = world.trial.pairs.filter { $0.key.bytes[0] == Family.notes.id }
    let note = try #require(Digest(notes[0].key.bytes.dropFirst()))
    try world.request(note, note, by: "sup1", reason: "a second delivery under the same order")
  }

  @Test("two hot readings among three open an exception that cuts what may be drawn; hysteresis holds the count")
  func sensors() throws {
    let world = try World()
    let goods = try world.goods()
    let facility = try world.facility([goods])
    try world.device(goods)
    for (counter, value) in [(UInt64(1), Int64(8_100)), (2, 7_000), (3, 7_000)] { try world.read(counter, value) }
    #expect(try world.record(Family.exceptions.key(order: world.trial.index - 1), as: ExceptionRecord.self) == nil)
    // 7.6 is inside the limits but within half a degree of them: after a breach it does not count as back inside.
    try world.read(4, 8_100)
    try world.read(5, 7_600)
    let entry = world.trial.index - 1
    #expect(try world.record(Family.exceptions.key(order: entry), as: ExceptionRecord.self)?.status == .open)
    let cover = try world.trial.read { state throws(Refusal) in
      try SupplyChainContract(version: 1).cover(facility, without: nil, &state)
    }
    // 70 % of the value less 10 % by policy and 30 % for the exception.
    #expect(cover.right == 420_000 && cover.value == 700_000 && cover.isBlocked)
    try world.exception(entry, .acknowledge, by: "op")
    try world.exception(entry, .resolve, by: "bank2")
    try world.draw(facility, 600_000)
  }

  @Test("a device that has gone silent is an exception by the ledger's time")
  func silence() throws {
    let world = try World()
    let goods = try world.goods()
    let facility = try world.facility([goods])
    try world.device(goods)
    world.time += 61 * World.minute
    try world.exception(0, .reportSilence, by: "bank2")
    let entry = world.trial.index - 1
    #expect(try world.code { try world.draw(facility, 1) } == "drawing-blocked")
    try world.exception(entry, .escalate, by: "bank2")
    try world.exception(entry, .resolve, by: "bank2")
    try world.draw(facility, 1)
  }

  @Test("a drawing that was asked for can be called off, and goods are released when what is drawn stays covered")
  func facility() throws {
    let world = try World()
    let goods = [try world.goods(1), try world.goods(2)]
    let facility = try world.facility(goods)
    try world.act(facility, .draw, by: "dist", amount: 600_000)
    try world.act(facility, .cancelDraw, by: "dist")
    try world.draw(facility, 500_000)
    try world.act(facility, .release, by: "bank2", goods: goods[0])
    #expect(try world.code { try world.act(facility, .release, by: "bank2", goods: goods[1]) } == "release-uncovered")
    try world.pay(facility, drawing: false, world.evidence("dist", "bank2", 500_000, id: "repaid"))
    try world.act(facility, .close, by: "dist")
    _ = try world.facility(goods)
    #expect(try balance(world, "bank2", "loan") == 0)
    #expect(try balanced(world))
  }

  @Test("a policy governs the notes that were proposed under it, for life")
  func policies() throws {
    let world = try World()
    let note = try world.live()
    var policy = World.policy
    (policy.version, policy.maxDepth, policy.maxTenorDays) = (2, 0, 30)
    try world.decide(policy)
    try world.transfer(note, note, from: "sup1", to: "sup2")
    let token = try world.invoice(2, 100)
    #expect(try world.code { try world.propose(token, 100, days: 31) } == "tenor-too-long")
    let second = try world.propose(token, 100, days: 30)
    try world.answer(second, .acceptIssue, by: "core/bob")
    try world.answer(second, .acceptPayment, by: "sup1")
    #expect(
      try world.code { try world.act(second, second, .offerTransfer, by: "sup1", to: "sup2") } == "depth-exceeded")
  }
}

@Suite("What is written down")
struct FormTests {
  @Test("identifiers with wrong check digits are refused, also those with the right remainder")
  func lei() {
    #expect(LEI.isValid("5493001KJTIIGC8Y1R12"))
    #expect(LEI.isValid("969500KSV493XWY0PS33"))
    for text in [
      "5493001KJTIIGC8Y1R13", "5493001KTJIIGC8Y1R12", "5493001kjtiigc8y1r12", "", "5493001KJTIIGC8Y1R1",
      "5493001KJTIIGC8Y1RA2", "5493001KJTIIGC8Y1R123",
    ] { #expect(!LEI.isValid(text), "\(text)") }
    // 97 more or less than the right digits leaves the same remainder.
    var others = 0
    for number in 0..<62 {
      let base = String(String(100_000 + number).reversed()) + "AB12CD34EF56"
      for check in 0...99 {
        let text = base.prefix(18) + String(String(check + 100).dropFirst())
        if LEI.isValid(String(text)) {
          #expect((2...98).contains(check))
          others += 1
        }
      }
    }
    #expect(others == 62)
  }

  @Test("documents read what they write and nothing else")
  func forms() throws {
    try check(World.policy)
    try check(try World(prepared: false).roster(number: 3))
    try check(NoteProposal { ($0.invoice, $0.amount, $0.maturity, $0.expires) = (.sha256("i"), 5, 20_000, 9) })
    try check(LotSplit { $0.parts = [Part { $0.amount = 4 }, Part { $0.amount = 5 }] })
    try check(LotPayment { $0.evidence = BankEvidence { ($0.payer, $0.payee) = ("a", "b") } })
    try check(Bid { $0.terms = Sealed([1], salt: World.salt, ciphertext: [7, 7]) })
    try check(BidChoice { ($0.financier, $0.salt) = ("b", World.salt) })
    try check(SensorReading { ($0.device, $0.reading, $0.value) = ("d", "t", -5) })
    try check(GoodsReceipt { $0.owner = "o" })
    try check(Lot { $0.holder = "h" })
  }

  private func check<Form: Fields>(_ form: Form) throws {
    let bytes = form.encoded()
    #expect(try Form(decoding: bytes) == form)
    #expect(throws: (any Error).self) { try Form(decoding: bytes + [0]) }
    #expect(throws: (any Error).self) { try Form(decoding: bytes.dropLast()) }
    // Any changed byte either cannot be read or is another form; nothing traps.
    for place in bytes.indices {
      for mask in [UInt8(1), 0x20, 0x80, 0xff] {
        var changed = bytes
        changed[place] ^= mask
        guard let read = try? Form(decoding: changed) else { continue }
        #expect(read.encoded() == changed)
      }
    }
  }

  @Test("a sealed field opens with its own salt and plain text alone")
  func seals() {
    let sealed = Sealed([1, 2, 3], salt: World.salt)
    #expect(sealed.commits(to: [1, 2, 3], salt: World.salt))
    #expect(!sealed.commits(to: [1, 2, 4], salt: World.salt))
    #expect(!sealed.commits(to: [1, 2, 3], salt: [UInt8](repeating: 8, count: 32)))
    #expect(!sealed.commits(to: [9, 1, 2, 3], salt: [UInt8](repeating: 9, count: 31)))
  }
}

extension [UInt8] {
  /// Whether the bytes occur in these.
  fileprivate func contains(_ needle: [UInt8]) -> Bool {
    guard count >= needle.count else { return false }
    return (0...(count - needle.count)).contains { self[$0..<($0 + needle.count)].elementsEqual(needle) }
  }
}
