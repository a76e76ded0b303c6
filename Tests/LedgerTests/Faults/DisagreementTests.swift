import COSE
import Foundation
import Ledger
import LedgerTestKit
import Merkle
import Primitives
import Testing

/// Members that disagree, today and after a restart; statements that are refused.
@Suite("Disagreement")
struct DisagreementTests {
  static let suite = ContractSuite(CounterContract.self)

  @Test("evidence outlives a restart: the member is still not counted, and with two of them nothing becomes final")
  func evidencePersists() async throws {
    let ledger = try TestLedger(members: 4)
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    try await open.settle()
    let origin = open.sequencer.genesis.origin
    let size = open.sequencer.head.size
    let lie = try Lie(ledger: ledger, member: 3, origin: origin, size: size)
    for _ in 0..<2 { #expect(try await open.sequencer.add(lie.request).status == 409) }
    #expect(open.sequencer.evidence.count == 1, "the same word twice is one piece of evidence")
    await open.close()

    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let evidence = try #require(open.sequencer.evidence.first)
    #expect(open.sequencer.evidence.count == 1)
    #expect(evidence.member == "org-4" && evidence.size == size && evidence.note == lie.note.encoded)
    #expect(open.sequencer.fault == nil)
    _ = try await open.sequencer.submit([try ledger.statement(number: 2).entry])
    try await open.settle()
    let final = try #require(open.sequencer.final)
    #expect(final.view.size == open.sequencer.head.size)
    #expect(!String(decoding: final.note, as: UTF8.self).contains("/org-4 "))

    // The second liar: two honest members of four are no quorum.
    let second = try Lie(ledger: ledger, member: 2, origin: origin, size: size)
    #expect(try await open.sequencer.add(second.request).status == 409)
    await open.close()
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    #expect(open.sequencer.evidence.map(\.member) == ["org-4", "org-3"])
    ledger.clock.advance(by: 5000)
    _ = try await open.sequencer.submit([try ledger.statement(number: 3).entry])
    let stuck = await #expect(throws: LedgerError.self) { try await open.settle() }
    #expect(stuck?.kind == .unavailable && stuck?.message.contains("too few members") == true)
    #expect(open.sequencer.final?.view.size != open.sequencer.head.size)
    #expect(open.sequencer.head.size == 7, "what was acknowledged stays")
    await open.close()
    for name in ledger.consortium.names {
      #expect(try await ledger.consortium.folder(name).audit(suite: Self.suite).faults == [])
    }
  }

  @Test("a follower whose root differs from the quorum's halts with a sentence, and stays halted after a restart")
  func followerAgainstQuorum() async throws {
    let ledger = try TestLedger(members: 4)
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    try await open.settle()
    let size = open.nodes[1].head.size
    let root = open.nodes[1].head.root
    let origin = open.sequencer.genesis.origin

    // One member's word against the follower's own log: nothing is signed, nothing halts.
    let one = try Lie(ledger: ledger, member: 0, origin: origin, size: size)
    let alone = await #expect(throws: LedgerError.self) {
      try await Follower(node: open.nodes[2], source: FixedSource(note: one.note)).step()
    }
    #expect(alone?.kind == .diverged && alone?.message.contains("signs nothing") == true)
    #expect(open.nodes[2].fault == nil && open.nodes[2].evidence.map(\.member) == ["org-1"])

    // A quorum's word: it is this copy that is wrong.
    let quorum = try Lie(ledger: ledger, member: 0, others: [2, 3], origin: origin, size: size)
    let source = FixedSource(note: quorum.note)
    let halted = await #expect(throws: LedgerError.self) {
      try await Follower(node: open.nodes[1], source: source).step()
    }
    let sentence = try #require(halted?.message)
    for part in ["A quorum of members (org-1, org-3, org-4)", "another log at size \(size)", "stops", "audit"] {
      #expect(sentence.contains(part), "\(sentence)")
    }
    #expect(open.nodes[1].fault == halted)
    await open.close()

    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    #expect(open.nodes[1].fault == halted)
    await #expect(throws: LedgerError.self) {
      try await Follower(node: open.nodes[1], source: NodeSource(open.sequencer)).step()
    }
    #expect(open.nodes[1].head.root == root, "its own copy is kept as it is")
    await open.close()
    #expect(try await ledger.consortium.folder("org-2").audit(suite: Self.suite).faults == [])
  }

  @Test("a sequencing node that a quorum contradicts takes nothing more")
  func sequencerAgainstQuorum() async throws {
    let ledger = try TestLedger(members: 4)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    try await open.settle()
    let lie = try Lie(
      ledger: ledger, member: 1, others: [2, 3], origin: open.sequencer.genesis.origin, size: open.sequencer.head.size)
    #expect(try await open.sequencer.add(lie.request).status == 409)
    let refused = await #expect(throws: LedgerError.self) {
      try await open.sequencer.submit([try ledger.statement(number: 2).entry])
    }
    #expect(refused?.kind == .diverged && refused?.message.contains("org-2, org-3, org-4") == true)
    await open.close()
  }

  @Test("lines of strangers under a source's checkpoint are not kept")
  func strangersLines() async throws {
    let ledger = try TestLedger(members: 3)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    try await open.sequencer.propose()
    var note = try SignedNote(parsing: try #require(open.sequencer.candidateNote))
    let stranger = MemberKeys.derive(name: "org-9", seed: 77)
    let name = try #require(NoteName("\(open.sequencer.genesis.origin)/org-9"))
    try note.add(
      try Cosignature(
        try Checkpoint(note), timestamp: 1_772_000_000, as: name, with: Lie.Key(key: stranger.cosignature)
      ).line)
    let source = FixedSource(note: note, inner: NodeSource(open.sequencer))
    _ = try await Follower(node: open.nodes[1], source: source).step()
    let kept = String(decoding: try #require(open.nodes[1].candidateNote), as: UTF8.self)
    #expect(!kept.contains("/org-9 ") && kept.contains("/org-1 ") && kept.contains("/org-2 "))
    await open.close()
    #expect(try await ledger.consortium.folder("org-2").audit(suite: Self.suite).faults == [])
  }

  @Test("a refused statement changes nothing, also after a restart; the audit recomputes its code")
  func refusals() async throws {
    let ledger = try TestLedger(members: 2)
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    _ = try await open.sequencer.submit([try ledger.statement(number: 1).entry])
    let root = open.sequencer.head.seal.stateRoot
    let keys = open.sequencer.head.stateCount
    let refused = try ledger.statement(1, "subject", "no", number: 2)
    let outcomes = try await open.sequencer.submit([refused.entry, try ledger.statement(0, "x", "no", number: 3).entry])
    #expect(outcomes.map(\.refusalCode) == ["said-no", "said-no"])
    try await open.settle()
    await open.close()
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    for node in open.nodes {
      let seal = node.head.seal
      #expect(seal.stateRoot == root && node.head.stateCount == keys)
      #expect(seal.refused.map(\.code) == ["said-no", "said-no"] && seal.refused.map(\.offset) == [0, 1])
      #expect(try node.head.entry(seal.first) == refused.entry, "the attempt is on the log")
    }
    #expect(try await open.sequencer.submit([refused.entry]) == [.duplicate(index: 3)])
    await open.close()
    for name in ledger.consortium.names {
      let folder = ledger.consortium.folder(name)
      #expect(try await folder.audit(suite: Self.suite).faults == [])
      // Rules that give another code, or carry the statement out, come to another seal.
      for suite in [ContractSuite(OtherCode.self), ContractSuite(Lenient.self)] {
        let fault = try #require(try await folder.audit(suite: suite).faults.first)
        #expect(fault.place == "entry 5", "\(fault)")
        #expect(fault.what.contains("came out differently"), "\(fault)")
      }
      #expect(
        try await folder.audit(suite: ContractSuite(OtherCode.self)).faults[0].what.contains("said-never"))
    }
  }

  @Test("a file that is no ledger is refused with one sentence, and stays as it is")
  func foreignFiles() async throws {
    let ledger = try TestLedger(members: 1)
    let folder = ledger.consortium.folder("org-1")
    let sound = try Data(contentsOf: URL(filePath: folder.ledger))
    try Data("Dear diary, this is not a database. ".utf8).write(to: URL(filePath: folder.ledger))
    let text = await #expect(throws: LedgerError.self) { try await folder.open(suite: Self.suite, clock: ledger.clock) }
    #expect(text?.kind == .damaged && text?.message.contains("no ledger") == true, "\(String(describing: text))")
    _ = FileManager.default.createFile(atPath: folder.ledger, contents: Data())
    #expect(Tamper.run(folder.ledger, "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')"))
    let other = await #expect(throws: LedgerError.self) {
      try await folder.open(suite: Self.suite, clock: ledger.clock)
    }
    #expect(other?.kind == .unavailable && other?.message.contains("another program") == true)
    #expect(Tamper.select(folder.ledger, "SELECT name FROM sqlite_schema") == [["recipes"]])
    // A table that has lost its name: opening does not make an empty one in its place.
    try sound.write(to: URL(filePath: folder.ledger))
    #expect(Tamper.run(folder.ledger, "ALTER TABLE document RENAME TO documenu"))
    let lost = await #expect(throws: LedgerError.self) { try await folder.open(suite: Self.suite, clock: ledger.clock) }
    #expect(lost?.kind == .damaged && lost?.message.contains("'document'") == true)
    #expect(try await folder.audit(suite: Self.suite).faults.map(\.place) == ["file"])
  }

  /// The same contract with other words for a refusal.
  private struct OtherCode: Contract {
    static let id = CounterContract.id
    static let versions = CounterContract.versions
    static let namespaces = CounterContract.namespaces
    private let inner: CounterContract
    init(version: UInt64) { inner = CounterContract(version: version) }
    func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
      do { try inner.apply(statement, context, &state) } catch { throw Refusal("said-never", error.message) }
    }
  }

  /// The same contract, refusing nothing.
  private struct Lenient: Contract {
    static let id = CounterContract.id
    static let versions = CounterContract.versions
    static let namespaces = CounterContract.namespaces
    private let inner: CounterContract
    init(version: UInt64) { inner = CounterContract(version: version) }
    func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
      do { try inner.apply(statement, context, &state) } catch {}
    }
  }
}

/// Serves one checkpoint, over the entries of a node if there is one.
private struct FixedSource: LogSource {
  let note: SignedNote
  var inner: NodeSource?

  func candidate() async throws -> [UInt8] { note.encoded }
  func entries(from: UInt64, to: UInt64) async throws -> [[UInt8]] {
    try await inner?.entries(from: from, to: to) ?? []
  }
  func consistency(from: UInt64, to: UInt64) async throws -> ConsistencyProof {
    guard let inner else { throw LedgerError(.unavailable, "There is no proof here.") }
    return try await inner.consistency(from: from, to: to)
  }
  func add(_ request: AddCheckpointRequest) async throws {}
}
