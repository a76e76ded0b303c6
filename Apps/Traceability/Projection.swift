import COSE
import EPCIS
import Ledger
import Primitives

/// Lists of events by what users ask for; the query parameters are those of EPCIS 2.0 §8.2.7.1.
struct EventQuery: Sendable {
  /// MATCH_epc: canonical ids of which one is in epcList or childEPCs.
  var epcs: Set<String> = []
  /// MATCH_anyEPC: canonical ids of which one is anywhere in the event.
  var anyEPCs: Set<String> = []
  /// EQ_bizStep: short words or URIs.
  var bizSteps: Set<String> = []
  /// GE_eventTime, milliseconds since 1970.
  var from: Int64?
  /// LT_eventTime, milliseconds since 1970.
  var before: Int64?

  func matches(_ event: Event) -> Bool {
    if let from, event.eventTimeMs < from { return false }
    if let before, event.eventTimeMs >= before { return false }
    if !bizSteps.isEmpty {
      guard let step = event.bizStep, bizSteps.contains(step.word) || bizSteps.contains(step.canonical) else {
        return false
      }
    }
    if !epcs.isEmpty,
      !event.items.contains(where: { ($0.role == .object || $0.role == .child) && epcs.contains($0.id) })
    {
      return false
    }
    return anyEPCs.isEmpty || event.items.contains { anyEPCs.contains($0.id) }
  }
}

/// An event as it stands in the log.
struct ListedEvent: Sendable {
  let event: TracedEvent
  /// The event's own bytes, as captured.
  let bytes: [UInt8]
  let issuer: String
}

extension LedgerView {
  /// The events that match, in the order of the log, at most `limit`.
  ///
  /// With item ids the state's lists are used; otherwise every event is read.
  func events(_ query: EventQuery, limit: Int) throws -> [ListedEvent] {
    var store = EventStore(self)
    var found: [ListedEvent] = []
    for reference in try references(query) {
      let event = try store.event(reference)
      guard query.matches(event.event) else { continue }
      found.append(try listed(event, reference))
      if found.count == limit { break }
    }
    return found
  }

  private func references(_ query: EventQuery) throws -> [EventReference] {
    let items = query.anyEPCs.isEmpty ? query.epcs : query.anyEPCs
    let prefixes =
      items.isEmpty
      ? [TraceabilityContract.eventIDs.prefix()]
      : items.sorted().map { TraceabilityContract.histories.prefix(.sha256($0)) }
    var references: [UInt64: EventReference] = [:]
    for prefix in prefixes {
      for (_, value) in try list(prefix) {
        let reference = try EventReference(decoding: value)
        if let place = reference.entries.last { references[place] = reference }
      }
    }
    return references.sorted { $0.key < $1.key }.map(\.value)
  }

  private func listed(_ event: TracedEvent, _ reference: EventReference) throws -> ListedEvent {
    var bytes: [UInt8] = []
    var issuer = ""
    for index in reference.entries {
      let content = try StatementContent(try self.bytes(ofEntry: index))
      issuer = content.header.issuer
      if content.header.contentType == ContentType.part {
        bytes.append(contentsOf: try Part(decoding: content.payload[...]).content)
      } else {
        bytes = content.payload
      }
    }
    return ListedEvent(event: event, bytes: bytes, issuer: issuer)
  }
}
