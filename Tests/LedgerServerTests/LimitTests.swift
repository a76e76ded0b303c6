import COSE
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import Logging
import NIOCore
import Primitives
import ServiceLifecycle
import Testing

/// An order that takes nothing and gives nothing until it ends.
actor StuckSequencer: Sequencer {
  struct Ended: Error {}
  private var ended = false
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private(set) var batches = 0

  private func untilEnd() async {
    if !ended { await withCheckedContinuation { waiting.append($0) } }
  }

  func order(_ batch: Batch) async throws {
    batches += 1
    await untilEnd()
    throw Ended()
  }

  func next(limit: Int) async throws -> [OrderedBatch]? {
    await untilEnd()
    return nil
  }

  func finish() async {
    ended = true
    for continuation in waiting { continuation.resume() }
    waiting = []
  }
}

@Suite("Request limits", .serialized)
struct LimitTests {
  /// A server of one member on a socket, with short deadlines.
  private func served(
    _ change: (inout LedgerApplication.Options) -> Void = { _ in },
    _ body: @Sendable (ServerKit, Int, any TestClientProtocol) async throws -> Void
  ) async throws {
    let kit = try await ServerKit(members: 1)
    var options = LedgerApplication.Options()
    change(&options)
    try await kit.application(options).application().test(.live) { client in
      try await body(kit, try #require(client.port), client)
      try await goesOn(try #require(client.port))
    }
    await kit.close()
  }

  /// Whatever was sent, the server answers the next one.
  private func goesOn(_ port: Int) async throws {
    let connection = try RawConnection(port: port)
    connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(await connection.receive(seconds: 20).text.hasSuffix("ok\n"))
  }

  @Test("a head that dribbles in is cut off", .timeLimit(.minutes(1)))
  func slowHead() async throws {
    try await served {
      $0.headSeconds = 1
    } _: { _, port, _ in
      let connection = try RawConnection(port: port)
      connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n")
      let start = ContinuousClock.now
      Task {
        for _ in 0..<40 {
          guard connection.send("X: y\r\n") else { return }
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      let answer = await connection.receive(seconds: 10)
      #expect(answer.closed && answer.text.isEmpty, "\(answer) after \(start.duration(to: .now))")
      #expect(start.duration(to: .now) < .seconds(15), "the idle time is 60 seconds")
    }
  }

  @Test("a body that dribbles in gets 408 and is cut off", .timeLimit(.minutes(1)))
  func slowBody() async throws {
    try await served {
      $0.bodySeconds = 1
    } _: { _, port, _ in
      let connection = try RawConnection(port: port)
      connection.send(
        "POST /entries HTTP/1.1\r\nHost: x\r\nContent-Type: application/cose\r\nContent-Length: 4000\r\n\r\n")
      Task {
        for _ in 0..<40 {
          guard connection.send("y") else { return }
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      let answer = await connection.receive(seconds: 10)
      #expect(answer.closed && answer.text.hasPrefix("HTTP/1.1 408 "), "\(answer)")
      #expect(answer.text.contains("application/problem+json") && answer.text.contains("\"code\":\"timeout\""))
      #expect(answer.text.components(separatedBy: "HTTP/1.1 ").count == 2)
    }
  }

  @Test("an answer that is not taken is given up", .timeLimit(.minutes(1)))
  func slowReader() async throws {
    let kit = try await ServerKit(members: 1)
    var options = LedgerApplication.Options()
    options.answerSeconds = 1
    let server = kit.application(options) { router, _ in
      router.get("large") { _, _ in Reply.bytes([UInt8](repeating: 0x61, count: 64 << 20), type: "text/plain") }
    }
    try await server.application().test(.live) { client in
      let connection = try RawConnection(port: try #require(client.port))
      connection.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
      try await Task.sleep(for: .seconds(2))
      let answer = await connection.receive(seconds: 5)
      #expect(answer.closed && answer.text.utf8.count < 64 << 20)
      try await goesOn(try #require(client.port))
    }
    await kit.close()
  }

  @Test("bodies beyond the limit get 413 at once, with and without a length", .timeLimit(.minutes(1)))
  func largeBodies() async throws {
    try await served { _ in
    } _: { _, port, _ in
      let head = "POST /entries HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Type: application/cose\r\n"
      for (how, first, chunk) in [
        ("length", "Content-Length: 999999999\r\n\r\n", "y"),
        ("chunks", "Transfer-Encoding: chunked\r\n\r\n", "10000\r\n" + String(repeating: "y", count: 0x10000) + "\r\n"),
      ] {
        let connection = try RawConnection(port: port)
        connection.send(head + first)
        for _ in 0..<3 { connection.send(chunk) }
        // Long before the 60 seconds that a body may take.
        let answer = await connection.receive(seconds: 20)
        #expect(answer.text.hasPrefix("HTTP/1.1 413 ") && answer.closed, "\(how) \(answer)")
        #expect(answer.text.contains("65535") && answer.text.lowercased().contains("connection: close"), "\(how)")
      }
    }
  }

  @Test("what is no HTTP, too long or meant to climb is refused and the server goes on", .timeLimit(.minutes(1)))
  func garbage() async throws {
    try await served {
      $0.headSeconds = 2
    } _: { kit, port, client in
      let secret = kit.folder.split(separator: "/").last ?? ""
      for path in [
        "/../../etc/passwd", "/log/tile/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/entries/..%2f..%2fetc",
        "/log/tile/entries/..%2f..%2f..%2forg-1%2fstatement.pem", "/state/%2e%2e", "/entries/%", "/entries/%zz",
        "/state/%00", "/entries/%ff%fe", "/log/tile/%30/000", "/genesis/../entries/x", "/%",
        "/log/checkpoint%00", "/.well-known/scitt-keys/..%2f..", "/state/10?prefix=%", "/log/consistency?from=%&to=%",
      ] {
        let answer = try await client.get(path, [.accept: "application/json"])
        #expect((400..<500).contains(answer.status.code), "\(path): \(answer.status)")
        #expect(!answer.problem.hasPrefix("no problem"), "\(path): \(answer.problem)")
        #expect(!answer.text.contains("PRIVATE KEY") && !answer.text.contains("root:") && !answer.text.contains(secret))
      }
      for (what, bytes) in [
        ("noise", "\u{0}\u{1}\u{2}hello\r\n\r\n"), ("no version", "GET /\r\n\r\n"),
        ("version", "GET / HTTP/9.9\r\n\r\n"),
        ("method", "G ET / HTTP/1.1\r\n\r\n"),
        ("head", "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 20_000)),
        ("fields", "GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 2000) + "\r\n"),
        ("two lengths", "POST /entries HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        (
          "length and chunks",
          "POST /entries HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        ("negative", "POST /entries HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
        ("chunk", "POST /entries HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        ("huge chunk", "POST /entries HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"),
        ("newline", "GET /a\u{b}b HTTP/1.1\r\nHost: x\r\n\r\n"),
      ] {
        let connection = try RawConnection(port: port)
        connection.send(bytes)
        let answer = await connection.receive(seconds: 4)
        #expect(answer.text.isEmpty || answer.text.hasPrefix("HTTP/1.1 4"), "\(what): \(answer.text.prefix(80))")
        #expect(answer.closed || !answer.text.isEmpty, "\(what)")
      }
      // A good request, then noise on the same connection.
      let pipelined = try RawConnection(port: port)
      pipelined.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n\u{0}\u{1}noise\r\n\r\n")
      let answer = await pipelined.receive(seconds: 4)
      #expect(answer.text.hasPrefix("HTTP/1.1 200 ") && answer.closed, "\(answer)")
      // Many requests at once come back in order.
      let many = try RawConnection(port: port)
      many.send(String(repeating: "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", count: 200))
      #expect(await many.receive(seconds: 5).text.components(separatedBy: "HTTP/1.1 200 ").count == 201)
    }
  }

  @Test("problems to HEAD have no body; other methods, types and wishes are refused", .timeLimit(.minutes(1)))
  func methods() async throws {
    try await served { _ in
    } _: { _, port, client in
      let connection = try RawConnection(port: port)
      connection.send("HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\nHEAD /genesis HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = await connection.receive(seconds: 3).text
      #expect(
        answer.hasPrefix("HTTP/1.1 404 ") && answer.contains("HTTP/1.1 200 ") && !answer.contains("{"), "\(answer)")
      for (method, path, status) in [
        (HTTPRequest.Method.options, "/entries", 405), (.put, "/entries", 405), (.delete, "/state/10", 405),
        (.patch, "/nothing", 404), (.get, "/entries", 405),
      ] {
        let answer = try await client.execute(uri: path, method: method, headers: [.accept: "application/json"])
        #expect(answer.status.code == status && !answer.problem.hasPrefix("no problem"), "\(method) \(path)")
        #expect((answer.headers[.allow] != nil) == (status == 405), "\(method) \(path)")
      }
      for (path, accept) in [
        ("/entries/\(Digest.sha256("x").hex)", "image/png"), ("/state/10", "text/html"),
        ("/.well-known/scitt-keys", "application/json"), ("/.well-known/scitt-configuration", "text/plain"),
        ("/state/10", "application/cbor;q=0, application/json;q=0"),
      ] {
        #expect(try await client.get(path, [.accept: accept]).status == .notAcceptable, "\(path)")
      }
      for accept in ["*/*", "application/*", "text/html, */*;q=0.1", ""] {
        #expect(try await client.get("/.well-known/scitt-configuration", [.accept: accept]).status == .ok, "\(accept)")
      }
    }
  }

  @Test("connections beyond the limit wait; requests beyond it get 503, operators do not", .timeLimit(.minutes(1)))
  func crowds() async throws {
    let kit = try await ServerKit(members: 1)
    var options = LedgerApplication.Options()
    options.requests = 2
    options.connections = 3
    let gate = Shared(false)
    let entered = Shared(0)
    let server = kit.application(options) { router, _ in
      router.get("wait") { _, _ in
        entered.withLock { $0 += 1 }
        while !gate.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
        return "done"
      }
    }
    // Not through the live test client, which leaves the limit of connections out.
    let (ports, report) = AsyncStream.makeStream(of: Int.self)
    let group = ServiceGroup(
      services: [server.application { port in report.yield(port) }], logger: Logger(label: "test"))
    let running = Task { try await group.run() }
    let port = try #require(await ports.first { _ in true })
    let held = try (0..<2).map { _ in try RawConnection(port: port) }
    for connection in held { connection.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n") }
    while entered.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(10)) }
    let third = try RawConnection(port: port)
    third.send("GET /genesis HTTP/1.1\r\nHost: x\r\n\r\n")
    let busy = await third.receive(seconds: 20, until: "limit").text
    #expect(busy.hasPrefix("HTTP/1.1 503 ") && busy.lowercased().contains("retry-after: 1"), "\(busy)")
    third.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(await third.receive(seconds: 20, until: "ok\n").text.hasPrefix("HTTP/1.1 200 "))
    // Three connections are held: the fourth is not accepted until one ends.
    let fourth = try RawConnection(port: port)
    fourth.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(await fourth.receive(seconds: 1).text.isEmpty)
    gate.withLock { $0 = true }
    for connection in held { #expect(await connection.receive(seconds: 20, until: "done").text.hasSuffix("done")) }
    for connection in held { connection.shut() }
    #expect(await fourth.receive(seconds: 20, until: "ok\n").text.hasPrefix("HTTP/1.1 200 "))
    await group.triggerGracefulShutdown()
    try await running.value
    await kit.close()
  }

  @Test("a node whose queue is full answers 503 and takes nothing more", .timeLimit(.minutes(1)))
  func fullQueue() async throws {
    let kit = try await ServerKit(members: 1)
    await kit.open.close()
    let node = try await kit.consortium.folder("org-1").open(suite: ServerKit.suite, clock: kit.clock)
    let sequencer = StuckSequencer()
    await node.sequence(with: sequencer)
    let entries = try (0..<Limits.pendingStatements).map { try kit.statement(0, "s", "yes", number: UInt64($0)).entry }
    let filling = Task { try await node.submit(entries) }
    while await node.pendingStatements() < entries.count { try await Task.sleep(for: .milliseconds(10)) }
    let server = LedgerApplication(node: node, suite: ServerKit.suite)
    try await server.application().test(.router) { client in
      let more = try kit.statement(0, "s", "yes", number: 99_999)
      let answer = try await client.post(
        "/entries", more.entry, [.contentType: "application/cose", .accept: "application/json"])
      #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] == "1" && answer.problem == "busy")
      #expect(answer.text.contains("\(Limits.pendingStatements)"))
      let metrics = try await client.get("/metrics").text
      #expect(metrics.contains("ledger_pending_statements \(Limits.pendingStatements)\n"))
      #expect(metrics.contains("ledger_statements_total{outcome=\"busy\"} 1\n"))
    }
    await sequencer.finish()
    await #expect(throws: LedgerError.self) { try await filling.value }
    await node.close()
    await kit.close()
  }

  @Test("a list that is too long is refused with prefixes that together are the list", .timeLimit(.minutes(1)))
  func longLists() async throws {
    let kit = try await ServerKit(members: 2)
    try await kit.fill(300)
    try await kit.open.settle()
    var options = LedgerApplication.Options()
    options.stateKeys = 40
    let prefix = CounterContract.records.prefix(.sha256("org-1"))
    let policy = try kit.node.head.configuration.policy(origin: kit.node.genesis.origin)
    let whole = try kit.node.head.list(prefix).map(\.key)
    #expect(whole.count > 40)
    #expect(try kit.node.head.count(prefix) == whole.count)
    try await kit.application(options).application().test(.router) { client in
      // Down from the whole state: every page is proved to be complete, and the pages are all there is.
      var open = ["\(Hex.encode(prefix.bytes))"]
      var keys: [StateKey] = []
      var refusals = 0
      while let text = open.popLast() {
        let answer = try await client.get("/state/\(text)?prefix=1")
        if answer.status == .ok {
          let bundle = try ProofBundle(decoding: answer.bytes).verify(policy: policy)
          let pairs = try #require(bundle.lists.first?.pairs)
          #expect(!pairs.isEmpty && pairs.count <= 40)
          keys += pairs.map(\.key)
          continue
        }
        #expect(answer.problem == "limit" && answer.status == .contentTooLarge && answer.text.contains("40"))
        refusals += 1
        let detail = try #require(answer.json["detail"] as? String)
        let narrower = detail.matches(of: #/([0-9a-f]{4,}) \(([0-9]+)\)/#)
        open += narrower.map { String($0.1) }
        let parent = try kit.node.head.count(StatePrefix(bytes: try #require(Hex.decode(text))))
        #expect(narrower.compactMap { Int($0.2) }.reduce(0, +) == parent)
      }
      #expect(refusals > 0 && keys.sorted() == whole.sorted())
    }
    await kit.close()
  }
}
