import JSON
import Testing

struct CanonicalNumberTests {
  @Test(arguments: [
    ("23.0", "23"), ("007", "7"), ("1e3", "1000"), ("1E3", "1000"), ("1.50", "1.5"), ("0.10", "0.1"), ("-0", "0"),
    ("-0.0", "0"),
    ("0", "0"), ("000", "0"), ("1e-7", "0.0000001"), ("12.5e1", "125"), ("12.5e-3", "0.0125"), ("-1.0", "-1"),
    ("+5", "5"),
    (".5", "0.5"), ("5.", "5"), ("100", "100"), ("1e+2", "100"), ("0.00e5", "0"), ("120e-1", "12"), ("00.05", "0.05"),
    ("12345678901234567890.123456789", "12345678901234567890.123456789"), ("1e22", "10000000000000000000000"),
    ("-.50E1", "-5"),
    ("0e999999999999999999999", "0"),
  ])
  func `numbers become plain decimals`(text: String, expected: String) {
    #expect(CanonicalNumber.plain(Array(text.utf8)) == Array(expected.utf8))
  }

  @Test(arguments: [
    "", "+", "-", ".", "e5", "1e", "1e+", "1.2.3", "--1", "1 2", "0x10", "1,5", "12a", "NaN", "Infinity", "1_000",
    "2020-01-01", "+01:00",
    "1e999999999", "1e-999999999", "1e99999999999999999999999",
  ])
  func `what is no number, or too long when written out, stays`(text: String) {
    #expect(CanonicalNumber.plain(Array(text.utf8)) == nil)
  }
}
