/// What the rules of a document's VAT ask about the whole of it, gathered in one walk.
struct InvoiceFacts {
  /// A tax category with its code; `isVAT` says whether its scheme is VAT.
  struct Category {
    let node: UBLNode
    let code: String
    let isVAT: Bool
  }

  /// Categories of items.
  private(set) var items: [Category] = []
  /// Categories of allowances, of the document and of lines.
  private(set) var allowances: [Category] = []
  /// Categories of charges.
  private(set) var charges: [Category] = []
  /// Every tax category but those of items.
  private(set) var others: [Category] = []
  /// Categories of the breakdown of VAT.
  let breakdown: [Category]
  /// Every amount of tax that stands directly in a total.
  private(set) var taxAmounts: [UBLNode] = []
  private(set) var hasDueDate = false
  private(set) var hasPaymentTerms = false
  private(set) var hasForeignCountry = false
  private(set) var lines: [UBLNode] = []
  private(set) var paymentReferences: Set<String> = []
  private(set) var paymentMeans: Set<String> = []
  let seller: UBLNode?
  let buyer: UBLNode?
  let sellerHasTaxID: Bool
  let sellerHasVATID: Bool
  let buyerHasVATID: Bool
  let buyerHasLegalID: Bool
  let representativeHasVATID: Bool

  init(_ root: UBLNode) {
    seller = root.first("cac:AccountingSupplierParty", "cac:Party")
    buyer = root.first("cac:AccountingCustomerParty", "cac:Party")
    sellerHasTaxID = seller.map { !$0.all("cac:PartyTaxScheme", "cbc:CompanyID").isEmpty } ?? false
    sellerHasVATID = InvoiceFacts.hasVATID(seller)
    buyerHasVATID = InvoiceFacts.hasVATID(buyer)
    buyerHasLegalID = buyer.map { !$0.all("cac:PartyLegalEntity", "cbc:CompanyID").isEmpty } ?? false
    representativeHasVATID = InvoiceFacts.hasVATID(root.first("cac:TaxRepresentativeParty"))
    breakdown = root.all("cac:TaxTotal", "cac:TaxSubtotal", "cac:TaxCategory").map { InvoiceFacts.category($0) }
    gather(root)
  }

  private mutating func gather(_ parent: UBLNode) {
    for node in parent.children {
      switch node.name {
      case "cac:ClassifiedTaxCategory": items.append(InvoiceFacts.category(node))
      case "cac:TaxCategory":
        let category = InvoiceFacts.category(node)
        others.append(category)
        if parent.name == "cac:AllowanceCharge", let isCharge = InvoiceFacts.isCharge(parent) {
          if isCharge { charges.append(category) } else { allowances.append(category) }
        }
      case "cbc:TaxAmount" where parent.name == "cac:TaxTotal": taxAmounts.append(node)
      case "cbc:DueDate", "cbc:PaymentDueDate": hasDueDate = true
      case "cbc:Note" where parent.name == "cac:PaymentTerms": hasPaymentTerms = true
      case "cbc:IdentificationCode" where node.element.text != "IT": hasForeignCountry = true
      case "cbc:PaymentID": paymentReferences.insert(node.element.text)
      case "cbc:PaymentMeansCode": paymentMeans.insert(node.element.text)
      case "cac:InvoiceLine", "cac:CreditNoteLine": lines.append(node)
      default: break
      }
      gather(node)
    }
  }

  static func category(_ node: UBLNode) -> Category {
    Category(node: node, code: node.text("cbc:ID") ?? "", isVAT: isVAT(node))
  }

  /// Whether the scheme of a category or registration is VAT.
  static func isVAT(_ node: UBLNode) -> Bool {
    node.all("cac:TaxScheme").contains { $0.text("cbc:ID")?.uppercased() == "VAT" }
  }

  private static func hasVATID(_ party: UBLNode?) -> Bool {
    party?.all("cac:PartyTaxScheme").contains { isVAT($0) && $0.has("cbc:CompanyID") } ?? false
  }

  /// Whether this is a charge; nil if the indicator is missing or no boolean.
  static func isCharge(_ node: UBLNode) -> Bool? {
    switch node.text("cbc:ChargeIndicator") {
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }

  /// How many characters follow the first point.
  static func decimals(_ text: String) -> Int {
    guard let point = text.utf8.firstIndex(of: 0x2E) else { return 0 }
    return text.utf8.distance(from: point, to: text.utf8.endIndex) - 1
  }

  /// The sum; nil if one of them is no number or it does not fit.
  static func sum(_ numbers: [ExactDecimal?]) -> ExactDecimal? {
    var total = ExactDecimal.zero
    for number in numbers {
      guard let number, let next = total.adding(number) else { return nil }
      total = next
    }
    return total
  }

  /// The sum of those that are there.
  static func sumPresent(_ nodes: [UBLNode], _ name: String) -> ExactDecimal? {
    sum(nodes.filter { $0.has(name) }.map { $0.decimal(name) })
  }
}
