extension RuleChecker {
  /// The totals of the document (BG-22).
  mutating func totals(_ node: UBLNode) {
    require(node.has("cbc:LineExtensionAmount"), "BR-12", at: node)
    require(node.has("cbc:TaxExclusiveAmount"), "BR-13", at: node)
    require(node.has("cbc:TaxInclusiveAmount"), "BR-14", at: node)
    require(node.has("cbc:PayableAmount"), "BR-15", at: node)
    let sum = InvoiceFacts.sumPresent(facts.lines, "cbc:LineExtensionAmount")?.roundedUpwards(toDecimals: 2)
    require(sum != nil && node.decimal("cbc:LineExtensionAmount") == sum, "BR-CO-10", at: node)
    adjustments(node, "cbc:AllowanceTotalAmount", isCharge: false, "BR-CO-11")
    adjustments(node, "cbc:ChargeTotalAmount", isCharge: true, "BR-CO-12")
    require(withoutTax(node), "BR-CO-13", at: node)
    require(due(node), "BR-CO-16", at: node)
    let decimalRules = [
      ("cbc:LineExtensionAmount", "BR-DEC-09"), ("cbc:AllowanceTotalAmount", "BR-DEC-10"),
      ("cbc:ChargeTotalAmount", "BR-DEC-11"), ("cbc:TaxExclusiveAmount", "BR-DEC-12"),
      ("cbc:TaxInclusiveAmount", "BR-DEC-14"), ("cbc:PrepaidAmount", "BR-DEC-16"),
      ("cbc:PayableRoundingAmount", "BR-DEC-17"), ("cbc:PayableAmount", "BR-DEC-18"),
    ]
    for (name, rule) in decimalRules { decimals(name, rule, in: node) }
    // A positive credit note is owed by its issuer, who needs no terms from itself.
    if !isCreditNote, let payable = node.first("cbc:PayableAmount") {
      let isPositive = payable.decimal.map { $0 > .zero }
      let kept = isPositive.map { !$0 || facts.hasDueDate || facts.hasPaymentTerms } ?? false
      require(kept, "BR-CO-25", at: payable)
    }
  }

  /// The total of allowances or charges is the sum of the document's own.
  private mutating func adjustments(_ node: UBLNode, _ name: String, isCharge: Bool, _ rule: String) {
    let parts = root.all("cac:AllowanceCharge").filter { InvoiceFacts.isCharge($0) == isCharge }
    if node.has(name) {
      let sum = InvoiceFacts.sumPresent(parts, "cbc:Amount")?.roundedUpwards(toDecimals: 2)
      require(sum != nil && node.decimal(name) == sum, rule, at: node)
    } else {
      require(parts.isEmpty, rule, at: node)
    }
  }

  /// Without VAT = lines − allowances + charges.
  private func withoutTax(_ node: UBLNode) -> Bool {
    guard let lines = node.decimal("cbc:LineExtensionAmount"), let total = node.decimal("cbc:TaxExclusiveAmount") else {
      return false
    }
    var parts: [ExactDecimal?] = [lines]
    if node.has("cbc:ChargeTotalAmount") { parts.append(node.decimal("cbc:ChargeTotalAmount")) }
    if node.has("cbc:AllowanceTotalAmount") { parts.append(node.decimal("cbc:AllowanceTotalAmount")?.negated) }
    if parts.count == 1 { return total == lines }
    return InvoiceFacts.sum(parts)?.roundedUpwards(toDecimals: 2) == total
  }

  /// Due = with VAT − paid + rounding.
  private func due(_ node: UBLNode) -> Bool {
    guard let payable = node.decimal("cbc:PayableAmount"), let total = node.decimal("cbc:TaxInclusiveAmount") else {
      return false
    }
    let hasPrepaid = node.has("cbc:PrepaidAmount")
    let hasRounding = node.has("cbc:PayableRoundingAmount")
    if !hasPrepaid && !hasRounding { return payable == total }
    guard let prepaid = hasPrepaid ? node.decimal("cbc:PrepaidAmount") : .zero,
      let rounding = hasRounding ? node.decimal("cbc:PayableRoundingAmount") : .zero,
      let left = payable.subtracting(rounding), let right = total.subtracting(prepaid)
    else { return false }
    return (hasRounding ? left.roundedUpwards(toDecimals: 2) : left)
      == (hasPrepaid ? right.roundedUpwards(toDecimals: 2) : right)
  }

  /// One category of the breakdown of VAT (BG-23).
  mutating func taxSubtotal(_ node: UBLNode) {
    let categories = node.all("cac:TaxCategory").filter { InvoiceFacts.isVAT($0) }
    require(node.has("cbc:TaxableAmount"), "BR-45", at: node)
    require(node.has("cbc:TaxAmount"), "BR-46", at: node)
    require(categories.contains { $0.has("cbc:ID") }, "BR-47", at: node)
    let rated = categories.contains { $0.has("cbc:Percent") || $0.text("cbc:ID") == "O" }
    require(rated, "BR-48", at: node)
    require(taxIsRate(node, categories), "BR-CO-17", at: node)
    decimals("cbc:TaxableAmount", "BR-DEC-19", in: node)
    decimals("cbc:TaxAmount", "BR-DEC-20", in: node)
    require(node.all("cac:TaxCategory", "cbc:TaxExemptionReason").count <= 1, "UBL-SR-32", at: node)
  }

  private func taxIsRate(_ node: UBLNode, _ categories: [UBLNode]) -> Bool {
    guard let tax = node.decimal("cbc:TaxAmount") else { return false }
    let percent = categories.first { $0.has("cbc:Percent") }
    guard let percent else { return tax.roundedUpwards(toDecimals: 0).isZero }
    guard let rate = percent.decimal("cbc:Percent") else { return false }
    if rate.roundedUpwards(toDecimals: 0).isZero { return tax.roundedUpwards(toDecimals: 0).isZero }
    return RuleChecker.isTax(tax, of: node.decimal("cbc:TaxableAmount"), at: rate)
  }

  /// Whether the tax is less than one away from the rate of the base, as the rules tolerate it.
  static func isTax(_ tax: ExactDecimal, of base: ExactDecimal?, at percent: ExactDecimal) -> Bool {
    guard let product = base?.magnitude.multiplied(by: percent), product.decimals <= 16,
      let expected = ExactDecimal(coefficient: product.coefficient, decimals: product.decimals + 2)?
        .roundedUpwards(toDecimals: 2),
      let gap = tax.magnitude.subtracting(expected)
    else { return false }
    return gap.magnitude < ExactDecimal(1)
  }
}
