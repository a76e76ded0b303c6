/// A rate or share in whole parts per million: 6 % is 60,000.
public struct Rate: Sendable, Hashable, Comparable {
  /// Parts per million, 0 to 1,000,000,000 (a thousandfold).
  public let ppm: Int64

  /// The largest rate: a thousandfold.
  public static let limit: Int64 = 1_000_000_000

  /// A rate of so many parts per million; throws outside 0 to `limit`.
  public init(ppm: Int64) throws(ValueError) {
    guard (0...Rate.limit).contains(ppm) else { throw .rateOutOfRange }
    self.ppm = ppm
  }

  /// A rate of so many basis points: 1 is a hundredth of a percent.
  public init(basisPoints: Int64) throws(ValueError) { try self.init(ppm: try basisPoints.timesChecked(100)) }

  /// The order of the parts per million.
  public static func < (a: Rate, b: Rate) -> Bool { a.ppm < b.ppm }

  /// The rate applied to an amount, half up.
  public func of(_ amount: Int64) throws(ValueError) -> Int64 {
    try Rounding.halfUp(Int128(amount) * Int128(ppm), 1_000_000)
  }

  /// What part one number is of another, in parts per million, half up; throws for a whole of nothing.
  public static func share(_ part: Int64, of whole: Int64) throws(ValueError) -> Rate {
    guard part >= 0, whole > 0 else { throw .rateOutOfRange }
    return try Rate(ppm: try Rounding.halfUp(Int128(part) * 1_000_000, Int128(whole)))
  }
}

extension Rate: CustomStringConvertible {
  /// In percent without needless zeros, for example `4.35 %`.
  public var description: String {
    let fraction = String(ppm % 10_000 + 10_000).dropFirst()
    var digits = fraction[...]
    while digits.last == "0" { digits = digits.dropLast() }
    return "\(ppm / 10_000)" + (digits.isEmpty ? "" : ".\(digits)") + " %"
  }
}

/// How quotients become whole minor units.
public enum Rounding {
  /// The quotient rounded to the nearest whole number, halves away from zero.
  ///
  /// - Parameter divisor: more than 0.
  public static func halfUp(_ dividend: Int128, _ divisor: Int128) throws(ValueError) -> Int64 {
    guard divisor > 0 else { throw .rateOutOfRange }
    let (doubled, overflow) = dividend.magnitude.multipliedReportingOverflow(by: 2)
    guard !overflow else { throw .overflow }
    let rounded = (doubled + divisor.magnitude) / (2 * divisor.magnitude)
    guard let whole = Int64(exactly: rounded) else { throw .overflow }
    return dividend < 0 ? -whole : whole
  }
}
