/// The categories of VAT that have rules of their own: code in the document, code in the rules' names, and kind.
enum TaxFamily: String, CaseIterable {
  case standard = "S"
  case zero = "Z"
  case exempt = "E"
  case reverseCharge = "AE"
  case intraCommunity = "K"
  case export = "G"
  case outside = "O"
  case canary = "L"
  case ceutaMelilla = "M"

  /// The letters in the codes of its rules.
  var prefix: String {
    switch self {
    case .intraCommunity: "BR-IC"
    case .canary: "BR-AF"
    case .ceutaMelilla: "BR-AG"
    default: "BR-" + rawValue
    }
  }

  /// Whether it is taxed by a rate, and so may occur in the breakdown once per rate.
  var hasRates: Bool { self == .standard || self == .canary || self == .ceutaMelilla }
}

extension RuleChecker {
  /// What categories demand of the document as a whole: rules 01 to 04, 11 to 14, and of split payment.
  mutating func documentTaxes() {
    for family in TaxFamily.allCases {
      let code = family.rawValue
      let inBreakdown = facts.breakdown.filter { $0.code == code && ($0.isVAT || family == .standard) }.count
      let isVATOnly = family != .standard
      func uses(_ list: [InvoiceFacts.Category]) -> Bool {
        list.contains { $0.code == code && ($0.isVAT || !isVATOnly) }
      }
      if family.hasRates {
        let isUsed = uses(facts.items) || uses(facts.allowances) || uses(facts.charges)
        require(isUsed == (inBreakdown > 0), family.prefix + "-01", at: root)
      } else {
        let isUsed = uses(facts.items) || uses(facts.others)
        require(!isUsed || inBreakdown == 1, family.prefix + "-01", at: root)
      }
      let places = [("02", facts.items), ("03", facts.allowances), ("04", facts.charges)]
      for (number, list) in places where list.contains(where: { $0.code == code && $0.isVAT }) {
        require(hasTaxIDs(family), "\(family.prefix)-\(number)", at: root)
      }
    }
    if facts.breakdown.contains(where: { $0.isVAT && $0.code == "O" }) {
      func isOther(_ category: InvoiceFacts.Category) -> Bool { category.isVAT && category.code != "O" }
      require(!facts.breakdown.contains(where: isOther), "BR-O-11", at: root)
      require(!facts.items.contains(where: isOther), "BR-O-12", at: root)
      require(!facts.allowances.contains(where: isOther), "BR-O-13", at: root)
      require(!facts.charges.contains(where: isOther), "BR-O-14", at: root)
    }
    if facts.breakdown.contains(where: { $0.isVAT && $0.code == "K" }) {
      let dates = root.all("cac:Delivery", "cbc:ActualDeliveryDate")
      let hasPeriod = root.all("cac:InvoicePeriod").contains { !$0.element.children.isEmpty }
      require(hasPeriod || dates.contains { $0.text.utf8.count > 1 }, "BR-IC-11", at: root)
      let countries = root.all(
        "cac:Delivery", "cac:DeliveryLocation", "cac:Address", "cac:Country", "cbc:IdentificationCode")
      require(countries.contains { $0.text.utf8.count > 1 }, "BR-IC-12", at: root)
    }
    if (facts.items + facts.others).contains(where: { $0.code == "B" }) {
      require(!facts.hasForeignCountry, "BR-B-01", at: root)
      require(!(facts.items + facts.others).contains { $0.code == "S" }, "BR-B-02", at: root)
    }
  }

  /// Whether the parties have the registrations that a category needs.
  private func hasTaxIDs(_ family: TaxFamily) -> Bool {
    switch family {
    case .standard, .zero, .exempt, .canary, .ceutaMelilla: facts.sellerHasTaxID || facts.representativeHasVATID
    case .reverseCharge:
      (facts.sellerHasTaxID || facts.representativeHasVATID) && (facts.buyerHasVATID || facts.buyerHasLegalID)
    case .export: facts.sellerHasVATID || facts.representativeHasVATID
    case .intraCommunity: (facts.sellerHasVATID || facts.representativeHasVATID) && facts.buyerHasVATID
    case .outside: !facts.sellerHasVATID && !facts.representativeHasVATID && !facts.buyerHasVATID
    }
  }

  /// The rate of an item (05), an allowance (06) or a charge (07).
  mutating func rate(_ category: UBLNode, _ number: String) {
    guard let family = TaxFamily(rawValue: category.text("cbc:ID") ?? ""), InvoiceFacts.isVAT(category) else { return }
    let percent = category.decimal("cbc:Percent")
    let kept: Bool
    switch family {
    case .standard: kept = percent.map { $0 > .zero } ?? false
    case .canary, .ceutaMelilla: kept = percent.map { !$0.isNegative } ?? false
    case .outside: kept = !category.has("cbc:Percent")
    default: kept = percent?.isZero ?? false
    }
    require(kept, "\(family.prefix)-\(number)", at: category)
  }

  /// A category of the breakdown: its base (08), its tax (09), its reason of exemption (10).
  mutating func breakdown(_ category: UBLNode, of part: UBLNode) {
    guard let family = TaxFamily(rawValue: category.text("cbc:ID") ?? ""), InvoiceFacts.isVAT(category) else { return }
    let (taxable, tax) = (part.decimal("cbc:TaxableAmount"), part.decimal("cbc:TaxAmount"))
    let hasReason = category.has("cbc:TaxExemptionReason") || category.has("cbc:TaxExemptionReasonCode")
    if family.hasRates {
      if category.has("cbc:Percent") {
        let percent = category.decimal("cbc:Percent")
        require(percent.map { isBase(taxable, family, at: $0) } ?? false, family.prefix + "-08", at: part)
        let kept = percent.flatMap { percent in tax.map { RuleChecker.isTax($0, of: taxable, at: percent) } }
        require(kept ?? false, family.prefix + "-09", at: part)
      } else {
        require(false, family.prefix + "-09", at: part)
      }
      require(!hasReason, family.prefix + "-10", at: category)
    } else {
      let sum = base(family.rawValue, percent: nil)
      require(!facts.lines.isEmpty && sum != nil && taxable == sum, family.prefix + "-08", at: part)
      require(tax?.isZero ?? false, family.prefix + "-09", at: part)
      require(hasReason == (family != .zero), family.prefix + "-10", at: category)
    }
  }

  /// Lines + charges − allowances of a category, and of a rate where one is given.
  private func base(_ code: String, percent: ExactDecimal?) -> ExactDecimal? {
    let lines = facts.lines.filter { line in
      line.all("cac:Item", "cac:ClassifiedTaxCategory").contains { RuleChecker.matches($0, code, percent) }
    }
    let parts = root.all("cac:AllowanceCharge").filter { part in
      part.all("cac:TaxCategory").contains { RuleChecker.matches($0, code, percent) }
    }
    guard let net = InvoiceFacts.sumPresent(lines, "cbc:LineExtensionAmount"),
      let charges = InvoiceFacts.sumPresent(parts.filter { InvoiceFacts.isCharge($0) == true }, "cbc:Amount"),
      let allowances = InvoiceFacts.sumPresent(parts.filter { InvoiceFacts.isCharge($0) == false }, "cbc:Amount")
    else { return nil }
    return net.adding(charges)?.subtracting(allowances)
  }

  private static func matches(_ category: UBLNode, _ code: String, _ percent: ExactDecimal?) -> Bool {
    guard category.text("cbc:ID") == code else { return false }
    return percent == nil || category.decimal("cbc:Percent") == percent
  }

  /// Whether the base of a rate is less than one away from what is taxed at it.
  private func isBase(_ taxable: ExactDecimal?, _ family: TaxFamily, at percent: ExactDecimal) -> Bool {
    let used = facts.lines.contains { line in
      line.all("cac:Item", "cac:ClassifiedTaxCategory").contains {
        RuleChecker.matches($0, family.rawValue, percent)
      }
    }
    let adjusted = (facts.allowances + facts.charges).contains {
      RuleChecker.matches($0.node, family.rawValue, percent)
    }
    if family == .standard, !used && !adjusted { return false }
    if family != .standard, facts.lines.isEmpty { return false }
    guard let taxable, let sum = base(family.rawValue, percent: percent), let gap = taxable.subtracting(sum) else {
      return false
    }
    return gap.magnitude < ExactDecimal(1)
  }
}
