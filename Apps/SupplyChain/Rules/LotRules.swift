internal import Ledger
package import Primitives
internal import Value

/// A lot with the note it is of, as a command works on it.
struct LotWork {
  let noteID: Digest
  let id: Digest
  var note: Note
  var lot: Lot
  /// The policy under which the note was proposed.
  let policy: Policy
  let currency: Currency
  let maturity: Int64

  var books: Books { Books(currency) }
}

/// What can be done to a live lot; each step is a function of the file for its subject.
extension SupplyChainContract {
  func load(_ note: Digest, _ lot: Digest, _ state: inout State) throws(Refusal) -> LotWork {
    let root = try self.note(note, &state)
    guard let found: Lot = try state.record(Family.lots.key(note, lot)) else { throw Guard.lotUnknown.refusal }
    try require(found.existence == .live, .lotGone)
    return LotWork(
      noteID: note, id: lot, note: root, lot: found, policy: try policy(root.policy, &state),
      currency: try currency(root.currency), maturity: root.proposal.maturity)
  }

  func store(_ work: LotWork, _ state: inout State) {
    state.put(Family.lots.key(work.noteID, work.id), work.lot)
    state.put(Family.notes.key(work.noteID), work.note)
  }

  /// Refuses unless nothing else has a claim on the lot: transitions 5 to 11 need it free.
  func expectFree(_ work: LotWork) throws(Refusal) {
    try expectUnfrozen(work)
    try require(work.lot.reservation == .none, .lotReserved)
    try require(!work.lot.isPledged, .lotPledged)
    try require(!work.lot.isFinanced, .lotFinanced)
  }

  func expectUnfrozen(_ work: LotWork) throws(Refusal) {
    try require(!work.lot.isFrozen, .lotFrozen)
    try require(work.lot.performance == .current, .lotNotCurrent)
  }

  func expectHolder(_ work: LotWork, _ actor: Actor) throws(Refusal) {
    try require(actor.party == work.lot.holder, .notTheHolder)
  }

  /// Gives a lot to another holder: the one place where control changes.
  func move(_ work: inout LotWork, to holder: String, _ state: inout State) {
    state.set(Family.holdings.key(.sha256(work.lot.holder), work.noteID, work.id), nil)
    state.mark(Family.holdings.key(.sha256(holder), work.noteID, work.id))
    work.lot.holder = holder
  }

  func clearReservation(_ work: inout LotWork) {
    (work.lot.reservation, work.lot.counterparty, work.lot.expires) = (.none, "", 0)
    (work.lot.proceeds, work.lot.terms, work.lot.hold) = (0, Terms(), nil)
    work.lot.invited = []
  }

  /// 5. The holder splits a lot; the parts keep obligor, currency, maturity, root and policy.
  func split(_ split: LotSplit, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var work = try load(split.note, split.lot, &state)
    try expectHolder(work, actor)
    try expectFree(work)
    try require(
      split.parts.count >= 2 && split.parts.count <= Int(work.policy.maxParts)
        && split.parts.allSatisfy { $0.amount > 0 }, .splitParts)
    try require(
      split.parts.reduce(Int128(0)) { $0 + Int128($1.amount) } == Int128(work.lot.amount), .splitSum)
    work.lot.existence = .consumed
    state.set(Family.holdings.key(.sha256(work.lot.holder), work.noteID, work.id), nil)
    for (place, part) in split.parts.enumerated() {
      let id = SupplyChainContract.child(of: work.id, place)
      state.put(
        Family.lots.key(work.noteID, id),
        Lot {
          ($0.amount, $0.parent, $0.holder) = (part.amount, work.id, work.lot.holder)
          ($0.depth, $0.isDisputed) = (work.lot.depth, work.lot.isDisputed)
        })
      state.mark(Family.holdings.key(.sha256(work.lot.holder), work.noteID, id))
    }
    store(work, &state)
    tell("split", of: work.noteID, lot: work.id, actor, amount: Int64(split.parts.count), &state)
  }

  /// The id of a part: SHA-256(lot ‖ u64 place).
  package static func child(of lot: Digest, _ place: Int) -> Digest {
    var bytes = lot.bytes
    bytes.append(u64: UInt64(place))
    return .sha256(bytes)
  }

  /// Carries out one step of a lot.
  func act(_ action: LotAction, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var work = try load(action.note, action.lot, &state)
    switch action.step {
    case .offerTransfer: try offer(&work, action, actor, &state)
    case .acceptTransfer: try acceptTransfer(&work, actor, &state)
    case .refuseTransfer, .cancelTransfer: try endTransfer(&work, action.step, actor)
    case .expire: try expire(&work, actor, &state)
    case .cancelFinance: try cancelFinance(&work, actor, &state)
    case .pledge: try pledge(&work, action, actor, &state)
    case .acceptPledge, .refusePledge, .release: try answerPledge(&work, action.step, actor)
    case .enforce: try enforce(&work, actor, &state)
    case .markDue, .markOverdue, .markDefault, .cure: try perform(&work, action.step, actor, &state)
    case .accrue: try accrue(&work, actor, &state)
    case .dispute, .settleDispute: try dispute(&work, action.step, actor)
    case .freeze, .unfreeze: try freeze(&work, action, actor)
    case .demandRecourse, .acceptRecourse, .withdrawRecourse: try recourse(&work, action.step, actor)
    }
    store(work, &state)
    tell(
      action.step.rawValue, of: work.noteID, lot: work.id, actor, other: action.party, amount: work.lot.amount, &state)
  }

  /// 6. The holder offers a lot to another party; control stays.
  private func offer(
    _ work: inout LotWork, _ action: LotAction, _ actor: Actor, _ state: inout State
  ) throws(Refusal) {
    try expectHolder(work, actor)
    try expectFree(work)
    try require(work.lot.depth < work.policy.maxDepth, .depthExceeded)
    try require(action.party != work.lot.holder, .transferToSelf)
    try require(try mayHold(action.party, &state), .transfereeUnknown)
    try expectOffer(action.expires, work.policy, actor)
    (work.lot.reservation, work.lot.counterparty, work.lot.expires) = (.transfer, action.party, action.expires)
  }

  /// 7. The transferee accepts: the holder changes.
  private func acceptTransfer(_ work: inout LotWork, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(work.lot.reservation == .transfer, .noOffer)
    try require(actor.party == work.lot.counterparty, .notTheTransferee)
    try require(actor.time < work.lot.expires, .offerExpired)
    try expectUnfrozen(work)
    try work.books.transfer(work.lot.amount, from: work.lot.holder, to: actor.party, &state)
    move(&work, to: actor.party, &state)
    work.lot.depth += 1
    clearReservation(&work)
  }

  /// 7. The transferee refuses, or the holder takes the offer back.
  private func endTransfer(_ work: inout LotWork, _ step: LotStep, _ actor: Actor) throws(Refusal) {
    try require(work.lot.reservation == .transfer, .noOffer)
    if step == .refuseTransfer {
      try require(actor.party == work.lot.counterparty, .notTheTransferee)
    } else {
      try expectHolder(work, actor)
    }
    clearReservation(&work)
  }

  /// 7, 10. An offer, a request or a chosen bid whose time has passed is free again; anyone may say so.
  private func expire(_ work: inout LotWork, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require([.transfer, .finance, .chosen].contains(work.lot.reservation), .noOffer)
    try require(actor.time >= work.lot.expires, .notExpired)
    if work.lot.reservation == .chosen { try letGo(&work, &state) }
    clearReservation(&work)
  }
}
