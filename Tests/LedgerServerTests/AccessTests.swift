import COSE
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import Merkle
import Primitives
import Testing

@Suite("Access")
struct AccessTests {
  @Test(
    "who may read what",
    arguments: [
      (nil, true, false, false, false), (Caller(name: "org-1", role: .member), true, true, true, true),
      (Caller(name: "org-2", role: .member), true, true, true, false),
      (Caller(name: "authority", role: .regulator), true, true, true, true),
      (Caller(name: "org-1", role: .reader), true, true, false, false),
    ])
  func table(_ caller: Caller?, _ open: Bool, _ closed: Bool, _ members: Bool, _ only: Bool) {
    #expect(mayRead(.everyone, access: .public, caller: caller) == open)
    #expect(mayRead(.everyone, access: .member, caller: caller) == closed)
    for access in Configuration.Access.allCases {
      #expect(mayRead(.members, access: access, caller: caller) == members)
      #expect(mayRead(.only(["org-1"]), access: access, caller: caller) == only)
    }
  }

  @Test("a ledger of members shows hashes to all, entries and state to tokens only")
  func memberLedger() async throws {
    let kit = try await ServerKit(members: 2, access: .member)
    let statement = try await kit.fill(3)[0]
    try await kit.open.settle()
    let width = kit.node.head.size
    let bundle = "/log/tile/entries/000.p/\(width)"
    let key = "/state/11?prefix=1"
    try await kit.application().application().test(.router) { client in
      for path in ["/log/checkpoint", "/log/tile/0/000.p/\(width)", "/policy", "/genesis", "/healthz", "/metrics"] {
        #expect(try await client.get(path).status == .ok, "\(path)")
      }
      for path in [bundle, key, "/entries/\(statement.id.hex)"] {
        let answer = try await client.get(path, [.accept: "application/json, */*;q=0.1"])
        #expect(answer.problem == "token-needed" && answer.headers[.wwwAuthenticate] == "Bearer", "\(path)")
        for (name, role) in [("org-2", Caller.Role.member), ("authority", .regulator), ("auditor", .reader)] {
          #expect(try await client.get(path, try kit.token(name, role)).status == .ok, "\(path) \(role)")
        }
        #expect(try await client.get(path, try kit.token("org-9", .member)).status == .unauthorized)
        for bad in ["Bearer ts_00", "Bearer ts_" + String(repeating: "a", count: 64), "Basic YTpi", "Bearer", ""] {
          let headers: HTTPFields = [.authorization: bad, .accept: "application/json, */*;q=0.1"]
          #expect(try await client.get(path, headers).problem == "token-needed", "\(bad)")
        }
      }
      let cached = try await client.get(bundle, try kit.token("org-2", .member))
      #expect(cached.headers[.cacheControl]?.hasPrefix("private") == true)
    }
    await kit.close()
  }

  @Test("a bundle with a statement for members is theirs alone on a public ledger too")
  func secretStatements() async throws {
    let kit = try await ServerKit(members: 1)
    let plain = try kit.statement(0, "open", "yes", number: 1)
    let secret = try kit.statement(0, "secret", "yes", number: 2)
    _ = try await kit.node.submit([plain.entry])
    try await kit.application().application().test(.router) { client in
      #expect(try await client.get("/log/tile/entries/000.p/3").status == .ok)
      _ = try await kit.node.submit([secret.entry])
      let path = "/log/tile/entries/000.p/5"
      #expect(try await client.get(path).problem == "token-needed")
      let json: HTTPFields = [.accept: "application/json"]
      #expect(try await client.get("/entries/\(secret.id.hex)", json).problem == "token-needed")
      #expect(try await client.get("/entries/\(plain.id.hex)").status == .ok)
      #expect(try await client.get(path, try kit.token("auditor", .reader)).problem == "not-a-reader")
      #expect(try await client.get(path, try kit.token("org-1", .member)).status == .ok)
      #expect(try await client.get(path, try kit.token("authority", .regulator)).status == .ok)
    }
    await kit.close()
  }

  @Test("tokens are made, listed, checked and revoked; the file keeps no secret and is private")
  func tokens() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/tallystick-tokens-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/tokens.json"
    let tokens = try AccessTokens(path: path)
    #expect(try tokens.list().isEmpty)
    let bearer = try tokens.make(subject: "org-1", role: .member, time: 5)
    let other = try tokens.make(subject: "authority", role: .regulator, time: 6)
    #expect(bearer.hasPrefix("ts_") && bearer.count == 67 && bearer != other)
    #expect(tokens.check(bearer) == Caller(name: "org-1", role: .member))
    #expect(tokens.check(other) == Caller(name: "authority", role: .regulator))
    for bad in [
      "", "ts_", bearer + "0", String(bearer.dropLast()), "TS" + bearer.dropFirst(2),
      bearer.replacing("ts_", with: "tx_"),
    ] {
      #expect(tokens.check(bad) == nil, "\(bad)")
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!text.contains(bearer.dropFirst(3)))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    // Another process's view of the same file.
    let second = try AccessTokens(path: path)
    #expect(try second.list().map(\.subject) == ["org-1", "authority"])
    try second.revoke(try #require(second.list().first).id)
    #expect(tokens.check(bearer) == nil && tokens.check(other) != nil)
    #expect(throws: LedgerError.self) { try second.revoke("nope") }
    #expect(throws: LedgerError.self) { try second.make(subject: "Not A Name", role: .reader, time: 1) }

    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(tokens.check(other) == nil)
    #expect(throws: LedgerError.self) { try AccessTokens(path: path) }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    try Data("[{]".utf8).write(to: URL(filePath: path))
    #expect(throws: LedgerError.self) { try AccessTokens(path: path) }
  }

  @Test("a node signs for its own member's token only, through a route of the application")
  func signer() async throws {
    let kit = try await ServerKit(members: 2)
    let server = kit.application { router, server in
      router.post("notes/{subject}") { request, context in
        guard let signer = server.signer else { throw HTTPError(.notFound) }
        let document = try await request.bytes(upTo: 100)
        let statement = try signer.statement(
          document, contentType: request.mediaType, subject: try context.parameters.require("subject"),
          for: context.caller)
        return try Reply.json(try await server.submit([statement.entry]) == [.accepted(index: 1)])
      }
    }
    try await server.application().test(.router) { client in
      var headers = try kit.token("org-1", .member)
      headers[.contentType] = "text/plain"
      #expect(try await client.post("/notes/a", [0x79], headers).text == "true")
      #expect(try await client.post("/notes/a", [0x79]).problem == "token-needed")
      for (name, role) in [("org-2", Caller.Role.member), ("org-1", .reader), ("org-1", .regulator)] {
        #expect(try await client.post("/notes/a", [0x79], try kit.token(name, role)).problem == "not-this-member")
      }
      #expect(try await client.post("/notes/a", [UInt8](repeating: 1, count: 101), headers).problem == "limit")
    }
    let entry = try #require(try kit.node.head.entry(1))
    let content = try StatementContent(entry)
    #expect(content.header.issuer == "org-1" && content.header.subject == "a" && content.payload == [0x79])
    let made = try MemberSigner(keys: kit.keys[0], clock: kit.clock).envelope(
      of: [1, 2], contentType: "text/plain", subject: "x", for: Caller(name: "org-1", role: .member))
    #expect(Array(made.statement.payload) == HashEnvelope.digest(salt: made.salt, document: [1, 2]).bytes)
    await kit.close()
  }
}
