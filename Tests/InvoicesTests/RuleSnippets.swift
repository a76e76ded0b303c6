import Foundation

/// A small valid invoice whose parts a test can change.
struct Snippet {
  var head = """
    <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
    <cbc:ID>R-1</cbc:ID>
    <cbc:IssueDate>2026-03-01</cbc:IssueDate>
    <cbc:DueDate>2026-04-01</cbc:DueDate>
    <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
    <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
    """
  var references = ""
  var sellerIDs = "<cac:PartyIdentification><cbc:ID schemeID=\"0088\">4000001000005</cbc:ID></cac:PartyIdentification>"
  var sellerTax = Snippet.registration("DE123456789")
  var buyerTax = ""
  var buyerLegal = "<cbc:CompanyID>HRB 77</cbc:CompanyID>"
  var afterParties = ""
  var delivery = ""
  var payment = """
    <cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>\
    <cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
    """
  var category = "S"
  var percent = "19"
  var exemption = ""
  /// VAT of the base 100 at the rate.
  var tax = "19.00"
  var inclusive = "119.00"
  var allowance = true
  var charge = true
  var lineExtra = ""
  var itemExtra = ""

  static func registration(_ id: String, _ scheme: String = "VAT") -> String {
    "<cac:PartyTaxScheme><cbc:CompanyID>\(id)</cbc:CompanyID>"
      + "<cac:TaxScheme><cbc:ID>\(scheme)</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
  }

  /// A valid invoice in a category of VAT.
  static func of(_ category: String) -> Snippet {
    var snippet = Snippet()
    snippet.category = category
    switch category {
    case "S": break
    case "L", "M": (snippet.percent, snippet.tax, snippet.inclusive) = ("7", "7.00", "107.00")
    default: (snippet.percent, snippet.tax, snippet.inclusive) = ("0", "0.00", "100.00")
    }
    if ["E", "AE", "K", "G", "O"].contains(category) {
      snippet.exemption = "<cbc:TaxExemptionReason>As the law says</cbc:TaxExemptionReason>"
    }
    switch category {
    case "O": (snippet.percent, snippet.sellerTax) = ("", "")
    case "K":
      snippet.buyerTax = registration("FR40303265045")
      snippet.delivery = """
        <cac:Delivery><cbc:ActualDeliveryDate>2026-02-27</cbc:ActualDeliveryDate><cac:DeliveryLocation><cac:Address>\
        <cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:Address>\
        </cac:DeliveryLocation></cac:Delivery>
        """
    default: break
    }
    return snippet
  }

  private func categoryElement(_ name: String, _ exemption: String = "") -> String {
    let rate = percent.isEmpty ? "" : "<cbc:Percent>\(percent)</cbc:Percent>"
    return "<cac:\(name)><cbc:ID>\(category)</cbc:ID>\(rate)\(exemption)"
      + "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:\(name)>"
  }

  private func adjustment(_ isCharge: Bool, _ amount: String) -> String {
    "<cac:AllowanceCharge><cbc:ChargeIndicator>\(isCharge)</cbc:ChargeIndicator>"
      + "<cbc:AllowanceChargeReason>\(isCharge ? "Freight" : "Rebate")</cbc:AllowanceChargeReason>"
      + "<cbc:Amount currencyID=\"EUR\">\(amount)</cbc:Amount>\(categoryElement("TaxCategory"))</cac:AllowanceCharge>"
  }

  var xml: String {
    // Lines 105 − allowance 15 + charge 10 = 100; without one of them the line makes up for it.
    let line = 100 + (allowance ? 15 : 0) - (charge ? 10 : 0)
    return """
      <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
       xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
       xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
      \(head)
      \(references)
      <cac:AccountingSupplierParty><cac:Party>
      <cbc:EndpointID schemeID="0088">4000001000005</cbc:EndpointID>\(sellerIDs)
      <cac:PartyName><cbc:Name>Seller</cbc:Name></cac:PartyName>
      <cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
      \(sellerTax)
      <cac:PartyLegalEntity><cbc:RegistrationName>Seller GmbH</cbc:RegistrationName></cac:PartyLegalEntity>
      </cac:Party></cac:AccountingSupplierParty>
      <cac:AccountingCustomerParty><cac:Party>
      <cbc:EndpointID schemeID="0088">4000001000012</cbc:EndpointID>
      <cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
      \(buyerTax)
      <cac:PartyLegalEntity><cbc:RegistrationName>Buyer SA</cbc:RegistrationName>\(buyerLegal)</cac:PartyLegalEntity>
      </cac:Party></cac:AccountingCustomerParty>
      \(afterParties)
      \(delivery)
      \(payment)
      \(allowance ? adjustment(false, "15.00") : "")
      \(charge ? adjustment(true, "10.00") : "")
      <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">\(tax)</cbc:TaxAmount>
      <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">\(tax)</cbc:TaxAmount>\(categoryElement("TaxCategory", exemption))</cac:TaxSubtotal>
      </cac:TaxTotal>
      <cac:LegalMonetaryTotal>
      <cbc:LineExtensionAmount currencyID="EUR">\(line).00</cbc:LineExtensionAmount>
      <cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
      <cbc:TaxInclusiveAmount currencyID="EUR">\(inclusive)</cbc:TaxInclusiveAmount>
      \(allowance ? "<cbc:AllowanceTotalAmount currencyID=\"EUR\">15.00</cbc:AllowanceTotalAmount>" : "")
      \(charge ? "<cbc:ChargeTotalAmount currencyID=\"EUR\">10.00</cbc:ChargeTotalAmount>" : "")
      <cbc:PayableAmount currencyID="EUR">\(inclusive)</cbc:PayableAmount>
      </cac:LegalMonetaryTotal>
      <cac:InvoiceLine><cbc:ID>1</cbc:ID>
      <cbc:InvoicedQuantity unitCode="KGM">\(line)</cbc:InvoicedQuantity>
      <cbc:LineExtensionAmount currencyID="EUR">\(line).00</cbc:LineExtensionAmount>
      \(lineExtra)
      <cac:Item><cbc:Name>Pears</cbc:Name>\(itemExtra)\(categoryElement("ClassifiedTaxCategory"))</cac:Item>
      <cac:Price><cbc:PriceAmount currencyID="EUR">1</cbc:PriceAmount></cac:Price>
      </cac:InvoiceLine>
      </Invoice>
      """
  }
}

/// One change that breaks a rule: the first place of a text is replaced.
struct Break: Sendable {
  let rule: String
  let old: String
  let new: String

  init(_ rule: String, _ old: String, _ new: String) { (self.rule, self.old, self.new) = (rule, old, new) }

  func apply(to xml: String) -> String? {
    guard let place = xml.range(of: old) else { return nil }
    return xml.replacingCharacters(in: place, with: new)
  }
}
