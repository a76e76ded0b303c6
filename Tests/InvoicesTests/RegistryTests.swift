import Foundation
import Invoices
import Primitives
import Testing

@Suite("Registry tokens")
struct RegistryTests {
  private func invoice() throws -> Invoice {
    try #require(UBLImport(Files.sample("invoice.xml"), level: .lenient).invoice)
  }

  @Test("Other bytes of the same invoice have the same fields") func bytes() throws {
    let (first, second) = (try Files.sample("invoice.xml"), try Files.sample("invoice-other-bytes.xml"))
    #expect(Digest.sha256(first) != Digest.sha256(second))
    let fields = CanonicalFields(try invoice())
    #expect(fields == CanonicalFields(try #require(UBLImport(second, level: .lenient).invoice)))
    #expect(fields.exact == "1|91640100MA75K3H41X|91610131MA6TX2Q85B|HL20260917|2026-09-17|CNY|70670.90")
    #expect(fields.similar == "1|91640100MA75K3H41X|HL20260917")
  }

  @Test("Whatever tells invoices apart tells their tokens apart") func differences() throws {
    let key = try #require(RegistryKey(id: "k1", secret: Array(0..<32)))
    let plain = try invoice()
    let tokens = key.tokens(of: plain)
    func changed(_ change: (inout Invoice) -> Void) -> RegistryTokens {
      var other = plain
      change(&other)
      return key.tokens(of: other)
    }
    let date = try #require(CalendarDate("2026-09-18"))
    let cent = Amount(minorUnits: plain.payable.minorUnits + 1, currency: plain.currency)
    for other in [
      changed { $0.issueDate = date }, changed { $0.totals.payable = cent }, changed { $0.buyer.legalID?.value += "1" },
    ] {
      #expect(other.exact != tokens.exact && other.similar == tokens.similar)
    }
    for other in [changed { $0.number += "1" }, changed { $0.seller.legalID?.value += "1" }] {
      #expect(other.exact != tokens.exact && other.similar != tokens.similar)
    }
    #expect(changed { $0.notes = ["x"] } == tokens)
    let second = try #require(RegistryKey(id: "k1", secret: Array(1..<33)))
    #expect(second.tokens(of: plain).exact != tokens.exact)
    #expect(RegistryKey(id: "short", secret: Array(0..<31)) == nil)
  }

  @Test("A token is the HMAC-SHA-256 of the text") func code() throws {
    let secret = [UInt8](0..<40)
    let key = try #require(RegistryKey(id: "k", secret: secret))
    let fields = CanonicalFields(try invoice())
    let tokens = key.tokens(of: try invoice())
    #expect(tokens.exact == HMACSHA256Key(secret).code(for: Array(fields.exact.utf8)))
    #expect(tokens.similar == HMACSHA256Key(secret).code(for: Array(fields.similar.utf8)))
    #expect(tokens.keyID == "k")
  }

  @Test("Identifiers and names are folded as stated") func folding() {
    #expect(CanonicalFields.identifier(" hl-2026/０９17 ") == "HL20260917")
    #expect(CanonicalFields.identifier("no. 12 345.67") == "NO1234567")
    #expect(CanonicalFields.identifier("ﬁ①Ⅳ") == "FI1IV")
    #expect(CanonicalFields.identifier("Straße é") == "STRASSE")
    #expect(CanonicalFields.identifier("发票001") == "001")
    #expect(CanonicalFields.identifier("甲") == "甲" && CanonicalFields.identifier("乙") == "乙")
    #expect(CanonicalFields.name("上海 A 公司") != CanonicalFields.name("北京 A 公司"))
    #expect(CanonicalFields.name("Salescompany ltd.") == "SALESCOMPANYLTD")
    #expect(!CanonicalFields.identifier("a|b").contains("|"))
  }

  @Test("A party is its registration, its tax number, its address, its identifier, its name, in this order")
  func party() {
    var party = Party(
      endpoint: Identifier("E-1"), identifiers: [Identifier("I-1")], name: "Name",
      taxRegistrations: [TaxRegistration(id: "T-1")], legalName: "Legal", legalID: Identifier("L-1"))
    #expect(CanonicalFields.party(party) == "L1")
    party.legalID = nil
    #expect(CanonicalFields.party(party) == "T1")
    party.taxRegistrations = []
    #expect(CanonicalFields.party(party) == "E1")
    party.endpoint = nil
    #expect(CanonicalFields.party(party) == "I1")
    party.identifiers = []
    #expect(CanonicalFields.party(party) == "LEGAL")
    party.legalName = nil
    #expect(CanonicalFields.party(party) == "NAME")
  }

  @Test("The amount has two decimals, or as many as the currency has") func decimals() throws {
    var other = try invoice()
    for (code, units, text) in [("JPY", Int64(100), "100.00"), ("KWD", 1_234, "1.234"), ("EUR", 5, "0.05")] {
      let currency = try #require(Currency(code))
      other.totals.payable = Amount(minorUnits: units, currency: currency)
      #expect(CanonicalFields(other).exact.hasSuffix("|\(code)|\(text)"))
    }
  }
}
