extension RuleChecker {
  private static let documentLimits: [(rule: String, path: [String])] = [
    ("UBL-SR-01", ["cac:ContractDocumentReference", "cbc:ID"]),
    ("UBL-SR-02", ["cac:ReceiptDocumentReference", "cbc:ID"]),
    ("UBL-SR-03", ["cac:DespatchDocumentReference", "cbc:ID"]),
    ("UBL-SR-05", ["cac:PaymentTerms", "cbc:Note"]),
    ("UBL-SR-08", ["cac:InvoicePeriod"]),
    ("UBL-SR-09", ["cac:AccountingSupplierParty", "cac:Party", "cac:PartyLegalEntity", "cbc:RegistrationName"]),
    ("UBL-SR-10", ["cac:AccountingSupplierParty", "cac:Party", "cac:PartyName", "cbc:Name"]),
    ("UBL-SR-11", ["cac:AccountingSupplierParty", "cac:Party", "cac:PartyLegalEntity", "cbc:CompanyID"]),
    ("UBL-SR-14", ["cac:AccountingSupplierParty", "cac:Party", "cac:PartyLegalEntity", "cbc:CompanyLegalForm"]),
    ("UBL-SR-15", ["cac:AccountingCustomerParty", "cac:Party", "cac:PartyLegalEntity", "cbc:RegistrationName"]),
    ("UBL-SR-16", ["cac:AccountingCustomerParty", "cac:Party", "cac:PartyIdentification", "cbc:ID"]),
    ("UBL-SR-17", ["cac:AccountingCustomerParty", "cac:Party", "cac:PartyLegalEntity", "cbc:CompanyID"]),
    ("UBL-SR-24", ["cac:Delivery"]),
    ("UBL-SR-39", ["cac:ProjectReference", "cbc:ID"]),
    ("UBL-SR-40", ["cac:AccountingCustomerParty", "cac:Party", "cac:PartyName", "cbc:Name"]),
    ("UBL-SR-45", ["cac:PaymentMeans", "cbc:PaymentDueDate"]),
    ("UBL-SR-49", ["cac:InvoicePeriod", "cbc:DescriptionCode"]),
    ("UBL-SR-54", ["cac:PaymentMeans", "cac:CardAccount"]),
    ("UBL-SR-55", ["cac:PaymentMeans", "cac:PaymentMandate"]),
    ("UBL-SR-56", ["cac:OriginatorDocumentReference", "cbc:ID"]),
  ]

  private static let lineLimits: [(rule: String, path: [String])] = [
    ("UBL-SR-34", ["cbc:Note"]),
    ("UBL-SR-35", ["cac:OrderLineReference", "cbc:LineID"]),
    ("UBL-SR-36", ["cac:InvoicePeriod"]),
    ("UBL-SR-37", ["cac:Price", "cac:AllowanceCharge", "cbc:Amount"]),
    ("UBL-SR-50", ["cac:Item", "cbc:Description"]),
    ("UBL-SR-52", ["cac:DocumentReference"]),
  ]

  /// What may stand in the document at most once (UBL-SR).
  mutating func documentCounts() {
    for (rule, path) in RuleChecker.documentLimits { require(count(path, in: root) <= 1, rule, at: root) }
    for (rule, wantsVAT) in [("UBL-SR-12", true), ("UBL-SR-13", false)] {
      require(registrations(facts.seller, wantsVAT) <= 1, rule, at: root)
    }
    require(registrations(facts.buyer, true) <= 1, "UBL-SR-18", at: root)
    let objects = root.all("cac:AdditionalDocumentReference").filter { reference in
      reference.all("cbc:DocumentTypeCode").contains { $0.element.text == "130" }
    }
    require(objects.reduce(0) { $0 + $1.all("cbc:ID").count } <= 1, "UBL-SR-04", at: root)
    let means = root.all("cac:PaymentMeans")
    let names = means.flatMap { $0.all("cbc:PaymentMeansCode") }.filter { $0.attribute("name") != nil }
    require(names.count <= 1, "UBL-SR-46", at: root)
    require(facts.paymentReferences.count <= 1, "UBL-SR-44", at: root)
    require(facts.paymentMeans.count <= 1, "UBL-SR-47", at: root)
    for one in means {
      require(one.all("cbc:PaymentID").count <= 1, "UBL-SR-26", at: one)
      require(one.all("cbc:PaymentMeansCode").count <= 1, "UBL-SR-27", at: one)
      require(count(["cac:PaymentMandate", "cbc:ID"], in: one) <= 1, "UBL-SR-28", at: one)
    }
    for one in root.all("cac:AdditionalDocumentReference") { attachment(one) }
    for one in root.all("cac:Delivery") {
      require(count(["cac:DeliveryParty", "cac:PartyName", "cbc:Name"], in: one) <= 1, "UBL-SR-25", at: one)
    }
    for one in root.all("cac:AllowanceCharge") { reasons(one) }
  }

  /// What may stand in a line at most once, and its category, which must stand exactly once (UBL-SR).
  mutating func lineCounts(_ line: UBLNode) {
    for (rule, path) in RuleChecker.lineLimits { require(count(path, in: line) <= 1, rule, at: line) }
    require(count(["cac:Item", "cac:ClassifiedTaxCategory"], in: line) == 1, "UBL-SR-48", at: line)
    for one in line.all("cac:AllowanceCharge") { reasons(one) }
  }

  private mutating func reasons(_ node: UBLNode) {
    guard let isCharge = InvoiceFacts.isCharge(node) else { return }
    require(node.all("cbc:AllowanceChargeReason").count <= 1, isCharge ? "UBL-SR-31" : "UBL-SR-30", at: node)
  }

  private mutating func attachment(_ node: UBLNode) {
    require(node.all("cbc:DocumentDescription").count <= 1, "UBL-SR-33", at: node)
    let types = node.all("cbc:DocumentTypeCode").map(\.element.text)
    let hasScheme = node.all("cbc:ID").contains { $0.attribute("schemeID") != nil }
    let kept = types.contains("130") || (isCreditNote && types.contains("50")) || (!hasScheme && types.isEmpty)
    require(kept, "UBL-SR-43", at: node)
  }

  func count(_ path: [String], in node: UBLNode) -> Int {
    path.reduce([node]) { nodes, name in nodes.flatMap { $0.all(name) } }.count
  }

  private func registrations(_ party: UBLNode?, _ wantsVAT: Bool) -> Int {
    let found = party?.all("cac:PartyTaxScheme").filter { registration in
      registration.all("cac:TaxScheme", "cbc:ID").contains { ($0.element.text.uppercased() == "VAT") == wantsVAT }
    }
    return found?.reduce(0) { $0 + $1.all("cbc:CompanyID").count } ?? 0
  }
}
