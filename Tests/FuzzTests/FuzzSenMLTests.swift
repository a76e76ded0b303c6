import LedgerTestKit
import Primitives
import SenML
import Testing

@Suite struct FuzzSenMLTests {
  static let packs = [
    #"[{"bn":"urn:dev:ow:10e2073a0108006:","bt":1276020076.001,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},{"n":"current","t":-5,"v":1.2}]"#,
    #"[{"bn":"urn:dev:a:","bver":26,"bv":-1.5e3,"bs":0.25},{"n":"t","u":"kWh","v":1e-7,"s":2,"ut":60},{"n":"l","vs":"\u00e9\"\\"}]"#,
    #"[{"n":"urn:dev:b:door","vb":true,"x":[1,{"y":null}]},{"n":"urn:dev:b:frame","vd":"AAECAwQ","t":268435456}]"#,
  ]

  static func corpus() throws -> Mutator {
    var items: [Mutator.Item] = []
    for pack in packs {
      items.append(.init("pack", .json, Array(pack.utf8)))
      items.append(.init("CBOR pack", .cbor, try SenMLPack(json: Array(pack.utf8)).cbor()))
    }
    for (name, unit, value) in [
      ("t", "Cel" as String?, CanonicalReading.Value.number(SenMLNumber("23.1") ?? .zero)), ("open", nil, .bool(true)),
      ("frame", nil, .data(Digest.sha256("frame").bytes)),
    ] {
      let reading = try CanonicalReading(
        device: "urn:dev:ow:10e2073a01080063", boot: 65_536, seq: 300, time: 1_767_225_600_250_000,
        records: [.init(name, unit: unit, value), .init("n", unit: "count", .number(SenMLNumber(-1)))])
      items.append(.init("reading", .cbor, reading.encoded()))
      items.append(.init("reading", .binary, reading.encoded()))
      items.append(.init("CBOR pack", .cbor, reading.encoded()))
    }
    for number in ["-1276020076.001", "1.5e-127", "0.00", "9223372036854775807"] {
      items.append(.init("number", .text, Array(number.utf8)))
    }
    return Mutator(items)
  }

  static func read(_ kind: String, _ bytes: [UInt8]) throws -> FuzzRun.Verdict {
    switch kind {
    case "number":
      guard let number = SenMLNumber(String(decoding: bytes, as: UTF8.self)) else { return .refused }
      return SenMLNumber(number.description) == number ? .read() : .wrong("\(number) is written as another number")
    case "reading":
      let reading = try CanonicalReading(decoding: bytes)
      guard reading.encoded() == bytes else { return .wrong("read, but written as \(Hex.encode(reading.encoded()))") }
      let resolved = try? SenMLPack(cbor: bytes).resolved(now: .zero)
      return resolved == reading.resolved ? .read() : .wrong("a SenML reader resolves it otherwise")
    default:
      let pack = try kind == "pack" ? SenMLPack(json: bytes) : SenMLPack(cbor: bytes)
      guard try SenMLPack(json: pack.json()) == pack else { return .wrong("another pack in JSON") }
      guard try SenMLPack(cbor: pack.cbor()) == pack else { return .wrong("another pack in CBOR") }
      guard let resolved = try? pack.resolved(now: SenMLNumber(1_700_000_000)) else { return .read("not resolved") }
      _ = try? CanonicalReading.readings(of: resolved) { _ in (0, 0) }
      for record in resolved { _ = (SenMLExport.ngsiProperty(record), SenMLExport.observation(record)) }
      guard !resolved.isEmpty else { return .read("base fields only") }
      guard zip(resolved, resolved.dropFirst()).allSatisfy({ $0.time <= $1.time }) else {
        return .wrong("the records are not in chronological order")
      }
      return try SenMLPack(resolved: resolved).records.count == resolved.count ? .read() : .wrong("a record is lost")
    }
  }

  @Test("SenML packs in JSON and CBOR, canonical readings and numbers") func readers() async throws {
    let mutator = try Self.corpus()
    let run = await FuzzRun.aside {
      FuzzRun("SenML", usual: 20_000, mutator) { item, bytes in
        do { return try Self.read(item.kind, bytes) } catch {
          return "\(error)".utf8.count < 1000 ? .refused : .wrong("the error is longer than 1000 bytes")
        }
      }
    }
    #expect(run.failures == [])
    #expect(run.idle(mutator) == [])
  }
}
