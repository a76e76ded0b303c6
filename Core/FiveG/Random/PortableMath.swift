/// Elementary functions from IEEE 754 additions, multiplications, divisions and square roots only.
///
/// These five operations are correctly rounded on every machine and Swift does not fuse them, so the results are the same
/// bits everywhere; libm's `log`, `exp` and `cos` promise no such thing. Absolute errors are below 1e-9 in the ranges
/// used, which tests compare with libm.
public enum PortableMath {
  /// The natural logarithm of a positive, finite, normal number.
  ///
  /// The significand is brought into 0.707 ... 1.414 and ln m = 2 artanh((m - 1) / (m + 1)) is summed to the 17th power.
  @inlinable
  public static func ln(_ x: Double) -> Double {
    var exponent = Double(Int64(x.exponent))
    var m = x.significand
    if m > 1.414_213_562_373_095 {
      m *= 0.5
      exponent += 1
    }
    let s = (m - 1) / (m + 1)
    let q = s * s
    var sum = 1.0 / 17.0
    sum = sum * q + 1.0 / 15.0
    sum = sum * q + 1.0 / 13.0
    sum = sum * q + 1.0 / 11.0
    sum = sum * q + 1.0 / 9.0
    sum = sum * q + 1.0 / 7.0
    sum = sum * q + 1.0 / 5.0
    sum = sum * q + 1.0 / 3.0
    sum = sum * q + 1.0
    return exponent * 0.693_147_180_559_945_3 + 2 * s * sum
  }

  /// The cosine of an angle in degrees between -90 and 90.
  public static func cosine(degrees: Double) -> Double {
    let x = degrees * 0.017_453_292_519_943_295
    let q = x * x
    var sum = 1.0
    // Horner's rule over the Taylor series: 1 - q/2 (1 - q/12 (1 - ...)), to the 20th power.
    var n = 20.0
    while n >= 2 {
      sum = 1 - sum * q / (n * (n - 1))
      n -= 2
    }
    return sum
  }

  /// The standard normal quantile of 0 < p < 1 (Acklam's rational approximation, relative error 1.15e-9).
  public static func normalQuantile(_ p: Double) -> Double {
    let low = 0.02425
    if p < low { return -tail((-2 * ln(p)).squareRoot()) }
    if p > 1 - low { return tail((-2 * ln(1 - p)).squareRoot()) }
    let q = p - 0.5
    let r = q * q
    var a = -3.969683028665376e+01
    a = a * r + 2.209460984245205e+02
    a = a * r - 2.759285104469687e+02
    a = a * r + 1.383577518672690e+02
    a = a * r - 3.066479806614716e+01
    a = a * r + 2.506628277459239e+00
    var b = -5.447609879822406e+01
    b = b * r + 1.615858368580409e+02
    b = b * r - 1.556989798598866e+02
    b = b * r + 6.680131188771972e+01
    b = b * r - 1.328068155288572e+01
    b = b * r + 1
    return a * q / b
  }

  /// The upper tail of the quantile, by q = sqrt(-2 ln p).
  private static func tail(_ q: Double) -> Double {
    var c = -7.784894002430293e-03
    c = c * q - 3.223964580411365e-01
    c = c * q - 2.400758277161838e+00
    c = c * q - 2.549732539343734e+00
    c = c * q + 4.374664141464968e+00
    c = c * q + 2.938163982698783e+00
    var d = 7.784695709041462e-03
    d = d * q + 3.224671290700398e-01
    d = d * q + 2.445134137142996e+00
    d = d * q + 3.754408661907416e+00
    d = d * q + 1
    return -c / d
  }
}
