package import Hummingbird
package import LedgerServer
import Primitives

/// The application's pages and routes.
extension SupplyChainApp {
  package static let pages = PageSet(
    product: "Supply-chain finance", program: name,
    links: [
      PageSet.Link("/desk", "Desk"), PageSet.Link("/orders", "Orders"), PageSet.Link("/lines", "Lines"),
      PageSet.Link("/exceptions", "Exceptions"),
      PageSet.Link("/regulator", "Regulator"),
    ],
    templates: [
      "desk": PackageResources.desk_mustache, "note": PackageResources.note_mustache,
      "lines": PackageResources.lines_mustache, "exceptions": PackageResources.exceptions_mustache,
      "exceptionrows": PackageResources.exceptionrows_mustache, "regulator": PackageResources.regulator_mustache,
      "orders": PackageResources.orders_mustache, "orderrows": PackageResources.orderrows_mustache,
      "login": PackageResources.login_mustache,
    ])

  package static func addRoutes(to router: Router<LedgerRequestContext>, of server: ServerContext) {
    let finance = FinanceServer(server: server)
    finance.watchReads()
    finance.addTrade(to: router)
    finance.addNotes(to: router)
    finance.addGoods(to: router)
    finance.addPolicies(to: router)
    finance.addKeys(to: router)
    finance.addLogin(to: router)
    finance.addDesk(to: router)
    finance.addNotePages(to: router)
    finance.addLines(to: router)
    finance.addExceptions(to: router)
    finance.addOrders(to: router)
    finance.addRegulator(to: router)
  }
}
