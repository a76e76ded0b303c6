/// The plain decimal form of a number's text.
public enum CanonicalNumber {
  /// The longest plain form that is written out; longer ones stay as they are, so that `1e999999999` is harmless.
  static let maximumDigits = 1_024

  /// The number without sign of plus, exponent, leading and trailing zeros, or nil when the text is not a number.
  ///
  /// Takes `[+-] digits [. digits] [e [+-] digits]` with at least one digit before or after the point: "007" gives
  /// 7, "23.0" gives 23, "1e3" gives 1000, "-0" gives 0.
  public static func plain(_ text: [UInt8]) -> [UInt8]? {
    guard let first = text.first, first &- 0x2B < 15 else { return nil }
    var index = 0
    var negative = false
    if text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-") {
      negative = text[0] == UInt8(ascii: "-")
      index = 1
    }
    // The significant digits, and where the point stands among them.
    var digits: [UInt8] = []
    var point = 0
    var seen = 0
    var afterPoint = false
    scan: while index < text.count {
      let byte = text[index]
      switch byte {
      case 0x30...0x39:
        seen += 1
        if byte != 0x30 || !digits.isEmpty {
          digits.append(byte)
          if !afterPoint { point += 1 }
        } else if afterPoint {
          point -= 1
        }
      case UInt8(ascii: "."):
        guard !afterPoint else { return nil }
        afterPoint = true
      default: break scan
      }
      index += 1
    }
    guard seen > 0 else { return nil }
    if index < text.count {
      guard let exponent = exponent(text[index...]) else { return nil }
      point += exponent
    }
    while digits.last == 0x30 { digits.removeLast() }
    guard !digits.isEmpty else { return [0x30] }
    guard abs(point) + digits.count <= maximumDigits else { return nil }
    var out: [UInt8] = negative ? [UInt8(ascii: "-")] : []
    if point <= 0 {
      out.append(contentsOf: "0.".utf8)
      out.append(contentsOf: repeatElement(0x30, count: -point))
      out.append(contentsOf: digits)
    } else if point >= digits.count {
      out.append(contentsOf: digits)
      out.append(contentsOf: repeatElement(0x30, count: point - digits.count))
    } else {
      out.append(contentsOf: digits[..<point])
      out.append(UInt8(ascii: "."))
      out.append(contentsOf: digits[point...])
    }
    return out
  }

  /// The value of an exponent with its letter, cut off at a million, or nil when it is not one.
  private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
    var rest = text
    guard let letter = rest.popFirst(), letter | 0x20 == UInt8(ascii: "e") else { return nil }
    var negative = false
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      negative = sign == UInt8(ascii: "-")
      rest.removeFirst()
    }
    guard !rest.isEmpty else { return nil }
    var value = 0
    for byte in rest {
      guard byte &- 0x30 < 10 else { return nil }
      value = min(value * 10 + Int(byte - 0x30), 1_000_000)
    }
    return negative ? -value : value
  }
}
