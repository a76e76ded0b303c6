import EPCIS
import Foundation
import JSON
import LedgerTestKit
import Primitives
import Testing

/// Histories in memory.
private struct Histories: ItemHistories {
  var items: [String: [TracedEvent]] = [:]
  var transformations: [String: [TracedEvent]] = [:]

  init(_ events: [TracedEvent]) {
    for traced in events {
      for id in Set(traced.event.items.map(\.id)) { items[id, default: []].append(traced) }
      if let id = traced.event.transformationID { transformations[id, default: []].append(traced) }
    }
  }

  mutating func history(of item: String) throws -> [TracedEvent] { items[item] ?? [] }
  mutating func transformation(_ id: String) throws -> [TracedEvent] { transformations[id] ?? [] }
}

@Suite struct FuzzEPCISTests {
  static let document = """
    {"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"x":"http://example.com/x/"}],"type":"EPCISDocument",\
    "schemaVersion":"2.0","creationDate":"2026-01-31T04:00:00Z","epcisBody":{"eventList":[{"type":"ObjectEvent",\
    "eventTime":"2026-01-31T12:00:00.000+08:00","eventTimeZoneOffset":"+08:00","eventID":"urn:uuid:a","action":"ADD",\
    "epcList":["urn:epc:id:sgtin:4012345.011111.1"],"quantityList":[{"epcClass":"urn:epc:class:lgtin:4012345.012345.L1",\
    "quantity":200.50,"uom":"KGM"}],"bizStep":"commissioning","readPoint":{"id":"urn:epc:id:sgln:4012345.00005.0","x:n":"free"},\
    "sensorElementList":[{"sensorMetadata":{"time":"2026-01-31T12:00:00+08:00"},"sensorReport":[{"type":"Temperature","value":4.20}]}],\
    "errorDeclaration":{"declarationTime":"2026-02-01T00:00:00Z","reason":"incorrect_data","correctiveEventIDs":["urn:uuid:a"]},\
    "x:mine":{"x:deep":[1,"2",{"x:three":3}]}},{"type":"AggregationEvent","eventTime":"2026-01-31T12:00:01Z","eventTimeZoneOffset":"+00:00",\
    "action":"ADD","parentID":"urn:epc:id:sscc:0614141.1234567890","childEPCs":["urn:epc:id:sgtin:4012345.011111.1"]},\
    {"type":"TransformationEvent","eventTime":"2026-01-31T12:00:02Z","eventTimeZoneOffset":"+00:00","transformationID":"urn:x:t",\
    "inputEPCList":["urn:epc:id:sgtin:4012345.011111.1"],"outputQuantityList":[{"epcClass":"urn:epc:class:lgtin:4012345.012345.L2"}]}]}}
    """

  static let identifiers = [
    "urn:epc:id:sgtin:4012345.011111.1", "urn:epc:id:itip:4012345.011111.01.02.9",
    "urn:epc:idpat:sgtin:4012345.098765.*",
    "urn:epc:class:lgtin:4012345.012345.L%2F1", "urn:epc:id:cpi:4012345.ABC-1.123", "urn:epc:id:sgln:401234512345..0",
    "https://id.gs1.org/8010/4012345ABC/8011/12", "HTTPS://shop.example/a/gtin/4012345111118/ser/2?x=1#y",
    "https://x.example/8004/4012345abc", "http://y.example/414/4012345000054/254/32a%2Fb/",
  ]
  static let times = ["2026-01-31T12:00:00.0005+08:00", "2016-12-31T23:59:60Z", "0000-03-01T00:00:00.999-14:00"]

  static func corpus() -> Mutator {
    var items: [Mutator.Item] = [.init("document", .json, Array(document.utf8))]
    for folder in ["Samples/orchard", "../shared/data/epcis/gs1-EPCIS/JSON"] {
      items += FuzzFiles.read(folder, ".jsonld", limit: 6000).map { .init("document", .json, $0) }
    }
    items += identifiers.map { .init("identifier", .text, Array($0.utf8)) }
    items += times.map { .init("time", .text, Array($0.utf8)) }
    items.append(.init("pointer", .text, Array("/epcisBody/eventList/0/a~1b~0".utf8)))
    items.append(
      .init("JSON", .json, Array(#"{"a":[1.50,-0,1e3,"\u00e9\ud83d\ude00",null,true,{"b":{}}],"c":""}"#.utf8)))
    return Mutator(items)
  }

  static func read(_ kind: String, _ bytes: [UInt8]) throws -> FuzzRun.Verdict {
    let text = String(decoding: bytes, as: UTF8.self)
    switch kind {
    case "identifier":
      let canonical = EPCIdentifier.canonical(text)
      _ = EPCIdentifier.kind(ofCanonical: canonical)
      guard EPCIdentifier.canonical(canonical) == canonical else { return .wrong("\(canonical) is not canonical") }
      return canonical == text ? .refused : .read()
    case "time":
      guard let milliseconds = EventTime.milliseconds(text) else { return .refused }
      // The last half millisecond of the year 9999 rounds to one that cannot be written.
      guard let canonical = EventTime.text(milliseconds) else { return .refused }
      return EventTime.milliseconds(canonical) == milliseconds ? .read() : .wrong("\(canonical) is another time")
    case "pointer":
      guard let pointer = JSONPointer(text) else { return .refused }
      _ = pointer.resolve(in: try JSONParser.parse(Array(document.utf8)))
      return Array(pointer.description.utf8) == Array(text.utf8) ? .read() : .wrong("written as \(pointer)")
    case "JSON":
      let value = try JSONParser.parse(bytes)
      let again = try JSONParser.parse(JSONWriter.write(value))
      guard again.isEqual(to: value) else { return .wrong("the value is written as another one") }
      return .read()
    default: return try self.document(bytes)
    }
  }

  private static func document(_ bytes: [UInt8]) throws -> FuzzRun.Verdict {
    let document = try EPCISDocument(bytes)
    let issues = document.issues(limit: 20)
    guard issues.count <= 20 else { return .wrong("\(issues.count) issues") }
    // A pointer's escapes double a name at most.
    guard issues.allSatisfy({ "\($0)".utf8.count < 2 * bytes.count + 2000 }) else {
      return .wrong("an issue is too long")
    }
    var events: [TracedEvent] = []
    for item in document.events.prefix(8) {
      let hash = document.hash(of: item)
      _ = document.hash(of: item, version: .cbv21)
      let cut = try? JSONParser.parse(item.bytes)
      guard cut?.isEqual(to: item.value) == true else { return .wrong("event \(item.index) cannot be cut out") }
      let written = try? JSONParser.parse(JSONWriter.write(item.value))
      guard let written, EventHash.compute(written, document.kind == .event ? .standard : document.namespaces) == hash
      else { return .wrong("event \(item.index) written again has another hash") }
      guard let event = try? Event(item.value, document.namespaces) else {
        // What the validator finds no fault in must be readable.
        if issues.isEmpty { return .wrong("event \(item.index) is valid but cannot be read") }
        continue
      }
      events.append(TracedEvent(place: UInt64(events.count), hash: hash, event: event))
    }
    var histories = Histories(events)
    for id in events.flatMap({ $0.event.items.map(\.id) }).prefix(3) {
      for direction in Genealogy.Direction.allCases {
        let trace = try Genealogy.trace(id, direction, in: &histories, limit: 1000)
        guard trace.items.contains(where: { $0.id == id }) else { return .wrong("\(id) is not in its own trace") }
        _ = (trace.origins, trace.businessLocations(), trace.edges.count)
      }
    }
    return .read(issues.isEmpty ? "valid" : "invalid")
  }

  @Test("documents, events, hashes, genealogy, JSON, identifiers, times and pointers") func readers() async {
    let mutator = Self.corpus()
    let run = await FuzzRun.aside {
      FuzzRun("EPCIS", usual: 8000, mutator) { item, bytes in
        do { return try Self.read(item.kind, bytes) } catch {
          return "\(error)".utf8.count < bytes.count + 2000 ? .refused : .wrong("the error is longer than the input")
        }
      }
    }
    #expect(run.failures == [])
    #expect(run.idle(mutator) == [])
  }
}
