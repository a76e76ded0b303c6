import COSE
import FinanceRules
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives
import SupplyChain
import Testing

/// I15 over every route that reads: who gets what, against a table written down by hand from the demo's story.
@Suite("Visibility over the routes (I15)", .serialized)
struct VisibilityRouteTests {
  private static let folder: Result<String, any Error> = Result {
    let folder = Program.temporary()
    let run = try Program.run("supplychain", ["demo", "--open", "--data", folder])
    guard run.code == 0 else { throw LedgerError(.unavailable, Message("the demo failed: \(run.error)")) }
    return folder
  }

  static let members = [
    "core", "tier1", "tier2", "tier3", "distributor", "bank-a", "bank-b", "keeper", "platform",
  ]
  /// The lots by amount: the note's root, what tier 1 keeps, what it passed on, what tier 2 keeps, what it passed on.
  static let root: Int64 = 198_002_515
  static let kept1: Int64 = 120_000_000
  static let passed1: Int64 = 78_002_515
  static let kept2: Int64 = 48_002_515
  static let passed2: Int64 = 30_000_000
  /// Of which lots somebody learns the holder: its own, those it passed on or was offered, those it bid for; the
  /// obligor its first tier's.
  static let named: [String: Set<Int64>] = [
    "core": [root, kept1], "tier1": [root, kept1, passed1], "tier2": [passed1, kept2, passed2], "tier3": [passed2],
    "bank-a": [passed2], "bank-b": [passed2], "distributor": [], "keeper": [], "platform": [],
  ]
  /// Texts that are sealed on the ledger: they stand in no answer at all.
  static let sealed = ["417.20", "brake sets", "adhesives", "lot 77"]

  private func key(_ label: String) -> String {
    KeyParty.name(PrivateKey.derive(seed: 2026, label: label).publicKey.id)
  }

  @Test("each member is answered what the table says: notes, holders, proofs, keys of deeper tiers")
  func table() async throws {
    try await Shop.serve(try Self.folder.get(), as: "core") { core in
      let desk = try #require(try await core.json("/desk") as? [String: Any])
      let note = try #require((desk["owes"] as? [[String: Any]])?.first?["note"] as? String)
      let whole = try #require(try await core.json("/notes/\(note)") as? [String: Any])
      let lots = try #require(whole["lots"] as? [[String: Any]])
      let ids = try lots.map { (try #require($0["lot"] as? String), try #require($0["amount"] as? Int64)) }
      #expect(Set(ids.map(\.1)) == [Self.root, Self.kept1, Self.passed1, Self.kept2, Self.passed2])
      for member in Self.members {
        let client = try core.other(member)
        let expected = try #require(Self.named[member])
        let answer = try await client.get("/notes/\(note)", accept: "application/json")
        #expect((answer.status == .ok) == !expected.isEmpty, "\(member): the note")
        if answer.status == .ok {
          let json = try JSONSerialization.jsonObject(with: Data(answer.body.readableBytesView)) as? [String: Any]
          let rows = try #require(json?["lots"] as? [[String: Any]])
          #expect(rows.count == 5, "amounts are in clear, so that everybody checks conservation")
          let shown = rows.filter { $0["holder"] is String }.compactMap { $0["amount"] as? Int64 }
          #expect(Set(shown) == expected, "\(member): whose lots it sees")
          #expect((json?["invoice"] is String) == ["core", "tier1"].contains(member), "\(member): the invoice")
        }
        for (id, amount) in ids {
          let proof = try await client.get("/notes/\(note)/lots/\(id)/proof", accept: "*/*")
          #expect((proof.status == .ok) == expected.contains(amount), "\(member): the proof of \(amount)")
        }
        for party in Self.members {
          let proof = try await client.get("/holdings/\(party)/proof", accept: "*/*")
          #expect((proof.status == .ok) == (party == member), "\(member): the holdings of \(party)")
        }
      }
    }
  }

  /// Paths that give something to these alone, and to the regulator; a trailing `[` is a list that is empty to others.
  static let answered: [(path: String, to: Set<String>)] = [
    ("/lines/obligor/core/proof", ["core", "platform"]),
    ("/lines/pair/bank-a/core/proof", ["core", "bank-a", "platform"]),
    ("/lines/pair/bank-b/core/proof", ["core", "bank-b", "platform"]),
    ("/report", []), ("/report.csv", []), ("/report/proof", []), ("/regulator", []),
    ("/exceptions/proof", ["platform"]),
    ("/notes/{note}/proof", []),
    ("/invoices/{token}", ["core", "tier1"]),
    ("/lines/pair/nobody/core/proof", []),
  ]
  /// Lists that say something to these alone, and to the regulator.
  static let listed: [(path: String, text: String, to: Set<String>)] = [
    ("/exceptions", "urn:dev", ["distributor", "keeper", "bank-b", "platform"]),
    ("/pages/exceptions", "urn:dev", ["distributor", "keeper", "bank-b", "platform"]),
    ("/orders", "tier1", ["core", "tier1"]), ("/pages/orders", "tier1", ["core", "tier1"]),
    ("/lines", "obligor/core", ["core", "platform"]), ("/lines", "pair/bank-a", ["core", "bank-a", "platform"]),
    ("/lines", "pair/bank-b", ["core", "bank-b", "platform"]),
  ]

  @Test("lines, reports, exceptions, orders, invoices and their proofs go to whom the table names, and streams too")
  func others() async throws {
    try await Shop.serve(try Self.folder.get(), as: "core", live: true) { core in
      let (note, token) = try await Self.note(core)
      for member in Self.members + ["regulator"] {
        let isRegulator = member == "regulator"
        let client = try core.other(member, isRegulator ? .regulator : .member)
        for (path, to) in Self.answered {
          let place = path.replacing("{note}", with: note).replacing("{token}", with: token)
          let status = try await client.get(place, accept: "*/*").status
          let isThere = !path.contains("nobody")
          #expect((status == .ok) == (isThere && (isRegulator || to.contains(member))), "\(member): \(path): \(status)")
        }
        for (path, text, to) in Self.listed {
          for accept in path.hasPrefix("/pages") ? ["*/*"] : ["application/json", "text/html"] {
            let response = try await client.get(path, accept: accept)
            #expect(response.status == .ok, "\(member): \(path)")
            let shown = String(buffer: response.body).replacing("\\/", with: "/")
            // The page says who reads; what is listed stands in its own column.
            let says = shown.contains(text)
            #expect(says == (isRegulator || to.contains(member)), "\(member): \(path) as \(accept)")
          }
        }
        let sees = isRegulator || ["distributor", "keeper", "bank-b", "platform"].contains(member)
        let event = try await client.event("/events/exceptions")
        #expect(event.contains(sees ? "\"all\":\"3\"" : "\"all\":\"0\""), "\(member): \(event.suffix(200))")
        let orders = try await client.event("/events/orders")
        let has = isRegulator || ["core", "tier1"].contains(member)
        #expect(orders.contains(has ? "\"count\":\"1\"" : "\"count\":\"0\""), "\(member): \(orders.suffix(200))")
      }
    }
  }

  private static func note(_ core: Client) async throws -> (note: String, token: String) {
    let desk = try #require(try await core.json("/desk") as? [String: Any])
    let note = try #require((desk["owes"] as? [[String: Any]])?.first?["note"] as? String)
    let whole = try #require(try await core.json("/notes/\(note)") as? [String: Any])
    return (note, try #require(whole["invoice"] as? String))
  }

  @Test("no route gives a sealed text to anyone, nor a deeper tier's key to those above and beside it")
  func everyRoute() async throws {
    let document = try Data(
      contentsOf: Program.root.appending(path: "Apps/SupplyChain/Pages/Resources/openapi.json"))
    let json = try JSONSerialization.jsonObject(with: document) as? [String: Any]
    let paths = try #require(json?["paths"] as? [String: [String: Any]]).filter { $0.value["get"] != nil }.keys.sorted()
    #expect(paths.count >= 18)
    let lines = ["obligor/core", "pair/bank-a/core", "pair/bank-b/core"]
    let (tier2, tier3) = (key("~tier2/1"), key("~tier3/1"))
    // Who dealt with tier 2's key: who paid it and whom it paid; with tier 3's: who paid it and the banks that bid.
    let know2: Set = ["tier1", "tier2", "tier3", "bank-a", "bank-b"]
    let know3: Set = ["tier2", "tier3", "bank-a", "bank-b"]
    try await Shop.serve(try Self.folder.get(), as: "core") { core in
      let (note, token) = try await Self.note(core)
      let whole = try #require(try await core.json("/notes/\(note)") as? [String: Any])
      let lots = try #require(whole["lots"] as? [[String: Any]]).compactMap { $0["lot"] as? String }
      var answered = 0
      for member in Self.members + ["regulator"] {
        let isRegulator = member == "regulator"
        let client = try core.other(member, isRegulator ? .regulator : .member)
        for path in paths + ["/pages/exceptions", "/pages/orders", "/", "/desk?party=tier2"] {
          if path == "/lines/{kind}/{name}/proof" || path == "/lines/{kind}/{name}/{other}/proof" {
            for line in lines {
              let response = try await client.get("/lines/\(line)/proof", accept: "*/*")
              guard response.status == .ok else { continue }
              let text = String(decoding: Array(response.body.readableBytesView), as: UTF8.self)
              for secret in [tier2, tier3] + Self.sealed { #expect(!text.contains(secret), "\(member) \(line)") }
            }
            continue
          }
          for lot in path.contains("{lot}") ? lots : [""] {
            if isRegulator, lot != lots.first, !lot.isEmpty { continue }
            var place = path.replacingOccurrences(of: "{note}", with: note)
            place = place.replacingOccurrences(of: "{lot}", with: lot)
            place = place.replacingOccurrences(of: "{party}", with: member)
            place = place.replacingOccurrences(of: "{token}", with: token)
            #expect(!place.contains("{"), "\(place) has a parameter that this test does not know")
            for accept in ["application/json", "text/html", "*/*"] {
              let response = try await client.get(place, accept: accept)
              guard response.status == .ok else { continue }
              answered += 1
              let bytes = Array(response.body.readableBytesView)
              let text = String(decoding: bytes, as: UTF8.self)
              for secret in Self.sealed { #expect(!text.contains(secret), "\(member) \(place): \(secret)") }
              if text.contains(tier2) {
                #expect(isRegulator || know2.contains(member), "\(member) \(place): tier 2's key")
              }
              if text.contains(tier3) {
                #expect(isRegulator || know3.contains(member), "\(member) \(place): tier 3's key")
              }
            }
          }
        }
      }
      #expect(answered > 200, "\(answered) answers looked through")
    }
    // What executes reads every entry: there, too, the sealed stays sealed.
    let folder = try Self.folder.get()
    var ids: [String] = []
    try await Consortium(path: folder).with(SupplyChainApp.suite, SystemClock()) { open in
      let view = open.sequencer.head
      #expect(view.size > 60)
      for index in 0..<view.size {
        guard let bytes = try view.entry(index) else { continue }
        let text = String(decoding: bytes, as: UTF8.self)
        for secret in Self.sealed { #expect(!text.contains(secret), "entry \(index): \(secret)") }
        if let statement = try? StatementContent(bytes) { ids.append(statement.id.hex) }
      }
    }
    let all = ids
    try await Shop.serve(folder, as: "core") { core in
      var seen = 0
      for id in all {
        let entry = try await core.get("/entries/\(id)", accept: "*/*")
        guard entry.status == .ok else { continue }
        seen += 1
        let text = String(decoding: Array(entry.body.readableBytesView), as: UTF8.self)
        for secret in Self.sealed { #expect(!text.contains(secret), "entry \(id): \(secret)") }
      }
      #expect(seen > 60, "\(seen) of \(all.count)")
    }
  }
}
