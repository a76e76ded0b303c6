import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights
import Synchronization

/// What became of uploads since the process began, the newest first; those that matched nothing are known nowhere else.
final class UploadBoard: Sendable {
  /// One upload.
  struct Upload: Sendable {
    let time: UInt64
    let user: String
    let place: String
    let bytes: Int
    let incident: Incident?
  }

  private struct State {
    var number: UInt64 = 0
    var recent: [Upload] = []
  }

  /// Uploads that are remembered.
  static let limit = 60

  private let state = Mutex(State())

  /// Remembers one.
  func note(_ upload: Upload) {
    state.withLock { state in
      state.number += 1
      state.recent.insert(upload, at: 0)
      if state.recent.count > Self.limit { state.recent.removeLast() }
    }
  }

  /// How many there were, and the newest.
  var now: (count: UInt64, recent: [Upload]) { state.withLock { ($0.number, $0.recent) } }
}

extension RightsServer {
  private struct LookAnswer: Encodable {
    let incident: IncidentAnswer?
  }

  func addUploads(to router: Router<LedgerRequestContext>) {
    router.post("uploads") { request, context in try await look(request, context) }
    router.get("uploads") { request, context in
      let content = try UploadsPage(try head(context), self)
      return server.page(
        Page("Uploads", template: "uploads", live: "/events/uploads", content: content), to: request)
    }
    router.get("pages/uploads/recent") { _, context in
      server.fragment(try UploadsPage(try head(context), self), template: "uploadsrecent")
    }
    router.get("events/uploads") { _, context in
      _ = try head(context)
      return EventStream.response {
        let page = try UploadsPage(server.node.head, self)
        return PageChange(
          text: [
            "uploads": "\(page.uploads)", "incidents": "\(page.incidents)", "infringing": "\(page.infringing)",
            "licensed": "\(page.licensed)",
          ], html: ["recent": "/pages/uploads/recent?\(page.uploads)-\(page.incidents)"])
      }
    }
  }

  /// The upload as the body; who, where, how and in which country in the query.
  private func look(_ request: Request, _ context: LedgerRequestContext) async throws -> Response {
    let desk = try desk(context.caller)
    guard let user = Self.query("user", request), let place = Self.query("place", request) else {
      throw Problem(.badRequest, code: "malformed", "An upload has a user and a place: POST /uploads?user=…&place=…")
    }
    let country = Self.query("country", request) ?? "CN"
    guard Territory([country]) != nil, country != "*", let use = Use(name: Self.query("use", request) ?? "network")
    else {
      throw Problem(
        .badRequest, code: "malformed", "The country is two capital letters of ISO 3166-1, the use one of the law's.")
    }
    guard Party.length.contains(user.utf8.count), place.utf8.count <= 256 else {
      throw Problem(.badRequest, code: "malformed", "A user has at most 64 bytes, a place 256.")
    }
    let via = Self.query("via", request)
    guard (via?.utf8.count ?? 0) <= 256, via?.contains(where: \.isNewline) != true else {
      throw Problem(.badRequest, code: "malformed", "What 'via' says of the way is one line of at most 256 bytes.")
    }
    let bytes = try await Self.file(request)
    let now = desk.clock.now()
    let upload = RightsDesk.Upload(
      file: bytes, place: place, platform: Self.query("platform", request) ?? desk.member, user: user, use: use,
      country: country, seenAt: now,
      captureLog:
        "received over HTTP, \(bytes.count) bytes, at \(Timestamp.text(now)) by \(desk.member)'s clock with \(CopyrightApp.version)\n"
        + (via.map { "the sender says: \($0)\n" } ?? ""))
    let found: Incident?
    do {
      found = try await desk.look(at: upload, hasher: Hashing.hasher, projection: projection)
    } catch let error as LedgerError { throw Self.refusal(of: error) }
    uploads.note(UploadBoard.Upload(time: now, user: user, place: place, bytes: bytes.count, incident: found))
    return try Reply.json(LookAnswer(incident: found.map(IncidentAnswer.init)))
  }
}

extension RightsDesk.Upload {
  /// An upload of a certain use.
  init(
    file: [UInt8], place: String, platform: String?, user: String, use: Use, country: String, seenAt: UInt64,
    captureLog: String
  ) {
    self.init(
      file: file, place: place, platform: platform, user: user, country: country, seenAt: seenAt,
      captureLog: captureLog)
    self.use = use
  }
}
