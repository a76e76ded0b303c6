import ArgumentParser
import FinanceRules
import Foundation
import Ledger
import LedgerServer
import Primitives
import Value

/// `invoice`: what notes rest on.
struct InvoiceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoice", abstract: "Files and approves invoices by their tokens.",
    subcommands: [File.self, Act.self, Credit.self])

  struct File: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Files an invoice: the seller.")
    @Argument(help: "The exact registry token: 64 hexadecimal digits.") var token: String
    @Argument(help: "The similar registry token.") var similar: String
    @Option(help: "Who is to pay.") var buyer: String
    @Option(help: "The payable amount, for example 100000.00.") var payable: String
    @Option(help: "ISO 4217.") var currency = "CNY"
    @Option(help: "The day of issue, for example 2026-11-22.") var issued: String
    @Option(help: "The day of delivery.") var delivered: String
    @OptionGroup var sealing: SealOptions
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (token, similar) = (try ID.parse(token), try ID.parse(similar))
        let amount = try Words.amount(payable, currency)
        let (issued, delivered) = (try Words.day(issued), try Words.day(delivered))
        let content = try await sealing.seal(
          "invoice", token, ["from \(signer.member) to \(buyer)", "\(currency) \(payable)"], [signer.member, buyer],
          signer)
        let filing = InvoiceFiling {
          ($0.token, $0.similar, $0.seller, $0.buyer) = (token, similar, signer.member, buyer)
          ($0.currency, $0.payable, $0.issueDay, $0.deliveryDay) = (currency, amount, issued, delivered)
          $0.content = content
        }
        Console.answer("Entry \(try await signer.state(filing, about: token.hex).entry).")
      }
    }
  }

  struct Act: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "act", abstract: "approve (the buyer), dispute (either), settle-dispute (the arbiter).")
    @Argument(help: "The invoice's exact token.") var token: String
    @Argument(help: "approve, dispute or settle-dispute.") var step: String
    @Option(help: "Why.") var reason = ""
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        guard let step = InvoiceStep(rawValue: step) else {
          throw ValidationError("'\(step)' is none of approve, dispute and settle-dispute.")
        }
        let token = try ID.parse(token)
        let action = InvoiceAction { ($0.token, $0.step, $0.reason) = (token, step, reason) }
        Console.answer("Entry \(try await signer.state(action, about: token.hex).entry).")
      }
    }
  }

  struct Credit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes part of an invoice back: the seller.")
    @Argument(help: "The invoice's exact token.") var token: String
    @Argument(help: "How much, for example 100.00.") var amount: String
    @Option(help: "The invoice's currency.") var currency = "CNY"
    @Option(help: "The credit note's own id, a salted hash of it.") var id: String
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (token, id, amount) = (try ID.parse(token), try ID.parse(id), try Words.amount(amount, currency))
        let credit = CreditNoteFiling { ($0.token, $0.id, $0.amount) = (token, id, amount) }
        Console.answer("Entry \(try await signer.state(credit, about: token.hex).entry).")
      }
    }
  }
}

/// `note`: the life of an undertaking to pay.
struct NoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Proposes, accepts, splits, passes on, finances and settles undertakings to pay.",
    subcommands: [
      Propose.self, Accept.self, Consent.self, Reject.self, Withdraw.self, Split.self, Transfer.self,
      AcceptTransfer.self, Finance.self, BidOn.self, Bids.self, Choose.self, Disburse.self, Settle.self, BuyBack.self,
      Pay.self,
      WriteOffCommand.self, Act.self,
    ])

  struct Propose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Undertakes to pay an invoice: the obligor's maker.")
    @Argument(help: "The invoice's exact token.") var invoice: String
    @Argument(help: "How much, for example 100000.00.") var amount: String
    @Option(help: "The invoice's currency.") var currency = "CNY"
    @Option(help: "The day of payment, for example 2027-02-20.") var maturity: String
    @Option(help: "Days in which it can be accepted.") var open: UInt64 = 5
    @Option(help: "Why the tenor is long.") var reason = ""
    @Option(help: "The programme whose line it takes from.") var programme = ""
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (token, amount) = (try ID.parse(invoice), try Words.amount(amount, currency))
        let day = try Words.day(maturity)
        let proposal = NoteProposal {
          ($0.invoice, $0.amount, $0.maturity) = (token, amount, day)
          ($0.expires, $0.reason, $0.programme) = (Words.ahead(open), reason, programme)
        }
        let (entry, id) = try await signer.state(proposal, about: token.hex)
        Console.answer("Entry \(entry): note \(id.hex).")
      }
    }
  }

  /// One step of a proposal.
  private static func answer(
    _ note: String, _ step: ProposalStep, free: Bool = false, reason: String = "", _ signer: SignerOptions
  ) async throws {
    try await Console.run {
      let id = try ID.parse(note)
      let action = ProposalAction {
        ($0.note, $0.step, $0.isFreeChoice, $0.reason) = (id, step, free, reason)
      }
      Console.answer("Entry \(try await signer.state(action, about: note).entry).")
    }
  }

  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Confirms a proposal: another person of the obligor.")
    @Argument(help: "The note.") var note: String
    @OptionGroup var signer: SignerOptions
    func run() async throws { try await NoteCommand.answer(note, .acceptIssue, signer) }
  }

  struct Consent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Accepts to be paid by the note: the payee, freely.")
    @Argument(help: "The note.") var note: String
    @Flag(help: "The payee chose this form of payment freely.") var freely = false
    @OptionGroup var signer: SignerOptions
    func run() async throws { try await NoteCommand.answer(note, .acceptPayment, free: freely, signer) }
  }

  struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Refuses to be paid by the note: the payee.")
    @Argument(help: "The note.") var note: String
    @Option(help: "Why.") var reason = ""
    @OptionGroup var signer: SignerOptions
    func run() async throws { try await NoteCommand.answer(note, .reject, reason: reason, signer) }
  }

  struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a proposal back: the obligor.")
    @Argument(help: "The note.") var note: String
    @OptionGroup var signer: SignerOptions
    func run() async throws { try await NoteCommand.answer(note, .withdraw, signer) }
  }

  struct Split: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Splits a lot into parts that sum to it: the holder.")
    @OptionGroup var lot: LotOptions
    @Option(parsing: .upToNextOption, help: "The parts, for example 400.00 600.00.") var parts: [String]
    @Option(help: "The note's currency.") var currency = "CNY"
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (note, id) = try lot.ids()
        let amounts = try parts.map { try Words.amount($0, currency) }
        let split = LotSplit {
          ($0.note, $0.lot) = (note, id)
          $0.parts = amounts.map { amount in Part { $0.amount = amount } }
        }
        Console.answer("Entry \(try await signer.state(split, about: note.hex).entry).")
        for place in amounts.indices { Console.answer("\(SupplyChainContract.child(of: id, place).hex)") }
      }
    }
  }

  struct Transfer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Offers a lot to another party: the holder.")
    @OptionGroup var lot: LotOptions
    @Option(help: "The organisation, or ~ and the digits of a holder's key.") var to: String
    @Option(help: "Days in which it can be accepted.") var open: UInt64 = 5
    @OptionGroup var signer: SignerOptions
    func run() async throws {
      try await NoteCommand.act(lot, .offerTransfer, to: to, expires: Words.ahead(open), signer)
    }
  }

  struct AcceptTransfer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a lot that was offered: the transferee.")
    @OptionGroup var lot: LotOptions
    @OptionGroup var signer: SignerOptions
    func run() async throws { try await NoteCommand.act(lot, .acceptTransfer, signer) }
  }

  struct Act: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "act",
      abstract: "Any other step of a lot: refuse-transfer, expire, cancel-finance, mark-due, freeze and so on.")
    @OptionGroup var lot: LotOptions
    @Option(help: "The step.") var step: String
    @Option(help: "The other party, where there is one.") var party = ""
    @Option(help: "Why, or the reference of the order.") var reason = ""
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      guard let step = LotStep(rawValue: step) else { throw ValidationError("There is no step '\(step)'.") }
      try await NoteCommand.act(lot, step, to: party, reason: reason, signer)
    }
  }

  /// One step of a lot.
  static func act(
    _ lot: LotOptions, _ step: LotStep, to party: String = "", expires: UInt64 = 0, reason: String = "",
    _ signer: SignerOptions
  ) async throws {
    try await Console.run {
      let (note, id) = try lot.ids()
      let action = LotAction {
        ($0.note, $0.lot, $0.step) = (note, id, step)
        ($0.party, $0.expires, $0.reason) = (party, expires, reason)
      }
      Console.answer("Entry \(try await signer.state(action, about: note.hex).entry).")
    }
  }

  struct Finance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Asks for bids on a lot: the holder.")
    @OptionGroup var lot: LotOptions
    @Option(help: "Days in which bids and payment can come.") var open: UInt64 = 5
    @Option(help: "Why a similar invoice is another one.") var reason = ""
    @Option(
      parsing: .upToNextOption, help: "The financiers that may bid and see the lot; every financier unless given.")
    var invite: [String] = []
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (note, id) = try lot.ids()
        let request = FinanceRequest {
          ($0.note, $0.lot, $0.expires, $0.reason) = (note, id, Words.ahead(open), reason)
          $0.invited = invite.map { bank in Invited { $0.name = bank } }
        }
        if invite.isEmpty { Console.say("No financier is named: every financier may see the lot and bid.") }
        Console.answer("Entry \(try await signer.state(request, about: note.hex).entry).")
      }
    }
  }

  /// The terms of a bid, as the financier and the holder both write them.
  struct TermOptions: ParsableArguments {
    @Option(help: "The yearly discount rate, parts per million: 6 % is 60000.") var rate: Int64
    @Option(help: "The fee, for example 50.00.") var fee = "0"
    @Option(help: "The note's currency.") var currency = "CNY"
    @Flag(help: "The seller must buy back after a default.") var recourse = false
    @Option(help: "The day from which discount is reckoned.") var valueDay: String
    @Option(help: "The salt of the seal: 64 hexadecimal digits; random unless given.") var salt: String?

    func terms() throws -> (Terms, salt: [UInt8]) {
      let (fee, day) = (try Words.amount(fee, currency), try Words.day(valueDay))
      return (
        Terms { ($0.rate, $0.fee, $0.hasRecourse, $0.valueDay) = (rate, fee, recourse, day) },
        try salt.map { try ID.parse($0).bytes } ?? Sealer.salt()
      )
    }
  }

  struct BidOn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "bid", abstract: "Bids for a lot; what is bid stays sealed until it is chosen: the financier.")
    @OptionGroup var lot: LotOptions
    @OptionGroup var terms: TermOptions
    @Option(help: "Days in which it stands.") var open: UInt64 = 3
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (note, id) = try lot.ids()
        let (terms, salt) = try terms.terms()
        let holder = try await signer.view { view in
          try view.value(Family.lots.key(note, id)).map { try Lot(decoding: $0).holder }
        }
        let sealed = try await signer.seal(
          terms.encoded(), salt: salt, to: [holder ?? "", signer.member], withSupervisors: false)
        let bid = Bid { ($0.note, $0.lot, $0.expires, $0.terms) = (note, id, Words.ahead(open), sealed) }
        Console.answer("Entry \(try await signer.state(bid, about: note.hex).entry).")
      }
    }
  }

  struct Bids: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the bids for a lot and opens those that are sealed to the signer.")
    @OptionGroup var lot: LotOptions
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (note, id) = try lot.ids()
        let keys = try signer.openers()
        for bid in try await signer.view({ try OpenedBid.all(note, id, with: keys, $0) }) {
          guard let (terms, salt) = bid.terms else {
            Console.answer("\(bid.financier): sealed to others")
            continue
          }
          Console.answer(
            "\(bid.financier): rate \(terms.rate) ppm, fee \(terms.fee), recourse \(terms.hasRecourse ? "yes" : "no"), value day \(FinanceText.day(terms.valueDay)), salt \(Hex.encode(salt))"
          )
        }
      }
    }
  }

  struct Choose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "choose", abstract: "Chooses a bid and opens its seal: the holder.")
    @OptionGroup var lot: LotOptions
    @Option(help: "Whose bid.") var financier: String
    @Option(help: "The rate that was told, where the bid is not sealed to the holder; needs the other terms.")
    var rate: Int64?
    @Option(help: "The fee, for example 50.00.") var fee = "0"
    @Option(help: "The note's currency.") var currency = "CNY"
    @Flag(help: "The seller must buy back after a default.") var recourse = false
    @Option(help: "The day from which discount is reckoned.") var valueDay: String?
    @Option(help: "The salt of the seal, as the financier told it.") var salt: String?
    @OptionGroup var signer: SignerOptions

    /// What was told, or what the holder's own key opens.
    private func terms(_ note: Digest, _ lot: Digest) async throws -> (Terms, salt: [UInt8]) {
      if let rate, let valueDay, let salt {
        let (fee, day) = (try Words.amount(fee, currency), try Words.day(valueDay))
        return (
          Terms { ($0.rate, $0.fee, $0.hasRecourse, $0.valueDay) = (rate, fee, recourse, day) },
          try ID.parse(salt).bytes
        )
      }
      let keys = try signer.openers()
      let bids = try await signer.view { try OpenedBid.all(note, lot, with: keys, $0) }
      guard let opened = bids.first(where: { $0.financier == financier })?.terms else {
        throw LedgerError(.notFound, "There is no bid of \(financier) that the holder's key opens.")
      }
      return opened
    }

    func run() async throws {
      try await Console.run {
        let (note, id) = try lot.ids()
        let (terms, salt) = try await terms(note, id)
        let choice = BidChoice {
          ($0.note, $0.lot, $0.financier) = (note, id, financier)
          ($0.terms, $0.salt) = (terms, salt)
        }
        Console.answer("Entry \(try await signer.state(choice, about: note.hex).entry).")
      }
    }
  }

  /// A bank's entry.
  struct EvidenceOptions: ParsableArguments {
    @Option(help: "The keyed hash of the bank's entry: 64 hexadecimal digits.") var evidence: String
    @Option(help: "Who paid.") var payer: String
    @Option(help: "Who was paid.") var payee: String
    @Option(help: "How much, for example 996.67.") var amount: String
    @Option(help: "ISO 4217.") var currency = "CNY"
    @Option(help: "The value date.") var day: String

    func read() throws -> BankEvidence {
      let (id, amount, day) = (try ID.parse(evidence), try Words.amount(amount, currency), try Words.day(day))
      return BankEvidence {
        ($0.id, $0.payer, $0.payee) = (id, payer, payee)
        ($0.currency, $0.amount, $0.day) = (currency, amount, day)
      }
    }
  }

  private static func pay(
    _ lot: LotOptions, _ kind: PaymentKind, _ evidence: EvidenceOptions, _ signer: SignerOptions
  ) async throws {
    try await Console.run {
      let (note, id) = try lot.ids()
      let evidence = try evidence.read()
      let payment = LotPayment { ($0.note, $0.lot, $0.payment, $0.evidence) = (note, id, kind, evidence) }
      Console.answer("Entry \(try await signer.state(payment, about: note.hex).entry).")
    }
  }

  struct Disburse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says that the financier has paid the proceeds: the settlement bank.")
    @OptionGroup var lot: LotOptions
    @OptionGroup var evidence: EvidenceOptions
    @OptionGroup var signer: SignerOptions
    func run() async throws { try await NoteCommand.pay(lot, .disburse, evidence, signer) }
  }

  struct Settle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says that the obligor has paid: the settlement bank.")
    @OptionGroup var lot: LotOptions
    @OptionGroup var evidence: EvidenceOptions
    @OptionGroup var signer: SignerOptions
    func run() async throws { try await NoteCommand.pay(lot, .settle, evidence, signer) }
  }

  struct BuyBack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "buyback", abstract: "Says that the one who sold the lot has bought it back: the settlement bank.")
    @OptionGroup var lot: LotOptions
    @OptionGroup var evidence: EvidenceOptions
    @OptionGroup var signer: SignerOptions
    func run() async throws { try await NoteCommand.pay(lot, .buyback, evidence, signer) }
  }

  struct WriteOffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "write-off", abstract: "Gives up part of a lot in default: the holder.")
    @OptionGroup var lot: LotOptions
    @Argument(help: "How much, for example 100.00.") var amount: String
    @Option(help: "The note's currency.") var currency = "CNY"
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (note, id) = try lot.ids()
        let amount = try Words.amount(amount, currency)
        let writeOff = WriteOff { ($0.note, $0.lot, $0.amount) = (note, id, amount) }
        Console.answer("Entry \(try await signer.state(writeOff, about: note.hex).entry).")
      }
    }
  }
}
