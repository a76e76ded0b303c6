/// An identifier with the scheme that it belongs to.
public struct Identifier: Sendable, Hashable {
  /// The identifier as written, white space normalised.
  public var value: String
  /// The scheme, such as 0088 for a GLN or 0199 for an LEI, if it is given.
  public var scheme: String?

  /// An identifier of a scheme.
  public init(_ value: String, scheme: String? = nil) { (self.value, self.scheme) = (value, scheme) }
}

/// A party of a trade document: seller, buyer, payee, despatcher, receiver.
public struct Party: Sendable, Hashable {
  /// The electronic address (BT-34, BT-49).
  public var endpoint: Identifier?
  /// Identifiers by which others know the party (BT-29, BT-46, BT-60).
  public var identifiers: [Identifier]
  /// The trading name (BT-28, BT-45; of a payee BT-59).
  public var name: String?
  /// The postal address (BG-5, BG-8).
  public var address: PostalAddress?
  /// Registrations for taxes (BT-31, BT-32, BT-48).
  public var taxRegistrations: [TaxRegistration]
  /// The registered name (BT-27, BT-44).
  public var legalName: String?
  /// The legal registration (BT-30, BT-47, BT-61).
  public var legalID: Identifier?
  /// Further facts on the legal form (BT-33).
  public var legalForm: String?
  /// Whom to ask (BG-6, BG-9).
  public var contact: Contact?

  /// A party; everything may be left out.
  public init(
    endpoint: Identifier? = nil, identifiers: [Identifier] = [], name: String? = nil, address: PostalAddress? = nil,
    taxRegistrations: [TaxRegistration] = [], legalName: String? = nil, legalID: Identifier? = nil,
    legalForm: String? = nil, contact: Contact? = nil
  ) {
    (self.endpoint, self.identifiers, self.name, self.address) = (endpoint, identifiers, name, address)
    (self.taxRegistrations, self.legalName, self.legalID) = (taxRegistrations, legalName, legalID)
    (self.legalForm, self.contact) = (legalForm, contact)
  }

  /// The name to show: the registered one, else the trading name, else that of a tax registration.
  public var displayName: String? {
    legalName ?? name ?? taxRegistrations.lazy.compactMap(\.name).first
  }

  /// The identifier that registries compare: the legal registration, else one for taxes, else the electronic address,
  /// else the first other identifier.
  public var registryID: String? {
    legalID?.value ?? taxRegistrations.lazy.compactMap(\.id).first ?? endpoint?.value ?? identifiers.first?.value
  }

  /// The legal entity identifier (ISO 17442), wherever the party carries one under scheme 0199 or with its form.
  public var lei: LEI? {
    let candidates = [legalID].compactMap { $0 } + identifiers + [endpoint].compactMap { $0 }
    return candidates.lazy.compactMap { LEI($0.value) }.first
  }
}

/// A registration of a party for a tax.
public struct TaxRegistration: Sendable, Hashable {
  /// The number (BT-31, BT-32), with the country before it for VAT.
  public var id: String?
  /// The tax, `VAT` for value added tax.
  public var scheme: String?
  /// The name under which the party is registered.
  public var name: String?

  /// A registration.
  public init(id: String?, scheme: String? = "VAT", name: String? = nil) {
    (self.id, self.scheme, self.name) = (id, scheme, name)
  }
}

/// A postal address.
public struct PostalAddress: Sendable, Hashable {
  /// Street, or the first line.
  public var street: String?
  /// The second line.
  public var additionalStreet: String?
  /// House number, where it stands apart.
  public var building: String?
  /// A further line.
  public var line: String?
  /// City.
  public var city: String?
  /// Postal code.
  public var postalCode: String?
  /// Region or province.
  public var region: String?
  /// Country, two letters of ISO 3166-1.
  public var country: String?

  /// An address; everything may be left out.
  public init(
    street: String? = nil, additionalStreet: String? = nil, building: String? = nil, line: String? = nil,
    city: String? = nil, postalCode: String? = nil, region: String? = nil, country: String? = nil
  ) {
    (self.street, self.additionalStreet, self.building, self.line) = (street, additionalStreet, building, line)
    (self.city, self.postalCode, self.region, self.country) = (city, postalCode, region, country)
  }
}

/// Whom to ask at a party.
public struct Contact: Sendable, Hashable {
  /// Name of a person or a desk.
  public var name: String?
  /// Telephone.
  public var telephone: String?
  /// E-mail address.
  public var mail: String?

  /// A contact; everything may be left out.
  public init(name: String? = nil, telephone: String? = nil, mail: String? = nil) {
    (self.name, self.telephone, self.mail) = (name, telephone, mail)
  }
}
