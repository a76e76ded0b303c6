import Foundation
import MediaHash
import Primitives
import Testing

@Suite struct NormalizationTests {
  /// Characters assigned in versions that both this library and the standard library know.
  private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major < 15 || age.major == 15 && age.minor == 0
  }

  @Test func `every character has the normal forms that Foundation gives it`() {
    var (checked, wrong) = (0, 0)
    for value in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(value), Self.isKnown(scalar) else { continue }
      let text = String(scalar)
      checked += 1
      let same =
        Normalization.nfd(text).unicodeScalars.elementsEqual(text.decomposedStringWithCanonicalMapping.unicodeScalars)
        && Normalization.nfkc(text).unicodeScalars
          .elementsEqual(text.precomposedStringWithCompatibilityMapping.unicodeScalars)
      if !same {
        wrong += 1
        if wrong < 10 { Issue.record("U+\(String(value, radix: 16))") }
      }
    }
    #expect(checked > 140_000)
    #expect(wrong == 0)
  }

  @Test func `random runs of letters and marks have the normal forms that Foundation gives them`() {
    var generator = SeededGenerator(seed: 21)
    let pools: [ClosedRange<UInt32>] = [
      0x41...0x7a, 0xc0...0x24f, 0x300...0x36f, 0x370...0x3ff, 0x591...0x5f4, 0x900...0x97f, 0x1100...0x11ff,
      0xac00...0xd7a3, 0x1e00...0x1fff, 0x3040...0x30ff, 0xff00...0xffef, 0xf900...0xfaff, 0x1d400...0x1d4ff,
    ]
    var differing = 0
    for round in 0..<20_000 {
      var view = String.UnicodeScalarView()
      for _ in 0..<1 + Int(generator.next() % 8) {
        let pool = pools[Int(generator.next() % UInt64(pools.count))]
        let value = pool.lowerBound + UInt32(generator.next() % UInt64(pool.count))
        if let scalar = Unicode.Scalar(value), Self.isKnown(scalar) { view.append(scalar) }
      }
      let text = String(view)
      let (nfd, nfkc) = (text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCompatibilityMapping)
      #expect(Normalization.nfd(text).unicodeScalars.elementsEqual(nfd.unicodeScalars), "seed 21, round \(round)")
      let ours = Normalization.nfkc(text)
      guard !ours.unicodeScalars.elementsEqual(nfkc.unicodeScalars) else { continue }
      // Foundation leaves some marks out of order behind what it has decomposed, and some Hangul apart: then it must be
      // the same but for that, and ours must be the normal form of both.
      differing += 1
      #expect(
        ours.decomposedStringWithCanonicalMapping.unicodeScalars
          .elementsEqual(nfkc.decomposedStringWithCanonicalMapping.unicodeScalars), "seed 21, round \(round)")
      #expect(Normalization.nfkc(nfkc).unicodeScalars.elementsEqual(ours.unicodeScalars), "seed 21, round \(round)")
      #expect(ours.unicodeScalars.count <= nfkc.unicodeScalars.count, "seed 21, round \(round)")
    }
    #expect(differing < 40)
  }

  @Test func `what is dropped and what is lowered agrees with the standard library`() {
    var wrong: [String] = []
    for value in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(value), Self.isKnown(scalar) else { continue }
      let properties = scalar.properties
      // One that decomposes is looked at in its parts.
      guard String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual([scalar]) else { continue }
      let drops: Bool =
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: true
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
          .finalPunctuation, .otherPunctuation:
          true
        default: properties.isWhitespace
        }
      let expected = drops ? "" : properties.lowercaseMapping.precomposedStringWithCompatibilityMapping
      let got = TextCollapse.string(String(scalar))
      if !got.unicodeScalars.elementsEqual(expected.unicodeScalars) {
        wrong.append("U+\(String(value, radix: 16)) \(expected) \(got)")
      }
    }
    #expect(wrong == [])
  }

  @Test func `collapsed texts are the reference's`() {
    let expected = [
      "ΟΔΥΣΣΕΥΣ ΣΟΦΟΣ. Σ ΑΣ' Σ": "οδυσσευςσοφοςσαςσ", "İstanbul IĞDIR straße ẞ ﬁancée": "istanbuligdirstraßeßfiancee",
      "　全角ＡＢＣ，中文测试！「引号」㈠㎏": "全角abc中文测试引号(一)kg", "한국어 텍스트 각": "한국어텍스트각",
      "e\u{301}\u{327} a\u{323}\u{307} \u{1e9b}\u{323} \u{212b} \u{2126}": "easaω",
      "a\u{200d}b\u{ad}c\u{feff}d\u{1f468}\u{200d}\u{1f469}": "abcd\u{1f468}\u{1f469}",
    ]
    for (text, collapsed) in expected {
      #expect(TextCollapse.string(text).unicodeScalars.elementsEqual(collapsed.unicodeScalars), "\(text)")
    }
    #expect(Normalization.unicodeVersion == "18.0.0")
  }

  @Test func `the Text-Code of the sample text is the reference's`() throws {
    guard let bytes = PublicMedia.file("iscc/samples/demo.txt") else { return }
    let result = try TextCode.make(String(decoding: bytes, as: UTF8.self))
    #expect(result.unit.text == "ISCC:EADQMBEYQF6457DPBR6T57675QKCHTATASH4TQG5BJAIB6RDQHWNP6A")
    #expect(result.characters == 4951)
  }

  @Test func `titles and descriptions are cleaned as the reference does`() throws {
    let result = try MetaCode.make(
      name: " a  b\u{3000}c\n", description: "  a\r\nb\r\r\n\n\n c\u{b}d\u{1c}e\u{2028}f \t\n\n")
    #expect(result.name == "a b c")
    #expect(Array(result.description.unicodeScalars) == Array("a\nb\n\n c\nde\nf".unicodeScalars))
  }
}
