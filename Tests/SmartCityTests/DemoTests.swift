import Foundation
import LedgerTestKit
import Testing

/// The demo at a small size, and the verbs on what it leaves behind.
@Suite("The smart-city demo", .serialized)
struct DemoTests {
  private static func run(_ arguments: String...) throws -> Program.Result { try Program.run("smartcity", arguments) }

  @Test("one seed, one log root; every attack found, nobody accused wrongly; all proofs verify, a changed one does not")
  func demo() throws {
    let (data, again) = (Program.temporary(), Program.temporary())
    defer { for path in [data, again] { try? FileManager.default.removeItem(atPath: path) } }
    let first = try Self.run("demo", "--devices", "2000", "--data", data)
    #expect(first.code == 0, "\(first)")
    let second = try Self.run("demo", "--devices", "2000", "--data", again)
    func root(_ result: Program.Result) -> String? {
      result.output.split(separator: "\n").first { $0.hasPrefix("Log: ") }.map(String.init)
    }
    #expect(root(first) != nil && root(first) == root(second))
    let other = try Self.run("demo", "--devices", "2000", "--seed", "7")
    #expect(other.code == 0 && root(other) != root(first), "\(other)")
    for kind in [
      "replay", "clone", "rollback", "sybil", "alteration", "omission", "backdating", "equivocation",
    ] {
      let line = try #require(first.output.split(separator: "\n").first { $0.contains("  \(kind) ") })
      #expect(line.contains(" 0 wrong, entry ") && !line.contains(" 0 found"), "\(line)")
    }
    #expect(try Self.run("demo", "--devices", "2000", "--data", data).code == 2)
    #expect(try Self.run("demo", "--devices", "10").code == 64)

    let policy = data + "/policy.txt"
    for name in ["reading", "day", "meter", "meter-full", "incidents", "devices"] {
      let verified = try Self.run("verify", "\(data)/\(name).proof", "--policy", policy)
      #expect(verified.code == 0 && verified.output.contains("VERIFIED"), "\(name) \(verified)")
    }
    let small = try Data(contentsOf: URL(filePath: data + "/reading.proof"))
    #expect(small.count <= 2048)
    for place in stride(from: 3, to: small.count, by: 97) {
      var changed = small
      changed[place] ^= 4
      try changed.write(to: URL(filePath: data + "/changed.proof"))
      let result = try Self.run("verify", data + "/changed.proof", "--policy", policy)
      #expect(result.code != 0, "byte \(place): \(result)")
    }
    try verbs(data, policy)
  }

  private func verbs(_ data: String, _ policy: String) throws {
    let sensor = "urn:dev:os:32473-street-3"
    let series = try Self.run("series", sensor, "--gateway", "gw-0", "--data", data, "--proof", data + "/s.proof")
    #expect(series.code == 0 && series.output.contains("none was left out"), "\(series)")
    #expect(series.output.contains("A closing batch shows that the series ends there"))
    #expect(try Self.run("verify", data + "/s.proof", "--policy", policy).output.contains("Data capture"))
    let part = try Self.run(
      "series", sensor, "--gateway", "gw-0", "--from", "100", "--to", "199", "--data", data, "--proof",
      data + "/p.proof")
    #expect(part.code == 0 && part.output.contains("every number from 100 to 199"), "\(part)")
    #expect(part.output.contains("It says nothing about later numbers"))
    let timed = try Self.run(
      "series", sensor, "--gateway", "gw-0", "--from", "2025-12-31T06:00:00Z", "--to", "2025-12-31T06:59:59Z", "--data",
      data)
    #expect(timed.code == 0 && timed.output.contains(" of 60)"), "\(timed)")
    let capture = try Self.run("capture-report", sensor, "--gateway", "gw-0", "--data", data)
    #expect(capture.code == 0 && capture.output.hasPrefix("Data capture 99."), "\(capture)")

    let reading = try Self.run("reading", "gw-0/12/3", "--data", data, "--proof", data + "/r.proof")
    #expect(reading.code == 0 && reading.error.contains("The proof, 1"), "\(reading)")
    let full = try Self.run("reading", "gw-0/12/3", "--full", "--data", data, "--proof", data + "/f.proof")
    #expect(full.code == 0 && full.output.contains("The ledger's rules took the header"), "\(full)")
    for name in ["r", "f", "p"] {
      #expect(try Self.run("verify", "\(data)/\(name).proof", "--policy", policy).code == 0, "\(name)")
    }
    let old = try Self.run("verify", data + "/r.proof", "--policy", policy, "--max-age", "1h")
    #expect(old.code == 0 || old.error.contains("older than the age"), "\(old)")

    for (format, word) in [("ngsi-ld", "\"observedAt\""), ("sensorthings", "\"phenomenonTime\"")] {
      let export = try Self.run(
        "export", sensor, "--gateway", "gw-0", "--from", "10", "--to", "12", "--format", format, "--proofs", "--data",
        data)
      #expect(export.code == 0 && export.output.contains(word), "\(export)")
      let json = try JSONSerialization.jsonObject(with: Data(export.output.utf8))
      // The proof that travels with the first reading is one that verify takes.
      let first = try #require(
        export.output.firstMatch(of: /"proof":(?:\{"type":"Property","value":)?"([A-Za-z0-9_-]+)"/))
      var text = String(first.1).replacing("-", with: "+").replacing("_", with: "/")
      while text.utf8.count % 4 != 0 { text += "=" }
      try #require(Data(base64Encoded: text)).write(to: URL(filePath: data + "/e.proof"))
      #expect(try Self.run("verify", data + "/e.proof", "--policy", policy).code == 0)
      #expect(format == "ngsi-ld" ? json is [String: Any] : (json as? [Any])?.count == 12)
    }
    #expect(try Self.run("export", sensor, "--gateway", "gw-0", "--format", "xml", "--data", data).code == 64)

    for (wrong, word) in [
      (["reading", "gw-0/12"], "GATEWAY/BATCH/INDEX"), (["reading", "gw-9/1/1"], "no gateway 'gw-9'"),
      (["reading", "gw-0/99999/1"], "no durable batch"), (["reading", "gw-0/12/9999"], "no reading"),
      (["series", "urn:dev:os:32473-nobody", "--gateway", "gw-0"], "is no device of 'gw-0'"),
      (["series", sensor, "--gateway", "gw-0", "--boot", "4"], "no reading of boot 4"),
      (["series", sensor, "--gateway", "gw-0", "--from", "soon"], "RFC 3339"),
    ] {
      let result = try Program.run("smartcity", wrong + ["--data", data])
      #expect(result.code != 0 && result.error.contains(word), "\(wrong) \(result)")
    }
    let audit = try Self.run("audit", "--data", data)
    #expect(audit.code == 0, "\(audit)")
    let incidents = try Self.run("incidents", "--data", data)
    #expect(incidents.output.contains("8 incidents") && incidents.output.contains("proved by its evidence"))
  }
}
