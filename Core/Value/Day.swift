/// A day of the Gregorian calendar, 1900 to 2199, without a time of day.
///
/// Civil days are counted by the algorithm of Howard Hinnant (`days_from_civil`); no calendar library is asked.
public struct Day: Sendable, Hashable, Comparable {
  /// Days since 1970-01-01.
  public let number: Int64

  /// 1900-01-01.
  public static let first = Day(unchecked: -25_567)
  /// 2199-12-31.
  public static let last = Day(unchecked: 84_005)

  private init(unchecked number: Int64) { self.number = number }

  /// The day so many days after 1970-01-01; throws outside 1900 to 2199.
  public init(number: Int64) throws(ValueError) {
    guard (Day.first.number...Day.last.number).contains(number) else { throw .periodInvalid }
    self.number = number
  }

  /// The day of a date; throws for a day that the month does not have.
  public init(year: Int64, month: Int64, day: Int64) throws(ValueError) {
    guard (1900...2199).contains(year), (1...12).contains(month), day >= 1, day <= Day.days(of: month, in: year)
    else { throw .periodInvalid }
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day of a text `2026-11-22` (ISO 8601).
  public init(_ text: String) throws(ValueError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let year = Int64(parts[0]),
      let month = Int64(parts[1]), let day = Int64(parts[2])
    else { throw .periodInvalid }
    try self.init(year: year, month: month, day: day)
  }

  /// The UTC day of a time in milliseconds since 1970.
  public init(milliseconds: UInt64) throws(ValueError) { try self.init(number: Int64(milliseconds / 86_400_000)) }

  /// Year, month and day of the month.
  public var civil: (year: Int64, month: Int64, day: Int64) {
    let z = number + 719_468
    let era = z / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  /// Days from this one to `other`; negative when it is earlier.
  public func days(to other: Day) -> Int64 { other.number - number }

  /// The day so many days later; throws outside the calendar.
  public func adding(_ days: Int64) throws(ValueError) -> Day { try Day(number: try number.plusChecked(days)) }

  /// Midnight at its beginning in UTC, milliseconds since 1970; 0 before 1970.
  public var milliseconds: UInt64 { UInt64(max(0, number)) * 86_400_000 }

  /// Whether it is a Saturday or Sunday.
  public var isWeekend: Bool { [2, 3].contains(((number % 7) + 7) % 7) }

  /// The day itself, or the Monday after a weekend.
  public var followingBusinessDay: Day {
    var day = self
    while day.isWeekend { day = Day(unchecked: day.number + 1) }
    return day
  }

  /// Whether a year has 366 days.
  public static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(of month: Int64, in year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Earlier before later.
  public static func < (a: Day, b: Day) -> Bool { a.number < b.number }
}

extension Day: CustomStringConvertible {
  /// `2026-11-22`.
  public var description: String {
    let (year, month, day) = civil
    return "\(year)-\(String(month + 100).dropFirst())-\(String(day + 100).dropFirst())"
  }
}
