import COSE
import EPCIS
import Foundation
import JSON
import Ledger
import Primitives

/// From EPCIS documents to statements: validated whole, then the context and each event in their own bytes.
struct Capture {
  /// One statement of a document, with the event that it carries.
  struct Item {
    let statement: Statement
    /// The event's id, nil for a context or a part that is not the last.
    let eventID: String?
    let pointer: JSONPointer
  }

  let issuer: String
  let key: PrivateKey
  let clock: any WallClock
  var claimIDs: any RandomNumberGenerator

  /// The statements for a document, or the first thing that is wrong with it; nothing is stored.
  ///
  /// - Parameters:
  ///   - name: how errors name the document.
  ///   - isKnown: whether the ledger has a context already.
  mutating func statements(
    for bytes: [UInt8], name: String, isKnown: (Digest) throws -> Bool
  ) throws -> [Item] {
    let document: EPCISDocument
    do { document = try EPCISDocument(bytes) } catch {
      throw LedgerError(.malformed, "\(name): \(error)")
    }
    let issues = document.issues(limit: 3)
    if let issue = issues.first {
      let more: Message = issues.count > 1 ? " (and at least \(issues.count - 1) more)" : ""
      throw LedgerError(.malformed, "\(name): \(issue)\(more)")
    }
    guard let context = document.contextBytes else {
      throw LedgerError(.malformed, "\(name): /@context: the document has no JSON-LD context.")
    }
    if document.events.isEmpty {
      throw LedgerError(.malformed, "\(name): /epcisBody: the document has no events.")
    }
    var items: [Item] = []
    let digest = Digest.sha256(context)
    if try !isKnown(digest) {
      items.append(
        Item(
          statement: try sign(context, EventContent.contextType, subject: "@context"), eventID: nil,
          pointer: JSONPointer(["@context"])))
    }
    let type = EventContent.eventType(context: digest)
    for item in document.events {
      let event = try Event(item.value, document.namespaces)
      let id = event.eventID ?? document.hash(of: item)
      let subject = EventContent.subject(id)
      if item.bytes.count <= Part.contentBytes {
        items.append(Item(statement: try sign(item.bytes, type, subject: subject), eventID: id, pointer: item.pointer))
        continue
      }
      let parts = try Part.split(item.bytes, contentType: type)
      for part in parts {
        items.append(
          Item(
            statement: try sign(part.encoded(), ContentType.part, subject: subject),
            eventID: part.number + 1 == part.count ? id : nil, pointer: item.pointer))
      }
    }
    return items
  }

  private mutating func sign(_ payload: [UInt8], _ type: String, subject: String) throws -> Statement {
    let claimID = ClaimID(high: claimIDs.next(), low: claimIDs.next())
    return try .sign(
      payload: payload, contentType: type, issuer: issuer, subject: subject, time: clock.now(), claimID: claimID,
      key: key)
  }
}

/// What became of a captured document.
struct CaptureReport: Codable {
  struct Line: Codable {
    let eventID: String
    let status: String
    let index: UInt64?
    let code: String?
    let message: Message?
  }

  var events: [Line] = []
  /// Events that are in the log and were carried out, now or earlier.
  var accepted: Int { events.filter { $0.status == "accepted" || $0.status == "duplicate" }.count }

  init(_ items: [Capture.Item], _ outcomes: [Outcome]) {
    for (item, outcome) in zip(items, outcomes) {
      guard let id = item.eventID ?? (outcome.isAccepted ? nil : item.statement.subject) else { continue }
      switch outcome {
      case .accepted(let index):
        events.append(Line(eventID: id, status: "accepted", index: index, code: nil, message: nil))
      case .duplicate(let index):
        events.append(Line(eventID: id, status: "duplicate", index: index, code: nil, message: nil))
      case .refused(let index, let refusal):
        events.append(Line(eventID: id, status: "refused", index: index, code: refusal.code, message: refusal.message))
      case .rejected(let error):
        events.append(
          Line(eventID: id, status: "rejected", index: nil, code: error.kind.rawValue, message: error.message))
      }
    }
  }
}

extension Outcome {
  var isAccepted: Bool {
    switch self {
    case .accepted, .duplicate: true
    case .refused, .rejected: false
    }
  }
}

extension Capture {
  /// Captures a document on a node that sequences: validates, signs, submits, and says what became of each event.
  mutating func capture(_ bytes: [UInt8], name: String, on node: Node) async throws -> CaptureReport {
    let view = node.head
    let items = try statements(for: bytes, name: name) { digest in
      try view.value(TraceabilityContract.contexts.key(digest)) != nil
    }
    return CaptureReport(items, try await node.submit(items.map(\.statement.entry)))
  }
}
