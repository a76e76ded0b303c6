import EPCIS
import Foundation
import JSON

/// Histories in memory, with what was asked of them.
struct GenealogyStore: ItemHistories {
  struct Unknown: Error, Equatable { let id: String }

  var items: [String: [TracedEvent]] = [:]
  var transformations: [String: [TracedEvent]] = [:]
  /// Only these are known, when given.
  var knownItems: Set<String>?
  var knownTransformations: Set<String>?
  private(set) var asked: [String] = []

  init(_ events: [TracedEvent]) {
    for traced in events.sorted(by: { $0.place < $1.place }) {
      for id in Set(traced.event.items.map(\.id)) { items[id, default: []].append(traced) }
      if let id = traced.event.transformationID { transformations[id, default: []].append(traced) }
    }
  }

  mutating func history(of item: String) throws -> [TracedEvent] {
    asked.append("item \(item)")
    if let knownItems, !knownItems.contains(item) { throw Unknown(id: item) }
    return items[item] ?? []
  }

  mutating func transformation(_ id: String) throws -> [TracedEvent] {
    asked.append("transformation \(id)")
    if let knownTransformations, !knownTransformations.contains(id) { throw Unknown(id: id) }
    return transformations[id] ?? []
  }
}

extension Trace {
  /// Everything in one text, to compare two traces.
  var text: String {
    var lines = items.map { "\($0)" }
    lines += events.map {
      "\($0.traced.place) \($0.memberships) \($0.isErrorDeclaration) \($0.declaredInErrorBy) \($0.correctiveEventIDs)"
    }
    lines += links.map { "\($0)" } + locations.map { "\($0)" } + ["\(askedItems)", "\(askedTransformations)"]
    return lines.joined(separator: "\n")
  }
}

/// One event of a text; the place says when it was logged.
func traced(_ place: UInt64, _ text: String) throws -> TracedEvent {
  let value = try json(text)
  return TracedEvent(place: place, hash: EventHash.compute(value, .standard), event: try Event(value))
}

/// The orchard season of the samples.
struct Season {
  static let folder: URL = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.appendingPathComponent("Samples/orchard")
  }()

  let events: [TracedEvent]
  /// The names of the events, such as 09.4, by place.
  let names: [String]

  init() throws {
    var events: [TracedEvent] = []
    var names: [String] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    where file.hasSuffix(".jsonld") {
      let document = try EPCISDocument([UInt8](Data(contentsOf: Self.folder.appendingPathComponent(file))))
      for item in document.events {
        events.append(
          TracedEvent(
            place: UInt64(events.count), hash: document.hash(of: item),
            event: try Event(item.value, document.namespaces)))
        names.append("\(file.prefix(2)).\(item.index + 1)")
      }
    }
    self.events = events
    self.names = names
  }

  func trace(_ item: String, _ direction: Trace.Direction) throws -> Trace {
    var store = GenealogyStore(events)
    return try Genealogy.trace(item, direction, in: &store)
  }

  func names(_ events: [Trace.PathEvent]) -> [String] { events.map { names[Int($0.traced.place)] }.sorted() }
}
