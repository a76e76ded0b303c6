public import Primitives

/// The rules that Peppol BIS Billing 3.0 has beyond EN 16931, by the codes of its public rule set.
///
/// Those of the document (R001 to R130), of identifiers that carry a check digit of their own (GLN, Norway, Denmark,
/// Belgium, Sweden) and of the LEI. Rules of single countries, and the code lists of P-codes, are not checked.
public enum Peppol {
  /// What an invoice or credit note breaks, the document's own rules first; empty if it keeps all.
  ///
  /// Linear in the document's size.
  public static func findings(in root: XMLElement) -> [Finding] {
    var checker = PeppolChecker(root: UBLNode(root: root))
    checker.run()
    return checker.findings
  }

  /// The codes of all rules that are checked, sorted.
  public static let rules: [String] = sentences.keys.sorted()

  /// What a rule demands; nil for a code that is not checked.
  public static func sentence(of rule: String) -> Message? { sentences[rule] }

  private static let sentences: [String: Message] = [
    "PEPPOL-EN16931-R001": "The document names its business process (BT-23).",
    "PEPPOL-EN16931-R002": "The document has at most one note.",
    "PEPPOL-EN16931-R003": "The document has a buyer reference (BT-10) or an order reference (BT-13).",
    "PEPPOL-EN16931-R004": "The specification identifier (BT-24) is the one of Peppol BIS Billing 3.0.",
    "PEPPOL-EN16931-R005": "The currency of the VAT accounts (BT-6) is another one than the document's (BT-5).",
    "PEPPOL-EN16931-R007": "The business process (BT-23) has the form urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0.",
    "PEPPOL-EN16931-R008": "The document has no empty elements.",
    "PEPPOL-EN16931-R010": "The buyer has an electronic address (BT-49).",
    "PEPPOL-EN16931-R020": "The seller has an electronic address (BT-34).",
    "PEPPOL-EN16931-R040": "An allowance or charge is its base amount times its percentage, within 0.02.",
    "PEPPOL-EN16931-R041": "An allowance or charge with a percentage has a base amount.",
    "PEPPOL-EN16931-R042": "An allowance or charge with a base amount has a percentage.",
    "PEPPOL-EN16931-R043": "The indicator of an allowance or charge is true or false.",
    "PEPPOL-EN16931-R044": "A price has allowances only, no charges.",
    "PEPPOL-EN16931-R046": "The net price is the gross price less its allowance.",
    "PEPPOL-EN16931-R051":
      "Every amount is in the document's currency (BT-5), but for the VAT in the accounts' currency.",
    "PEPPOL-EN16931-R053": "Exactly one total of VAT has a breakdown.",
    "PEPPOL-EN16931-R054":
      "A total of VAT without a breakdown is there exactly when there is a currency of the accounts.",
    "PEPPOL-EN16931-R055": "The VAT in the document's and in the accounts' currency have the same sign.",
    "PEPPOL-EN16931-R061": "A direct debit names its mandate (BT-89).",
    "PEPPOL-EN16931-R080": "A credit note has at most one project reference.",
    "PEPPOL-EN16931-R100": "A line has at most one invoiced object.",
    "PEPPOL-EN16931-R101": "A document reference of a line is its invoiced object, with the type code 130.",
    "PEPPOL-EN16931-R110": "The period of a line begins within the document's.",
    "PEPPOL-EN16931-R111": "The period of a line ends within the document's.",
    "PEPPOL-EN16931-R120":
      "A line is its quantity times its net price, with its charges and less its allowances, within 0.02.",
    "PEPPOL-EN16931-R121": "The base quantity of a price is more than zero.",
    "PEPPOL-EN16931-R130": "The base quantity of a price has the unit of the line's quantity.",
    "PEPPOL-COMMON-R040": "A GLN (scheme 0088) has its check digit.",
    "PEPPOL-COMMON-R041":
      "A Norwegian organisation number (scheme 0192) has nine digits, the last one its check digit.",
    "PEPPOL-COMMON-R042": "A Danish CVR number (scheme 0184) is DK and eight digits.",
    "PEPPOL-COMMON-R043": "A Belgian enterprise number (scheme 0208) has ten digits, the last two its check digits.",
    "PEPPOL-COMMON-R049": "A Swedish organisation number (scheme 0007) has ten digits, the last one its check digit.",
  ]
}

/// Walks a document once for the rules of Peppol.
struct PeppolChecker {
  let root: UBLNode
  private(set) var findings: [Finding] = []
  private let currency: String?

  init(root: UBLNode) {
    self.root = root
    currency = root.text("cbc:DocumentCurrencyCode")
  }

  private mutating func require(_ kept: Bool, _ rule: String, at node: UBLNode) {
    guard !kept else { return }
    let code = (rule.hasPrefix("C") ? "PEPPOL-COMMON-" : "PEPPOL-EN16931-") + rule.drop { $0 == "C" }
    findings.append(Finding(code, .fatal, Peppol.sentence(of: code) ?? "The rule \(code) is not kept.", at: node))
  }

  mutating func run() {
    document()
    visit(root, parent: nil)
  }

  private mutating func document() {
    let profile = root.text("cbc:ProfileID")
    require(profile != nil, "R001", at: root)
    require(profile.map(PeppolChecker.isProcess) ?? false, "R007", at: root)
    require(root.all("cbc:Note").count <= 1, "R002", at: root)
    require(
      root.has("cbc:BuyerReference") || root.first("cac:OrderReference")?.has("cbc:ID") ?? false, "R003", at: root)
    let specification = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
    require(root.text("cbc:CustomizationID")?.hasPrefix(specification) ?? false, "R004", at: root)
    let accounts = root.text("cbc:TaxCurrencyCode")
    require(accounts == nil || accounts != currency, "R005", at: root)
    for (role, rule) in [("cac:AccountingCustomerParty", "R010"), ("cac:AccountingSupplierParty", "R020")] {
      for party in root.all(role, "cac:Party") { require(party.has("cbc:EndpointID"), rule, at: party) }
    }
    let taxes = root.all("cac:TaxTotal")
    require(taxes.filter { $0.has("cac:TaxSubtotal") }.count == 1, "R053", at: root)
    require(taxes.filter { !$0.has("cac:TaxSubtotal") }.count == (accounts == nil ? 0 : 1), "R054", at: root)
    if let accounts {
      let amounts = root.all("cac:TaxTotal", "cbc:TaxAmount")
      func amount(_ code: String?) -> ExactDecimal? {
        amounts.first { $0.attribute("currencyID") == code }?.decimal
      }
      let (zero, own, other) = (ExactDecimal(0), amount(currency), amount(accounts))
      let isSame = own.flatMap { own in other.map { (own <= zero && $0 <= zero) || (own >= zero && $0 >= zero) } }
      require(isSame ?? false, "R055", at: root)
    }
    if root.element.name == "CreditNote" {
      let projects = root.all("cac:AdditionalDocumentReference").filter { $0.text("cbc:DocumentTypeCode") == "50" }
      require(projects.count <= 1, "R080", at: root)
    }
  }

  private static func isProcess(_ text: String) -> Bool {
    let (head, tail) = ("urn:fdc:peppol.eu:2017:poacc:billing:", ":1.0")
    guard text.hasPrefix(head), text.hasSuffix(tail) else { return false }
    let number = text.dropFirst(head.count).dropLast(tail.count).utf8
    return number.count == 2 && number.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static let amounts: Set<String> = [
    "cbc:Amount", "cbc:BaseAmount", "cbc:PriceAmount", "cbc:TaxableAmount", "cbc:LineExtensionAmount",
    "cbc:TaxExclusiveAmount", "cbc:TaxInclusiveAmount", "cbc:AllowanceTotalAmount", "cbc:ChargeTotalAmount",
    "cbc:PrepaidAmount", "cbc:PayableRoundingAmount", "cbc:PayableAmount",
  ]

  private mutating func visit(_ node: UBLNode, parent: UBLNode?) {
    require(!node.element.children.isEmpty || !node.text.isEmpty, "R008", at: node)
    if Self.amounts.contains(node.name) || (node.name == "cbc:TaxAmount" && parent?.has("cac:TaxSubtotal") == true) {
      require(node.attribute("currencyID") == currency, "R051", at: node)
    }
    switch node.name {
    case "cac:AllowanceCharge" where parent?.name == "cac:Price": priceAllowance(node, parent)
    case "cac:AllowanceCharge": allowance(node)
    case "cac:PaymentMeans":
      if let code = node.text("cbc:PaymentMeansCode"), ["49", "59"].contains(code) {
        require(node.first("cac:PaymentMandate")?.has("cbc:ID") ?? false, "R061", at: node)
      }
    case "cac:InvoiceLine", "cac:CreditNoteLine": line(node)
    default: identifier(node, parent)
    }
    for child in node.children { visit(child, parent: node) }
  }

  /// Whether two amounts differ by at most 0.02; a number that cannot be read, or is too large, keeps no rule.
  private func isNear(_ left: ExactDecimal?, _ right: ExactDecimal?) -> Bool {
    guard let left, let right, let gap = left.subtracting(right), let slack = ExactDecimal("0.02") else { return false }
    return gap <= slack && ExactDecimal(0).subtracting(slack).map { gap >= $0 } ?? false
  }

  private mutating func allowance(_ node: UBLNode) {
    let (base, percent) = (node.has("cbc:BaseAmount"), node.has("cbc:MultiplierFactorNumeric"))
    if percent && !base { require(false, "R041", at: node) }
    if base && !percent { require(false, "R042", at: node) }
    if base && percent {
      let product = node.decimal("cbc:BaseAmount").flatMap { base in
        node.decimal("cbc:MultiplierFactorNumeric").flatMap { base.multiplied(by: $0) }
      }
      let share = product.flatMap { $0.divided(by: ExactDecimal(100), decimals: 6) }
      require(isNear(node.decimal("cbc:Amount") ?? ExactDecimal(0), share), "R040", at: node)
    }
    require(["true", "false"].contains(node.text("cbc:ChargeIndicator") ?? ""), "R043", at: node)
  }

  private mutating func priceAllowance(_ node: UBLNode, _ price: UBLNode?) {
    require(node.text("cbc:ChargeIndicator") == "false", "R044", at: node)
    guard let gross = node.first("cbc:BaseAmount") else { return }
    let net = gross.decimal.flatMap { gross in node.decimal("cbc:Amount").flatMap { gross.subtracting($0) } }
    require(net != nil && price?.decimal("cbc:PriceAmount") == net, "R046", at: node)
  }

  private mutating func line(_ node: UBLNode) {
    let references = node.all("cac:DocumentReference")
    require(references.count <= 1, "R100", at: node)
    require(
      references.isEmpty || references.contains { $0.text("cbc:DocumentTypeCode") == "130" }, "R101", at: node)
    let (whole, own) = (root.first("cac:InvoicePeriod"), node.first("cac:InvoicePeriod"))
    func day(_ period: UBLNode?, _ name: String) -> CalendarDate? { period?.text(name).flatMap { CalendarDate($0) } }
    if let start = day(whole, "cbc:StartDate"), own?.has("cbc:StartDate") == true {
      require(day(own, "cbc:StartDate").map { start <= $0 } ?? false, "R110", at: node)
    }
    if let end = day(whole, "cbc:EndDate"), own?.has("cbc:EndDate") == true {
      require(day(own, "cbc:EndDate").map { $0 <= end } ?? false, "R111", at: node)
    }
    let quantity = node.first("cbc:InvoicedQuantity") ?? node.first("cbc:CreditedQuantity")
    let price = node.first("cac:Price")
    let base = price?.first("cbc:BaseQuantity")
    if let base {
      require(base.decimal.map { $0 > ExactDecimal(0) } ?? false, "R121", at: base)
      if let unit = base.attribute("unitCode"), let quantity {
        require(unit == quantity.attribute("unitCode"), "R130", at: base)
      }
    }
    require(
      isNear(node.decimal("cbc:LineExtensionAmount") ?? ExactDecimal(0), net(node, quantity, price)), "R120", at: node)
  }

  /// Quantity times net price by base quantity, with charges and less allowances.
  private func net(_ node: UBLNode, _ quantity: UBLNode?, _ price: UBLNode?) -> ExactDecimal? {
    let count = quantity == nil ? ExactDecimal(1) : quantity?.decimal
    let each = price?.has("cbc:PriceAmount") == true ? price?.decimal("cbc:PriceAmount") : ExactDecimal(0)
    let base = price?.decimal("cbc:BaseQuantity").flatMap { $0 == ExactDecimal(0) ? nil : $0 } ?? ExactDecimal(1)
    guard let count, let each, var sum = count.multiplied(by: each)?.divided(by: base, decimals: 6) else { return nil }
    for part in node.all("cac:AllowanceCharge") {
      guard let amount = part.decimal("cbc:Amount") else { return nil }
      let next = part.text("cbc:ChargeIndicator") == "true" ? sum.adding(amount) : sum.subtracting(amount)
      guard let next else { return nil }
      sum = next
    }
    return sum
  }

  /// Identifiers that check themselves, by their scheme.
  private mutating func identifier(_ node: UBLNode, _ parent: UBLNode?) {
    let isOne =
      ["cbc:EndpointID", "cbc:CompanyID"].contains(node.name)
      || (node.name == "cbc:ID" && parent?.name == "cac:PartyIdentification")
    guard isOne, let scheme = node.attribute("schemeID") else { return }
    let text = Array(node.text.utf8)
    switch scheme {
    case "0088": require(CheckDigits.isGLN(text), "CR040", at: node)
    case "0192": require(CheckDigits.isNorwegian(text), "CR041", at: node)
    case "0184":
      require(
        text.count == 10 && text.starts(with: Array("DK".utf8)) && CheckDigits.digits(text[2...]) != nil, "CR042",
        at: node)
    case "0208": require(CheckDigits.isBelgian(text), "CR043", at: node)
    case "0007": require(CheckDigits.isSwedish(text), "CR049", at: node)
    default: break
    }
  }
}

/// Check digits of national and sector identifiers.
enum CheckDigits {
  /// The digits of a text, or nil where there is anything else or nothing.
  static func digits(_ text: some Collection<UInt8>) -> [Int]? {
    guard !text.isEmpty, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.map { Int($0) - 0x30 }
  }

  /// GS1: weights 3 and 1 from the right, modulo 10.
  static func isGLN(_ text: [UInt8]) -> Bool {
    guard let digits = digits(text), digits.count > 1, let check = digits.last else { return false }
    let sum = digits.dropLast().reversed().enumerated().reduce(0) {
      ($0 + $1.element * ($1.offset % 2 == 0 ? 3 : 1)) % 10
    }
    return (10 - sum) % 10 == check
  }

  /// Modulo 11 with the weights 2 to 7 from the right.
  static func isNorwegian(_ text: [UInt8]) -> Bool {
    guard let digits = digits(text), digits.count == 9, let check = digits.last else { return false }
    let sum = digits.dropLast().reversed().enumerated().reduce(0) { $0 + $1.element * ($1.offset % 6 + 2) }
    return (11 - sum % 11) % 11 == check && digits.contains { $0 > 0 }
  }

  /// 97 less the remainder of the first eight digits.
  static func isBelgian(_ text: [UInt8]) -> Bool {
    guard let digits = digits(text), digits.count == 10 else { return false }
    let base = digits.prefix(8).reduce(0) { $0 * 10 + $1 }
    return 97 - base % 97 == digits[8] * 10 + digits[9]
  }

  /// Luhn's sum.
  static func isSwedish(_ text: [UInt8]) -> Bool {
    guard let digits = digits(text), digits.count == 10 else { return false }
    let sum = digits.dropLast().reversed().enumerated().reduce(0) { sum, item in
      let double = item.element * 2
      return sum + (item.offset % 2 == 0 ? double % 10 + double / 10 : item.element)
    }
    return (10 - sum % 10) % 10 == digits[9]
  }
}
