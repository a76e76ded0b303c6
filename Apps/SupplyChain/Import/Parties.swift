import FinanceRules
import Foundation
import Invoices
import Ledger
import Primitives

/// Whose identifiers, names, accounts and keys are whose: the roster's, and what a file of the member's own adds.
///
/// `parties.txt` has a line for each: `id 91640100MA75K3H41X = orchard`, likewise `name`, `account`, `bic` and `key`.
/// Empty lines and those that begin with # count for nothing.
struct Parties: Sendable {
  /// Lines that are read of one file at most.
  static let lineLimit = 100_000

  private var members: [String: String] = [:]
  private var accounts: [(number: String, member: String)] = []
  private var owners: [String: String] = [:]
  private var banks: [String: String] = [:]
  private var keys: [(key: String, member: String)] = []
  private var titles: [String: String] = [:]
  private var identifiers: [String: String] = [:]

  /// Those of the ledger alone: names, titles and Legal Entity Identifiers.
  init(_ view: LedgerView) throws(LedgerError) {
    for member in view.configuration.members {
      members[CanonicalFields.name(member.name)] = member.name
      if !member.title.isEmpty {
        members[CanonicalFields.name(member.title)] = member.name
        titles[member.name] = member.title
      }
    }
    let roster = try Records.all(
      Family.members.prefix(), { p throws(LedgerError) in try view.list(p) }, as: MemberEntry.self)
    for (_, entry) in roster where !entry.lei.isEmpty {
      members[CanonicalFields.identifier(entry.lei)] = entry.name
      identifiers[entry.name] = entry.lei
    }
  }

  /// Those of the ledger, and of the member's files.
  init(_ view: LedgerView, folder: String, member: String) throws(LedgerError) {
    try self.init(view)
    for path in ["\(folder)/parties.txt", "\(folder)/\(member)/parties.txt"] {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
      try add(text, of: path)
    }
  }

  /// Adds the lines of a file.
  mutating func add(_ text: String, of path: String) throws(LedgerError) {
    for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let halves = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      let words = halves.first?.split(separator: " ", maxSplits: 1).map(String.init) ?? []
      guard halves.count == 2, words.count == 2, !halves[1].isEmpty, place < Parties.lineLimit else {
        throw LedgerError(.malformed, "Line \(place + 1) of \(path) is not KIND VALUE = MEMBER.")
      }
      let value = words[1].trimmingCharacters(in: .whitespaces)
      switch words[0] {
      case "id", "lei": members[CanonicalFields.identifier(value)] = halves[1]
      case "name": members[CanonicalFields.name(value)] = halves[1]
      case "account":
        let number = value.filter { $0 != " " }
        accounts.append((number, halves[1]))
        owners[number] = halves[1]
      case "bic": banks[halves[1]] = value
      case "key": keys.append((value, halves[1]))
      default:
        throw LedgerError(
          .malformed, "Line \(place + 1) of \(path): '\(words[0])' is none of id, lei, name, account, bic and key.")
      }
    }
  }

  /// The organisation behind a party of a document; nil if nothing that it carries is known.
  func member(_ party: Party) -> String? {
    let ids: [String?] =
      [party.lei?.text, party.legalID?.value] + party.taxRegistrations.map(\.id) + [party.endpoint?.value]
      + party.identifiers.map(\.value)
    for id in ids {
      if let id, let found = members[CanonicalFields.identifier(id)] { return found }
    }
    for name in [party.legalName, party.name] {
      if let name, let found = members[CanonicalFields.name(name)] { return found }
    }
    return nil
  }

  /// The organisation of a name that a bank has written.
  func member(named name: String) -> String? { members[CanonicalFields.name(name)] }

  /// Whose an account is.
  func owner(ofAccount number: String) -> String? { owners[number.filter { $0 != " " }] }

  /// The account of an organisation, or of a holder's key.
  func account(of party: String) -> String? {
    let party = organisation(of: party)
    return accounts.first { $0.member == party }?.number
  }

  /// The BIC of an organisation's bank.
  func bank(of party: String) -> String? { banks[organisation(of: party)] }

  /// The organisation behind a holder's key, as far as this member knows; an organisation is its own.
  func organisation(of party: String) -> String {
    party.hasPrefix("~") ? keys.first { $0.key == party }?.member ?? party : party
  }

  /// An organisation's own name on the ledger and the keys of lots that are known to be its.
  func faces(of member: String) -> [String] { [member] + keys.filter { $0.member == member }.map(\.key) }

  /// A name to show on documents.
  func title(of party: String) -> String {
    let name = organisation(of: party)
    return titles[name] ?? name
  }

  /// The Legal Entity Identifier of an organisation.
  func lei(of party: String) -> String? { identifiers[organisation(of: party)] }
}
