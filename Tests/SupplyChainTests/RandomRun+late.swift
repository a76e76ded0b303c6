import FinanceRules
import Primitives

/// Disputes, credit notes, pledges, freezes, and what follows when nobody pays.
extension RandomRun {
  func late() throws {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<3: try paper()
    case 3..<5: try disputeLot()
    case 5..<9: try pledge()
    case 9..<12: try freeze()
    default: try afterDefault()
    }
  }

  private func paper() throws {
    guard let place = one(of: model.invoices.count) else { return }
    let (found, token) = (model.invoices[place], Digest.sha256("invoice \(place)"))
    if found.isDisputed ? chance(70) : chance(15) {
      let step = found.isDisputed ? InvoiceStep.settleDispute : .dispute
      let name = by(step == .dispute ? pick([found.buyer, found.seller]) : "reg")
      try run(
        "\(step == .dispute ? "dispute" : "settle-dispute")-invoice \(place)",
        InvoiceAction { ($0.token, $0.step, $0.reason) = (token, step, "reason") }, by: name
      ) { step == .dispute ? $0.dispute(invoice: place, name) : $0.settle(invoice: place, name) }
      return
    }
    let open = found.payable - found.credited - model.noted(place)
    let amount = chance(15) ? open + 1 : chance(5) ? 0 : open / 10
    let id = chance(8) && !model.credits.isEmpty ? pick(model.credits.sorted()) : "c\(log.count)"
    let name = by(found.seller)
    try run(
      "credit \(amount) on \(place)",
      CreditNoteFiling { ($0.token, $0.id, $0.amount) = (token, .sha256("credit \(id)"), max(0, amount)) }, by: name
    ) { $0.credit(place, max(0, amount), id, name) }
  }

  private func disputeLot() throws {
    guard let lot = one(of: model.lots.count) else { return }
    let found = model.lots[lot]
    if found.isDisputed, chance(80) {
      let name = by("reg")
      try act(lot, .settleDispute, by: name) { $0.settleDispute(lot, name) }
    } else {
      let name = by(pick([found.holder, model.notes[found.note].obligor]))
      try act(lot, .dispute, by: name) { $0.dispute(lot, name) }
    }
  }

  private func pledge() throws {
    let pledged = model.lots.indices.filter { model.lots[$0].status == "live" && !model.lots[$0].pledgee.isEmpty }
    guard let lot = chance(65) && !pledged.isEmpty ? pick(pledged) : one(of: model.lots.count) else { return }
    let found = model.lots[lot]
    guard !found.pledgee.isEmpty, chance(92) else {
      let (name, party) = (by(found.holder), pick(["bank1", "bank2", "sup2"]))
      try act(lot, .pledge, by: name, to: party) { $0.pledge(lot, to: party, name) }
      return
    }
    let isLate = found.performance == "defaulted"
    let step =
      found.isPledgeAccepted
      ? pick(isLate ? [.enforce, .enforce, .release] : [LotStep.release, .enforce, .acceptPledge, .refusePledge])
      : pick([LotStep.acceptPledge, .acceptPledge, .acceptPledge, .refusePledge, .release])
    // Pledges are kept until maturity now and then.
    if found.isPledgeAccepted, !isLate, chance(75) { return }
    let name = by(step == .refusePledge && chance(50) ? found.holder : found.pledgee)
    try act(lot, step, by: name) {
      step == .enforce ? $0.enforce(lot, name) : $0.answerPledge(lot, step, name)
    }
  }

  private func freeze() throws {
    let begun = model.lots.indices.filter { model.lots[$0].status == "live" && model.lots[$0].freeze != "none" }
    guard let lot = chance(80) && !begun.isEmpty ? pick(begun) : one(of: model.lots.count) else { return }
    let found = model.lots[lot]
    let isFreeze = chance(10) ? chance(50) : ["none", "asked:op", "asked:reg"].contains(found.freeze)
    let name = by(found.freeze.hasSuffix(":op") ? "reg" : found.freeze.hasSuffix(":reg") ? "op" : pick(["op", "reg"]))
    try act(lot, isFreeze ? .freeze : .unfreeze, by: name, reason: "order 7") { $0.freeze(lot, isFreeze, name) }
  }

  private func afterDefault() throws {
    let late = model.lots.indices.filter {
      model.lots[$0].status == "live" && ["overdue", "defaulted"].contains(model.lots[$0].performance)
    }
    // Those with a buyer or a pledgee have more to come.
    let marked = late.filter { !model.lots[$0].financier.isEmpty || model.lots[$0].isPledgeAccepted }
    let asked = late.filter { ["recourse", "bought"].contains(model.lots[$0].reservation) }
    let some = chance(60) && !asked.isEmpty ? asked : chance(60) && !marked.isEmpty ? marked : late
    guard let lot = chance(90) && !some.isEmpty ? pick(some) : one(of: model.lots.count) else { return }
    let found = model.lots[lot]
    let open = found.amount - found.settled - found.writtenOff
    switch found.reservation {
    case "recourse" where chance(80):
      let step = chance(60) ? LotStep.acceptRecourse : .withdrawRecourse
      let name = chance(30) ? pick(World.names) : step == .acceptRecourse ? found.other : found.holder
      try act(lot, step, by: name) { $0.recourse(lot, step, name) }
    case "bought" where chance(80):
      let id = entry()
      let evidence = world.evidence(found.seller, by(found.holder), chance(30) ? open + 1 : open, id: id)
      let name = by("bank1")
      let document = LotPayment {
        ($0.note, $0.lot, $0.payment) = (noteIDs[found.note], lotIDs[lot], .buyback)
        $0.evidence = evidence
      }
      try run("buyback \(lot)", document, by: name) { $0.buyBack(lot, evidence, id, name) }
    default:
      let name = by(found.holder)
      if found.isPledgeAccepted, found.performance == "defaulted", chance(40) {
        let pledgee = by(found.pledgee)
        return try act(lot, .enforce, by: pledgee) { $0.enforce(lot, pledgee) }
      }
      if found.financier.isEmpty, !found.isPledgeAccepted, chance(40) { return try settle(lot, found) }
      if !found.financier.isEmpty, found.hasRecourse, chance(60) {
        // Its buyer takes it to default, and asks for its money.
        let step = found.performance == "overdue" ? LotStep.markDefault : .demandRecourse
        return try act(lot, step, by: name) {
          step == .markDefault ? $0.mark(lot, step, name, time: self.time) : $0.recourse(lot, step, name)
        }
      }
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<4:
        try act(lot, .markDefault, by: name) { $0.mark(lot, .markDefault, name, time: self.time) }
      case 4:
        try act(lot, .cure, by: name) { $0.mark(lot, .cure, name, time: self.time) }
      case 5:
        let amount = chance(20) ? open + 1 : open / 4
        let document = WriteOff {
          ($0.note, $0.lot, $0.amount) = (noteIDs[found.note], lotIDs[lot], max(0, amount))
        }
        try run("write-off \(lot) \(amount)", document, by: name) { $0.writeOff(lot, max(0, amount), name) }
      case 6:
        try act(lot, .accrue, by: name) { $0.mayAccrue(lot, name) }
      default:
        try act(lot, .demandRecourse, by: name) { $0.recourse(lot, .demandRecourse, name) }
      }
    }
  }
}
