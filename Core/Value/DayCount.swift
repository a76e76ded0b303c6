/// How the days of a period become a part of a year; the raw values are the codes of ISO 20022.
public enum DayCount: String, Sendable, Hashable, CaseIterable {
  /// ACT/360: days over 360.
  case actual360 = "A004"
  /// ACT/365 fixed: days over 365.
  case actual365 = "A005"
  /// 30E/360: every month has 30 days, the 31st counts as the 30th.
  case thirty360 = "A001"
  /// ACT/ACT ISDA: days in leap years over 366, the others over 365.
  case actualActual = "A008"

  /// A part of a year as an exact fraction.
  public struct Fraction: Sendable, Hashable {
    /// The dividend, from 0 on.
    public let dividend: Int64
    /// The divisor, more than 0.
    public let divisor: Int64

    /// A fraction.
    ///
    /// - Precondition: the dividend is 0 or more, the divisor more than 0.
    public init(dividend: Int64, divisor: Int64) {
      precondition(dividend >= 0 && divisor > 0)
      (self.dividend, self.divisor) = (dividend, divisor)
    }
  }

  /// Days of the period by this convention: 30E/360 counts its own, the others the calendar's.
  public func days(from start: Day, to end: Day) throws(ValueError) -> Int64 {
    guard start <= end else { throw .periodInvalid }
    guard self == .thirty360 else { return start.days(to: end) }
    let (a, b) = (start.civil, end.civil)
    return 360 * (b.year - a.year) + 30 * (b.month - a.month) + min(b.day, 30) - min(a.day, 30)
  }

  /// The part of a year from `start` inclusive to `end` exclusive.
  public func fraction(from start: Day, to end: Day) throws(ValueError) -> Fraction {
    let days = try days(from: start, to: end)
    switch self {
    case .actual360, .thirty360: return Fraction(dividend: days, divisor: 360)
    case .actual365: return Fraction(dividend: days, divisor: 365)
    case .actualActual:
      var (leap, day) = (Int64(0), start)
      while day < end {
        let year = day.civil.year
        let next = year == 2199 ? end : min(end, try Day(year: year + 1, month: 1, day: 1))
        if Day.isLeap(year) { leap += day.days(to: next) }
        day = next
      }
      return Fraction(dividend: leap * 365 + (days - leap) * 366, divisor: 365 * 366)
    }
  }
}
