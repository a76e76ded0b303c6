public import Edge
internal import Primitives
public import SenML
internal import Synchronization

/// A trusted local bridge: what it hears as plain SenML becomes readings of its own.
///
/// The gateway and the bridge share a session key, as a device and its gateway do, and each pack is wrapped here, on the
/// gateway's host. So such a reading has tier 1, MAC only: whoever controls host or bridge can make it up, and nothing
/// proves what the sensor behind it sent. The sensor's whole SenML name becomes the record's, see `sensorName`.
///
/// The bridge's boot is the second of its start, and its numbers go on from 0: a restart neither repeats nor skips any.
public final class BridgeIntake: Sendable {
  /// The bridge's session with the gateway; enrol it there.
  public let session: DeviceSession

  /// The boot of its readings.
  public let boot: UInt32

  private let next = Mutex<UInt64>(0)

  /// A bridge with the session of its device.
  ///
  /// - Parameter boot: higher than at each start before: seconds since 1970 are, unless it starts twice in a second.
  public init(_ session: DeviceSession, boot: UInt32) {
    self.session = session
    self.boot = boot
  }

  /// The number of its next reading.
  public var nextNumber: UInt64 { next.withLock { $0 } }

  /// Appends a pack's readings to a batch, each as a message of the bridge; gives how many. Nothing is appended on an error.
  ///
  /// Records of one moment share a reading, up to eight. Relative times count from `arrival`, microseconds since 1970.
  /// Throws `malformed` with record and label for what is no SenML or does not fit a reading: texts, sums, units without an
  /// exact primary one, times finer than a microsecond.
  @discardableResult
  public func append(
    _ pack: SenMLPack, arrival: Int64, to batch: inout MessageBatch
  ) throws(IntakeError) -> Int {
    let readings = try next.withLock { next throws(IntakeError) in
      var number = next
      let readings = try self.readings(pack, arrival, &number)
      next = number
      return readings
    }
    for reading in readings { batch.append(session.message(payload: reading.encoded()), arrival: arrival) }
    return readings.count
  }

  private func readings(
    _ pack: SenMLPack, _ arrival: Int64, _ number: inout UInt64
  ) throws(IntakeError) -> [CanonicalReading] {
    do {
      let records = try pack.resolved(now: SenMLNumber(microseconds: arrival)).enumerated().map {
        (index, record) throws(SenMLError) in
        guard let name = Self.sensorName(record.name) else {
          throw SenMLError(.name, record: index, label: "n", detail: "it does not fit a bridge's reading")
        }
        return SenMLRecord(
          name: "\(session.device):\(name)", unit: record.unit, value: record.value, sum: record.sum, time: record.time,
          updateTime: record.updateTime, version: record.version)
      }
      return try CanonicalReading.readings(of: records) { _ in
        defer { number += 1 }
        return (boot, number)
      }
    } catch { throw IntakeError(.malformed, "The pack cannot be taken: \(Message(said: error.description))") }
  }

  /// A sensor's name within the bridge's readings: `:` becomes `/`, `/` becomes `_s` and `_` becomes `__`.
  ///
  /// So no two names become one, and the result is a SenML name without a colon. Nil where it has more than 63 bytes.
  public static func sensorName(_ name: String) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(name.utf8.count + 4)
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: ":"): bytes.append(UInt8(ascii: "/"))
      case UInt8(ascii: "/"): bytes += [UInt8(ascii: "_"), UInt8(ascii: "s")]
      case UInt8(ascii: "_"): bytes += [UInt8(ascii: "_"), UInt8(ascii: "_")]
      default: bytes.append(byte)
      }
    }
    return (1...Limits.sensorBytes).contains(bytes.count) ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// The SenML name that became `sensor`, or nil if none does.
  public static func name(ofSensor sensor: String) -> String? {
    var bytes: [UInt8] = []
    var rest = sensor.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "/"): bytes.append(UInt8(ascii: ":"))
      case UInt8(ascii: ":"): return nil
      case UInt8(ascii: "_"):
        switch rest.popFirst() {
        case UInt8(ascii: "s"): bytes.append(UInt8(ascii: "/"))
        case UInt8(ascii: "_"): bytes.append(UInt8(ascii: "_"))
        default: return nil
        }
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
