import CBOR
import COSE
import EPCIS
import JSON
import Ledger
import Primitives

/// Where the bytes of events come from: the ledger itself, or a proof bundle and nothing else.
protocol EventSource {
  /// All pairs under a prefix; throws when they are not known to be all.
  func pairs(under prefix: StatePrefix) throws -> [(key: StateKey, value: [UInt8])]
  /// The entry at an index; throws when it is not there.
  func bytes(ofEntry index: UInt64) throws -> [UInt8]
  /// The value under a key, or nil.
  func current(_ key: StateKey) throws -> [UInt8]?
}

extension LedgerView: EventSource {
  func pairs(under prefix: StatePrefix) throws -> [(key: StateKey, value: [UInt8])] { try list(prefix) }

  func bytes(ofEntry index: UInt64) throws -> [UInt8] {
    guard let bytes = try entry(index) else { throw LedgerError(.notFound, "The log has no entry \(index).") }
    return bytes
  }

  func current(_ key: StateKey) throws -> [UInt8]? { try value(key) }
}

/// A proved bundle as a source: what it does not carry is not proved.
struct BundleSource: EventSource {
  let bundle: VerifiedBundle

  func pairs(under prefix: StatePrefix) throws -> [(key: StateKey, value: [UInt8])] {
    guard let pairs = bundle.list(prefix) else {
      throw LedgerError(.notProved, "The proof leaves out a list that the answer needs: \(Hex.encode(prefix.bytes)).")
    }
    return try pairs.map { key, value in
      guard let value else {
        throw LedgerError(.notProved, "A value that the answer needs is withheld: \(Hex.encode(key.bytes)).")
      }
      return (key, value)
    }
  }

  func bytes(ofEntry index: UInt64) throws -> [UInt8] {
    guard let bytes = bundle.statements.first(where: { $0.index == index })?.entry else {
      throw LedgerError(.notProved, "The proof leaves out entry \(index), which the answer needs.")
    }
    return bytes
  }

  func current(_ key: StateKey) throws -> [UInt8]? {
    if let found = bundle.present.first(where: { $0.key == key }) { return found.value }
    if bundle.absent.contains(key) { return nil }
    throw LedgerError(.notProved, "The proof says nothing about a key that the answer needs: \(Hex.encode(key.bytes)).")
  }
}

/// Reads events by reference, each once.
struct EventStore<Source: EventSource> {
  let source: Source
  private var events: [UInt64: TracedEvent] = [:]
  private var contexts: [Digest: Namespaces] = [:]
  /// Every entry that was read, and every context.
  private(set) var entries: Set<UInt64> = []
  private(set) var contextKeys: Set<StateKey> = []

  init(_ source: Source) { self.source = source }

  /// The event that a reference names; its place is its last entry.
  mutating func event(_ reference: EventReference) throws -> TracedEvent {
    guard let place = reference.entries.last else { throw LedgerError(.damaged, "An event reference names no entry.") }
    if let known = events[place] { return known }
    var bytes: [UInt8] = []
    var context: Digest?
    for index in reference.entries {
      entries.insert(index)
      let content = try StatementContent(try source.bytes(ofEntry: index))
      switch EventContent.type(content.header.contentType ?? "") {
      case .event(let digest):
        context = digest
        bytes = content.payload
      case .part:
        let part = try Part(decoding: content.payload[...])
        if case .event(let digest) = EventContent.type(part.contentType) { context = digest }
        bytes.append(contentsOf: part.content)
      case .context, nil: throw LedgerError(.notProved, "Entry \(index) carries no event.")
      }
    }
    guard let context else { throw LedgerError(.notProved, "Entry \(place) carries no event.") }
    let namespaces = try namespaces(context)
    let value = try JSONParser.parse(bytes)
    let hash = EventHash.compute(value, namespaces)
    guard Digest.sha256(hash) == reference.hash else {
      throw LedgerError(.notProved, "Entry \(place) is not the event that the state names there.")
    }
    let event = TracedEvent(place: place, hash: hash, event: try Event(value, namespaces))
    events[place] = event
    return event
  }

  private mutating func namespaces(_ digest: Digest) throws -> Namespaces {
    if let known = contexts[digest] { return known }
    let key = TraceabilityContract.contexts.key(digest)
    contextKeys.insert(key)
    guard let value = try source.current(key) else {
      throw LedgerError(.notProved, "The JSON-LD context \(digest) of an event is not there.")
    }
    var reader = CBORReader(value)
    let namespaces = Namespaces(context: try JSONParser.parse(Array(try reader.bytes())))
    contexts[digest] = namespaces
    return namespaces
  }
}

/// The histories that a trace walks, and a record of which it asked for: exactly what its proof must show complete.
struct LedgerHistories<Source: EventSource>: ItemHistories {
  var store: EventStore<Source>
  private(set) var prefixes: [StatePrefix] = []

  init(_ source: Source) { store = EventStore(source) }

  mutating func history(of item: String) throws -> [TracedEvent] {
    try events(TraceabilityContract.histories.prefix(.sha256(item)))
  }

  mutating func transformation(_ id: String) throws -> [TracedEvent] {
    try events(TraceabilityContract.transformations.prefix(.sha256(id)))
  }

  private mutating func events(_ prefix: StatePrefix) throws -> [TracedEvent] {
    prefixes.append(prefix)
    return try store.source.pairs(under: prefix).map { try store.event(try EventReference(decoding: $0.value)) }
  }
}
