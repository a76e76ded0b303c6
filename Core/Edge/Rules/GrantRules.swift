public import CBOR
public import Ledger
internal import Primitives

/// An owner lets another member read what its sensors say.
public struct Grant: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "grant"

  /// Which sensors.
  public enum Sensors: Sendable, Hashable {
    /// The device of this URN.
    case device(String)
    /// All devices of the owner whose URNs begin so.
    case prefix(String)

    /// Whether a device is one of them.
    public func contains(_ urn: String) -> Bool {
      switch self {
      case .device(let name): name == urn
      case .prefix(let start): urn.utf8.starts(with: start.utf8)
      }
    }
  }

  /// Who may read (1).
  public let grantee: String
  /// What for (2).
  public let purpose: String
  /// Which sensors (3): `[0, URN]` or `[1, prefix]`.
  public let sensors: [Sensors]
  /// In force from, milliseconds since 1970 (4).
  public let from: UInt64
  /// In force until before (5).
  public let until: UInt64

  /// A grant of these parts.
  public init(to grantee: String, purpose: String, sensors: [Sensors], from: UInt64, until: UInt64) {
    (self.grantee, self.purpose, self.sensors) = (grantee, purpose, sensors)
    (self.from, self.until) = (from, until)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(5)
    fields.text(grantee)
    fields.text(purpose)
    fields.item { cbor in
      cbor.array(sensors.count)
      for sensor in sensors {
        cbor.array(2)
        switch sensor {
        case .device(let name):
          cbor.uint(0)
          cbor.text(name)
        case .prefix(let start):
          cbor.uint(1)
          cbor.text(start)
        }
      }
    }
    fields.uint(from)
    fields.uint(until)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 5)
    grantee = try fields.text(1...64)
    purpose = try fields.text(1...128)
    var sensors: [Sensors] = []
    for _ in 0..<(try fields.array(1...256)) {
      guard try fields.cbor.array() == 2 else { throw fields.fault }
      let kind = try fields.cbor.uint()
      let text = try fields.cbor.shortText(4...64)
      guard kind < 2 else { throw fields.fault }
      sensors.append(kind == 0 ? .device(text) : .prefix(text))
    }
    self.sensors = sensors
    from = try fields.uint()
    until = try fields.uint()
    try fields.finish()
    guard from < until else { throw fields.fault }
  }
}

/// An owner takes a grant back.
public struct GrantRevocation: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "grant-revocation"
  /// The log entry of the grant (1).
  public let grant: UInt64
  /// Why (2).
  public let reason: String

  /// Takes back the grant of an entry.
  public init(_ grant: UInt64, reason: String) { (self.grant, self.reason) = (grant, reason) }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(2)
    fields.uint(grant)
    fields.text(reason)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 2)
    grant = try fields.uint()
    reason = try fields.text(1...256)
    try fields.finish()
  }
}

/// One read under a grant.
public struct GrantAccess: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "access"
  /// Who granted it (1).
  public let owner: String
  /// The log entry of the grant (2).
  public let grant: UInt64
  /// The device that is read (3).
  public let device: String
  /// What for (4).
  public let purpose: String
  /// Sample times from, microseconds since 1970 (5).
  public let from: UInt64
  /// Sample times until before (6).
  public let until: UInt64

  /// A read of a device's readings.
  public init(owner: String, grant: UInt64, device: String, purpose: String, from: UInt64, until: UInt64) {
    (self.owner, self.grant, self.device) = (owner, grant, device)
    (self.purpose, self.from, self.until) = (purpose, from, until)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(6)
    fields.text(owner)
    fields.uint(grant)
    fields.text(device)
    fields.text(purpose)
    fields.uint(from)
    fields.uint(until)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 6)
    owner = try fields.text(1...64)
    grant = try fields.uint()
    device = try fields.text(1...64)
    purpose = try fields.text(1...128)
    from = try fields.uint()
    until = try fields.uint()
    try fields.finish()
    guard from < until else { throw fields.fault }
  }

  /// What the keys of a grant's reads begin with.
  static func account(_ owner: String, _ grant: UInt64) -> Digest { .sha256("\(owner)/\(grant)") }
}

extension EdgeRules {
  /// The list of every read under a grant.
  public static func accesses(owner: String, grant: UInt64) -> StatePrefix {
    accesses.prefix(GrantAccess.account(owner, grant))
  }

  func grant(_ grant: Grant, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let owner = try member(statement, context)
    guard grant.grantee != owner, context.configuration.member(grant.grantee) != nil else {
      throw Refusal("grant-grantee", "A grant is to another member.")
    }
    guard statement.subject == grant.grantee else {
      throw Refusal("subject-mismatch", "The statement is not about the grantee.")
    }
    guard grant.until > context.time else { throw Refusal("grant-expired", "The grant's time has passed.") }
    for case .device(let urn) in grant.sensors {
      guard let device = certificate(urn, &state) else {
        throw Refusal("device-unknown", "The ledger has no device of this name.")
      }
      guard device.request.owner == owner else {
        throw Refusal("not-the-owner", "Only its owner grants the reading of a device.")
      }
    }
    state.set(
      EdgeRules.grants.key(.sha256(owner), order: context.index), Recorded(grant, by: owner, context).encoded())
  }

  /// Marks a grant as taken back: the mark is the time of the block.
  func revoke(
    _ revocation: GrantRevocation, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let owner = try member(statement, context)
    let key = EdgeRules.grants.key(.sha256(owner), order: revocation.grant)
    guard var grant = state[key].flatMap({ try? Recorded<Grant>(decoding: $0) }) else {
      throw Refusal("grant-unknown", "The issuer has given no grant of this number.")
    }
    guard grant.mark == 0 else { throw Refusal("grant-revoked", "The grant has been taken back before.") }
    grant.mark = context.time
    state.set(key, grant.encoded())
  }

  func access(_ access: GrantAccess, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let grantee = try member(statement, context)
    guard statement.subject == access.device else {
      throw Refusal("subject-mismatch", "The statement is not about the device that it names.")
    }
    let key = EdgeRules.grants.key(.sha256(access.owner), order: access.grant)
    guard let entry = state[key].flatMap({ try? Recorded<Grant>(decoding: $0) }) else {
      throw Refusal("grant-unknown", "There is no such grant; nothing is readable without one.")
    }
    let grant = entry.document
    guard grant.grantee == grantee else { throw Refusal("not-the-grantee", "The grant is another member's.") }
    guard entry.mark == 0 else { throw Refusal("grant-revoked", "The grant has been taken back.") }
    guard grant.from <= context.time, context.time < grant.until else {
      throw Refusal("grant-expired", "The grant is not in force now.")
    }
    guard grant.purpose == access.purpose else {
      throw Refusal("grant-purpose", "The grant is for another purpose.")
    }
    guard grant.sensors.contains(where: { $0.contains(access.device) }) else {
      throw Refusal("grant-sensor", "The grant is not for this device.")
    }
    guard let device = certificate(access.device, &state) else {
      throw Refusal("device-unknown", "The ledger has no device of this name.")
    }
    guard device.request.owner == access.owner else {
      throw Refusal("not-the-owner", "The device is not the granter's.")
    }
    state.set(
      EdgeRules.accesses.key(GrantAccess.account(access.owner, access.grant), order: context.index),
      Recorded(access, by: grantee, context).encoded())
  }
}
