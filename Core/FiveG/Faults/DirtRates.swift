/// How much of a fleet's data is spoilt, in parts per million; all zero is clean.
///
/// The public anchor is the IoT use case of the Time Series Benchmark Suite (entries missing 10 %, out of order 30 %).
public struct DirtRates: Sendable, Equatable {
  /// Readings that are never sent; their sequence numbers are missing.
  public var missing: UInt32 = 0
  /// Readings held back for ``lateMinimum`` to ``lateMaximum``.
  public var late: UInt32 = 0
  /// Readings held back for one to two mean gaps, so that later ones overtake them.
  public var disordered: UInt32 = 0
  /// Readings sent twice, the copy 1 ms to 2 s after the first.
  public var duplicated: UInt32 = 0
  /// Stretches of 16 mean gaps during which a device repeats its value.
  public var stuck: UInt32 = 0
  /// Devices whose first continuous value drifts by ``driftPercentPerHour``, from a moment in the first half of the run on.
  public var drifting: UInt32 = 0
  /// Readings whose first continuous value is off by eight times its natural variation.
  public var spiking: UInt32 = 0
  /// Devices whose clock is off by up to ``skewMaximum``, either way.
  public var skewed: UInt32 = 0
  /// The shortest time that a late reading is held back, in microseconds.
  public var lateMinimum: Int64 = 5_000_000
  /// The longest time that a late reading is held back, in microseconds.
  public var lateMaximum: Int64 = 300_000_000
  /// The drift per hour in percent of the quantity's natural variation.
  public var driftPercentPerHour: Int64 = 100
  /// The largest clock error in microseconds.
  public var skewMaximum: Int64 = 90_000_000

  /// Clean data.
  public init() {}

  /// Clean data.
  public static let clean = DirtRates()

  /// A bit of everything: 0.1 % of readings for each fault, 0.1 % of devices for drift and clock.
  public static let light: DirtRates = {
    var rates = DirtRates()
    rates.missing = 1000
    rates.late = 1000
    rates.disordered = 1000
    rates.duplicated = 1000
    rates.stuck = 1000
    rates.drifting = 1000
    rates.spiking = 1000
    rates.skewed = 1000
    return rates
  }()

  /// Whether nothing is spoilt.
  public var isClean: Bool {
    missing | late | disordered | duplicated | stuck | drifting | spiking | skewed == 0
  }
}

/// The rates of one fleet as thresholds.
struct DirtPlan: Sendable {
  let perPacket: Bool
  let missing: Probability
  let late: Probability
  let disordered: Probability
  let duplicated: Probability
  let spiking: Probability
  let stuck: Probability
  let drifting: Probability
  let skewed: Probability
  let rates: DirtRates
  /// The length of a stuck stretch in microseconds.
  let stuckLength: Int64
  /// The mean gap in microseconds, for disorder.
  let meanGap: Int64
  /// The channel that spikes and drifts; negative if the model has none that is continuous.
  let channel: Int
  /// The natural variation of that channel in raw units.
  let variation: Int64
  let duration: Int64

  init(_ rates: DirtRates, model: DeviceModel, arrivals: ArrivalProcess, duration: Int64) {
    self.rates = rates
    self.duration = duration
    let channels = model.channels
    channel = channels.firstIndex { $0.signal.shape == .level } ?? -1
    variation = channel < 0 ? 0 : channels[channel].signal.variation
    missing = Probability(partsPerMillion: rates.missing)
    late = Probability(partsPerMillion: rates.late)
    disordered = Probability(partsPerMillion: rates.disordered)
    duplicated = Probability(partsPerMillion: rates.duplicated)
    spiking = Probability(partsPerMillion: channel < 0 ? 0 : rates.spiking)
    stuck = Probability(partsPerMillion: rates.stuck)
    drifting = Probability(partsPerMillion: channel < 0 ? 0 : rates.drifting)
    skewed = Probability(partsPerMillion: rates.skewed)
    perPacket = !rates.isClean
    let rate = arrivals.meanRate
    meanGap = rate > 0 ? Int64(1e6 / rate) : 1_000_000
    stuckLength = max(1, meanGap) * 16
  }
}

extension Signal {
  /// The sum of all that makes an honest value differ from its base.
  var variation: Int64 { max(1, spread + daily + wander + noise) }
}
