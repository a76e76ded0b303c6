internal import CBOR
internal import COSE
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Primitives

/// Registering statements and asking for their receipts, in the shape of SCITT SCRAPI (draft-ietf-scitt-scrapi).
struct EntryRoutes: Sendable {
  static let cose = "application/cose"

  let server: ServerContext

  func add(to router: Router<LedgerRequestContext>) {
    router.post("entries") { request, _ in try await register(request) }
    router.get("entries/{id}") { request, context in
      guard let text = context.parameters.get("id"), let id = Digest(hex: text) else {
        throw Problem(.badRequest, code: "malformed", "A statement's id is 64 hexadecimal digits.")
      }
      return try look(id, request, context.caller)
    }
    router.get(".well-known/scitt-configuration") { request, _ in try configuration(request) }
    router.get(".well-known/scitt-keys") { _, _ in try keys() }
  }

  // MARK: Entries

  private struct Answer: Encodable {
    let entryId: String
    let index: UInt64
    let status: String
    var final: Bool
    var code: String?
    var message: Message?
  }

  private func register(_ request: Request) async throws -> Response {
    guard request.mediaType == EntryRoutes.cose else {
      throw Problem(
        .unsupportedMediaType, code: "media-type", "A signed statement is posted as application/cose (COSE_Sign1).")
    }
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
        message: refusal.message)
    case .duplicate(let index):
      answer = Answer(entryId: id.hex, index: index, status: "duplicate", final: isFinal(index))
    case .rejected(let error): throw error
    }
    return try reply(answer, request, status: .created)
  }

  private func look(_ id: Digest, _ request: Request, _ caller: Caller?) throws -> Response {
    try server.requireReader(caller)
    let view = server.node.head
    guard let index = try view.index(of: id), let entry = try view.entry(index) else {
      throw Problem(.notFound, code: "not-found", "The log has no statement \(id.hex).")
    }
    try server.requireReader(caller, of: view.readers(of: entry, by: try server.rules(of: view)))
    let seal = try view.seal(holding: index)
    let code = seal.flatMap { seal in seal.refused.first { seal.first + $0.offset == index }?.code }
    return try reply(
      Answer(
        entryId: id.hex, index: index, status: code == nil ? "accepted" : "refused", final: isFinal(index), code: code),
      request, status: .ok)
  }

  private func isFinal(_ index: UInt64) -> Bool { index < server.node.final?.view.size ?? 0 }

  /// The receipt where it is asked for and can be made, "still running" where it cannot yet, else JSON.
  private func reply(_ answer: Answer, _ request: Request, status: HTTPResponse.Status) throws -> Response {
    let location = "/entries/\(answer.entryId)"
    var response: Response
    let isReceiptWanted = request.preferred(of: ["application/json", EntryRoutes.cose]) == EntryRoutes.cose
    if isReceiptWanted, let receipts = server.receipts {
      if let final = server.node.final, answer.index < final.view.size {
        response = Reply.bytes(try receipts(final.view, answer.index), type: EntryRoutes.cose, status: status)
      } else {
        response = try Reply.json(answer, status: .accepted)
        response.headers[.retryAfter] = "1"
      }
    } else if isReceiptWanted, request.method == .get {
      throw Problem(.notAcceptable, code: "no-receipts", "This node makes no receipts; ask for application/json.")
    } else {
      response = try Reply.json(answer, status: status)
    }
    response.headers[.location] = location
    return response
  }

  // MARK: What the service is

  private struct ConfigurationAnswer: Encodable {
    let issuer: String
    let registrationEndpoint = "/entries"
    let keysEndpoint = "/.well-known/scitt-keys"
    let supportedSignatureAlgorithms: [String]
    let logHash = "RFC9162_SHA256"
    let quorum: Int
    let members: [String]
  }

  private func configuration(_ request: Request) throws -> Response {
    let configuration = server.node.head.configuration
    let answer = ConfigurationAnswer(
      issuer: server.node.genesis.origin, supportedSignatureAlgorithms: configuration.algorithms.map(EntryRoutes.name),
      quorum: configuration.quorum, members: configuration.members.map(\.name))
    if request.preferred(of: ["application/cbor", "application/json"]) == "application/json" {
      return try Reply.json(answer, caching: .check)
    }
    let map: CBORValue = [
      "issuer": .text(answer.issuer), "registrationEndpoint": .text(answer.registrationEndpoint),
      "keysEndpoint": .text(answer.keysEndpoint),
      "supportedSignatureAlgorithms": .array(configuration.algorithms.map { .int(Int64($0.rawValue)) }),
      "logHash": .text(answer.logHash), "quorum": .unsigned(UInt64(answer.quorum)),
      "members": .array(answer.members.map { .text($0) }),
    ]
    return Reply.bytes(try map.encoded(), type: "application/cbor", caching: .check)
  }

  private static func name(_ algorithm: Algorithm) -> String {
    switch algorithm {
    case .es256: "ES256"
    case .edDSA: "EdDSA"
    }
  }

  /// The COSE_KeySet (RFC 9052 §7) of the members' log keys, each with its key id.
  private func keys() throws -> Response {
    let keys = try server.node.head.configuration.members.map { member -> CBORValue in
      let key = try PublicKey(ed25519: member.logKey)
      guard case .map(let pairs) = try CBORValue(decoding: key.coseKey) else { return .null }
      return .map(pairs.filter { $0.key != 2 } + [CBORValue.Pair(2, .bytes(key.id.bytes))])
    }
    return Reply.bytes(try CBORValue.array(keys).encoded(), type: "application/cbor", caching: .check)
  }
}
