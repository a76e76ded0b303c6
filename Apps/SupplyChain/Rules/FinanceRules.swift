package import Ledger
internal import Primitives
internal import Value

/// Finance of a lot by sealed bids: transitions 8 to 10.
extension SupplyChainContract {
  /// 8. The holder asks for bids; the lot is set aside.
  func request(_ request: FinanceRequest, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var work = try load(request.note, request.lot, &state)
    try expectHolder(work, actor)
    try expectFree(work)
    try expectUndisputed(work, &state)
    let policy = try policy(&state)
    try require(
      policy.obligors.isEmpty || policy.obligors.contains { $0.name == work.note.obligor }, .obligorIneligible)
    try require(work.lot.amount >= policy.minimumFinance, .lotTooSmall)
    try require(work.maturity - actor.day.number >= work.policy.minimumFinanceDays, .tooLateToFinance)
    try expectOffer(request.expires, work.policy, actor)
    try expectNoSimilar(work.note.proposal.invoice, nil, request.reason, &state)
    for financier in request.invited {
      let entry = try member(financier.name, &state)
      try require(entry?.status == .admitted && entry?.roles.contains(.financier) == true, .transfereeUnknown)
    }
    (work.lot.reservation, work.lot.expires) = (.finance, request.expires)
    work.lot.invited = request.invited
    store(work, &state)
    tell("finance-request", of: work.noteID, lot: work.id, actor, amount: work.lot.amount, &state)
  }

  private func expectUndisputed(_ work: LotWork, _ state: inout State) throws(Refusal) {
    try require(!work.lot.isDisputed, .lotDisputed)
    try require(try !invoice(work.note.proposal.invoice, &state).isDisputed, .invoiceDisputed)
  }

  /// 8. A financier bids; what it offers stays sealed until it is chosen.
  func bid(_ bid: Bid, _ actor: Actor, _ state: inout State) throws(Refusal) {
    let work = try load(bid.note, bid.lot, &state)
    try require(actor.has(.financier), .roleMissing)
    try expectUnfrozen(work)
    try require(work.lot.reservation == .finance && actor.time < work.lot.expires, .notRequested)
    try require(work.lot.invites(actor.party), .notInvited)
    try require(actor.party != work.lot.holder, .transferToSelf)
    try expectOffer(bid.expires, work.policy, actor)
    try expectUnfinanced(work.note.proposal.invoice, by: actor.party, &state)
    let line = CreditLine.pair(actor.party, work.note.obligor, work.currency)
    try require(try line.headroom(&state) >= work.lot.amount, .lineExceeded)
    state.put(Family.bids.key(bid.note, bid.lot, .sha256(actor.party)), bid)
    tell("finance-bid", of: work.noteID, lot: work.id, actor, amount: work.lot.amount, &state)
  }

  /// 8. The holder opens the bid that it chooses: the registry and the financier's line take it in.
  func choose(_ choice: BidChoice, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var work = try load(choice.note, choice.lot, &state)
    try expectHolder(work, actor)
    try expectUnfrozen(work)
    try require(work.lot.reservation == .finance, .notRequested)
    try require(actor.time < work.lot.expires, .offerExpired)
    try expectUndisputed(work, &state)
    guard
      let bid: Bid = try state.record(
        Family.bids.key(choice.note, choice.lot, .sha256(choice.financier)))
    else { throw Guard.bidUnknown.refusal }
    try require(actor.time < bid.expires, .bidUnknown)
    try require(bid.terms.commits(to: choice.terms.encoded(), salt: choice.salt), .bidSeal)
    try require(
      choice.terms.valueDay >= actor.day.number && choice.terms.valueDay < work.maturity, .valueDay)
    let (_, proceeds) = try SupplyChainContract.price(
      work.lot.amount, choice.terms, maturity: work.maturity, currency: work.note.currency, work.policy)
    try require(proceeds > 0, .proceedsNegative)

    let token = work.note.proposal.invoice
    try expectUnfinanced(token, by: choice.financier, &state)
    var entry: Registration = try state.record(Family.registry.key(token)) ?? Registration()
    (entry.similar, entry.financier) = (try invoice(token, &state).filing.similar, choice.financier)
    entry.chosen += 1
    entry.settle()
    put(entry, token, &state)

    let line = CreditLine.pair(choice.financier, work.note.obligor, work.currency)
    try require(try line.headroom(&state) >= work.lot.amount, .lineExceeded)
    var seed = work.id.bytes
    seed.append(u64: actor.index)
    let hold = Digest.sha256(seed)
    try line.reserve(hold, work.lot.amount, &state)
    (work.lot.reservation, work.lot.counterparty, work.lot.hold) = (.chosen, choice.financier, hold)
    work.lot.invited = []
    (work.lot.terms, work.lot.proceeds) = (choice.terms, proceeds)
    store(work, &state)
    tell(
      "finance-choice", of: work.noteID, lot: work.id, actor, other: choice.financier, amount: proceeds, &state)
  }

  /// Discount and proceeds of a lot under terms: bank discount by the policy's day count of the currency, the fee taken off.
  package static func price(
    _ face: Int64, _ terms: Terms, maturity: Int64, currency: String, _ policy: Policy
  ) throws(Refusal) -> (discount: Int64, proceeds: Int64) {
    try refusing { () throws(ValueError) in
      guard let count = DayCount(rawValue: policy.dayCount(of: currency)) else { throw ValueError.periodInvalid }
      let time = try count.fraction(from: try Day(number: terms.valueDay), to: try Day(number: maturity))
      let discount = try Discount.bank(face, try Rate(ppm: terms.rate), time)
      return (discount, face - discount - terms.fee)
    }
  }

  /// 9. The settlement bank says that the proceeds have moved: the financier holds the lot.
  func disburse(_ work: inout LotWork, _ evidence: BankEvidence, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try expectUnfrozen(work)
    try require(work.lot.reservation == .chosen, .notChosen)
    try require(actor.time < work.lot.expires, .offerExpired)
    let (financier, seller, face) = (work.lot.counterparty, work.lot.holder, work.lot.amount)
    try require(evidence.amount == work.lot.proceeds, .proceedsDiffer)
    try use(evidence, "disburse", payer: financier, payee: seller, work.currency, actor, &state)
    let fee = work.lot.terms.fee
    let discount = face - work.lot.proceeds - fee
    try work.books.finance(
      face: face, proceeds: work.lot.proceeds, discount: discount, fee: fee, seller: seller, financier: financier,
      &state)
    if let hold = work.lot.hold {
      try refusing { () throws(ValueError) in try Family.postings.commit(hold, now: actor.time, &state) }
    }
    let token = work.note.proposal.invoice
    var entry: Registration = try state.record(Family.registry.key(token)) ?? Registration()
    entry.chosen -= min(1, entry.chosen)
    entry.financed += 1
    entry.settle()
    put(entry, token, &state)
    (work.lot.financier, work.lot.priorHolder) = (financier, seller)
    (work.lot.hasRecourse, work.lot.discount) = (work.lot.terms.hasRecourse, discount)
    (work.lot.boughtDay, work.lot.earned, work.lot.paid) = (actor.day.number, 0, work.lot.proceeds)
    move(&work, to: financier, &state)
    clearReservation(&work)
  }

  /// 10. The holder, or the chosen financier, calls it off before the money has moved.
  func cancelFinance(_ work: inout LotWork, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require([.finance, .chosen].contains(work.lot.reservation), .notRequested)
    let isChosen = work.lot.reservation == .chosen && actor.party == work.lot.counterparty
    try require(actor.party == work.lot.holder || isChosen, .notTheHolder)
    if work.lot.reservation == .chosen { try letGo(&work, &state) }
    clearReservation(&work)
  }

  /// Frees the line and the registry of a bid that was chosen and not paid.
  func letGo(_ work: inout LotWork, _ state: inout State) throws(Refusal) {
    if let hold = work.lot.hold {
      try refusing { () throws(ValueError) in try Family.postings.void(hold, &state) }
    }
    let token = work.note.proposal.invoice
    guard var entry: Registration = try state.record(Family.registry.key(token)) else { return }
    entry.chosen -= min(1, entry.chosen)
    entry.settle()
    put(entry, token, &state)
  }

  /// The financier books what it has earned: the cumulative share, so that the last day is exact.
  func accrue(_ work: inout LotWork, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(work.lot.isFinanced && actor.party == work.lot.financier, .notTheHolder)
    try earn(&work, until: actor.day.number, &state)
  }

  func earn(_ work: inout LotWork, until day: Int64, _ state: inout State) throws(Refusal) {
    guard work.lot.isFinanced, work.lot.earned < work.lot.discount else { return }
    let days = work.maturity - work.lot.boughtDay
    let lot = work.lot
    // A lot that was paid for at its maturity, or later, has no days left to earn over.
    let due =
      days <= 0
      ? lot.discount - lot.earned
      : try refusing { () throws(ValueError) in
        try Discount.accrual(
          lot.discount, day: max(0, min(day - lot.boughtDay, days)), of: days, booked: lot.earned)
      }
    try work.books.accrue(due, work.lot.financier, &state)
    work.lot.earned += due
  }
}
