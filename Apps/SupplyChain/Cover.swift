package import FinanceRules
package import Ledger
package import Primitives
package import Value

/// What goods are worth to a facility, and what is missing: the contract's figures, from complete lists alone.
package struct Cover {
  package let facility: Facility
  package let policy: Policy
  /// Goods' value less what open exceptions cut off it.
  package private(set) var value: Int64 = 0
  /// Advance rate times value less the policy's haircut and that of exceptions.
  package private(set) var right: Int64 = 0
  /// Whether an open exception holds back drawings.
  package private(set) var isBlocked = false

  /// - Parameter goods: what is pledged, each with its exceptions that are not resolved.
  package init(_ facility: Facility, _ policy: Policy, goods: [(goods: Goods, open: [ExceptionRecord])])
    throws(ValueError)
  {
    (self.facility, self.policy) = (facility, policy)
    var parts: [Ratios.Eligible] = []
    for (item, open) in goods {
      let cut = min(open.reduce(Int64(0)) { $0 + $1.haircut }, 1_000_000)
      isBlocked = isBlocked || open.contains(where: \.blocks)
      value += try Rate(ppm: 1_000_000 - cut).of(item.receipt.value)
      parts.append(
        Ratios.Eligible(
          item.receipt.value, advance: try Rate(ppm: policy.advanceRate),
          haircut: try Rate(ppm: min(policy.haircut + cut, 1_000_000))))
    }
    right = try Ratios.borrowingBase(parts, reserves: 0)
  }

  /// Reads it out of lists.
  package init(_ id: Digest, _ lists: Lists) throws(LedgerError) {
    guard let facility = try Records.all(Family.facilities.prefix(id), lists, as: Facility.self).first?.value else {
      throw LedgerError(.notFound, "There is no facility \(FinanceText.short(id)).")
    }
    let policy = try Records.policy(lists) ?? Policy()
    let pledged = Set(try lists(Family.pledges.prefix(id)).compactMap { Digest($0.key.bytes.suffix(32)) })
    let open = try Records.all(Family.exceptions.prefix(), lists, as: ExceptionRecord.self).map(\.value)
      .filter { $0.status != .resolved }
    let goods = try Records.all(Family.goods.prefix(), lists, as: Goods.self).compactMap { key, goods in
      Digest(key.bytes.suffix(32)).flatMap { own in
        pledged.contains(own) ? (goods: goods, open: open.filter { $0.goods == own }) : nil
      }
    }
    do { try self.init(facility, policy, goods: goods) } catch {
      throw LedgerError(.notProved, "The value of the goods cannot be computed: \(error.explanation)")
    }
  }

  /// The lists that it follows from.
  static func prefixes(_ id: Digest) -> [StatePrefix] {
    [Family.facilities.prefix(id), Family.pledges.prefix(id)]
      + [Family.goods, Family.exceptions, Family.policies].map { $0.prefix() }
  }

  /// Whether the loan is above the value that calls for cure.
  package var isCalled: Bool {
    Int128(facility.drawn) * 1_000_000 > Int128(policy.callTrigger) * Int128(value)
  }

  /// The figures, each with its formula and the numbers in it.
  package var figures: [Credit.Figure] {
    let (drawn, currency) = (facility.drawn, facility.proposal.currency)
    func money(_ amount: Int64?) -> String { amount.map { FinanceText.money($0, currency) } ?? "-" }
    func rate(_ ppm: Int64) -> String { (try? Rate(ppm: ppm))?.description ?? "-" }
    let target = try? Rate(ppm: policy.callTarget)
    let right = min(right, facility.proposal.limit)
    let loan = value > 0 ? (try? Ratios.loanToValue(drawn, value))?.description : nil
    return [
      Credit.Figure(name: "loan to value", formula: "L / V = \(drawn) / \(value)", value: loan ?? "-"),
      Credit.Figure(
        name: "drawing right",
        formula:
          "min(Σ advance · value · (1 − haircut), limit) − L = min(\(self.right), \(facility.proposal.limit)) − \(drawn)",
        value: isBlocked ? "0" : money(max(0, right - drawn))),
      Credit.Figure(
        name: "margin call", formula: "L / V > \(rate(policy.callTrigger))",
        value: isCalled ? "call" : "none"),
      Credit.Figure(
        name: "cash to cure", formula: "L − target · V = \(drawn) − \(rate(policy.callTarget)) · \(value)",
        value: isCalled ? money(target.flatMap { try? Ratios.cashToCure(drawn, value, target: $0) }) : money(0)),
      Credit.Figure(
        name: "goods to cure", formula: "L / target − V = \(drawn) / \(rate(policy.callTarget)) − \(value)",
        value: isCalled ? money(target.flatMap { try? Ratios.goodsToCure(drawn, value, target: $0) }) : money(0)),
    ]
  }

  /// The figures for people.
  func lines(_ id: Digest) -> [Message] {
    let head: Message =
      "Facility \(FinanceText.short(id)) of \(facility.owner) with \(facility.proposal.financier), \(Message(facility.status.rawValue)); minor units of \(facility.proposal.currency)."
    let blocked: Message = "An open exception holds back drawings and releases."
    return [head] + figures.map { "  \($0.name, width: 24) \($0.formula) = \($0.value)" } + (isBlocked ? [blocked] : [])
  }
}
