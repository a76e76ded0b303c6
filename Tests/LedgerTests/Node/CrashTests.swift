import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("What must not break")
struct CrashTests {
  static let suite = ContractSuite(CounterContract.self)

  @Test("two processes on one folder, a folder from another app, a missing and a read-only folder: one sentence each")
  func surroundings() async throws {
    let ledger = try TestLedger(members: 1)
    let folder = ledger.consortium.folder("org-1")
    let lock = try FolderLock(folder, note: "the server of org-1 at http://127.0.0.1:8101")
    let busy = try #require(throws: LedgerError.self) { try FolderLock(folder) }
    #expect(busy.kind == .busy && busy.message.contains("http://127.0.0.1:8101"))
    lock.release()

    struct Other: Contract {
      static let id = "other"
      static let versions: ClosedRange<UInt64> = 1...1
      static let namespaces: [Namespace] = []
      init(version: UInt64) {}
      func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {}
    }
    let foreign = await #expect(throws: LedgerError.self) {
      _ = try await ledger.consortium.open(suite: ContractSuite(Other.self), clock: ledger.clock)
    }
    #expect(foreign?.message.contains("counter") == true)
    let missing = try #require(throws: LedgerError.self) { try Ledger.Consortium(path: ledger.folder + "/nowhere") }
    #expect(missing.message.contains("init"))
    #expect(throws: LedgerError.self) {
      try Ledger.Consortium.found(
        at: ledger.folder, suite: Self.suite, plan: Ledger.Consortium.Plan(members: [("a", "a", .member)], time: 1))
    }
    #expect(throws: LedgerError.self) {
      try Ledger.Consortium.found(
        at: "/proc/nowhere", suite: Self.suite, plan: Ledger.Consortium.Plan(members: [("a", "a", .member)], time: 1))
    }
  }

  @Test("a clock that goes back cannot turn the ledger's time, and one that jumps is noticed by statements only")
  func clocks() async throws {
    let ledger = try TestLedger(members: 1)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    let time = open.sequencer.head.seal.time
    ledger.clock.set(TestLedger.start - 50_000)
    _ = try await open.sequencer.submit([try ledger.statement(number: 2).entry])
    #expect(open.sequencer.head.seal.time == time + 1)
    let old = try Statement.sign(
      payload: [1], contentType: "text/plain", issuer: "org-1", subject: "s", time: TestLedger.start - 100_000_000,
      claimID: .random(), key: ledger.keys[0].statement)
    let early = try Statement.sign(
      payload: [1], contentType: "text/plain", issuer: "org-1", subject: "s", time: TestLedger.start + 500_000,
      claimID: .random(), key: ledger.keys[0].statement)
    for statement in [old, early] {
      guard case .rejected(let error) = try await open.sequencer.submit([statement.entry])[0] else {
        Issue.record("a statement outside the time window was taken")
        continue
      }
      #expect(error.message.contains("window"))
    }
    await open.close()
  }

  @Test("a refused statement changes nothing, is on the log with its code, and the audit recomputes the code")
  func refusal() async throws {
    let ledger = try TestLedger(members: 1)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    let root = open.sequencer.head.seal.stateRoot
    _ = try await open.sequencer.submit([try ledger.statement(0, "subject", "no", number: 2).entry])
    let seal = open.sequencer.head.seal
    #expect(seal.stateRoot == root)
    #expect(seal.refused.map(\.code) == ["said-no"])
    await open.close()
    #expect(try await ledger.consortium.folder("org-1").audit(suite: Self.suite).isSound)
  }

  @Test("a key that is no member's signs once the state knows it, and not before")
  func carriedKeys() async throws {
    let ledger = try TestLedger(members: 1)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let device = PrivateKey.generate(.edDSA)
    func reading(_ number: UInt64) throws -> Statement {
      try .sign(
        payload: [1, 2, 3], contentType: "text/plain", issuer: "device-1", subject: "s", time: ledger.clock.now(),
        claimID: ClaimID(high: 9, low: number), key: device, carryingKey: true)
    }
    guard case .rejected = try await open.sequencer.submit([try reading(1).entry])[0] else {
      Issue.record("an unknown key was taken")
      return
    }
    let register = try Statement.sign(
      payload: Array("key".utf8) + device.publicKey.id.bytes, contentType: "text/plain", issuer: "org-1", subject: "s",
      time: ledger.clock.now(), claimID: .random(), key: ledger.keys[0].statement)
    _ = try await open.sequencer.submit([register.entry])
    #expect(try await open.sequencer.submit([try reading(2).entry])[0].isInLog)
    await open.close()
    #expect(try await ledger.consortium.folder("org-1").audit(suite: Self.suite).isSound)
  }

  @Test("documents beside the log open their envelope; once erased, every proof still holds")
  func documents() async throws {
    let ledger = try TestLedger(members: 1)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let document = Array("a contract that is nobody's business".utf8)
    let salt = [UInt8](repeating: 5, count: 32)
    let envelope = try Statement.sign(
      envelopeOf: document, salt: salt, contentType: "text/plain", issuer: "org-1", subject: "s",
      time: ledger.clock.now(), claimID: .random(), key: ledger.keys[0].statement)
    try open.sequencer.keep(document: document, salt: salt)
    _ = try await open.sequencer.submit([envelope.entry])
    try await open.settle()
    var request = ProofRequest(question: ["document"])
    request.documents = [1]
    let verified = try open.sequencer.prove(request).verify(policy: try ledger.policy)
    #expect(verified.documents[0].bytes == document)
    let digest = HashEnvelope.digest(salt: salt, document: document)
    #expect(try open.sequencer.erase(document: digest))
    #expect(try open.sequencer.document(digest) == nil)
    #expect(throws: LedgerError.self) { try open.sequencer.prove(request) }
    request.documents = []
    request.statements = [1]
    #expect(try open.sequencer.prove(request).verify(policy: try ledger.policy).statements.count == 1)
    await open.close()
    let file = try Data(contentsOf: URL(filePath: ledger.consortium.folder("org-1").ledger))
    #expect(file.range(of: Data(document)) == nil, "erased bytes are still in the file")
    #expect(try await ledger.consortium.folder("org-1").audit(suite: Self.suite).isSound)
  }

  @Test("receipts hold for their statement and key, and for nothing else")
  func receipts() async throws {
    let ledger = try TestLedger(members: 2)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let entries = try (1...5).map { try ledger.statement(number: UInt64($0)).entry }
    _ = try await open.sequencer.submit(entries)
    #expect(throws: LedgerError.self) { try open.sequencer.receipt(1) }
    try await open.settle()
    let receipts = try open.nodes.map { try $0.receipt(3) }
    for (keys, receipt) in zip(ledger.keys, receipts) {
      let found = try Receipt.verify(receipt, entry: entries[2], logKey: keys.log.publicKey.rawRepresentation)
      #expect(found.index == 3 && found.size == 7 && found.root == open.sequencer.head.root)
      #expect(throws: LedgerError.self) {
        try Receipt.verify(receipt, entry: entries[1], logKey: keys.log.publicKey.rawRepresentation)
      }
      for place in receipt.indices {
        var changed = receipt
        changed[place] ^= 1
        // A size with the same path to the same root is the same word: sizes are taken from checkpoints.
        guard let lie = try? Receipt.verify(changed, entry: entries[2], logKey: keys.log.publicKey.rawRepresentation)
        else { continue }
        if lie.root == open.sequencer.head.root && lie.index == 3 { continue }
        Issue.record("byte \(place) of a receipt changed and it still held: \(lie)")
      }
    }
    let transparent = try Receipt.transparent(entries[2], receipts: receipts)
    #expect(try Sign1(transparent: transparent).withoutUnprotected() == entries[2])
    await open.close()
  }

  @Test("a large state is folded, opened by subtrees, proved from and audited")
  func folding() async throws {
    let ledger = try TestLedger(members: 1)
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    for block in 0..<8 {
      let entries = try (0..<4000).map {
        try ledger.statement(0, "s\(block * 4000 + $0)", number: UInt64(block * 4000 + $0)).entry
      }
      _ = try await open.sequencer.submit(entries)
    }
    try await open.settle()
    await open.close()
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    var request = ProofRequest(question: ["q"])
    request.keys = (0..<32_000).filter { $0 % 997 == 0 }.map { CounterContract.counts.key(.sha256("s\($0)")) }
    let verified = try open.sequencer.prove(request).verify(policy: try ledger.policy)
    #expect(verified.present.count == request.keys.count)
    let id = try ledger.statement(0, "s5", number: 5).id
    #expect(try open.sequencer.head.index(of: id) != nil)
    _ = try await open.sequencer.submit([try ledger.statement(0, "s5", number: 999_999).entry])
    let count = try open.sequencer.head.value(CounterContract.counts.key(.sha256("s5")))
    #expect(count == [0, 0, 0, 0, 0, 0, 0, 2])
    await open.close()
    let report = try await ledger.consortium.folder("org-1").audit(suite: Self.suite)
    #expect(report.faults == [])
  }
}
