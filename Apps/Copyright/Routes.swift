package import Hummingbird
package import LedgerServer

/// The application's HTTP routes: what the verbs do, and its pages, at a member's own node.
extension CopyrightApp {
  package static func addRoutes(to router: Router<LedgerRequestContext>, of server: ServerContext) {
    let rights = RightsServer(server)
    rights.addWorks(to: router)
    rights.addUses(to: router)
    rights.addOwnership(to: router)
    rights.addSearch(to: router)
    rights.addUploads(to: router)
    rights.addIncidents(to: router)
    rights.addChecks(to: router)
    rights.addCertificates(to: router)
    rights.addAssets(to: router)
  }
}
