internal import COSE
internal import Ledger
internal import Primitives
internal import Value

/// Who may use a work, and what for.
extension CopyrightContract {
  func consent(_ consent: LicenceConsent, _ statement: Statement, _ state: inout State) throws(Refusal) {
    guard try shares(consent.work, &state).represented(by: statement.issuer) > 0 else {
      throw Refusal("not-an-owner", "Only those who hold a share agree to a licence.")
    }
    state.set(
      Self.consents.key(.sha256(consent.work), consent.terms, .sha256(statement.issuer)), Array(statement.issuer.utf8))
  }

  func grant(
    _ terms: LicenceTerms, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let held = try shares(terms.work, &state)
    try expectParty(terms.licensee, context)
    guard terms.from + Self.toleranceMs >= context.time else {
      throw Refusal("licence-backdated", "A licence begins when it is granted, or later.")
    }
    let history = history(terms.work, &state)
    let ancestors = try self.ancestors(of: terms, history)
    if let parent = ancestors.first?.record {
      try expectSublicence(terms, of: parent, history, statement, context)
    } else {
      try expectConsent(terms, held, statement, &state)
    }
    for (entry, other) in history.licences {
      if !other.isOpen(at: context.time) || !other.terms.overlaps(terms) { continue }
      if ancestors.contains(where: { $0.entry == entry }) { continue }
      if other.terms.isExclusive {
        throw Refusal(
          "licence-conflict",
          "\(other.terms.licensee) alone may use the work so, there and then: licence \(entry) is exclusive.")
      }
      // Who has a plain licence may get an exclusive one over it.
      if terms.isExclusive && other.terms.licensee != terms.licensee {
        throw Refusal(
          "licence-not-exclusive",
          "\(other.terms.licensee) may use the work so, there and then, by licence \(entry): none can be exclusive.")
      }
    }
    state.set(
      Self.licences.key(.sha256(terms.work), order: context.index),
      LicenceRecord(terms, grantor: statement.issuer, time: context.time).encoded())
    state.set(Self.licensees.key(.sha256(terms.licensee), order: context.index), Array(terms.work.utf8))
    guard terms.price > 0 else { return }
    try settle(
      RoyaltyRecord(
        licence: context.index, period: "price", revenue: 0, currency: terms.currency,
        dues: try dues(terms.price, of: terms, ancestors.map(\.record.terms), held)), of: terms.work, context, &state)
  }

  /// The licences that one is granted under, the nearest first.
  private func ancestors(
    of terms: LicenceTerms, _ history: RightsHistory
  ) throws(Refusal) -> [(entry: UInt64, record: LicenceRecord)] {
    var (list, next): ([(entry: UInt64, record: LicenceRecord)], UInt64?) = ([], terms.parent)
    while let entry = next {
      guard list.count < Self.sublicences else {
        throw Refusal("sublicence-depth", "A licence is passed on at most \(Self.sublicences) times.")
      }
      guard let record = history.licences.first(where: { $0.entry == entry })?.record else {
        throw Refusal("licence-unknown", "The work has no licence \(entry).")
      }
      list.append((entry, record))
      next = record.terms.parent
    }
    return list
  }

  private func expectSublicence(
    _ terms: LicenceTerms, of parent: LicenceRecord, _ history: RightsHistory, _ statement: Statement,
    _ context: Context
  ) throws(Refusal) {
    guard Party.isRepresented(parent.terms.licensee, by: statement.issuer) else {
      throw Refusal("not-the-licensee", "A licence is passed on by its licensee.")
    }
    guard parent.terms.isSublicensable, history.isInForce(parent, at: context.time) else {
      throw Refusal("sublicence-not-allowed", "The licence is not to be passed on, or is not in force.")
    }
    guard parent.terms.contains(terms), parent.terms.isExclusive || !terms.isExclusive,
      parent.terms.currency == terms.currency
    else {
      throw Refusal("sublicence-beyond-licence", "Nobody passes on more than they have.")
    }
  }

  /// More than half of the shares for a plain licence, all of them for an exclusive one (Copyright Law of China,
  /// article 14: an exclusive licence of a joint work needs every author).
  private func expectConsent(
    _ terms: LicenceTerms, _ held: Shares, _ statement: Statement, _ state: inout State
  ) throws(Refusal) {
    guard held.represented(by: statement.issuer) > 0 else {
      throw Refusal("not-an-owner", "Only those who hold a share license a work.")
    }
    let digest = terms.digest
    var agreed: UInt64 = 0
    for share in held.list {
      let member = Party.member(of: share.party)
      if member == statement.issuer
        || state[Self.consents.key(.sha256(terms.work), digest, .sha256(member))] != nil
      {
        agreed += share.ppm
      }
    }
    guard terms.isExclusive ? agreed == Shares.whole : agreed * 2 > Shares.whole else {
      throw Refusal(
        "consent-missing",
        "Holders of \(agreed) millionths have agreed; "
          + (terms.isExclusive
            ? "an exclusive licence needs all of them." : "a licence needs more than half of them."))
    }
  }

  func end(_ end: LicenceEnd, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let key = Self.licences.key(.sha256(end.work), order: end.licence)
    guard var record = LicenceRecord(reading: state[key]) else {
      throw Refusal("licence-unknown", "The work has no licence \(end.licence).")
    }
    guard
      Party.isRepresented(record.terms.licensee, by: statement.issuer) || isRegulator(statement.issuer, context)
    else {
      throw Refusal("not-the-licensee", "A licence is given up by its licensee, or ended by a regulator.")
    }
    guard record.isOpen(at: context.time) else {
      throw Refusal("licence-over", "The licence is over already.")
    }
    record.endedAt = context.time
    state.set(key, record.encoded())
  }

  // MARK: Royalties

  func report(
    _ report: RoyaltyReport, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let held = try shares(report.work, &state)
    let history = history(report.work, &state)
    guard let record = history.licences.first(where: { $0.entry == report.licence })?.record else {
      throw Refusal("licence-unknown", "The work has no licence \(report.licence).")
    }
    guard Party.isRepresented(record.terms.licensee, by: statement.issuer) else {
      throw Refusal("not-the-licensee", "A licensee reports what it earned.")
    }
    let period = Self.periods.key(.sha256("\(report.work)/\(report.licence)/\(report.period)"))
    guard state[period] == nil else {
      throw Refusal("royalty-known", "The period \(report.period) has been reported before.")
    }
    state.set(period, Array("\(context.index)".utf8))
    let due = try refusing { () throws(ValueError) in
      try Rate(ppm: Int64(record.terms.royaltyPPM)).of(report.revenue)
    }
    let above = try ancestors(of: record.terms, history).map(\.record.terms)
    try settle(
      RoyaltyRecord(
        licence: report.licence, period: report.period, revenue: report.revenue, currency: record.terms.currency,
        dues: try dues(due, of: record.terms, above, held)), of: report.work, context, &state)
  }

  /// What follows from an amount that a licensee owes: to the licensee above, who owes its own part of it on, and so up
  /// to the owners, over whom the last amount is split to the smallest unit.
  private func dues(
    _ amount: Int64, of terms: LicenceTerms, _ above: [LicenceTerms], _ owners: Shares
  ) throws(Refusal) -> [RoyaltyRecord.Due] {
    do {
      var (dues, debtor, amount): ([RoyaltyRecord.Due], String, Int64) = ([], terms.licensee, amount)
      for parent in above {
        dues.append(RoyaltyRecord.Due(debtor: debtor, creditor: parent.licensee, amount: amount))
        amount = try Rate(ppm: Int64(parent.royaltyPPM)).of(amount)
        debtor = parent.licensee
      }
      let parts = try amount.split(by: owners.list.map { Int64($0.ppm) })
      for (owner, part) in zip(owners.list, parts) {
        dues.append(RoyaltyRecord.Due(debtor: debtor, creditor: owner.party, amount: part))
      }
      return dues.filter { $0.amount > 0 && $0.debtor != $0.creditor }
    } catch { throw error.refusal }
  }

  private func settle(
    _ record: RoyaltyRecord, of work: String, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    for due in record.dues { try owe(due.debtor, due.creditor, due.amount, record.currency, &state) }
    state.set(Self.royalties.key(.sha256(work), order: context.index), record.encoded())
  }
}
