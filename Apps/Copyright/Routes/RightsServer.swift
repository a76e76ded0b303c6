import COSE
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights

/// What the application's routes share.
struct RightsServer: Sendable {
  let server: ServerContext
  let projection = Projection()
  let passages = PassageShelf()
  let uploads = UploadBoard()

  /// The media type of proofs.
  static let proofType = "application/vnd.tallystick.proof+cbor"
  /// The media type of evidence packages.
  static let evidenceType = "application/vnd.tallystick.evidence+cbor"
  /// Bytes of a JSON body.
  static let jsonBytes = 64 << 10

  init(_ server: ServerContext) { self.server = server }

  /// The newest state, for those who may read it.
  func head(_ context: LedgerRequestContext) throws -> LedgerView {
    try server.requireReader(context.caller)
    return server.node.head
  }

  // MARK: Stating

  /// The desk of the member whose node this is; throws unless the caller has its token.
  func desk(_ caller: Caller?) throws -> RightsDesk {
    guard let signer = server.signer else {
      throw Problem(
        .serviceUnavailable, code: "no-signer", "This server signs nothing. Post to the member's own server.")
    }
    try signer.authorize(caller)
    let server = server
    return RightsDesk(node: server.node, member: signer.member, key: signer.keys.statement, clock: signer.clock) {
      try await server.submit($0)
    }
  }

  /// States a document and answers 201 with its entry, or with the contract's refusal as a problem.
  func state(_ document: some RightsDocument, _ context: LedgerRequestContext) async throws -> Response {
    let place = try await Self.place(desk(context.caller).state(document))
    return try Reply.json(Placed(entry: place), status: .created)
  }

  /// The entry of what was carried out; the contract's refusal is a problem with its own code.
  static func place(_ outcome: Outcome) throws -> UInt64 {
    if case .refused(_, let refusal) = outcome { throw Problem(.conflict, code: refusal.code, refusal.message) }
    return try outcome.place()
  }

  /// Whose token a form has; a token that is none of this server's is a problem.
  func caller(of token: String?) throws -> Caller? {
    guard let token = token.map({ $0.trimmingCharacters(in: .whitespacesAndNewlines) }), !token.isEmpty else {
      return nil
    }
    guard let caller = server.tokens?.check(token) else {
      throw Problem(
        .unauthorized, code: "token-needed",
        "The token is unknown here or has been revoked. Ask this member for another.")
    }
    return caller
  }

  // MARK: Reading requests

  /// A part of the path, without its percent-encoding.
  static func part(_ name: String, _ context: LedgerRequestContext) throws -> String {
    guard let text = context.parameters.get(name)?.removingPercentEncoding, !text.isEmpty, text.utf8.count <= 512
    else { throw Problem(.badRequest, code: "malformed", "The name in the path is not percent-encoded right.") }
    return text
  }

  /// A number in the path.
  static func number(_ name: String, _ context: LedgerRequestContext) throws -> UInt64 {
    guard let number = UInt64(try part(name, context)) else {
      throw Problem(.badRequest, code: "malformed", "The path names an entry of the log by its number.")
    }
    return number
  }

  /// A value of the query; nil where it is missing or empty.
  static func query(_ name: String, _ request: Request) -> String? {
    request.uri.queryParameters[Substring(name)].map { String($0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The time in the query under `at`, milliseconds since 1970.
  static func time(_ request: Request) throws -> UInt64? {
    try query("at", request).map { text in
      guard let time = Timestamp.parse(text) else {
        throw Problem(.badRequest, code: "malformed", "'at' is an RFC 3339 time in UTC.")
      }
      return time
    }
  }

  /// A body in JSON.
  static func body<T: Decodable>(_ type: T.Type, _ request: Request) async throws -> T {
    let bytes = try await request.bytes(upTo: jsonBytes)
    do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
      throw Problem(.badRequest, code: "malformed", "The request's body is not the JSON that this route takes.")
    }
  }

  /// A file as the body, never empty.
  static func file(_ request: Request) async throws -> [UInt8] {
    let bytes = try await request.bytes(upTo: Limits.documentBytes)
    guard !bytes.isEmpty else {
      throw Problem(.badRequest, code: "malformed", "The body is empty; it is to be the file itself.")
    }
    return bytes
  }

  /// What looks at a file; what is wrong with the file is the client's fault, what it is follows from its bytes alone.
  static func hashing<T>(_ work: () throws(LedgerError) -> T) throws -> T {
    do { return try work() } catch { throw refusal(of: error) }
  }

  /// The problem that an error about a file is.
  static func refusal(of error: LedgerError) -> Problem {
    guard error.kind == .malformed else { return Problem(error) }
    return Problem(.unsupportedMediaType, code: "media-type", error.message)
  }

  // MARK: Answering

  /// Makes a proof and answers with it as a file to keep.
  func proof(_ name: String, _ context: LedgerRequestContext, _ make: (LedgerView) throws(LedgerError) -> ProofRequest)
    throws -> Response
  {
    let bundle = try server.prove(for: context.caller, make)
    return Self.download(bundle.encoded(), type: Self.proofType, name: name + ".proof")
  }

  /// Bytes as a file to keep.
  static func download(_ bytes: [UInt8], type: String, name: String) -> Response {
    var response = Reply.bytes(bytes, type: type)
    let safe = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) || ".-".contains($0) ? $0 : "-" })
    response.headers[.contentDisposition] = "attachment; filename=\"\(safe)\""
    return response
  }

  /// What a route with a page answers in.
  static func isPage(_ request: Request) throws -> Bool { try kind(request) == "text/html" }

  /// Which of page, JSON and proof a request likes best; nothing said means JSON.
  static func kind(_ request: Request) throws -> String {
    let types = ["application/json", "text/html", proofType, "application/cbor"]
    let type = try request.negotiated(of: types)
    return type == "application/cbor" ? proofType : type
  }

  // MARK: Reading the ledger

  /// A work's record, or 404.
  func work(_ id: String, _ view: LedgerView) throws -> WorkRecord {
    guard let record = WorkRecord(reading: try view.value(CopyrightContract.works.key(.sha256(id)))) else {
      throw Problem(.notFound, code: "not-found", "No work '\(id)' is registered on this ledger.")
    }
    return record
  }

  /// An incident, or 404.
  func incident(_ entry: UInt64, _ view: LedgerView) throws -> Incident {
    guard let found = Incident(reading: try view.value(CopyrightContract.incidents.key(order: entry))) else {
      throw Problem(.notFound, code: "not-found", "There is no incident \(entry).")
    }
    return found
  }

  /// The document of a statement in the log; nil where it is of another kind.
  static func document<D: RightsDocument>(_ type: D.Type, at entry: UInt64, _ view: LedgerView) -> D? {
    guard let bytes = try? view.entry(entry), let content = try? StatementContent(bytes),
      content.header.contentType == D.contentType
    else { return nil }
    return try? D(decoding: content.payload[...])
  }

  /// A work's whole history.
  static func history(_ work: String, _ view: LedgerView) throws -> RightsHistory {
    let prefixes = RightsHistory.prefixes(of: work)
    return RightsHistory(
      titles: try view.list(prefixes[0]), licences: try view.list(prefixes[1]), disputes: try view.list(prefixes[2]))
      ?? RightsHistory()
  }

  /// A document beside the log that was stated about a subject, found by its SHA-256; nil where it is not kept here.
  func kept(_ subject: String, _ digest: Digest, _ view: LedgerView) -> [UInt8]? {
    server.node.kept(about: subject, digest, in: view)
  }

  /// The last pairs of a list in its order, without reading the whole of it.
  static func newest(
    _ prefix: StatePrefix, _ limit: Int, _ view: LedgerView
  ) throws -> [(key: StateKey, value: [UInt8])] {
    var waiting = [prefix]
    var found: [[(key: StateKey, value: [UInt8])]] = []
    var count = 0
    while count < limit, let next = waiting.popLast() {
      let size = try view.count(next)
      if size == 0 { continue }
      let parts = size > limit ? try view.narrower(next).map(\.prefix) : []
      guard parts.count > 1 || parts.first.map({ $0.bytes.count > next.bytes.count }) == true else {
        let pairs = try view.list(next)
        count += pairs.count
        found.append(pairs)
        continue
      }
      waiting += parts.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
    return Array(found.reversed().joined().suffix(limit))
  }

  /// A text within a path or a query.
  static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(
      withAllowedCharacters: .urlHostAllowed.subtracting(CharacterSet(charactersIn: "&=+;,%'"))) ?? ""
  }

  /// The address of a work's page.
  static func path(_ work: String) -> String { "/works/" + escaped(work) }
}
