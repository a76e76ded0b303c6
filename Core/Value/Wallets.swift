internal import CBOR
public import Ledger
public import Primitives

/// Wallets: hold, receive and pay small amounts, with payments of a tab netted before they are posted.
///
/// A wallet is an account of its owner that cannot be overdrawn. The issuer's `float` stands against all wallets, so
/// that what is in them is what was paid in less what was paid out.
public struct Wallets: Sendable {
  /// The postings that the wallets are accounts of.
  public let postings: Postings
  /// The family of the tabs: one identifier.
  public let tabs: Namespace
  /// The account name of wallets.
  public static let walletName = "wallet"
  /// The account name of the issuer's counterpart.
  public static let floatName = "float"

  /// Wallets over postings.
  ///
  /// - Precondition: `tabs` has one identifier and is not ordered.
  public init(_ postings: Postings, tabs: Namespace) {
    precondition(tabs.identifiers == 1 && !tabs.ordered, "tabs are keyed by one identifier")
    (self.postings, self.tabs) = (postings, tabs)
  }

  /// The account behind an owner's wallet.
  public func wallet(_ owner: String, _ currency: Currency) -> AccountID {
    AccountID(owner, Wallets.walletName, currency)
  }

  /// What an owner can spend now: the balance less what is reserved.
  public func available(_ owner: String, _ currency: Currency, _ state: inout State) throws(ValueError) -> Int64 {
    try postings.account(wallet(owner, currency), &state)?.available ?? 0
  }

  /// Pays in: the contract has seen the evidence that the issuer got the money.
  public func fund(
    _ owner: String, from issuer: String, _ amount: Money, _ state: inout State
  ) throws(ValueError) {
    let wallet = wallet(owner, amount.currency)
    try postings.open(wallet, .debitsWithinCredits, &state)
    try postings.post(
      debit: AccountID(issuer, Wallets.floatName, amount.currency), credit: wallet, amount.minorUnits, &state)
  }

  /// Pays out.
  public func withdraw(
    _ owner: String, to issuer: String, _ amount: Money, _ state: inout State
  ) throws(ValueError) {
    try postings.open(wallet(owner, amount.currency), .debitsWithinCredits, &state)
    try postings.post(
      debit: wallet(owner, amount.currency), credit: AccountID(issuer, Wallets.floatName, amount.currency),
      amount.minorUnits, &state)
  }

  /// Pays from one wallet into another at once.
  public func pay(
    _ payer: String, _ payee: String, _ amount: Money, _ state: inout State
  ) throws(ValueError) {
    let (from, to) = (wallet(payer, amount.currency), wallet(payee, amount.currency))
    try postings.open(from, .debitsWithinCredits, &state)
    try postings.open(to, .debitsWithinCredits, &state)
    try postings.post(debit: from, credit: to, amount.minorUnits, &state)
  }

  /// Holds an amount for a payee until it is taken (`Postings.commit`), given back (`void`) or its time passes.
  public func hold(
    _ id: Digest, _ payer: String, for payee: String, _ amount: Money, expires: UInt64, _ state: inout State
  ) throws(ValueError) {
    let (from, to) = (wallet(payer, amount.currency), wallet(payee, amount.currency))
    try postings.open(from, .debitsWithinCredits, &state)
    try postings.open(to, .debitsWithinCredits, &state)
    try postings.reserve(id, debit: from, credit: to, amount.minorUnits, expires: expires, &state)
  }

  // MARK: Tabs

  /// Many small payments between two wallets that are posted as one: what is left when they are set off.
  public struct Tab: Sendable, Hashable {
    /// One wallet's owner.
    public let first: String
    /// The other's.
    public let second: String
    /// The currency.
    public let currency: Currency
    /// What the first has set aside: the most that it may owe.
    public let firstCap: Int64
    /// What the second has set aside.
    public let secondCap: Int64
    /// When the tab can no longer be settled, milliseconds since 1970; 0 for never.
    public let expires: UInt64
    /// What the first owes the second so far; less than 0 the other way round.
    public internal(set) var net: Int64 = 0
    /// Payments taken in.
    public internal(set) var payments: UInt64 = 0
    /// Whether it has been settled.
    public internal(set) var isSettled = false
  }

  /// Opens a tab: each side sets aside the most that it may come to owe, so that settling can never fail.
  public func openTab(
    _ id: Digest, _ first: String, cap firstCap: Int64, _ second: String, cap secondCap: Int64, _ currency: Currency,
    expires: UInt64, _ state: inout State
  ) throws(ValueError) {
    guard firstCap >= 0, secondCap >= 0, firstCap > 0 || secondCap > 0 else { throw .amountNotPositive }
    guard state[tabs.key(id)] == nil else { throw .reservationKnown }
    if firstCap > 0 {
      try hold(hold(id, 0), first, for: second, Money(firstCap, currency), expires: expires, &state)
    }
    if secondCap > 0 {
      try hold(hold(id, 1), second, for: first, Money(secondCap, currency), expires: expires, &state)
    }
    write(
      id,
      Tab(
        first: first, second: second, currency: currency, firstCap: firstCap, secondCap: secondCap, expires: expires),
      &state)
  }

  /// Takes one small payment into a tab; nothing is posted. One write, whatever the number of payments.
  public func tap(
    _ id: Digest, from payer: String, _ amount: Int64, now: UInt64, _ state: inout State
  ) throws(ValueError) {
    guard amount > 0 else { throw .amountNotPositive }
    var tab = try openTab(id, &state)
    guard tab.expires == 0 || now < tab.expires else { throw .reservationExpired }
    guard payer == tab.first || payer == tab.second else { throw .accountDiffers(payer) }
    tab.net = payer == tab.first ? try tab.net.plusChecked(amount) : try tab.net.minusChecked(amount)
    guard tab.net <= tab.firstCap, tab.net >= 0 - tab.secondCap else {
      throw .limit(wallet(payer, tab.currency).path)
    }
    tab.payments += 1
    write(id, tab, &state)
  }

  /// Posts what is left of a tab's payments and frees the rest of both sides' reservations.
  public func settle(_ id: Digest, now: UInt64, _ state: inout State) throws(ValueError) {
    var tab = try openTab(id, &state)
    if tab.net > 0 { try postings.commit(hold(id, 0), amount: tab.net, now: now, &state) }
    if tab.net < 0 { try postings.commit(hold(id, 1), amount: 0 - tab.net, now: now, &state) }
    if tab.firstCap > 0, tab.net <= 0 { try postings.void(hold(id, 0), &state) }
    if tab.secondCap > 0, tab.net >= 0 { try postings.void(hold(id, 1), &state) }
    tab.isSettled = true
    write(id, tab, &state)
  }

  /// A tab, if there ever was one with this id.
  public func tab(_ id: Digest, _ state: inout State) throws(ValueError) -> Tab? {
    guard let bytes = state[tabs.key(id)] else { return nil }
    return try Tab(decoding: bytes)
  }

  private func openTab(_ id: Digest, _ state: inout State) throws(ValueError) -> Tab {
    guard let tab = try tab(id, &state) else { throw .reservationUnknown }
    guard !tab.isSettled else { throw .reservationResolved }
    return tab
  }

  private func hold(_ id: Digest, _ side: UInt8) -> Digest { .sha256(id.bytes + [side]) }

  private func write(_ id: Digest, _ tab: Tab, _ state: inout State) { state.set(tabs.key(id), tab.encoded()) }
}

extension Wallets.Tab {
  /// Deterministic CBOR: an array of nine parts in the order of the properties, the currency third.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 96)
    writer.array(9)
    writer.text(first)
    writer.text(second)
    writer.text(currency.code)
    writer.int(firstCap)
    writer.int(secondCap)
    writer.uint(expires)
    writer.int(net)
    writer.uint(payments)
    writer.bool(isSettled)
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: [UInt8]) throws(ValueError) {
    do {
      var reader = CBORReader(bytes)
      guard try reader.array() == 9 else { throw ValueError.damaged("a tab has nine parts") }
      (first, second) = (try reader.text(), try reader.text())
      currency = try Currency(try reader.text())
      (firstCap, secondCap) = (try reader.int(), try reader.int())
      expires = try reader.uint()
      net = try reader.int()
      payments = try reader.uint()
      isSettled = try reader.bool()
      try reader.finish()
    } catch let error as ValueError { throw error } catch { throw .damaged("\(error)") }
  }
}
