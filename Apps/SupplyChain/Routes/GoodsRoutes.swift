import FinanceRules
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// Warehouse receipts, facilities and exceptions over HTTP.
extension FinanceServer {
  func addGoods(to router: Router<LedgerRequestContext>) {
    router.post("goods") { request, context in
      _ = try signer(context.caller)
      var form = try await Form(request)
      let (id, owner) = (try form.digest("id"), try form.party("owner"))
      let (currency, value) = (try form.currency(), try form.amount("value"))
      let paper = try form.maybeDigest("paper")
      let (text, readers) = (try sealedText(&form), try form.parties("readers"))
      try form.end()
      let content = try Sealer(view: server.node.head).seal(
        KeyTerms.text("goods", id, [text, "of \(owner)", FinanceText.money(value, currency)]), salt: Sealer.salt(),
        to: [server.signer?.member ?? "", owner] + readers)
      let receipt = GoodsReceipt {
        ($0.id, $0.owner, $0.currency, $0.value) = (id, owner, currency, value)
        ($0.paper, $0.content) = (paper, content.sealed)
      }
      return try await state(receipt, about: id.hex, request, context, note: content.note)
    }
    router.post("goods/{goods}/values") { request, context in
      _ = try signer(context.caller)
      let goods = try Self.id("goods", context)
      var form = try await Form(request)
      let value = try form.amount("value")
      try form.end()
      return try await state(GoodsValue { ($0.goods, $0.value) = (goods, value) }, about: goods.hex, request, context)
    }
    router.post("facilities") { request, context in
      _ = try signer(context.caller)
      var form = try await Form(request)
      let (financier, currency) = (try form.party("financier"), try form.currency())
      let (limit, goods) = (try form.amount("limit"), try form.digests("goods", 1...64))
      try form.end()
      let proposal = FacilityProposal {
        ($0.financier, $0.currency, $0.limit) = (financier, currency, limit)
        $0.goods = goods.map { id in Reference { $0.id = id } }
      }
      return try await state(proposal, about: "facility", request, context)
    }
    router.post("facilities/{facility}/actions") { request, context in
      _ = try signer(context.caller)
      let facility = try Self.id("facility", context)
      var form = try await Form(request)
      let step = try form.choice(
        "step", [FacilityStep.accept, .refuse, .draw, .cancelDraw, .release, .close])
      let (amount, goods) = (try form.amount("amount", or: 0), try form.maybeDigest("goods"))
      try form.end()
      let action = FacilityAction {
        ($0.facility, $0.step, $0.amount, $0.goods) = (facility, step, amount, goods)
      }
      return try await state(action, about: facility.hex, request, context)
    }
    router.post("facilities/{facility}/payments") { request, context in
      _ = try signer(context.caller)
      let facility = try Self.id("facility", context)
      var form = try await Form(request)
      let isRepayment = try form.flag("repayment")
      let evidence = try evidence(&form)
      try form.end()
      let payment = FacilityPayment {
        ($0.facility, $0.isDrawing, $0.evidence) = (facility, !isRepayment, evidence)
      }
      return try await state(payment, about: facility.hex, request, context)
    }
    router.post("exceptions") { request, context in
      _ = try signer(context.caller)
      var form = try await Form(request)
      let device = try form.party("device")
      try form.end()
      let action = ExceptionAction { ($0.step, $0.device) = (.reportSilence, device) }
      return try await state(action, about: device, request, context)
    }
    router.post("exceptions/{entry}/actions") { request, context in
      _ = try signer(context.caller)
      guard let entry = context.parameters.get("entry").flatMap({ UInt64($0) }), entry < 1 << 53 else {
        throw Problem(.notFound, code: "not-found", "There is no such exception.")
      }
      var form = try await Form(request)
      let step = try form.choice("step", [ExceptionStep.acknowledge, .escalate, .resolve])
      let reason = try form.reason()
      try form.end()
      let action = ExceptionAction { ($0.exception, $0.step, $0.reason) = (entry, step, reason) }
      return try await state(action, about: "exception/\(entry)", request, context)
    }
  }
}
