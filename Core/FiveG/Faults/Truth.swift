/// What was done to a packet: the ground truth that detection is measured against. A gateway never sees it.
public struct Truth: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt32

  /// A set of the given bits.
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  // Dirty data.

  /// Held back in the device for seconds to minutes before it was sent.
  public static let late = Truth(rawValue: 1 << 0)
  /// Held back until later readings of the device had overtaken it.
  public static let disordered = Truth(rawValue: 1 << 1)
  /// The second copy of a packet, sent by mistake.
  public static let duplicate = Truth(rawValue: 1 << 2)
  /// The sensor repeats an old value.
  public static let stuck = Truth(rawValue: 1 << 3)
  /// The sensor's value wanders away from the quantity.
  public static let drifting = Truth(rawValue: 1 << 4)
  /// One value far off.
  public static let spike = Truth(rawValue: 1 << 5)
  /// The device's clock is wrong; the sample time says so.
  public static let skewedClock = Truth(rawValue: 1 << 6)

  // The network.

  /// Later than the delay budget of its 5QI, on a row where that is not a loss.
  public static let overBudget = Truth(rawValue: 1 << 8)
  /// The first packet of a device in a new cell.
  public static let handover = Truth(rawValue: 1 << 9)

  // Attacks from outside.

  /// An authentic packet, recorded and sent again later.
  public static let replay = Truth(rawValue: 1 << 16)
  /// Sent by a second device that has the first one's key: the same sequence number, another body, another place.
  public static let clone = Truth(rawValue: 1 << 17)
  /// Carries a sequence number that the device had used before its counter was set back.
  public static let rollback = Truth(rawValue: 1 << 18)
  /// From a device that was never enrolled.
  public static let sybil = Truth(rawValue: 1 << 19)

  // Attacks by the gateway that receives the packet.

  /// The gateway changes the first value; ``PacketBatch/tampering`` has the difference.
  public static let altered = Truth(rawValue: 1 << 20)
  /// The gateway accepts the packet and leaves it out of its batch.
  public static let dropped = Truth(rawValue: 1 << 21)
  /// The gateway claims an earlier arrival; ``PacketBatch/tampering`` has the seconds.
  public static let backdated = Truth(rawValue: 1 << 22)
  /// The gateway issues two different batches under one number, of which one has this packet.
  public static let equivocated = Truth(rawValue: 1 << 23)

  /// All dirt.
  public static let dirt: Truth = [.late, .disordered, .duplicate, .stuck, .drifting, .spike, .skewedClock]
  /// All attacks.
  public static let attacks: Truth = [
    .replay, .clone, .rollback, .sybil, .altered, .dropped, .backdated, .equivocated,
  ]

  /// The single flags with their names, in the order of their bits.
  public static let names: [(flag: Truth, name: String)] = [
    (.late, "late"), (.disordered, "disordered"), (.duplicate, "duplicate"), (.stuck, "stuck"),
    (.drifting, "drifting"), (.spike, "spike"), (.skewedClock, "skewed clock"), (.overBudget, "over budget"),
    (.handover, "handover"), (.replay, "replay"), (.clone, "clone"), (.rollback, "rollback"), (.sybil, "sybil"),
    (.altered, "altered"), (.dropped, "dropped"), (.backdated, "back-dated"), (.equivocated, "equivocated"),
  ]
}
