import FinanceRules
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// The policy over HTTP: read by members, and decided by a quorum of them, each at its own node.
extension FinanceServer {
  func addPolicies(to router: Router<LedgerRequestContext>) {
    router.get("policies/current") { request, context in
      _ = try reader(request, context)
      return Reply.bytes(PolicyFile.write(try PolicyFile.inForce(server.node.head)), type: "application/json")
    }
    router.post("policies") { request, context in
      _ = try signer(context.caller)
      guard request.mediaType == "application/json" else {
        throw Problem(.unsupportedMediaType, code: "unsupported-media-type", "Send the body as application/json.")
      }
      let bytes = try await request.bytes(upTo: PolicyFile.limit)
      let policy: Policy
      do throws(LedgerError) { policy = try PolicyFile.read(bytes) } catch {
        throw error.kind == .refused
          ? Problem(.conflict, code: "policy-inconsistent", error.message)
          : Problem(.badRequest, code: "malformed", error.message)
      }
      return try await state(policy, about: "decision", request, context)
    }
  }
}
