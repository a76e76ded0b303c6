import Primitives
import SenML
import Testing

/// Random packs against another way to resolve them: for each record, look back for the base field that holds.
struct ModelTests {
  typealias Field = SenMLPack.Field

  private static func number(_ random: inout SeededGenerator) -> SenMLNumber {
    SenMLNumber(
      mantissa: Int64.random(in: -100_000...100_000, using: &random), exponent: Int.random(in: -4...2, using: &random))
      ?? .zero
  }

  private static func record(_ random: inout SeededGenerator) -> [Field] {
    func maybe(_ field: @autoclosure () -> Field) -> [Field] {
      Int.random(in: 0..<4, using: &random) == 0 ? [field()] : []
    }
    var fields: [Field] = []
    let names = ["urn:dev:a:", "urn:dev:b:", "x/", "dev1.", "room-7_"]
    fields += maybe(.baseName(names.randomElement(using: &random) ?? "x"))
    fields += maybe(.baseTime(SenMLNumber(Int64.random(in: -400_000_000...1_700_000_000, using: &random))))
    fields += maybe(.baseUnit(["V", "%RH", "/"].randomElement(using: &random) ?? "V"))
    fields += maybe(.baseValue(number(&random)))
    fields += maybe(.baseSum(number(&random)))
    if Int.random(in: 0..<5, using: &random) == 0 { return fields.shuffled(using: &random) }
    fields.append(.name(["temp", "n1", "t", "a:b"].randomElement(using: &random) ?? "t"))
    fields += maybe(.unit(["Cel", "W", "kWh"].randomElement(using: &random) ?? "W"))
    fields += maybe(.time(number(&random)))
    fields += maybe(.updateTime(SenMLNumber(Int64.random(in: 0...99, using: &random))))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: fields.append(.text(["", "é\u{1f469}", "\"\\\n"].randomElement(using: &random) ?? ""))
    case 1: fields.append(.bool(Bool.random(using: &random)))
    case 2: fields.append(.data(random.bytes(Int.random(in: 0...40, using: &random))))
    case 3: fields.append(.sum(number(&random)))
    default: fields.append(.value(number(&random)))
    }
    return fields.shuffled(using: &random)
  }

  private static func model(_ records: [[Field]], now: SenMLNumber) -> [SenMLRecord]? {
    func back<T>(_ from: Int, _ pick: (Field) -> T?) -> T? {
      for index in stride(from: from, through: 0, by: -1) {
        if let found = records[index].compactMap(pick).first { return found }
      }
      return nil
    }
    var out: [SenMLRecord] = []
    for (index, fields) in records.enumerated() {
      func own<T>(_ pick: (Field) -> T?) -> T? { fields.compactMap(pick).first }
      let name = own { if case .name(let text) = $0 { text } else { nil } }
      guard let name else { continue }
      let base = back(index) { if case .baseName(let text) = $0 { text } else { nil } } ?? ""
      let unit =
        own { if case .unit(let text) = $0 { text } else { nil } }
        ?? back(index) { if case .baseUnit(let text) = $0 { text } else { nil } }
      let baseTime = back(index) { if case .baseTime(let number) = $0 { number } else { nil } }
      let ownTime = own { if case .time(let number) = $0 { number } else { nil } }
      let baseSum = back(index) { if case .baseSum(let number) = $0 { number } else { nil } }
      let ownSum = own { if case .sum(let number) = $0 { number } else { nil } }
      let baseValue = back(index) { if case .baseValue(let number) = $0 { number } else { nil } }
      let value: SenMLRecord.Value? = own {
        switch $0 {
        case .value(let number): number.adding(baseValue ?? .zero).map { .number($0) }
        case .text(let text): .text(text)
        case .bool(let flag): .bool(flag)
        case .data(let bytes): .data(bytes)
        default: nil
        }
      }
      guard let sum = (ownTime ?? .zero).adding(baseTime ?? .zero) else { return nil }
      guard let time = sum < SenMLNumber(268_435_456) ? now.adding(sum) : sum else { return nil }
      let total = ownSum == nil && baseSum == nil ? nil : (ownSum ?? .zero).adding(baseSum ?? .zero)
      out.append(
        SenMLRecord(
          name: base + name, unit: unit, value: value, sum: total, time: time,
          updateTime: own { if case .updateTime(let number) = $0 { number } else { nil } }))
    }
    // Insertion keeps the order of equal times.
    var sorted: [SenMLRecord] = []
    for record in out {
      let place = sorted.lastIndex { $0.time <= record.time }.map { $0 + 1 } ?? 0
      sorted.insert(record, at: place)
    }
    return sorted
  }

  @Test func `random packs: JSON, CBOR and the model agree`() throws {
    let seed: UInt64 = 9100
    var random = SeededGenerator(seed: seed)
    for round in 0..<rounds(3000) {
      let records = (0..<Int.random(in: 1...8, using: &random)).map { _ in Self.record(&random) }
      let pack = try SenMLPack(records: records)
      let now = SenMLNumber(Int64.random(in: 1_600_000_000...1_800_000_000, using: &random))
      #expect(try SenMLPack(json: pack.json()) == pack, "seed \(seed) round \(round)")
      #expect(try SenMLPack(cbor: pack.cbor()) == pack, "seed \(seed) round \(round)")
      let resolved = try pack.resolved(now: now)
      #expect(resolved == Self.model(records, now: now), "seed \(seed) round \(round)")
      guard !resolved.isEmpty else { continue }
      // Resolved records resolve to themselves, but for a relative time that has fallen below 2²⁸ again.
      guard resolved.allSatisfy({ $0.time >= SenMLNumber(268_435_456) }) else { continue }
      let again = try SenMLPack(resolved: resolved)
      #expect(try SenMLPack(cbor: again.cbor()).resolved(now: .zero) == resolved, "seed \(seed) round \(round)")
    }
  }
}
