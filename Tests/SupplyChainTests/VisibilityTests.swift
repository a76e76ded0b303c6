import COSE
import FinanceRules
import Ledger
import Primitives
import Testing

/// I15 by a second, naive evaluator: everything that a party can read, searched byte by byte for what it must not learn.
///
/// Members execute, so each reads every entry and every pair of the state; beyond that it has its own keys. What it can
/// learn is all of that, and every sealed text that one of its keys opens.
@Suite("Visibility (I15)")
struct VisibilityTests {
  /// What stands in each sealed text, and who may read it: written down by hand, by no code that seals.
  static let secrets: [(marker: String, readers: Set<String>)] = [
    ("unit price 417.20", ["core", "sup1", "reg"]), ("order of 4200", ["core", "sup1", "reg"]),
    ("key one is sup2", ["op", "sup2", "sup1", "reg"]), ("key two is sup3", ["op", "sup3", "sup2", "reg"]),
    ("paint, lot 77", ["op", "dist", "bank2", "reg"]),
  ]

  private func key(_ party: String) -> SealingKey { .derive(seed: 5, label: party) }

  private func seal(_ marker: String) throws -> Sealed {
    let readers = try #require(Self.secrets.first { $0.marker == marker }?.readers)
    return try Sealed(
      Array(marker.utf8), salt: Array(Digest.sha256(marker).bytes), to: readers.sorted().map { key($0).publicKey })
  }

  /// A note from its order to a deeper tier's finance, with everything that is to be hidden sealed to its readers.
  private func story() throws -> (world: World, bids: [String: Terms]) {
    let world = try World()
    for name in World.names { try world.send(SealingNotice { $0.key = key(name).publicKey }, by: name) }
    let admitted = try ["key one is sup2", "key two is sup3"].enumerated().map { place, marker in
      let holder = try seal(marker)
      return AdmittedKey {
        ($0.key, $0.holder) = (.sha256(world.key("key:\(place + 11)").publicKey.id.bytes), holder)
      }
    }
    try world.send(KeysAdmission { $0.keys = admitted }, by: "op")
    let order = try seal("order of 4200")
    try world.send(
      TradeFiling {
        ($0.id, $0.buyer, $0.seller) = (.sha256("order"), "core", "sup1")
        ($0.day, $0.content) = (world.today, order)
      }, by: "core")
    var filing = world.filing(1, 1_000_000)
    filing.content = try seal("unit price 417.20")
    try world.send(filing, by: "sup1")
    try world.invoice(filing.token, .approve, by: "core")
    let note = try world.propose(filing.token, 1_000_000)
    try world.answer(note, .acceptIssue, by: "core/bob")
    try world.answer(note, .acceptPayment, by: "sup1")
    let first = try world.split(note, note, [600_000, 400_000], by: "sup1")
    try world.transfer(note, first[1], from: "sup1", to: "key:11")
    let second = try world.split(note, first[1], [100_000, 300_000], by: "key:11")
    try world.transfer(note, second[1], from: "key:11", to: "key:12")
    try world.request(note, second[1], by: "key:12")
    var bids: [String: Terms] = [:]
    for (bank, rate) in [("bank1", Int64(43_517)), ("bank2", 46_119)] {
      let terms = world.terms(rate: rate, fee: 7_391)
      bids[bank] = terms
      let sealed = try Sealed(
        terms.encoded(), salt: World.salt, to: [key("key:12").publicKey, key(bank).publicKey])
      try world.send(
        Bid {
          ($0.note, $0.lot, $0.expires) = (note, second[1], world.expiry(days: 3))
          $0.terms = sealed
        }, by: bank)
    }
    let content = try seal("paint, lot 77")
    try world.send(
      GoodsReceipt {
        ($0.id, $0.owner, $0.value, $0.content) = (.sha256("goods"), "dist", 1_000_000, content)
      }, by: "op")
    try world.send(RegulatorRead { ($0.member, $0.purpose) = ("core", "review") }, by: "reg")
    return (world, bids)
  }

  /// Everything that a party reads: entries, keys and values of the state, and what its keys open.
  private func knowledge(of party: String, _ world: World) throws -> [[UInt8]] {
    var known = world.sent.map(\.statement.entry)
    let contract = SupplyChainContract(version: 1)
    for (pair, value) in world.trial.pairs {
      // Members all execute; an audience that is narrower over HTTP would hide nothing from them.
      #expect(contract.readers(of: pair) == .members)
      known.append(pair.bytes + value)
    }
    let keys = [key(party)]
    for (statement, _) in world.sent {
      #expect(contract.readers(of: statement) == .members)
      for sealed in try Sealed.all(in: StatementContent(statement.entry)) {
        for key in keys { if let plain = try? sealed.open(with: key).plain { known.append(plain) } }
      }
    }
    return known
  }

  @Test("each member learns what is sealed to it and nothing that is sealed to others")
  func sealed() throws {
    let (world, bids) = try story()
    for party in World.names {
      let known = try knowledge(of: party, world)
      for (marker, readers) in Self.secrets {
        let isKnown = known.contains { $0.contains(sequence: Array(marker.utf8)) }
        #expect(isKnown == readers.contains(party), "\(party) and '\(marker)'")
      }
      for (bank, terms) in bids {
        let isKnown = known.contains { $0.contains(sequence: terms.encoded()) }
        #expect(isKnown == (party == bank), "\(party) and the terms of \(bank)")
      }
    }
  }

  @Test("nothing in clear ties a deeper tier's organisation to the note: not in entries, not in the state")
  func tiers() throws {
    let (world, _) = try story()
    // What names sup2 or sup3 is their own admission and key, never a paper, a note, a lot, a holding or an account.
    let allowed: Set<String> = [
      RosterChange.contentType, Policy.contentType, SealingNotice.contentType, LineGrant.contentType,
    ]
    for (statement, _) in world.sent where !allowed.contains(statement.contentType) {
      for name in ["sup2", "sup3"] {
        #expect(
          !statement.entry.contains(sequence: Array(name.utf8)),
          "\(statement.contentType) of \(statement.issuer): \(name)")
      }
    }
    let families: Set = [
      Family.notes.id, Family.lots.id, Family.holdings.id, Family.lives.id, Family.accounts.id, Family.bids.id,
      Family.invoices.id, Family.registry.id, Family.holderKeys.id,
    ]
    let digests = ["sup2", "sup3"].map { Digest.sha256($0).bytes }
    for (key, value) in world.trial.pairs where families.contains(key.bytes[0]) {
      for name in ["sup2", "sup3"] { #expect(!value.contains(sequence: Array(name.utf8)), "family \(key.bytes[0])") }
      for digest in digests { #expect(!key.bytes.contains(sequence: digest), "family \(key.bytes[0])") }
    }
  }

  @Test("no guard depends on what is sealed: with every ciphertext gone, or another, the outcomes are the same")
  func noGuard() throws {
    let (world, _) = try story()
    for change in 0..<2 {
      let other = try World()
      other.time = world.time
      for (statement, time) in world.sent.dropFirst(other.sent.count) {
        #expect(throws: Never.self) { try other.trial.apply(statement, time: time) }
      }
      var filing = other.filing(50 + change, 10_000)
      filing.content.ciphertext = change == 0 ? [] : [UInt8](repeating: 0xa5, count: 700)
      try other.send(filing, by: "sup1")
      try other.invoice(filing.token, .approve, by: "core")
      _ = try other.propose(filing.token, 10_000)
    }
  }

  @Test("a read by the regulator is on record under the member's name, with who read and when")
  func reads() throws {
    let (world, _) = try story()
    let reads = world.trial.pairs.filter { $0.key.bytes[0] == Family.reads.id }
    #expect(reads.count == 1)
    let event = try NoteEvent(decoding: try #require(reads.first).value)
    #expect(event.actor == "reg" && event.other == "core" && event.time == world.time)
    #expect(reads[0].key.bytes[1..<33].elementsEqual(Digest.sha256("core").bytes))
  }
}
