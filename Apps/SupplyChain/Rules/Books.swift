package import Value
package import Ledger
internal import Primitives

/// The postings of the application, one function for each business event; the platform holds no cash.
///
/// `bank` accounts are memo lines that only reflect bank entries: their sum over all parties is nothing.
package struct Books: Sendable {
  let currency: Currency
  private var postings: Postings { Family.postings }

  package init(_ currency: Currency) { self.currency = currency }

  /// What a party has to get from obligors.
  package func receivable(_ party: String) -> AccountID { AccountID(party, "receivable", currency) }
  /// What an obligor has to pay.
  package func payable(_ party: String) -> AccountID { AccountID(party, "payable", currency) }
  /// What the bank says that it moved.
  package func bank(_ party: String) -> AccountID { AccountID(party, "bank", currency) }
  /// A party's account by name.
  package func account(_ party: String, _ name: String) -> AccountID { AccountID(party, name, currency) }

  /// A note is live.
  package func issue(_ amount: Int64, to holder: String, by obligor: String, _ state: inout State) throws(Refusal) {
    try refusing { () throws(ValueError) in
      try postings.open(receivable(holder), .creditsWithinDebits, &state)
      try postings.open(payable(obligor), .debitsWithinCredits, &state)
      try postings.post(debit: receivable(holder), credit: payable(obligor), amount, &state)
    }
  }

  /// A lot goes from one holder to another.
  package func transfer(_ amount: Int64, from old: String, to new: String, _ state: inout State) throws(Refusal) {
    try refusing { () throws(ValueError) in
      try postings.open(receivable(new), .creditsWithinDebits, &state)
      try postings.post(debit: receivable(new), credit: receivable(old), amount, &state)
    }
  }

  /// A financier buys a lot: proceeds, discount and fee are the face, on both sides.
  func finance(
    face: Int64, proceeds: Int64, discount: Int64, fee: Int64, seller: String, financier: String,
    _ state: inout State
  ) throws(Refusal) {
    try refusing { () throws(ValueError) in
      try postings.open(receivable(financier), .creditsWithinDebits, &state)
      try postings.open(account(financier, "unearned-discount"), .debitsWithinCredits, &state)
      try postings.post(
        [
          .debit(bank(seller), proceeds), .debit(account(seller, "discount-expense"), discount),
          .debit(account(seller, "fee-expense"), fee), .credit(receivable(seller), face),
        ], &state)
      try postings.post(
        [
          .debit(receivable(financier), face), .credit(bank(financier), proceeds),
          .credit(account(financier, "unearned-discount"), discount), .credit(account(financier, "fee-income"), fee),
        ], &state)
    }
  }

  /// A financier has earned part of a discount.
  func accrue(_ amount: Int64, _ financier: String, _ state: inout State) throws(Refusal) {
    guard amount > 0 else { return }
    try refusing { () throws(ValueError) in
      try postings.post(
        debit: account(financier, "unearned-discount"), credit: account(financier, "discount-income"), amount, &state)
    }
  }

  /// The obligor pays: what is open, and what had been written off.
  func settle(
    open: Int64, recovered: Int64, obligor: String, holder: String, paidTo: String, _ state: inout State
  ) throws(Refusal) {
    try refusing { () throws(ValueError) in
      try postings.post(
        [
          .debit(payable(obligor), open + recovered), .credit(receivable(holder), open),
          .credit(account(holder, "loss"), recovered),
        ], &state)
      try postings.post(debit: bank(paidTo), credit: bank(obligor), open + recovered, &state)
    }
  }

  /// The holder gives part of a lot up; the obligor's payable stays.
  func writeOff(_ amount: Int64, _ holder: String, _ state: inout State) throws(Refusal) {
    try refusing { () throws(ValueError) in
      try postings.post(debit: account(holder, "loss"), credit: receivable(holder), amount, &state)
    }
  }

  /// Money moves between two parties' banks.
  func move(_ amount: Int64, from payer: String, to payee: String, _ state: inout State) throws(Refusal) {
    try refusing { () throws(ValueError) in
      try postings.post(debit: bank(payee), credit: bank(payer), amount, &state)
    }
  }

  /// A financier lends against goods, or is paid back.
  func lend(_ amount: Int64, _ financier: String, to borrower: String, _ state: inout State) throws(Refusal) {
    try refusing { () throws(ValueError) in
      if amount > 0 {
        try postings.post(debit: account(financier, "loan"), credit: bank(financier), amount, &state)
        try postings.post(debit: bank(borrower), credit: account(borrower, "borrowing"), amount, &state)
      } else {
        try postings.post(debit: bank(financier), credit: account(financier, "loan"), -amount, &state)
        try postings.post(debit: account(borrower, "borrowing"), credit: bank(borrower), -amount, &state)
      }
    }
  }
}
