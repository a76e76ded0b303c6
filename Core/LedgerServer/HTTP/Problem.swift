internal import CBOR
public import HTTPTypes
public import Hummingbird
public import Ledger
public import Primitives
internal import FoundationEssentials
internal import NIOCore

/// An error as HTTP gives it to a client: application/problem+json (RFC 9457).
///
/// The type is `about:blank`, so the title is the status's own phrase; `code` is an extension for programs.
public struct Problem: Error, HTTPResponseError, Equatable {
  /// The HTTP status.
  public var status: HTTPResponse.Status
  /// What went wrong, for programs: lower-case words joined by hyphens.
  public var code: String
  /// One sentence for people: what happened and what to do next.
  public var detail: Message
  /// Further headers, such as `Retry-After`.
  public var headers: HTTPFields

  /// A problem.
  public init(_ status: HTTPResponse.Status, code: String, _ detail: Message, headers: HTTPFields = [:]) {
    self.status = status
    self.code = code
    self.detail = detail
    self.headers = headers
  }

  /// The problem that a ledger's error is to a client.
  ///
  /// What is wrong with the node itself is said in general terms; paths of its files stay in its own log.
  public init(_ error: LedgerError) {
    switch error.kind {
    case .malformed, .notAuthentic: self.init(.badRequest, code: error.kind.rawValue, error.message)
    case .limit: self.init(.contentTooLarge, code: error.kind.rawValue, error.message)
    case .refused: self.init(.conflict, code: error.kind.rawValue, error.message)
    case .notFound: self.init(.notFound, code: error.kind.rawValue, error.message)
    case .unavailable, .busy:
      let isOwnFile = error.message.contains(".sqlite")
      self.init(
        .serviceUnavailable, code: error.kind.rawValue,
        isOwnFile ? "This node cannot use its store at the moment. Try again, or ask its operator." : error.message,
        headers: [.retryAfter: "1"])
    case .diverged, .damaged, .notProved:
      self.init(
        .internalServerError, code: error.kind.rawValue,
        "This node has stopped: its copy is damaged or differs from the others'. Its operator finds the reason in "
          + "its log; ask another member's node.")
    }
  }

  /// 401: a token is needed, or the one given is none of this server's.
  static func tokenNeeded(_ detail: Message) -> Problem {
    Problem(.unauthorized, code: "token-needed", detail, headers: [.wwwAuthenticate: "Bearer"])
  }

  /// The problem that any error is to a client.
  init(_ error: any Error) {
    switch error {
    case let error as Problem: self = error
    case let error as LedgerError: self.init(error)
    case is NIOTooManyBytesError:
      self.init(.contentTooLarge, code: "limit", "The request's body is larger than this route takes.")
    case let error as HTTPError:
      self.init(
        error.status, code: Problem.code(error.status),
        error.body.map { Message($0) } ?? "\(error.status.reasonPhrase).",
        headers: error.headers)
    case let error as any HTTPResponseError:
      self.init(error.status, code: Problem.code(error.status), "\(error.status.reasonPhrase).")
    default: self.init(.internalServerError, code: "internal", "The request could not be answered.")
    }
  }

  private static func code(_ status: HTTPResponse.Status) -> String {
    status.reasonPhrase.lowercased().replacing(" ", with: "-")
  }

  private struct Body: Encodable {
    let type = "about:blank"
    let title: String
    let status: Int
    let detail: String
    let code: String
  }

  /// The problem details in JSON (RFC 9457).
  var json: [UInt8] {
    let body = Body(
      title: Message(status.reasonPhrase).text(in: .current), status: status.code, detail: detail.text(in: .current),
      code: code)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(body)).map { Array($0) } ?? []
  }

  /// The concise problem details in CBOR (RFC 9290): title −1 and detail −2, as SCRAPI asks for them.
  var cbor: [UInt8] {
    var writer = CBORWriter()
    writer.map(2)
    writer.int(-1)
    writer.text(title.text(in: .current))
    writer.int(-2)
    writer.text(detail.text(in: .current))
    return writer.bytes
  }

  /// The title that SCRAPI names for this, else the status's own phrase.
  private var title: Message {
    switch code {
    case "malformed": "Malformed request"
    case "not-authentic", "refused": "Rejected"
    default: Message(status.reasonPhrase)
    }
  }

  /// The answer in JSON.
  var response: Response { response(json, "application/problem+json") }

  /// The answer in CBOR, which SCRAPI's resources give unless the client prefers JSON.
  var conciseResponse: Response { response(cbor, "application/concise-problem-details+cbor") }

  private func response(_ body: [UInt8], _ type: String) -> Response {
    var response = Reply.bytes(body, type: type, status: status)
    for field in headers { response.headers[field.name] = field.value }
    return response
  }

  /// The answer.
  public func response(from request: Request, context: some RequestContext) throws -> Response { response }
}
