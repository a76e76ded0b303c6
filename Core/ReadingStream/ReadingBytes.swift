/// Numbers and texts as JSON and CBOR, straight into a buffer that is used again and again.
extension [UInt8] {
  /// The digits of a number.
  @inline(__always)
  mutating func appendDigits(_ value: UInt64) {
    var rest = value
    var digits = InlineArray<20, UInt8>(repeating: 0x30)
    var count = 0
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      digits[19 - count] = 0x30 &+ UInt8(truncatingIfNeeded: digit)
      rest = quotient
      count += 1
    } while rest != 0
    for place in (20 - count)..<20 { append(digits[place]) }
  }

  /// `mantissa · 10^exponent` as a decimal without an exponent, −18 ≤ exponent ≤ 0, without zeros at its end.
  @inline(__always)
  mutating func appendDecimal(_ mantissa: Int64, _ exponent: Int8) {
    let (mantissa, exponent) = Self.shortened(mantissa, exponent)
    if mantissa < 0 { append(UInt8(ascii: "-")) }
    var rest = mantissa.magnitude
    var scale: UInt64 = 1
    for _ in 0..<Int(-exponent) { scale *= 10 }
    appendDigits(rest / scale)
    rest %= scale
    guard exponent < 0 else { return }
    append(UInt8(ascii: "."))
    for _ in 0..<Int(-exponent) {
      scale /= 10
      append(0x30 &+ UInt8(truncatingIfNeeded: rest / scale))
      rest %= scale
    }
  }

  /// The same as an integer, or as a decimal fraction with the fewest digits (RFC 8949, section 3.4.4).
  @inline(__always)
  mutating func appendCBORDecimal(_ mantissa: Int64, _ exponent: Int8) {
    let (mantissa, exponent) = Self.shortened(mantissa, exponent)
    if exponent < 0 {
      append(0xc4)
      append(0x82)
      append(0x20 | UInt8(-1 - exponent))
    }
    if mantissa < 0 {
      appendCBORHead(1, UInt64(bitPattern: -1 - mantissa))
    } else {
      appendCBORHead(0, UInt64(bitPattern: mantissa))
    }
  }

  @inline(__always)
  private static func shortened(_ mantissa: Int64, _ exponent: Int8) -> (Int64, Int8) {
    if mantissa == 0 { return (0, 0) }
    var (mantissa, exponent) = (mantissa, exponent)
    while exponent < 0 {
      let (quotient, digit) = mantissa.quotientAndRemainder(dividingBy: 10)
      if digit != 0 { break }
      (mantissa, exponent) = (quotient, exponent + 1)
    }
    return (mantissa, exponent)
  }

  /// The shortest head of an item.
  @inline(__always)
  mutating func appendCBORHead(_ major: UInt8, _ value: UInt64) {
    let type = major << 5
    switch value {
    case ..<24: append(type | UInt8(truncatingIfNeeded: value))
    case ..<0x100:
      append(type | 24)
      append(UInt8(truncatingIfNeeded: value))
    case ..<0x1_0000:
      append(type | 25)
      appendBigEndian(value, 2)
    case ..<0x1_0000_0000:
      append(type | 26)
      appendBigEndian(value, 4)
    default:
      append(type | 27)
      appendBigEndian(value, 8)
    }
  }

  @inline(__always)
  mutating func appendBigEndian(_ value: UInt64, _ count: Int) {
    for place in 0..<count { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - place)))) }
  }

  mutating func appendCBORText(_ text: String.UTF8View) {
    appendCBORHead(3, UInt64(text.count))
    append(contentsOf: text)
  }

  /// Eight bytes in base64url without padding: eleven characters.
  mutating func appendBase64URL(_ value: UInt64) {
    for place in 0..<11 {
      let shift = 58 - 6 * place
      let six = shift >= 0 ? value >> UInt64(shift) & 63 : value << UInt64(-shift) & 63
      append(Self.alphabet[Int(six)])
    }
  }

  private static var alphabet: StaticAlphabet { StaticAlphabet() }
}

/// The characters of base64url.
private struct StaticAlphabet {
  @inline(__always)
  subscript(six: Int) -> UInt8 {
    switch six {
    case ..<26: UInt8(truncatingIfNeeded: 0x41 + six)
    case ..<52: UInt8(truncatingIfNeeded: 0x61 + six - 26)
    case ..<62: UInt8(truncatingIfNeeded: 0x30 + six - 52)
    case 62: UInt8(ascii: "-")
    default: UInt8(ascii: "_")
    }
  }
}
