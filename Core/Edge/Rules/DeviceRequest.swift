public import CBOR
public import COSE
public import Ledger
public import Primitives

/// One measurement that a device can make.
public struct DeviceCapability: Sendable, Equatable {
  /// The SenML name.
  public let name: String
  /// The SenML unit, empty for none.
  public let unit: String
  /// The power of ten that range and resolution are multiplied by.
  public let exponent: Int64
  /// The lowest value.
  public let low: Int64
  /// The highest value.
  public let high: Int64
  /// The smallest step.
  public let resolution: UInt64
  /// Seconds within which the next reading comes (SenML update time), 0 for unknown.
  public let updateTime: UInt64

  /// A capability: range and resolution are in units of `10^exponent`.
  public init(
    name: String, unit: String, exponent: Int64, low: Int64, high: Int64, resolution: UInt64, updateTime: UInt64
  ) {
    (self.name, self.unit, self.exponent, self.low, self.high) = (name, unit, exponent, low, high)
    (self.resolution, self.updateTime) = (resolution, updateTime)
  }

  func write(to cbor: inout CBORWriter) {
    cbor.array(7)
    cbor.text(name)
    cbor.text(unit)
    cbor.int(exponent)
    cbor.int(low)
    cbor.int(high)
    cbor.uint(resolution)
    cbor.uint(updateTime)
  }

  init(_ cbor: inout CBORReader) throws(CBORError) {
    guard try cbor.array() == 7 else { throw CBORError(.outOfRange, at: cbor.position) }
    name = try cbor.shortText(1...64)
    unit = try cbor.shortText(0...16)
    exponent = try cbor.int()
    low = try cbor.int()
    high = try cbor.int()
    resolution = try cbor.uint()
    updateTime = try cbor.uint()
    guard (-18...18).contains(exponent), low <= high else { throw CBORError(.outOfRange, at: cbor.position) }
  }
}

/// What a device asks to be certified, signed by its own key over the registrar's nonce.
public struct DeviceRequest: Sendable, Equatable {
  /// The content type of the device's signature.
  public static let contentType = "application/vnd.tallystick.device-request+cbor"

  /// The device's URN (1).
  public var urn: String
  /// The key that the device made (2).
  public var key: PublicKey
  /// The registrar's nonce (3), 8 to 64 bytes as an `eat_nonce` (RFC 9711, section 4.1).
  public var nonce: [UInt8]
  /// The model (4).
  public var model: String
  /// SHA-256 of the firmware (5).
  public var firmware: Digest
  /// The cell that it is in (6).
  public var cell: String
  /// The member that owns it (7).
  public var owner: String
  /// The slice/service type, S-NSSAI's SST (8).
  public var slice: UInt64
  /// What it measures (9).
  public var capabilities: [DeviceCapability]
  /// Valid from, milliseconds since 1970 (10).
  public var from: UInt64
  /// Valid until before, milliseconds since 1970 (11).
  public var until: UInt64
  /// The lowest boot that counts (12).
  public var bootFloor: UInt64
  /// The lowest sequence number of that boot that counts (13).
  public var sequenceFloor: UInt64

  /// A request of these parts.
  public init(
    urn: String, key: PublicKey, nonce: [UInt8], model: String, firmware: Digest, cell: String, owner: String,
    slice: UInt64, capabilities: [DeviceCapability], from: UInt64, until: UInt64, bootFloor: UInt64 = 0,
    sequenceFloor: UInt64 = 0
  ) {
    (self.urn, self.key, self.nonce, self.model, self.firmware) = (urn, key, nonce, model, firmware)
    (self.cell, self.owner, self.slice, self.capabilities) = (cell, owner, slice, capabilities)
    (self.from, self.until, self.bootFloor, self.sequenceFloor) = (from, until, bootFloor, sequenceFloor)
  }

  /// The payload that the device signs.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(13)
    fields.text(urn)
    fields.bytes(key.coseKey)
    fields.bytes(nonce)
    fields.text(model)
    fields.digest(firmware)
    fields.text(cell)
    fields.text(owner)
    fields.uint(slice)
    fields.item { cbor in
      cbor.array(capabilities.count)
      for capability in capabilities { capability.write(to: &cbor) }
    }
    fields.uint(from)
    fields.uint(until)
    fields.uint(bootFloor)
    fields.uint(sequenceFloor)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 13)
    urn = try fields.text(5...64)
    guard DeviceRequest.isValid(urn: urn) else { throw fields.fault }
    guard let key = try? PublicKey(coseKey: try fields.bytes(1...512)) else { throw fields.fault }
    self.key = key
    nonce = try fields.bytes(8...64)
    model = try fields.text(1...64)
    firmware = try fields.digest()
    cell = try fields.text(1...64)
    owner = try fields.text(1...64)
    slice = try fields.uint(max: 255)
    capabilities = []
    for _ in 0..<(try fields.array(1...16)) { capabilities.append(try DeviceCapability(&fields.cbor)) }
    from = try fields.uint()
    until = try fields.uint()
    bootFloor = try fields.uint(max: UInt64(UInt32.max))
    sequenceFloor = try fields.uint()
    try fields.finish()
    // A COSE_Key has more than one deterministic form; the record has one.
    guard from < until, encoded()[...] == bytes else { throw fields.fault }
  }

  /// Whether a text can be a device's URN: `urn:` and characters of a SenML name (RFC 8428, section 4.5.1).
  public static func isValid(urn: String) -> Bool {
    urn.hasPrefix("urn:") && (5...64).contains(urn.utf8.count)
      && urn.utf8.allSatisfy {
        (0x30...0x3a).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
          || [0x2d, 0x2e, 0x2f, 0x5f].contains($0)
      }
  }

  /// The request signed by the device's key: proof that it has it.
  public func signed(by key: PrivateKey) throws(LedgerError) -> [UInt8] {
    try SignedPart.sign(encoded(), DeviceRequest.contentType, key)
  }

  /// An organisation's endorsement in a role: a COSE_Sign1 over `{1: role, 2: SHA-256 of the request}`.
  public func endorsed(as role: EdgeRole, by key: PrivateKey) throws(LedgerError) -> [UInt8] {
    try SignedPart.sign(endorsement(role), DeviceRequest.endorsementType, key)
  }

  static let endorsementType = "application/vnd.tallystick.device-endorsement+cbor"

  func endorsement(_ role: EdgeRole) -> [UInt8] {
    var fields = FieldWriter(2)
    fields.text(role.rawValue)
    fields.digest(.sha256(encoded()))
    return fields.bytes
  }
}

/// A device's request with both endorsements.
public struct DeviceEnrolment: EdgeDocument {
  /// The statement's kind.
  public static let kind = "device-enrolment"
  /// The request, signed by the device (1).
  public let request: [UInt8]
  /// The manufacturer's endorsement (2).
  public let manufacturer: [UInt8]
  /// The registrar's endorsement (3).
  public let registrar: [UInt8]

  /// An enrolment of these parts.
  public init(request: [UInt8], manufacturer: [UInt8], registrar: [UInt8]) {
    (self.request, self.manufacturer, self.registrar) = (request, manufacturer, registrar)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(3)
    for part in [request, manufacturer, registrar] { fields.bytes(part) }
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 3)
    request = try fields.bytes(1...8192)
    manufacturer = try fields.bytes(0...1024)
    registrar = try fields.bytes(0...1024)
    try fields.finish()
  }
}

/// A new key for a device: signed by the new key, which shows that the device has it, and by the key in force.
public struct DeviceRotation: EdgeDocument {
  /// The statement's kind.
  public static let kind = "device-rotation"
  /// The content type of both signatures.
  static let partType = "application/vnd.tallystick.device-key+cbor"

  /// What both keys sign.
  public struct Change: Sendable, Equatable {
    /// The device's URN (1).
    public let urn: String
    /// The new key (2).
    public let key: PublicKey
    /// The new key is valid from, milliseconds since 1970 (3).
    public let from: UInt64
    /// The new key is valid until before (4).
    public let until: UInt64
    /// The old key is valid until before (5): not before `from`, so that there is no gap.
    public let oldUntil: UInt64

    /// A change of a device's key.
    public init(urn: String, key: PublicKey, from: UInt64, until: UInt64, oldUntil: UInt64) {
      (self.urn, self.key, self.from, self.until, self.oldUntil) = (urn, key, from, until, oldUntil)
    }

    /// The payload of both signatures.
    public func encoded() -> [UInt8] {
      var fields = FieldWriter(5)
      fields.text(urn)
      fields.bytes(key.coseKey)
      fields.uint(from)
      fields.uint(until)
      fields.uint(oldUntil)
      return fields.bytes
    }

    init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
      var fields = try FieldReader(bytes, 5)
      urn = try fields.text(5...64)
      guard let key = try? PublicKey(coseKey: try fields.bytes(1...512)) else { throw fields.fault }
      self.key = key
      from = try fields.uint()
      until = try fields.uint()
      oldUntil = try fields.uint()
      try fields.finish()
      guard from < until, encoded()[...] == bytes else { throw fields.fault }
    }
  }

  /// The change, signed by the new key (1).
  public let byNew: [UInt8]
  /// The same change, signed by the key in force (2).
  public let byOld: [UInt8]

  /// The rotation to a new key.
  public init(_ change: Change, new: PrivateKey, old: PrivateKey) throws(LedgerError) {
    byNew = try SignedPart.sign(change.encoded(), DeviceRotation.partType, new)
    byOld = try SignedPart.sign(change.encoded(), DeviceRotation.partType, old)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(2)
    fields.bytes(byNew)
    fields.bytes(byOld)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 2)
    byNew = try fields.bytes(1...2048)
    byOld = try fields.bytes(1...2048)
    try fields.finish()
  }
}

/// Whether a device or a gateway is in service.
public enum EdgeStatus: UInt64, Sendable {
  /// In service.
  case active = 0
  /// Out of service for ever.
  case revoked = 1
  /// Out of service until a registrar releases it.
  case quarantined = 2
}

/// Takes a device out of service, or out of quarantine.
public struct DeviceStatusChange: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "device-status"
  /// The device's URN (1).
  public let urn: String
  /// What it is from now on (2).
  public let status: EdgeStatus
  /// Why (3).
  public let reason: String

  /// A change of a device's status.
  public init(_ urn: String, _ status: EdgeStatus, reason: String) {
    (self.urn, self.status, self.reason) = (urn, status, reason)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(3)
    fields.text(urn)
    fields.uint(status.rawValue)
    fields.text(reason)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 3)
    urn = try fields.text(1...64)
    guard let status = EdgeStatus(rawValue: try fields.uint()) else { throw fields.fault }
    self.status = status
    reason = try fields.text(1...256)
    try fields.finish()
  }
}
