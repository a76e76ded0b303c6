extension StringProtocol {
  /// How many columns of a terminal the text takes: two for each wide or full-width character (UAX #11).
  public var columns: Int { reduce(0) { $0 + ($1.isWide ? 2 : 1) } }

  /// The text filled up with spaces to so many columns; longer ones stay as they are.
  public func padded(toColumns width: Int) -> String {
    String(self) + String(repeating: " ", count: Swift.max(0, width - columns))
  }
}

extension Character {
  /// Whether it is a Chinese character.
  var isIdeograph: Bool {
    switch unicodeScalars.first?.value ?? 0 {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFD: true
    default: false
    }
  }

  /// Whether it is an ASCII letter or digit.
  var isLatin: Bool { isASCII && (isLetter || isNumber) }

  /// Whether a terminal gives the character two columns: East Asian scripts, full-width forms, emoji.
  public var isWide: Bool {
    switch unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
