import ArgumentParser
import Edge
import Foundation
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// What the smart city's routes share.
struct CityServer: Sendable {
  let server: ServerContext
  /// The gateways beside the ledger; none where the server serves no data folder.
  let shelf: GatewayShelf?
  let board: CityBoard
  /// The gateways that run beside this server, and whether readings are open to everyone.
  let gateways: CityGateways?

  /// The media type of proofs.
  static let proofType = "application/vnd.tallystick.proof+cbor"

  init(_ server: ServerContext) {
    self.server = server
    gateways = server.beside as? CityGateways
    let gateways = gateways
    shelf = server.dataFolder.map { GatewayShelf(EdgeFolder(data: $0), running: gateways) }
    board = CityBoard(server.node, shelf)
  }

  /// What an edge's error is to a client.
  static func problem(_ error: any Error) -> any Error {
    switch error {
    case let error as EdgeError:
      switch error.kind {
      case .notFound: Problem(.notFound, code: "not-found", error.message)
      case .limit: Problem(.contentTooLarge, code: "limit", error.message)
      default:
        Problem(
          .serviceUnavailable, code: "gateway-unavailable",
          "The gateway's file cannot be used at the moment. Try again, or ask its operator.")
      }
    case let error as ValidationError: Problem(.badRequest, code: "malformed", Message(error.message))
    default: error
    }
  }

  static func explained<R>(_ work: () async throws -> R) async throws -> R {
    do { return try await work() } catch { throw problem(error) }
  }

  /// A part of the path, without its percent-encoding.
  static func part(_ name: String, _ context: LedgerRequestContext) throws -> String {
    guard let text = context.parameters.get(name)?.removingPercentEncoding, !text.isEmpty,
      text.utf8.count <= 256
    else { throw Problem(.badRequest, code: "malformed", "The name in the path is not percent-encoded right.") }
    return text
  }

  /// A proof as a file to keep.
  static func proof(_ bytes: [UInt8], name: String) -> Response {
    var response = Reply.bytes(bytes, type: proofType)
    let safe = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" ? $0 : "-" })
    response.headers[.contentDisposition] = "attachment; filename=\"\(safe).proof\""
    return response
  }

  // MARK: - Answers of the state

  /// An answer as the command line gives it with `--json`, with the items themselves beside the sentences.
  struct Answer<Item: Encodable>: Encodable {
    let question: [String]
    let answer: [String]
    let size: UInt64
    let items: [Item]?
  }

  /// Pairs of one list that an answer may have; beyond them only the proof routes of the ledger help.
  static let listed = 20_000

  /// Answers a question in JSON or with its proof.
  func answer<Item: Encodable>(
    _ question: CityQuestion, _ request: Request, _ context: LedgerRequestContext, isProof: Bool? = nil,
    items: ([(key: StateKey, value: [UInt8])]) throws -> [Item]?
  ) throws -> Response {
    try server.requireReader(context.caller)
    let asksProof =
      try isProof
      ?? (request.negotiated(of: ["application/json", Self.proofType, "application/cbor"]) != "application/json")
    if asksProof {
      let bundle = try server.prove(for: context.caller) { view throws(LedgerError) in
        try Self.bound(question.prefix, view)
        return question.request
      }
      return Self.proof(bundle.encoded(), name: question.words.joined(separator: "-"))
    }
    let view = server.node.head
    try Self.bound(question.prefix, view)
    let pairs = try view.list(question.prefix)
    let lines = try question.answer(until: view.seal.time) { _ throws(LedgerError) in pairs }
    return try Reply.json(
      Answer(question: question.words, answer: lines.map(\.english), size: view.size, items: try items(pairs)))
  }

  static func bound(_ prefix: StatePrefix, _ view: LedgerView) throws(LedgerError) {
    let count = try view.count(prefix)
    guard count <= listed else {
      throw LedgerError(
        .limit, "The list has \(count) items, more than the \(listed) of one answer. Ask for a part of it.")
    }
  }
}
