extension SenMLNumber: CustomStringConvertible {
  /// The number of a JSON text, exactly; nil when it is none or does not fit.
  ///
  /// Takes what RFC 8259 section 6 writes as a number, with a small `e` (RFC 8428 section 5): `1.10` and `1.1` are one
  /// value. Digits beyond those of 64 bits and an exponent beyond a byte are not rounded away: they give nil.
  public init?(_ text: some StringProtocol) { self.init(utf8: text.utf8) }

  /// The same for the bytes of a text.
  init?(utf8 text: some Sequence<UInt8>) {
    var mantissa: Int128 = 0
    // Digits of the fraction, and zeros that wait to see whether a digit follows.
    var (power, zeros) = (0, 0)
    var (isNegative, hasDigit, hasPoint, hasLeadingZero) = (false, false, false, false)
    var hasFraction = false
    var exponent: Int?
    var exponentIsNegative = false
    var previous: UInt8 = 0
    for byte in text {
      defer { previous = byte }
      switch byte {
      case 0x30...0x39:
        let digit = Int(byte - 0x30)
        if let value = exponent {
          exponent = min(value * 10 + digit, 100_000)
          continue
        }
        if hasLeadingZero, !hasPoint { return nil }
        if !hasDigit, digit == 0 { hasLeadingZero = true }
        hasDigit = true
        if hasPoint { (hasFraction, power) = (true, power - 1) }
        guard digit != 0 else {
          zeros += 1
          continue
        }
        for _ in 0..<(mantissa == 0 ? 0 : zeros) {
          mantissa *= 10
          guard mantissa < 1 << 64 else { return nil }
        }
        zeros = 0
        mantissa = mantissa * 10 + Int128(digit)
        guard mantissa < 1 << 64 else { return nil }
      case UInt8(ascii: "-") where previous == 0: isNegative = true
      case UInt8(ascii: "-") where previous == UInt8(ascii: "e"): exponentIsNegative = true
      case UInt8(ascii: "+") where previous == UInt8(ascii: "e"): break
      case UInt8(ascii: ".") where hasDigit && !hasPoint && exponent == nil: hasPoint = true
      case UInt8(ascii: "e") where hasDigit && exponent == nil && previous != UInt8(ascii: "."): exponent = 0
      default: return nil
      }
    }
    guard hasDigit, !hasPoint || hasFraction, previous &- 0x30 < 10 else { return nil }
    let value = (exponent ?? 0) * (exponentIsNegative ? -1 : 1)
    self.init(wide: isNegative ? -mantissa : mantissa, exponent: power + (mantissa == 0 ? 0 : zeros) + value)
  }

  /// The shortest decimal that gives this double again; nil for infinities, for what is no number, and for values beyond
  /// an exponent of a byte.
  public init?(double: Double) {
    guard double.isFinite else { return nil }
    if let whole = Int64(exactly: double) {
      self.init(whole)
    } else {
      self.init(utf8: double.description.utf8)
    }
  }

  /// The number as JSON writes it: without an exponent, unless the text would be long.
  public var description: String {
    guard exponent != 0 else { return "\(mantissa)" }
    guard exponent < 0, exponent >= -18 else { return "\(mantissa)e\(exponent)" }
    let places = -Int(exponent)
    var digits = Array("\(mantissa.magnitude)".utf8)
    if digits.count <= places {
      digits.insert(contentsOf: repeatElement(0x30, count: places - digits.count + 1), at: 0)
    }
    digits.insert(UInt8(ascii: "."), at: digits.count - places)
    if mantissa < 0 { digits.insert(UInt8(ascii: "-"), at: 0) }
    return String(decoding: digits, as: UTF8.self)
  }
}
