internal import Primitives

/// Which 32 bytes may be an Ed25519 public key (RFC 8032, section 5.1.3).
///
/// swift-crypto takes any 32 bytes and fails later, at each signature. Refused here, once: bytes that are no point, those
/// that are a second spelling of one, and the points of small order, for which anyone can make signatures. All values
/// are public, so nothing need be constant in time.
enum Edwards {
  /// Whether `bytes` are the canonical encoding of a point whose order is not small.
  static func isUsablePoint(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 32 else { return false }
    var limbs: Field = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &limbs) { $0.copyBytes(from: bytes) }
    var y: Field = (
      UInt64(littleEndian: limbs.0), UInt64(littleEndian: limbs.1), UInt64(littleEndian: limbs.2),
      UInt64(littleEndian: limbs.3)
    )
    y.3 &= .max >> 1
    guard !isAtLeastPrime(y) else { return false }
    // x² = (y² − 1) / (d·y² + 1) has a solution when numerator times denominator is a square or zero.
    let square = multiply(y, y)
    let numerator = add(square, minusOne)
    let denominator = add(multiply(d, square), (1, 0, 0, 0))
    guard isSquare(multiply(numerator, denominator)) else { return false }
    return !smallOrder.contains { $0 == y }
  }

  private typealias Field = (UInt64, UInt64, UInt64, UInt64)

  private static let minusOne: Field = (0xffff_ffff_ffff_ffec, .max, .max, .max >> 1)

  /// −121665 / 121666.
  private static let d: Field = (
    0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73
  )

  /// The y of the points of order 1, 2, 4 and 8; the sign of x makes no difference to a point's order.
  private static let smallOrder: [Field] = [
    (1, 0, 0, 0), minusOne, (0, 0, 0, 0),
    (0xb027_b2c2_8f95_e826, 0xf098_eff2_89f4_c345, 0x3933_c6d3_05ac_dfd5, 0x05fc_536d_8802_38b1),
    (0x4fd8_4d3d_706a_17c7, 0x0f67_100d_760b_3cba, 0xc6cc_392c_fa53_202a, 0x7a03_ac92_77fd_c74e),
  ]

  private static func isAtLeastPrime(_ a: Field) -> Bool {
    a.3 == .max >> 1 && a.2 == .max && a.1 == .max && a.0 >= 0xffff_ffff_ffff_ffed
  }

  /// The sum modulo 2²⁵⁵ − 19 of two reduced numbers, reduced.
  private static func add(_ a: Field, _ b: Field) -> Field {
    let (r0, c0) = a.0.addingReportingOverflow(b.0)
    let (r1, c1) = sum(a.1, b.1, c0)
    let (r2, c2) = sum(a.2, b.2, c1)
    let (r3, _) = sum(a.3, b.3, c2)
    return reduce((r0, r1, r2, r3))
  }

  private static func sum(_ a: UInt64, _ b: UInt64, _ carry: Bool) -> (UInt64, Bool) {
    let (s, first) = a.addingReportingOverflow(b)
    let (t, second) = s.addingReportingOverflow(carry ? 1 : 0)
    return (t, first || second)
  }

  /// Any 256-bit number modulo the prime: bit 255 counts 19, and at most one subtraction is left.
  private static func reduce(_ a: Field) -> Field {
    var r = (a.0, a.1, a.2, a.3 & .max >> 1)
    r = carry(r, (a.3 >> 63) * 19)
    if isAtLeastPrime(r) || r.3 >> 63 == 1 {
      r = carry(r, 19)
      r.3 &= .max >> 1
    }
    return r
  }

  private static func carry(_ a: Field, _ small: UInt64) -> Field {
    let (r0, c0) = a.0.addingReportingOverflow(small)
    let (r1, c1) = sum(a.1, 0, c0)
    let (r2, c2) = sum(a.2, 0, c1)
    let (r3, _) = sum(a.3, 0, c2)
    return (r0, r1, r2, r3)
  }

  /// The product of two reduced numbers, reduced.
  private static func multiply(_ a: Field, _ b: Field) -> Field {
    let a: InlineArray<4, UInt64> = [a.0, a.1, a.2, a.3]
    let b: InlineArray<4, UInt64> = [b.0, b.1, b.2, b.3]
    var product = InlineArray<8, UInt64>(repeating: 0)
    for i in 0..<4 {
      var carry: UInt64 = 0
      for j in 0..<4 {
        let (high, low) = a[i].multipliedFullWidth(by: b[j])
        let (s, c1) = low.addingReportingOverflow(product[i + j])
        let (t, c2) = s.addingReportingOverflow(carry)
        product[i + j] = t
        carry = high &+ (c1 ? 1 : 0) &+ (c2 ? 1 : 0)
      }
      product[i + 4] = carry
    }
    // 2²⁵⁶ counts 38.
    var low = InlineArray<4, UInt64>(repeating: 0)
    var carry: UInt64 = 0
    for i in 0..<4 {
      let (high, part) = product[i + 4].multipliedFullWidth(by: 38)
      let (s, c1) = part.addingReportingOverflow(product[i])
      let (t, c2) = s.addingReportingOverflow(carry)
      low[i] = t
      carry = high &+ (c1 ? 1 : 0) &+ (c2 ? 1 : 0)
    }
    let folded = (low[0], low[1], low[2], low[3])
    let again = self.carry(folded, carry &* 38)
    // A second wrap past 2²⁵⁶ leaves a small number: add its 38.
    return reduce(again.3 < folded.3 ? self.carry(again, 38) : again)
  }

  /// Euler's criterion: a to the power of (p − 1) / 2 = 2²⁵⁴ − 10 is 0 or 1.
  private static func isSquare(_ a: Field) -> Bool {
    // In binary: 250 ones, then 0110. `ones(n)` is a to the power of 2ⁿ − 1; ones(m + n) = ones(m)^(2ⁿ) · ones(n).
    let ones2 = multiply(square(a, times: 1), a)
    let ones4 = multiply(square(ones2, times: 2), ones2)
    let ones5 = multiply(square(ones4, times: 1), a)
    let ones10 = multiply(square(ones5, times: 5), ones5)
    let ones20 = multiply(square(ones10, times: 10), ones10)
    let ones40 = multiply(square(ones20, times: 20), ones20)
    let ones50 = multiply(square(ones40, times: 10), ones10)
    let ones100 = multiply(square(ones50, times: 50), ones50)
    let ones200 = multiply(square(ones100, times: 100), ones100)
    let ones250 = multiply(square(ones200, times: 50), ones50)
    let power = multiply(square(ones250, times: 4), square(multiply(square(a, times: 1), a), times: 1))
    return power == (1, 0, 0, 0) || power == (0, 0, 0, 0)
  }

  private static func square(_ a: Field, times: Int) -> Field {
    var power = a
    for _ in 0..<times { power = multiply(power, power) }
    return power
  }
}
