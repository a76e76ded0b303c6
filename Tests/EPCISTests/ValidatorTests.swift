import EPCIS
import JSON
import Primitives
import Testing

struct ValidatorTests {
  private func issues(_ text: String) throws -> [String] {
    EPCISValidator.issues(in: try json(text)).map(\.description)
  }

  /// A text of the sample document with one exact change.
  private func changed(_ old: String, _ new: String, in text: String = Samples.document()) throws -> [String] {
    try #require(text.contains(old), "the sample has no \(old)")
    return try issues(text.replacing(old, with: new, maxReplacements: 1))
  }

  @Test func `the samples are valid`() throws {
    #expect(try issues(Samples.document()) == [])
    #expect(try issues(Samples.queryDocument()) == [])
    for event in Samples.events { #expect(try issues("{\(Samples.context)," + event.dropFirst()) == []) }
    #expect(try issues(Samples.document([])) == [])
    #expect(try issues(Samples.document(["{\"type\":\"x:Mine\",\(Samples.when),\"anything\":1}"])) == [])
  }

  /// One change each and the place that the first issue must name.
  static let faults: [(String, String, String)] = [
    ("\"type\":\"EPCISDocument\",", "", "/type"), ("\"type\":\"EPCISDocument\"", "\"type\":1", "/type"),
    ("\"schemaVersion\":\"2.0\",", "", "/schemaVersion"),
    ("\"schemaVersion\":\"2.0\"", "\"schemaVersion\":\"2.\"", "/schemaVersion"),
    ("2026-01-31T04:00:00Z", "2026-01-31", "/creationDate"), ("\"sender\":\"a\"", "\"sender\":1", "/sender"),
    ("\"sender\":\"a\"", "\"sendr\":\"a\"", "/sendr"), ("{\"x\":\"http://example.com/x/\"}", "7", "/@context/1"),
    ("[\"https://ref", "[{\"x\":\"http://example.com/x/\"},\"https://ref", "/@context/2"),
    ("\"type\":\"urn:epcglobal:epcis:vtype:Location\",", "", "/epcisHeader/epcisMasterData/vocabularyList/0/type"),
    (
      "\"attribute\":\"1\"", "\"attribute\":true",
      "/epcisHeader/epcisMasterData/vocabularyList/0/vocabularyElementList/0/attributes/0/attribute"
    ),
    ("\"type\":\"ObjectEvent\",", "", "/epcisBody/eventList/0/type"),
    ("\"type\":\"ObjectEvent\"", "\"type\":\"ObjektEvent\"", "/epcisBody/eventList/0/type"),
    ("\"eventTimeZoneOffset\":\"+08:00\",", "", "/epcisBody/eventList/0/eventTimeZoneOffset"),
    (
      "\"eventTimeZoneOffset\":\"+08:00\"", "\"eventTimeZoneOffset\":\"+14:30\"",
      "/epcisBody/eventList/0/eventTimeZoneOffset"
    ),
    ("2026-01-31T12:00:00.000+08:00", "2026-01-31T12:00:00.000", "/epcisBody/eventList/0/eventTime"),
    ("\"action\":\"ADD\",", "", "/epcisBody/eventList/0/action"),
    ("\"action\":\"ADD\"", "\"action\":\"add\"", "/epcisBody/eventList/0/action"),
    ("\"bizStep\":\"commissioning\"", "\"bizStep\":\"comissioning\"", "/epcisBody/eventList/0/bizStep"),
    (
      "\"bizStep\":\"commissioning\"", "\"bizStep\":\"urn:epcglobal:cbv:bizstep:commissioning\"",
      "/epcisBody/eventList/0/bizStep"
    ),
    ("\"disposition\":\"active\"", "\"disposition\":[\"active\"]", "/epcisBody/eventList/0/disposition"),
    ("\"set\":[\"completeness_verified\"]", "\"set\":[]", "/epcisBody/eventList/0/persistentDisposition/set"),
    (
      "{\"set\":[\"completeness_verified\"],\"unset\":[\"recalled\"]}", "{}",
      "/epcisBody/eventList/0/persistentDisposition"
    ),
    ("[\"recalled\"]", "[\"recalled\",\"recalled\"]", "/epcisBody/eventList/0/persistentDisposition/unset/1"),
    (
      "https://shop.example/gtin/4012345111118/ser/2", "urn:epc:id:sgtin:4012345.011111.1",
      "/epcisBody/eventList/0/epcList/1"
    ),
    ("https://shop.example/gtin/4012345111118/ser/2", "two", "/epcisBody/eventList/0/epcList/1"),
    ("200.50", "\"200.50\"", "/epcisBody/eventList/0/quantityList/0/quantity"),
    ("\"KGM\"", "\"kgm\"", "/epcisBody/eventList/0/quantityList/0/uom"),
    ("\"uom\":\"KGM\"", "\"unit\":\"KGM\"", "/epcisBody/eventList/0/quantityList/0/unit"),
    (
      "\"readPoint\":{\"id\":\"urn:epc:id:sgln:4012345.00005.0\",", "\"readPoint\":{",
      "/epcisBody/eventList/0/readPoint/id"
    ),
    ("\"type\":\"po\"", "\"type\":\"order\"", "/epcisBody/eventList/0/bizTransactionList/0/type"),
    ("\"type\":\"owning_party\",", "", "/epcisBody/eventList/0/sourceList/0/type"),
    ("\"type\":\"Temperature\",", "", "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/type"),
    ("\"Temperature\"", "\"Heat\"", "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/type"),
    (
      "\"Temperature\"", "\"https://gs1.org/voc/Temperature\"",
      "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/type"
    ),
    ("\"value\":4.20", "\"value\":\"4.20\"", "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/value"),
    ("\"x:r\":\"r\"", "\"r\":\"r\"", "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/r"),
    (
      "\"booleanValue\":true", "\"booleanValue\":\"true\"",
      "/epcisBody/eventList/0/sensorElementList/0/sensorReport/1/booleanValue"
    ),
    ("\"x:own\":\"o\"", "\"own\":\"o\"", "/epcisBody/eventList/0/sensorElementList/0/own"),
    ("\"cbvmda:lotNumber\"", "\"lotNumber\"", "/epcisBody/eventList/0/ilmd/lotNumber"),
    ("\"reason\":\"incorrect_data\"", "\"reason\":\"oops\"", "/epcisBody/eventList/0/errorDeclaration/reason"),
    ("\"declarationTime\":\"2026-02-01T00:00:00Z\",", "", "/epcisBody/eventList/0/errorDeclaration/declarationTime"),
    ("\"x:mine\"", "\"mine\"", "/epcisBody/eventList/0/mine"),
    ("\"action\":\"ADD\"", "\"action\":\"OBSERVE\"", "/epcisBody/eventList/0/ilmd"),
    ("\"parentID\":\"urn:epc:id:grai:4012345.55555.987\"", "\"x:p\":1", "/epcisBody/eventList/2/parentID"),
    ("\"action\":\"DELETE\"", "\"action\":\"ADD\"", "/epcisBody/eventList/2"),
    (
      "\"bizTransactionList\":[{\"bizTransaction\":\"urn:epcglobal:cbv:bt:4012345123456:RE1099\"}]",
      "\"bizTransactionList\":[]",
      "/epcisBody/eventList/3/bizTransactionList"
    ),
    ("\"epcList\":[],", "", "/epcisBody/eventList/3"),
    (
      "\"transformationID\":\"urn:epc:id:gdti:4012345.55555.1234\",", "\"action\":\"ADD\",",
      "/epcisBody/eventList/4/action"
    ),
    ("\"eventList\":[", "\"eventlist\":[", "/epcisBody"),
  ]

  @Test(arguments: faults.indices) func `each fault is named at its place in a sentence`(index: Int) throws {
    let (old, new, pointer) = Self.faults[index]
    let found = EPCISValidator.issues(in: try json(Samples.document().replacing(old, with: new, maxReplacements: 1)))
    #expect(Samples.document().contains(old), "the sample has no \(old)")
    #expect(found.first?.pointer.description == pointer, "\(old) to \(new): \(found)")
    #expect(found.first?.message.hasSuffix(".") ?? false)
  }

  @Test func `transformations need inputs and outputs or an id that joins them`() throws {
    let input = #""inputEPCList":["a:b"]"#
    let output = #""outputEPCList":["a:c"]"#
    let id = #""transformationID":"a:t""#
    for (members, valid) in [
      ([input, output], true), ([input], false), ([output], false), ([id], false), ([id, input], true),
      ([id, output], true), ([], false),
      ([id, #""inputEPCList":[]"#], false),
    ] {
      let event = "{\"type\":\"TransformationEvent\",\(Samples.when)" + members.map { ",\($0)" }.joined() + "}"
      #expect(try issues(Samples.document([event])).isEmpty == valid, "\(members)")
    }
  }

  @Test func `events without things need what stands for them`() throws {
    func object(_ members: String) -> String {
      Samples.document(["{\"type\":\"ObjectEvent\",\(Samples.when),\"action\":\"OBSERVE\"\(members)}"])
    }
    let sensors = #","sensorElementList":[{"sensorReport":[{"type":"Speed"}]}]"#
    let place = #","readPoint":{"id":"a:r"}"#
    #expect(try issues(object("")).count == 1)
    #expect(try issues(object(",\"epcList\":[]")) == [])
    #expect(try issues(object(",\"quantityList\":[]")).count == 1)
    #expect(try issues(object(sensors)).count == 1)
    #expect(try issues(object(place)).count == 1)
    #expect(try issues(object(sensors + place)) == [])
    #expect(try issues(object(",\"sensorElementList\":[]" + place)).count == 1)
  }

  @Test func `an event that stands alone needs its context`() throws {
    #expect(try issues(Samples.association) == ["/@context: An event that stands alone needs @context."])
  }

  @Test func `the number of issues is bounded and they come in the order of the document`() throws {
    let bad = Samples.document(Array(repeating: "{\"type\":\"ObjectEvent\"}", count: 1_000))
    let found = EPCISValidator.issues(in: try json(bad), limit: 7)
    #expect(found.count == 7 && found.first?.pointer.description == "/epcisBody/eventList/0/eventTime")
  }

  @Test func `removing what is required or adding what is unknown is always found`() throws {
    let seed: UInt64 = 99
    var random = SeededGenerator(seed: seed)
    let root = try json(Samples.document())
    let required: Set<String> = [
      "@context", "schemaVersion", "creationDate", "epcisBody", "eventList", "type", "eventTime", "eventTimeZoneOffset",
      "epcClass", "id",
      "bizTransaction", "source", "destination", "declarationTime", "sensorReport",
    ]
    for round in 0..<2_000 {
      let place = randomPlace(root, &random)
      guard let target = place.resolve(in: root), let members = target.members, !members.isEmpty else { continue }
      let path = place.description
      // Places whose members are free.
      if path.contains("x:") || path.contains("epcisHeader") || path.hasSuffix("@context/1")
        || path.hasSuffix("readPoint")
        || path.hasSuffix("bizLocation") || path.hasSuffix("epcisBody")
      {
        continue
      }
      let added = replace(
        root, place.tokens[...], JSONValue(.object(members + [JSONMember("unknown", JSONValue(.null))])))
      #expect(
        EPCISValidator.issues(in: added).first?.pointer == place.appending("unknown"),
        "seed \(seed) round \(round) \(path)")
      guard let victim = members.randomElement(using: &random)?.name else { continue }
      let rest = JSONValue(.object(members.filter { $0.name != victim }))
      let isOptionalType = victim == "type" && path.contains("bizTransactionList")
      if required.contains(victim), !isOptionalType, !(victim == "id" && path.isEmpty) {
        let found = EPCISValidator.issues(in: replace(root, place.tokens[...], rest))
        #expect(!found.isEmpty, "seed \(seed) round \(round) \(path)/\(victim)")
      }
    }
  }

  private func randomPlace(_ root: JSONValue, _ random: inout SeededGenerator) -> JSONPointer {
    var pointer = JSONPointer()
    var value = root
    while Int.random(in: 0..<8, using: &random) > 0 {
      switch value.content {
      case .object(let members):
        guard let member = members.randomElement(using: &random) else { return pointer }
        pointer = pointer.appending(member.name)
        value = member.value
      case .array(let elements):
        guard !elements.isEmpty else { return pointer }
        let index = Int.random(in: 0..<elements.count, using: &random)
        pointer = pointer.appending(index)
        value = elements[index]
      default: return pointer
      }
    }
    return pointer
  }
}

/// A copy of a document with another value at a place.
func replace(_ value: JSONValue, _ path: ArraySlice<String>, _ new: JSONValue) -> JSONValue {
  guard let token = path.first else { return new }
  switch value.content {
  case .object(let members):
    return JSONValue(
      .object(members.map { $0.name == token ? JSONMember($0.name, replace($0.value, path.dropFirst(), new)) : $0 }))
  case .array(let elements):
    return JSONValue(
      .array(elements.enumerated().map { String($0) == token ? replace($1, path.dropFirst(), new) : $1 }))
  default: return value
  }
}
