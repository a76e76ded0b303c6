/// One quantity that a device model reports.
public struct Channel: Sendable, Equatable {
  /// How a raw value is to be read.
  public enum Kind: UInt8, Sendable {
    /// `raw * 10^exponent` in ``Channel/unit``.
    case number
    /// 0 is false, 1 is true.
    case boolean
    /// Eight bytes of a digest, the first in the highest place.
    case digest
  }

  /// The SenML name, appended to the device's base name (RFC 8428).
  public let name: String
  /// The symbol of the IANA SenML units registry; empty for booleans and digests.
  public let unit: String
  /// The power of ten of a raw number.
  public let exponent: Int8
  /// How to read the raw value.
  public let kind: Kind
  let signal: Signal

  init(_ name: String, _ unit: String, _ exponent: Int8, _ signal: Signal) {
    self.name = name
    self.unit = unit
    self.exponent = exponent
    self.signal = signal
    switch signal.shape {
    case .switching: kind = .boolean
    case .digest: kind = .digest
    default: kind = .number
    }
  }

  /// The lowest raw value that an honest, healthy sensor reports; 0 for digests.
  public var lowest: Int64 { signal.low }
  /// The highest raw value that an honest, healthy sensor reports; 0 for digests.
  public var highest: Int64 { signal.high }
}
