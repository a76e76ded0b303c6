import EPCIS
import JSON
import Primitives
import Testing

struct FuzzTests {
  @Test func `damaged documents are refused or read, never a crash`() throws {
    let seed: UInt64 = 4_711
    var random = SeededGenerator(seed: seed)
    var sources = [Samples.document(), Samples.queryDocument()].map { Array($0.utf8) }
    sources += PublicData.examples().map(\.bytes)
    let rounds = fuzzRounds() / 20
    var read = 0
    for round in 0..<rounds {
      guard var bytes = sources.randomElement(using: &random) else { return }
      for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&bytes, &random) }
      guard let document = try? EPCISDocument(bytes) else { continue }
      read += 1
      _ = document.issues()
      for item in document.events.prefix(3) {
        for version in EventHash.Version.allCases { _ = document.hash(of: item, version: version) }
        _ = try? Event(item.value, document.namespaces)
        if let again = try? JSONParser.parse(item.bytes) {
          #expect(again.isEqual(to: item.value), "seed \(seed) round \(round)")
        } else {
          Issue.record("seed \(seed) round \(round): the cut-out event cannot be read")
        }
      }
    }
    #expect(read > 0, "seed \(seed): no damaged document could be read")
  }

  @Test func `random bytes and random identifiers never crash`() {
    let seed: UInt64 = 815
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "urn:epc:id:", "urn:epc:idpat:", "urn:epc:class:", "sgtin:", "lgtin:", "sscc:", "sgln:", "grai:", "cpi:", "itip:",
      "sgcn:", "gdti:",
      "4012345", ".", "011111", "*", "https://", "http://x", "/", "01", "gtin", "414", "8010", "21", "ser", "?", "#",
      "%2F", "%", "é", " ",
      "8006", "040123451111180102", "04012345111118", "1e9", "-", "+", "{", "}", "[", "]", ":", ",", "\"", "\\u",
      "d800", "null",
    ]
    for round in 0..<fuzzRounds() {
      let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      let canonical = EPCIdentifier.canonical(text)
      #expect(EPCIdentifier.canonical(canonical) == canonical, "seed \(seed) round \(round): \(text)")
      _ = EPCIdentifier.kind(ofCanonical: canonical)
      _ = EventTime.canonical(text)
      _ = JSONPointer(text)
      _ = try? JSONParser.parse(Array(text.utf8))
    }
  }

  private func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let at = Int.random(in: 0..<bytes.count, using: &random)
    let structure = Array("{}[]\",:0e-\\".utf8)
    switch Int.random(in: 0..<7, using: &random) {
    case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes.remove(at: at)
    case 2: bytes.insert(structure.randomElement(using: &random) ?? 0, at: at)
    case 3: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
    case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + Int.random(in: 1...200, using: &random))], at: at)
    case 5: bytes[at] = UInt8.random(in: 0...255, using: &random)
    default:
      // A value of another kind in the place of a string.
      guard let open = bytes[at...].firstIndex(of: UInt8(ascii: "\"")),
        let close = bytes[(open + 1)...].firstIndex(of: UInt8(ascii: "\""))
      else { return }
      let values = ["null", "[]", "{}", "0", "true", "\"\"", "[[\"a:b\"]]", "{\"a:b\":null}", "-1e5"]
      bytes.replaceSubrange(open...close, with: Array((values.randomElement(using: &random) ?? "0").utf8))
    }
  }
}
