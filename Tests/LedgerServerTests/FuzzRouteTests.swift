import Foundation
import HTTPTypes
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives
import Testing

@Suite struct FuzzRouteTests {
  @Test("mutated paths, queries, headers and bodies get an answer that is no fault of the server's")
  func routes() async throws {
    let kit = try await ServerKit(members: 2)
    let statement = try await kit.fill(300)[3]
    try await kit.open.settle()
    let token = try kit.tokens.make(subject: "org-1", role: .member, time: 0)
    let key = Hex.encode(CounterContract.counts.key(.sha256("s1")).bytes)
    let paths = [
      "/log/checkpoint", "/log/candidate", "/log/tile/0/000", "/log/tile/entries/001.p/45",
      "/log/consistency?from=5&to=300",
      "/state/\(key)", "/state/11?prefix=1", "/entries/\(statement.id.hex)", "/policy", "/genesis", "/healthz",
      "/readyz",
      "/.well-known/scitt-configuration", "/.well-known/scitt-keys", "/metrics",
    ]
    let headers = ["Bearer \(token)", "application/cbor;q=0.5, application/*;q=1e3, */*", "application/cose; a=b"]
    let mutator = Mutator(
      paths.map { .init("path", .text, Array($0.utf8)) } + headers.map { .init("header", .text, Array($0.utf8)) } + [
        .init("body", .cbor, statement.entry), .init("request", .text, try #require(kit.node.candidateNote)),
      ])
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["TALLYSTICK_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    let only = environment["TALLYSTICK_FUZZ_ROUND"].flatMap { Int($0) }
    // A request costs a hundred times what a parser does.
    let rounds = environment["TALLYSTICK_FUZZ_ROUNDS"].flatMap { Int($0) }.map { $0 / 20 } ?? 800
    let range = only.map { $0..<$0 + 1 } ?? 0..<rounds
    try await kit.application().application().test(.router) { client in
      var answers: [Int: Int] = [:]
      for round in range {
        let (place, bytes) = mutator.input(seed: seed, round: round)
        let item = mutator.corpus[place]
        // What HTTP itself does not let through never comes to a route.
        let text = String(
          String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }.filter { (0x21..<0x7f).contains($0.value) }))
        var fields: HTTPFields = [.contentType: "application/cose"]
        let answer: TestResponse
        switch item.kind {
        case "path": answer = try await client.get(text.hasPrefix("/") ? text : "/" + text)
        case "header":
          fields = [.authorization: text, .accept: text, .contentType: text]
          if round % 3 == 0 { fields[.authorization] = nil }
          answer = try await client.get("/state/\(key)", fields)
        case "body": answer = try await client.post("/entries", bytes, fields)
        default: answer = try await client.post("/log/add-checkpoint", bytes, [:])
        }
        answers[answer.status.code, default: 0] += 1
        #expect(
          answer.status.code < 500 || answer.status == .serviceUnavailable,
          "seed \(seed) round \(round) \(item.kind) \(text.prefix(300)): \(answer.status) \(answer.text.prefix(300))")
      }
      print("HTTP: \(range.count) requests, seed \(seed): \(answers.sorted { $0.key < $1.key })")
    }
    #expect(kit.node.fault == nil)
    await kit.close()
  }

  @Test("mutated token files and bearers are refused or read") func tokens() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/tallystick-fuzz-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/tokens.json"
    let tokens = try AccessTokens(path: path)
    let bearer = try tokens.make(subject: "org-1", role: .member, time: 5)
    let mutator = Mutator([
      .init("bearer", .text, Array(bearer.utf8)),
      .init("file", .json, Array(try Data(contentsOf: URL(filePath: path)))),
    ])
    let altered = folder + "/altered.json"
    #expect(FileManager.default.createFile(atPath: altered, contents: nil, attributes: [.posixPermissions: 0o600]))
    let run = await FuzzRun.aside {
      FuzzRun("Tokens", usual: 2000, share: 0.02, mutator) { item, bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if item.kind == "bearer" {
          guard tokens.check(text) != nil else { return .refused }
          // A digit of the secret counts in either case.
          return text.lowercased() == bearer ? .read() : .wrong("another bearer is let in")
        }
        guard let file = FileHandle(forWritingAtPath: altered) else { return .wrong("no file") }
        file.truncateFile(atOffset: 0)
        file.write(Data(bytes))
        try? file.close()
        guard let read = try? AccessTokens(path: altered) else { return .refused }
        _ = read.check(bearer)
        return .read()
      }
    }
    #expect(run.failures == [])
  }
}
