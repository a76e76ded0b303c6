/// An invoice or a credit note in the terms of EN 16931, with what UBL 2.1 adds to finance it.
///
/// Number, date, currency, parties and the amount due are always there; everything else may be missing in a document
/// that was read leniently. Amounts are in minor units, prices and quantities exact decimals.
public struct Invoice: Sendable, Hashable {
  /// What rules it claims to follow (BT-24).
  public var customization: String?
  /// The business process (BT-23).
  public var profile: String?
  /// The number (BT-1).
  public var number: String
  /// The day of issue (BT-2).
  public var issueDate: CalendarDate
  /// The day by which to pay (BT-9).
  public var dueDate: CalendarDate?
  /// The type (BT-3): 380 for an invoice, 381 for a credit note, 393 for a factored invoice.
  public var typeCode: String?
  /// Notes (BT-22).
  public var notes: [String] = []
  /// When VAT falls due (BT-7).
  public var taxPointDate: CalendarDate?
  /// The currency (BT-5).
  public var currency: Currency
  /// The currency that VAT is accounted in (BT-6).
  public var taxCurrency: Currency?
  /// Where the buyer books it (BT-19).
  public var accountingCost: String?
  /// The buyer's reference (BT-10).
  public var buyerReference: String?
  /// The time that is invoiced (BG-14).
  public var period: Period?
  /// The purchase order (BT-13).
  public var order: String?
  /// The sales order (BT-14).
  public var salesOrder: String?
  /// Earlier invoices (BG-3).
  public var precedingInvoices: [DocumentReference] = []
  /// The despatch advice (BT-16).
  public var despatchAdvice: String?
  /// The receiving advice (BT-15).
  public var receiptAdvice: String?
  /// The contract (BT-12).
  public var contract: String?
  /// The tender or lot (BT-17).
  public var tender: String?
  /// The project (BT-11).
  public var project: String?
  /// Supporting documents (BG-24).
  public var attachments: [Attachment] = []
  /// The seller (BG-4).
  public var seller: Party
  /// The buyer (BG-7).
  public var buyer: Party
  /// Who is paid, if not the seller (BG-10).
  public var payee: Party?
  /// The seller's tax representative (BG-11).
  public var taxRepresentative: Party?
  /// Where and when the goods went (BG-13).
  public var delivery: Delivery?
  /// How to pay (BG-16).
  public var paymentMeans: [PaymentMeans] = []
  /// Terms of payment (BT-20).
  public var paymentTerms: [String] = []
  /// Allowances and charges on the document (BG-20, BG-21).
  public var allowanceCharges: [AllowanceCharge] = []
  /// VAT (BT-110, BT-111, BG-23).
  public var taxTotals: [TaxTotal] = []
  /// The totals (BG-22).
  public var totals: MonetaryTotals
  /// The lines (BG-25).
  public var lines: [InvoiceLine] = []

  /// An invoice with what every one has; the rest is set afterwards.
  public init(
    number: String, issueDate: CalendarDate, currency: Currency, seller: Party, buyer: Party, payable: Amount
  ) {
    (self.number, self.issueDate, self.currency) = (number, issueDate, currency)
    (self.seller, self.buyer, totals) = (seller, buyer, MonetaryTotals(payable: payable))
  }

  /// The amount due (BT-115).
  public var payable: Amount { totals.payable }
}

/// The totals of a document (BG-22).
public struct MonetaryTotals: Sendable, Hashable {
  /// The sum of the lines (BT-106).
  public var lines: Amount?
  /// Without VAT (BT-109).
  public var taxExclusive: Amount?
  /// With VAT (BT-112).
  public var taxInclusive: Amount?
  /// The sum of allowances (BT-107).
  public var allowances: Amount?
  /// The sum of charges (BT-108).
  public var charges: Amount?
  /// Already paid (BT-113).
  public var prepaid: Amount?
  /// Rounding (BT-114).
  public var rounding: Amount?
  /// The amount due (BT-115).
  public var payable: Amount

  /// Totals of which only the amount due is known.
  public init(payable: Amount) { self.payable = payable }
}

/// A total of VAT in one currency (BT-110, BT-111).
public struct TaxTotal: Sendable, Hashable {
  /// The tax.
  public var amount: Amount
  /// The breakdown (BG-23).
  public var subtotals: [TaxSubtotal]

  /// A total with its breakdown.
  public init(amount: Amount, subtotals: [TaxSubtotal] = []) { (self.amount, self.subtotals) = (amount, subtotals) }
}

/// The VAT of one category and rate (BG-23).
public struct TaxSubtotal: Sendable, Hashable {
  /// What is taxed (BT-116).
  public var taxable: Amount?
  /// The tax (BT-117).
  public var amount: Amount
  /// Category and rate.
  public var category: TaxCategory

  /// A part of a breakdown.
  public init(taxable: Amount?, amount: Amount, category: TaxCategory) {
    (self.taxable, self.amount, self.category) = (taxable, amount, category)
  }
}

/// A line of an invoice or a credit note (BG-25).
public struct InvoiceLine: Sendable, Hashable {
  /// The line's identifier (BT-126).
  public var id: String?
  /// A note (BT-127).
  public var note: String?
  /// The quantity (BT-129, BT-130).
  public var quantity: Quantity?
  /// The net amount (BT-131).
  public var net: Amount?
  /// Where the buyer books it (BT-133).
  public var accountingCost: String?
  /// The time that is invoiced (BG-26).
  public var period: Period?
  /// The line of the order (BT-132).
  public var orderLine: LineReference?
  /// The line of the despatch advice.
  public var despatchLine: LineReference?
  /// Allowances and charges (BG-27, BG-28).
  public var allowanceCharges: [AllowanceCharge] = []
  /// What was delivered (BG-31).
  public var item: Item
  /// The price (BG-29).
  public var price: Price?

  /// A line about an item; the rest is set afterwards.
  public init(id: String?, quantity: Quantity?, net: Amount?, item: Item, price: Price? = nil) {
    (self.id, self.quantity, self.net, self.item, self.price) = (id, quantity, net, item, price)
  }
}

/// Where and when goods were delivered (BG-13, BG-15).
public struct Delivery: Sendable, Hashable {
  /// The day (BT-72).
  public var date: CalendarDate?
  /// The place's identifier (BT-71).
  public var location: Identifier?
  /// The place's address (BG-15).
  public var address: PostalAddress?
  /// Who took delivery (BT-70).
  public var party: String?

  /// A delivery; everything may be left out.
  public init(
    date: CalendarDate? = nil, location: Identifier? = nil, address: PostalAddress? = nil, party: String? = nil
  ) {
    (self.date, self.location, self.address, self.party) = (date, location, address, party)
  }
}

/// A way to pay (BG-16).
public struct PaymentMeans: Sendable, Hashable {
  /// The code (BT-81), such as 30 for a credit transfer or 58 within SEPA.
  public var code: String?
  /// Its name (BT-82).
  public var name: String?
  /// The day by which to pay, where it stands here, as in credit notes (BT-9).
  public var dueDate: CalendarDate?
  /// What to give as reference (BT-83).
  public var reference: String?
  /// The account (BT-84).
  public var account: Identifier?
  /// The account's name (BT-85).
  public var accountName: String?
  /// The bank (BT-86).
  public var bank: String?

  /// A way to pay; everything may be left out.
  public init(
    code: String?, name: String? = nil, dueDate: CalendarDate? = nil, reference: String? = nil,
    account: Identifier? = nil, accountName: String? = nil, bank: String? = nil
  ) {
    (self.code, self.name, self.dueDate, self.reference) = (code, name, dueDate, reference)
    (self.account, self.accountName, self.bank) = (account, accountName, bank)
  }
}

/// A supporting document (BG-24).
public struct Attachment: Sendable, Hashable {
  /// Its reference (BT-122, or BT-18 for type 130).
  public var id: Identifier
  /// Its type; 130 for the object that is invoiced.
  public var typeCode: String?
  /// What it is (BT-123).
  public var description: String?
  /// Where it is (BT-124).
  public var address: String?
  /// The file's media type.
  public var mediaType: String?
  /// The file's name.
  public var fileName: String?
  /// The file in base64, as it stands in the document without white space (BT-125).
  public var content: String?

  /// A supporting document.
  public init(
    id: Identifier, typeCode: String? = nil, description: String? = nil, address: String? = nil,
    mediaType: String? = nil, fileName: String? = nil, content: String? = nil
  ) {
    (self.id, self.typeCode, self.description, self.address) = (id, typeCode, description, address)
    (self.mediaType, self.fileName, self.content) = (mediaType, fileName, content)
  }
}
