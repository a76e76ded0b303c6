import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import NIOCore
import Primitives
import SupplyChain
import Testing

/// The demo's ledger while its note is under way, served as several members' nodes.
@Suite("The pages of supply-chain finance", .serialized)
final class FinancePageTests {
  private static let folder: Result<String, any Error> = Result {
    let folder = Program.temporary()
    let run = try Program.run("supplychain", ["demo", "--open", "--data", folder])
    guard run.code == 0 else { throw LedgerError(.unavailable, Message("the demo failed: \(run.error)")) }
    return folder
  }

  private static func serve(_ member: String, _ test: @escaping @Sendable (Client) async throws -> Void) async throws {
    try await Shop.serve(try folder.get(), as: member, test)
  }

  /// The demo's only note.
  private static func note(_ client: Client) async throws -> String {
    let desk = try #require(try await client.json("/desk") as? [String: Any])
    let rows = (desk["owes"] as? [[String: Any]] ?? []) + (desk["holds"] as? [[String: Any]] ?? [])
    return try #require(rows.first?["note"] as? String)
  }

  private static func verify(_ response: TestResponse, altered: Bool = false) throws -> Program.Result {
    #expect(response.status == .ok)
    #expect(response.headers[.contentType] == "application/vnd.tallystick.proof+cbor")
    var bytes = Array(response.body.readableBytesView)
    if altered { bytes[bytes.count - 60] ^= 1 }
    let path = Program.temporary() + ".proof"
    try Data(bytes).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Program.run("supplychain", ["verify", path, "--policy", try folder.get() + "/policy.txt"])
  }

  @Test("every page is whole, in both languages, with nothing from elsewhere and no inline style or script")
  func pages() async throws {
    try await Self.serve("core") { client in
      let note = try await Self.note(client)
      for path in ["/desk", "/orders", "/lines", "/exceptions", "/notes/\(note)", "/login"] {
        for (language, tag) in [("en", "en"), ("zh", "zh-CN")] {
          let response = try await client.get("\(path)?lang=\(language)")
          let html = String(buffer: response.body)
          #expect(
            response.status == .ok && html.hasSuffix("</html>\n") && html.contains("<html lang=\"\(tag)\">"), "\(path)")
          #expect(!html.contains(/(src|href)="https?:/) && !html.contains("style="), "\(path)")
          #expect(!html.contains("<script>") && !html.contains("onclick"), "\(path)")
          #expect(response.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
          let open = html.matches(of: /<(svg|figure|table|dl|ul|form)[ >]/).count
          let closed = html.matches(of: /<\/(svg|figure|table|dl|ul|form)>/).count
          #expect(open == closed, "\(path)")
          if language == "zh" {
            let main = html.split(separator: "<main").last ?? ""
            #expect(main.contains(/\p{Han}/), "\(path)")
          }
        }
      }
    }
  }

  @Test("a desk has what one holds and owes, and another's is not shown")
  func desks() async throws {
    try await Self.serve("core") { client in
      let desk = try await client.html("/desk")
      #expect(desk.contains("CNY 1980025.15") && desk.contains("What I owe, by maturity"))
      #expect(try await client.get("/desk?party=tier1").status == .forbidden)
      let tier1 = try await client.other("tier1").html("/desk")
      #expect(tier1.contains("CNY 1200000.00") && !tier1.contains("480025.15"))
      let tier2 = try await client.other("tier2").html("/desk")
      #expect(tier2.contains("CNY 480025.15") && !tier2.contains("1200000.00"), "its key's lot, by its own file")
      let bank = try await client.other("bank-a").html("/desk")
      #expect(bank.contains("CNY 300000.00") && bank.contains("financed"))
      let proof = try await client.other("tier1").get("/holdings/tier1/proof", accept: "*/*")
      #expect(try Self.verify(proof).code == 0)
      #expect(try await client.other("tier1").get("/holdings/core/proof", accept: "*/*").status == .forbidden)
    }
  }

  @Test("a note's tree sums to its face, names only whom one dealt with, and its proof holds")
  func tree() async throws {
    try await Self.serve("core") { client in
      let note = try await Self.note(client)
      let seen = try await client.html("/notes/\(note)")
      #expect(seen.contains("<svg class=\"chart tree\"") && seen.contains("not shown to you"))
      #expect(!seen.contains("bank-a"), "the obligor does not see the chain below its own suppliers")
      #expect(try await client.get("/notes/\(note)/proof", accept: "*/*").status == .forbidden)
      let json = try #require(try await client.json("/notes/\(note)") as? [String: Any])
      let lots = try #require(json["lots"] as? [[String: Any]])
      let live = lots.filter { $0["existence"] as? String == "live" }.compactMap { $0["open"] as? Int64 }
      #expect(live.reduce(0, +) == 198_002_515 && lots.count == 5)
      let bank = try client.other("bank-a")
      let own = try await bank.html("/notes/\(note)")
      #expect(own.contains("bank-a") && own.contains("CNY 300000.00"))
      let banked = try #require(try await bank.json("/notes/\(note)") as? [String: Any])
      #expect(banked["invoice"] == nil, "those below the first tier do not learn the invoice")
      let held = try #require(
        (banked["lots"] as? [[String: Any]])?.first { $0["holder"] as? String == "bank-a" }?["lot"] as? String)
      let proof = try await bank.get("/notes/\(note)/lots/\(held)/proof", accept: "*/*")
      let verdict = try Self.verify(proof)
      #expect(verdict.code == 0 && verdict.output.contains("bank-a"), "\(verdict.error)")
      #expect(try Self.verify(proof, altered: true).code != 0)
      #expect(try await client.get("/notes/\(note)/lots/\(held)/proof", accept: "*/*").status == .notFound)
      #expect(try await client.other("keeper").get("/notes/\(note)").status == .notFound)
    }
  }

  @Test("lines show limit, use and what is left, to those whom they concern")
  func lines() async throws {
    try await Self.serve("core") { client in
      let page = try await client.html("/lines")
      #expect(page.contains("obligor/core") && page.contains("CNY 5000000.00") && page.contains("CNY 3019974.85"))
      let lines = try #require(try await client.json("/lines") as? [[String: Any]])
      for line in lines {
        let parts = ["used", "reserved", "left"].compactMap { line[$0] as? Int64 }
        #expect(parts.count == 3 && parts.reduce(0, +) == line["limit"] as? Int64)
      }
      let proof = try Self.verify(try await client.get("/lines/obligor/core/proof", accept: "*/*"))
      #expect(proof.code == 0 && proof.output.contains("CNY 3019974.85"))
      #expect(try await client.other("tier1").json("/lines") as? [[String: Any]] != nil)
      #expect(try await client.other("tier1").get("/lines/obligor/core/proof", accept: "*/*").status == .notFound)
    }
  }

  @Test("the exceptions board is live, for those whose goods they are")
  func exceptions() async throws {
    try await Self.serve("core") { client in
      let own = try await client.other("distributor").html("/exceptions")
      #expect(own.contains("data-live=\"/events/exceptions\"") && own.contains("urn:dev:os:32473-cold-room-0"))
      #expect(own.contains("compressor replaced"))
      let rows = try await client.other("bank-b").html("/pages/exceptions")
      #expect(rows.contains("urn:dev:os:32473-cold-room-0") && !rows.contains("<html"))
      #expect(try await !client.other("tier1").html("/exceptions").contains("urn:dev:os"))
    }
  }

  @Test("the regulator's page has the figures, and each read of it is on record first")
  func regulator() async throws {
    let folder = try Self.folder.get()
    try await Self.serve("regulator") { client in
      #expect(try await client.other("core").get("/regulator").status == .forbidden)
      let regulator = try client.other("regulator", .regulator)
      let before = try #require(try await regulator.json("/report") as? [String: Any])
      let page = try await regulator.html("/regulator?since=2026-03-20")
      for text in ["IAS 7, paragraph 44H", "CNY 1980025.15", "CNY 300000.00", "2026-08-31", "1000000"] {
        #expect(page.contains(text), "\(text)")
      }
      let after = try #require(try await regulator.json("/report") as? [String: Any])
      let (first, last) = (before["size"] as? Int64 ?? 0, after["size"] as? Int64 ?? 0)
      #expect(last >= first + 4, "each read leaves a statement for core and one for tier1: \(first), \(last)")
      let table = try #require((after["arrangements"] as? [[String: Any]])?.first)
      #expect(table["closing"] as? Int64 == 198_002_515 && table["paidByFinanciers"] as? Int64 == 30_000_000)
      let proof = try Self.verify(try await regulator.get("/report/proof", accept: "*/*"))
      #expect(proof.code == 0 && proof.output.contains("HHI"), "\(proof.error)")
      #expect(String(buffer: try await regulator.get("/report.csv", accept: "*/*").body).contains("outstanding"))
      let seen = try await regulator.html("/desk?party=core")
      #expect(seen.contains("core, as of"))
    }
    // The member learns of the reads after the policy's delay: that of the demo is older.
    _ = folder
  }

  @Test("a token in a cookie reads pages and states nothing; the login leads nowhere else")
  func login() async throws {
    try await Self.serve("core") { client in
      let token = try #require(client.token)
      func post(_ body: String, cookie: String? = nil, to path: String = "/login") async throws -> TestResponse {
        var fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        if let cookie { fields[.cookie] = cookie }
        return try await client.client.execute(
          uri: path, method: .post, headers: fields, body: ByteBuffer(string: body))
      }
      let good = try await post("token=\(token)&to=%2Flines")
      #expect(good.status == .seeOther && good.headers[.location] == "/lines")
      let cookie = try #require(good.headers[.setCookie])
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
      for to in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example"] {
        #expect(try await post("token=\(token)&to=\(to)").headers[.location] == "/desk")
      }
      #expect(try await post("token=ts_00&to=%2F").status == .forbidden)
      let stranger = Client(client: client.client, token: nil, tokens: client.tokens)
      let pair = String(cookie.prefix { $0 != ";" })
      #expect(try await stranger.get("/desk", headers: [.cookie: pair]).status == .ok)
      var fields: HTTPFields = [.contentType: "application/json", .cookie: pair]
      fields[.accept] = "application/json"
      let stated = try await client.client.execute(
        uri: "/lines", method: .post, headers: fields,
        body: ByteBuffer(string: #"{"line":"obligor","name":"core","limit":1}"#))
      #expect(stated.status == .unauthorized)
    }
  }
}
