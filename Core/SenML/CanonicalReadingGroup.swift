internal import Primitives

extension CanonicalReading {
  /// The canonical readings of resolved records: one for each device and time, in the records' order.
  ///
  /// The device is the name up to the last colon. `counter` gives boot and number of a device's next reading; it is asked
  /// once for each reading. Values in secondary units become values in primary ones, as a canonical reading has no version
  /// in which they would be allowed. More records of one moment than fit become several readings. The update time says
  /// nothing about the value and is left out. Throws `notInReading` for strings, sums, and units that cannot be converted
  /// exactly, `name` for a name without a device, and `time` for what is finer than a microsecond.
  public static func readings(
    of records: [SenMLRecord], counter: (_ device: String) -> (boot: UInt32, seq: UInt64)
  ) throws(SenMLError) -> [CanonicalReading] {
    struct Moment: Hashable {
      let device: String
      let time: Int64
    }
    var groups: [(moment: Moment, records: [Record])] = []
    var latest: [Moment: Int] = [:]
    for (index, record) in records.enumerated() {
      do throws(SenMLError) {
        guard let device = record.device else {
          throw SenMLError(.name, label: "n", detail: SenMLError.quote(record.name))
        }
        guard let time = record.time.microseconds else {
          throw SenMLError(.time, label: "t", detail: "\(record.time)")
        }
        let moment = Moment(device: device, time: time)
        let converted = try Record(record)
        if let place = latest[moment], groups[place].records.count < Limits.readingRecords {
          groups[place].records.append(converted)
        } else {
          latest[moment] = groups.count
          groups.append((moment, [converted]))
        }
      } catch { throw error.at(record: index) }
    }
    var out: [CanonicalReading] = []
    out.reserveCapacity(groups.count)
    for group in groups {
      let (boot, seq) = counter(group.moment.device)
      out.append(
        try CanonicalReading(
          device: group.moment.device, boot: boot, seq: seq, time: group.moment.time, records: group.records))
    }
    return out
  }
}

extension CanonicalReading.Record {
  /// The record of a canonical reading with the meaning of a resolved record.
  fileprivate init(_ record: SenMLRecord) throws(SenMLError) {
    guard record.sum == nil else { throw SenMLError(.notInReading, label: "s") }
    switch record.value {
    case .number(let number):
      guard let unit = record.unit, Units.unit(unit)?.primary != nil else {
        self.init(record.sensor, unit: record.unit, .number(number))
        return
      }
      guard let converted = Units.primary(number, in: unit) else {
        throw SenMLError(.notInReading, label: "u", detail: "\(number) \(unit) has no exact value in a primary unit")
      }
      self.init(record.sensor, unit: converted.unit, .number(converted.value))
    case .bool(let flag): self.init(record.sensor, unit: record.unit, .bool(flag))
    case .data(let bytes): self.init(record.sensor, unit: record.unit, .data(bytes))
    case .text: throw SenMLError(.notInReading, label: "vs")
    case nil: throw SenMLError(.notInReading, label: "s")
    }
  }
}
