import Foundation
import LedgerTestKit
import Primitives
import Testing

/// The pages of a served ledger with works of two kinds, a licence, a dispute and incidents.
@Suite("Copyright: pages", .serialized)
struct PageTests {
  private static let words =
    "river morning lantern harbour winter garden letter bridge silver market window journey shadow orchard stone"
    .split(separator: " ")

  /// A text of made-up sentences.
  private static func text(_ seed: UInt64, sentences: Int = 40) -> String {
    var random = SeededGenerator(seed: seed)
    return (0..<sentences).map { _ in
      (0..<9).map { _ in String(words[Int(random.next() % UInt64(words.count))]) }.joined(separator: " ") + "."
    }.joined(separator: " ")
  }

  private static func serve() async throws -> LiveServer {
    let server = try await LiveServer { data in
      func run(_ arguments: String...) throws {
        let result = try Program.run("copyright", arguments + ["--data", data])
        #expect(result.code == 0, "\(result)")
      }
      let files = data + "/files"
      try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
      func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(filePath: "\(files)/\(name)"))
        return "\(files)/\(name)"
      }
      let picture = try write("p.ppm", ProgramTests.picture(1))
      let copy = try write("c.ppm", ProgramTests.picture(1, brighter: 20))
      let text = try write("t.txt", Array(text(5).utf8))
      try run(
        "register", picture, "--title", "Squares <b>&", "--as", "org-1", "--id", "squares", "--owner",
        "org-1/painter=60%", "--owner", "org-2=40%", "--number", "DCI-9")
      try run("register", text, "--title", "Letters", "--as", "org-2", "--id", "letters")
      try run("transfer", "squares", "--as", "org-2", "--to", "org-3", "--share", "10%")
      try run(
        "license", "squares", "--as", "org-1", "--to", "org-4/site", "--exclusive", "--with", "org-2", "--with",
        "org-3")
      try run(
        "presale", "offer", "squares", "--as", "org-1", "--seller", "org-1/painter", "--lots", "10", "--share", "1%",
        "--price", "10", "--goal", "3", "--deadline", "2099-01-01T00:00:00Z")
      try run("watch", copy, "--as", "org-3", "--user", "org-4/pirate", "--platform", "org-3")
      try run("watch", copy, "--as", "org-3", "--user", "org-4/site", "--place", "https://site.example/")
      try run("dispute", "open", "squares", "--as", "org-3", "--reason", "It is mine.")
    }
    return server
  }

  private static func page(_ server: LiveServer, _ path: String, _ language: String = "en") async throws -> String {
    let answer = try await server.get(
      path + (path.contains("?") ? "&" : "?") + "lang=" + language, accept: "text/html")
    #expect(answer.status == 200 && answer.type.hasPrefix("text/html"), "\(path): \(answer.status) \(answer.text)")
    #expect(answer.headers["content-security-policy"]?.contains("script-src 'self'") == true)
    return answer.text
  }

  /// Whether a page is whole: every element that is opened is closed, nothing comes from elsewhere.
  private static func expectWhole(_ html: String, _ path: String) {
    #expect(html.hasSuffix("</html>\n"), "\(path)")
    #expect(!html.contains(/(src|href|action)="(https?:)?\/\//) && !html.contains("style="), "\(path)")
    #expect(!html.contains("<b>") && !html.contains("<script>"), "\(path)")
    let names = "svg|figure|table|dl|ul|ol|section|article|form|label|div|p|span|blockquote|h1|h2|h3"
    for name in names.split(separator: "|") {
      let open = html.matches(of: try! Regex("<\(name)[ >]")).count
      let closed = html.matches(of: try! Regex("</\(name)>")).count
      #expect(open == closed, "\(path): <\(name)> \(open), \(closed)")
    }
    for id in html.matches(of: /<label for="([^"]+)"/).map(\.output.1) { #expect(html.contains("id=\"\(id)\"")) }
    for image in html.matches(of: /<img [^>]*>/).map(\.output) { #expect(image.contains("alt="), "\(path)") }
    let ids = html.matches(of: #/ id="([^"]+)"/#).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count, "\(path): \(ids)")
  }

  @Test("every page is whole, in both languages", .timeLimit(.minutes(3)))
  func pages() async throws {
    let server = try await Self.serve()
    let incidents = try await server.get("/incidents").list.compactMap { $0["incident"] as? Int }
    #expect(incidents.count == 2)
    let incident = "/incidents/\(try #require(incidents.first))"
    for path in [
      "/search", "/works", "/works/squares", "/works/squares?at=2099-01-01T00:00:00Z", "/works/letters",
      "/works/squares/certificate", "/incidents", "/incidents?work=squares", incident, "/uploads", "/verify", "/",
    ] {
      let english = try await Self.page(server, path)
      Self.expectWhole(english, path)
      for link in ["/search", "/works", "/incidents", "/uploads", "/verify"] {
        #expect(english.contains("href=\"\(link)\""), "\(path)")
      }
      let chinese = try await Self.page(server, path, "zh")
      Self.expectWhole(chinese, path)
      #expect(
        chinese.contains("<html lang=\"zh-CN\">") && chinese.contains(/<h[12][^>]*>[^<]*\p{Han}/)
          || path.contains("/works/"))
    }
    let styles = try await server.get("/assets/copyright.css", accept: "*/*")
    #expect(styles.text.contains("@page") && styles.type.hasPrefix("text/css"))
    #expect(try await server.get("/assets/search.js", accept: "*/*").type.hasPrefix("text/javascript"))

    let work = try await Self.page(server, "/works/squares")
    #expect(work.contains("<svg class=\"chart rights\"") && work.contains("Squares &lt;b&gt;&amp;"))
    for words in ["Ownership", "Licences", "Pre-sales", "Disputes", "Incidents", "org-3 10 %", "DCI-9", "org-4/site"] {
      #expect(work.contains(words), "\(words)")
    }
    #expect(work.contains("licence-exclusive") && work.contains("mark-bad"))
    let receipt = try #require(work.firstMatch(of: /href="(\/entries\/[0-9a-f]{64})"/)).1
    #expect(try await server.get(String(receipt), accept: "*/*").status == 200)

    let certificate = try await Self.page(server, "/works/squares/certificate")
    #expect(certificate.contains("<svg class=\"qr\"") && certificate.contains("org-1/painter 60 %, org-2 40 %"))
    #expect(certificate.contains("\(server.url)/works/squares") && certificate.contains("org-1, org-2, org-3, org-4"))

    let board = try await Self.page(server, "/incidents")
    #expect(board.matches(of: #/<section /#).count == 4 && board.matches(of: /<article class="card"/).count == 2)
    #expect(try await server.get(incident + "/thumbnail", accept: "*/*").type == "image/jpeg")
    let details = try await Self.page(server, incident)
    #expect(details.contains("/forms/step") && details.contains("no notice yet") && details.contains("org-4/pirate"))

    let uploads = try await Self.page(server, "/uploads")
    #expect(uploads.contains("data-live=\"/events/uploads\"") && uploads.contains("Squares"))
    let other = try await server.post("/uploads?user=org-2/nobody&place=https://a.example/9", ProgramTests.picture(8))
    #expect(other.status == 200)
    let part = try await server.get("/pages/uploads/recent", accept: "text/html").text
    #expect(part.contains("org-2/nobody") && part.contains("no registered work") && !part.contains("<html"))
  }

  @Test(
    "a search shows what is alike and the passages with their places; forms work without script",
    .timeLimit(.minutes(3)))
  func search() async throws {
    let server = try await Self.serve()
    let copy = ProgramTests.picture(1, brighter: 20)
    let found = try await server.form("/search", [("file", "c.ppm", copy), ("text", nil, [])])
    Self.expectWhole(found.text, "/search")
    #expect(found.status == 200 && found.text.contains("data:image/jpeg;base64,"), "\(found.text)")
    #expect(found.text.contains("/works/squares/thumbnail") && found.text.contains("alike up to 31"))
    let nothing = try await server.form("/search", [("file", "n.ppm", ProgramTests.picture(9))])
    #expect(nothing.text.contains("No registered work is like it."))

    let work = Self.text(5)
    let passage = String(work.dropFirst(400).prefix(500))
    let query = "An essay about something else, <script>written</script> last week. " + passage + " The end of it."
    let quoted = try await server.form("/search", [("file", "", []), ("text", nil, Array(query.utf8))])
    Self.expectWhole(quoted.text, "/search text")
    #expect(quoted.text.contains("/works/letters") && quoted.text.contains("Passages in common"), "\(quoted.text)")
    let marks = quoted.text.matches(of: /<mark>([^<]*)<\/mark>/).map { String($0.output.1) }
    #expect(
      marks.count == 2 && marks[0].count > 350 && passage.contains(marks[0]) && work.contains(marks[1]), "\(marks)")
    let places = quoted.text.matches(of: /characters (\d+) to (\d+)/).compactMap { Int($0.output.1) }
    let start = try #require(query.range(of: marks[0])).lowerBound
    #expect(places.first == query.distance(from: query.startIndex, to: start) + 1)
    let answer = try await server.post("/match", Array(query.utf8), as: nil)
    let passages = try #require(answer.list.first?["passages"] as? [[String: Any]])
    #expect(passages.first?["from"] as? Int == (places.first ?? 0) - 1, "\(answer.text)")

    for fields in [[], [("file", "x.bin", [0, 1, 2, 3])]] as [[(String, String?, [UInt8])]] {
      let fault = try await server.form("/search", fields.map { (name: $0.0, file: $0.1, bytes: $0.2) })
      #expect([400, 415].contains(fault.status), "\(fault.status)")
    }
    let bad = try await server.form("/search", [("file", "x.bin", [0x89, 0x50, 0x4e, 0x47])])
    #expect(bad.status == 415 && bad.text.contains("role=\"alert\"") && bad.text.hasSuffix("</html>\n"))
  }

  @Test("an incident's forms: a step, the evidence package, and what is refused", .timeLimit(.minutes(3)))
  func forms() async throws {
    let server = try await Self.serve()
    let incident = try #require(
      try await server.get("/incidents").list.first { $0["verdict"] as? String == "infringing" }?["incident"] as? Int)
    func post(_ form: String, _ body: String) async throws -> LiveServer.Answer {
      try await server.post(
        "/incidents/\(incident)/forms/\(form)", Array(body.utf8), type: "application/x-www-form-urlencoded", as: nil,
        accept: "text/html")
    }
    let token = try #require(server.tokens["org-1"])
    for (body, status) in [
      ("step=notice&reason=no+licence", 401), ("step=notice&reason=r&token=ts_0", 401),
      ("step=notice&reason=r&token=\(server.tokens["org-2"] ?? "")", 403), ("step=dance&reason=r&token=\(token)", 400),
      ("step=settled&reason=r&token=\(token)", 409),
    ] {
      let answer = try await post("step", body)
      #expect(answer.status == status && answer.text.contains("role=\"alert\""), "\(body): \(answer.status)")
      #expect(!answer.text.contains(token))
    }
    let done = try await post("step", "step=notice&reason=no+licence%3A+take+it+down&token=\(token)")
    #expect(done.status == 303 && done.headers["location"] == "/incidents/\(incident)", "\(done.text)")
    let page = try await Self.page(server, "/incidents/\(incident)")
    #expect(page.contains("no licence: take it down") && page.contains("Notice given"))
    try await server.settle()
    #expect(try await post("evidence", "token=").status == 401)
    let package = try await post("evidence", "token=\(token)")
    #expect(package.headers["content-disposition"]?.contains(".evidence") == true, "\(package.text.prefix(400))")
    let checked = try await server.form("/verify/form", [("file", "e", package.body)])
    #expect(checked.text.contains("state good") && checked.text.contains("INFRINGING"), "\(checked.text)")
    let refuted = try await server.form("/verify/form", [("file", "e", Array(package.body.dropLast()))])
    #expect(refuted.text.contains("state bad") && refuted.status == 200)
  }
}
