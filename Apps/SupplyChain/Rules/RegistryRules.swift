internal import Ledger
internal import Primitives

/// The registry of financed invoices: one financier an invoice; exact matches block, similar ones need a reason.
extension SupplyChainContract {
  /// Refuses when another financier has chosen or paid for anything of the invoice.
  func expectUnfinanced(_ token: Digest, by financier: String, _ state: inout State) throws(Refusal) {
    let entry: Registration? = try state.record(Family.registry.key(token))
    try require(
      entry.map { $0.status == .cancelled || $0.financier == financier } ?? true, .doubleFinancing)
  }

  /// Refuses when a similar invoice is registered and nobody says why this is another one.
  func expectNoSimilar(
    _ token: Digest, _ similar: Digest?, _ reason: String, _ state: inout State
  ) throws(Refusal) {
    let similar = if let similar { similar } else { try invoice(token, &state).filing.similar }
    guard reason.isEmpty else { return }
    for (key, _) in state.list(Family.similar.prefix(similar)) {
      guard let other = Digest(key.bytes.suffix(Digest.byteCount)), other != token else { continue }
      let entry: Registration? = try state.record(Family.registry.key(other))
      try require(entry == nil || entry?.status == .cancelled, .similarInvoice)
    }
  }

  func put(_ entry: Registration, _ token: Digest, _ state: inout State) {
    state.put(Family.registry.key(token), entry)
    state.mark(Family.similar.key(entry.similar, token))
  }

  /// A financier finances an invoice outside of notes, and says so.
  func claim(_ claim: RegistryClaim, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(actor.has(.financier), .roleMissing)
    let known: Registration? = try state.record(Family.registry.key(claim.token))
    var entry = known ?? Registration()
    switch claim.step {
    case .register:
      try expectUnfinanced(claim.token, by: actor.party, &state)
      try require(known == nil || known?.status == .cancelled, .claimHeld)
      try expectNoSimilar(claim.token, claim.similar, claim.reason, &state)
      (entry.similar, entry.financier, entry.claim, entry.reason) = (
        claim.similar, actor.party, .registered, claim.reason
      )
    case .finance, .cancel:
      try require(known?.financier == actor.party, .claimUnknown)
      try require(entry.claim == .registered, .claimHeld)
      entry.claim = claim.step == .finance ? .financed : .none
    }
    entry.settle()
    put(entry, claim.token, &state)
  }
}
