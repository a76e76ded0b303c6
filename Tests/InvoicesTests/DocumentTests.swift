import Foundation
import Invoices
import Primitives
import Testing

@Suite("Documents")
struct DocumentTests {
  static let names = [
    "invoice.xml", "invoice-other-bytes.xml", "credit-note.xml", "order.xml", "despatch-advice.xml",
    "receipt-advice.xml",
  ]

  @Test("The project's samples are read strictly, written and read again", arguments: names)
  func roundTrip(name: String) throws {
    let result = try UBLImport(Files.sample(name), level: .strict)
    #expect(result.findings.isEmpty, "\(result.findings.map { "\($0.rule) \($0.path) \($0.sentence.english)" })")
    let document = try #require(result.document)
    let bytes = document.ubl()
    let again = try UBLImport(bytes, level: .strict)
    #expect(again.document == document && again.findings.isEmpty)
    #expect(again.document?.ubl() == bytes)
    #expect(result.digest == .sha256(try Files.sample(name)))
  }

  @Test("An invoice's parts are where they belong") func invoice() throws {
    let result = try UBLImport(Files.sample("invoice.xml"), level: .strict)
    let invoice = try #require(result.invoice)
    #expect(result.kind == .invoice)
    #expect(invoice.number == "HL-2026-0917" && invoice.issueDate.description == "2026-09-17")
    #expect(invoice.dueDate?.description == "2026-12-16" && invoice.typeCode == "380")
    #expect(invoice.payable.description == "70670.90 CNY" && invoice.payable.minorUnits == 7_067_090)
    #expect(invoice.totals.prepaid?.minorUnits == 1_000_000)
    #expect(invoice.seller.displayName?.hasSuffix("Helan Orchard Cooperative") == true)
    #expect(invoice.seller.registryID == "91640100MA75K3H41X" && invoice.seller.lei != nil)
    #expect(invoice.order == "JH-PO-2026-331" && invoice.receiptAdvice == "JH-RA-9013")
    #expect(invoice.lines.map { $0.quantity?.value.description } == ["600", "400", "1200"])
    #expect(invoice.lines[0].item.standardID?.scheme == "0160" && invoice.lines[0].orderLine?.line == "1")
    #expect(invoice.allowanceCharges.map(\.isCharge) == [false, true])
    #expect(invoice.taxTotals[0].subtotals[0].category.percent == ExactDecimal(9))
  }

  @Test("What financing needs is named when it is missing") func lenient() throws {
    let cases = [
      ("FIN-01", "<cbc:ID>R-1</cbc:ID>", ""), ("FIN-02", "2026-03-01", "2026-02-30"),
      ("FIN-06", "<cbc:PayableAmount currencyID=\"EUR\">119.00", "<cbc:PayableAmount currencyID=\"EUR\">1e3"),
      ("FIN-06", "<cbc:PayableAmount currencyID=\"EUR\">119.00", "<cbc:PayableAmount currencyID=\"EUR\">119.001"),
      ("FIN-08", "<cbc:PayableAmount currencyID=\"EUR\">", "<cbc:PayableAmount currencyID=\"USD\">"),
    ]
    for (rule, old, new) in cases {
      let xml = try #require(Break(rule, old, new).apply(to: Snippet().xml))
      let result = try UBLImport(Array(xml.utf8), level: .lenient)
      #expect(result.document == nil && result.fatal == [rule], "\(rule): \(result.fatal)")
      #expect(!result.isAccepted)
    }
    var anonymous = Snippet()
    (anonymous.sellerIDs, anonymous.sellerTax) = ("", "")
    let xml = anonymous.xml.replacingOccurrences(
      of: "<cbc:RegistrationName>Seller GmbH</cbc:RegistrationName>", with: ""
    )
    .replacingOccurrences(of: "<cbc:EndpointID schemeID=\"0088\">4000001000005</cbc:EndpointID>", with: "")
    .replacingOccurrences(of: "<cac:PartyName><cbc:Name>Seller</cbc:Name></cac:PartyName>", with: "")
    #expect(try UBLImport(Array(xml.utf8), level: .lenient).fatal == ["FIN-04"])
    // Without a stated currency that of the amount due counts.
    let plain = try #require(
      Break("", "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "").apply(to: Snippet().xml))
    #expect(try UBLImport(Array(plain.utf8), level: .lenient).invoice?.currency.code == "EUR")
  }

  @Test("A finding says where it is") func places() throws {
    let xml = try #require(
      Break("", "<cbc:PriceAmount currencyID=\"EUR\">1<", "<cbc:PriceAmount currencyID=\"EUR\">-1<").apply(
        to: Snippet().xml))
    let finding = try #require(UBLImport(Array(xml.utf8), level: .strict).findings.first { $0.rule == "BR-27" })
    #expect(finding.path == "/Invoice/cac:InvoiceLine/cac:Price" && finding.severity == .fatal)
    let line = xml.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("<cac:Price>") }
    #expect(finding.line == (line ?? -1) + 1)
    #expect(finding.sentence.english == "An item's net price must not be negative (BT-146).")
  }

  @Test("Other documents are refused by name") func others() throws {
    for text in ["<Invoice/>", "<x xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", "<Document/>"] {
      #expect(throws: UBLImportFault.self) { try UBLImport(Array(text.utf8), level: .lenient) }
    }
    do {
      _ = try UBLImport(Array("<!DOCTYPE a><a/>".utf8), level: .lenient)
      Issue.record("a DOCTYPE was accepted")
    } catch { #expect(error == .xml(.documentType(name: "a", line: 1))) }
  }

  @Test("After an assignment the financier is the payee and the tokens stay", arguments: [true, false])
  func assignment(marksType: Bool) throws {
    let original = try #require(UBLImport(Files.sample("invoice.xml"), level: .strict).document)
    let bank = Party(
      identifiers: [Identifier("655600NINGXIABANK192", scheme: "0199")], legalName: "宁夏银行 Ningxia Bank",
      legalID: Identifier("91640000227694885K"))
    let account = PaymentMeans(code: "30", account: Identifier("6228480012345678901"), accountName: "Ningxia Bank")
    let assignment = Assignment(
      payee: bank, notice: "This claim is assigned to Ningxia Bank; only payment to it discharges the debt.",
      account: account, marksType: marksType)
    let assigned = try #require(original.assigned(assignment))
    let bytes = assigned.ubl()
    let result = try UBLImport(bytes, level: .strict)
    #expect(result.isAccepted, "\(result.fatal)")
    #expect(result.document == assigned && assigned.ubl() == bytes && assigned.assigned(assignment) == assigned)
    let (before, after) = (try #require(original.invoiceContent), try #require(result.invoice))
    #expect(after.payee?.name == "宁夏银行 Ningxia Bank" && after.typeCode == (marksType ? "393" : "380"))
    #expect(after.notes.last == assignment.notice && after.paymentMeans == [account])
    #expect(CanonicalFields(after) == CanonicalFields(before))
    let order = try #require(UBLImport(Files.sample("order.xml"), level: .lenient).document)
    #expect(order.assigned(assignment) == nil)
  }

  @Test("Texts with every kind of character survive writing") func escaping() throws {
    var invoice = try #require(UBLImport(Files.sample("invoice.xml"), level: .strict).invoice)
    invoice.notes = ["a < b & \"c\" > 'd' ]]> é 果园 🍎", "\u{1}x\u{FFFE}"]
    invoice.seller.endpoint = Identifier("a\"<&>", scheme: "\"&<")
    let again = try #require(UBLImport(TradeDocument.invoice(invoice).ubl(), level: .lenient).invoice)
    #expect(again.notes == ["a < b & \"c\" > 'd' ]]> é 果园 🍎", "x"])
    #expect(again.seller.endpoint == invoice.seller.endpoint)
  }
}

extension TradeDocument {
  fileprivate var invoiceContent: Invoice? {
    switch self {
    case .invoice(let invoice), .creditNote(let invoice): invoice
    default: nil
    }
  }
}
