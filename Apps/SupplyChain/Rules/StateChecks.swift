package import Ledger
internal import Primitives
internal import Value

/// What must hold in any state of these rules, from complete lists and nothing else; slow and plain.
///
/// The numbers are those of the invariants: I1 books, I2 trees of notes, I3 holders, I4 lines, I5 invoices, I6 claims,
/// I7 registry, I8 parts, I12 and I16 evidence. An audit of the log has to come to the same state first.
package enum StateChecks {
  /// The first sentences that do not hold, or none; throws if a value cannot be read.
  ///
  /// - Parameter list: every pair under a prefix, in order of the keys.
  package static func faults(
    _ list: (StatePrefix) throws(LedgerError) -> [(key: StateKey, value: [UInt8])]
  ) throws(LedgerError) -> [String] {
    func all<Record: Fields>(_ family: Namespace, _ type: Record.Type) throws(LedgerError) -> [(
      key: StateKey, value: Record
    )] {
      var found: [(key: StateKey, value: Record)] = []
      for (key, value) in try list(family.prefix()) {
        do { found.append((key, try Record(decoding: value))) } catch {
          throw LedgerError(.damaged, "A value of the list cannot be read: \(error).")
        }
      }
      return found
    }
    var accounts: [Account] = []
    for (_, value) in try list(Family.accounts.prefix()) {
      do { accounts.append(try Account(decoding: value)) } catch {
        throw LedgerError(.damaged, "A value of the list cannot be read: \(error).")
      }
    }
    let notes = try all(Family.notes, Note.self)
    let lots = try all(Family.lots, Lot.self)
    let invoices = try all(Family.invoices, Invoice.self)
    let registry = try all(Family.registry, Registration.self)
    let evidence = try all(Family.evidence, EvidenceUse.self)
    let holdings = try list(Family.holdings.prefix())
    var faults: [String] = []
    func check(_ holds: Bool, _ what: @autoclosure () -> String) {
      if !holds, faults.count < 20 { faults.append(what()) }
    }
    books(accounts, lots, evidence.map(\.value), check)
    trees(notes, lots, check)
    let held = Set(holdings.map(\.key.bytes))
    let live = lots.filter { $0.value.existence == .live }
    check(
      held.count == live.count
        && live.allSatisfy {
          held.contains([Family.holdings.id] + Digest.sha256($0.value.holder).bytes + $0.key.bytes.dropFirst())
        }, "I3: the list of holdings is not that of the live lots' holders")
    var promised: [Digest: Int64] = [:]
    for (_, note) in notes where [.proposed, .issued, .live, .discharged].contains(note.status) {
      promised[note.proposal.invoice, default: 0] += note.proposal.amount
    }
    for (key, invoice) in invoices {
      let token = Digest(key.bytes.suffix(32)) ?? Digest()
      check(invoice.noted == promised[token] ?? 0 && invoice.open >= 0, "I5: notes exceed invoice \(token.hex)")
    }
    var financiers: [Digest: Set<String>] = [:]
    let roots = Dictionary(notes.map { (Array($0.key.bytes.dropFirst()), $0.value) }, uniquingKeysWith: { a, _ in a })
    for (key, lot) in lots where lot.isFinanced {
      guard let note = roots[Array(key.bytes[1..<33])] else { continue }
      financiers[note.proposal.invoice, default: []].insert(lot.financier)
    }
    for (key, entry) in registry {
      let token = Digest(key.bytes.suffix(32)) ?? Digest()
      check((financiers[token] ?? []).isSubset(of: [entry.financier]), "I7: two financiers of invoice \(token.hex)")
    }
    return faults
  }

  private static func books(
    _ accounts: [Account], _ lots: [(key: StateKey, value: Lot)], _ evidence: [EvidenceUse],
    _ check: (Bool, @autoclosure () -> String) -> Void
  ) {
    var balance = TrialBalance()
    var (receivables, bank): ([String: Int64], Int64) = ([:], 0)
    for account in accounts {
      balance.add(account)
      if account.id.name == "receivable" { receivables[account.id.owner, default: 0] += account.debitBalance }
      if account.id.name == "bank" { bank += account.debits }
      if account.id.name == "available" {
        check((account.available ?? 0) >= 0, "I4: more is used and reserved than \(account.id.owner) has")
      }
    }
    check(balance.isBalanced, "I1: debits are not credits")
    var held: [String: Int64] = [:]
    for (_, lot) in lots where lot.existence == .live { held[lot.holder, default: 0] += lot.open }
    check(
      held.filter { $0.value != 0 } == receivables.filter { $0.value != 0 }, "I1: receivables are not the live lots")
    check(bank == evidence.reduce(0) { $0 + $1.evidence.amount }, "I16: money moved without a bank entry")
  }

  private static func trees(
    _ notes: [(key: StateKey, value: Note)], _ lots: [(key: StateKey, value: Lot)],
    _ check: (Bool, @autoclosure () -> String) -> Void
  ) {
    var (sums, parts): ([[UInt8]: Int64], [[UInt8]: Int64]) = ([:], [:])
    var amounts: [[UInt8]: Lot] = [:]
    for (key, lot) in lots {
      let (note, id) = (Array(key.bytes[1..<33]), Array(key.bytes.suffix(32)))
      amounts[id] = lot
      if lot.existence != .consumed { sums[note, default: 0] += lot.open + lot.settled + lot.writtenOff }
      if let parent = lot.parent { parts[parent.bytes, default: 0] += lot.amount }
      let claims = (lot.reservation == .none ? 0 : 1) + (lot.isPledged ? 1 : 0)
      check(claims <= 1 && (lot.existence == .live || claims == 0), "I6: two claims on one lot")
    }
    for (key, note) in notes where note.status == .live || note.status == .discharged {
      check(sums[Array(key.bytes.dropFirst())] == note.proposal.amount, "I2: a note's lots are not its face")
    }
    for (parent, sum) in parts {
      check(
        amounts[parent]?.amount == sum && amounts[parent]?.existence == .consumed,
        "I8: parts are not the lot they are of")
    }
  }
}
