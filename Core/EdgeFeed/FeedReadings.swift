public import Edge
public import FiveG
internal import Primitives

/// Packets of the simulation as readings.
public struct FeedReadings: Sendable {
  /// The devices.
  public let devices: FeedDevices
  /// The sample time of the simulation's start, microseconds since 1970.
  public let startUs: Int64
  /// The boot that the devices are in: a simulation's numbers begin anew with each run.
  public let boot: UInt32
  /// The first device of these.
  public let first: Int
  /// The key ids and keys by device, derived once; `first` has the first.
  public let sessions: [DeviceSession]
  /// Whether each of them is enrolled.
  public let areEnrolled: [Bool]

  /// Readings of a simulation's devices, or of a range of them; derives every device's session, also of those that are
  /// not enrolled.
  ///
  /// - Parameter signsEpochs: which devices sign epochs.
  public init(
    _ devices: FeedDevices, _ simulation: Simulation, range: Range<Int>? = nil, boot: UInt32 = 0,
    signsEpochs: (Int) -> Bool = { _ in false }
  ) throws(EdgeError) {
    self.devices = devices
    self.boot = boot
    startUs = simulation.scenario.start * 1_000_000
    let range = range ?? 0..<simulation.devices
    first = range.lowerBound
    var (sessions, areEnrolled): ([DeviceSession], [Bool]) = ([], [])
    sessions.reserveCapacity(range.count)
    areEnrolled.reserveCapacity(range.count)
    for device in range {
      let fleet = simulation.scenario.fleets[simulation.fleet(ofDevice: device)]
      sessions.append(try devices.session(device, model: fleet.model, signsEpochs: signsEpochs(device)))
      areEnrolled.append(fleet.enrolled)
    }
    (self.sessions, self.areEnrolled) = (sessions, areEnrolled)
  }

  /// The session of a device.
  public func session(_ device: Int) -> DeviceSession { sessions[device - first] }

  /// The sessions of the enrolled devices, as their gateway is given them.
  public var enrolled: [DeviceSession] { zip(sessions, areEnrolled).filter(\.1).map(\.0) }

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
      seq: UInt64(batch.sequences[row]), boot: boot, records: records)
  }

  /// Appends a packet's message, authenticated with the key that device and gateway share.
  public func append(_ batch: PacketBatch, _ row: Int, to messages: inout MessageBatch) {
    let session = session(Int(batch.devices[row]))
    messages.append(
      session.message(payload: reading(batch, row, forwarded: true).encoded()), arrival: arrival(batch, row))
  }
}
