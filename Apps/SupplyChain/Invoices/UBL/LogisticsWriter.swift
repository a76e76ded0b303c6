extension XMLWriter {
  private mutating func head(_ customization: String?, _ profile: String?, _ number: String, _ date: CalendarDate) {
    leaf("cbc:CustomizationID", customization)
    leaf("cbc:ProfileID", profile)
    leaf("cbc:ID", number)
    leaf("cbc:IssueDate", date.description)
  }

  mutating func order(_ order: Order) {
    head(order.customization, order.profile, order.number, order.issueDate)
    for note in order.notes { leaf("cbc:Note", note) }
    leaf("cbc:DocumentCurrencyCode", order.currency?.code)
    reference("cac:Contract", order.contract)
    party("cac:BuyerCustomerParty", order.buyer)
    party("cac:SellerSupplierParty", order.seller)
    if let wanted = order.deliveryPeriod {
      group("cac:Delivery") { $0.period("cac:RequestedDeliveryPeriod", wanted) }
    }
    paymentTerms(order.paymentTerms)
    if order.lineTotal != nil || order.payable != nil {
      group("cac:AnticipatedMonetaryTotal") {
        $0.amount("cbc:LineExtensionAmount", order.lineTotal)
        $0.amount("cbc:PayableAmount", order.payable)
      }
    }
    for line in order.lines {
      group("cac:OrderLine") {
        $0.leaf("cbc:Note", line.note)
        $0.group("cac:LineItem") {
          $0.leaf("cbc:ID", line.id)
          $0.quantity("cbc:Quantity", line.quantity)
          $0.amount("cbc:LineExtensionAmount", line.net)
          $0.price(line.price)
          $0.item(line.item)
        }
      }
    }
  }

  mutating func despatchAdvice(_ advice: DespatchAdvice) {
    head(advice.customization, advice.profile, advice.number, advice.issueDate)
    for note in advice.notes { leaf("cbc:Note", note) }
    for order in advice.orders { reference("cac:OrderReference", order) }
    party("cac:DespatchSupplierParty", advice.despatcher)
    party("cac:DeliveryCustomerParty", advice.receiver)
    party("cac:BuyerCustomerParty", advice.buyer)
    party("cac:SellerSupplierParty", advice.seller)
    if advice.shipment != nil || advice.despatchDate != nil || advice.deliveryDate != nil {
      group("cac:Shipment") {
        $0.leaf("cbc:ID", advice.shipment)
        if advice.despatchDate != nil || advice.deliveryDate != nil {
          $0.group("cac:Delivery") {
            $0.leaf("cbc:ActualDeliveryDate", advice.deliveryDate?.description)
            if let date = advice.despatchDate {
              $0.group("cac:Despatch") { $0.leaf("cbc:ActualDespatchDate", date.description) }
            }
          }
        }
      }
    }
    for line in advice.lines {
      group("cac:DespatchLine") {
        $0.leaf("cbc:ID", line.id)
        $0.leaf("cbc:Note", line.note)
        $0.quantity("cbc:DeliveredQuantity", line.delivered)
        $0.quantity("cbc:OutstandingQuantity", line.outstanding)
        $0.lineReference("cac:OrderLineReference", document: "cac:OrderReference", line.orderLine)
        $0.item(line.item)
      }
    }
  }

  mutating func receiptAdvice(_ advice: ReceiptAdvice) {
    head(advice.customization, advice.profile, advice.number, advice.issueDate)
    for note in advice.notes { leaf("cbc:Note", note) }
    for order in advice.orders { reference("cac:OrderReference", order) }
    for despatch in advice.despatchAdvices { reference("cac:DespatchDocumentReference", despatch) }
    party("cac:DeliveryCustomerParty", advice.receiver)
    party("cac:DespatchSupplierParty", advice.despatcher)
    party("cac:BuyerCustomerParty", advice.buyer)
    party("cac:SellerSupplierParty", advice.seller)
    if let date = advice.deliveryDate {
      group("cac:Shipment") {
        $0.leaf("cbc:ID", "1")
        $0.group("cac:Delivery") { $0.leaf("cbc:ActualDeliveryDate", date.description) }
      }
    }
    for line in advice.lines {
      group("cac:ReceiptLine") {
        $0.leaf("cbc:ID", line.id)
        $0.leaf("cbc:Note", line.note)
        $0.quantity("cbc:ReceivedQuantity", line.received)
        $0.quantity("cbc:ShortQuantity", line.short)
        $0.quantity("cbc:RejectedQuantity", line.rejected)
        $0.leaf("cbc:RejectReason", line.rejectReason)
        $0.lineReference("cac:OrderLineReference", document: "cac:OrderReference", line.orderLine)
        $0.lineReference("cac:DespatchLineReference", document: "cac:DocumentReference", line.despatchLine)
        $0.item(line.item)
      }
    }
  }
}

extension TradeDocument {
  /// The document as UBL 2.1, in UTF-8.
  ///
  /// The same document always gives the same bytes, and reading them gives an equal document.
  public func ubl() -> [UInt8] {
    var writer = XMLWriter(document: kind)
    switch self {
    case .invoice(let invoice), .creditNote(let invoice): writer.invoice(invoice, kind)
    case .order(let order): writer.order(order)
    case .despatchAdvice(let advice): writer.despatchAdvice(advice)
    case .receiptAdvice(let advice): writer.receiptAdvice(advice)
    }
    return writer.finish()
  }
}
