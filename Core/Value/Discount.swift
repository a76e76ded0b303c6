/// What early money costs: the formulas of discounting, each exact to the minor unit and half up.
public enum Discount {
  /// Bank discount `D = F·r·t`: what is taken off the face.
  public static func bank(
    _ face: Int64, _ rate: Rate, _ time: DayCount.Fraction
  ) throws(ValueError) -> Int64 {
    guard face >= 0 else { throw .amountNotPositive }
    let (yearly, overflow) = (Int128(face) * Int128(rate.ppm)).multipliedReportingOverflow(by: Int128(time.dividend))
    guard !overflow else { throw .overflow }
    return try Rounding.halfUp(yearly, Int128(time.divisor) * 1_000_000)
  }

  /// True discount: the present value `P = F / (1 + r·t)`; the discount is what is left of the face.
  public static func presentValue(
    _ face: Int64, _ rate: Rate, _ time: DayCount.Fraction
  ) throws(ValueError) -> Int64 {
    guard face >= 0 else { throw .amountNotPositive }
    let whole = Int128(time.divisor) * 1_000_000
    return try Rounding.halfUp(Int128(face) * whole, whole + Int128(rate.ppm) * Int128(time.dividend))
  }

  /// A fee in proportion to the face, kept between a least and a most: `max(least, min(most, F·rate))`.
  public static func fee(_ face: Int64, _ rate: Rate, least: Int64, most: Int64) throws(ValueError) -> Int64 {
    guard least >= 0, least <= most else { throw .rateOutOfRange }
    return max(least, min(most, try rate.of(face)))
  }

  /// What of a discount is earned on day `day` of `days`, beyond what is booked already: `round(D·k/n) − booked`.
  ///
  /// Cumulative, so that the last day brings the sum to the discount exactly.
  public static func accrual(
    _ discount: Int64, day: Int64, of days: Int64, booked: Int64
  ) throws(ValueError) -> Int64 {
    guard days > 0, (0...days).contains(day), discount >= 0 else { throw .periodInvalid }
    return try Rounding.halfUp(Int128(discount) * Int128(day), Int128(days)).minusChecked(booked)
  }

  /// A penalty for late payment: `open · daily rate · days`.
  public static func penalty(_ open: Int64, daily rate: Rate, days: Int64) throws(ValueError) -> Int64 {
    guard open >= 0, days >= 0 else { throw .periodInvalid }
    let (product, overflow) = (Int128(open) * Int128(rate.ppm)).multipliedReportingOverflow(by: Int128(days))
    guard !overflow else { throw .overflow }
    return try Rounding.halfUp(product, 1_000_000)
  }

  /// The all-in yearly cost `(F − P)/P · basis/days`.
  public static func annualCost(
    face: Int64, proceeds: Int64, _ time: DayCount.Fraction
  ) throws(ValueError) -> Rate {
    guard proceeds > 0, face >= proceeds, time.dividend > 0 else { throw .rateOutOfRange }
    let (dividend, overflow) = (Int128(face - proceeds) * 1_000_000).multipliedReportingOverflow(
      by: Int128(time.divisor))
    guard !overflow else { throw .overflow }
    return try Rate(ppm: try Rounding.halfUp(dividend, Int128(proceeds) * Int128(time.dividend)))
  }

  /// What an early-payment discount is worth a year: "`rate` off in `early` days, net `net`" is
  /// `d/(1−d) · 365/(net − early)`; 2/10 net 30 is 37.2 %.
  public static func earlyPayment(_ rate: Rate, early: Int64, net: Int64) throws(ValueError) -> Rate {
    guard rate.ppm < 1_000_000, early >= 0, early < net, net <= 36_500 else { throw .rateOutOfRange }
    return try Rate(
      ppm: try Rounding.halfUp(
        Int128(rate.ppm) * 1_000_000 * 365, Int128(1_000_000 - rate.ppm) * Int128(net - early)))
  }
}
