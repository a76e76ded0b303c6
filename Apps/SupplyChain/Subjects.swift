import COSE
import FinanceRules
import Ledger
import LedgerServer
import Primitives
import Value

/// Whose data something is: the organisations and keys of lots that a read of it concerns.
///
/// A supervisor's read is put on record for each of them.
struct Subjects {
  let view: LedgerView
  private(set) var names: Set<String> = []

  init(_ view: LedgerView) { self.view = view }

  /// Those of everything that answers a question, and that its proof carries.
  init(of question: FinanceQuestion, _ view: LedgerView) throws {
    self.init(view)
    for prefix in question.prefixes { try add(under: prefix) }
    switch question {
    case .holdings(let party): add(party)
    case .line(let owner): try add(account: owner)
    case .credit(let party): add(party)
    case .holder, .chain, .exceptions, .facility, .report: break
    }
  }

  /// Those of an item that is on the ledger under a key prefix: what a route of the log's state shows.
  init(under bytes: [UInt8], _ view: LedgerView) throws {
    self.init(view)
    try add(under: StatePrefix(bytes: bytes))
  }

  /// Those of a statement: who states it, and whom its document names.
  init(ofEntry bytes: [UInt8], _ view: LedgerView) throws {
    self.init(view)
    guard let statement = try? StatementContent(bytes) else { return }
    add(statement.header.issuer)
    // Ids of notes lead to their parties; names stand in the document as texts.
    for name in try Self.texts(in: statement.payload) { add(name) }
  }

  mutating func add(_ name: String) {
    // A person acts for its organisation.
    let party = name.split(separator: "/").first.map(String.init) ?? ""
    guard party.hasPrefix("~") ? Digest(hex: party.dropFirst()) != nil : view.configuration.member(party) != nil else {
      return
    }
    names.insert(party)
  }

  private mutating func add(_ names: [String]) {
    for name in names { add(name) }
  }

  /// The owner of accounts: a party, or a line of somebody.
  private mutating func add(account owner: String) throws {
    guard owner.hasPrefix("line:") else { return add(owner) }
    let parts = owner.dropFirst(5).split(separator: "/").map(String.init)
    guard parts.first == "programme" else { return add(Array(parts.dropFirst())) }
    // A programme is those who owe and are owed by its notes.
    for (_, note) in try FinanceServer.list(Family.notes.prefix(), view, as: Note.self)
    where note.proposal.programme == parts.last {
      add([note.obligor, note.payee])
    }
  }

  private mutating func add(under prefix: StatePrefix) throws {
    for (key, value) in try view.list(prefix) { try add(key, value) }
  }

  private mutating func add(_ key: StateKey, _ value: [UInt8]) throws {
    switch key.bytes.first {
    case Family.notes.id:
      let note = try Note(decoding: value)
      add([note.obligor, note.payee])
    case Family.lots.id:
      let lot = try Lot(decoding: value)
      add([lot.holder, lot.counterparty, lot.pledgee, lot.financier, lot.priorHolder] + lot.invited.map(\.name))
    case Family.lives.id, Family.reads.id:
      let event = try NoteEvent(decoding: value)
      add([event.actor, event.other])
    case Family.invoices.id:
      let filing = try Invoice(decoding: value).filing
      add([filing.seller, filing.buyer])
    case Family.papers.id:
      guard let paper = try? TradeFiling(decoding: value) else { return }
      add([paper.buyer, paper.seller])
    case Family.accounts.id: try add(account: try Account(decoding: value).id.owner)
    case Family.evidence.id:
      let use = try EvidenceUse(decoding: value)
      add([use.bank, use.evidence.payer, use.evidence.payee])
    case Family.registry.id: add(try Registration(decoding: value).financier)
    case Family.exceptions.id:
      let record = try ExceptionRecord(decoding: value)
      try add(goods: record.goods)
      add(record.changedBy)
    case Family.goods.id: try add(Goods(decoding: value))
    case Family.facilities.id:
      let facility = try Facility(decoding: value)
      add([facility.owner, facility.proposal.financier])
    case Family.devices.id:
      let device = try Device(decoding: value)
      add(device.owner)
      try add(goods: device.registration.goods)
    case Family.members.id: add(try MemberEntry(decoding: value).name)
    case Family.obligors.id, Family.holdings.id, Family.undertakings.id, Family.sealingKeys.id:
      // Keys name the party by its digest alone.
      let digest = Digest(key.bytes[1..<33])
      add(view.configuration.members.map(\.name).filter { Digest.sha256($0) == digest })
    default: break
    }
  }

  mutating func add(goods id: Digest) throws {
    guard let bytes = try view.value(Family.goods.key(id)) else { return }
    try add(Goods(decoding: bytes))
  }

  private mutating func add(_ goods: Goods) throws {
    add([goods.receipt.owner, goods.keeper])
    if let id = goods.facility, let facility: Facility = try FinanceServer.record(Family.facilities.key(id), view) {
      add(facility.proposal.financier)
    }
    if let order = try Orders.order(of: goods.receipt.paper, view) { add([order.filing.buyer, order.filing.seller]) }
  }

  /// Runs of characters that names are made of; whatever is no party's name is left out by `add`.
  private static func texts(in payload: [UInt8]) throws -> Set<String> {
    // Every text of a document stands in it as its own bytes, after a head that tells its length.
    var found: Set<String> = []
    var place = 0
    while place < payload.count {
      let head = payload[place]
      var (length, start) = (-1, place + 1)
      if (0x60...0x77).contains(head) {
        length = Int(head - 0x60)
      } else if head == 0x78, place + 1 < payload.count {
        (length, start) = (Int(payload[place + 1]), place + 2)
      }
      if (1...128).contains(length), start + length <= payload.count,
        let text = String(validating: payload[start..<start + length], as: UTF8.self),
        text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
      {
        found.insert(text)
      }
      place += 1
    }
    return found
  }
}

/// A supervisor's reads, as statements.
enum ReadRecord {
  /// The statements of a read of several parties' data.
  static func entries(
    by reader: String, of parties: Set<String>, _ purpose: String, key: PrivateKey, time: UInt64
  ) throws -> [[UInt8]] {
    try parties.sorted().filter { $0 != reader }.map { party in
      let read = RegulatorRead { ($0.member, $0.purpose) = (party, String(purpose.prefix(200))) }
      return try read.statement(
        issuer: reader, subject: "read/\(party)", time: time, claimID: .random(), key: key
      ).entry
    }
  }
}
