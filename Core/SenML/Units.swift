/// The SenML units of IANA's registry (RFC 8428 section 12.1, RFC 8798, and what was registered since; state March 2025).
public enum Units {
  /// One registered unit.
  public struct Unit: Sendable, Equatable {
    /// The symbol, as packs write it; case counts.
    public let symbol: String

    /// What it is, in a few words.
    public let name: String

    /// False for a unit that new producers should not use, and readers should understand.
    public let isRecommended: Bool

    /// For a secondary unit, the primary one that it is converted to; packs use secondary units in version 26 only.
    public let primary: Conversion?

    /// The code of UN/CEFACT Recommendation 20, where there is one of exactly this meaning.
    public let code: String?
  }

  /// How a value in a secondary unit becomes one in a primary unit: value × factor / divisor + offset.
  public struct Conversion: Sendable, Equatable {
    /// The primary unit's symbol.
    public let symbol: String
    /// What the value is multiplied by.
    public let factor: Int64
    /// What the product is divided by.
    public let divisor: Int64
    /// What is added then.
    public let offset: Int64
  }

  /// The unit with this symbol, or nil for none that is registered.
  public static func unit(_ symbol: String) -> Unit? { bySymbol[symbol] }

  /// Every registered unit, in the order of the registry, primary units first.
  public static let all: [Unit] = primaryUnits + secondaryUnits

  /// The value in the primary unit, exactly, with that unit's symbol.
  ///
  /// A value in a primary unit comes back as it is. Nil for a unit that is not registered, and for a result without an end
  /// as a decimal (a speed of 1 mm/h in m/s) or beyond 64 bits.
  public static func primary(_ value: SenMLNumber, in symbol: String) -> (value: SenMLNumber, unit: String)? {
    guard let unit = unit(symbol) else { return nil }
    guard let conversion = unit.primary else { return (value, symbol) }
    guard let scaled = value.scaled(by: conversion.factor, over: conversion.divisor),
      let moved = scaled.adding(SenMLNumber(conversion.offset))
    else { return nil }
    return (moved, conversion.symbol)
  }

  private static let bySymbol = Dictionary(all.map { ($0.symbol, $0) }) { first, _ in first }

  /// A primary unit.
  private static func unit(_ symbol: String, _ name: String, _ code: String?) -> Unit {
    Unit(symbol: symbol, name: name, isRecommended: true, primary: nil, code: code)
  }

  /// A primary unit that is not recommended.
  private static func old(_ symbol: String, _ name: String, _ code: String?) -> Unit {
    Unit(symbol: symbol, name: name, isRecommended: false, primary: nil, code: code)
  }

  /// A secondary unit.
  private static func second(
    _ symbol: String, _ name: String, _ primary: String, _ factor: Int64, over divisor: Int64 = 1,
    plus offset: Int64 = 0,
    _ code: String?
  ) -> Unit {
    Unit(
      symbol: symbol, name: name, isRecommended: true,
      primary: Conversion(symbol: primary, factor: factor, divisor: divisor, offset: offset), code: code)
  }

  private static let primaryUnits: [Unit] = [
    unit("m", "meter", "MTR"), unit("kg", "kilogram", "KGM"), old("g", "gram", "GRM"), unit("s", "second", "SEC"),
    unit("A", "ampere", "AMP"), unit("K", "kelvin", "KEL"), unit("cd", "candela", "CDL"), unit("mol", "mole", "C34"),
    unit("Hz", "hertz", "HTZ"), unit("rad", "radian", "C81"), unit("sr", "steradian", "D27"),
    unit("N", "newton", "NEW"), unit("Pa", "pascal", "PAL"), unit("J", "joule", "JOU"), unit("W", "watt", "WTT"),
    unit("C", "coulomb", "COU"), unit("V", "volt", "VLT"), unit("F", "farad", "FAR"), unit("Ohm", "ohm", "OHM"),
    unit("S", "siemens", "SIE"), unit("Wb", "weber", "WEB"), unit("T", "tesla", "D33"), unit("H", "henry", "81"),
    unit("Cel", "degrees Celsius", "CEL"), unit("lm", "lumen", "LUM"), unit("lx", "lux", "LUX"),
    unit("Bq", "becquerel", "BQL"), unit("Gy", "gray", "A95"), unit("Sv", "sievert", "D13"),
    unit("kat", "katal", "KAT"), unit("m2", "square meter", "MTK"), unit("m3", "cubic meter", "MTQ"),
    old("l", "liter", "LTR"), unit("m/s", "meter per second", "MTS"),
    unit("m/s2", "meter per square second", "MSK"), unit("m3/s", "cubic meter per second", "MQS"),
    old("l/s", "liter per second", "G51"), unit("W/m2", "watt per square meter", "D54"),
    unit("cd/m2", "candela per square meter", "A24"), unit("bit", "bit", "A99"),
    unit("bit/s", "bit per second", "B10"), unit("lat", "degrees latitude", "DD"),
    unit("lon", "degrees longitude", "DD"), unit("pH", "pH value", "Q30"), unit("dB", "decibel", "2N"),
    unit("dBW", "decibel relative to 1 W", nil), old("Bspl", "bel of sound pressure level", nil),
    unit("count", "counter value", "C62"), unit("/", "ratio", "C62"), old("%", "ratio", "C62"),
    unit("%RH", "percent of relative humidity", "P1"), unit("%EL", "percent of remaining battery energy", "P1"),
    unit("EL", "seconds of remaining battery energy", "SEC"), unit("1/s", "events per second", "C97"),
    old("1/min", "events per minute", "C94"), old("beat/min", "heart beats per minute", "BPM"),
    old("beats", "count of heart beats", "C62"), unit("S/m", "siemens per meter", "D10"),
    unit("B", "byte", "AD"), unit("VA", "volt-ampere", "D46"), unit("VAs", "volt-ampere second", nil),
    unit("var", "volt-ampere reactive", "D44"), unit("vars", "volt-ampere reactive second", nil),
    unit("J/m", "joule per meter", "B12"), unit("kg/m3", "kilogram per cubic meter", "KMQ"),
    old("deg", "degree of an angle", "DD"), unit("NTU", "nephelometric turbidity unit", "NTU"),
  ]

  private static let secondaryUnits: [Unit] = [
    second("ms", "millisecond", "s", 1, over: 1000, "C26"), second("min", "minute", "s", 60, "MIN"),
    second("h", "hour", "s", 3600, "HUR"), second("MHz", "megahertz", "Hz", 1_000_000, "MHZ"),
    second("kW", "kilowatt", "W", 1000, "KWT"), second("kVA", "kilovolt-ampere", "VA", 1000, "KVA"),
    second("kvar", "kilovar", "var", 1000, "KVR"), second("Ah", "ampere-hour", "C", 3600, "AMH"),
    second("Wh", "watt-hour", "J", 3600, "WHR"), second("kWh", "kilowatt-hour", "J", 3_600_000, "KWH"),
    second("varh", "var-hour", "vars", 3600, nil), second("kvarh", "kilovar-hour", "vars", 3_600_000, "KVH"),
    second("kVAh", "kilovolt-ampere-hour", "VAs", 3_600_000, "C79"),
    second("Wh/km", "watt-hour per kilometer", "J/m", 36, over: 10, nil), second("KiB", "kibibyte", "B", 1024, "E64"),
    second("GB", "gigabyte", "B", 1_000_000_000, "E34"),
    second("Mbit/s", "megabit per second", "bit/s", 1_000_000, "E20"),
    second("B/s", "byte per second", "bit/s", 8, "P93"),
    second("MB/s", "megabyte per second", "bit/s", 8_000_000, "P95"),
    second("mV", "millivolt", "V", 1, over: 1000, "2Z"), second("mA", "milliampere", "A", 1, over: 1000, "4K"),
    second("dBm", "decibel relative to 1 mW", "dBW", 1, plus: -30, nil),
    second("ug/m3", "microgram per cubic meter", "kg/m3", 1, over: 1_000_000_000, "GQ"),
    second("mm/h", "millimeter per hour", "m/s", 1, over: 3_600_000, "H67"),
    second("m/h", "meter per hour", "m/s", 1, over: 3600, "M60"),
    second("ppm", "parts per million", "/", 1, over: 1_000_000, "59"),
    second("/100", "percent", "/", 1, over: 100, "P1"),
    second("/1000", "permille", "/", 1, over: 1000, "NX"), second("hPa", "hectopascal", "Pa", 100, "A97"),
    second("mm", "millimeter", "m", 1, over: 1000, "MMT"), second("cm", "centimeter", "m", 1, over: 100, "CMT"),
    second("km", "kilometer", "m", 1000, "KMT"), second("km/h", "kilometer per hour", "m/s", 10, over: 36, "KMH"),
    second("ppb", "parts per billion", "/", 1, over: 1_000_000_000, "61"),
    second("ppt", "parts per trillion", "/", 1, over: 1_000_000_000_000, nil),
    second("VAh", "volt-ampere-hour", "VAs", 3600, nil),
    second("mg/l", "milligram per liter", "kg/m3", 1, over: 1000, "M1"),
    second("ug/l", "microgram per liter", "kg/m3", 1, over: 1_000_000, "H29"),
    second("g/l", "gram per liter", "kg/m3", 1, "GL"),
  ]
}
