import Primitives
import SenML
import Testing

struct NumberTests {
  @Test(
    arguments: [
      ("0", 0, 0), ("-0", 0, 0), ("0.000", 0, 0), ("0e9", 0, 0), ("1.1", 11, -1), ("1.10", 11, -1),
      ("-23.50", -235, -1),
      ("0.14e1", 14, -1), ("1.320078429e+09", 1_320_078_429, 0), ("1e-18", 1, -18), ("12e3", 12_000, 0),
      ("0.5e1", 5, 0), ("1276020076.001", 1_276_020_076_001, -3), ("9223372036854775807", .max, 0),
      ("-9223372036854775808", .min, 0),
      ("10000000000000000000", 1, 19), ("123e20", 123, 20), ("1e127", 1, 127), ("1.5e-127", 15, -128),
      ("100000000000000000000000000000e-29", 1, 0), ("0.00000000000000000000000000000000000001", 1, -38),
    ] as [(String, Int64, Int)])
  func `texts become mantissa and exponent in one form`(text: String, mantissa: Int64, exponent: Int) {
    let found = SenMLNumber(text)
    #expect(found?.mantissa == mantissa && found.map { Int($0.exponent) } == exponent, "\(text)")
    #expect(found.flatMap { SenMLNumber($0.description) } == found)
  }

  @Test(arguments: [
    "", "-", "+1", ".5", "5.", "1e", "1e+", "1E3", "01", "-01", "1.2.3", "1e5.0", "1e5e5", "--1", "1-", "0x10", "NaN",
    "Infinity", " 1", "1 ", "1_0", "1,5", "1.e5", "e5", "１", "9223372036854775808", "-9223372036854775809",
    "1.0000000000000000001", "1e128", "1e-129", "1e400", "1e99999999999999999999", "0.1e-128", "9223372036854775808e-1",
    "92233720368547758070000000000000000000001",
  ])
  func `what is no number, or would be rounded, is none`(text: String) { #expect(SenMLNumber(text) == nil) }

  @Test func `sums and order agree with wide integers`() throws {
    let seed: UInt64 = 8428
    var random = SeededGenerator(seed: seed)
    func pick(_ random: inout SeededGenerator) -> (SenMLNumber, Int128)? {
      let exponent = Int.random(in: -9...9, using: &random)
      let digits = Int64(1) << Int64.random(in: 0...40, using: &random)
      let mantissa = Int64.random(in: -digits...digits, using: &random)
      guard let number = SenMLNumber(mantissa: mantissa, exponent: exponent) else { return nil }
      // In units of 10⁻⁹.
      return (number, (0..<exponent + 9).reduce(Int128(mantissa)) { value, _ in value * 10 })
    }
    var sums = 0
    for round in 0..<rounds(20_000) {
      guard let (a, x) = pick(&random), let (b, y) = pick(&random) else { continue }
      #expect((a < b) == (x < y) && (a == b) == (x == y), "seed \(seed) round \(round): \(a) \(b)")
      var (mantissa, exponent) = (x + y, -9)
      while mantissa != 0, mantissa % 10 == 0 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
      let expected = Int64(exactly: mantissa).flatMap {
        SenMLNumber(mantissa: $0, exponent: mantissa == 0 ? 0 : exponent)
      }
      #expect(a.adding(b) == expected, "seed \(seed) round \(round): \(a) + \(b)")
      if expected != nil { sums += 1 }
      #expect(SenMLNumber(a.description) == a, "seed \(seed) round \(round)")
    }
    #expect(sums > 0)
  }

  @Test func `sums at the edges`() throws {
    let most = SenMLNumber(.max)
    #expect(most.adding(SenMLNumber(1)) == nil)
    // 2⁶³ − 1 + 3 is ten times an odd number of 18 digits: it fits again.
    #expect(most.adding(SenMLNumber(3))?.description == "922337203685477581e1")
    #expect(SenMLNumber(.min).adding(most) == SenMLNumber(-1))
    #expect(try number("1e20").adding(number("9e18"))?.description == "109e18")
    #expect(try number("1e37").adding(number("1")) == nil)
    #expect(try number("1e127").adding(number("1e-128")) == nil)
    #expect(try number("1e127").adding(.zero) == number("1e127"))
    #expect(try number("0.1").adding(number("0.2")) == number("0.3"))
    #expect(try number("1.5").adding(number("-1.5")) == .zero)
    #expect(try number("1e127") > number("9223372036854775807"))
    #expect(try number("-1e127") < number("1e-128"))
    #expect(try number("1e-128") > .zero)
    #expect(try number("-1e-128") < .zero)
  }

  @Test func `doubles become their shortest decimals`() throws {
    #expect(SenMLNumber(double: 23.1)?.description == "23.1")
    #expect(SenMLNumber(double: -0.0) == .zero)
    #expect(SenMLNumber(double: 1e22)?.description == "1e22")
    #expect(SenMLNumber(double: 0.1 + 0.2)?.description == "0.30000000000000004")
    // The single float nearest to 1.1 is another double than 1.1.
    #expect(SenMLNumber(double: Double(Float(1.1)))?.description == "1.100000023841858")
    for none in [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
      #expect(SenMLNumber(double: none) == nil)
    }
    let seed: UInt64 = 754
    var random = SeededGenerator(seed: seed)
    for round in 0..<rounds(20_000) {
      let sign: Double = Bool.random(using: &random) ? 1 : -1
      let value = Double(
        bitPattern: random.next() & 0xf_ffff_ffff_ffff | UInt64.random(in: 823...1223, using: &random) << 52)
      guard let found = SenMLNumber(double: sign * value) else {
        Issue.record("seed \(seed) round \(round): \(value)")
        continue
      }
      #expect(found.double == sign * value, "seed \(seed) round \(round): \(value)")
    }
  }

  @Test func `microseconds and back`() throws {
    for value: Int64 in [0, 1, -1, 1_276_020_076_001_000, .max, .min, 1_000_000, 10] {
      #expect(SenMLNumber(microseconds: value).microseconds == value)
    }
    #expect(SenMLNumber(microseconds: 1_276_020_076_001_000).description == "1276020076.001")
    #expect(try number("1e-7").microseconds == nil)
    #expect(SenMLNumber(.max).microseconds == nil)
    #expect(try number("0.0000010").microseconds == 1)
  }
}
