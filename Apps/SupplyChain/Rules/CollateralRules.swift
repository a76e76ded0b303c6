package import Ledger
package import Primitives
internal import Value

/// Goods in a warehouse that secure what is drawn: pledge, drawing, repayment, release.
extension SupplyChainContract {
  func receive(_ receipt: GoodsReceipt, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(actor.has(.warehouseKeeper), .roleMissing)
    try require(state[Family.goods.key(receipt.id)] == nil, .goodsKnown)
    try require((try? Currency(receipt.currency)) != nil, .currencyUnknown)
    try require(receipt.value > 0, .amountZero)
    if let paper = receipt.paper {
      guard let known: TradeFiling = try state.record(Family.papers.key(paper)) else {
        throw Guard.paperUnknown.refusal
      }
      try require(receipt.owner == known.buyer || receipt.owner == known.seller, .paperMismatch)
    }
    state.put(Family.goods.key(receipt.id), Goods { ($0.receipt, $0.keeper) = (receipt, actor.party) })
  }

  func revalue(_ value: GoodsValue, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var goods = try goods(value.goods, &state)
    try require(actor.party == goods.keeper, .roleMissing)
    goods.receipt.value = value.value
    state.put(Family.goods.key(value.goods), goods)
  }

  func propose(_ proposal: FacilityProposal, _ actor: Actor, _ state: inout State) throws(Refusal) {
    _ = try currency(proposal.currency)
    try require(proposal.limit > 0, .amountZero)
    let financier = try member(proposal.financier, &state)
    try require(financier?.status == .admitted && financier?.roles.contains(.financier) == true, .transfereeUnknown)
    try require(state[Family.facilities.key(actor.id)] == nil, .facilityKnown)
    for reference in proposal.goods { try expectPledgeable(reference.id, actor.party, proposal.currency, &state) }
    state.put(Family.facilities.key(actor.id), Facility { ($0.proposal, $0.owner) = (proposal, actor.party) })
  }

  private func expectPledgeable(
    _ id: Digest, _ owner: String, _ currency: String, _ state: inout State
  ) throws(Refusal) {
    let goods = try goods(id, &state)
    try require(goods.receipt.owner == owner, .notTheOwner)
    try require(goods.facility == nil, .goodsPledged)
    try require(goods.receipt.currency == currency, .goodsCurrency)
  }

  func act(_ action: FacilityAction, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var facility = try facility(action.facility, &state)
    let (isFinancier, isOwner) = (actor.party == facility.proposal.financier, actor.party == facility.owner)
    switch action.step {
    case .accept:
      try require(isFinancier, .facilityParties)
      try require(facility.status == .proposed, .facilityNotOpen)
      for reference in facility.proposal.goods {
        try expectPledgeable(reference.id, facility.owner, facility.proposal.currency, &state)
        var goods = try goods(reference.id, &state)
        goods.facility = action.facility
        state.put(Family.goods.key(reference.id), goods)
        state.mark(Family.pledges.key(action.facility, reference.id))
      }
      facility.status = .open
    case .refuse:
      try require(isFinancier || isOwner, .facilityParties)
      try require(facility.status == .proposed, .facilityNotOpen)
      facility.status = .refused
    case .draw:
      try require(isOwner, .facilityParties)
      try require(facility.status == .open && facility.requested == 0, .facilityNotOpen)
      try require(action.amount > 0, .amountZero)
      try expectRight(to: action.amount, action.facility, facility, &state)
      facility.requested = action.amount
    case .cancelDraw:
      try require(isFinancier || isOwner, .facilityParties)
      try require(facility.requested > 0, .facilityNotOpen)
      facility.requested = 0
    case .release:
      try require(isFinancier, .facilityParties)
      try require(facility.status == .open, .facilityNotOpen)
      try release(action.goods ?? Digest(), action.facility, facility, &state)
    case .close:
      try require(isFinancier || isOwner, .facilityParties)
      try require(facility.status == .open && facility.drawn == 0 && facility.requested == 0, .facilityNotOpen)
      for (key, _) in state.list(Family.pledges.prefix(action.facility)) {
        guard let id = Digest(key.bytes.suffix(Digest.byteCount)) else { continue }
        try free(id, action.facility, &state)
      }
      facility.status = .closed
    }
    state.put(Family.facilities.key(action.facility), facility)
  }

  /// A settlement bank's word: what was asked for has been paid out, or something has been paid back.
  func pay(_ payment: FacilityPayment, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var facility = try facility(payment.facility, &state)
    let (lender, owner, evidence) = (facility.proposal.financier, facility.owner, payment.evidence)
    let currency = try currency(facility.proposal.currency)
    if payment.isDrawing {
      try require(facility.status == .open && facility.requested > 0, .facilityNotOpen)
      try require(evidence.amount == facility.requested, .proceedsDiffer)
      try expectRight(to: evidence.amount, payment.facility, facility, &state)
      try use(evidence, "draw", payer: lender, payee: owner, currency, actor, &state)
      try Books(currency).lend(evidence.amount, lender, to: owner, &state)
      facility.drawn += evidence.amount
      facility.requested = 0
    } else {
      try require(evidence.amount <= facility.drawn, .repayTooLarge)
      try use(evidence, "repay", payer: owner, payee: lender, currency, actor, &state)
      try Books(currency).lend(0 - evidence.amount, lender, to: owner, &state)
      facility.drawn -= evidence.amount
    }
    state.put(Family.facilities.key(payment.facility), facility)
  }

  // MARK: Value

  /// Refuses unless the goods as they are now, and the limit, allow so much more to be drawn.
  private func expectRight(
    to amount: Int64, _ id: Digest, _ facility: Facility, _ state: inout State
  ) throws(Refusal) {
    let cover = try cover(id, without: nil, &state)
    try require(!cover.isBlocked, .drawBlocked)
    let trigger = try policy(&state).callTrigger
    let isAbove = Int128(facility.drawn) * 1_000_000 > Int128(trigger) * Int128(cover.value)
    try require(!isAbove, .callOpen)
    try require(
      amount <= min(cover.right, facility.proposal.limit) - facility.drawn, .drawTooLarge)
  }

  /// What the goods of a facility are worth, cut by policy and by open exceptions.
  package func cover(
    _ id: Digest, without left: Digest?, _ state: inout State
  ) throws(Refusal) -> (value: Int64, right: Int64, isBlocked: Bool) {
    let policy = try policy(&state)
    var parts: [Ratios.Eligible] = []
    var (value, isBlocked) = (Int64(0), false)
    let references = state.list(Family.pledges.prefix(id)).compactMap {
      Digest($0.key.bytes.suffix(Digest.byteCount))
    }
    for reference in references where reference != left {
      let goods = try goods(reference, &state)
      var cut: Int64 = 0
      for exception in try openExceptions(of: reference, &state) {
        cut += exception.haircut
        isBlocked = isBlocked || exception.blocks
      }
      let worth = goods.receipt.value
      let (whole, advanced) = (min(cut, 1_000_000), min(policy.haircut + cut, 1_000_000))
      try refusing { () throws(ValueError) in
        value += try Rate(ppm: 1_000_000 - whole).of(worth)
        parts.append(
          Ratios.Eligible(worth, advance: try Rate(ppm: policy.advanceRate), haircut: try Rate(ppm: advanced)))
      }
    }
    let eligible = parts
    let right = try refusing { () throws(ValueError) in try Ratios.borrowingBase(eligible, reserves: 0) }
    return (value, right, isBlocked)
  }

  private func release(
    _ goods: Digest, _ id: Digest, _ facility: Facility, _ state: inout State
  ) throws(Refusal) {
    try require(state[Family.pledges.key(id, goods)] != nil, .goodsUnknown)
    try require(try !cover(id, without: nil, &state).isBlocked, .releaseBlocked)
    let rest = try cover(id, without: goods, &state)
    try require(facility.drawn + facility.requested <= rest.right, .releaseUncovered)
    try free(goods, id, &state)
  }

  private func free(_ goods: Digest, _ facility: Digest, _ state: inout State) throws(Refusal) {
    var record = try self.goods(goods, &state)
    record.facility = nil
    state.put(Family.goods.key(goods), record)
    state.set(Family.pledges.key(facility, goods), nil)
  }

  func goods(_ id: Digest, _ state: inout State) throws(Refusal) -> Goods {
    guard let goods: Goods = try state.record(Family.goods.key(id)) else { throw Guard.goodsUnknown.refusal }
    return goods
  }

  func facility(_ id: Digest, _ state: inout State) throws(Refusal) -> Facility {
    guard let facility: Facility = try state.record(Family.facilities.key(id)) else {
      throw Guard.facilityUnknown.refusal
    }
    return facility
  }
}
