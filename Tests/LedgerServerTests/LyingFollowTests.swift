import CBOR
import COSE
import Ledger
import LedgerServer
import LedgerTestKit
import Merkle
import Primitives
import Testing

/// A member that follows a lying sequencing node over HTTP: whatever the lie, it stores and signs nothing of it and says
/// what is wrong.
@Suite("Lying to a follower") struct LyingFollowTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: LedgerError.Kind
    let says: String
    let make: @Sendable (ServerKit) async throws -> Liar.Lie
    var testDescription: String { name }

    init(
      _ name: String, _ kind: LedgerError.Kind, _ says: String,
      _ make: @escaping @Sendable (ServerKit) async throws -> Liar.Lie
    ) {
      self.name = name
      self.kind = kind
      self.says = says
      self.make = make
    }
  }

  private static func candidate(_ change: @escaping @Sendable (ForgedLog) throws -> [UInt8])
    -> @Sendable (ServerKit)
    async throws -> Liar.Lie
  {
    { kit in
      let note = try change(try ForgedLog(kit))
      return { path, body in path.hasPrefix("/log/candidate") ? note : body }
    }
  }

  private static func bundle(_ change: @escaping @Sendable ([UInt8]) -> [UInt8]) -> @Sendable (ServerKit) -> Liar.Lie {
    { _ in { path, body in path.hasPrefix("/log/tile/entries/") ? change(body) : body } }
  }

  private static func entries(_ change: @escaping @Sendable (inout [[UInt8]]) -> Void)
    -> @Sendable (ServerKit) ->
    Liar.Lie
  {
    bundle { body in
      var entries = ForgedLog.entries(of: body)
      change(&entries)
      return ForgedLog.bundle(entries)
    }
  }

  private static func forged(_ change: @escaping @Sendable (inout ForgedLog) throws -> Void)
    -> @Sendable (ServerKit)
    async throws -> Liar.Lie
  {
    { kit in
      var log = try ForgedLog(kit)
      try change(&log)
      return try log.lie()
    }
  }

  private static func seal(_ field: CBORValue, _ value: @escaping @Sendable (CBORValue) -> CBORValue)
    -> @Sendable (
      ServerKit
    ) async throws -> Liar.Lie
  { forged { $0 = try $0.withSeal(field, value) } }

  static let cases: [Case] = [
    Case("no checkpoint", .unavailable, "cannot be followed", candidate { _ in [] }),
    Case("a checkpoint cut short", .unavailable, "cannot be followed", candidate { Array(try $0.note().dropLast(30)) }),
    Case(
      "a checkpoint of another origin", .diverged, "serves the log 'other.example'",
      candidate { try $0.note(origin: "other.example") }),
    Case(
      "a checkpoint signed by a stranger", .notAuthentic, "not signed by a member's log key",
      candidate { try $0.note(key: .derive(seed: 1, label: "stranger")) }),
    Case(
      "a checkpoint with another root", .diverged, "root", candidate { try $0.note(root: .sha256("another")) }),
    Case(
      "a checkpoint of more entries than there are", .unavailable, "does not have the entries",
      candidate { try $0.note(size: UInt64($0.entries.count) + 3) }),
    Case(
      "a checkpoint of 2^64 - 1 entries", .unavailable, "does not have the entries",
      candidate { try $0.note(size: .max) }),
    Case(
      "a checkpoint that ends within a block", .malformed, "does not end on a seal",
      candidate { try $0.note(size: UInt64($0.entries.count) - 1) }),
    Case("a bundle cut short", .malformed, "no bundle of", bundle { Array($0.dropLast(9)) }),
    Case("an empty bundle", .malformed, "no bundle of", bundle { _ in [] }),
    Case("a bundle with bytes behind it", .malformed, "no bundle of", bundle { $0 + [0, 1, 2] }),
    Case("a bundle beyond its limit", .limit, "sends more than", bundle { _ in Array(repeating: 0, count: 40 << 20) }),
    Case("an entry left out", .malformed, "no bundle of", entries { $0.remove(at: 3) }),
    Case("an entry twice", .malformed, "no bundle of", entries { $0.append($0[3]) }),
    Case("two entries swapped", .diverged, "", entries { $0.swapAt($0.count - 4, $0.count - 3) }),
    Case(
      "one entry in the place of another", .diverged, "repeats entry", entries { $0[$0.count - 4] = $0[$0.count - 3] }),
    Case(
      "a byte of a payload changed", .diverged, "is not authentic",
      entries { entries in
        let place = entries.count - 4
        entries[place][entries[place].count - 70] ^= 1
      }),
    Case(
      "a byte of a signature changed", .diverged, "is not authentic",
      entries { entries in
        let place = entries.count - 4
        entries[place][entries[place].count - 1] ^= 1
      }),
    Case("an empty entry", .diverged, "", entries { $0[$0.count - 4] = [] }),
    Case(
      "a statement dropped, and signed so", .diverged, "came out differently",
      forged { $0.entries.remove(at: $0.entries.count - 3) }),
    Case(
      "a statement added, and signed so", .diverged, "repeats entry",
      forged { $0.entries.insert($0.entries[2], at: $0.entries.count - 2) }),
    Case(
      "two statements swapped, and signed so", .diverged, "came out differently",
      forged { $0.entries.swapAt($0.entries.count - 4, $0.entries.count - 3) }),
    Case(
      "no statement in the block, and signed so", .diverged, "is empty",
      forged { log in
        let seal = log.entries.count - 1
        log.entries.removeSubrange(log.entries[..<seal].lastIndex { Seal.isSeal($0[...]) }! + 1..<seal)
      }),
    Case("no seal at the end, and signed so", .malformed, "does not end on a seal", forged { $0.entries.removeLast() }),
    Case("a seal that is no seal, and signed so", .malformed, "seal", seal(4) { _ in 7 }),
    Case("the seal's height", .diverged, "height or first entry differs", seal(1) { _ in 77 }),
    Case("the seal's first entry", .diverged, "height or first entry differs", seal(2) { _ in 1 }),
    Case("the seal's first entry at the end of numbers", .diverged, "", seal(2) { _ in .unsigned(.max) }),
    Case("the seal's time in the past", .diverged, "not later", seal(3) { _ in 5 }),
    Case("the seal's time at the end of numbers", .diverged, "outside the window", seal(3) { _ in .unsigned(.max) }),
    Case(
      "the seal's time two minutes on", .diverged, "",
      seal(3) { value in
        guard case .unsigned(let time) = value else { return value }
        return .unsigned(time + 86_400_000 * 2)
      }),
    Case("the seal's state root", .diverged, "state root", seal(4) { _ in .bytes(Digest.sha256("x").bytes) }),
    Case("the seal's refusals left out", .diverged, "refused statements differ", seal(5) { _ in [] }),
    Case(
      "the seal's refusal under another code", .diverged, "refused statements differ", seal(5) { _ in [[1, "other"]] }),
    Case("the seal's contract version", .diverged, "came out differently", seal(6) { _ in 1 }),
    Case("the seal's epoch", .diverged, "epoch", seal(7) { _ in 9 }),
    Case(
      "the seal's configuration", .diverged, "configuration differs", seal(8) { _ in .bytes(Digest.sha256("y").bytes) }),
    Case(
      "entries for ever, and never a seal", .diverged, "without a seal",
      { kit in
        let log = try ForgedLog(kit)
        let note = try log.note(size: 1 << 40)
        let statement = log.entries[2]
        return { path, body in
          if path.hasPrefix("/log/candidate") { return note }
          guard let tile = TileID(entriesPath: path.dropFirst("/log/".count)) else { return body }
          return ForgedLog.bundle(Array(repeating: statement, count: tile.width))
        }
      }),
  ]

  @Test("a follower refuses", .timeLimit(.minutes(1)), arguments: cases)
  func lies(_ lie: Case) async throws {
    let kit = try await ServerKit(members: 4)
    let member = kit.open.nodes[1]
    try await kit.fill(12)
    try await kit.node.propose()
    let liar = Liar()
    try await liar.serve(kit) { url, _ in
      let follower = Follower(node: member, source: try HTTPLogSource(url: url))
      // It follows honestly first, so that there is a head to defend.
      _ = try await follower.step()
      let (size, root, note) = (member.head.size, member.head.root, member.candidateNote)
      #expect(size > 1)
      // A candidate keeps its place for two seconds.
      kit.clock.advance(by: 3000)
      try await kit.fill(12, subject: "t", from: 5000)
      try await kit.node.propose()
      liar.tell(try await lie.make(kit))
      do {
        let signed = try await follower.step()
        Issue.record("\(lie.name): believed, \(String(describing: signed)) co-signed")
      } catch let error as LedgerError {
        #expect(error.kind == lie.kind, "\(lie.name): \(error.kind) \(error.message)")
        #expect(lie.says.isEmpty || error.message.contains(lie.says), "\(lie.name): \(error.message)")
        #expect(error.message.english.utf8.count < 1500, "\(lie.name): \(error.message.english.utf8.count) bytes")
      }
      #expect(member.head.size == size && member.head.root == root, "\(lie.name): something was stored")
      #expect(member.candidateNote == note, "\(lie.name): something was signed")
    }
    await kit.close()
  }

  @Test("an old checkpoint makes a follower sign nothing; lines of strangers are not kept", .timeLimit(.minutes(1)))
  func stale() async throws {
    let kit = try await ServerKit(members: 4)
    let member = kit.open.nodes[1]
    try await kit.fill(5)
    try await kit.node.propose()
    let old = try #require(kit.node.candidateNote)
    kit.clock.advance(by: 3000)
    try await kit.fill(5, subject: "t", from: 5000)
    try await kit.node.propose()
    let stranger = TestNoteKey(key: .derive(seed: 3, label: "stranger"))
    let liar = Liar()
    try await liar.serve(kit) { url, _ in
      let follower = Follower(node: member, source: try HTTPLogSource(url: url))
      liar.tell { path, body in
        guard path.hasPrefix("/log/candidate"), var note = try? SignedNote(parsing: body),
          let checkpoint = try? Checkpoint(note), let name = NoteName("\(checkpoint.origin)/org-3"),
          let line = try? Cosignature(checkpoint, timestamp: 1_772_000_500, as: name, with: stranger).line
        else { return body }
        do { try note.add(line) } catch { return body }
        return note.encoded
      }
      #expect(try await follower.step() == kit.node.head.size)
      let (size, note) = (member.head.size, member.candidateNote)
      liar.tell { path, body in path.hasPrefix("/log/candidate") ? old : body }
      #expect(try await follower.step() == nil)
      #expect(member.head.size == size && member.candidateNote == note && member.fault == nil)
      #expect(kit.node.final == nil, "a stranger's line was counted")
    }
    await kit.close()
  }

  @Test("another history under the same keys stops a follower, whichever is longer", arguments: [3, 12, 40])
  func fork(_ count: Int) async throws {
    let (kit, other) = (try await ServerKit(members: 4), try await ServerKit(members: 4))
    let member = kit.open.nodes[1]
    try await kit.fill(12)
    try await kit.node.propose()
    try await other.fill(count, subject: "fork")
    try await other.node.propose()
    let lie = try ForgedLog(other).lie()
    let liar = Liar()
    try await liar.serve(kit) { url, _ in
      let follower = Follower(node: member, source: try HTTPLogSource(url: url))
      _ = try await follower.step()
      let (size, root, note) = (member.head.size, member.head.root, member.candidateNote)
      liar.tell(lie)
      do {
        _ = try await follower.step()
        Issue.record("a fork of \(count) statements was believed")
      } catch let error as LedgerError {
        #expect(error.kind == .diverged || error.kind == .unavailable, "\(error.kind) \(error.message)")
      }
      #expect(member.head.size == size && member.head.root == root && member.candidateNote == note)
    }
    await other.close()
    await kit.close()
  }

  @Test("a consistency proof with anything changed proves nothing", .timeLimit(.minutes(1)))
  func consistency() async throws {
    let kit = try await ServerKit(members: 1)
    try await kit.fill(300)
    let head = kit.node.head
    let (from, to) = (UInt64(77), head.size)
    let (older, newer) = (try head.root(at: from), head.root)
    let liar = Liar()
    let changes: [(String, @Sendable (String) -> String)] = [
      ("from", { $0.replacing("\"from\":77", with: "\"from\":78") }),
      ("to", { $0.replacing("\"to\":\(to)", with: "\"to\":\(to - 1)") }),
      ("a hash", { $0.replacing("\"path\":[\"", with: "\"path\":[\"\(Base64.encode(Digest.sha256("x").bytes))\",\"") }),
      ("path", { $0.replacing(#/"path":\[[^\]]*\]/#, with: "\"path\":[]") }),
      ("not base64", { $0.replacing("\"path\":[\"", with: "\"path\":[\"!!") }),
      ("negative", { $0.replacing("\"from\":77", with: "\"from\":-1") }),
      ("huge", { $0.replacing("\"from\":77", with: "\"from\":99999999999999999999") }),
      ("deep", { _ in String(repeating: "[", count: 30_000) }), ("nothing", { _ in "" }),
      ("many", { $0.replacing("\"path\":[", with: "\"path\":[" + String(repeating: "\"\",", count: 500)) }),
    ]
    try await liar.serve(kit) { url, _ in
      let source = try HTTPLogSource(url: url)
      #expect(try await source.consistency(from: from, to: to).verify(from: older, to: newer))
      for (name, change) in changes {
        liar.tell { _, body in Array(change(String(decoding: body, as: UTF8.self)).utf8) }
        let proof = try? await source.consistency(from: from, to: to)
        #expect(
          proof.map { $0.from == from && $0.to == to && $0.verify(from: older, to: newer) } != true,
          "\(name) was believed")
      }
    }
    await kit.close()
  }
}
