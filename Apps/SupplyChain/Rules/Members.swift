package import CBOR
package import Primitives

/// What an organisation does in the consortium; it may do several.
package struct Roles: OptionSet, Sendable, Hashable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Runs the platform; holds no money.
  package static let `operator` = Roles(rawValue: 1)
  /// A core enterprise that undertakes to pay.
  package static let coreEnterprise = Roles(rawValue: 2)
  /// Supplies, on any tier.
  package static let supplier = Roles(rawValue: 4)
  /// Sells on.
  package static let distributor = Roles(rawValue: 8)
  /// Lends.
  package static let financier = Roles(rawValue: 16)
  /// Stands in for others.
  package static let guarantor = Roles(rawValue: 32)
  /// Keeps goods.
  package static let warehouseKeeper = Roles(rawValue: 64)
  /// Moves goods.
  package static let carrier = Roles(rawValue: 128)
  /// Owns sensors.
  package static let deviceOwner = Roles(rawValue: 256)
  /// Moves money, and says so.
  package static let settlementBank = Roles(rawValue: 512)
  /// Admits holders' keys, and knows whose they are.
  package static let registrar = Roles(rawValue: 1024)
  /// Supervises.
  package static let regulator = Roles(rawValue: 2048)
  /// Reads.
  package static let auditor = Roles(rawValue: 4096)
  /// Decides disputes and confirms freezes.
  package static let arbiter = Roles(rawValue: 8192)

  /// Every role there is.
  static let all = Roles(rawValue: 16_383)
  /// Who may hold a note.
  static let holders: Roles = [.coreEnterprise, .supplier, .distributor, .financier, .guarantor]
}

/// Where an organisation stands.
package enum MemberStatus: String, Sendable { case applied, admitted, suspended, left }

/// An organisation as the consortium has admitted it.
package struct MemberEntry: Fields {
  /// The name that its statements carry.
  package var name = ""
  /// Its Legal Entity Identifier, or nothing.
  package var lei = ""
  /// What it does.
  package var roles: Roles = []
  /// Where it stands.
  package var status = MemberStatus.applied
  /// Whether it is a small or medium enterprise, which a large one pays within the days of the policy.
  package var isSmall = false

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.text(&name, 1...64)
    try coder.text(&lei, 0...20)
    var bits = roles.rawValue
    try coder.uint(&bits)
    try coder.check(bits <= Roles.all.rawValue)
    roles = Roles(rawValue: bits)
    try coder.choice(&status)
    try coder.bool(&isSmall)
  }
}

/// A quorum's decision on who the organisations are and what they do; each approver states the same document.
package struct RosterChange: Document {
  package static let kind = "roster"
  /// The entries that it sets.
  package var entries: [MemberEntry] = []
  /// The decision's number, so that the same change can be decided twice.
  package var number: UInt64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.list(&entries, 1...64)
    try coder.uint(&number)
  }
}

/// An organisation lets a person act for it, or no longer: the person's key, and what it may do.
package struct PersonChange: Document {
  package static let kind = "person"
  /// The person's name within the organisation: a pseudonym will do.
  package var name = ""
  /// The person's public key as a COSE_Key.
  package var key: [UInt8] = []
  /// Whether it may propose.
  package var makes = false
  /// Whether it may confirm what another has proposed.
  package var checks = false
  /// Whether it may act at all.
  package var isActive = true

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.text(&name, 1...32)
    try coder.bytes(&key, 1...256)
    try coder.bool(&makes)
    try coder.bool(&checks)
    try coder.bool(&isActive)
  }
}

/// A person as the state has it.
struct PersonRecord: Fields {
  var member = ""
  var person = PersonChange()

  mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.name(&member)
    try person.visit(&coder)
  }
}

/// A key under which a holder below the first tier acts for one lot, and a commitment to whose it is.
package struct AdmittedKey: Fields {
  /// SHA-256 of the key's 16-byte id.
  package var key = Digest()
  /// Whose it is, for those who may know.
  package var holder = Sealed()

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&key)
    try holder.visit(&coder)
  }
}

/// The registrar vouches that these keys belong to admitted organisations; a batch shows nobody whose each one is.
package struct KeysAdmission: Document {
  package static let kind = "holder-keys"
  /// The keys.
  package var keys: [AdmittedKey] = []

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.list(&keys, 1...256)
  }
}

/// A Legal Entity Identifier (ISO 17442): eighteen characters and two check digits.
package enum LEI {
  /// Whether the check digits are those of the other characters (98 − remainder of 97, written with two digits).
  ///
  /// They are computed again: 00, 01 and 99 have the right remainder and are wrong all the same.
  package static func isValid(_ text: String) -> Bool {
    let characters = Array(text.utf8)
    guard characters.count == 20, characters[18...].allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    var remainder = 0
    for character in characters[..<18] {
      switch character {
      case 0x30...0x39: remainder = (remainder * 10 + Int(character - 0x30)) % 97
      case 0x41...0x5a: remainder = (remainder * 100 + Int(character - 0x37)) % 97
      default: return false
      }
    }
    let check = 98 - remainder * 100 % 97
    return check == Int(characters[18] - 0x30) * 10 + Int(characters[19] - 0x30)
  }
}
