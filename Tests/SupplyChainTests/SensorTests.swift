import COSE
import FinanceRules
import Ledger
import Primitives
import Testing

@Suite("Rules of sensors")
struct SensorTests {
  /// A facility on goods that one device watches under one rule; readings as (minutes later, value, second).
  private func run(
    _ rule: SensorRule, _ readings: [(minutes: UInt64, value: Int64, second: Int64)]
  ) throws -> (world: World, opened: [Int]) {
    let world = try World()
    try world.decide(Policy { ($0.version, $0.sensors) = (2, [rule]) })
    let goods = try world.goods()
    _ = try world.facility([goods])
    try world.device(goods)
    var opened: [Int] = []
    for (place, reading) in readings.enumerated() {
      world.time += reading.minutes * World.minute
      let before = try open(world)
      var statement = SensorReading {
        ($0.device, $0.counter, $0.time) = ("urn:dev:1", UInt64(place + 1), world.time)
        ($0.reading, $0.value, $0.second) = (rule.reading, reading.value, reading.second)
      }
      statement.signature = try World.device.sign(statement.signedBytes)
      try world.send(statement, by: "op")
      if try open(world) > before { opened.append(place) }
    }
    return (world, opened)
  }

  private func open(_ world: World) throws -> Int {
    world.trial.pairs.filter { $0.key.bytes[0] == Family.openExceptions.id }.count
  }

  @Test("a door may stand open for ten minutes, not longer without a break")
  func door() throws {
    let rule = SensorRule {
      ($0.reading, $0.high, $0.dwellMinutes, $0.blocks) = ("door", 0, 10, false)
    }
    #expect(
      try run(rule, [(1, 0, 0), (1, 1_000, 0), (9, 1_000, 0), (1, 0, 0), (1, 1_000, 0), (9, 1_000, 0)]).opened == [])
    #expect(try run(rule, [(1, 0, 0), (1, 1_000, 0), (9, 1_000, 0), (1, 1_000, 0)]).opened == [3])
  }

  @Test("a loss of mass is reckoned from the first reading, and hysteresis keeps it open")
  func loss() throws {
    let rule = SensorRule {
      ($0.reading, $0.shape, $0.high) = ("mass", .loss, 20_000)
      ($0.breaches, $0.window, $0.hysteresis) = (2, 3, 5_000)
    }
    let steady = try run(rule, [(1, 1_000_000, 0), (1, 981_000, 0), (1, 980_000, 0), (1, 990_000, 0)])
    #expect(steady.opened == [])
    // 3 % once, then 1.9 %, which is inside the limit and not yet back by the hysteresis.
    #expect(try run(rule, [(1, 1_000_000, 0), (1, 970_000, 0), (1, 981_000, 0)]).opened == [2])
    #expect(try run(rule, [(1, 1_000_000, 0), (1, 970_000, 0), (1, 986_000, 0), (1, 999_000, 0)]).opened == [])
  }

  @Test("a fence is a distance from a place, also across the line where days change")
  func fence() throws {
    // Shanghai, Yangshan: cosine of 30.6 degrees.
    let rule = SensorRule {
      ($0.reading, $0.shape, $0.high) = ("position", .fence, 2_000)
      ($0.latitude, $0.longitude, $0.cosine) = (30_600_000, 122_050_000, 860_742)
    }
    let inside: [(UInt64, Int64, Int64)] = [(1, 30_600_000, 122_050_000), (1, 30_617_000, 122_050_000)]
    #expect(try run(rule, inside).opened == [])
    #expect(try run(rule, inside + [(1, 30_619_000, 122_050_000)]).opened == [2])
    // 0.0208 degrees of longitude there are 1,991 metres, 0.0212 are 2,029.
    #expect(try run(rule, [(1, 30_600_000, 122_070_800)]).opened == [])
    #expect(try run(rule, [(1, 30_600_000, 122_071_200)]).opened == [0])
    var line = rule
    (line.latitude, line.longitude, line.cosine) = (0, 179_999_000, 1_000_000)
    #expect(try run(line, [(1, 0, -179_999_000)]).opened == [])
    #expect(try run(line, [(1, 0, -179_900_000)]).opened == [0])
  }

  @Test("limits that are open on one side stay open")
  func oneSided() throws {
    let rule = SensorRule { ($0.reading, $0.low, $0.hysteresis) = ("temperature", 2_000, 500) }
    #expect(try run(rule, [(1, 1 << 50, 0), (1, 1_999, 0), (1, 1 << 50, 0)]).opened == [1])
  }

  @Test("an open exception cuts the value and the right to draw until it is resolved, and nothing closes it silently")
  func effect() throws {
    let rule = SensorRule {
      ($0.reading, $0.high, $0.haircut, $0.blocks) = ("temperature", 8_000, 300_000, false)
    }
    let (world, opened) = try run(rule, [(1, 9_000, 0), (1, 5_000, 0)])
    #expect(opened == [0])
    let id = try #require(
      world.trial.pairs.first { $0.key.bytes[0] == Family.facilities.id }.flatMap { Digest($0.key.bytes.suffix(32)) })
    func cover() throws -> (value: Int64, right: Int64, isBlocked: Bool) {
      try world.trial.read { state throws(Refusal) in
        try SupplyChainContract(version: 1).cover(id, without: nil, &state)
      }
    }
    // 1,000,000 less 30 %; 70 % of 1,000,000 less 10 % and 30 %.
    #expect(try cover() == (700_000, 420_000, false))
    #expect(try world.code { try world.act(id, .draw, by: "dist", amount: 420_001) } == "drawing-right-exceeded")
    try world.act(id, .draw, by: "dist", amount: 420_000)
    try world.act(id, .cancelDraw, by: "dist")
    let entry = try #require(world.trial.pairs.first { $0.key.bytes[0] == Family.exceptions.id }?.key.order)
    #expect(try world.code { try world.exception(entry, .resolve, by: "bank2") } == "exception-step")
    try world.exception(entry, .acknowledge, by: "op")
    try world.exception(entry, .resolve, by: "bank2")
    #expect(try cover() == (1_000_000, 630_000, false))
    let kept: ExceptionRecord? = try world.record(Family.exceptions.key(order: entry))
    #expect(kept?.status == .resolved)
  }

  @Test(
    "two devices on the same goods that differ at about the same time open one exception; resolved, the next opens anew"
  )
  func differ() throws {
    let world = try World()
    let rule = SensorRule {
      ($0.reading, $0.low, $0.high) = ("temperature", 0, 30_000)
      ($0.disagreement, $0.togetherMinutes) = (1_500, 10)
    }
    try world.decide(Policy { ($0.version, $0.sensors) = (2, [rule]) })
    let goods = try world.goods()
    _ = try world.facility([goods])
    try world.device(goods)
    let second = PrivateKey.derive(seed: Array("second".utf8), label: "device")
    try world.send(
      DeviceRegistration { ($0.device, $0.key, $0.goods) = ("urn:dev:2", second.publicKey.coseKey, goods) }, by: "op")
    var counter: UInt64 = 0
    func measure(_ device: String, _ value: Int64, after minutes: UInt64) throws {
      world.time += minutes * World.minute
      counter += 1
      var reading = SensorReading {
        ($0.device, $0.counter, $0.time) = (device, counter, world.time)
        ($0.reading, $0.value) = ("temperature", value)
      }
      reading.signature = try (device == "urn:dev:1" ? World.device : second).sign(reading.signedBytes)
      try world.send(reading, by: "op")
    }
    try measure("urn:dev:1", 5_000, after: 1)
    try measure("urn:dev:2", 6_500, after: 1)
    #expect(try open(world) == 0)
    // Too far apart in time to be compared.
    try measure("urn:dev:2", 9_000, after: 12)
    #expect(try open(world) == 0)
    try measure("urn:dev:1", 7_000, after: 1)
    #expect(try open(world) == 1)
    try measure("urn:dev:1", 7_000, after: 1)
    #expect(try open(world) == 1)
    let entry = world.trial.pairs.first { $0.key.bytes[0] == Family.exceptions.id }
    let record = try ExceptionRecord(decoding: try #require(entry).value)
    #expect(record.reading == "temperature/differs" && record.device == "urn:dev:1")
    #expect(record.haircut == World.policy.silenceHaircut && record.blocks)
    let number = try #require(entry).key.order
    try world.exception(number, .acknowledge, by: "bank2")
    try world.exception(number, .resolve, by: "bank2")
    #expect(try open(world) == 0)
    try measure("urn:dev:2", 4_000, after: 1)
    #expect(try open(world) == 1)
  }
}

extension [UInt8] {
  /// Whether the bytes occur in a row.
  func contains(sequence: [UInt8]) -> Bool {
    guard !sequence.isEmpty, sequence.count <= count else { return sequence.isEmpty }
    return (0...(count - sequence.count)).contains { self[$0...].starts(with: sequence) }
  }
}
