public import Primitives

/// What a bank says happened on accounts: an ISO 20022 notification (camt.054) or statement (camt.053).
public struct BankEvidence: Sendable, Hashable {
  /// The message's id.
  public let messageID: String
  /// When the bank made it, as written.
  public let created: String
  /// The movements, in the message's order.
  public let entries: [BankEntry]
}

/// One movement on an account.
public struct BankEntry: Sendable, Hashable {
  /// Whether money came or went.
  public enum Direction: String, Sendable {
    /// Money came to the account.
    case credit = "CRDT"
    /// Money left the account.
    case debit = "DBIT"
  }

  /// What names the movement for good: the account and the bank's reference, so that it can be used once.
  public let id: String
  /// The account.
  public let account: String
  /// The amount, never below zero.
  public let amount: Amount
  /// Whether money came or went.
  public let direction: Direction
  /// Whether it takes an earlier movement back.
  public let isReversal: Bool
  /// Whether it is booked; a pending one is no evidence.
  public let isBooked: Bool
  /// The day that it was booked on.
  public let bookingDate: CalendarDate?
  /// The day that interest counts from.
  public let valueDate: CalendarDate?
  /// The id that the payer gave, if there is one.
  public let endToEndID: String?
  /// Who paid or was paid.
  public let counterparty: String?
  /// What it is for.
  public let remittance: String?
}

/// Why bytes are no bank evidence.
public enum BankEvidenceFault: Error, Sendable, Hashable {
  /// They are no XML that is read here.
  case xml(XMLFault)
  /// XML, but no camt.053 or camt.054 of version 001.08; the value is the namespace.
  case otherMessage(space: String)
  /// An element is missing or cannot be read; its name and the line of the element that it should be in.
  case field(name: String, line: Int)
  /// The parts of an entry do not add up to it.
  case batchMismatch(line: Int)
  /// Two movements have one id.
  case duplicate(id: String, line: Int)
  /// More than 100,000 movements.
  case tooMany(line: Int)

  /// The fault in words for people.
  public var message: Message {
    switch self {
    case .xml(let fault): fault.message
    case .otherMessage(let space): "\(space) is not a bank notification or statement that is read here."
    case .field(let name, let line): "Line \(line): \(name) is missing or cannot be read."
    case .batchMismatch(let line): "Line \(line): the parts of this entry do not add up to it."
    case .duplicate(let id, let line): "Line \(line): the movement \(id) stands twice."
    case .tooMany(let line): "Line \(line): there are more than \(BankEvidence.entryLimit) movements."
    }
  }
}

extension BankEvidence {
  /// Movements of one message at most.
  public static let entryLimit = 100_000

  private static let spaces = [
    "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08": ("BkToCstmrStmt", "Stmt"),
  ]

  /// Reads a camt.054.001.08 or a camt.053.001.08.
  ///
  /// An entry with several transactions gives one movement for each, and their amounts must add up to it where all are
  /// in its currency. Every movement needs a reference of the bank. Linear in the message's size.
  public init(_ bytes: [UInt8]) throws(BankEvidenceFault) {
    let root: XMLElement
    do { root = try XMLReader.read(bytes) } catch { throw .xml(error) }
    guard root.name == "Document", let (body, report) = BankEvidence.spaces[root.space] else {
      throw .otherMessage(space: String(root.space.prefix(120)))
    }
    let document = BankNode(root)
    guard let content = document.first(body) else { throw .field(name: body, line: root.line) }
    guard let id = content.text("GrpHdr", "MsgId") else { throw .field(name: "MsgId", line: content.line) }
    guard let created = content.text("GrpHdr", "CreDtTm") else { throw .field(name: "CreDtTm", line: content.line) }
    var reader = BankEntryReader()
    for one in content.all(report) {
      guard let account = one.text("Acct", "Id", "IBAN") ?? one.text("Acct", "Id", "Othr", "Id") else {
        throw .field(name: "Acct", line: one.line)
      }
      for entry in one.all("Ntry") { try reader.read(entry, account) }
    }
    (messageID, self.created, entries) = (id, created, reader.entries)
  }
}

/// An element of an ISO 20022 message; its children are asked for by their plain names in the same namespace.
private struct BankNode {
  let element: XMLElement

  init(_ element: XMLElement) { self.element = element }

  var line: Int { element.line }

  func all(_ name: String) -> [BankNode] {
    element.children.filter { $0.name == name && $0.space == element.space }.map { BankNode($0) }
  }

  func first(_ names: String...) -> BankNode? { find(names) }

  func text(_ names: String...) -> String? {
    guard let text = find(names)?.element.normalizedText, !text.isEmpty else { return nil }
    return text
  }

  private func find(_ names: [String]) -> BankNode? {
    var node: BankNode? = self
    for name in names { node = node?.all(name).first }
    return node
  }

  /// The day in a choice of date and time.
  func day(_ name: String) throws(BankEvidenceFault) -> CalendarDate? {
    guard let choice = first(name) else { return nil }
    guard let text = choice.text("Dt") ?? choice.text("DtTm"), let day = CalendarDate(startOf: text) else {
      throw .field(name: name, line: choice.line)
    }
    return day
  }

  func amount(_ name: String) throws(BankEvidenceFault) -> Amount? {
    guard let node = first(name) else { return nil }
    guard let currency = node.element.attribute("Ccy").flatMap({ Currency($0) }),
      let decimal = ExactDecimal(node.element.text), !decimal.isNegative,
      let amount = Amount(decimal, currency: currency)
    else { throw .field(name: name, line: node.line) }
    return amount
  }
}

/// Makes movements of entries, and keeps their ids apart.
private struct BankEntryReader {
  private(set) var entries: [BankEntry] = []
  private var ids: Set<String> = []

  mutating func read(_ entry: BankNode, _ account: String) throws(BankEvidenceFault) {
    guard let total = try entry.amount("Amt") else { throw .field(name: "Amt", line: entry.line) }
    guard let direction = entry.text("CdtDbtInd").flatMap({ BankEntry.Direction(rawValue: $0) }) else {
      throw .field(name: "CdtDbtInd", line: entry.line)
    }
    guard let status = entry.text("Sts", "Cd") ?? entry.text("Sts", "Prtry") else {
      throw .field(name: "Sts", line: entry.line)
    }
    let parts = entry.all("NtryDtls").flatMap { $0.all("TxDtls") }
    if parts.count > 1 { try checkSum(of: parts, total, entry, direction) }
    let reference = entry.text("AcctSvcrRef") ?? entry.text("NtryRef")
    let sources = parts.isEmpty ? [entry] : parts
    for (index, part) in sources.enumerated() {
      guard entries.count < BankEvidence.entryLimit else { throw .tooMany(line: part.line) }
      let own = part.text("Refs", "AcctSvcrRef")
      guard let name = own ?? reference.map({ sources.count > 1 ? "\($0)/\(index + 1)" : $0 }) else {
        throw .field(name: "AcctSvcrRef", line: part.line)
      }
      let id = "\(account)|\(name)"
      guard ids.insert(id).inserted else { throw .duplicate(id: id, line: part.line) }
      let endToEnd = part.text("Refs", "EndToEndId")
      let partDirection = part.text("CdtDbtInd").flatMap { BankEntry.Direction(rawValue: $0) } ?? direction
      let role = partDirection == .credit ? "Dbtr" : "Cdtr"
      entries.append(
        BankEntry(
          id: id, account: account, amount: parts.isEmpty || parts.count == 1 ? total : try part.amount("Amt") ?? total,
          direction: partDirection, isReversal: entry.text("RvslInd") == "true", isBooked: status == "BOOK",
          bookingDate: try entry.day("BookgDt"), valueDate: try entry.day("ValDt"),
          endToEndID: endToEnd == "NOTPROVIDED" ? nil : endToEnd,
          counterparty: part.text("RltdPties", role, "Pty", "Nm") ?? part.text("RltdPties", role, "Nm"),
          remittance: part.text("RmtInf", "Ustrd")))
    }
  }

  private func checkSum(
    of parts: [BankNode], _ total: Amount, _ entry: BankNode, _ direction: BankEntry.Direction
  ) throws(BankEvidenceFault) {
    var sum: Int64 = 0
    for part in parts {
      guard let amount = try part.amount("Amt") else { throw .field(name: "Amt", line: part.line) }
      guard amount.currency == total.currency else { return }
      let isSame = (part.text("CdtDbtInd") ?? direction.rawValue) == direction.rawValue
      let (next, overflow) = sum.addingReportingOverflow(isSame ? amount.minorUnits : -amount.minorUnits)
      guard !overflow else { throw .batchMismatch(line: entry.line) }
      sum = next
    }
    guard sum == total.minorUnits else { throw .batchMismatch(line: entry.line) }
  }
}
