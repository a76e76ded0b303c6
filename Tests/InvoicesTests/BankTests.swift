import Foundation
import Invoices
import Primitives
import Testing

@Suite("Bank messages")
struct BankTests {
  @Test("A notification gives its movements") func notification() throws {
    let evidence = try BankEvidence(Files.sample("bank-notification.xml"))
    #expect(evidence.messageID == "NXB-20261216-0007" && evidence.entries.count == 1)
    let entry = evidence.entries[0]
    #expect(entry.id == "6228480012345678901|NXB2026121600123" && entry.account == "6228480012345678901")
    #expect(entry.amount.description == "70512.85 CNY" && entry.direction == .credit)
    #expect(entry.isBooked && !entry.isReversal)
    #expect(entry.bookingDate?.description == "2026-12-16" && entry.valueDate == entry.bookingDate)
    #expect(entry.endToEndID == "HL20260917" && entry.counterparty == "Jinhe Fresh Markets")
    #expect(entry.remittance == "HL-2026-0917 less HL-CN-2026-0031")
  }

  private func changed(_ old: String, _ new: String) throws -> Result<BankEvidence, BankEvidenceFault> {
    let text = String(decoding: try Files.sample("bank-notification.xml"), as: UTF8.self)
    let bytes = Array(try #require(Break("", old, new).apply(to: text)).utf8)
    do { return .success(try BankEvidence(bytes)) } catch { return .failure(error) }
  }

  @Test("What is missing or wrong is named") func faults() throws {
    let fields = [
      ("MsgId", "<MsgId>NXB-20261216-0007</MsgId>", ""), ("Amt", "<Amt Ccy=\"CNY\">70512.85</Amt>", ""),
      ("Amt", "Ccy=\"CNY\">70512.85", "Ccy=\"CNY\">-1"), ("Amt", "Ccy=\"CNY\">70512.85", "Ccy=\"CNY\">1.001"),
      ("Amt", "Ccy=\"CNY\">70512.85", "Ccy=\"cny\">70512.85"), ("CdtDbtInd", ">CRDT<", ">CREDIT<"),
      ("Sts", "<Cd>BOOK</Cd>", ""), ("Acct", "<Id>6228480012345678901</Id>", ""),
      ("BookgDt", "<Dt>2026-12-16</Dt>", "<Dt>2026-12-32</Dt>"),
    ]
    for (name, old, new) in fields {
      guard case .failure(.field(let found, _)) = try changed(old, new) else {
        Issue.record("\(name): accepted")
        continue
      }
      #expect(found == name)
    }
    guard case .failure(.otherMessage) = try changed("camt.054.001.08", "camt.054.001.99") else {
      Issue.record("another version was accepted")
      return
    }
    guard case .success(let pending) = try changed(">BOOK<", ">PDNG<") else {
      Issue.record("a pending entry was refused")
      return
    }
    #expect(!pending.entries[0].isBooked)
  }

  @Test("A batch gives a movement for each part, and they must add up") func batch() throws {
    func part(_ reference: String, _ amount: String) -> String {
      "<TxDtls><Refs><EndToEndId>\(reference)</EndToEndId></Refs><Amt Ccy=\"CNY\">\(amount)</Amt></TxDtls>"
    }
    let parts = part("A", "512.85") + part("NOTPROVIDED", "70000.00")
    let text = String(decoding: try Files.sample("bank-notification.xml"), as: UTF8.self)
    let start = try #require(text.range(of: "<TxDtls>")).lowerBound
    let end = try #require(text.range(of: "</TxDtls>")).upperBound
    func evidence(_ parts: String) throws -> BankEvidence {
      try BankEvidence(Array((text[..<start] + parts + text[end...]).utf8))
    }
    let entries = try evidence(parts).entries
    #expect(entries.map(\.amount.minorUnits) == [51_285, 7_000_000])
    #expect(entries.map(\.endToEndID) == ["A", nil])
    #expect(Set(entries.map(\.id)).count == 2)
    #expect(throws: BankEvidenceFault.self) { try evidence(parts + part("B", "0.01")) }
    let entry = text[
      try #require(text.range(of: "<Ntry>")).lowerBound..<(try #require(text.range(of: "</Ntry>")).upperBound)]
    let twice = Array(text.replacingOccurrences(of: entry, with: entry + entry).utf8)
    do {
      _ = try BankEvidence(twice)
      Issue.record("one movement was taken twice")
    } catch {
      guard case .duplicate = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  static func order() throws -> PaymentOrder {
    let day = try #require(CalendarDate("2026-12-16"))
    let yuan = try #require(Currency("CNY"))
    let euro = try #require(Currency("EUR"))
    return PaymentOrder(
      messageID: "SCF-20261216-1", created: 1_797_400_800_000, initiator: "Jinhe Fresh Markets",
      batches: [
        PaymentBatch(
          id: "SCF-20261216-1-1", day: day, debtor: "Jinhe <Fresh> & Markets", debtorAccount: "6222021001122334455",
          transfers: [
            PaymentTransfer(
              endToEndID: "HL20260917", amount: Amount(minorUnits: 7_051_285, currency: yuan), creditor: "宁夏银行",
              creditorAccount: "6228480012345678901", remittance: "HL-2026-0917"),
            PaymentTransfer(
              endToEndID: "N-2", amount: Amount(minorUnits: 1, currency: euro), creditor: "Seller",
              creditorAccount: "GB82WEST12345698765432", creditorBank: "WESTGB2LXXX"),
          ])
      ])
  }

  @Test("A payment order is written as pain.001, always the same") func pain() throws {
    let bytes = try BankTests.order().pain001()
    #expect(try BankTests.order().pain001() == bytes)
    let root = try XMLReader.read(bytes)
    #expect(root.name == "Document" && root.space == "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09")
    func texts(_ name: String, in element: XMLElement) -> [String] {
      element.children.flatMap { ($0.name == name ? [$0.normalizedText] : []) + texts(name, in: $0) }
    }
    #expect(texts("NbOfTxs", in: root) == ["2", "2"] && texts("CtrlSum", in: root) == ["70512.86", "70512.86"])
    #expect(texts("EndToEndId", in: root) == ["HL20260917", "N-2"])
    #expect(texts("InstdAmt", in: root) == ["70512.85", "0.01"])
    #expect(texts("IBAN", in: root) == ["GB82WEST12345698765432"] && texts("BICFI", in: root) == ["WESTGB2LXXX"])
    #expect(texts("Nm", in: root) == ["Jinhe Fresh Markets", "Jinhe <Fresh> & Markets", "宁夏银行", "Seller"])
    #expect(texts("Dt", in: root) == ["2026-12-16"])
    // The order of a transfer's elements is the schema's.
    let transfer = root.children[0].children[1].children.last
    #expect(transfer?.children.map(\.name) == ["PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct"])
  }

  @Test("A payment order with a fault is not written") func painFaults() throws {
    func fault(_ change: (inout PaymentOrder) -> Void) throws -> PaymentFault? {
      var order = try BankTests.order()
      change(&order)
      do {
        _ = try order.pain001()
        return nil
      } catch { return error }
    }
    #expect(try fault { _ in } == nil)
    #expect(try fault { $0.batches = [] } == .empty)
    #expect(try fault { $0.batches[0].transfers = [] } == .empty)
    #expect(try fault { $0.messageID = String(repeating: "x", count: 36) } != nil)
    #expect(try fault { $0.messageID = "a//b" } == .field(name: "MsgId", value: "a//b"))
    #expect(try fault { $0.batches[0].transfers[1].endToEndID = "HL20260917" } == .duplicate(id: "HL20260917"))
    #expect(try fault { $0.batches[0].transfers[0].endToEndID = "付款" } == .field(name: "EndToEndId", value: "付款"))
    #expect(try fault { $0.batches.append($0.batches[0]) } == .duplicate(id: "SCF-20261216-1-1"))
    #expect(
      try fault {
        $0.batches[0].transfers[0].amount = Amount(minorUnits: 0, currency: $0.batches[0].transfers[0].amount.currency)
      } == .amount(endToEndID: "HL20260917"))
    #expect(try fault { $0.batches[0].transfers[1].creditorAccount = "GB83WEST12345698765432" } != nil)
    #expect(try fault { $0.batches[0].transfers[1].creditorBank = "west" } == .field(name: "BICFI", value: "west"))
    #expect(try fault { $0.initiator = "" } == .field(name: "Nm", value: ""))
    #expect(try fault { $0.batches[0].transfers[0].remittance = String(repeating: "长", count: 141) } != nil)
  }
}
