import Foundation
import LedgerTestKit
import Testing

/// The program as a user runs it, in a temporary folder.
@Suite("The traceability program")
struct CommandTests {
  static let root = Program.root

  static func run(_ arguments: String...) throws -> Program.Result { try Program.run("traceability", arguments) }

  static func temporary() -> String { Program.temporary() }

  static func sample(_ name: String) -> String { root.path + "/Samples/orchard/" + name }

  @Test("init, capture, trace with proof, verify, audit, receipt, events")
  func tour() throws {
    let data = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    #expect(try Self.run("init", "--data", data, "--members", "4").code == 0)
    let again = try Self.run("init", "--data", data, "--members", "4")
    #expect(again.code == 2 && again.error.contains("already"))
    for (file, member) in [
      ("01-org-1-season-opens.jsonld", "org-1"), ("03-org-1-care.jsonld", "org-1"),
      ("04-org-1-harvest.jsonld", "org-2"),
    ] {
      let result = try Self.run("capture", Self.sample(file), "--data", data, "--as", member)
      #expect(result.code == 0, "\(result.error)")
    }
    // The same document again: every event is known, nothing changes.
    let repeated = try Self.run("capture", Self.sample("04-org-1-harvest.jsonld"), "--data", data, "--as", "org-2")
    #expect(repeated.code == 1 && repeated.output.contains("event-known"))

    let lot = "urn:epc:class:lgtin:9521101.900001.PLOTA-2026"
    let proof = data + "/lot.proof"
    let trace = try Self.run("trace", lot, "--data", data, "--proof", proof, "--json")
    #expect(trace.code == 0, "\(trace.error)")
    #expect(trace.output.contains("\"direction\":\"both\""))
    let policy = data + "/policy.txt"
    let verified = try Self.run("verify", proof, "--policy", policy, "--json", "--max-age", "1h")
    #expect(verified.code == 0 && verified.output.contains("\"verified\":true"), "\(verified.output)")
    #expect(verified.output.contains("none was left out"))
    var bytes = try Data(contentsOf: URL(filePath: proof))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: proof))
    let altered = try Self.run("verify", proof, "--policy", policy, "--json")
    #expect(altered.code == 1 && altered.output.contains("\"verified\":false"))

    let audit = try Self.run("audit", "--data", data, "--json")
    #expect(audit.code == 0 && audit.output.contains("\"ok\":true"))
    #expect(try Self.run("receipt", "2", "--data", data, "--out", data + "/2.cose").code == 0)
    #expect(try Self.run("events", "--data", data, "--epc", lot, "--json").output.contains("PLOTA-2026"))
    #expect(try Self.run("policy", "--data", data).output == String(contentsOfFile: policy, encoding: .utf8))
    #expect(try Self.run("trace", "urn:epc:id:sgtin:0000000.000000.1", "--data", data).code == 2)
  }

  @Test(
    "wrong documents are named by their JSON pointer and change nothing",
    arguments: [
      ("01-bad-json", "ine 25"), ("02-missing-event-time", "/epcisBody/eventList/0"),
      ("03-unknown-action", "/epcisBody/eventList/0/action"),
      ("04-quantity-as-text", "/epcisBody/eventList/0/quantityList/0/quantity"),
      ("05-wrong-time-zone", "/epcisBody/eventList/0/eventTimeZoneOffset"),
    ])
  func wrongDocuments(_ name: String, _ place: String) throws {
    let data = Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    #expect(try Self.run("init", "--data", data, "--members", "1").code == 0)
    let result = try Self.run("capture", Self.sample("wrong/\(name).jsonld"), "--data", data, "--as", "org-1")
    #expect(result.code == 2)
    #expect(result.error.contains(place), "\(result.error)")
    #expect(try Self.run("events", "--data", data).output.isEmpty)
  }

  @Test("wrong usage is 64, a missing folder 2, each with a sentence")
  func usage() throws {
    #expect(try Self.run("capture").code == 64)
    #expect(try Self.run("nonsense").code == 64)
    let missing = try Self.run("audit", "--data", "/nowhere")
    #expect(missing.code == 2 && missing.error.contains("init"))
    let stranger = try Self.run("verify", "/nowhere", "--policy", "/nowhere")
    #expect(stranger.code == 2 && stranger.error.contains("/nowhere"))
  }

  @Test("the official GS1 examples are captured, and their events given back in their own bytes")
  func officialExamples() throws {
    let folder = Self.root.deletingLastPathComponent().appending(path: "shared/data/epcis/gs1-EPCIS/JSON")
    guard let walk = FileManager.default.enumerator(atPath: folder.path) else {
      print("skipped: no public EPCIS documents beside the project")
      return
    }
    let files = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".jsonld") }.sorted()
    if files.isEmpty {
      print("skipped: no public EPCIS documents beside the project")
      return
    }
    for file in files {
      let data = Self.temporary()
      defer { try? FileManager.default.removeItem(atPath: data) }
      #expect(try Self.run("init", "--data", data, "--members", "1").code == 0)
      let path = folder.appending(path: file).path
      let captured = try Self.run("capture", path, "--data", data, "--as", "org-1")
      #expect(captured.code == 0, "\(file): \(captured.error) \(captured.output)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let listed = try Self.run("events", "--data", data, "--json").output.trimmingCharacters(
        in: .whitespacesAndNewlines)
      let given = try #require(try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [NSDictionary])
      let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let body = document["epcisBody"] as? [String: Any]
      let results = (body?["queryResults"] as? [String: Any])?["resultsBody"] as? [String: Any]
      let events = (body?["eventList"] ?? results?["eventList"]) as? [NSDictionary] ?? []
      #expect(given == events, "\(file)")
    }
  }
}
