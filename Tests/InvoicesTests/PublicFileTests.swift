import Foundation
import Invoices
import Primitives
import Testing

@Suite("Public invoices")
struct PublicFileTests {
  @Test("The official samples of EN 16931 are read and keep every rule") func en16931() throws {
    for (name, bytes) in Files.publicData("en16931-ubl") {
      let root = try XMLReader.read(bytes)
      guard ["Invoice", "CreditNote"].contains(root.name) else { continue }
      let result = try UBLImport(bytes, level: .strict)
      #expect(result.fatal == [], "\(name): \(result.findings.map { "\($0.rule) \($0.path)" })")
      let document = try #require(result.document, "\(name)")
      let again = try UBLImport(document.ubl(), level: .strict)
      #expect(again.document == document, "\(name)")
      #expect(again.isAccepted, "\(name): \(again.findings.map { "\($0.rule) \($0.path)" })")
      #expect(again.document?.ubl() == document.ubl(), "\(name)")
    }
  }

  @Test("The samples of UBL 2.1 are read leniently") func oasis() throws {
    for (name, bytes) in Files.publicData("oasis-ubl") {
      let root = try XMLReader.read(bytes)
      guard TradeDocumentKind(rawValue: root.name) != nil else {
        #expect(throws: UBLImportFault.self, "\(name)") { try UBLImport(bytes, level: .lenient) }
        continue
      }
      let result = try UBLImport(bytes, level: .lenient)
      #expect(result.isAccepted, "\(name): \(result.findings.map { "\($0.rule) \($0.sentence.english)" })")
      let document = try #require(result.document, "\(name)")
      #expect(try UBLImport(document.ubl(), level: .lenient).document == document, "\(name)")
      if ["Invoice", "CreditNote"].contains(root.name) {
        let strict = try UBLImport(bytes, level: .strict)
        #expect(!strict.isAccepted)
        if !name.contains("Trivial") {
          #expect(Set(strict.fatal).isSuperset(of: ["BR-CO-15", "BR-CO-16"]), "\(name): \(strict.fatal)")
        }
      }
    }
  }

  /// Files with documents and what each should say about one rule: `testSet`, in it `test`, in it `assert` and one
  /// document. `success` names a rule that is kept, `error` one that is broken, `warning` one that is broken lightly.
  @Test("Files of unit tests agree, rule by rule") func unitTests() throws {
    let files = Files.publicData("en16931-unit") + Files.publicData("en16931-ubl") + Files.publicData("peppol-unit")
    var (checked, unknown) = (0, Set<String>())
    for (name, bytes) in files {
      let root = try XMLReader.read(bytes)
      guard root.name == "testSet" else { continue }
      for (number, test) in root.children.filter({ $0.name == "test" }).enumerated() {
        guard let document = test.children.first(where: { ["Invoice", "CreditNote"].contains($0.name) }) else {
          continue
        }
        let found = Set((EN16931.findings(in: document) + Peppol.findings(in: document)).map(\.rule))
        for verdict in test.children.filter({ $0.name == "assert" }).flatMap(\.children) {
          let rule = verdict.normalizedText
          guard ["success", "error", "fatal", "warning"].contains(verdict.name) else { continue }
          guard EN16931.rules.contains(rule) || Peppol.rules.contains(rule) else {
            unknown.insert(rule)
            continue
          }
          checked += 1
          #expect(found.contains(rule) == (verdict.name != "success"), "\(name), test \(number + 1): \(rule)")
        }
      }
    }
    for folder in ["en16931-unit", "peppol-unit"] where Files.publicData(folder).isEmpty {
      print("skipped: shared/data/finance/\(folder) is not there, so that no official verdict of it was compared")
    }
    if checked == 0 { print("skipped: there are no files of unit tests in shared/data/finance") }
    if !unknown.isEmpty { print("not checked here: \(unknown.sorted().joined(separator: " "))") }
  }

  @Test("The runner of unit tests tells right from wrong") func runner() throws {
    let good = Snippet().xml
    let bad = good.replacingOccurrences(of: "<cbc:ID>R-1</cbc:ID>", with: "")
    let set =
      "<testSet><test><assert><success>BR-02</success></assert>\(good)</test>"
      + "<test><assert><error>BR-02</error></assert>\(bad)</test></testSet>"
    let root = try XMLReader.read(Array(set.utf8))
    let verdicts = root.children.map { test in
      test.children.filter { $0.name == "Invoice" }.flatMap { EN16931.findings(in: $0) }.contains { $0.rule == "BR-02" }
    }
    #expect(verdicts == [false, true])
  }

  @Test("The same business invoice has one token in all its bytes") func sameInvoice() throws {
    let files = Dictionary(Files.publicData("en16931-ubl").map { ($0.name, $0.bytes) }) { $1 }
    let key = try #require(RegistryKey(id: "k1", secret: Array(repeating: 7, count: 32)))
    func tokens(_ name: String) throws -> RegistryTokens? {
      guard let bytes = files[name] else {
        print("skipped: \(name) is not there")
        return nil
      }
      return try UBLImport(bytes, level: .lenient).invoice.map { key.tokens(of: $0) }
    }
    for group in [
      ["ubl-tc434-example1.xml", "ubl-tc434-example10.xml", "guide-example1.xml"],
      ["ubl-tc434-example2.xml", "guide-example2.xml"],
    ] {
      let found = try group.compactMap { try tokens($0) }
      if found.count < group.count { print("skipped: of \(group) only \(found.count) are there to be compared") }
      if found.count > 1 { #expect(Set(found).count == 1, "\(group)") }
    }
    // No other two of the samples meet, not even by seller and number.
    var seen: [Digest: String] = [:]
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      guard let invoice = try? UBLImport(bytes, level: .lenient).invoice else { continue }
      let similar = key.tokens(of: invoice).similar
      if let other = seen[similar] {
        let both = Set([name, other])
        let known = [
          Set(["ubl-tc434-example1.xml", "ubl-tc434-example10.xml", "guide-example1.xml"]),
          Set(["ubl-tc434-example2.xml", "guide-example2.xml"]),
        ]
        #expect(known.contains { both.isSubset(of: $0) }, "\(name) and \(other)")
      }
      seen[similar] = name
    }
  }
}
