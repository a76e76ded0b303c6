import FinanceRules
import Foundation
import Invoices
import Ledger
import Primitives
import Value

/// Files for others: an invoice with the financier as payee, and payments for a bank.
struct Exporter {
  let member: String
  let parties: Parties
  let view: LedgerView

  private func lot(_ note: Digest, _ lot: Digest) throws -> (Note, Lot) {
    guard let bytes = try view.value(Family.notes.key(note)), let lotBytes = try view.value(Family.lots.key(note, lot)),
      let found = try? Note(decoding: bytes), let part = try? Lot(decoding: lotBytes)
    else { throw LedgerError(.notFound, "There is no such lot.") }
    return (found, part)
  }

  /// The invoice of a note, after the assignment of a lot to its financier: BG-10, notice and type 393.
  ///
  /// The bytes must be those of the note's invoice, whatever their form: their token is compared.
  func invoice(_ bytes: [UInt8], note id: Digest, lot lotID: Digest, registry: RegistryKey) throws -> [UInt8] {
    let (note, lot) = try lot(id, lotID)
    guard lot.isFinanced, lot.existence != .consumed else {
      throw LedgerError(.refused, "No financier has paid for this lot.")
    }
    let read: UBLImport
    do throws(UBLImportFault) { read = try UBLImport(bytes, level: .lenient) } catch {
      throw LedgerError(.malformed, error.message)
    }
    guard case .invoice(let invoice)? = read.document, registry.tokens(of: invoice).exact == note.proposal.invoice
    else {
      throw LedgerError(.malformed, "This is not the invoice of the note.")
    }
    let payee = parties.title(of: lot.financier)
    let notice =
      "\(FinanceText.money(lot.open, note.currency)) of this claim is assigned to \(payee). Only payment to \(payee) discharges it."
    let assignment = Assignment(
      payee: Party(name: payee, legalID: parties.lei(of: lot.financier).map { Identifier($0, scheme: "0199") }),
      notice: notice,
      account: parties.account(of: lot.financier).map {
        PaymentMeans(code: "30", reference: EndToEnd.id(.settle, lotID), account: Identifier($0))
      })
    return (TradeDocument.invoice(invoice).assigned(assignment) ?? .invoice(invoice)).ubl()
  }

  /// The payments that this member owes for lots now, as pain.001.001.09.
  ///
  /// - Parameters:
  ///   - only: one lot; all that are due unless given.
  ///   - day: when to pay.
  ///   - time: milliseconds since 1970, which the message carries.
  func payments(only: (note: Digest, lot: Digest)? = nil, day: Day, time: UInt64) throws -> [UInt8] {
    var transfers: [PaymentTransfer] = []
    guard let account = parties.account(of: member) else {
      throw LedgerError(.notFound, "The account of \(member) is not known: add a line to parties.txt.")
    }
    for (noteID, lotID) in try lots(only) {
      let (note, lot) = try lot(noteID, lotID)
      guard let payment = Exporter.awaited(note, lot, from: member) else {
        if only != nil { throw LedgerError(.refused, "\(member) has nothing to pay for this lot now.") }
        continue
      }
      let sides = LotPayees(payment, note, lot)
      guard let creditor = parties.account(of: sides.payee) else {
        throw LedgerError(
          .notFound, "The account of \(FinanceText.party(sides.payee)) is not known: add a line to parties.txt.")
      }
      guard let currency = Invoices.Currency(note.currency) else { continue }
      transfers.append(
        PaymentTransfer(
          endToEndID: EndToEnd.id(payment, lotID), amount: Amount(minorUnits: sides.amount, currency: currency),
          creditor: parties.title(of: sides.payee), creditorAccount: creditor,
          creditorBank: parties.bank(of: sides.payee), remittance: "\(payment.rawValue) \(lotID.hex.prefix(16))"))
    }
    guard !transfers.isEmpty else { throw LedgerError(.notFound, "\(member) has nothing to pay now.") }
    guard let date = CalendarDate(day.description) else { throw LedgerError(.malformed, "This is no day.") }
    let id = "TS\(Digest.sha256(transfers.map(\.endToEndID).joined() + "\(time)").hex.prefix(24).uppercased())"
    let batch = PaymentBatch(
      id: id + "-1", day: date, debtor: parties.title(of: member), debtorAccount: account,
      debtorBank: parties.bank(of: member), transfers: transfers)
    let order = PaymentOrder(messageID: id, created: time, initiator: parties.title(of: member), batches: [batch])
    do throws(PaymentFault) { return try order.pain001() } catch { throw LedgerError(.malformed, error.message) }
  }

  /// What a member is to pay for a lot now.
  static func awaited(_ note: Note, _ lot: Lot, from member: String) -> PaymentKind? {
    guard lot.existence == .live else { return nil }
    if note.obligor == member, lot.performance != .current, lot.open > 0 { return .settle }
    if lot.reservation == .chosen, lot.counterparty == member { return .disburse }
    if lot.reservation == .bought, lot.priorHolder == member { return .buyback }
    return nil
  }

  private func lots(_ only: (note: Digest, lot: Digest)?) throws -> [(Digest, Digest)] {
    if let only { return [(only.note, only.lot)] }
    return try view.list(Family.lots.prefix()).compactMap { key, _ in
      guard let note = Digest(key.bytes[1..<33]), let lot = Digest(key.bytes.suffix(32)) else { return nil }
      return (note, lot)
    }
  }
}
