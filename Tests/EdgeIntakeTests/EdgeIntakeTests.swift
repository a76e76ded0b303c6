import CBOR
import Edge
import EdgeIntake
import Foundation
import Primitives
import SenML
import Testing

@Suite("The way into a gateway")
struct EdgeIntakeTests {
  @Test("takes a sequence of messages and says what became of each")
  func sequence() async throws {
    let kit = try IntakeKit()
    var other = kit.message(3, 0)
    other[other.count - 1] ^= 1
    let body = kit.message(0, 0) + kit.message(1, 0) + kit.message(0, 0) + other + [0x01] + kit.message(2, 0)
    let answer = try await kit.intake.take(body, .cose)
    #expect(answer.outcomes.count == 6)
    #expect(answer.counts == (3, 1, 2))
    guard case .accepted(let row) = answer.outcomes[0] else {
      Issue.record("\(answer.outcomes)")
      return
    }
    #expect(answer.outcomes[2] == .duplicate(row))
    #expect(answer.outcomes[3] == .rejected(.notAuthentic))
    #expect(answer.outcomes[4] == .rejected(.malformed))
    #expect(try await kit.intake.take(body, .cose).counts == (0, 4, 2))
    #expect(try await kit.intake.take([], .cose).outcomes.isEmpty)
  }

  @Test("keeps what follows something broken as one message, which is refused")
  func rest() async throws {
    let kit = try IntakeKit()
    let whole = kit.sequence(3)
    for cut in [1, 30, whole.count - 1] {
      let answer = try await kit.intake.take(Array(whole.prefix(cut)), .cose)
      #expect(answer.outcomes.last == .rejected(.malformed))
    }
    let answer = try await kit.intake.take(kit.message(0, 9) + [0xff] + kit.message(1, 9), .cose)
    #expect(answer.outcomes.count == 2 && answer.outcomes[1] == .rejected(.malformed))
  }

  @Test("splits any bytes into parts that are all of them, and never ends the program")
  func fuzz() {
    for seed in UInt64(0)..<3000 {
      var generator = SeededGenerator(seed: seed)
      var bytes = generator.bytes(Int.random(in: 0..<120, using: &generator))
      if seed % 2 == 0, !bytes.isEmpty { bytes[0] = [0xd1, 0xd2, 0x84, 0x9b, 0xbb, 0x5b, 0x9f][Int(seed / 2) % 7] }
      guard let ends = COSESequence.ends(bytes) else {
        Issue.record("seed \(seed)")
        continue
      }
      #expect(ends.last ?? 0 == bytes.count && zip([0] + ends, ends).allSatisfy { $0 < $1 }, "seed \(seed)")
    }
    #expect(COSESequence.ends([UInt8](repeating: 0, count: COSESequence.messages))?.count == COSESequence.messages)
    #expect(COSESequence.ends([UInt8](repeating: 0, count: COSESequence.messages + 1)) == nil)
    // A deep one is no item, and the stack is not its limit.
    #expect(COSESequence.ends([UInt8](repeating: 0x81, count: 100_000))?.count == 1)
  }

  @Test("wraps a bridge's SenML as readings of the bridge, of tier 1", arguments: [IntakeMedia.senmlJSON, .senmlCBOR])
  func bridge(_ media: IntakeMedia) async throws {
    let kit = try IntakeKit()
    // RFC 8428, section 5.1.3, at a time of this century.
    let json = Array(
      """
      [{"bn":"urn:dev:ow:10e2073a0108006:","bt":1798761600.001,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},
       {"n":"current","t":-5,"v":1.2},{"n":"current","t":-4,"v":1.3},{"n":"current","v":1.7}]
      """.utf8)
    let body = media == .senmlJSON ? json : try SenMLPack(json: json).cbor()
    let answer = try await kit.intake.take(body, media, from: "bridge-1")
    #expect(answer.counts == (3, 0, 0))
    #expect(kit.bridge.nextNumber == 3)
    // The two of one moment share a reading.
    guard case .accepted(let row) = answer.outcomes[2] else {
      Issue.record("\(answer.outcomes)")
      return
    }
    let stored = try await kit.gateway.proof(row).leaf.message
    let reading = try #require(ReadingForm(decoding: Self.payload(stored)[...]))
    #expect(reading.device == "urn:dev:os:32473-bridge" && reading.boot == 5 && reading.seq == 2)
    #expect(
      reading.records.map(\.name) == ["urn/dev/ow/10e2073a0108006/voltage", "urn/dev/ow/10e2073a0108006/current"])
    #expect(reading.records.map(\.unit) == ["V", "A"])
    #expect(reading.records[0].value == .number(mantissa: 1201, exponent: -1))
  }

  private static func payload(_ message: [UInt8]) throws -> [UInt8] {
    var reader = CBORReader(message)
    _ = try reader.tag()
    _ = try reader.array()
    _ = try reader.bytes()
    try reader.skip()
    return Array(try reader.bytes())
  }

  @Test("takes plain SenML from bridges only, and nothing of a pack with a fault")
  func refusals() async throws {
    let kit = try IntakeKit()
    let good = Array(#"[{"n":"a","u":"Cel","v":1}]"#.utf8)
    for bridge in [nil, "bridge-2"] {
      await #expect { _ = try await kit.intake.take(good, .senmlJSON, from: bridge) } throws: {
        ($0 as? IntakeError)?.kind == .noBridge
      }
    }
    for bad in [
      "", "[", "[]", "{}", #"[{"n":"a","vs":"text"}]"#, #"[{"n":"a","v":1},{"n":"b"}]"#, #"[{"n":"a","v":1,"x_":1}]"#,
      #"[{"n":"a","v":1},{"n":"\#(String(repeating: "n", count: 70))","v":1}]"#, #"[{"n":"a","s":1}]"#,
      #"[{"bver":26,"n":"a","u":"nonsense2/","v":1,"t":0.00000001}]"#,
    ] {
      await #expect(throws: IntakeError.self, "\(bad)") {
        _ = try await kit.intake.take(Array(bad.utf8), .senmlJSON, from: "bridge-1")
      }
    }
    #expect(kit.bridge.nextNumber == 0)
    #expect(try await kit.intake.take(good, .senmlJSON, from: "bridge-1").counts == (1, 0, 0))
    for media in IntakeMedia.allCases {
      await #expect {
        _ = try await kit.intake.take([UInt8](repeating: 0x20, count: media.bodyBytes + 1), media, from: "bridge-1")
      } throws: {
        ($0 as? IntakeError)?.kind == .limit
      }
    }
    await #expect {
      _ = try await kit.intake.take([UInt8](repeating: 0, count: EdgeIntake.alarmBytes + 1), .cose, slice: .alarm)
    } throws: { ($0 as? IntakeError)?.kind == .limit }
  }

  @Test("maps sensors' names one to one, into names without a colon")
  func names() {
    #expect(BridgeIntake.sensorName("urn:dev:ow:1:t") == "urn/dev/ow/1/t")
    var generator = SeededGenerator(seed: 3)
    let alphabet = Array("aZ09-:./_".utf8)
    for _ in 0..<5000 {
      let count = Int.random(in: 1..<40, using: &generator)
      let name = String(
        decoding: (0..<count).map { _ in alphabet[Int.random(in: 0..<9, using: &generator)] }, as: UTF8.self)
      guard let sensor = BridgeIntake.sensorName(name) else { continue }
      #expect(!sensor.contains(":") && sensor.utf8.count <= 63)
      #expect(BridgeIntake.name(ofSensor: sensor) == name)
    }
    for none in ["a:b", "a_", "a_x", "_"] { #expect(BridgeIntake.name(ofSensor: none) == nil) }
    #expect(BridgeIntake.sensorName(String(repeating: "a", count: 64)) == nil && BridgeIntake.sensorName("") == nil)
  }

  @Test("refuses by class while the queue is full, and gives no number out for it; alarms come in")
  func busy() async throws {
    let kit = try IntakeKit(queue: 100, isTicking: false)
    let pack = Array(#"[{"n":"a","u":"Cel","v":1}]"#.utf8)
    let alarm = await kit.gateway.withRoomTaken(90) {
      for slice in [IntakeClass.critical, .ordinary, .background] {
        await #expect { _ = try await kit.intake.take(kit.sequence(11), .cose, slice: slice) } throws: {
          ($0 as? IntakeError)?.kind == .busy
        }
      }
      await #expect { _ = try await kit.intake.take(pack, .senmlJSON, from: "bridge-1") } throws: {
        ($0 as? IntakeError)?.kind == .busy
      }
      #expect(kit.bridge.nextNumber == 0)
      return Task { try await kit.intake.take(kit.sequence(11), .cose, slice: .alarm) }
    }
    while await kit.gateway.counters.accepted < 11 { try await Task.sleep(for: .milliseconds(2)) }
    try await kit.gateway.flush()
    #expect(try await alarm.value.counts == (11, 0, 0))
    // An empty queue takes whatever comes at once.
    #expect(kit.gateway.waiting == 0 && kit.gateway.hasRoom(for: 1000, slice: .background))
  }

  @Test("answers in JSON and CBOR that say the same")
  func answers() async throws {
    let kit = try IntakeKit()
    let body = kit.message(0, 0) + kit.message(0, 0) + [0x01]
    let answer = try await kit.intake.take(body, .cose)
    guard case .accepted(let row) = answer.outcomes[0] else {
      Issue.record("\(answer.outcomes)")
      return
    }
    let acknowledgement = Base64URL.encode(try #require(answer.acknowledgement))
    #expect(
      String(decoding: answer.json, as: UTF8.self)
        == #"{"gateway":"gw-1","accepted":1,"duplicate":1,"refused":1,"outcomes":[{"accepted":"gw-1/\#(row.batch)/\#(row.index)"},{"duplicate":"gw-1/\#(row.batch)/\#(row.index)"},{"refused":"malformed"}],"acknowledgement":"\#(acknowledgement)"}"#
    )
    #expect(try JSONSerialization.jsonObject(with: Data(answer.json)) is [String: Any])
    var reader = CBORReader(answer.cbor)
    #expect(try reader.array() == 3)
    for kind in [0, 1] as [UInt64] {
      #expect(try reader.array() == 3)
      #expect(try [reader.uint(), reader.uint(), reader.uint()] == [kind, row.batch, UInt64(row.index)])
    }
    #expect(try reader.array() == 2)
    #expect(try [reader.uint(), reader.uint()] == [2, 1])
    #expect(Set(RejectCause.allCases.map { "\($0.code)" }).count == RejectCause.allCases.count)
  }

  @Test("a thousand messages in one call cost little beside the gateway's own work")
  func thousand() async throws {
    let kit = try IntakeKit(devices: 1000)
    let body = kit.sequence(1000)
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<200 { _ = COSESequence.ends(body) }
    let split = (clock.now - start) / 200
    let answer = try await kit.intake.take(body, .cose)
    #expect(answer.counts == (1000, 0, 0))
    let before = clock.now
    for _ in 0..<200 { _ = answer.json }
    print("1,000 messages: \(split) to split, \((clock.now - before) / 200) to write the answer")
  }
}
