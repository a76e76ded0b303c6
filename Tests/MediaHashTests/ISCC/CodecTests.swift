import MediaHash
import Primitives
import Testing

@Suite struct ISCCCodecTests {
  private let data = "ISCC:GADQLNA7GRZESMRF2J7NZPNWGI3II2ST5YUN5SS6GVQ2ZQGJXPPYDNI"
  private let instance = "ISCC:IAD2KIVPJIWJZP3KQCESJL6SVT5APEZUPOJWM6HVTAXCF7OT3VFA4NY"

  @Test func `header numbers have the reference's bytes at every change of length`() throws {
    let expected = [
      7: "2701", 8: "280010", 71: "2bf010", 72: "2c0001", 583: "2dff01", 584: "2e000010", 4679: "2efff010",
    ]
    for (subType, hex) in expected {
      let unit = try ISCCUnit(.content, subType: subType, bits: 64, digest: [UInt8](repeating: 7, count: 8))
      #expect(Hex.encode(unit.bytes) == hex + "0707070707070707")
      #expect(try ISCCUnit(unit.text) == unit)
      #expect(try ISCCSequence.decode(unit.bytes + unit.bytes) == [unit, unit])
    }
    #expect(throws: ISCCFault.badHeader) { try ISCCUnit(.content, subType: 4680, bits: 32, digest: [1, 2, 3, 4]) }
    #expect(throws: ISCCFault.badLength) { try ISCCUnit(.content, bits: 48, digest: [1, 2, 3, 4, 5, 6]) }
    #expect(throws: ISCCFault.badLength) { try ISCCUnit(.content, bits: 64, digest: [1, 2, 3, 4]) }
  }

  @Test func `the wide and the sum form are the reference's`() throws {
    let units = [try ISCCUnit(data), try ISCCUnit(instance)]
    let wide = try ISCCCode(units, wide: true)
    #expect(wide.text == "ISCC:K4AALNA7GRZESMRF2J7NZPNWGI3IJJJCV5FCZHF7NKAISJFP2KWPUBY")
    #expect(wide.units.map(\.text) == ["ISCC:GABQLNA7GRZESMRF2J7NZPNWGI3II", "ISCC:IAB2KIVPJIWJZP3KQCESJL6SVT5AO"])
    #expect(try ISCCCode(wide.text) == wide)
    let all = try ISCCCode([try ISCCUnit("AAAYPXW445FTYNJ3")] + units, wide: true)
    #expect(all.text == "ISCC:KYCIPXW445FTYNJ3AW2B6NDSJEZCLJJCV5FCZHF7NI")
    #expect(!all.isWide)
    #expect(try ISCCCode("kyci-pxw445ftynj3-aw2b6ndsjezclJJCV5FCZHF7NI") == all)
  }

  @Test func `units that do not go together are refused`() throws {
    let (data, instance) = (try ISCCUnit(data), try ISCCUnit(instance))
    #expect(throws: ISCCFault.badCombination) { try ISCCCode([data]) }
    #expect(throws: ISCCFault.badCombination) { try ISCCCode([]) }
    #expect(throws: ISCCFault.badCombination) { try ISCCCode([data, data, instance]) }
    let semantic = try ISCCUnit(.semantic, subType: 1, bits: 64, digest: [UInt8](repeating: 0, count: 8))
    let text = try ISCCUnit(.content, subType: 0, bits: 64, digest: [UInt8](repeating: 0, count: 8))
    #expect(throws: ISCCFault.badCombination) { try ISCCCode([semantic, text, data, instance]) }
    let short = try #require(data.truncated(to: 32))
    #expect(throws: ISCCFault.badLength) { try ISCCCode([short, instance]) }
    let image = try ISCCUnit(.content, subType: 1, bits: 64, digest: [UInt8](repeating: 9, count: 8))
    let both = try ISCCCode([instance, image, data, semantic])
    #expect(both.content == .image)
    #expect(try ISCCCode(both.text) == both)
  }

  @Test func `distances are those of the digests, over the common prefix`() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<200 {
      let (a, b) = (generator.bytes(32), generator.bytes(32))
      for (first, second) in [(256, 256), (64, 256), (96, 160), (32, 32)] {
        let (x, y) = (
          try ISCCUnit(.data, bits: first, digest: a), try ISCCUnit(.data, bits: second, digest: b)
        )
        let common = min(first, second)
        let expected = zip(a, b).prefix(common / 8).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        let similarity = try #require(x.similarity(to: y))
        #expect(similarity.distance == expected && similarity.bits == common)
        #expect(x.distance(to: y) == (first == second ? expected : nil))
      }
      #expect(try ISCCUnit(.data, bits: 64, digest: a).similarity(to: ISCCUnit(.meta, bits: 64, digest: a)) == nil)
    }
    let code = try ISCCCode([try ISCCUnit(data), try ISCCUnit(instance)])
    #expect(code.similarities(to: code).map(\.similarity) == [1, 1])
  }

  @Test func `no bytes and no text make the readers trap`() {
    var generator = SeededGenerator(seed: 12)
    var read = 0
    for _ in 0..<20_000 {
      var bytes = generator.bytes(Int(generator.next() % 72))
      if !bytes.isEmpty, generator.next() % 2 == 0 { bytes[0] &= 0x57 }
      if let units = try? ISCCSequence.decode(bytes) {
        read += 1
        #expect((try? ISCCSequence.encode(units)) == bytes)
      }
      let letters = Array("ABEGIK234567abc-:= ".utf8)
      let text = String(decoding: bytes.map { letters[Int($0) % letters.count] }, as: UTF8.self)
      if let unit = try? ISCCUnit(text) { #expect((try? ISCCUnit(unit.text)) == unit) }
      if let code = try? ISCCCode(text) { #expect((try? ISCCCode(code.text)) == code) }
    }
    #expect(read > 10)
  }
}
