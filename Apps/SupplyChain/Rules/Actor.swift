package import COSE
internal import Ledger
internal import Primitives
internal import Value

/// Who states something, and when: a party, and the person behind it.
package struct Actor: Sendable {
  /// The name of the organisation, or `~` and the digest of a holder's key.
  package let party: String
  /// One person, so that two can be told apart.
  package let person: String
  let roles: Roles
  let canMake: Bool
  let canCheck: Bool
  let isMember: Bool
  /// The block's time, milliseconds since 1970.
  let time: UInt64
  /// The block's day.
  let day: Day
  /// The statement's place in the log.
  let index: UInt64
  /// The statement's id.
  let id: Digest

  func has(_ roles: Roles) -> Bool { !self.roles.isDisjoint(with: roles) }
}

/// The name of a party that is known by a key alone.
package enum KeyParty {
  /// `~` and the hexadecimal digits of SHA-256 of the key's id.
  package static func name(_ key: KeyID) -> String { "~" + digest(key).hex }

  static func digest(_ key: KeyID) -> Digest { .sha256(key.bytes) }

  /// The digest in a name, or nil for the name of an organisation.
  static func digest(named name: String) -> Digest? {
    name.utf8.first == UInt8(ascii: "~") ? Digest(hex: name.dropFirst()) : nil
  }
}

extension SupplyChainContract {
  /// The actor behind a statement: a member, one of its persons, or an admitted holder's key.
  func actor(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) -> Actor {
    let key = KeyParty.digest(statement.key.id)
    let day = try refusing { () throws(ValueError) in try Day(milliseconds: context.time) }
    func make(_ party: String, _ person: String, _ entry: MemberEntry?, makes: Bool, checks: Bool) -> Actor {
      Actor(
        party: party, person: person, roles: entry?.roles ?? [], canMake: makes, canCheck: checks,
        isMember: entry != nil, time: context.time, day: day, index: context.index, id: statement.id)
    }
    if context.configuration.member(statement.issuer) != nil {
      let entry = try admitted(statement.issuer, &state)
      return make(statement.issuer, "\(statement.issuer)/\(key.hex.prefix(12))", entry, makes: true, checks: true)
    }
    if let record: PersonRecord = try state.record(Family.persons.key(key)) {
      try require(statement.issuer == "\(record.member)/\(record.person.name)", .issuerMismatch)
      try require(record.person.isActive, .personInactive)
      return make(
        record.member, statement.issuer, try admitted(record.member, &state), makes: record.person.makes,
        checks: record.person.checks)
    }
    if state[Family.holderKeys.key(key)] != nil {
      let party = KeyParty.name(statement.key.id)
      try require(statement.issuer == party, .issuerMismatch)
      return make(party, party, nil, makes: true, checks: true)
    }
    throw Guard.signerUnknown.refusal
  }

  private func admitted(_ member: String, _ state: inout State) throws(Refusal) -> MemberEntry {
    let entry: MemberEntry? = try state.record(Family.members.key(.sha256(member)))
    try require(entry?.status == .admitted, .notAdmitted)
    return entry ?? MemberEntry()
  }

  /// Whether a party may hold a note: an admitted organisation with a fitting role, or an admitted key.
  func mayHold(_ party: String, _ state: inout State) throws(Refusal) -> Bool {
    if let digest = KeyParty.digest(named: party) { return state[Family.holderKeys.key(digest)] != nil }
    guard let entry: MemberEntry = try state.record(Family.members.key(.sha256(party))) else { return false }
    return entry.status == .admitted && !entry.roles.isDisjoint(with: .holders)
  }

  func member(_ name: String, _ state: inout State) throws(Refusal) -> MemberEntry? {
    try state.record(Family.members.key(.sha256(name)))
  }
}
