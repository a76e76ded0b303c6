internal import Primitives

/// The lowest and highest values since a channel last moved, for the few channels that are tested for attenuation.
///
/// Beside the records of the devices, so that those without such a channel pay nothing for it: 24 bytes a channel.
final class SignalTable {
  struct Signal {
    var low: Int64 = 0
    var high: Int64 = 0
    /// When the channel moved last, microseconds; `Int64.min` before the first value.
    var since: Int64 = .min
  }

  /// Bytes of one signal in a snapshot.
  static let snapshotBytes = 24

  @exclusivity(unchecked) private var signals: [Signal] = []

  /// Bytes that the table holds.
  var memoryBytes: Int { signals.capacity * MemoryLayout<Signal>.stride }

  /// Gives a device as many signals as its model has, unless it has them.
  @inline(__always)
  func provide(_ count: Int, _ device: UnsafeMutablePointer<DeviceRecord>) {
    if Int(device.pointee.signals & 31) != count { add([Signal](repeating: Signal(), count: count), device) }
  }

  @inline(never)
  private func add(_ new: [Signal], _ device: UnsafeMutablePointer<DeviceRecord>) {
    // 27 bits of place and one more, 5 of count: 8 channels of 16 million devices.
    precondition(signals.count + new.count < 1 << 27, "a gateway has at most 2^27 channels tested for attenuation")
    device.pointee.signals = UInt32(signals.count + 1) << 5 | UInt32(new.count)
    signals += new
  }

  @inline(__always)
  private func place(_ device: UnsafeMutablePointer<DeviceRecord>, _ signal: Int) -> Int? {
    let entry = device.pointee.signals
    guard entry != 0, signal < Int(entry & 31) else { return nil }
    return Int(entry >> 5) - 1 + signal
  }

  /// Takes a value in; gives whether the channel has stayed within less than `range` for `periodUs`.
  ///
  /// - Parameter isFresh: whether the values before are too far away to be compared with.
  func isFaint(
    _ device: UnsafeMutablePointer<DeviceRecord>, _ signal: Int, _ value: Int64, _ timeUs: Int64, range: Int64,
    periodUs: Int64, isFresh: Bool
  ) -> Bool {
    guard let place = place(device, signal) else { return false }
    var known = signals[place]
    defer { signals[place] = known }
    let (low, high) = (min(known.low, value), max(known.high, value))
    let (span, overflow) = high.subtractingReportingOverflow(low)
    guard known.since != .min, !isFresh, !overflow, span < range else {
      known = Signal(low: value, high: value, since: timeUs)
      return false
    }
    (known.low, known.high) = (low, high)
    return timeUs - known.since >= periodUs
  }

  // MARK: - Snapshots

  /// A device's signals, their count first, in a byte.
  func append(_ device: DeviceRecord, to out: inout [UInt8]) {
    let count = Int(device.signals & 31)
    out.append(UInt8(count))
    guard count > 0 else { return }
    for signal in signals[(Int(device.signals >> 5) - 1)...].prefix(count) {
      for value in [signal.low, signal.high, signal.since] { out.append(u64: UInt64(bitPattern: value)) }
    }
  }

  /// Takes in what `append` wrote; false where it is something else.
  func restore(_ device: UnsafeMutablePointer<DeviceRecord>, _ reader: inout ByteReader) -> Bool {
    guard let count = reader.u8(), count <= EdgeLimits.records else { return false }
    var restored: [Signal] = []
    for _ in 0..<count {
      guard let low = reader.u64(), let high = reader.u64(), let since = reader.u64() else { return false }
      restored.append(
        Signal(low: Int64(bitPattern: low), high: Int64(bitPattern: high), since: Int64(bitPattern: since)))
    }
    if count > 0 { add(restored, device) }
    return true
  }
}
