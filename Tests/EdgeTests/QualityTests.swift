import COSE
import Edge
import EdgeFeed
import FiveG
import Ledger
import Primitives
import Testing

@Suite("Edge quality")
struct QualityTests {
  static let minute: Int64 = 60_000_000

  /// The flag of the first record of each reading: time after the start and value in hundredths of a degree.
  static func flags(
    _ rule: QualityRule, _ values: [(Int64, Int64)], arrival: (Int64) -> Int64 = { $0 }, clock: ClockRule = ClockRule()
  ) throws -> [UInt8] {
    let kit = try EdgeKit(devices: 1, rules: 0)
    let core = kit.core(rules: try QualityRules(models: [[rule]], clock: clock))
    for (index, (time, value)) in values.enumerated() {
      let sample = EdgeKit.start + time
      let outcome = core.accept(
        kit.message(0, seq: UInt64(index), time: sample, value: value), arrival: arrival(sample))
      guard case .accepted = outcome else {
        Issue.record("\(index) is \(outcome)")
        continue
      }
    }
    let store = try EdgeStore(path: EdgeKit.temporaryPath(), gateway: EdgeKit.gateway)
    try store.commitNow(try core.seal(now: EdgeKit.start))
    return try store.flags(1).map { UInt8($0 >> 56) }
  }

  static func temperature(_ change: (inout QualityRule) -> Void = { _ in }) -> QualityRule {
    var rule = QualityRule(
      name: "temperature", exponent: -2, sensorSpan: -4000...6000, operatorSpan: -3000...5000)
    change(&rule)
    return rule
  }

  @Test("climatology: the first part that holds month and hour counts, and no other")
  func climate() throws {
    // The start is 2027-01-01T00:00Z.
    let rule = Self.temperature {
      $0.climates = [
        Climate(months: 1...1, hours: 6...17, span: 0...1000), Climate(months: 1...1, span: -500...500),
        Climate(months: 2...12, hours: 0...0, span: 2000...2100),
      ]
    }
    let hour: Int64 = 3_600_000_000
    let day = 24 * hour
    let values: [(Int64, Int64, UInt8)] = [
      (0, 500, 1), (5 * hour + hour - 1, 501, 3), (6 * hour, 501, 1), (17 * hour, 1001, 3), (18 * hour, -501, 3),
      // 31 January and 1 February; of an hour without a climate nothing is said.
      (31 * day - 1, 501, 3), (31 * day, 501, 3), (31 * day + 1, 2050, 1), (31 * day + hour, 501, 1),
      // Beyond what the sensor can measure it has failed, whatever the season.
      (31 * day + 2 * hour, 6001, 4),
    ]
    #expect(try Self.flags(rule, values.map { ($0.0, $0.1) }) == values.map { $0.2 })
  }

  @Test("months and hours against the calendar")
  func season() throws {
    // Each month's first and last hour of four centuries' leap rules, by counting days.
    var days: Int64 = 0
    for year in 1970...2100 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        let first = Season.of(days * 86_400_000_000)
        days += Int64(length)
        let last = Season.of(days * 86_400_000_000 - 1)
        #expect(first == (month + 1, 0) && last == (month + 1, 23), "\(year)-\(month + 1)")
      }
    }
  }

  @Test("an attenuated signal: against a model that keeps all values", arguments: 1...6 as ClosedRange<UInt64>)
  func attenuated(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rule = Self.temperature {
      $0.attenuation = Attenuation(range: 40, periodMs: 600_000)
      $0.gapMs = 300_000
    }
    var (values, expected): ([(Int64, Int64)], [UInt8]) = ([], [])
    // Since the channel moved last.
    var quiet: [(time: Int64, value: Int64)] = []
    var time: Int64 = 0
    for _ in 0..<600 {
      let gap = Int.random(in: 0..<40, using: &generator) == 0 ? 6 * Self.minute : Self.minute
      time += gap
      let isMoving = Int.random(in: 0..<15, using: &generator) == 0
      let value = Int64(2000 + Int.random(in: 0..<(isMoving ? 400 : 39), using: &generator))
      quiet.append((time, value))
      let range = (quiet.map(\.value).max() ?? 0) - (quiet.map(\.value).min() ?? 0)
      if range >= 40 || gap > 300_000_000 { quiet = [(time, value)] }
      values.append((time, value))
      expected.append(time - quiet[0].time >= 600_000_000 ? 3 : 1)
    }
    #expect(expected.contains(3))
    #expect(try Self.flags(rule, values) == expected, "seed \(seed)")
  }

  @Test("a clock ahead of the arrival: suspect after 2 s, failed after 60 s, refused after 120 s")
  func clock() throws {
    let rule = Self.temperature()
    let second: Int64 = 1_000_000
    for (ahead, flag) in [(0, 1), (2 * second, 1), (2 * second + 1, 3), (60 * second, 3), (60 * second + 1, 4)] {
      #expect(try Self.flags(rule, [(0, 2000)], arrival: { $0 - Int64(ahead) }) == [UInt8(flag)], "\(ahead)")
    }
    // A value that has failed stays so, and records without a rule are doubted too.
    #expect(try Self.flags(rule, [(0, 7000)], arrival: { $0 - 3 * second }) == [4])
    let other = QualityRule(name: "wind", exponent: 0, sensorSpan: 0...1, operatorSpan: 0...1, isRequired: false)
    #expect(try Self.flags(other, [(0, 2000)], arrival: { $0 - 3 * second }) == [3])
    #expect(try Self.flags(other, [(0, 2000)]) == [2])
  }

  @Test("a place outside the box is suspect, one that is none fails")
  func location() throws {
    let rules = try QualityRules(models: [
      QualityRule.location(latitude: 31_0000000...32_0000000, longitude: 121_0000000...122_0000000)
    ])
    let kit = try EdgeKit(devices: 1, rules: 0)
    let core = kit.core(rules: rules)
    let places: [(Int64, Int64, [UInt8])] = [
      (31_2304000, 121_4737000, [1, 1]), (32_0000001, 121_4737000, [3, 1]), (31_2304000, -121_4737000, [1, 3]),
      (91_0000000, 181_0000000, [4, 4]),
    ]
    for (index, place) in places.enumerated() {
      let time = EdgeKit.start + Int64(index) * Self.minute
      let reading = ReadingForm(
        device: kit.sessions[0].device, timeUs: time, seq: UInt64(index), boot: 0,
        records: [
          ReadingForm.Record(name: "lat", unit: "lat", value: .number(mantissa: place.0, exponent: -7)),
          ReadingForm.Record(name: "lon", unit: "lon", value: .number(mantissa: place.1, exponent: -7)),
        ])
      let message = kit.sessions[0].message(payload: reading.encoded())
      guard case .accepted = core.accept(message, arrival: time) else {
        Issue.record("\(index)")
        return
      }
    }
    let store = try EdgeStore(path: EdgeKit.temporaryPath(), gateway: EdgeKit.gateway)
    try store.commitNow(try core.seal(now: EdgeKit.start))
    #expect(try store.flags(1).map { [UInt8($0 >> 56), UInt8($0 >> 48 & 0xff)] } == places.map { $0.2 })
  }

  @Test("rules that cannot be are refused")
  func refused() {
    let wrong: [(inout QualityRule) -> Void] = [
      { $0.climates = [Climate(months: 0...12, span: 0...1)] }, { $0.climates = [Climate(hours: 0...24, span: 0...1)] },
      { $0.climates = .init(repeating: Climate(span: 0...1), count: 25) },
      { $0.attenuation = Attenuation(range: 0, periodMs: 1) }, { $0.attenuation = Attenuation(range: 1, periodMs: 0) },
    ]
    for change in wrong {
      #expect(throws: EdgeError.self) { try QualityRules(models: [[Self.temperature(change)]]) }
    }
  }

  @Test("every figure is in the digest")
  func digest() throws {
    let changes: [(inout QualityRule) -> Void] = [
      { _ in }, { $0.climates = [Climate(span: 0...1)] }, { $0.climates = [Climate(months: 2...3, span: 0...1)] },
      { $0.climates = [Climate(hours: 2...3, span: 0...1)] }, { $0.climates = [Climate(span: 0...2)] },
      { $0.attenuation = Attenuation(range: 1, periodMs: 1) }, { $0.attenuation = Attenuation(range: 2, periodMs: 1) },
      { $0.attenuation = Attenuation(range: 1, periodMs: 2) },
    ]
    var digests = try changes.map { try QualityRules(models: [[Self.temperature($0)]]).digest }
    for clock in [ClockRule(suspectMs: 1), ClockRule(failMs: 1)] {
      digests.append(try QualityRules(models: [[Self.temperature()]], clock: clock).digest)
    }
    #expect(Set(digests).count == digests.count)
  }

  @Test("spikes, stuck and skewed sensors of the simulation are flagged, and clean ones are not")
  func simulated() throws {
    var dirt = DirtRates()
    (dirt.spiking, dirt.stuck, dirt.skewed) = (5000, 5000, 50_000)
    var fleet = Fleet("air quality", .airQuality, count: 200)
    fleet.arrivals = .periodic(period: 10_000_000, jitter: 100_000)
    fleet.dirt = dirt
    let scenario = Scenario(name: "dirty", seed: 5, duration: 3_600_000_000, fleets: [fleet])
    let set = try FeedTests.Set(scenario)
    var generator = PacketGenerator(set.simulation)
    var batch = PacketBatch()
    let store = try EdgeStore(path: EdgeKit.temporaryPath(), gateway: EdgeKit.gateway)
    var truths: [(Truth, ahead: Int64)] = []
    while generator.next(&batch) {
      for row in 0..<batch.count {
        var messages = MessageBatch()
        set.readings.append(batch, row, to: &messages)
        if set.core.isFull { try store.commitNow(try set.core.seal(now: messages.arrivals[0])) }
        guard case .accepted = set.core.accept(messages.message(0), arrival: messages.arrivals[0]) else { continue }
        truths.append((batch.truth[row], batch.sampleTimes[row] - batch.arrivals[row]))
      }
    }
    try store.commitNow(try set.core.seal(now: EdgeKit.start))
    var flags: [UInt64] = []
    for number in 1...set.core.openNumber - 1 { flags += try store.flags(number) }
    try #require(flags.count == truths.count)
    var (spikes, stuck, ahead) = (0, 0, 0)
    for (index, (truth, skew)) in truths.enumerated() {
      let worst = (0..<4).map { UInt8(truncatingIfNeeded: flags[index] >> UInt64(56 - 8 * $0)) }.max() ?? 0
      if skew > 2_000_000 {
        ahead += 1
        #expect(worst >= 3, "\(index)")
      } else if truth.contains(.spike) {
        spikes += worst >= 3 ? 1 : 0
      } else if truth.contains(.stuck) {
        stuck += worst >= 3 ? 1 : 0
      } else if worst >= 3 {
        // Right after a spike the value comes back, and that is a leap too; a stretch of sameness ends at its next value.
        let isAfter = truths[max(0, index - 700)..<index].contains { !$0.0.isDisjoint(with: [.spike, .stuck]) }
        #expect(isAfter, "\(index) \(truth) is flagged \(worst)")
      }
    }
    print("flagged: \(spikes) spikes, \(stuck) stuck, \(ahead) ahead of \(truths.count)")
    let all = truths.filter { $0.0.contains(.spike) && $0.ahead <= 2_000_000 }.count
    #expect(ahead > 0 && stuck > 0 && spikes * 10 > all * 9, "\(spikes) of \(all) spikes")
  }
}
