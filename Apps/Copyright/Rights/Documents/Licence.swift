package import CBOR
package import Primitives
package import Value

/// What a licence allows, and for what.
package struct LicenceTerms: Sendable, Hashable {
  /// The work (1).
  package var work: String
  /// Who may use it (2).
  package var licensee: String
  /// How (3).
  package var uses: Uses
  /// Where (4).
  package var territory: Territory
  /// From when, milliseconds since 1970 (5).
  package var from: UInt64
  /// Until before when (6).
  package var until: UInt64
  /// Whether nobody else may (7).
  package var isExclusive: Bool
  /// Whether the licensee may allow it to others (8).
  package var isSublicensable: Bool
  /// What the price and royalties are paid in (9).
  package var currency: Currency
  /// What is due once, in minor units (10).
  package var price: Int64
  /// What is due of the revenue, in millionths (11).
  package var royaltyPPM: UInt64
  /// The log entry of the licence that this one is granted under (12); nil where the owners grant it.
  package var parent: UInt64?

  /// Terms of these parts.
  package init(
    work: String, licensee: String, uses: Uses, territory: Territory, from: UInt64, until: UInt64,
    isExclusive: Bool = false, isSublicensable: Bool = false, currency: Currency = .cny, price: Int64 = 0,
    royaltyPPM: UInt64 = 0, parent: UInt64? = nil
  ) {
    (self.work, self.licensee, self.uses, self.territory) = (work, licensee, uses, territory)
    (self.from, self.until, self.isExclusive, self.isSublicensable) = (from, until, isExclusive, isSublicensable)
    (self.currency, self.price, self.royaltyPPM, self.parent) = (currency, price, royaltyPPM, parent)
  }

  /// Whether both allow some use at some place at some time.
  package func overlaps(_ other: LicenceTerms) -> Bool {
    !uses.isDisjoint(with: other.uses) && territory.overlaps(other.territory) && from < other.until
      && other.from < until
  }

  /// Whether all that the other allows lies within.
  package func contains(_ other: LicenceTerms) -> Bool {
    uses.isSuperset(of: other.uses) && territory.contains(other.territory) && from <= other.from
      && other.until <= until
  }

  /// The terms in deterministic CBOR.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(12)
    fields.text(work)
    fields.text(licensee)
    fields.uint(uses.rawValue)
    fields.texts(territory.countries)
    fields.uint(from)
    fields.uint(until)
    fields.bool(isExclusive)
    fields.bool(isSublicensable)
    fields.text(currency.code)
    fields.uint(UInt64(max(0, price)))
    fields.uint(royaltyPPM)
    fields.optional(parent)
    return fields.bytes
  }

  /// What the other owners agree to: SHA-256 of the terms.
  package var digest: Digest { .sha256(encoded()) }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 12)
    work = try fields.text(TextBounds.work)
    licensee = try fields.text(Party.length)
    uses = Uses(rawValue: try fields.uint(max: Uses.all.rawValue))
    let countries = try fields.texts(1...256, 1...2)
    guard let territory = Territory(countries), territory.countries == countries, !uses.isEmpty else {
      throw fields.fault
    }
    self.territory = territory
    from = try fields.uint()
    until = try fields.uint()
    isExclusive = try fields.bool()
    isSublicensable = try fields.bool()
    currency = try fields.currency()
    price = try fields.amount()
    royaltyPPM = try fields.uint(max: Shares.whole)
    parent = try fields.optionalUint()
    try fields.finish()
    guard from < until else { throw fields.fault }
  }
}

extension FieldReader {
  /// The three letters of a currency of ISO 4217.
  mutating func currency() throws(CBORError) -> Currency {
    let code = try text(3...3)
    do { return try Currency(code) } catch { throw fault }
  }

  /// Minor units from nothing to 2^53.
  mutating func amount() throws(CBORError) -> Int64 { Int64(try uint(max: 1 << 53)) }
}

/// A licence is granted: by a member whose parties hold enough, or under a licence that may be passed on.
package struct LicenceGrant: RightsDocument {
  /// The statement's kind.
  package static let kind = "licence"
  /// The terms; the payload is theirs.
  package var terms: LicenceTerms
  /// A grant of these terms.
  package init(_ terms: LicenceTerms) { self.terms = terms }
  /// The work.
  package var subject: String { terms.work }
  /// The payload.
  package func encoded() -> [UInt8] { terms.encoded() }
  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) { terms = try LicenceTerms(decoding: bytes) }
}

/// An owner agrees to the terms of a licence before it is granted.
package struct LicenceConsent: RightsDocument {
  /// The statement's kind.
  package static let kind = "licence-consent"
  /// The work (1).
  package var work: String
  /// SHA-256 of the terms (2).
  package var terms: Digest

  /// A consent to the terms with this digest; all parties of the member that signs agree.
  package init(work: String, terms: Digest) { (self.work, self.terms) = (work, terms) }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(2)
    fields.text(work)
    fields.digest(terms)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 2)
    work = try fields.text(TextBounds.work)
    terms = try fields.digest()
    try fields.finish()
  }
}

/// A licensee gives a licence up, or a regulator ends it.
package struct LicenceEnd: RightsDocument {
  /// The statement's kind.
  package static let kind = "licence-end"
  /// The work (1).
  package var work: String
  /// The log entry that granted the licence (2).
  package var licence: UInt64
  /// Why (3).
  package var reason: String

  /// The end of the licence of an entry.
  package init(work: String, licence: UInt64, reason: String) {
    (self.work, self.licence, self.reason) = (work, licence, reason)
  }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(3)
    fields.text(work)
    fields.uint(licence)
    fields.text(reason)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 3)
    work = try fields.text(TextBounds.work)
    licence = try fields.uint()
    reason = try fields.text(TextBounds.line)
    try fields.finish()
  }
}

/// A licensee reports what it earned in a period; the royalties follow from it.
package struct RoyaltyReport: RightsDocument {
  /// The statement's kind.
  package static let kind = "royalty-report"
  /// The work (1).
  package var work: String
  /// The log entry that granted the licence (2).
  package var licence: UInt64
  /// The period, for example `2026-10` (3); each is reported once.
  package var period: String
  /// What was earned, in minor units of the licence's currency (4).
  package var revenue: Int64

  /// A report of these parts.
  package init(work: String, licence: UInt64, period: String, revenue: Int64) {
    (self.work, self.licence, self.period, self.revenue) = (work, licence, period, revenue)
  }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(4)
    fields.text(work)
    fields.uint(licence)
    fields.text(period)
    fields.uint(UInt64(max(0, revenue)))
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 4)
    work = try fields.text(TextBounds.work)
    licence = try fields.uint()
    period = try fields.text(1...32)
    revenue = try fields.amount()
    try fields.finish()
  }
}
