/// The text preparation of ISO 24138: what is left of a text is what its Text-Code and Meta-Code are made of.
public enum TextCollapse {
  /// The scalars of the collapsed text.
  ///
  /// NFD, full lower case, then without white space, control (C), mark (M) and punctuation (P) characters, then NFKC.
  /// Cost: linear, some tens of nanoseconds for each scalar.
  public static func scalars(_ text: String) -> [UInt32] {
    let data = UnicodeData.shared
    var raw: [UInt32] = []
    raw.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { raw.append(scalar.value) }
    let decomposed = Normalization.decompose(raw, compatibly: false)
    var kept: [UInt32] = []
    kept.reserveCapacity(decomposed.count)
    for (index, scalar) in decomposed.enumerated() {
      let facts = data.facts(scalar)
      guard facts & UnicodeData.Facts.drops == 0 else { continue }
      if facts & UnicodeData.Facts.lowers == 0 {
        kept.append(scalar)
      } else if scalar == capitalSigma {
        kept.append(isFinalSigma(decomposed, index) ? 0x3c2 : 0x3c3)
      } else {
        kept.append(scalar < 0x80 ? scalar + 0x20 : data.lowered(scalar))
      }
    }
    return Normalization.nfkc(kept)
  }

  /// The collapsed text as a string.
  public static func string(_ text: String) -> String { Normalization.string(scalars(text)) }

  private static let capitalSigma: UInt32 = 0x3a3

  /// The context rule of Unicode's SpecialCasing: a cased letter before, none after, case-ignorable ones skipped.
  private static func isFinalSigma(_ text: [UInt32], _ index: Int) -> Bool {
    var before = index - 1
    while before >= 0, isCaseIgnorable(text[before]) { before -= 1 }
    guard before >= 0, isCased(text[before]) else { return false }
    var after = index + 1
    while after < text.count, isCaseIgnorable(text[after]) { after += 1 }
    return after == text.count || !isCased(text[after])
  }

  private static func isCaseIgnorable(_ scalar: UInt32) -> Bool {
    Unicode.Scalar(scalar)?.properties.isCaseIgnorable ?? false
  }

  private static func isCased(_ scalar: UInt32) -> Bool { Unicode.Scalar(scalar)?.properties.isCased ?? false }
}
