/// Figures of credit and collateral, in whole numbers and by published formulas.
public enum Ratios {
  /// How much of a limit is taken: `(used + reserved) / limit`.
  public static func utilisation(used: Int64, reserved: Int64, limit: Int64) throws(ValueError) -> Rate {
    try Rate.share(try used.plusChecked(reserved), of: limit)
  }

  /// What can be advanced: `min(rate · eligible, headroom)`.
  public static func advance(_ rate: Rate, eligible: Int64, headroom: Int64) throws(ValueError) -> Int64 {
    max(0, min(try rate.of(eligible), headroom))
  }

  /// One kind of collateral in a borrowing base.
  public struct Eligible: Sendable, Hashable {
    /// Its eligible value in minor units.
    public let value: Int64
    /// What part of it is advanced.
    public let advance: Rate
    /// What is cut off before.
    public let haircut: Rate

    /// A value with its advance rate and haircut.
    public init(_ value: Int64, advance: Rate, haircut: Rate) {
      (self.value, self.advance, self.haircut) = (value, advance, haircut)
    }
  }

  /// The borrowing base: `Σ advance · value · (1 − haircut) − reserves`, each term half up.
  public static func borrowingBase(_ parts: [Eligible], reserves: Int64) throws(ValueError) -> Int64 {
    var sum: Int64 = 0
    for part in parts {
      guard part.haircut.ppm <= 1_000_000, part.value >= 0 else { throw .rateOutOfRange }
      let (product, overflow) = (Int128(part.value) * Int128(part.advance.ppm)).multipliedReportingOverflow(
        by: Int128(1_000_000 - part.haircut.ppm))
      guard !overflow else { throw .overflow }
      sum = try sum.plusChecked(try Rounding.halfUp(product, 1_000_000_000_000))
    }
    return try sum.minusChecked(reserves)
  }

  /// Loan to value: `outstanding / value`.
  public static func loanToValue(_ outstanding: Int64, _ value: Int64) throws(ValueError) -> Rate {
    try Rate.share(outstanding, of: value)
  }

  /// The cash that brings the loan to value down to the target: `L − target · V`, at least 0.
  public static func cashToCure(_ outstanding: Int64, _ value: Int64, target: Rate) throws(ValueError) -> Int64 {
    max(0, try outstanding.minusChecked(try target.of(value)))
  }

  /// The goods that bring it down: `L / target − V`, rounded up, at least 0.
  public static func goodsToCure(_ outstanding: Int64, _ value: Int64, target: Rate) throws(ValueError) -> Int64 {
    guard target.ppm > 0, outstanding >= 0 else { throw .rateOutOfRange }
    let needed = (Int128(outstanding) * 1_000_000 + Int128(target.ppm) - 1) / Int128(target.ppm)
    return max(0, try Int64.checked(needed - Int128(value)))
  }

  /// What part of invoices was not paid: `(credit notes + short payments) / invoices`.
  public static func dilution(creditNotes: Int64, shortPayments: Int64, invoices: Int64) throws(ValueError) -> Rate {
    try Rate.share(try creditNotes.plusChecked(shortPayments), of: invoices)
  }

  /// Days of sales outstanding: `receivables / sales · days`, half up.
  public static func daysSalesOutstanding(
    receivables: Int64, sales: Int64, days: Int64
  ) throws(ValueError) -> Int64 {
    guard receivables >= 0, sales > 0, days > 0 else { throw .periodInvalid }
    return try Rounding.halfUp(Int128(receivables) * Int128(days), Int128(sales))
  }

  /// The Herfindahl-Hirschman index of shares: `Σ share²` in parts per million; 1,000,000 is one party alone.
  public static func concentration(_ amounts: [Int64]) throws(ValueError) -> Int64 {
    let total = amounts.reduce(Int128(0)) { $0 + Int128($1) }
    guard total > 0, !amounts.contains(where: { $0 < 0 }) else { throw .rateOutOfRange }
    var sum: Int128 = 0
    for amount in amounts {
      let share = Int128(amount) * 1_000_000 / total
      sum += share * share
    }
    return try .checked((sum + 500_000) / 1_000_000)
  }

  /// One obligation and whether it was paid on time.
  public struct Payment: Sendable, Hashable {
    /// Minor units.
    public let amount: Int64
    /// Days since it was due.
    public let age: Int64
    /// Whether it was paid by its day.
    public let isOnTime: Bool

    /// A payment.
    public init(_ amount: Int64, age: Int64, isOnTime: Bool) {
      (self.amount, self.age, self.isOnTime) = (amount, age, isOnTime)
    }
  }

  /// Published weights of punctuality: within 90 days 4, within 180 days 3, within a year 2, older 1.
  public static func weight(age: Int64) -> Int64 { age <= 90 ? 4 : age <= 180 ? 3 : age <= 365 ? 2 : 1 }

  /// Punctuality: `Σ w·amount·[on time] / Σ w·amount`, nil without payments.
  public static func punctuality(_ payments: [Payment]) throws(ValueError) -> Rate? {
    var (paid, all): (Int128, Int128) = (0, 0)
    for payment in payments {
      guard payment.amount >= 0 else { throw .amountNotPositive }
      let weighted = Int128(payment.amount) * Int128(weight(age: payment.age))
      all += weighted
      if payment.isOnTime { paid += weighted }
    }
    guard all > 0 else { return nil }
    return try Rate(ppm: try Rounding.halfUp(paid * 1_000_000, all))
  }
}
