import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights

extension RightsServer {
  func addSearch(to router: Router<LedgerRequestContext>) {
    router.post("match") { request, context in
      let view = try head(context)
      return try Reply.json(try find(try await Self.file(request), view).map(FindingAnswer.init))
    }
    router.get("search") { request, context in
      _ = try head(context)
      return server.page(Page("Search", template: "search", content: SearchPage()), to: request)
    }
    router.post("search") { request, context in
      let view = try head(context)
      let form = try await FormBody(request, upTo: Limits.documentBytes + 64 << 10)
      var response: Response
      do {
        guard let file = form.bytes("file") ?? form.bytes("text") else {
          throw Problem(.badRequest, code: "malformed", "Choose a file or paste a text first.")
        }
        let content = try SearchPage(file, try find(file, view), view, self)
        return server.page(Page("Search", template: "search", content: content), to: request)
      } catch let problem as Problem {
        // People get the page again with what was wrong.
        response = server.page(
          Page("Search", template: "search", content: SearchPage(fault: problem.detail)), to: request)
        response.status = problem.status
        return response
      }
    }
  }

  /// The works that a file is, looks like or takes passages from: what accuses first.
  func find(_ file: [UInt8], _ view: LedgerView) throws -> [Finding] {
    let hashed = try Self.hashing { () throws(LedgerError) in try Hashing.hasher.seen(file) }
    return try FindingSearch(node: server.node, projection: projection, passages: passages).find(file, hashed, in: view)
  }
}
