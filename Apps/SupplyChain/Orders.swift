import FinanceRules
import Ledger
import Primitives

/// The papers of the trade on the ledger, gathered by order.
struct Orders {
  /// An order's place and filing.
  typealias Known = (id: Digest, filing: TradeFiling)

  /// How far an order has come.
  enum Stage: String, Encodable {
    case ordered, despatched, received, invoiced

    var word: Message {
      switch self {
      case .ordered: "ordered"
      case .despatched: "despatched"
      case .received: "received"
      case .invoiced: "invoiced"
      }
    }
  }

  struct Item {
    let id: Digest
    let filing: TradeFiling
    var despatches: [Known] = []
    var receipts: [Known] = []
    var invoices: [(token: Digest, invoice: Invoice)] = []
    /// Exceptions on goods that belong to it, and how many of them are not resolved.
    var exceptions: [UInt64] = []
    var openExceptions = 0

    var stage: Stage {
      if !invoices.isEmpty { return .invoiced }
      if !receipts.isEmpty { return .received }
      return despatches.isEmpty ? .ordered : .despatched
    }

    /// The day of the last paper.
    var lastDay: Int64 {
      ([filing.day] + (despatches + receipts).map(\.filing.day) + invoices.map(\.invoice.filing.issueDay)).max() ?? 0
    }
  }

  private(set) var items: [Item] = []

  /// The orders between a reader and others, the newest first; a supervisor's are all.
  init(_ sight: Sight, _ view: LedgerView) throws {
    try FinanceServer.bound(Family.papers.prefix(), view)
    var papers: [Digest: TradeFiling] = [:]
    var places: [Digest: Int] = [:]
    for (key, value) in try view.list(Family.papers.prefix()) {
      // Credit notes have a mark alone.
      guard let id = Digest(key.bytes.suffix(Digest.byteCount)), let paper = try? TradeFiling(decoding: value),
        sight.isSupervisor || sight.isMe(paper.buyer) || sight.isMe(paper.seller)
      else { continue }
      papers[id] = paper
      guard paper.paper == .order else { continue }
      places[id] = items.count
      items.append(Item(id: id, filing: paper))
    }
    func place(of id: Digest?) -> Int? {
      var next = id
      for _ in 0..<3 {
        guard let id = next else { return nil }
        if let place = places[id] { return place }
        next = papers[id]?.answers
      }
      return nil
    }
    for (id, paper) in papers.sorted(by: { ($0.value.day, $0.key.hex) < ($1.value.day, $1.key.hex) }) {
      guard paper.paper != .order, let place = place(of: id) else { continue }
      if paper.paper == .despatch {
        items[place].despatches.append((id, paper))
      } else {
        items[place].receipts.append((id, paper))
      }
    }
    for (key, invoice) in try FinanceServer.list(Family.invoices.prefix(), view, as: Invoice.self) {
      guard let place = place(of: invoice.filing.receipt), let token = Digest(key.bytes.suffix(Digest.byteCount)) else {
        continue
      }
      items[place].invoices.append((token, invoice))
    }
    for exception in try ExceptionsData(sight, view).items {
      guard let place = exception.order.flatMap({ places[$0] }) else { continue }
      items[place].exceptions.append(exception.entry)
      if exception.record.status != .resolved { items[place].openExceptions += 1 }
    }
    items.sort { ($1.filing.day, $0.id.hex) < ($0.filing.day, $1.id.hex) }
  }

  /// The order behind a paper: itself, or what a despatch or receipt advice answers in the end.
  static func order(of paper: Digest?, _ view: LedgerView) throws -> Known? {
    var next = paper
    for _ in 0..<3 {
      guard let id = next, let bytes = try view.value(Family.papers.key(id)),
        let filing = try? TradeFiling(decoding: bytes)
      else { return nil }
      if filing.paper == .order { return (id, filing) }
      next = filing.answers
    }
    return nil
  }
}
