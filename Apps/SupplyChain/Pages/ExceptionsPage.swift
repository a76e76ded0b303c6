import FinanceRules
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Value

/// `/exceptions`: what sensors have found on goods, live.
struct ExceptionsPage {
  struct Words {
    let intro: Message =
      "An exception is never deleted and never closed silently. While it is open it cuts the goods' value and can hold back drawings."
    let open: Message = "Open"
    let all: Message = "All"
    let proof: Message = "Proof of this list"
    let entry: Message = "Entry"
    let time: Message = "Opened (UTC)"
    let device: Message = "Device"
    let reading: Message = "Reading"
    let owner: Message = "Goods of"
    let haircut: Message = "Haircut"
    let drawings: Message = "Drawings"
    let order: Message = "Order"
    let held: Message = "held back"
    let go: Message = "go on"
    let state: Message = "State"
    let reason: Message = "Reason"
    let none: Message = "There are none."
  }

  struct Row {
    let entry: UInt64
    let time: String
    let device: String
    let reading: Message
    let value: String
    let owner: String
    let order: String
    let haircut: String
    let drawings: Message
    let tone: String
    let state: Message
    let reason: String
  }

  let words = Words()
  let open: Int
  let all: Int
  let rows: [Row]
  let mayProve: Bool

  /// Exceptions that the page lists.
  static let shown = 200

  init(_ data: ExceptionsData, mayProve: Bool = false) {
    self.mayProve = mayProve
    all = data.items.count
    open = data.items.count { $0.record.status != .resolved }
    let words = words
    rows = data.items.reversed().prefix(ExceptionsPage.shown).map { item in
      let record = item.record
      let isOpen = record.status != .resolved
      return Row(
        entry: item.entry, time: Shown.time(record.openedAt), device: record.device,
        reading: Message(record.reading),
        value: record.reading == "silence" ? "" : FinanceText.thousandths(record.value), owner: item.owner,
        order: item.order.map(FinanceText.short) ?? "", haircut: (try? Rate(ppm: record.haircut))?.description ?? "-",
        drawings: isOpen && record.blocks ? words.held : words.go,
        tone: isOpen ? record.status == .open ? "bad" : "warn" : "good", state: Message(record.status.rawValue),
        reason: record.reason)
    }
  }
}

/// The exceptions that one may see: on goods that it owns, keeps or lends on, or that belong to its orders.
struct ExceptionsData {
  struct Item {
    let entry: UInt64
    let owner: String
    let keeper: String
    /// Owner, keeper, lender, and the buyer and seller of the order.
    let parties: [String]
    /// The order that the goods belong to.
    let order: Digest?
    let record: ExceptionRecord
  }

  private(set) var items: [Item] = []

  init(_ sight: Sight, _ view: LedgerView) throws {
    var goods: [Digest: (goods: Goods, financier: String, order: Orders.Known?)] = [:]
    for (key, record) in try FinanceServer.list(Family.exceptions.prefix(), view, as: ExceptionRecord.self) {
      let known: (goods: Goods, financier: String, order: Orders.Known?)
      if let found = goods[record.goods] {
        known = found
      } else {
        let one: Goods = try FinanceServer.record(Family.goods.key(record.goods), view) ?? Goods()
        let facility: Facility? = try one.facility.flatMap { try FinanceServer.record(Family.facilities.key($0), view) }
        known = (one, facility?.proposal.financier ?? "", try Orders.order(of: one.receipt.paper, view))
        goods[record.goods] = known
      }
      // The buyer and the seller of the order that the goods belong to see what happens to them.
      let parties = [
        known.goods.receipt.owner, known.goods.keeper, known.financier, known.order?.filing.buyer ?? "",
        known.order?.filing.seller ?? "",
      ]
      guard sight.isSupervisor || sight.roles.contains(.operator) || parties.contains(where: sight.isMe) else {
        continue
      }
      items.append(
        Item(
          entry: key.order, owner: known.goods.receipt.owner, keeper: known.goods.keeper,
          parties: parties.filter { !$0.isEmpty }, order: known.order?.id, record: record))
    }
  }
}

extension FinanceServer {
  private struct ExceptionItem: Encodable {
    let entry: UInt64
    let openedAt: String
    let device: String
    let reading: String
    let value: Int64
    let goods: String
    /// The order that the goods belong to.
    let order: String?
    let owner: String
    let haircut: Int64
    let blocks: Bool
    let status: String
    let reason: String
  }

  func addExceptions(to router: Router<LedgerRequestContext>) {
    router.get("exceptions") { request, context in
      let type = try request.negotiated(of: ["application/json", "text/html"])
      let caller: Caller
      if type == "text/html" {
        guard let found = try visitor(request, context) else { return login(request) }
        caller = found
      } else {
        caller = try reader(request, context)
      }
      let sight = try sight(caller)
      let data = try ExceptionsData(sight, server.node.head)
      try await record(sight, reads: Set(data.items.flatMap(\.parties)), "exceptions")
      if type == "text/html" {
        let page = Page(
          "Exceptions", template: "exceptions", live: "/events/exceptions",
          content: ExceptionsPage(data, mayProve: sight.isSupervisor || sight.roles.contains(.operator)))
        return server.page(page, to: request)
      }
      return try Reply.json(
        data.items.map { item in
          ExceptionItem(
            entry: item.entry, openedAt: Timestamp.text(item.record.openedAt), device: item.record.device,
            reading: item.record.reading, value: item.record.value, goods: item.record.goods.hex,
            order: item.order?.hex, owner: item.owner, haircut: item.record.haircut, blocks: item.record.blocks,
            status: item.record.status.rawValue,
            reason: item.record.reason)
        })
    }
    router.get("pages/exceptions") { request, context in
      let sight = try sight(try reader(request, context))
      let data = try ExceptionsData(sight, server.node.head)
      try await record(sight, reads: Set(data.items.flatMap(\.parties)), "exceptions")
      return server.fragment(ExceptionsPage(data), template: "exceptionrows")
    }
    router.get("events/exceptions") { request, context in
      let sight = try sight(try reader(request, context))
      let told = ToldReads()
      // What the stream shows first is on record before it begins.
      try await record(sight, told, reads: Set(try ExceptionsData(sight, server.node.head).items.flatMap(\.parties)))
      return EventStream.response {
        let data = try ExceptionsData(sight, server.node.head)
        try await record(sight, told, reads: Set(data.items.flatMap(\.parties)))
        let page = ExceptionsPage(data)
        // The latest change of any of them brings the table anew.
        let latest = data.items.reduce(UInt64(0)) { max($0, max($1.record.openedAt, $1.record.changedAt)) }
        return PageChange(
          text: ["open": "\(page.open)", "all": "\(page.all)"],
          html: ["rows": "/pages/exceptions?\(page.all)-\(page.open)-\(latest)"])
      }
    }
    router.get("exceptions/proof") { request, context in
      let caller = try reader(request, context)
      let sight = try sight(caller)
      guard sight.isSupervisor || sight.roles.contains(.operator) else {
        throw Problem(.forbidden, code: "not-yours", "The proof of all exceptions is for the operator and supervisors.")
      }
      try await record(sight, asks: .exceptions, "exceptions")
      return try proof(.exceptions, for: caller)
    }
  }

  /// A supervisor's read by a stream: once for each party that it comes to show.
  func record(_ sight: Sight, _ told: ToldReads, reads parties: Set<String>) async throws {
    let fresh = parties.subtracting(await told.parties)
    guard sight.isSupervisor, !fresh.isEmpty else { return }
    try await record(sight, reads: fresh, "events")
    await told.add(fresh)
  }
}

/// The parties whose data a stream has shown to a supervisor.
actor ToldReads {
  private(set) var parties: Set<String> = []
  func add(_ more: Set<String>) { parties.formUnion(more) }
}
