import COSE
import Ledger
import LedgerTestKit
import Primitives
import Testing
import Value

/// Two families and nothing else: the postings are tested over a contract's state.
private struct ValueContract: Contract {
  static let id = "value"
  static let versions: ClosedRange<UInt64> = 1...1
  static let accounts = Namespace(0x10, "accounts", identifiers: 3)
  static let reservations = Namespace(0x11, "reservations", identifiers: 1)
  static let tabs = Namespace(0x12, "tabs", identifiers: 1)
  static let namespaces = [accounts, reservations, tabs]

  init(version: UInt64) {}
  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {}
}

@Suite("Double entry")
struct PostingTests {
  private let postings = Postings(accounts: ValueContract.accounts, reservations: ValueContract.reservations)
  private var wallets: Wallets { Wallets(postings, tabs: ValueContract.tabs) }

  private func trial() throws -> ContractTrial {
    let configuration = try Configuration(
      epoch: 0, quorum: 1, contractVersion: 1, algorithms: [.edDSA], access: .member,
      members: [MemberKeys.derive(name: "org-1", seed: 1).member(title: "One", role: .member)])
    return ContractTrial(ValueContract(version: 1), configuration)
  }

  private func account(_ owner: String, _ name: String = "x") -> AccountID { AccountID(owner, name, .cny) }

  private func state(_ trial: ContractTrial) -> [String] {
    trial.pairs.map { "\(Hex.encode($0.key.bytes)) \($0.value)" }
  }

  @Test("a posting whose debits are not its credits is refused")
  func unbalanced() throws {
    let trial = try trial()
    #expect(throws: ValueError.unbalanced) {
      try trial.change { state throws(ValueError) in
        try postings.post([.debit(account("a"), 5), .credit(account("b"), 4)], &state)
      }
    }
    #expect(throws: ValueError.unbalanced) {
      try trial.change { state throws(ValueError) in
        try postings.post([.debit(account("a"), 5), .credit(AccountID("b", "x", .eur), 5)], &state)
      }
    }
    #expect(throws: ValueError.legCount(1)) {
      try trial.change { state throws(ValueError) in
        try postings.post([.debit(account("a"), 5), .credit(account("b"), 0)], &state)
      }
    }
    #expect(trial.pairs.isEmpty)
  }

  @Test("reservations count against the limit when they are made, not when they are posted")
  func pessimistic() throws {
    let trial = try trial()
    try trial.change { state throws(ValueError) in
      try postings.open(account("line"), .creditsWithinDebits, &state)
      try postings.post(debit: account("line"), credit: account("bank"), 100, &state)
      try postings.reserve(
        .sha256("1"), debit: account("used"), credit: account("line"), 70, expires: 10, &state)
    }
    let before = state(trial)
    #expect(throws: ValueError.limit("line/x/CNY")) {
      try trial.change { state throws(ValueError) in
        try postings.reserve(.sha256("2"), debit: account("used"), credit: account("line"), 31, expires: 0, &state)
      }
    }
    #expect(state(trial) == before)
    #expect(throws: ValueError.reservationExceeded) {
      try trial.change { state throws(ValueError) in try postings.commit(.sha256("1"), amount: 71, now: 1, &state) }
    }
    #expect(throws: ValueError.reservationExpired) {
      try trial.change { state throws(ValueError) in try postings.commit(.sha256("1"), now: 10, &state) }
    }
    #expect(throws: ValueError.reservationRunning) {
      try trial.change { state throws(ValueError) in try postings.expire(.sha256("1"), now: 9, &state) }
    }
    try trial.change { state throws(ValueError) in try postings.commit(.sha256("1"), amount: 60, now: 9, &state) }
    for work in [0, 1, 2] {
      #expect(throws: ValueError.reservationResolved) {
        try trial.change { state throws(ValueError) in
          switch work {
          case 0: try postings.commit(.sha256("1"), now: 1, &state)
          case 1: try postings.void(.sha256("1"), &state)
          default: try postings.expire(.sha256("1"), now: 99, &state)
          }
        }
      }
    }
    try trial.read { state throws(ValueError) in
      let line = try postings.account(account("line"), &state)
      #expect(line?.available == 40)
      #expect(line?.pendingCredits == 0)
      let isBalanced = try TrialBalance(postings, &state).isBalanced
      #expect(isBalanced)
    }
  }

  @Test("seeded postings agree with a slow model and always balance")
  func seeded() throws {
    for seed in 0..<20 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let trial = try trial()
      // The model: signed posted balances and a list of what is reserved; a wallet may spend balance less reserved.
      var balance: [String: Int64] = [:]
      var open: [Digest: (from: String, to: String, amount: Int64, expires: UInt64)] = [:]
      var used: [Digest] = []
      let names = ["a", "b", "c", "d"]
      for step in 0..<300 as Range<UInt64> {
        let (from, to) = (
          names[Int.random(in: 0..<4, using: &random)], names[Int.random(in: 0..<4, using: &random)]
        )
        let amount = Int64.random(in: 0...40, using: &random)
        let id = Bool.random(using: &random) ? Digest.sha256("\(step)") : used.randomElement(using: &random) ?? Digest()
        func spendable(_ name: String) -> Int64 {
          balance[name, default: 0] - open.values.filter { $0.from == name }.reduce(0) { $0 + $1.amount }
        }
        let expected: Bool
        let before = state(trial)
        let action = Int.random(in: 0..<6, using: &random)
        do {
          try trial.change { state throws(ValueError) in
            switch action {
            case 0: try wallets.fund(to, from: "bank", Money(amount, .cny), &state)
            case 1: try wallets.pay(from, to, Money(amount, .cny), &state)
            case 2: try wallets.hold(id, from, for: to, Money(amount, .cny), expires: step + 40, &state)
            case 3: try postings.commit(id, amount: amount, now: step, &state)
            case 4: try postings.void(id, &state)
            default: try postings.expire(id, now: step, &state)
            }
          }
          expected = true
        } catch is ValueError { expected = false }
        var legal = false
        switch action {
        case 0:
          legal = amount > 0
          if legal { balance[to, default: 0] += amount }
        case 1:
          // A payment to oneself is a debit and a credit of one account: legal if the account could pay it.
          legal = amount > 0 && (from == to ? spendable(from) >= 0 : spendable(from) >= amount)
          if legal {
            balance[from, default: 0] -= amount
            balance[to, default: 0] += amount
          }
        case 2:
          legal = amount > 0 && !used.contains(id) && spendable(from) >= amount
          if legal {
            open[id] = (from, to, amount, step + 40)
            used.append(id)
          }
        case 3:
          if let held = open[id], amount > 0, amount <= held.amount, step < held.expires {
            legal = true
            open[id] = nil
            balance[held.from, default: 0] -= amount
            balance[held.to, default: 0] += amount
          }
        case 4:
          legal = open[id] != nil
          open[id] = nil
        default:
          if let held = open[id], step >= held.expires {
            legal = true
            open[id] = nil
          }
        }
        #expect(expected == legal, "seed \(seed), step \(step), action \(action), \(from) to \(to), \(amount)")
        if !expected { #expect(state(trial) == before, "seed \(seed), step \(step): a refusal changed the state") }
        try trial.read { state throws(ValueError) in
          let isBalanced = try TrialBalance(postings, &state).isBalanced
          #expect(isBalanced, "seed \(seed), step \(step)")
          for name in names {
            let available = try wallets.available(name, .cny, &state)
            #expect(available == spendable(name), "seed \(seed), step \(step), \(name)")
          }
        }
      }
    }
  }

  @Test("a tab posts what is left of many small payments, once")
  func tab() throws {
    let trial = try trial()
    let id = Digest.sha256("tab")
    try trial.change { state throws(ValueError) in
      try wallets.fund("a", from: "bank", Money(100, .cny), &state)
      try wallets.fund("b", from: "bank", Money(50, .cny), &state)
      try wallets.openTab(id, "a", cap: 100, "b", cap: 20, .cny, expires: 1_000, &state)
      for _ in 0..<40 { try wallets.tap(id, from: "a", 2, now: 1, &state) }
      for _ in 0..<50 { try wallets.tap(id, from: "b", 1, now: 1, &state) }
    }
    try trial.read { state throws(ValueError) in
      let free = try wallets.available("a", .cny, &state)
      #expect(free == 0)
    }
    #expect(throws: ValueError.limit("a/wallet/CNY")) {
      try trial.change { state throws(ValueError) in try wallets.tap(id, from: "a", 71, now: 1, &state) }
    }
    #expect(throws: ValueError.self) {
      try trial.change { state throws(ValueError) in try wallets.tap(id, from: "c", 1, now: 1, &state) }
    }
    #expect(throws: ValueError.reservationExpired) {
      try trial.change { state throws(ValueError) in try wallets.tap(id, from: "a", 1, now: 1_000, &state) }
    }
    try trial.change { state throws(ValueError) in try wallets.settle(id, now: 2, &state) }
    try trial.read { state throws(ValueError) in
      let left = [try wallets.available("a", .cny, &state), try wallets.available("b", .cny, &state)]
      #expect(left == [70, 80])
      let tab = try wallets.tab(id, &state)
      #expect(tab?.payments == 90)
      let isBalanced = try TrialBalance(postings, &state).isBalanced
      #expect(isBalanced)
    }
    #expect(throws: ValueError.reservationResolved) {
      try trial.change { state throws(ValueError) in try wallets.settle(id, now: 2, &state) }
    }
  }

  @Test("an account keeps the rule that it was opened with")
  func rules() throws {
    let trial = try trial()
    try trial.change { state throws(ValueError) in try postings.open(account("a"), .debitsWithinCredits, &state) }
    try trial.change { state throws(ValueError) in try postings.open(account("a"), .debitsWithinCredits, &state) }
    #expect(throws: ValueError.accountDiffers("a/x/CNY")) {
      try trial.change { state throws(ValueError) in try postings.open(account("a"), .none, &state) }
    }
    #expect(throws: ValueError.overflow) {
      try trial.change { state throws(ValueError) in
        try postings.post(debit: account("p"), credit: account("q"), .max, &state)
        try postings.post(debit: account("p"), credit: account("q"), 1, &state)
      }
    }
  }
}
