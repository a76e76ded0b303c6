import CBOR
import COSE
import EPCIS
import Foundation
import JSON
import Ledger
import LedgerTestKit
import Merkle
import Primitives

/// The keys of the state that traceability has, and no rules: enough for a trace that the real program accepts.
struct ExampleContract: Contract {
  static let id = "traceability"
  static let versions: ClosedRange<UInt64> = 1...1
  static let events = Namespace(0x10, "events", identifiers: 1)
  static let histories = Namespace(0x11, "events by item", identifiers: 1, ordered: true)
  static let eventIDs = Namespace(0x12, "events by event id", identifiers: 1, ordered: true)
  static let contexts = Namespace(0x14, "contexts", identifiers: 1)
  static let envelopes = Namespace(0x16, "confidential documents", identifiers: 1, ordered: true)
  static let namespaces = [events, histories, eventIDs, contexts, envelopes]

  init(version: UInt64) {}

  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    var whole = CBORWriter()
    whole.bytes(statement.payload)
    if statement.isHashEnvelope {
      return state.set(Self.envelopes.key(.sha256(statement.subject), order: context.index), whole.bytes)
    }
    if statement.contentType == ExampleLedger.contextType {
      return state.set(Self.contexts.key(.sha256(statement.payload)), whole.bytes)
    }
    guard let (event, hash) = try? ExampleLedger.event(Array(statement.payload)) else {
      throw Refusal("event-malformed", "The event cannot be read.")
    }
    let (digest, id) = (Digest.sha256(hash), event.eventID ?? hash)
    guard state[Self.events.key(digest)] == nil else { throw Refusal("event-known", "The event is known.") }
    var record = CBORWriter()
    record.array(2)
    record.text(id)
    record.array(1)
    record.uint(context.index)
    state.set(Self.events.key(digest), record.bytes)
    var reference = CBORWriter()
    reference.array(2)
    reference.bytes(digest)
    reference.array(1)
    reference.uint(context.index)
    for item in event.items {
      state.set(Self.histories.key(.sha256(item.id), order: context.index), reference.bytes)
    }
    state.set(Self.eventIDs.key(.sha256(id), order: context.index), reference.bytes)
  }
}

/// The ledger of the worked examples: three members, two blocks, a change of the quorum; the same bytes each time.
struct ExampleLedger {
  static let contextType = "application/vnd.tallystick.jsonld-context+json"
  static let context =
    #"["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"ex":"https://example.org/"}]"#
  static let harvest =
    #"{"type":"ObjectEvent","eventTime":"2026-02-20T09:00:00+01:00","eventTimeZoneOffset":"+01:00","quantityList":[{"epcClass":"urn:epc:class:lgtin:9521101.900001.A1","quantity":150.0,"uom":"KGM"}],"action":"ADD","bizStep":"commissioning","readPoint":{"id":"urn:epc:id:sgln:9521101.00001.0"},"ilmd":{"ex:variety":"Gala"}}"#
  static let packing =
    #"{"type":"TransformationEvent","eventTime":"2026-02-21T08:30:00Z","eventTimeZoneOffset":"+00:00","inputQuantityList":[{"epcClass":"urn:epc:class:lgtin:9521101.900001.A1","quantity":2,"uom":"KGM"}],"outputEPCList":["urn:epc:id:sgtin:9521101.000002.7"],"bizStep":"commissioning"}"#
  static let lot = EPCIdentifier.canonical("urn:epc:class:lgtin:9521101.900001.A1")
  static let carton = EPCIdentifier.canonical("urn:epc:id:sgtin:9521101.000002.7")
  static let salt = (0..<32).map { UInt8(0xa0 + $0) }
  static let document = Array("The price is 2 a kilo.".utf8)
  static let suite = ContractSuite(ExampleContract.self)
  static let start: UInt64 = 1_772_000_000_000

  let keys: [MemberKeys]
  let genesis: Genesis
  let policy: TrustPolicy
  let policyText: [UInt8]
  /// All entries, those of the first checkpoint and of the last.
  let entries: [[UInt8]]
  let roots: (first: Digest, last: Digest)
  let consistency: [Digest]
  let receipts: [[UInt8]]
  /// One of everything, a trace, and an answer of the second configuration.
  let parts: ProofBundle
  let trace: ProofBundle
  let chained: ProofBundle

  /// An event with its canonical hash under the example's context.
  static func event(_ bytes: [UInt8]) throws -> (event: Event, hash: String) {
    let namespaces = Namespaces(context: try JSONParser.parse(Array(context.utf8)))
    let value = try JSONParser.parse(bytes)
    return (try Event(value, namespaces), EventHash.compute(value, namespaces))
  }

  static var contextDigest: Digest { .sha256(context) }

  init() async throws {
    let folder = Program.temporary()
    let keys = ["org-1", "org-2", "org-3"].map { MemberKeys.derive(name: $0, seed: 1) }
    self.keys = keys
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let clock = ManualClock(Self.start)
    let plan = Consortium.Plan(
      members: [
        ("org-1", "Example Orchard", .member), ("org-2", "Example Packhouse", .member),
        ("org-3", "Example Authority", .regulator),
      ], quorum: 3, seed: 1, time: Self.start)
    let consortium = try Consortium.found(at: folder, suite: Self.suite, plan: plan)
    policyText = Array(try Data(contentsOf: URL(filePath: folder + "/policy.txt")))
    policy = try TrustPolicy(parsing: policyText)
    let open = try await consortium.open(suite: Self.suite, clock: clock)
    let node = open.sequencer
    genesis = node.genesis
    clock.advance(by: 60_000)

    var number: UInt64 = 0
    let eventType = "application/vnd.tallystick.epcis-event+json; context=" + Self.contextDigest.hex
    func state(_ payload: String, _ type: String, _ subject: String, _ member: Int) throws -> [UInt8] {
      number += 1
      return try Statement.sign(
        payload: Array(payload.utf8), contentType: type, issuer: keys[member].name, subject: subject,
        time: clock.now(), claimID: ClaimID(high: 0, low: number), key: keys[member].statement
      ).entry
    }
    let (harvestID, packingID) = (
      try Self.event(Array(Self.harvest.utf8)).hash, try Self.event(Array(Self.packing.utf8)).hash
    )
    let envelope = try Statement.sign(
      envelopeOf: Self.document, salt: Self.salt, contentType: "text/plain", issuer: "org-2", subject: "price",
      time: clock.now(), claimID: ClaimID(high: 1, low: 1), key: keys[1].statement)
    try node.keep(document: Self.document, salt: Self.salt)
    _ = try await node.submit([
      try state(Self.context, Self.contextType, "@context", 0), try state(Self.harvest, eventType, harvestID, 0),
      try state(Self.packing, eventType, packingID, 1), envelope.entry,
      try state(Self.harvest, eventType, harvestID, 0),
    ])
    try await open.settle()
    let first = node.head
    receipts = try open.nodes.map { try $0.receipt(2) }

    let event = ExampleContract.events
    var request = ProofRequest(question: ["example"])
    request.documents = [4]
    request.keys = [
      event.key(.sha256(harvestID)), ExampleContract.contexts.key(Self.contextDigest), event.key(.sha256("none")),
    ]
    request.withheld = { $0.bytes.first == event.id }
    request.prefixes = [
      ExampleContract.histories.prefix(.sha256(Self.lot)), ExampleContract.envelopes.prefix(.sha256("nothing")),
    ]
    parts = try node.prove(request)
    request = ProofRequest(question: ["trace", Self.carton, "back"])
    request.statements = [2, 3]
    request.keys = [ExampleContract.contexts.key(Self.contextDigest)]
    request.prefixes = [Self.carton, Self.lot].map { ExampleContract.histories.prefix(.sha256($0)) }
    trace = try node.prove(request)

    // From now on two of three suffice, and two sign.
    clock.advance(by: 60_000)
    let next = try node.head.configuration.next(members: node.head.configuration.members, quorum: 2)
    var changes = [
      try Membership.propose(
        next, issuer: "org-1", time: clock.now(), claimID: ClaimID(high: 2, low: 1), key: keys[0].statement
      ).entry
    ]
    for member in 1...2 {
      changes.append(
        try Membership.approve(
          next.digest, issuer: keys[member].name, time: clock.now(), claimID: ClaimID(high: 2, low: 1),
          key: keys[member].statement
        ).entry)
    }
    _ = try await node.submit(changes)
    try await open.settle()
    clock.advance(by: 60_000)
    _ = try await node.submit([try state("{}", "application/json", "nobody reads this", 1)])
    try await node.propose()
    _ = try await Follower(node: try open.node("org-2"), source: NodeSource(node)).step()
    request = ProofRequest(question: ["state", "key", "000000000000000001"])
    request.keys = [Membership.configurations.key(order: 1)]
    chained = try node.prove(request)
    entries = try node.head.entries(from: 0, to: node.head.size)
    roots = (first.root, node.head.root)
    consistency = try node.head.consistency(from: first.size, to: node.head.size).path
    await open.close()
  }
}
