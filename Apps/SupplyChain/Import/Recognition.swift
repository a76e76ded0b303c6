import Invoices
import Primitives

/// What a file is, by its root element and namespace.
enum Recognition {
  case trade(UBLImport)
  case bank(Invoices.BankEvidence)

  /// Reads a file and notes in the report what was recognised; nil, with the reason in the report, for anything else.
  static func look(_ bytes: [UInt8], level: ImportLevel, _ report: inout ImportReport) -> Recognition? {
    do throws(UBLImportFault) {
      let read = try UBLImport(bytes, level: level)
      note(read, &report)
      return .trade(read)
    } catch {
      guard case .otherDocument(let name, _) = error else {
        report.end(.rejected, error.message, code: "not-xml")
        return nil
      }
      report.document = name
      guard name == "Document" else {
        report.end(.rejected, error.message, code: "other-document")
        return nil
      }
    }
    do throws(BankEvidenceFault) {
      let evidence = try BankEvidence(bytes)
      report.document = "BankToCustomerDebitCreditNotification"
      (report.number, report.issued) = (evidence.messageID, evidence.created)
      report.lines = evidence.entries.count
      return .bank(evidence)
    } catch {
      report.end(.rejected, error.message, code: "bank-message")
      return nil
    }
  }

  private static func note(_ read: UBLImport, _ report: inout ImportReport) {
    report.document = read.kind.rawValue
    report.findings = read.findings.map { ImportReport.Finding($0) }
    guard let document = read.document else { return }
    (report.number, report.issued) = (document.number, document.issueDate.description)
    let pair = parties(document)
    (report.seller, report.buyer) = (pair.seller.displayName, pair.buyer.displayName)
    switch document {
    case .invoice(let invoice), .creditNote(let invoice):
      (report.payable, report.lines) = (invoice.payable.description, invoice.lines.count)
    case .order(let order): (report.payable, report.lines) = (order.payable?.description, order.lines.count)
    case .despatchAdvice(let advice): report.lines = advice.lines.count
    case .receiptAdvice(let advice): report.lines = advice.lines.count
    }
  }

  /// Seller and buyer; of advices that name none, who sends and who receives.
  static func parties(_ document: TradeDocument) -> (seller: Party, buyer: Party) {
    switch document {
    case .invoice(let invoice), .creditNote(let invoice): (invoice.seller, invoice.buyer)
    case .order(let order): (order.seller, order.buyer)
    case .despatchAdvice(let advice): (advice.seller ?? advice.despatcher, advice.buyer ?? advice.receiver)
    case .receiptAdvice(let advice): (advice.seller ?? advice.despatcher, advice.buyer ?? advice.receiver)
    }
  }
}
