/// A currency of ISO 4217 by its three letters, with the decimals of its minor unit.
///
/// Only codes that are in use (list one of the standard, 2026) and two that traders still write, CNH and STD, can be
/// made; so an amount in minor units always has a known meaning.
public struct Currency: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The three letters, such as EUR.
  public let code: String
  /// Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD; 0 for codes without one, as gold.
  public let exponent: Int

  /// The currency of a code; nil if the code is not in use. Exact: `eur` is none.
  public init?(_ code: some StringProtocol) {
    let code = String(code)
    guard let exponent = Currency.exponents[code] else { return nil }
    (self.code, self.exponent) = (code, exponent)
  }

  /// Whether the code stands for money that can be paid: false for metals, funds without a unit, tests and none.
  public var isPayable: Bool { !Currency.withoutUnit.contains(code) }

  /// Every currency, in the order of the codes.
  public static let all: [Currency] = exponents.keys.sorted().compactMap { Currency($0) }

  /// Whether the left code comes first.
  public static func < (left: Currency, right: Currency) -> Bool { left.code < right.code }

  /// The three letters.
  public var description: String { code }

  private static let two = CodeLists.words(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNH \
    CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR \
    ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV \
    MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD \
    SSP STD STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW \
    ZWG
    """)

  private static let none = CodeLists.words("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")

  private static let three = CodeLists.words("BHD IQD JOD KWD LYD OMR TND")

  private static let four = CodeLists.words("CLF UYW")

  private static let withoutUnit = CodeLists.words("XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX")

  private static let exponents: [String: Int] = {
    var table: [String: Int] = [:]
    for (codes, exponent) in [(two, 2), (none, 0), (three, 3), (four, 4), (withoutUnit, 0)] {
      for code in codes { table[code] = exponent }
    }
    return table
  }()
}
