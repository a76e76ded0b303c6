import Foundation
import Hummingbird
import HTTPTypes
import LedgerTestKit
import Primitives
import Rights
import Testing
import TimeStamp

/// Time stamps as OpenSSL's own authority gives them (RFC 3161).
@Suite("Copyright: time stamps", .serialized)
struct TimeStampTests {
  @Test("a token is believed over its bytes and from its authority only, and every changed byte of it is found")
  func token() throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority(name: "Another"))
    let data = Array("the proof".utf8)
    let answer = try authority.answer(TimeStampToken.query(over: data))
    let token = try TimeStampToken(decoding: answer)
    #expect(token.imprint == .sha256(data))
    let now = UInt64(Date().timeIntervalSince1970 * 1000)
    #expect(token.time <= now && now - token.time < 60_000)
    let trusted = try authority.certificate()
    try token.check(over: data, authorities: trusted)
    try token.check(over: data, authorities: try other.certificate() + trusted)
    #expect(throws: TimeStampFault.notGenuine) { try token.check(over: data + [0], authorities: trusted) }
    #expect(throws: TimeStampFault.notGenuine) { try token.check(over: data, authorities: try other.certificate()) }
    for none in [[], Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)] as [[UInt8]] {
      #expect(throws: TimeStampFault.noAuthorities) { try token.check(over: data, authorities: none) }
    }
    var accepted: [Int] = []
    for place in answer.indices {
      var changed = answer
      changed[place] ^= 1
      guard let token = try? TimeStampToken(decoding: changed) else { continue }
      if (try? token.check(over: data, authorities: trusted)) != nil { accepted.append(place) }
    }
    // The response's status and the certificate that came along are not what is signed; time and imprint are.
    for place in accepted {
      var changed = answer
      changed[place] ^= 1
      let same = try TimeStampToken(decoding: changed)
      #expect(same.imprint == .sha256(data) && same.time == token.time)
    }
    #expect(accepted.count < answer.count / 4, "\(accepted.count) of \(answer.count) bytes do not matter")
  }

  @Test("what is no token is refused: cut, lengthened, random, empty")
  func wrong() throws {
    let answer = try TestAuthority().answer(TimeStampToken.query(over: [1, 2, 3]))
    for cut in 0..<answer.count {
      #expect(throws: TimeStampFault.malformed) { try TimeStampToken(decoding: Array(answer.prefix(cut))) }
    }
    #expect(throws: TimeStampFault.malformed) { try TimeStampToken(decoding: answer + [0]) }
    var generator = SeededGenerator(seed: 3161)
    for _ in 0..<20_000 {
      var changed = answer
      for _ in 0...Int(generator.next() % 4) {
        changed[Int(generator.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      _ = try? TimeStampToken(decoding: changed)
    }
    #expect(throws: TimeStampFault.malformed) {
      try TimeStampToken(decoding: [UInt8](repeating: 0x30, count: TimeStampToken.limit + 1))
    }
  }

  @Test("the program asks the authority that is configured, and verify checks its signature")
  func program() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority(name: "Another"))
    let router = Router()
    router.post("tsa") { request, _ in
      #expect(request.headers[.contentType] == "application/timestamp-query")
      let query = try await request.body.collect(upTo: 1000)
      let answer = try authority.answer(Array(query.readableBytesView))
      return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: answer)))
    }
    router.post("broken") { _, _ in "no time stamp" }
    let (ports, tell) = AsyncStream<Int>.makeStream()
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in tell.yield(channel.localAddress?.port ?? 0) })
    let server = Task { try await application.run() }
    defer { server.cancel() }
    var found = ports.makeAsyncIterator()
    let address = "http://127.0.0.1:\(try #require(await found.next()))"
    let folder = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func run(_ arguments: [String]) async throws -> Program.Result {
      try await Program.runAside("copyright", arguments)
    }
    #expect(try await run(["demo", "--data", folder]).code == 0)
    let incidents = try await run(["incidents", "--data", folder, "--json"])
    let list = try #require(try JSONSerialization.jsonObject(with: Data(incidents.output.utf8)) as? [[String: Any]])
    let incident = try #require(list.first?["incident"] as? Int)
    let evidence = [
      "evidence", "\(incident)", "--data", folder, "--as", "agency", "--out", folder + "/stamped.evidence",
    ]
    let broken = try await run(evidence + ["--tsa", address + "/broken"])
    #expect(broken.code != 0 && broken.error.contains("gave no time stamp"), "\(broken)")
    let made = try await run(evidence + ["--tsa", address + "/tsa"])
    #expect(made.code == 0, "\(made)")
    let check = ["verify", folder + "/stamped.evidence", "--policy", folder + "/policy.txt"]
    let plain = try await run(check)
    #expect(plain.code == 0 && plain.output.contains("who signed it was not checked"), "\(plain)")
    let trusted = try await run(check + ["--authorities", authority.certificatePath])
    #expect(trusted.code == 0 && trusted.output.contains("a time-stamp authority that you trust"), "\(trusted)")
    let stranger = try await run(check + ["--authorities", other.certificatePath])
    #expect(stranger.code != 0 && stranger.error.contains("does not hold"), "\(stranger)")
    try await served(address + "/tsa", authority, other)
  }

  /// The same over HTTP: the server asks the authority that its environment names, and checks with certificates.
  private func served(_ authority: String, _ ours: TestAuthority, _ other: TestAuthority) async throws {
    let server = try await LiveServer(environment: ["TALLYSTICK_TSA": authority])
    #expect(try await server.post("/works?title=Squares&id=squares", ProgramTests.picture(1)).status == 201)
    let upload = try await server.post(
      "/uploads?user=org-2/u&place=https://p/1&via=by%20hand", ProgramTests.picture(1, brighter: 20))
    let incident = try #require((upload.object["incident"] as? [String: Any])?["incident"] as? Int, "\(upload.text)")
    try await server.settle()
    var package = try await server.get("/incidents/\(incident)/evidence", as: "org-1")
    for _ in 0..<100 where package.status == 404 {
      // It is proved when it is co-signed.
      try await Task.sleep(for: .milliseconds(100))
      package = try await server.get("/incidents/\(incident)/evidence", as: "org-1")
    }
    #expect(package.status == 200, "\(package.text.prefix(300))")
    let log = try #require(try EvidencePackage(decoding: package.body)[.captureLog])
    #expect(String(decoding: log.bytes, as: UTF8.self).contains("the sender says: by hand\n"))
    let plain = try await server.post("/verify", package.body, as: nil)
    #expect(plain.object["verified"] as? Bool == true && plain.text.contains("who signed it was not checked"))
    for (authority, isTrusted) in [(ours, true), (other, false)] {
      let fields = [
        (name: "file", file: Optional("p.evidence"), bytes: package.body),
        (name: "authorities", file: Optional("tsa.pem"), bytes: try authority.certificate()),
      ]
      let answer = try await server.form("/verify", fields, accept: "application/json")
      #expect(answer.object["verified"] as? Bool == isTrusted, "\(answer.text.prefix(400))")
      #expect(answer.text.contains("a time-stamp authority that you trust") == isTrusted)
      let page = try await server.form("/verify/form", fields)
      #expect(page.status == 200 && page.text.contains("state good") == isTrusted)
    }
  }
}
