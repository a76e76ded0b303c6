import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("Membership")
struct MembershipTests {
  static let suite = ContractSuite(CounterContract.self)

  /// Submits one statement and lets every member co-sign.
  private func run(_ statement: Statement, on open: OpenConsortium) async throws -> Outcome {
    let outcome = try await open.sequencer.submit([statement.entry])[0]
    try await open.settle()
    return outcome
  }

  @Test("a rotated key counts from its seal on; bundles carry the policy chain; earlier statements stay valid")
  func rotation() async throws {
    let ledger = try TestLedger(members: 4)
    let oldPolicy = try ledger.policy
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let before = try ledger.statement(1, number: 1)
    #expect(try await run(before, on: open) == .accepted(index: 1))

    let fresh = PrivateKey.generate(.es256)
    let current = open.sequencer.head.configuration
    let members = current.members.map { member in
      member.name != "org-2"
        ? member
        : Member(
          name: member.name, title: member.title, role: member.role,
          statementKeys: [Member.StatementKey(role: .admin, key: fresh.publicKey)], logKey: member.logKey,
          cosignatureKey: member.cosignatureKey)
    }
    let next = try current.next(members: members)
    ledger.clock.advance(by: 1000)
    let proposal = try Membership.propose(
      next, issuer: "org-1", time: ledger.clock.now(), claimID: .random(), key: ledger.keys[0].statement)
    #expect(try await run(proposal, on: open).isInLog)
    #expect(open.sequencer.head.configuration.epoch == 0)
    for member in [2, 3] {
      ledger.clock.advance(by: 1000)
      let approval = try Membership.approve(
        next.digest, issuer: "org-\(member)", time: ledger.clock.now(), claimID: .random(),
        key: ledger.keys[member - 1].statement)
      #expect(try await run(approval, on: open).isInLog)
    }
    #expect(open.sequencer.head.configuration == next)
    #expect(open.nodes.allSatisfy { $0.head.configuration == next })

    ledger.clock.advance(by: 1000)
    guard case .rejected = try await run(try ledger.statement(1, number: 2), on: open) else {
      Issue.record("a revoked key was taken")
      return
    }
    let signed = try Statement.sign(
      payload: [1], contentType: "text/plain", issuer: "org-2", subject: "s", time: ledger.clock.now(),
      claimID: .random(), key: fresh)
    #expect(try await run(signed, on: open).isInLog)

    var request = ProofRequest(question: ["test"])
    request.statements = [1]
    let bundle = try open.sequencer.prove(request)
    #expect(bundle.chain.count == 1)
    #expect(try bundle.verify(policy: oldPolicy).seal.epoch == 1)
    await open.close()
    for name in ledger.consortium.names {
      #expect(try await ledger.consortium.folder(name).audit(suite: Self.suite).faults == [])
    }
  }

  @Test("removing a member needs the old quorum and the new; its statements are refused from then on")
  func removal() async throws {
    let ledger = try TestLedger(members: 4)
    let oldPolicy = try ledger.policy
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let current = open.sequencer.head.configuration
    // Two members that were enough for no quorum before: who has the old policy needs the way from it to theirs.
    let next = try current.next(members: current.members.filter { $0.name < "org-3" }, quorum: 2)
    for statement in try change(to: next, in: ledger) { #expect(try await run(statement, on: open).isInLog) }
    #expect(open.sequencer.head.configuration == next)
    ledger.clock.advance(by: 1000)
    guard case .rejected = try await open.sequencer.submit([try ledger.statement(3, number: 9).entry])[0] else {
      Issue.record("a removed member was taken")
      return
    }
    #expect(try await run(try ledger.statement(0, number: 10), on: open).isInLog)
    try checkChain(open.sequencer, from: oldPolicy, to: next)
    await open.close()
  }

  @Test("a change that was sealed and not co-signed before the node closed keeps its checkpoint")
  func interruptedChange() async throws {
    let ledger = try TestLedger(members: 4)
    let oldPolicy = try ledger.policy
    var open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let current = open.sequencer.head.configuration
    let next = try current.next(members: current.members.filter { $0.name < "org-3" }, quorum: 2)
    for statement in try change(to: next, in: ledger) {
      #expect(try await open.sequencer.submit([statement.entry])[0].isInLog)
    }
    #expect(open.sequencer.head.configuration == next && open.sequencer.final?.view.size != open.sequencer.head.size)
    await open.close()
    open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    ledger.clock.advance(by: 1000)
    // More is sealed before anybody co-signs.
    #expect(try await open.sequencer.submit([try ledger.statement(0, number: 10).entry])[0].isInLog)
    try await open.settle()
    ledger.clock.advance(by: 5000)
    try await open.settle()
    try checkChain(open.sequencer, from: oldPolicy, to: next)
    await open.close()
    #expect(try await ledger.consortium.folder("org-1").audit(suite: Self.suite).faults == [])
  }

  /// The proposal by the first member and the approvals that put a configuration into force.
  private func change(to next: Ledger.Configuration, in ledger: TestLedger) throws -> [Statement] {
    try (0..<3).map { member in
      ledger.clock.advance(by: 1000)
      let issuer = "org-\(member + 1)"
      return member == 0
        ? try Membership.propose(
          next, issuer: issuer, time: ledger.clock.now(), claimID: .random(), key: ledger.keys[member].statement)
        : try Membership.approve(
          next.digest, issuer: issuer, time: ledger.clock.now(), claimID: .random(),
          key: ledger.keys[member].statement)
    }
  }

  /// A bundle leads from the old policy to the new configuration, and each part of the way is needed.
  private func checkChain(_ node: Node, from oldPolicy: TrustPolicy, to next: Ledger.Configuration) throws {
    var request = ProofRequest(question: ["test"])
    request.keys = [Membership.configurations.key(order: 1)]
    let bundle = try node.prove(request)
    #expect(try bundle.verify(policy: oldPolicy).present[0].value == next.encoded())
    func expectRefused(_ what: String, _ spoil: (inout ProofBundle) -> Void) {
      var spoiled = bundle
      spoil(&spoiled)
      #expect(throws: LedgerError.self, "\(what)") { try spoiled.verify(policy: oldPolicy) }
    }
    expectRefused("no chain") { $0.chain = [] }
    expectRefused("configuration") { $0.chain[0].configuration[40] ^= 1 }
    expectRefused("seal") { $0.chain[0].seal[10] ^= 1 }
    expectRefused("note") { $0.chain[0].note[$0.chain[0].note.count - 20] ^= 1 }
  }

  @Test("proposals that are stale, malformed, or by keys without the role change nothing")
  func refusals() async throws {
    let ledger = try TestLedger(members: 3)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let current = open.sequencer.head.configuration
    let root = open.sequencer.head.seal.stateRoot
    let skipped = try current.next(members: current.members).next(members: current.members)
    let stale = try Membership.propose(
      skipped, issuer: "org-1", time: ledger.clock.now(), claimID: .random(), key: ledger.keys[0].statement)
    #expect(try await run(stale, on: open).refusalCode == "proposal-stale")
    let unknown = try Membership.approve(
      .sha256("nothing"), issuer: "org-1", time: ledger.clock.now(), claimID: .random(), key: ledger.keys[0].statement)
    #expect(try await run(unknown, on: open).refusalCode == "proposal-unknown")
    let malformed = try Statement.sign(
      payload: [0xff], contentType: ContentType.proposal, issuer: "org-1", subject: "configuration",
      time: ledger.clock.now(), claimID: .random(), key: ledger.keys[0].statement)
    #expect(try await run(malformed, on: open).refusalCode == "proposal-malformed")
    #expect(open.sequencer.head.seal.stateRoot == root)
    await open.close()
  }

  @Test("quorums of half the members or fewer are refused", arguments: [(4, 2), (4, 5), (6, 3), (1, 0)])
  func quorums(_ members: Int, _ quorum: Int) throws {
    let list = (1...members).map { MemberKeys.derive(name: "org-\($0)", seed: 1).member(title: "") }
    #expect(throws: LedgerError.self) {
      try Configuration(
        epoch: 0, quorum: quorum, contractVersion: 1, algorithms: [.edDSA], access: .public, members: list)
    }
  }

  @Test("a contract upgrade runs at its height and migrates the state")
  func upgrade() async throws {
    let ledger = try TestLedger(members: 1, contractVersion: 1)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let current = open.sequencer.head.configuration
    let next = try current.next(members: current.members, contractVersion: 2)
    let proposal = try Membership.propose(
      next, issuer: "org-1", time: ledger.clock.now(), claimID: .random(), key: ledger.keys[0].statement)
    #expect(try await run(proposal, on: open).isInLog)
    let view = open.sequencer.head
    #expect(view.seal.contractVersion == 2)
    #expect(try view.value(CounterContract.counts.key(.sha256("migrated"))) == [2])
    await open.close()
    #expect(try await ledger.consortium.folder("org-1").audit(suite: Self.suite).faults == [])
  }
}

extension Outcome {
  var isInLog: Bool {
    if case .accepted = self { true } else { false }
  }
  var refusalCode: String? {
    if case .refused(_, let refusal) = self { refusal.code } else { nil }
  }
}
