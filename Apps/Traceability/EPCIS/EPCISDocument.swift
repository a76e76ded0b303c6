public import JSON
public import Primitives

/// An EPCIS 2.0 document in JSON-LD, with every event's own bytes.
///
/// Reading checks only where the events are; `EPCISValidator` says whether the document is valid.
public struct EPCISDocument: Sendable {
  /// What a document is.
  public enum Kind: String, Sendable {
    /// A document to capture.
    case document = "EPCISDocument"
    /// The answer to a query.
    case queryDocument = "EPCISQueryDocument"
    /// One event that stands alone.
    case event
  }

  /// One event in its document.
  public struct Item: Sendable {
    /// The position in the list of events, from 0.
    public let index: Int
    /// Where it stands.
    public let pointer: JSONPointer
    /// The parsed event.
    public let value: JSONValue
    /// The event's bytes exactly as they stood in the document.
    public let bytes: [UInt8]
  }

  /// Why a text is not an EPCIS document.
  public enum ReadError: Error, Sendable, Explained {
    /// It is not JSON.
    case json(JSONError)
    /// It is JSON without events at the place where they belong.
    case structure(ValidationIssue)

    /// One sentence with the place.
    public var explanation: Message {
      switch self {
      case .json(let error): error.explanation
      case .structure(let issue): issue.explanation
      }
    }
  }

  /// What the document is.
  public let kind: Kind

  /// The whole document.
  public let root: JSONValue

  /// The bytes of `@context` as they stand in the document, or nil when there is none.
  public let contextBytes: [UInt8]?

  /// The prefixes that the document defines.
  public let namespaces: Namespaces

  /// The version that the document names, such as 2.0.
  public let schemaVersion: String?

  /// When the document was made, as written.
  public let creationDate: String?

  /// The header, which may hold master data.
  public let header: JSONValue?

  /// The lists of master data in the header or in the results of a query.
  public let vocabularyList: [JSONValue]

  /// The events in order.
  public let events: [Item]

  /// Reads a document.
  ///
  /// Takes an EPCISDocument (`epcisBody.eventList`, or `epcisBody.event`), an EPCISQueryDocument
  /// (`epcisBody.queryResults.resultsBody.eventList`) or one event alone. The cost is linear.
  public init(_ bytes: [UInt8]) throws(ReadError) {
    let root: JSONValue
    do {
      root = try JSONParser.parse(bytes)
    } catch {
      throw .json(error)
    }
    try self.init(root: root, bytes: bytes)
  }

  private init(root: JSONValue, bytes: [UInt8]) throws(ReadError) {
    func fault(_ tokens: [String], _ message: Message) -> ReadError {
      .structure(ValidationIssue(pointer: JSONPointer(tokens), message: message))
    }
    guard root.members != nil else { throw fault([], "An EPCIS document must be a JSON object.") }
    guard let type = root["type"]?.string else {
      throw fault(["type"], "A document needs its type: EPCISDocument, EPCISQueryDocument or that of an event.")
    }
    self.root = root
    kind = Kind(rawValue: type) ?? .event
    let context = root["@context"]
    contextBytes = context.map { Array(bytes[$0.range]) }
    namespaces = Namespaces(context: context)
    schemaVersion = root["schemaVersion"]?.string
    creationDate = root["creationDate"]?.string
    header = root["epcisHeader"]

    let place: [String]
    switch kind {
    case .event:
      vocabularyList = []
      events = [Item(index: 0, pointer: JSONPointer(), value: root, bytes: Array(bytes[root.range]))]
      return
    case .document:
      vocabularyList = header?["epcisMasterData"]?["vocabularyList"]?.array ?? []
      if root["epcisBody"]?["eventList"] == nil, let event = root["epcisBody"]?["event"] {
        let pointer = JSONPointer(["epcisBody", "event"])
        events = [Item(index: 0, pointer: pointer, value: event, bytes: Array(bytes[event.range]))]
        return
      }
      place = ["epcisBody", "eventList"]
    case .queryDocument:
      vocabularyList = root["epcisBody"]?["queryResults"]?["resultsBody"]?["vocabularyList"]?.array ?? []
      place = ["epcisBody", "queryResults", "resultsBody", "eventList"]
    }
    let list = JSONPointer(place)
    guard let values = list.resolve(in: root) else { throw fault(place, "\(type) needs a list of events here.") }
    guard let elements = values.array else { throw fault(place, "eventList must be a list.") }
    events = elements.enumerated().map { index, value in
      Item(index: index, pointer: list.appending(index), value: value, bytes: Array(bytes[value.range]))
    }
  }

  /// What is wrong with the document; empty when it is valid EPCIS 2.0.
  public func issues(limit: Int = 20) -> [ValidationIssue] { EPCISValidator.issues(in: root, limit: limit) }

  /// The canonical hash of one of the events.
  public func hash(of item: Item, version: EventHash.Version = .cbv20) -> String {
    EventHash.compute(item.value, kind == .event ? .standard : namespaces, version: version)
  }
}
