/// A batch of packets as columns, filled by ``PacketGenerator/next(_:)`` and reused by the caller.
///
/// Row i is the same index in every column. Rows are in order of arrival at the gateway; equal times go by device, event
/// and copy. What a gateway sees and what only the simulation knows are apart: the second is in ``truth``,
/// ``tampering``, ``trueTimes``, ``retransmissions``, ``airTimes`` and ``losses``.
public struct PacketBatch: Sendable {
  /// What a packet is about.
  public enum Kind: UInt8, Sendable {
    /// A reading on the fleet's own schedule.
    case report
    /// A reading caused by a burst's event.
    case alarm
  }

  /// A packet that never reached a gateway.
  public struct Loss: Sendable, Equatable {
    /// When it would have arrived, or should have been sent; losses are in this order.
    public var time: Int64
    /// The device.
    public var device: UInt32
    /// The sequence number.
    public var sequence: UInt32
    /// Why it did not.
    public var cause: LossCause
  }

  /// The most rows of the batch.
  public let capacity: Int

  // What the gateway sees.

  /// Arrival at the gateway in microseconds from the start.
  public internal(set) var arrivals: [Int64] = []
  /// When the device began to send, in microseconds from the start.
  public internal(set) var sendTimes: [Int64] = []
  /// The sample time by the device's own clock, in microseconds from the start; may be negative with a wrong clock.
  public internal(set) var sampleTimes: [Int64] = []
  /// The device's index in the whole scenario.
  public internal(set) var devices: [UInt32] = []
  /// The sequence number that the packet carries; a device's first is 0.
  public internal(set) var sequences: [UInt32] = []
  /// The fleet's index.
  public internal(set) var fleets: [UInt8] = []
  /// The device model.
  public internal(set) var models: [DeviceModel] = []
  /// Report or alarm.
  public internal(set) var kinds: [Kind] = []
  /// Index of the slice in the scenario.
  public internal(set) var slices: [UInt8] = []
  /// The 5QI of the flow.
  public internal(set) var fiveQIs: [UInt8] = []
  /// The cell; ``CellMap/gateway(ofCell:)`` gives the gateway.
  public internal(set) var cells: [UInt16] = []
  /// Bytes of payload on the air (a video frame's own size, not that of its hash).
  public internal(set) var payloadBytes: [UInt32] = []
  /// Raw values, ``DeviceModel/maximumChannels`` per row, unused ones 0; meanings are in ``DeviceModel/channels``.
  public internal(set) var values: [Int64] = []

  // What only the simulation knows.

  /// What was done to the packet.
  public internal(set) var truth: [Truth] = []
  /// With `altered`, how much the gateway added to the first value (subtract it for what the device sent); with
  /// `backdated`, by how many seconds it lies; altered wins over back-dated when both are set. Else 0.
  public internal(set) var tampering: [Int32] = []
  /// The true sample time in microseconds from the start.
  public internal(set) var trueTimes: [Int64] = []
  /// Retransmissions on the radio.
  public internal(set) var retransmissions: [UInt8] = []
  /// One-way time over the air in microseconds: alignment, scheduling, transmission, decoding, retransmissions.
  public internal(set) var airTimes: [UInt32] = []
  /// Packets that did not come, up to the time of this batch's last row.
  public internal(set) var losses: [Loss] = []

  /// An empty batch.
  ///
  /// - Parameter capacity: rows at most; raised to 1.
  public init(capacity: Int = 4096) {
    self.capacity = max(1, capacity)
    arrivals.reserveCapacity(self.capacity)
    sendTimes.reserveCapacity(self.capacity)
    sampleTimes.reserveCapacity(self.capacity)
    trueTimes.reserveCapacity(self.capacity)
    devices.reserveCapacity(self.capacity)
    sequences.reserveCapacity(self.capacity)
    fleets.reserveCapacity(self.capacity)
    models.reserveCapacity(self.capacity)
    kinds.reserveCapacity(self.capacity)
    slices.reserveCapacity(self.capacity)
    fiveQIs.reserveCapacity(self.capacity)
    cells.reserveCapacity(self.capacity)
    payloadBytes.reserveCapacity(self.capacity)
    values.reserveCapacity(self.capacity * DeviceModel.maximumChannels)
    truth.reserveCapacity(self.capacity)
    tampering.reserveCapacity(self.capacity)
    retransmissions.reserveCapacity(self.capacity)
    airTimes.reserveCapacity(self.capacity)
  }

  /// The number of rows.
  public var count: Int { arrivals.count }

  /// Whether there is no row.
  public var isEmpty: Bool { arrivals.isEmpty }

  /// One raw value of a row.
  @inlinable
  public func value(_ row: Int, _ channel: Int) -> Int64 { values[row * DeviceModel.maximumChannels + channel] }

  /// Takes all rows and losses out and keeps the storage.
  public mutating func removeAll() {
    arrivals.removeAll(keepingCapacity: true)
    sendTimes.removeAll(keepingCapacity: true)
    sampleTimes.removeAll(keepingCapacity: true)
    trueTimes.removeAll(keepingCapacity: true)
    devices.removeAll(keepingCapacity: true)
    sequences.removeAll(keepingCapacity: true)
    fleets.removeAll(keepingCapacity: true)
    models.removeAll(keepingCapacity: true)
    kinds.removeAll(keepingCapacity: true)
    slices.removeAll(keepingCapacity: true)
    fiveQIs.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    payloadBytes.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    truth.removeAll(keepingCapacity: true)
    tampering.removeAll(keepingCapacity: true)
    retransmissions.removeAll(keepingCapacity: true)
    airTimes.removeAll(keepingCapacity: true)
    losses.removeAll(keepingCapacity: true)
  }
}
