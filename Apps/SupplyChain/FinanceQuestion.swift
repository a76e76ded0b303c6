import FinanceRules
package import Ledger
import Primitives
import Value

/// Reads every pair under a prefix, from a view or from a proof.
package typealias Lists = (StatePrefix) throws(LedgerError) -> [(key: StateKey, value: [UInt8])]

/// A question that the state answers by complete lists, and the answer in words: the same for a view and for a proof.
enum FinanceQuestion: Equatable {
  case holder(note: Digest, lot: Digest)
  case chain(note: Digest)
  case holdings(String)
  case line(String)
  case exceptions
  case credit(String)
  case facility(Digest)
  /// Movements from a day on; from the year's first unless given.
  case report(since: Int64?)

  /// The words of a proof bundle's question.
  var words: [String] {
    switch self {
    case .holder(let note, let lot): ["holder", note.hex, lot.hex]
    case .chain(let note): ["chain", note.hex]
    case .holdings(let party): ["holdings", party]
    case .line(let owner): ["line", owner]
    case .exceptions: ["exceptions"]
    case .credit(let party): ["credit", party]
    case .facility(let id): ["facility", id.hex]
    case .report(let since): since.map { ["report", FinanceText.day($0)] } ?? ["report"]
    }
  }

  init?(words: [String]) {
    let digests = words.dropFirst().map { Digest(hex: $0) }
    switch (words.first, words.count) {
    case ("holder", 3):
      guard let note = digests[0], let lot = digests[1] else { return nil }
      self = .holder(note: note, lot: lot)
    case ("chain", 2):
      guard let note = digests[0] else { return nil }
      self = .chain(note: note)
    case ("holdings", 2): self = .holdings(words[1])
    case ("line", 2): self = .line(words[1])
    case ("exceptions", 1): self = .exceptions
    case ("credit", 2): self = .credit(words[1])
    case ("facility", 2):
      guard let id = digests[0] else { return nil }
      self = .facility(id)
    case ("report", 1): self = .report(since: nil)
    case ("report", 2):
      guard let day = try? Day(words[1]).number, day >= 0 else { return nil }
      self = .report(since: day)
    default: return nil
    }
  }

  /// The lists that answer it.
  var prefixes: [StatePrefix] {
    switch self {
    case .holder(let note, let lot): [Family.notes.prefix(note), Family.lots.prefix(note, lot)]
    case .chain(let note): [Family.notes.prefix(note), Family.lots.prefix(note), Family.lives.prefix(note)]
    case .holdings(let party): [Family.holdings.prefix(.sha256(party))]
    case .line(let owner): [Family.accounts.prefix(.sha256(owner))]
    case .exceptions: [Family.exceptions.prefix()]
    case .credit:
      [Family.notes, Family.lots, Family.lives, Family.invoices, Family.evidence].map { $0.prefix() }
    case .facility(let id): Cover.prefixes(id)
    case .report: Report.prefixes
    }
  }

  var request: ProofRequest {
    var request = ProofRequest(question: words)
    request.prefixes = prefixes
    return request
  }

  /// The answer in words.
  ///
  /// - Parameter time: that of the seal which the lists are of.
  func answer(at time: UInt64, _ lists: Lists) throws(LedgerError) -> [Message] {
    switch self {
    case .holder(let note, let lot): try FinanceText.holder(note, lot, lists)
    case .chain(let note): try FinanceText.chain(note, lists)
    case .holdings(let party): try FinanceText.holdings(party, lists)
    case .line(let owner): try FinanceText.line(owner, lists)
    case .exceptions: try FinanceText.exceptions(lists)
    case .credit(let party): try Credit(party, at: time, lists).lines
    case .facility(let id): try Cover(id, lists).lines(id)
    case .report(let since): try Report(at: time, since: since, lists).lines
    }
  }
}

/// Reads records out of lists.
enum Records {
  /// Every record under a prefix.
  static func all<Record: Fields>(
    _ prefix: StatePrefix, _ lists: Lists, as type: Record.Type = Record.self
  ) throws(LedgerError) -> [(key: StateKey, value: Record)] {
    var found: [(key: StateKey, value: Record)] = []
    for (key, value) in try lists(prefix) {
      do { found.append((key, try Record(decoding: value))) } catch {
        throw LedgerError(.notProved, "A value of the list cannot be read: \(error).")
      }
    }
    return found
  }

  /// The policy in force; nil before the first was decided.
  static func policy(_ lists: Lists) throws(LedgerError) -> Policy? {
    try all(Family.policies.prefix(), lists, as: Policy.self).last?.value
  }

  /// Every account under a prefix.
  static func accounts(_ prefix: StatePrefix, _ lists: Lists) throws(LedgerError) -> [Account] {
    var found: [Account] = []
    for (_, value) in try lists(prefix) {
      do { found.append(try Account(decoding: value)) } catch {
        throw LedgerError(.notProved, "A value of the list cannot be read: \(error).")
      }
    }
    return found
  }
}
