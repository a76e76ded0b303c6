package import Ledger
internal import Primitives
package import Value

/// The families of keys: each list that somebody asks for is one prefix, and so one complete proof.
package enum Family {
  /// `40 ‖ SHA-256(member)` → `MemberEntry`.
  package static let members = Namespace(0x40, "organisations by name", identifiers: 1)
  /// `41 ‖ SHA-256(key id)` → `PersonRecord`.
  package static let persons = Namespace(0x41, "persons by key", identifiers: 1)
  /// `42 ‖ SHA-256(key id)` → `AdmittedKey`.
  package static let holderKeys = Namespace(0x42, "holders' keys", identifiers: 1)
  /// `43 ‖ SHA-256(decision) ‖ SHA-256(member)` → the member's name.
  package static let approvals = Namespace(0x43, "approvals of decisions", identifiers: 2)
  /// `44 ‖ u64 version` → `Policy`.
  package static let policies = Namespace(0x44, "policies by version", identifiers: 0, ordered: true)
  /// `45 ‖ SHA-256(what)` → the number of the last decision on it, eight bytes.
  package static let heads = Namespace(0x45, "last versions", identifiers: 1)
  /// `46 ‖ id` → `TradeFiling`, or the mark of a credit note.
  package static let papers = Namespace(0x46, "papers of the trade", identifiers: 1)
  /// `47 ‖ exact token` → `Invoice`.
  package static let invoices = Namespace(0x47, "invoices by token", identifiers: 1)
  /// `48 ‖ note` → `Note`.
  package static let notes = Namespace(0x48, "notes", identifiers: 1)
  /// `49 ‖ note ‖ lot` → `Lot`: one prefix is the tree of a note.
  package static let lots = Namespace(0x49, "lots by note", identifiers: 2)
  /// `4a ‖ SHA-256(holder) ‖ note ‖ lot` → empty: one prefix is what somebody holds now.
  package static let holdings = Namespace(0x4a, "lots by holder", identifiers: 3)
  /// `4b ‖ SHA-256(obligor) ‖ note` → empty: one prefix is what somebody ever undertook.
  package static let undertakings = Namespace(0x4b, "notes by obligor", identifiers: 2)
  /// `4c ‖ note ‖ u64 entry` → `NoteEvent`: one prefix is the life of a note.
  package static let lives = Namespace(0x4c, "lives of notes", identifiers: 1, ordered: true)
  /// `4d ‖ note ‖ lot ‖ SHA-256(financier)` → `Bid`.
  package static let bids = Namespace(0x4d, "sealed bids", identifiers: 3)
  /// `4e ‖ exact token` → `Registration`.
  package static let registry = Namespace(0x4e, "registry of financed invoices", identifiers: 1)
  /// `4f ‖ similar token ‖ exact token` → empty.
  package static let similar = Namespace(0x4f, "registered invoices by similar token", identifiers: 2)
  /// `50 ‖ SHA-256(owner) ‖ SHA-256(name) ‖ SHA-256(currency)` → `Account`.
  package static let accounts = Namespace(0x50, "accounts", identifiers: 3)
  /// `51 ‖ id` → `Reservation`.
  package static let reservations = Namespace(0x51, "reservations", identifiers: 1)
  /// `52 ‖ evidence id` → `EvidenceUse`.
  package static let evidence = Namespace(0x52, "bank entries used", identifiers: 1)
  /// `53 ‖ SHA-256(obligor)` → `ObligorRecord`.
  package static let obligors = Namespace(0x53, "obligors' records", identifiers: 1)
  /// `54 ‖ SHA-256(member) ‖ u64 entry` → `NoteEvent`: a regulator's reads of a member's data.
  package static let reads = Namespace(0x54, "regulators' reads", identifiers: 1, ordered: true)
  /// `55 ‖ id` → `Goods`.
  package static let goods = Namespace(0x55, "warehouse receipts", identifiers: 1)
  /// `56 ‖ id` → `Facility`.
  package static let facilities = Namespace(0x56, "secured facilities", identifiers: 1)
  /// `57 ‖ facility ‖ goods` → empty.
  package static let pledges = Namespace(0x57, "pledged goods by facility", identifiers: 2)
  /// `58 ‖ SHA-256(device)` → `Device`.
  package static let devices = Namespace(0x58, "devices", identifiers: 1)
  /// `59 ‖ SHA-256(device) ‖ SHA-256(kind of reading)` → `SensorState`.
  package static let sensors = Namespace(0x59, "last readings by device", identifiers: 2)
  /// `5a ‖ u64 entry` → `ExceptionRecord`.
  package static let exceptions = Namespace(0x5a, "exceptions", identifiers: 0, ordered: true)
  /// `5b ‖ goods ‖ u64 entry` → empty: the exceptions of goods that are not resolved.
  package static let openExceptions = Namespace(0x5b, "open exceptions by goods", identifiers: 1, ordered: true)
  /// `5c ‖ SHA-256(party)` → `SealingNotice`.
  package static let sealingKeys = Namespace(0x5c, "sealing keys by party", identifiers: 1)

  /// `5d ‖ goods ‖ SHA-256(device)` → empty: the devices on goods.
  package static let goodsDevices = Namespace(0x5d, "devices by goods", identifiers: 2)

  /// Every family.
  package static let all = [
    members, persons, holderKeys, approvals, policies, heads, papers, invoices, notes, lots, holdings, undertakings,
    lives, bids, registry, similar, accounts, reservations, evidence, obligors, reads, goods, facilities, pledges,
    devices, sensors, exceptions, openExceptions, sealingKeys, goodsDevices,
  ]

  /// The double entry of the application.
  package static let postings = Postings(accounts: accounts, reservations: reservations)
}

extension State {
  /// The record under a key; a value that cannot be read is a damaged state, which refuses everything.
  package mutating func record<Record: Fields>(_ key: StateKey, as type: Record.Type = Record.self) throws(Refusal)
    -> Record?
  {
    guard let bytes = self[key] else { return nil }
    do { return try Record(decoding: bytes) } catch {
      throw Refusal("state-damaged", "A stored value cannot be read: \(error).")
    }
  }

  mutating func put(_ key: StateKey, _ record: some Fields) { set(key, record.encoded()) }
  mutating func mark(_ key: StateKey) { set(key, [0xf5]) }
}
