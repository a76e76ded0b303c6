/// An amount of one currency in whole minor units; never floating point, and every sum is checked.
public struct Money: Sendable, Hashable {
  /// Minor units: cents, fen; negative where something is owed.
  public let minorUnits: Int64
  /// The currency.
  public let currency: Currency

  /// So many minor units of a currency.
  public init(_ minorUnits: Int64, _ currency: Currency) { (self.minorUnits, self.currency) = (minorUnits, currency) }

  /// An amount as people write it: `100000.00`, `-3.5`, `1200`; throws for more decimals than the currency has.
  public init(_ text: String, _ currency: Currency) throws(ValueError) {
    var digits = text.utf8[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits = digits.dropFirst() }
    var (value, decimals, seen): (Int64, Int?, Int) = (0, nil, 0)
    for character in digits {
      if character == UInt8(ascii: "."), decimals == nil, seen > 0 {
        decimals = 0
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character), (decimals ?? 0) < max(currency.exponent, 1)
      else { throw .amountMalformed(String(text.prefix(32))) }
      value = try value.timesChecked(10).plusChecked(Int64(character - UInt8(ascii: "0")))
      seen += 1
      if let places = decimals { decimals = places + 1 }
    }
    guard seen > 0, decimals != 0, decimals == nil || currency.exponent > 0 else {
      throw .amountMalformed(String(text.prefix(32)))
    }
    for _ in (decimals ?? 0)..<currency.exponent { value = try value.timesChecked(10) }
    self.init(isNegative ? -value : value, currency)
  }

  /// Nothing of a currency.
  public static func zero(_ currency: Currency) -> Money { Money(0, currency) }

  /// The sum; throws on another currency or overflow.
  public func adding(_ other: Money) throws(ValueError) -> Money {
    try expectSame(other)
    return Money(try minorUnits.plusChecked(other.minorUnits), currency)
  }

  /// The difference; throws on another currency or overflow.
  public func subtracting(_ other: Money) throws(ValueError) -> Money {
    try expectSame(other)
    return Money(try minorUnits.minusChecked(other.minorUnits), currency)
  }

  /// Splits it by weights so that the parts sum to the whole; see `Int64.split(by:)`.
  public func split(by weights: [Int64]) throws(ValueError) -> [Money] {
    try minorUnits.split(by: weights).map { Money($0, currency) }
  }

  private func expectSame(_ other: Money) throws(ValueError) {
    guard currency == other.currency else { throw .currencyMismatch(currency.code, other.currency.code) }
  }
}

extension Money: CustomStringConvertible {
  /// With all decimals and no grouping, for example `100000.00`.
  public var decimal: String {
    let scale = UInt64(currency.scale)
    let whole = minorUnits.magnitude / scale
    let sign = minorUnits < 0 ? "-" : ""
    guard currency.exponent > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole)." + String(minorUnits.magnitude % scale + scale).dropFirst()
  }

  /// The code and the amount, for example `CNY 100000.00`.
  public var description: String { "\(currency.code) \(decimal)" }
}

extension Int64 {
  /// The sum, or `.overflow`.
  public func plusChecked(_ other: Int64) throws(ValueError) -> Int64 {
    let (value, overflow) = addingReportingOverflow(other)
    guard !overflow else { throw .overflow }
    return value
  }

  /// The difference, or `.overflow`.
  public func minusChecked(_ other: Int64) throws(ValueError) -> Int64 {
    let (value, overflow) = subtractingReportingOverflow(other)
    guard !overflow else { throw .overflow }
    return value
  }

  /// The product, or `.overflow`.
  public func timesChecked(_ other: Int64) throws(ValueError) -> Int64 {
    let (value, overflow) = multipliedReportingOverflow(by: other)
    guard !overflow else { throw .overflow }
    return value
  }

  /// The number in 64 bits, or `.overflow`.
  public static func checked(_ value: Int128) throws(ValueError) -> Int64 {
    guard let value = Int64(exactly: value) else { throw .overflow }
    return value
  }
}
