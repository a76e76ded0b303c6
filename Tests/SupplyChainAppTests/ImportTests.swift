import Foundation
import Invoices
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("Import of documents into a ledger", .serialized)
struct ImportTests {
  @Test("order, despatch, receipt, invoice and credit note fit and are registered; the buyer approves what fits")
  func trade() throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(Shop.outcomes(try Shop.take(["order.xml"], as: "helan", in: folder)) == ["other-member"])
    #expect(Shop.outcomes(try Shop.take(["order.xml"], as: "jinhe", in: folder)) == ["registered"])
    #expect(Shop.outcomes(try Shop.take(["despatch-advice.xml"], as: "helan", in: folder)) == ["registered"])
    let receipts = try Shop.take(["despatch-advice.xml", "receipt-advice.xml"], as: "jinhe", in: folder)
    #expect(Shop.outcomes(receipts) == ["known", "registered"])

    let filed = try Shop.take(["invoice.xml"], as: "helan", in: folder)
    #expect(Shop.outcomes(filed) == ["registered"] && (filed[0]["duplicates"] as? [Any])?.isEmpty == true)
    #expect(filed[0]["payable"] as? String == "70670.90 CNY" && filed[0]["buyer"] as? String == "jinhe")
    let token = try #require(filed[0]["id"] as? String)

    // The same business invoice in other bytes is the same invoice.
    let again = try Shop.take(["invoice-other-bytes.xml"], as: "helan", in: folder)
    #expect(Shop.outcomes(again) == ["known"] && again[0]["id"] as? String == token)
    let duplicates = try #require(again[0]["duplicates"] as? [[String: String]])
    #expect(
      duplicates.map { $0["match"] } == ["exact"] && again[0]["digest"] as? String != filed[0]["digest"] as? String)

    // Two crates were not received: the invoice fits only once the credit note has taken them back.
    let early = try Shop.take(["invoice.xml"], as: "jinhe", in: folder, ["--approve"], code: 1)
    #expect(Shop.outcomes(early) == ["rejected"])
    let kinds = (early[0]["differences"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
    #expect(kinds.contains("overReceived"))
    #expect(Shop.outcomes(try Shop.take(["credit-note.xml"], as: "helan", in: folder)) == ["registered"])
    #expect(Shop.outcomes(try Shop.take(["credit-note.xml"], as: "helan", in: folder)) == ["known"])
    #expect(Shop.outcomes(try Shop.take(["credit-note.xml"], as: "jinhe", in: folder)) == ["known"])
    let late = try Shop.take(["invoice.xml"], as: "jinhe", in: folder, ["--approve"])
    #expect(Shop.outcomes(late) == ["approved"], "\(late)")

    // The credit note reduces what notes may promise.
    let due = Date(timeIntervalSinceNow: 40 * 86_400).formatted(.iso8601.year().month().day())
    let over = try Program.run(
      "supplychain", ["note", "propose", token, "70670.90", "--maturity", due, "--data", folder, "--as", "jinhe"])
    #expect(over.code != 0 && over.error.contains("over-issue"), "\(over.error)")
    try Shop.run(["note", "propose", token, "70512.85", "--maturity", due, "--data", folder, "--as", "jinhe"])
  }

  @Test("a look-alike of another seller is no duplicate; the same seller's number with another amount is similar")
  func lookAlikes() throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let original = try String(contentsOfFile: "\(Shop.samples)/invoice.xml", encoding: .utf8)
    func write(_ name: String, _ change: (String) -> String) throws -> String {
      let path = "\(folder)/\(name)"
      try change(original).write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }
    let similar = try write("similar.xml") {
      $0.replacing("2026-09-17</cbc:IssueDate>", with: "2026-09-18</cbc:IssueDate>")
    }
    let other = try write("other.xml") {
      $0.replacing("CN91640100MA75K3H41X", with: "CN91640100MA75K3H42X").replacing(
        "91640100MA75K3H41X", with: "91640100MA75K3H42X"
      )
      .replacing("655600HELANORCH00155", with: "655600HELANORCH00156")
    }
    try "id 91640100MA75K3H42X = platform\n".write(
      toFile: folder + "/platform/parties.txt", atomically: true, encoding: .utf8)
    #expect(Shop.outcomes(try Shop.take(["invoice.xml"], as: "helan", in: folder)) == ["registered"])
    let like = try Shop.take([other], as: "platform", in: folder)
    #expect((like[0]["duplicates"] as? [Any])?.isEmpty == true && like[0]["seller"] as? String == "platform", "\(like)")
    let near = try Shop.take([similar], as: "helan", in: folder)
    #expect((near[0]["duplicates"] as? [[String: String]])?.map { $0["match"] } == ["similar"], "\(near)")
  }

  @Test("files that are not documents are refused with a reason, and nothing is stated")
  func refused() throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files: [(String, String)] = [
      ("not.xml", "hello"), ("other.xml", "<a xmlns='urn:b'/>"),
      ("entity.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), ("empty.xml", ""),
      ("bank.xml", "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.099.001.01'/>"),
    ]
    for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
    let size = try Shop.run(["verify", "--help"]).count
    #expect(size > 0)
    let reports = try Shop.take(files.map { "\(folder)/\($0.0)" }, as: "helan", in: folder, code: 1)
    #expect(Shop.outcomes(reports) == Array(repeating: "rejected", count: 5))
    #expect(reports.allSatisfy { ($0["sentence"] as? String)?.isEmpty == false && $0["entry"] == nil })
  }

  @Test("a payment goes out as pain.001 and comes back as camt.054: once, for its lot, between the right parties")
  func bank() throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let token = try ImportTests.approved(folder)
    let today = Date(timeIntervalSinceNow: 0).formatted(.iso8601.year().month().day())
    let due = Date(timeIntervalSinceNow: 60 * 86_400).formatted(.iso8601.year().month().day())
    let note = try ImportTests.liveNote(folder, token, due)
    // Finance: the chosen bid's proceeds are paid out on the bank's notification.
    let salt = String(repeating: "ab", count: 32)
    let terms = ["--rate", "60000", "--value-day", today, "--salt", salt]
    try Shop.run(["note", "finance", note, "--data", folder, "--as", "helan"])
    try Shop.run(["note", "bid", note] + terms + ["--data", folder, "--as", "bank"])
    try Shop.run(["note", "choose", note, "--financier", "bank"] + terms + ["--data", folder, "--as", "helan"])
    let out = "\(folder)/pain.xml"
    try Shop.run(["note", "pay", note, "--to", out, "--data", folder, "--as", "bank"])
    let pain = try String(contentsOfFile: out, encoding: .utf8)
    let id = try #require(pain.firstMatch(of: /<EndToEndId>(D[0-9A-F]{32})</)?.1)
    let amount = try #require(pain.firstMatch(of: /<InstdAmt Ccy="CNY">([0-9.]+)</)?.1)
    #expect(pain.contains("6228480012345678901") && pain.contains("6228480077777777777"))

    let sample = try String(contentsOfFile: "\(Shop.samples)/bank-notification.xml", encoding: .utf8)
    func notify(_ name: String, _ change: (String) -> String) throws -> String {
      let text = sample.replacing("HL20260917", with: String(id)).replacing("70512.85", with: String(amount))
        .replacing("2026-12-16</Dt>", with: "\(today)</Dt>").replacing(
          "<Nm>Jinhe Fresh Markets</Nm>", with: "<Nm>bank</Nm>")
      try change(text).write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      return "\(folder)/\(name)"
    }
    let wrong = try notify("wrong.xml") { $0.replacing("<Nm>bank</Nm>", with: "<Nm>Jinhe Fresh Markets</Nm>") }
    let pending = try notify("pending.xml") { $0.replacing("<Cd>BOOK</Cd>", with: "<Cd>PDNG</Cd>") }
    let short = try notify("short.xml") { $0.replacing(String(amount), with: "1.00") }
    let good = try notify("good.xml") { $0 }
    func movement(_ file: String, code: Int32 = 0) throws -> [String: Any] {
      let reports = try Shop.take([file], as: "bank", in: folder, code: code)
      return try #require((reports[0]["movements"] as? [[String: Any]])?.first)
    }
    #expect(try movement(wrong, code: 1)["outcome"] as? String == "rejected")
    #expect(try movement(pending, code: 1)["outcome"] as? String == "rejected")
    #expect(try movement(short, code: 1)["code"] as? String == "proceeds-differ")
    let used = try movement(good)
    #expect(used["outcome"] as? String == "registered" && used["payment"] as? String == "disburse", "\(used)")
    #expect(try movement(good)["outcome"] as? String == "known")
    #expect(try Shop.run(["holder", note, "--data", folder, "--as", "bank"]).contains("bank has financed it"))

    // The invoice goes out with the financier as payee.
    let assigned = "\(folder)/assigned.xml"
    try Shop.run(["export", "invoice", note, "--to", assigned, "--data", folder, "--as", "helan"])
    let bytes = try Console.bytes(assigned)
    let read = try UBLImport(bytes, level: .strict)
    guard case .invoice(let invoice)? = read.document else {
      Issue.record("no invoice")
      return
    }
    #expect(invoice.payee?.name == "bank" && invoice.typeCode == "393" && read.isAccepted)
    #expect(invoice.paymentMeans.first?.account?.value == "6228480077777777777")
    #expect(invoice.notes.last?.contains("assigned to bank") == true)
    let other = try Program.run(
      "supplychain",
      [
        "export", "invoice", note, "--invoice", "\(Shop.samples)/credit-note.xml", "--to", assigned, "--data", folder,
        "--as", "helan",
      ])
    #expect(other.code != 0)
  }

  /// The sample's trade up to the buyer's approval; gives the invoice's token.
  static func approved(_ folder: String) throws -> String {
    _ = try Shop.take(["order.xml"], as: "jinhe", in: folder)
    _ = try Shop.take(["despatch-advice.xml"], as: "helan", in: folder)
    _ = try Shop.take(["despatch-advice.xml", "receipt-advice.xml"], as: "jinhe", in: folder)
    let filed = try Shop.take(["invoice.xml", "credit-note.xml"], as: "helan", in: folder)
    _ = try Shop.take(["credit-note.xml"], as: "jinhe", in: folder)
    let late = try Shop.take(["invoice.xml"], as: "jinhe", in: folder, ["--approve"])
    #expect(Shop.outcomes(late) == ["approved"])
    return try #require(filed[0]["id"] as? String)
  }

  /// A note over the invoice, confirmed by a second person and accepted by the payee.
  static func liveNote(_ folder: String, _ token: String, _ due: String) throws -> String {
    try Shop.run(["key", "generate", "--out", "\(folder)/bob.pem"])
    try Shop.run(["person", "bob", "--key", "\(folder)/bob.pem", "--checks", "--data", folder, "--as", "jinhe"])
    let said = try Shop.run(
      ["note", "propose", token, "70512.85", "--maturity", due, "--data", folder, "--as", "jinhe"])
    let note = String(try #require(said.firstMatch(of: /note ([0-9a-f]{64})/)?.1))
    try Shop.run(
      ["note", "accept", note, "--data", folder, "--as", "jinhe", "--person", "bob", "--key", "\(folder)/bob.pem"])
    try Shop.run(["note", "consent", note, "--freely", "--data", folder, "--as", "helan"])
    return note
  }
}

/// Bytes of a file that a program wrote.
enum Console {
  static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }
}
