/// An exact decimal number: mantissa × 10^exponent.
///
/// A sensor says 23.1, and 23.1 is what is signed: no number of a pack goes through a double, but for those that stand
/// as doubles in CBOR, which become their shortest decimal. One value has one form: a fraction has a negative exponent
/// and a mantissa that is no multiple of ten; an integer that fits 64 bits has the exponent 0; a larger integer has a
/// positive exponent and a mantissa that is no multiple of ten. So equal values are equal structs.
public struct SenMLNumber: Sendable, Hashable {
  /// The digits with their sign.
  public let mantissa: Int64

  /// The power of ten.
  public let exponent: Int8

  /// Zero.
  public static let zero = SenMLNumber(0)

  /// An integer.
  public init(_ value: Int64) {
    mantissa = value
    exponent = 0
  }

  /// The number mantissa × 10^exponent in its one form, or nil when that does not fit.
  public init?(mantissa: Int64, exponent: Int) {
    self.init(wide: Int128(mantissa), exponent: exponent)
  }

  /// A time in microseconds, as seconds.
  public init(microseconds: Int64) {
    var (mantissa, exponent) = (microseconds, Int8(-6))
    while exponent < 0, mantissa % 10 == 0 {
      mantissa /= 10
      exponent += 1
    }
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// The number in its one form; nil when the digits do not fit 64 bits, or the exponent a byte.
  init?(wide: Int128, exponent: Int) {
    var (rest, power) = (wide, exponent)
    guard rest != 0 else {
      self.init(0)
      return
    }
    while rest % 10 == 0 {
      rest /= 10
      power += 1
    }
    if power > 0 {
      var whole = rest
      var left = power
      while left > 0, let next = Self.timesTen(whole) {
        whole = next
        left -= 1
      }
      if left == 0 { (rest, power) = (whole, 0) }
    }
    guard let mantissa = Int64(exactly: rest), let exponent = Int8(exactly: power) else { return nil }
    self.init(canonical: mantissa, exponent)
  }

  /// Ten times a number, if that fits 64 bits.
  private static func timesTen(_ value: Int128) -> Int128? {
    let next = value * 10
    return next >= Int128(Int64.min) && next <= Int128(Int64.max) ? next : nil
  }

  /// The value as microseconds, for a time in seconds; nil when it is finer, or does not fit.
  public var microseconds: Int64? {
    guard exponent >= -6, exponent <= 12 else { return mantissa == 0 ? 0 : nil }
    var scaled = mantissa
    for _ in 0..<(Int(exponent) + 6) {
      let (next, overflow) = scaled.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      scaled = next
    }
    return scaled
  }

  /// The nearest double, for people and for formulas; nothing that is signed or hashed goes through it.
  public var double: Double { Double("\(mantissa)e\(exponent)") ?? 0 }

  /// Digits without trailing zeros, and their power of ten.
  private var stripped: (mantissa: Int128, exponent: Int) {
    var (rest, power) = (mantissa, Int(exponent))
    while rest != 0, rest % 10 == 0 {
      rest /= 10
      power += 1
    }
    return (Int128(rest), power)
  }

  /// The exact sum, or nil when it does not fit.
  public func adding(_ other: SenMLNumber) -> SenMLNumber? {
    if exponent == 0, other.exponent == 0 {
      let (sum, overflow) = mantissa.addingReportingOverflow(other.mantissa)
      if !overflow { return SenMLNumber(sum) }
    }
    if mantissa == 0 { return other }
    if other.mantissa == 0 { return self }
    var (high, low) = (stripped, other.stripped)
    if high.exponent < low.exponent { swap(&high, &low) }
    // Beyond this the sum has more digits than 64 bits hold, as the lower number ends in no zero.
    guard high.exponent - low.exponent < 38 else { return nil }
    for _ in 0..<(high.exponent - low.exponent) {
      let (next, overflow) = high.mantissa.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      high.mantissa = next
    }
    let (sum, overflow) = high.mantissa.addingReportingOverflow(low.mantissa)
    return overflow ? nil : SenMLNumber(wide: sum, exponent: low.exponent)
  }

  /// The exact value times `factor` divided by `divisor`; nil when it does not fit or has no end as a decimal.
  ///
  /// - Precondition: `divisor` is positive.
  public func scaled(by factor: Int64, over divisor: Int64) -> SenMLNumber? {
    precondition(divisor > 0, "The divisor is not positive.")
    var product = Int128(mantissa) * Int128(factor)
    var rest = Int128(divisor)
    var power = Int(exponent)
    let common = Self.greatestCommonDivisor(product < 0 ? -product : product, rest)
    if common > 1 { (product, rest) = (product / common, rest / common) }
    while rest > 1 {
      let (step, part): (Int128, Int128)
      if rest % 10 == 0 {
        (step, part) = (1, 10)
      } else if rest % 5 == 0 {
        (step, part) = (2, 5)
      } else if rest % 2 == 0 {
        (step, part) = (5, 2)
      } else {
        return nil
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: step)
      guard !overflow else { return nil }
      product = next
      rest /= part
      power -= 1
    }
    return SenMLNumber(wide: product, exponent: power)
  }

  private static func greatestCommonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}

extension SenMLNumber: Comparable {
  /// By value.
  public static func < (a: SenMLNumber, b: SenMLNumber) -> Bool {
    if a.exponent == b.exponent { return a.mantissa < b.mantissa }
    if a.mantissa.signum() != b.mantissa.signum() { return a.mantissa < b.mantissa }
    // Of one sign: the smaller magnitude first, or the greater one below zero.
    let isBelow = magnitudeIsLess(a, b)
    return a.mantissa > 0 ? isBelow : magnitudeIsLess(b, a)
  }

  private static func magnitudeIsLess(_ a: SenMLNumber, _ b: SenMLNumber) -> Bool {
    var (x, y) = (UInt128(a.mantissa.magnitude), UInt128(b.mantissa.magnitude))
    var gap = Int(a.exponent) - Int(b.exponent)
    while gap > 0 {
      let (next, overflow) = x.multipliedReportingOverflow(by: 10)
      guard !overflow else { return false }
      x = next
      gap -= 1
    }
    while gap < 0 {
      let (next, overflow) = y.multipliedReportingOverflow(by: 10)
      guard !overflow else { return true }
      y = next
      gap += 1
    }
    return x < y
  }
}
