/// A packet on its way to the gateway.
struct PendingPacket: Sendable {
  var arrival: Int64
  /// The true time of the sample.
  var sample: Int64
  var send: Int64
  var device: UInt32
  var event: UInt32
  var sequence: UInt32
  var bytes: UInt32
  var truth: Truth
  var airUs: UInt32
  var cell: UInt16
  var fleet: UInt8
  /// 0 the packet itself, 1 its duplicate, 2 a clone's, 3 a replay.
  var copy: UInt8
  var retransmissions: UInt8
  var kind: PacketBatch.Kind
  /// Nil when it arrives.
  var loss: LossCause?

  /// Whether this one is handed out before `other`: by arrival, device, event, copy.
  @inline(__always)
  func precedes(_ other: PendingPacket) -> Bool {
    if arrival != other.arrival { return arrival < other.arrival }
    if device != other.device { return device < other.device }
    if event != other.event { return event < other.event }
    return copy < other.copy
  }
}

/// What changes about a device from packet to packet: 16 bytes.
struct DeviceState: Sendable {
  /// The time of its next event on its own schedule.
  var next: Int64
  /// Events so far.
  var event: UInt32
  var cell: UInt16
  var fleet: UInt8
  /// Bit 0: the report link is in a loss burst; bit 1: the alarm link is; bits 2 to 4: bursts done.
  var flags: UInt8

  var burstsDone: UInt8 {
    get { flags >> 2 & 7 }
    set { flags = flags & 3 | newValue << 2 }
  }
}
