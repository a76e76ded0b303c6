import COSE
import FaultVFS
import FinanceRules
import Foundation
import Ledger
import Primitives
import Testing

/// The rules on a ledger with its log, store and co-signatures.
@Suite("Supply-chain commands on a ledger", .serialized)
struct LedgerRunTests {
  static let suite = ContractSuite(SupplyChainContract.self)

  /// A consortium of the ten members of `World`, with its keys, in a temporary folder.
  static func found(_ time: UInt64) throws -> Consortium {
    let folder = FileManager.default.temporaryDirectory.path + "/tallystick-finance-test-\(UUID().uuidString)"
    return try .found(
      at: folder, suite: suite,
      plan: Consortium.Plan(members: World.names.map { ($0, $0, .member) }, seed: 7, time: time - 1000))
  }

  static func remove(_ consortium: Consortium) { try? FileManager.default.removeItem(atPath: consortium.path) }

  static func code(_ outcome: Outcome) throws -> (index: UInt64, code: String?) {
    switch outcome {
    case .accepted(let index): return (index, nil)
    case .refused(let index, let refusal): return (index, refusal.code)
    default: throw RunFailure(message: "\(outcome)")
    }
  }

  @Test(
    """
    I10, I11, I14 after each step: the outcome is the trial's, a retry has the first answer, other content under the \
    same id is refused; at the end every event is proved, and the replay comes to the same state
    """,
    arguments: [1, 2, 3] as [UInt64])
  func stepwise(_ seed: UInt64) async throws {
    let run = try RandomRun(seed: seed)
    let clock = ManualClock(run.world.sent[0].time)
    let consortium = try Self.found(clock.now())
    defer { Self.remove(consortium) }
    let open = try await consortium.open(suite: Self.suite, clock: clock)
    let node = open.sequencer
    var places: [UInt64] = []
    for (statement, time) in run.world.sent {
      clock.set(time)
      let (index, refused) = try Self.code(try await node.submit([statement.entry])[0])
      #expect(refused == nil)
      places.append(index)
    }
    var (done, expired) = (0, 0)
    for number in 0..<120 {
      run.begin(number)
      try run.step()
      for (statement, time, refused) in run.stated[done...] {
        clock.set(time)
        let before = node.head.seal.stateRoot
        let (index, code) = try Self.code(try await node.submit([statement.entry])[0])
        try #require(code == refused, "the ledger says otherwise than the rules alone. \(run.report)")
        if refused != nil { try #require(node.head.seal.stateRoot == before, "I11. \(run.report)") }
        places.append(index)
        let after = node.head.seal.stateRoot
        let again = try await node.submit([statement.entry])[0]
        try #require(again == .duplicate(index: index), "I10: \(again). \(run.report)")
        if statement.issuer.first != "~", let key = run.world.keys[statement.issuer]?.statement {
          let other = try Statement.sign(
            payload: Array(statement.payload) + [0], contentType: statement.contentType, issuer: statement.issuer,
            subject: statement.subject, time: statement.issuedAt, claimID: statement.header.claimID, key: key)
          guard case .rejected = try await node.submit([other.entry])[0] else {
            throw RunFailure(message: "I10: other content under a used id. \(run.report)")
          }
        }
        try #require(node.head.seal.stateRoot == after, "I10: a retry changed the state. \(run.report)")
      }
      done = run.stated.count
      for (statement, time) in run.expired[expired...] {
        clock.set(time)
        guard case .rejected = try await node.submit([statement.entry])[0] else {
          throw RunFailure(message: "an expired statement entered the log. \(run.report)")
        }
      }
      expired = run.expired.count
    }
    try await open.settle()
    let policy = try node.head.configuration.policy(origin: node.genesis.origin)
    for index in places {
      var request = ProofRequest(question: ["event"])
      request.statements = [index]
      let verified = try node.prove(request).verify(policy: policy)
      try #require(verified.size == node.head.size, "I14: event \(index)")
    }
    let root = node.head.seal.stateRoot
    await open.close()
    let report = try await consortium.folder("reg").audit(suite: Self.suite)
    #expect(report.isSound && report.stateRoot == root, "I14: \(report.faults). \(run.report)")
  }

  /// A life from proposal to payment, or with everything that can happen to lots and goods, and what goes before it.
  private func life(isLong: Bool) throws -> (
    before: [(statement: Statement, time: UInt64)], life: [(statement: Statement, time: UInt64)]
  ) {
    let world = try World()
    let count = world.sent.count
    let note = try world.live()
    let parts = try world.split(note, note, [600_000, 400_000], by: "sup1")
    try world.transfer(note, parts[1], from: "sup1", to: "key:1")
    try world.request(note, parts[0], by: "sup1")
    try world.bid(note, parts[0], by: "bank1")
    try world.choose(note, parts[0], "bank1", by: "sup1")
    try world.pay(
      note, parts[0], .disburse, world.evidence("bank1", "sup1", try world.proceeds(600_000, days: 90)))
    if isLong { try rest(world, note, parts) }
    return (Array(world.sent.prefix(count)), Array(world.sent.dropFirst(count)))
  }

  /// Papers, goods, drawings, an exception, a pledge, a dispute, a freeze, default, recourse, write-off and payment.
  private func rest(_ world: World, _ note: Digest, _ parts: [Digest]) throws {
    try world.paper(.order, "o")
    try world.paper(.despatch, "d", answers: "o", by: "sup1")
    let other = try world.invoice(2, 500_000, seller: "sup2")
    try world.send(CreditNoteFiling { ($0.token, $0.id, $0.amount) = (other, .sha256("c"), 1_000) }, by: "sup2")
    let goods = try world.goods()
    let facility = try world.facility([goods])
    try world.draw(facility, 100_000)
    try world.device(goods)
    // A block is a millisecond after the one before, so that the registration may be later than it was stated.
    world.time += World.minute
    for counter in 1...2 as ClosedRange<UInt64> { try world.read(counter, 9_000) }
    // The exception stays open: its steps name its place in the log, which is another on the ledger than here.
    try world.pay(facility, drawing: false, world.evidence("dist", "bank2", 100_000))
    try world.act(facility, .close, by: "dist")
    let second = try world.live(3, 300_000, seller: "sup2")
    try world.act(second, second, .pledge, by: "sup2", to: "bank2")
    try world.act(second, second, .acceptPledge, by: "bank2")
    try world.act(second, second, .dispute, by: "core")
    try world.act(second, second, .settleDispute, by: "reg")
    try world.act(second, second, .freeze, by: "op", reason: "order 7")
    try world.act(second, second, .freeze, by: "reg", reason: "order 7")
    try world.act(second, second, .unfreeze, by: "reg", reason: "order 8")
    try world.act(second, second, .unfreeze, by: "op", reason: "order 8")
    world.later(days: 95)
    for (root, lot) in [(note, parts[0]), (note, parts[1]), (second, second)] {
      try world.act(root, lot, .markDue, by: "op")
      try world.act(root, lot, .markOverdue, by: "op")
    }
    world.later(days: 30)
    try world.act(note, parts[0], .markDefault, by: "bank1")
    try world.act(note, parts[0], .accrue, by: "bank1")
    try world.act(note, parts[0], .demandRecourse, by: "bank1")
    try world.act(note, parts[0], .acceptRecourse, by: "sup1")
    try world.pay(note, parts[0], .buyback, world.evidence("sup1", "bank1", 600_000))
    try world.act(second, second, .markDefault, by: "sup2")
    try world.act(second, second, .enforce, by: "bank2")
    try world.send(WriteOff { ($0.note, $0.lot, $0.amount) = (second, second, 100_000) }, by: "bank2")
    try world.act(second, second, .cure, by: "bank2")
    try world.pay(note, parts[1], .settle, world.evidence("core", world.party("key:1"), 400_000))
    try world.pay(second, second, .settle, world.evidence("core", "bank2", 300_000))
  }

  /// `TALLYSTICK_THOROUGH=1` cuts the long life at every operation too; without it at each seventh.
  @Test(
    "the power goes at writes and syncs of a note's life: what was answered is there, and the rest can go on",
    arguments: [false, true])
  func everyWrite(_ isLong: Bool) async throws {
    let stride = isLong && ProcessInfo.processInfo.environment["TALLYSTICK_THOROUGH"] != "1" ? 7 : 1
    let (before, life) = try life(isLong: isLong)
    let clock = ManualClock(before[0].time)
    let consortium = try Self.found(clock.now())
    defer { Self.remove(consortium) }
    let first = World.names[0]
    func node(_ path: String) async throws -> Node {
      let node = try await MemberFolder(path: path).open(suite: Self.suite, clock: clock)
      await node.sequence(with: EmbeddedSequencer(clock: clock))
      return node
    }
    let start = try await node(consortium.folder(first).path)
    for (statement, _) in before { _ = try Self.code(try await start.submit([statement.entry])[0]) }
    await start.close()
    guard fault_vfs_install() == 0 else { throw RunFailure(message: "no faulty file system") }
    var (place, struck, roots) = (0, true, Set<Digest>())
    var (operations, cuts) = (0, 0)
    while struck {
      let folder = consortium.path + "/crash-\(place)/\(first)"
      try FileManager.default.createDirectory(
        atPath: consortium.path + "/crash-\(place)", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: consortium.folder(first).path, toPath: folder)
      let scope = fault_scope_begin(URL(filePath: folder).resolvingSymlinksInPath().path + "/")
      fault_scope_track(scope)
      fault_scope_arm(scope, Int32(place == 0 ? FAULT_COUNT : FAULT_CUT), Int64(place), 1)
      var answered: [(Digest, UInt64)] = []
      do {
        let node = try await node(folder)
        do {
          for (statement, time) in life {
            clock.set(time)
            answered.append((statement.id, try Self.code(try await node.submit([statement.entry])[0]).index))
          }
        } catch {}
        await node.close()
      } catch {}
      if place == 0 { operations = Int(fault_scope_operations(scope)) }
      struck = place == 0 || fault_scope_struck(scope) > 0
      if place > 0 { fault_scope_settle(scope, Int32(place % 3), UInt64(place)) }
      fault_scope_heal(scope)
      // Again from what the disk has: the answers are the first ones, and the same state comes of it.
      let again = try await node(folder)
      for (number, (statement, time)) in life.enumerated() {
        clock.set(time)
        if number < answered.count {
          let kept = try? again.head.entry(answered[number].1)
          try #require(kept == statement.entry, "operation \(place): an answered command is gone")
          // The window of a statement's time is over where months have passed since.
          if isLong { continue }
        }
        let outcome = try await again.submit([statement.entry])[0]
        if number < answered.count {
          try #require(outcome == .duplicate(index: answered[number].1), "operation \(place): another answer")
        } else {
          switch outcome {
          case .accepted, .duplicate: break
          default: throw RunFailure(message: "operation \(place), command \(number): \(outcome)")
          }
        }
      }
      // A retry after the cut may seal at another time, and lives and uses carry log places: blocks differ, not what is owed.
      roots.insert(again.head.seal.stateRoot)
      await again.close()
      let report = try await MemberFolder(path: folder).audit(suite: Self.suite)
      try #require(report.isSound, "operation \(place): \(report.faults)")
      fault_scope_end(scope)
      try FileManager.default.removeItem(atPath: consortium.path + "/crash-\(place)")
      cuts += place == 0 ? 0 : 1
      place += place == 0 ? 1 : stride
      if place > operations + 50 { break }
    }
    print("a note's life of \(life.count) commands: \(operations) writes and syncs, \(cuts) cuts, all sound")
    #expect(cuts > 30 && !roots.isEmpty)
  }
}
