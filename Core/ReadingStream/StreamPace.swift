/// When a reading is to be sent.
public enum StreamPace: Sendable, Equatable {
  /// As fast as it is taken.
  case free
  /// So many readings a second, whatever the simulated time is; at least 1.
  case rate(Int)
  /// Simulated time, so many thousandths of it to one of real time: 1000 is real time.
  case speed(thousandths: Int)

  /// When a reading is due, microseconds from the first one; saturates.
  ///
  /// - Parameters:
  ///   - number: how many readings were before it.
  ///   - elapsed: simulated microseconds since the first one's arrival.
  public func due(number: Int, elapsed: Int64) -> Int64 {
    switch self {
    case .free: return 0
    case .rate(let rate):
      let (seconds, rest) = max(0, number).quotientAndRemainder(dividingBy: max(1, rate))
      return Int64(clamping: Int128(seconds) * 1_000_000 + Int128(rest) * 1_000_000 / Int128(max(1, rate)))
    case .speed(let thousandths): return Int64(clamping: Int128(max(0, elapsed)) * 1000 / Int128(max(1, thousandths)))
    }
  }
}

/// Where a stream ends before the scenario does.
public struct StreamLimit: Sendable, Equatable {
  /// Readings, or nil for any number.
  public var readings: Int?
  /// Simulated microseconds since the scenario's start, or nil for all.
  public var time: Int64?

  /// A limit; without values there is none.
  public init(readings: Int? = nil, time: Int64? = nil) {
    self.readings = readings
    self.time = time
  }

  /// So many seconds: of sending at a rate, else of simulated time. Both end at the same reading whenever they run.
  public init(seconds: Int, _ pace: StreamPace) {
    let seconds = max(0, seconds)
    if case .rate(let rate) = pace {
      let (readings, overflow) = rate.multipliedReportingOverflow(by: seconds)
      self.readings = overflow ? .max : readings
    } else {
      time = Int64(clamping: Int128(seconds) * 1_000_000)
    }
  }
}
