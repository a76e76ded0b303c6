internal import CBOR
internal import COSE
internal import Ledger
internal import Primitives
internal import Value

/// Shares change hands.
extension CopyrightContract {
  func transfer(
    _ transfer: ShareTransfer, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let held = try shares(transfer.work, &state)
    try expectParty(transfer.taker, context)
    if transfer.reason == .judgment {
      try expectRegulator(statement, transfer.document, context)
    } else {
      guard Party.isRepresented(transfer.giver, by: statement.issuer) else {
        throw Refusal("not-the-holder", "Only its holder, or the member that speaks for it, gives a share away.")
      }
      try expectFree(transfer.ppm, of: transfer.giver, transfer.work, held, &state)
    }
    guard held[transfer.giver] >= transfer.ppm else { throw shortage(transfer.giver, held) }
    guard let after = held.moving(transfer.ppm, from: transfer.giver, to: transfer.taker) else {
      throw Refusal("too-many-holders", "At most \(Shares.limit) parties hold shares of one work.")
    }
    try owe(transfer.taker, transfer.giver, transfer.price, transfer.currency, &state)
    set(after, of: transfer.work, transfer.reason == .judgment ? .judgment : .transfer, context, &state)
  }

  func inherit(
    _ inheritance: Inheritance, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    var held = try shares(inheritance.work, &state)
    guard
      Party.isRepresented(inheritance.deceased, by: statement.issuer) || isRegulator(statement.issuer, context)
    else {
      throw Refusal("not-the-holder", "An inheritance is stated by who spoke for the deceased, or by a regulator.")
    }
    let whole = held[inheritance.deceased]
    guard whole > 0 else { throw shortage(inheritance.deceased, held) }
    try expectFree(whole, of: inheritance.deceased, inheritance.work, held, &state)
    let parts = try refusing { () throws(ValueError) in
      try Int64(whole).split(by: inheritance.heirs.map(\.weight))
    }
    for (heir, part) in zip(inheritance.heirs, parts) where part > 0 {
      try expectParty(heir.party, context)
      guard let after = held.moving(UInt64(part), from: inheritance.deceased, to: heir.party) else {
        throw Refusal("too-many-holders", "At most \(Shares.limit) parties hold shares of one work.")
      }
      held = after
    }
    set(held, of: inheritance.work, .inheritance, context, &state)
  }

  private func shortage(_ party: String, _ held: Shares) -> Refusal {
    Refusal("share-insufficient", "\(party) holds \(held[party]) millionths of the work, no more.")
  }

  /// Refuses what a party does not hold, or has offered in a pre-sale that is running.
  private func expectFree(
    _ ppm: UInt64, of party: String, _ work: String, _ held: Shares, _ state: inout State
  ) throws(Refusal) {
    guard held[party] >= ppm else { throw shortage(party, held) }
    var offered: UInt64 = 0
    for (_, value) in state.list(Self.presales.prefix(.sha256(work))) {
      guard let sale = PresaleRecord(reading: value), sale.status == .open, sale.offer.seller == party else { continue }
      offered += sale.offer.lots * sale.offer.ppmPerLot
    }
    guard held[party] >= ppm + offered else {
      throw Refusal("share-locked", "\(offered) millionths of \(party) are offered in a pre-sale.")
    }
  }

  // MARK: Pre-sales

  func offer(_ sale: Presale, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let held = try shares(sale.work, &state)
    guard Party.isRepresented(sale.seller, by: statement.issuer) else {
      throw Refusal("not-the-holder", "Only its holder, or the member that speaks for it, offers a share.")
    }
    guard sale.deadline > context.time else {
      throw Refusal("presale-deadline", "The pre-sale would be over before it began.")
    }
    try expectFree(sale.lots * sale.ppmPerLot, of: sale.seller, sale.work, held, &state)
    state.set(Self.presales.key(.sha256(sale.work), order: context.index), PresaleRecord(sale).encoded())
  }

  func pledge(_ pledge: Pledge, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    var sale = try presale(pledge.work, pledge.presale, &state)
    guard Party.isRepresented(pledge.buyer, by: statement.issuer) else {
      throw Refusal("not-the-buyer", "A pledge is made by its buyer, or the member that speaks for it.")
    }
    guard pledge.buyer != sale.offer.seller else {
      throw Refusal("not-the-buyer", "Nobody buys what they sell.")
    }
    guard context.time < sale.offer.deadline else {
      throw Refusal("presale-over", "The pre-sale's date has come.")
    }
    guard sale.pledged + pledge.lots <= sale.offer.lots else {
      throw Refusal("presale-sold-out", "\(sale.offer.lots - sale.pledged) lots are left, no more.")
    }
    sale.pledged += pledge.lots
    state.set(Self.presales.key(.sha256(pledge.work), order: pledge.presale), sale.encoded())
    var writer = CBORWriter()
    writer.array(2)
    writer.text(pledge.buyer)
    writer.uint(pledge.lots)
    state.set(Self.pledges.key(Self.account(pledge.work, pledge.presale), order: context.index), writer.bytes)
    // The money is set aside until the pre-sale is over, and is the buyer's own again if its goal is missed.
    let amount = Int64(pledge.lots) * sale.offer.price
    try refusing { () throws(ValueError) in
      try Self.postings.reserve(
        Self.reservation(pledge.work, context.index),
        debit: Self.receivable(sale.offer.seller, sale.offer.currency),
        credit: Self.payable(pledge.buyer, sale.offer.currency), amount, expires: 0, &state)
    }
  }

  func close(_ close: PresaleClose, _ context: Context, _ state: inout State) throws(Refusal) {
    var sale = try presale(close.work, close.presale, &state)
    guard context.time >= sale.offer.deadline || sale.pledged == sale.offer.lots else {
      throw Refusal("presale-running", "The pre-sale's date has not come, and lots are left.")
    }
    var held = try shares(close.work, &state)
    // A court may have taken the shares meanwhile: then nothing is sold, whatever was pledged.
    let isSold = sale.pledged >= sale.offer.goal && held[sale.offer.seller] >= sale.pledged * sale.offer.ppmPerLot
    for (key, value) in state.list(Self.pledges.prefix(Self.account(close.work, close.presale))) {
      var reader = CBORReader(value)
      guard (try? reader.array()) == 2, let buyer = try? reader.text(), let lots = try? reader.uint() else { continue }
      let reservation = Self.reservation(close.work, key.order)
      try refusing { () throws(ValueError) in
        if isSold {
          try Self.postings.commit(reservation, now: context.time, &state)
        } else {
          try Self.postings.void(reservation, &state)
        }
      }
      guard isSold else { continue }
      guard let after = held.moving(lots * sale.offer.ppmPerLot, from: sale.offer.seller, to: buyer) else {
        throw Refusal("too-many-holders", "At most \(Shares.limit) parties hold shares of one work.")
      }
      held = after
    }
    sale.status = isSold ? .sold : .refunded
    state.set(Self.presales.key(.sha256(close.work), order: close.presale), sale.encoded())
    if isSold { set(held, of: close.work, .presale, context, &state) }
  }

  private func presale(_ work: String, _ entry: UInt64, _ state: inout State) throws(Refusal) -> PresaleRecord {
    guard let sale = PresaleRecord(reading: state[Self.presales.key(.sha256(work), order: entry)]) else {
      throw Refusal("presale-unknown", "The work has no pre-sale of this number.")
    }
    guard sale.status == .open else { throw Refusal("presale-over", "The pre-sale is \(sale.status.name) already.") }
    return sale
  }

  /// What the keys of a pre-sale's pledges begin with.
  static func account(_ work: String, _ presale: UInt64) -> Digest { .sha256("\(work)/\(presale)") }

  /// The reservation of the money of a pledge.
  static func reservation(_ work: String, _ pledge: UInt64) -> Digest { .sha256("pledge/\(work)/\(pledge)") }
}
