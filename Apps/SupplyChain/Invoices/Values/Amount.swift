/// An amount of money: whole minor units of a currency, so 12.30 EUR is 1230.
public struct Amount: Sendable, Hashable, CustomStringConvertible {
  /// The currency, which says how large a unit is.
  public let currency: Currency
  /// The amount in minor units; may be negative.
  public let minorUnits: Int64

  /// An amount of minor units.
  public init(minorUnits: Int64, currency: Currency) { (self.minorUnits, self.currency) = (minorUnits, currency) }

  /// A decimal amount; nil if it has more decimals than the currency, zeros aside, or exceeds 64 bits.
  public init?(_ decimal: ExactDecimal, currency: Currency) {
    guard let units = decimal.coefficient(atDecimals: currency.exponent), let whole = Int64(exactly: units) else {
      return nil
    }
    self.init(minorUnits: whole, currency: currency)
  }

  /// The amount as a decimal number of major units.
  public var decimal: ExactDecimal {
    ExactDecimal(coefficient: Int128(minorUnits), decimals: currency.exponent) ?? .zero
  }

  /// The number as documents write it, with the currency's decimals: `12.30`.
  public var text: String { decimal.description }

  /// Number and currency: `12.30 EUR`.
  public var description: String { "\(text) \(currency)" }
}
