public import JSON

/// One EPCIS event as an application works with it.
///
/// Identifiers, times and vocabulary are canonical, so that the same thing written in another way compares equal;
/// what was written stays beside it where it matters.
public struct Event: Sendable {
  /// The events of EPCIS 2.0.
  public enum EventType: Sendable, Hashable {
    /// Something happened to objects.
    case object
    /// Children were packed into or unpacked from a parent.
    case aggregation
    /// Objects were bound to a business transaction.
    case transaction
    /// Inputs became outputs.
    case transformation
    /// A device or container was bound to an object.
    case association
    /// An event type of another vocabulary.
    case custom(String)

    /// The name in a document, such as ObjectEvent.
    public var name: String {
      switch self {
      case .object: "ObjectEvent"
      case .aggregation: "AggregationEvent"
      case .transaction: "TransactionEvent"
      case .transformation: "TransformationEvent"
      case .association: "AssociationEvent"
      case .custom(let name): name
      }
    }

    /// The type of that name; every other name is a custom type.
    public init(name: String) {
      switch name {
      case "ObjectEvent": self = .object
      case "AggregationEvent": self = .aggregation
      case "TransactionEvent": self = .transaction
      case "TransformationEvent": self = .transformation
      case "AssociationEvent": self = .association
      default: self = .custom(name)
      }
    }
  }

  /// A value of a vocabulary: a business step, a disposition or a type.
  public struct Term: Sendable, Hashable {
    /// The full URI, such as `https://ref.gs1.org/cbv/BizStep-shipping`.
    public let canonical: String
    /// The bare word of CBV, such as `shipping`; for other vocabularies what `canonical` has.
    public let word: String
  }

  /// A thing, or a quantity of things, that an event is about.
  public struct ItemReference: Sendable, Hashable {
    /// The part that a thing plays in an event.
    public enum Role: String, Sendable, CaseIterable {
      /// In epcList or quantityList.
      case object
      /// The parentID.
      case parent
      /// In childEPCs or childQuantityList.
      case child
      /// In inputEPCList or inputQuantityList.
      case input
      /// In outputEPCList or outputQuantityList.
      case output
    }

    /// The canonical identifier (`EPCIdentifier.canonical`).
    public let id: String
    /// The identifier as written.
    public let written: String
    /// The part that it plays.
    public let role: Role
    /// Whether it names one thing or a class; everything in a quantity list is a class.
    public let kind: EPCIdentifier.Kind
    /// The quantity as written, if one is given.
    public let quantity: String?
    /// The unit of the quantity (UN/CEFACT code), if one is given; without one the quantity counts pieces.
    public let uom: String?
  }

  /// A member of bizTransactionList, sourceList or destinationList.
  public struct TypedReference: Sendable, Hashable {
    /// What it is, or nil when the event does not say.
    public let type: Term?
    /// The canonical identifier.
    public let id: String
    /// The identifier as written.
    public let written: String
  }

  /// The dispositions that last until they are taken back.
  public struct PersistentDisposition: Sendable, Hashable {
    /// Those that begin.
    public let set: [Term]
    /// Those that end.
    public let unset: [Term]
  }

  /// A statement that an earlier event was wrong.
  public struct ErrorDeclaration: Sendable, Hashable {
    /// When it was declared, in UTC with milliseconds, or as written when it is no time.
    public let declarationTime: String
    /// Why, if given.
    public let reason: Term?
    /// The events that stand in its place.
    public let correctiveEventIDs: [String]
  }

  /// What happened.
  public let type: EventType
  /// The event's id as written, without surrounding white space.
  public let eventID: String?
  /// When it happened: UTC with milliseconds.
  public let eventTime: String
  /// When it happened, in milliseconds since 1970.
  public let eventTimeMs: Int64
  /// The offset from UTC where it happened, such as `+08:00`.
  public let eventTimeZoneOffset: String
  /// When a repository recorded it: UTC with milliseconds.
  public let recordTime: String?
  /// OBSERVE, ADD or DELETE; absent in transformations.
  public let action: String?
  /// The business step.
  public let bizStep: Term?
  /// The disposition.
  public let disposition: Term?
  /// The persistent dispositions.
  public let persistentDisposition: PersistentDisposition?
  /// Where it was observed: canonical.
  public let readPoint: String?
  /// Where the things are afterwards: canonical.
  public let bizLocation: String?
  /// The things, in the order of the fields and of the document.
  public let items: [ItemReference]
  /// What joins several transformations: canonical.
  public let transformationID: String?
  /// The business transactions.
  public let bizTransactions: [TypedReference]
  /// The sources.
  public let sources: [TypedReference]
  /// The destinations.
  public let destinations: [TypedReference]
  /// The readings of sensors, one for each report.
  public let sensorReports: [SensorReading]
  /// The master data of new instances or lots.
  public let ilmd: [JSONMember]
  /// The error declaration.
  public let errorDeclaration: ErrorDeclaration?
  /// The certificates as written.
  public let certificationInfo: [String]
  /// The members that are no standard fields.
  public let extensions: [JSONMember]
}

/// One sensor report in short.
public struct SensorReading: Sendable, Hashable {
  /// What was measured.
  public let type: Event.Term?
  /// The alarm, if one is given.
  public let exception: Event.Term?
  /// When: the report's time or that of its element, UTC with milliseconds.
  public let time: String?
  /// The first time of an interval.
  public let startTime: String?
  /// The last time of an interval.
  public let endTime: String?
  /// The device of the report or of its element: canonical.
  public let deviceID: String?
  /// Where the raw data is, as the report or its element says: canonical.
  public let rawData: String?
  /// The component, such as latitude.
  public let component: Event.Term?
  /// The value as written; of a text, truth value, hexadecimal or URI value where the report has no number.
  public let value: String?
  /// The least value as written.
  public let minValue: String?
  /// The greatest value as written.
  public let maxValue: String?
  /// The mean value as written.
  public let meanValue: String?
  /// The unit as written.
  public let uom: String?

  /// A line that people read, such as `Temperature 4.2 CEL (min 3.9, max 4.6), 2026-01-31T04:00:00.000Z`.
  public var summary: String {
    var text = type?.word ?? exception?.word ?? "reading"
    if let component { text += " \(component.word)" }
    if let value { text += " \(value)" }
    let figures = [("min", minValue), ("max", maxValue), ("mean", meanValue)].compactMap { name, figure in
      figure.map { "\(name) \($0)" }
    }
    if let uom { text += " \(uom)" }
    if !figures.isEmpty { text += " (\(figures.joined(separator: ", ")))" }
    if let exception, type != nil { text += " \(exception.word)" }
    if let time = time ?? endTime ?? startTime { text += ", \(time)" }
    return text
  }
}
