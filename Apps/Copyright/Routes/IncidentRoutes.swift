import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights

/// Incidents: lists and single ones, the steps in them, their evidence.
extension RightsServer {
  /// Incidents that the board shows.
  static let incidentsShown = 300

  func addIncidents(to router: Router<LedgerRequestContext>) {
    router.get("incidents") { request, context in
      let view = try head(context)
      let work = Self.query("work", request)
      guard try Self.isPage(request) else {
        return try Reply.json(try CopyrightApp.incidents(of: work, in: view))
      }
      let prefix = work.map { CopyrightContract.workIncidents.prefix(.sha256($0)) }
      let all = prefix ?? CopyrightContract.incidents.prefix()
      let list = try Self.newest(all, Self.incidentsShown, view).compactMap { Incident(reading: $0.value) }
      let content = try IncidentsPage(list, all: try view.count(all), of: work, view)
      return server.page(Page("Incidents", template: "incidents", content: content), to: request)
    }
    router.get("incidents/{incident}") { request, context in
      let entry = try Self.number("incident", context)
      switch try Self.kind(request) {
      case "text/html": return try incidentPage(entry, request, context)
      case Self.proofType:
        return try proof("incident-\(entry)", context) { view throws(LedgerError) in
          try IncidentQuestion(entry).request(in: view)
        }
      default: return try Reply.json(IncidentAnswer(try incident(entry, try head(context))))
      }
    }
    router.get("incidents/{incident}/incident.proof") { _, context in
      let entry = try Self.number("incident", context)
      return try proof("incident-\(entry)", context) { view throws(LedgerError) in
        try IncidentQuestion(entry).request(in: view)
      }
    }
    router.get("incidents/{incident}/thumbnail") { _, context in
      let view = try head(context)
      let found = try incident(try Self.number("incident", context), view)
      guard let sighting = Self.document(Sighting.self, at: found.entry, view) else {
        return try Self.picture(nil)
      }
      return try Self.picture(kept(sighting.subject, sighting.file, view))
    }
    router.post("incidents/{incident}/steps") { request, context in
      let entry = try Self.number("incident", context)
      return try await state(try await Self.body(StepBody.self, request).step(in: entry), context)
    }
    router.get("incidents/{incident}/evidence") { _, context in
      try await evidence(try Self.number("incident", context), context.caller)
    }
    addIncidentForms(to: router)
  }

  /// What a browser posts: the token is a field, and answers are pages.
  private func addIncidentForms(to router: Router<LedgerRequestContext>) {
    router.post("incidents/{incident}/forms/step") { request, context in
      let entry = try Self.number("incident", context)
      let form = try await FormBody(request, upTo: 64 << 10)
      do {
        let step = try StepBody(
          step: form["step"] ?? "", reason: form["reason"] ?? "", document: form["document"]
        ).step(in: entry)
        _ = try await Self.place(desk(caller(of: form["token"])).state(step))
      } catch let problem as Problem {
        return try incidentPage(entry, request, context, fault: problem)
      }
      return Response(status: .seeOther, headers: [.location: "/incidents/\(entry)", .cacheControl: "no-store"])
    }
    router.post("incidents/{incident}/forms/evidence") { request, context in
      let entry = try Self.number("incident", context)
      let form = try await FormBody(request, upTo: 64 << 10)
      do { return try await evidence(entry, try caller(of: form["token"])) } catch let problem as Problem {
        return try incidentPage(entry, request, context, fault: problem)
      }
    }
  }

  private func incidentPage(
    _ entry: UInt64, _ request: Request, _ context: LedgerRequestContext, fault: Problem? = nil
  ) throws -> Response {
    let view = try head(context)
    let content = try IncidentPage(try incident(entry, view), view, self, fault: fault?.detail)
    var response = server.page(
      Page("Incident \(entry)", template: "incident", content: content), to: request)
    if let fault { response.status = fault.status }
    return response
  }

  /// The evidence package of an incident, for the member whose node this is.
  private func evidence(_ entry: UInt64, _ caller: Caller?) async throws -> Response {
    let desk = try desk(caller)
    _ = try incident(entry, server.node.head)
    let package: EvidencePackage
    do {
      let authority = try TimeStampAuthority.configured()
      package = try await desk.evidence(
        entry, tools: Hashing.tools
      ) { proof in try await authority?.stamp(proof) }
    } catch let error as LedgerError { throw Problem(error) }
    return Self.download(package.encoded(), type: Self.evidenceType, name: "incident-\(entry).evidence")
  }
}
