import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights
import Value

/// The application's HTTP routes: what the verbs do, at a member's own node.
extension CopyrightApp {
  static func addRoutes(to router: Router<LedgerRequestContext>, of server: ServerContext) {
    let projection = Projection()
    router.post("works") { request, context in try await register(request, context, server) }
    router.get("works/{work}") { request, context in try title(request, context, server) }
    router.post("match") { request, context in
      try server.requireReader(context.caller)
      let bytes = try await request.bytes(upTo: Limits.documentBytes)
      let hashed = try hashing { () throws(LedgerError) in try Hashing.hasher.seen(bytes) }
      let found = try projection.matches(hashed, digest: .sha256(bytes), in: server.node.head)
      return try Reply.json(found.map(MatchAnswer.init))
    }
    router.post("works/{work}/licences") { request, context in
      let work = try parameter("work", context)
      let terms = try await body(LicenceBody.self, request).terms(of: work)
      return try await state(LicenceGrant(terms), context, server)
    }
    router.post("works/{work}/consents") { request, context in
      let work = try parameter("work", context)
      let terms = try await body(LicenceBody.self, request).terms(of: work)
      return try await state(LicenceConsent(work: work, terms: terms.digest), context, server)
    }
    router.post("works/{work}/transfers") { request, context in
      let work = try parameter("work", context)
      return try await state(try await body(TransferBody.self, request).transfer(of: work), context, server)
    }
    router.post("works/{work}/royalties") { request, context in
      let work = try parameter("work", context)
      let report = try await body(RoyaltyBody.self, request)
      return try await state(
        RoyaltyReport(work: work, licence: report.licence, period: report.period, revenue: report.revenue), context,
        server)
    }
    router.post("works/{work}/disputes") { request, context in
      let work = try parameter("work", context)
      let dispute = try await body(DisputeBody.self, request)
      return try await state(Dispute(work: work, claimant: dispute.claimant, reason: dispute.reason), context, server)
    }
    router.post("uploads") { request, context in try await look(request, context, server, projection) }
    router.get("incidents") { request, context in
      try server.requireReader(context.caller)
      let work = request.uri.queryParameters["work"].map { String($0) }
      return try Reply.json(try incidents(of: work, in: server.node.head))
    }
    router.get("incidents/{incident}") { request, context in
      let entry = try incident(context)
      let type = try request.negotiated(of: ["application/json", "application/cbor"])
      guard type == "application/json" else {
        let bundle = try server.prove(for: context.caller) { view throws(LedgerError) in
          try IncidentQuestion(entry).request(in: view)
        }
        return Reply.bytes(bundle.encoded(), type: "application/cbor")
      }
      try server.requireReader(context.caller)
      guard let found = Incident(reading: try server.node.head.value(CopyrightContract.incidents.key(order: entry)))
      else {
        throw Problem(.notFound, code: "not-found", "There is no incident \(entry).")
      }
      return try Reply.json(IncidentAnswer(found))
    }
    router.post("incidents/{incident}/steps") { request, context in
      let entry = try incident(context)
      let step = try await body(StepBody.self, request)
      guard let kind = IncidentStep.Step.allCases.first(where: { $0.name == step.step }) else {
        throw Problem(
          .badRequest, code: "malformed",
          "A step is \(IncidentStep.Step.allCases.map(\.name).joined(separator: ", ")).")
      }
      return try await state(
        IncidentStep(entry, kind, reason: step.reason, document: step.document.flatMap { Digest(hex: $0) }), context,
        server)
    }
    router.get("incidents/{incident}/evidence") { request, context in
      let desk = try desk(context, server)
      let package = try desk.evidence(try incident(context), tool: "\(version) \(Hashing.hasher.rules)")
      return Reply.bytes(package.encoded(), type: "application/cbor")
    }
  }

  // MARK: Stating

  /// The desk of the member whose node this is; throws unless the caller has its token.
  private static func desk(_ context: LedgerRequestContext, _ server: ServerContext) throws -> RightsDesk {
    guard let signer = server.signer else {
      throw Problem(
        .serviceUnavailable, code: "no-signer", "This server signs nothing. Post to the member's own server.")
    }
    try signer.authorize(context.caller)
    return RightsDesk(node: server.node, member: signer.member, key: signer.keys.statement, clock: signer.clock) {
      try await server.submit($0)
    }
  }

  private static func state(
    _ document: some RightsDocument, _ context: LedgerRequestContext, _ server: ServerContext
  ) async throws -> Response {
    try await answer(try desk(context, server).state(document))
  }

  /// 201 with the entry, or the contract's refusal as a problem with its own code.
  private static func answer(_ outcome: Outcome) async throws -> Response {
    if case .refused(_, let refusal) = outcome { throw Problem(.conflict, code: refusal.code, refusal.message) }
    return try Reply.json(Placed(entry: try outcome.place()), status: .created)
  }

  private struct WorkAnswer: Encodable {
    let work: String
    let iscc: String
    let entry: UInt64
  }

  /// The file as the body; title, owners and the rest in the query.
  private static func register(
    _ request: Request, _ context: LedgerRequestContext, _ server: ServerContext
  ) async throws -> Response {
    let desk = try desk(context, server)
    let query = request.uri.queryParameters
    guard let title = query["title"].map({ String($0) }), !title.isEmpty else {
      throw Problem(.badRequest, code: "malformed", "A work has a title: POST /works?title=…&owner=PARTY=SHARE")
    }
    let owners: Shares
    do { owners = try Working.shares(query.getAll("owner").map { String($0) }, else: desk.member) } catch {
      throw Problem(.badRequest, code: "malformed", "\(error)")
    }
    var wish = RightsDesk.Wish(title: title, owners: owners)
    wish.work = query["id"].map { String($0) }
    wish.outsideNumber = query["number"].map { String($0) }
    wish.bases = query.getAll("base").map { String($0) }
    let bytes = try await request.bytes(upTo: Limits.documentBytes)
    let (registration, outcome) = try await desk.register(bytes, wish, hasher: Hashing.hasher)
    if case .refused(_, let refusal) = outcome { throw Problem(.conflict, code: refusal.code, refusal.message) }
    return try Reply.json(
      WorkAnswer(work: registration.work, iscc: registration.iscc, entry: try outcome.place()), status: .created)
  }

  private struct LookAnswer: Encodable {
    let incident: IncidentAnswer?
  }

  /// The upload as the body; who, where and in which country in the query.
  private static func look(
    _ request: Request, _ context: LedgerRequestContext, _ server: ServerContext, _ projection: Projection
  ) async throws -> Response {
    let desk = try desk(context, server)
    let query = request.uri.queryParameters
    guard let user = query["user"].map({ String($0) }), let place = query["place"].map({ String($0) }) else {
      throw Problem(.badRequest, code: "malformed", "An upload has a user and a place: POST /uploads?user=…&place=…")
    }
    let bytes = try await request.bytes(upTo: Limits.documentBytes)
    let now = desk.clock.now()
    let upload = RightsDesk.Upload(
      file: bytes, place: place, platform: query["platform"].map { String($0) } ?? desk.member, user: user,
      country: query["country"].map { String($0) } ?? "CN", seenAt: now,
      captureLog:
        "received over HTTP, \(bytes.count) bytes, at \(Timestamp.text(now)) by \(desk.member)'s clock with \(version)\n"
    )
    let found = try await desk.look(at: upload, hasher: Hashing.hasher, projection: projection)
    return try Reply.json(LookAnswer(incident: found.map(IncidentAnswer.init)))
  }

  // MARK: Answers

  private struct TitleAnswer: Encodable {
    let work: String
    let answer: [Message]
  }

  private static func title(
    _ request: Request, _ context: LedgerRequestContext, _ server: ServerContext
  ) throws -> Response {
    let work = try parameter("work", context)
    let time = try request.uri.queryParameters["at"].map { text in
      guard let time = Timestamp.parse(String(text)) else {
        throw Problem(.badRequest, code: "malformed", "'at' is an RFC 3339 time in UTC.")
      }
      return time
    }
    let question = TitleQuestion(work: work, time: time)
    let type = try request.negotiated(of: ["application/json", "application/cbor"])
    guard type == "application/json" else {
      let bundle = try server.prove(for: context.caller) { view throws(LedgerError) in try question.request(in: view) }
      return Reply.bytes(bundle.encoded(), type: "application/cbor")
    }
    try server.requireReader(context.caller)
    return try Reply.json(TitleAnswer(work: work, answer: try question.answer(in: server.node.head)))
  }

  private static func hashing<T>(_ work: () throws(LedgerError) -> T) throws -> T {
    do { return try work() } catch { throw Problem(error) }
  }

  private static func parameter(_ name: String, _ context: LedgerRequestContext) throws -> String {
    guard let text = context.parameters.get(name)?.removingPercentEncoding, !text.isEmpty else {
      throw Problem(.badRequest, code: "malformed", "The name in the path is not percent-encoded right.")
    }
    return text
  }

  private static func incident(_ context: LedgerRequestContext) throws -> UInt64 {
    guard let entry = UInt64(try parameter("incident", context)) else {
      throw Problem(.badRequest, code: "malformed", "An incident is named by the number of its entry.")
    }
    return entry
  }

  private static func body<T: Decodable>(_ type: T.Type, _ request: Request) async throws -> T {
    let bytes = try await request.bytes(upTo: 64 << 10)
    do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
      throw Problem(.badRequest, code: "malformed", "The request's body is not the JSON that this route takes.")
    }
  }
}

/// A licence as it is posted; times in RFC 3339, the price in minor units.
private struct LicenceBody: Decodable {
  let licensee: String
  let uses: [String]
  let territory: [String]
  let from: String
  let until: String
  let exclusive: Bool?
  let sublicensable: Bool?
  let currency: String?
  let price: Int64?
  let royaltyPPM: UInt64?
  let parent: UInt64?

  func terms(of work: String) throws -> LicenceTerms {
    let known = uses.compactMap { Use(name: $0) }
    guard known.count == uses.count, !known.isEmpty, let place = Territory(territory),
      let start = Timestamp.parse(from), let end = Timestamp.parse(until), start < end,
      let unit = try? Currency(currency ?? "CNY"), (price ?? 0) >= 0, (royaltyPPM ?? 0) <= Shares.whole
    else {
      throw Problem(
        .badRequest, code: "malformed", "The licence's uses, territory, times, currency or sums cannot be read.")
    }
    return LicenceTerms(
      work: work, licensee: licensee, uses: Uses(known), territory: place, from: start, until: end,
      isExclusive: exclusive ?? false, isSublicensable: sublicensable ?? false, currency: unit, price: price ?? 0,
      royaltyPPM: royaltyPPM ?? 0, parent: parent)
  }
}

/// A transfer as it is posted; the price in minor units.
private struct TransferBody: Decodable {
  let from: String
  let to: String
  let ppm: UInt64
  let reason: String?
  let price: Int64?
  let currency: String?
  let document: String?

  func transfer(of work: String) throws -> ShareTransfer {
    let why = reason ?? "contract"
    guard let kind = ShareTransfer.Reason.allCases.first(where: { $0.name == why }),
      let unit = try? Currency(currency ?? "CNY"), (price ?? 0) >= 0
    else { throw Problem(.badRequest, code: "malformed", "The transfer's reason, currency or price cannot be read.") }
    return ShareTransfer(
      work: work, from: from, to: to, ppm: ppm, reason: kind, price: price ?? 0, currency: unit,
      document: document.flatMap { Digest(hex: $0) })
  }
}

/// A royalty report as it is posted; the revenue in minor units.
private struct RoyaltyBody: Decodable {
  let licence: UInt64
  let period: String
  let revenue: Int64
}

/// A dispute as it is posted.
private struct DisputeBody: Decodable {
  let claimant: String
  let reason: String
}

/// A step as it is posted; the document as its SHA-256.
private struct StepBody: Decodable {
  let step: String
  let reason: String
  let document: String?
}
