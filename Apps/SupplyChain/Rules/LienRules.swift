internal import Ledger
internal import Primitives

/// Pledges of lots, and freezes by order: transitions 11 and 17.
extension SupplyChainContract {
  /// 11. The holder pledges a lot.
  func pledge(_ work: inout LotWork, _ action: LotAction, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try expectHolder(work, actor)
    try expectFree(work)
    try require(action.party != work.lot.holder, .transferToSelf)
    let pledgee = try member(action.party, &state)
    try require(
      pledgee?.status == .admitted && pledgee?.roles.isDisjoint(with: [.financier, .guarantor]) == false,
      .transfereeUnknown)
    (work.lot.pledgee, work.lot.isPledgeAccepted) = (action.party, false)
  }

  /// 11. The pledgee takes the pledge, or lets it go; before it has taken it, the holder may call it off.
  func answerPledge(_ work: inout LotWork, _ step: LotStep, _ actor: Actor) throws(Refusal) {
    try require(work.lot.isPledged, .notPledged)
    let isPledgee = actor.party == work.lot.pledgee
    switch step {
    case .acceptPledge:
      try require(isPledgee, .notThePledgee)
      try require(!work.lot.isPledgeAccepted, .pledgeTaken)
      try expectUnfrozen(work)
      work.lot.isPledgeAccepted = true
    case .refusePledge:
      try require(!work.lot.isPledgeAccepted, .pledgeTaken)
      try require(isPledgee || actor.party == work.lot.holder, .notThePledgee)
      (work.lot.pledgee, work.lot.isPledgeAccepted) = ("", false)
    default:
      try require(isPledgee, .notThePledgee)
      try require(!work.lot.isFrozen, .lotFrozen)
      (work.lot.pledgee, work.lot.isPledgeAccepted) = ("", false)
    }
  }

  /// 11. The pledgee takes the lot after a default.
  func enforce(_ work: inout LotWork, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(work.lot.isPledged && work.lot.isPledgeAccepted, .notPledged)
    try require(actor.party == work.lot.pledgee, .notThePledgee)
    try require(work.lot.performance == .defaulted, .notDefaulted)
    try require(!work.lot.isFrozen, .lotFrozen)
    if work.lot.open > 0 {
      try work.books.transfer(work.lot.open, from: work.lot.holder, to: actor.party, &state)
    }
    move(&work, to: actor.party, &state)
    (work.lot.pledgee, work.lot.isPledgeAccepted) = ("", false)
  }

  /// 17. Operator and authority, each for itself and in either order; it never holds payment back.
  func freeze(_ work: inout LotWork, _ action: LotAction, _ actor: Actor) throws(Refusal) {
    try require(actor.has([.operator, .arbiter, .regulator]), .roleMissing)
    try require(!action.reason.isEmpty, .freezeReference)
    let isOperator = actor.has(.operator)
    let isFreeze = action.step == .freeze
    let (rest, goal): (Freeze, Freeze) = isFreeze ? (.none, .frozen) : (.frozen, .none)
    let byOperator: Freeze = isFreeze ? .askedByOperator : .thawByOperator
    let byAuthority: Freeze = isFreeze ? .askedByAuthority : .thawByAuthority
    try require([rest, byOperator, byAuthority].contains(work.lot.freeze), .freezeState)
    if work.lot.freeze == rest {
      (work.lot.freeze, work.lot.freezeBy) = (isOperator ? byOperator : byAuthority, actor.party)
    } else {
      let isOther = work.lot.freeze == (isOperator ? byAuthority : byOperator)
      try require(isOther && actor.party != work.lot.freezeBy, .freezeAlone)
      (work.lot.freeze, work.lot.freezeBy) = (goal, "")
    }
    work.lot.order = goal == .none && work.lot.freeze == .none ? "" : action.reason
  }
}
