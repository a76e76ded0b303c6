/// Times of EPCIS: RFC 3339 with a zone, kept at milliseconds in UTC.
public enum EventTime {
  /// Milliseconds since 1970 in UTC, rounded half up on the fourth decimal, or nil when the text is not a time.
  ///
  /// Takes `YYYY-MM-DDThh:mm:ss[.digits](Z|±hh:mm)` (RFC 3339 section 5.6; T and Z in either case; a leap second
  /// only as the last of a UTC day, counted as the first of the next). Years 0000 to 9999.
  public static func milliseconds(_ text: String) -> Int64? {
    milliseconds(Array(text.utf8))
  }

  /// The same for bytes.
  static func milliseconds(_ b: [UInt8]) -> Int64? {
    guard b.count >= 20, b[4] == UInt8(ascii: "-"), b[7] == UInt8(ascii: "-"), b[10] | 0x20 == UInt8(ascii: "t"),
      b[13] == UInt8(ascii: ":"), b[16] == UInt8(ascii: ":"), let year = number(b, 0, 4), let month = number(b, 5, 2),
      let day = number(b, 8, 2), let hour = number(b, 11, 2), let minute = number(b, 14, 2),
      let second = number(b, 17, 2), (1...12).contains(month), day >= 1, day <= daysIn(month, of: year), hour < 24,
      minute < 60, second <= 60
    else { return nil }
    var index = 19
    var fraction: Int64 = 0
    if b[index] == UInt8(ascii: ".") {
      index += 1
      let start = index
      while index < b.count, b[index] &- 0x30 < 10 {
        let place = index - start
        let digit = Int64(b[index] - 0x30)
        if place < 3 { fraction += digit * (place == 0 ? 100 : place == 1 ? 10 : 1) }
        if place == 3, digit >= 5 { fraction += 1 }
        index += 1
      }
      guard index > start else { return nil }
    }
    guard index < b.count else { return nil }
    var offset = 0
    if b[index] | 0x20 == UInt8(ascii: "z") {
      guard index + 1 == b.count else { return nil }
    } else {
      guard b[index] == UInt8(ascii: "+") || b[index] == UInt8(ascii: "-"), index + 6 == b.count,
        b[index + 3] == UInt8(ascii: ":"), let hours = number(b, index + 1, 2), let minutes = number(b, index + 4, 2),
        hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (b[index] == UInt8(ascii: "-") ? -1 : 1)
    }
    let minutes = Int64(daysSince1970(year, month, day)) * 1440 + Int64(hour * 60 + minute - offset)
    if second == 60, (minutes % 1440 + 1440) % 1440 != 1439 { return nil }
    return (minutes * 60 + Int64(second)) * 1000 + fraction
  }

  /// The text `YYYY-MM-DDThh:mm:ss.sssZ` of a time in milliseconds since 1970.
  ///
  /// Gives nil outside the years 0000 to 9999.
  public static func text(_ milliseconds: Int64) -> String? {
    bytes(milliseconds).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The text as bytes.
  static func bytes(_ milliseconds: Int64) -> [UInt8]? {
    guard milliseconds >= -62_167_219_200_000, milliseconds < 253_402_300_800_000 else { return nil }
    let day = Int((milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000)
    let rest = Int(milliseconds - Int64(day) * 86_400_000)
    let (year, month, dayOfMonth) = civil(day)
    var out: [UInt8] = []
    out.reserveCapacity(24)
    func put(_ value: Int, _ width: Int, _ after: UInt8) {
      var scale = width == 4 ? 1000 : width == 3 ? 100 : 10
      while scale > 0 {
        out.append(UInt8(0x30 + value / scale % 10))
        scale /= 10
      }
      out.append(after)
    }
    put(year, 4, UInt8(ascii: "-"))
    put(month, 2, UInt8(ascii: "-"))
    put(dayOfMonth, 2, UInt8(ascii: "T"))
    put(rest / 3_600_000, 2, UInt8(ascii: ":"))
    put(rest / 60_000 % 60, 2, UInt8(ascii: ":"))
    put(rest / 1000 % 60, 2, UInt8(ascii: "."))
    put(rest % 1000, 3, UInt8(ascii: "Z"))
    return out
  }

  /// The canonical text of a time as written, or nil when it is not a time.
  public static func canonical(_ text: String) -> String? { milliseconds(text).flatMap { self.text($0) } }

  private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
    var value = 0
    for index in start..<(start + count) {
      guard bytes[index] &- 0x30 < 10 else { return nil }
      value = value * 10 + Int(bytes[index] - 0x30)
    }
    return value
  }

  private static func daysIn(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01 in the Gregorian calendar, counted from March so that the leap day is the last.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    // 400 years more keep every division on non-negative numbers.
    let y = (month <= 2 ? year - 1 : year) + 400
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return (era - 1) * 146_097 + dayOfEra - 719_468
  }

  private static func civil(_ days: Int) -> (Int, Int, Int) {
    let z = days + 719_468 + 146_097
    let era = z / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + (era - 1) * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
