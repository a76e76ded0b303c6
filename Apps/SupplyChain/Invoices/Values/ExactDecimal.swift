/// A decimal number as it is written: a whole coefficient and the count of its decimals; never floating point.
///
/// Holds at most 36 significant digits, 18 of them decimals. Arithmetic is exact and gives nil where the result does not
/// fit into 128 bits, so that no input can make it trap. Equality and order go by value: 1.50 equals 1.5.
public struct ExactDecimal: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The digits as one whole number: 1.50 has 150.
  public let coefficient: Int128
  /// How many of the digits are decimals: 1.50 has 2.
  public let decimals: Int

  /// Zero, without decimals.
  public static let zero = ExactDecimal(0)

  /// A whole number.
  public init(_ whole: Int64) { (coefficient, decimals) = (Int128(whole), 0) }

  /// `coefficient` / 10 ^ `decimals`; nil unless decimals are 0 to 18.
  public init?(coefficient: Int128, decimals: Int) {
    guard (0...18).contains(decimals) else { return nil }
    (self.coefficient, self.decimals) = (coefficient, decimals)
  }

  private init(unchecked coefficient: Int128, _ decimals: Int) {
    (self.coefficient, self.decimals) = (coefficient, decimals)
  }

  /// The number of an `xs:decimal` text (XML Schema 1.1 part 2, section 3.3.3), white space around it allowed.
  ///
  /// Nil for anything else, as an exponent, a comma or an empty text, and for more than 18 digits on either side of the
  /// point that are not zeros at its ends.
  public init?(_ text: some StringProtocol) {
    var (value, places, digits, sawPoint, negative) = (Int128(0), 0, 0, false, false)
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.first, ExactDecimal.isSpace(byte) { bytes.removeFirst() }
    while let byte = bytes.last, ExactDecimal.isSpace(byte) { bytes.removeLast() }
    if let sign = bytes.first, sign == 0x2B || sign == 0x2D {
      negative = sign == 0x2D
      bytes.removeFirst()
    }
    // Zeros at the end of more decimals than are held say nothing.
    if let point = bytes.firstIndex(of: 0x2E) {
      while bytes.endIndex - point - 1 > 18, bytes.last == 0x30 { bytes.removeLast() }
    }
    var wholeDigits = 0
    for byte in bytes {
      switch byte {
      case 0x30...0x39:
        digits += 1
        if sawPoint { places += 1 } else if value > 0 || byte != 0x30 { wholeDigits += 1 }
        guard wholeDigits <= 18, places <= 18 else { return nil }
        value = value * 10 + Int128(byte - 0x30)
      case 0x2E where !sawPoint: sawPoint = true
      default: return nil
      }
    }
    guard digits > 0 else { return nil }
    (coefficient, decimals) = (negative ? -value : value, places)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  /// 10 to this power, up to the 36th.
  static func power(_ exponent: Int) -> Int128 {
    var result: Int128 = 1
    for _ in 0..<min(max(exponent, 0), 36) { result *= 10 }
    return result
  }

  /// The coefficient at this many decimals; nil if digits would be lost or the result does not fit.
  public func coefficient(atDecimals wanted: Int) -> Int128? {
    if wanted >= decimals {
      guard wanted - decimals <= 36 else { return nil }
      let (value, overflow) = coefficient.multipliedReportingOverflow(by: ExactDecimal.power(wanted - decimals))
      return overflow ? nil : value
    }
    let (value, rest) = coefficient.quotientAndRemainder(dividingBy: ExactDecimal.power(decimals - wanted))
    return rest == 0 ? value : nil
  }

  /// The number without zeros at the end of its decimals.
  public var normalized: ExactDecimal {
    var (value, places) = (coefficient, decimals)
    while places > 0, value % 10 == 0 { (value, places) = (value / 10, places - 1) }
    return ExactDecimal(unchecked: value, places)
  }

  /// Whether it is zero.
  public var isZero: Bool { coefficient == 0 }

  /// Whether it is below zero.
  public var isNegative: Bool { coefficient < 0 }

  /// The number without its sign.
  public var magnitude: ExactDecimal { ExactDecimal(unchecked: coefficient < 0 ? -coefficient : coefficient, decimals) }

  /// The number with the other sign.
  public var negated: ExactDecimal { ExactDecimal(unchecked: -coefficient, decimals) }

  /// The sum; nil if it does not fit.
  public func adding(_ other: ExactDecimal) -> ExactDecimal? {
    let places = max(decimals, other.decimals)
    guard let left = coefficient(atDecimals: places), let right = other.coefficient(atDecimals: places) else {
      return nil
    }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow || sum == .min ? nil : ExactDecimal(unchecked: sum, places)
  }

  /// The difference; nil if it does not fit.
  public func subtracting(_ other: ExactDecimal) -> ExactDecimal? { adding(other.negated) }

  /// The product; nil if it does not fit or has more than 18 decimals.
  public func multiplied(by other: ExactDecimal) -> ExactDecimal? {
    let (left, right) = (normalized, other.normalized)
    let (product, overflow) = left.coefficient.multipliedReportingOverflow(by: right.coefficient)
    guard !overflow, product != .min, left.decimals + right.decimals <= 18 else { return nil }
    return ExactDecimal(unchecked: product, left.decimals + right.decimals)
  }

  /// The number with at most this many decimals, halves away from zero.
  public func rounded(toDecimals wanted: Int) -> ExactDecimal {
    guard wanted >= 0, wanted < decimals else { return self }
    let divisor = ExactDecimal.power(decimals - wanted)
    let (value, rest) = coefficient.quotientAndRemainder(dividingBy: divisor)
    let up = (rest < 0 ? -rest : rest) * 2 >= divisor
    return ExactDecimal(unchecked: up ? value + (coefficient < 0 ? -1 : 1) : value, wanted)
  }

  /// The number with at most this many decimals, halves upwards, as XPath's `round` does it.
  func roundedUpwards(toDecimals wanted: Int) -> ExactDecimal {
    guard wanted >= 0, wanted < decimals else { return self }
    let divisor = ExactDecimal.power(decimals - wanted)
    var (value, rest) = coefficient.quotientAndRemainder(dividingBy: divisor)
    if rest < 0 { (value, rest) = (value - 1, rest + divisor) }
    return ExactDecimal(unchecked: rest * 2 >= divisor ? value + 1 : value, wanted)
  }

  /// The quotient at this many decimals, halves away from zero; nil for a divisor of zero or where it does not fit.
  public func divided(by other: ExactDecimal, decimals wanted: Int) -> ExactDecimal? {
    let (left, right) = (normalized, other.normalized)
    guard right.coefficient != 0, (0...18).contains(wanted) else { return nil }
    let shift = wanted + 1 + right.decimals - left.decimals
    let (up, down) = (ExactDecimal.power(max(shift, 0)), ExactDecimal.power(max(-shift, 0)))
    let (dividend, first) = left.coefficient.multipliedReportingOverflow(by: up)
    let (divisor, second) = right.coefficient.multipliedReportingOverflow(by: down)
    guard !first, !second, shift <= 36, shift >= -36 else { return nil }
    return ExactDecimal(unchecked: dividend / divisor, wanted + 1).rounded(toDecimals: wanted)
  }

  /// Whether the values are equal, however many zeros follow.
  public static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
    let (left, right) = (left.normalized, right.normalized)
    return left.coefficient == right.coefficient && left.decimals == right.decimals
  }

  /// Hashes the value, so that 1.50 and 1.5 hash alike.
  public func hash(into hasher: inout Hasher) {
    let plain = normalized
    hasher.combine(plain.coefficient)
    hasher.combine(plain.decimals)
  }

  /// Whether the left value is smaller.
  public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
    let places = max(left.decimals, right.decimals)
    let (leftUnits, rightUnits) = (left.units(places), right.units(places))
    return leftUnits.0 != rightUnits.0 ? leftUnits.0 < rightUnits.0 : leftUnits.1 < rightUnits.1
  }

  /// The whole part and the decimals at this many places: never too large to compare.
  private func units(_ places: Int) -> (Int128, Int128) {
    let (whole, rest) = coefficient.quotientAndRemainder(dividingBy: ExactDecimal.power(decimals))
    return (whole, rest * ExactDecimal.power(places - decimals))
  }

  /// The number as XML Schema writes it, with the decimals that it came with.
  public var description: String {
    var digits = String(coefficient.magnitude)
    if decimals > 0 {
      if digits.utf8.count <= decimals {
        digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
      }
      digits = "\(digits.dropLast(decimals)).\(digits.suffix(decimals))"
    }
    return (coefficient < 0 ? "-" : "") + digits
  }

  /// The number with exactly this many decimals, zeros added; nil if digits would be lost.
  public func text(decimals wanted: Int) -> String? {
    coefficient(atDecimals: wanted).flatMap { ExactDecimal(coefficient: $0, decimals: wanted)?.description }
  }
}
