/// A UBL 2.1 document of the kinds that receivables rest on.
public enum TradeDocument: Sendable, Hashable {
  /// An invoice.
  case invoice(Invoice)
  /// A credit note.
  case creditNote(Invoice)
  /// A purchase order.
  case order(Order)
  /// A despatch advice.
  case despatchAdvice(DespatchAdvice)
  /// A receipt advice.
  case receiptAdvice(ReceiptAdvice)

  /// The kind.
  public var kind: TradeDocumentKind {
    switch self {
    case .invoice: .invoice
    case .creditNote: .creditNote
    case .order: .order
    case .despatchAdvice: .despatchAdvice
    case .receiptAdvice: .receiptAdvice
    }
  }

  /// The document's number.
  public var number: String {
    switch self {
    case .invoice(let invoice), .creditNote(let invoice): invoice.number
    case .order(let order): order.number
    case .despatchAdvice(let advice): advice.number
    case .receiptAdvice(let advice): advice.number
    }
  }

  /// The day of issue.
  public var issueDate: CalendarDate {
    switch self {
    case .invoice(let invoice), .creditNote(let invoice): invoice.issueDate
    case .order(let order): order.issueDate
    case .despatchAdvice(let advice): advice.issueDate
    case .receiptAdvice(let advice): advice.issueDate
    }
  }
}

/// The kinds of trade documents; the raw value is the name of UBL's root element.
public enum TradeDocumentKind: String, Sendable, CaseIterable {
  /// An invoice.
  case invoice = "Invoice"
  /// A credit note.
  case creditNote = "CreditNote"
  /// A purchase order.
  case order = "Order"
  /// A despatch advice.
  case despatchAdvice = "DespatchAdvice"
  /// A receipt advice.
  case receiptAdvice = "ReceiptAdvice"

  /// The kind of a root element: name and namespace of UBL 2; nil for any other.
  init?(_ root: XMLElement) {
    guard let kind = TradeDocumentKind(rawValue: root.name), root.space == UBL.document(root.name) else { return nil }
    self = kind
  }
}
