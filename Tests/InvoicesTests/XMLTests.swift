import Foundation
import Invoices
import Primitives
import Testing

@Suite("XML")
struct XMLTests {
  private func fault(_ text: String) -> XMLFault? {
    do {
      _ = try XMLReader.read(Array(text.utf8))
      return nil
    } catch { return error }
  }

  @Test("Names, namespaces, attributes, text and lines are read") func reading() throws {
    let text = """
      <?xml version="1.0"?>
      <!-- a comment --><a:root xmlns:a="urn:a" xmlns="urn:d" a:x="1" y="&lt;2&#x41;">
        <b>one<![CDATA[ <two> ]]>&amp;three</b><?pi x?>
        <c xmlns="urn:e"/>
      </a:root>
      """
    let root = try XMLReader.read(Array(text.utf8))
    #expect(root.name == "root" && root.space == "urn:a")
    #expect(root.attributes.map(\.value) == ["1", "<2A"])
    #expect(root.attribute("y") == "<2A" && root.attribute("x") == nil)
    #expect(root.children.map(\.name) == ["b", "c"] && root.children.map(\.space) == ["urn:d", "urn:e"])
    #expect(root.children[0].text == "one <two> &three")
    #expect(root.children.map(\.line) == [3, 4])
  }

  @Test("Other encodings and a byte order mark are read") func encodings() throws {
    let latin = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>".utf8) + [0xE9] + Array("</a>".utf8)
    #expect(try XMLReader.read(latin).text == "é")
    #expect(try XMLReader.read([0xEF, 0xBB, 0xBF] + Array("<a>é</a>".utf8)).text == "é")
    let wide = Array("<a>é</a>".utf16).flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    #expect(try XMLReader.read([0xFE, 0xFF] + wide).text == "é")
  }

  @Test("A DOCTYPE is refused by name") func doctype() {
    #expect(fault("\n<!DOCTYPE Invoice><Invoice/>") == .documentType(name: "Invoice", line: 2))
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>"
    #expect(fault(bomb) == .documentType(name: "x", line: 1))
    for text in [
      "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>",
      "<!DOCTYPE x PUBLIC \"p\" \"http://localhost:1/x.dtd\"><x/>",
      "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>",
      "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://localhost:1/\"> %p;]><x/>",
    ] {
      #expect(fault(text) == .documentType(name: "x", line: 1), "\(text)")
    }
  }

  @Test("What is not well-formed is refused with its line") func malformed() throws {
    let cases = [
      ("", 1), ("<a>\n<b></a>", 2), ("<a>\n\n&nbsp;</a>", 3), ("<a b='1' b='2'/>", 1), ("<p:a/>", 1), ("<a/>\n<b/>", 2),
      ("<a>&#0;</a>", 1), ("<a", 1), ("text", 1), ("<a p:x='1'/>", 1), ("<a>\n<p:b/></a>", 2),
    ]
    for (text, line) in cases {
      guard case .malformed(let reason, let found) = fault(text) else {
        Issue.record("accepted or refused otherwise: \(text)")
        continue
      }
      #expect(found == line, "\(text): \(reason)")
      #expect(!reason.isEmpty)
    }
    do {
      _ = try XMLReader.read(Array("<a>".utf8) + [0xC3, 0x28] + Array("</a>".utf8))
      Issue.record("bytes that are not UTF-8 were accepted")
    } catch {}
  }

  @Test("The limits hold") func limits() {
    func nested(_ depth: Int) -> String {
      String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    }
    #expect(fault(nested(64)) == nil)
    #expect(fault(nested(65)) == .tooDeep(line: 1))
    func attributes(_ count: Int) -> String { "<a \((0..<count).map { "x\($0)='1'" }.joined(separator: " "))/>" }
    #expect(fault(attributes(32)) == nil)
    #expect(fault(attributes(33)) == .tooManyAttributes(line: 1))
    #expect(fault("<a>" + String(repeating: "<b/>", count: 499_999) + "</a>") == nil)
    #expect(fault("<a>" + String(repeating: "<b/>", count: 500_000) + "</a>") == .tooManyElements(line: 1))
    #expect(fault("<a\(String(repeating: "b", count: 600))/>") == .tooLong(line: 1))
    let large = "<a>" + String(repeating: "x", count: 16 << 20) + "</a>"
    #expect(fault(large) == .tooLarge(bytes: large.utf8.count))
  }

  @Test("Damaged samples end in a fault or a document, never in a crash", arguments: 0..<4)
  func fuzz(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let sources = try ["invoice.xml", "invoice-other-bytes.xml", "bank-notification.xml", "order.xml"].map {
      try Files.sample($0)
    }
    var read = 0
    for round in 0..<400 {
      var bytes = sources[round % sources.count]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
        case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
        default: bytes.insert(contentsOf: Array("<&;>\"'!-[".utf8).shuffled(using: &random).prefix(2), at: place)
        }
        if bytes.isEmpty { bytes = [0x3C] }
      }
      if let result = try? UBLImport(bytes, level: .strict) {
        read += 1
        if let document = result.document { _ = document.ubl() }
        if let invoice = result.invoice { _ = CanonicalFields(invoice) }
      }
      _ = try? BankEvidence(bytes)
    }
    #expect(read > 3, "seed \(seed)")
  }
}
