internal import Primitives

/// Reads the parts that all UBL documents are made of, and keeps what it could not read as findings.
///
/// A part that is missing or unreadable becomes nil; the callers decide what they cannot do without.
struct UBLReader {
  /// The currency of amounts that name none.
  var currency: Currency?
  private(set) var findings: [Finding] = []

  mutating func report(_ rule: String, _ severity: Finding.Severity, _ sentence: Message, at node: UBLNode) {
    findings.append(Finding(rule, severity, sentence, at: node))
  }

  /// The date in the first child of a name.
  mutating func date(_ name: String, in node: UBLNode?) -> CalendarDate? {
    guard let child = node?.first(name), !child.text.isEmpty else { return nil }
    if let date = CalendarDate(child.text) { return date }
    report("FIN-07", .warning, "This is not a date: \(child.text.prefix(40))", at: child)
    return nil
  }

  /// The currency in the first child of a name.
  mutating func currency(_ name: String, in node: UBLNode) -> Currency? {
    guard let child = node.first(name), !child.text.isEmpty else { return nil }
    if let currency = Currency(child.text) { return currency }
    report("FIN-07", .warning, "This is not a currency of ISO 4217: \(child.text.prefix(40))", at: child)
    return nil
  }

  /// The number in the first child of a name.
  mutating func decimal(_ name: String, in node: UBLNode?) -> ExactDecimal? {
    guard let child = node?.first(name), !child.text.isEmpty else { return nil }
    if let decimal = child.decimal { return decimal }
    report("FIN-07", .warning, "This is not a decimal number: \(child.text.prefix(40))", at: child)
    return nil
  }

  /// The amount in the first child of a name.
  mutating func amount(_ name: String, in node: UBLNode?) -> Amount? {
    guard let child = node?.first(name), !child.text.isEmpty else { return nil }
    guard let decimal = child.decimal else {
      report("FIN-07", .warning, "This is not a decimal number: \(child.text.prefix(40))", at: child)
      return nil
    }
    guard let currency = child.attribute("currencyID").map({ Currency($0) }) ?? currency else {
      report("FIN-07", .warning, "This amount has no currency of ISO 4217.", at: child)
      return nil
    }
    if let amount = Amount(decimal, currency: currency) { return amount }
    report("FIN-07", .warning, "\(child.text) is finer than \(currency.code) can be paid, or too large.", at: child)
    return nil
  }

  /// The quantity in the first child of a name.
  mutating func quantity(_ name: String, in node: UBLNode?) -> Quantity? {
    guard let node, let value = decimal(name, in: node) else { return nil }
    return Quantity(value, unit: node.first(name)?.attribute("unitCode"))
  }

  func identifier(_ name: String, in node: UBLNode?) -> Identifier? {
    guard let child = node?.first(name), !child.text.isEmpty else { return nil }
    return Identifier(child.text, scheme: child.attribute("schemeID"))
  }

  mutating func party(_ node: UBLNode?) -> Party? {
    guard let node else { return nil }
    let registrations = node.all("cac:PartyTaxScheme").map {
      TaxRegistration(
        id: $0.text("cbc:CompanyID"), scheme: $0.first("cac:TaxScheme")?.text("cbc:ID"),
        name: $0.text("cbc:RegistrationName"))
    }
    let legal = node.first("cac:PartyLegalEntity")
    let contact = node.first("cac:Contact").map {
      Contact(
        name: $0.text("cbc:Name"), telephone: $0.text("cbc:Telephone"), mail: $0.text("cbc:ElectronicMail"))
    }
    return Party(
      endpoint: identifier("cbc:EndpointID", in: node),
      identifiers: node.all("cac:PartyIdentification").compactMap { identifier("cbc:ID", in: $0) },
      name: node.first("cac:PartyName")?.text("cbc:Name"), address: address(node.first("cac:PostalAddress")),
      taxRegistrations: registrations.filter { $0 != TaxRegistration(id: nil, scheme: nil) },
      legalName: legal?.text("cbc:RegistrationName"), legalID: identifier("cbc:CompanyID", in: legal),
      legalForm: legal?.text("cbc:CompanyLegalForm"), contact: contact.flatMap { $0 == Contact() ? nil : $0 })
  }

  func address(_ node: UBLNode?) -> PostalAddress? {
    guard let node else { return nil }
    let address = PostalAddress(
      street: node.text("cbc:StreetName"), additionalStreet: node.text("cbc:AdditionalStreetName"),
      building: node.text("cbc:BuildingNumber"), line: node.first("cac:AddressLine")?.text("cbc:Line"),
      city: node.text("cbc:CityName"), postalCode: node.text("cbc:PostalZone"),
      region: node.text("cbc:CountrySubentity"), country: node.first("cac:Country")?.text("cbc:IdentificationCode"))
    return address == PostalAddress() ? nil : address
  }

  mutating func period(_ node: UBLNode?) -> Period? {
    guard let node else { return nil }
    let period = Period(
      start: date("cbc:StartDate", in: node), end: date("cbc:EndDate", in: node),
      taxPointCode: node.text("cbc:DescriptionCode"))
    return period == Period(start: nil, end: nil) ? nil : period
  }

  mutating func category(_ node: UBLNode?) -> TaxCategory? {
    guard let node else { return nil }
    return TaxCategory(
      code: node.text("cbc:ID"), percent: decimal("cbc:Percent", in: node),
      exemptionCode: node.text("cbc:TaxExemptionReasonCode"), exemptionReason: node.text("cbc:TaxExemptionReason"),
      scheme: node.first("cac:TaxScheme")?.text("cbc:ID"))
  }

  mutating func item(_ node: UBLNode?) -> Item {
    guard let node else { return Item() }
    let lots = node.all("cac:ItemInstance", "cac:LotIdentification").compactMap { $0.text("cbc:LotNumberID") }
    let classifications = node.all("cac:CommodityClassification", "cbc:ItemClassificationCode").filter {
      !$0.text.isEmpty
    }
    return Item(
      name: node.text("cbc:Name"), description: node.text("cbc:Description"),
      sellersID: node.first("cac:SellersItemIdentification")?.text("cbc:ID"),
      buyersID: node.first("cac:BuyersItemIdentification")?.text("cbc:ID"),
      standardID: identifier("cbc:ID", in: node.first("cac:StandardItemIdentification")),
      origin: node.first("cac:OriginCountry")?.text("cbc:IdentificationCode"),
      classifications: classifications.map { Identifier($0.text, scheme: $0.attribute("listID")) },
      tax: category(node.first("cac:ClassifiedTaxCategory")),
      properties: node.all("cac:AdditionalItemProperty").map {
        ItemProperty(name: $0.text("cbc:Name"), value: $0.text("cbc:Value"))
      },
      lots: lots)
  }

  mutating func price(_ node: UBLNode?) -> Price? {
    guard let node, let net = decimal("cbc:PriceAmount", in: node) else { return nil }
    let allowance = node.first("cac:AllowanceCharge")
    let named = node.first("cbc:PriceAmount")?.attribute("currencyID").flatMap { Currency($0) }
    return Price(
      net: net, currency: named ?? currency, base: quantity("cbc:BaseQuantity", in: node),
      discount: decimal("cbc:Amount", in: allowance), gross: decimal("cbc:BaseAmount", in: allowance))
  }

  mutating func allowanceCharges(in node: UBLNode) -> [AllowanceCharge] {
    var list: [AllowanceCharge] = []
    for one in node.all("cac:AllowanceCharge") {
      guard let amount = amount("cbc:Amount", in: one) else { continue }
      list.append(
        AllowanceCharge(
          isCharge: one.text("cbc:ChargeIndicator").map { $0 == "true" || $0 == "1" } ?? false, amount: amount,
          base: self.amount("cbc:BaseAmount", in: one), percent: decimal("cbc:MultiplierFactorNumeric", in: one),
          reason: one.text("cbc:AllowanceChargeReason"), reasonCode: one.text("cbc:AllowanceChargeReasonCode"),
          tax: category(one.first("cac:TaxCategory"))))
    }
    return list
  }

  func lineReference(_ node: UBLNode?, document: String) -> LineReference? {
    guard let node else { return nil }
    let reference = LineReference(line: node.text("cbc:LineID"), document: node.first(document)?.text("cbc:ID"))
    return reference == LineReference(line: nil) ? nil : reference
  }

  mutating func reference(_ node: UBLNode?) -> DocumentReference? {
    guard let node, let id = node.text("cbc:ID") else { return nil }
    return DocumentReference(id, date: date("cbc:IssueDate", in: node))
  }
}
