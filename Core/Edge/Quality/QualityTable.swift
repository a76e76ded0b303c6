/// The rules in the form in which the hot path wants them: plain memory.
final class QualityTable {
  struct Rule {
    var nameStart: Int32 = 0
    var nameCount: UInt8 = 0
    var exponent: Int8 = 0
    var flatCount: UInt8 = 0
    var isRequired = false
    var gapUs: Int64 = 0
    var sensorLow: Int64 = 0
    var sensorHigh: Int64 = 0
    var operatorLow: Int64 = 0
    var operatorHigh: Int64 = 0
    /// Negative for no test.
    var spike: Int64 = -1
    var rate: Int64 = -1
    var flatTolerance: Int64 = 0
    /// Where its climates begin.
    var climate: Int32 = 0
    var climateCount: UInt8 = 0
    /// The place of its signal among the model's; negative for no test.
    var signal: Int8 = -1
    /// 0 for no test.
    var attenuation: Int64 = 0
    var periodUs: Int64 = 0
  }

  struct Model {
    var first = 0
    var count = 0
    /// How many of its channels are tested for attenuation.
    var signals = 0
  }

  struct Span {
    /// A bit for each month from January on.
    var months: UInt16
    /// A bit for each hour.
    var hours: UInt32
    var low: Int64
    var high: Int64
  }

  private let rules: UnsafeMutableBufferPointer<Rule>
  private let models: UnsafeMutableBufferPointer<Model>
  private let names: UnsafeMutableRawBufferPointer
  private let climates: UnsafeMutableBufferPointer<Span>
  private let suspectUs: Int64
  private let failUs: Int64

  init(_ source: QualityRules) {
    var rules: [Rule] = []
    var models: [Model] = []
    var names: [UInt8] = []
    var climates: [Span] = []
    for model in source.models {
      models.append(
        Model(first: rules.count, count: model.count, signals: model.filter { $0.attenuation != nil }.count))
      var signals: Int8 = 0
      for rule in model {
        rules.append(
          Rule(
            nameStart: Int32(truncatingIfNeeded: names.count),
            nameCount: UInt8(truncatingIfNeeded: rule.name.utf8.count),
            exponent: rule.exponent, flatCount: rule.flatCount, isRequired: rule.isRequired,
            gapUs: Int64(rule.gapMs) * 1000, sensorLow: rule.sensorSpan.lowerBound,
            sensorHigh: rule.sensorSpan.upperBound, operatorLow: rule.operatorSpan.lowerBound,
            operatorHigh: rule.operatorSpan.upperBound, spike: rule.spike.map { max(0, $0) } ?? -1,
            rate: rule.ratePerSecond.map { max(0, $0) } ?? -1, flatTolerance: max(0, rule.flatTolerance),
            climate: Int32(truncatingIfNeeded: climates.count),
            climateCount: UInt8(truncatingIfNeeded: rule.climates.count),
            signal: rule.attenuation == nil ? -1 : signals, attenuation: rule.attenuation?.range ?? 0,
            periodUs: Int64(rule.attenuation?.periodMs ?? 0) * 1000))
        if rule.attenuation != nil { signals += 1 }
        for climate in rule.climates {
          climates.append(
            Span(
              months: climate.months.reduce(0) { $0 | 1 << UInt16($1 - 1) },
              hours: climate.hours.reduce(0) { $0 | 1 << UInt32($1) }, low: climate.span.lowerBound,
              high: climate.span.upperBound))
        }
        names += rule.name.utf8
      }
    }
    self.rules = .allocate(capacity: rules.count)
    _ = self.rules.initialize(from: rules)
    self.models = .allocate(capacity: models.count)
    _ = self.models.initialize(from: models)
    self.names = .allocate(byteCount: names.count, alignment: 1)
    self.names.copyBytes(from: names)
    self.climates = .allocate(capacity: climates.count)
    _ = self.climates.initialize(from: climates)
    suspectUs = Int64(source.clock.suspectMs) * 1000
    failUs = Int64(source.clock.failMs) * 1000
  }

  deinit {
    rules.deallocate()
    models.deallocate()
    names.deallocate()
    climates.deallocate()
  }

  /// The flags of a reading's records, the first in the highest byte, then a 9 for each required channel it lacks.
  ///
  /// `isForward` says that the reading is the newest by its number: only then is it compared with the values before and
  /// remembered. A clock that is ahead of the arrival speaks against all records.
  @inline(__always)
  func flags(
    _ device: UnsafeMutablePointer<DeviceRecord>, _ scan: ReadingScan, _ bytes: UnsafeRawBufferPointer,
    _ signals: SignalTable, arrival: Int64, isForward: Bool
  ) -> UInt64 {
    let flags = flags(device, scan, bytes, signals, isForward)
    return scan.timeUs - arrival > suspectUs ? doubted(flags, scan.count, ahead: scan.timeUs - arrival) : flags
  }

  /// The flags where the device's clock is ahead: at least suspect, or fail.
  @inline(never)
  private func doubted(_ flags: UInt64, _ count: Int, ahead: Int64) -> UInt64 {
    let flag = ahead > failUs ? QualityFlag.fail : .suspect
    var doubted = flags
    for index in 0..<count {
      let shift = UInt64(56 - 8 * index)
      let old = UInt8(truncatingIfNeeded: flags >> shift)
      doubted &= ~(0xff << shift)
      doubted |= UInt64(max(old, flag.rawValue)) << shift
    }
    return doubted
  }

  @inline(__always)
  private func flags(
    _ device: UnsafeMutablePointer<DeviceRecord>, _ scan: ReadingScan, _ bytes: UnsafeRawBufferPointer,
    _ signals: SignalTable, _ isForward: Bool
  ) -> UInt64 {
    let place = Int(device.pointee.rules) - 1
    guard place >= 0, place < models.count else {
      // 2, not evaluated, for each record.
      return 0x0202_0202_0202_0202 << UInt64(64 - 8 * scan.count)
    }
    let model = models[place]
    if isForward, model.signals > 0 { signals.provide(model.signals, device) }
    let isNewer = isForward && device.pointee.state.contains(.heard) && scan.timeUs > device.pointee.lastTime
    let elapsed = isNewer ? scan.timeUs - device.pointee.lastTime : 0
    var flags: UInt64 = 0
    var seen: UInt64 = 0
    for index in 0..<scan.count {
      let value = scan.values[index]
      let channel = channel(model, value, index, bytes)
      var flag = QualityFlag.notEvaluated
      if channel >= 0, value.kind != .data {
        seen |= 1 << UInt64(channel)
        let rule = rules[model.first + channel]
        flag = check(rule, value, device, channel, elapsed, isForward)
        if rule.climateCount > 0 || rule.signal >= 0 {
          let worst = further(rule, value, scan.timeUs, isForward ? device : nil, elapsed, signals)
          if worst.rawValue > flag.rawValue { flag = worst }
        }
      }
      flags |= UInt64(flag.rawValue) << UInt64(56 - 8 * index)
    }
    var next = scan.count
    for channel in 0..<model.count where next < 8 && seen >> UInt64(channel) & 1 == 0 {
      guard rules[model.first + channel].isRequired else { continue }
      flags |= UInt64(QualityFlag.missing.rawValue) << UInt64(56 - 8 * next)
      next += 1
    }
    return flags
  }

  /// The rule of a record: at the record's own place as a rule, else wherever its name is; −1 for none.
  @inline(__always)
  private func channel(_ model: Model, _ value: ScannedValue, _ index: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
    if index < model.count && isNamed(rules[model.first + index], value, bytes) { return index }
    for channel in 0..<model.count where isNamed(rules[model.first + channel], value, bytes) { return channel }
    return -1
  }

  @inline(__always)
  private func isNamed(_ rule: Rule, _ value: ScannedValue, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard rule.nameCount == value.nameCount else { return false }
    let (start, own) = (Int(value.nameStart), Int(rule.nameStart))
    for offset in 0..<Int(rule.nameCount) where bytes[start + offset] != names[own + offset] { return false }
    return true
  }

  @inline(__always)
  private func check(
    _ rule: Rule, _ scanned: ScannedValue, _ device: UnsafeMutablePointer<DeviceRecord>, _ channel: Int,
    _ elapsed: Int64, _ isForward: Bool
  ) -> QualityFlag {
    guard let value = QualityTable.scaled(scanned.mantissa, Int(scanned.exponent), to: Int(rule.exponent)) else {
      return .fail
    }
    var flag = QualityFlag.good
    if value < rule.sensorLow || value > rule.sensorHigh {
      flag = .fail
    } else if value < rule.operatorLow || value > rule.operatorHigh {
      flag = .suspect
    }
    guard channel < 4, isForward else { return flag }
    let worst = compare(rule, value, device, channel, elapsed)
    return worst.rawValue > flag.rawValue ? worst : flag
  }

  /// Spike, rate and flat line against the values before, which are then moved on.
  @inline(__always)
  private func compare(
    _ rule: Rule, _ value: Int64, _ device: UnsafeMutablePointer<DeviceRecord>, _ channel: Int, _ elapsed: Int64
  ) -> QualityFlag {
    let bit = UInt8(1) << UInt8(channel)
    let isKnown = device.pointee.known & bit != 0
    defer {
      device.pointee.last[channel] = value
      device.pointee.known |= bit
    }
    let (change, overflow) = value.subtractingReportingOverflow(device.pointee.last[channel])
    guard isKnown, !overflow, elapsed > 0, elapsed <= rule.gapUs else {
      device.pointee.step[channel] = .min
      device.pointee.repeats[channel] = 0
      return .good
    }
    var flag = QualityFlag.good
    let size = change.magnitude
    let step = device.pointee.step[channel]
    if rule.spike >= 0, step != .min {
      let (twice, over) = change.multipliedReportingOverflow(by: 2)
      let (bend, beyond) = twice.addingReportingOverflow(Int64(step))
      if over || beyond || bend.magnitude / 2 > UInt64(rule.spike) { flag = .suspect }
    }
    if rule.rate >= 0 {
      let moved = size.multipliedReportingOverflow(by: 1_000_000)
      let allowed = rule.rate.magnitude.multipliedReportingOverflow(by: elapsed.magnitude)
      if !allowed.overflow && (moved.overflow || moved.partialValue > allowed.partialValue) { flag = .suspect }
    }
    if rule.flatCount > 0 {
      let same = size <= UInt64(rule.flatTolerance)
      let repeats = same ? min(254, device.pointee.repeats[channel]) + 1 : 0
      device.pointee.repeats[channel] = repeats
      if repeats >= min(255, UInt16(rule.flatCount) * 4) {
        flag = .fail
      } else if repeats >= rule.flatCount && flag == .good {
        flag = .suspect
      }
    }
    device.pointee.step[channel] = Int32(exactly: change).flatMap { $0 == .min ? nil : $0 } ?? .min
    return flag
  }

  /// Climatology and attenuated signal: the tests of few channels.
  @inline(never)
  private func further(
    _ rule: Rule, _ scanned: ScannedValue, _ timeUs: Int64, _ device: UnsafeMutablePointer<DeviceRecord>?,
    _ elapsed: Int64, _ signals: SignalTable
  ) -> QualityFlag {
    guard let value = QualityTable.scaled(scanned.mantissa, Int(scanned.exponent), to: Int(rule.exponent)) else {
      return .fail
    }
    var flag = QualityFlag.good
    if rule.climateCount > 0 {
      let (month, hour) = Season.of(timeUs)
      for place in Int(rule.climate)..<Int(rule.climate) + Int(rule.climateCount) {
        let span = climates[place]
        guard span.months >> UInt16(month - 1) & 1 == 1, span.hours >> UInt32(hour) & 1 == 1 else { continue }
        if value < span.low || value > span.high { flag = .suspect }
        break
      }
    }
    if rule.signal >= 0, let device {
      let isFaint = signals.isFaint(
        device, Int(rule.signal), value, timeUs, range: rule.attenuation, periodUs: rule.periodUs,
        isFresh: elapsed <= 0 || elapsed > rule.gapUs)
      if isFaint { flag = .suspect }
    }
    return flag
  }

  /// `mantissa · 10^exponent` in units of `10^scale`, digits beyond cut off; nil where 64 bits are not enough.
  @inline(__always)
  static func scaled(_ mantissa: Int64, _ exponent: Int, to scale: Int) -> Int64? {
    if exponent == scale { return mantissa }
    var value = mantissa
    if exponent > scale {
      for _ in 0..<(exponent - scale) {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        if overflow { return nil }
        value = product
      }
    } else {
      for _ in 0..<(scale - exponent) where value != 0 { value /= 10 }
    }
    return value
  }
}
