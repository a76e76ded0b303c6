internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Primitives

/// Answers about the state with their proofs, and what a verifier starts from.
struct StateRoutes: Sendable {
  let server: ServerContext
  /// How many keys one answer may list.
  let keys: Int

  func add(to router: Router<LedgerRequestContext>) {
    router.get("state/{key}") { request, context in try await state(request, context) }
    router.get("policy") { _, _ in
      let configuration = (server.node.final?.view ?? server.node.head).configuration
      let policy = try configuration.policy(origin: server.node.genesis.origin)
      return Reply.bytes(policy.encoded, type: "text/plain; charset=utf-8", caching: .check)
    }
    router.get("genesis") { _, _ in
      Reply.bytes(server.node.genesis.encoded(), type: "application/cbor", caching: .immutable)
    }
  }

  private struct Value: Encodable {
    let key: String
    let present: Bool
    /// Base64; missing when absent or withheld.
    var value: String?
    /// True when the key is there and its value is kept from the caller.
    var withheld: Bool?
  }

  private struct One: Encodable {
    let key: String
    let present: Bool
    let value: String?
    let withheld: Bool?
    let size: UInt64
    let root: String
  }

  private struct List: Encodable {
    let prefix: String
    let pairs: [Value]
    let size: UInt64
    let root: String
  }

  private func state(_ request: Request, _ context: LedgerRequestContext) async throws -> Response {
    guard let text = context.parameters.get("key"), let bytes = Hex.decode(text), !bytes.isEmpty else {
      throw Problem(.badRequest, code: "malformed", "A state key is an even number of hexadecimal digits.")
    }
    guard bytes.count <= Limits.keyBytes else {
      throw Problem(.badRequest, code: "limit", "A state key has at most \(Limits.keyBytes) bytes, not \(bytes.count).")
    }
    let isPrefix: Bool
    switch request.uri.queryParameters.get("prefix") {
    case nil, "0": isPrefix = false
    case "1": isPrefix = true
    default: throw Problem(.badRequest, code: "malformed", "prefix is 0 or 1.")
    }
    let type = try request.negotiated(of: ["application/cbor", "application/json"])
    let bundle = try server.prove(for: context.caller) { view throws(LedgerError) in
      if isPrefix { try bound(StatePrefix(bytes: bytes), in: view) }
      var proof = ProofRequest(question: ["state", isPrefix ? "prefix" : "key", Hex.encode(bytes)])
      if isPrefix { proof.prefixes = [StatePrefix(bytes: bytes)] } else { proof.keys = [StateKey(bytes: bytes)] }
      return proof
    }
    try await server.note(context.caller, reads: .state(bytes))
    guard type == "application/json" else {
      return Reply.bytes(bundle.encoded(), type: "application/cbor")
    }
    return try summary(of: bundle, key: bytes, isPrefix: isPrefix)
  }

  /// Throws `.limit` with narrower prefixes when too many keys begin with this one.
  private func bound(_ prefix: StatePrefix, in view: LedgerView) throws(LedgerError) {
    let count = try view.count(prefix)
    guard count > keys else { return }
    let narrower = try view.narrower(prefix).map { "\(Hex.encode($0.prefix.bytes)) (\($0.count))" }
    throw LedgerError(
      .limit,
      "\(count) keys begin with this prefix, more than the \(keys) of one answer. Ask for narrower ones, which together "
        + "have exactly these keys: \(narrower.joined(separator: ", ")).")
  }

  private func summary(of bundle: ProofBundle, key: [UInt8], isPrefix: Bool) throws -> Response {
    let checkpoint = try Checkpoint(try SignedNote(parsing: bundle.note))
    let root = Base64.encode(checkpoint.root.bytes)
    if isPrefix {
      let pairs = bundle.prefixes.flatMap(\.pairs).map { value(Hex.encode($0.key), $0.leaf) }
      return try Reply.json(List(prefix: Hex.encode(key), pairs: pairs, size: checkpoint.size, root: root))
    }
    let found = value(Hex.encode(key), bundle.present.first?.leaf)
    return try Reply.json(
      One(
        key: found.key, present: found.present, value: found.value, withheld: found.withheld, size: checkpoint.size,
        root: root))
  }

  private func value(_ key: String, _ leaf: ProofBundle.Leaf?) -> Value {
    switch leaf {
    case nil: Value(key: key, present: false)
    case .open(_, let value): Value(key: key, present: true, value: Base64.encode(value))
    case .withheld: Value(key: key, present: true, withheld: true)
    }
  }
}
