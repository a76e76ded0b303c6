/// A text as the containment index sees it: folded letters, each with the place in the original that it comes from.
///
/// Folding is per scalar (compatibility decomposition, simple lower case, no white space, control, mark or punctuation
/// characters), so that every folded letter has one origin. It is coarser than `TextCollapse` and never leaves the
/// index.
struct FoldedText {
  /// The folded letters.
  private(set) var letters: [UInt32] = []

  /// For each letter, the index of its scalar in the original.
  private(set) var origins: [UInt32] = []

  /// The number of scalars of the original.
  private(set) var scalarCount = 0

  init(_ text: String) {
    let data = UnicodeData.shared
    letters.reserveCapacity(text.utf8.count)
    origins.reserveCapacity(text.utf8.count)
    var parts: [UInt32] = []
    var index = 0
    for scalar in text.unicodeScalars {
      defer { index += 1 }
      guard index < TextIndex.scalarLimit else { continue }
      let facts = data.facts(scalar.value)
      if facts & (UnicodeData.Facts.drops | UnicodeData.Facts.decomposesCompatibly) == 0 {
        append(scalar.value, facts, index, data)
      } else if facts & UnicodeData.Facts.decomposesCompatibly != 0 {
        parts.removeAll(keepingCapacity: true)
        data.appendDecomposition(scalar.value, compatibly: true, to: &parts)
        for part in parts {
          let facts = data.facts(part)
          if facts & UnicodeData.Facts.drops == 0 { append(part, facts, index, data) }
        }
      }
    }
    scalarCount = index
  }

  private mutating func append(_ scalar: UInt32, _ facts: UInt8, _ origin: Int, _ data: UnicodeData) {
    // Both forms of the small sigma are one letter here.
    let lower = facts & UnicodeData.Facts.lowers == 0 ? scalar : data.lowered(scalar)
    letters.append(lower == 0x3c2 ? 0x3c3 : lower)
    origins.append(UInt32(origin))
  }

  /// How much a letter says: one for an alphabet's, two for a syllable's or a kana, three for an ideograph.
  static func weight(_ letter: UInt32) -> Int {
    switch letter {
    case ..<0x1100: 1
    case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3ffff: 3
    case 0x3040...0x30ff, 0x1100...0x11ff, 0xac00...0xd7a3: 2
    default: 1
    }
  }
}
