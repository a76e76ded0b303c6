package import CBOR
package import Primitives

/// The holder asks for finance: transition 8.
package struct FinanceRequest: Document {
  package static let kind = "finance-request"
  /// The note.
  package var note = Digest()
  /// The lot.
  package var lot = Digest()
  /// Until when bids and payment may come, milliseconds since 1970.
  package var expires: UInt64 = 0
  /// Why a similar invoice is another one, where the registry knows a similar one.
  package var reason = ""
  /// The financiers that may bid; every financier may where none is named.
  package var invited: [Invited] = []

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&note)
    try coder.digest(&lot)
    try coder.time(&expires)
    try coder.reason(&reason)
    try coder.list(&invited, 0...16)
  }
}

/// A financier that is asked to bid.
package struct Invited: Fields {
  /// Its name.
  package var name = ""

  package init() {}
  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) { try coder.name(&name) }
}

/// At what price a financier buys a lot.
package struct Terms: Fields {
  /// The yearly discount rate, parts per million.
  package var rate: Int64 = 0
  /// A fee in minor units.
  package var fee: Int64 = 0
  /// Whether the seller must buy back after a default.
  package var hasRecourse = false
  /// The day from which discount is reckoned.
  package var valueDay: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.int(&rate)
    try coder.check((0...1_000_000).contains(rate))
    try coder.amount(&fee)
    try coder.bool(&hasRecourse)
    try coder.day(&valueDay)
  }
}

/// A financier's bid, sealed until it is chosen: transition 8.
package struct Bid: Document {
  package static let kind = "finance-bid"
  /// The note.
  package var note = Digest()
  /// The lot.
  package var lot = Digest()
  /// The terms, encrypted to the holder.
  package var terms = Sealed()
  /// Until when it stands, milliseconds since 1970.
  package var expires: UInt64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&note)
    try coder.digest(&lot)
    try terms.visit(&coder)
    try coder.time(&expires)
  }
}

/// The holder chooses a bid and opens it: transition 8.
package struct BidChoice: Document {
  package static let kind = "finance-choice"
  /// The note.
  package var note = Digest()
  /// The lot.
  package var lot = Digest()
  /// Whose bid.
  package var financier = ""
  /// What it says.
  package var terms = Terms()
  /// What it was sealed with, 32 bytes.
  package var salt: [UInt8] = []

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&note)
    try coder.digest(&lot)
    try coder.name(&financier)
    try terms.visit(&coder)
    try coder.bytes(&salt, 32...32)
  }
}

/// What a financier tells the registry of an invoice that it finances outside of notes.
package enum ClaimStep: String, Sendable { case register, finance, cancel }

/// A financier's claim on an invoice in the registry.
package struct RegistryClaim: Document {
  package static let kind = "registry-claim"
  /// The exact token.
  package var token = Digest()
  /// The coarser token.
  package var similar = Digest()
  /// What is done.
  package var step = ClaimStep.register
  /// Why a similar invoice is another one.
  package var reason = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&token)
    try coder.digest(&similar)
    try coder.choice(&step)
    try coder.reason(&reason)
  }
}

/// Whose line it is.
package enum LineKind: String, Sendable {
  /// What an obligor may owe in all; granted by the operator.
  case obligor
  /// What a financier may have on an obligor; granted by the financier.
  case pair
  /// What a programme may come to; granted by the operator.
  case programme
}

/// Sets the limit of a credit line.
package struct LineGrant: Document {
  package static let kind = "line"
  /// Whose line.
  package var line = LineKind.obligor
  /// The obligor or the programme.
  package var name = ""
  /// ISO 4217.
  package var currency = "CNY"
  /// The new limit, minor units.
  package var limit: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.choice(&line)
    try coder.name(&name)
    try coder.text(&currency, 3...3)
    try coder.amount(&limit)
  }
}

/// A regulator reads what it may: each read is on record, and the member learns of it after a delay.
package struct RegulatorRead: Document {
  package static let kind = "regulator-read"
  /// Whose data.
  package var member = ""
  /// What, and on what ground.
  package var purpose = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.name(&member)
    try coder.text(&purpose, 1...256)
  }
}
