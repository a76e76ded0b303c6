import EPCIS
import JSON
import Testing

/// The official example documents.
struct ExampleTests {
  @Test func `every official document is read, valid, and its events are cut out unchanged`() throws {
    var count = 0
    for (name, bytes) in PublicData.examples() {
      let document = try EPCISDocument(bytes)
      #expect(document.issues() == [], "\(name)")
      #expect(!document.events.isEmpty, "\(name)")
      let written = JSONWriter.write(document.root)
      #expect(try JSONParser.parse(written).isEqual(to: document.root), "\(name)")
      for item in document.events {
        let again = try JSONParser.parse(item.bytes)
        #expect(again.isEqual(to: item.value), "\(name)")
        #expect(item.pointer.resolve(in: document.root)?.range == item.value.range, "\(name)")
        for version in EventHash.Version.allCases {
          let hash = EventHash.compute(again, document.namespaces, version: version)
          #expect(hash == document.hash(of: item, version: version), "\(name)")
        }
        let event = try Event(item.value, document.namespaces)
        let lists = [
          "epcList", "quantityList", "childEPCs", "childQuantityList", "inputEPCList", "inputQuantityList",
          "outputEPCList",
          "outputQuantityList",
        ]
        let things = lists.reduce(item.value["parentID"] == nil ? 0 : 1) { $0 + (item.value[$1]?.array?.count ?? 0) }
        #expect(event.items.count == things, "\(name)")
      }
      count += 1
    }
    if count > 0 { #expect(count == 24) }
  }

  @Test func `every document of the hash vectors is valid`() throws {
    guard let lines = PublicData.bytes("hash-vectors/2026/vectors.jsonl") else { return }
    for line in lines.split(separator: 0x0A) {
      let path = try #require(try JSONParser.parse(Array(line))["document"]?.string)
      let document = try EPCISDocument(try #require(PublicData.bytes("hash-vectors/2026/" + path)))
      #expect(document.issues() == [], "\(path)")
    }
  }
}
