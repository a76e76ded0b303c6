public import CBOR
internal import Ledger
internal import Primitives

/// A value of a device that the ledger keeps as its latest.
public struct LatestValue: Sendable, Equatable {
  /// Why it is stated.
  public enum Reason: UInt64, Sendable {
    /// It differs from the value before by more than the threshold.
    case deviation = 0
    /// The heartbeat is due.
    case heartbeat = 1
  }

  /// The device.
  public let device: String
  /// The SenML name.
  public let name: String
  /// The power of ten of the mantissa.
  public let exponent: Int64
  /// The value is `mantissa × 10^exponent`.
  public let mantissa: Int64
  /// The sample time, microseconds since 1970.
  public let time: UInt64
  /// Why it is stated.
  public let reason: Reason

  /// A value of these parts.
  public init(device: String, name: String, exponent: Int64, mantissa: Int64, time: UInt64, reason: Reason) {
    (self.device, self.name, self.exponent) = (device, name, exponent)
    (self.mantissa, self.time, self.reason) = (mantissa, time, reason)
  }

  /// The array of six that stands in a statement and in the state.
  public func encoded() -> [UInt8] {
    var cbor = CBORWriter(capacity: 96)
    cbor.array(6)
    cbor.text(device)
    cbor.text(name)
    cbor.int(exponent)
    cbor.int(mantissa)
    cbor.uint(time)
    cbor.uint(reason.rawValue)
    return cbor.bytes
  }

  /// Reads a state value.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    var cbor = CBORReader(bytes)
    try self.init(&cbor)
    try cbor.finish()
  }

  init(_ cbor: inout CBORReader) throws(CBORError) {
    guard try cbor.array() == 6 else { throw CBORError(.outOfRange, at: cbor.position) }
    device = try cbor.shortText(1...64)
    name = try cbor.shortText(1...64)
    exponent = try cbor.int()
    mantissa = try cbor.int()
    time = try cbor.uint()
    guard (-18...18).contains(exponent), time <= 1 << 62, let reason = Reason(rawValue: try cbor.uint()) else {
      throw CBORError(.outOfRange, at: cbor.position)
    }
    self.reason = reason
  }
}

/// The latest values of many devices, by a gateway.
public struct LatestValues: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "latest"
  /// Values of one statement.
  public static let most = 512
  /// The values (1), at most 512.
  public let values: [LatestValue]

  /// A statement of these values.
  public init(_ values: [LatestValue]) { self.values = values }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(1)
    fields.item { cbor in
      cbor.array(values.count)
      for value in values { cbor.raw(value.encoded()) }
    }
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 1)
    var values: [LatestValue] = []
    for _ in 0..<(try fields.array(1...LatestValues.most)) { values.append(try LatestValue(&fields.cbor)) }
    self.values = values
    try fields.finish()
  }
}

extension EdgeRules {
  /// Sets the latest values of devices; one that is not later than what is there refuses them all.
  func latest(_ latest: LatestValues, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal)
  {
    _ = try activeGateway(statement, &state)
    for value in latest.values {
      _ = try activeDevice(value.device, &state)
      guard value.time / 1000 <= context.time + clockToleranceMs else {
        throw Refusal("latest-time", "A value is ahead of the ledger's time.")
      }
      let key = EdgeRules.latest.key(.sha256(value.device), .sha256(value.name))
      if let old = state[key].flatMap({ try? LatestValue(decoding: $0) }), old.time >= value.time {
        throw Refusal("latest-old", "The ledger has a value of this time or a later one.")
      }
      state.set(key, value.encoded())
    }
  }
}
