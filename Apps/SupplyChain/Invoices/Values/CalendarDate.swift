/// A day of the Gregorian calendar, as UBL and ISO 20022 write dates; without time or zone.
public struct CalendarDate: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The year, 1 to 9999.
  public let year: Int
  /// The month, 1 to 12.
  public let month: Int
  /// The day of the month, from 1.
  public let day: Int

  /// A day; nil if the calendar has none such.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= CalendarDate.days(month, year) else {
      return nil
    }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The day of an `xs:date` text: `2026-03-01`, with or without a zone, which is dropped.
  ///
  /// White space around it is allowed. Nil for anything else.
  public init?(_ text: some StringProtocol) {
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.first, byte <= 0x20 { bytes.removeFirst() }
    while let byte = bytes.last, byte <= 0x20 { bytes.removeLast() }
    guard bytes.count >= 10, CalendarDate.isZone(bytes.dropFirst(10)) else { return nil }
    let start = bytes.startIndex
    guard bytes[start + 4] == 0x2D, bytes[start + 7] == 0x2D, let year = CalendarDate.number(bytes[start..<start + 4]),
      let month = CalendarDate.number(bytes[start + 5..<start + 7]),
      let day = CalendarDate.number(bytes[start + 8..<start + 10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The day of an `xs:dateTime` or an `xs:date` text; the time is dropped, the day is the one written.
  public init?(startOf text: some StringProtocol) {
    let trimmed = text.drop { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }
    if let mark = trimmed.firstIndex(of: "T") { self.init(trimmed[..<mark]) } else { self.init(trimmed) }
  }

  private static func isZone(_ bytes: ArraySlice<UInt8>) -> Bool {
    if bytes.isEmpty || bytes.elementsEqual([0x5A]) { return true }
    guard bytes.count == 6, let sign = bytes.first, sign == 0x2B || sign == 0x2D else { return false }
    let start = bytes.startIndex
    guard bytes[start + 3] == 0x3A, let hours = number(bytes[start + 1..<start + 3]),
      let minutes = number(bytes[start + 4..<start + 6])
    else { return false }
    return hours <= 14 && minutes < 60
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  private static func days(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether the left day is earlier.
  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  /// `2026-03-01`.
  public var description: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
