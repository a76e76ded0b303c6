import Copyright
import Foundation
import LedgerTestKit
import MediaAudio
import Testing

/// The verbs about rights that the tour leaves out, through the program.
@Suite("Copyright: more verbs", .serialized)
struct VerbTests {
  @Test("inherit, consent, license, its end, royalty, presale, dispute, watch by use, export")
  func verbs() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    func run(_ arguments: String...) throws -> Program.Result {
      try Program.run("copyright", arguments + ["--data", data])
    }
    /// The entry of what is stated.
    func entry(_ result: Program.Result) throws -> String {
      #expect(result.code == 0, "\(result)")
      return String(try #require(result.output.firstMatch(of: #/"entry":([0-9]+)/#), "\(result)").1)
    }
    #expect(try run("init", "--members", "4").code == 0)
    let file = data + "/work.ppm"
    try Data(ProgramTests.picture(1)).write(to: URL(filePath: file))
    let paper = data + "/paper.txt"
    try Data("certificate".utf8).write(to: URL(filePath: paper))
    #expect(
      try run(
        "register", file, "--title", "T", "--as", "org-1", "--id", "w", "--owner", "org-1/a=50%", "--owner",
        "org-2=50%"
      ).code == 0)

    let foreign = try run("inherit", "w", "--as", "org-3", "--of", "org-1/a", "--heir", "org-3=1", "--document", paper)
    #expect(foreign.code == 1 && foreign.error.contains("not-the-holder"), "\(foreign)")
    #expect(
      try run(
        "inherit", "w", "--as", "org-1", "--of", "org-1/a", "--heir", "org-1/b=1", "--heir", "org-3=3", "--document",
        paper
      ).code == 0)
    let title = try run("title", "w").output
    #expect(title.contains("org-1/b owned 12.5 %") && title.contains("org-3 owned 37.5 %"), "\(title)")
    #expect(
      try run("inherit", "w", "--as", "org-1", "--of", "org-1/a", "--heir", "org-3=1", "--document", paper).code == 1)

    // Half of the shares is not more than half: another owner has to agree first.
    let terms = [
      "license", "w", "--to", "org-4/site", "--use", "network", "--from", "2099-01-01T00:00:00Z", "--until",
      "2099-02-01T00:00:00Z", "--royalty", "10%", "--data", data, "--json",
    ]
    let early = try Program.run("copyright", terms + ["--as", "org-2"])
    #expect(early.code == 1, "\(early)")
    #expect(try Program.run("copyright", terms + ["--as", "org-3", "--consent"]).code == 0)
    let licence = try entry(try Program.run("copyright", terms + ["--as", "org-2"]))
    let royalty = try run(
      "royalty", "w", "--as", "org-4", "--licence", licence, "--period", "2099-01", "--revenue", "1000.01", "--json")
    #expect(royalty.code == 0 && royalty.output.contains("\"dues\""), "\(royalty)")
    let again = try run(
      "royalty", "w", "--as", "org-4", "--licence", licence, "--period", "2099-01", "--revenue", "1.00")
    #expect(again.code == 1, "\(again)")
    #expect(try run("license-end", "w", "--as", "org-4", "--licence", "9999", "--reason", "x").code == 1)
    let others = try run("license-end", "w", "--as", "org-2", "--licence", licence, "--reason", "unpaid")
    #expect(others.code == 1 && others.error.contains("not-the-licensee"), "\(others)")
    let ended = try run("license-end", "w", "--as", "org-4", "--licence", licence, "--reason", "unpaid")
    #expect(ended.code == 0, "\(ended)")
    let twice = try run("license-end", "w", "--as", "org-4", "--licence", licence, "--reason", "unpaid")
    #expect(twice.code == 1, "\(twice)")

    let offer = try entry(
      try run(
        "presale", "offer", "w", "--as", "org-2", "--lots", "10", "--share", "1%", "--price", "5.00", "--goal", "2",
        "--deadline", "2099-01-01T00:00:00Z", "--json"))
    #expect(try run("presale", "buy", "w", "--as", "org-4", "--presale", offer, "--lots", "11").code == 1)
    #expect(try run("presale", "buy", "w", "--as", "org-4", "--presale", offer, "--lots", "10").code == 0)
    #expect(try run("presale", "close", "w", "--as", "org-2", "--presale", offer).code == 0)
    #expect(try run("title", "w").output.contains("org-4 owned 10 %"))

    let dispute = try entry(
      try run("dispute", "open", "w", "--as", "org-4", "--reason", "mine", "--document", paper, "--json"))
    let decided = try run("dispute", "end", "w", "--as", "org-4", "--dispute", dispute, "--outcome", "assigned")
    #expect(decided.code == 1, "\(decided)")
    // While it is disputed a use is neither licensed nor infringing.
    let copy = data + "/copy.ppm"
    try Data(ProgramTests.picture(1, brighter: 9)).write(to: URL(filePath: copy))
    let seen = try run("watch", copy, "--as", "org-1", "--user", "org-4/x", "--use", "reproduction", "--json")
    #expect(seen.code == 0 && seen.output.contains("\"verdict\":\"disputed\""), "\(seen)")
    #expect(try run("watch", copy, "--as", "org-1", "--user", "org-4/x", "--use", "singing").code == 64)
    #expect(
      try run("dispute", "end", "w", "--as", "org-4", "--dispute", dispute, "--outcome", "withdrawn").code == 0)

    let out = data + "/binding.cbor"
    #expect(try run("export", "w", "--out", out).code == 0)
    #expect(try Data(contentsOf: URL(filePath: out)).count > 40)
    #expect(try run("export", "nothing", "--out", out).code != 0)
    #expect(try run("audit").code == 0)
  }

  @Test("match tells where passages, seconds and frames are in both files")
  func places() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    #expect(try Program.run("copyright", ["init", "--data", data, "--members", "4"]).code == 0)
    var atelier = Atelier(seed: 9)
    let (text, sound, film) = (atelier.text(), atelier.melody(), atelier.scenes(8))
    let works: [(String, [UInt8], [UInt8], String)] = [
      ("letters", Array(text.utf8), Array(atelier.copying(text).utf8), "characters "),
      ("song", Atelier.sound(sound, as: .flac), atelier.recorded(sound), "seconds "),
      (
        "film", Atelier.film(film), Atelier.film(Array(film.dropFirst())),
        "frames 0 to 6 of this file, 1 to 7 of the work"
      ),
    ]
    for (work, file, copy, words) in works {
      let (original, altered) = ("\(data)/\(work)", "\(data)/\(work)-copy")
      try Data(file).write(to: URL(filePath: original))
      try Data(copy).write(to: URL(filePath: altered))
      let made = try Program.run(
        "copyright", ["register", original, "--title", "A \(work)", "--as", "org-1", "--id", work, "--data", data])
      #expect(made.code == 0, "\(made)")
      let found = try Program.run("copyright", ["match", altered, "--data", data])
      #expect(found.output.contains("\(work): ") && found.output.contains(words), "\(found)")
      let json = try Program.run("copyright", ["match", altered, "--data", data, "--json"])
      #expect(json.output.contains("\"filePercent\":") && json.output.contains("\"workFrom\":"), "\(json)")
    }
  }

  @Test("stream uploads to a server as telephones do: copies become incidents, others nothing, wrong tokens are told")
  func stream() async throws {
    let server = try await LiveServer()
    #expect(try await server.post("/works?title=Squares&id=squares", ProgramTests.picture(1)).status == 201)
    let folder = server.data + "/uploads"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(ProgramTests.picture(1)).write(to: URL(filePath: folder + "/a.ppm"))
    try Data(ProgramTests.picture(2)).write(to: URL(filePath: folder + "/b.ppm"))
    let arguments = [
      "stream", folder, "--to", server.url, "--member", "org-2", "--devices", "20", "--seconds", "60", "--speed", "0",
      "--alter", "--json",
    ]
    let token = try #require(server.tokens["org-1"])
    func run(_ more: [String]) async throws -> Program.Result {
      try await Program.runAside("copyright", arguments + more)
    }
    let sent = try await run(["--token", token])
    let counts = try #require(
      try JSONSerialization.jsonObject(with: Data(sent.output.utf8)) as? [String: Int], "\(sent)")
    print("stream: \(counts)")
    let uploads = try #require(counts["uploads"])
    let infringing = try #require(counts["infringing"])
    #expect(uploads > 15 && infringing > 5 && counts["refused"] == 0, "\(counts)")
    #expect(infringing + (counts["unmatched"] ?? 0) == uploads, "\(counts)")
    #expect(try await server.get("/incidents").list.count == infringing)
    let stranger = try await run(["--token", "ts_wrong"])
    #expect(stranger.code != 0 && stranger.error.contains("refused every upload"), "\(stranger)")
    let nobody = try await Program.runAside(
      "copyright", ["stream", folder, "--to", "http://127.0.0.1:1", "--member", "org-2", "--speed", "0"])
    #expect(nobody.code == 2 && nobody.error.contains("does not answer"), "\(nobody)")
  }
}
