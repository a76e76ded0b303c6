import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Invoices
import Ledger
import LedgerServer
import LedgerTestKit
import NIOCore
import Primitives
import SupplyChain
import Testing

@Suite("Supply-chain finance over HTTP", .serialized)
struct RouteTests {
  private static func today(_ ahead: Double = 0) -> String {
    Date(timeIntervalSinceNow: ahead * 86_400).formatted(.iso8601.year().month().day())
  }

  @Test("the OpenAPI document has every route, and no other")
  func openAPI() async throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let open = try await Consortium(path: folder).open(suite: SupplyChainApp.suite, clock: SystemClock())
    let server = LedgerApplication(node: open.sequencer, suite: SupplyChainApp.suite, pages: SupplyChainApp.pages)
    let router = Router(context: LedgerRequestContext.self)
    SupplyChainApp.addRoutes(to: router, of: server.context)
    var routes = Set(router.routes.map { "\($0.method) /\($0.path.description.trimmingPrefix("/"))" })
    await open.close()
    // What pages alone use.
    routes.subtract([
      "GET /login", "POST /login", "POST /logout", "GET /pages/exceptions", "GET /events/exceptions",
      "GET /pages/orders", "GET /events/orders",
    ])
    let expected = routes
    try await Shop.serve(folder, as: "jinhe") { client in
      let document = try #require(try await client.json("/openapi.json") as? [String: Any])
      #expect(document["openapi"] as? String == "3.1.0")
      let paths = try #require(document["paths"] as? [String: [String: Any]])
      let told = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
      #expect(
        told == expected,
        "only told: \(told.subtracting(expected).sorted()); not told: \(expected.subtracting(told).sorted())")
      let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
      let text = String(decoding: try JSONSerialization.data(withJSONObject: document), as: UTF8.self)
        .replacing("\\/", with: "/")
      for match in text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/) { #expect(schemas[String(match.1)] != nil) }
    }
  }

  @Test("from an import to a live note, and what each may see")
  func life() async throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func body(_ name: String) throws -> String {
      try String(contentsOfFile: "\(Shop.samples)/\(name)", encoding: .utf8)
    }
    let (order, despatch, receipt, invoice) = (
      try body("order.xml"), try body("despatch-advice.xml"), try body("receipt-advice.xml"), try body("invoice.xml")
    )
    let credit = try body("credit-note.xml")
    try await Shop.serve(folder, as: "jinhe") { client in
      let taken = try await client.post("/import", order, type: "application/xml")
      #expect(taken.status == .created && taken.json["outcome"] as? String == "registered", "\(taken)")
      let again = try await client.post("/import?level=strict", order, type: "application/xml")
      #expect(again.status == .ok && again.json["outcome"] as? String == "known")
    }
    try await Shop.serve(folder, as: "helan") { client in
      for document in [despatch, invoice, credit] {
        let taken = try await client.post("/import", document, type: "application/xml")
        #expect(taken.status == .created, "\(taken.json)")
      }
    }
    let (due, expected) = (Self.today(60), Int64(7_051_285))
    final class Box: @unchecked Sendable { var (token, note) = ("", "") }
    let box = Box()
    try await Shop.serve(folder, as: "jinhe") { client in
      for document in [despatch, receipt, credit] {
        _ = try await client.post("/import", document, type: "application/xml")
      }
      let approved = try await client.post("/import?approve=true", invoice, type: "application/xml")
      #expect(approved.json["outcome"] as? String == "approved", "\(approved.json)")
      box.token = try #require(approved.json["id"] as? String)
      let state = try #require(try await client.json("/invoices/\(box.token)") as? [String: Any])
      #expect(state["open"] as? Int64 == expected && state["isApproved"] as? Bool == true)
      let over = try await client.post(
        "/notes", #"{"invoice":"\#(box.token)","amount":7067090,"maturity":"\#(due)"}"#)
      #expect(over.status == .conflict && over.json["code"] as? String == "over-issue")
      let proposed = try await client.post(
        "/notes", #"{"invoice":"\#(box.token)","amount":\#(expected),"maturity":"\#(due)"}"#)
      #expect(proposed.status == .created, "\(proposed.json)")
      box.note = try #require(proposed.json["id"] as? String)
      let own = try await client.post("/notes/\(box.note)/actions", #"{"step":"accept-issue"}"#)
      #expect(own.status == .conflict && own.json["code"] as? String == "checker-is-maker")
      let desk = try #require(try await client.json("/desk") as? [String: Any])
      #expect((desk["waits"] as? [[String: Any]])?.contains { $0["kind"] as? String == "confirm-issue" } == true)
      // Others see nothing of it; a member's token of another node signs nothing here.
      let bank = try client.other("bank")
      #expect(try await bank.get("/notes/\(box.note)", accept: "application/json").status == .notFound)
      #expect(try await bank.get("/invoices/\(box.token)", accept: "application/json").status == .notFound)
      #expect(try await bank.post("/notes/\(box.note)/actions", #"{"step":"withdraw"}"#).status == .forbidden)
      #expect(try await bank.get("/desk?party=jinhe", accept: "application/json").status == .forbidden)
      let stranger = Client(client: client.client, token: nil, tokens: client.tokens)
      #expect(try await stranger.get("/desk", accept: "application/json").status == .unauthorized)
      #expect(try await stranger.get("/desk").status == .seeOther)
    }
    try Shop.run(["key", "generate", "--out", "\(folder)/bob.pem"])
    try Shop.run(["person", "bob", "--key", "\(folder)/bob.pem", "--checks", "--data", folder, "--as", "jinhe"])
    try Shop.run(
      ["note", "accept", box.note, "--data", folder, "--as", "jinhe", "--person", "bob", "--key", "\(folder)/bob.pem"])
    try await Shop.serve(folder, as: "helan") { client in
      let forced = try await client.post("/notes/\(box.note)/actions", #"{"step":"accept-payment"}"#)
      #expect(forced.status == .conflict && forced.json["code"] as? String == "choice-not-free")
      let free = try await client.post("/notes/\(box.note)/actions", #"{"step":"accept-payment","freely":true}"#)
      #expect(free.status == .created)
      let lot = "/notes/\(box.note)/lots/\(box.note)"
      let split = try await client.post(lot + "/split", #"{"parts":[5000000,2051285]}"#)
      #expect(split.status == .created, "\(split.json)")
      #expect(
        try await client.post(lot + "/split", #"{"parts":[1,7051284]}"#).json["code"] as? String == "lot-not-live")
      let note = try #require(try await client.json("/notes/\(box.note)") as? [String: Any])
      let lots = try #require(note["lots"] as? [[String: Any]])
      #expect(lots.count == 3 && lots.filter { $0["existence"] as? String == "live" }.count == 2)
      #expect(note["status"] as? String == "live" && note["invoice"] as? String == box.token)
      let proof = try await client.get("/notes/\(box.note)/proof", accept: "*/*")
      #expect(proof.status == .ok && proof.headers[.contentDisposition]?.contains("attachment") == true)
    }
  }

  @Test("bodies that are wrong are typed problems that name the field, and no answer is a server's error")
  func wrong() async throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let id = String(repeating: "0", count: 64)
    try await Shop.serve(folder, as: "jinhe") { client in
      for (path, body, field) in [
        ("/notes", "{}", "/invoice"), ("/notes", "[]", "/"), ("/notes", "{", ""), ("/notes", "", ""),
        ("/notes", #"{"invoice":"x","amount":1,"maturity":"2026-01-01"}"#, "/invoice"),
        ("/notes", #"{"invoice":"\#(id)","amount":-1,"maturity":"2026-01-01"}"#, "/amount"),
        ("/notes", #"{"invoice":"\#(id)","amount":1.5,"maturity":"2026-01-01"}"#, "/amount"),
        ("/notes", #"{"invoice":"\#(id)","amount":1e400,"maturity":"2026-01-01"}"#, ""),
        ("/notes", #"{"invoice":"\#(id)","amount":1,"maturity":"2026-02-30"}"#, "/maturity"),
        ("/notes", #"{"invoice":"\#(id)","amount":1,"maturity":"2026-01-01","openDays":0}"#, "/openDays"),
        ("/notes", #"{"invoice":"\#(id)","amount":1,"maturity":"2026-01-01","more":0}"#, "/more"),
        ("/lines", #"{"line":"none","name":"a","limit":1}"#, "/line"),
        ("/lines", #"{"line":"obligor","name":"a b","limit":1}"#, "/name"),
        ("/lines", #"{"line":"obligor","name":"a","limit":1,"currency":"XYZ"}"#, "/currency"),
        ("/notes/\(id)/lots/\(id)/split", #"{"parts":[1]}"#, "/parts"),
        ("/notes/\(id)/lots/\(id)/payments", #"{"payment":"settle","evidence":{}}"#, "/evidence/id"),
        ("/facilities", #"{"financier":"bank","limit":1,"goods":[]}"#, "/goods"),
      ] {
        let answer = try await client.post(path, body)
        #expect(answer.status == .badRequest && answer.json["code"] as? String == "malformed", "\(path) \(body)")
        #expect(
          field.isEmpty || (answer.json["detail"] as? String ?? "").contains(field), "\(path) \(body): \(answer.json)")
      }
      #expect(try await client.post("/notes", "{}", type: "text/plain").status == .unsupportedMediaType)
      #expect(try await client.post("/import", "{}", type: "application/json").status == .unsupportedMediaType)
      let large = String(repeating: " ", count: 70_000)
      #expect(try await client.post("/notes", large).status == .contentTooLarge)
      #expect(try await client.post("/notes/xyz/actions", "{}").status == .notFound)
      let unknown = try await client.post("/notes/\(id)/actions", #"{"step":"withdraw"}"#)
      #expect(unknown.status == .conflict && unknown.json["code"] as? String == "note-unknown")
      let garbage = try await client.post("/import", "no xml", type: "application/xml")
      #expect(garbage.status == .ok && garbage.json["outcome"] as? String == "rejected")
      #expect(try await client.post("/import?level=none", "<a/>", type: "application/xml").status == .badRequest)
    }
  }
}
