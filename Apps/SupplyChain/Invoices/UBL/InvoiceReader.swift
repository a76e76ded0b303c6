internal import Primitives

extension UBLReader {
  /// An invoice or a credit note; nil, with findings, if what financing needs is not there.
  mutating func invoice(_ root: UBLNode, kind: TradeDocumentKind) -> Invoice? {
    let totals = root.first("cac:LegalMonetaryTotal")
    let payableNode = totals?.first("cbc:PayableAmount")
    let stated = currency("cbc:DocumentCurrencyCode", in: root)
    currency = stated ?? payableNode?.attribute("currencyID").flatMap { Currency($0) }
    let number = root.text("cbc:ID")
    let issueDate = date("cbc:IssueDate", in: root)
    let seller = party(root.first("cac:AccountingSupplierParty", "cac:Party"))
    let buyer = party(root.first("cac:AccountingCustomerParty", "cac:Party"))
    let payable = amount("cbc:PayableAmount", in: totals)
    if number == nil { report("FIN-01", .fatal, "The document has no number.", at: root) }
    if issueDate == nil { report("FIN-02", .fatal, "The document has no readable date of issue.", at: root) }
    if currency == nil { report("FIN-03", .fatal, "The document has no currency of ISO 4217.", at: root) }
    if seller?.registryID == nil && seller?.displayName == nil {
      report("FIN-04", .fatal, "The seller has neither an identifier nor a name.", at: root)
    }
    if buyer?.registryID == nil && buyer?.displayName == nil {
      report("FIN-05", .fatal, "The buyer has neither an identifier nor a name.", at: root)
    }
    if payable == nil { report("FIN-06", .fatal, "The document has no readable amount due.", at: totals ?? root) }
    guard let number, let issueDate, let currency, let seller, let buyer, let payable else { return nil }
    if payable.currency != currency {
      report(
        "FIN-08", .fatal, "The amount due is in \(payable.currency.code), the document in \(currency.code).",
        at: payableNode ?? root)
      return nil
    }
    guard seller.registryID != nil || seller.displayName != nil, buyer.registryID != nil || buyer.displayName != nil
    else { return nil }
    var invoice = Invoice(
      number: number, issueDate: issueDate, currency: currency, seller: seller, buyer: buyer, payable: payable)
    header(root, kind, &invoice)
    parties(root, &invoice)
    money(root, totals, &invoice)
    for line in root.all(kind == .creditNote ? "cac:CreditNoteLine" : "cac:InvoiceLine") {
      invoice.lines.append(invoiceLine(line, kind))
    }
    return invoice
  }

  private mutating func header(_ root: UBLNode, _ kind: TradeDocumentKind, _ invoice: inout Invoice) {
    invoice.customization = root.text("cbc:CustomizationID")
    invoice.profile = root.text("cbc:ProfileID")
    invoice.dueDate = date("cbc:DueDate", in: root)
    invoice.typeCode = root.text(kind == .creditNote ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode")
    invoice.notes = root.texts("cbc:Note")
    invoice.taxPointDate = date("cbc:TaxPointDate", in: root)
    invoice.taxCurrency = currency("cbc:TaxCurrencyCode", in: root)
    invoice.accountingCost = root.text("cbc:AccountingCost")
    invoice.buyerReference = root.text("cbc:BuyerReference")
    invoice.period = period(root.first("cac:InvoicePeriod"))
    invoice.order = root.first("cac:OrderReference")?.text("cbc:ID")
    invoice.salesOrder = root.first("cac:OrderReference")?.text("cbc:SalesOrderID")
    for node in root.all("cac:BillingReference", "cac:InvoiceDocumentReference") {
      if let reference = reference(node) { invoice.precedingInvoices.append(reference) }
    }
    invoice.despatchAdvice = root.first("cac:DespatchDocumentReference")?.text("cbc:ID")
    invoice.receiptAdvice = root.first("cac:ReceiptDocumentReference")?.text("cbc:ID")
    invoice.contract = root.first("cac:ContractDocumentReference")?.text("cbc:ID")
    invoice.tender = root.first("cac:OriginatorDocumentReference")?.text("cbc:ID")
    invoice.project = root.first("cac:ProjectReference")?.text("cbc:ID")
    for node in root.all("cac:AdditionalDocumentReference") {
      guard let id = identifier("cbc:ID", in: node) else { continue }
      let file = node.first("cac:Attachment", "cbc:EmbeddedDocumentBinaryObject")
      let content = file.map { $0.element.text.filter { !$0.isWhitespace } }
      invoice.attachments.append(
        Attachment(
          id: id, typeCode: node.text("cbc:DocumentTypeCode"), description: node.text("cbc:DocumentDescription"),
          address: node.first("cac:Attachment", "cac:ExternalReference")?.text("cbc:URI"),
          mediaType: file?.attribute("mimeCode"), fileName: file?.attribute("filename"),
          content: content.flatMap { $0.isEmpty ? nil : $0 }))
    }
  }

  private mutating func parties(_ root: UBLNode, _ invoice: inout Invoice) {
    invoice.payee = party(root.first("cac:PayeeParty"))
    invoice.taxRepresentative = party(root.first("cac:TaxRepresentativeParty"))
    if let node = root.first("cac:Delivery") {
      let place = node.first("cac:DeliveryLocation")
      let delivery = Delivery(
        date: date("cbc:ActualDeliveryDate", in: node), location: identifier("cbc:ID", in: place),
        address: address(place?.first("cac:Address")),
        party: node.first("cac:DeliveryParty", "cac:PartyName")?.text("cbc:Name"))
      invoice.delivery = delivery == Delivery() ? nil : delivery
    }
    for node in root.all("cac:PaymentMeans") {
      let account = node.first("cac:PayeeFinancialAccount")
      invoice.paymentMeans.append(
        PaymentMeans(
          code: node.text("cbc:PaymentMeansCode"), name: node.first("cbc:PaymentMeansCode")?.attribute("name"),
          dueDate: date("cbc:PaymentDueDate", in: node), reference: node.text("cbc:PaymentID"),
          account: identifier("cbc:ID", in: account), accountName: account?.text("cbc:Name"),
          bank: account?.first("cac:FinancialInstitutionBranch")?.text("cbc:ID")))
    }
    invoice.paymentTerms = root.all("cac:PaymentTerms").flatMap { $0.texts("cbc:Note") }
  }

  private mutating func money(_ root: UBLNode, _ totals: UBLNode?, _ invoice: inout Invoice) {
    invoice.allowanceCharges = allowanceCharges(in: root)
    for node in root.all("cac:TaxTotal") {
      guard let amount = amount("cbc:TaxAmount", in: node) else { continue }
      var total = TaxTotal(amount: amount)
      for part in node.all("cac:TaxSubtotal") {
        guard let tax = self.amount("cbc:TaxAmount", in: part), let category = category(part.first("cac:TaxCategory"))
        else { continue }
        total.subtotals.append(
          TaxSubtotal(taxable: self.amount("cbc:TaxableAmount", in: part), amount: tax, category: category))
      }
      invoice.taxTotals.append(total)
    }
    invoice.totals.lines = amount("cbc:LineExtensionAmount", in: totals)
    invoice.totals.taxExclusive = amount("cbc:TaxExclusiveAmount", in: totals)
    invoice.totals.taxInclusive = amount("cbc:TaxInclusiveAmount", in: totals)
    invoice.totals.allowances = amount("cbc:AllowanceTotalAmount", in: totals)
    invoice.totals.charges = amount("cbc:ChargeTotalAmount", in: totals)
    invoice.totals.prepaid = amount("cbc:PrepaidAmount", in: totals)
    invoice.totals.rounding = amount("cbc:PayableRoundingAmount", in: totals)
  }

  private mutating func invoiceLine(_ node: UBLNode, _ kind: TradeDocumentKind) -> InvoiceLine {
    var line = InvoiceLine(
      id: node.text("cbc:ID"),
      quantity: quantity(kind == .creditNote ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", in: node),
      net: amount("cbc:LineExtensionAmount", in: node), item: item(node.first("cac:Item")),
      price: price(node.first("cac:Price")))
    line.note = node.text("cbc:Note")
    line.accountingCost = node.text("cbc:AccountingCost")
    line.period = period(node.first("cac:InvoicePeriod"))
    line.orderLine = lineReference(node.first("cac:OrderLineReference"), document: "cac:OrderReference")
    line.despatchLine = lineReference(node.first("cac:DespatchLineReference"), document: "cac:DocumentReference")
    line.allowanceCharges = allowanceCharges(in: node)
    return line
  }
}
