import CBOR
import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives

/// A small ledger with everything in it that a reader can be given: refused statements, an envelope with its document,
/// a changed configuration, lists, absences and withheld values. The same bytes in every run.
struct FuzzLedger {
  let policy: TrustPolicy
  /// Whom a verifier of the first epoch trusts: the chained bundle leads on from there.
  let firstPolicy: TrustPolicy
  let bundle: [UInt8]
  let chained: [UInt8]
  let genesis: Genesis
  let seals: [[UInt8]]
  let entries: [[UInt8]]
  let configurations: [[UInt8]]
  let note: [UInt8]
  let keys: [KeyID: PublicKey]
  /// The whole state at the two bundles' heads, by the root of the log.
  let states: [Digest: [[UInt8]: [UInt8]]]
  let receipts: [(entry: [UInt8], receipt: [UInt8], logKey: [UInt8], index: UInt64, root: Digest)]

  static let suite = ContractSuite(CounterContract.self)

  init() async throws {
    let ledger = try TestLedger(members: 4)
    firstPolicy = try ledger.policy
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    let node = open.sequencer
    var number: UInt64 = 0
    func block(_ entries: [[UInt8]]) async throws {
      _ = try await node.submit(entries)
      try await open.settle()
      ledger.clock.advance(by: 1000)
    }
    func statements(_ count: Int) throws -> [[UInt8]] {
      try (0..<count).map { place in
        number += 1
        return try ledger.statement(place % 2, "s\(place % 4)", place % 5 == 0 ? "no" : "yes", number: number).entry
      }
    }
    func claim() -> ClaimID {
      number += 1
      return ClaimID(high: 99, low: number)
    }
    let document = Array("what stays beside the log".utf8)
    let salt = Digest.sha256("salt").bytes
    let envelope = try Statement.sign(
      envelopeOf: document, salt: salt, contentType: "text/plain", issuer: "org-1", subject: "envelope",
      time: ledger.clock.now(), claimID: claim(), key: ledger.keys[0].statement)
    try node.keep(document: document, salt: salt)
    try await block([envelope.entry] + statements(9))
    try await block(statements(7))

    var request = ProofRequest(question: ["q", "words"])
    request.statements = [1, 3, 12]
    request.documents = [1]
    let keys = ["s1", "s2", "nobody"].map { CounterContract.counts.key(.sha256($0)) }
    request.keys = keys
    request.prefixes = [
      CounterContract.counts.prefix(), CounterContract.keys.prefix(), CounterContract.records.prefix(.sha256("org-2")),
    ]
    request.withheld = { $0 == keys[1] }
    let first = try node.prove(request)
    _ = try first.verify(policy: firstPolicy)
    bundle = first.encoded()
    var states: [Digest: [[UInt8]: [UInt8]]] = [:]
    func keepState() throws {
      let pairs = try node.head.list(StatePrefix(bytes: []))
      states[node.head.root] = Dictionary(uniqueKeysWithValues: pairs.map { ($0.key.bytes, $0.value) })
    }
    try keepState()

    // Two members leave and one comes: the first policy needs the chain from here on.
    let current = node.head.configuration
    let stranger = MemberKeys.derive(name: "org-x", seed: 5)
    let fresh = Member(
      name: "org-x", title: "X", role: .member,
      statementKeys: [.init(role: .admin, key: stranger.statement.publicKey)],
      logKey: stranger.log.publicKey.rawRepresentation,
      cosignatureKey: stranger.cosignature.publicKey.rawRepresentation)
    let next = try current.next(members: current.members.prefix(2) + [fresh], quorum: 2)
    for place in 0..<3 {
      let time = ledger.clock.now()
      let (issuer, key) = (ledger.keys[place].name, ledger.keys[place].statement)
      let statement =
        try place == 0
        ? Membership.propose(next, issuer: issuer, time: time, claimID: claim(), key: key)
        : Membership.approve(next.digest, issuer: issuer, time: time, claimID: claim(), key: key)
      try await block([statement.entry])
    }
    try await block(statements(3))
    let last = try node.prove(request)
    guard last.chain.count == 1 else { throw LedgerError(.damaged, "the chained bundle has no chain") }
    _ = try last.verify(policy: firstPolicy)
    chained = last.encoded()
    try keepState()
    self.states = states

    let head = node.head
    policy = try head.configuration.policy(origin: head.genesis.origin)
    genesis = head.genesis
    entries = try head.entries(from: 0, to: head.size)
    seals = entries.filter { Seal.isSeal($0[...]) }
    configurations = [current.encoded(), next.encoded()]
    note = last.note
    self.keys = Dictionary(
      uniqueKeysWithValues: (ledger.keys.map(\.statement) + [stranger.statement]).map {
        ($0.publicKey.id, $0.publicKey)
      })
    var receipts: [(entry: [UInt8], receipt: [UInt8], logKey: [UInt8], index: UInt64, root: Digest)] = []
    for index in [1, 5, 13] as [UInt64] {
      receipts.append(
        (
          entries[Int(index)], try node.receipt(index), ledger.keys[0].log.publicKey.rawRepresentation, index, head.root
        ))
    }
    self.receipts = receipts
    await open.close()
  }
}

/// A key that signs notes.
struct FuzzSigner: NoteSigning {
  let key: PrivateKey
  var publicKey: [UInt8] { key.publicKey.rawRepresentation }
  func signature(for message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
}

/// A document's files beside the project or in the samples; nothing where they are absent.
enum FuzzFiles {
  static func read(_ folder: String, _ ending: String, limit: Int) -> [[UInt8]] {
    let base = Program.root.appending(path: folder).path
    guard let names = FileManager.default.enumerator(atPath: base)?.compactMap({ $0 as? String }) else {
      print("skipped: \(base) is absent")
      return []
    }
    return names.filter { $0.hasSuffix(ending) }.sorted().compactMap { name in
      FileManager.default.contents(atPath: base + "/" + name).map { Array($0) }
    }.filter { $0.count <= limit }
  }
}
