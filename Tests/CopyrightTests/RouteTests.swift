import Foundation
import Ledger
import LedgerTestKit
import MediaDecode
import MediaHash
import Primitives
import Testing

/// What the verbs do, over HTTP, against the program's own server.
@Suite("Copyright: routes", .serialized)
struct RouteTests {
  private static let proofs = "application/vnd.tallystick.proof+cbor"

  /// An exclusive licence from now on: one from earlier would be refused.
  static let licence =
    #"{"licensee":"org-2/site","uses":["network"],"territory":["CN"],"from":"NOW","until":"2099-01-01T00:00:00Z","exclusive":true,"royaltyPPM":100000}"#
    .replacing("NOW", with: Timestamp.text(SystemClock().now()))

  static func wait(_ work: () async throws -> Bool) async throws {
    for _ in 0..<200 {
      if try await work() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("it did not come about in ten seconds")
  }

  @Test("register, match, license, transfer, title, watch, incidents, steps, evidence, verify", .timeLimit(.minutes(3)))
  func tour() async throws {
    let server = try await LiveServer()
    let picture = ProgramTests.picture(1)
    let made = try await server.post(
      "/works?title=Squares&id=squares&owner=org-1/painter=60%25&owner=org-1=40%25&number=DCI-7&created=2020-01-01T00:00:00Z",
      picture, type: "text/plain")
    #expect(made.status == 201 && made.object["work"] as? String == "squares", "\(made.text)")
    #expect(made.headers["location"] == "/works/squares")
    let copy = ProgramTests.picture(1, brighter: 20)
    let again = try await server.post("/works?title=Mine&owner=org-1/thief", copy)
    #expect(again.status == 409 && again.code == "near-duplicate" && again.text.contains("squares"), "\(again.text)")

    let found = try await server.post("/match", copy, as: nil)
    #expect(found.status == 200 && found.list.first?["work"] as? String == "squares", "\(found.text)")
    #expect(found.list.first?["sufficient"] as? Bool == true && found.list.first?["radius"] as? Int == 31)
    #expect(try await server.post("/match", ProgramTests.picture(2), as: nil).text == "[]")
    // What a file is follows from its first bytes, whatever the request says.
    let pixels = Array(copy.dropFirst(15))
    let image = try #require(RGBImage(width: 204, height: 192, pixels: pixels))
    let jpeg = try #require(PictureEncoder.jpeg(image, quality: 90))
    let decoded = try await server.post("/match", jpeg, type: "text/html", as: nil)
    #expect(decoded.list.first?["work"] as? String == "squares", "\(decoded.text)")

    let licence = try await server.post("/works/squares/licences", json: Self.licence)
    #expect(licence.status == 201, "\(licence.text)")
    let consent = try await server.post("/works/squares/consents", json: Self.licence)
    #expect(consent.status == 201, "\(consent.text)")
    let conflict = try await server.post(
      "/works/squares/licences", json: Self.licence.replacing("org-2/site", with: "org-3/site"))
    #expect(conflict.status == 409 && conflict.code == "licence-conflict", "\(conflict.text)")
    let moved = try await server.post(
      "/works/squares/transfers", json: #"{"from":"org-1","to":"org-3","ppm":125000,"reason":"sale","price":100}"#)
    #expect(moved.status == 201, "\(moved.text)")
    let greedy = try await server.post(
      "/works/squares/transfers", json: #"{"from":"org-1","to":"org-3","ppm":900000}"#)
    #expect(greedy.status == 409 && greedy.code == "share-insufficient", "\(greedy.text)")

    let title = try await server.get("/works/squares")
    #expect(title.text.contains("org-3 owned 12.5 %") && title.type == "application/json", "\(title.text)")
    let then = try await server.get("/works/squares?at=2020-01-01T00:00:00Z")
    #expect(then.text.contains("not registered yet"), "\(then.text)")
    try await server.settle()
    for (path, accept) in [
      ("/works/squares", Self.proofs), ("/works/squares", "application/cbor"), ("/works/squares/title.proof", "*/*"),
    ] {
      let proof = try await server.get(path, accept: accept)
      #expect(proof.type == Self.proofs && proof.headers["content-disposition"]?.contains("title.proof") == true)
      let verified = try server.verify(proof.body)
      #expect(verified.code == 0 && verified.output.contains("org-1/painter owned 60 %"), "\(verified)")
    }
    let works = try await server.get("/works")
    #expect(works.object["all"] as? Int == 1, "\(works.text)")
    let assertion = try await server.get("/works/squares/soft-binding.cbor", accept: "*/*")
    #expect(assertion.type == "application/cbor" && assertion.body.first == 0xa3)
    let binding = try await server.get("/works/squares/soft-binding.json")
    #expect(binding.text.contains("io.iscc.v0") && binding.text.contains("ISCC:"))
    #expect(Array(try await server.get("/works/squares/thumbnail").body.prefix(2)) == [0xff, 0xd8])

    let upload = try await server.post(
      "/uploads?user=org-4/pirate&place=https://video.example/1&platform=org-4", copy, type: "video/mp4")
    let incident = try #require(upload.object["incident"] as? [String: Any], "\(upload.text)")
    #expect(incident["verdict"] as? String == "infringing")
    let allowed = try await server.post("/uploads?user=org-2/site&place=https://site.example/1", copy)
    #expect((allowed.object["incident"] as? [String: Any])?["verdict"] as? String == "licensed", "\(allowed.text)")
    let other = try await server.post("/uploads?user=org-4/x&place=https://video.example/2", ProgramTests.picture(3))
    #expect(other.status == 200 && other.object["incident"] == nil, "\(other.text)")
    #expect(try await server.get("/incidents").list.count == 2)
    #expect(try await server.get("/incidents?work=nothing").text == "[]")
    let number = try #require(incident["incident"] as? Int)
    let early = try await server.post("/incidents/\(number)/steps", json: #"{"step":"settled","reason":"peace"}"#)
    #expect(early.status == 409 && early.code == "step-out-of-order", "\(early.text)")
    let notice = try await server.post("/incidents/\(number)/steps", json: #"{"step":"notice","reason":"no licence"}"#)
    #expect(notice.status == 201, "\(notice.text)")
    let one = try await server.get("/incidents/\(number)")
    #expect(one.object["steps"] as? [String] == ["notice"], "\(one.text)")
    try await server.settle()
    try await Self.wait {
      try await server.get("/incidents/\(number)/incident.proof", accept: "*/*").status == 200
    }
    let package = try await server.get("/incidents/\(number)/evidence", accept: "*/*", as: "org-1")
    #expect(package.type == "application/vnd.tallystick.evidence+cbor", "\(package.text.prefix(300))")
    let verified = try server.verify(package.body)
    #expect(verified.code == 0 && verified.output.contains("INFRINGING"), "\(verified)")
    let checked = try await server.post("/verify", package.body, as: nil)
    #expect(checked.object["verified"] as? Bool == true, "\(checked.text)")
    var altered = package.body
    altered[altered.count / 2] ^= 1
    #expect(try await server.post("/verify", altered, as: nil).object["verified"] as? Bool == false)
    let proof = try await server.get("/incidents/\(number)", accept: Self.proofs)
    #expect(try await server.post("/verify", proof.body, as: nil).object["verified"] as? Bool == true)
    let settled = try await server.post("/incidents/\(number)/steps", json: #"{"step":"settled","reason":"paid"}"#)
    #expect(settled.status == 201, "\(settled.text)")
    #expect(
      try await server.post("/incidents/\(number)/steps", json: #"{"step":"notice","reason":"x"}"#).code
        == "incident-over")
  }

  @Test("inheritance, pre-sale, disputes, royalties and the end of a licence", .timeLimit(.minutes(2)))
  func ownership() async throws {
    let server = try await LiveServer()
    let hash = String(repeating: "ab", count: 32)
    #expect(
      try await server.post("/works?title=T&id=w&owner=org-1/a=50%25&owner=org-1/b=50%25", ProgramTests.picture(4))
        .status == 201)
    let heirs = try await server.post(
      "/works/w/inheritances",
      json:
        #"{"deceased":"org-1/a","heirs":[{"party":"org-1/c","weight":1},{"party":"org-3","weight":3}],"document":"\#(hash)"}"#
    )
    #expect(heirs.status == 201, "\(heirs.text)")
    let offer = try await server.post(
      "/works/w/presales",
      json: #"{"seller":"org-1/b","lots":10,"ppmPerLot":10000,"price":500,"goal":2,"deadline":"2099-01-01T00:00:00Z"}"#)
    #expect(offer.status == 201, "\(offer.text)")
    let pledge = try await server.post(
      "/works/w/presales/\(offer.entry)/pledges", json: #"{"buyer":"org-1/fan","lots":10}"#)
    #expect(pledge.status == 201, "\(pledge.text)")
    let close = try await server.post("/works/w/presales/\(offer.entry)/close", json: "")
    #expect(close.status == 201, "\(close.text)")
    #expect(try await server.get("/works/w").text.contains("org-1/fan owned 10 %"))
    let dispute = try await server.post("/works/w/disputes", json: #"{"claimant":"org-1/x","reason":"it is mine"}"#)
    #expect(dispute.status == 201, "\(dispute.text)")
    let twice = try await server.post("/works/w/disputes", json: #"{"claimant":"org-1/x","reason":"it is mine"}"#)
    #expect(twice.code == "dispute-known")
    let decided = try await server.post(
      "/works/w/disputes/\(dispute.entry)/end", json: #"{"outcome":"assigned","document":"\#(hash)"}"#)
    #expect(decided.status == 409 && decided.code == "not-a-regulator", "\(decided.text)")
    let ended = try await server.post("/works/w/disputes/\(dispute.entry)/end", json: #"{"outcome":"withdrawn"}"#)
    #expect(ended.status == 201, "\(ended.text)")
    let terms = RouteTests.licence.replacing("org-2/site", with: "org-1/site").replacing("true", with: "false")
    let licence = try await server.post("/works/w/licences", json: terms)
    #expect(licence.status == 201, "\(licence.text)")
    let royalty = try await server.post(
      "/works/w/royalties", json: #"{"licence":\#(licence.entry),"period":"2026-10","revenue":12345}"#)
    #expect(royalty.status == 201 && (royalty.object["dues"] as? [Any])?.isEmpty == false, "\(royalty.text)")
    let over = try await server.post("/works/w/licences/\(licence.entry)/end", json: #"{"reason":"no longer needed"}"#)
    #expect(over.status == 201, "\(over.text)")
  }

  @Test("who may what", .timeLimit(.minutes(2)))
  func rights() async throws {
    let server = try await LiveServer(access: "member")
    let picture = ProgramTests.picture(1)
    for path in ["/works", "/works/x", "/search", "/incidents", "/uploads", "/verify", "/works/x/thumbnail"] {
      let answer = try await server.get(path)
      #expect(answer.status == 401 && answer.code == "token-needed", "\(path): \(answer.status)")
      #expect(answer.type == "application/problem+json")
    }
    #expect(try await server.post("/match", picture, as: nil).status == 401)
    #expect(try await server.post("/match", picture, as: "press").status == 200)
    #expect(try await server.post("/verify", [1], as: nil).status == 401)
    for (name, status, code) in [
      (nil, 401, "token-needed"), ("ts_wrong", 401, "token-needed"), ("org-2", 403, "not-this-member"),
      ("press", 403, "not-this-member"),
    ] as [(String?, Int, String)] {
      for path in ["/works?title=T", "/uploads?user=org-1&place=x"] {
        let answer = try await server.post(path, picture, as: name)
        #expect(answer.status == status && answer.code == code, "\(path) by \(name ?? "nobody"): \(answer.text)")
      }
      for path in [
        "/works/x/licences", "/works/x/consents", "/works/x/transfers", "/works/x/royalties", "/works/x/disputes",
        "/works/x/inheritances", "/works/x/presales", "/works/x/licences/1/end", "/works/x/presales/1/pledges",
        "/works/x/disputes/1/end", "/incidents/1/steps",
      ] {
        let answer = try await server.post(path, json: Self.bodies[path] ?? Self.licence, as: name)
        #expect(answer.status == status && answer.code == code, "\(path) by \(name ?? "nobody"): \(answer.text)")
      }
      #expect(try await server.post("/works/x/presales/1/close", [], as: name).status == status)
      #expect(try await server.get("/incidents/1/evidence", as: name).status == status)
    }
  }

  private static let bodies: [String: String] = [
    "/works/x/transfers": #"{"from":"org-1","to":"org-2","ppm":1}"#,
    "/works/x/royalties": #"{"licence":1,"period":"p","revenue":1}"#,
    "/works/x/disputes": #"{"claimant":"org-1","reason":"r"}"#,
    "/works/x/inheritances":
      #"{"deceased":"org-1","heirs":[{"party":"org-2","weight":1}],"document":"\#(String(repeating: "0", count: 64))"}"#,
    "/works/x/presales":
      #"{"seller":"org-1","lots":1,"ppmPerLot":1,"price":1,"goal":1,"deadline":"2099-01-01T00:00:00Z"}"#,
    "/works/x/licences/1/end": #"{"reason":"r"}"#, "/works/x/presales/1/pledges": #"{"buyer":"org-1","lots":1}"#,
    "/works/x/disputes/1/end": #"{"outcome":"withdrawn"}"#, "/incidents/1/steps": #"{"step":"notice","reason":"r"}"#,
  ]

  @Test("what is wrong or too large is a problem, and the server lives on", .timeLimit(.minutes(3)))
  func wrong() async throws {
    let server = try await LiveServer()
    let picture = ProgramTests.picture(1)
    #expect(try await server.post("/works?title=T&id=w", picture).status == 201)
    let plain = try #require(RGBImage(width: 4000, height: 3000, pixels: [UInt8](repeating: 9, count: 36_000_000)))
    let bomb = try #require(PictureEncoder.png(plain))
    for (path, file) in [("/match", bomb), ("/works?title=B", bomb), ("/match", Array(bomb.prefix(bomb.count / 2)))] {
      let start = ContinuousClock.now
      let answer = try await server.post(path, file)
      #expect(answer.status == 415 && answer.code == "media-type", "\(answer.text)")
      // Some milliseconds by itself; beside tests that load every core it waits for its turn.
      #expect(ContinuousClock.now - start < .seconds(10))
    }
    let long = String(repeating: "x", count: 70 << 10)
    for (path, body, status, code) in [
      ("/works", "P6", 400, "malformed"), ("/works?title=T", "", 400, "malformed"),
      ("/works?title=T", "P6\n20 20\n255\nshort", 415, "media-type"),
      ("/works?title=T&owner=a=9%25", "x", 400, "malformed"),
      ("/works?title=T&created=noon", "x", 400, "malformed"), ("/match", "", 400, "malformed"),
      ("/match", "P6\n20 20\n255\nshort", 415, "media-type"), ("/uploads", "x", 400, "malformed"),
      ("/uploads?user=u&place=p&country=china", "x", 400, "malformed"),
      ("/uploads?user=u&place=p&use=nothing", "x", 400, "malformed"),
      ("/uploads?user=u&place=p", "P6\n20 20\n255\nshort", 415, "media-type"),
      ("/works/w/licences", "{}", 400, "malformed"), ("/works/w/licences", "not json", 400, "malformed"),
      ("/works/w/licences", "{\"x\":\"\(long)\"}", 413, "limit"),
      ("/works/w/licences", Self.licence.replacing("network", with: "magic"), 400, "malformed"),
      ("/works/w/licences", Self.licence.replacing("2099", with: "1999"), 400, "malformed"),
      ("/works/w/licences", Self.licence.replacing("100000", with: "9000000"), 400, "malformed"),
      ("/works/none/licences", Self.licence, 409, "work-unknown"),
      ("/works/w/transfers", #"{"from":"a","to":"a","ppm":1}"#, 400, "malformed"),
      ("/works/w/transfers", #"{"from":"org-1","to":"b","ppm":0}"#, 400, "malformed"),
      ("/works/w/transfers", #"{"from":"org-1","to":"org-2","ppm":1,"price":-1}"#, 400, "malformed"),
      ("/works/w/transfers", #"{"from":"org-1","to":"org-2","ppm":1,"document":"abc"}"#, 400, "malformed"),
      ("/works/w/royalties", #"{"licence":1,"period":"p","revenue":-5}"#, 400, "malformed"),
      ("/works/w/royalties", #"{"licence":999,"period":"p","revenue":5}"#, 409, ""),
      (
        "/works/w/inheritances", #"{"deceased":"a","heirs":[],"document":"\#(String(repeating: "0", count: 64))"}"#,
        400, "malformed"
      ),
      (
        "/works/w/presales",
        #"{"seller":"org-1","lots":0,"ppmPerLot":1,"price":1,"goal":1,"deadline":"2099-01-01T00:00:00Z"}"#, 400,
        "malformed"
      ),
      (
        "/works/w/presales",
        #"{"seller":"org-1","lots":18446744073709551615,"ppmPerLot":18446744073709551615,"price":1,"goal":1,"deadline":"2099-01-01T00:00:00Z"}"#,
        400, "malformed"
      ),
      ("/works/w/presales/x/pledges", #"{"buyer":"org-1","lots":1}"#, 400, "malformed"),
      ("/works/w/presales/7/pledges", #"{"buyer":"org-1","lots":0}"#, 400, "malformed"),
      ("/works/w/presales/7/close", "", 409, ""),
      ("/works/w/disputes/7/end", #"{"outcome":"maybe"}"#, 400, "malformed"),
      ("/works/w/disputes/7/end", #"{"outcome":"withdrawn"}"#, 409, "dispute-unknown"),
      ("/works/%ff/disputes", #"{"claimant":"org-1","reason":"r"}"#, 400, "malformed"),
      ("/incidents/x/steps", #"{"step":"notice","reason":"r"}"#, 400, "malformed"),
      ("/incidents/7/steps", #"{"step":"dance","reason":"r"}"#, 400, "malformed"),
      ("/incidents/7/steps", #"{"step":"notice","reason":""}"#, 400, "malformed"),
      ("/incidents/7/steps", #"{"step":"notice","reason":"r"}"#, 409, "incident-unknown"),
      ("/verify", "", 400, "malformed"), ("/search", "x", 415, "media-type"),
      ("/verify/form", "x", 415, "media-type"),
    ] as [(String, String, Int, String)] {
      let answer = try await server.post(path, Array(body.utf8))
      #expect(
        answer.status == status && (code.isEmpty || answer.code == code), "\(path) \(body.prefix(60)): \(answer.text)")
      #expect(answer.type == "application/problem+json", "\(path)")
    }
    try await server.settle()
    for (path, status) in [
      ("/works/none", 404), ("/works/w?at=noon", 400), ("/works/none/certificate", 404), ("/incidents/7", 404),
      ("/incidents/99999999999999999999", 400), ("/incidents/7/evidence", 404), ("/works/none/thumbnail", 404),
      ("/works/none/title.proof", 404), ("/incidents/7/incident.proof", 404), ("/incidents/7/thumbnail", 404),
    ] {
      let answer = try await server.get(path, accept: "*/*", as: "org-1")
      #expect(answer.status == status, "\(path): \(answer.status) \(answer.text.prefix(200))")
    }
    #expect(try await server.get("/works", accept: "image/png").status == 406)
    let huge = [UInt8](repeating: 0x50, count: (64 << 20) + 1)
    // The server answers before it has all of it; a client that goes on sending may see only that it was cut off.
    if let answer = try? await server.post("/match", huge) { #expect(answer.status == 413 && answer.code == "limit") }
    #expect(try await server.get("/works").status == 200)
    for body in [
      "", "--b", "--b\r\n", "--b\r\nx\r\n\r\n", "--b--",
      "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n--b--",
    ] {
      let answer = try await server.post("/search", Array(body.utf8), type: "multipart/form-data; boundary=b")
      #expect(answer.status == 400, "\(body): \(answer.status)")
    }
  }
}
