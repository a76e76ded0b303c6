internal import Primitives
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Logging
internal import NIOHTTP1
internal import Synchronization

/// The outermost layer: counts, bounds the URI, and makes a problem of every error.
struct FrontMiddleware: RouterMiddleware {
  typealias Context = LedgerRequestContext

  let server: ServerContext
  let options: LedgerApplication.Options
  let methods: MethodTable

  func handle(
    _ request: Request, context: LedgerRequestContext,
    next: (Request, LedgerRequestContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    let inFlight = server.metrics.begin()
    var status = 499
    defer {
      let passed = start.duration(to: .now).components
      server.metrics.end(
        route: context.endpointPath ?? "none", method: FrontMiddleware.label(request.method), status: status,
        seconds: Double(passed.seconds) + Double(passed.attoseconds) * 1e-18)
    }
    var response: Response
    do {
      guard request.uri.string.utf8.count <= options.uriBytes else {
        throw Problem(.uriTooLong, code: "limit", "The path and query have more than \(options.uriBytes) bytes.")
      }
      guard inFlight <= options.requests || FrontMiddleware.isForOperators(request) else {
        throw Problem(
          .serviceUnavailable, code: "busy",
          "\(options.requests) requests are being answered, which is the limit. Send this one again in a second.",
          headers: [.retryAfter: "1"])
      }
      response = try await next(request, context)
    } catch let error as HTTPParserError {
      throw error
    } catch let error as CancellationError {
      throw error
    } catch {
      let problem = explain(error, request, context)
      if problem.status.code >= 500 { server.logger.error("\(request.method) \(request.uri.path): \(error)") }
      response = isConcise(request) ? problem.conciseResponse : problem.response
      if request.method == .head { response = response.createHeadResponse() }
    }
    status = response.status.code
    response.headers[.xContentTypeOptions] = "nosniff"
    return response
  }

  /// Operators see how a server that is full is doing.
  private static func isForOperators(_ request: Request) -> Bool {
    ["/healthz", "/readyz", "/metrics"].contains(request.uri.path)
  }

  /// Whether a problem is told in CBOR: on SCRAPI's resources, to clients that do not like JSON better.
  private func isConcise(_ request: Request) -> Bool {
    let path = request.uri.path
    guard path == "/entries" || path.hasPrefix("/entries/") || path.hasPrefix("/.well-known/scitt-keys") else {
      return false
    }
    let concise = "application/concise-problem-details+cbor"
    return request.preferred(of: [concise, "application/problem+json", "application/json"]) == concise
  }

  private func explain(_ error: any Error, _ request: Request, _ context: LedgerRequestContext) -> Problem {
    guard let error = error as? HTTPError, error.status == .notFound, context.endpointPath == "NotFound" else {
      return Problem(error)
    }
    let allowed = methods.methods(for: request.uri.path)
    guard !allowed.isEmpty else {
      return Problem(.notFound, code: "no-such-route", "There is nothing at this path.")
    }
    let names = allowed.joined(separator: ", ")
    return Problem(
      .methodNotAllowed, code: "method-not-allowed", "This path takes \(names).", headers: [.allow: names])
  }

  /// The method as a label: whatever a client makes up counts as "other".
  private static func label(_ method: HTTPRequest.Method) -> String {
    let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .options, .patch]
    return known.contains(method) ? method.rawValue : "other"
  }
}

/// The methods that each path takes, for 405.
final class MethodTable: Sendable {
  private let routes = Mutex<[(path: [Substring], method: String)]>([])

  func set(_ all: [(path: String, method: HTTPRequest.Method)]) {
    routes.withLock { $0 = all.map { ($0.path.split(separator: "/"), $0.method.rawValue) } }
  }

  func methods(for path: String) -> [String] {
    let parts = path.split(separator: "/")
    let found = routes.withLock { routes in
      Set(routes.filter { MethodTable.matches(parts, $0.path) }.map(\.method))
    }
    return (found.contains("GET") ? found.union(["HEAD"]) : found).sorted()
  }

  private static func matches(_ parts: [Substring], _ pattern: [Substring]) -> Bool {
    if pattern.last?.hasPrefix("**") == true {
      let fixed = pattern.dropLast()
      return parts.count > fixed.count && matches(Array(parts.prefix(fixed.count)), Array(fixed))
    }
    guard parts.count == pattern.count else { return false }
    return zip(parts, pattern).allSatisfy { part, pattern in
      pattern.contains("{") || pattern.contains("*") || part == pattern
    }
  }
}

/// Says who asks: a bearer token of this server, or nobody.
///
/// A token that is none of this server's is an error, so that nobody takes an answer for the whole when the token was
/// mistyped or revoked.
struct CallerMiddleware: RouterMiddleware {
  typealias Context = LedgerRequestContext

  let server: ServerContext

  func handle(
    _ request: Request, context: LedgerRequestContext,
    next: (Request, LedgerRequestContext) async throws -> Response
  ) async throws -> Response {
    guard let header = request.headers[.authorization] else { return try await next(request, context) }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer", let caller = server.tokens?.check(String(parts[1]))
    else { throw Problem.tokenNeeded("The token is unknown here or has been revoked. Ask this member for another.") }
    if caller.role == .member, server.node.head.configuration.member(caller.name) == nil {
      throw Problem.tokenNeeded("\(caller.name) is no member of this ledger any more; its token is void.")
    }
    var context = context
    context.caller = caller
    return try await next(request, context)
  }
}
