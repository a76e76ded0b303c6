/// Random bits that follow from (seed, device, lane, counter) alone.
///
/// Every decision about a device's packet draws from a generator keyed by that packet, so the order in which devices are
/// simulated, the size of batches and the number of threads cannot change a single bit. The stream is SplitMix64
/// (Steele, Lea, Flood 2014) started at a point that two rounds of its finaliser have mixed. Not for secrets.
public struct CounterRandom: RandomNumberGenerator, Sendable {
  /// What the numbers decide; each use has its own stream, so that adding draws to one never shifts another.
  public enum Lane: UInt64, Sendable {
    /// Gaps between events.
    case schedule = 1
    /// What is fixed for a device: place, offsets, phase.
    case device = 2
    /// The radio path of one packet.
    case link = 3
    /// The values of one packet.
    case payload = 4
    /// Injected faults of one packet.
    case dirt = 5
    /// Injected attacks of one packet.
    case attack = 6
    /// The moment of a device's one event in a burst.
    case burst = 7
    /// Slow changes of the measured quantity, keyed by time instead of event.
    case wander = 8
    /// The radio path of a forged packet.
    case forgedLink = 9
    /// The bytes on the air of one packet.
    case size = 10
  }

  @usableFromInline var state: UInt64

  /// The stream of one packet (or one property) of one device.
  ///
  /// - Parameters:
  ///   - seed: the scenario's seed.
  ///   - device: the device's index in the whole scenario.
  ///   - lane: what is decided.
  ///   - counter: the device's event number, or any other number that names the decision.
  @inlinable @inline(__always)
  public init(seed: UInt64, device: UInt32, lane: Lane, counter: UInt64) {
    let key = Self.mix(seed ^ (UInt64(device) &* 0xd6e8_feb8_6659_fd93) ^ (lane.rawValue << 56))
    state = Self.mix(key &+ counter &* 0xa076_1d64_78bd_642f)
  }

  /// The next 64 bits.
  @inlinable @inline(__always)
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  /// A number in `0 ..< bound`, by one multiplication; `bound` 0 gives 0.
  ///
  /// The bias is below `bound / 2^64`, far under what any test here could see.
  @inlinable @inline(__always)
  public mutating func below(_ bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

  /// A number in `low ... high`; `low` when the range is empty.
  @inlinable @inline(__always)
  public mutating func between(_ low: Int64, _ high: Int64) -> Int64 {
    guard high > low else { return low }
    return low &+ Int64(truncatingIfNeeded: below(UInt64(high &- low) &+ 1))
  }

  /// Whether an event of this probability happens.
  @inlinable @inline(__always)
  public mutating func happens(_ probability: Probability) -> Bool { probability.contains(next()) }

  /// SplitMix64's finaliser: a bijection of 64 bits in which each input bit reaches every output bit.
  @inlinable @inline(__always)
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// A probability as a threshold over 64 random bits, so that a draw is one integer comparison.
public struct Probability: Sendable, Equatable {
  /// Draws below it count as the event; `UInt64.max` means always.
  public let threshold: UInt64

  /// Never happens.
  public static let never = Probability(threshold: 0)
  /// Happens each time.
  public static let always = Probability(threshold: .max)

  /// A probability of `threshold / 2^64`.
  @inlinable public init(threshold: UInt64) { self.threshold = threshold }

  /// A probability in parts per million; values over a million mean always.
  public init(partsPerMillion ppm: UInt32) {
    threshold = ppm >= 1_000_000 ? .max : (UInt64.max / 1_000_000) * UInt64(ppm)
  }

  /// The probability `value`, clamped to 0 ... 1.
  ///
  /// One multiplication by 2^64, exact in IEEE 754: the same threshold everywhere.
  public init(_ value: Double) {
    if value >= 1 {
      threshold = .max
    } else if value > 0 {
      threshold = UInt64(value * 18_446_744_073_709_551_616.0)
    } else {
      threshold = 0
    }
  }

  /// Whether 64 random bits fall inside.
  @inlinable @inline(__always)
  public func contains(_ bits: UInt64) -> Bool { bits < threshold || threshold == .max }

  /// The probability as a fraction, for reports.
  public var value: Double { threshold == .max ? 1 : Double(threshold) / 18_446_744_073_709_551_616.0 }
}
