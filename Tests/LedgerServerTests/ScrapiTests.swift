import CBOR
import COSE
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import Primitives
import Testing

/// draft-ietf-scitt-scrapi, resource by resource, as a client that knows the draft and nothing else sees it.
@Suite("SCRAPI")
struct ScrapiTests {
  private static let cose: HTTPFields = [.contentType: "application/cose"]

  /// Title and detail of concise problem details (RFC 9290), or what is wrong with them.
  private func problem(_ answer: TestResponse) -> (title: String, detail: String) {
    guard answer.headers[.contentType] == "application/concise-problem-details+cbor",
      let value = try? CBORValue(decoding: answer.bytes), case .text(let title)? = value[-1],
      case .text(let detail)? = value[-2], case .map(let pairs) = value, pairs.count == 2
    else { return ("no problem: \(answer.status)", answer.text) }
    return (title, detail)
  }

  private func served(
    members: Int, _ wait: Int = 2000, _ body: @Sendable (ServerKit, any TestClientProtocol) async throws -> Void
  ) async throws {
    let kit = try await ServerKit(members: members)
    var options = LedgerApplication.Options()
    options.registrationMilliseconds = wait
    options.publicURL = "https://ledger.example"
    let node = kit.node
    options.receipts = { _, index in try node.receipt(index) }
    try await kit.application(options).application().test(.live) { try await body(kit, $0) }
    await kit.close()
  }

  @Test("201 with the receipt when finality is quick", .timeLimit(.minutes(1)))
  func created() async throws {
    try await served(members: 1) { kit, client in
      let statement = try kit.statement(0, "a", "yes", number: 1)
      let location = "https://ledger.example/entries/\(statement.id.hex)"
      for accept in [nil, "application/cose", "application/cbor, application/cose", "*/*"] as [String?] {
        var headers = Self.cose
        headers[.accept] = accept
        let answer = try await client.post("/entries", statement.entry, headers)
        #expect(answer.status == .created && answer.headers[.contentType] == "application/cose", "\(accept ?? "none")")
        #expect(answer.headers[.location] == location)
        let receipt = try CBORValue(decoding: answer.bytes)
        guard case .tag(18, .array(let parts)) = receipt else {
          Issue.record("no COSE_Sign1")
          continue
        }
        #expect(parts.count == 4 && parts[2] == .null)
      }
      let found = try await client.get("/entries/\(statement.id.hex)")
      #expect(found.status == .ok && found.headers[.contentType] == "application/cose")
      #expect(found.headers[.location] == location)
    }
  }

  @Test("303 and then 302 while a quorum is missing, 200 once it has co-signed", .timeLimit(.minutes(1)))
  func running() async throws {
    try await served(members: 4, 50) { kit, client in
      let statement = try kit.statement(0, "a", "yes", number: 1)
      let answer = try await client.post("/entries", statement.entry, Self.cose)
      #expect(answer.status == .seeOther && answer.bytes.isEmpty)
      #expect(answer.headers[.location] == "https://ledger.example/entries/\(statement.id.hex)")
      #expect(answer.headers[.retryAfter] == "1" && answer.headers[.contentType] == "application/cose")
      let path = "/entries/\(statement.id.hex)"
      let pending = try await client.get(path)
      #expect(pending.status == .found && pending.headers[.location] == answer.headers[.location])
      #expect(pending.bytes.isEmpty && pending.headers[.retryAfter] == "1")
      try await kit.open.settle()
      #expect(try await client.get(path).status == .ok)
    }
  }

  @Test("problems are concise, in CBOR, with the draft's titles; JSON for who prefers it", .timeLimit(.minutes(1)))
  func problems() async throws {
    try await served(members: 1) { kit, client in
      var forged = try kit.statement(0, "a", "yes", number: 1).entry
      forged[forged.count - 1] ^= 1
      let stranger = try Statement.sign(
        payload: [1], contentType: "text/plain", issuer: "nobody", subject: "a", time: kit.clock.now(),
        claimID: ClaimID(high: 1, low: 99), key: .derive(seed: 3, label: "stranger"))
      let no = try kit.statement(0, "a", "no", number: 2)
      for (what, body, headers, status, title) in [
        ("forged", forged, Self.cose, 400, "Rejected"), ("stranger", stranger.entry, Self.cose, 400, "Rejected"),
        ("refused", no.entry, Self.cose, 400, "Rejected"), ("noise", [1, 2, 3], Self.cose, 400, "Malformed request"),
        ("type", no.entry, [:], 415, "Unsupported Media Type"),
      ] as [(String, [UInt8], HTTPFields, Int, String)] {
        let answer = try await client.post("/entries", body, headers)
        #expect(answer.status.code == status && problem(answer).title == title, "\(what) \(problem(answer))")
        var json = headers
        json[.accept] = "application/json"
        // A refused statement is in the log: in JSON its status says so.
        if what != "refused" {
          #expect(!(try await client.post("/entries", body, json)).problem.hasPrefix("no problem"), "\(what)")
        }
      }
      let refused = try await client.post("/entries", no.entry, Self.cose)
      #expect(refused.status == .created, "the same statement again gets its first receipt")
      let record = try await client.get("/entries/\(no.id.hex)")
      #expect(record.status == .ok && record.headers[.init("Ledger-Outcome")!] == "refused; code=said-no")
      let unknown = try await client.get("/entries/\(Digest.sha256("x").hex)")
      #expect(unknown.status == .notFound && problem(unknown).title == "Not Found")
      let bad = try await client.get("/entries/12")
      #expect(bad.status == .badRequest && problem(bad).title == "Malformed request")
      #expect(problem(try await client.execute(uri: "/entries", method: .put)).title == "Method Not Allowed")
      // Last: the connection ends with this answer.
      let large = try await client.post("/entries", [UInt8](repeating: 0, count: 70_000), Self.cose)
      #expect(large.status == .contentTooLarge && problem(large).title == "Content Too Large")
    }
  }

  @Test("keys, one by one and all, also those that no longer sign", .timeLimit(.minutes(1)))
  func keys() async throws {
    let kit = try await ServerKit(members: 3)
    // org-3 leaves: its receipts shall still be verified.
    let current = kit.node.head.configuration
    let next = try current.next(members: current.members.filter { $0.name != "org-3" }, quorum: 2)
    let propose = try Membership.propose(
      next, issuer: "org-1", time: kit.clock.now(), claimID: .random(), key: kit.keys[0].statement)
    _ = try await kit.node.submit([propose.entry])
    for place in 1...2 {
      let approve = try Membership.approve(
        next.digest, issuer: "org-\(place + 1)", time: kit.clock.now(), claimID: .random(),
        key: kit.keys[place].statement)
      _ = try await kit.node.submit([approve.entry])
    }
    #expect(kit.node.head.configuration.epoch == 1)
    try await kit.application().application().test(.router) { client in
      let set = try CBORValue(decoding: try await client.get("/.well-known/scitt-keys").bytes)
      guard case .array(let keys) = set else {
        Issue.record("no key set")
        return
      }
      #expect(keys.count == 2)
      for member in kit.keys {
        let id = member.log.publicKey.id.bytes
        let text = Data(id).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
          .replacing("=", with: "")
        let key = try CBORValue(decoding: try await client.get("/.well-known/scitt-keys/\(text)").bytes)
        #expect(key[-2] == .bytes(member.log.publicKey.rawRepresentation) && key[2] == .bytes(id))
      }
      for kid in ["AAAA", "x", "%2e%2e", String(repeating: "A", count: 5000)] {
        let answer = try await client.get("/.well-known/scitt-keys/\(kid)")
        #expect(answer.status == .notFound && problem(answer).title == "Not Found", "\(kid)")
      }
      let old = try CBORValue(decoding: try await client.get("/.well-known/transparency-configuration").bytes)
      #expect(try CBORValue(decoding: try await client.get("/.well-known/scitt-configuration").bytes) == old)
    }
    await kit.close()
  }
}
