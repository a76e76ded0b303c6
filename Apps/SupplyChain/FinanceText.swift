import FinanceRules
import Ledger
import Primitives
import Value

/// Answers in words.
enum FinanceText {
  static func short(_ id: Digest) -> String { String(id.hex.prefix(10)) }

  /// A party's name; a holder's key by its first digits.
  static func party(_ name: String) -> String { name.hasPrefix("~") ? String(name.prefix(11)) : name }

  static func money(_ amount: Int64, _ currency: String) -> String {
    guard let currency = try? Currency(currency) else { return "\(currency) \(amount)" }
    return Money(amount, currency).description
  }

  static func day(_ number: Int64) -> String { (try? Day(number: number))?.description ?? "\(number)" }

  static func holder(_ id: Digest, _ lotID: Digest, _ lists: Lists) throws(LedgerError) -> [Message] {
    let note = try note(id, lists)
    guard let lot = try Records.all(Family.lots.prefix(id, lotID), lists, as: Lot.self).first?.value else {
      return ["The note \(short(id)) has no lot \(short(lotID))."]
    }
    guard lot.existence == .live else {
      return ["The lot \(short(lotID)) is not live any more: \(Message(lot.existence.rawValue))."]
    }
    let terms: Message =
      "\(note.obligor) owes \(money(lot.open, note.currency)) on \(day(note.proposal.maturity)); the holder is \(party(lot.holder)), and nobody else."
    var lines = [terms]
    if lot.isPledged { lines.append("The lot is pledged to \(lot.pledgee).") }
    if lot.isFinanced { lines.append("\(lot.financier) has financed it.") }
    if lot.isFrozen { lines.append("It is frozen by order \(lot.order).") }
    return lines
  }

  static func chain(_ id: Digest, _ lists: Lists) throws(LedgerError) -> [Message] {
    let note = try note(id, lists)
    let lots = try Records.all(Family.lots.prefix(id), lists, as: Lot.self)
    let events = try Records.all(Family.lives.prefix(id), lists, as: NoteEvent.self)
    var lines: [Message] = [
      "Note \(short(id)): \(note.obligor) to \(note.payee), \(money(note.proposal.amount, note.currency)), due \(day(note.proposal.maturity)), \(Message(note.status.rawValue)).",
      "\(lots.count) lots and \(events.count) events; none was left out.",
    ]
    // The tree, parents before their parts.
    func tree(_ parent: Digest?, _ indent: String) {
      for (key, lot) in lots where lot.parent == parent {
        guard let own = Digest(key.bytes.suffix(32)) else { continue }
        lines.append(
          "\(indent)\(short(own))  \(money(lot.amount, note.currency))  \(party(lot.holder))  \(Message(lot.existence.rawValue))"
        )
        if indent.utf8.count < 64 { tree(own, indent + "  ") }
      }
    }
    tree(nil, "  ")
    let leaves = lots.filter { $0.value.existence != .consumed }
    let sum = leaves.reduce(Int64(0)) { $0 + $1.value.open + $1.value.settled + $1.value.writtenOff }
    if !lots.isEmpty {
      guard sum == note.proposal.amount else {
        throw LedgerError(.notProved, "The lots of the note do not sum to its face.")
      }
      lines.append("What is open, paid and written off sums to the face.")
    }
    for (key, event) in events {
      lines.append(
        "  #\(key.order) \(Timestamp.text(event.time).prefix(16)) \(Message(event.kind)) \(party(event.actor)) \(party(event.other))"
      )
    }
    return lines
  }

  static func holdings(_ party: String, _ lists: Lists) throws(LedgerError) -> [Message] {
    let keys = try lists(Family.holdings.prefix(.sha256(party))).map(\.key)
    var lines: [Message] = ["\(Self.party(party)) holds \(keys.count) lots; none was left out."]
    for key in keys {
      lines.append("  \(Hex.encode(key.bytes[33..<65])) \(Hex.encode(key.bytes[65..<97]))")
    }
    return lines
  }

  static func line(_ owner: String, _ lists: Lists) throws(LedgerError) -> [Message] {
    let accounts = try Records.accounts(Family.accounts.prefix(.sha256(owner)), lists)
    var lines: [Message] = []
    for currency in Set(accounts.map(\.id.currency)).sorted() {
      func account(_ name: String) -> Account? { accounts.first { $0.id.name == name && $0.id.currency == currency } }
      let (limit, used) = (account("limit")?.creditBalance ?? 0, account("used")?.debitBalance ?? 0)
      let reserved = account("used")?.pendingDebits ?? 0
      let share = (try? Ratios.utilisation(used: used, reserved: reserved, limit: limit))?.description ?? "-"
      lines.append(
        "\(owner): limit \(money(limit, currency.code)), used \(money(used, currency.code)), reserved \(money(reserved, currency.code)), left \(money(limit - used - reserved, currency.code)); \(share) taken."
      )
    }
    return lines.isEmpty ? ["There is no line \(owner)."] : lines
  }

  static func exceptions(_ lists: Lists) throws(LedgerError) -> [Message] {
    let exceptions = try Records.all(Family.exceptions.prefix(), lists, as: ExceptionRecord.self)
    let open = exceptions.filter { $0.value.status != .resolved }.count
    var lines: [Message] = [
      "\(exceptions.count) exceptions, \(open) of them not resolved, in the order of the log; none was left out."
    ]
    lines += exceptions.map { line(of: $0.value, entry: $0.key.order) }
    return lines
  }

  static func line(of exception: ExceptionRecord, entry: UInt64) -> Message {
    "  #\(entry) \(Timestamp.text(exception.openedAt).prefix(16)) \(exception.device) \(Message(exception.reading)) \(thousandths(exception.value)): \(Message(exception.status.rawValue))"
  }

  /// A note as one may see it who may not see the whole chain.
  static func chain(_ data: NoteData) -> [Message] {
    let note = data.note
    var lines: [Message] = [
      "Note \(short(data.id)): \(note.obligor) to \(note.payee), \(money(note.proposal.amount, note.currency)), due \(day(note.proposal.maturity)), \(Message(note.status.rawValue)).",
      "\(data.lots.count) lots; names that are not yours to see are left out.",
    ]
    for item in data.lotItems {
      lines.append(
        "  \(item.lot.prefix(10))  \(money(item.amount, note.currency))  \(item.holder.map(party) ?? "-")  \(Message(item.existence))"
      )
    }
    for event in data.eventItems {
      lines.append(
        "  #\(event.entry) \(event.time.prefix(16)) \(Message(event.kind)) \(event.actor.map(party) ?? "-") \(event.other.map(party) ?? "")"
      )
    }
    return lines
  }

  static func thousandths(_ value: Int64) -> String {
    let fraction = String(value.magnitude % 1000 + 1000).dropFirst()
    return "\(value < 0 ? "-" : "")\(value.magnitude / 1000).\(fraction.prefix(1))"
  }

  static func note(_ id: Digest, _ lists: Lists) throws(LedgerError) -> Note {
    guard let note = try Records.all(Family.notes.prefix(id), lists, as: Note.self).first?.value else {
      throw LedgerError(.notFound, "There is no note \(short(id)).")
    }
    return note
  }
}
