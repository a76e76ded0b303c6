extension XMLWriter {
  /// A UBL document's root with the three namespaces that it needs.
  init(document kind: TradeDocumentKind) {
    self.init(
      root: kind.rawValue,
      spaces: [("", UBL.document(kind.rawValue)), ("cac", UBL.aggregates), ("cbc", UBL.basics)])
  }

  mutating func amount(_ name: String, _ amount: Amount?) {
    leaf(name, amount?.text, [("currencyID", amount?.currency.code)])
  }

  mutating func quantity(_ name: String, _ quantity: Quantity?) {
    leaf(name, quantity?.value.description, [("unitCode", quantity?.unit)])
  }

  mutating func identifier(_ name: String, _ identifier: Identifier?) {
    leaf(name, identifier?.value, [("schemeID", identifier?.scheme)])
  }

  /// A group with nothing but an identifier; none where that is nil.
  mutating func reference(_ group: String, _ id: String?) {
    guard let id else { return }
    self.group(group) { $0.leaf("cbc:ID", id) }
  }

  mutating func taxScheme(_ scheme: String?) {
    guard let scheme else { return }
    group("cac:TaxScheme") { $0.leaf("cbc:ID", scheme) }
  }

  mutating func address(_ name: String, _ address: PostalAddress?) {
    guard let address else { return }
    group(name) {
      $0.leaf("cbc:StreetName", address.street)
      $0.leaf("cbc:AdditionalStreetName", address.additionalStreet)
      $0.leaf("cbc:BuildingNumber", address.building)
      $0.leaf("cbc:CityName", address.city)
      $0.leaf("cbc:PostalZone", address.postalCode)
      $0.leaf("cbc:CountrySubentity", address.region)
      if let line = address.line { $0.group("cac:AddressLine") { $0.leaf("cbc:Line", line) } }
      if let country = address.country { $0.group("cac:Country") { $0.leaf("cbc:IdentificationCode", country) } }
    }
  }

  /// What a party consists of, without an element around it.
  mutating func partyContent(_ party: Party) {
    identifier("cbc:EndpointID", party.endpoint)
    for one in party.identifiers { group("cac:PartyIdentification") { $0.identifier("cbc:ID", one) } }
    if let name = party.name { group("cac:PartyName") { $0.leaf("cbc:Name", name) } }
    address("cac:PostalAddress", party.address)
    for registration in party.taxRegistrations {
      group("cac:PartyTaxScheme") {
        $0.leaf("cbc:RegistrationName", registration.name)
        $0.leaf("cbc:CompanyID", registration.id)
        $0.taxScheme(registration.scheme)
      }
    }
    if party.legalName != nil || party.legalID != nil || party.legalForm != nil {
      group("cac:PartyLegalEntity") {
        $0.leaf("cbc:RegistrationName", party.legalName)
        $0.identifier("cbc:CompanyID", party.legalID)
        $0.leaf("cbc:CompanyLegalForm", party.legalForm)
      }
    }
    if let contact = party.contact {
      group("cac:Contact") {
        $0.leaf("cbc:Name", contact.name)
        $0.leaf("cbc:Telephone", contact.telephone)
        $0.leaf("cbc:ElectronicMail", contact.mail)
      }
    }
  }

  /// A party in its role, with the element that UBL puts between.
  mutating func party(_ role: String, _ party: Party?) {
    guard let party else { return }
    group(role) { $0.group("cac:Party") { $0.partyContent(party) } }
  }

  mutating func period(_ name: String, _ period: Period?) {
    guard let period else { return }
    group(name) {
      $0.leaf("cbc:StartDate", period.start?.description)
      $0.leaf("cbc:EndDate", period.end?.description)
      $0.leaf("cbc:DescriptionCode", period.taxPointCode)
    }
  }

  mutating func category(_ name: String, _ category: TaxCategory?) {
    guard let category else { return }
    group(name) {
      $0.leaf("cbc:ID", category.code)
      $0.leaf("cbc:Percent", category.percent?.description)
      $0.leaf("cbc:TaxExemptionReasonCode", category.exemptionCode)
      $0.leaf("cbc:TaxExemptionReason", category.exemptionReason)
      $0.taxScheme(category.scheme)
    }
  }

  mutating func allowanceCharge(_ one: AllowanceCharge) {
    group("cac:AllowanceCharge") {
      $0.leaf("cbc:ChargeIndicator", one.isCharge ? "true" : "false")
      $0.leaf("cbc:AllowanceChargeReasonCode", one.reasonCode)
      $0.leaf("cbc:AllowanceChargeReason", one.reason)
      $0.leaf("cbc:MultiplierFactorNumeric", one.percent?.description)
      $0.amount("cbc:Amount", one.amount)
      $0.amount("cbc:BaseAmount", one.base)
      $0.category("cac:TaxCategory", one.tax)
    }
  }

  mutating func item(_ item: Item) {
    group("cac:Item") {
      $0.leaf("cbc:Description", item.description)
      $0.leaf("cbc:Name", item.name)
      $0.reference("cac:BuyersItemIdentification", item.buyersID)
      $0.reference("cac:SellersItemIdentification", item.sellersID)
      if let id = item.standardID {
        $0.group("cac:StandardItemIdentification") { $0.identifier("cbc:ID", id) }
      }
      if let origin = item.origin { $0.group("cac:OriginCountry") { $0.leaf("cbc:IdentificationCode", origin) } }
      for one in item.classifications {
        $0.group("cac:CommodityClassification") {
          $0.leaf("cbc:ItemClassificationCode", one.value, [("listID", one.scheme)])
        }
      }
      $0.category("cac:ClassifiedTaxCategory", item.tax)
      for property in item.properties {
        $0.group("cac:AdditionalItemProperty") {
          $0.leaf("cbc:Name", property.name)
          $0.leaf("cbc:Value", property.value)
        }
      }
      for lot in item.lots {
        $0.group("cac:ItemInstance") { $0.group("cac:LotIdentification") { $0.leaf("cbc:LotNumberID", lot) } }
      }
    }
  }

  mutating func price(_ price: Price?) {
    guard let price else { return }
    let currency = [("currencyID", price.currency?.code)]
    group("cac:Price") {
      $0.leaf("cbc:PriceAmount", price.net.description, currency)
      $0.quantity("cbc:BaseQuantity", price.base)
      if price.discount != nil || price.gross != nil {
        $0.group("cac:AllowanceCharge") {
          $0.leaf("cbc:ChargeIndicator", "false")
          $0.leaf("cbc:Amount", price.discount?.description, currency)
          $0.leaf("cbc:BaseAmount", price.gross?.description, currency)
        }
      }
    }
  }

  mutating func lineReference(_ name: String, document: String, _ reference: LineReference?) {
    guard let reference else { return }
    group(name) {
      $0.leaf("cbc:LineID", reference.line)
      $0.reference(document, reference.document)
    }
  }

  mutating func paymentTerms(_ terms: [String]) {
    for note in terms { group("cac:PaymentTerms") { $0.leaf("cbc:Note", note) } }
  }
}
