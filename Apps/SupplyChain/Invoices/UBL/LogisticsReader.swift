internal import Primitives

extension UBLReader {
  /// Number and day of issue, which every document has; nil, with findings, if they are missing.
  private mutating func identity(_ root: UBLNode) -> (String, CalendarDate)? {
    let number = root.text("cbc:ID")
    let issueDate = date("cbc:IssueDate", in: root)
    if number == nil { report("FIN-01", .fatal, "The document has no number.", at: root) }
    if issueDate == nil { report("FIN-02", .fatal, "The document has no readable date of issue.", at: root) }
    guard let number, let issueDate else { return nil }
    return (number, issueDate)
  }

  private mutating func named(_ name: String, in root: UBLNode, _ rule: String, _ missing: Message) -> Party? {
    if let party = party(root.first(name, "cac:Party")), party.registryID != nil || party.displayName != nil {
      return party
    }
    report(rule, .fatal, missing, at: root)
    return nil
  }

  /// A purchase order; nil, with findings, if number, date or a party is missing.
  mutating func order(_ root: UBLNode) -> Order? {
    currency = currency("cbc:DocumentCurrencyCode", in: root)
    let buyer = named(
      "cac:BuyerCustomerParty", in: root, "FIN-05", "The buyer has neither an identifier nor a name.")
    let seller = named(
      "cac:SellerSupplierParty", in: root, "FIN-04", "The seller has neither an identifier nor a name.")
    guard let (number, issueDate) = identity(root), let buyer, let seller else { return nil }
    var order = Order(number: number, issueDate: issueDate, buyer: buyer, seller: seller, currency: currency)
    order.customization = root.text("cbc:CustomizationID")
    order.profile = root.text("cbc:ProfileID")
    order.notes = root.texts("cbc:Note")
    order.contract = root.first("cac:Contract")?.text("cbc:ID")
    order.deliveryPeriod = period(root.first("cac:Delivery", "cac:RequestedDeliveryPeriod"))
    order.paymentTerms = root.all("cac:PaymentTerms").flatMap { $0.texts("cbc:Note") }
    let totals = root.first("cac:AnticipatedMonetaryTotal")
    order.lineTotal = amount("cbc:LineExtensionAmount", in: totals)
    order.payable = amount("cbc:PayableAmount", in: totals)
    for node in root.all("cac:OrderLine") {
      guard let content = node.first("cac:LineItem") else { continue }
      var line = OrderLine(
        id: content.text("cbc:ID"), quantity: quantity("cbc:Quantity", in: content),
        net: amount("cbc:LineExtensionAmount", in: content), item: item(content.first("cac:Item")),
        price: price(content.first("cac:Price")))
      line.note = node.text("cbc:Note")
      order.lines.append(line)
    }
    return order
  }

  /// A despatch advice; nil, with findings, if number, date or a party is missing.
  mutating func despatchAdvice(_ root: UBLNode) -> DespatchAdvice? {
    let despatcher = named(
      "cac:DespatchSupplierParty", in: root, "FIN-09", "The despatching party has neither an identifier nor a name.")
    let receiver = named(
      "cac:DeliveryCustomerParty", in: root, "FIN-10", "The receiving party has neither an identifier nor a name.")
    guard let (number, issueDate) = identity(root), let despatcher, let receiver else { return nil }
    var advice = DespatchAdvice(number: number, issueDate: issueDate, despatcher: despatcher, receiver: receiver)
    advice.customization = root.text("cbc:CustomizationID")
    advice.profile = root.text("cbc:ProfileID")
    advice.notes = root.texts("cbc:Note")
    advice.orders = root.all("cac:OrderReference").compactMap { $0.text("cbc:ID") }
    advice.buyer = party(root.first("cac:BuyerCustomerParty", "cac:Party"))
    advice.seller = party(root.first("cac:SellerSupplierParty", "cac:Party"))
    let shipment = root.first("cac:Shipment")
    let delivery = shipment?.first("cac:Delivery")
    advice.shipment = shipment?.text("cbc:ID")
    advice.despatchDate = date("cbc:ActualDespatchDate", in: delivery?.first("cac:Despatch"))
    advice.deliveryDate = date("cbc:ActualDeliveryDate", in: delivery)
    for node in root.all("cac:DespatchLine") {
      var line = DespatchLine(
        id: node.text("cbc:ID"), delivered: quantity("cbc:DeliveredQuantity", in: node),
        orderLine: lineReference(node.first("cac:OrderLineReference"), document: "cac:OrderReference"),
        item: item(node.first("cac:Item")))
      line.note = node.text("cbc:Note")
      line.outstanding = quantity("cbc:OutstandingQuantity", in: node)
      advice.lines.append(line)
    }
    return advice
  }

  /// A receipt advice; nil, with findings, if number, date or a party is missing.
  mutating func receiptAdvice(_ root: UBLNode) -> ReceiptAdvice? {
    let receiver = named(
      "cac:DeliveryCustomerParty", in: root, "FIN-10", "The receiving party has neither an identifier nor a name.")
    let despatcher = named(
      "cac:DespatchSupplierParty", in: root, "FIN-09", "The despatching party has neither an identifier nor a name.")
    guard let (number, issueDate) = identity(root), let despatcher, let receiver else { return nil }
    var advice = ReceiptAdvice(number: number, issueDate: issueDate, receiver: receiver, despatcher: despatcher)
    advice.customization = root.text("cbc:CustomizationID")
    advice.profile = root.text("cbc:ProfileID")
    advice.notes = root.texts("cbc:Note")
    advice.orders = root.all("cac:OrderReference").compactMap { $0.text("cbc:ID") }
    advice.despatchAdvices = root.all("cac:DespatchDocumentReference").compactMap { $0.text("cbc:ID") }
    advice.buyer = party(root.first("cac:BuyerCustomerParty", "cac:Party"))
    advice.seller = party(root.first("cac:SellerSupplierParty", "cac:Party"))
    advice.deliveryDate = date("cbc:ActualDeliveryDate", in: root.first("cac:Shipment", "cac:Delivery"))
    for node in root.all("cac:ReceiptLine") {
      var line = ReceiptLine(
        id: node.text("cbc:ID"), received: quantity("cbc:ReceivedQuantity", in: node),
        orderLine: lineReference(node.first("cac:OrderLineReference"), document: "cac:OrderReference"),
        despatchLine: lineReference(node.first("cac:DespatchLineReference"), document: "cac:DocumentReference"),
        item: item(node.first("cac:Item")))
      line.note = node.text("cbc:Note")
      line.short = quantity("cbc:ShortQuantity", in: node)
      line.rejected = quantity("cbc:RejectedQuantity", in: node)
      line.rejectReason = node.text("cbc:RejectReason")
      advice.lines.append(line)
    }
    return advice
  }
}
