public import CBOR
public import COSE
public import Ledger
internal import Primitives

/// A gateway that a member puts into service, signed by the gateway's own key.
public struct GatewayRegistration: EdgeDocument {
  /// The statement's kind.
  public static let kind = "gateway"
  /// The content type of the gateway's signature.
  static let partType = "application/vnd.tallystick.gateway-request+cbor"

  /// The gateway's name, which is not a device's or a member's (1 of the request).
  public let name: String
  /// Its AF_ID: the name followed by the five bytes of the Ua* protocol id (2; TS 33.535, section 6.2).
  public let applicationFunction: [UInt8]
  /// Its key (3).
  public let key: PublicKey
  /// The member that owns it (4).
  public let owner: String
  private let message: Sign1

  /// A registration, signed by the gateway's key.
  public init(
    name: String, protocolID: [UInt8] = [1, 0, 0, 0, 0], owner: String, key: PrivateKey
  ) throws(LedgerError) {
    var fields = FieldWriter(4)
    fields.text(name)
    fields.bytes(Array(name.utf8) + protocolID)
    fields.bytes(key.publicKey.coseKey)
    fields.text(owner)
    var outer = FieldWriter(1)
    outer.bytes(try SignedPart.sign(fields.bytes, GatewayRegistration.partType, key))
    do { try self.init(decoding: outer.bytes[...]) } catch {
      throw LedgerError(
        .malformed, "A gateway has a name of 1 to \(EdgeLimits.gatewayNameBytes) bytes and an owner: \(error).")
    }
  }

  /// The payload: `{1: COSE_Sign1 over the request}`.
  public func encoded() -> [UInt8] {
    var outer = FieldWriter(1)
    outer.bytes(Array(message.bytes))
    return outer.bytes
  }

  /// Reads what `encoded` writes and nothing else; the signature is checked by the rules.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var outer = try FieldReader(bytes, 1)
    let signed = try outer.bytes(1...4096)
    try outer.finish()
    guard let message = try? Sign1(signed) else { throw outer.fault }
    self.message = message
    var fields = try FieldReader(message.payload, 4)
    name = try fields.text(1...EdgeLimits.gatewayNameBytes)
    applicationFunction = try fields.bytes(1...EdgeLimits.gatewayNameBytes + 16)
    guard let key = try? PublicKey(coseKey: try fields.bytes(1...512)) else { throw fields.fault }
    self.key = key
    owner = try fields.text(1...64)
    try fields.finish()
  }

  var isSigned: Bool { SignedPart.isSigned(message, GatewayRegistration.partType, by: key) }
}

/// Takes a gateway out of service, or out of quarantine.
public struct GatewayStatusChange: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "gateway-status"
  /// The gateway (1).
  public let name: String
  /// What it is from now on (2).
  public let status: EdgeStatus
  /// Why (3).
  public let reason: String

  /// A change of a gateway's status.
  public init(_ name: String, _ status: EdgeStatus, reason: String) {
    (self.name, self.status, self.reason) = (name, status, reason)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(3)
    fields.text(name)
    fields.uint(status.rawValue)
    fields.text(reason)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 3)
    name = try fields.text(1...EdgeLimits.gatewayNameBytes)
    guard let status = EdgeStatus(rawValue: try fields.uint()) else { throw fields.fault }
    self.status = status
    reason = try fields.text(1...256)
    try fields.finish()
  }
}

/// A gateway as the state has it.
public struct GatewayEntry: Sendable {
  /// Whether it is in service.
  public var status: EdgeStatus
  /// When it was registered, the block's time in milliseconds since 1970.
  public let registered: UInt64
  /// When its status changed last.
  public var changed: UInt64
  /// What it was registered as.
  public let registration: GatewayRegistration

  /// The state value: `[status, registered, changed, registration]`.
  public func encoded() -> [UInt8] {
    var cbor = CBORWriter()
    cbor.array(4)
    cbor.uint(status.rawValue)
    cbor.uint(registered)
    cbor.uint(changed)
    cbor.bytes(registration.encoded())
    return cbor.bytes
  }

  init(_ registration: GatewayRegistration, _ time: UInt64) {
    (status, registered, changed, self.registration) = (.active, time, time, registration)
  }

  /// Reads a state value.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    var cbor = CBORReader(bytes)
    guard try cbor.array() == 4, let status = EdgeStatus(rawValue: try cbor.uint()) else {
      throw CBORError(.outOfRange, at: cbor.position)
    }
    self.status = status
    registered = try cbor.uint()
    changed = try cbor.uint()
    registration = try GatewayRegistration(decoding: try cbor.bytes())
    try cbor.finish()
  }
}

extension EdgeRules {
  func gateway(_ name: String, _ state: inout State) -> GatewayEntry? {
    state[EdgeRules.gateways.key(.sha256(name))].flatMap { try? GatewayEntry(decoding: $0) }
  }

  /// The gateway that made a statement, if it is in service and the key is its own.
  func activeGateway(_ statement: Statement, _ state: inout State) throws(Refusal) -> GatewayEntry {
    guard let gateway = gateway(statement.issuer, &state) else {
      throw Refusal("gateway-unknown", "The ledger has no gateway of this name.")
    }
    guard gateway.registration.key.id == statement.key.id else {
      throw Refusal("key-of-another", "The key is not this gateway's.")
    }
    switch gateway.status {
    case .active: return gateway
    case .revoked: throw Refusal("gateway-revoked", "The gateway has been revoked.")
    case .quarantined: throw Refusal("gateway-quarantined", "The gateway is in quarantine.")
    }
  }

  /// The device if a statement is its own, signed by a key that is valid now.
  func activeDevice(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal)
    -> DeviceCertificate
  {
    let device = try activeDevice(statement.issuer, &state)
    guard let window = device.keys.first(where: { $0.key.id == statement.key.id }) else {
      throw Refusal("key-of-another", "The key is not this device's.")
    }
    guard window.contains(context.time) else { throw Refusal("device-expired", "The device's key is not valid now.") }
    return device
  }

  func register(
    _ registration: GatewayRegistration, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let issuer = try member(statement, context)
    guard statement.subject == registration.name else {
      throw Refusal("subject-mismatch", "The statement is not about the gateway that it names.")
    }
    guard registration.owner == issuer else { throw Refusal("not-the-owner", "The owner registers its gateway.") }
    let name = Array(registration.name.utf8)
    guard GatewayName.isValid(registration.name) else {
      throw Refusal(
        "gateway-name", "A gateway's name has letters, digits, '.', '-' and '_', and does not begin with a dot.")
    }
    guard context.configuration.member(registration.name) == nil else {
      throw Refusal("gateway-name", "A gateway does not have a member's name.")
    }
    guard registration.applicationFunction.count == name.count + 5, registration.applicationFunction.starts(with: name)
    else { throw Refusal("gateway-af-id", "The AF_ID is the name and the five bytes of the Ua* protocol.") }
    guard registration.isSigned else {
      throw Refusal("gateway-possession", "The registration is not signed by the key that it names.")
    }
    let key = EdgeRules.gateways.key(.sha256(registration.name))
    guard state[key] == nil else { throw Refusal("gateway-known", "A gateway of this name has been registered.") }
    try expectFresh(registration.key, context, &state)
    state.set(key, GatewayEntry(registration, context.time).encoded())
    state.set(EdgeRules.gatewayKeys.key(.sha256(registration.key.id.bytes)), name)
  }

  func change(
    _ change: GatewayStatusChange, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let issuer = try member(statement, context)
    guard statement.subject == change.name else {
      throw Refusal("subject-mismatch", "The statement is not about the gateway that it names.")
    }
    guard var gateway = gateway(change.name, &state) else {
      throw Refusal("gateway-unknown", "The ledger has no gateway of this name.")
    }
    guard has(.registrar, issuer, &state) || (issuer == gateway.registration.owner && change.status != .active) else {
      throw Refusal("not-a-party", "The owner or a registrar takes a gateway out of service, a registrar releases it.")
    }
    guard gateway.status != .revoked else { throw Refusal("gateway-revoked", "A revocation is for ever.") }
    guard gateway.status != change.status else { throw Refusal("status-known", "The gateway is that already.") }
    gateway.status = change.status
    gateway.changed = context.time
    state.set(EdgeRules.gateways.key(.sha256(change.name)), gateway.encoded())
  }
}
