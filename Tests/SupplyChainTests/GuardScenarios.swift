import COSE
import FinanceRules
import Ledger
import Primitives
import Testing

/// For each guard: what leads up to it, and the command that it refuses; the last statement is the refused one.
enum GuardScenarios {
  typealias Scenario = @Sendable (World) throws -> Void

  /// A digest that nothing has.
  static let nothing = Digest.sha256("nothing")

  static func scenario(_ guard: Guard) -> Scenario {
    switch `guard` {
    // Who may speak
    case .contentUnknown: { w in try w.send(Unknown(), by: "op") }
    case .signerUnknown:
      { w in
        try w.send(
          RegulatorRead {
            $0.member = "core"; $0.purpose = "x"
          }, by: "stranger")
      }
    case .issuerMismatch:
      { w in
        try w.send(
          RegulatorRead {
            $0.member = "core"; $0.purpose = "x"
          }, by: "core/ada", issuer: "sup1/ada")
      }
    case .personInactive:
      { w in
        let token = try w.invoice(1, 100)
        try w.person(of: "core", "ada", makes: true, checks: false, active: false)
        try w.propose(token, 100)
      }
    case .notAdmitted:
      { w in
        try w.decide(w.roster(number: 2, status: ["sup1": .suspended]))
        try w.invoice(1, 100, approved: false)
      }
    case .notAdmin:
      { w in
        try w.send(w.roster(number: 2), by: "core/ada")
      }
    case .roleMissing:
      { w in
        try w.line(.obligor, "core", 20_000_000, by: "sup1")
      }
    case .makerOnly: { w in try w.propose(try w.invoice(1, 100), 100, by: "core/bob") }
    case .checkerOnly:
      { w in
        let note = try w.propose(try w.invoice(1, 100), 100, by: "core/cleo")
        try w.answer(note, .acceptIssue, by: "core/ada")
      }
    case .keyInUse:
      { w in
        try w.send(
          PersonChange { ($0.name, $0.key, $0.makes) = ("ada", w.key("core/ada").publicKey.coseKey, true) }, by: "sup1")
      }
    case .leiInvalid:
      { w in
        var roster = w.roster(number: 2)
        roster.entries[0].lei = "5493001KJTIIGC8Y1R13"
        try w.send(roster, by: "core")
      }
    case .decisionStale: { w in try w.send(w.roster(number: 1), by: "core") }
    // Trade
    case .paperKnown:
      { w in
        try w.paper(.order, "o")
        try w.paper(.order, "o")
      }
    case .paperUnknown: { w in try w.paper(.despatch, "d", answers: "o", by: "sup1") }
    case .paperMismatch:
      { w in
        try w.paper(.order, "o")
        try w.paper(.receipt, "r", answers: "o")
      }
    case .notAParty: { w in try w.send(w.filing(1, 100), by: "sup2") }
    case .invoiceKnown:
      { w in
        try w.invoice(1, 100)
        try w.invoice(1, 100)
      }
    case .invoiceUnknown: { w in try w.propose(nothing, 100) }
    case .invoiceAmounts:
      { w in
        var filing = w.filing(1, 100)
        filing.prepaid = 100
        try w.send(filing, by: "sup1")
      }
    case .invoiceNotApproved: { w in try w.propose(try w.invoice(1, 100, approved: false), 100) }
    case .invoiceApproved: { w in try w.invoice(try w.invoice(1, 100), .approve, by: "core") }
    case .invoiceDisputed:
      { w in
        let token = try w.invoice(1, 100, approved: false)
        try w.invoice(token, .dispute, by: "core")
        try w.invoice(token, .approve, by: "core")
      }
    case .disputeMissing: { w in try w.invoice(try w.invoice(1, 100), .settleDispute, by: "reg") }
    case .creditTooLarge:
      { w in
        let token = try w.invoice(1, 100)
        try w.propose(token, 60)
        try w.send(CreditNoteFiling { ($0.token, $0.id, $0.amount) = (token, .sha256("c"), 41) }, by: "sup1")
      }
    // Notes
    case .policyMissing:
      { _ in
        let w = try World(prepared: false)
        try w.decide(w.roster(number: 1))
        try w.propose(try w.invoice(1, 100), 100, by: "core")
      }
    case .notTheObligor: { w in try w.propose(try w.invoice(1, 100), 100, by: "core2") }
    case .amountZero: { w in try w.propose(try w.invoice(1, 100), 0) }
    case .overIssue:
      { w in
        let token = try w.invoice(1, 100)
        try w.propose(token, 60)
        try w.propose(token, 41)
      }
    case .maturityPassed: { w in try w.propose(try w.invoice(1, 100), 100, days: 0) }
    case .tenorTooLong: { w in try w.propose(try w.invoice(1, 100), 100, days: 366, reason: "seasonal") }
    case .tenorReason: { w in try w.propose(try w.invoice(1, 100), 100, days: 181) }
    case .smallPaidLate: { w in try w.propose(try w.invoice(1, 100, seller: "sup3"), 100, days: 61) }
    case .obligorOverdue:
      { w in
        let note = try w.live(1, 100)
        w.later(days: 95)
        try w.act(note, note, .markDue, by: "op")
        try w.act(note, note, .markOverdue, by: "op")
        try w.propose(try w.invoice(2, 100), 100)
      }
    case .offerTime: { w in try w.propose(try w.invoice(1, 100), 100, expires: w.expiry(days: 31)) }
    case .lineExceeded: { w in try w.propose(try w.invoice(1, 10_000_001), 10_000_001) }
    case .noteUnknown: { w in try w.answer(nothing, .acceptIssue, by: "core/bob") }
    case .notProposed: { w in try w.answer(try w.live(), .reject, by: "sup1") }
    case .checkerIsMaker:
      { w in
        let note = try w.propose(try w.invoice(1, 100), 100, by: "core/cleo")
        try w.answer(note, .acceptIssue, by: "core/cleo")
      }
    case .issueNotAccepted:
      { w in
        try w.answer(try w.propose(try w.invoice(1, 100), 100), .acceptPayment, by: "sup1")
      }
    case .issueAccepted:
      { w in
        let note = try w.propose(try w.invoice(1, 100), 100)
        try w.answer(note, .acceptIssue, by: "core/bob")
        try w.answer(note, .acceptIssue, by: "core/bob")
      }
    case .notThePayee:
      { w in
        let note = try w.propose(try w.invoice(1, 100), 100)
        try w.answer(note, .acceptIssue, by: "core/bob")
        try w.answer(note, .acceptPayment, by: "sup2")
      }
    case .choiceNotFree:
      { w in
        let note = try w.propose(try w.invoice(1, 100), 100)
        try w.answer(note, .acceptIssue, by: "core/bob")
        try w.answer(note, .acceptPayment, by: "sup1", free: false)
      }
    case .proposalExpired:
      { w in
        let note = try w.propose(try w.invoice(1, 100), 100)
        try w.answer(note, .acceptIssue, by: "core/bob")
        w.later(days: 5)
        try w.answer(note, .acceptPayment, by: "sup1")
      }
    case .notExpired: { w in try w.answer(try w.propose(try w.invoice(1, 100), 100), .expire, by: "op") }
    default: lots(`guard`)
    }
  }

  private static func lots(_ guard: Guard) -> Scenario {
    switch `guard` {
    case .lotUnknown: { w in try w.split(try w.live(), nothing, [1, 2], by: "sup1") }
    case .lotGone:
      { w in
        let note = try w.live()
        try w.split(note, note, [400_000, 600_000], by: "sup1")
        try w.split(note, note, [400_000, 600_000], by: "sup1")
      }
    case .lotReserved:
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup3")
      }
    case .lotPledged:
      { w in
        let note = try w.live()
        try w.act(note, note, .pledge, by: "sup1", to: "bank1")
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
      }
    case .lotFinanced:
      { w in
        let note = try w.financed()
        try w.act(note, note, .offerTransfer, by: "bank1", to: "sup2")
      }
    case .lotFrozen:
      { w in
        let note = try w.live()
        try w.act(note, note, .freeze, by: "op", reason: "order 1")
        try w.act(note, note, .freeze, by: "reg", reason: "order 1")
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
      }
    case .lotDisputed:
      { w in
        let note = try w.live()
        try w.act(note, note, .dispute, by: "core")
        try w.request(note, note, by: "sup1")
      }
    case .lotNotCurrent:
      { w in
        let note = try w.live()
        w.later(days: 90)
        try w.act(note, note, .markDue, by: "op")
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
      }
    case .notTheHolder:
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup2", to: "sup3")
      }
    case .splitParts:
      { w in
        let note = try w.live()
        try w.split(note, note, [1_000_000], by: "sup1")
      }
    case .splitSum:
      { w in
        let note = try w.live()
        try w.split(note, note, [400_000, 600_001], by: "sup1")
      }
    case .depthExceeded:
      { w in
        let note = try w.live()
        for (from, to) in [("sup1", "sup2"), ("sup2", "sup3"), ("sup3", "key:1")] {
          try w.transfer(note, note, from: from, to: to)
        }
        try w.act(note, note, .offerTransfer, by: "key:1", to: "dist")
      }
    case .transfereeUnknown:
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup1", to: "reg")
      }
    case .transferToSelf:
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup1")
      }
    case .noOffer:
      { w in
        let note = try w.live()
        try w.act(note, note, .acceptTransfer, by: "sup2")
      }
    case .notTheTransferee:
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
        try w.act(note, note, .acceptTransfer, by: "sup3")
      }
    case .offerExpired:
      { w in
        let note = try w.live()
        try w.act(note, note, .offerTransfer, by: "sup1", to: "sup2")
        w.later(days: 5)
        try w.act(note, note, .acceptTransfer, by: "sup2")
      }
    case .tooLateToFinance:
      { w in
        let note = try w.live()
        w.later(days: 76)
        try w.request(note, note, by: "sup1")
      }
    case .doubleFinancing:
      { w in
        let note = try w.live()
        let parts = try w.split(note, note, [400_000, 600_000], by: "sup1")
        for lot in parts { try w.request(note, lot, by: "sup1") }
        try w.bid(note, parts[0], by: "bank1")
        try w.choose(note, parts[0], "bank1", by: "sup1")
        try w.bid(note, parts[1], by: "bank2")
      }
    case .similarInvoice:
      { w in
        var first = w.filing(1, 1_000_000)
        first.similar = .sha256("the same number")
        try w.send(
          RegistryClaim { ($0.token, $0.similar, $0.step) = (first.token, first.similar, .register) }, by: "bank2")
        var second = w.filing(2, 1_000_000)
        second.similar = first.similar
        try w.send(second, by: "sup1")
        try w.invoice(second.token, .approve, by: "core")
        let note = try w.propose(second.token, 1_000_000)
        try w.answer(note, .acceptIssue, by: "core/bob")
        try w.answer(note, .acceptPayment, by: "sup1")
        try w.request(note, note, by: "sup1")
      }
    case .notRequested:
      { w in
        let note = try w.live()
        try w.bid(note, note, by: "bank1")
      }
    case .notInvited:
      { w in
        let note = try w.live()
        try w.request(note, note, by: "sup1", invited: ["bank2"])
        try w.bid(note, note, by: "bank1")
      }
    case .bidUnknown:
      { w in
        let note = try w.live()
        try w.request(note, note, by: "sup1")
        try w.bid(note, note, by: "bank1")
        let terms = w.terms()
        w.later(days: 3)
        try w.choose(note, note, "bank1", by: "sup1", terms: terms)
      }
    case .bidSeal:
      { w in
        let note = try w.live()
        try w.request(note, note, by: "sup1")
        try w.bid(note, note, by: "bank1")
        try w.choose(note, note, "bank1", by: "sup1", terms: w.terms(rate: 10_000))
      }
    case .valueDay:
      { w in
        let note = try w.live()
        let terms = w.terms()
        try w.request(note, note, by: "sup1")
        try w.bid(note, note, by: "bank1", terms: terms)
        w.later(days: 1)
        try w.choose(note, note, "bank1", by: "sup1", terms: terms)
      }
    case .proceedsNegative:
      { w in
        let note = try w.live()
        let terms = w.terms(fee: 1_000_000)
        try w.request(note, note, by: "sup1")
        try w.bid(note, note, by: "bank1", terms: terms)
        try w.choose(note, note, "bank1", by: "sup1", terms: terms)
      }
    case .notChosen:
      { w in
        let note = try w.live()
        try w.pay(note, note, .disburse, w.evidence("bank1", "sup1", 0))
      }
    case .proceedsDiffer:
      { w in
        let note = try w.live()
        try w.request(note, note, by: "sup1")
        try w.bid(note, note, by: "bank1")
        try w.choose(note, note, "bank1", by: "sup1")
        try w.pay(note, note, .disburse, w.evidence("bank1", "sup1", try w.proceeds(1_000_000, days: 90) - 1))
      }
    case .claimUnknown: { w in try w.claim(1, .finance, by: "bank1") }
    case .claimHeld:
      { w in
        try w.claim(1, .register, by: "bank1")
        try w.claim(1, .register, by: "bank1")
      }
    default: money(`guard`)
    }
  }

  private static func money(_ guard: Guard) -> Scenario {
    switch `guard` {
    case .evidenceUsed:
      { w in
        let note = try w.due()
        let evidence = w.evidence("core", "sup1", 100)
        try w.pay(note, note, .settle, evidence)
        try w.pay(note, note, .settle, evidence)
      }
    case .evidenceParties:
      { w in
        let note = try w.due()
        try w.pay(note, note, .settle, w.evidence("core", "sup2", 100))
      }
    case .evidenceCurrency:
      { w in
        let note = try w.due()
        var evidence = w.evidence("core", "sup1", 100)
        evidence.currency = "EUR"
        try w.pay(note, note, .settle, evidence)
      }
    case .evidenceFuture:
      { w in
        let note = try w.due()
        var evidence = w.evidence("core", "sup1", 100)
        evidence.day += 1
        try w.pay(note, note, .settle, evidence)
      }
    case .overPayment:
      { w in
        let note = try w.due()
        try w.pay(note, note, .settle, w.evidence("core", "sup1", 1_000_001))
      }
    case .notDue:
      { w in
        let note = try w.live()
        try w.pay(note, note, .settle, w.evidence("core", "sup1", 100))
      }
    case .notMatured:
      { w in
        let note = try w.live()
        w.later(days: 89)
        try w.act(note, note, .markDue, by: "op")
      }
    case .graceRunning:
      { w in
        let note = try w.due()
        w.later(days: 3)
        try w.act(note, note, .markOverdue, by: "op")
      }
    case .notOverdue:
      { w in
        let note = try w.due()
        w.later(days: 40)
        try w.act(note, note, .markDefault, by: "sup1")
      }
    case .defaultTooEarly:
      { w in
        let note = try w.due()
        w.later(days: 4)
        try w.act(note, note, .markOverdue, by: "op")
        try w.act(note, note, .markDefault, by: "sup1")
      }
    case .notDefaulted:
      { w in
        let note = try w.due()
        try w.act(note, note, .cure, by: "sup1")
      }
    case .writeOffTooLarge:
      { w in
        let note = try w.live()
        try w.defaulted(note, holder: "sup1")
        try w.send(WriteOff { ($0.note, $0.lot, $0.amount) = (note, note, 1_000_001) }, by: "sup1")
      }
    case .notPledged:
      { w in
        let note = try w.live()
        try w.act(note, note, .release, by: "bank1")
      }
    case .notThePledgee:
      { w in
        let note = try w.live()
        try w.act(note, note, .pledge, by: "sup1", to: "bank1")
        try w.act(note, note, .acceptPledge, by: "bank1")
        try w.act(note, note, .release, by: "sup1")
      }
    case .pledgeTaken:
      { w in
        let note = try w.live()
        try w.act(note, note, .pledge, by: "sup1", to: "bank1")
        try w.act(note, note, .acceptPledge, by: "bank1")
        try w.act(note, note, .refusePledge, by: "sup1")
      }
    case .freezeReference:
      { w in
        let note = try w.live()
        try w.act(note, note, .freeze, by: "op")
      }
    case .freezeAlone:
      { w in
        let note = try w.live()
        try w.act(note, note, .freeze, by: "op", reason: "order 1")
        try w.act(note, note, .freeze, by: "op", reason: "order 1")
      }
    case .freezeState:
      { w in
        let note = try w.live()
        try w.act(note, note, .unfreeze, by: "op", reason: "order 1")
      }
    case .noRecourse:
      { w in
        let note = try w.financed(recourse: false)
        try w.defaulted(note, holder: "bank1")
        try w.act(note, note, .demandRecourse, by: "bank1")
      }
    case .recourseNotDemanded:
      { w in
        let note = try w.financed()
        try w.defaulted(note, holder: "bank1")
        try w.act(note, note, .acceptRecourse, by: "sup1")
      }
    case .notThePriorHolder:
      { w in
        let note = try w.financed()
        try w.defaulted(note, holder: "bank1")
        try w.act(note, note, .demandRecourse, by: "bank1")
        try w.act(note, note, .acceptRecourse, by: "sup2")
      }
    case .recourseNotAccepted:
      { w in
        let note = try w.financed()
        try w.defaulted(note, holder: "bank1")
        try w.act(note, note, .demandRecourse, by: "bank1")
        try w.pay(note, note, .buyback, w.evidence("sup1", "bank1", 1_000_000))
      }
    case .buybackDiffers:
      { w in
        let note = try w.financed()
        try w.defaulted(note, holder: "bank1")
        try w.act(note, note, .demandRecourse, by: "bank1")
        try w.act(note, note, .acceptRecourse, by: "sup1")
        try w.pay(note, note, .buyback, w.evidence("sup1", "bank1", 999_999))
      }
    case .currencyUnknown:
      { w in
        var filing = w.filing(1, 100)
        filing.currency = "XXX"
        try w.send(filing, by: "sup1")
      }
    case .currencyIneligible:
      { w in
        let token = try w.invoice(1, 100)
        try w.decide(
          Policy {
            $0.version = 2
            $0.currencies = ["EUR", "USD"].map { code in PolicyName { $0.name = code } }
          })
        try w.propose(token, 100)
      }
    case .obligorIneligible:
      { w in
        let note = try w.live()
        try w.decide(
          Policy {
            $0.version = 2
            $0.obligors = [PolicyName { $0.name = "core2" }]
          })
        try w.request(note, note, by: "sup1")
      }
    case .lotTooSmall:
      { w in
        let note = try w.live()
        try w.decide(Policy { ($0.version, $0.minimumFinance) = (2, 1_000_000_000) })
        try w.request(note, note, by: "sup1")
      }
    case .lineBelowUse:
      { w in
        _ = try w.live()
        try w.line(.obligor, "core", 999_999)
      }
    default: collateral(`guard`)
    }
  }

  private static func collateral(_ guard: Guard) -> Scenario {
    switch `guard` {
    case .goodsKnown:
      { w in
        _ = try w.goods()
        _ = try w.goods()
      }
    case .goodsUnknown: { w in _ = try w.facility([nothing]) }
    case .goodsPledged:
      { w in
        let goods = try w.goods()
        _ = try w.facility([goods])
        _ = try w.facility([goods])
      }
    case .notTheOwner: { w in _ = try w.facility([try w.goods(owner: "sup1")]) }
    case .facilityKnown:
      { w in
        // A proposal's id is its statement's: only the same statement again could have it.
        let goods = try w.goods()
        let proposal = FacilityProposal {
          ($0.financier, $0.limit) = ("bank2", 5)
          $0.goods = [Reference { $0.id = goods }]
        }
        let statement = try w.statement(proposal, by: "dist")
        try w.trial.apply(statement, time: w.time)
        try w.trial.apply(statement, time: w.time)
      }
    case .facilityUnknown: { w in try w.act(nothing, .accept, by: "bank2") }
    case .facilityNotOpen: { w in try w.act(try w.facility([try w.goods()]), .accept, by: "bank2") }
    case .facilityParties: { w in try w.act(try w.facility([try w.goods()]), .draw, by: "sup1", amount: 5) }
    case .goodsCurrency:
      { w in
        let goods = try w.goods()
        try w.send(
          FacilityProposal {
            ($0.financier, $0.limit, $0.currency) = ("bank2", 5, "EUR")
            $0.goods = [Reference { $0.id = goods }]
          }, by: "dist")
      }
    case .drawTooLarge: { w in try w.draw(try w.facility([try w.goods()]), 600_001) }
    case .drawBlocked:
      { w in
        let goods = try w.goods()
        let facility = try w.facility([goods])
        _ = try w.breach(goods)
        try w.draw(facility, 1)
      }
    case .callOpen:
      { w in
        let goods = try w.goods()
        let facility = try w.facility([goods])
        try w.draw(facility, 600_000)
        try w.send(GoodsValue { ($0.goods, $0.value) = (goods, 700_000) }, by: "op")
        try w.draw(facility, 1)
      }
    case .releaseBlocked:
      { w in
        let goods = try w.goods()
        let facility = try w.facility([goods])
        _ = try w.breach(goods)
        try w.act(facility, .release, by: "bank2", goods: goods)
      }
    case .releaseUncovered:
      { w in
        let goods = try w.goods()
        let facility = try w.facility([goods])
        try w.draw(facility, 1)
        try w.act(facility, .release, by: "bank2", goods: goods)
      }
    case .repayTooLarge:
      { w in
        let facility = try w.facility([try w.goods()])
        try w.draw(facility, 5)
        try w.pay(facility, drawing: false, w.evidence("dist", "bank2", 6))
      }
    case .deviceKnown:
      { w in
        let goods = try w.goods()
        try w.device(goods)
        try w.device(goods)
      }
    case .deviceUnknown: { w in try w.read(1, 5_000) }
    case .readingForged:
      { w in
        try w.device(try w.goods())
        try w.read(1, 9_000, forged: true)
      }
    case .readingReplayed:
      { w in
        try w.device(try w.goods())
        try w.read(1, 5_000)
        try w.read(1, 5_000)
      }
    case .readingTime:
      { w in
        try w.device(try w.goods())
        try w.read(1, 5_000, at: w.time - 1)
      }
    case .notSilent:
      { w in
        try w.device(try w.goods())
        w.time += 60 * World.minute
        try w.exception(0, .reportSilence, by: "bank2")
      }
    case .exceptionUnknown: { w in try w.exception(0, .acknowledge, by: "bank2") }
    case .exceptionStep:
      { w in
        let goods = try w.goods()
        try w.exception(try w.breach(goods), .resolve, by: "op")
      }
    default:
      { w in
        let goods = try w.goods()
        let entry = try w.breach(goods)
        try w.exception(entry, .acknowledge, by: "op")
        try w.exception(entry, .resolve, by: "op", reason: "")
      }
    }
  }
}

/// A kind of statement that the rules do not know.
struct Unknown: Document {
  static let kind = "unknown"
  mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) {}
}

extension World {
  func paper(_ kind: TradeKind, _ id: String, answers: String? = nil, by name: String = "core") throws {
    try send(
      TradeFiling {
        ($0.paper, $0.id, $0.answers) = (kind, .sha256(id), answers.map { Digest.sha256($0) })
        ($0.buyer, $0.seller, $0.day) = ("core", "sup1", today)
      }, by: name)
  }

  func claim(_ number: Int, _ step: ClaimStep, by name: String) throws {
    try send(
      RegistryClaim {
        ($0.token, $0.similar, $0.step) = (.sha256("invoice \(number)"), .sha256("similar \(number)"), step)
      }, by: name)
  }

  func due() throws -> Digest {
    let note = try live()
    later(days: 90)
    try act(note, note, .markDue, by: "op")
    return note
  }
}
