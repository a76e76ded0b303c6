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

  /// What tells a healthy sensor's values from those of one that is stuck, spikes or drifts; nil for a channel that is no level.
  public var usual: Usual? {
    guard signal.shape == .level else { return nil }
    let still = signal.spread + signal.wander + signal.noise
    let (low, high) = (signal.base - signal.variation, signal.base + signal.variation)
    return Usual(
      variation: signal.variation, noise: signal.noise, isClipped: low <= signal.low || high >= signal.high,
      span: max(low, signal.low)...min(high, signal.high),
      night: max(low, signal.low)...min(signal.base + still, signal.high),
      day: max(signal.base - still, signal.low)...min(high, signal.high), hasDay: signal.daily > 0)
  }

  /// What a level does where nothing is wrong; figures are raw values.
  public struct Usual: Sendable, Equatable {
    /// The most that a value differs from the model's base.
    public let variation: Int64
    /// Half the range of the noise of each reading.
    public let noise: Int64
    /// Whether values are cut off at the ends of what the sensor measures, where they then repeat.
    public let isClipped: Bool
    /// All values.
    public let span: ClosedRange<Int64>
    /// Those from 21 h to 9 h, when the daily wave is below its middle.
    public let night: ClosedRange<Int64>
    /// Those from 9 h to 21 h.
    public let day: ClosedRange<Int64>
    /// Whether there is a daily wave.
    public let hasDay: Bool
  }
}
