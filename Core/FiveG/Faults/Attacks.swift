/// What attackers do; nothing by default.
///
/// Sybils are fleets that are not enrolled (``Fleet/enrolled``).
public struct Attacks: Sendable, Equatable {
  /// What a corrupt gateway does to packets that arrive at it.
  public enum Misdeed: UInt8, Sendable, CaseIterable {
    /// Changes a value.
    case altering
    /// Accepts a packet and leaves it out.
    case dropping
    /// Claims an earlier arrival.
    case backdating
    /// Issues two batches under one number.
    case equivocating

    var flag: Truth {
      switch self {
      case .altering: .altered
      case .dropping: .dropped
      case .backdating: .backdated
      case .equivocating: .equivocated
      }
    }
  }

  /// A corrupt gateway.
  public struct Gateway: Sendable, Equatable {
    /// The gateway's number.
    public var gateway: Int
    /// What it does.
    public var misdeed: Misdeed
    /// To how many of its packets, in parts per million.
    public var ppm: UInt32

    /// A gateway that does one thing to a share of its packets.
    public init(gateway: Int, misdeed: Misdeed, ppm: UInt32) {
      self.gateway = gateway
      self.misdeed = misdeed
      self.ppm = ppm
    }
  }

  /// Delivered packets that come again, 5 s to ``replayMaximum`` later, in parts per million.
  public var replayed: UInt32 = 0
  /// The longest time until a replay in microseconds.
  public var replayMaximum: Int64 = 600_000_000
  /// Devices whose key a second device has, in parts per million; it sends beside half of the first one's packets.
  public var cloned: UInt32 = 0
  /// Devices whose counter is set back once by 4 to 11 events, after 16 to 79 events, in parts per million.
  public var rolledBack: UInt32 = 0
  /// Corrupt gateways.
  public var gateways: [Gateway] = []

  /// No attacks.
  public init() {}
}

/// Attacks as thresholds.
struct AttackPlan: Sendable {
  let replayed: Probability
  let cloned: Probability
  let rolledBack: Probability
  let replayMaximum: Int64
  let outside: Bool
  /// By gateway and misdeed; empty without corrupt gateways.
  let gateways: [Probability]

  init(_ attacks: Attacks, gateways count: Int) {
    replayed = Probability(partsPerMillion: attacks.replayed)
    cloned = Probability(partsPerMillion: attacks.cloned)
    rolledBack = Probability(partsPerMillion: attacks.rolledBack)
    replayMaximum = max(5_000_000, attacks.replayMaximum)
    outside = attacks.replayed | attacks.cloned != 0
    var table: [Probability] = []
    if !attacks.gateways.isEmpty {
      table = Array(repeating: .never, count: count * Attacks.Misdeed.allCases.count)
      for corrupt in attacks.gateways where corrupt.gateway >= 0 && corrupt.gateway < count {
        table[corrupt.gateway * Attacks.Misdeed.allCases.count + Int(corrupt.misdeed.rawValue)] =
          Probability(partsPerMillion: corrupt.ppm)
      }
    }
    gateways = table
  }

  /// Whether a device is cloned.
  @inline(__always)
  func isCloned(seed: UInt64, device: UInt32) -> Bool {
    var random = CounterRandom(seed: seed, device: device, lane: .device, counter: 3)
    return random.happens(cloned)
  }

  /// The sequence number that a device writes on an event, and whether it had used it before.
  @inline(__always)
  func sequence(seed: UInt64, device: UInt32, event: UInt32) -> (number: UInt32, repeated: Bool) {
    if rolledBack == .never { return (event, false) }
    var random = CounterRandom(seed: seed, device: device, lane: .device, counter: 4)
    guard random.happens(rolledBack) else { return (event, false) }
    let onset = UInt32(16 + random.below(64))
    let depth = UInt32(4 + random.below(8))
    guard event >= onset else { return (event, false) }
    return (event - depth, event < onset + depth)
  }

  /// The misdeeds that a gateway commits on one packet.
  @inline(__always)
  func misdeeds(gateway: Int, seed: UInt64, device: UInt32, event: UInt32) -> Truth {
    if gateways.isEmpty { return [] }
    var random = CounterRandom(seed: seed, device: device, lane: .attack, counter: UInt64(event) << 1 | 1)
    var truth: Truth = []
    for misdeed in Attacks.Misdeed.allCases {
      let bits = random.next()
      if gateways[gateway * Attacks.Misdeed.allCases.count + Int(misdeed.rawValue)].contains(bits) {
        truth.insert(misdeed.flag)
      }
    }
    return truth
  }

  /// The extent of a misdeed: the difference to a value (never 0), or seconds of back-dating.
  func tampering(_ truth: Truth, seed: UInt64, device: UInt32, event: UInt32) -> Int32 {
    guard !truth.isDisjoint(with: [.altered, .backdated]) else { return 0 }
    var random = CounterRandom(seed: seed, device: device, lane: .attack, counter: UInt64(event) << 1 | 1 << 40)
    return truth.contains(.altered) ? Int32(1 + random.below(1000)) : Int32(300 + random.below(3300))
  }
}
