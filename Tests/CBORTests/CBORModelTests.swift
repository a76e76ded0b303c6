import CBOR
import Foundation
import Primitives
import Testing

/// How often the fuzz tests try; `TALLYSTICK_FUZZ_ROUNDS` sets another number.
let fuzzRounds = ProcessInfo.processInfo.environment["TALLYSTICK_FUZZ_ROUNDS"].flatMap(Int.init) ?? 100_000

@Suite("CBOR against the model")
struct CBORModelTests {
  /// Decodes in both ways, which must agree; and when they accept, the same bytes must come out again.
  static func accepts(_ bytes: [UInt8], _ note: String) -> Bool {
    var reader = CBORReader(bytes)
    var walked: CBORError?
    do {
      try reader.skip()
      try reader.finish()
    } catch { walked = error }
    do {
      let value = try CBORValue(decoding: bytes)
      #expect(walked == nil, "\(Hex.encode(bytes)) \(note)")
      #expect((try? value.encoded()) == bytes, "\(Hex.encode(bytes)) \(note)")
      return true
    } catch {
      #expect(walked == error, "\(Hex.encode(bytes)) \(note)")
      #expect((0...bytes.count).contains(error.offset), "\(Hex.encode(bytes)) \(note)")
      return false
    }
  }

  static func compare(_ bytes: [UInt8], _ note: String) {
    let accepted = accepts(bytes, note)
    if accepted != Model.accepts(bytes) { Issue.record("accepted: \(accepted), \(Hex.encode(bytes)) \(note)") }
  }

  @Test("every input of up to two bytes")
  func exhaustive() {
    Self.compare([], "")
    for first in UInt8.min...UInt8.max {
      Self.compare([first], "")
      for second in UInt8.min...UInt8.max { Self.compare([first, second], "") }
    }
  }

  @Test("random inputs of three to eight bytes, most of them nearly CBOR", arguments: [UInt64(1), 2, 3])
  func random(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let likely: [UInt8] = [
      0x00, 0x01, 0x17, 0x18, 0x19, 0x20, 0x37, 0x38, 0x40, 0x41, 0x42, 0x58, 0x60, 0x61, 0x62, 0x78, 0x80, 0x81, 0x82,
      0x83, 0xa0, 0xa1, 0xa2, 0xa3, 0xc0, 0xc1, 0xd2, 0xf4, 0xf5, 0xf6, 0xff, 0xc3, 0xa9,
    ]
    var accepted = 0
    for _ in 0..<30_000 {
      let bytes = (0..<Int.random(in: 3...8, using: &random)).map { _ in
        Int.random(in: 0..<8, using: &random) == 0
          ? UInt8.random(in: 0...255, using: &random) : likely.randomElement(using: &random)!
      }
      Self.compare(bytes, "seed \(seed)")
      if Model.accepts(bytes) { accepted += 1 }
    }
    #expect(accepted > 100)
  }

  @Test("random values come back, and mutated ones are refused or come back as they are")
  func fuzz() throws {
    let seed: UInt64 = 8949
    var random = SeededGenerator(seed: seed)
    var accepted = 0
    for round in 0..<max(1, fuzzRounds / 10) {
      let value = CBORValue.random(depth: 4, using: &random)
      let bytes = try value.encoded()
      #expect(Model.accepts(bytes))
      #expect(try CBORValue(decoding: bytes).encoded() == bytes, "seed \(seed) round \(round)")
      for _ in 0..<10 {
        var mutated = bytes
        for _ in 0...Int.random(in: 0...2, using: &random) {
          let at = Int.random(in: 0...mutated.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: mutated.insert(UInt8.random(in: 0...255, using: &random), at: at)
          case 1 where at < mutated.count: mutated.remove(at: at)
          case 2 where at < mutated.count: mutated.removeLast(mutated.count - at)
          case 3 where at < mutated.count: mutated[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
          default: break
          }
        }
        if Self.accepts(mutated, "seed \(seed) round \(round)") { accepted += 1 }
      }
    }
    #expect(accepted > 0)
  }
}
