import EPCIS
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import NIOCore
import Primitives

/// The application's HTTP routes: capture, event lists and traces.
extension TraceabilityApp {
  static func addRoutes(to router: Router<LedgerRequestContext>, of server: ServerContext) {
    router.post("epcis/capture") { request, context in try await capture(request, context, server) }
    router.get("epcis/events") { request, context in
      try list(try query(request.uri.queryParameters), request, context, server)
    }
    router.get("epcis/epcs/{epc}/events") { request, context in
      var query = try query(request.uri.queryParameters)
      query.anyEPCs = [EPCIdentifier.canonical(try identifier(context.parameters.require("epc")))]
      return try list(query, request, context, server)
    }
    router.get("trace/{epc}") { request, context in try trace(request, context, server) }
  }

  /// Posts a document with a member's token; the member's own node signs. 202 as in EPCIS 2.0 §12.6.
  private static func capture(
    _ request: Request, _ context: LedgerRequestContext, _ server: ServerContext
  ) async throws -> Response {
    guard let signer = server.signer else {
      throw Problem(
        .serviceUnavailable, code: "no-signer", "This server signs nothing. Post to the member's own server.")
    }
    try signer.authorize(context.caller)
    let body = try await request.body.collect(upTo: 16 << 20)
    var capture = Capture(
      issuer: signer.member, key: signer.keys.statement, clock: signer.clock, claimIDs: SystemRandomNumberGenerator())
    let view = server.node.head
    let items: [Capture.Item]
    do {
      items = try capture.statements(for: Array(body.readableBytesView), name: "document") { digest in
        try view.value(TraceabilityContract.contexts.key(digest)) != nil
      }
    } catch let error as LedgerError {
      throw Problem(.badRequest, code: "epcisException:ValidationException", error.message)
    }
    let report = CaptureReport(items, try await server.submit(items.map(\.statement.entry)))
    var response = try json(report, status: .accepted)
    response.headers[gs1("GS1-EPCIS-Version")] = "2.0.0"
    response.headers[gs1("GS1-CBV-Version")] = "2.0.0"
    return response
  }

  private static func list(
    _ query: EventQuery, _ request: Request, _ context: LedgerRequestContext, _ server: ServerContext
  ) throws -> Response {
    try server.requireReader(context.caller)
    let limit = request.uri.queryParameters["perPage"].flatMap { Int($0) } ?? 1000
    guard (1...10_000).contains(limit) else {
      throw Problem(.badRequest, code: "epcisException:QueryParameterException", "perPage is 1 to 10000.")
    }
    let events = try server.node.head.events(query, limit: limit)
    let list = events.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: ",")
    let body = """
      {"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISQueryDocument",\
      "schemaVersion":"2.0","creationDate":"\(Timestamp.text(server.node.head.seal.time))","epcisBody":{"queryResults":\
      {"queryName":"SimpleEventQuery","resultsBody":{"eventList":[\(list)]}}}}
      """
    return Response(
      status: .ok, headers: [.contentType: "application/ld+json"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }

  private static func trace(
    _ request: Request, _ context: LedgerRequestContext, _ server: ServerContext
  ) throws -> Response {
    try server.requireReader(context.caller)
    let item = try identifier(context.parameters.require("epc"))
    guard
      let direction = Genealogy.Direction(rawValue: request.uri.queryParameters["direction"].map(String.init) ?? "both")
    else { throw Problem(.badRequest, code: "bad-direction", "direction is back, forward or both.") }
    if request.headers[.accept]?.contains("application/cbor") == true {
      let (_, bundle) = try Tracing.prove(item, direction, by: server.node)
      return Response(
        status: .ok, headers: [.contentType: "application/cbor"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: bundle.encoded())))
    }
    let trace = try Tracing.trace(item, direction, in: server.node.head)
    guard !trace.events.isEmpty else {
      throw Problem(.notFound, code: "unknown-item", "No event on this ledger names \(EPCIdentifier.canonical(item)).")
    }
    return try json(TraceText.Answer(trace), status: .ok)
  }

  /// The filters of EPCIS 2.0 §8.2.7.1 that are served here; lists are separated by '|'.
  private static func query(_ parameters: Parameters) throws -> EventQuery {
    var query = EventQuery()
    func list(_ name: String) -> [String] {
      parameters.getAll(name).flatMap { String($0).split(separator: "|").map { String($0) } }
    }
    func time(_ name: String) throws -> Int64? {
      guard let text = list(name).first else { return nil }
      guard let time = EventTime.milliseconds(text) else {
        throw Problem(
          .badRequest, code: "epcisException:QueryParameterException", "\(name) is an RFC 3339 time, not '\(text)'.")
      }
      return time
    }
    query.epcs = Set(list("MATCH_epc").map(EPCIdentifier.canonical))
    query.anyEPCs = Set(list("MATCH_anyEPC").map(EPCIdentifier.canonical))
    query.bizSteps = Set(list("EQ_bizStep"))
    query.from = try time("GE_eventTime")
    query.before = try time("LT_eventTime")
    return query
  }

  private static func identifier(_ text: String) throws -> String {
    guard let decoded = text.removingPercentEncoding, !decoded.isEmpty else {
      throw Problem(.badRequest, code: "bad-identifier", "The identifier in the path is not percent-encoded right.")
    }
    return decoded
  }

  private static func json(_ value: some Encodable, status: HTTPResponse.Status) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
  }

  private static func gs1(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .server }
}
