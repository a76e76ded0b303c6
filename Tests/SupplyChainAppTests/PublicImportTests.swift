import Foundation
import Invoices
import Ledger
import LedgerTestKit
import Testing

/// The official samples of EN 16931 and UBL against a ledger, where shared/data/finance is beside the project.
@Suite("Import of the public samples into a ledger", .serialized)
struct PublicImportTests {
  private static func files(_ folder: String) -> [String] {
    for place in ["../shared/data/finance", "../../shared/data/finance"] {
      let path = Program.root.resolvingSymlinksInPath().appending(path: place).appending(path: folder)
        .standardizedFileURL
        .path
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path))?.filter { $0.hasSuffix(".xml") } ?? []
      if !names.isEmpty { return names.sorted().map { "\(path)/\($0)" } }
    }
    print("skipped: there is no public data in shared/data/finance/\(folder)")
    return []
  }

  /// Makes helan the seller and jinhe the buyer of every file, by a line for each name.
  private static func introduce(_ files: [String], in folder: String) throws {
    var lines: Set<String> = []
    for file in files {
      guard let read = try? UBLImport([UInt8](try Data(contentsOf: URL(filePath: file))), level: .lenient) else {
        continue
      }
      let pair: (Party, Party)? =
        switch read.document {
        case .invoice(let one), .creditNote(let one): (one.seller, one.buyer)
        case .order(let one): (one.seller, one.buyer)
        case .despatchAdvice(let one): (one.seller ?? one.despatcher, one.buyer ?? one.receiver)
        case .receiptAdvice(let one): (one.seller ?? one.despatcher, one.buyer ?? one.receiver)
        case nil: nil
        }
      guard let pair else { continue }
      for (party, member) in [(pair.0, "helan"), (pair.1, "jinhe")] {
        if let id = party.registryID { lines.insert("id \(id) = \(member)") }
        if let name = party.displayName { lines.insert("name \(name) = \(member)") }
      }
    }
    for member in ["helan", "jinhe"] {
      try Data(lines.sorted().joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/\(member)/parties.txt"))
    }
  }

  @Test("strict: every sample of EN 16931 is filed once; what recurs in other bytes is known, look-alikes are not")
  func strict() throws {
    let files = Self.files("en16931-ubl")
    if files.isEmpty { return }
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.introduce(files, in: folder)
    var tokens: [String: String] = [:]
    for file in files {
      let name = URL(filePath: file).lastPathComponent
      let report = try #require(try Shop.take([file], as: "helan", in: folder).first)
      guard report["document"] as? String == "Invoice" else { continue }
      let token = try #require(report["id"] as? String, "\(name)")
      if let earlier = tokens[token] {
        print("the same invoice in other bytes: \(earlier) and \(name)")
        #expect(report["outcome"] as? String == "known", "\(name)")
      } else {
        #expect(report["outcome"] as? String == "registered", "\(name): \(report)")
        let exact = (report["duplicates"] as? [[String: String]])?.filter { $0["match"] == "exact" } ?? []
        #expect(exact.isEmpty, "\(name)")
        tokens[token] = name
      }
    }
    #expect(tokens.count > 1)
  }

  @Test("lenient: the samples of UBL 2.1 pass, strict they do not; what is no document is refused")
  func lenient() throws {
    let files = Self.files("oasis-ubl")
    if files.isEmpty { return }
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.introduce(files, in: folder)
    for file in files {
      let name = URL(filePath: file).lastPathComponent
      let result = try Program.run("supplychain", ["import", file, "--level", "lenient", "--json"])
      let isOther = name.contains("Statement") || name.contains("ExceptionCriteria")
      #expect((result.code == 0) != isOther, "\(name): \(result.output)")
      if name.contains("Invoice") || name.contains("CreditNote") {
        let strict = try Program.run("supplychain", ["import", file, "--json"])
        #expect(strict.code != 0 && strict.output.contains("\"rule\":\"BR-"), "\(name)")
      }
    }
    let order = files.filter { $0.contains("Order-2.1") }
    if let order = order.first {
      #expect(Shop.outcomes(try Shop.take([order], as: "jinhe", in: folder, ["--level", "lenient"])) == ["registered"])
    }
  }
}
