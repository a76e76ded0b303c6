internal import CBOR
internal import COSE
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Primitives

/// Registering statements and asking for their receipts: SCITT SCRAPI (draft-ietf-scitt-scrapi, sections 2.3 to 2.5).
///
/// A client that asks for `application/cose`, or for nothing in particular, gets what SCRAPI says: 201 or 200 with the
/// receipt, 303 or 302 while a quorum has not co-signed yet, problems in CBOR. One that asks for `application/json`
/// gets words at once.
struct EntryRoutes: Sendable {
  static let cose = "application/cose"

  let server: ServerContext
  let options: LedgerApplication.Options

  func add(to router: Router<LedgerRequestContext>) {
    router.post("entries") { request, _ in try await register(request) }
    router.get("entries/{id}") { request, context in
      guard let text = context.parameters.get("id"), let id = Digest(hex: text) else {
        throw Problem(.badRequest, code: "malformed", "A statement's id is 64 hexadecimal digits.")
      }
      return try await look(id, request, context.caller)
    }
  }

  private struct Answer: Encodable {
    let entryId: String
    let index: UInt64
    let status: String
    var final: Bool
    var code: String?
    var message: String?
  }

  // MARK: Registering

  private func register(_ request: Request) async throws -> Response {
    guard request.mediaType == EntryRoutes.cose else {
      throw Problem(
        .unsupportedMediaType, code: "media-type", "A signed statement is posted as application/cose (COSE_Sign1).")
    }
    let isReceiptWanted = try isReceiptWanted(request)
    let entry = try await request.bytes(upTo: Limits.entryBytes)
    guard let outcome = try await server.submit([entry]).first else {
      throw Problem(.internalServerError, code: "internal", "The statement got no outcome.")
    }
    let id = try StatementContent(entry).id
    let answer: Answer
    switch outcome {
    case .accepted(let index):
      answer = Answer(entryId: id.hex, index: index, status: "accepted", final: isFinal(index))
    case .refused(let index, let refusal):
      answer = Answer(
        entryId: id.hex, index: index, status: "refused", final: isFinal(index), code: refusal.code,
        message: refusal.message.english)
    case .duplicate(let index):
      answer = Answer(entryId: id.hex, index: index, status: "duplicate", final: isFinal(index))
    case .rejected(let error): throw error
    }
    guard isReceiptWanted, let receipts = server.receipts else { return try json(answer, status: .created) }
    if let code = answer.code {
      // It is on record; its receipt must not be taken for consent, so who wants it asks for it.
      throw Problem(
        .badRequest, code: "refused",
        "Entry \(answer.index) is in the log, and was refused (\(code)): \(answer.message ?? "")",
        headers: [.location: location(answer)])
    }
    guard let final = await final(holding: answer.index) else { return pending(answer, status: .seeOther) }
    return receipt(try receipts(final, answer.index), answer, status: .created)
  }

  /// The newest final view once it has the entry; nil when that takes longer than a registration waits.
  private func final(holding index: UInt64) async -> LedgerView? {
    let end = ContinuousClock.now + .milliseconds(options.registrationMilliseconds)
    while true {
      if let view = server.node.final?.view, index < view.size { return view }
      guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(10))) != nil else { return nil }
    }
  }

  // MARK: Asking

  private func look(_ id: Digest, _ request: Request, _ caller: Caller?) async throws -> Response {
    try server.requireReader(caller)
    let isReceiptWanted = try isReceiptWanted(request)
    let view = server.node.head
    guard let index = try view.index(of: id), let entry = try view.entry(index) else {
      throw Problem(.notFound, code: "not-found", "The log has no statement \(id.hex).")
    }
    try server.requireReader(caller, of: view.readers(of: entry, by: try server.rules(of: view)))
    try await server.note(caller, reads: .statement(entry))
    let seal = try view.seal(holding: index)
    let code = seal.flatMap { seal in seal.refused.first { seal.first + $0.offset == index }?.code }
    let answer = Answer(
      entryId: id.hex, index: index, status: code == nil ? "accepted" : "refused", final: isFinal(index), code: code)
    guard isReceiptWanted, let receipts = server.receipts else { return try json(answer, status: .ok) }
    guard let final = server.node.final?.view, index < final.size else { return pending(answer, status: .found) }
    return receipt(try receipts(final, index), answer, status: .ok)
  }

  private func isFinal(_ index: UInt64) -> Bool { index < server.node.final?.view.size ?? 0 }

  // MARK: Answers

  private func isReceiptWanted(_ request: Request) throws(Problem) -> Bool {
    let offers = server.receipts == nil ? ["application/json"] : [EntryRoutes.cose, "application/json"]
    return try request.negotiated(of: offers) == EntryRoutes.cose
  }

  private func location(_ answer: Answer) -> String { "\(options.publicURL)/entries/\(answer.entryId)" }

  private func json(_ answer: Answer, status: HTTPResponse.Status) throws -> Response {
    var response = try Reply.json(answer, status: status)
    response.headers[.location] = location(answer)
    return response
  }

  private func receipt(_ bytes: [UInt8], _ answer: Answer, status: HTTPResponse.Status) -> Response {
    var response = Reply.bytes(bytes, type: EntryRoutes.cose, status: status)
    response.headers[.location] = location(answer)
    if let code = answer.code { response.headers[.outcome] = "refused; code=\(code)" }
    return response
  }

  private func pending(_ answer: Answer, status: HTTPResponse.Status) -> Response {
    var response = Reply.bytes([], type: EntryRoutes.cose, status: status)
    response.headers[.location] = location(answer)
    response.headers[.retryAfter] = "1"
    return response
  }
}

extension HTTPField.Name {
  /// Beside a receipt: what became of the statement, where it was refused.
  fileprivate static let outcome = HTTPField.Name("Ledger-Outcome") ?? .server
}
