public import JSON
internal import Primitives

extension Event {
  /// Reads one event under its document's prefixes.
  ///
  /// Takes a parsed event and gives its view, or the first reason why it has none: no type, no readable time or no
  /// zone offset. Everything else that is missing or of another kind counts as absent: use `EPCISValidator` first to
  /// be told. Costs some microseconds.
  public init(_ event: JSONValue, _ namespaces: Namespaces = .standard) throws(ValidationIssue) {
    func issue(_ name: String, _ message: Message) -> ValidationIssue {
      ValidationIssue(pointer: JSONPointer([name]), message: message)
    }
    guard let name = event["type"]?.string else { throw issue("type", "An event needs its type, such as ObjectEvent.") }
    guard let ms = event["eventTime"]?.string.flatMap({ EventTime.milliseconds(EPCIdentifier.trim(Array($0.utf8))) }),
      let time = EventTime.text(ms)
    else { throw issue("eventTime", "An event needs eventTime with a zone, such as 2026-01-31T12:00:00.000+08:00.") }
    guard let offset = event["eventTimeZoneOffset"]?.string else {
      throw issue("eventTimeZoneOffset", "An event needs eventTimeZoneOffset, such as +08:00.")
    }
    let reader = EventReader(event: event, namespaces: namespaces.adding(event["@context"]))
    type = EventType(name: name)
    eventTime = time
    eventTimeMs = ms
    eventTimeZoneOffset = offset
    eventID = event["eventID"]?.string.map { EventReader.trimmed($0) }
    recordTime = reader.time(event["recordTime"])
    action = event["action"]?.string
    bizStep = reader.term(event["bizStep"], .bizStep)
    disposition = reader.term(event["disposition"], .disposition)
    persistentDisposition = event["persistentDisposition"].map { value in
      PersistentDisposition(
        set: (value["set"]?.elements ?? []).compactMap { reader.term($0, .disposition) },
        unset: (value["unset"]?.elements ?? []).compactMap { reader.term($0, .disposition) })
    }
    readPoint = reader.identifier(event["readPoint"]?["id"])
    bizLocation = reader.identifier(event["bizLocation"]?["id"])
    items = reader.items()
    transformationID = reader.identifier(event["transformationID"])
    bizTransactions = reader.references("bizTransactionList", "bizTransaction", .bizTransactionType)
    sources = reader.references("sourceList", "source", .sourceDestinationType)
    destinations = reader.references("destinationList", "destination", .sourceDestinationType)
    sensorReports = reader.sensorReports()
    ilmd = event["ilmd"]?.members ?? []
    errorDeclaration = event["errorDeclaration"].map { value in
      ErrorDeclaration(
        declarationTime: reader.time(value["declarationTime"]) ?? value["declarationTime"]?.string ?? "",
        reason: reader.term(value["reason"], .errorReason),
        correctiveEventIDs: (value["correctiveEventIDs"]?.elements ?? []).compactMap { $0.string })
    }
    certificationInfo = (event["certificationInfo"]?.elements ?? []).compactMap { $0.string }
    extensions = (event.members ?? []).filter { !PreHashBuilder.known.contains($0.name) && $0.name != "@context" }
  }
}

/// Reads the fields of one event.
struct EventReader {
  let event: JSONValue
  let namespaces: Namespaces

  static func trimmed(_ text: String) -> String {
    String(decoding: EPCIdentifier.trim(Array(text.utf8)), as: UTF8.self)
  }

  /// A time in UTC, or as written when it cannot be read.
  func time(_ value: JSONValue?) -> String? {
    value?.string.map { EventTime.canonical(Self.trimmed($0)) ?? $0 }
  }

  func identifier(_ value: JSONValue?) -> String? { value?.string.map { EPCIdentifier.canonical($0) } }

  func term(_ value: JSONValue?, _ words: BareWords) -> Event.Term? {
    guard let value, value.string != nil, let bytes = CanonicalValue.bytes(value, words, namespaces) else { return nil }
    let prefix = words.prefix.utf8
    let isWord = bytes.count > prefix.count && bytes.starts(with: prefix)
    let canonical = String(decoding: bytes, as: UTF8.self)
    return Event.Term(
      canonical: canonical, word: isWord ? String(decoding: bytes[prefix.count...], as: UTF8.self) : canonical)
  }

  func references(_ list: String, _ name: String, _ words: BareWords) -> [Event.TypedReference] {
    (event[list]?.elements ?? []).compactMap { element in
      guard let written = element[name]?.string else { return nil }
      return Event.TypedReference(
        type: term(element["type"], words), id: EPCIdentifier.canonical(written), written: written)
    }
  }

  func items() -> [Event.ItemReference] {
    var items: [Event.ItemReference] = []
    func add(_ written: String, _ role: Event.ItemReference.Role, _ kind: EPCIdentifier.Kind?, _ value: JSONValue?) {
      let id = EPCIdentifier.canonical(written)
      items.append(
        Event.ItemReference(
          id: id, written: written, role: role, kind: kind ?? EPCIdentifier.kind(ofCanonical: id),
          quantity: value?["quantity"]?.numberLexeme, uom: value?["uom"]?.string))
    }
    func list(_ name: String, _ role: Event.ItemReference.Role) {
      for element in event[name]?.elements ?? [] {
        if let written = element.string { add(written, role, nil, nil) }
      }
    }
    func quantities(_ name: String, _ role: Event.ItemReference.Role) {
      for element in event[name]?.elements ?? [] {
        if let written = element["epcClass"]?.string { add(written, role, .class, element) }
      }
    }
    if let parent = event["parentID"]?.string { add(parent, .parent, nil, nil) }
    list("epcList", .object)
    quantities("quantityList", .object)
    list("childEPCs", .child)
    quantities("childQuantityList", .child)
    list("inputEPCList", .input)
    quantities("inputQuantityList", .input)
    list("outputEPCList", .output)
    quantities("outputQuantityList", .output)
    return items
  }

  func sensorReports() -> [SensorReading] {
    var readings: [SensorReading] = []
    for element in event["sensorElementList"]?.elements ?? [] {
      let metadata = element["sensorMetadata"]
      for report in element["sensorReport"]?.elements ?? [] {
        func number(_ name: String) -> String? { report[name]?.numberLexeme }
        let other = ["stringValue", "booleanValue", "hexBinaryValue", "uriValue"].lazy
          .compactMap { report[$0]?.scalarText }.first
        readings.append(
          SensorReading(
            type: term(report["type"], .measurement), exception: term(report["exception"], .measurement),
            time: time(report["time"] ?? metadata?["time"]), startTime: time(metadata?["startTime"]),
            endTime: time(metadata?["endTime"]), deviceID: identifier(report["deviceID"] ?? metadata?["deviceID"]),
            rawData: identifier(report["rawData"] ?? metadata?["rawData"]),
            component: term(report["component"], .component), value: number("value") ?? other,
            minValue: number("minValue"), maxValue: number("maxValue"), meanValue: number("meanValue"),
            uom: report["uom"]?.string))
      }
    }
    return readings
  }
}
