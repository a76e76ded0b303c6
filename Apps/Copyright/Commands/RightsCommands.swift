import ArgumentParser
import COSE
import Ledger
import LedgerServer
import Primitives
import Rights
import Value

/// `license`: a use is allowed.
struct LicenseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "license",
    abstract: "Licenses a work; refused where the owners have not agreed, or an exclusive licence stands against it.")
  @Argument(help: "The work's id.") var work: String
  @OptionGroup var stating: StatingOptions
  @Option(name: .customLong("to"), help: "The licensee, a party.") var licensee: String
  @Option(help: "A use, for example network, reproduction or adaptation; may be repeated.") var use: [String] = [
    "network"
  ]
  @Option(help: "A country by its two letters, or * for the world; may be repeated.") var territory: [String] = ["*"]
  @Option(help: "From when (RFC 3339); now unless given.") var from: String?
  @Option(help: "Until before when (RFC 3339); a year later unless given.") var until: String?
  @Flag(help: "Nobody else may use it so.") var exclusive = false
  @Flag(help: "The licensee may pass it on.") var sublicensable = false
  @Option(help: "What is due once, for example 100.00.") var price: String?
  @Option(help: "The currency of price and royalties.") var currency = "CNY"
  @Option(help: "What is due of the revenue, for example 5%.") var royalty: String?
  @Option(help: "The entry of the licence that this one is granted under.") var under: UInt64?
  @Option(help: "A member here whose parties agree; may be repeated.") var with: [String] = []
  @Flag(help: "Only agrees to these terms; another owner grants the licence.") var consent = false

  func run() async throws {
    try await Console.run {
      let uses = try use.map { name in
        guard let use = Use(name: name) else {
          throw ValidationError("'\(name)' is no use; there are \(Use.allCases.map(\.name).joined(separator: ", ")).")
        }
        return use
      }
      guard let territory = Territory(territory) else {
        throw ValidationError("A territory is two capital letters of ISO 3166-1, or * alone.")
      }
      let unit = try Working.currency(currency)
      let start = try from.map(Working.time) ?? SystemClock().now()
      let terms = LicenceTerms(
        work: work, licensee: licensee, uses: Uses(uses), territory: territory, from: start,
        until: try until.map(Working.time) ?? start + 365 * 86_400_000, isExclusive: exclusive,
        isSublicensable: sublicensable, currency: unit, price: try price.map { try Working.amount($0, unit) } ?? 0,
        royaltyPPM: try royalty.map(Working.ppm) ?? 0, parent: under)
      guard terms.from < terms.until else { throw ValidationError("The licence would end before it begins.") }
      let agreeing = LicenceConsent(work: work, terms: terms.digest)
      if consent { return try await stating.state(agreeing) }
      let consortium = try Consortium(path: stating.data.path)
      let place = try await stating.state { desk, _ in
        for member in with {
          let other = RightsDesk(
            node: desk.node, member: member, key: try Working.key(member, consortium), clock: desk.clock)
          _ = try await other.state(agreeing).place()
        }
        return try await desk.state(LicenceGrant(terms)).place()
      }
      try stating.say(Placed(entry: place))
    }
  }
}

/// `license-end`: a licence ends before its time.
struct LicenseEndCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "license-end", abstract: "Ends a licence before its time, and those that were granted under it.")
  @Argument(help: "The work's id.") var work: String
  @OptionGroup var stating: StatingOptions
  @Option(help: "The entry that granted the licence.") var licence: UInt64
  @Option(help: "Why.") var reason: String

  func run() async throws {
    try await Console.run { try await stating.state(LicenceEnd(work: work, licence: licence, reason: reason)) }
  }
}

/// `transfer`: shares change hands.
struct TransferCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Transfers a share of a work; nobody transfers more than they own.")
  @Argument(help: "The work's id.") var work: String
  @OptionGroup var stating: StatingOptions
  @Option(help: "Who gives; the member itself unless given.") var from: String?
  @Option(help: "Who takes.") var to: String
  @Option(help: "The share, for example 30% or 300000.") var share: String
  @Option(help: "sale, gift, contract or judgment.") var reason = "contract"
  @Option(help: "What is paid, for example 5000.00.") var price: String?
  @Option(help: "The currency of the price.") var currency = "CNY"
  @Option(help: "The contract or judgment: a file whose SHA-256 is stated.") var document: String?

  func run() async throws {
    try await Console.run {
      guard let why = ShareTransfer.Reason.allCases.first(where: { $0.name == reason }) else {
        throw ValidationError("--reason is sale, gift, contract or judgment.")
      }
      let unit = try Working.currency(currency)
      try await stating.state(
        ShareTransfer(
          work: work, from: from ?? stating.member, to: to, ppm: try Working.ppm(share), reason: why,
          price: try price.map { try Working.amount($0, unit) } ?? 0, currency: unit,
          document: try Working.digest(of: document)))
    }
  }
}

/// `inherit`: shares go to heirs.
struct InheritCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inherit", abstract: "Gives all that a party held of a work to its heirs, by weights.")
  @Argument(help: "The work's id.") var work: String
  @OptionGroup var stating: StatingOptions
  @Option(name: .customLong("of"), help: "Who held the share.") var deceased: String
  @Option(help: "An heir and its weight, PARTY=WEIGHT; may be repeated.") var heir: [String]
  @Option(help: "The certificate: a file whose SHA-256 is stated.") var document: String

  func run() async throws {
    try await Console.run {
      let heirs = try heir.map { item in
        let parts = item.split(separator: "=", maxSplits: 1)
        guard let party = parts.first, let weight = parts.count == 2 ? Int64(parts[1]) : 1, weight > 0 else {
          throw ValidationError("'\(item)' is no PARTY=WEIGHT.")
        }
        return (party: String(party), weight: weight)
      }
      guard let digest = try Working.digest(of: document) else { return }
      try await stating.state(Inheritance(work: work, deceased: deceased, heirs: heirs, document: digest))
    }
  }
}

/// `royalty`: what a licensee earned.
struct RoyaltyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "royalty", abstract: "Reports a period's revenue; what is due is split to the smallest unit.")
  @Argument(help: "The work's id.") var work: String
  @OptionGroup var stating: StatingOptions
  @Option(help: "The entry that granted the licence.") var licence: UInt64
  @Option(help: "The period, for example 2026-10.") var period: String
  @Option(help: "What was earned, for example 10000.00.") var revenue: String

  private struct Answer: Encodable {
    struct Due: Encodable {
      let from: String
      let to: String
      let amount: String
    }
    let entry: UInt64
    let dues: [Due]
  }

  func run() async throws {
    try await Console.run {
      let answer = try await stating.state { desk, open in
        let view = open.sequencer.head
        let key = CopyrightContract.licences.key(.sha256(work), order: licence)
        guard let record = LicenceRecord(reading: try view.value(key)) else {
          throw LedgerError(.notFound, "The work has no licence \(licence).")
        }
        let earned = try Working.amount(revenue, record.terms.currency)
        let place = try await desk.state(
          RoyaltyReport(work: work, licence: licence, period: period, revenue: earned)
        ).place()
        let value = try open.sequencer.head.value(CopyrightContract.royalties.key(.sha256(work), order: place))
        let dues = RoyaltyRecord(reading: value)?.dues ?? []
        return Answer(
          entry: place,
          dues: dues.map {
            Answer.Due(from: $0.debtor, to: $0.creditor, amount: Money($0.amount, record.terms.currency).description)
          })
      }
      if stating.json { return try Console.answer(json: answer) }
      for due in answer.dues { Console.answer("\(due.from) owes \(due.to) \(due.amount).") }
    }
  }
}

/// `presale`: shares are offered, bought, and sold or refunded.
struct PresaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "presale",
    abstract: "Pre-sale of shares: offered in lots, refunded if the goal is missed by its date.",
    subcommands: [Offer.self, Buy.self, Close.self])

  struct Offer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "offer", abstract: "Offers lots of a work's shares.")
    @Argument(help: "The work's id.") var work: String
    @OptionGroup var stating: StatingOptions
    @Option(help: "Who sells; the member itself unless given.") var seller: String?
    @Option(help: "How many lots.") var lots: UInt64
    @Option(help: "The share in each, for example 1%.") var share: String
    @Option(help: "What each costs, for example 500.00.") var price: String
    @Option(help: "The currency.") var currency = "CNY"
    @Option(help: "How many lots must be bought.") var goal: UInt64
    @Option(help: "Until before when (RFC 3339).") var deadline: String

    func run() async throws {
      try await Console.run {
        let unit = try Working.currency(currency)
        try await stating.state(
          Presale(
            work: work, seller: seller ?? stating.member, lots: lots, ppmPerLot: try Working.ppm(share),
            price: try Working.amount(price, unit), currency: unit, goal: goal, deadline: try Working.time(deadline)))
      }
    }
  }

  struct Buy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "buy", abstract: "Buys lots of a pre-sale.")
    @Argument(help: "The work's id.") var work: String
    @OptionGroup var stating: StatingOptions
    @Option(help: "The entry of the pre-sale.") var presale: UInt64
    @Option(help: "Who buys; the member itself unless given.") var buyer: String?
    @Option(help: "How many lots.") var lots: UInt64

    func run() async throws {
      try await Console.run {
        try await stating.state(Pledge(work: work, presale: presale, buyer: buyer ?? stating.member, lots: lots))
      }
    }
  }

  struct Close: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "close", abstract: "Settles a pre-sale that is sold out or whose date has come.")
    @Argument(help: "The work's id.") var work: String
    @OptionGroup var stating: StatingOptions
    @Option(help: "The entry of the pre-sale.") var presale: UInt64

    func run() async throws {
      try await Console.run { try await stating.state(PresaleClose(work: work, presale: presale)) }
    }
  }
}

/// `dispute`: someone says that a work is theirs.
struct DisputeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dispute", abstract: "Disputes whose a work is, or ends a dispute.",
    subcommands: [Open.self, End.self])

  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "open", abstract: "Says that a work is a party's own.")
    @Argument(help: "The work's id.") var work: String
    @OptionGroup var stating: StatingOptions
    @Option(help: "Who claims it; the member itself unless given.") var claimant: String?
    @Option(help: "On what ground.") var reason: String
    @Option(help: "The evidence: a file whose SHA-256 is stated.") var document: String?

    func run() async throws {
      try await Console.run {
        try await stating.state(
          Dispute(
            work: work, claimant: claimant ?? stating.member, reason: reason,
            document: try Working.digest(of: document)))
      }
    }
  }

  struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "end", abstract: "Withdraws a dispute; a regulator dismisses it or assigns the work.")
    @Argument(help: "The work's id.") var work: String
    @OptionGroup var stating: StatingOptions
    @Option(help: "The entry of the dispute.") var dispute: UInt64
    @Option(help: "withdrawn, dismissed or assigned.") var outcome: String
    @Option(help: "The decision: a file whose SHA-256 is stated.") var document: String?

    func run() async throws {
      try await Console.run {
        guard let how = DisputeEnd.Outcome.allCases.first(where: { $0.name == outcome }) else {
          throw ValidationError("--outcome is withdrawn, dismissed or assigned.")
        }
        try await stating.state(
          DisputeEnd(work: work, dispute: dispute, outcome: how, document: try Working.digest(of: document)))
      }
    }
  }
}
