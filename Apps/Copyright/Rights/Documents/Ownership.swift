package import CBOR
package import Primitives
package import Value

/// Shares of a work go from one party to another.
package struct ShareTransfer: RightsDocument {
  /// The statement's kind.
  package static let kind = "share-transfer"

  /// Why shares change hands.
  package enum Reason: UInt64, Sendable, CaseIterable {
    /// For money.
    case sale
    /// For nothing.
    case gift
    /// Work for hire, or a contract of another kind.
    case contract
    /// By a court; a regulator signs.
    case judgment

    /// The reason's name on command lines and in JSON.
    package var name: String { String(describing: self) }
  }

  /// The work (1).
  package var work: String
  /// Who gives (2).
  package var giver: String
  /// Who takes (3).
  package var taker: String
  /// How many millionths (4).
  package var ppm: UInt64
  /// Why (5).
  package var reason: Reason
  /// What is paid, in minor units of the currency (6), which is (7).
  package var price: Int64
  /// The currency.
  package var currency: Currency
  /// SHA-256 of the contract or judgment beside the log (8).
  package var document: Digest?

  /// A transfer of these parts.
  package init(
    work: String, from giver: String, to taker: String, ppm: UInt64, reason: Reason, price: Int64 = 0,
    currency: Currency = .cny, document: Digest? = nil
  ) {
    (self.work, self.giver, self.taker, self.ppm) = (work, giver, taker, ppm)
    (self.reason, self.price, self.currency, self.document) = (reason, price, currency, document)
  }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(8)
    fields.text(work)
    fields.text(giver)
    fields.text(taker)
    fields.uint(ppm)
    fields.uint(reason.rawValue)
    fields.uint(UInt64(max(0, price)))
    fields.text(currency.code)
    fields.optional(document)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 8)
    work = try fields.text(TextBounds.work)
    giver = try fields.text(Party.length)
    taker = try fields.text(Party.length)
    ppm = try fields.uint(max: Shares.whole)
    reason = try fields.word()
    price = try fields.amount()
    currency = try fields.currency()
    document = try fields.optionalDigest()
    try fields.finish()
    guard ppm > 0, giver != taker else { throw fields.fault }
  }
}

/// All that a party held of a work goes to its heirs, by weights.
package struct Inheritance: RightsDocument {
  /// The statement's kind.
  package static let kind = "inheritance"
  /// The work (1).
  package var work: String
  /// Who has died, or ceased to be (2).
  package var deceased: String
  /// The heirs with their weights (3), by name: 1, 1 and 2 give two quarters and a half.
  package var heirs: [(party: String, weight: Int64)]
  /// SHA-256 of the certificate of inheritance (4).
  package var document: Digest

  /// An inheritance of these parts.
  package init(work: String, deceased: String, heirs: [(party: String, weight: Int64)], document: Digest) {
    (self.work, self.deceased, self.document) = (work, deceased, document)
    self.heirs = heirs.sorted { $0.party.utf8.lexicographicallyPrecedes($1.party.utf8) }
  }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(4)
    fields.text(work)
    fields.text(deceased)
    fields.list(heirs) { cbor, heir in
      cbor.array(2)
      cbor.text(heir.party)
      cbor.int(heir.weight)
    }
    fields.digest(document)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 4)
    work = try fields.text(TextBounds.work)
    deceased = try fields.text(Party.length)
    heirs = try fields.list(1...64) { cbor throws(CBORError) in
      try cbor.tuple(2)
      return (party: try cbor.shortText(Party.length), weight: Int64(try cbor.number(max: 1 << 30)))
    }
    document = try fields.digest()
    try fields.finish()
    let isSorted = zip(heirs, heirs.dropFirst()).allSatisfy { first, second in
      first.party.utf8.lexicographicallyPrecedes(second.party.utf8)
    }
    guard isSorted, heirs.allSatisfy({ $0.weight > 0 && $0.party != deceased }) else { throw fields.fault }
  }

  /// Whether the payloads are the same.
  package static func == (a: Inheritance, b: Inheritance) -> Bool { a.encoded() == b.encoded() }
}

/// A party offers shares of a work before it is finished: if enough is bought in time they are sold, else all is void.
package struct Presale: RightsDocument {
  /// The statement's kind.
  package static let kind = "presale"
  /// The work (1).
  package var work: String
  /// Who sells (2).
  package var seller: String
  /// How many lots (3).
  package var lots: UInt64
  /// Millionths in each (4).
  package var ppmPerLot: UInt64
  /// What each costs, minor units (5).
  package var price: Int64
  /// In which currency (6).
  package var currency: Currency
  /// How many must be bought (7).
  package var goal: UInt64
  /// Until before when, milliseconds since 1970 (8).
  package var deadline: UInt64

  /// A pre-sale of these parts.
  package init(
    work: String, seller: String, lots: UInt64, ppmPerLot: UInt64, price: Int64, currency: Currency = .cny,
    goal: UInt64, deadline: UInt64
  ) {
    (self.work, self.seller, self.lots, self.ppmPerLot) = (work, seller, lots, ppmPerLot)
    (self.price, self.currency, self.goal, self.deadline) = (price, currency, goal, deadline)
  }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(8)
    fields.text(work)
    fields.text(seller)
    fields.uint(lots)
    fields.uint(ppmPerLot)
    fields.uint(UInt64(max(0, price)))
    fields.text(currency.code)
    fields.uint(goal)
    fields.uint(deadline)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 8)
    work = try fields.text(TextBounds.work)
    seller = try fields.text(Party.length)
    lots = try fields.uint(max: Shares.whole)
    ppmPerLot = try fields.uint(max: Shares.whole)
    price = Int64(try fields.uint(max: 1 << 40))
    currency = try fields.currency()
    goal = try fields.uint(max: Shares.whole)
    deadline = try fields.uint()
    try fields.finish()
    guard lots > 0, ppmPerLot > 0, lots * ppmPerLot <= Shares.whole, price > 0, goal > 0, goal <= lots else {
      throw fields.fault
    }
  }
}

/// Someone buys lots of a pre-sale.
package struct Pledge: RightsDocument {
  /// The statement's kind.
  package static let kind = "pledge"
  /// The work (1).
  package var work: String
  /// The log entry of the pre-sale (2).
  package var presale: UInt64
  /// Who buys (3).
  package var buyer: String
  /// How many lots (4).
  package var lots: UInt64

  /// A pledge of these parts.
  package init(work: String, presale: UInt64, buyer: String, lots: UInt64) {
    (self.work, self.presale, self.buyer, self.lots) = (work, presale, buyer, lots)
  }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(4)
    fields.text(work)
    fields.uint(presale)
    fields.text(buyer)
    fields.uint(lots)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 4)
    work = try fields.text(TextBounds.work)
    presale = try fields.uint()
    buyer = try fields.text(Party.length)
    lots = try fields.uint(max: Shares.whole)
    try fields.finish()
    guard lots > 0 else { throw fields.fault }
  }
}

/// A pre-sale is over: any member says so once its date has come or all is sold, and the ledger settles it.
package struct PresaleClose: RightsDocument {
  /// The statement's kind.
  package static let kind = "presale-close"
  /// The work (1).
  package var work: String
  /// The log entry of the pre-sale (2).
  package var presale: UInt64

  /// The close of the pre-sale of an entry.
  package init(work: String, presale: UInt64) { (self.work, self.presale) = (work, presale) }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(2)
    fields.text(work)
    fields.uint(presale)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 2)
    work = try fields.text(TextBounds.work)
    presale = try fields.uint()
    try fields.finish()
  }
}
