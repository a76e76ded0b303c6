import FinanceRules
import Primitives

/// Several commands in a row as they should be, so that there is always something to go wrong with.
extension RandomRun {
  /// An invoice that becomes a live note, or a lot that is sold to a bank: as far as the rules let it.
  func straight() throws {
    let free = model.lots.indices.filter { place in
      let lot = model.lots[place]
      return model.isFree(lot, lot.holder) && !lot.isDisputed && model.notes[lot.note].maturity - world.today > 15
    }
    if let lot = free.last, chance(55) { try sell(lot) } else { try issue() }
  }

  private func issue() throws {
    let place = model.invoices.count
    let (seller, payable) = (pick(["sup1", "sup2", "dist"]), Int64.random(in: 1_000...400_000, using: &random))
    let filing = world.filing(place, payable, seller: seller, buyer: "core")
    try run("invoice \(place)", filing, by: seller, waits: false) {
      $0.invoice(seller, "core", payable, day: filing.deliveryDay, seller)
    }
    guard model.invoices.count > place else { return }
    let token = filing.token
    try run("approve \(place)", InvoiceAction { $0.token = token }, by: "core", waits: false) {
      $0.approve(place, "core")
    }
    let (note, expires, days) = (model.notes.count, world.expiry(), Int64.random(in: 20...60, using: &random))
    try run(
      "propose \(payable) on \(place), \(days) days",
      NoteProposal {
        ($0.invoice, $0.amount, $0.expires) = (token, payable, expires)
        $0.maturity = world.today + days
      }, by: "core/ada", waits: false
    ) {
      $0.propose(place, payable, days: days, expires: expires, by: "core", person: "core/ada", time: self.time)
    } then: {
      self.noteIDs.append($0)
    }
    guard model.notes.count > note else { return }
    func answer(_ step: ProposalStep) -> ProposalAction {
      ProposalAction { ($0.note, $0.step, $0.isFreeChoice) = (noteIDs[note], step, true) }
    }
    try run("accept-issue \(note)", answer(.acceptIssue), by: "core/bob", waits: false) {
      $0.confirm(note, "core", person: "core/bob", time: self.time)
    }
    try run("accept-payment \(note)", answer(.acceptPayment), by: seller, waits: false) {
      $0.accept(note, seller, free: true, time: self.time)
    } then: { _ in
      self.lotIDs.append(self.noteIDs[note])
    }
  }

  private func sell(_ lot: Int) throws {
    let (found, holder, expires) = (model.lots[lot], model.lots[lot].holder, world.expiry())
    let (note, id) = (noteIDs[found.note], lotIDs[lot])
    try run(
      "request \(lot)", FinanceRequest { ($0.note, $0.lot, $0.expires) = (note, id, expires) }, by: holder, waits: false
    ) { $0.request(lot, expires: expires, holder, time: self.time) }
    let bank = pick(["bank1", "bank2"])
    let terms = Terms { ($0.rate, $0.fee, $0.hasRecourse, $0.valueDay) = (50_000, 5, chance(80), world.today) }
    try run(
      "bid \(lot)",
      Bid {
        ($0.note, $0.lot, $0.expires) = (note, id, expires)
        $0.terms = Sealed(terms.encoded(), salt: World.salt)
      }, by: bank, waits: false
    ) { $0.bid(lot, terms, expires: expires, bank, time: self.time) }
    try run(
      "choose \(lot) \(bank)",
      BidChoice {
        ($0.note, $0.lot, $0.financier) = (note, id, bank)
        ($0.terms, $0.salt) = (terms, World.salt)
      }, by: holder, waits: false
    ) { $0.choose(lot, bank, terms, holder, time: self.time) }
    guard model.lots[lot].reservation == "chosen" else { return }
    let entry = "e\(log.count)"
    let evidence = world.evidence(bank, holder, model.lots[lot].proceeds, id: entry)
    try run(
      "disburse \(lot)",
      LotPayment {
        ($0.note, $0.lot, $0.payment) = (note, id, .disburse)
        $0.evidence = evidence
      }, by: "bank1", waits: false
    ) { $0.disburse(lot, evidence, entry, "bank1", time: self.time) }
  }
}
