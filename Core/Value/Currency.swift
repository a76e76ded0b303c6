public import Primitives

/// A currency of ISO 4217: its three letters and how many decimals its minor unit has.
public struct Currency: Sendable, Hashable, Comparable {
  /// The three capital letters.
  public let code: String
  /// Decimals of the minor unit: 2 for most, 0 for the yen, 3 for some dinars.
  public let exponent: Int

  /// The currency with this code, for example `CNY`; throws `.currencyUnknown` for any other text.
  public init(_ code: String) throws(ValueError) {
    guard let exponent = Currency.exponents[code] else { throw .currencyUnknown(String(code.prefix(8))) }
    self.code = code
    self.exponent = exponent
  }

  private init(known code: String, exponent: Int) { (self.code, self.exponent) = (code, exponent) }

  /// The renminbi.
  public static let cny = Currency(known: "CNY", exponent: 2)
  /// The euro.
  public static let eur = Currency(known: "EUR", exponent: 2)
  /// The dollar of the United States.
  public static let usd = Currency(known: "USD", exponent: 2)

  /// Minor units of one major unit.
  public var scale: Int64 { (0..<exponent).reduce(1) { scale, _ in scale * 10 } }

  /// The SHA-256 of the code, as state keys have it.
  public var digest: Digest { .sha256(code) }

  /// The order of the codes.
  public static func < (a: Currency, b: Currency) -> Bool { a.code < b.code }

  /// Codes of ISO 4217 list one (2024) that are money in circulation, by exponent.
  private static let exponents: [String: Int] = {
    let byExponent: [(Int, String)] = [
      (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
      (3, "BHD IQD JOD KWD LYD OMR TND"),
      (4, "CLF UYW"),
      (
        2,
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
          + "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
          + "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
          + "MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK "
          + "SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD "
          + "YER ZAR ZMW ZWG"
      ),
    ]
    var table: [String: Int] = [:]
    for (exponent, codes) in byExponent { for code in codes.split(separator: " ") { table[String(code)] = exponent } }
    return table
  }()
}
