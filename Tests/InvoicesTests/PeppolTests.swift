import Foundation
import Primitives
import Testing

import Invoices

/// The rules of Peppol BIS Billing 3.0: one document that keeps them all, and for each rule one that breaks it.
@Suite("Peppol's rules")
struct PeppolTests {
  static let good = """
    <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" \
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" \
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">\
    <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>\
    <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>\
    <cbc:ID>P-1</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate><cbc:DueDate>2026-04-01</cbc:DueDate>\
    <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:Note>One</cbc:Note>\
    <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>\
    <cbc:BuyerReference>B-9</cbc:BuyerReference>\
    <cac:InvoicePeriod><cbc:StartDate>2026-02-01</cbc:StartDate><cbc:EndDate>2026-02-28</cbc:EndDate></cac:InvoicePeriod>\
    <cac:AccountingSupplierParty><cac:Party><cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>\
    <cac:PartyIdentification><cbc:ID schemeID="0007">5567321707</cbc:ID></cac:PartyIdentification>\
    <cac:PartyLegalEntity><cbc:RegistrationName>S</cbc:RegistrationName>\
    <cbc:CompanyID schemeID="0192">974760673</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>\
    <cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="0184">DK12345674</cbc:EndpointID>\
    <cac:PartyLegalEntity><cbc:RegistrationName>B</cbc:RegistrationName>\
    <cbc:CompanyID schemeID="0208">0202239951</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>\
    <cac:PaymentMeans><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode>\
    <cac:PaymentMandate><cbc:ID>M-1</cbc:ID></cac:PaymentMandate></cac:PaymentMeans>\
    <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>\
    <cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">10.00</cbc:Amount>\
    <cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount></cac:AllowanceCharge>\
    <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">9.00</cbc:TaxAmount><cac:TaxSubtotal>\
    <cbc:TaxableAmount currencyID="EUR">90.00</cbc:TaxableAmount></cac:TaxSubtotal></cac:TaxTotal>\
    <cac:TaxTotal><cbc:TaxAmount currencyID="SEK">99.00</cbc:TaxAmount></cac:TaxTotal>\
    <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">20</cbc:InvoicedQuantity>\
    <cbc:LineExtensionAmount currencyID="EUR">101.00</cbc:LineExtensionAmount>\
    <cac:InvoicePeriod><cbc:StartDate>2026-02-02</cbc:StartDate><cbc:EndDate>2026-02-20</cbc:EndDate></cac:InvoicePeriod>\
    <cac:DocumentReference><cbc:ID>X</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>\
    <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>\
    <cbc:Amount currencyID="EUR">1.00</cbc:Amount></cac:AllowanceCharge>\
    <cac:Price><cbc:PriceAmount currencyID="EUR">50.00</cbc:PriceAmount>\
    <cbc:BaseQuantity unitCode="C62">10</cbc:BaseQuantity>\
    <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">5.00</cbc:Amount>\
    <cbc:BaseAmount currencyID="EUR">55.00</cbc:BaseAmount></cac:AllowanceCharge></cac:Price></cac:InvoiceLine></Invoice>
    """

  static let broken: [(rule: String, text: String, with: String)] = [
    ("EN16931-R001", "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>", ""),
    ("EN16931-R002", "<cbc:Note>One</cbc:Note>", "<cbc:Note>One</cbc:Note><cbc:Note>Two</cbc:Note>"),
    ("EN16931-R003", "<cbc:BuyerReference>B-9</cbc:BuyerReference>", ""),
    ("EN16931-R004", "#compliant#urn:fdc:peppol.eu", "#conformant#urn:fdc:peppol.eu"),
    ("EN16931-R005", "<cbc:TaxCurrencyCode>SEK", "<cbc:TaxCurrencyCode>EUR"),
    ("EN16931-R007", "billing:01:1.0", "billing:1:1.0"),
    ("EN16931-R008", "<cbc:Note>One</cbc:Note>", "<cbc:Note> </cbc:Note>"),
    ("EN16931-R010", "<cbc:EndpointID schemeID=\"0184\">DK12345674</cbc:EndpointID>", ""),
    ("EN16931-R020", "<cbc:EndpointID schemeID=\"0088\">7300010000001</cbc:EndpointID>", ""),
    ("EN16931-R040", "currencyID=\"EUR\">10.00<", "currencyID=\"EUR\">10.03<"),
    ("EN16931-R041", "<cbc:BaseAmount currencyID=\"EUR\">100.00</cbc:BaseAmount>", ""),
    ("EN16931-R042", "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>", ""),
    ("EN16931-R043", "<cbc:ChargeIndicator>true</cbc:ChargeIndicator>", "<cbc:ChargeIndicator>1</cbc:ChargeIndicator>"),
    (
      "EN16931-R044", "<cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID=\"EUR\">5.00",
      "<cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID=\"EUR\">5.00"
    ),
    ("EN16931-R046", "currencyID=\"EUR\">55.00<", "currencyID=\"EUR\">56.00<"),
    ("EN16931-R051", "<cbc:TaxableAmount currencyID=\"EUR\">", "<cbc:TaxableAmount currencyID=\"SEK\">"),
    (
      "EN16931-R053",
      "<cac:TaxSubtotal><cbc:TaxableAmount currencyID=\"EUR\">90.00</cbc:TaxableAmount></cac:TaxSubtotal>",
      ""
    ),
    ("EN16931-R054", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">99.00</cbc:TaxAmount></cac:TaxTotal>", ""),
    ("EN16931-R055", "currencyID=\"SEK\">99.00<", "currencyID=\"SEK\">-99.00<"),
    ("EN16931-R061", "<cac:PaymentMandate><cbc:ID>M-1</cbc:ID></cac:PaymentMandate>", ""),
    (
      "EN16931-R100", "<cac:AllowanceCharge><cbc:ChargeIndicator>true",
      "<cac:DocumentReference><cbc:ID>Y</cbc:ID></cac:DocumentReference><cac:AllowanceCharge><cbc:ChargeIndicator>true"
    ),
    ("EN16931-R101", "<cbc:DocumentTypeCode>130<", "<cbc:DocumentTypeCode>50<"),
    ("EN16931-R110", "<cbc:StartDate>2026-02-02<", "<cbc:StartDate>2026-01-31<"),
    ("EN16931-R111", "<cbc:EndDate>2026-02-20<", "<cbc:EndDate>2026-03-01<"),
    ("EN16931-R120", "currencyID=\"EUR\">101.00<", "currencyID=\"EUR\">101.03<"),
    ("EN16931-R121", "<cbc:BaseQuantity unitCode=\"C62\">10<", "<cbc:BaseQuantity unitCode=\"C62\">-10<"),
    ("EN16931-R130", "<cbc:BaseQuantity unitCode=\"C62\">", "<cbc:BaseQuantity unitCode=\"KGM\">"),
    ("COMMON-R040", "7300010000001", "7300010000002"),
    ("COMMON-R041", "974760673", "974760674"),
    ("COMMON-R042", "DK12345674", "DK1234567X"),
    ("COMMON-R043", "0202239951", "0202239952"),
    ("COMMON-R049", "5567321707", "5567321708"),
  ]

  private func findings(_ text: String) throws -> Set<String> {
    Set(Peppol.findings(in: try XMLReader.read(Array(text.utf8))).map(\.rule))
  }

  @Test("a document that keeps them all has no finding") func kept() throws {
    #expect(try findings(Self.good) == [])
  }

  @Test("each is broken by one change", arguments: broken.indices) func breaks(_ place: Int) throws {
    let (rule, text, change) = Self.broken[place]
    try #require(Self.good.contains(text), "\(rule): nothing to change")
    #expect(try findings(Self.good.replacingOccurrences(of: text, with: change)).contains("PEPPOL-" + rule), "\(rule)")
  }

  @Test("a credit note has at most one project reference") func projects() throws {
    let one =
      "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
    func note(_ projects: String) -> String {
      Self.good.replacingOccurrences(of: "<Invoice ", with: "<CreditNote ")
        .replacingOccurrences(of: "</Invoice>", with: projects + "</CreditNote>")
        .replacingOccurrences(of: "Invoice-2", with: "CreditNote-2")
    }
    #expect(try !findings(note(one)).contains("PEPPOL-EN16931-R080"))
    #expect(try findings(note(one + one)).contains("PEPPOL-EN16931-R080"))
  }

  @Test("every rule has its test") func complete() {
    #expect(Set(Self.broken.map { "PEPPOL-" + $0.rule } + ["PEPPOL-EN16931-R080"]) == Set(Peppol.rules))
  }

  @Test("the level peppol is strict and Peppol's rules; strict alone does not ask for them") func level() throws {
    let bytes = Array(Snippet().xml.utf8)
    let strict = try UBLImport(bytes, level: .strict)
    let peppol = try UBLImport(bytes, level: .peppol)
    #expect(!strict.findings.contains { $0.rule.hasPrefix("PEPPOL") })
    #expect(peppol.findings.contains { $0.rule == "PEPPOL-EN16931-R001" } && !peppol.isAccepted)
  }

  @Test(
    "an identifier of the scheme 0199 that is no LEI is a warning",
    arguments: [
      ("5493001KJTIIGC8Y1R12", true), ("969500KSV493XWY0PS33", true), ("5493001KJTIIGC8Y1R13", false),
      ("5493001KTJIIGC8Y1R12", false), ("5493001kjtiigc8y1r12", false),
    ])
  func lei(_ text: String, _ isOne: Bool) throws {
    let document = Self.good.replacingOccurrences(
      of: "<cbc:CompanyID schemeID=\"0208\">0202239951<", with: "<cbc:CompanyID schemeID=\"0199\">\(text)<")
    let read = try UBLImport(Array(document.utf8), level: .lenient)
    #expect(read.findings.contains { $0.rule == "FIN-11" && $0.severity == .warning } == !isOne)
  }
}
