import COSE
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("The seam: a note whose holder is hidden")
struct NoteTests {
  static let suite = ContractSuite(NoteContract.self)

  /// The per-note keys of three holders in turn, the opening of the amount, and a ledger with the note issued.
  private struct Story {
    let ledger: TestLedger
    let keys = (1...4).map { PrivateKey.derive(seed: 7, label: "note-key-\($0)") }
    let opening: [UInt8]
    let due = TestLedger.start + 3_600_000

    init() throws {
      ledger = try TestLedger(members: 3, contract: NoteTests.suite)
      var opening = Array(repeating: UInt8(0x5a), count: 32)
      opening.append(u64: 1_250_000)
      self.opening = opening
    }

    func issue(_ note: String, to key: PrivateKey, by obligor: String = "org-1") throws -> [UInt8] {
      try ledger.sign(
        NoteContract.issueType,
        Note(obligor: obligor, amount: .sha256(opening), due: due, holder: key.publicKey.id).encoded, about: note,
        by: obligor)
    }

    func transfer(_ note: String, from key: PrivateKey, to next: PrivateKey, issuer: String? = nil) throws -> [UInt8] {
      try ledger.sign(
        NoteContract.transferType, next.publicKey.id.bytes, about: note,
        by: issuer ?? NoteContract.issuer(key.publicKey.id), key: key)
    }

    func redeem(_ note: String, by key: PrivateKey) throws -> [UInt8] {
      try ledger.sign(
        NoteContract.redeemType, [], about: note, by: NoteContract.issuer(key.publicKey.id), key: key)
    }
  }

  @Test("a note is issued, transferred under fresh keys, redeemed when due; a second transfer is on record as refused")
  func life() async throws {
    let story = try Story()
    var open = try await story.ledger.consortium.open(suite: Self.suite, clock: story.ledger.clock)
    let (a, b, c) = (story.keys[0], story.keys[1], story.keys[2])
    // Before the note is there, its key is nobody's: not even on the log.
    #expect(try await open.submit(story.transfer("invoice-1", from: a, to: b)).isRejected)
    #expect(try await open.submit(story.issue("invoice-1", to: a)).isAccepted)
    #expect(try await open.submit(story.issue("invoice-1", to: c)).code == "note-known")
    #expect(try await open.submit(story.issue("invoice-2", to: a)).code == "key-used")
    #expect(
      try await open.submit(story.issue("invoice-3", to: story.ledger.keys[1].statement)).code == "key-is-a-members")

    // Both transfers of one block: the first in order counts, and the key that lost its power is still recognized.
    let race = try [story.transfer("invoice-1", from: a, to: b), story.transfer("invoice-1", from: a, to: c)]
    let outcomes = try await open.sequencer.submit(race)
    #expect(outcomes[0].isAccepted && outcomes[1].code == "note-transferred")
    try await open.settle()
    await open.close()
    open = try await story.ledger.consortium.open(suite: Self.suite, clock: story.ledger.clock)
    #expect(try await open.submit(story.transfer("invoice-1", from: a, to: c)).code == "note-transferred")
    #expect(try await open.submit(story.transfer("invoice-1", from: b, to: a)).code == "key-used")
    #expect(try await open.submit(story.transfer("invoice-1", from: b, to: c)).isAccepted)

    #expect(try await open.submit(story.redeem("invoice-1", by: c)).code == "note-not-due")
    story.ledger.clock.set(story.due + 1)
    #expect(try await open.submit(story.redeem("invoice-1", by: b)).code == "note-transferred")
    #expect(try await open.submit(story.redeem("invoice-1", by: c)).isAccepted)
    #expect(try await open.submit(story.transfer("invoice-1", from: c, to: story.keys[3])).code == "note-redeemed")
    try await open.settle()
    #expect(open.nodes.allSatisfy { $0.head.root == open.sequencer.head.root })
    await open.close()
    for report in try await story.ledger.audits(Self.suite) { #expect(report.faults == []) }
  }

  @Test("a note's key speaks for itself only: not as a member, not under another name, not for another note")
  func names() async throws {
    let story = try Story()
    let open = try await story.ledger.consortium.open(suite: Self.suite, clock: story.ledger.clock)
    let (a, b, c) = (story.keys[0], story.keys[1], story.keys[2])
    #expect(try await open.submit(story.issue("invoice-1", to: a)).isAccepted)
    #expect(try await open.submit(story.issue("invoice-2", to: b)).isAccepted)
    // A recognized key under a member's name would issue notes that the member owes; it does not reach the contract.
    let forged = try story.ledger.sign(
      NoteContract.issueType,
      Note(obligor: "org-2", amount: .sha256(story.opening), due: story.due, holder: c.publicKey.id).encoded,
      about: "invoice-9", by: "org-2", key: a)
    let size = open.sequencer.head.size
    #expect(try await open.submit(forged).isRejected)
    #expect(open.sequencer.head.size == size)
    #expect(
      try await open.submit(story.transfer("invoice-1", from: a, to: c, issuer: "a supplier")).code == "issuer-not-key")
    #expect(try await open.submit(story.transfer("invoice-2", from: a, to: c)).code == "key-of-another-note")
    #expect(try await open.submit(story.transfer("invoice-7", from: a, to: c)).code == "note-unknown")
    let own = try story.ledger.sign(
      NoteContract.issueType,
      Note(obligor: "key", amount: .sha256(story.opening), due: story.due, holder: c.publicKey.id).encoded,
      about: "invoice-9", by: "key", key: a)
    #expect(try await open.submit(own).code == "not-a-member")
    await open.close()
    for report in try await story.ledger.audits(Self.suite) { #expect(report.faults == []) }
  }

  @Test(
    "the proof of a note opens its amount to whoever is given the opening; holder and amount are nowhere in the files")
  func proof() async throws {
    let story = try Story()
    let open = try await story.ledger.consortium.open(suite: Self.suite, clock: story.ledger.clock)
    // The holders are org-2 and then org-3; the obligor is org-1.
    #expect(try await open.submit(story.issue("invoice-1", to: story.keys[0])).isAccepted)
    #expect(try await open.submit(story.transfer("invoice-1", from: story.keys[0], to: story.keys[1])).isAccepted)
    try await open.settle()
    var request = ProofRequest(question: ["note", "invoice-1"])
    request.keys = [NoteContract.notes.key(.sha256("invoice-1"))]
    request.statements = [1, 3]
    let policy = try story.ledger.policy
    let closed = try open.sequencer.prove(request)
    #expect(
      try NoteContract.claims(try closed.verify(policy: policy)) == [
        "org-1 owes the note invoice-1; it was transferred 1 times and is not redeemed."
      ])
    request.evidence = [story.opening]
    let bundle = try open.sequencer.prove(request)
    #expect(try NoteContract.claims(try bundle.verify(policy: policy))?.last == "Its amount is 1250000.")
    try open.expectMutationsRefused(bundle, policy: policy) { bundle throws(LedgerError) in
      try NoteContract.claims(bundle)
    }
    var absent = ProofRequest(question: ["note", "invoice-2"])
    absent.keys = [NoteContract.notes.key(.sha256("invoice-2"))]
    let nothing = try open.sequencer.prove(absent).verify(policy: policy)
    #expect(try NoteContract.claims(nothing) == ["There is no note invoice-2."])

    for index in 1..<open.sequencer.head.size {
      guard let content = try? StatementContent(try #require(try open.sequencer.head.entry(index))) else { continue }
      #expect(!["org-2", "org-3"].contains(content.header.issuer))
    }
    let members = story.ledger.keys.dropFirst().map { $0.statement.publicKey.id.bytes }
    for value in try open.sequencer.head.list(NoteContract.notes.prefix()).map(\.value) {
      for key in members { #expect(!value.contains(key)) }
    }
    await open.close()
    #expect(try !story.ledger.holds(story.opening))
    #expect(try !story.ledger.holds(Array(story.opening.suffix(8))))
  }
}
