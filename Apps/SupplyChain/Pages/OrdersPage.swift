import FinanceRules
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// `/orders`: a member's own orders, bought and sold, and how far each has come; live.
struct OrdersPage {
  struct Words {
    let intro: Message =
      "Your orders as their papers are on the ledger. An exception on goods that belong to an order shows here at once."
    let orders: Message = "Orders"
    let open: Message = "Exceptions open"
    let order: Message = "Order"
    let day: Message = "Ordered"
    let last: Message = "Last paper"
    let buyer: Message = "Buyer"
    let seller: Message = "Seller"
    let state: Message = "State"
    let papers: Message = "Despatches, receipts, invoices"
    let exceptions: Message = "Exceptions"
    let none: Message = "There are none."
  }

  struct Row {
    let id: String
    let buyer: String
    let seller: String
    let day: String
    let last: String
    let tone: String
    let state: Message
    let papers: String
    let exceptions: String
    let exceptionTone: String
  }

  let words = Words()
  let count: Int
  let open: Int
  let rows: [Row]

  /// Orders that the page lists.
  static let shown = 200

  init(_ data: Orders) {
    count = data.items.count
    open = data.items.reduce(0) { $0 + $1.openExceptions }
    rows = data.items.prefix(OrdersPage.shown).map { item in
      Row(
        id: FinanceText.short(item.id), buyer: item.filing.buyer, seller: item.filing.seller,
        day: FinanceText.day(item.filing.day), last: FinanceText.day(item.lastDay),
        tone: item.stage == .ordered ? "" : item.stage == .invoiced ? "good" : "warn",
        state: item.stage.word,
        papers: "\(item.despatches.count), \(item.receipts.count), \(item.invoices.count)",
        exceptions: item.exceptions.isEmpty ? "-" : "\(item.openExceptions) / \(item.exceptions.count)",
        exceptionTone: item.openExceptions > 0 ? "bad" : "")
    }
  }
}

extension FinanceServer {
  private struct OrderItem: Encodable {
    let order: String
    let buyer: String
    let seller: String
    let day: String
    let state: Orders.Stage
    let despatches: [String]
    let receipts: [String]
    let invoices: [String]
    let exceptions: [UInt64]
    let openExceptions: Int
  }

  func addOrders(to router: Router<LedgerRequestContext>) {
    router.get("orders") { request, context in
      let type = try request.negotiated(of: ["application/json", "text/html"])
      let caller: Caller
      if type == "text/html" {
        guard let found = try visitor(request, context) else { return login(request) }
        caller = found
      } else {
        caller = try reader(request, context)
      }
      let data = try await orders(try sight(caller))
      if type == "text/html" {
        let page = Page("Orders", template: "orders", live: "/events/orders", content: OrdersPage(data))
        return server.page(page, to: request)
      }
      return try Reply.json(
        data.items.map { item in
          OrderItem(
            order: item.id.hex, buyer: item.filing.buyer, seller: item.filing.seller,
            day: FinanceText.day(item.filing.day), state: item.stage, despatches: item.despatches.map(\.id.hex),
            receipts: item.receipts.map(\.id.hex), invoices: item.invoices.map(\.token.hex),
            exceptions: item.exceptions, openExceptions: item.openExceptions)
        })
    }
    router.get("pages/orders") { request, context in
      let data = try await orders(try sight(try reader(request, context)))
      return server.fragment(OrdersPage(data), template: "orderrows")
    }
    router.get("events/orders") { request, context in
      let sight = try sight(try reader(request, context))
      let told = ToldReads()
      try await record(sight, told, reads: Self.parties(try Orders(sight, server.node.head)))
      return EventStream.response {
        let data = try Orders(sight, server.node.head)
        try await record(sight, told, reads: Self.parties(data))
        let page = OrdersPage(data)
        let papers = data.items.reduce(0) { $0 + $1.despatches.count + $1.receipts.count + $1.invoices.count }
        let exceptions = data.items.reduce(0) { $0 + $1.exceptions.count }
        return PageChange(
          text: ["count": "\(page.count)", "open": "\(page.open)"],
          html: ["rows": "/pages/orders?\(page.count)-\(papers)-\(exceptions)-\(page.open)"])
      }
    }
  }

  /// The orders that one may see; a supervisor's read is on record first.
  private func orders(_ sight: Sight) async throws -> Orders {
    let data = try Orders(sight, server.node.head)
    try await record(sight, reads: Self.parties(data), "orders")
    return data
  }

  private static func parties(_ data: Orders) -> Set<String> {
    Set(data.items.flatMap { [$0.filing.buyer, $0.filing.seller] })
  }
}
