internal import Primitives

/// Walks an invoice or a credit note once and checks each element's rules.
struct RuleChecker {
  let root: UBLNode
  let isCreditNote: Bool
  let facts: InvoiceFacts
  private(set) var findings: [Finding] = []

  init(root: UBLNode) {
    self.root = root
    isCreditNote = root.element.name == "CreditNote"
    facts = InvoiceFacts(root)
  }

  /// Reports the rule unless it is kept.
  mutating func require(_ kept: Bool, _ rule: String, at node: UBLNode, _ severity: Finding.Severity = .fatal) {
    guard !kept else { return }
    let sentence = RuleSentences.sentence(of: rule) ?? "The rule \(rule) is not kept."
    findings.append(Finding(rule, severity, sentence, at: node))
  }

  mutating func run() {
    document()
    documentTaxes()
    documentCounts()
    for child in root.children {
      top(child)
      visit(child, parents: [])
    }
  }

  /// The rules of elements directly in the document.
  private mutating func top(_ node: UBLNode) {
    switch node.name {
    case "cac:AllowanceCharge": documentAllowanceCharge(node)
    case "cac:TaxTotal":
      if let tax = node.decimal("cbc:TaxAmount") {
        let parts = node.all("cac:TaxSubtotal")
        let sum = InvoiceFacts.sum(parts.map { $0.decimal("cbc:TaxAmount") })
        require(parts.isEmpty || sum?.roundedUpwards(toDecimals: 2) == tax, "BR-CO-14", at: node)
      } else {
        require(!node.has("cac:TaxSubtotal"), "BR-CO-14", at: node)
      }
      for part in node.all("cac:TaxSubtotal") {
        for category in part.all("cac:TaxCategory") { breakdown(category, of: part) }
      }
    case "cbc:Note": note(node)
    default: break
    }
  }

  /// The rules of elements wherever they stand.
  private mutating func visit(_ node: UBLNode, parents: [UBLNode]) {
    let parent = parents.last
    switch node.name {
    case "cac:LegalMonetaryTotal": totals(node)
    case "cac:InvoiceLine", "cac:CreditNoteLine":
      line(node)
      for part in node.all("cac:AllowanceCharge") { lineAllowanceCharge(part) }
    case "cac:InvoicePeriod":
      let isLine = parent.map { $0.name == "cac:InvoiceLine" || $0.name == "cac:CreditNoteLine" } ?? false
      period(node, isLine: isLine)
    case "cac:AllowanceCharge":
      let isCharge = InvoiceFacts.isCharge(node)
      for category in node.all("cac:TaxCategory") {
        if let isCharge { rate(category, isCharge ? "07" : "06") }
      }
    case "cac:TaxSubtotal" where parent?.name == "cac:TaxTotal": taxSubtotal(node)
    default: reference(node, parent)
    }
    visitParty(node, parents)
    codes(node, parents)
    for child in node.children { visit(child, parents: parents + [node]) }
  }

  private mutating func document() {
    require(root.text("cbc:CustomizationID") != nil, "BR-01", at: root)
    require(root.text("cbc:ID") != nil, "BR-02", at: root)
    require(root.text("cbc:IssueDate") != nil, "BR-03", at: root)
    require(root.text("cbc:InvoiceTypeCode") != nil || root.text("cbc:CreditNoteTypeCode") != nil, "BR-04", at: root)
    require(root.text("cbc:DocumentCurrencyCode") != nil, "BR-05", at: root)
    let (seller, buyer) = (facts.seller, facts.buyer)
    require(seller?.first("cac:PartyLegalEntity")?.text("cbc:RegistrationName") != nil, "BR-06", at: root)
    require(buyer?.first("cac:PartyLegalEntity")?.text("cbc:RegistrationName") != nil, "BR-07", at: root)
    require(seller?.has("cac:PostalAddress") ?? false, "BR-08", at: root)
    require(buyer?.has("cac:PostalAddress") ?? false, "BR-10", at: root)
    require(root.has("cac:InvoiceLine") || root.has("cac:CreditNoteLine"), "BR-16", at: root)
    for currency in root.all("cbc:TaxCurrencyCode") {
      let found = facts.taxAmounts.contains { $0.attribute("currencyID") == currency.element.text }
      require(found, "BR-53", at: currency)
    }
    let hasCode = !root.all("cac:InvoicePeriod", "cbc:DescriptionCode").isEmpty
    require(!(root.has("cbc:TaxPointDate") && hasCode), "BR-CO-03", at: root)
    for currency in root.all("cbc:DocumentCurrencyCode") { withTax(currency) }
    require(!root.all("cac:TaxTotal", "cac:TaxSubtotal").isEmpty, "BR-CO-18", at: root)
    let (own, accounting) = (root.text("cbc:DocumentCurrencyCode"), root.text("cbc:TaxCurrencyCode"))
    for tax in facts.taxAmounts {
      let code = tax.attribute("currencyID")
      if code == own { require(InvoiceFacts.decimals(tax.text) <= 2, "BR-DEC-13", at: tax) }
      if let accounting, code == accounting, accounting != own {
        require(InvoiceFacts.decimals(tax.text) <= 2, "BR-DEC-15", at: tax)
      }
    }
  }

  /// BR-CO-15: with VAT = without VAT + VAT in the document's currency.
  private mutating func withTax(_ currency: UBLNode) {
    let taxes = root.all("cac:TaxTotal", "cbc:TaxAmount").filter {
      $0.attribute("currencyID") == currency.element.text
    }
    let total = root.first("cac:LegalMonetaryTotal")
    let sum = total?.decimal("cbc:TaxExclusiveAmount").flatMap { exclusive in
      taxes.first?.decimal.flatMap { exclusive.adding($0)?.roundedUpwards(toDecimals: 2) }
    }
    let kept = taxes.count == 1 && sum != nil && total?.decimal("cbc:TaxInclusiveAmount") == sum
    require(kept, "BR-CO-15", at: total ?? root)
  }

  private mutating func documentAllowanceCharge(_ node: UBLNode) {
    guard let isCharge = InvoiceFacts.isCharge(node) else { return }
    let category = node.all("cac:TaxCategory").contains { InvoiceFacts.isVAT($0) && $0.has("cbc:ID") }
    require(node.has("cbc:Amount"), isCharge ? "BR-36" : "BR-31", at: node)
    require(category, isCharge ? "BR-37" : "BR-32", at: node)
    let hasReason = node.has("cbc:AllowanceChargeReason") || node.has("cbc:AllowanceChargeReasonCode")
    require(hasReason, isCharge ? "BR-38" : "BR-33", at: node)
    require(hasReason, isCharge ? "BR-CO-22" : "BR-CO-21", at: node)
    decimals("cbc:Amount", isCharge ? "BR-DEC-05" : "BR-DEC-01", in: node)
    decimals("cbc:BaseAmount", isCharge ? "BR-DEC-06" : "BR-DEC-02", in: node)
  }

  private mutating func lineAllowanceCharge(_ node: UBLNode) {
    guard let isCharge = InvoiceFacts.isCharge(node) else { return }
    require(node.has("cbc:Amount"), isCharge ? "BR-43" : "BR-41", at: node)
    let hasReason = node.has("cbc:AllowanceChargeReason") || node.has("cbc:AllowanceChargeReasonCode")
    require(hasReason, isCharge ? "BR-44" : "BR-42", at: node)
    require(hasReason, isCharge ? "BR-CO-24" : "BR-CO-23", at: node)
    decimals("cbc:Amount", isCharge ? "BR-DEC-27" : "BR-DEC-24", in: node)
    decimals("cbc:BaseAmount", isCharge ? "BR-DEC-28" : "BR-DEC-25", in: node)
  }

  /// A text with more than two decimals breaks the rule.
  mutating func decimals(_ name: String, _ rule: String, in node: UBLNode) {
    for child in node.all(name) { require(InvoiceFacts.decimals(child.text) <= 2, rule, at: child) }
  }

  private mutating func line(_ node: UBLNode) {
    require(node.text("cbc:ID") != nil, "BR-21", at: node)
    let quantity = node.first("cbc:InvoicedQuantity") ?? node.first("cbc:CreditedQuantity")
    require(quantity != nil, "BR-22", at: node)
    require(quantity?.attribute("unitCode") != nil, "BR-23", at: node)
    require(node.has("cbc:LineExtensionAmount"), "BR-24", at: node)
    require(node.first("cac:Item")?.text("cbc:Name") != nil, "BR-25", at: node)
    let price = node.first("cac:Price")
    require(price?.has("cbc:PriceAmount") ?? false, "BR-26", at: node)
    require(price?.decimal("cbc:PriceAmount").map { !$0.isNegative } ?? false, "BR-27", at: price ?? node)
    let gross = node.all("cac:Price", "cac:AllowanceCharge", "cbc:BaseAmount")
    require(gross.isEmpty || gross.contains { $0.decimal.map { !$0.isNegative } ?? false }, "BR-28", at: price ?? node)
    let categories = node.all("cac:Item", "cac:ClassifiedTaxCategory")
    require(categories.contains { InvoiceFacts.isVAT($0) && $0.has("cbc:ID") }, "BR-CO-04", at: node)
    for category in categories { rate(category, "05") }
    decimals("cbc:LineExtensionAmount", "BR-DEC-23", in: node)
    for code in node.all("cac:Item", "cac:CommodityClassification", "cbc:ItemClassificationCode") {
      require(code.attribute("listID") != nil, "BR-65", at: code)
    }
    for id in node.all("cac:Item", "cac:StandardItemIdentification", "cbc:ID") {
      require(id.attribute("schemeID") != nil, "BR-64", at: id)
    }
    lineCounts(node)
  }

  private mutating func period(_ node: UBLNode, isLine: Bool) {
    let (start, end) = (node.first("cbc:StartDate"), node.first("cbc:EndDate"))
    if let start, let end {
      let ordered: Bool
      if let first = CalendarDate(start.text), let last = CalendarDate(end.text) {
        ordered = first <= last
      } else {
        ordered = false
      }
      require(ordered, isLine ? "BR-30" : "BR-29", at: node)
    }
    if isLine {
      require(start != nil || end != nil, "BR-CO-20", at: node)
    } else {
      require(start != nil || end != nil || node.has("cbc:DescriptionCode"), "BR-CO-19", at: node)
    }
  }

  private mutating func reference(_ node: UBLNode, _ parent: UBLNode?) {
    switch node.name {
    case "cac:AdditionalDocumentReference": require(node.text("cbc:ID") != nil, "BR-52", at: node)
    case "cbc:PrimaryAccountNumberID" where parent?.name == "cac:CardAccount":
      require(node.text.unicodeScalars.count <= 10, "BR-51", at: node, .warning)
    case "cac:AdditionalItemProperty": require(node.has("cbc:Name") && node.has("cbc:Value"), "BR-54", at: node)
    case "cac:BillingReference":
      let numbers = count(["cac:InvoiceDocumentReference", "cbc:ID"], in: node)
      require(numbers >= 1, "BR-55", at: node)
      require(node.all("cac:InvoiceDocumentReference").count <= 1, "UBL-SR-06", at: node)
      require(numbers >= 1, "UBL-SR-07", at: node)
    case "cac:Delivery":
      for address in node.all("cac:DeliveryLocation", "cac:Address") {
        require(!address.all("cac:Country", "cbc:IdentificationCode").isEmpty, "BR-57", at: address)
      }
    case "cac:PaymentMeans":
      let codes = node.all("cbc:PaymentMeansCode")
      let isTransfer = codes.contains { $0.text == "30" || $0.text == "58" }
      require(!codes.isEmpty, "BR-49", at: node)
      let accounts = node.all("cac:PayeeFinancialAccount")
      require(!isTransfer || accounts.contains { $0.has("cbc:ID") }, "BR-61", at: node)
      if isTransfer {
        for account in accounts { require(account.text("cbc:ID") != nil, "BR-50", at: account) }
      }
    default: break
    }
  }

  private mutating func note(_ node: UBLNode) {
    let parts = node.element.text.split(separator: "#", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].unicodeScalars.count == 3 else { return }
    require(CodeLists.noteSubjects.contains(String(parts[1])), "BR-CL-08", at: node)
  }
}
