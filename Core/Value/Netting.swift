/// Netting: what is left to pay when claims are set off against each other.
public enum Netting {
  /// One party owes another an amount.
  public struct Claim: Sendable, Hashable {
    /// Who owes.
    public let debtor: String
    /// Who is owed.
    public let creditor: String
    /// Minor units, more than 0.
    public let amount: Int64

    /// A claim of `creditor` against `debtor`.
    public init(_ debtor: String, owes creditor: String, _ amount: Int64) {
      (self.debtor, self.creditor, self.amount) = (debtor, creditor, amount)
    }
  }

  /// Sets off between each two parties alone; the result has one claim a pair at most, in order of the names.
  public static func bilateral(_ claims: [Claim]) throws(ValueError) -> [Claim] {
    var pairs: [Pair: Int64] = [:]
    for claim in claims where claim.debtor != claim.creditor {
      guard claim.amount > 0 else { throw .amountNotPositive }
      let isForward = claim.debtor < claim.creditor
      let pair = Pair(first: min(claim.debtor, claim.creditor), second: max(claim.debtor, claim.creditor))
      pairs[pair] = try (pairs[pair] ?? 0).plusChecked(isForward ? claim.amount : -claim.amount)
    }
    return pairs.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }.compactMap { pair, net in
      if net == 0 { return nil }
      return net > 0
        ? Claim(pair.first, owes: pair.second, net) : Claim(pair.second, owes: pair.first, -net)
    }
  }

  /// What each party gets (more than 0) or pays (less) over all claims; the positions sum to 0.
  public static func positions(_ claims: [Claim]) throws(ValueError) -> [String: Int64] {
    var positions: [String: Int64] = [:]
    for claim in claims where claim.debtor != claim.creditor {
      guard claim.amount > 0 else { throw .amountNotPositive }
      positions[claim.debtor] = try (positions[claim.debtor] ?? 0).minusChecked(claim.amount)
      positions[claim.creditor] = try (positions[claim.creditor] ?? 0).plusChecked(claim.amount)
    }
    return positions.filter { $0.value != 0 }
  }

  /// Sets off among all parties: at most one payment fewer than there are parties, the same positions.
  ///
  /// The largest debtor pays the largest creditor, names deciding between equals, until nothing is open.
  public static func multilateral(_ claims: [Claim]) throws(ValueError) -> [Claim] {
    var open = try positions(claims)
    var payments: [Claim] = []
    while let debtor = open.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
      let creditor = open.min(by: { (-$0.value, $0.key) < (-$1.value, $1.key) }), debtor.value < 0
    {
      let amount = min(-debtor.value, creditor.value)
      payments.append(Claim(debtor.key, owes: creditor.key, amount))
      open[debtor.key] = debtor.value + amount == 0 ? nil : debtor.value + amount
      open[creditor.key] = creditor.value - amount == 0 ? nil : creditor.value - amount
    }
    return payments
  }

  private struct Pair: Hashable {
    let first: String
    let second: String
  }
}
