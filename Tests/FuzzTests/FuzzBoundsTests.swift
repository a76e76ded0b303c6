import CBOR
import EPCIS
import Foundation
import JSON
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// Inputs that are made to cost much: time stays linear and memory a small multiple of the input.
@Suite(.serialized) struct FuzzBoundsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: @Sendable () -> [UInt8]
    let read: @Sendable ([UInt8]) -> Void
    var testDescription: String { name }

    init(_ name: String, _ bytes: @escaping @Sendable () -> [UInt8], _ read: @escaping @Sendable ([UInt8]) -> Void) {
      self.name = name
      self.bytes = bytes
      self.read = read
    }
  }

  /// A list of `count` items in the bundle's list number `key`, all else empty.
  private static func bundle(_ key: UInt64, _ item: [UInt8], _ count: Int) -> [UInt8] {
    var writer = CBORWriter()
    writer.tag(Tag.bundle)
    writer.map(10)
    for field in 1...10 as ClosedRange<UInt64> {
      writer.uint(field)
      switch field {
      case 1: writer.uint(1)
      case 3: writer.bytes([])
      case 4:
        writer.array(2)
        writer.bytes([])
        writer.bytes([])
      default:
        writer.array(field == key ? count : 0)
        if field == key { for _ in 0..<count { writer.raw(item) } }
      }
    }
    return writer.bytes
  }

  private static func text(_ open: String, _ close: String, _ item: (Int) -> String, until size: Int) -> [UInt8] {
    var bytes = Array(open.utf8)
    var count = 0
    while bytes.count < size {
      if count > 0 { bytes.append(0x2c) }
      bytes.append(contentsOf: item(count).utf8)
      count += 1
    }
    return bytes + Array(close.utf8)
  }

  private static func document(_ bytes: [UInt8]) {
    guard let document = try? EPCISDocument(bytes) else { return }
    _ = document.issues()
    for item in document.events.prefix(2) { _ = (document.hash(of: item), try? Event(item.value, document.namespaces)) }
  }

  static let size = 2 << 20
  static let event =
    #"{"type":"ObjectEvent","eventTime":"2026-01-31T12:00:00Z","eventTimeZoneOffset":"+00:00","action":"ADD""#

  static let cases: [Case] = [
    Case("CBOR of nothing but small numbers", { CBORWriter.array(of: [0], size) }) { bytes in
      var reader = CBORReader(bytes)
      _ = try? reader.skip()
    },
    Case("a bundle of statements", { bundle(5, [0x83, 0x00, 0x40, 0x40], size / 4) }) {
      _ = try? ProofBundle(decoding: $0)
    },
    Case("a bundle of words", { bundle(2, [0x60], size) }) { _ = try? ProofBundle(decoding: $0) },
    Case("a bundle of links", { bundle(10, [0x84, 0x40, 0x40, 0x40, 0x40], size / 5) }) {
      _ = try? ProofBundle(decoding: $0)
    },
    Case("a bundle of lists", { bundle(8, [0x83, 0x40, 0x40, 0x80], size / 4) }) { _ = try? ProofBundle(decoding: $0) },
    Case("a bundle that claims 2^32 lists", { bundle(8, [0x83, 0x40, 0x40, 0x9a, 0xff, 0xff, 0xff, 0xff], 1) }) {
      _ = try? ProofBundle(decoding: $0)
    },
    Case("a write set that claims 2^32 writes", { [0xff, 0xff, 0xff, 0xff] + Array(repeating: 0, count: size) }) {
      _ = try? WriteSet(decoding: $0)
    },
    Case("a write set of removals", { [0x00, 0x0a, 0xaa, 0xaa] + Array(repeating: 0, count: 3 * 0xaaaaa) + [0, 0] }) {
      _ = try? WriteSet(decoding: $0)
    },
    Case("a note of line feeds", { Array(repeating: 0x0a, count: Limits.noteBytes) }) {
      _ = try? SignedNote(parsing: $0)
    },
    Case("a policy of line feeds", { Array(repeating: 0x0a, count: TrustPolicy.maximumBytes) }) {
      _ = try? TrustPolicy(parsing: $0)
    },
    Case(
      "a group of one member many times",
      {
        Array("group g 1 ".utf8) + (0..<(TrustPolicy.maximumBytes / 2 - 10)).flatMap { _ in [0x61, 0x20] as [UInt8] }
          + [0x0a]
      }
    ) { _ = try? TrustPolicy(parsing: $0) },
    Case("JSON of small numbers", { text("[", "]", { _ in "0" }, until: size) }) { _ = try? JSONParser.parse($0) },
    Case("JSON of empty lists", { text("[", "]", { _ in "[]" }, until: size) }) { _ = try? JSONParser.parse($0) },
    Case("JSON of many names", { text("{", "}", { "\"\($0)\":0" }, until: size) }) { _ = try? JSONParser.parse($0) },
    Case(
      "a context of 100,000 prefixes",
      {
        text(
          #"{"type":"EPCISDocument","@context":[{"#, "}]," + #""epcisBody":{"eventList":[]}}"#, { "\"p\($0)\":\"u:\"" },
          until: size)
      }
    ) { document($0) },
    Case(
      "a context twice",
      {
        let part = String(decoding: text("{", "}", { "\"p\($0)\":\"u:\"" }, until: size / 2), as: UTF8.self)
        return Array(#"{"type":"EPCISDocument","@context":[\#(part),\#(part)],"epcisBody":{"eventList":[]}}"#.utf8)
      }
    ) { document($0) },
    Case(
      "an event with many extensions under many prefixes",
      {
        let part = String(decoding: text("{", "}", { "\"p\($0)\":\"u:\"" }, until: size / 4), as: UTF8.self)
        return text("{\"@context\":[\(part)],\(event.dropFirst()),", "}", { "\"p\($0):a\":\"p\($0):b\"" }, until: size)
      }
    ) { document($0) },
    Case(
      "an event with many items",
      {
        text(
          event + ",\"@context\":[],\"epcList\":[", "]}", { "\"urn:epc:id:sgtin:4012345.011111.\($0)\"" }, until: size)
      }
    ) {
      document($0)
    },
    Case(
      "a text of one character with a megabyte of accents",
      {
        Array((event + #","@context":[],"bizStep":"e"#).utf8) + (0..<size / 2).flatMap { _ in [0xcc, 0x81] as [UInt8] }
          + Array("\"}".utf8)
      }
    ) { document($0) },
    Case(
      "an identifier of a million parts",
      { Array("https://x.example/8004/40123".utf8) + (0..<size / 6).flatMap { _ in Array("/8004/".utf8) } }
    ) {
      _ = EPCIdentifier.canonical(String(decoding: $0, as: UTF8.self))
    },
    Case("a number of a million digits", { Array(repeating: 0x39, count: size) }) {
      document(Array((event + ",\"x:y\":").utf8) + $0 + [0x7d])
    },
  ]

  @Test("costs", arguments: cases) func bounds(_ item: Case) throws {
    let bytes = item.bytes()
    // Sets the peak back to what is in use now.
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let before = FuzzRun.status("VmHWM")
    let start = FuzzRun.processorSeconds()
    item.read(bytes)
    let time = FuzzRun.processorSeconds() - start
    let growth = (FuzzRun.status("VmHWM") - before) * 1024
    print("\(item.name): \(bytes.count) bytes, \(Int(time * 1000)) ms, memory +\(growth / 1024) KiB")
    #expect(time < 2, "\(time) s for \(bytes.count) bytes")
    // Other tests of a usual run take memory at the same time.
    #expect(growth < 64 * bytes.count + (FuzzRun.isLong ? 64 << 20 : 512 << 20), "\(growth) bytes for \(bytes.count)")
  }

  @Test("regression: what an issue quotes is cut by scalars, not by characters") func quoted() throws {
    let text = "e" + String(repeating: "\u{301}", count: 100_000)
    let bytes = Array((Self.event + ",\"@context\":[],\"bizStep\":\"\(text)\"}").utf8)
    let issues = try EPCISDocument(bytes).issues()
    #expect(!issues.isEmpty && issues.allSatisfy { "\($0)".utf8.count < 1000 })
  }
}

extension CBORWriter {
  fileprivate static func array(of item: [UInt8], _ count: Int) -> [UInt8] {
    var writer = CBORWriter()
    writer.array(count)
    for _ in 0..<count { writer.raw(item) }
    return writer.bytes
  }
}
