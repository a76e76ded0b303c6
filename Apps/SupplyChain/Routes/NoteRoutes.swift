import FinanceRules
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// What is stated of notes and their lots over HTTP.
extension FinanceServer {
  /// The steps of a lot that need no form of their own.
  static let lotSteps: [LotStep] = [
    .offerTransfer, .acceptTransfer, .refuseTransfer, .cancelTransfer, .expire, .cancelFinance, .pledge, .acceptPledge,
    .refusePledge, .release, .enforce, .markDue, .markOverdue, .markDefault, .cure, .accrue, .dispute, .settleDispute,
    .freeze, .unfreeze, .demandRecourse, .acceptRecourse, .withdrawRecourse,
  ]

  /// Days that an offer stands, as the last moment, by the server's clock.
  private func ends(_ form: inout Form) throws -> UInt64 {
    let days = UInt64(try form.integer("openDays", 1...366, or: 5))
    return (server.signer?.clock ?? SystemClock()).now() + days * 86_400_000
  }

  /// The note and the lot of a path, once the caller may have something signed here.
  private func place(_ context: LedgerRequestContext) throws -> (note: Digest, lot: Digest) {
    _ = try signer(context.caller)
    return (try Self.id("note", context), try Self.id("lot", context))
  }

  func addNotes(to router: Router<LedgerRequestContext>) {
    router.post("notes") { request, context in
      _ = try signer(context.caller)
      var form = try await Form(request)
      let (invoice, amount) = (try form.digest("invoice"), try form.amount("amount"))
      let (maturity, expires) = (try form.day("maturity"), try ends(&form))
      let (reason, programme) = (try form.reason(), try form.text("programme", 0...16, or: ""))
      try form.end()
      let proposal = NoteProposal {
        ($0.invoice, $0.amount, $0.maturity, $0.expires) = (invoice, amount, maturity, expires)
        ($0.reason, $0.programme) = (reason, programme)
      }
      return try await state(proposal, about: invoice.hex, request, context)
    }
    router.post("notes/{note}/actions") { request, context in
      _ = try signer(context.caller)
      let note = try Self.id("note", context)
      var form = try await Form(request)
      let step = try form.choice(
        "step", [ProposalStep.acceptIssue, .acceptPayment, .reject, .withdraw, .expire])
      let (isFree, reason) = (try form.flag("freely"), try form.reason())
      try form.end()
      let action = ProposalAction {
        ($0.note, $0.step, $0.isFreeChoice, $0.reason) = (note, step, isFree, reason)
      }
      return try await state(action, about: note.hex, request, context)
    }
    router.post("notes/{note}/lots/{lot}/split") { request, context in
      let (note, lot) = try place(context)
      var form = try await Form(request)
      let parts = try form.amounts("parts", 2...256)
      try form.end()
      let split = LotSplit {
        ($0.note, $0.lot) = (note, lot)
        $0.parts = parts.map { amount in Part { $0.amount = amount } }
      }
      return try await state(split, about: note.hex, request, context)
    }
    router.post("notes/{note}/lots/{lot}/actions") { request, context in
      let (note, lot) = try place(context)
      var form = try await Form(request)
      let (step, party) = (try form.choice("step", Self.lotSteps), try form.party("party", or: ""))
      let (expires, reason) = (try ends(&form), try form.reason())
      try form.end()
      let action = LotAction {
        ($0.note, $0.lot, $0.step, $0.party, $0.reason) = (note, lot, step, party, reason)
        $0.expires = step == .offerTransfer ? expires : 0
      }
      return try await state(action, about: note.hex, request, context)
    }
    router.post("notes/{note}/lots/{lot}/finance-requests") { request, context in
      let (note, lot) = try place(context)
      var form = try await Form(request)
      let (expires, reason) = (try ends(&form), try form.reason())
      let invited = try form.parties("invited")
      try form.end()
      let asked = FinanceRequest {
        ($0.note, $0.lot, $0.expires, $0.reason) = (note, lot, expires, reason)
        $0.invited = invited.map { bank in Invited { $0.name = bank } }
      }
      let all: Message = "No financier is named: every financier may see the lot and bid."
      return try await state(asked, about: note.hex, request, context, note: invited.isEmpty ? all : nil)
    }
    router.post("notes/{note}/lots/{lot}/bids") { request, context in
      let (note, lot) = try place(context)
      var form = try await Form(request)
      let (terms, salt) = try terms(&form)
      let expires = try ends(&form)
      try form.end()
      let view = server.node.head
      let holder: Lot? = try Self.record(Family.lots.key(note, lot), view)
      let content = try Sealer(view: view).seal(
        terms.encoded(), salt: salt, to: [holder?.holder ?? "", server.signer?.member ?? ""], withSupervisors: false)
      let bid = Bid {
        ($0.note, $0.lot, $0.expires) = (note, lot, expires)
        $0.terms = content.sealed
      }
      return try await state(bid, about: note.hex, request, context, note: content.note)
    }
    router.get("notes/{note}/lots/{lot}/bids") { request, context in try bids(request, context) }
    router.post("notes/{note}/lots/{lot}/choices") { request, context in
      let (note, lot) = try place(context)
      var form = try await Form(request)
      let financier = try form.party("financier")
      let (terms, salt): (Terms, [UInt8])
      if form.has("rate") {
        (terms, salt) = try self.terms(&form)
      } else {
        // The bid is sealed to the holder: its own key opens it.
        let keys = lotKeys?.sealingKeys().map(\.key) ?? []
        let bids = try OpenedBid.all(note, lot, with: keys, server.node.head)
        guard let opened = bids.first(where: { $0.financier == financier })?.terms else {
          throw Problem(
            .conflict, code: Guard.bidUnknown.rawValue, "There is no bid of \(financier) that the holder's key opens.")
        }
        (terms, salt) = opened
      }
      try form.end()
      let choice = BidChoice {
        ($0.note, $0.lot, $0.financier, $0.terms, $0.salt) = (note, lot, financier, terms, salt)
      }
      return try await state(choice, about: note.hex, request, context)
    }
    router.post("notes/{note}/lots/{lot}/payments") { request, context in
      let (note, lot) = try place(context)
      var form = try await Form(request)
      let kind = try form.choice("payment", [PaymentKind.disburse, .settle, .buyback])
      let evidence = try evidence(&form)
      try form.end()
      let payment = LotPayment { ($0.note, $0.lot, $0.payment, $0.evidence) = (note, lot, kind, evidence) }
      return try await state(payment, about: note.hex, request, context)
    }
    router.post("notes/{note}/lots/{lot}/write-offs") { request, context in
      let (note, lot) = try place(context)
      var form = try await Form(request)
      let amount = try form.amount("amount")
      try form.end()
      return try await state(
        WriteOff { ($0.note, $0.lot, $0.amount) = (note, lot, amount) }, about: note.hex, request, context)
    }
  }

  private struct BidItem: Encodable {
    let financier: String
    let expires: String
    let rate: Int64?
    let fee: Int64?
    let recourse: Bool?
    let valueDay: String?
    let salt: String?
  }

  /// The bids for a lot, opened for its holder; a financier's own for itself.
  private func bids(_ request: Request, _ context: LedgerRequestContext) throws -> Response {
    let caller = try reader(request, context)
    let (sight, view) = (try sight(caller), server.node.head)
    let (note, lot) = (try Self.id("note", context), try Self.id("lot", context))
    guard let found: Lot = try Self.record(Family.lots.key(note, lot), view) else {
      throw Problem(.notFound, code: "not-found", "There is no such lot among yours.")
    }
    // Keys are this node's member's: others read what is sealed at their own nodes.
    let isOwn = caller.role == .member && server.signer?.member == caller.name
    let keys = isOwn ? lotKeys?.sealingKeys().map(\.key) ?? [] : []
    // Who holds it after a purchase did not ask for these bids.
    let isAsking = sight.isMe(found.holder) && [.finance, .chosen].contains(found.reservation)
    let bids = try OpenedBid.all(note, lot, with: keys, view).filter { isAsking || sight.isMe($0.financier) }
    guard isAsking || !bids.isEmpty else {
      throw Problem(.notFound, code: "not-found", "There is no such lot among yours.")
    }
    return try Reply.json(
      bids.map { bid in
        BidItem(
          financier: bid.financier, expires: Timestamp.text(bid.expires), rate: bid.terms?.terms.rate,
          fee: bid.terms?.terms.fee, recourse: bid.terms?.terms.hasRecourse,
          valueDay: bid.terms.map { FinanceText.day($0.terms.valueDay) }, salt: bid.terms.map { Hex.encode($0.salt) })
      })
  }

  private func terms(_ form: inout Form) throws -> (Terms, [UInt8]) {
    let (rate, fee) = (try form.integer("rate", 0...1_000_000), try form.amount("fee", or: 0))
    let (recourse, day) = (try form.flag("recourse"), try form.day("valueDay"))
    let salt = try form.maybeDigest("salt")?.bytes ?? Sealer.salt()
    return (Terms { ($0.rate, $0.fee, $0.hasRecourse, $0.valueDay) = (rate, fee, recourse, day) }, salt)
  }

  func evidence(_ form: inout Form) throws -> BankEvidence {
    var part = try form.part("evidence")
    let (id, payer, payee) = (try part.digest("id"), try part.party("payer"), try part.party("payee"))
    let (currency, amount, day) = (try part.currency(), try part.amount("amount"), try part.day("day"))
    try part.end()
    return BankEvidence {
      ($0.id, $0.payer, $0.payee, $0.currency, $0.amount, $0.day) = (id, payer, payee, currency, amount, day)
    }
  }
}
