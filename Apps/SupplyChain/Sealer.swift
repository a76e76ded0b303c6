import COSE
import FinanceRules
import Invoices
import Ledger
import Primitives

/// Seals what only the parties of a document may read, and tells who cannot be sealed to.
struct Sealer: Sendable {
  let view: LedgerView

  /// Something sealed, and what there is to say of it.
  struct Result {
    let sealed: Sealed
    /// Parties that have published no sealing key, or a bad one: they cannot open it.
    let missing: [String]

    /// The sentence that says so; nil where everybody can open it.
    var note: Message? { Sealer.note(missing) }
  }

  static func note(_ missing: [String]) -> Message? {
    guard !missing.isEmpty else { return nil }
    let names = missing.map(FinanceText.party).joined(separator: ", ")
    return "\(names) cannot open what this entry seals: no sealing key of theirs is on the ledger."
  }

  /// Seals a text to parties, each once; supervisors may be among the readers.
  ///
  /// Where none of them has a key it is a commitment alone.
  func seal(_ plain: [UInt8], salt: [UInt8], to parties: [String], withSupervisors: Bool = true) throws -> Result {
    var names: [String] = []
    for name in parties + (withSupervisors ? try supervisors() : []) where !name.isEmpty && !names.contains(name) {
      names.append(name)
    }
    var (keys, missing): ([[UInt8]], [String]) = ([], [])
    for name in names {
      // A key that nothing can be sealed to must not keep the others from reading.
      if keys.count < Sealed.readers, let key = try key(of: name),
        (try? Sealed([0], salt: salt, to: [key])) != nil
      {
        keys.append(key)
      } else {
        missing.append(name)
      }
    }
    guard !keys.isEmpty else { return Result(sealed: Sealed(plain, salt: salt), missing: missing) }
    do throws(SealingError) {
      return Result(sealed: try Sealed(plain, salt: salt, to: keys), missing: missing)
    } catch { throw LedgerError(.malformed, error.explanation) }
  }

  /// The sealing key that a party has published last.
  func key(of party: String) throws -> [UInt8]? {
    try view.value(Family.sealingKeys.key(.sha256(party))).map { try SealingNotice(decoding: $0).key }
  }

  /// The regulators and auditors of the roster.
  private func supervisors() throws -> [String] {
    try Records.all(Family.members.prefix(), { p throws(LedgerError) in try view.list(p) }, as: MemberEntry.self)
      .map(\.value).filter { $0.status == .admitted && !$0.roles.isDisjoint(with: [.regulator, .auditor]) }.map(\.name)
  }

  /// 32 fresh bytes.
  static func salt() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// Lines of a text that fit what can be sealed: the first always, the others in order.
  static func text(_ lines: [String]) -> [UInt8] {
    var text: [UInt8] = []
    for (place, line) in lines.enumerated() {
      let line = Array((place == 0 ? line : "\n" + line).utf8)
      guard text.count + line.count <= Sealed.plainBytes else {
        if place == 0 { text = Array(line.prefix(Sealed.plainBytes)) }
        break
      }
      text += line
    }
    return text
  }
}

/// What the log's routes of a document seal: its key terms and the digest of its file, which stays at its member.
enum KeyTerms {
  /// The terms of a document of the trade, one a line; as many of its lines as fit.
  static func text(_ document: TradeDocument, _ trade: Trade, _ file: Digest) -> [UInt8] {
    func number(_ value: ExactDecimal?) -> String { value?.description ?? "?" }
    func line(_ quantity: Quantity?, _ item: Item, _ price: Price?) -> String {
      let amount = "\(number(quantity?.value)) \(quantity?.unit ?? "") \(item.name ?? item.sellersID ?? "?")"
      return price.map { "\(amount) at \($0.net.description)" } ?? amount
    }
    var total = ""
    var lines: [String] = []
    switch document {
    case .invoice(let invoice), .creditNote(let invoice):
      total = " \(invoice.payable)"
      lines = invoice.lines.map { line($0.quantity, $0.item, $0.price) }
    case .order(let order):
      total = order.payable.map { " \($0)" } ?? ""
      lines = order.lines.map { line($0.quantity, $0.item, $0.price) }
    case .despatchAdvice(let advice): lines = advice.lines.map { line($0.delivered, $0.item, nil) }
    case .receiptAdvice(let advice): lines = advice.lines.map { line($0.received, $0.item, nil) }
    }
    let name = document.number.prefix(60)
    return Sealer.text(
      [
        "\(document.kind.rawValue) \(name) of \(document.issueDate.description):\(total)",
        "from \(trade.seller) to \(trade.buyer)", "file sha256 \(file.hex)",
      ] + lines)
  }

  /// The terms of what is stated without a file.
  static func text(_ kind: String, _ id: Digest, _ terms: [String]) -> [UInt8] {
    Sealer.text(["\(kind) \(id.hex)"] + terms.filter { !$0.isEmpty })
  }
}
