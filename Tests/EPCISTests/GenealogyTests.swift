import EPCIS
import Testing

struct GenealogyTests {
  /// Events of one line each: minute, type and the rest of its members.
  private func events(_ lines: [(minute: Int, type: String, rest: String)]) throws -> [TracedEvent] {
    try lines.enumerated().map { place, line in
      let minute = line.minute < 10 ? "0\(line.minute)" : "\(line.minute)"
      return try traced(
        UInt64(place),
        #"{"type":"\#(line.type)Event","eventTime":"2026-01-01T00:\#(minute):00Z","eventTimeZoneOffset":"+00:00",\#(line.rest)}"#
      )
    }
  }

  private func trace(_ item: String, _ direction: Trace.Direction, _ events: [TracedEvent], limit: Int = 1000) throws
    -> Trace
  {
    var store = GenealogyStore(events)
    return try Genealogy.trace(item, direction, in: &store, limit: limit)
  }

  private func made(_ inputs: String, _ outputs: String) -> String {
    #""inputEPCList":[\#(inputs)],"outputEPCList":[\#(outputs)]"#
  }

  private func packed(_ parent: String, _ children: String, _ action: String = "ADD") -> String {
    #""action":"\#(action)","parentID":"\#(parent)","childEPCs":[\#(children)]"#
  }

  @Test func `nothing is known of an unknown item`() throws {
    for direction in Trace.Direction.allCases {
      let trace = try trace(" x ", direction, [])
      #expect(trace.item == "x" && trace.items.map(\.id) == ["x"] && trace.events.isEmpty && trace.links.isEmpty)
      #expect(trace.askedItems == ["x"] && trace.askedTransformations.isEmpty && trace.items[0].relation == .asked)
    }
    #expect(try trace("", .both, []).items.map(\.id) == [""])
  }

  @Test func `circles end`() throws {
    let circle = try events([
      (1, "Transformation", made(#""a""#, #""b""#)), (2, "Transformation", made(#""b""#, #""a","b""#)),
      (3, "Aggregation", packed("p", #""q","a""#)), (4, "Aggregation", packed("q", #""p""#)),
      (5, "Aggregation", packed("p", #""p""#)),
    ])
    for item in ["a", "b", "p", "q"] {
      for direction in Trace.Direction.allCases {
        let trace = try trace(item, direction, circle)
        #expect(trace.items.first?.id == item && Set(trace.items.map(\.id)).isSubset(of: ["a", "b", "p", "q"]))
      }
    }
    #expect(try trace("a", .forward, circle).ids(.carrier) == ["p", "q"])
  }

  @Test func `the limit holds`() throws {
    let chain = try events((0..<30).map { ($0, "Transformation", made(#""i\#($0)""#, #""i\#($0 + 1)""#)) })
    #expect(try trace("i0", .forward, chain, limit: 31).items.count == 31)
    #expect(try trace("i30", .back, chain, limit: 31).items.last?.steps == 30)
    for limit in [0, 1, 30] {
      #expect(throws: GenealogyError.tooManyItems(limit: limit)) { try trace("i0", .forward, chain, limit: limit) }
    }
  }

  @Test func `a long chain needs no stack`() throws {
    let time = #""eventTime":"2026-01-01T00:00:00Z","eventTimeZoneOffset":"+00:00""#
    let chain = try (0..<5000).map {
      try traced($0, #"{"type":"TransformationEvent",\#(time),\#(made(#""i\#($0)""#, #""i\#($0 + 1)""#))}"#)
    }
    #expect(try trace("i0", .forward, chain, limit: 10_000).items.count == 5001)
    #expect(try trace("i5000", .back, chain, limit: 10_000).items.count == 5001)
  }

  @Test func `an unpacking without children ends what is in there`() throws {
    let list = try events([
      (1, "Aggregation", packed("p", #""a","b""#)), (2, "Object", #""action":"OBSERVE","epcList":["p"]"#),
      (3, "Aggregation", packed("p", "", "DELETE")), (4, "Object", #""action":"OBSERVE","epcList":["p"]"#),
      (5, "Aggregation", packed("p", #""c""#)), (6, "Aggregation", packed("q", #""p""#)),
    ])
    let a = try trace("a", .forward, list)
    #expect(a.ids(.carrier) == ["p"] && a.events.map(\.traced.place) == [0, 1, 2])
    let c = try trace("c", .back, list)
    #expect(c.ids(.carrier) == ["p", "q"] && c.events.map(\.traced.place) == [4, 5])
    #expect(try trace("q", .back, list).ids(.ancestor) == ["p", "a", "b", "c"])
  }

  @Test func `what was declared in error links nothing`() throws {
    let wrong = #""eventID":"urn:uuid:1","# + made(#""a""#, #""b""#)
    let declaration =
      wrong + #","errorDeclaration":{"declarationTime":"2026-01-02T00:00:00Z","reason":"did_not_occur"}"#
    let list = try events([(1, "Transformation", wrong), (1, "Transformation", declaration)])
    let forward = try trace("a", .forward, list)
    #expect(forward.items.map(\.id) == ["a"] && forward.links.isEmpty && forward.askedItems == ["a"])
    #expect(forward.events.map(\.isErrorDeclaration) == [false, true])
    #expect(forward.events.map(\.declaredInErrorBy) == [[1], []])
    #expect(try trace("b", .back, list).items.map(\.id) == ["b"])
    // The same content under another eventID is another statement.
    let again = try events([
      (1, "Transformation", wrong), (1, "Transformation", declaration),
      (1, "Transformation", wrong.replacing("uuid:1", with: "uuid:2")),
    ])
    #expect(try trace("a", .forward, again).links.map(\.places) == [[2]])
    // A declaration alone stands for nothing.
    #expect(try trace("a", .forward, Array(list[1...])).items.map(\.id) == ["a"])
    // An unpacking in error takes out nothing.
    let unpacked = #""eventID":"urn:uuid:3","# + packed("p", "", "DELETE")
    let still = try events([
      (1, "Aggregation", packed("p", #""a""#)), (2, "Aggregation", unpacked),
      (2, "Aggregation", unpacked + #","errorDeclaration":{"declarationTime":"2026-01-02T00:00:00Z"}"#),
      (3, "Object", #""action":"OBSERVE","epcList":["p"]"#),
    ])
    #expect(try trace("a", .back, still).events.map(\.traced.place) == [0, 1, 2, 3])
  }

  @Test func `a carrier that is used up takes its contents along`() throws {
    let list = try events([
      (1, "Aggregation", packed("p", #""a""#)), (2, "Transformation", made(#""p""#, #""x""#)),
      (3, "Aggregation", packed("p", #""a""#, "DELETE")), (4, "Transformation", made(#""p""#, #""y""#)),
    ])
    #expect(try trace("a", .forward, list).ids(.descendant) == ["x"])
    #expect(try trace("x", .back, list).ids(.ancestor) == ["p", "a"])
  }

  @Test func `a device counts while it is on the item`() throws {
    let list = try events([
      (1, "Object", #""action":"OBSERVE","epcList":["d"]"#), (2, "Association", packed("p", #""d""#)),
      (3, "Object", #""action":"OBSERVE","epcList":["d"]"#), (4, "Association", packed("p", "", "DELETE")),
      (5, "Object", #""action":"OBSERVE","epcList":["d"]"#),
    ])
    let trace = try trace("p", .back, list)
    #expect(trace.ids(.device) == ["d"] && trace.events.map(\.traced.place) == [1, 2, 3])
    #expect(trace.edges.map { [$0.from, $0.to, $0.how.rawValue] } == [["d", "p", "association"]])
  }
}
