import Invoices
import Ledger
import Primitives

/// What an import found in a file, and what became of it.
struct ImportReport: Encodable, Sendable {
  /// A finding of the validation.
  struct Finding: Encodable, Sendable {
    let rule: String
    let severity: String
    let sentence: String
    let path: String
    let line: Int
    let message: Message

    enum CodingKeys: String, CodingKey { case rule, severity, sentence, path, line }

    init(_ finding: Invoices.Finding) {
      (rule, severity, message) = (finding.rule, finding.severity.rawValue, finding.sentence)
      (sentence, path, line) = (finding.sentence.english, finding.path, finding.line)
    }
  }

  /// A document that may be the same.
  struct Duplicate: Encodable, Sendable {
    /// `exact` or `similar`.
    let match: String
    /// The token or the keyed name of the other one.
    let id: String
    /// `filed`, or where the registry of financed invoices has it.
    let status: String
  }

  /// How documents of one order differ.
  struct Difference: Encodable, Sendable {
    let kind: String
    let isBlocking: Bool
    let sentence: String
    let message: Message

    enum CodingKeys: String, CodingKey { case kind, isBlocking, sentence }

    init(_ difference: MatchDifference) {
      (kind, isBlocking) = (difference.kind.rawValue, difference.isBlocking)
      (message, sentence) = (difference.sentence, difference.sentence.english)
    }
  }

  /// One movement of a bank's message.
  struct Movement: Encodable, Sendable {
    let reference: String
    let amount: String
    /// `disburse`, `settle` or `buyback`.
    var payment: String?
    var note: String?
    var lot: String?
    var outcome = Outcome.checked
    var entry: UInt64?
    var code: String?
    var sentence: String?
    var message: Message?

    enum CodingKeys: String, CodingKey {
      case reference, amount, payment, note, lot, outcome, entry, code, sentence
    }
  }

  /// What became of a document.
  enum Outcome: String, Encodable, Sendable {
    /// It was looked at only.
    case checked
    /// It is on the ledger now.
    case registered
    /// The buyer has approved it now.
    case approved
    /// It has been on the ledger before.
    case known
    /// Another member registers it.
    case otherMember = "other-member"
    /// It does not pass, or cannot be placed.
    case rejected
    /// The ledger's rules refuse it.
    case refused
  }

  var file: String
  /// The name of the root element.
  var document = ""
  var level: String
  /// SHA-256 of the bytes.
  var digest: String
  var findings: [Finding] = []
  var number: String?
  var issued: String?
  var seller: String?
  var buyer: String?
  var payable: String?
  var lines: Int?
  /// The exact token of an invoice, or the keyed name of another paper.
  var id: String?
  var similar: String?
  var duplicates: [Duplicate] = []
  var matchedWith: [String] = []
  var differences: [Difference] = []
  var movements: [Movement] = []
  var outcome = Outcome.checked
  var entry: UInt64?
  /// The code of a refusal.
  var code: String?
  /// Why, in a sentence.
  var sentence: String?
  /// Who cannot open what the entry seals, in a sentence.
  var unsealed: String?
  var unsealedMessage: Message? { didSet { unsealed = unsealedMessage?.english } }
  var message: Message? { didSet { sentence = message?.english } }

  enum CodingKeys: String, CodingKey {
    case file, document, level, digest, findings, number, issued, seller, buyer, payable, lines, id, similar
    case duplicates, matchedWith, differences, movements, outcome, entry, code, sentence, unsealed
  }

  init(file: String, level: ImportLevel, digest: Digest) {
    (self.file, self.level, self.digest) = (file, level.rawValue, digest.hex)
  }

  /// Whether nothing was wrong with it.
  var isGood: Bool {
    ![.rejected, .refused].contains(outcome) && !movements.contains { [.rejected, .refused].contains($0.outcome) }
  }

  mutating func end(_ outcome: Outcome, _ message: Message? = nil, code: String? = nil) {
    (self.outcome, self.code) = (outcome, code)
    if let message { self.message = message }
  }

  // MARK: In words

  /// The report for people.
  var words: [Message] {
    var lines: [Message] = ["\(file): \(Message(document.isEmpty ? "?" : document)), \(Message(level))"]
    if let number {
      lines.append("  number \(number), issued \(issued ?? "-"), seller \(seller ?? "?"), buyer \(buyer ?? "?")")
    }
    if let payable { lines.append("  payable \(payable), \(self.lines ?? 0) lines") }
    for finding in findings {
      lines.append("  \(finding.rule) \(Message(finding.severity)), line \(finding.line): \(finding.message)")
    }
    if let id { lines.append("  id \(id)") }
    for duplicate in duplicates {
      lines.append("  \(Message(duplicate.match)) match: \(duplicate.id) (\(Message(duplicate.status)))")
    }
    if !matchedWith.isEmpty {
      let names = matchedWith.joined(separator: ", ")
      let isClean = !differences.contains(where: \.isBlocking)
      lines.append(isClean ? "  fits: \(names)" : "  does not fit: \(names)")
    }
    for difference in differences { lines.append("    \(difference.message)") }
    for movement in movements {
      lines.append(
        "  \(movement.reference) \(movement.amount): \(Message(movement.outcome.rawValue)) \(movement.payment ?? "") \(movement.lot?.prefix(10).description ?? "")"
      )
      if let message = movement.message { lines.append("    \(message)") }
    }
    if let entry {
      lines.append("  \(Message(outcome.rawValue)), entry \(entry)")
    } else {
      lines.append("  \(Message(outcome.rawValue))")
    }
    if let message { lines.append("  \(message)") }
    if let unsealedMessage { lines.append("  \(unsealedMessage)") }
    return lines
  }
}
