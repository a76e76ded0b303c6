public import Ledger

/// The sum of all accounts: in a sound ledger debits are credits in each currency, pending ones too.
public struct TrialBalance: Sendable, Equatable {
  /// The totals of one currency.
  public struct Totals: Sendable, Equatable {
    /// Posted debits.
    public var debits: Int128 = 0
    /// Posted credits.
    public var credits: Int128 = 0
    /// Pending debits.
    public var pendingDebits: Int128 = 0
    /// Pending credits.
    public var pendingCredits: Int128 = 0
  }

  /// By currency.
  public private(set) var totals: [Currency: Totals] = [:]
  /// Accounts that are beyond their rule, which no posting can bring about.
  public private(set) var overdrawn: [AccountID] = []

  /// Nothing summed yet.
  public init() {}

  /// The sum of the accounts in a contract's state; reads them all.
  public init(_ postings: Postings, _ state: inout State) throws(ValueError) {
    for (_, value) in state.list(postings.accounts.prefix()) { add(try Account(decoding: value)) }
  }

  /// Adds an account.
  public mutating func add(_ account: Account) {
    var sum = totals[account.id.currency] ?? Totals()
    sum.debits += Int128(account.debits)
    sum.credits += Int128(account.credits)
    sum.pendingDebits += Int128(account.pendingDebits)
    sum.pendingCredits += Int128(account.pendingCredits)
    totals[account.id.currency] = sum
    if let available = account.available, available < 0 { overdrawn.append(account.id) }
  }

  /// Whether debits are credits in each currency and no account is beyond its rule.
  public var isBalanced: Bool {
    overdrawn.isEmpty
      && totals.values.allSatisfy { $0.debits == $0.credits && $0.pendingDebits == $0.pendingCredits }
  }
}
