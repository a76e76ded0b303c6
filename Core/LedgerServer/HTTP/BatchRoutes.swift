internal import CBOR
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Primitives

/// Registering many statements with one request: a gateway or a node hands over what it has, not one at a time.
///
/// SCITT registers a single statement at a time; this is the same registration for a CBOR sequence (RFC 8742).
struct BatchRoutes: Sendable {
  static let sequence = "application/cbor-seq"

  let server: ServerContext

  func add(to router: Router<LedgerRequestContext>) {
    router.post("entries/batch") { request, _ in try await register(request) }
  }

  /// Answers once everything of the batch is durable: an array for each statement, in the order sent.
  ///
  /// `["accepted", index]`, `["duplicate", index]`, `["refused", index, code, sentence]`, `["rejected", sentence]`.
  private func register(_ request: Request) async throws -> Response {
    guard request.mediaType == BatchRoutes.sequence else {
      throw Problem(
        .unsupportedMediaType, code: "media-type",
        "A batch is posted as \(BatchRoutes.sequence): signed statements (COSE_Sign1), one after the other.")
    }
    let entries = try BatchRoutes.split(try await request.bytes(upTo: Limits.batchBytes))
    var writer = CBORWriter(capacity: entries.count * 16)
    for outcome in try await server.submit(entries) {
      switch outcome {
      case .accepted(let index):
        writer.array(2)
        writer.text("accepted")
        writer.uint(index)
      case .duplicate(let index):
        writer.array(2)
        writer.text("duplicate")
        writer.uint(index)
      case .refused(let index, let refusal):
        writer.array(4)
        writer.text("refused")
        writer.uint(index)
        writer.text(refusal.code)
        writer.text("\(refusal.message)")
      case .rejected(let error):
        writer.array(2)
        writer.text("rejected")
        writer.text("\(error.message)")
      }
    }
    return Reply.bytes(writer.bytes, type: BatchRoutes.sequence)
  }

  /// The items of a sequence, at most as many as fit one batch of the ledger.
  static func split(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      var reader = CBORReader(rest)
      let item: ArraySlice<UInt8>
      do { item = try reader.skip() } catch {
        throw Problem(
          .badRequest, code: "malformed", "Statement \(entries.count) of the batch cannot be read: \(error).")
      }
      entries.append(Array(item))
      guard entries.count <= Limits.batchStatements else {
        throw Problem(
          .contentTooLarge, code: "limit", "A batch has at most \(Limits.batchStatements) statements; send several.")
      }
      rest = rest.dropFirst(item.count)
    }
    guard !entries.isEmpty else { throw Problem(.badRequest, code: "malformed", "The batch has no statements.") }
    return entries
  }
}
