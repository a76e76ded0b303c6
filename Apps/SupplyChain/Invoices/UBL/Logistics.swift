/// A purchase order.
public struct Order: Sendable, Hashable {
  /// What rules it claims to follow.
  public var customization: String?
  /// The business process.
  public var profile: String?
  /// The number.
  public var number: String
  /// The day of issue.
  public var issueDate: CalendarDate
  /// Notes.
  public var notes: [String] = []
  /// The currency, if one is named.
  public var currency: Currency?
  /// The contract.
  public var contract: String?
  /// Who buys.
  public var buyer: Party
  /// Who sells.
  public var seller: Party
  /// When the goods are wanted.
  public var deliveryPeriod: Period?
  /// Terms of payment.
  public var paymentTerms: [String] = []
  /// The sum of the lines as expected.
  public var lineTotal: Amount?
  /// The amount to pay as expected.
  public var payable: Amount?
  /// The lines.
  public var lines: [OrderLine] = []

  /// An order with what every one has; the rest is set afterwards.
  public init(number: String, issueDate: CalendarDate, buyer: Party, seller: Party, currency: Currency? = nil) {
    (self.number, self.issueDate, self.buyer, self.seller, self.currency) = (number, issueDate, buyer, seller, currency)
  }
}

/// A line of an order.
public struct OrderLine: Sendable, Hashable {
  /// The line's identifier.
  public var id: String?
  /// A note.
  public var note: String?
  /// The quantity ordered.
  public var quantity: Quantity?
  /// The amount of the line.
  public var net: Amount?
  /// What is ordered.
  public var item: Item
  /// The price agreed.
  public var price: Price?

  /// A line.
  public init(id: String?, quantity: Quantity?, net: Amount? = nil, item: Item, price: Price? = nil) {
    (self.id, self.quantity, self.net, self.item, self.price) = (id, quantity, net, item, price)
  }
}

/// A despatch advice: what the seller says was sent.
public struct DespatchAdvice: Sendable, Hashable {
  /// What rules it claims to follow.
  public var customization: String?
  /// The business process.
  public var profile: String?
  /// The number.
  public var number: String
  /// The day of issue.
  public var issueDate: CalendarDate
  /// Notes.
  public var notes: [String] = []
  /// The orders that it serves.
  public var orders: [String] = []
  /// Who sends.
  public var despatcher: Party
  /// Who is to receive.
  public var receiver: Party
  /// Who buys, where that is another.
  public var buyer: Party?
  /// Who sells, where that is another.
  public var seller: Party?
  /// The shipment's identifier.
  public var shipment: String?
  /// The day of despatch.
  public var despatchDate: CalendarDate?
  /// The day of delivery.
  public var deliveryDate: CalendarDate?
  /// The lines.
  public var lines: [DespatchLine] = []

  /// A despatch advice with what every one has; the rest is set afterwards.
  public init(number: String, issueDate: CalendarDate, despatcher: Party, receiver: Party) {
    (self.number, self.issueDate, self.despatcher, self.receiver) = (number, issueDate, despatcher, receiver)
  }
}

/// A line of a despatch advice.
public struct DespatchLine: Sendable, Hashable {
  /// The line's identifier.
  public var id: String?
  /// A note.
  public var note: String?
  /// The quantity sent.
  public var delivered: Quantity?
  /// The quantity still to come.
  public var outstanding: Quantity?
  /// The line of the order.
  public var orderLine: LineReference?
  /// What was sent.
  public var item: Item

  /// A line.
  public init(id: String?, delivered: Quantity?, orderLine: LineReference? = nil, item: Item) {
    (self.id, self.delivered, self.orderLine, self.item) = (id, delivered, orderLine, item)
  }
}

/// A receipt advice: what the buyer says arrived.
public struct ReceiptAdvice: Sendable, Hashable {
  /// What rules it claims to follow.
  public var customization: String?
  /// The business process.
  public var profile: String?
  /// The number.
  public var number: String
  /// The day of issue.
  public var issueDate: CalendarDate
  /// Notes.
  public var notes: [String] = []
  /// The orders that it is about.
  public var orders: [String] = []
  /// The despatch advices that it answers.
  public var despatchAdvices: [String] = []
  /// Who received.
  public var receiver: Party
  /// Who sent.
  public var despatcher: Party
  /// Who buys, where that is another.
  public var buyer: Party?
  /// Who sells, where that is another.
  public var seller: Party?
  /// The day of delivery.
  public var deliveryDate: CalendarDate?
  /// The lines.
  public var lines: [ReceiptLine] = []

  /// A receipt advice with what every one has; the rest is set afterwards.
  public init(number: String, issueDate: CalendarDate, receiver: Party, despatcher: Party) {
    (self.number, self.issueDate, self.receiver, self.despatcher) = (number, issueDate, receiver, despatcher)
  }
}

/// A line of a receipt advice.
public struct ReceiptLine: Sendable, Hashable {
  /// The line's identifier.
  public var id: String?
  /// A note.
  public var note: String?
  /// The quantity received.
  public var received: Quantity?
  /// The quantity that is missing.
  public var short: Quantity?
  /// The quantity sent back.
  public var rejected: Quantity?
  /// Why it was sent back.
  public var rejectReason: String?
  /// The line of the order.
  public var orderLine: LineReference?
  /// The line of the despatch advice.
  public var despatchLine: LineReference?
  /// What was received.
  public var item: Item

  /// A line.
  public init(
    id: String?, received: Quantity?, orderLine: LineReference? = nil, despatchLine: LineReference? = nil, item: Item
  ) {
    (self.id, self.received, self.orderLine, self.despatchLine) = (id, received, orderLine, despatchLine)
    self.item = item
  }
}
