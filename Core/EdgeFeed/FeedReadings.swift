public import Edge
public import FiveG
internal import Primitives

/// Packets of the simulation as readings.
public struct FeedReadings: Sendable {
  /// The devices.
  public let devices: FeedDevices
  /// The sample time of the simulation's start, microseconds since 1970.
  public let startUs: Int64
  /// The key ids and keys by device, derived once.
  public let sessions: [DeviceSession]

  /// Readings of a simulation's devices; derives every device's session, also of those that are not enrolled.
  public init(_ devices: FeedDevices, _ simulation: Simulation) throws(EdgeError) {
    self.devices = devices
    startUs = simulation.scenario.start * 1_000_000
    var sessions: [DeviceSession] = []
    sessions.reserveCapacity(simulation.devices)
    for fleet in simulation.scenario.fleets {
      for _ in 0..<fleet.count { sessions.append(try devices.session(sessions.count, model: fleet.model)) }
    }
    self.sessions = sessions
  }

  /// When a packet came, microseconds since 1970.
  public func arrival(_ batch: PacketBatch, _ row: Int) -> Int64 { startUs + batch.arrivals[row] }

  /// The reading in a packet as the device sent it, or with `forwarded` as a corrupt gateway passes it on.
  public func reading(_ batch: PacketBatch, _ row: Int, forwarded: Bool) -> ReadingForm {
    let device = Int(batch.devices[row])
    var records: [ReadingForm.Record] = []
    for (place, channel) in batch.models[row].channels.enumerated() {
      var raw = batch.value(row, place)
      if place == 0, !forwarded, batch.truth[row].contains(.altered) { raw &-= Int64(batch.tampering[row]) }
      let value: ReadingForm.Value
      switch channel.kind {
      case .number: value = .number(mantissa: raw, exponent: channel.exponent)
      case .boolean: value = .boolean(raw != 0)
      case .digest:
        var bytes: [UInt8] = []
        bytes.append(u64: UInt64(bitPattern: raw))
        value = .data(bytes)
      }
      records.append(
        ReadingForm.Record(name: channel.name, unit: channel.unit.isEmpty ? nil : channel.unit, value: value))
    }
    return ReadingForm(
      device: devices.name(device), timeUs: max(0, startUs + batch.sampleTimes[row]),
      seq: UInt64(batch.sequences[row]), boot: 0, records: records)
  }

  /// Appends a packet's message, authenticated with the key that device and gateway share.
  public func append(_ batch: PacketBatch, _ row: Int, to messages: inout MessageBatch) {
    let session = sessions[Int(batch.devices[row])]
    messages.append(
      session.message(payload: reading(batch, row, forwarded: true).encoded()), arrival: arrival(batch, row))
  }
}
