public import Ledger
public import Primitives

/// Why a calculation or a posting is refused.
///
/// Each case has a stable code for programs and one plain sentence for people; a contract refuses with both.
public enum ValueError: Error, Sendable, Hashable {
  /// A sum or product does not fit 64 bits of minor units.
  case overflow
  /// Two amounts of different currencies meet.
  case currencyMismatch(String, String)
  /// No currency of ISO 4217 has this code.
  case currencyUnknown(String)
  /// An amount that must be positive is not.
  case amountNotPositive
  /// A text is no amount of the currency.
  case amountMalformed(String)
  /// Weights that are empty, negative or all zero.
  case weightsInvalid
  /// A period that ends before it begins, or a day outside the years 1900 to 2199.
  case periodInvalid
  /// A rate or share outside its range.
  case rateOutOfRange
  /// The debits of a posting are not its credits.
  case unbalanced
  /// A posting has no legs, or more than `Postings.legs`.
  case legCount(Int)
  /// The posting would take an account beyond its limit; pending transfers count.
  case limit(String)
  /// An account exists with another rule.
  case accountDiffers(String)
  /// There is no reservation with this id.
  case reservationUnknown
  /// The id of a reservation has been used.
  case reservationKnown
  /// The reservation has been posted, voided or has expired before.
  case reservationResolved
  /// The reservation's time has passed.
  case reservationExpired
  /// The reservation's time has not passed yet.
  case reservationRunning
  /// More is to be posted than was reserved.
  case reservationExceeded
  /// What the state holds cannot be read.
  case damaged(String)

  /// Lower-case words joined by hyphens; never changes.
  public var code: String {
    switch self {
    case .overflow: "value-overflow"
    case .currencyMismatch: "value-currency-mismatch"
    case .currencyUnknown: "value-currency-unknown"
    case .amountNotPositive: "value-not-positive"
    case .amountMalformed: "value-malformed"
    case .weightsInvalid: "value-weights"
    case .periodInvalid: "value-period"
    case .rateOutOfRange: "value-rate"
    case .unbalanced: "posting-unbalanced"
    case .legCount: "posting-legs"
    case .limit: "account-limit"
    case .accountDiffers: "account-differs"
    case .reservationUnknown: "reservation-unknown"
    case .reservationKnown: "reservation-known"
    case .reservationResolved: "reservation-resolved"
    case .reservationExpired: "reservation-expired"
    case .reservationRunning: "reservation-running"
    case .reservationExceeded: "reservation-exceeded"
    case .damaged: "value-damaged"
    }
  }

  /// The error as a contract's refusal, with the same code and sentence.
  public var refusal: Refusal { Refusal(code, explanation) }
}

extension ValueError: Explained {
  /// One plain sentence.
  public var explanation: Message {
    switch self {
    case .overflow: "The amount is too large to be reckoned with."
    case .currencyMismatch(let a, let b): "Amounts in \(a) and \(b) cannot be reckoned together."
    case .currencyUnknown(let code): "'\(code)' is no currency code of ISO 4217."
    case .amountNotPositive: "The amount must be more than nothing."
    case .amountMalformed(let text): "'\(text)' is no amount of this currency."
    case .weightsInvalid: "The weights of a split are whole numbers of which one is more than nothing."
    case .periodInvalid: "The period ends before it begins, or lies outside the calendar."
    case .rateOutOfRange: "The rate is outside its range."
    case .unbalanced: "The debits of a posting must be its credits in each currency."
    case .legCount(let count): "A posting has 2 to \(Postings.legs) legs, not \(count)."
    case .limit(let account): "The posting goes beyond the limit of the account \(account)."
    case .accountDiffers(let account): "The account \(account) has been opened with another rule."
    case .reservationUnknown: "There is no such reservation."
    case .reservationKnown: "There has been a reservation with this id before."
    case .reservationResolved: "The reservation has been resolved before; a reservation resolves once."
    case .reservationExpired: "The reservation's time has passed."
    case .reservationRunning: "The reservation's time has not passed yet."
    case .reservationExceeded: "No more can be posted than was reserved."
    case .damaged(let what): "A stored value cannot be read: \(what)."
    }
  }
}

/// Runs a calculation inside a contract: its error becomes the contract's refusal.
public func refusing<Result>(
  _ work: () throws(ValueError) -> Result
) throws(Refusal) -> Result {
  do { return try work() } catch { throw error.refusal }
}
