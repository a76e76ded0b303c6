/// When in the year and the day something was measured.
package enum Season {
  /// Month, 1 to 12, and hour of a time in microseconds since 1970 (proleptic Gregorian calendar, UTC); integers only, as
  /// it is on the way of every reading that has a climate.
  package static func of(_ timeUs: Int64) -> (month: Int, hour: Int) {
    let seconds = Int(max(0, timeUs) / 1_000_000)
    // Days since 1 March of the year 0, within their era of 400 years.
    let ofEra = (seconds / 86_400 + 719_468) % 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let march = (5 * (ofEra - (365 * year + year / 4 - year / 100)) + 2) / 153
    return (march < 10 ? march + 3 : march - 9, seconds / 3600 % 24)
  }
}
