import EPCIS
import Primitives

/// A trace in words and as JSON.
enum TraceText {
  /// What a proved trace shows, in sentences.
  static func claims(_ trace: Trace) -> [Message] {
    var claims: [Message] = [
      "Traced \(trace.item) \(Message(trace.direction.rawValue)): \(trace.items.count) items in \(trace.events.count) events.",
      "For each of the \(trace.askedItems.count) items asked about, the events in the proof are all that the ledger has: "
        + "none was left out, and every one is in the log.",
    ]
    let kinds: [(Trace.Relation, Message)] = [
      (.ancestor, "It comes from"), (.descendant, "It went into"), (.carrier, "It travelled in"),
      (.device, "It was watched by"),
    ]
    for (relation, words) in kinds {
      let items = trace.items.filter { $0.relation == relation }.map { Message(short($0.id)) }
      if !items.isEmpty { claims.append("\(words): \(items.joined(separator: ", ")).") }
    }
    return claims
  }

  /// The trace for people: the items, then the events in the order of time.
  static func lines(_ trace: Trace) -> [Message] {
    var lines: [Message] = [
      "\(trace.item), traced \(Message(trace.direction.rawValue)): \(trace.items.count) items, \(trace.events.count) events"
    ]
    for item in trace.items {
      lines.append("  \(Message(item.relation.rawValue), width: 12) \(short(item.id))")
    }
    for step in trace.events {
      let event = step.traced.event
      let place = short(event.readPoint ?? event.bizLocation ?? "-")
      var line: Message =
        "  \(event.eventTime.prefix(16))Z  \(event.type.name, width: 20) \(event.bizStep?.word ?? "-", width: 24) \(place)"
      let quantities = event.items.compactMap { item -> Message? in
        guard let quantity = item.quantity else { return nil }
        let unit = item.uom.map { Message($0) } ?? "pieces"
        return "\(Message(item.role.rawValue)) \(short(item.id)): \(quantity) \(unit)"
      }
      if !quantities.isEmpty {
        line = "\(line)  [\(quantities.prefix(4).joined(separator: "; "))\(quantities.count > 4 ? "; …" : "")]"
      }
      let readings = event.sensorReports.prefix(3).map(\.summary)
      if !readings.isEmpty { line = "\(line)  {\(readings.joined(separator: "; "))}" }
      if step.isDeclaredInError { line = "\(line)  (declared in error)" }
      lines.append(line)
    }
    return lines
  }

  /// An id without the host that all canonical Digital Links share.
  static func short(_ id: String) -> String {
    id.hasPrefix("https://id.gs1.org/") ? String(id.dropFirst(19)) : id
  }

  /// The JSON of `trace --json`.
  struct Answer: Encodable {
    struct Item: Encodable {
      let id: String
      let relation: String
    }
    struct Step: Encodable {
      let entry: UInt64
      let hash: String
      let eventID: String
      let type: String
      let eventTime: String
      let bizStep: String?
      let disposition: String?
      let readPoint: String?
      let bizLocation: String?
      let declaredInError: Bool
      let items: [Part]
    }
    struct Part: Encodable {
      let id: String
      let role: String
      let quantity: String?
      let uom: String?
    }
    let item: String
    let direction: String
    let items: [Item]
    let events: [Step]

    init(_ trace: Trace) {
      item = trace.item
      direction = trace.direction.rawValue
      items = trace.items.map { Item(id: $0.id, relation: $0.relation.rawValue) }
      events = trace.events.map { step in
        let event = step.traced.event
        return Step(
          entry: step.traced.place, hash: step.traced.hash, eventID: event.eventID ?? step.traced.hash,
          type: event.type.name, eventTime: event.eventTime, bizStep: event.bizStep?.word,
          disposition: event.disposition?.word, readPoint: event.readPoint, bizLocation: event.bizLocation,
          declaredInError: step.isDeclaredInError,
          items: event.items.map { Part(id: $0.id, role: $0.role.rawValue, quantity: $0.quantity, uom: $0.uom) })
      }
    }
  }
}
