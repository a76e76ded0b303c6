internal import Ledger
internal import Primitives
internal import Value

/// Money that a settlement bank says it has moved, and what it does to a lot: transitions 9, 13 and 18.
extension SupplyChainContract {
  /// Takes a bank entry in: it counts once, between these parties, in this currency, and not before its day.
  func use(
    _ evidence: BankEvidence, _ payment: String, payer: String, payee: String, _ currency: Currency, _ actor: Actor,
    _ state: inout State
  ) throws(Refusal) {
    try require(actor.has(.settlementBank), .roleMissing)
    try require(state[Family.evidence.key(evidence.id)] == nil, .evidenceUsed)
    try require(evidence.payer == payer && evidence.payee == payee, .evidenceParties)
    try require(evidence.currency == currency.code, .evidenceCurrency)
    try require(evidence.day <= actor.day.number, .evidenceFuture)
    try require(evidence.amount > 0, .amountZero)
    state.put(
      Family.evidence.key(evidence.id),
      EvidenceUse {
        ($0.evidence, $0.bank) = (evidence, actor.party)
        ($0.payment, $0.entry) = (payment, actor.index)
      })
  }

  func pay(_ payment: LotPayment, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var work = try load(payment.note, payment.lot, &state)
    switch payment.payment {
    case .disburse: try disburse(&work, payment.evidence, actor, &state)
    case .settle: try settle(&work, payment.evidence, actor, &state)
    case .buyback: try buyBack(&work, payment.evidence, actor, &state)
    }
    store(work, &state)
    tell(
      payment.payment.rawValue, of: work.noteID, lot: work.id, actor, other: payment.evidence.payee,
      amount: payment.evidence.amount, &state)
  }

  /// 13. The obligor has paid: never held back by a freeze, a dispute or a reservation.
  private func settle(
    _ work: inout LotWork, _ evidence: BankEvidence, _ actor: Actor, _ state: inout State
  ) throws(Refusal) {
    try require(work.lot.performance != .current, .notDue)
    let payee = work.lot.isPledgeAccepted ? work.lot.pledgee : work.lot.holder
    try use(
      evidence, "settle", payer: work.note.obligor, payee: payee, work.currency, actor, &state)
    try require(evidence.amount <= work.lot.amount - work.lot.settled, .overPayment)
    let open = min(evidence.amount, work.lot.open)
    let recovered = evidence.amount - open
    try work.books.settle(
      open: open, recovered: recovered, obligor: work.note.obligor, holder: work.lot.holder, paidTo: payee, &state)
    for line in try lines(of: work.note) { try line.restore(evidence.amount, &state) }
    if work.lot.isFinanced {
      try CreditLine.pair(work.lot.financier, work.note.obligor, work.currency).restore(evidence.amount, &state)
    }
    work.lot.settled += evidence.amount
    work.lot.writtenOff -= recovered
    work.note.settled += evidence.amount
    work.note.writtenOff -= recovered
    if work.lot.settled == work.lot.amount { try discharge(&work, &state) }
  }

  private func discharge(_ work: inout LotWork, _ state: inout State) throws(Refusal) {
    if work.lot.reservation == .chosen { try letGo(&work, &state) }
    clearReservation(&work)
    try earn(&work, until: .max, &state)
    if [.overdue, .defaulted].contains(work.lot.performance) { try count(-1, work.note.obligor, &state) }
    (work.lot.pledgee, work.lot.isPledgeAccepted) = ("", false)
    work.lot.existence = .discharged
    state.set(Family.holdings.key(.sha256(work.lot.holder), work.noteID, work.id), nil)
    if work.note.settled == work.note.proposal.amount { work.note.status = .discharged }
  }

  /// 18. The one who sold the lot has bought it back.
  private func buyBack(
    _ work: inout LotWork, _ evidence: BankEvidence, _ actor: Actor, _ state: inout State
  ) throws(Refusal) {
    try require(work.lot.reservation == .bought, .recourseNotAccepted)
    let (financier, seller) = (work.lot.holder, work.lot.priorHolder)
    try require(evidence.amount == work.lot.open, .buybackDiffers)
    try use(evidence, "buyback", payer: seller, payee: financier, work.currency, actor, &state)
    try earn(&work, until: .max, &state)
    try work.books.transfer(work.lot.open, from: financier, to: seller, &state)
    try work.books.move(work.lot.open, from: seller, to: financier, &state)
    try CreditLine.pair(financier, work.note.obligor, work.currency).restore(
      work.lot.amount - work.lot.settled, &state)
    let token = work.note.proposal.invoice
    if var entry: Registration = try state.record(Family.registry.key(token)) {
      entry.financed -= min(1, entry.financed)
      entry.settle()
      put(entry, token, &state)
    }
    (work.lot.financier, work.lot.priorHolder, work.lot.hasRecourse) = ("", "", false)
    clearReservation(&work)
    move(&work, to: seller, &state)
  }
}
