package import CBOR
package import Primitives

/// The obligor undertakes to pay an invoice, or a part of it: transition 1.
package struct NoteProposal: Document {
  package static let kind = "note-propose"
  /// The invoice's exact token.
  package var invoice = Digest()
  /// Minor units of the invoice's currency.
  package var amount: Int64 = 0
  /// When it is to be paid.
  package var maturity: Int64 = 0
  /// Until when it can be accepted, milliseconds since 1970.
  package var expires: UInt64 = 0
  /// Why the tenor is long, if it is.
  package var reason = ""
  /// The programme whose line it takes from, or nothing.
  package var programme = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&invoice)
    try coder.amount(&amount)
    try coder.day(&maturity)
    try coder.time(&expires)
    try coder.reason(&reason)
    try coder.text(&programme, 0...64)
  }
}

/// What ends or advances a proposal.
package enum ProposalStep: String, Sendable {
  /// The obligor's second person: transition 2.
  case acceptIssue = "accept-issue"
  /// The payee: transition 3.
  case acceptPayment = "accept-payment"
  /// The payee: transition 4.
  case reject
  /// The obligor: transition 4.
  case withdraw
  /// Anyone, by the ledger's time: transition 4.
  case expire
}

/// A step of a proposal.
package struct ProposalAction: Document {
  package static let kind = "note-proposal"
  /// The note.
  package var note = Digest()
  /// What is done.
  package var step = ProposalStep.acceptIssue
  /// The payee's word that it chose this form of payment freely.
  package var isFreeChoice = false
  /// Why, for a rejection.
  package var reason = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&note)
    try coder.choice(&step)
    try coder.bool(&isFreeChoice)
    try coder.reason(&reason)
  }
}

/// One part of a split.
package struct Part: Fields {
  /// Minor units.
  package var amount: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) { try coder.amount(&amount) }
}

/// The holder splits a lot: transition 5.
package struct LotSplit: Document {
  package static let kind = "lot-split"
  /// The note.
  package var note = Digest()
  /// The lot.
  package var lot = Digest()
  /// The parts, which sum to the lot.
  package var parts: [Part] = []

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&note)
    try coder.digest(&lot)
    try coder.list(&parts, 0...256)
  }
}

/// What is done to a lot without more words than whom it goes to and until when.
package enum LotStep: String, Sendable {
  /// The holder, to another party: transition 6.
  case offerTransfer = "offer-transfer"
  /// The transferee: transition 7.
  case acceptTransfer = "accept-transfer"
  /// The transferee: transition 7.
  case refuseTransfer = "refuse-transfer"
  /// The holder.
  case cancelTransfer = "cancel-transfer"
  /// Anyone, by the ledger's time: transitions 7 and 10.
  case expire
  /// The holder, or the chosen financier before it has paid: transition 10.
  case cancelFinance = "cancel-finance"
  /// The holder, to a pledgee: transition 11.
  case pledge
  /// The pledgee: transition 11.
  case acceptPledge = "accept-pledge"
  /// The pledgee or the holder, before the pledge is accepted.
  case refusePledge = "refuse-pledge"
  /// The pledgee: transition 11.
  case release
  /// The pledgee, after a default: transition 11.
  case enforce
  /// Anyone, by the ledger's time: transition 12.
  case markDue = "mark-due"
  /// Anyone, by the ledger's time: transition 14.
  case markOverdue = "mark-overdue"
  /// The holder, by the ledger's time: transition 14.
  case markDefault = "mark-default"
  /// The holder alone: transition 15.
  case cure
  /// The financier: books what it has earned of the discount by now.
  case accrue
  /// Obligor or holder: transition 16.
  case dispute
  /// The arbiter: transition 16.
  case settleDispute = "settle-dispute"
  /// Operator and authority, one after the other: transition 17.
  case freeze
  /// Operator and authority, one after the other: transition 17.
  case unfreeze
  /// The financier: transition 18.
  case demandRecourse = "demand-recourse"
  /// The prior holder: transition 18.
  case acceptRecourse = "accept-recourse"
  /// The financier gives its demand up.
  case withdrawRecourse = "withdraw-recourse"
}

/// A step of a lot.
package struct LotAction: Document {
  package static let kind = "lot-action"
  /// The note.
  package var note = Digest()
  /// The lot.
  package var lot = Digest()
  /// What is done.
  package var step = LotStep.offerTransfer
  /// The other party, where there is one.
  package var party = ""
  /// Until when, milliseconds since 1970, where it matters.
  package var expires: UInt64 = 0
  /// Why, or the reference of the order.
  package var reason = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&note)
    try coder.digest(&lot)
    try coder.choice(&step)
    try coder.maybeName(&party)
    try coder.time(&expires)
    try coder.reason(&reason)
  }
}

/// The holder writes off what will not be paid.
package struct WriteOff: Document {
  package static let kind = "lot-write-off"
  /// The note.
  package var note = Digest()
  /// The lot.
  package var lot = Digest()
  /// Minor units.
  package var amount: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&note)
    try coder.digest(&lot)
    try coder.amount(&amount)
  }
}

/// Money has moved for a lot, as a settlement bank says.
package enum PaymentKind: String, Sendable {
  /// The financier has paid the proceeds: transition 9.
  case disburse
  /// The obligor has paid: transition 13.
  case settle
  /// The prior holder has bought the lot back: transition 18.
  case buyback
}

/// A settlement bank's word that money has moved for a lot.
package struct LotPayment: Document {
  package static let kind = "lot-payment"
  /// The note.
  package var note = Digest()
  /// The lot.
  package var lot = Digest()
  /// What for.
  package var payment = PaymentKind.settle
  /// The bank's entry.
  package var evidence = BankEvidence()

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&note)
    try coder.digest(&lot)
    try coder.choice(&payment)
    try evidence.visit(&coder)
  }
}
