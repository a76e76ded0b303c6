public import Ledger
public import Primitives

/// Double entry over a contract's state: accounts whose totals change by balanced postings alone.
///
/// Conservation holds by construction: nothing here changes one account without the same amount on the other side, in
/// the same currency, and everything is checked before the first write. The rules of accounts are pessimistic: a
/// reservation counts when it is made, so that posting it later cannot fail.
public struct Postings: Sendable {
  /// The most legs of one posting.
  public static let legs = 64

  /// The family of the accounts: three identifiers.
  public let accounts: Namespace
  /// The family of the reservations: one identifier.
  public let reservations: Namespace

  /// Postings in two families of the contract.
  ///
  /// - Precondition: `accounts` has three identifiers and `reservations` one, neither is ordered.
  public init(accounts: Namespace, reservations: Namespace) {
    precondition(accounts.identifiers == 3 && !accounts.ordered, "accounts are keyed by owner, name and currency")
    precondition(reservations.identifiers == 1 && !reservations.ordered, "reservations are keyed by one identifier")
    (self.accounts, self.reservations) = (accounts, reservations)
  }

  /// One side of a posting.
  public struct Leg: Sendable, Hashable {
    /// The account.
    public let account: AccountID
    /// More than 0 for a debit, less for a credit.
    public let amount: Int64

    /// A debit of an account by an amount from 0 on.
    public static func debit(_ account: AccountID, _ amount: Int64) -> Leg { Leg(account: account, amount: amount) }
    /// A credit of an account by an amount from 0 on.
    public static func credit(_ account: AccountID, _ amount: Int64) -> Leg {
      Leg(account: account, amount: 0 - amount)
    }
  }

  // MARK: Accounts

  /// The key of an account.
  public func key(_ id: AccountID) -> StateKey { accounts.key(.sha256(id.owner), .sha256(id.name), id.currency.digest) }

  /// All accounts of an owner, as one prefix.
  public func prefix(owner: String) -> StatePrefix { accounts.prefix(.sha256(owner)) }

  /// An account's totals; nil before it is opened or first used.
  public func account(_ id: AccountID, _ state: inout State) throws(ValueError) -> Account? {
    guard let bytes = state[key(id)] else { return nil }
    return try Account(decoding: bytes)
  }

  /// Opens an account with a rule; nothing happens when it is open with the same rule.
  ///
  /// An account that is first used without this has no rule.
  public func open(_ id: AccountID, _ rule: AccountRule, _ state: inout State) throws(ValueError) {
    if let account = try account(id, &state) {
      guard account.rule == rule else { throw .accountDiffers(id.path) }
    } else {
      state.set(key(id), Account(id, rule).encoded())
    }
  }

  // MARK: Posting

  /// Posts a movement of one amount: debits one account and credits another.
  public func post(
    debit: AccountID, credit: AccountID, _ amount: Int64, _ state: inout State
  ) throws(ValueError) {
    guard amount > 0 else { throw .amountNotPositive }
    try post([.debit(debit, amount), .credit(credit, amount)], &state)
  }

  /// Posts several legs at once: their debits must be their credits in each currency; legs of 0 are left out.
  public func post(_ legs: [Leg], _ state: inout State) throws(ValueError) {
    let legs = legs.filter { $0.amount != 0 }
    guard (2...Postings.legs).contains(legs.count) else { throw .legCount(legs.count) }
    var sums: [Currency: Int128] = [:]
    for leg in legs { sums[leg.account.currency, default: 0] += Int128(leg.amount) }
    guard sums.values.allSatisfy({ $0 == 0 }) else { throw .unbalanced }
    var changed = Changes(self)
    for leg in legs {
      try changed.change(leg.account, &state) { account throws(ValueError) in
        if leg.amount > 0 {
          account.debits = try account.debits.plusChecked(leg.amount)
        } else {
          account.credits = try account.credits.minusChecked(leg.amount)
        }
      }
    }
    try changed.write(&state)
  }

  // MARK: Reservations

  /// The reservation with an id, if there ever was one.
  public func reservation(_ id: Digest, _ state: inout State) throws(ValueError) -> Reservation? {
    guard let bytes = state[reservations.key(id)] else { return nil }
    return try Reservation(decoding: bytes)
  }

  /// Sets an amount aside; both accounts' rules count it from now on.
  ///
  /// - Parameters:
  ///   - id: never used before on this ledger.
  ///   - expires: milliseconds since 1970; 0 for never.
  public func reserve(
    _ id: Digest, debit: AccountID, credit: AccountID, _ amount: Int64, expires: UInt64, _ state: inout State
  ) throws(ValueError) {
    guard amount > 0 else { throw .amountNotPositive }
    guard debit.currency == credit.currency else {
      throw .currencyMismatch(debit.currency.code, credit.currency.code)
    }
    guard state[reservations.key(id)] == nil else { throw .reservationKnown }
    try move(pending: amount, posted: 0, debit: debit, credit: credit, &state)
    state.set(
      reservations.key(id), Reservation(debit: debit, credit: credit, amount: amount, expires: expires).encoded())
  }

  /// Posts a reservation, in whole or in part; what is left of it is free again.
  ///
  /// - Parameters:
  ///   - amount: at most what was reserved; nil for all of it.
  ///   - now: the block's time: after its end a reservation can only be expired.
  public func commit(
    _ id: Digest, amount: Int64? = nil, now: UInt64, _ state: inout State
  ) throws(ValueError) {
    var reservation = try pending(id, &state)
    guard !reservation.hasExpired(at: now) else { throw .reservationExpired }
    let amount = amount ?? reservation.amount
    guard amount > 0 else { throw .amountNotPositive }
    guard amount <= reservation.amount else { throw .reservationExceeded }
    try move(
      pending: -reservation.amount, posted: amount, debit: reservation.debit, credit: reservation.credit, &state)
    (reservation.status, reservation.posted) = (.posted, amount)
    state.set(reservations.key(id), reservation.encoded())
  }

  /// Gives a reservation up.
  public func void(_ id: Digest, _ state: inout State) throws(ValueError) { try end(id, .voided, &state) }

  /// Ends a reservation whose time has passed.
  public func expire(_ id: Digest, now: UInt64, _ state: inout State) throws(ValueError) {
    guard try pending(id, &state).hasExpired(at: now) else { throw .reservationRunning }
    try end(id, .expired, &state)
  }

  private func end(_ id: Digest, _ status: Reservation.Status, _ state: inout State) throws(ValueError) {
    var reservation = try pending(id, &state)
    try move(pending: -reservation.amount, posted: 0, debit: reservation.debit, credit: reservation.credit, &state)
    reservation.status = status
    state.set(reservations.key(id), reservation.encoded())
  }

  private func pending(_ id: Digest, _ state: inout State) throws(ValueError) -> Reservation {
    guard let reservation = try reservation(id, &state) else { throw .reservationUnknown }
    guard reservation.status == .pending else { throw .reservationResolved }
    return reservation
  }

  /// The same amounts on both sides: the only way in which pending totals change.
  private func move(
    pending: Int64, posted: Int64, debit: AccountID, credit: AccountID, _ state: inout State
  ) throws(ValueError) {
    var changed = Changes(self)
    try changed.change(debit, &state) { account throws(ValueError) in
      account.pendingDebits = try account.pendingDebits.plusChecked(pending)
      account.debits = try account.debits.plusChecked(posted)
    }
    try changed.change(credit, &state) { account throws(ValueError) in
      account.pendingCredits = try account.pendingCredits.plusChecked(pending)
      account.credits = try account.credits.plusChecked(posted)
    }
    try changed.write(&state)
  }
}

/// The accounts that a posting touches, written together once every rule holds.
private struct Changes {
  let postings: Postings
  var accounts: [Account] = []

  init(_ postings: Postings) { self.postings = postings }

  mutating func change(
    _ id: AccountID, _ state: inout State, _ body: (inout Account) throws(ValueError) -> Void
  ) throws(ValueError) {
    if let place = accounts.firstIndex(where: { $0.id == id }) {
      try body(&accounts[place])
    } else {
      var account = try postings.account(id, &state) ?? Account(id, .none)
      try body(&account)
      accounts.append(account)
    }
  }

  func write(_ state: inout State) throws(ValueError) {
    for account in accounts {
      let sums = [account.debits, account.pendingDebits, account.credits, account.pendingCredits]
      guard !sums.contains(where: { $0 < 0 }) else { throw .damaged(account.id.path) }
      _ = try account.debits.plusChecked(account.pendingDebits)
      _ = try account.credits.plusChecked(account.pendingCredits)
      if let available = account.available, available < 0 { throw .limit(account.id.path) }
    }
    for account in accounts { state.set(postings.key(account.id), account.encoded()) }
  }
}
