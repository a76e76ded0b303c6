package import Ledger
package import Primitives
internal import Value

/// What must hold of every state, computed anew from its records and accounts alone; the numbers are the specification's.
///
/// Naive on purpose: nothing here is shared with the rules that keep the sums as they go.
package struct Invariants {
  /// An invariant that does not hold.
  package struct Violation: Error, CustomStringConvertible {
    /// Its number and what is wrong.
    package let message: Message
    /// The same in English.
    package var description: String { message.english }
  }

  /// The namespaces whose pairs are looked at.
  package static let families = [
    Family.notes, Family.lots, Family.holdings, Family.invoices, Family.registry, Family.accounts, Family.evidence,
    Family.obligors,
  ]

  private let notes: [(id: [UInt8], note: Note)]
  private let lots: [(key: [UInt8], lot: Lot)]
  private let held: Set<[UInt8]>
  private let invoices: [[UInt8]: Invoice]
  private let registry: [[UInt8]: Registration]
  private let accounts: [Account]
  private let evidence: [EvidenceUse]
  private let obligors: [[UInt8]: ObligorRecord]

  /// Reads all pairs of the families, in any order; throws where a record cannot be read.
  package init(_ pairs: [(key: StateKey, value: [UInt8])]) throws {
    func all<Record: Fields>(_ family: Namespace, _: Record.Type) throws -> [(key: [UInt8], record: Record)] {
      try pairs.filter { $0.key.bytes.first == family.id }
        .map { (Array($0.key.bytes.dropFirst()), try Record(decoding: $0.value)) }
    }
    notes = try all(Family.notes, Note.self).map { ($0.key, $0.record) }
    lots = try all(Family.lots, Lot.self).map { ($0.key, $0.record) }
    held = Set(pairs.filter { $0.key.bytes.first == Family.holdings.id }.map { Array($0.key.bytes.dropFirst()) })
    invoices = Dictionary(uniqueKeysWithValues: try all(Family.invoices, Invoice.self).map { ($0.key, $0.record) })
    registry = Dictionary(uniqueKeysWithValues: try all(Family.registry, Registration.self).map { ($0.key, $0.record) })
    accounts = try pairs.filter { $0.key.bytes.first == Family.accounts.id }.map { try Account(decoding: $0.value) }
    evidence = try all(Family.evidence, EvidenceUse.self).map(\.record)
    obligors = Dictionary(
      uniqueKeysWithValues: try all(Family.obligors, ObligorRecord.self).map { ($0.key, $0.record) })
  }

  /// Throws the first violation.
  package func check() throws(Violation) {
    try trees()
    try parts()
    try holdings()
    try overdue()
    try claims()
    try books()
  }

  private func expect(_ holds: Bool, _ text: @autoclosure () -> Message) throws(Violation) {
    if !holds { throw Violation(message: text()) }
  }

  /// I2: what is open, settled and written off over the leaves of a note's tree is its face.
  private func trees() throws(Violation) {
    var leaves: [ArraySlice<UInt8>: (sum: Int64, settled: Int64)] = [:]
    for (key, lot) in lots where lot.existence != .consumed {
      let sum = lot.open + lot.settled + lot.writtenOff
      leaves[key.prefix(32), default: (0, 0)].sum += sum
      leaves[key.prefix(32), default: (0, 0)].settled += lot.settled
    }
    for (id, note) in notes {
      let own = leaves[id[...]]
      switch note.status {
      case .live, .discharged:
        try expect(
          own?.sum == note.proposal.amount, "I2: the lots of a note of \(note.obligor) do not sum to its face.")
        try expect(own?.settled == note.settled, "I2: what is settled of a note of \(note.obligor) is not its lots'.")
      default: try expect(own == nil, "I2: a proposal of \(note.obligor) has lots.")
      }
    }
  }

  /// I8: the parts of a lot are of its note, sum to it, and took its place.
  private func parts() throws(Violation) {
    let byKey = Dictionary(lots.map { ($0.key, $0.lot) }) { first, _ in first }
    var sums: [[UInt8]: Int64] = [:]
    for (key, lot) in lots {
      guard let parent = lot.parent else {
        try expect(key.prefix(32) == key.suffix(32), "I8: a lot of \(lot.holder) without a parent is no note's first.")
        continue
      }
      let place = key.prefix(32) + parent.bytes
      guard let above = byKey[Array(place)] else {
        throw Violation(message: "I8: a lot of \(lot.holder) has a parent of another note.")
      }
      try expect(
        above.existence == .consumed && lot.depth >= above.depth,
        "I8: a lot of \(lot.holder) did not take its parent's place.")
      sums[Array(place), default: 0] += lot.amount
    }
    for (key, sum) in sums { try expect(sum == byKey[key]?.amount, "I8: the parts of a lot do not sum to it.") }
  }

  /// I17: an obligor's count of overdue lots, on which its right to issue depends, is that of the lots.
  private func overdue() throws(Violation) {
    let obligorOf = Dictionary(notes.map { ($0.id[...], $0.note.obligor) }) { first, _ in first }
    var counts: [[UInt8]: UInt64] = [:]
    for (key, lot) in lots where lot.existence == .live && [.overdue, .defaulted].contains(lot.performance) {
      if let obligor = obligorOf[key.prefix(32)] { counts[Digest.sha256(obligor).bytes, default: 0] += 1 }
    }
    for (key, record) in obligors {
      try expect(
        record.overdueLots == counts[key] ?? 0,
        "I17: an obligor has \(counts[key] ?? 0) overdue lots, \(record.overdueLots) are counted.")
    }
    for (key, _) in counts { try expect(obligors[key] != nil, "I17: overdue lots of an obligor are not counted.") }
  }

  /// I3 and I6: one holder for each live lot, listed exactly; at most one claim on it.
  private func holdings() throws(Violation) {
    var expected: Set<[UInt8]> = []
    for (key, lot) in lots {
      if lot.existence == .live { expected.insert(Digest.sha256(lot.holder).bytes + key) }
      let claims = (lot.reservation == .none ? 0 : 1) + (lot.isPledged ? 1 : 0)
      try expect(
        claims <= 1 && (lot.existence == .live || claims == 0), "I6: a lot of \(lot.holder) has \(claims) claims.")
    }
    try expect(held == expected, "I3: the lists of holdings are not what the lots say.")
  }

  /// I5 and I7: notes within what their invoice leaves to pay, and one financier for an invoice.
  private func claims() throws(Violation) {
    var noted: [[UInt8]: Int64] = [:]
    var invoiceOf: [ArraySlice<UInt8>: [UInt8]] = [:]
    for (id, note) in notes {
      invoiceOf[id[...]] = note.proposal.invoice.bytes
      if [.proposed, .issued, .live, .discharged].contains(note.status) {
        noted[note.proposal.invoice.bytes, default: 0] += note.proposal.amount
      }
    }
    for (token, invoice) in invoices {
      try expect(
        noted[token, default: 0] == invoice.noted && invoice.open >= 0,
        "I5: an invoice of \(invoice.filing.seller) has other notes than it says, or too many.")
    }
    var financiers: [[UInt8]: Set<String>] = [:]
    for (key, lot) in lots where !lot.financier.isEmpty {
      if let token = invoiceOf[key.prefix(32)] { financiers[token, default: []].insert(lot.financier) }
    }
    for (token, names) in financiers {
      try expect(
        names == [registry[token]?.financier ?? ""],
        "I7: an invoice is financed by \(names.sorted()), not registered so.")
    }
  }

  /// I1 and I16: the books balance with the lots and notes, and only bank entries move money.
  private func books() throws(Violation) {
    var balance = TrialBalance()
    var receivables: [String: Int64] = [:]
    var payables: [String: Int64] = [:]
    var bank: Int64 = 0
    for account in accounts {
      balance.add(account)
      switch account.id.name {
      case "receivable": receivables[account.id.owner, default: 0] += account.debitBalance
      case "payable": payables[account.id.owner, default: 0] += account.creditBalance
      case "bank": bank += account.debits
      default: break
      }
    }
    try expect(balance.isBalanced, "I1: debits and credits differ.")
    for (_, lot) in lots where lot.existence == .live { receivables[lot.holder, default: 0] -= lot.open }
    for (_, note) in notes where note.status == .live {
      payables[note.obligor, default: 0] -= note.proposal.amount - note.settled
    }
    for (owner, left) in receivables { try expect(left == 0, "I1: the receivables of \(owner) are off by \(left).") }
    for (owner, left) in payables { try expect(left == 0, "I1: the payables of \(owner) are off by \(left).") }
    let paid = evidence.reduce(Int64(0)) { $0 + $1.evidence.amount }
    try expect(bank == paid, "I16: bank accounts moved \(bank), bank entries say \(paid).")
  }
}
