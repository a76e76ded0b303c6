import CBOR
import COSE
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import Merkle
import NIOCore
import Primitives
import Testing

@Suite("Routes")
struct ServerTests {
  @Test("tiles, bundles and proofs are those of the log")
  func tiles() async throws {
    let kit = try await ServerKit(members: 2)
    let statements = try await kit.fill(600)
    try await kit.open.settle()
    let head = kit.node.head
    try await kit.application().application().test(.router) { client in
      let checkpoint = try await client.get("/log/checkpoint")
      #expect(checkpoint.status == .ok && checkpoint.headers[.cacheControl] == "no-cache")
      #expect(checkpoint.headers[.xContentTypeOptions] == "nosniff")
      let note = try Checkpoint(try SignedNote(parsing: checkpoint.bytes))
      #expect(note.size == head.size && note.root == head.root)
      #expect(try await client.get("/log/candidate").bytes.starts(with: note.text))

      let full = try await client.get("/log/tile/entries/001")
      #expect(full.headers[.contentType] == "application/octet-stream")
      #expect(full.headers[.cacheControl]?.contains("immutable") == true)
      let width = head.size - 512
      let last = try await client.get("/log/tile/entries/002.p/\(width)")
      let first = try await client.get("/log/tile/entries/000")
      var reader = ByteReader(first.bytes + full.bytes + last.bytes)
      var entries: [[UInt8]] = []
      while let count = reader.u16(), let entry = reader.take(Int(count)) { entries.append(Array(entry)) }
      #expect(reader.isAtEnd && entries.count == Int(head.size))
      #expect(entries[1] == statements[0].entry)

      var tree = CompactTree()
      for entry in entries { tree.append(TreeHash.leaf(entry)) }
      #expect(tree.root == head.root)
      let tile = try await client.get("/log/tile/0/001")
      #expect(tile.bytes == entries[256..<512].flatMap { TreeHash.leaf($0).bytes })
      #expect(
        try await client.get("/log/tile/0/002.p/7").bytes == entries[512..<519].flatMap { TreeHash.leaf($0).bytes })
      #expect(try await client.get("/log/tile/1/000.p/2").bytes.count == 64)

      let proof = try await client.get("/log/consistency?from=300&to=\(head.size)").json
      let path = try (#require(proof["path"] as? [String])).compactMap { Base64.decode($0).flatMap { Digest($0) } }
      #expect(
        ConsistencyProof(from: 300, to: head.size, path: path).verify(from: try head.root(at: 300), to: head.root))

      for (path, status) in [
        ("/log/tile/0/002", 404), ("/log/tile/0/002.p/\(width + 1)", 404), ("/log/tile/1/000.p/3", 404),
        ("/log/tile/2/000.p/1", 404), ("/log/tile/9/000.p/1", 404), ("/log/tile/63/000", 404),
        ("/log/tile/0/x072/x057/x594/x037/x927/936", 404), ("/log/tile/entries/003", 404), ("/log/tile/0/1", 400),
        ("/log/tile/0/001.p/256", 400), ("/log/tile/64/000", 400), ("/log/tile/0/000.p/0", 400),
        ("/log/tile/../genesis", 400), ("/log/consistency?from=9&to=8", 404), ("/log/consistency?from=1", 400),
        ("/log/consistency?from=1&to=99999", 404), ("/log/consistency?from=-1&to=5", 400),
        ("/log/consistency?from=1&to=99999999999999999999", 400),
      ] {
        let answer = try await client.get(path)
        #expect(answer.status.code == status, "\(path)")
        #expect(!answer.problem.hasPrefix("no problem"), "\(path) \(answer.problem)")
      }
    }
    await kit.close()
  }

  @Test("a statement is registered, looked up, refused and told apart")
  func entries() async throws {
    let kit = try await ServerKit(members: 1)
    let receipts: ReceiptMaking = { view, index in Array("receipt of \(index) at \(view.size)".utf8) }
    let cose: HTTPFields = [
      .contentType: "application/cose; cose-type=\"cose-sign1\"", .accept: "application/json",
    ]
    let json: HTTPFields = [.accept: "application/json"]
    try await kit.application(making: receipts).application().test(.router) { client in
      #expect(try await client.get("/log/checkpoint").problem == "not-final")
      #expect(try await client.get("/log/candidate").problem == "nothing-sealed")
      #expect(try await client.get("/readyz").text == "ready\n")

      let yes = try kit.statement(0, "a", "yes", number: 1)
      let answer = try await client.post("/entries", yes.entry, cose)
      #expect(answer.status == .created && answer.headers[.location] == "/entries/\(yes.id.hex)")
      #expect(answer.json["entryId"] as? String == yes.id.hex && answer.json["status"] as? String == "accepted")
      #expect(answer.json["index"] as? Int == 1)
      #expect(try await client.post("/entries", yes.entry, cose).json["status"] as? String == "duplicate")
      let no = try kit.statement(0, "a", "no", number: 2)
      let refused = try await client.post("/entries", no.entry, cose).json
      #expect(refused["status"] as? String == "refused" && refused["code"] as? String == "said-no")
      #expect(refused["message"] as? String == "The payload says no.")

      var forged = yes.entry
      forged[forged.count - 1] ^= 1
      let stranger = try Statement.sign(
        payload: [1], contentType: "text/plain", issuer: "nobody", subject: "a", time: kit.clock.now(),
        claimID: ClaimID(high: 1, low: 99), key: .derive(seed: 3, label: "stranger"))
      for (body, headers, status, code) in [
        (forged, cose, 400, "not-authentic"), (stranger.entry, cose, 400, "not-authentic"),
        (Array("hello".utf8), cose, 400, "malformed"), ([], cose, 400, "malformed"),
        (yes.entry, json, 415, "media-type"),
        (yes.entry, [.contentType: "application/json", .accept: "application/json"], 415, "media-type"),
        ([UInt8](repeating: 0, count: Limits.entryBytes + 1), cose, 413, "limit"),
      ] as [([UInt8], HTTPFields, Int, String)] {
        let answer = try await client.post("/entries", body, headers)
        #expect(answer.status.code == status && answer.problem == code, "\(code) \(answer.text)")
      }

      // The proposing service may have made it final meanwhile: a member alone is its own quorum.
      try await kit.open.settle()
      let found = try await client.get("/entries/\(no.id.hex)", json).json
      #expect(found["status"] as? String == "refused" && found["code"] as? String == "said-no")
      #expect(found["final"] as? Bool == true && found["index"] as? Int == Int(refused["index"] as? Int ?? 0))
      let receipt = try await client.get("/entries/\(yes.id.hex)", [.accept: "application/cose"])
      #expect(receipt.headers[.contentType] == "application/cose" && receipt.text.hasPrefix("receipt of 1 at "))
      let again = try await client.post(
        "/entries", yes.entry, [.contentType: "application/cose", .accept: "application/cose"])
      #expect(again.status == .created && again.text.hasPrefix("receipt of 1 at "))
      #expect(try await client.get("/entries/\(Digest.sha256("x").hex)", json).problem == "not-found")
      #expect(try await client.get("/entries/12", json).problem == "malformed")
      #expect(try await client.get("/readyz").status == .ok)
    }
    await kit.close()
  }

  @Test("a node that makes no receipts answers in JSON, and does not pretend otherwise")
  func noReceipts() async throws {
    let kit = try await ServerKit(members: 4)
    let statement = try kit.statement(0, "a", "yes", number: 1)
    try await kit.application().application().test(.router) { client in
      let answer = try await client.post("/entries", statement.entry, [.contentType: "application/cose"])
      #expect(answer.status == .created && answer.json["final"] as? Bool == false)
      #expect(
        try await client.get("/entries/\(statement.id.hex)", [.accept: "application/cose"]).status == .notAcceptable)
      #expect(try await client.get("/readyz").problem == "not-final")
      #expect(try await client.get("/state/10").problem == "unavailable")
    }
    await kit.close()
  }

  @Test("state answers prove presence, absence and whole lists")
  func state() async throws {
    let kit = try await ServerKit(members: 4)
    try await kit.fill(40)
    try await kit.open.settle()
    try await kit.application().application().test(.router) { client in
      let policyText = try await client.get("/policy").bytes
      let policy = try TrustPolicy(parsing: policyText)
      let key = CounterContract.counts.key(.sha256("s0"))
      let none = CounterContract.counts.key(.sha256("none"))
      let present = try await client.get("/state/\(Hex.encode(key.bytes))")
      #expect(present.headers[.contentType] == "application/cbor" && present.headers[.cacheControl] == "no-store")
      let verified = try ProofBundle(decoding: present.bytes).verify(policy: policy)
      #expect(verified.present.first?.value?.last == 6 && verified.question[0] == "state")
      let absent = try ProofBundle(decoding: try await client.get("/state/\(Hex.encode(none.bytes))").bytes)
      #expect(try absent.verify(policy: policy).absent == [none])
      let prefix = CounterContract.records.prefix(.sha256("org-2"))
      let list = try ProofBundle(decoding: try await client.get("/state/\(Hex.encode(prefix.bytes))?prefix=1").bytes)
      #expect(try list.verify(policy: policy).list(prefix)?.count == 8)

      let json = try await client.get("/state/\(Hex.encode(key.bytes))", [.accept: "application/json"]).json
      #expect(json["present"] as? Bool == true && json["value"] as? String == Base64.encode([0, 0, 0, 0, 0, 0, 0, 6]))
      #expect(json["root"] as? String == Base64.encode(kit.node.head.root.bytes))
      let pairs = try await client.get("/state/\(Hex.encode(prefix.bytes))?prefix=1", [.accept: "application/json"])
        .json
      #expect((pairs["pairs"] as? [[String: Any]])?.count == 8)

      // What the contract keeps for org-3 is counted, and not shown.
      let kept = CounterContract.records.prefix(.sha256("org-3"))
      let path = "/state/\(Hex.encode(kept.bytes))?prefix=1"
      let withheld = try ProofBundle(decoding: try await client.get(path).bytes).verify(policy: policy)
      #expect(withheld.list(kept)?.count == 10 && withheld.list(kept)?.allSatisfy { $0.value == nil } == true)
      for (name, role, isShown) in [
        ("org-3", Caller.Role.member, true), ("org-2", .member, false), ("authority", .regulator, true),
        ("org-3", .reader, false),
      ] {
        let bundle = try ProofBundle(decoding: try await client.get(path, try kit.token(name, role)).bytes)
        #expect(
          try bundle.verify(policy: policy).list(kept)?.allSatisfy { ($0.value != nil) == isShown } == true,
          "\(name) \(role)")
      }

      for (path, status) in [
        ("/state/1", 400), ("/state/zz", 400), ("/state/\(String(repeating: "10", count: 513))", 400),
        ("/state/10?prefix=2", 400), ("/state/", 404), ("/state", 404),
      ] {
        let answer = try await client.get(path)
        #expect(answer.status.code == status && !answer.problem.hasPrefix("no problem"), "\(path)")
      }
      #expect(try Genesis(decoding: try await client.get("/genesis").bytes[...]) == kit.node.genesis)
    }
    await kit.close()
  }

  @Test("unknown paths, wrong methods and long addresses are problems")
  func errors() async throws {
    let kit = try await ServerKit(members: 1)
    let server = kit.application { router, _ in
      router.put("assets/{id}") { _, _ in "put" }
      router.get("broken") { _, _ -> String in
        throw LedgerError(.damaged, "The ledger file /x/ledger.sqlite is damaged")
      }
    }
    try await server.application().test(.router) { client in
      #expect(try await client.get("/nothing").problem == "no-such-route")
      let wrong = try await client.post("/genesis", [])
      #expect(wrong.status == .methodNotAllowed && wrong.headers[.allow] == "GET, HEAD")
      #expect(wrong.problem == "method-not-allowed")
      #expect(try await client.get("/log/add-checkpoint").headers[.allow] == "POST")
      #expect(try await client.get("/assets/7").headers[.allow] == "PUT")
      #expect(try await client.post("/log/tile/0/000", []).headers[.allow] == "GET, HEAD")
      #expect(try await client.get("/genesis?" + String(repeating: "a", count: 9000)).status == .uriTooLong)
      let head = try await client.execute(uri: "/genesis", method: .head)
      #expect(head.status == .ok && head.body.readableBytes == 0)
      let broken = try await client.get("/broken")
      #expect(broken.status == .internalServerError && broken.problem == "damaged" && !broken.text.contains("/x/"))
      #expect(try await client.get("/healthz").text == "ok\n")
    }
    await kit.close()
  }

  @Test("the service says what it is and with which keys")
  func scitt() async throws {
    let kit = try await ServerKit(members: 3)
    try await kit.application().application().test(.router) { client in
      let configuration = try CBORValue(decoding: try await client.get("/.well-known/scitt-configuration").bytes)
      #expect(configuration["issuer"] == .text(kit.node.genesis.origin) && configuration["quorum"] == 3)
      #expect(
        configuration["supportedSignatureAlgorithms"] == [-8, -7]
          || configuration["supportedSignatureAlgorithms"] == [-7, -8])
      let json = try await client.get("/.well-known/scitt-configuration", [.accept: "application/json"]).json
      #expect(json["registrationEndpoint"] as? String == "/entries")
      guard case .array(let keys) = try CBORValue(decoding: try await client.get("/.well-known/scitt-keys").bytes)
      else {
        Issue.record("no key set")
        return
      }
      #expect(keys.count == 3)
      #expect(keys.map { $0[-2] } == kit.keys.map { .bytes($0.log.publicKey.rawRepresentation) })
      #expect(keys.map { $0[2] } == kit.keys.map { .bytes($0.log.publicKey.id.bytes) })
    }
    await kit.close()
  }

  @Test("metrics parse and count")
  func metrics() async throws {
    let kit = try await ServerKit(members: 1)
    try await kit.application().application().test(.router) { client in
      let statement = try kit.statement(0, "a", "yes", number: 1)
      _ = try await client.post("/entries", statement.entry, [.contentType: "application/cose"])
      _ = try await client.post(
        "/entries", try kit.statement(0, "a", "no", number: 2).entry, [.contentType: "application/cose"])
      _ = try await client.post("/entries", statement.entry, [.contentType: "application/cose"])
      _ = try await client.post("/entries", [1], [.contentType: "application/cose"])
      try await kit.open.settle()
      _ = try await client.get("/nothing")
      _ = try await client.get("/entries/\(statement.id.hex)")
      let answer = try await client.get("/metrics")
      #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
      var types: [String: String] = [:]
      var values: [String: Double] = [:]
      for line in answer.text.split(separator: "\n") {
        if line.hasPrefix("# ") {
          let words = line.split(separator: " ", maxSplits: 3)
          #expect(words.count == 4 && (words[1] == "HELP" || words[1] == "TYPE"))
          if words[1] == "TYPE" { types[String(words[2])] = String(words[3]) }
          continue
        }
        let match = try #require(
          line.wholeMatch(of: #/([a-z_]+)((?:\{(?:[a-z]+="(?:[^"\\]|\\.)*",?)+\})?) ([0-9.e+-]+)/#), "\(line)")
        let family = String(match.1).replacing(#/_(bucket|sum|count)$/#, with: "")
        #expect(types[family] != nil || types[String(match.1)] != nil, "\(line)")
        #expect(values.updateValue(try #require(Double(String(match.3))), forKey: "\(match.1)\(match.2)") == nil)
      }
      #expect(values["ledger_log_size"] == 5 && values["ledger_blocks_total"] == 2 && values["ledger_fault"] == 0)
      #expect(values["ledger_final_size"] == 5 && values["ledger_member_cosigned_size{member=\"org-1\"}"] == 5)
      #expect(values["ledger_submitted_statements_total"] == 4 && values["ledger_pending_statements"] == 0)
      for (outcome, count) in [("accepted", 1), ("refused", 1), ("duplicate", 1), ("malformed", 1), ("rejected", 0)] {
        #expect(values["ledger_statements_total{outcome=\"\(outcome)\"}"] == Double(count), "\(outcome)")
      }
      for (name, type) in types {
        #expect(name.hasSuffix("_total") == (type == "counter"), "\(name) \(type)")
        #expect(["counter", "gauge", "histogram"].contains(type))
      }
      // The buckets of a histogram do not fall, and the last one is its count.
      let buckets = answer.text.matches(
        of: #/http_request_duration_seconds_bucket\{route="\/entries",le="([^"]+)"\} ([0-9]+)/#)
      #expect(buckets.count == 14 && buckets.last?.1 == "+Inf")
      #expect(zip(buckets, buckets.dropFirst()).allSatisfy { (Int($0.2) ?? 0) <= (Int($1.2) ?? 0) })
      #expect(values["http_request_duration_seconds_count{route=\"/entries\"}"] == 4)
      #expect(values["http_requests_total{route=\"/entries\",method=\"POST\",status=\"201\"}"] == 3)
      #expect(values["http_requests_total{route=\"/entries/{id}\",method=\"GET\",status=\"200\"}"] == 1)
      #expect(values["http_requests_total{route=\"NotFound\",method=\"GET\",status=\"404\"}"] == 1)
      #expect(values["http_request_duration_seconds_bucket{route=\"/entries\",le=\"+Inf\"}"] == 4)
      #expect(values["http_requests_in_flight"] == 1)
    }
    await kit.close()
  }
}
