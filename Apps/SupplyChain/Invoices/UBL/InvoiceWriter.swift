extension XMLWriter {
  /// The elements of an invoice or a credit note in the order of UBL's schemas.
  mutating func invoice(_ invoice: Invoice, _ kind: TradeDocumentKind) {
    let isCredit = kind == .creditNote
    leaf("cbc:CustomizationID", invoice.customization)
    leaf("cbc:ProfileID", invoice.profile)
    leaf("cbc:ID", invoice.number)
    leaf("cbc:IssueDate", invoice.issueDate.description)
    if isCredit {
      leaf("cbc:TaxPointDate", invoice.taxPointDate?.description)
      leaf("cbc:CreditNoteTypeCode", invoice.typeCode)
    } else {
      leaf("cbc:DueDate", invoice.dueDate?.description)
      leaf("cbc:InvoiceTypeCode", invoice.typeCode)
    }
    for note in invoice.notes { leaf("cbc:Note", note) }
    if !isCredit { leaf("cbc:TaxPointDate", invoice.taxPointDate?.description) }
    leaf("cbc:DocumentCurrencyCode", invoice.currency.code)
    leaf("cbc:TaxCurrencyCode", invoice.taxCurrency?.code)
    leaf("cbc:AccountingCost", invoice.accountingCost)
    leaf("cbc:BuyerReference", invoice.buyerReference)
    period("cac:InvoicePeriod", invoice.period)
    references(invoice)
    party("cac:AccountingSupplierParty", invoice.seller)
    party("cac:AccountingCustomerParty", invoice.buyer)
    if let payee = invoice.payee { group("cac:PayeeParty") { $0.partyContent(payee) } }
    if let agent = invoice.taxRepresentative { group("cac:TaxRepresentativeParty") { $0.partyContent(agent) } }
    if let one = invoice.delivery { delivery(one) }
    for means in invoice.paymentMeans { paymentMeans(means) }
    paymentTerms(invoice.paymentTerms)
    for one in invoice.allowanceCharges { allowanceCharge(one) }
    for total in invoice.taxTotals { taxTotal(total) }
    totals(invoice.totals)
    for line in invoice.lines { self.line(line, isCredit) }
  }

  private mutating func references(_ invoice: Invoice) {
    if invoice.order != nil || invoice.salesOrder != nil {
      group("cac:OrderReference") {
        $0.leaf("cbc:ID", invoice.order)
        $0.leaf("cbc:SalesOrderID", invoice.salesOrder)
      }
    }
    for one in invoice.precedingInvoices {
      group("cac:BillingReference") {
        $0.group("cac:InvoiceDocumentReference") {
          $0.leaf("cbc:ID", one.id)
          $0.leaf("cbc:IssueDate", one.date?.description)
        }
      }
    }
    reference("cac:DespatchDocumentReference", invoice.despatchAdvice)
    reference("cac:ReceiptDocumentReference", invoice.receiptAdvice)
    reference("cac:OriginatorDocumentReference", invoice.tender)
    reference("cac:ContractDocumentReference", invoice.contract)
    for one in invoice.attachments { attachment(one) }
    reference("cac:ProjectReference", invoice.project)
  }

  private mutating func attachment(_ one: Attachment) {
    group("cac:AdditionalDocumentReference") {
      $0.identifier("cbc:ID", one.id)
      $0.leaf("cbc:DocumentTypeCode", one.typeCode)
      $0.leaf("cbc:DocumentDescription", one.description)
      if one.content != nil || one.address != nil {
        $0.group("cac:Attachment") {
          $0.leaf(
            "cbc:EmbeddedDocumentBinaryObject", one.content,
            [("mimeCode", one.mediaType), ("filename", one.fileName)])
          if let address = one.address {
            $0.group("cac:ExternalReference") { $0.leaf("cbc:URI", address) }
          }
        }
      }
    }
  }

  private mutating func delivery(_ delivery: Delivery) {
    group("cac:Delivery") {
      $0.leaf("cbc:ActualDeliveryDate", delivery.date?.description)
      if delivery.location != nil || delivery.address != nil {
        $0.group("cac:DeliveryLocation") {
          $0.identifier("cbc:ID", delivery.location)
          $0.address("cac:Address", delivery.address)
        }
      }
      if let party = delivery.party {
        $0.group("cac:DeliveryParty") { $0.group("cac:PartyName") { $0.leaf("cbc:Name", party) } }
      }
    }
  }

  private mutating func paymentMeans(_ means: PaymentMeans) {
    group("cac:PaymentMeans") {
      $0.leaf("cbc:PaymentMeansCode", means.code, [("name", means.name)])
      $0.leaf("cbc:PaymentDueDate", means.dueDate?.description)
      $0.leaf("cbc:PaymentID", means.reference)
      if means.account != nil || means.accountName != nil || means.bank != nil {
        $0.group("cac:PayeeFinancialAccount") {
          $0.identifier("cbc:ID", means.account)
          $0.leaf("cbc:Name", means.accountName)
          $0.reference("cac:FinancialInstitutionBranch", means.bank)
        }
      }
    }
  }

  private mutating func taxTotal(_ total: TaxTotal) {
    group("cac:TaxTotal") {
      $0.amount("cbc:TaxAmount", total.amount)
      for part in total.subtotals {
        $0.group("cac:TaxSubtotal") {
          $0.amount("cbc:TaxableAmount", part.taxable)
          $0.amount("cbc:TaxAmount", part.amount)
          $0.category("cac:TaxCategory", part.category)
        }
      }
    }
  }

  private mutating func totals(_ totals: MonetaryTotals) {
    group("cac:LegalMonetaryTotal") {
      $0.amount("cbc:LineExtensionAmount", totals.lines)
      $0.amount("cbc:TaxExclusiveAmount", totals.taxExclusive)
      $0.amount("cbc:TaxInclusiveAmount", totals.taxInclusive)
      $0.amount("cbc:AllowanceTotalAmount", totals.allowances)
      $0.amount("cbc:ChargeTotalAmount", totals.charges)
      $0.amount("cbc:PrepaidAmount", totals.prepaid)
      $0.amount("cbc:PayableRoundingAmount", totals.rounding)
      $0.amount("cbc:PayableAmount", totals.payable)
    }
  }

  private mutating func line(_ line: InvoiceLine, _ isCredit: Bool) {
    group(isCredit ? "cac:CreditNoteLine" : "cac:InvoiceLine") {
      $0.leaf("cbc:ID", line.id)
      $0.leaf("cbc:Note", line.note)
      $0.quantity(isCredit ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", line.quantity)
      $0.amount("cbc:LineExtensionAmount", line.net)
      $0.leaf("cbc:AccountingCost", line.accountingCost)
      $0.period("cac:InvoicePeriod", line.period)
      $0.lineReference("cac:OrderLineReference", document: "cac:OrderReference", line.orderLine)
      $0.lineReference("cac:DespatchLineReference", document: "cac:DocumentReference", line.despatchLine)
      for one in line.allowanceCharges { $0.allowanceCharge(one) }
      $0.item(line.item)
      $0.price(line.price)
    }
  }
}
