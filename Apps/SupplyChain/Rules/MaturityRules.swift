internal import Ledger
internal import Primitives
internal import Value

/// What the ledger's time does to a lot, and what follows when nobody pays: transitions 12, 14, 15, 16 and 18.
extension SupplyChainContract {
  /// 12, 14, 15. Due, overdue, in default, cured; the block's time decides, whoever says it.
  func perform(_ work: inout LotWork, _ step: LotStep, _ actor: Actor, _ state: inout State) throws(Refusal) {
    switch step {
    case .markDue:
      try require(work.lot.performance == .current, .lotNotCurrent)
      let maturity = work.maturity
      let due = try refusing { () throws(ValueError) in try Day(number: maturity).followingBusinessDay }
      try require(actor.day >= due, .notMatured)
      work.lot.performance = .due
    case .markOverdue:
      try require(work.lot.performance == .due, .notDue)
      try require(actor.day.number > work.maturity + work.policy.graceDays, .graceRunning)
      work.lot.performance = .overdue
      try count(1, work.note.obligor, &state)
    case .markDefault:
      try expectHolder(work, actor)
      try require(work.lot.performance == .overdue, .notOverdue)
      try require(actor.day.number > work.maturity + work.policy.defaultDays, .defaultTooEarly)
      work.lot.performance = .defaulted
    default:
      try expectHolder(work, actor)
      try require(work.lot.performance == .defaulted, .notDefaulted)
      work.lot.performance = .cured
      try count(-1, work.note.obligor, &state)
    }
  }

  /// Keeps how many of an obligor's lots are overdue: while there are any it may not issue.
  func count(_ change: Int64, _ obligor: String, _ state: inout State) throws(Refusal) {
    let key = Family.obligors.key(.sha256(obligor))
    var record: ObligorRecord = try state.record(key) ?? ObligorRecord()
    if change > 0 {
      record.overdueLots += 1
      record.overdueEvents += 1
    } else {
      record.overdueLots -= min(1, record.overdueLots)
    }
    state.put(key, record)
  }

  /// The holder gives part of a lot in default up; the obligor still owes it.
  func writeOff(_ writeOff: WriteOff, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var work = try load(writeOff.note, writeOff.lot, &state)
    try expectHolder(work, actor)
    try require(work.lot.performance == .defaulted, .notDefaulted)
    try require(work.lot.reservation == .none, .lotReserved)
    try require(writeOff.amount > 0, .amountZero)
    try require(writeOff.amount <= work.lot.open, .writeOffTooLarge)
    try work.books.writeOff(writeOff.amount, work.lot.holder, &state)
    work.lot.writtenOff += writeOff.amount
    work.note.writtenOff += writeOff.amount
    store(work, &state)
    tell("write-off", of: work.noteID, lot: work.id, actor, amount: writeOff.amount, &state)
  }

  /// 16. A flag after acceptance: it keeps finance away, never payment.
  func dispute(_ work: inout LotWork, _ step: LotStep, _ actor: Actor) throws(Refusal) {
    if step == .dispute {
      try require(actor.party == work.note.obligor || actor.party == work.lot.holder, .notAParty)
      try require(!work.lot.isDisputed, .lotDisputed)
      work.lot.isDisputed = true
    } else {
      try require(actor.has(.arbiter), .roleMissing)
      try require(work.lot.isDisputed, .disputeMissing)
      work.lot.isDisputed = false
    }
  }

  /// 18. The financier demands, the one who sold accepts; the bank's word completes it.
  func recourse(_ work: inout LotWork, _ step: LotStep, _ actor: Actor) throws(Refusal) {
    if step == .withdrawRecourse {
      try expectHolder(work, actor)
      try require([.recourse, .bought].contains(work.lot.reservation), .recourseNotDemanded)
      clearReservation(&work)
    } else if step == .demandRecourse {
      try expectHolder(work, actor)
      try require(work.lot.performance == .defaulted, .notDefaulted)
      try require(work.lot.isFinanced && work.lot.hasRecourse, .noRecourse)
      try require(work.lot.reservation == .none && work.lot.open > 0, .lotReserved)
      (work.lot.reservation, work.lot.counterparty) = (.recourse, work.lot.priorHolder)
    } else {
      try require(work.lot.reservation == .recourse, .recourseNotDemanded)
      try require(actor.party == work.lot.counterparty, .notThePriorHolder)
      work.lot.reservation = .bought
    }
  }
}
