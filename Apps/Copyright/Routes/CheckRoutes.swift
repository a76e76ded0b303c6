import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights

/// Checking proofs and evidence packages.
extension RightsServer {
  /// Bytes of a proof or package that is checked over HTTP; larger ones are checked by the program.
  static let checkBytes = 64 << 20

  /// What a check says.
  struct CheckAnswer: Encodable {
    let verified: Bool
    let claims: [Message]
    let size: UInt64
    let root: String
    let signers: [String]
    let fault: Message?
  }

  func addChecks(to router: Router<LedgerRequestContext>) {
    router.post("verify") { request, context in
      _ = try head(context)
      var bytes: [UInt8]
      var authorities: [UInt8]?
      if request.mediaType == "multipart/form-data" {
        let form = try await FormBody(request, upTo: Self.checkBytes + 1 << 20)
        (bytes, authorities) = (form.bytes("file") ?? [], form.bytes("authorities"))
      } else {
        bytes = try await request.bytes(upTo: Self.checkBytes)
      }
      guard !bytes.isEmpty else {
        throw Problem(.badRequest, code: "malformed", "The body is empty; it is to be the file itself.")
      }
      return try Reply.json(try check(bytes, authorities: authorities))
    }
    router.get("verify") { request, context in
      _ = try head(context)
      return server.page(Page("Verify", template: "verify", content: VerifyPage()), to: request)
    }
    router.post("verify/form") { request, context in
      _ = try head(context)
      let form = try await FormBody(request, upTo: Self.checkBytes + 1 << 20)
      let answer = try form.bytes("file").map { try check($0, authorities: form.bytes("authorities")) }
      return server.page(Page("Verify", template: "verify", content: VerifyPage(answer)), to: request)
    }
  }

  /// Checks a proof or an evidence package against this ledger's own policy, and a package's time stamp against the
  /// certificates (PEM) of authorities, where some are given.
  func check(_ bytes: [UInt8], authorities: [UInt8]?) throws -> CheckAnswer {
    let node = server.node
    let policy = try node.head.configuration.policy(origin: node.genesis.origin)
    do throws(LedgerError) {
      let bundle: VerifiedBundle
      let claims: [Message]?
      if EvidencePackage.isPackage(bytes) {
        let proved = try EvidencePackage(decoding: bytes).verify(
          policy: policy, authorities: authorities, rehash: Hashing.rehash)
        (bundle, claims) = (proved.bundle, proved.claims)
      } else {
        guard authorities == nil else {
          throw LedgerError(.notProved, "The package has no time stamp that the authorities could have signed.")
        }
        bundle = try ProofBundle(decoding: bytes).verify(policy: policy)
        claims = try CopyrightApp.claims(bundle)
      }
      return CheckAnswer(
        verified: true, claims: BundleClaims.text(bundle, app: claims), size: bundle.size,
        root: Base64.encode(bundle.root.bytes), signers: bundle.signers.map(\.name), fault: nil)
    } catch {
      return CheckAnswer(verified: false, claims: [], size: 0, root: "", signers: [], fault: error.message)
    }
  }
}
