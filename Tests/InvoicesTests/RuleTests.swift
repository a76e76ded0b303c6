import Foundation
import Invoices
import Primitives
import Testing

@Suite("EN 16931, rule by rule")
struct RuleTests {
  static let categories = ["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]
  static let prefixes = [
    "S": "BR-S", "Z": "BR-Z", "E": "BR-E", "AE": "BR-AE", "K": "BR-IC", "G": "BR-G", "O": "BR-O", "L": "BR-AF",
    "M": "BR-AG",
  ]

  @Test("A whole invoice in each category keeps every rule", arguments: categories)
  func valid(category: String) throws {
    #expect(try broken(Snippet.of(category).xml) == [])
  }

  static let breaks: [Break] = [
    Break("BR-01", "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>", ""),
    Break("BR-02", "<cbc:ID>R-1</cbc:ID>", "<cbc:ID> </cbc:ID>"),
    Break("BR-03", "<cbc:IssueDate>2026-03-01</cbc:IssueDate>", ""),
    Break("BR-04", "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", ""),
    Break("BR-05", "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", ""),
    Break("BR-06", "<cbc:RegistrationName>Seller GmbH</cbc:RegistrationName>", ""),
    Break("BR-07", "<cbc:RegistrationName>Buyer SA</cbc:RegistrationName>", "<cbc:RegistrationName/>"),
    Break(
      "BR-08",
      "<cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>",
      ""),
    Break("BR-09", "<cbc:IdentificationCode>DE</cbc:IdentificationCode>", ""),
    Break(
      "BR-10",
      "<cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>",
      ""),
    Break("BR-11", "<cbc:IdentificationCode>FR</cbc:IdentificationCode>", ""),
    Break(
      "BR-12", "<cbc:LineExtensionAmount currencyID=\"EUR\">105.00</cbc:LineExtensionAmount>\n<cbc:TaxEx", "<cbc:TaxEx"),
    Break("BR-13", "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.00</cbc:TaxExclusiveAmount>", ""),
    Break("BR-14", "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.00</cbc:TaxInclusiveAmount>", ""),
    Break("BR-15", "<cbc:PayableAmount currencyID=\"EUR\">119.00</cbc:PayableAmount>", ""),
    Break("BR-16", "<cac:InvoiceLine>", "<cac:OtherLine>"),
    Break("BR-21", "<cac:InvoiceLine><cbc:ID>1</cbc:ID>", "<cac:InvoiceLine>"),
    Break("BR-22", "<cbc:InvoicedQuantity unitCode=\"KGM\">105</cbc:InvoicedQuantity>", ""),
    Break("BR-23", "<cbc:InvoicedQuantity unitCode=\"KGM\">", "<cbc:InvoicedQuantity>"),
    Break(
      "BR-24", "</cbc:InvoicedQuantity>\n<cbc:LineExtensionAmount currencyID=\"EUR\">105.00</cbc:LineExtensionAmount>",
      "</cbc:InvoicedQuantity>"),
    Break("BR-25", "<cbc:Name>Pears</cbc:Name>", "<cbc:Name/>"),
    Break("BR-26", "<cbc:PriceAmount currencyID=\"EUR\">1</cbc:PriceAmount>", ""),
    Break("BR-27", "<cbc:PriceAmount currencyID=\"EUR\">1<", "<cbc:PriceAmount currencyID=\"EUR\">-1<"),
    Break(
      "BR-28", "</cbc:PriceAmount>",
      "</cbc:PriceAmount><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID=\"EUR\">1</cbc:Amount><cbc:BaseAmount currencyID=\"EUR\">-2</cbc:BaseAmount></cac:AllowanceCharge>"
    ),
    Break("BR-31", "<cbc:Amount currencyID=\"EUR\">15.00</cbc:Amount>", ""),
    Break("BR-33", "<cbc:AllowanceChargeReason>Rebate</cbc:AllowanceChargeReason>", ""),
    Break("BR-CO-21", "<cbc:AllowanceChargeReason>Rebate</cbc:AllowanceChargeReason>", ""),
    Break("BR-36", "<cbc:Amount currencyID=\"EUR\">10.00</cbc:Amount>", ""),
    Break("BR-38", "<cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>", ""),
    Break("BR-CO-22", "<cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>", ""),
    Break(
      "BR-32", "<cbc:Amount currencyID=\"EUR\">15.00</cbc:Amount><cac:TaxCategory><cbc:ID>S</cbc:ID>",
      "<cbc:Amount currencyID=\"EUR\">15.00</cbc:Amount><cac:TaxCategory>"),
    Break(
      "BR-37", "<cbc:Amount currencyID=\"EUR\">10.00</cbc:Amount><cac:TaxCategory><cbc:ID>S</cbc:ID>",
      "<cbc:Amount currencyID=\"EUR\">10.00</cbc:Amount><cac:TaxCategory>"),
    Break("BR-45", "<cbc:TaxableAmount currencyID=\"EUR\">100.00</cbc:TaxableAmount>", ""),
    Break(
      "BR-46", "</cbc:TaxableAmount>\n<cbc:TaxAmount currencyID=\"EUR\">19.00</cbc:TaxAmount>", "</cbc:TaxableAmount>"),
    Break(
      "BR-47", "19.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID>", "19.00</cbc:TaxAmount><cac:TaxCategory>"),
    Break(
      "BR-48", "19.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>",
      "19.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID>"),
    Break("BR-49", "<cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>", ""),
    Break("BR-50", "<cbc:ID>DE02120300000000202051</cbc:ID>", "<cbc:ID> </cbc:ID>"),
    Break("BR-61", "<cbc:ID>DE02120300000000202051</cbc:ID>", ""),
    Break("BR-62", "<cbc:EndpointID schemeID=\"0088\">4000001000005", "<cbc:EndpointID>4000001000005"),
    Break("BR-63", "<cbc:EndpointID schemeID=\"0088\">4000001000012", "<cbc:EndpointID>4000001000012"),
    Break("BR-CO-04", "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>", "<cac:ClassifiedTaxCategory>"),
    Break("BR-CO-09", "DE123456789", "QQ123456789"),
    Break(
      "BR-CO-10", "<cbc:LineExtensionAmount currencyID=\"EUR\">105.00",
      "<cbc:LineExtensionAmount currencyID=\"EUR\">105.01"),
    Break(
      "BR-CO-11", "<cbc:AllowanceTotalAmount currencyID=\"EUR\">15.00",
      "<cbc:AllowanceTotalAmount currencyID=\"EUR\">15.01"),
    Break(
      "BR-CO-12", "<cbc:ChargeTotalAmount currencyID=\"EUR\">10.00", "<cbc:ChargeTotalAmount currencyID=\"EUR\">9.99"),
    Break(
      "BR-CO-13", "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.00",
      "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.01"),
    Break(
      "BR-CO-14", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">19.00",
      "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">19.01"),
    Break(
      "BR-CO-15", "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.00",
      "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.01"),
    Break("BR-CO-16", "<cbc:PayableAmount currencyID=\"EUR\">119.00", "<cbc:PayableAmount currencyID=\"EUR\">118.99"),
    Break(
      "BR-CO-17", "</cbc:TaxableAmount>\n<cbc:TaxAmount currencyID=\"EUR\">19.00",
      "</cbc:TaxableAmount>\n<cbc:TaxAmount currencyID=\"EUR\">20.00"),
    Break("BR-CO-18", "<cac:TaxSubtotal>", "<cac:Other>"),
    Break("BR-CO-25", "<cbc:DueDate>2026-04-01</cbc:DueDate>", ""),
    Break("BR-CL-01", ">380<", ">381<"),
    Break("BR-CL-03", "<cbc:PriceAmount currencyID=\"EUR\">", "<cbc:PriceAmount currencyID=\"EURO\">"),
    Break("BR-CL-04", "<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>EURO"),
    Break(
      "BR-CL-10", "<cac:PartyIdentification><cbc:ID schemeID=\"0088\">",
      "<cac:PartyIdentification><cbc:ID schemeID=\"GLN\">"),
    Break("BR-CL-11", "<cbc:CompanyID>HRB", "<cbc:CompanyID schemeID=\"X\">HRB"),
    Break("BR-CL-14", "<cbc:IdentificationCode>DE<", "<cbc:IdentificationCode>D<"),
    Break("BR-CL-16", ">58<", ">580<"),
    Break("BR-CL-17", "10.00</cbc:Amount><cac:TaxCategory><cbc:ID>S<", "10.00</cbc:Amount><cac:TaxCategory><cbc:ID>T<"),
    Break("BR-CL-18", "<cac:ClassifiedTaxCategory><cbc:ID>S<", "<cac:ClassifiedTaxCategory><cbc:ID>T<"),
    Break(
      "BR-CL-19", "<cbc:AllowanceChargeReason>Rebate",
      "<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Rebate"),
    Break(
      "BR-CL-20", "<cbc:AllowanceChargeReason>Freight",
      "<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Freight"),
    Break("BR-CL-23", "unitCode=\"KGM\"", "unitCode=\"kg\""),
    Break("BR-CL-25", "<cbc:EndpointID schemeID=\"0088\">", "<cbc:EndpointID schemeID=\"GLN\">"),
    Break("BR-DEC-01", "15.00</cbc:Amount>", "15.000</cbc:Amount>"),
    Break(
      "BR-DEC-02", "15.00</cbc:Amount>", "15.00</cbc:Amount><cbc:BaseAmount currencyID=\"EUR\">1.001</cbc:BaseAmount>"),
    Break("BR-DEC-05", "10.00</cbc:Amount>", "10.000</cbc:Amount>"),
    Break(
      "BR-DEC-06", "10.00</cbc:Amount>", "10.00</cbc:Amount><cbc:BaseAmount currencyID=\"EUR\">1.001</cbc:BaseAmount>"),
    Break("BR-DEC-09", "105.00</cbc:LineExtensionAmount>\n<cbc:TaxEx", "105.000</cbc:LineExtensionAmount>\n<cbc:TaxEx"),
    Break("BR-DEC-10", "15.00</cbc:AllowanceTotalAmount>", "15.000</cbc:AllowanceTotalAmount>"),
    Break("BR-DEC-11", "10.00</cbc:ChargeTotalAmount>", "10.000</cbc:ChargeTotalAmount>"),
    Break("BR-DEC-12", "100.00</cbc:TaxExclusiveAmount>", "100.000</cbc:TaxExclusiveAmount>"),
    Break(
      "BR-DEC-13", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">19.00",
      "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">19.000"),
    Break("BR-DEC-14", "119.00</cbc:TaxInclusiveAmount>", "119.000</cbc:TaxInclusiveAmount>"),
    Break(
      "BR-DEC-16", "<cbc:PayableAmount",
      "<cbc:PrepaidAmount currencyID=\"EUR\">0.000</cbc:PrepaidAmount><cbc:PayableAmount"),
    Break(
      "BR-DEC-17", "<cbc:PayableAmount",
      "<cbc:PayableRoundingAmount currencyID=\"EUR\">0.000</cbc:PayableRoundingAmount><cbc:PayableAmount"),
    Break("BR-DEC-18", "119.00</cbc:PayableAmount>", "119.000</cbc:PayableAmount>"),
    Break("BR-DEC-19", "100.00</cbc:TaxableAmount>", "100.000</cbc:TaxableAmount>"),
    Break("BR-DEC-20", "19.00</cbc:TaxAmount><cac:TaxCategory>", "19.000</cbc:TaxAmount><cac:TaxCategory>"),
    Break(
      "BR-DEC-23", "</cbc:InvoicedQuantity>\n<cbc:LineExtensionAmount currencyID=\"EUR\">105.00",
      "</cbc:InvoicedQuantity>\n<cbc:LineExtensionAmount currencyID=\"EUR\">105.000"),
    Break("UBL-DT-01", "119.00</cbc:PayableAmount>", "119.000</cbc:PayableAmount>"),
    Break("UBL-SR-48", "</cac:ClassifiedTaxCategory>", "</cac:ClassifiedTaxCategory><cac:ClassifiedTaxCategory/>"),
  ]

  @Test("One change breaks the rule that it should break", arguments: breaks.indices)
  func breaking(index: Int) throws {
    let one = RuleTests.breaks[index]
    var xml = try #require(one.apply(to: Snippet().xml), "\(one.rule): the text is not in the snippet")
    if one.rule == "BR-16" { xml = xml.replacingOccurrences(of: "</cac:InvoiceLine>", with: "</cac:OtherLine>") }
    if one.rule == "BR-CO-18" { xml = xml.replacingOccurrences(of: "</cac:TaxSubtotal>", with: "</cac:Other>") }
    let found = try broken(xml)
    #expect(found.contains(one.rule), "\(one.rule): found \(found.sorted())")
    #expect(try UBLImport(Array(xml.utf8), level: .strict).isAccepted == false)
  }

  /// Rules about parts that the plain snippet lacks: what to add, and what then breaks the rule.
  static let additions: [(rule: String, good: @Sendable (inout Snippet) -> Void, old: String, new: String)] = [
    ("BR-17", { $0.afterParties = payee("Bank") }, ">Bank<", ">Seller<"),
    ("BR-18", { $0.afterParties = agent }, "<cbc:Name>Agent</cbc:Name>", ""),
    ("BR-19", { $0.afterParties = agent }, agentAddress, ""),
    ("BR-20", { $0.afterParties = agent }, "<cbc:IdentificationCode>NL</cbc:IdentificationCode>", ""),
    (
      "BR-56", { $0.afterParties = agent }, "NL123456789B01</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT",
      "NL123456789B01</cbc:CompanyID><cac:TaxScheme><cbc:ID>GST"
    ),
    (
      "BR-29", { $0.references = period("2026-02-01", "2026-02-01") }, "<cbc:EndDate>2026-02-01",
      "<cbc:EndDate>2026-01-31"
    ),
    (
      "BR-CO-19", { $0.references = period("2026-02-01", "2026-02-01") },
      "<cbc:StartDate>2026-02-01</cbc:StartDate><cbc:EndDate>2026-02-01</cbc:EndDate>", ""
    ),
    (
      "BR-CO-03",
      { $0.references = "<cac:InvoicePeriod><cbc:DescriptionCode>35</cbc:DescriptionCode></cac:InvoicePeriod>" },
      "<cbc:DocumentCurrencyCode>", "<cbc:TaxPointDate>2026-03-01</cbc:TaxPointDate><cbc:DocumentCurrencyCode>"
    ),
    (
      "BR-CL-06",
      { $0.references = "<cac:InvoicePeriod><cbc:DescriptionCode>35</cbc:DescriptionCode></cac:InvoicePeriod>" },
      ">35<", ">36<"
    ),
    (
      "BR-30", { $0.lineExtra = period("2026-02-01", "2026-02-01") }, "<cbc:EndDate>2026-02-01",
      "<cbc:EndDate>2026-01-31"
    ),
    (
      "BR-CO-20", { $0.lineExtra = period("2026-02-01", "2026-02-01") },
      "<cbc:StartDate>2026-02-01</cbc:StartDate><cbc:EndDate>2026-02-01</cbc:EndDate>", ""
    ),
    ("BR-41", { $0.lineExtra = adjustments }, "<cbc:Amount currencyID=\"EUR\">2.00</cbc:Amount>", ""),
    ("BR-42", { $0.lineExtra = adjustments }, "<cbc:AllowanceChargeReason>Less</cbc:AllowanceChargeReason>", ""),
    ("BR-CO-23", { $0.lineExtra = adjustments }, "<cbc:AllowanceChargeReason>Less</cbc:AllowanceChargeReason>", ""),
    ("BR-43", { $0.lineExtra = adjustments }, "<cbc:Amount currencyID=\"EUR\">3.00</cbc:Amount>", ""),
    ("BR-44", { $0.lineExtra = adjustments }, "<cbc:AllowanceChargeReason>More</cbc:AllowanceChargeReason>", ""),
    ("BR-CO-24", { $0.lineExtra = adjustments }, "<cbc:AllowanceChargeReason>More</cbc:AllowanceChargeReason>", ""),
    ("BR-DEC-24", { $0.lineExtra = adjustments }, "2.00</cbc:Amount>", "2.000</cbc:Amount>"),
    ("BR-DEC-25", { $0.lineExtra = adjustments }, "20.00</cbc:BaseAmount>", "20.001</cbc:BaseAmount>"),
    ("BR-DEC-27", { $0.lineExtra = adjustments }, "3.00</cbc:Amount>", "3.000</cbc:Amount>"),
    ("BR-DEC-28", { $0.lineExtra = adjustments }, "30.00</cbc:BaseAmount>", "30.001</cbc:BaseAmount>"),
    ("BR-51", { $0.payment = card }, ">12345678<", ">12345678901<"),
    ("BR-52", { $0.references = attachment }, "<cbc:ID>Sheet</cbc:ID>", ""),
    ("BR-CL-24", { $0.references = attachment }, "application/pdf", "application/zip"),
    ("UBL-DT-06", { $0.references = attachment }, "mimeCode=\"application/pdf\"", ""),
    ("UBL-DT-07", { $0.references = attachment }, "filename=\"a.pdf\"", ""),
    ("BR-CL-07", { $0.references = object }, "ABT", "NOPE"),
    (
      "BR-53", { $0 = twoCurrencies },
      "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">200.00</cbc:TaxAmount></cac:TaxTotal>", ""
    ),
    ("BR-DEC-15", { $0 = twoCurrencies }, "200.00", "200.001"),
    ("BR-CL-05", { $0 = twoCurrencies }, "<cbc:TaxCurrencyCode>SEK", "<cbc:TaxCurrencyCode>Kr"),
    ("BR-54", { $0.itemExtra = property }, "<cbc:Value>green</cbc:Value>", ""),
    ("BR-55", { $0.references = earlier }, "<cbc:ID>R-0</cbc:ID>", ""),
    (
      "BR-57", { $0.delivery = Snippet.of("K").delivery },
      "<cac:Address><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:Address>",
      "<cac:Address/>"
    ),
    (
      "BR-CL-26",
      {
        $0.delivery =
          "<cac:Delivery><cac:DeliveryLocation><cbc:ID schemeID=\"0088\">1</cbc:ID></cac:DeliveryLocation></cac:Delivery>"
      }, "<cac:DeliveryLocation><cbc:ID schemeID=\"0088\">", "<cac:DeliveryLocation><cbc:ID schemeID=\"GLN\">"
    ),
    ("BR-64", { $0.itemExtra = standard }, "<cbc:ID schemeID=\"0160\">", "<cbc:ID>"),
    ("BR-CL-21", { $0.itemExtra = standard }, "schemeID=\"0160\"", "schemeID=\"GTIN\""),
    ("BR-65", { $0.itemExtra = classification }, " listID=\"HS\"", ""),
    ("BR-CL-13", { $0.itemExtra = classification }, "listID=\"HS\"", "listID=\"XYZ\""),
    (
      "BR-CL-15",
      { $0.itemExtra = "<cac:OriginCountry><cbc:IdentificationCode>CN</cbc:IdentificationCode></cac:OriginCountry>" },
      ">CN<", ">CHINA<"
    ),
    ("BR-CL-08", { $0.head += "<cbc:Note>#AAI#General</cbc:Note>" }, "#AAI#", "#QQQ#"),
    (
      "BR-CL-22",
      {
        $0 = Snippet.of("E"); $0.exemption = "<cbc:TaxExemptionReasonCode>VATEX-EU-132</cbc:TaxExemptionReasonCode>"
      }, "VATEX-EU-132", "VATEX-MOON"
    ),
    (
      "BR-CO-26",
      {
        $0.sellerTax = ""; $0.category = "S"
      }, Snippet().sellerIDs, ""
    ),
    ("BR-IC-11", { $0 = Snippet.of("K") }, "<cbc:ActualDeliveryDate>2026-02-27</cbc:ActualDeliveryDate>", ""),
    (
      "BR-IC-12", { $0 = Snippet.of("K") },
      "<cac:Address><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:Address>", ""
    ),
    ("BR-O-11", { $0 = Snippet.of("O") }, "<cac:TaxSubtotal>", secondBreakdown + "<cac:TaxSubtotal>"),
    (
      "BR-O-12", { $0 = Snippet.of("O") }, "<cac:ClassifiedTaxCategory><cbc:ID>O<",
      "<cac:ClassifiedTaxCategory><cbc:ID>E<"
    ),
    (
      "BR-O-13", { $0 = Snippet.of("O") }, "15.00</cbc:Amount><cac:TaxCategory><cbc:ID>O<",
      "15.00</cbc:Amount><cac:TaxCategory><cbc:ID>E<"
    ),
    (
      "BR-O-14", { $0 = Snippet.of("O") }, "10.00</cbc:Amount><cac:TaxCategory><cbc:ID>O<",
      "10.00</cbc:Amount><cac:TaxCategory><cbc:ID>E<"
    ),
    ("BR-B-01", { _ in }, "<cac:ClassifiedTaxCategory><cbc:ID>S<", "<cac:ClassifiedTaxCategory><cbc:ID>B<"),
    ("BR-B-02", { _ in }, "<cac:ClassifiedTaxCategory><cbc:ID>S<", "<cac:ClassifiedTaxCategory><cbc:ID>B<"),
  ]

  @Test("With the part there the rule is kept, with the change it is broken", arguments: additions.indices)
  func adding(index: Int) throws {
    let (rule, prepare, old, new) = RuleTests.additions[index]
    var snippet = Snippet()
    prepare(&snippet)
    let good = snippet.xml
    let before = try broken(good)
    #expect(!before.contains(rule), "\(rule): broken before the change: \(before.sorted())")
    let bad = try #require(Break(rule, old, new).apply(to: good), "\(rule): the text is not in the snippet")
    let found = try broken(bad)
    #expect(found.contains(rule), "\(rule): found \(found.sorted())")
  }

  @Test("Every rule of every category of VAT is kept and broken", arguments: categories)
  func families(category: String) throws {
    let prefix = try #require(RuleTests.prefixes[category])
    let hasRates = ["S", "L", "M"].contains(category)
    let base = Snippet.of(category)
    let plain = base.xml
    let code = "<cbc:ID>\(category)</cbc:ID>"
    func expect(_ number: String, _ xml: String) throws {
      #expect(try broken(plain).contains("\(prefix)-\(number)") == false)
      let found = try broken(xml)
      #expect(found.contains("\(prefix)-\(number)"), "\(prefix)-\(number): found \(found.sorted())")
    }
    func replaced(_ old: String, _ new: String) throws -> String {
      try #require(Break(prefix, old, new).apply(to: plain), "not in the snippet: \(old)")
    }
    let tax = "\(base.tax)</cbc:TaxAmount><cac:TaxCategory>"
    try expect("01", try replaced(tax + code, tax + "<cbc:ID>B</cbc:ID>"))
    var parties = base
    if category == "O" {
      parties.sellerTax = Snippet.registration("DE123456789")
    } else {
      (parties.sellerTax, parties.buyerTax, parties.buyerLegal) = ("", "", "")
    }
    try expect("02", parties.xml)
    try expect("03", parties.xml)
    try expect("04", parties.xml)
    let rate = base.percent.isEmpty ? "" : "<cbc:Percent>\(base.percent)</cbc:Percent>"
    let wrong = category == "S" ? "<cbc:Percent>0</cbc:Percent>" : "<cbc:Percent>-3</cbc:Percent>"
    try expect(
      "05", try replaced("<cac:ClassifiedTaxCategory>\(code)\(rate)", "<cac:ClassifiedTaxCategory>\(code)\(wrong)"))
    for (number, amount) in [("06", "15.00"), ("07", "10.00")] {
      let start = "\(amount)</cbc:Amount><cac:TaxCategory>\(code)"
      try expect(number, try replaced(start + rate, start + wrong))
    }
    try expect("08", try replaced("100.00</cbc:TaxableAmount>", "101.00</cbc:TaxableAmount>"))
    try expect("09", try replaced(tax, "\(hasRates ? "99.00" : "1.00")</cbc:TaxAmount><cac:TaxCategory>"))
    let reason = "<cbc:TaxExemptionReason>As the law says</cbc:TaxExemptionReason>"
    if base.exemption.isEmpty {
      try expect("10", try replaced(tax + code + rate, tax + code + rate + reason))
    } else {
      try expect("10", try replaced(reason, ""))
    }
    // One half of the parties is enough where the rule says so.
    if category == "AE" {
      var legal = base
      legal.buyerLegal = ""
      #expect(try broken(legal.xml).contains("BR-AE-02"))
      legal.buyerTax = Snippet.registration("FR40303265045")
      #expect(try broken(legal.xml).isEmpty)
    }
    if hasRates {
      // Up to one is tolerated between base, rate and tax.
      #expect(try broken(try replaced("100.00</cbc:TaxableAmount>", "100.99</cbc:TaxableAmount>")).isEmpty)
    }
  }

  @Test("Every rule has a sentence, and most are broken by a test here") func coverage() throws {
    #expect(EN16931.rules.count == Set(EN16931.rules).count)
    for rule in EN16931.rules {
      let sentence = try #require(EN16931.sentence(of: rule), "\(rule)").english
      #expect(sentence.hasSuffix(".") && !sentence.contains("{"), "\(rule)")
    }
    var tested = Set(RuleTests.breaks.map(\.rule) + RuleTests.additions.map(\.rule))
    for prefix in RuleTests.prefixes.values {
      for number in 1...10 { tested.insert("\(prefix)-\(number < 10 ? "0" : "")\(number)") }
    }
    #expect(tested.isSubset(of: EN16931.rules))
    let missing = Set(EN16931.rules).subtracting(tested).filter { !$0.hasPrefix("UBL-SR") }
    #expect(missing.isEmpty, "\(missing.sorted())")
    #expect(EN16931.sentence(of: "BR-99") == nil)
  }

  @Test("Every sentence is there in Chinese") func chinese() throws {
    for rule in EN16931.rules {
      let sentence = try #require(EN16931.sentence(of: rule))
      let text = sentence.text(in: .invoices)
      let letters = text.replacing(/(BT|BG|UNTDID|ISO|IEC|VATEX|UNECE|EAS|IGIC|IPSI|EL|AE)/, with: "")
      #expect(text.hasSuffix("。") && !letters.contains(/[A-Za-z]{3}/), "\(rule): \(text)")
    }
    for fault in [XMLFault.noMemory, .tooDeep(line: 3), .documentType(name: "x", line: 1), .tooLarge(bytes: 1)] {
      #expect(fault.message.text(in: .invoices) != fault.message.english)
    }
    for kind in MatchDifference.Kind.allCases {
      let difference = try #require(try MatchTests.one(of: kind))
      #expect(difference.sentence.text(in: .invoices) != difference.sentence.english, "\(kind)")
    }
  }
}

extension RuleTests {
  static func payee(_ name: String) -> String {
    "<cac:PayeeParty><cac:PartyName><cbc:Name>\(name)</cbc:Name></cac:PartyName></cac:PayeeParty>"
  }
  static let agentAddress =
    "<cac:PostalAddress><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
  static let agent =
    "<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>Agent</cbc:Name></cac:PartyName>\(agentAddress)"
    + Snippet.registration("NL123456789B01") + "</cac:TaxRepresentativeParty>"
  static func period(_ start: String, _ end: String) -> String {
    "<cac:InvoicePeriod><cbc:StartDate>\(start)</cbc:StartDate><cbc:EndDate>\(end)</cbc:EndDate></cac:InvoicePeriod>"
  }
  static let adjustments =
    "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
    + "<cbc:AllowanceChargeReason>Less</cbc:AllowanceChargeReason><cbc:Amount currencyID=\"EUR\">2.00</cbc:Amount>"
    + "<cbc:BaseAmount currencyID=\"EUR\">20.00</cbc:BaseAmount></cac:AllowanceCharge>"
    + "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>"
    + "<cbc:AllowanceChargeReason>More</cbc:AllowanceChargeReason><cbc:Amount currencyID=\"EUR\">3.00</cbc:Amount>"
    + "<cbc:BaseAmount currencyID=\"EUR\">30.00</cbc:BaseAmount></cac:AllowanceCharge>"
  static let card =
    "<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode><cac:CardAccount>"
    + "<cbc:PrimaryAccountNumberID>12345678</cbc:PrimaryAccountNumberID></cac:CardAccount></cac:PaymentMeans>"
  static let attachment =
    "<cac:AdditionalDocumentReference><cbc:ID>Sheet</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject "
    + "mimeCode=\"application/pdf\" filename=\"a.pdf\">QQ==</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
    + "</cac:AdditionalDocumentReference>"
  static let object =
    "<cac:AdditionalDocumentReference><cbc:ID schemeID=\"ABT\">7</cbc:ID>"
    + "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
  static var twoCurrencies: Snippet {
    var snippet = Snippet()
    snippet.head += "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"
    snippet.payment += "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">200.00</cbc:TaxAmount></cac:TaxTotal>"
    return snippet
  }
  static let property =
    "<cac:AdditionalItemProperty><cbc:Name>Colour</cbc:Name><cbc:Value>green</cbc:Value></cac:AdditionalItemProperty>"
  static let earlier =
    "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>R-0</cbc:ID></cac:InvoiceDocumentReference>"
    + "</cac:BillingReference>"
  static let standard =
    "<cac:StandardItemIdentification><cbc:ID schemeID=\"0160\">04012345678901</cbc:ID></cac:StandardItemIdentification>"
  static let classification =
    "<cac:CommodityClassification><cbc:ItemClassificationCode listID=\"HS\">0808</cbc:ItemClassificationCode>"
    + "</cac:CommodityClassification>"
  static let secondBreakdown =
    "<cac:TaxSubtotal><cbc:TaxableAmount currencyID=\"EUR\">0</cbc:TaxableAmount><cbc:TaxAmount currencyID=\"EUR\">0"
    + "</cbc:TaxAmount><cac:TaxCategory><cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    + "</cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"
}
