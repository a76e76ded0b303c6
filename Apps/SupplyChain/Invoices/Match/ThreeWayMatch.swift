public import Primitives

/// How far an invoice may be from order and receipt before it counts as different; all in parts per million.
public struct MatchTolerance: Sendable, Hashable {
  /// How far a quantity may be above the one it is compared with.
  public var quantity: Int64
  /// How far a price may be above the one agreed.
  public var price: Int64

  /// A tolerance; negative values count as none, and more than the whole as the whole.
  public init(quantity: Int64 = 0, price: Int64 = 0) {
    self.quantity = min(max(quantity, 0), 1_000_000)
    self.price = min(max(price, 0), 1_000_000)
  }
}

/// One difference between the documents of a delivery.
public struct MatchDifference: Sendable {
  /// What differs.
  public enum Kind: String, Sendable, CaseIterable {
    /// The invoice and another document name different sellers.
    case seller
    /// The invoice and another document name different buyers.
    case buyer
    /// The invoice is in another currency than the order.
    case currency
    /// The invoice, the despatch or the receipt refers to another order.
    case order
    /// An invoiced line that the order does not have.
    case notOrdered
    /// An invoiced line that nothing was received of.
    case notReceived
    /// Quantities in different units cannot be compared.
    case unit
    /// More was invoiced than ordered.
    case overOrdered
    /// More was invoiced than received.
    case overReceived
    /// More was despatched than ordered.
    case overDespatched
    /// More was received than despatched.
    case moreThanDespatched
    /// Less was received than despatched.
    case lessThanDespatched
    /// The price is above the one agreed.
    case price
    /// The amount of the line is not quantity times price, with its allowances and charges.
    case amount
    /// An ordered line that was not invoiced.
    case notInvoiced
  }

  /// What differs.
  public let kind: Kind
  /// Whether it stands in the way of paying; otherwise it is for information.
  public let isBlocking: Bool
  /// The line of the order, if it is about one.
  public let orderLine: String?
  /// The line of the invoice, if it is about one.
  public let invoiceLine: String?
  /// What was to be expected.
  public let expected: String
  /// What was found.
  public let found: String

  /// The difference in a sentence.
  public var sentence: Message {
    switch kind {
    case .seller: "The seller is \(found) on one document and \(expected) on another."
    case .buyer: "The buyer is \(found) on one document and \(expected) on another."
    case .currency: "The invoice is in \(found), the order in \(expected)."
    case .order: "The document refers to the order \(found), not \(expected)."
    case .notOrdered: "Line \(invoiceLine ?? "-") of the invoice was not ordered."
    case .notReceived: "Line \(invoiceLine ?? "-") of the invoice was not received."
    case .unit: "Line \(orderLine ?? "-") of the order: \(found) cannot be compared with \(expected)."
    case .overOrdered: "Line \(orderLine ?? "-") of the order: \(found) were invoiced, \(expected) ordered."
    case .overReceived: "Line \(orderLine ?? "-") of the order: \(found) were invoiced, \(expected) received."
    case .overDespatched: "Line \(orderLine ?? "-") of the order: \(found) were despatched, \(expected) ordered."
    case .moreThanDespatched, .lessThanDespatched:
      "Line \(orderLine ?? "-") of the order: \(found) were received, \(expected) despatched."
    case .price: "Line \(orderLine ?? "-") of the order: the price is \(found), agreed was \(expected)."
    case .amount: "Line \(invoiceLine ?? "-") of the invoice: the amount is \(found), not \(expected)."
    case .notInvoiced: "Line \(orderLine ?? "-") of the order was not invoiced."
    }
  }
}

/// The comparison of an invoice with its order, what was despatched and what was received.
public struct ThreeWayMatch: Sendable {
  /// What differs: the documents first, then line by line in the order's sequence.
  public let differences: [MatchDifference]

  /// Whether nothing stands in the way of paying.
  public var isClean: Bool { !differences.contains(where: \.isBlocking) }

  /// Compares an invoice with an order, despatch advices and receipt advices.
  ///
  /// Several advices of one kind are added up. Lines meet by their references to the order's lines, else by the item's
  /// identifiers, else by its name. Without receipts quantities are compared with the order only. Integers and exact
  /// decimals only; linear in the number of lines.
  public init(
    order: Order, despatches: [DespatchAdvice] = [], receipts: [ReceiptAdvice] = [], invoice: Invoice,
    tolerance: MatchTolerance = MatchTolerance()
  ) {
    var matcher = Matcher(order: order, tolerance: tolerance)
    matcher.documents(despatches, receipts, invoice)
    matcher.gather(despatches, receipts, invoice)
    matcher.lines(invoice, hasDespatches: !despatches.isEmpty, hasReceipts: !receipts.isEmpty)
    differences = matcher.differences
  }
}
