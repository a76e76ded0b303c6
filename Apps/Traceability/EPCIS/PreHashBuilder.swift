internal import JSON

/// Builds the pre-hash text of one event.
struct PreHashBuilder {
  let namespaces: Namespaces
  let version: EventHash.Version

  /// Everything before the extensions that stand at the end.
  private var out: [UInt8] = []

  /// CBV 2.0: the extensions found inside standard fields, in field order.
  private var fieldExtensions: [UInt8] = []

  init(namespaces: Namespaces, version: EventHash.Version) {
    self.namespaces = namespaces
    self.version = version
  }

  /// Event members that are standard fields or stay outside the hash; every other one is an extension.
  static let known: Set<String> = [
    "type", "eventTime", "eventTimeZoneOffset", "epcList", "parentID", "inputEPCList", "childEPCs", "quantityList",
    "childQuantityList", "inputQuantityList", "outputEPCList", "outputQuantityList", "action", "transformationID",
    "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList",
    "destinationList", "sensorElementList", "ilmd", "recordTime", "eventID", "errorDeclaration", "certificationInfo",
  ]

  mutating func build(_ event: JSONValue) -> [UInt8] {
    out.reserveCapacity(1024)
    scalar("eventType", event["type"], in: &out)
    time("eventTime", event["eventTime"], in: &out)
    scalar("eventTimeZoneOffset", event["eventTimeZoneOffset"], in: &out)
    list("epcList", event["epcList"])
    scalar("parentID", event["parentID"], in: &out)
    list("inputEPCList", event["inputEPCList"])
    list("childEPCs", event["childEPCs"])
    quantities("quantityList", event["quantityList"])
    quantities("childQuantityList", event["childQuantityList"])
    quantities("inputQuantityList", event["inputQuantityList"])
    list("outputEPCList", event["outputEPCList"])
    quantities("outputQuantityList", event["outputQuantityList"])
    scalar("action", event["action"], in: &out)
    scalar("transformationID", event["transformationID"], in: &out)
    scalar("bizStep", event["bizStep"], .bizStep, in: &out)
    scalar("disposition", event["disposition"], .disposition, in: &out)
    persistentDisposition(event["persistentDisposition"])
    location("readPoint", event["readPoint"])
    location("bizLocation", event["bizLocation"])
    typed("bizTransactionList", "bizTransaction", event["bizTransactionList"], .bizTransactionType)
    typed("sourceList", "source", event["sourceList"], .sourceDestinationType)
    typed("destinationList", "destination", event["destinationList"], .sourceDestinationType)
    sensors(event["sensorElementList"])

    var trailing: [[UInt8]] = []
    for member in event.members ?? [] where !Self.known.contains(member.name) && !isComment(member.name) {
      emit(namespaces.expandedName(member.name), member.value, into: &trailing)
    }
    var ilmd: [UInt8] = []
    if let value = event["ilmd"], case let inner = children(of: value), !inner.isEmpty {
      ilmd.append(contentsOf: "ilmd".utf8)
      ilmd.append(contentsOf: inner)
    }
    switch version {
    case .cbv20:
      out.append(contentsOf: ilmd)
      out.append(contentsOf: fieldExtensions)
    case .cbv21:
      if !ilmd.isEmpty { trailing.append(ilmd) }
    }
    appendSorted(&trailing, to: &out)
    return out
  }

  // MARK: scalars and lists

  private func pair(_ name: String, _ value: [UInt8], in target: inout [UInt8]) {
    target.append(contentsOf: name.utf8)
    target.append(UInt8(ascii: "="))
    target.append(contentsOf: value)
  }

  private func scalar(_ name: String, _ value: JSONValue?, _ words: BareWords? = nil, in target: inout [UInt8]) {
    guard let value, let bytes = CanonicalValue.bytes(value, words, namespaces) else { return }
    pair(name, bytes, in: &target)
  }

  /// A time of a standard field; one that cannot be read stays as it is.
  private func time(_ name: String, _ value: JSONValue?, in target: inout [UInt8]) {
    guard let text = value?.string else { return }
    let trimmed = EPCIdentifier.trim(Array(text.utf8))
    guard !trimmed.isEmpty else { return }
    pair(name, EventTime.milliseconds(trimmed).flatMap { EventTime.bytes($0) } ?? trimmed, in: &target)
  }

  /// The name once, then the parts sorted; nothing when there are none.
  private mutating func appendList(_ name: String, _ parts: inout [[UInt8]]) {
    guard !parts.isEmpty else { return }
    out.append(contentsOf: name.utf8)
    appendSorted(&parts, to: &out)
  }

  private mutating func list(_ name: String, _ value: JSONValue?) {
    guard let value else { return }
    var parts: [[UInt8]] = []
    for element in value.elements {
      var part: [UInt8] = []
      scalar("epc", element, in: &part)
      if !part.isEmpty { parts.append(part) }
    }
    appendList(name, &parts)
  }

  private mutating func quantities(_ name: String, _ value: JSONValue?) {
    guard let value else { return }
    var parts: [[UInt8]] = []
    for element in value.elements {
      var part = Array("quantityElement".utf8)
      let empty = part.count
      for field in ["epcClass", "quantity", "uom"] { scalar(field, element[field], in: &part) }
      if part.count > empty { parts.append(part) }
    }
    appendList(name, &parts)
  }

  private mutating func typed(_ name: String, _ member: String, _ value: JSONValue?, _ words: BareWords) {
    guard let value else { return }
    var parts: [[UInt8]] = []
    for element in value.elements {
      var part: [UInt8] = []
      scalar("type", element["type"], words, in: &part)
      scalar(member, element[member], in: &part)
      if !part.isEmpty { parts.append(part) }
    }
    appendList(name, &parts)
  }

  private mutating func persistentDisposition(_ value: JSONValue?) {
    guard let value else { return }
    var block: [UInt8] = []
    for field in ["set", "unset"] {
      var parts: [[UInt8]] = []
      for element in value[field]?.elements ?? [] {
        var part: [UInt8] = []
        scalar(field, element, .disposition, in: &part)
        if !part.isEmpty { parts.append(part) }
      }
      appendSorted(&parts, to: &block)
    }
    guard !block.isEmpty else { return }
    out.append(contentsOf: "persistentDisposition".utf8)
    out.append(contentsOf: block)
  }

  private mutating func location(_ name: String, _ value: JSONValue?) {
    guard let value else { return }
    var regular: [UInt8] = []
    scalar("id", value["id"], in: &regular)
    let extra = extensions(of: value, except: ["id"])
    if !regular.isEmpty || (version == .cbv21 && !extra.isEmpty) {
      out.append(contentsOf: name.utf8)
      out.append(contentsOf: regular)
      if version == .cbv21 { out.append(contentsOf: extra) }
    }
    if version == .cbv20, !extra.isEmpty {
      fieldExtensions.append(contentsOf: name.utf8)
      fieldExtensions.append(contentsOf: extra)
    }
  }

  // MARK: sensors

  private static let metadataFields = [
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
  ]
  private static let reportFields = [
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism",
    "chemicalSubstance", "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue",
    "maxValue", "meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem",
  ]
  private static let metadataNames = Set(metadataFields)
  // `bizRules` is allowed in a report by the schema, but is no part of the hash's order: it counts as unknown there.
  private static let reportNames = Set(reportFields)

  /// What a block of fields gives: its own text and that of the extensions inside it.
  private struct Block {
    var regular: [UInt8] = []
    var extra: [UInt8] = []
    var isEmpty: Bool { regular.isEmpty && extra.isEmpty }
  }

  private func block(_ name: String, _ value: JSONValue, _ fields: [String], _ names: Set<String>) -> Block {
    var block = Block()
    for field in fields {
      guard let member = value[field] else { continue }
      switch field {
      case "time", "startTime", "endTime": time(field, member, in: &block.regular)
      case "type", "exception": scalar(field, member, .measurement, in: &block.regular)
      case "component": scalar(field, member, .component, in: &block.regular)
      default: scalar(field, member, in: &block.regular)
      }
    }
    let extra = extensions(of: value, except: names)
    if version == .cbv21 {
      block.regular.append(contentsOf: extra)
    } else if !extra.isEmpty {
      block.extra = Array(name.utf8) + extra
    }
    if !block.regular.isEmpty { block.regular.insert(contentsOf: name.utf8, at: 0) }
    return block
  }

  private mutating func sensors(_ value: JSONValue?) {
    guard let value else { return }
    var elements: [Block] = []
    for element in value.elements {
      var whole = Block()
      if let metadata = element["sensorMetadata"] {
        let part = block("sensorMetadata", metadata, Self.metadataFields, Self.metadataNames)
        whole.regular.append(contentsOf: part.regular)
        whole.extra.append(contentsOf: part.extra)
      }
      var reports = (element["sensorReport"]?.elements ?? []).map {
        block("sensorReport", $0, Self.reportFields, Self.reportNames)
      }
      sort(&reports)
      for part in reports {
        whole.regular.append(contentsOf: part.regular)
        whole.extra.append(contentsOf: part.extra)
      }
      let own = extensions(of: element, except: ["sensorMetadata", "sensorReport"])
      if version == .cbv21 { whole.regular.append(contentsOf: own) } else { whole.extra.append(contentsOf: own) }
      if !whole.regular.isEmpty { whole.regular.insert(contentsOf: "sensorElement".utf8, at: 0) }
      if !whole.extra.isEmpty { whole.extra.insert(contentsOf: "sensorElement".utf8, at: 0) }
      if !whole.isEmpty { elements.append(whole) }
    }
    guard !elements.isEmpty else { return }
    sort(&elements)
    if version == .cbv21 { out.append(contentsOf: "sensorElementList".utf8) }
    for element in elements {
      out.append(contentsOf: element.regular)
      fieldExtensions.append(contentsOf: element.extra)
    }
  }

  /// Sorts blocks by their own text, those of equal text by their extensions.
  private func sort(_ blocks: inout [Block]) {
    guard blocks.count > 1 else { return }
    blocks.sort { $0.regular == $1.regular ? precedes($0.extra, $1.extra) : precedes($0.regular, $1.regular) }
  }

  // MARK: extensions

  private func isComment(_ name: String) -> Bool {
    switch name {
    case "@context", "comment", "rdfs:comment", "#text": true
    default: false
    }
  }

  /// The extensions among the members of a standard field, sorted.
  private func extensions(of value: JSONValue, except names: Set<String>) -> [UInt8] {
    guard let members = value.members, members.contains(where: { !names.contains($0.name) }) else { return [] }
    var parts: [[UInt8]] = []
    for member in members where !names.contains(member.name) && !isComment(member.name) {
      emit(namespaces.expandedName(member.name), member.value, into: &parts)
    }
    var joined: [UInt8] = []
    appendSorted(&parts, to: &joined)
    return joined
  }

  /// One extension: a scalar gives `key=value` (the bare key when empty), an object the key and its members, a
  /// list the key once for each of its values.
  private func emit(_ key: [UInt8], _ value: JSONValue, into parts: inout [[UInt8]]) {
    if case .array(let elements) = value.content {
      for element in elements { parts.append(key + single(element)) }
    } else {
      parts.append(key + single(value))
    }
  }

  private func single(_ value: JSONValue) -> [UInt8] {
    switch value.content {
    case .object, .array: return children(of: value)
    default:
      guard let bytes = CanonicalValue.bytes(value, nil, namespaces) else { return [] }
      return [UInt8(ascii: "=")] + bytes
    }
  }

  /// The sorted members of an object, or the sorted values of a list inside a list.
  private func children(of value: JSONValue) -> [UInt8] {
    var parts: [[UInt8]] = []
    switch value.content {
    case .object(let members):
      for member in members where !isComment(member.name) {
        emit(namespaces.expandedName(member.name), member.value, into: &parts)
      }
    case .array(let elements): parts = elements.map { single($0) }
    default: return single(value)
    }
    var joined: [UInt8] = []
    appendSorted(&parts, to: &joined)
    return joined
  }

  private func appendSorted(_ parts: inout [[UInt8]], to target: inout [UInt8]) {
    if parts.count > 1 { parts.sort(by: precedes) }
    for part in parts { target.append(contentsOf: part) }
  }

  /// UTF-8 byte order.
  private func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let count = min(a.count, b.count)
    var index = 0
    while index < count {
      if a[index] != b[index] { return a[index] < b[index] }
      index += 1
    }
    return a.count < b.count
  }
}
