import Primitives
import EPCIS
import JSON
import Testing

struct DocumentTests {
  @Test func `documents of both kinds and bare events give each event's own bytes`() throws {
    for text in [Samples.document(), Samples.queryDocument()] {
      let document = try EPCISDocument(Array(text.utf8))
      #expect(document.issues() == [])
      #expect(document.events.map { String(decoding: $0.bytes, as: UTF8.self) } == Samples.events)
      #expect(document.events.map(\.index) == Array(0..<5))
      for item in document.events { #expect(item.pointer.resolve(in: document.root)?.range == item.value.range) }
      #expect(document.contextBytes.map { "\"@context\":" + String(decoding: $0, as: UTF8.self) } == Samples.context)
      #expect(document.namespaces.namespace(of: "x") == "http://example.com/x/")
    }
    let document = try EPCISDocument(Array(Samples.document().utf8))
    #expect(document.kind == .document && document.schemaVersion == "2.0" && document.vocabularyList.count == 1)
    #expect(document.events[1].pointer.description == "/epcisBody/eventList/1")
    let bare = "{\(Samples.context)," + Samples.aggregation.dropFirst()
    let event = try EPCISDocument(Array(" \(bare) ".utf8))
    #expect(event.kind == .event && event.issues() == [])
    #expect(event.events.map { String(decoding: $0.bytes, as: UTF8.self) } == [bare])
    // Alone or in its document, an event has one hash.
    #expect(event.hash(of: event.events[0]) == document.hash(of: document.events[1]))
  }

  @Test func `one event in the body stands for a list`() throws {
    let text = Samples.document([]).replacing("\"eventList\":[]", with: "\"event\":\(Samples.association)")
    let document = try EPCISDocument(Array(text.utf8))
    #expect(document.issues() == [])
    #expect(document.events.map(\.pointer.description) == ["/epcisBody/event"])
  }

  @Test(arguments: [
    ("[]", "The document: An EPCIS document must be a JSON object."),
    ("{}", "/type: A document needs its type: EPCISDocument, EPCISQueryDocument or that of an event."),
    (#"{"type":"EPCISDocument"}"#, "/epcisBody/eventList: EPCISDocument needs a list of events here."),
    (#"{"type":"EPCISDocument","epcisBody":{"eventList":{}}}"#, "/epcisBody/eventList: eventList must be a list."),
    ("{", "Line 1, column 2 (byte 1): the document ends too early."),
  ])
  func `what has no events says so`(text: String, message: String) {
    #expect { try EPCISDocument(Array(text.utf8)) } throws: { ($0 as? EPCISDocument.ReadError)?.description == message }
  }
}
