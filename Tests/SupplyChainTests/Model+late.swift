import FinanceRules

/// Disputes, pledges, freezes, and what follows when nobody pays.
extension Model {
  mutating func dispute(invoice: Int, _ by: String) -> Bool {
    let paper = invoices[invoice]
    guard [paper.buyer, paper.seller].contains(by), !paper.isDisputed else { return false }
    invoices[invoice].isDisputed = true
    return true
  }

  mutating func settle(invoice: Int, _ by: String) -> Bool {
    guard by == "reg", invoices[invoice].isDisputed else { return false }
    invoices[invoice].isDisputed = false
    return true
  }

  mutating func credit(_ invoice: Int, _ amount: Int64, _ id: String, _ by: String) -> Bool {
    let paper = invoices[invoice]
    guard paper.seller == by, amount > 0, amount <= paper.payable - paper.credited - noted(invoice),
      !credits.contains(id)
    else { return false }
    credits.insert(id)
    invoices[invoice].credited += amount
    return true
  }

  mutating func dispute(_ lot: Int, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live", [notes[found.note].obligor, found.holder].contains(by), !found.isDisputed else {
      return false
    }
    lots[lot].isDisputed = true
    return true
  }

  mutating func settleDispute(_ lot: Int, _ by: String) -> Bool {
    guard lots[lot].status == "live", by == "reg", lots[lot].isDisputed else { return false }
    lots[lot].isDisputed = false
    return true
  }

  mutating func cancelTransfer(_ lot: Int, _ by: String) -> Bool {
    guard lots[lot].status == "live", lots[lot].reservation == "transfer", lots[lot].holder == by else { return false }
    lots[lot].reservation = ""
    return true
  }

  mutating func pledge(_ lot: Int, to party: String, _ by: String) -> Bool {
    guard isFree(lots[lot], by), party != by, ["bank1", "bank2"].contains(party) else { return false }
    lots[lot].pledgee = party
    return true
  }

  mutating func answerPledge(_ lot: Int, _ step: LotStep, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live", !found.pledgee.isEmpty else { return false }
    switch step {
    case .acceptPledge:
      guard by == found.pledgee, !found.isPledgeAccepted, !isFrozen(found), found.performance == "current" else {
        return false
      }
      lots[lot].isPledgeAccepted = true
      return true
    case .refusePledge:
      guard !found.isPledgeAccepted, [found.pledgee, found.holder].contains(by) else { return false }
    default:
      guard by == found.pledgee, !isFrozen(found) else { return false }
    }
    (lots[lot].pledgee, lots[lot].isPledgeAccepted) = ("", false)
    return true
  }

  mutating func enforce(_ lot: Int, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live", found.isPledgeAccepted, found.pledgee == by, found.performance == "defaulted",
      !isFrozen(found)
    else { return false }
    (lots[lot].holder, lots[lot].pledgee, lots[lot].isPledgeAccepted) = (by, "", false)
    return true
  }

  /// The operator and the authority, each for itself, in either order.
  mutating func freeze(_ lot: Int, _ isFreeze: Bool, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live", ["op", "reg"].contains(by) else { return false }
    let (rest, word) = isFreeze ? ("none", "asked:") : ("frozen", "thaw:")
    let other = word + (by == "op" ? "reg" : "op")
    switch found.freeze {
    case rest: lots[lot].freeze = word + by
    case other: lots[lot].freeze = isFreeze ? "frozen" : "none"
    default: return false
    }
    return true
  }

  mutating func writeOff(_ lot: Int, _ amount: Int64, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live", found.holder == by, found.performance == "defaulted", found.reservation.isEmpty,
      amount > 0, amount <= found.amount - found.settled - found.writtenOff
    else { return false }
    lots[lot].writtenOff += amount
    return true
  }

  mutating func recourse(_ lot: Int, _ step: LotStep, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live" else { return false }
    switch step {
    case .demandRecourse:
      guard found.holder == by, found.performance == "defaulted", !found.financier.isEmpty, found.hasRecourse,
        found.reservation.isEmpty, found.amount - found.settled - found.writtenOff > 0
      else { return false }
      (lots[lot].reservation, lots[lot].other) = ("recourse", found.seller)
    case .acceptRecourse:
      guard found.reservation == "recourse", found.other == by else { return false }
      lots[lot].reservation = "bought"
    default:
      guard found.holder == by, ["recourse", "bought"].contains(found.reservation) else { return false }
      lots[lot].reservation = ""
    }
    return true
  }

  mutating func buyBack(_ lot: Int, _ entry: BankEvidence, _ id: String, _ by: String) -> Bool {
    let found = lots[lot]
    guard found.status == "live", found.reservation == "bought", by == "bank1", !evidence.contains(id),
      entry.amount > 0, entry.amount == found.amount - found.settled - found.writtenOff, entry.payer == found.seller,
      entry.payee == found.holder
    else { return false }
    evidence.insert(id)
    (lots[lot].reservation, lots[lot].financier, lots[lot].holder) = ("", "", found.seller)
    (lots[lot].seller, lots[lot].hasRecourse) = ("", false)
    forget(notes[found.note].invoice)
    return true
  }

  func mayAccrue(_ lot: Int, _ by: String) -> Bool {
    lots[lot].status == "live" && !lots[lot].financier.isEmpty && lots[lot].financier == by
  }
}
