import Edge
import EdgeIntake
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LedgerServer
import NIOCore
import Primitives
import SmartCity
import Testing

/// The caller of a request as its token would say: here, the token itself.
private struct NamedCaller: RouterMiddleware {
  func handle(
    _ request: Request, context: LedgerRequestContext, next: (Request, LedgerRequestContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    context.caller = request.headers[.authorization].map { Caller(name: String($0.dropFirst(7)), role: .reader) }
    return try await next(request, context)
  }
}

@Suite("POST /edge/readings")
struct HTTPIntakeTests {
  private func app(_ kit: IntakeKit) -> some ApplicationProtocol {
    let router = Router(context: LedgerRequestContext.self)
    router.add(middleware: NamedCaller())
    EdgeRoutes.add(to: router, kit.intake)
    return Application(router: router)
  }

  @Test("takes COSE from anybody, SenML from a bridge, and answers for each message")
  func all() async throws {
    let kit = try IntakeKit()
    try await app(kit).test(.router) { client in
      func post(
        _ body: [UInt8], _ type: String, token: String? = nil, accept: String? = nil, slice: String = ""
      ) async throws -> TestResponse {
        var headers: HTTPFields = [.contentType: type]
        if let token { headers[.authorization] = "Bearer \(token)" }
        if let accept { headers[.accept] = accept }
        return try await client.execute(
          uri: "/edge/readings\(slice)", method: .post, headers: headers, body: ByteBuffer(bytes: body))
      }
      let first = try await post(kit.sequence(4) + [0x01], "application/cose")
      #expect(first.status == .ok && first.headers[.contentType] == "application/json")
      let answer = try #require(
        try JSONSerialization.jsonObject(with: Data(Array(first.body.readableBytesView))) as? [String: Any])
      #expect(answer["accepted"] as? Int == 4 && answer["refused"] as? Int == 1)
      let outcomes = try #require(answer["outcomes"] as? [[String: String]])
      #expect(outcomes.count == 5 && outcomes[4] == ["refused": "malformed"])
      let again = try await post(
        kit.sequence(4), "application/cose", accept: "application/cbor", slice: "?slice=critical")
      #expect(again.headers[.contentType] == "application/cbor")
      #expect(Array(again.body.readableBytesView).prefix(3) == [0x84, 0x83, 0x01])

      let json = Array(#"[{"n":"a","u":"Cel","v":1}]"#.utf8)
      #expect(try await post(json, "application/senml+json").status == .unauthorized)
      #expect(try await post(json, "application/senml+json", token: "other").status == .forbidden)
      #expect(try await post(json, "application/senml+json; charset=utf-8", token: "bridge-1").status == .ok)
      let cbor: [UInt8] = [0x81, 0xa2, 0x00, 0x61, 0x61, 0x02, 0x01]
      #expect(try await post(cbor, "application/senml+cbor", token: "bridge-1").status == .ok)
      #expect(try await post(json, "application/senml+cbor", token: "bridge-1").status == .badRequest)
      #expect(try await post(json, "application/json", token: "bridge-1").status == .unsupportedMediaType)
      #expect(try await post(json, "application/cose", slice: "?slice=now").status == .badRequest)
      #expect(try await post(json, "application/cose", accept: "text/html").status == .notAcceptable)
      let large = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
      #expect(try await post(large, "application/senml+json", token: "bridge-1").status == .contentTooLarge)
      #expect(await kit.gateway.counters.accepted == 6)
    }
  }

  @Test("is 503 with a time for the next try while the queue is full, and alarms still come in")
  func busy() async throws {
    let kit = try IntakeKit(queue: 100)
    try await app(kit).test(.router) { client in
      try await kit.gateway.withRoomTaken(60) {
        func post(_ slice: String, _ count: Int, from: Int) async throws -> TestResponse {
          try await client.execute(
            uri: "/edge/readings?slice=\(slice)", method: .post, headers: [.contentType: "application/cose"],
            body: ByteBuffer(bytes: kit.sequence(count, from: from)))
        }
        for slice in ["background", "ordinary"] {
          let refused = try await post(slice, 20, from: 0)
          #expect(refused.status == .serviceUnavailable && refused.headers[.retryAfter] == "1", "\(slice)")
        }
        #expect(kit.gateway.hasRoom(for: 20, slice: .critical) && !kit.gateway.hasRoom(for: 41, slice: .critical))
        #expect(kit.gateway.hasRoom(for: 1000, slice: .alarm))
      }
      let after = try await client.execute(
        uri: "/edge/readings?slice=alarm", method: .post, headers: [.contentType: "application/cose"],
        body: ByteBuffer(bytes: kit.sequence(20)))
      #expect(after.status == .ok)
    }
  }
}
