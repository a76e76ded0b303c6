import FinanceRules
import Ledger
import LedgerServer
import Primitives
import Value

/// How values stand on pages.
enum Shown {
  static func money(_ amount: Int64, _ currency: String) -> String { FinanceText.money(amount, currency) }

  static func notePath(_ note: Digest) -> String { "/notes/\(note.hex)" }

  /// What a lot's state is, in a word, with its tone.
  static func state(_ lot: Lot) -> (word: Message, tone: String) {
    switch lot.existence {
    case .consumed: return ("split up", "quiet")
    case .discharged: return ("paid", "good")
    case .live: break
    }
    if lot.isFrozen { return ("frozen", "bad") }
    switch lot.performance {
    case .defaulted: return ("in default", "bad")
    case .overdue: return ("overdue", "bad")
    case .due: return ("due", "warn")
    case .current, .cured: break
    }
    if lot.isDisputed { return ("in dispute", "warn") }
    if lot.isPledged { return ("pledged", "warn") }
    switch lot.reservation {
    case .transfer: return ("offered", "warn")
    case .finance: return ("bids are asked for", "warn")
    case .chosen: return ("awaits the proceeds", "warn")
    case .recourse, .bought: return ("recourse", "warn")
    case .none: return lot.isFinanced ? ("financed", "good") : ("live", "good")
    }
  }

  static func state(_ status: NoteStatus) -> (word: Message, tone: String) {
    switch status {
    case .proposed: ("awaits the obligor's second person", "warn")
    case .issued: ("awaits the payee", "warn")
    case .live: ("live", "good")
    case .rejected: ("refused by the payee", "bad")
    case .withdrawn: ("taken back", "quiet")
    case .expired: ("expired", "quiet")
    case .discharged: ("paid", "good")
    }
  }

  /// What happened to a note, in a few words.
  static func event(_ kind: String) -> Message {
    switch kind {
    case "proposed": "proposed"
    case "accept-issue": "confirmed by the obligor's second person"
    case "accept-payment": "accepted by the payee, freely"
    case "reject": "refused by the payee"
    case "withdraw": "taken back"
    case "expire": "expired"
    case "split", "lot-split": "split"
    case "offer-transfer": "offered"
    case "accept-transfer": "taken over"
    case "refuse-transfer": "offer refused"
    case "cancel-transfer": "offer taken back"
    case "finance-request": "bids asked for"
    case "finance-bid": "sealed bid"
    case "finance-choice": "bid chosen and opened"
    case "cancel-finance": "finance called off"
    case "disburse": "proceeds paid"
    case "settle": "paid at maturity"
    case "buyback": "bought back"
    case "pledge": "pledge offered"
    case "accept-pledge": "pledged"
    case "refuse-pledge": "pledge refused"
    case "release": "released"
    case "enforce": "pledge enforced"
    case "mark-due": "due"
    case "mark-overdue": "overdue"
    case "mark-default": "in default"
    case "cure": "cured"
    case "accrue": "discount earned"
    case "dispute": "disputed"
    case "settle-dispute": "dispute settled"
    case "freeze": "frozen"
    case "unfreeze": "thawed"
    case "demand-recourse": "recourse demanded"
    case "accept-recourse": "recourse accepted"
    case "withdraw-recourse": "recourse given up"
    case "write-off": "written off"
    default: Message(kind)
    }
  }

  /// The classes of time to maturity, in days.
  static let buckets: [(name: String, range: ClosedRange<Int64>)] = [
    ("≤0", Int64.min...0), ("1–30", 1...30), ("31–60", 31...60), ("61–90", 61...90), ("91–180", 91...180),
    (">180", 181...Int64.max),
  ]

  /// Amounts by time to maturity.
  static func byMaturity(_ items: [(maturity: Int64, amount: Int64)], today: Int64) -> [Int64] {
    buckets.map { bucket in
      items.filter { bucket.range.contains($0.maturity - today) }.reduce(Int64(0)) { $0 + $1.amount }
    }
  }

  /// A chart of amounts by time to maturity; empty where there is nothing.
  static func chart(
    id: String, _ title: Message, _ items: [(maturity: Int64, amount: Int64)], _ currency: String, today: Int64
  ) -> String {
    let sums = byMaturity(items, today: today)
    let scale = Double(
      ((try? Currency(currency))?.exponent).map { exponent in
        (0..<exponent).reduce(1) { whole, _ in whole * 10 }
      } ?? 100)
    let names = buckets.map(\.name)
    let figure = ChartFigure(
      id: id, title: title,
      summary: "\(money(sums.reduce(0, +), currency)) in all, \(money(sums[0], currency)) of it due.",
      xTitle: "days to maturity", yTitle: Message(currency))
    return BarChart(figure, values: sums.map { Double($0) / scale }, axis: .names(names), highlight: nil).html
  }

  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  static func time(_ milliseconds: UInt64) -> String {
    String(Timestamp.text(milliseconds).prefix(16)).replacing("T", with: " ")
  }
}
