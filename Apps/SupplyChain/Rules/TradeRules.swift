internal import Ledger
internal import Primitives
internal import Value

/// Orders, despatch and receipt advices, invoices and credit notes: what a note rests on.
extension SupplyChainContract {
  func file(_ paper: TradeFiling, _ actor: Actor, _ state: inout State) throws(Refusal) {
    let issuer = paper.paper == .despatch ? paper.seller : paper.buyer
    try require(actor.party == issuer && paper.buyer != paper.seller, .notAParty)
    try require(state[Family.papers.key(paper.id)] == nil, .paperKnown)
    if paper.paper == .order {
      try require(paper.answers == nil, .paperMismatch)
    } else {
      let wanted: TradeKind = paper.paper == .despatch ? .order : .despatch
      try expect(wanted, paper.answers, buyer: paper.buyer, seller: paper.seller, by: paper.day, &state)
    }
    state.put(Family.papers.key(paper.id), paper)
  }

  /// Refuses unless a paper of a kind is there, between the same parties and not later than a day.
  private func expect(
    _ kind: TradeKind, _ id: Digest?, buyer: String, seller: String, by day: Int64, _ state: inout State
  ) throws(Refusal) {
    guard let id, let earlier: TradeFiling = try state.record(Family.papers.key(id)) else {
      throw Guard.paperUnknown.refusal
    }
    try require(
      earlier.paper == kind && earlier.buyer == buyer && earlier.seller == seller && earlier.day <= day,
      .paperMismatch)
  }

  func file(_ filing: InvoiceFiling, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(actor.party == filing.seller && filing.seller != filing.buyer, .notAParty)
    try require(try member(filing.buyer, &state)?.status == .admitted, .notAdmitted)
    try require(state[Family.invoices.key(filing.token)] == nil, .invoiceKnown)
    try require((try? Currency(filing.currency)) != nil, .currencyUnknown)
    try require(filing.payable > filing.prepaid, .invoiceAmounts)
    if let receipt = filing.receipt {
      try expect(.receipt, receipt, buyer: filing.buyer, seller: filing.seller, by: filing.issueDay, &state)
    }
    state.put(Family.invoices.key(filing.token), Invoice { $0.filing = filing })
  }

  func act(_ action: InvoiceAction, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var invoice = try invoice(action.token, &state)
    switch action.step {
    case .approve:
      try require(actor.party == invoice.filing.buyer, .notAParty)
      try require(!invoice.isApproved, .invoiceApproved)
      try require(!invoice.isDisputed, .invoiceDisputed)
      invoice.isApproved = true
    case .dispute:
      try require(actor.party == invoice.filing.buyer || actor.party == invoice.filing.seller, .notAParty)
      try require(!invoice.isDisputed, .invoiceDisputed)
      (invoice.isDisputed, invoice.disputeReason) = (true, action.reason)
    case .settleDispute:
      try require(actor.has(.arbiter), .roleMissing)
      try require(invoice.isDisputed, .disputeMissing)
      invoice.isDisputed = false
    }
    state.put(Family.invoices.key(action.token), invoice)
  }

  func file(_ credit: CreditNoteFiling, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var invoice = try invoice(credit.token, &state)
    try require(actor.party == invoice.filing.seller, .notAParty)
    try require(state[Family.papers.key(credit.id)] == nil, .paperKnown)
    try require(credit.amount > 0, .amountZero)
    try require(credit.amount <= invoice.open, .creditTooLarge)
    invoice.credited += credit.amount
    state.put(Family.invoices.key(credit.token), invoice)
    state.mark(Family.papers.key(credit.id))
  }

  func invoice(_ token: Digest, _ state: inout State) throws(Refusal) -> Invoice {
    guard let invoice: Invoice = try state.record(Family.invoices.key(token)) else {
      throw Guard.invoiceUnknown.refusal
    }
    return invoice
  }
}
