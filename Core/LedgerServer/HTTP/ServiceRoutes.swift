internal import CBOR
internal import COSE
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Primitives

/// What the service is and with which keys it signs receipts (SCRAPI, sections 2.1 and 2.2).
struct ServiceRoutes: Sendable {
  let server: ServerContext
  let options: LedgerApplication.Options

  func add(to router: Router<LedgerRequestContext>) {
    router.get(".well-known/scitt-keys") { request, _ in
      _ = try request.negotiated(of: ["application/cbor"])
      let keys = try server.node.head.configuration.members.map { try ServiceRoutes.key(PublicKey(ed25519: $0.logKey)) }
      return Reply.bytes(try CBORValue.array(keys).encoded(), type: "application/cbor", caching: .check)
    }
    router.get(".well-known/scitt-keys/{kid}") { request, context in
      _ = try request.negotiated(of: ["application/cbor"])
      let kid = context.parameters.get("kid") ?? ""
      guard let key = try server.node.head.logKeys().first(where: { ServiceRoutes.base64URL($0.id.bytes) == kid })
      else {
        throw Problem(.notFound, code: "not-found", "No log key of a member, now or earlier, has this key id.")
      }
      return Reply.bytes(try ServiceRoutes.key(key).encoded(), type: "application/cbor", caching: .check)
    }
    // The name of earlier drafts and ours; the newest draft has the keys only.
    for path in [".well-known/transparency-configuration", ".well-known/scitt-configuration"] {
      router.get(RouterPath(path)) { request, _ in try configuration(request) }
    }
  }

  private struct Answer: Encodable {
    let issuer: String
    let registrationEndpoint: String
    let keysEndpoint: String
    let supportedSignatureAlgorithms: [String]
    let logHash = "RFC9162_SHA256"
    let quorum: Int
    let members: [String]
  }

  private func configuration(_ request: Request) throws -> Response {
    let configuration = server.node.head.configuration
    let answer = Answer(
      issuer: server.node.genesis.origin, registrationEndpoint: "\(options.publicURL)/entries",
      keysEndpoint: "\(options.publicURL)/.well-known/scitt-keys",
      supportedSignatureAlgorithms: configuration.algorithms.map(\.description), quorum: configuration.quorum,
      members: configuration.members.map(\.name))
    if try request.negotiated(of: ["application/cbor", "application/json"]) == "application/json" {
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

  /// A COSE_Key (RFC 9052 §7) with its key id.
  private static func key(_ key: PublicKey) throws -> CBORValue {
    guard case .map(let pairs) = try CBORValue(decoding: key.coseKey) else { return .null }
    return .map(pairs.filter { $0.key != 2 } + [CBORValue.Pair(2, .bytes(key.id.bytes))])
  }

  /// Base64url without padding (RFC 7515 §2), as SCRAPI writes key ids that are no text.
  static func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
