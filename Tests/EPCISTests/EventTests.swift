import EPCIS
import JSON
import Testing

struct EventTests {
  private let context = try? json("{\(Samples.context)}")["@context"]

  private func event(_ text: String) throws -> Event { try Event(try json(text), Namespaces(context: context)) }

  @Test func `an object event is read in full`() throws {
    let event = try event(Samples.object)
    #expect(event.type == .object && event.action == "ADD")
    #expect(event.eventTime == "2026-01-31T04:00:00.000Z" && event.eventTimeMs == 1_769_832_000_000)
    #expect(event.eventTimeZoneOffset == "+08:00" && event.recordTime == "2026-01-31T04:00:01.000Z")
    #expect(event.bizStep?.canonical == "https://ref.gs1.org/cbv/BizStep-commissioning")
    #expect(event.bizStep?.word == "commissioning")
    #expect(event.disposition?.word == "active")
    #expect(event.persistentDisposition?.set.map(\.word) == ["completeness_verified"])
    #expect(event.persistentDisposition?.unset.map(\.word) == ["recalled"])
    #expect(event.readPoint == "https://id.gs1.org/414/4012345000054" && event.bizLocation == event.readPoint)
    #expect(
      event.items.map(\.id) == [
        "https://id.gs1.org/01/04012345111118/21/1", "https://id.gs1.org/01/04012345111118/21/2",
        "https://id.gs1.org/01/04012345123456/10/L1",
      ])
    #expect(event.items.map(\.kind) == [.instance, .instance, .class])
    #expect(event.items[2].quantity == "200.50" && event.items[2].uom == "KGM")
    #expect(
      event.items[0].written == "urn:epc:id:sgtin:4012345.011111.1" && event.items.allSatisfy { $0.role == .object })
    #expect(event.bizTransactions.map(\.id) == ["https://id.gs1.org/253/06141410000121618034"])
    #expect(event.sources.first?.type?.word == "owning_party" && event.destinations.first?.type?.word == "location")
    #expect(
      event.sensorReports.map(\.summary) == [
        "Temperature 4.20 CEL (min 3.9, max 4.6), 2026-01-31T04:00:00.000Z",
        "https://ref.gs1.org/cbv/Other true, 2026-01-31T04:00:00.000Z",
      ])
    #expect(event.sensorReports[0].deviceID == "https://id.gs1.org/8004/4000001111")
    #expect(event.ilmd.map(\.name) == ["cbvmda:lotNumber"] && event.extensions.map(\.name) == ["x:mine"])
    #expect(event.errorDeclaration?.reason?.word == "incorrect_data")
    #expect(event.errorDeclaration?.correctiveEventIDs == ["urn:uuid:a"])
    #expect(event.certificationInfo == ["https://c.example/1"])
  }

  @Test func `items have their roles`() throws {
    let aggregation = try event(Samples.aggregation)
    #expect(aggregation.type == .aggregation && aggregation.items.map(\.role) == [.parent, .child, .child])
    #expect(aggregation.items.map(\.kind) == [.instance, .instance, .class])
    let transformation = try event(Samples.transformation)
    #expect(transformation.items.map(\.role) == [.input, .input, .output] && transformation.action == nil)
    #expect(transformation.transformationID == "https://id.gs1.org/253/40123455555541234")
    #expect(transformation.bizStep?.word == "http://example.com/step")
    #expect(try event(Samples.association).items.map(\.role) == [.parent])
    #expect(try event(Samples.transaction).items.map(\.role) == [.parent])
    #expect(try event("{\"type\":\"x:Mine\",\(Samples.when)}").type == .custom("x:Mine"))
  }

  @Test(arguments: [
    ("{}", "/type"), (#"{"type":"ObjectEvent"}"#, "/eventTime"),
    (#"{"type":"ObjectEvent","eventTime":"x"}"#, "/eventTime"),
    (#"{"type":"ObjectEvent","eventTime":"2020-01-01T00:00:00Z"}"#, "/eventTimeZoneOffset"), ("[]", "/type"),
  ])
  func `what is no event says why`(text: String, pointer: String) {
    #expect { try event(text) } throws: { ($0 as? ValidationIssue)?.pointer.description == pointer }
  }
}
