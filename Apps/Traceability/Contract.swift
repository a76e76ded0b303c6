import CBOR
import COSE
import EPCIS
import JSON
import Ledger
import Primitives
import Synchronization

/// The rules of the traceability ledger: EPCIS 2.0 events, indexed by every item that they name.
///
/// A capturing member states a document's @context once and then each event in its own bytes. The state has, for each
/// item, the complete list of its events in the order of the log, so that nobody can leave one out unseen.
struct TraceabilityContract: Contract {
  static let id = "traceability"
  static let versions: ClosedRange<UInt64> = 1...1

  /// `10 ‖ SHA-256(event hash)` → [event id, [entry, …]].
  static let events = Namespace(0x10, "events by canonical hash", identifiers: 1)
  /// `11 ‖ SHA-256(canonical item id) ‖ u64 entry` → event reference.
  static let histories = Namespace(0x11, "events by item", identifiers: 1, ordered: true)
  /// `12 ‖ SHA-256(event id) ‖ u64 entry` → event reference: the event, then what declares it in error.
  static let eventIDs = Namespace(0x12, "events by event id", identifiers: 1, ordered: true)
  /// `13 ‖ SHA-256(transformationID) ‖ u64 entry` → event reference.
  static let transformations = Namespace(0x13, "events by transformation", identifiers: 1, ordered: true)
  /// `14 ‖ SHA-256(context bytes)` → the JSON-LD context.
  static let contexts = Namespace(0x14, "JSON-LD contexts", identifiers: 1)
  /// `15 ‖ SHA-256(document) ‖ SHA-256(issuer) ‖ u64 part` → [entry, content], until the last part has come.
  static let parts = Namespace(0x15, "parts of large events", identifiers: 2, ordered: true)
  /// `16 ‖ SHA-256(subject) ‖ u64 entry` → the salted digest of a confidential document.
  static let envelopes = Namespace(0x16, "confidential documents", identifiers: 1, ordered: true)
  static let namespaces = [events, histories, eventIDs, transformations, contexts, parts, envelopes]

  private let known = ContextCache()

  init(version: UInt64) {}

  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    if statement.isHashEnvelope {
      var writer = CBORWriter()
      writer.bytes(statement.payload)
      state.set(Self.envelopes.key(.sha256(statement.subject), order: context.index), writer.bytes)
      return
    }
    switch EventContent.type(statement.contentType) {
    case .context: try applyContext(statement, &state)
    case .event(let digest):
      try applyEvent(Array(statement.payload), [context.index], statement.subject, digest, &state)
    case .part: try applyPart(statement, context, &state)
    case nil:
      throw Refusal(
        "content-type-unknown", "This ledger takes EPCIS events and contexts, not '\(statement.contentType)'.")
    }
  }

  private func applyContext(_ statement: Statement, _ state: inout State) throws(Refusal) {
    do { _ = try JSONParser.parse(Array(statement.payload)) } catch {
      throw Refusal("context-malformed", "The JSON-LD context is no JSON: \(error)")
    }
    var writer = CBORWriter()
    writer.bytes(statement.payload)
    state.set(Self.contexts.key(.sha256(statement.payload)), writer.bytes)
  }

  private func applyPart(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let part: Part
    do { part = try Part(decoding: statement.payload) } catch { throw Refusal("part-malformed", error.message) }
    guard case .event(let digest) = EventContent.type(part.contentType) else {
      throw Refusal("content-type-unknown", "Parts on this ledger are of EPCIS events, not of '\(part.contentType)'.")
    }
    let issuer = Digest.sha256(statement.issuer)
    var writer = CBORWriter(capacity: part.content.count + 16)
    writer.array(2)
    writer.uint(context.index)
    writer.bytes(part.content)
    state.set(Self.parts.key(part.document, issuer, order: part.number), writer.bytes)
    let stored = state.list(Self.parts.prefix(part.document, issuer))
    guard UInt64(stored.count) == part.count else { return }
    var indices: [UInt64] = []
    var document: [UInt8] = []
    for (key, value) in stored {
      var reader = CBORReader(value)
      guard (try? reader.array()) == 2, let index = try? reader.uint(), let content = try? reader.bytes() else {
        throw Refusal("part-malformed", "The parts of the event cannot be put together.")
      }
      indices.append(index)
      document.append(contentsOf: content)
      state.set(key, nil)
    }
    guard Digest.sha256(document) == part.document else {
      throw Refusal("part-mismatch", "The parts do not add up to the document \(part.document) that they name.")
    }
    try applyEvent(document, indices, statement.subject, digest, &state)
  }

  private func applyEvent(
    _ bytes: [UInt8], _ indices: [UInt64], _ subject: String, _ contextDigest: Digest, _ state: inout State
  ) throws(Refusal) {
    let namespaces = try known.namespaces(contextDigest) { state[Self.contexts.key(contextDigest)] }
    let value: JSONValue
    do { value = try JSONParser.parse(bytes) } catch {
      throw Refusal("event-malformed", "The event is no JSON: \(error)")
    }
    if let issue = EPCISValidator.issues(inEvent: value, at: JSONPointer(), limit: 1).first {
      throw Refusal("event-invalid", "\(issue)")
    }
    let event: Event
    do { event = try Event(value, namespaces) } catch { throw Refusal("event-invalid", "\(error)") }
    let hash = EventHash.compute(value, namespaces)
    let id = event.eventID ?? hash
    guard subject == EventContent.subject(id) else {
      throw Refusal("event-id-mismatch", "The statement is about '\(subject)', the event's id is '\(id)'.")
    }
    let hashDigest = Digest.sha256(hash)
    let record = Self.events.key(hashDigest)
    if state[record] == nil {
      state.set(record, EventRecord(id: id, entries: indices).encoded)
    } else if event.errorDeclaration == nil {
      throw Refusal("event-known", "The event \(hash) has been captured before.")
    }
    let index = indices.last ?? 0
    let reference = EventReference(hash: hashDigest, entries: indices).encoded
    for item in Set(event.items.map(\.id)).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      state.set(Self.histories.key(.sha256(item), order: index), reference)
    }
    state.set(Self.eventIDs.key(.sha256(id), order: index), reference)
    if let transformation = event.transformationID {
      state.set(Self.transformations.key(.sha256(transformation), order: index), reference)
    }
  }
}

/// The content types of traceability statements.
enum EventContent {
  static let contextType = "application/vnd.tallystick.jsonld-context+json"
  static let eventType = "application/vnd.tallystick.epcis-event+json"

  enum Kind: Equatable {
    case context
    /// An event whose @context has this digest.
    case event(context: Digest)
    case part
  }

  /// `application/vnd.tallystick.epcis-event+json; context=<SHA-256 of the @context's bytes in hex>`.
  static func eventType(context: Digest) -> String { "\(eventType); context=\(context.hex)" }

  static func type(_ text: String) -> Kind? {
    if text == contextType { return .context }
    if text == ContentType.part { return .part }
    let prefix = eventType + "; context="
    guard text.hasPrefix(prefix), let digest = Digest(hex: text.dropFirst(prefix.count)) else { return nil }
    return .event(context: digest)
  }

  /// The statement's subject for an event id: the id, or its hash when it is too long for a subject.
  static func subject(_ id: String) -> String {
    id.utf8.count <= StatementHeader.nameBytes && !id.isEmpty ? id : "sha-256:" + Digest.sha256(id).hex
  }
}

/// The value under `events`.
struct EventRecord {
  let id: String
  let entries: [UInt64]

  var encoded: [UInt8] {
    var writer = CBORWriter()
    writer.array(2)
    writer.text(id)
    writer.array(entries.count)
    for entry in entries { writer.uint(entry) }
    return writer.bytes
  }
}

/// The value under `histories`, `eventIDs` and `transformations`: which event, and in which entries its bytes are.
struct EventReference {
  /// SHA-256 of the event hash's text, as in the keys of `events`.
  let hash: Digest
  /// One entry, or the entries of an event's parts in order.
  let entries: [UInt64]

  var encoded: [UInt8] {
    var writer = CBORWriter()
    writer.array(2)
    writer.bytes(hash)
    writer.array(entries.count)
    for entry in entries { writer.uint(entry) }
    return writer.bytes
  }

  init(hash: Digest, entries: [UInt64]) {
    self.hash = hash
    self.entries = entries
  }

  init(decoding bytes: [UInt8]) throws {
    var reader = CBORReader(bytes)
    guard try reader.array() == 2 else { throw LedgerError(.damaged, "An event reference of the state is malformed.") }
    hash = try reader.digest()
    entries = try (0..<(try reader.array())).map { _ in try reader.uint() }
    try reader.finish()
  }
}

/// Parsed contexts by digest: a memo of a pure function, so it cannot make members differ.
private final class ContextCache: Sendable {
  private let parsed = Mutex<[Digest: Namespaces]>([:])

  func namespaces(_ digest: Digest, _ value: () -> [UInt8]?) throws(Refusal) -> Namespaces {
    // The state decides whether the context is there; the memo only saves parsing it.
    guard let value = value() else {
      throw Refusal("context-unknown", "The event refers to the JSON-LD context \(digest), which has not been stated.")
    }
    if let known = parsed.withLock({ $0[digest] }) { return known }
    var reader = CBORReader(value)
    guard let bytes = try? reader.bytes(), let json = try? JSONParser.parse(Array(bytes)) else {
      throw Refusal("context-unknown", "The JSON-LD context \(digest) cannot be read.")
    }
    let namespaces = Namespaces(context: json)
    parsed.withLock { cache in
      if cache.count >= 1024 { cache.removeAll() }
      cache[digest] = namespaces
    }
    return namespaces
  }
}
