import CBOR
import Primitives
import SenML
import Testing

struct ReadingTests {
  static let air = Result {
    try CanonicalReading(
      device: "urn:dev:ow:10e2073a01080063", boot: 7, seq: 258, time: 1_767_225_600_250_000,
      records: [
        .init("temp", unit: "Cel", .number(number("23.1"))), .init("open", .bool(false)),
        .init("frame", .data(Array(repeating: 0xab, count: 32))), .init("count", .number(SenMLNumber(-5))),
      ])
  }
  /// Typed by hand after the decision's page.
  static let airHex =
    "84" + "a7" + "00" + "6474656d70" + "01" + "6343656c" + "02" + "c48220" + "18e7" + "21"
    + "781c" + "75726e3a6465763a6f773a31306532303733613031303830303633" + "3a" + "22" + "c48221" + "1b00000029257c"
    + "4419"
    + "63736571" + "190102" + "64626f6f74" + "07" + "a2" + "00" + "646f70656e" + "04" + "f4" + "a2" + "00"
    + "656672616d65"
    + "08" + "5820" + String(repeating: "ab", count: 32) + "a2" + "00" + "65636f756e74" + "02" + "24"

  /// Readings of every shape.
  static func random(_ random: inout SeededGenerator) -> CanonicalReading? {
    let letters = Array("abcXYZ019-._/")
    func text(_ count: ClosedRange<Int>) -> String {
      String((0..<Int.random(in: count, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
    }
    func wide() -> UInt64 { random.next() >> UInt64.random(in: 0...63, using: &random) }
    var records: [CanonicalReading.Record] = []
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let value: CanonicalReading.Value
      switch Int.random(in: 0..<4, using: &random) {
      case 0: value = .bool(Bool.random(using: &random))
      case 1: value = .data(random.bytes(Int.random(in: 0...64, using: &random)))
      default:
        let mantissa = Int64(bitPattern: wide()) &* (Bool.random(using: &random) ? 1 : -1)
        let number = SenMLNumber(mantissa: mantissa, exponent: Int.random(in: -18...0, using: &random))
        value = .number(number.flatMap { $0.exponent <= 0 ? $0 : nil } ?? .zero)
      }
      let unit = Bool.random(using: &random) ? nil : ["Cel", "%RH", "/", text(1...32)].randomElement(using: &random)
      records.append(.init(text(1...(random.next() % 4 == 0 ? 63 : 9)), unit: unit, value))
    }
    return try? CanonicalReading(
      device: "urn:" + text(1...30) + ":" + text(0...29), boot: UInt32(truncatingIfNeeded: wide()), seq: wide(),
      time: 268_435_456_000_000 + Int64(wide() >> 12), records: records)
  }

  /// A slow and obvious reader: the ledger's CBOR tree, then the same bytes again.
  static func model(_ bytes: [UInt8]) -> CanonicalReading? {
    guard let items = try? CBORValue(decoding: bytes), case .array(let maps) = items else { return nil }
    func integer(_ value: CBORValue?) -> Int64? {
      switch value {
      case .unsigned(let value): Int64(exactly: value)
      case .negative(let value): Int64(exactly: value).map { ~$0 }
      default: nil
      }
    }
    func number(_ value: CBORValue) -> SenMLNumber? {
      guard case .tag(4, .array(let parts)) = value else { return integer(value).map { SenMLNumber($0) } }
      guard parts.count == 2, let exponent = integer(parts[0]), let mantissa = integer(parts[1]) else { return nil }
      return SenMLNumber(mantissa: mantissa, exponent: Int(max(-999, min(999, exponent))))
    }
    var records: [CanonicalReading.Record] = []
    for map in maps {
      guard case .text(let name) = map[0] else { return nil }
      var unit: String?
      if let value = map[1] {
        guard case .text(let text) = value else { return nil }
        unit = text
      }
      if let value = map[2] {
        guard let number = number(value) else { return nil }
        records.append(.init(name, unit: unit, .number(number)))
      } else if case .bool(let flag) = map[4] {
        records.append(.init(name, unit: unit, .bool(flag)))
      } else if case .bytes(let data) = map[8] {
        records.append(.init(name, unit: unit, .data(data)))
      } else {
        return nil
      }
    }
    guard let first = maps.first, case .text(let base) = first[-2], base.hasSuffix(":"), let at = first[-3],
      let time = number(at)?.microseconds, case .unsigned(let seq) = first["seq"],
      case .unsigned(let boot) = first["boot"], let boot = UInt32(exactly: boot)
    else { return nil }
    let reading = try? CanonicalReading(
      device: String(base.dropLast()), boot: boot, seq: seq, time: time, records: records)
    return reading?.encoded() == bytes ? reading : nil
  }

  @Test func `the form is the one of the decision`() throws {
    let air = try Self.air.get()
    #expect(Hex.encode(air.encoded()) == Self.airHex)
    let bytes = try #require(Hex.decode(Self.airHex))
    #expect(try CanonicalReading(decoding: bytes) == air)
    #expect(Self.model(bytes) == air)
  }

  @Test func `every SenML reader resolves it`() throws {
    let air = try Self.air.get()
    let pack = try SenMLPack(cbor: air.encoded())
    #expect(try pack.resolved(now: .zero) == air.resolved)
    let groups = try CanonicalReading.readings(of: air.resolved) { _ in (7, 258) }
    #expect(groups == [air])
  }

  @Test func `random readings come back, and every reader resolves them`() throws {
    let seed: UInt64 = 4004
    var random = SeededGenerator(seed: seed)
    for round in 0..<rounds(3000) {
      guard let reading = Self.random(&random) else { continue }
      let bytes = reading.encoded()
      #expect(try CanonicalReading(decoding: bytes) == reading, "seed \(seed) round \(round)")
      #expect(Self.model(bytes) == reading, "seed \(seed) round \(round)")
      let resolved = try SenMLPack(cbor: bytes).resolved(now: .zero)
      #expect(resolved == reading.resolved, "seed \(seed) round \(round)")
    }
  }

  @Test func `every changed byte is refused, or another reading in its one form`() throws {
    let seed: UInt64 = 17
    var random = SeededGenerator(seed: seed)
    var readings = [try Self.air.get()]
    while readings.count < 4 { if let next = Self.random(&random) { readings.append(next) } }
    var (refused, changed) = (0, 0)
    for reading in readings {
      let bytes = reading.encoded()
      func look(_ other: [UInt8], _ words: String) {
        guard other != bytes else { return }
        let read = try? CanonicalReading(decoding: other)
        if read != Self.model(other) { Issue.record("seed \(seed): the model sees \(Hex.encode(other)) otherwise") }
        guard let read else { return refused += 1 }
        changed += 1
        if read == reading { Issue.record("seed \(seed) \(words): the same reading in other bytes") }
        if read.encoded() != other { Issue.record("seed \(seed) \(words): not the one form") }
      }
      for place in bytes.indices {
        for value in 0...255 as ClosedRange<UInt8> {
          var other = bytes
          other[place] = value
          look(other, "byte \(place) as \(value)")
        }
        look(Array(bytes[..<place]), "cut at \(place)")
        for value: UInt8 in [0x00, 0x18, 0x3a, 0x61, 0xc4, 0xff] {
          var other = bytes
          other.insert(value, at: place)
          look(other, "\(value) at \(place)")
        }
        var other = bytes
        other.remove(at: place)
        look(other, "without \(place)")
      }
      look(bytes + [0], "longer")
    }
    #expect(refused > 1000 && changed > 1000)
  }

  @Test(
    arguments: [
      ("", .notCanonical, nil), ("80", .recordCount, nil), ("89", .recordCount, nil), ("9f", .recordCount, nil),
      // The tail that all of these have: bn urn:a:, bt 2·10⁹, seq 0, boot 0.
      ("81a6 006161 02fb3ff0000000000000 T", .notCanonical, "v"), ("81a6 006161 021801 T", .notCanonical, "v"),
      ("81a6 006161 02c48200 05 T", .number, "v"), ("81a6 006161 02c482201832 T", .notCanonical, "v"),
      ("81a6 006161 02c4822000 T", .notCanonical, "v"), ("81a6 006161 02c4823201 T", .number, "v"),
      ("81a6 006161 021b8000000000000000 T", .number, "v"), ("81a6 006161 036161 T", .notInReading, "n"),
      ("81a6 006161 04f6 T", .notCanonical, "vb"), ("81a6 0060 0201 T", .name, "n"),
      ("81a6 00613a 0201 T", .name, "n"), ("81a6 006120 0201 T", .name, "n"), ("81a6 0062c3a9 0201 T", .name, "n"),
      ("81a7 006161 0160 0201 T", .unit, "u"), ("81a7 006161 016120 0201 T", .unit, "u"),
      ("81a6 0201 006161 T", .notCanonical, "n"), ("81a6 006161 0201 T 00", .notCanonical, nil),
      ("81a8 006161 0201 T 617800", .notCanonical, nil), ("81a6 006161 085841 T", .value, "vd"),
      ("81a6 006161 0201 21 66 75726e3a613a 22 18ff 6373657100 64626f6f7400", .time, "bt"),
      ("81a6 006161 0201 21 66 75726e3a613a 22 c482 2601 6373657100 64626f6f7400", .time, "bt"),
      ("81a6 006161 0201 21 66 75726e3a613a 22 1b7fffffffffffffff 6373657100 64626f6f7400", .time, "bt"),
      ("81a6 006161 0201 21 66 55726e3a613a 22 1a77359400 6373657100 64626f6f7400", .name, "bn"),
      ("81a6 006161 0201 21 66 75726e3a6161 22 1a77359400 6373657100 64626f6f7400", .name, "bn"),
      ("81a6 006161 0201 21 65 75726e3a3a 22 1a77359400 6373657100 64626f6f7400", .name, "bn"),
      ("81a6 006161 0201 21 66 75726e3a613a 22 1a77359400 6373657120 64626f6f7400", .notCanonical, nil),
      ("81a6 006161 0201 21 66 75726e3a613a 22 1a77359400 6373657100 64626f6f741b0000000100000000", .notCanonical, nil),
    ] as [(String, SenMLError.Fault, String?)])
  func `other forms are refused by name`(hex: String, expected: SenMLError.Fault, label: String?) throws {
    let tail = "21 66 75726e3a613a 22 1a77359400 6373657100 64626f6f7400"
    let input = try #require(Hex.decode(hex.replacing("T", with: tail).filter { $0 != " " }))
    let found = fault { _ = try CanonicalReading(decoding: input) }
    #expect(found?.fault == expected && found?.label == label, "\(hex): \(String(describing: found))")
    #expect(Self.model(input) == nil)
    let good = try #require(Hex.decode(("81a6 006161 0201 " + tail).filter { $0 != " " }))
    _ = try CanonicalReading(decoding: good)
  }

  @Test func `what the form cannot hold makes no reading`() throws {
    func make(
      _ records: [CanonicalReading.Record], device: String = "urn:a", time: Int64 = 1_700_000_000_000_000
    ) -> SenMLError.Fault? {
      fault { _ = try CanonicalReading(device: device, boot: 0, seq: 0, time: time, records: records) }?.fault
    }
    let one = CanonicalReading.Record("t", .bool(true))
    #expect(make([one]) == nil)
    #expect(make([one], device: "urn:" + String(repeating: "a", count: 60)) == nil)
    for device in ["urn:" + String(repeating: "a", count: 61), "urn:", "URN:a", "http://a", "", "urn:é", "urn:a b"] {
      #expect(make([one], device: device) == .name, "\(device)")
    }
    #expect(make([one], time: 268_435_455_999_999) == .time)
    #expect(make([]) == .recordCount)
    #expect(make(Array(repeating: one, count: 8)) == nil)
    #expect(make(Array(repeating: one, count: 9)) == .recordCount)
    for name in ["", "a:b", "a b", String(repeating: "a", count: 64)] {
      #expect(make([.init(name, .bool(true))]) == .name)
    }
    for unit in ["", "a b", "é", String(repeating: "a", count: 33)] {
      #expect(make([.init("t", unit: unit, .bool(true))]) == .unit)
    }
    #expect(try make([.init("t", .number(number("1e19")))]) == .number)
    #expect(try make([.init("t", .number(number("1e-19")))]) == .number)
    #expect(make([.init("t", .data(Array(repeating: 0, count: 65)))]) == .value)
    let wide = CanonicalReading.Record(
      String(repeating: "n", count: 63), unit: String(repeating: "u", count: 32), .data(Array(repeating: 0, count: 64)))
    #expect(make(Array(repeating: wide, count: 8)) == .tooLarge)
  }

  @Test func `records are grouped by device and moment`() throws {
    let pack = try SenMLPack(
      json: bytes(
        #"[{"bn":"urn:dev:b:","bt":1700000000,"n":"t","u":"Cel","v":1.5},{"bn":"urn:dev:a:","n":"t","u":"ug/m3","v":12},"#
          + #"{"bn":"urn:dev:b:","n":"h","u":"%RH","v":40,"ut":60},{"n":"t","t":0.25,"v":2},{"n":"f","t":0.25,"vd":"AAE"}]"#
      ))
    var next: [String: UInt64] = [:]
    let readings = try CanonicalReading.readings(of: pack.resolved(now: .zero)) { device in
      defer { next[device, default: 0] += 1 }
      return (3, next[device, default: 0])
    }
    #expect(readings.map(\.device) == ["urn:dev:b", "urn:dev:a", "urn:dev:b"])
    #expect(readings.map(\.seq) == [0, 0, 1] && readings.map(\.boot) == [3, 3, 3])
    #expect(readings.map(\.time) == [1_700_000_000_000_000, 1_700_000_000_000_000, 1_700_000_000_250_000])
    #expect(
      try readings[0].records == [
        .init("t", unit: "Cel", .number(number("1.5"))), .init("h", unit: "%RH", .number(number("40"))),
      ])
    // A secondary unit has become the primary one, exactly.
    #expect(try readings[1].records == [.init("t", unit: "kg/m3", .number(number("0.000000012")))])
    #expect(try readings[2].records == [.init("t", .number(number("2"))), .init("f", .data([0, 1]))])
    let many = (0..<19).map { SenMLRecord(name: "urn:d:s\($0)", value: .bool(true), time: SenMLNumber(1_700_000_000)) }
    #expect(try CanonicalReading.readings(of: many) { _ in (0, 0) }.map(\.records.count) == [8, 8, 3])
    func refused(_ record: SenMLRecord) -> SenMLError? {
      fault { _ = try CanonicalReading.readings(of: [record]) { _ in (0, 0) } }
    }
    let now = SenMLNumber(1_700_000_000)
    #expect(refused(SenMLRecord(name: "urn:d:s", value: .text("x"), time: now))?.label == "vs")
    #expect(refused(SenMLRecord(name: "urn:d:s", value: nil, sum: .zero, time: now))?.label == "s")
    #expect(refused(SenMLRecord(name: "s", value: .bool(true), time: now))?.fault == .name)
    #expect(refused(SenMLRecord(name: "http://s:1", value: .bool(true), time: now))?.fault == .name)
    #expect(refused(SenMLRecord(name: "urn:d:", value: .bool(true), time: now))?.fault == .name)
    #expect(
      try refused(SenMLRecord(name: "urn:d:s", value: .bool(true), time: number("1700000000.0000001")))?.fault == .time)
    #expect(
      refused(SenMLRecord(name: "urn:d:s", unit: "mm/h", value: .number(SenMLNumber(3_600_000)), time: now))?.fault
        == nil)
    #expect(
      refused(SenMLRecord(name: "urn:d:s", unit: "mm/h", value: .number(SenMLNumber(1)), time: now))?.label == "u")
  }
}
