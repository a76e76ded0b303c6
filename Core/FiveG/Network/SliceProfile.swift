/// How one slice's radio behaves: the figures from which the delay of a packet is built.
public struct SliceProfile: Sendable, Equatable {
  /// The slice.
  public var slice: SNSSAI
  /// Numerology 0 to 4: a slot lasts 1 ms / 2^numerology.
  public var numerology: UInt8
  /// Slots between the moment a device has data and its transmission: scheduling request and grant, 0 with a configured
  /// grant.
  public var schedulingSlots: UInt8
  /// Probability that the first transmission fails, in parts per million.
  public var firstFailurePpm: UInt32
  /// Whether a device starts from idle and needs random access for each report.
  public var randomAccess: Bool
  /// Packets that one cell carries for this slice per second: the server rate of the queue.
  public var cellPacketsPerSecond: UInt32

  /// A profile of the given figures.
  public init(
    slice: SNSSAI, numerology: UInt8, schedulingSlots: UInt8, firstFailurePpm: UInt32, randomAccess: Bool,
    cellPacketsPerSecond: UInt32
  ) {
    self.slice = slice
    self.numerology = numerology
    self.schedulingSlots = schedulingSlots
    self.firstFailurePpm = firstFailurePpm
    self.randomAccess = randomAccess
    self.cellPacketsPerSecond = cellPacketsPerSecond
  }

  /// The simulation's own figures for a slice/service type; the operator's own types get those of eMBB.
  ///
  /// Error targets follow the usual link adaptation: 10 % for broadband and massive IoT, 1 % where delay counts. URLLC
  /// and V2X use 120 and 60 kHz subcarriers with a configured grant, without which 1 ms over the air is out of reach.
  public static func standard(_ slice: SNSSAI) -> SliceProfile {
    switch slice.standard {
    case .urllc: SliceProfile(slice, 3, 0, 10_000, false, 100_000)
    case .miot: SliceProfile(slice, 0, 2, 100_000, true, 50_000)
    case .v2x: SliceProfile(slice, 2, 0, 10_000, false, 50_000)
    case .hmtc: SliceProfile(slice, 2, 2, 10_000, false, 50_000)
    case .hdllc: SliceProfile(slice, 3, 2, 10_000, false, 50_000)
    case .eMBB, .gbrss, nil: SliceProfile(slice, 1, 2, 100_000, false, 50_000)
    }
  }

  private init(
    _ slice: SNSSAI, _ numerology: UInt8, _ slots: UInt8, _ ppm: UInt32, _ access: Bool, _ capacity: UInt32
  ) {
    self.init(
      slice: slice, numerology: numerology, schedulingSlots: slots, firstFailurePpm: ppm, randomAccess: access,
      cellPacketsPerSecond: capacity)
  }
}
