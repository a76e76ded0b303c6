package import CBOR
internal import Primitives
package import Value

/// A value under `licences`.
package struct LicenceRecord: RightsRecord, Equatable {
  /// The terms (1).
  package let terms: LicenceTerms
  /// The member that granted it (2).
  package let grantor: String
  /// When, milliseconds since 1970 (3).
  package let time: UInt64
  /// When it was ended before its time (4).
  package var endedAt: UInt64?

  init(_ terms: LicenceTerms, grantor: String, time: UInt64) {
    (self.terms, self.grantor, self.time) = (terms, grantor, time)
  }

  /// Whether it was in force: granted, begun, not over, not ended.
  package func isInForce(at time: UInt64) -> Bool {
    self.time <= time && terms.from <= time && time < terms.until && endedAt.map { time <= $0 } ?? true
  }

  /// Whether it is in force at some time of the other's from now on.
  func isOpen(at now: UInt64) -> Bool { endedAt == nil && now < terms.until }

  /// The value.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(4)
    fields.bytes(terms.encoded())
    fields.text(grantor)
    fields.uint(time)
    fields.optional(endedAt)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 4)
    try fields.step()
    terms = try LicenceTerms(decoding: try fields.cbor.bytes())
    grantor = try fields.text(Party.length)
    time = try fields.uint()
    endedAt = try fields.optionalUint()
    try fields.finish()
  }
}

/// A value under `royalties`: what a report or a grant made due, and to whom.
package struct RoyaltyRecord: RightsRecord, Equatable {
  /// What one party owes another.
  package struct Due: Sendable, Hashable {
    /// Who owes.
    package let debtor: String
    /// To whom.
    package let creditor: String
    /// How much, minor units.
    package let amount: Int64

    /// A due.
    package init(debtor: String, creditor: String, amount: Int64) {
      (self.debtor, self.creditor, self.amount) = (debtor, creditor, amount)
    }
  }

  /// The log entry that granted the licence (1).
  package let licence: UInt64
  /// The period, or `price` for what was due at the grant (2).
  package let period: String
  /// What was earned (3).
  package let revenue: Int64
  /// The currency (4).
  package let currency: Currency
  /// What is due (5): a licensee's sum split over the owners, and what goes up from licence to licence.
  package let dues: [Due]

  /// The value.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(5)
    fields.uint(licence)
    fields.text(period)
    fields.uint(UInt64(max(0, revenue)))
    fields.text(currency.code)
    fields.list(dues) { cbor, due in
      cbor.array(3)
      cbor.text(due.debtor)
      cbor.text(due.creditor)
      cbor.int(due.amount)
    }
    return fields.bytes
  }

  init(licence: UInt64, period: String, revenue: Int64, currency: Currency, dues: [Due]) {
    (self.licence, self.period, self.revenue) = (licence, period, revenue)
    (self.currency, self.dues) = (currency, dues)
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 5)
    licence = try fields.uint()
    period = try fields.text(1...32)
    revenue = try fields.amount()
    currency = try fields.currency()
    dues = try fields.list(0...4096) { cbor throws(CBORError) in
      try cbor.tuple(3)
      let (debtor, creditor) = (try cbor.shortText(Party.length), try cbor.shortText(Party.length))
      return Due(debtor: debtor, creditor: creditor, amount: Int64(try cbor.number(max: 1 << 62)))
    }
    try fields.finish()
  }
}

/// A value under `presales`.
package struct PresaleRecord: RightsRecord, Equatable {
  /// How far it is.
  package enum Status: UInt64, Sendable {
    /// Lots can be bought.
    case open
    /// The goal was reached: shares and money changed hands.
    case sold
    /// The goal was missed: nothing changed hands, every pledge is void.
    case refunded

    /// The status's name in answers.
    package var name: String { String(describing: self) }
  }

  /// What is offered (1).
  package let offer: Presale
  /// Lots that are pledged (2).
  package var pledged: UInt64
  /// How far it is (3).
  package var status: Status

  /// The value.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(3)
    fields.bytes(offer.encoded())
    fields.uint(pledged)
    fields.uint(status.rawValue)
    return fields.bytes
  }

  init(_ offer: Presale) { (self.offer, pledged, status) = (offer, 0, .open) }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 3)
    try fields.step()
    offer = try Presale(decoding: try fields.cbor.bytes())
    pledged = try fields.uint(max: Shares.whole)
    status = try fields.word()
    try fields.finish()
  }
}

/// A value under `disputes`.
package struct DisputeRecord: RightsRecord, Equatable {
  /// Who claims the work (1).
  package let claimant: String
  /// On what ground (2).
  package let reason: String
  /// Since when, milliseconds since 1970 (3).
  package let time: UInt64
  /// When it ended (4).
  package var endedAt: UInt64?
  /// How it ended (5).
  package var outcome: UInt64?

  init(_ document: Dispute, time: UInt64) {
    (claimant, reason, self.time) = (document.claimant, document.reason, time)
  }

  /// Whether the work was in dispute.
  package func isOpen(at time: UInt64) -> Bool { self.time <= time && endedAt.map { time <= $0 } ?? true }

  /// The value.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(5)
    fields.text(claimant)
    fields.text(reason)
    fields.uint(time)
    fields.optional(endedAt)
    fields.optional(outcome)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 5)
    claimant = try fields.text(Party.length)
    reason = try fields.text(TextBounds.line)
    time = try fields.uint()
    endedAt = try fields.optionalUint()
    outcome = try fields.optionalUint()
    try fields.finish()
  }
}
