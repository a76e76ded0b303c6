import Foundation
import Invoices
import Primitives
import Testing

@Suite("Numbers, money, dates and identifiers")
struct ValueTests {
  @Test("Decimals are read exactly and written back") func decimals() throws {
    for text in ["0", "1.50", "-3.96", "0.005", "123456789012345678.123456789012345678", "-0.10", "100"] {
      #expect(ExactDecimal(text)?.description == text)
    }
    #expect(ExactDecimal("+.5")?.description == "0.5")
    #expect(ExactDecimal(" 5. ")?.description == "5")
    #expect(ExactDecimal("1.50") == ExactDecimal("1.5"))
    #expect(Set([ExactDecimal("1.50"), ExactDecimal("1.5")]).count == 1)
    for text in ["", " ", ".", "-", "1e3", "1,5", "1.2.3", "0x1", "NaN", "1 000", "--1", "１"] {
      #expect(ExactDecimal(text) == nil, "\(text)")
    }
    #expect(ExactDecimal("1234567890123456789") == nil)
    #expect(ExactDecimal("0." + String(repeating: "1", count: 19)) == nil)
    #expect(ExactDecimal(String(repeating: "0", count: 500) + "7") == ExactDecimal(7))
    #expect(ExactDecimal("7." + String(repeating: "0", count: 500)) == ExactDecimal(7))
  }

  @Test("Arithmetic agrees with an obvious model and never traps", arguments: 0..<4)
  func arithmetic(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let (a, b) = (
        Int64.random(in: -9_999_999...9_999_999, using: &random), Int64.random(in: -9_999...9_999, using: &random)
      )
      let left = try #require(ExactDecimal(coefficient: Int128(a), decimals: 4))
      let right = try #require(ExactDecimal(coefficient: Int128(b), decimals: 2))
      #expect(left.adding(right)?.coefficient(atDecimals: 4) == Int128(a + b * 100), "seed \(seed)")
      #expect(left.multiplied(by: right)?.coefficient(atDecimals: 6) == Int128(a) * Int128(b), "seed \(seed)")
      #expect((left < right) == (a < b * 100), "seed \(seed)")
      let cents = Int128((Double(a) / 100).rounded(.toNearestOrAwayFromZero))
      #expect(left.rounded(toDecimals: 2).coefficient == cents, "seed \(seed)")
      if b != 0 {
        let quotient = try #require(left.divided(by: right, decimals: 3))
        let model = (Double(a) / 10_000) / (Double(b) / 100)
        let found = Double(quotient.coefficient) / 1_000
        #expect(abs(found - model) <= 0.000_501 + abs(model) * 1e-12, "seed \(seed)")
      }
    }
    let large = try #require(ExactDecimal("999999999999999999.999999999999999999"))
    #expect(large.multiplied(by: large) == nil)
    #expect(large.divided(by: .zero, decimals: 2) == nil)
    #expect(large.negated < large)
  }

  @Test("Currencies have the exponents of ISO 4217") func currencies() throws {
    let expected = ["EUR": 2, "CNY": 2, "JPY": 0, "KWD": 3, "CLF": 4, "UYW": 4, "ISK": 0, "VND": 0, "TND": 3, "STN": 2]
    for (code, exponent) in expected { #expect(Currency(code)?.exponent == exponent, "\(code)") }
    for code in ["eur", "EU", "EURO", "DEM", "HRK", "BGN", "ZZZ", ""] { #expect(Currency(code) == nil, "\(code)") }
    #expect(Currency.all.count == 180)
    #expect(Currency("XAU")?.isPayable == false)
  }

  @Test("Amounts become minor units or nothing") func amounts() throws {
    func units(_ text: String, _ code: String) -> Int64? {
      guard let decimal = ExactDecimal(text), let currency = Currency(code) else { return nil }
      return Amount(decimal, currency: currency)?.minorUnits
    }
    #expect(units("12.3", "EUR") == 1230)
    #expect(units("12.300", "EUR") == 1230)
    #expect(units("12.305", "EUR") == nil)
    #expect(units("100.00", "JPY") == 100)
    #expect(units("100.5", "JPY") == nil)
    #expect(units("1.234", "KWD") == 1234)
    #expect(units("-0.01", "EUR") == -1)
    #expect(units("92233720368547758.07", "EUR") == Int64.max)
    #expect(units("92233720368547758.08", "EUR") == nil)
    let kuwait = try #require(Currency("KWD"))
    #expect(Amount(minorUnits: -5, currency: kuwait).description == "-0.005 KWD")
  }

  @Test("Dates are days of the calendar") func dates() {
    #expect(CalendarDate("2024-02-29")?.description == "2024-02-29")
    #expect(CalendarDate(" 2026-01-31+08:00 ")?.description == "2026-01-31")
    #expect(CalendarDate("2026-01-31Z") == CalendarDate("2026-01-31"))
    #expect(CalendarDate(startOf: "2026-01-31T23:59:59+08:00") == CalendarDate("2026-01-31"))
    for text in ["2023-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "31.01.2026", "2026-01-31X", "", "0000-01-01"] {
      #expect(CalendarDate(text) == nil, "\(text)")
    }
  }

  @Test("Legal entity identifiers carry canonical check digits") func lei() {
    for text in ["5493001KJTIIGC8Y1R12", "969500KSV493XWY0PS33"] { #expect(LEI(text) != nil, "\(text)") }
    for text in [
      "5493001KJTIIGC8Y1R13", "5493001KTJIIGC8Y1R12", "5493001kjtiigc8y1r12", "5493001KJTIIGC8Y1R1", "",
      "5493001KJTIIGC8Y1R123", "5493001KJTIIGC8Y1Ré",
    ] { #expect(LEI(text) == nil, "\(text)") }
    // For every base the digits are 02 to 98, and what leaves the same remainder otherwise is refused.
    var random = SeededGenerator(seed: 9)
    let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for _ in 0..<2_000 {
      let base = String((0..<18).map { _ in letters.randomElement(using: &random) ?? "0" })
      let valid = (0...99).map { base + ($0 < 10 ? "0\($0)" : "\($0)") }.filter { LEI($0) != nil }
      #expect(valid.count == 1)
      #expect(!["00", "01", "99"].contains(String(valid.first?.suffix(2) ?? "00")))
    }
  }

  @Test("IBANs are checked") func iban() {
    #expect(IBAN.isWellFormed("GB82WEST12345698765432"))
    #expect(IBAN.isWellFormed("NO9386011117947"))
    #expect(!IBAN.isWellFormed("GB82WEST12345698765433"))
    #expect(!IBAN.isWellFormed("gb82WEST12345698765432"))
  }
}
