internal import CBOR

/// Which account of whom: the owner's name, the account's name and the currency.
///
/// Its state key is `namespace ‖ SHA-256(owner) ‖ SHA-256(name) ‖ SHA-256(currency)`, so that one prefix is all that an
/// owner has, and so one complete proof.
public struct AccountID: Sendable, Hashable {
  /// Whose it is: a member, a pair of members, a note.
  public let owner: String
  /// What it holds, for example `receivable`.
  public let name: String
  /// Its currency.
  public let currency: Currency

  /// The account of an owner by this name.
  public init(_ owner: String, _ name: String, _ currency: Currency) {
    (self.owner, self.name, self.currency) = (owner, name, currency)
  }

  /// `owner/name/CUR`, for people.
  public var path: String { "\(owner)/\(name)/\(currency.code)" }
}

/// What an account's totals may never do; pending transfers count against it.
public enum AccountRule: UInt64, Sendable, Hashable {
  /// Anything: a memo account, or one that the other leg bounds.
  case none = 0
  /// Debits, pending included, stay within the posted credits: a liability that cannot be overdrawn.
  case debitsWithinCredits = 1
  /// Credits, pending included, stay within the posted debits: an asset or a limit that cannot be overdrawn.
  case creditsWithinDebits = 2
}

/// The totals of an account; they only grow, except that pending ones fall when they are resolved.
public struct Account: Sendable, Hashable {
  /// Which account.
  public let id: AccountID
  /// What it may never do.
  public let rule: AccountRule
  /// Sum of the posted debits, minor units.
  public internal(set) var debits: Int64 = 0
  /// Sum of the posted credits.
  public internal(set) var credits: Int64 = 0
  /// Sum of the pending debits.
  public internal(set) var pendingDebits: Int64 = 0
  /// Sum of the pending credits.
  public internal(set) var pendingCredits: Int64 = 0

  init(_ id: AccountID, _ rule: AccountRule) { (self.id, self.rule) = (id, rule) }

  /// Posted debits less posted credits.
  public var debitBalance: Int64 { debits - credits }
  /// Posted credits less posted debits.
  public var creditBalance: Int64 { credits - debits }

  /// What the rule still leaves: the most that can be taken, pending transfers counted; nil without a rule.
  public var available: Int64? {
    switch rule {
    case .none: nil
    case .debitsWithinCredits: credits - debits - pendingDebits
    case .creditsWithinDebits: debits - credits - pendingCredits
    }
  }

  /// Deterministic CBOR: `[owner, name, currency, rule, debits, credits, pending debits, pending credits]`.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 96)
    writer.array(8)
    writer.text(id.owner)
    writer.text(id.name)
    writer.text(id.currency.code)
    writer.uint(rule.rawValue)
    for total in [debits, credits, pendingDebits, pendingCredits] { writer.int(total) }
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: [UInt8]) throws(ValueError) {
    do {
      var reader = CBORReader(bytes)
      guard try reader.array() == 8 else { throw ValueError.damaged("an account has eight parts") }
      let (owner, name) = (try reader.text(), try reader.text())
      let currency = try Currency(try reader.text())
      guard let rule = AccountRule(rawValue: try reader.uint()) else { throw ValueError.damaged("unknown rule") }
      self.init(AccountID(owner, name, currency), rule)
      var totals: [Int64] = []
      for _ in 0..<4 { totals.append(try reader.int()) }
      try reader.finish()
      guard !totals.contains(where: { $0 < 0 }) else { throw ValueError.damaged("a total below nothing") }
      (debits, credits, pendingDebits, pendingCredits) = (totals[0], totals[1], totals[2], totals[3])
    } catch let error as ValueError { throw error } catch { throw .damaged("\(error)") }
  }
}
