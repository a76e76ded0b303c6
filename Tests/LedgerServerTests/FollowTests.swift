import COSE
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import Logging
import Merkle
import NIOCore
import Primitives
import ServiceLifecycle
import Synchronization
import Testing

/// A key that signs notes in tests.
struct TestNoteKey: NoteSigning {
  let key: PrivateKey
  var publicKey: [UInt8] { key.publicKey.rawRepresentation }
  func signature(for message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
}

/// A value that tasks share.
final class Shared<Value: Sendable>: Sendable {
  private let value: Mutex<Value>
  init(_ value: Value) { self.value = Mutex(value) }
  func withLock<T: Sendable>(_ body: @Sendable (inout Value) -> T) -> T {
    value.withLock { (value: inout sending Value) in
      let result = body(&value)
      return result
    }
  }
}

@Suite("Following")
struct FollowTests {
  @Test("three members follow a server over loopback until a quorum has co-signed", .timeLimit(.minutes(3)))
  func follow() async throws {
    let kit = try await ServerKit(members: 4, access: .member)
    try await kit.fill(700)
    try await kit.application().application().test(.live) { client in
      let url = "http://localhost:\(try #require(client.port))/"
      let followers = try (1...3).map { number in
        let token = try kit.tokens.make(subject: "org-\(number + 1)", role: .member, time: 0)
        return Follower(node: kit.open.nodes[number], source: try HTTPLogSource(url: url, token: token))
      }
      let cosigned = Shared<Set<UInt64>>([])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for follower in followers {
          group.addTask {
            try await LedgerServer.follow(follower, milliseconds: 20) { progress in
              if case .cosigned(let size) = progress { cosigned.withLock { _ = $0.insert(size) } }
            }
          }
        }
        try await settled(kit)
        let statement = try kit.statement(1, "a", "yes", number: 1)
        var headers = try kit.token("org-2", .member)
        headers[.contentType] = "application/cose"
        headers[.accept] = "application/json"
        #expect(try await client.post("/entries", statement.entry, headers).status == .created)
        try await settled(kit)
        let view = kit.node.head
        while !kit.open.nodes.allSatisfy({ $0.final?.view.size == view.size }) {
          try await Task.sleep(for: .milliseconds(20))
        }
        group.cancelAll()
        try await group.waitForAll()
        #expect(kit.open.nodes.allSatisfy { $0.head.root == view.root && $0.fault == nil })
        #expect(cosigned.withLock { $0.contains(view.size) })
        #expect(try await client.get("/readyz").status == .ok)
      }

      let source = try HTTPLogSource(url: url, token: try kit.tokens.make(subject: "auditor", role: .reader, time: 0))
      let some = try await source.entries(from: 250, to: 530)
      #expect(some == (try kit.node.head.entries(from: 250, to: 530)))
      let size = kit.node.head.size
      let proof = try await source.consistency(from: 5, to: size)
      #expect(proof == (try kit.node.head.consistency(from: 5, to: size)))
      await #expect(throws: LedgerError.self) { try await source.entries(from: size, to: size + 1) }
      let stranger = try HTTPLogSource(url: url)
      do {
        _ = try await stranger.entries(from: 0, to: 1)
        Issue.record("entries of a member ledger without a token")
      } catch let error as LedgerError { #expect(error.kind == .notAuthentic) }
    }
    await kit.close()
  }

  private func settled(_ kit: ServerKit) async throws {
    while kit.node.final?.view.size != kit.node.head.size { try await Task.sleep(for: .milliseconds(20)) }
  }

  @Test(
    "a source that does not answer is waited for; one of another ledger ends the following", .timeLimit(.minutes(1)))
  func faults() async throws {
    let kit = try await ServerKit(members: 2)
    for bad in ["", "localhost:1", "ftp://x", "http://x?y", "http://x y"] {
      #expect(throws: LedgerError.self) { try HTTPLogSource(url: bad) }
    }
    let silent = Follower(node: kit.open.nodes[1], source: try HTTPLogSource(url: "http://127.0.0.1:9", seconds: 2))
    let waits = Shared<[Int]>([])
    let task = Task {
      try await LedgerServer.follow(silent, milliseconds: 10) { progress in
        guard case .waiting(let error, let wait) = progress else { return }
        if error.kind == .unavailable, error.message.contains("does not answer") { waits.withLock { $0.append(wait) } }
      }
    }
    while waits.withLock({ $0.count }) < 3 { try await Task.sleep(for: .milliseconds(10)) }
    task.cancel()
    try await task.value
    #expect(waits.withLock { Array($0.prefix(3)) } == [10, 20, 40])

    let other = try await ServerKit(members: 3)
    try await other.fill(1)
    try await other.node.propose()
    try await other.application().application().test(.live) { client in
      let source = try HTTPLogSource(url: "http://localhost:\(try #require(client.port))")
      do {
        try await LedgerServer.follow(Follower(node: kit.open.nodes[1], source: source), milliseconds: 10)
        Issue.record("another ledger was followed")
      } catch let error as LedgerError { #expect(error.kind == .diverged) }
    }
    await other.close()
    await kit.close()
  }

  @Test("add-checkpoint answers as C2SP tlog-witness says")
  func witness() async throws {
    let kit = try await ServerKit(members: 4)
    try await kit.fill(5)
    try await kit.node.propose()
    let head = kit.node.head
    let candidate = try SignedNote(parsing: try #require(kit.node.candidateNote))
    let log = TestNoteKey(key: kit.keys[0].log)
    @Sendable func note(_ size: UInt64, _ root: Digest, _ origin: String? = nil, key: TestNoteKey? = nil) throws
      -> SignedNote
    {
      try #require(Checkpoint(origin: origin ?? kit.node.genesis.origin, size: size, root: root)).signed(
        with: key ?? log)
    }
    @Sendable func body(_ old: UInt64, _ proof: [Digest], _ note: SignedNote) throws -> [UInt8] {
      try #require(AddCheckpointRequest(oldSize: old, proof: proof, note: note)).encoded
    }
    // What org-2 says once it has executed.
    _ = try await Follower(node: kit.open.nodes[1], source: NodeSource(kit.node)).step()
    let cosigned = try SignedNote(parsing: try #require(kit.open.nodes[1].candidateNote))
    let more = Digest.sha256("more")
    let stranger = TestNoteKey(key: .derive(seed: 9, label: "stranger"))
    try await kit.application().application().test(.router) { client in
      let good = try await client.post("/log/add-checkpoint", try body(0, [], cosigned))
      #expect(good.status == .ok && good.headers[.contentType]?.hasPrefix("text/plain") == true)
      let own = try NoteSignature(parsing: good.bytes.dropLast()[...])
      #expect(own == kit.node.ownLine && own.name.description.hasSuffix("/org-1"))
      #expect(try await client.get("/log/candidate").text.contains("/org-2 "))

      for (name, body, status) in [
        ("malformed", Array("old x\n\nhello\n".utf8), 400), ("empty", [], 400),
        ("origin", try body(0, [], note(9, more, "example.com/other")), 404),
        ("key", try body(head.size, [more], note(head.size + 1, more, key: stranger)), 403),
        ("old above", try body(head.size + 9, [more], note(head.size + 1, more)), 400),
        ("old size", try body(0, [], note(head.size + 1, more)), 409),
        ("root", try body(head.size, [], note(head.size, more)), 409),
        ("proof", try body(head.size, [more], note(head.size + 5, more)), 422),
        ("too large", [UInt8](repeating: 0x61, count: AddCheckpointRequest.maximumBytes + 1), 413),
      ] as [(String, [UInt8], Int)] {
        let answer = try await client.post("/log/add-checkpoint", body)
        #expect(answer.status.code == status, "\(name): \(answer.status) \(answer.text)")
        if status == 409 {
          #expect(answer.headers[.contentType] == "text/x.tlog.size" && answer.text == "\(head.size)\n", "\(name)")
        }
      }
      #expect(candidate.text == cosigned.text)
    }
    await kit.close()
  }

  @Test("a server that is told to stop finishes what is in flight", .timeLimit(.minutes(1)))
  func stopping() async throws {
    let kit = try await ServerKit(members: 1)
    let entered = Shared(false)
    let server = kit.application { router, _ in
      router.get("slow") { _, _ in
        entered.withLock { $0 = true }
        try await Task.sleep(for: .milliseconds(300))
        return "done"
      }
    }
    let (ports, report) = AsyncStream.makeStream(of: Int.self)
    let group = ServiceGroup(
      services: [server.application { port in report.yield(port) }], logger: Logger(label: "test"))
    let running = Task { try await group.run() }
    let port = try #require(await ports.first { _ in true })
    #expect(port > 0)
    do {
      try await kit.application(LedgerApplication.Options(host: "127.0.0.1", port: port)).run()
      Issue.record("two servers listen on port \(port)")
    } catch let error as LedgerError { #expect(error.kind == .unavailable && error.message.contains("\(port)")) }
    try await TestClient.withClient(host: "localhost", port: port) { client in
      async let answer = client.get("/slow")
      while !entered.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
      await group.triggerGracefulShutdown()
      let response = try await answer
      #expect(response.status == .ok && response.body.map { String(buffer: $0) } == "done")
    }
    try await running.value
    #expect(kit.node.fault == nil)
    await kit.close()
  }
}
