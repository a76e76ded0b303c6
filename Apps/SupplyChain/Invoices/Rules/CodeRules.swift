extension RuleChecker {
  private static let amounts: Set<String> = [
    "cbc:Amount", "cbc:BaseAmount", "cbc:PriceAmount", "cbc:TaxAmount", "cbc:TaxableAmount", "cbc:LineExtensionAmount",
    "cbc:TaxExclusiveAmount", "cbc:TaxInclusiveAmount", "cbc:AllowanceTotalAmount", "cbc:ChargeTotalAmount",
    "cbc:PrepaidAmount", "cbc:PayableRoundingAmount", "cbc:PayableAmount",
  ]

  /// The code lists (BR-CL), wherever a code stands, and the forms of amounts and files (UBL-DT).
  mutating func codes(_ node: UBLNode, _ parents: [UBLNode]) {
    guard node.element.space == UBL.basics else { return }
    let parent = parents.last?.name
    let code = node.text
    switch node.name {
    case "cbc:InvoiceTypeCode": require(CodeLists.invoiceTypes.contains(code), "BR-CL-01", at: node)
    case "cbc:CreditNoteTypeCode": require(CodeLists.creditNoteTypes.contains(code), "BR-CL-01", at: node)
    case "cbc:DocumentCurrencyCode": require(Currency(code) != nil, "BR-CL-04", at: node)
    case "cbc:TaxCurrencyCode": require(Currency(code) != nil, "BR-CL-05", at: node)
    case "cbc:DescriptionCode" where parent == "cac:InvoicePeriod":
      require(CodeLists.taxPoints.contains(code), "BR-CL-06", at: node)
    case "cbc:ID": schemes(node, parents)
    case "cbc:CompanyID" where parent == "cac:PartyLegalEntity":
      scheme(node, "schemeID", CodeLists.identifierSchemes, "BR-CL-11")
    case "cbc:ItemClassificationCode" where parent == "cac:CommodityClassification":
      scheme(node, "listID", CodeLists.itemClasses, "BR-CL-13")
    case "cbc:IdentificationCode":
      if parent == "cac:Country" { require(CodeLists.countries.contains(code), "BR-CL-14", at: node) }
      if parent == "cac:OriginCountry" { require(CodeLists.countries.contains(code), "BR-CL-15", at: node) }
    case "cbc:PaymentMeansCode" where parent == "cac:PaymentMeans":
      require(CodeLists.paymentMeans.contains(code), "BR-CL-16", at: node)
    case "cbc:AllowanceChargeReasonCode" where parent == "cac:AllowanceCharge":
      guard let isCharge = parents.last.flatMap({ InvoiceFacts.isCharge($0) }) else { break }
      let list = isCharge ? CodeLists.chargeReasons : CodeLists.allowanceReasons
      require(list.contains(code), isCharge ? "BR-CL-20" : "BR-CL-19", at: node)
    case "cbc:TaxExemptionReasonCode":
      require(CodeLists.exemptionReasons.contains(code.uppercased()), "BR-CL-22", at: node)
    case "cbc:InvoicedQuantity", "cbc:BaseQuantity", "cbc:CreditedQuantity":
      scheme(node, "unitCode", CodeLists.units, "BR-CL-23")
    case "cbc:EndpointID": scheme(node, "schemeID", CodeLists.addressSchemes, "BR-CL-25")
    default: break
    }
    if RuleChecker.amounts.contains(node.name) {
      let currency = node.attribute("currencyID").map { RuleChecker.trimmed($0) }
      require(currency.map { Currency($0) != nil } ?? false, "BR-CL-03", at: node)
    }
    forms(node, parents)
  }

  private mutating func schemes(_ node: UBLNode, _ parents: [UBLNode]) {
    switch parents.last?.name {
    case "cac:AdditionalDocumentReference", "cac:DocumentReference":
      if parents.last?.all("cbc:DocumentTypeCode").contains(where: { $0.element.text == "130" }) ?? false {
        scheme(node, "schemeID", CodeLists.objectSchemes, "BR-CL-07")
      }
    case "cac:PartyIdentification":
      let isCreditor = parents.contains {
        $0.name == "cac:AccountingSupplierParty" || $0.name == "cac:PayeeParty"
      }
      if isCreditor, node.attribute("schemeID") == "SEPA" { break }
      scheme(node, "schemeID", CodeLists.identifierSchemes, "BR-CL-10")
    case "cac:TaxCategory": require(CodeLists.vatCategories.contains(node.text), "BR-CL-17", at: node)
    case "cac:ClassifiedTaxCategory": require(CodeLists.vatCategories.contains(node.text), "BR-CL-18", at: node)
    case "cac:StandardItemIdentification": scheme(node, "schemeID", CodeLists.identifierSchemes, "BR-CL-21")
    case "cac:DeliveryLocation": scheme(node, "schemeID", CodeLists.identifierSchemes, "BR-CL-26")
    default: break
    }
  }

  /// An attribute that is there must have a word of the list.
  private mutating func scheme(_ node: UBLNode, _ attribute: String, _ list: Set<String>, _ rule: String) {
    guard let value = node.attribute(attribute) else { return }
    require(list.contains(RuleChecker.trimmed(value)), rule, at: node)
  }

  private static func trimmed(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }.joined(separator: " ")
  }

  private mutating func forms(_ node: UBLNode, _ parents: [UBLNode]) {
    if node.element.name.hasSuffix("BinaryObject") {
      if node.name == "cbc:EmbeddedDocumentBinaryObject", let type = node.attribute("mimeCode") {
        require(CodeLists.mediaTypes.contains(type), "BR-CL-24", at: node)
      }
      require(node.attribute("mimeCode") != nil, "UBL-DT-06", at: node)
      require(node.attribute("filename") != nil, "UBL-DT-07", at: node)
    }
    if node.element.name.hasSuffix("Amount"), !node.element.name.hasSuffix("PriceAmount") {
      let names = parents.suffix(2).map(\.name)
      if names != ["cac:Price", "cac:AllowanceCharge"] {
        require(InvoiceFacts.decimals(node.text) <= 2, "UBL-DT-01", at: node)
      }
    }
  }
}
