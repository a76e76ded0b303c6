import EPCIS
import JSON
import Testing

/// The published hashes of 2026.
struct HashVectorTests {
  @Test func `every published pre-hash and hash is reproduced`() throws {
    guard let lines = PublicData.bytes("hash-vectors/2026/vectors.jsonl") else { return }
    var count = 0
    for line in lines.split(separator: 0x0A) {
      let row = try JSONParser.parse(Array(line))
      let path = try #require(row["document"]?.string)
      let source = try #require(PublicData.bytes("hash-vectors/2026/" + path))
      let document = try JSONParser.parse(source)
      let body = try #require(document["epcisBody"])
      let events = body["eventList"] ?? body["queryResults"]?["resultsBody"]?["eventList"]
      let index = try #require(row["event"]?.numberLexeme.flatMap { Int($0) })
      let event = try #require(events?.array?[index])
      let version = try #require(row["version"]?.string.flatMap { EventHash.Version(rawValue: $0) })
      let place = "\(path) event \(index) \(version.rawValue)"
      #expect(
        EventHash.preHash(event, context: document["@context"], version: version) == row["prehash"]?.string, "\(place)")
      #expect(
        EventHash.compute(event, context: document["@context"], version: version) == row["hash"]?.string, "\(place)")
      count += 1
    }
    #expect(count == 31)
  }
}
