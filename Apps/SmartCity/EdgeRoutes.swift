import Edge
package import EdgeIntake
import HTTPTypes
package import Hummingbird
import Ledger
package import LedgerServer
import NIOCore
import Primitives

/// Readings over HTTP: `POST /edge/readings`.
///
/// A body is `application/cose`, one message of a device or a CBOR sequence of them, from anybody: each message proves its
/// sender itself. Or it is a SenML pack, `application/senml+json` or `application/senml+cbor`, from a bridge with a token of
/// its name. `?slice=alarm`, `critical`, `ordinary` or `background` says how urgent it is.
///
/// Where several gateways are served, `?gateway=NAME` says which one; a bridge's token says it as well.
///
/// The answer, 200, says what became of each message once all are durable: JSON, or CBOR for `Accept: application/cbor`. While
/// the gateway's queue has no room for the class the answer is 503 with `Retry-After`, and nothing was taken.
package enum EdgeRoutes {
  /// Adds the route to a server's router.
  package static func add(to router: Router<LedgerRequestContext>, _ intakes: EdgeIntake...) {
    add(to: router, intakes)
  }

  /// Adds the route to a server's router, for several gateways.
  package static func add(to router: Router<LedgerRequestContext>, _ intakes: [EdgeIntake]) {
    router.post("edge/readings") { request, context in
      try await take(request, context, try choose(request, context, intakes))
    }
  }

  private static func choose(
    _ request: Request, _ context: LedgerRequestContext, _ intakes: [EdgeIntake]
  ) throws -> EdgeIntake {
    if let name = request.uri.queryParameters["gateway"].map(String.init) {
      guard let found = intakes.first(where: { $0.gateway.name == name }) else {
        throw Problem(.notFound, code: "no-gateway", "No gateway of this name is served here.")
      }
      return found
    }
    if intakes.count == 1 { return intakes[0] }
    let own = intakes.filter { intake in context.caller.map { intake.bridges[$0.name] != nil } ?? false }
    guard own.count == 1 else {
      let names = intakes.map(\.gateway.name).joined(separator: ", ")
      throw Problem(
        .badRequest, code: "gateway-needed", "Several gateways are served here. Say which: ?gateway=, one of \(names).")
    }
    return own[0]
  }

  private static func take(
    _ request: Request, _ context: LedgerRequestContext, _ intake: EdgeIntake
  ) async throws -> Response {
    guard let media = IntakeMedia(rawValue: request.mediaType) else {
      throw Problem(
        .unsupportedMediaType, code: "media-type",
        "Readings are posted as application/cose, application/senml+json or application/senml+cbor.")
    }
    let name = request.uri.queryParameters["slice"].map(String.init) ?? IntakeClass.ordinary.name
    guard let slice = IntakeClass(name: name) else {
      throw Problem(.badRequest, code: "slice", "A slice is alarm, critical, ordinary or background.")
    }
    if media != .cose {
      guard let caller = context.caller else {
        throw Problem(
          .unauthorized, code: "token-needed",
          "Plain SenML is taken from a bridge of this gateway. Send its token: Authorization: Bearer ts_…",
          headers: [.wwwAuthenticate: "Bearer"])
      }
      guard intake.bridges[caller.name] != nil else {
        throw Problem(.forbidden, code: "no-bridge", "\(caller.name) is no bridge of this gateway.")
      }
    }
    let isCBOR = try request.negotiated(of: ["application/json", "application/cbor"]) == "application/cbor"
    let body = try await request.bytes(upTo: media.bodyBytes)
    do {
      let answer = try await intake.take(body, media, from: context.caller?.name, slice: slice)
      var response = Reply.bytes(
        isCBOR ? answer.cbor : answer.json, type: isCBOR ? "application/cbor" : "application/json")
      if let acknowledgement = answer.acknowledgement {
        response.headers[acknowledgementField] = Base64URL.encode(acknowledgement)
      }
      return response
    } catch let error as IntakeError { throw problem(error) } catch let error as EdgeError { throw problem(error) }
  }

  /// The gateway's signed acknowledgement, in base64url: also beside an answer in CBOR.
  private static let acknowledgementField: HTTPField.Name = {
    guard let name = HTTPField.Name("Edge-Acknowledgement") else { preconditionFailure("the name is a token") }
    return name
  }()

  private static func problem(_ error: IntakeError) -> Problem {
    switch error.kind {
    case .malformed: Problem(.badRequest, code: error.kind.rawValue, error.message)
    case .limit: Problem(.contentTooLarge, code: error.kind.rawValue, error.message)
    case .noBridge: Problem(.forbidden, code: error.kind.rawValue, error.message)
    case .busy:
      Problem(
        .serviceUnavailable, code: error.kind.rawValue, error.message,
        headers: [.retryAfter: "\(IntakeError.retrySeconds)"])
    }
  }

  /// What went wrong is the gateway's own: its file's path stays here, and the sender tries again.
  private static func problem(_ error: EdgeError) -> Problem {
    Problem(
      .serviceUnavailable, code: error.kind.rawValue,
      "The gateway cannot take readings in at the moment. Send these again.", headers: [.retryAfter: "5"])
  }
}
