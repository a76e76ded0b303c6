/// When the devices of a fleet send on their own; bursts come on top (``Burst``).
public enum ArrivalProcess: Sendable, Equatable {
  /// Nothing but bursts.
  case silent
  /// A Poisson process per device with this mean gap in microseconds.
  ///
  /// ITU-R M.2412 urban macro mMTC: one 32-byte message per device every two hours.
  case poisson(meanGap: Int64)
  /// A fixed period in microseconds from a random phase, each event delayed by a jitter uniform up to the second figure.
  ///
  /// V2X messages: every 100 ms (TR 37.885); sensors with a fixed sampling rate.
  case periodic(period: Int64, jitter: Int64)
  /// TR 45.820 annex E: 40 % of the devices report daily, 40 % every two hours, 15 % hourly, 5 % half-hourly, each from a
  /// random phase within its period.
  case reports
  /// Video frames: exactly this many per second from a random phase.
  case frames(perSecond: UInt16)

  /// ITU-R M.2412: a message per device every two hours.
  public static let densityTest = ArrivalProcess.poisson(meanGap: 7_200_000_000)

  /// The mean number of events per device and second.
  public var meanRate: Double {
    switch self {
    case .silent: 0
    case .poisson(let gap): 1e6 / Double(max(1, gap))
    case .periodic(let period, _): 1e6 / Double(max(1, period))
    // 0.4 / 1 d + 0.4 / 2 h + 0.15 / 1 h + 0.05 / 30 min = 11.2 a day.
    case .reports: 11.2 / 86_400
    case .frames(let perSecond): Double(perSecond)
    }
  }

  /// The reporting periods of TR 45.820 with their shares in percent.
  public static let reportPeriods: [(period: Int64, percent: UInt64)] = [
    (86_400_000_000, 40), (7_200_000_000, 40), (3_600_000_000, 15), (1_800_000_000, 5),
  ]

  /// A time later than any simulation runs.
  package static let never = Int64.max

  /// The time of a device's first event.
  package func first(seed: UInt64, device: UInt32) -> Int64 {
    var random = CounterRandom(seed: seed, device: device, lane: .device, counter: 1)
    switch self {
    case .silent: return Self.never
    case .poisson(let gap):
      var gaps = CounterRandom(seed: seed, device: device, lane: .schedule, counter: 0)
      return Self.exponential(&gaps, mean: gap)
    case .periodic(let period, _): return Int64(random.below(UInt64(max(1, period))))
    case .reports:
      let period = Self.reportPeriod(seed: seed, device: device)
      return Int64(random.below(UInt64(period)))
    case .frames(let perSecond): return Int64(random.below(1_000_000 / UInt64(max(1, perSecond))))
    }
  }

  /// The time of the event after event number `counter`, which was at `time`.
  ///
  /// - Parameter counter: counts this process's own events from 0.
  @inline(__always)
  package func next(after time: Int64, seed: UInt64, device: UInt32, counter: UInt32) -> Int64 {
    switch self {
    case .silent: return Self.never
    case .periodic(let period, _): return time &+ max(1, period)
    case .poisson(let gap):
      var random = CounterRandom(seed: seed, device: device, lane: .schedule, counter: UInt64(counter) + 1)
      return time &+ Self.exponential(&random, mean: gap)
    case .reports: return time &+ Self.reportPeriod(seed: seed, device: device)
    case .frames(let perSecond):
      // Whole microseconds that add up to exactly one second.
      let rate = Int64(max(1, perSecond))
      let within = Int64(counter) % rate
      return time &+ (within + 1) * 1_000_000 / rate &- within * 1_000_000 / rate
    }
  }

  /// The sample time of event `counter` whose undisturbed time is `time`.
  @inline(__always)
  package func jittered(_ time: Int64, seed: UInt64, device: UInt32, counter: UInt32) -> Int64 {
    guard case .periodic(_, let jitter) = self, jitter > 0 else { return time }
    var random = CounterRandom(seed: seed, device: device, lane: .schedule, counter: UInt64(counter))
    return time &+ random.between(0, jitter)
  }

  /// The period to which a device of TR 45.820 belongs.
  package static func reportPeriod(seed: UInt64, device: UInt32) -> Int64 {
    var random = CounterRandom(seed: seed, device: device, lane: .device, counter: 2)
    let draw = random.below(100)
    if draw < 40 { return reportPeriods[0].period }
    if draw < 80 { return reportPeriods[1].period }
    return draw < 95 ? reportPeriods[2].period : reportPeriods[3].period
  }

  /// An exponential gap, rounded down to microseconds, from 53 random bits and the portable logarithm.
  ///
  /// Every operation is a correctly rounded IEEE 754 one, so the gap is the same on every machine.
  static func exponential(_ random: inout CounterRandom, mean: Int64) -> Int64 {
    let u = (Double(random.next() >> 11) + 0.5) * 0x1p-53
    return Int64(-PortableMath.ln(u) * Double(mean))
  }
}
