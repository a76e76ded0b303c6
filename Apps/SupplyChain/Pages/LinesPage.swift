import FinanceRules
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Value

/// `/lines`: limits, what is used and reserved, what is left.
struct LinesPage {
  struct Words {
    let intro: Message =
      "A proposal reserves its amount; the payee's acceptance uses it; payment restores it. Used and reserved are never more than the limit."
    let line: Message = "Line"
    let limit: Message = "Limit"
    let used: Message = "Used"
    let reserved: Message = "Reserved"
    let left: Message = "Left"
    let share: Message = "Taken"
    let proof: Message = "Proof"
    let download: Message = "download"
    let none: Message = "No line concerns you."
  }

  struct Row {
    let name: String
    let limit: String
    let used: String
    let reserved: String
    let left: String
    let share: String
    let bar: String
    let proofPath: String
  }

  let words = Words()
  let rows: [Row]
}

/// One line in one currency.
struct LineItem: Encodable {
  let line: String
  let currency: String
  let limit: Int64
  let used: Int64
  let reserved: Int64
  let left: Int64

  /// The line's owner account, as questions name it.
  var owner: String { "line:" + line }

  var share: String {
    (try? Ratios.utilisation(used: used, reserved: reserved, limit: limit))?.description ?? "-"
  }

  /// Used, reserved and left as one bar.
  func bar(_ title: Message) -> String {
    let words = Catalogue.current
    func part(_ amount: Int64) -> Double { limit > 0 ? Double(amount) / Double(limit) * 400 : 0 }
    let (a, b) = (part(used), part(reserved))
    func round(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    return """
      <svg class="chart bar" viewBox="0 0 400 14" role="img"><title>\(Shown.escape(title.text(in: words)))</title>\
      <rect class="left" width="400" height="14" rx="3"/><rect class="f1" width="\(round(a))" height="14" rx="3"/>\
      <rect class="f2" x="\(round(a))" width="\(round(b))" height="14"/></svg>
      """
  }

  /// The lines that one may see: its own as obligor or financier, and its programmes'; an operator and supervisors all.
  static func all(_ sight: Sight, _ view: LedgerView) throws -> [LineItem] {
    try FinanceServer.bound(Family.accounts.prefix(), view)
    let accounts = try Records.accounts(Family.accounts.prefix()) { p throws(LedgerError) in try view.list(p) }
    let lines = Dictionary(grouping: accounts.filter { $0.id.owner.hasPrefix("line:") }) {
      "\($0.id.owner.dropFirst(5)) \($0.id.currency.code)"
    }
    // A programme's line is for those who owe or are owed by its notes.
    let programmes = Set(
      try FinanceServer.list(Family.notes.prefix(), view, as: Note.self).map(\.value)
        .filter { sight.isMe($0.obligor) || sight.isMe($0.payee) }.map { "programme/\($0.proposal.programme)" })
    return lines.sorted { $0.key < $1.key }.compactMap { _, accounts in
      guard let first = accounts.first else { return nil }
      let name = String(first.id.owner.dropFirst(5))
      let parts = name.split(separator: "/").map(String.init)
      let isMine =
        programmes.contains(name) || (parts.first != "programme" && parts.dropFirst().contains(where: sight.isMe))
      guard sight.isSupervisor || sight.roles.contains(.operator) || isMine else { return nil }
      let limit = accounts.first { $0.id.name == "limit" }?.creditBalance ?? 0
      let usedAccount = accounts.first { $0.id.name == "used" }
      let (used, reserved) = (usedAccount?.debitBalance ?? 0, usedAccount?.pendingDebits ?? 0)
      return LineItem(
        line: name, currency: first.id.currency.code, limit: limit, used: used, reserved: reserved,
        left: limit - used - reserved)
    }
  }
}

extension FinanceServer {
  func addLines(to router: Router<LedgerRequestContext>) {
    router.get("lines") { request, context in
      let type = try request.negotiated(of: ["application/json", "text/html"])
      let caller: Caller
      if type == "text/html" {
        guard let found = try visitor(request, context) else { return login(request) }
        caller = found
      } else {
        caller = try reader(request, context)
      }
      let sight = try sight(caller)
      let items = try LineItem.all(sight, server.node.head)
      try await record(sight, reads: try Self.owners(items, server.node.head), "lines")
      guard type == "text/html" else { return try Reply.json(items) }
      let rows = items.map { item in
        LinesPage.Row(
          name: item.line, limit: Shown.money(item.limit, item.currency), used: Shown.money(item.used, item.currency),
          reserved: Shown.money(item.reserved, item.currency), left: Shown.money(item.left, item.currency),
          share: item.share, bar: item.bar("\(item.line): \(item.share) taken"),
          proofPath: "/lines/\(item.line)/proof")
      }
      return server.page(Page("Lines", template: "lines", content: LinesPage(rows: rows)), to: request)
    }
    for path in ["lines/{kind}/{name}/proof", "lines/{kind}/{name}/{other}/proof"] {
      router.get(RouterPath(path)) { request, context in
        let caller = try reader(request, context)
        let sight = try sight(caller)
        let parts = ["kind", "name", "other"].compactMap { context.parameters.get($0) }
        guard
          let item = try LineItem.all(sight, server.node.head).first(where: {
            $0.line == parts.joined(separator: "/")
          })
        else { throw Problem(.notFound, code: "not-found", "There is no such line among yours.") }
        try await record(sight, asks: .line(item.owner), "line \(item.line.prefix(100))")
        return try proof(.line(item.owner), for: caller)
      }
    }
  }

  /// The organisations that lines belong to.
  private static func owners(_ items: [LineItem], _ view: LedgerView) throws -> Set<String> {
    try items.reduce(into: []) { $0.formUnion(try Subjects(of: .line($1.owner), view).names) }
  }
}
