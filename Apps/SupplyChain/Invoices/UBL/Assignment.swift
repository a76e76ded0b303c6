/// The assignment of a claim to a financier, as it is told to the debtor on the invoice.
public struct Assignment: Sendable, Hashable {
  /// Who is to be paid (BG-10); its `name` or `legalName` is shown.
  public var payee: Party
  /// What the debtor is told (BT-22), such as that only payment to the payee discharges the debt.
  public var notice: String
  /// The financier's account; nil leaves the invoice's instructions as they are.
  public var account: PaymentMeans?
  /// Whether the type becomes 393, a factored invoice (396 for a credit note), of UNTDID 1001; else it stays.
  public var marksType: Bool

  /// An assignment to this payee.
  public init(payee: Party, notice: String, account: PaymentMeans? = nil, marksType: Bool = true) {
    (self.payee, self.notice, self.account, self.marksType) = (payee, notice, account, marksType)
  }
}

extension TradeDocument {
  /// The invoice or credit note as it stands after an assignment; nil for other documents.
  ///
  /// The payee is the financier, the notice is the last note, and number, date, parties and amounts stay, so that the
  /// registry's tokens stay. A payee carries a name, at most one identifier and a legal registration (EN 16931, BG-10):
  /// the rest is left out. Doing it twice with the same assignment changes nothing more.
  public func assigned(_ assignment: Assignment) -> TradeDocument? {
    switch self {
    case .invoice(let invoice): .invoice(invoice.assigned(assignment, factored: "393"))
    case .creditNote(let invoice): .creditNote(invoice.assigned(assignment, factored: "396"))
    case .order, .despatchAdvice, .receiptAdvice: nil
    }
  }
}

extension Invoice {
  fileprivate func assigned(_ assignment: Assignment, factored: String) -> Invoice {
    var result = self
    let payee = assignment.payee
    result.payee = Party(
      identifiers: Array(payee.identifiers.prefix(1)), name: payee.name ?? payee.legalName, legalID: payee.legalID)
    if result.notes.last != assignment.notice { result.notes.append(assignment.notice) }
    if let account = assignment.account { result.paymentMeans = [account] }
    if assignment.marksType { result.typeCode = factored }
    return result
  }
}
