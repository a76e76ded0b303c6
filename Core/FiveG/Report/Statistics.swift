/// What a generator has offered, delivered and lost. All times are simulated; nothing here is measured on this machine.
public struct Statistics: Sendable, Equatable {
  /// The figures of one slice.
  public struct Slice: Sendable, Equatable {
    /// The slice.
    public let slice: SNSSAI
    /// Events that should have led to a packet.
    public internal(set) var offered: UInt64 = 0
    /// Packets that arrived.
    public internal(set) var delivered: UInt64 = 0
    /// Losses by ``LossCause/rawValue``.
    public internal(set) var lost = [UInt64](repeating: 0, count: LossCause.allCases.count)
    /// Delivered after their delay budget.
    public internal(set) var overBudget: UInt64 = 0
    /// Retransmissions of all packets.
    public internal(set) var retransmissions: UInt64 = 0
    /// Packets by which a device showed up in a new cell.
    public internal(set) var handovers: UInt64 = 0
    /// Bytes of payload delivered.
    public internal(set) var bytes: UInt64 = 0
    /// Delivered within 1 ms over the air.
    public internal(set) var airWithin1ms: UInt64 = 0
    /// Delivered within 10 s of sending.
    public internal(set) var within10s: UInt64 = 0
    /// One-way time over the air of delivered packets in microseconds.
    public internal(set) var air = Histogram()
    /// From sending to arrival of delivered packets in microseconds: access, air, queue, core.
    public internal(set) var total = Histogram()

    init(_ slice: SNSSAI) { self.slice = slice }

    /// Packets sent: offered without what the device never sent.
    public var sent: UInt64 { offered - lost[Int(LossCause.neverSent.rawValue)] }

    /// The share of sent packets that were lost on the way, late ones of delay-critical flows included.
    public var lossRate: Double { sent == 0 ? 0 : Double(sent - delivered) / Double(sent) }

    mutating func add(_ other: Slice) {
      offered += other.offered
      delivered += other.delivered
      for cause in lost.indices { lost[cause] += other.lost[cause] }
      overBudget += other.overBudget
      retransmissions += other.retransmissions
      handovers += other.handovers
      bytes += other.bytes
      airWithin1ms += other.airWithin1ms
      within10s += other.within10s
      air.add(other.air)
      total.add(other.total)
    }
  }

  /// The figures of one fleet.
  public struct Fleet: Sendable, Equatable {
    /// Packets offered.
    public internal(set) var offered: UInt64 = 0
    /// Packets delivered.
    public internal(set) var delivered: UInt64 = 0
    /// Bytes of payload delivered.
    public internal(set) var bytes: UInt64 = 0
  }

  /// By slice, in the scenario's order.
  public internal(set) var slices: [Slice]
  /// By fleet, in the scenario's order.
  public internal(set) var fleets: [Fleet]
  /// Microseconds of a step of the two series: 100 ms, more if the scenario lasts over a day.
  public let step: Int64
  /// Packets sent per step of sending time.
  public internal(set) var sentPerStep: [UInt32]
  /// Bytes delivered per step of sending time.
  public internal(set) var bytesPerStep: [UInt64]
  /// Duplicates, clones' packets and replays; they are in no other figure.
  public internal(set) var copies: UInt64 = 0

  private static let mostSteps: Int64 = 864_000

  init(_ simulation: Simulation) {
    let scenario = simulation.scenario
    slices = scenario.slices.map { Slice($0.slice) }
    fleets = Array(repeating: Fleet(), count: scenario.fleets.count)
    step = max(100_000, (scenario.duration + Self.mostSteps - 1) / Self.mostSteps)
    let steps = Int((scenario.duration + step - 1) / step)
    sentPerStep = Array(repeating: 0, count: steps)
    bytesPerStep = Array(repeating: 0, count: steps)
  }

  /// Counts a packet whose fate is known. What is sent after the end counts in the last step.
  @inline(__always)
  mutating func count(_ packet: PendingPacket, _ link: RadioLink) {
    let slice = Int(link.slice)
    let fleet = Int(packet.fleet)
    slices[slice].offered += 1
    fleets[fleet].offered += 1
    let time = min(Int(packet.send / step), sentPerStep.count - 1)
    if packet.loss != .neverSent { sentPerStep[time] += 1 }
    slices[slice].retransmissions += UInt64(packet.retransmissions)
    if packet.truth.contains(.handover) { slices[slice].handovers += 1 }
    if let cause = packet.loss {
      slices[slice].lost[Int(cause.rawValue)] += 1
      return
    }
    let bytes = UInt64(packet.bytes)
    let total = packet.arrival - packet.send
    slices[slice].delivered += 1
    slices[slice].bytes += bytes
    fleets[fleet].delivered += 1
    fleets[fleet].bytes += bytes
    bytesPerStep[time] += bytes
    if packet.truth.contains(.overBudget) { slices[slice].overBudget += 1 }
    if packet.airUs <= 1000 { slices[slice].airWithin1ms += 1 }
    if total <= 10_000_000 { slices[slice].within10s += 1 }
    slices[slice].air.record(Int64(packet.airUs))
    slices[slice].total.record(total)
  }

  /// Adds the figures of a generator of other devices of the same simulation.
  public mutating func add(_ other: Statistics) {
    precondition(
      other.slices.count == slices.count && other.fleets.count == fleets.count && other.step == step
        && other.sentPerStep.count == sentPerStep.count, "statistics of different simulations")
    for index in slices.indices { slices[index].add(other.slices[index]) }
    for index in fleets.indices {
      fleets[index].offered += other.fleets[index].offered
      fleets[index].delivered += other.fleets[index].delivered
      fleets[index].bytes += other.fleets[index].bytes
    }
    for index in sentPerStep.indices {
      sentPerStep[index] += other.sentPerStep[index]
      bytesPerStep[index] += other.bytesPerStep[index]
    }
    copies += other.copies
  }

  /// Packets offered by all slices.
  public var offered: UInt64 { slices.reduce(0) { $0 + $1.offered } }
  /// Packets delivered by all slices, copies not counted.
  public var delivered: UInt64 { slices.reduce(0) { $0 + $1.delivered } }
  /// Packets per second in the busiest step.
  public var peakSentPerSecond: Double { Double(sentPerStep.max() ?? 0) * 1e6 / Double(step) }
  /// Bits per second delivered in the busiest step.
  public var peakBitsPerSecond: Double { Double(bytesPerStep.max() ?? 0) * 8e6 / Double(step) }
}
