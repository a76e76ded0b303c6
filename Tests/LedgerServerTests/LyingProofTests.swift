import CBOR
import COSE
import Foundation
import HTTPTypes
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives
import Testing

/// A client that asks over HTTP and checks with a policy: a lying server gets nothing past it, field by field.
@Suite("Lying about an answer") struct LyingProofTests {
  static let key = CounterContract.counts.key(.sha256("s1"))
  static let absent = CounterContract.counts.key(.sha256("nobody"))
  static let prefix = CounterContract.counts.prefix()

  /// What a client does with an answer: verify it, and see that it answers the question that was asked.
  struct Asker: Sendable {
    let policy: TrustPolicy
    let now: UInt64

    func value(_ client: any TestClientProtocol, _ key: StateKey) async throws -> [UInt8]? {
      let bundle = try await verified(client, "/state/\(Hex.encode(key.bytes))")
      if let found = bundle.present.first(where: { $0.key == key }) { return found.value }
      guard bundle.absent.contains(key) else { throw LedgerError(.notProved, "The proof is about another key.") }
      return nil
    }

    func list(
      _ client: any TestClientProtocol, _ prefix: StatePrefix
    ) async throws -> [(key: StateKey, value: [UInt8]?)] {
      let bundle = try await verified(client, "/state/\(Hex.encode(prefix.bytes))?prefix=1")
      guard let list = bundle.list(prefix) else { throw LedgerError(.notProved, "The proof is about another list.") }
      return list
    }

    func verified(_ client: any TestClientProtocol, _ path: String) async throws -> VerifiedBundle {
      let answer = try await client.get(path)
      return try ProofBundle(decoding: answer.bytes).verify(policy: policy, now: now, maxAgeMs: 60_000)
    }
  }

  private static func refused(_ name: String, _ says: String = "", _ ask: () async throws -> Void) async {
    do {
      try await ask()
      Issue.record("\(name): believed")
    } catch let error as LedgerError {
      #expect([.notProved, .malformed, .limit].contains(error.kind), "\(name): \(error.kind) \(error.message)")
      #expect(
        (says.isEmpty || error.message.contains(says)) && error.message.english.utf8.count < 2000,
        "\(name): \(error.message)")
    } catch { Issue.record("\(name): \(error)") }
  }

  /// The value with each of its items changed in turn; the path says which.
  static func changes(of value: CBORValue, at path: String = "") -> [(path: String, value: CBORValue)] {
    func flipped(_ bytes: [UInt8], _ place: Int) -> CBORValue {
      var bytes = bytes
      bytes[place] ^= 1
      return .bytes(bytes)
    }
    switch value {
    case .unsigned(let number):
      return [("\(path) + 1", .unsigned(number &+ 1)), ("\(path) at the end", .unsigned(.max - 1))]
    case .negative, .bool, .null: return [("\(path) replaced", 0)]
    case .text(let text): return [("\(path) longer", .text(text + "x")), ("\(path) empty", "")]
    case .bytes(let bytes):
      guard !bytes.isEmpty else { return [("\(path) filled", .bytes([1]))] }
      return [0, bytes.count / 2, bytes.count - 1].map { ("\(path) byte \($0)", flipped(bytes, $0)) } + [
        ("\(path) shorter", .bytes(Array(bytes.dropLast()))), ("\(path) longer", .bytes(bytes + [0])),
        ("\(path) empty", .bytes([])),
      ]
    case .tag(let number, let item):
      return [("\(path) tag", .tag(number + 1, item))]
        + changes(of: item, at: path).map { ($0.path, .tag(number, $0.value)) }
    case .array(let items):
      var all: [(path: String, value: CBORValue)] = items.isEmpty ? [] : [("\(path) emptied", .array([]))]
      for (place, item) in items.enumerated() {
        func with(_ change: (inout [CBORValue]) -> Void) -> CBORValue {
          var items = items
          change(&items)
          return .array(items)
        }
        all.append(("\(path)/\(place) dropped", with { $0.remove(at: place) }))
        all.append(("\(path)/\(place) twice", with { $0.insert(item, at: place) }))
        if place > 0 { all.append(("\(path)/\(place) swapped", with { $0.swapAt(place, place - 1) })) }
        all += changes(of: item, at: "\(path)/\(place)").map { change in
          (change.path, with { $0[place] = change.value })
        }
      }
      return all
    case .map(let pairs):
      return pairs.indices.flatMap { place -> [(path: String, value: CBORValue)] in
        changes(of: pairs[place].value, at: "\(path)/\(pairs[place].key)").map { change in
          var pairs = pairs
          pairs[place].value = change.value
          return (change.path, .map(pairs))
        }
      }
    }
  }

  @Test("each field of an answer, changed in turn, is refused or says nothing else", .timeLimit(.minutes(2)))
  func fields() async throws {
    let kit = try await ServerKit(members: 4)
    try await kit.fill(30)
    try await kit.open.settle()
    let policy = try kit.node.head.configuration.policy(origin: kit.node.genesis.origin)
    let asker = Asker(policy: policy, now: kit.clock.now())
    let liar = Liar()
    try await liar.serve(kit) { _, client in
      let value = try await asker.value(client, Self.key)
      let list = try await asker.list(client, Self.prefix)
      #expect(value != nil && list.count == 7)
      #expect(try await asker.value(client, Self.absent) == nil)
      let questions: [(name: String, path: String, ask: @Sendable () async throws -> Bool)] = [
        ("value", "/state/\(Hex.encode(Self.key.bytes))", { try await asker.value(client, Self.key) == value }),
        ("absence", "/state/\(Hex.encode(Self.absent.bytes))", { try await asker.value(client, Self.absent) == nil }),
        (
          "list", "/state/\(Hex.encode(Self.prefix.bytes))?prefix=1",
          {
            let found = try await asker.list(client, Self.prefix)
            return found.map(\.key) == list.map(\.key) && found.map(\.value) == list.map(\.value)
          }
        ),
      ]
      var (tried, harmless) = (0, [String]())
      for question in questions {
        liar.stop()
        let honest = try CBORValue(decoding: try await client.get(question.path).bytes)
        for change in Self.changes(of: honest) {
          guard let bytes = try? change.value.encoded(), bytes != (try? honest.encoded()) else { continue }
          liar.tell { _, _ in bytes }
          tried += 1
          do {
            #expect(try await question.ask(), "\(question.name)\(change.path): another answer was believed")
            harmless.append(change.path)
          } catch let error as LedgerError {
            #expect(
              error.kind == .notProved || error.kind == .malformed, "\(question.name)\(change.path): \(error.message)")
          }
        }
      }
      // Nobody signs the question; a client compares it with its own.
      // The same item twice says nothing else, and one co-signature of four may be another's: three are the quorum.
      let rest = harmless.filter { !$0.hasPrefix("/2") && !$0.hasSuffix("/0 twice") && !$0.hasPrefix("/3 byte") }
      #expect(rest == [])
      print(
        "An answer's fields: \(tried) changes over HTTP, \(harmless.count) say nothing else: \(Set(harmless).sorted())")
      #expect(tried > 250)
    }
    await kit.close()
  }

  @Test("each line of the checkpoint, changed in turn, is refused; only lines beyond the quorum may go")
  func checkpoint() async throws {
    let kit = try await ServerKit(members: 4)
    try await kit.fill(10)
    try await kit.open.settle()
    let policy = try kit.node.head.configuration.policy(origin: kit.node.genesis.origin)
    let asker = Asker(policy: policy, now: kit.clock.now())
    let liar = Liar()
    try await liar.serve(kit) { _, client in
      @Sendable func lie(_ change: @escaping @Sendable ([String]) -> [String]) {
        liar.tell { _, body in
          guard var bundle = try? ProofBundle(decoding: body) else { return body }
          let lines = String(decoding: bundle.note, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
          ).map(String.init)
          bundle.note = Array(change(lines).joined(separator: "\n").utf8)
          return bundle.encoded()
        }
      }
      let count = String(decoding: try #require(kit.node.final).note, as: UTF8.self).split(separator: "\n").count + 1
      #expect(count == 9)
      let lies: [(String, String, @Sendable ([String]) -> [String])] = [
        ("another origin", "", { ["other.example"] + $0.dropFirst() }),
        ("another size", "", { [$0[0], "\(Int($0[1])! + 1)"] + $0.dropFirst(2) }),
        ("an older size", "", { [$0[0], "2"] + $0.dropFirst(2) }),
        ("another root", "", { $0[..<2] + [Base64.encode(Digest.sha256("x").bytes)] + $0.dropFirst(3) }),
        ("an extension line", "", { $0[..<3] + ["extension"] + $0.dropFirst(3) }),
        ("no log signature", "no log", { Array($0[..<4] + $0.dropFirst(5)) }),
        ("two co-signatures fewer", "2 of the 3 needed", { Array($0[..<5] + $0.dropFirst(7)) }),
        ("one co-signature three times", "of the 3 needed", { $0[..<5] + [$0[5], $0[5], $0[5], ""] }),
        (
          "a co-signature under another's name", "",
          { $0[..<5] + [$0[5].replacing("/org-1", with: "/org-2")] + $0.dropFirst(7) }
        ),
        (
          "a co-signature of other bytes", "",
          { lines in
            let place = lines[6].index(lines[6].endIndex, offsetBy: -8)
            return lines[..<6] + [
              lines[6].replacingCharacters(in: place...place, with: lines[6][place] == "A" ? "B" : "A")
            ] + lines.dropFirst(7)
          }
        ),
        ("no lines at all", "no signed note", { Array($0[..<4]) }),
      ]
      for (name, says, change) in lies {
        lie(change)
        await Self.refused(name, says) { _ = try await asker.value(client, Self.key) }
      }
      lie { Array($0[..<5] + $0.dropFirst(6)) }
      #expect(try await asker.verified(client, "/state/\(Hex.encode(Self.key.bytes))").signers.count == 3)
    }
    await kit.close()
  }

  @Test("old answers, another ledger's, another question's, incomplete and withheld ones")
  func answers() async throws {
    let kit = try await ServerKit(members: 4)
    try await kit.fill(30)
    try await kit.open.settle()
    let old = kit.clock.now()
    let policy = try kit.node.head.configuration.policy(origin: kit.node.genesis.origin)
    let liar = Liar()
    try await liar.serve(kit) { _, client in
      let keyPath = "/state/\(Hex.encode(Self.key.bytes))"
      let listPath = "/state/\(Hex.encode(Self.prefix.bytes))?prefix=1"
      let stale = try await client.get(keyPath).bytes
      let (another, none) = (
        try await client.get("/state/\(Hex.encode(CounterContract.counts.key(.sha256("s2")).bytes))").bytes,
        try await client.get("/state/\(Hex.encode(Self.absent.bytes))").bytes
      )
      let otherList = try await client.get(
        "/state/\(Hex.encode(CounterContract.records.prefix(.sha256("org-1")).bytes))?prefix=1"
      ).bytes
      kit.clock.advance(by: 3_600_000)
      try await kit.fill(10, subject: "s", from: 9000)
      try await kit.open.settle()
      let asker = Asker(policy: policy, now: kit.clock.now())
      #expect(try await asker.value(client, Self.key) != nil)

      liar.tell { _, _ in stale }
      await Self.refused("an hour old", "older than the age") { _ = try await asker.value(client, Self.key) }
      #expect(try await Asker(policy: policy, now: old).value(client, Self.key) != nil)
      let fresh = Asker(policy: policy, now: old)
      for (name, bytes) in [
        ("another key's proof", another), ("an absent key's proof", none), ("a list's proof", otherList),
      ] {
        liar.tell { _, _ in bytes }
        await Self.refused(name, "about another key") { _ = try await fresh.value(client, Self.key) }
        await Self.refused(name, "about another list") { _ = try await fresh.list(client, Self.prefix) }
      }

      let stranger = try TestLedger(members: 4, seed: 99, contract: ServerKit.suite)
      let open = try await stranger.consortium.open(suite: ServerKit.suite, clock: stranger.clock)
      _ = try await open.sequencer.submit([try stranger.statement(0, "s1", "yes", number: 1).entry])
      try await open.settle()
      var request = ProofRequest(question: ["state", "key", Hex.encode(Self.key.bytes)])
      request.keys = [Self.key]
      let foreign = try open.sequencer.prove(request).encoded()
      await open.close()
      liar.tell { _, _ in foreign }
      await Self.refused("another ledger's proof") { _ = try await fresh.value(client, Self.key) }

      // Parts of two honest answers that do not belong together.
      liar.stop()
      let now = try ProofBundle(decoding: try await client.get(keyPath).bytes)
      let before = try ProofBundle(decoding: stale)
      let mixtures: [(String, @Sendable (inout ProofBundle) -> Void)] = [
        ("an old value under a new seal", { $0.present = before.present }),
        (
          "an old seal under a new checkpoint",
          {
            $0.seal = before.seal; $0.sealPath = before.sealPath
          }
        ),
        ("an old checkpoint over a new seal", { $0.note = before.note }),
      ]
      for (name, mix) in mixtures {
        var bundle = now
        mix(&bundle)
        let bytes = bundle.encoded()
        liar.tell { _, _ in bytes }
        await Self.refused(name) { _ = try await asker.value(client, Self.key) }
      }

      // A list must be complete, and what is withheld is counted.
      liar.stop()
      let whole = try await asker.list(client, Self.prefix)
      for place in whole.indices {
        liar.tell { path, body in
          guard path == listPath, var bundle = try? ProofBundle(decoding: body) else { return body }
          bundle.prefixes[0].pairs.remove(at: place)
          return bundle.encoded()
        }
        await Self.refused("pair \(place) dropped", "not all") { _ = try await asker.list(client, Self.prefix) }
        liar.tell { path, body in
          guard path == listPath, var bundle = try? ProofBundle(decoding: body) else { return body }
          bundle.prefixes[0].pairs[place].leaf = .withheld(bundle.prefixes[0].pairs[place].leaf.commitment)
          return bundle.encoded()
        }
        let found = try await asker.list(client, Self.prefix)
        #expect(found.count == whole.count && found.count { $0.value == nil } == 1 && found[place].value == nil)
      }
    }
    await kit.close()
  }

  @Test("each field of a receipt, changed in turn, is refused") func receipt() async throws {
    let kit = try await ServerKit(members: 4)
    let statement = try await kit.fill(20)[5]
    try await kit.open.settle()
    let node = kit.node
    let server = kit.application { _, index in try node.receipt(index) }
    let (size, root) = (kit.node.head.size, kit.node.head.root)
    let liar = Liar()
    try await liar.serve(kit, server) { _, client in
      let logKey = kit.keys[0].log.publicKey.rawRepresentation
      @Sendable func ask() async throws -> (size: UInt64, index: UInt64, root: Digest) {
        let answer = try await client.get("/entries/\(statement.id.hex)", [.accept: "application/cose"])
        return try Receipt.verify(answer.bytes, entry: statement.entry, logKey: logKey)
      }
      let honest = try await ask()
      #expect(honest.size == size && honest.index == 6 && honest.root == root)
      let bytes = try await client.get("/entries/\(statement.id.hex)", [.accept: "application/cose"]).bytes
      var tried = 0
      for change in Self.changes(of: try CBORValue(decoding: bytes)) {
        guard let changed = try? change.value.encoded(), changed != bytes else { continue }
        liar.tell { _, _ in changed }
        tried += 1
        await Self.refused(change.path) { _ = try await ask() }
      }
      #expect(tried > 20)
    }
    await kit.close()
  }
}
