internal import Primitives

/// Decides which values of devices the ledger keeps as their latest: those that have moved, and one now and then from those that
/// have not (design, pipeline step 6; the rule of Chainlink's data feeds).
///
/// A value is stated when it differs from the one stated before by more than a share of it, or when the heartbeat is due, both by the
/// samples' times. Memory: a value for each channel of the devices that are noted; only devices that the ledger has
/// certified may be.
public struct LatestWatch: Sendable {
  private struct Channel: Hashable {
    let device: String
    let name: String
  }

  private var stated: [Channel: LatestValue] = [:]
  /// Thousandths of the value before.
  private let deviation: Int64
  private let heartbeatUs: UInt64

  /// A watch that has stated nothing.
  ///
  /// - Parameters:
  ///   - deviation: thousandths of the value before by which a value must differ; 5 unless given.
  ///   - heartbeatUs: microseconds after which a value is stated again; an hour unless given.
  public init(deviation: Int64 = 5, heartbeatUs: UInt64 = 3_600_000_000) {
    self.deviation = max(0, deviation)
    self.heartbeatUs = max(1, heartbeatUs)
  }

  /// The values of a durable reading that are to be stated, which then count as stated.
  ///
  /// - Parameter known: the ledger's latest value of a channel by name; asked once for each, so that a restart neither repeats nor
  ///   goes back.
  public mutating func note(
    _ reading: ReadingForm, known: (_ name: String) throws -> LatestValue?
  ) rethrows -> [LatestValue] {
    var values: [LatestValue] = []
    for record in reading.records {
      guard case .number(let mantissa, let exponent) = record.value, (1...64).contains(record.name.utf8.count),
        let time = UInt64(exactly: reading.timeUs)
      else { continue }
      let channel = Channel(device: reading.device, name: record.name)
      var reason = LatestValue.Reason.heartbeat
      if let before = try stated[channel] ?? known(record.name) {
        stated[channel] = before
        guard time > before.time else { continue }
        if time - before.time < heartbeatUs {
          guard differs(mantissa, exponent, before) else { continue }
          reason = .deviation
        }
      }
      let value = LatestValue(
        device: reading.device, name: record.name, exponent: Int64(exponent), mantissa: mantissa, time: time,
        reason: reason)
      stated[channel] = value
      values.append(value)
    }
    return values
  }

  /// Forgets what the ledger has not taken: it is asked again.
  public mutating func forget(_ values: [LatestValue]) {
    for value in values { stated[Channel(device: value.device, name: value.name)] = nil }
  }

  /// `1000·|v − v₀| > deviation·|v₀|`, in units of the smaller power of ten.
  private func differs(_ mantissa: Int64, _ exponent: Int8, _ before: LatestValue) -> Bool {
    let scale = min(Int(exponent), Int(before.exponent))
    guard let new = QualityTable.scaled(mantissa, Int(exponent), to: scale),
      let old = QualityTable.scaled(before.mantissa, Int(before.exponent), to: scale)
    else { return true }
    let (change, overflow) = new.subtractingReportingOverflow(old)
    if overflow { return true }
    let (moved, allowed) = (
      change.magnitude.multipliedFullWidth(by: 1000), old.magnitude.multipliedFullWidth(by: deviation.magnitude)
    )
    return (moved.high, moved.low) > (allowed.high, allowed.low)
  }
}

extension Gateway {
  /// The newest stored reading of each of some devices, leaving out those whose newest row is the one given.
  ///
  /// A device whose last row is in the open batch is left out too: nothing is told before it is durable. Costs a read of one row
  /// a device that has a new one.
  public func newest(
    _ kids: [UInt64], unless known: [UInt64: RowID]
  ) throws -> [(kid: UInt64, row: RowID, reading: ReadingForm)] {
    var found: [(kid: UInt64, row: RowID, reading: ReadingForm)] = []
    for kid in kids {
      guard let number = core.devices.find(kid) else { continue }
      let last = RowID(raw: core.devices.record(number).pointee.lastRow)
      guard last.raw != 0, last != known[kid] else { continue }
      // A device's epoch stands between its readings: at most one after the other.
      var place = last
      for _ in 0..<3 {
        guard place.raw != 0, let row = try store.row(place) else { break }
        if let payload = EdgeCore.payload(of: row.message, kind: row.kind),
          let reading = ReadingForm(decoding: row.message[payload])
        {
          found.append((kid, last, reading))
          break
        }
        place = RowID(raw: row.previous)
      }
    }
    return found
  }
}
