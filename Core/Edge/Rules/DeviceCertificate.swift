public import CBOR
public import COSE
internal import Primitives

/// A device as the ledger certifies it now.
public struct DeviceCertificate: Sendable, Equatable {
  /// A key with the time in which it is valid.
  public struct Window: Sendable, Equatable {
    /// The key.
    public let key: PublicKey
    /// From, milliseconds since 1970.
    public let from: UInt64
    /// Until before.
    public var until: UInt64

    /// Whether the key is valid at a time.
    public func contains(_ time: UInt64) -> Bool { from <= time && time < until }
  }

  /// Whether it is in service.
  public var status: EdgeStatus
  /// Its keys, oldest first: two while it changes over.
  public var keys: [Window]
  /// What it was certified for.
  public let request: DeviceRequest

  /// The key that signed a message and was valid at a time, milliseconds since 1970; nil if none was.
  public func key(thatSigned message: [UInt8], at time: UInt64) -> PublicKey? {
    keys.first { $0.contains(time) && (try? DeviceSignature.verify(message, key: $0.key)) != nil }?.key
  }

  package init(_ request: DeviceRequest) {
    status = .active
    keys = [Window(key: request.key, from: request.from, until: request.until)]
    self.request = request
  }

  /// Takes in a new key; the one before ends when the change says.
  mutating func take(_ change: DeviceRotation.Change) {
    if let last = keys.indices.last { keys[last].until = min(keys[last].until, change.oldUntil) }
    keys.append(Window(key: change.key, from: change.from, until: change.until))
  }

  /// The state value.
  public func encoded() -> [UInt8] {
    var cbor = CBORWriter()
    cbor.array(3)
    cbor.uint(status.rawValue)
    cbor.array(keys.count)
    for window in keys {
      cbor.array(3)
      cbor.bytes(window.key.coseKey)
      cbor.uint(window.from)
      cbor.uint(window.until)
    }
    cbor.bytes(request.encoded())
    return cbor.bytes
  }

  /// Reads a state value.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    var cbor = CBORReader(bytes)
    guard try cbor.array() == 3, let status = EdgeStatus(rawValue: try cbor.uint()) else {
      throw CBORError(.outOfRange, at: cbor.position)
    }
    self.status = status
    keys = []
    for _ in 0..<(try cbor.array()) {
      guard try cbor.array() == 3, let key = try? PublicKey(coseKey: try cbor.bytes()) else {
        throw CBORError(.outOfRange, at: cbor.position)
      }
      keys.append(Window(key: key, from: try cbor.uint(), until: try cbor.uint()))
    }
    request = try DeviceRequest(decoding: try cbor.bytes())
    try cbor.finish()
  }
}

/// One event in the life of a device, as the state keeps it for ever.
public struct DeviceEvent: Sendable {
  /// What happened.
  public enum Change: Sendable {
    /// It was certified.
    case enrolled(DeviceRequest)
    /// It has a new key.
    case rotated(DeviceRotation.Change)
    /// It went out of service or came back.
    case status(EdgeStatus, reason: String)
  }

  /// The time of the block in which it happened, milliseconds since 1970.
  public let time: UInt64
  /// Who stated it.
  public let issuer: String
  /// What happened.
  public let change: Change

  init(time: UInt64, issuer: String, change: Change) {
    (self.time, self.issuer, self.change) = (time, issuer, change)
  }

  /// The state value: `[time, issuer, kind, what]`.
  public func encoded() -> [UInt8] {
    var cbor = CBORWriter()
    cbor.array(4)
    cbor.uint(time)
    cbor.text(issuer)
    switch change {
    case .enrolled(let request):
      cbor.uint(0)
      cbor.bytes(request.encoded())
    case .rotated(let change):
      cbor.uint(1)
      cbor.bytes(change.encoded())
    case .status(let status, let reason):
      cbor.uint(2)
      cbor.array(2)
      cbor.uint(status.rawValue)
      cbor.text(reason)
    }
    return cbor.bytes
  }

  /// Reads a state value.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    var cbor = CBORReader(bytes)
    guard try cbor.array() == 4 else { throw CBORError(.outOfRange, at: cbor.position) }
    time = try cbor.uint()
    issuer = try cbor.text()
    switch try cbor.uint() {
    case 0: change = .enrolled(try DeviceRequest(decoding: try cbor.bytes()))
    case 1: change = .rotated(try DeviceRotation.Change(decoding: try cbor.bytes()))
    case 2:
      guard try cbor.array() == 2, let status = EdgeStatus(rawValue: try cbor.uint()) else {
        throw CBORError(.outOfRange, at: cbor.position)
      }
      change = .status(status, reason: try cbor.text())
    default: throw CBORError(.outOfRange, at: cbor.position)
    }
    try cbor.finish()
  }
}

/// Where a device stood at a time.
public enum DeviceStanding: Sendable, Equatable {
  /// The ledger had not certified it.
  case unknown
  /// It was in service with these keys.
  case valid(keys: [KeyID])
  /// None of its keys was valid: before the first or after the last.
  case outsideValidity
  /// It had been quarantined at this time, milliseconds since 1970.
  case quarantined(since: UInt64)
  /// It had been revoked at this time.
  case revoked(since: UInt64)

  /// Where a device stood at a time, by all events of its life in the order of the log.
  ///
  /// An event counts from the time of its block; so a device that was certified or revoked later stood as before.
  public init(at time: UInt64, _ events: [DeviceEvent]) {
    var certificate: DeviceCertificate?
    var since: UInt64 = 0
    for event in events where event.time <= time {
      switch event.change {
      case .enrolled(let request): certificate = DeviceCertificate(request)
      case .rotated(let change): certificate?.take(change)
      case .status(let status, _):
        certificate?.status = status
        since = event.time
      }
    }
    guard let certificate else {
      self = .unknown
      return
    }
    let keys = certificate.keys.filter { $0.contains(time) }.map(\.key.id)
    switch certificate.status {
    case .revoked: self = .revoked(since: since)
    case .quarantined: self = .quarantined(since: since)
    case .active: self = keys.isEmpty ? .outsideValidity : .valid(keys: keys)
    }
  }
}
