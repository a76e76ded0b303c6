internal import Ledger
internal import Primitives
internal import Value

/// From the proposal of a note to its life: transitions 1 to 4.
extension SupplyChainContract {
  /// 1. The obligor's maker proposes; the amount is reserved on the lines.
  func propose(_ proposal: NoteProposal, _ actor: Actor, _ state: inout State) throws(Refusal) {
    let policy = try policy(&state)
    var invoice = try invoice(proposal.invoice, &state)
    let filing = invoice.filing
    try require(actor.party == filing.buyer, .notTheObligor)
    try require(actor.has(.coreEnterprise), .roleMissing)
    try require(actor.canMake, .makerOnly)
    try require(invoice.isApproved, .invoiceNotApproved)
    try require(!invoice.isDisputed, .invoiceDisputed)
    try require(
      policy.currencies.isEmpty || policy.currencies.contains { $0.name == filing.currency }, .currencyIneligible)
    try require(proposal.amount > 0, .amountZero)
    try require(proposal.amount <= invoice.open, .overIssue)
    try expectTenor(proposal, filing, policy, actor, &state)
    let record: ObligorRecord? = try state.record(Family.obligors.key(.sha256(actor.party)))
    try require((record?.overdueLots ?? 0) == 0, .obligorOverdue)
    try expectOffer(proposal.expires, policy, actor)

    let note = Note {
      $0.proposal = proposal
      ($0.obligor, $0.payee, $0.currency) = (actor.party, filing.seller, filing.currency)
      ($0.maker, $0.policy) = (actor.person, policy.version)
    }
    for line in try lines(of: note) {
      try require(try line.headroom(&state) >= proposal.amount, .lineExceeded)
      try line.reserve(reservation(actor.id, line), proposal.amount, &state)
    }
    invoice.noted += proposal.amount
    state.put(Family.invoices.key(proposal.invoice), invoice)
    state.put(Family.notes.key(actor.id), note)
    state.mark(Family.undertakings.key(.sha256(actor.party), actor.id))
    tell("proposed", of: actor.id, actor, other: note.payee, amount: proposal.amount, &state)
  }

  private func expectTenor(
    _ proposal: NoteProposal, _ filing: InvoiceFiling, _ policy: Policy, _ actor: Actor, _ state: inout State
  ) throws(Refusal) {
    let tenor = proposal.maturity - actor.day.number
    try require(tenor > 0, .maturityPassed)
    try require(tenor <= policy.maxTenorDays, .tenorTooLong)
    try require(tenor <= policy.plainTenorDays || !proposal.reason.isEmpty, .tenorReason)
    let isLarge = try member(filing.buyer, &state)?.isSmall != true
    if isLarge, try member(filing.seller, &state)?.isSmall == true {
      try require(proposal.maturity <= filing.deliveryDay + policy.smallPaymentDays, .smallPaidLate)
    }
  }

  /// An offer stands for some time, but not for ever.
  func expectOffer(_ expires: UInt64, _ policy: Policy, _ actor: Actor) throws(Refusal) {
    let longest = UInt64(policy.maxOfferDays) * 86_400_000
    try require(expires > actor.time && expires - min(expires, actor.time) <= longest, .offerTime)
  }

  /// 2 to 4. The checker confirms, the payee accepts or rejects, the obligor withdraws, or the time passes.
  func act(_ action: ProposalAction, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var note = try note(action.note, &state)
    switch action.step {
    case .acceptIssue:
      try require(actor.party == note.obligor, .notTheObligor)
      try require(note.status != .issued, .issueAccepted)
      try require([.proposed, .issued].contains(note.status), .notProposed)
      try require(actor.canCheck, .checkerOnly)
      try require(actor.person != note.maker, .checkerIsMaker)
      try require(actor.time < note.proposal.expires, .proposalExpired)
      note.status = .issued
    case .acceptPayment:
      try require(actor.party == note.payee, .notThePayee)
      try require([.proposed, .issued].contains(note.status), .notProposed)
      try require(note.status != .proposed, .issueNotAccepted)
      try require(action.isFreeChoice, .choiceNotFree)
      try require(actor.time < note.proposal.expires, .proposalExpired)
      try goLive(action.note, &note, actor, &state)
    case .reject, .withdraw, .expire:
      try require([.proposed, .issued].contains(note.status), .notProposed)
      switch action.step {
      case .reject: try require(actor.party == note.payee, .notThePayee)
      case .withdraw: try require(actor.party == note.obligor, .notTheObligor)
      default: try require(actor.time >= note.proposal.expires, .notExpired)
      }
      note.status = action.step == .reject ? .rejected : action.step == .withdraw ? .withdrawn : .expired
      for line in try lines(of: note) {
        try refusing { () throws(ValueError) in try Family.postings.void(reservation(action.note, line), &state) }
      }
      var invoice = try invoice(note.proposal.invoice, &state)
      invoice.noted -= note.proposal.amount
      state.put(Family.invoices.key(note.proposal.invoice), invoice)
    }
    state.put(Family.notes.key(action.note), note)
    tell(action.step.rawValue, of: action.note, actor, amount: note.proposal.amount, &state)
  }

  private func goLive(_ id: Digest, _ note: inout Note, _ actor: Actor, _ state: inout State) throws(Refusal) {
    note.status = .live
    note.liveDay = actor.day.number
    for line in try lines(of: note) {
      try refusing { () throws(ValueError) in
        try Family.postings.commit(reservation(id, line), now: actor.time, &state)
      }
    }
    try Books(try currency(note.currency)).issue(
      note.proposal.amount, to: note.payee, by: note.obligor, &state)
    state.put(
      Family.lots.key(id, id),
      Lot {
        $0.amount = note.proposal.amount
        $0.holder = note.payee
      })
    state.mark(Family.holdings.key(.sha256(note.payee), id, id))
  }

  /// The lines that a note takes from.
  func lines(of note: Note) throws(Refusal) -> [CreditLine] {
    let currency = try currency(note.currency)
    let obligor = CreditLine.obligor(note.obligor, currency)
    return note.proposal.programme.isEmpty ? [obligor] : [obligor, .programme(note.proposal.programme, currency)]
  }

  private func reservation(_ note: Digest, _ line: CreditLine) -> Digest { .sha256(note.bytes + line.owner.utf8) }

  func note(_ id: Digest, _ state: inout State) throws(Refusal) -> Note {
    guard let note: Note = try state.record(Family.notes.key(id)) else { throw Guard.noteUnknown.refusal }
    return note
  }

  /// Adds to the life of a note.
  func tell(
    _ kind: String, of note: Digest, lot: Digest? = nil, _ actor: Actor, other: String = "", amount: Int64 = 0,
    _ state: inout State
  ) {
    state.put(
      Family.lives.key(note, order: actor.index),
      NoteEvent {
        ($0.kind, $0.lot, $0.actor) = (kind, lot ?? note, actor.party)
        ($0.other, $0.amount, $0.time) = (other, amount, actor.time)
      })
  }
}
