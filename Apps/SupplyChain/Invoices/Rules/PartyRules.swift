extension RuleChecker {
  /// The rules of parties and what belongs to them, wherever they stand.
  mutating func visitParty(_ node: UBLNode, _ parents: [UBLNode]) {
    let parent = parents.last
    switch node.name {
    case "cac:AccountingSupplierParty": supplier(node)
    case "cac:AccountingCustomerParty":
      for id in node.all("cac:Party", "cbc:EndpointID") {
        require(id.attribute("schemeID") != nil, "BR-63", at: id)
      }
      for address in node.all("cac:Party", "cac:PostalAddress") {
        require(address.first("cac:Country")?.text("cbc:IdentificationCode") != nil, "BR-11", at: address)
      }
    case "cac:PayeeParty": payee(node)
    case "cac:TaxRepresentativeParty":
      require(node.first("cac:PartyName")?.text("cbc:Name") != nil, "BR-18", at: node)
      require(node.has("cac:PostalAddress"), "BR-19", at: node)
      let hasID = node.all("cac:PartyTaxScheme").contains { InvoiceFacts.isVAT($0) && $0.has("cbc:CompanyID") }
      require(hasID, "BR-56", at: node)
      for address in node.all("cac:PostalAddress") {
        require(address.first("cac:Country")?.text("cbc:IdentificationCode") != nil, "BR-20", at: address)
      }
      require(node.all("cac:PartyName", "cbc:Name").count <= 1, "UBL-SR-22", at: node)
      require(node.all("cac:PartyTaxScheme", "cbc:CompanyID").count <= 1, "UBL-SR-23", at: node)
    case "cac:PartyTaxScheme":
      if InvoiceFacts.isVAT(node) { vatNumber(node) }
      let isComplete = !node.all("cac:TaxScheme", "cbc:ID").isEmpty && node.has("cbc:CompanyID")
      require(isComplete, "UBL-SR-53", at: node)
    case "cac:PostalAddress", "cac:Address":
      require(node.all("cac:AddressLine").count <= 1, "UBL-SR-51", at: node)
    case "cac:Party" where parent?.name == "cac:AccountingSupplierParty":
      require(node.all("cac:PartyTaxScheme").count <= 2, "UBL-SR-42", at: node)
    default: break
    }
  }

  private mutating func supplier(_ node: UBLNode) {
    let parties = node.all("cac:Party")
    let isKnown = parties.contains { party in
      party.all("cac:PartyTaxScheme").contains { InvoiceFacts.isVAT($0) && $0.has("cbc:CompanyID") }
        || party.all("cac:PartyIdentification", "cbc:ID").contains { $0.attribute("schemeID") != "SEPA" }
        || !party.all("cac:PartyLegalEntity", "cbc:CompanyID").isEmpty
    }
    require(isKnown, "BR-CO-26", at: node)
    for id in node.all("cac:Party", "cbc:EndpointID") { require(id.attribute("schemeID") != nil, "BR-62", at: id) }
    for address in node.all("cac:Party", "cac:PostalAddress") {
      require(address.first("cac:Country")?.text("cbc:IdentificationCode") != nil, "BR-09", at: address)
    }
  }

  private mutating func payee(_ node: UBLNode) {
    func shared(_ names: String...) -> Bool {
      func texts(_ party: UBLNode?) -> Set<String> {
        guard let party else { return [] }
        return Set(names.reduce([party]) { nodes, name in nodes.flatMap { $0.all(name) } }.map(\.element.text))
      }
      return !texts(node).isDisjoint(with: texts(facts.seller))
    }
    let names = node.all("cac:PartyName", "cbc:Name")
    let isOther = !shared("cac:PartyName", "cbc:Name") && !shared("cac:PartyIdentification", "cbc:ID")
    require(!names.isEmpty && isOther, "BR-17", at: node)
    let legal = facts.seller?.all("cac:PartyLegalEntity", "cbc:RegistrationName") ?? []
    let differs = names.contains { name in legal.contains { $0.element.text != name.element.text } }
    require(names.count <= 1 && differs, "UBL-SR-19", at: node)
    let ids = node.all("cac:PartyIdentification", "cbc:ID").filter {
      $0.attribute("schemeID").map { $0.uppercased() != "SEPA" } ?? false
    }
    require(ids.count <= 1 && differs, "UBL-SR-20", at: node)
    require(node.all("cac:PartyLegalEntity", "cbc:CompanyID").count <= 1 && differs, "UBL-SR-21", at: node)
  }

  private mutating func vatNumber(_ node: UBLNode) {
    let prefix = String((node.text("cbc:CompanyID") ?? "").unicodeScalars.prefix(2))
    // An absent or blank number is an empty prefix, which is in every list: BR-CO-09 is about numbers only.
    let kept = prefix.isEmpty || prefix == "EL" || CodeLists.countries.contains(prefix)
    require(kept, "BR-CO-09", at: node.first("cbc:CompanyID") ?? node)
  }
}
