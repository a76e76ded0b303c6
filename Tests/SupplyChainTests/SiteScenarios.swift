import COSE
import FinanceRules
import Ledger
import Primitives

/// More refusals: the guards that stand in several places, each place once. The last statement is the refused one.
enum SiteScenarios {
  static let all: [(Guard, GuardScenarios.Scenario)] = members + trade + proposals + lots + finance + money + goods

  private static let members: [(Guard, GuardScenarios.Scenario)] = [
    (.roleMissing, { w in try w.send(KeysAdmission { $0.keys = [AdmittedKey()] }, by: "sup1") }),
    (
      .keyInUse,
      { w in
        try w.send(
          KeysAdmission { $0.keys = [AdmittedKey { $0.key = .sha256(w.key("key:1").publicKey.id.bytes) }] }, by: "op")
      }
    ),
    (.roleMissing, { w in try w.send(RegulatorRead { ($0.member, $0.purpose) = ("core", "x") }, by: "sup1") }),
    (
      .issuerMismatch,
      { w in
        try w.send(RegulatorRead { ($0.member, $0.purpose) = ("core", "x") }, by: "key:1", issuer: "~other")
      }
    ),
  ]

  private static let trade: [(Guard, GuardScenarios.Scenario)] = [
    (.notAParty, { w in try w.paper(.order, "o", by: "sup1") }),
    (
      .paperMismatch,
      { w in
        try w.paper(.order, "o")
        try w.paper(.order, "p", answers: "o")
      }
    ),
    (
      .notAdmitted,
      { w in
        try w.decide(w.roster(number: 2, status: ["core": .left]))
        try w.invoice(1, 100, approved: false)
      }
    ),
    (.notAParty, { w in try w.invoice(try w.invoice(1, 100, approved: false), .approve, by: "sup1") }),
    (.notAParty, { w in try w.invoice(try w.invoice(1, 100), .dispute, by: "sup2") }),
    (
      .invoiceDisputed,
      { w in
        let token = try w.invoice(1, 100)
        try w.invoice(token, .dispute, by: "core")
        try w.invoice(token, .dispute, by: "sup1")
      }
    ),
    (
      .roleMissing,
      { w in
        let token = try w.invoice(1, 100)
        try w.invoice(token, .dispute, by: "core")
        try w.invoice(token, .settleDispute, by: "core")
      }
    ),
    (
      .notAParty,
      { w in
        let token = try w.invoice(1, 100)
        try w.send(CreditNoteFiling { ($0.token, $0.id, $0.amount) = (token, .sha256("c"), 1) }, by: "core")
      }
    ),
    (
      .paperKnown,
      { w in
        let token = try w.invoice(1, 100)
        for _ in 0..<2 {
          try w.send(CreditNoteFiling { ($0.token, $0.id, $0.amount) = (token, .sha256("c"), 1) }, by: "sup1")
        }
      }
    ),
    (
      .amountZero,
      { w in
        let token = try w.invoice(1, 100)
        try w.send(CreditNoteFiling { ($0.token, $0.id, $0.amount) = (token, .sha256("c"), 0) }, by: "sup1")
      }
    ),
  ]

  private static let proposals: [(Guard, GuardScenarios.Scenario)] = [
    (.roleMissing, { w in try w.propose(try w.invoice(1, 100, buyer: "sup2"), 100, by: "sup2") }),
    (
      .invoiceDisputed,
      { w in
        let token = try w.invoice(1, 100)
        try w.invoice(token, .dispute, by: "core")
        try w.propose(token, 100)
      }
    ),
    (
      .notTheObligor,
      { w in
        try w.answer(try w.propose(try w.invoice(1, 100), 100), .acceptIssue, by: "core2")
      }
    ),
    (.notProposed, { w in try w.answer(try w.live(), .acceptIssue, by: "core/bob") }),
    (
      .proposalExpired,
      { w in
        let note = try w.propose(try w.invoice(1, 100), 100)
        w.later(days: 5)
        try w.answer(note, .acceptIssue, by: "core/bob")
      }
    ),
    (.notProposed, { w in try w.answer(try w.live(), .acceptPayment, by: "sup1") }),
    (.notThePayee, { w in try w.answer(try w.propose(try w.invoice(1, 100), 100), .reject, by: "core") }),
    (.notTheObligor, { w in try w.answer(try w.propose(try w.invoice(1, 100), 100), .withdraw, by: "sup1") }),
    (
      .lineExceeded,
      { w in
        try w.propose(try w.invoice(1, 3_000_001), 3_000_001, programme: "spring")
      }
    ),
  ]

  private static let lots: [(Guard, GuardScenarios.Scenario)] = [
    (
      .lotReserved,
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
        try w.split(note, note, [1, 999_999], by: "sup1")
      }
    ),
    (
      .noOffer,
      { w in
        let note = try w.live()
        try w.act(note, note, .cancelTransfer, by: "sup1")
      }
    ),
    (
      .notTheTransferee,
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
        try w.act(note, note, .refuseTransfer, by: "sup3")
      }
    ),
    (
      .noOffer,
      { w in
        let note = try w.live()
        try w.act(note, note, .expire, by: "op")
      }
    ),
    (
      .notExpired,
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
        try w.act(note, note, .expire, by: "op")
      }
    ),
    (
      .transferToSelf,
      { w in
        let note = try w.live()
        try w.act(note, note, .pledge, by: "sup1", to: "sup1")
      }
    ),
    (
      .transfereeUnknown,
      { w in
        let note = try w.live()
        try w.act(note, note, .pledge, by: "sup1", to: "sup2")
      }
    ),
    (
      .notThePledgee,
      { w in
        let note = try w.pledged(accepted: false)
        try w.act(note, note, .acceptPledge, by: "bank2")
      }
    ),
    (
      .pledgeTaken,
      { w in
        let note = try w.pledged()
        try w.act(note, note, .acceptPledge, by: "bank1")
      }
    ),
    (
      .notThePledgee,
      { w in
        let note = try w.pledged(accepted: false)
        try w.act(note, note, .refusePledge, by: "bank2")
      }
    ),
    (
      .lotFrozen,
      { w in
        let note = try w.pledged()
        try w.frozen(note)
        try w.act(note, note, .release, by: "bank1")
      }
    ),
    (
      .notPledged,
      { w in
        let note = try w.live()
        try w.act(note, note, .enforce, by: "bank1")
      }
    ),
    (
      .notThePledgee,
      { w in
        let note = try w.pledged()
        try w.defaulted(note, holder: "sup1")
        try w.act(note, note, .enforce, by: "bank2")
      }
    ),
    (
      .notDefaulted,
      { w in
        let note = try w.pledged()
        try w.act(note, note, .enforce, by: "bank1")
      }
    ),
    (
      .lotFrozen,
      { w in
        let note = try w.pledged()
        try w.defaulted(note, holder: "sup1")
        try w.frozen(note)
        try w.act(note, note, .enforce, by: "bank1")
      }
    ),
    (
      .roleMissing,
      { w in
        let note = try w.live()
        try w.act(note, note, .freeze, by: "bank1", reason: "order 1")
      }
    ),
    (
      .lotNotCurrent,
      { w in
        let note = try w.due()
        try w.act(note, note, .markDue, by: "op")
      }
    ),
    (
      .notDue,
      { w in
        let note = try w.live()
        w.later(days: 100)
        try w.act(note, note, .markOverdue, by: "op")
      }
    ),
    (
      .notAParty,
      { w in
        let note = try w.live()
        try w.act(note, note, .dispute, by: "sup2")
      }
    ),
    (
      .lotDisputed,
      { w in
        let note = try w.live()
        try w.act(note, note, .dispute, by: "core")
        try w.act(note, note, .dispute, by: "core")
      }
    ),
    (
      .roleMissing,
      { w in
        let note = try w.live()
        try w.act(note, note, .dispute, by: "core")
        try w.act(note, note, .settleDispute, by: "core")
      }
    ),
    (
      .disputeMissing,
      { w in
        let note = try w.live()
        try w.act(note, note, .settleDispute, by: "reg")
      }
    ),
  ]

  private static let finance: [(Guard, GuardScenarios.Scenario)] = [
    (
      .transfereeUnknown,
      { w in
        let note = try w.live()
        try w.request(note, note, by: "sup1", invited: ["bank1", "sup2"])
      }
    ),
    (
      .invoiceDisputed,
      { w in
        let note = try w.live()
        try w.invoice(.sha256("invoice 1"), .dispute, by: "core")
        try w.request(note, note, by: "sup1")
      }
    ),
    (
      .roleMissing,
      { w in
        let note = try w.live()
        try w.request(note, note, by: "sup1")
        try w.bid(note, note, by: "sup2")
      }
    ),
    (
      .transferToSelf,
      { w in
        let note = try w.live()
        try w.transfer(note, note, from: "sup1", to: "bank1")
        try w.request(note, note, by: "bank1")
        try w.bid(note, note, by: "bank1")
      }
    ),
    (
      .lineExceeded,
      { w in
        let note = try w.live(1, 6_000_000)
        try w.request(note, note, by: "sup1")
        try w.bid(note, note, by: "bank1")
      }
    ),
    (
      .notRequested,
      { w in
        let note = try w.live()
        try w.choose(note, note, "bank1", by: "sup1")
      }
    ),
    (
      .offerExpired,
      { w in
        let note = try w.live()
        try w.request(note, note, by: "sup1")
        w.later(days: 5)
        try w.choose(note, note, "bank1", by: "sup1")
      }
    ),
    (
      .lineExceeded,
      { w in
        let note = try w.live(1, 4_000_000)
        try w.request(note, note, by: "sup1")
        try w.bid(note, note, by: "bank1")
        try w.line(.pair, "core", 3_000_000, by: "bank1")
        try w.choose(note, note, "bank1", by: "sup1")
      }
    ),
    (
      .offerExpired,
      { w in
        let note = try w.chosen()
        let proceeds = try w.lot(note, note).proceeds
        w.later(days: 5)
        try w.pay(note, note, .disburse, w.evidence("bank1", "sup1", proceeds))
      }
    ),
    (
      .notRequested,
      { w in
        let note = try w.live()
        try w.act(note, note, .cancelFinance, by: "sup1")
      }
    ),
    (
      .notTheHolder,
      { w in
        let note = try w.chosen()
        try w.act(note, note, .cancelFinance, by: "bank2")
      }
    ),
    (
      .notTheHolder,
      { w in
        let note = try w.financed()
        try w.act(note, note, .accrue, by: "sup1")
      }
    ),
    (.roleMissing, { w in try w.claim(1, .register, by: "sup1") }),
    (
      .claimHeld,
      { w in
        try w.claim(1, .register, by: "bank1")
        try w.claim(1, .finance, by: "bank1")
        try w.claim(1, .finance, by: "bank1")
      }
    ),
    (
      .doubleFinancing,
      { w in
        try w.claim(1, .register, by: "bank1")
        try w.claim(1, .register, by: "bank2")
      }
    ),
  ]

  private static let money: [(Guard, GuardScenarios.Scenario)] = [
    (
      .roleMissing,
      { w in
        let note = try w.due()
        try w.pay(note, note, .settle, w.evidence("core", "sup1", 100), by: "bank2")
      }
    ),
    (
      .amountZero,
      { w in
        let note = try w.due()
        try w.pay(note, note, .settle, w.evidence("core", "sup1", 0))
      }
    ),
    (
      .notDefaulted,
      { w in
        let note = try w.due()
        try w.send(WriteOff { ($0.note, $0.lot, $0.amount) = (note, note, 1) }, by: "sup1")
      }
    ),
    (
      .lotReserved,
      { w in
        let note = try w.demanded()
        try w.send(WriteOff { ($0.note, $0.lot, $0.amount) = (note, note, 1) }, by: "bank1")
      }
    ),
    (
      .amountZero,
      { w in
        let note = try w.live()
        try w.defaulted(note, holder: "sup1")
        try w.send(WriteOff { ($0.note, $0.lot, $0.amount) = (note, note, 0) }, by: "sup1")
      }
    ),
    (
      .notDefaulted,
      { w in
        let note = try w.financed()
        try w.act(note, note, .demandRecourse, by: "bank1")
      }
    ),
    (
      .lotReserved,
      { w in
        let note = try w.demanded()
        try w.act(note, note, .demandRecourse, by: "bank1")
      }
    ),
    (
      .recourseNotDemanded,
      { w in
        let note = try w.financed()
        try w.act(note, note, .withdrawRecourse, by: "bank1")
      }
    ),
  ]

  private static let goods: [(Guard, GuardScenarios.Scenario)] = [
    (.roleMissing, { w in try w.send(GoodsReceipt { ($0.owner, $0.value) = ("dist", 5) }, by: "sup1") }),
    (
      .currencyUnknown,
      { w in
        try w.send(GoodsReceipt { ($0.owner, $0.value, $0.currency) = ("dist", 5, "XXX") }, by: "op")
      }
    ),
    (.amountZero, { w in _ = try w.goods(1, 0) }),
    (
      .paperMismatch,
      { w in
        try w.paper(.order, "o")
        try w.send(
          GoodsReceipt { ($0.id, $0.owner, $0.value, $0.paper) = (.sha256("g"), "dist", 5, .sha256("o")) }, by: "op")
      }
    ),
    (
      .roleMissing,
      { w in
        let goods = try w.goods()
        try w.send(GoodsValue { ($0.goods, $0.value) = (goods, 5) }, by: "dist")
      }
    ),
    (.amountZero, { w in _ = try w.facility([try w.goods()], limit: 0) }),
    (
      .transfereeUnknown,
      { w in
        let goods = try w.goods()
        try w.send(
          FacilityProposal {
            ($0.financier, $0.limit) = ("sup1", 5)
            $0.goods = [Reference { $0.id = goods }]
          }, by: "dist")
      }
    ),
    (.facilityParties, { w in try w.act(try w.asked(), .accept, by: "dist") }),
    (.facilityParties, { w in try w.act(try w.asked(), .refuse, by: "sup1") }),
    (.facilityNotOpen, { w in try w.act(try w.facility([try w.goods()]), .refuse, by: "bank2") }),
    (.facilityNotOpen, { w in try w.act(try w.asked(), .draw, by: "dist", amount: 5) }),
    (.amountZero, { w in try w.act(try w.facility([try w.goods()]), .draw, by: "dist") }),
    (.facilityParties, { w in try w.act(try w.facility([try w.goods()]), .cancelDraw, by: "sup1") }),
    (.facilityNotOpen, { w in try w.act(try w.facility([try w.goods()]), .cancelDraw, by: "dist") }),
    (.facilityParties, { w in try w.act(try w.facility([try w.goods()]), .release, by: "dist") }),
    (.facilityNotOpen, { w in try w.act(try w.asked(), .release, by: "bank2") }),
    (.facilityParties, { w in try w.act(try w.facility([try w.goods()]), .close, by: "sup1") }),
    (
      .facilityNotOpen,
      { w in
        let facility = try w.facility([try w.goods()])
        try w.draw(facility, 5)
        try w.act(facility, .close, by: "dist")
      }
    ),
    (
      .facilityNotOpen,
      { w in
        try w.pay(try w.facility([try w.goods()]), drawing: true, w.evidence("bank2", "dist", 5))
      }
    ),
    (
      .proceedsDiffer,
      { w in
        let facility = try w.facility([try w.goods()])
        try w.act(facility, .draw, by: "dist", amount: 5)
        try w.pay(facility, drawing: true, w.evidence("bank2", "dist", 4))
      }
    ),
    (
      .goodsUnknown,
      { w in
        try w.act(try w.facility([try w.goods()]), .release, by: "bank2", goods: .sha256("x"))
      }
    ),
    (
      .roleMissing,
      { w in
        let goods = try w.goods()
        try w.send(
          DeviceRegistration {
            ($0.device, $0.key, $0.goods) = ("urn:dev:1", World.device.publicKey.coseKey, goods)
          }, by: "sup1")
      }
    ),
    (
      .notAParty,
      { w in
        let goods = try w.goods()
        try w.exception(try w.breach(goods), .acknowledge, by: "sup1")
      }
    ),
    (
      .exceptionStep,
      { w in
        let goods = try w.goods()
        let entry = try w.breach(goods)
        try w.exception(entry, .acknowledge, by: "op")
        try w.exception(entry, .acknowledge, by: "op")
      }
    ),
    (
      .notAParty,
      { w in
        let goods = try w.goods()
        try w.exception(try w.breach(goods), .escalate, by: "dist")
      }
    ),
    (
      .exceptionStep,
      { w in
        let goods = try w.goods()
        let entry = try w.breach(goods)
        try w.exception(entry, .escalate, by: "op")
        try w.exception(entry, .escalate, by: "op")
      }
    ),
    (
      .notAParty,
      { w in
        // Pledged goods: the lender resolves, not the keeper.
        let goods = try w.goods()
        _ = try w.facility([goods])
        let entry = try w.breach(goods)
        try w.exception(entry, .acknowledge, by: "op")
        try w.exception(entry, .resolve, by: "op")
      }
    ),
  ]
}

extension World {
  func pledged(accepted: Bool = true) throws -> Digest {
    let note = try live()
    try act(note, note, .pledge, by: "sup1", to: "bank1")
    if accepted { try act(note, note, .acceptPledge, by: "bank1") }
    return note
  }

  func frozen(_ note: Digest) throws {
    try act(note, note, .freeze, by: "op", reason: "order 1")
    try act(note, note, .freeze, by: "reg", reason: "order 1")
  }

  func chosen() throws -> Digest {
    let note = try live()
    try request(note, note, by: "sup1")
    try bid(note, note, by: "bank1")
    try choose(note, note, "bank1", by: "sup1")
    return note
  }

  func demanded() throws -> Digest {
    let note = try financed()
    try defaulted(note, holder: "bank1")
    try act(note, note, .demandRecourse, by: "bank1")
    return note
  }

  func asked() throws -> Digest {
    let goods = try goods()
    return try send(
      FacilityProposal {
        ($0.financier, $0.limit) = ("bank2", 5)
        $0.goods = [Reference { $0.id = goods }]
      }, by: "dist")
  }
}
