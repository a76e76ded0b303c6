import CBOR
public import COSE
public import Primitives

/// A member organisation: its name, what it may do, and its keys, one role to a key.
public struct Member: Sendable, Hashable {
  /// What the organisation may do.
  public enum Role: String, Sendable, CaseIterable {
    /// Writes statements, executes and co-signs.
    case member
    /// Reads everything that members read, executes and co-signs; may write as well.
    case regulator
  }

  /// What a statement key may sign.
  public enum KeyRole: String, Sendable, CaseIterable {
    /// Statements of the application.
    case write
    /// Statements of the application, and proposals and approvals of the configuration.
    case admin
  }

  /// One key of the organisation's people and systems.
  public struct StatementKey: Sendable, Hashable {
    /// What the key may sign.
    public let role: KeyRole
    /// The key.
    public let key: PublicKey

    /// A key with its role.
    public init(role: KeyRole, key: PublicKey) {
      self.role = role
      self.key = key
    }
  }

  /// The name in statements (`iss`), notes and folders: 1 to 64 of `a-z 0-9 . -`.
  public let name: String
  /// The name for people.
  public let title: String
  /// What the organisation may do.
  public let role: Role
  /// Its statement keys, in order of their ids.
  public let statementKeys: [StatementKey]
  /// Its log key: Ed25519, 32 bytes, signs checkpoints of a log that it sequences (C2SP type 01) and receipts.
  public let logKey: [UInt8]
  /// Its co-signature key: Ed25519, 32 bytes (C2SP type 04).
  public let cosignatureKey: [UInt8]

  /// A member; the statement keys are put in order.
  public init(
    name: String, title: String, role: Role, statementKeys: [StatementKey], logKey: [UInt8], cosignatureKey: [UInt8]
  ) {
    self.name = name
    self.title = title
    self.role = role
    self.statementKeys = statementKeys.sorted { $0.key.id < $1.key.id }
    self.logKey = logKey
    self.cosignatureKey = cosignatureKey
  }

  /// Whether `name` can name a member: 1 to 64 of `a-z 0-9 . -`.
  public static func isValidName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d }
  }
}

/// Who the members are, with which keys, how many must agree, and which rules are in force: everything that changes
/// only by approval. Identified by the SHA-256 of its encoding.
public struct Configuration: Sendable, Hashable {
  /// Who may read entries and state without being a member.
  public enum Access: String, Sendable, CaseIterable {
    /// Everyone.
    case `public`
    /// Members and regulators, with a token.
    case member
  }

  /// 0 in the genesis, then one more with each activated change.
  public let epoch: UInt64
  /// How many members must co-sign: more than half of them.
  public let quorum: Int
  /// The version of the contract in force.
  public let contractVersion: UInt64
  /// The signature algorithms that statements may use.
  public let algorithms: [Algorithm]
  /// Who may read entries and state.
  public let access: Access
  /// The members in order of their names.
  public let members: [Member]

  /// A configuration; members are put in order of their names, algorithms in order of their numbers.
  ///
  /// Throws when a name or a key occurs twice, there are no members or more than `Limits.members`, or the quorum is
  /// not more than half of the members and at most all of them.
  public init(
    epoch: UInt64, quorum: Int? = nil, contractVersion: UInt64, algorithms: [Algorithm], access: Access,
    members: [Member]
  ) throws(LedgerError) {
    self.epoch = epoch
    self.quorum = quorum ?? Configuration.defaultQuorum(members.count)
    self.contractVersion = contractVersion
    self.algorithms = Array(Set(algorithms)).sorted { $0.rawValue < $1.rawValue }
    self.access = access
    self.members = members.sorted { $0.name < $1.name }
    try check()
  }

  /// K = ⌊2N/3⌋ + 1.
  public static func defaultQuorum(_ members: Int) -> Int { members * 2 / 3 + 1 }

  private func check() throws(LedgerError) {
    guard (1...Limits.members).contains(members.count) else {
      throw LedgerError(.malformed, "A ledger has 1 to \(Limits.members) members, not \(members.count).")
    }
    guard quorum > members.count / 2, quorum <= members.count else {
      throw LedgerError(
        .malformed,
        "A quorum of \(quorum) of \(members.count) members is refused: it must be more than half and at most all of "
          + "them, or two halves could each agree on something else.")
    }
    var keys: Set<[UInt8]> = []
    var names: Set<String> = []
    for member in members {
      guard Member.isValidName(member.name) else {
        throw LedgerError(.malformed, "The member name '\(member.name.shown)' is not 1 to 64 of a-z, 0-9, '.' and '-'.")
      }
      guard names.insert(member.name).inserted else {
        throw LedgerError(.malformed, "The member name '\(member.name.shown)' occurs twice.")
      }
      let own = member.statementKeys.map(\.key.rawRepresentation) + [member.logKey, member.cosignatureKey]
      guard !member.statementKeys.isEmpty, member.logKey.count == 32, member.cosignatureKey.count == 32,
        member.title.utf8.count <= 256
      else {
        throw LedgerError(.malformed, "The member '\(member.name.shown)' lacks a statement, log or co-signature key.")
      }
      for key in own where !keys.insert(key).inserted {
        throw LedgerError(.malformed, "A key of the member '\(member.name.shown)' is used twice: one key, one role.")
      }
      for key in member.statementKeys where !algorithms.contains(key.key.algorithm) {
        throw LedgerError(
          .malformed,
          "A key of '\(member.name.shown)' has the algorithm \(key.key.algorithm), which the ledger does not accept.")
      }
    }
  }

  /// The member called `name`, or nil.
  public func member(_ name: String) -> Member? { members.first { $0.name == name } }

  /// SHA-256 of the encoding.
  public var digest: Digest { .sha256(encoded()) }

  /// The deterministic CBOR of docs/formats.md, "Configuration".
  public func encoded() -> [UInt8] {
    var writer = CBORWriter()
    writer.map(6)
    writer.uint(1)
    writer.uint(epoch)
    writer.uint(2)
    writer.uint(UInt64(quorum))
    writer.uint(3)
    writer.uint(contractVersion)
    writer.uint(4)
    writer.array(algorithms.count)
    for algorithm in algorithms { writer.int(algorithm.rawValue) }
    writer.uint(5)
    writer.text(access.rawValue)
    writer.uint(6)
    writer.array(members.count)
    for member in members { member.encode(to: &writer) }
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(LedgerError) {
    do {
      var reader = CBORReader(bytes)
      try reader.expectMap(6)
      try reader.expectKey(1)
      let epoch = try reader.uint()
      try reader.expectKey(2)
      let quorum = try reader.uint()
      try reader.expectKey(3)
      let version = try reader.uint()
      try reader.expectKey(4)
      var algorithms: [Algorithm] = []
      for _ in 0..<(try reader.array()) {
        let number = try reader.int()
        guard let algorithm = Algorithm(rawValue: number) else {
          throw LedgerError(
            .malformed, "The configuration names the signature algorithm \(number), which is unknown here.")
        }
        algorithms.append(algorithm)
      }
      try reader.expectKey(5)
      let access = try reader.text()
      try reader.expectKey(6)
      var members: [Member] = []
      let count = try reader.array()
      guard count <= Limits.members else { throw LedgerError.limit("member list", count, Limits.members) }
      for _ in 0..<count { members.append(try Member(from: &reader)) }
      try reader.finish()
      guard let access = Access(rawValue: access) else {
        throw LedgerError(.malformed, "The configuration's access policy '\(access.shown)' is unknown here.")
      }
      try self.init(
        epoch: epoch, quorum: Int(clamping: quorum), contractVersion: version, algorithms: algorithms, access: access,
        members: members)
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(.malformed, "The configuration cannot be read: \(error).")
    }
    guard encoded()[...] == bytes else {
      throw LedgerError(.malformed, "The configuration's members, keys or algorithms are not in order.")
    }
  }
}

extension Member {
  func encode(to writer: inout CBORWriter) {
    writer.map(6)
    writer.uint(1)
    writer.text(name)
    writer.uint(2)
    writer.text(title)
    writer.uint(3)
    writer.text(role.rawValue)
    writer.uint(4)
    writer.array(statementKeys.count)
    for key in statementKeys {
      writer.array(2)
      writer.text(key.role.rawValue)
      writer.bytes(key.key.coseKey)
    }
    writer.uint(5)
    writer.bytes(logKey)
    writer.uint(6)
    writer.bytes(cosignatureKey)
  }

  init(from reader: inout CBORReader) throws {
    try reader.expectMap(6)
    try reader.expectKey(1)
    let name = try reader.text()
    try reader.expectKey(2)
    let title = try reader.text()
    try reader.expectKey(3)
    let role = try reader.text()
    try reader.expectKey(4)
    var keys: [StatementKey] = []
    for _ in 0..<(try reader.array()) {
      try reader.expectArray(2)
      let keyRole = try reader.text()
      guard let keyRole = KeyRole(rawValue: keyRole) else {
        throw LedgerError(.malformed, "The key role '\(keyRole.shown)' of the member '\(name.shown)' is unknown here.")
      }
      keys.append(StatementKey(role: keyRole, key: try PublicKey(coseKey: try reader.bytes())))
    }
    try reader.expectKey(5)
    let log = Array(try reader.bytes())
    try reader.expectKey(6)
    let cosignature = Array(try reader.bytes())
    guard let role = Role(rawValue: role) else {
      throw LedgerError(.malformed, "The role '\(role.shown)' of the member '\(name.shown)' is unknown here.")
    }
    self.init(name: name, title: title, role: role, statementKeys: keys, logKey: log, cosignatureKey: cosignature)
  }
}

extension Configuration {
  /// The configuration of the next epoch with other members, another quorum or another contract version.
  public func next(
    members: [Member], quorum: Int? = nil, contractVersion: UInt64? = nil
  ) throws(LedgerError) -> Configuration {
    try Configuration(
      epoch: epoch + 1, quorum: quorum ?? self.quorum, contractVersion: contractVersion ?? self.contractVersion,
      algorithms: algorithms, access: access, members: members)
  }
}
