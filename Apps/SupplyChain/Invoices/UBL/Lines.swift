/// A quantity of goods with its unit.
public struct Quantity: Sendable, Hashable {
  /// The number.
  public var value: ExactDecimal
  /// The unit by UNECE Recommendation 20, such as KGM; nil if it is not given.
  public var unit: String?

  /// A quantity of a unit.
  public init(_ value: ExactDecimal, unit: String?) { (self.value, self.unit) = (value, unit) }
}

/// What a line is about.
public struct Item: Sendable, Hashable {
  /// The name (BT-153).
  public var name: String?
  /// The description (BT-154).
  public var description: String?
  /// The seller's number (BT-155).
  public var sellersID: String?
  /// The buyer's number (BT-156).
  public var buyersID: String?
  /// A standard's number, as a GTIN under scheme 0160 (BT-157).
  public var standardID: Identifier?
  /// Country of origin (BT-159).
  public var origin: String?
  /// Classifications (BT-158); the scheme is the list.
  public var classifications: [Identifier]
  /// The VAT of the item (BG-30).
  public var tax: TaxCategory?
  /// Attributes (BG-32).
  public var properties: [ItemProperty]
  /// Numbers of the lots.
  public var lots: [String]

  /// An item; everything may be left out.
  public init(
    name: String? = nil, description: String? = nil, sellersID: String? = nil, buyersID: String? = nil,
    standardID: Identifier? = nil, origin: String? = nil, classifications: [Identifier] = [], tax: TaxCategory? = nil,
    properties: [ItemProperty] = [], lots: [String] = []
  ) {
    (self.name, self.description, self.sellersID, self.buyersID) = (name, description, sellersID, buyersID)
    (self.standardID, self.origin, self.classifications) = (standardID, origin, classifications)
    (self.tax, self.properties, self.lots) = (tax, properties, lots)
  }
}

/// An attribute of an item.
public struct ItemProperty: Sendable, Hashable {
  /// What is said (BT-160).
  public var name: String?
  /// The value (BT-161).
  public var value: String?

  /// An attribute.
  public init(name: String?, value: String?) { (self.name, self.value) = (name, value) }
}

/// The price of an item.
public struct Price: Sendable, Hashable {
  /// The net price (BT-146) of the base quantity; may have more decimals than the currency.
  public var net: ExactDecimal
  /// The currency.
  public var currency: Currency?
  /// The quantity that the price is for (BT-149); nil means one.
  public var base: Quantity?
  /// The discount in the net price (BT-147).
  public var discount: ExactDecimal?
  /// The gross price (BT-148).
  public var gross: ExactDecimal?

  /// A price.
  public init(
    net: ExactDecimal, currency: Currency?, base: Quantity? = nil, discount: ExactDecimal? = nil,
    gross: ExactDecimal? = nil
  ) {
    (self.net, self.currency, self.base, self.discount, self.gross) = (net, currency, base, discount, gross)
  }
}

/// A category of a tax.
public struct TaxCategory: Sendable, Hashable {
  /// The category, such as S for the standard rate (BT-118, BT-151).
  public var code: String?
  /// The rate in per cent (BT-119, BT-152).
  public var percent: ExactDecimal?
  /// Why it is exempt, as a code (BT-121).
  public var exemptionCode: String?
  /// Why it is exempt (BT-120).
  public var exemptionReason: String?
  /// The tax, `VAT` for value added tax.
  public var scheme: String?

  /// A category.
  public init(
    code: String?, percent: ExactDecimal?, exemptionCode: String? = nil, exemptionReason: String? = nil,
    scheme: String? = "VAT"
  ) {
    (self.code, self.percent, self.scheme) = (code, percent, scheme)
    (self.exemptionCode, self.exemptionReason) = (exemptionCode, exemptionReason)
  }
}

/// An allowance or a charge of a document or a line (BG-20, BG-21, BG-27, BG-28).
public struct AllowanceCharge: Sendable, Hashable {
  /// Whether it adds to the amount.
  public var isCharge: Bool
  /// The amount, never with a sign of its own kind.
  public var amount: Amount
  /// The amount that a percentage is of.
  public var base: Amount?
  /// The percentage.
  public var percent: ExactDecimal?
  /// The reason.
  public var reason: String?
  /// The reason as a code.
  public var reasonCode: String?
  /// Its VAT; for documents only.
  public var tax: TaxCategory?

  /// An allowance or a charge.
  public init(
    isCharge: Bool, amount: Amount, base: Amount? = nil, percent: ExactDecimal? = nil, reason: String? = nil,
    reasonCode: String? = nil, tax: TaxCategory? = nil
  ) {
    (self.isCharge, self.amount, self.base, self.percent) = (isCharge, amount, base, percent)
    (self.reason, self.reasonCode, self.tax) = (reason, reasonCode, tax)
  }
}

/// A time from one day to another, both included; either may be open.
public struct Period: Sendable, Hashable {
  /// The first day (BT-73, BT-134).
  public var start: CalendarDate?
  /// The last day (BT-74, BT-135).
  public var end: CalendarDate?
  /// When VAT falls due (BT-8).
  public var taxPointCode: String?

  /// A period.
  public init(start: CalendarDate?, end: CalendarDate?, taxPointCode: String? = nil) {
    (self.start, self.end, self.taxPointCode) = (start, end, taxPointCode)
  }
}

/// A reference to another document.
public struct DocumentReference: Sendable, Hashable {
  /// The other document's number.
  public var id: String
  /// The day that it was issued.
  public var date: CalendarDate?

  /// A reference.
  public init(_ id: String, date: CalendarDate? = nil) { (self.id, self.date) = (id, date) }
}

/// A reference to a line of another document.
public struct LineReference: Sendable, Hashable {
  /// The line's identifier.
  public var line: String?
  /// The document's number.
  public var document: String?

  /// A reference.
  public init(line: String?, document: String? = nil) { (self.line, self.document) = (line, document) }
}
