package import CBOR
package import Primitives

/// An invoice as the state has it.
package struct Invoice: Fields {
  package var filing = InvoiceFiling()
  package var isApproved = false
  package var isDisputed = false
  package var disputeReason = ""
  /// Sum of credit notes.
  package var credited: Int64 = 0
  /// Sum of the notes that are proposed, live or paid.
  package var noted: Int64 = 0

  package init() {}

  /// What notes may still promise.
  package var open: Int64 { filing.payable - filing.prepaid - credited - noted }

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try filing.visit(&coder)
    try coder.bool(&isApproved)
    try coder.bool(&isDisputed)
    try coder.reason(&disputeReason)
    try coder.amount(&credited)
    try coder.amount(&noted)
  }
}

/// Where an undertaking stands.
package enum NoteStatus: String, Sendable { case proposed, issued, live, rejected, withdrawn, expired, discharged }

/// An undertaking to pay: the root of the tree of its lots.
package struct Note: Fields {
  package var proposal = NoteProposal()
  package var status = NoteStatus.proposed
  package var obligor = ""
  package var payee = ""
  package var currency = "CNY"
  /// The person who proposed it.
  package var maker = ""
  /// The policy that governs it for life.
  package var policy: UInt64 = 0
  /// When it became live, as a day.
  package var liveDay: Int64 = 0
  /// Paid so far.
  package var settled: Int64 = 0
  /// Written off so far.
  package var writtenOff: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try proposal.visit(&coder)
    try coder.choice(&status)
    try coder.name(&obligor)
    try coder.name(&payee)
    try coder.text(&currency, 3...3)
    try coder.name(&maker)
    try coder.uint(&policy)
    try coder.day(&liveDay)
    try coder.amount(&settled)
    try coder.amount(&writtenOff)
  }
}

/// Whether a lot exists.
package enum Existence: String, Sendable { case live, consumed, discharged }

/// For what a lot is set aside: at most one thing.
package enum ReservationKind: String, Sendable { case none, transfer, finance, chosen, recourse, bought }

/// How a lot has been paid.
package enum Performance: String, Sendable { case current, due, overdue, defaulted, cured }

/// Two organisations freeze a lot, or thaw it: the first has asked, the second confirms.
package enum Freeze: String, Sendable {
  case none, askedByOperator, askedByAuthority, frozen, thawByOperator, thawByAuthority
}

/// A live part of a note: orthogonal fields instead of one long state.
package struct Lot: Fields {
  package var amount: Int64 = 0
  package var existence = Existence.live
  package var parent: Digest?
  package var holder = ""
  package var depth: UInt64 = 0
  package var settled: Int64 = 0
  package var writtenOff: Int64 = 0
  // Reservation
  package var reservation = ReservationKind.none
  /// The transferee, or the chosen financier.
  package var counterparty = ""
  package var expires: UInt64 = 0
  /// What the chosen financier pays.
  package var proceeds: Int64 = 0
  package var terms = Terms()
  // Lien
  package var pledgee = ""
  package var isPledgeAccepted = false
  // Finance
  package var financier = ""
  package var priorHolder = ""
  package var hasRecourse = false
  /// The discount that the financier had not earned yet when it bought the lot.
  package var discount: Int64 = 0
  package var boughtDay: Int64 = 0
  /// What the financier paid for it.
  package var paid: Int64 = 0
  /// What of the discount is booked as earned.
  package var earned: Int64 = 0
  // Performance
  package var performance = Performance.current
  package var isDisputed = false
  package var freeze = Freeze.none
  package var order = ""
  /// Who asked for the freeze or thaw that the other has not confirmed yet.
  package var freezeBy = ""
  /// The reservation on the chosen financier's line.
  package var hold: Digest?
  /// Who may bid while it is under request; empty for every financier.
  package var invited: [Invited] = []

  package init() {}

  /// Whether a financier may bid, and so may see the lot.
  package func invites(_ party: String) -> Bool { invited.isEmpty || invited.contains { $0.name == party } }

  /// What is still to be paid.
  package var open: Int64 { amount - settled - writtenOff }
  package var isPledged: Bool { !pledgee.isEmpty }
  package var isFinanced: Bool { !financier.isEmpty }
  package var isFrozen: Bool { [.frozen, .thawByOperator, .thawByAuthority].contains(freeze) }

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.amount(&amount)
    try coder.choice(&existence)
    try coder.optional(&parent)
    try coder.name(&holder)
    try coder.uint(&depth)
    try coder.amount(&settled)
    try coder.amount(&writtenOff)
    try coder.choice(&reservation)
    try coder.maybeName(&counterparty)
    try coder.time(&expires)
    try coder.amount(&proceeds)
    try terms.visit(&coder)
    try coder.maybeName(&pledgee)
    try coder.bool(&isPledgeAccepted)
    try coder.maybeName(&financier)
    try coder.maybeName(&priorHolder)
    try coder.bool(&hasRecourse)
    try coder.amount(&discount)
    try coder.day(&boughtDay)
    try coder.amount(&paid)
    try coder.amount(&earned)
    try coder.choice(&performance)
    try coder.bool(&isDisputed)
    try coder.choice(&freeze)
    try coder.reason(&order)
    try coder.maybeName(&freezeBy)
    try coder.optional(&hold)
    try coder.list(&invited, 0...16)
  }
}

/// Where an invoice stands in the registry of financed invoices.
package enum RegistryStatus: String, Sendable { case registered, financed, cancelled }

/// What a financier has said of an invoice that it finances outside of notes.
package enum RegistryClaimStatus: String, Sendable { case none, registered, financed }

/// The registry's entry for an invoice.
package struct Registration: Fields {
  package var similar = Digest()
  package var status = RegistryStatus.registered
  package var financier = ""
  /// How many lots of the invoice await the financier's payment.
  package var chosen: UInt64 = 0
  /// How many it has paid for.
  package var financed: UInt64 = 0
  /// The financier's own claim, which neither stands for a lot nor ends with one.
  package var claim = RegistryClaimStatus.none
  /// Why it is another invoice than a similar one.
  package var reason = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&similar)
    try coder.choice(&status)
    try coder.maybeName(&financier)
    try coder.uint(&chosen)
    try coder.uint(&financed)
    try coder.choice(&claim)
    try coder.reason(&reason)
  }

  /// Puts the status right after a lot or the claim has changed: free only when nothing of either is left.
  mutating func settle() {
    if financed > 0 || claim == .financed {
      status = .financed
    } else {
      status = chosen > 0 || claim == .registered ? .registered : .cancelled
    }
  }
}

/// An obligor's record: while anything is overdue it may not issue.
package struct ObligorRecord: Fields {
  package var overdueLots: UInt64 = 0
  package var overdueEvents: UInt64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.uint(&overdueLots)
    try coder.uint(&overdueEvents)
  }
}

/// One thing that happened to a note, as its life is listed.
package struct NoteEvent: Fields {
  package var kind = ""
  package var lot = Digest()
  package var actor = ""
  package var other = ""
  package var amount: Int64 = 0
  package var time: UInt64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.text(&kind, 1...40)
    try coder.digest(&lot)
    try coder.name(&actor)
    try coder.maybeName(&other)
    try coder.int(&amount)
    try coder.time(&time)
  }
}

/// A bank entry that has been used.
package struct EvidenceUse: Fields {
  package var evidence = BankEvidence()
  package var bank = ""
  package var payment = ""
  package var entry: UInt64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try evidence.visit(&coder)
    try coder.name(&bank)
    try coder.text(&payment, 1...40)
    try coder.uint(&entry)
  }
}
