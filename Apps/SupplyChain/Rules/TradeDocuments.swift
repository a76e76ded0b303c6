package import CBOR
package import Primitives

/// A paper of the trade behind a note.
package enum TradeKind: String, Sendable { case order, despatch, receipt }

/// An order, a despatch advice or a receipt advice: its hash in clear, its content for its readers.
package struct TradeFiling: Document {
  package static let kind = "trade"
  /// Which paper.
  package var paper = TradeKind.order
  /// Its id on the ledger: a salted hash, used once.
  package var id = Digest()
  /// The paper it answers: the order of a despatch, the despatch of a receipt.
  package var answers: Digest?
  /// Who buys.
  package var buyer = ""
  /// Who sells.
  package var seller = ""
  /// Its day.
  package var day: Int64 = 0
  /// Its content.
  package var content = Sealed()

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.choice(&paper)
    try coder.digest(&id)
    try coder.optional(&answers)
    try coder.name(&buyer)
    try coder.name(&seller)
    try coder.day(&day)
    try content.visit(&coder)
  }
}

/// An invoice, filed by its seller: what the rules need in clear, the rest for its readers.
package struct InvoiceFiling: Document {
  package static let kind = "invoice"
  /// The exact registry token: keyed over seller, buyer, number, day, currency and payable.
  package var token = Digest()
  /// The coarser registry token: keyed over seller and number.
  package var similar = Digest()
  /// Names the key of the tokens, so that it can be changed.
  package var tokenKey = ""
  /// Who sells.
  package var seller = ""
  /// Who is to pay.
  package var buyer = ""
  /// ISO 4217.
  package var currency = "CNY"
  /// The payable amount, minor units.
  package var payable: Int64 = 0
  /// What has been paid before.
  package var prepaid: Int64 = 0
  /// When it was issued.
  package var issueDay: Int64 = 0
  /// When the goods were delivered.
  package var deliveryDay: Int64 = 0
  /// The receipt advice that it stands on, if there is one.
  package var receipt: Digest?
  /// Its content.
  package var content = Sealed()

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&token)
    try coder.digest(&similar)
    try coder.text(&tokenKey, 0...32)
    try coder.name(&seller)
    try coder.name(&buyer)
    try coder.text(&currency, 3...3)
    try coder.amount(&payable)
    try coder.amount(&prepaid)
    try coder.day(&issueDay)
    try coder.day(&deliveryDay)
    try coder.optional(&receipt)
    try content.visit(&coder)
  }
}

/// What the buyer says of an invoice.
package enum InvoiceStep: String, Sendable { case approve, dispute, settleDispute = "settle-dispute" }

/// A step of an invoice: approval by the buyer, a dispute by either side, its settlement by the arbiter.
package struct InvoiceAction: Document {
  package static let kind = "invoice-action"
  /// The invoice's exact token.
  package var token = Digest()
  /// What is done.
  package var step = InvoiceStep.approve
  /// Why, for disputes.
  package var reason = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&token)
    try coder.choice(&step)
    try coder.reason(&reason)
  }
}

/// The seller takes part of an invoice back.
package struct CreditNoteFiling: Document {
  package static let kind = "credit-note"
  /// The invoice's exact token.
  package var token = Digest()
  /// The credit note's own id, used once.
  package var id = Digest()
  /// How much, minor units.
  package var amount: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&token)
    try coder.digest(&id)
    try coder.amount(&amount)
  }
}

/// What a settlement bank says it has booked: the id of its entry counts once on the whole ledger.
package struct BankEvidence: Fields {
  /// A keyed hash of the bank's entry reference.
  package var id = Digest()
  /// Who paid.
  package var payer = ""
  /// Who was paid.
  package var payee = ""
  /// ISO 4217.
  package var currency = "CNY"
  /// Minor units.
  package var amount: Int64 = 0
  /// The value date.
  package var day: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&id)
    try coder.name(&payer)
    try coder.name(&payee)
    try coder.text(&currency, 3...3)
    try coder.amount(&amount)
    try coder.day(&day)
  }
}
