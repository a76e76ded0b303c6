internal import Primitives

/// What devices of one model in one cell say about each other (threat table, "physical spoof" and "Sybil devices").
///
/// Cryptography vouches for who measured, not for what was measured: a heater at the thermometer is signed too. What it does not
/// reach are the neighbours. Nothing here accuses by itself; it raises a question that somebody answers on the spot.
///
/// Values are averaged over windows of ten minutes. With `m` the median of all devices of a window, the residual of a device is
/// `r = mean − m`, its baseline `b` the median of its residuals, and `s` the group's spread: the median over its devices of
/// `1.4826·median |r − b|`.
struct NeighbourInspection {
  /// A window's length, microseconds.
  static let windowUs: Int64 = 600_000_000
  /// Devices that a comparison needs.
  static let fewest = 5
  /// Windows that a device's baseline needs.
  static let baselineWindows = 12
  /// Spreads from its baseline at which a window stands out.
  static let outlier = 6.0
  /// Windows in a row that must stand out.
  static let persistence = 3
  /// CUSUM of a drift: the slack and the decision interval, in spreads (Page 1954; Montgomery, section 9.1).
  static let (slack, decision) = (0.5, 5.0)

  struct Group: Hashable {
    let cell: String
    let model: String
    let channel: String
  }

  /// Sums of one device's values in one window.
  struct Mean {
    var sum = 0.0
    var count = 0.0
    /// The first message of the window, which stands for it as evidence.
    let message: [UInt8]
    let seq: UInt64
    var value: Double { sum / count }
  }

  /// By group, device and number of the window.
  private var means: [Group: [String: [Int64: Mean]]] = [:]
  /// The smallest step of a group's values.
  private var steps: [Group: Double] = [:]

  mutating func add(_ reading: InspectedReading, cell: String, model: String) {
    let window = reading.form.timeUs / NeighbourInspection.windowUs
    for record in reading.form.records {
      guard case .number(let mantissa, let exponent) = record.value else { continue }
      let group = Group(cell: cell, model: model, channel: record.name)
      let step = InspectedReading.double(1, exponent)
      steps[group] = min(steps[group] ?? step, step)
      var mean =
        means[group]?[reading.form.device]?[window] ?? Mean(message: reading.message, seq: reading.form.seq)
      mean.sum += InspectedReading.double(mantissa, exponent)
      mean.count += 1
      means[group, default: [:]][reading.form.device, default: [:]][window] = mean
    }
  }

  /// What stands out, by channel and device in the order of their names.
  func findings() -> [InspectionFinding] {
    var found: [InspectionFinding] = []
    for (group, devices) in means.sorted(by: {
      ($0.key.cell, $0.key.model, $0.key.channel) < ($1.key.cell, $1.key.model, $1.key.channel)
    }) where devices.count >= NeighbourInspection.fewest {
      let residuals = NeighbourInspection.residuals(devices)
      var baselines: [String: Double] = [:]
      var spreads: [Double] = []
      for (device, values) in residuals where values.count >= NeighbourInspection.baselineWindows {
        let baseline = NeighbourInspection.median(values.map(\.value))
        baselines[device] = baseline
        spreads.append(1.4826 * NeighbourInspection.median(values.map { abs($0.value - baseline) }))
      }
      guard baselines.count >= NeighbourInspection.fewest else { continue }
      // Never less than the values' own step: readings that repeat have no spread of their own.
      let spread = max(NeighbourInspection.median(spreads), steps[group] ?? 0)
      guard spread > 0 else { continue }
      for (device, baseline) in baselines.sorted(by: { $0.key < $1.key }) {
        guard let values = residuals[device], let own = devices[device] else { continue }
        let scores = values.map { (window: $0.window, score: ($0.value - baseline) / spread) }
        if let window = NeighbourInspection.outlier(scores), let mean = own[window] {
          found.append(
            NeighbourInspection.finding(
              .neighbours, device, group, window, mean,
              "Its \(group.channel) leaves those of \(devices.count - 1) neighbours in \(group.cell) from "
                + "\(Timestamp.text(UInt64(window * NeighbourInspection.windowUs) / 1000)) on: look what is done to the sensor."
            ))
        } else if let window = NeighbourInspection.drift(scores), let mean = own[window] {
          found.append(
            NeighbourInspection.finding(
              .drift, device, group, window, mean,
              "Its \(group.channel) drifts away from that of \(devices.count - 1) neighbours in \(group.cell) since "
                + "\(Timestamp.text(UInt64(window * NeighbourInspection.windowUs) / 1000)): calibrate it."))
        }
      }
    }
    return found
  }

  private static func finding(
    _ kind: Incident.Kind, _ device: String, _ group: Group, _ window: Int64, _ mean: Mean, _ text: Message
  ) -> InspectionFinding {
    InspectionFinding(
      kind, device, number: mean.seq, timeUs: window * windowUs, evidence: [mean.message], text)
  }

  /// Each device's residuals in the order of the windows in which enough devices were heard.
  private static func residuals(_ devices: [String: [Int64: Mean]]) -> [String: [(window: Int64, value: Double)]] {
    var windows: [Int64: [Double]] = [:]
    for means in devices.values {
      for (window, mean) in means { windows[window, default: []].append(mean.value) }
    }
    var found: [String: [(window: Int64, value: Double)]] = [:]
    for (window, values) in windows.sorted(by: { $0.key < $1.key }) where values.count >= fewest {
      let middle = median(values)
      for (device, means) in devices {
        if let mean = means[window] { found[device, default: []].append((window, mean.value - middle)) }
      }
    }
    return found
  }

  /// The first of enough windows in a row that stand out on one side.
  static func outlier(_ scores: [(window: Int64, score: Double)]) -> Int64? {
    var (run, first): (Int, Int64) = (0, 0)
    var sign = 0.0
    for (window, score) in scores {
      guard abs(score) > outlier else {
        run = 0
        continue
      }
      if run == 0 || score.sign != sign.sign { (run, first, sign) = (0, window, score) }
      run += 1
      if run >= persistence { return first }
    }
    return nil
  }

  /// Since when the residuals have moved to one side, if they still are there at the end; nil for none.
  ///
  /// `C⁺ = max(0, C⁺ + z − k)` and `C⁻ = max(0, C⁻ − z − k)` against the first third of the windows; over `h` it is a drift since
  /// the sum last was zero.
  static func drift(_ scores: [(window: Int64, score: Double)]) -> Int64? {
    let third = scores.count / 3
    guard third >= baselineWindows / 3, scores.count >= baselineWindows else { return nil }
    let start = median(scores[..<third].map(\.score))
    var (up, down) = (0.0, 0.0)
    var (upSince, downSince): (Int64, Int64) = (0, 0)
    for (window, score) in scores[third...] {
      if up == 0 { upSince = window }
      if down == 0 { downSince = window }
      up = max(0, up + score - start - slack)
      down = max(0, down - (score - start) - slack)
    }
    // A change that has passed is no drift, and a sum that chance has filled has no level behind it.
    let level = median(scores.suffix(third).map(\.score)) - start
    if up > decision, level > 2 { return upSince }
    return down > decision && level < -2 ? downSince : nil
  }

  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
