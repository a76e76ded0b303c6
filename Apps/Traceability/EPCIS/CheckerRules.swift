internal import JSON
internal import Primitives

extension Checker {
  // MARK: parts of events

  private static let quantity = Rule.object(
    ObjectRule(
      title: "A quantity element", fields: [("epcClass", .uri), ("quantity", .number), ("uom", .unit)],
      required: ["epcClass"], others: .none))

  private static let location = Rule.object(
    ObjectRule(title: "A location", fields: [("id", .uri)], required: ["id"], others: .any))

  private static let bizTransaction = Rule.object(
    ObjectRule(
      title: "A business transaction", fields: [("type", .word(.bizTransactionType)), ("bizTransaction", .uri)],
      required: ["bizTransaction"], others: .none))

  private static func party(_ name: String) -> Rule {
    .object(
      ObjectRule(
        title: "A \(name)", fields: [("type", .word(.sourceDestinationType)), (name, .uri)], required: ["type", name],
        others: .none))
  }

  private static let persistentDisposition = Rule.object(
    ObjectRule(
      title: "A persistent disposition",
      fields: [
        ("set", .list(.word(.disposition), minimum: 1, unique: true)),
        ("unset", .list(.word(.disposition), minimum: 1, unique: true)),
      ], required: [], others: .none))

  private static let sensorMetadata = Rule.object(
    ObjectRule(
      title: "Sensor metadata",
      fields: [
        ("time", .time), ("deviceID", .uri), ("deviceMetadata", .uri), ("rawData", .uri), ("startTime", .time),
        ("endTime", .time), ("dataProcessingMethod", .uri), ("bizRules", .uri),
      ], required: [], others: .named))

  private static let sensorReport = Rule.object(
    ObjectRule(
      title: "A sensor report",
      fields: [
        ("type", .word(.measurement)), ("exception", .word(.sensorAlert)), ("deviceID", .uri), ("deviceMetadata", .uri),
        ("rawData", .uri), ("dataProcessingMethod", .uri), ("bizRules", .uri), ("time", .time), ("microorganism", .uri),
        ("chemicalSubstance", .uri), ("coordinateReferenceSystem", .uri), ("value", .number),
        ("component", .word(.component)), ("stringValue", .text), ("booleanValue", .boolean),
        ("hexBinaryValue", .hexadecimal), ("uriValue", .uri), ("minValue", .number), ("maxValue", .number),
        ("meanValue", .number), ("sDev", .number), ("percRank", .number), ("percValue", .number), ("uom", .text),
      ], required: ["type"], others: .named))

  private static let sensorElement = Rule.object(
    ObjectRule(
      title: "A sensor element",
      fields: [("sensorMetadata", sensorMetadata), ("sensorReport", .list(sensorReport, minimum: 1))],
      required: ["sensorReport"], others: .named))

  private static let errorDeclaration = Rule.object(
    ObjectRule(
      title: "An error declaration",
      fields: [("declarationTime", .time), ("reason", .word(.errorReason)), ("correctiveEventIDs", .list(.uri))],
      required: ["declarationTime"], others: .named))

  private static let ilmd = Rule.object(ObjectRule(title: "ilmd", fields: [], required: [], others: .named))

  // MARK: events

  private static let common: [(name: String, rule: Rule)] = [
    ("@context", .context), ("eventTime", .time), ("recordTime", .time), ("eventTimeZoneOffset", .zoneOffset),
    ("eventID", .uri), ("certificationInfo", .either(.list(.uri), .uri)), ("errorDeclaration", errorDeclaration),
  ]

  private static let shared: [(name: String, rule: Rule)] = [
    ("bizStep", .word(.bizStep)), ("disposition", .word(.disposition)), ("readPoint", location),
    ("bizLocation", location), ("bizTransactionList", .list(bizTransaction)), ("sourceList", .list(party("source"))),
    ("destinationList", .list(party("destination"))), ("sensorElementList", .list(sensorElement)),
  ]

  private static func eventRule(
    _ type: String, _ fields: [(name: String, rule: Rule)], required: [String]
  ) -> ObjectRule {
    ObjectRule(
      title: type, fields: [("type", .exactly(type))] + fields + common + shared,
      required: ["eventTime", "eventTimeZoneOffset"] + required, others: .named)
  }

  private static let aggregationFields: [(name: String, rule: Rule)] = [
    ("parentID", .uri), ("childEPCs", .list(.uri)), ("childQuantityList", .list(quantity)), ("action", .action),
  ]

  private static let eventRules: [String: ObjectRule] = [
    "ObjectEvent": eventRule(
      "ObjectEvent",
      [
        ("epcList", .list(.uri, unique: true)), ("quantityList", .list(quantity)), ("action", .action),
        ("persistentDisposition", persistentDisposition), ("ilmd", ilmd),
      ], required: ["action"]),
    "AggregationEvent": eventRule("AggregationEvent", aggregationFields, required: ["action"]),
    "AssociationEvent": eventRule("AssociationEvent", aggregationFields, required: ["action", "parentID"]),
    "TransactionEvent": eventRule(
      "TransactionEvent",
      [
        // Found before the shared rule of this name, which would take an empty list.
        ("bizTransactionList", .list(bizTransaction, minimum: 1)), ("parentID", .uri), ("epcList", .list(.uri)),
        ("quantityList", .list(quantity)), ("action", .action),
      ], required: ["bizTransactionList", "action"]),
    "TransformationEvent": eventRule(
      "TransformationEvent",
      [
        ("inputEPCList", .list(.uri, unique: true)), ("inputQuantityList", .list(quantity)),
        ("outputEPCList", .list(.uri, unique: true)), ("outputQuantityList", .list(quantity)),
        ("transformationID", .uri), ("persistentDisposition", persistentDisposition), ("ilmd", ilmd),
      ], required: []),
  ]

  private static let customEvent = ObjectRule(
    title: "An event", fields: [("type", .uri)] + common, required: ["eventTime", "eventTimeZoneOffset"], others: .any)

  /// Checks one event of a list.
  mutating func event(_ value: JSONValue) {
    guard value.members != nil else { return note("An event must be an object.") }
    guard let type = value["type"] else { return note(at: "type", "An event needs its type, such as ObjectEvent.") }
    guard let name = type.string else { return note(at: "type", "The type of an event must be a text.") }
    let before = issues.count
    guard let rule = Self.eventRules[name], sameBytes(rule.title, name) else {
      guard URIText.isURI(name) else {
        return note(
          at: "type",
          "\"\(Self.cut(name))\" is no event of EPCIS 2.0; use ObjectEvent, AggregationEvent, TransactionEvent, "
            + "TransformationEvent, AssociationEvent or a URI of your own.")
      }
      return check(value, .object(Self.customEvent))
    }
    check(value, .object(rule))
    // The rules between fields only speak where the fields themselves are right.
    if issues.count == before { between(value, name) }
  }

  private mutating func between(_ event: JSONValue, _ type: String) {
    func filled(_ name: String) -> Bool { !(event[name]?.array?.isEmpty ?? true) }
    let action = event["action"]?.string
    switch type {
    case "ObjectEvent":
      if event["epcList"] == nil, !filled("quantityList"), !(filled("sensorElementList") && event["readPoint"] != nil) {
        note("ObjectEvent needs epcList, a quantityList that is not empty, or sensorElementList with readPoint.")
      }
      if event["ilmd"] != nil, action != "ADD" {
        note(at: "ilmd", "ObjectEvent may have ilmd only when its action is ADD.")
      }
    case "AggregationEvent", "AssociationEvent":
      if !filled("childEPCs"), !filled("childQuantityList"), action != "DELETE" {
        note("\(type) needs childEPCs or childQuantityList, unless its action is DELETE.")
      }
    case "TransactionEvent":
      if event["epcList"] == nil, !filled("quantityList"), action != "DELETE" {
        note("TransactionEvent needs epcList or a quantityList that is not empty, unless its action is DELETE.")
      }
    case "TransformationEvent":
      let input = filled("inputEPCList") || filled("inputQuantityList")
      let output = filled("outputEPCList") || filled("outputQuantityList")
      if !(input && output), !(event["transformationID"] != nil && (input || output)) {
        note("TransformationEvent needs inputs and outputs, or transformationID with one of them.")
      }
    default: break
    }
    if let disposition = event["persistentDisposition"], disposition["set"] == nil, disposition["unset"] == nil {
      note(at: "persistentDisposition", "A persistent disposition needs set or unset.")
    }
  }

  // MARK: documents

  private static let vocabulary = Rule.object(
    ObjectRule(
      title: "A vocabulary",
      fields: [
        ("type", .uri),
        (
          "vocabularyElementList",
          .list(
            .object(
              ObjectRule(
                title: "A vocabulary element",
                fields: [
                  ("id", .uri), ("children", .list(.uri)),
                  (
                    "attributes",
                    .list(
                      .object(
                        ObjectRule(
                          title: "An attribute", fields: [("id", .uri), ("attribute", .scalarOrObject)],
                          required: ["id"], others: .any)))
                  ),
                ], required: ["id"], others: .any)))
        ),
      ], required: ["type"], others: .any))

  private static let header = Rule.object(
    ObjectRule(
      title: "epcisHeader",
      fields: [
        (
          "epcisMasterData",
          .object(
            ObjectRule(
              title: "epcisMasterData", fields: [("vocabularyList", .list(vocabulary))], required: [], others: .any))
        )
      ], required: [], others: .named))

  private static let document = ObjectRule(
    title: "EPCISDocument",
    fields: [
      ("@context", .context), ("id", .uri), ("type", .exactly("EPCISDocument")), ("schemaVersion", .version),
      ("creationDate", .time), ("instanceIdentifier", .text), ("sender", .text), ("receiver", .text),
      ("epcisHeader", header),
      (
        "epcisBody",
        .object(
          ObjectRule(
            title: "epcisBody", fields: [("eventList", .list(.event)), ("event", .event)], required: [], others: .any))
      ),
    ], required: ["@context", "schemaVersion", "creationDate", "epcisBody"], others: .named)

  private static let queryDocument = ObjectRule(
    title: "EPCISQueryDocument",
    fields: [
      ("@context", .context), ("id", .uri), ("type", .exactly("EPCISQueryDocument")), ("schemaVersion", .version),
      ("creationDate", .time),
      (
        "epcisBody",
        .object(
          ObjectRule(
            title: "epcisBody",
            fields: [
              (
                "queryResults",
                .object(
                  ObjectRule(
                    title: "queryResults",
                    fields: [
                      ("queryName", .text), ("subscriptionID", .text),
                      (
                        "resultsBody",
                        .object(
                          ObjectRule(
                            title: "resultsBody",
                            fields: [("eventList", .list(.event)), ("vocabularyList", .list(vocabulary))],
                            required: ["eventList"], others: .named))
                      ),
                    ], required: ["queryName", "resultsBody"], others: .named))
              )
            ], required: ["queryResults"], others: .named))
      ),
    ], required: ["@context", "epcisBody"], others: .named)

  /// Checks a whole document.
  mutating func document(_ value: JSONValue) {
    guard value.members != nil else { return note("An EPCIS document must be a JSON object.") }
    guard let type = value["type"]?.string else {
      return note(at: "type", "A document needs its type: EPCISDocument, EPCISQueryDocument or that of an event.")
    }
    switch type {
    case "EPCISDocument":
      check(value, .object(Self.document))
      // One event may stand alone in the body in place of a list.
      if let body = value["epcisBody"], body.members != nil, body["eventList"] == nil, body["event"] == nil {
        note(at: "epcisBody", "epcisBody needs eventList.")
      }
    case "EPCISQueryDocument": check(value, .object(Self.queryDocument))
    default:
      if value["@context"] == nil { note(at: "@context", "An event that stands alone needs @context.") }
      event(value)
    }
  }
}
