internal import Ledger
internal import Primitives
package import Value

/// A credit line as three accounts: the limit, what is available and what is used.
///
/// Granting debits `available` against `limit`; use debits `used` against `available`, which cannot be overdrawn, and a
/// reservation is pending on the same two. So used and reserved can never be more than the limit.
package struct CreditLine: Sendable, Hashable {
  /// The owner of the three accounts.
  package let owner: String
  let currency: Currency

  /// What an obligor may owe in all.
  package static func obligor(_ name: String, _ currency: Currency) -> CreditLine {
    CreditLine(owner: "line:obligor/\(name)", currency: currency)
  }
  /// What a financier may have on an obligor.
  package static func pair(_ financier: String, _ obligor: String, _ currency: Currency) -> CreditLine {
    CreditLine(owner: "line:pair/\(financier)/\(obligor)", currency: currency)
  }
  /// What a programme may come to.
  package static func programme(_ name: String, _ currency: Currency) -> CreditLine {
    CreditLine(owner: "line:programme/\(name)", currency: currency)
  }

  package var limit: AccountID { AccountID(owner, "limit", currency) }
  package var available: AccountID { AccountID(owner, "available", currency) }
  package var used: AccountID { AccountID(owner, "used", currency) }

  /// What can still be reserved.
  func headroom(_ state: inout State) throws(Refusal) -> Int64 {
    try refusing { () throws(ValueError) in try Family.postings.account(available, &state)?.available ?? 0 }
  }

  func reserve(_ id: Digest, _ amount: Int64, _ state: inout State) throws(Refusal) {
    try refusing { () throws(ValueError) in
      try Family.postings.reserve(id, debit: used, credit: available, amount, expires: 0, &state)
    }
  }

  /// Frees what was used.
  func restore(_ amount: Int64, _ state: inout State) throws(Refusal) {
    try refusing { () throws(ValueError) in
      try Family.postings.post(debit: available, credit: used, amount, &state)
    }
  }
}

extension SupplyChainContract {
  /// Sets a limit: the difference is posted, so that what is used stays as it is.
  func grant(_ grant: LineGrant, _ actor: Actor, _ state: inout State) throws(Refusal) {
    let currency = try currency(grant.currency)
    let line: CreditLine
    switch grant.line {
    case .obligor: line = .obligor(grant.name, currency)
    case .programme: line = .programme(grant.name, currency)
    case .pair: line = .pair(actor.party, grant.name, currency)
    }
    try require(actor.has(grant.line == .pair ? .financier : .operator), .roleMissing)
    try refusing { () throws(ValueError) in
      try Family.postings.open(line.available, .creditsWithinDebits, &state)
    }
    let now = try refusing { () throws(ValueError) in
      try Family.postings.account(line.limit, &state)?.creditBalance ?? 0
    }
    let change = grant.limit - now
    guard change != 0 else { return }
    if change < 0 { try require(try line.headroom(&state) >= -change, .lineBelowUse) }
    try refusing { () throws(ValueError) in
      if change > 0 {
        try Family.postings.post(debit: line.available, credit: line.limit, change, &state)
      } else {
        try Family.postings.post(debit: line.limit, credit: line.available, -change, &state)
      }
    }
  }

  func currency(_ code: String) throws(Refusal) -> Currency {
    guard let currency = try? Currency(code) else { throw Guard.currencyUnknown.refusal }
    return currency
  }
}
