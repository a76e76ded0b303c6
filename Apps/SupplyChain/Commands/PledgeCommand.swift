import ArgumentParser
import FinanceRules
import Ledger
import LedgerServer
import Primitives

/// `pledge`: goods in a warehouse that secure what is drawn.
struct PledgeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pledge", abstract: "Warehouse receipts, facilities that they secure, drawings and releases.",
    subcommands: [Receive.self, Revalue.self, Propose.self, Act.self, Pay.self, Show.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a facility's loan to value, drawing right, margin call and what cures it, each with its formula."
    )
    @Argument(help: "The facility's id.") var facility: String
    @OptionGroup var options: AnswerOptions
    func run() async throws {
      try await Console.run { try await options.answer(.facility(try ID.parse(facility))) }
    }
  }

  struct Receive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Issues a warehouse receipt: the keeper.")
    @Argument(help: "The receipt's id: a salted hash of it.") var goods: String
    @Option(help: "Whose goods.") var owner: String
    @Option(help: "What they are worth, for example 100000.00.") var value: String
    @Option(help: "ISO 4217.") var currency = "CNY"
    @Option(help: "The id of the order, despatch or receipt advice that they belong to.") var paper: String?
    @OptionGroup var sealing: SealOptions
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (id, amount) = (try ID.parse(goods), try Words.amount(value, currency))
        let paper = try paper.map { try ID.parse($0) }
        let content = try await sealing.seal(
          "goods", id, ["of \(owner)", "\(currency) \(value)"], [signer.member, owner], signer)
        let receipt = GoodsReceipt {
          ($0.id, $0.owner, $0.currency, $0.value) = (id, owner, currency, amount)
          ($0.paper, $0.content) = (paper, content)
        }
        Console.answer("Entry \(try await signer.state(receipt, about: id.hex).entry).")
      }
    }
  }

  struct Revalue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Values goods anew: the keeper.")
    @Argument(help: "The receipt's id.") var goods: String
    @Argument(help: "What they are worth, for example 100000.00.") var value: String
    @Option(help: "The receipt's currency.") var currency = "CNY"
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (id, value) = (try ID.parse(goods), try Words.amount(value, currency))
        let document = GoodsValue { ($0.goods, $0.value) = (id, value) }
        Console.answer("Entry \(try await signer.state(document, about: id.hex).entry).")
      }
    }
  }

  struct Propose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Asks for a facility that goods secure: their owner.")
    @Option(help: "Who is to lend.") var financier: String
    @Option(help: "The most that may be drawn, for example 50000.00.") var limit: String
    @Option(help: "ISO 4217.") var currency = "CNY"
    @Option(parsing: .upToNextOption, help: "The ids of the warehouse receipts.") var goods: [String]
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (ids, limit) = (try goods.map { try ID.parse($0) }, try Words.amount(limit, currency))
        let proposal = FacilityProposal {
          ($0.financier, $0.currency, $0.limit) = (financier, currency, limit)
          $0.goods = ids.map { id in Reference { $0.id = id } }
        }
        let (entry, id) = try await signer.state(proposal, about: "facility")
        Console.answer("Entry \(entry): facility \(id.hex).")
      }
    }
  }

  struct Act: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "act", abstract: "accept, refuse, draw, cancel-draw, release or close.")
    @Argument(help: "The facility.") var facility: String
    @Argument(help: "accept, refuse, draw, cancel-draw, release or close.") var step: String
    @Option(help: "How much is to be drawn.") var amount = "0"
    @Option(help: "The facility's currency.") var currency = "CNY"
    @Option(help: "Which receipt is to be released.") var goods: String?
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        guard let step = FacilityStep(rawValue: step) else { throw ValidationError("There is no step '\(step)'.") }
        let (id, amount) = (try ID.parse(facility), try Words.amount(amount, currency))
        let goods = try goods.map { try ID.parse($0) }
        let action = FacilityAction { ($0.facility, $0.step, $0.amount, $0.goods) = (id, step, amount, goods) }
        Console.answer("Entry \(try await signer.state(action, about: id.hex).entry).")
      }
    }
  }

  struct Pay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says that a drawing or a repayment has moved: the settlement bank.")
    @Argument(help: "The facility.") var facility: String
    @Flag(help: "It is a repayment.") var repayment = false
    @OptionGroup var evidence: NoteCommand.EvidenceOptions
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let (id, evidence) = (try ID.parse(facility), try evidence.read())
        let payment = FacilityPayment { ($0.facility, $0.isDrawing, $0.evidence) = (id, !repayment, evidence) }
        Console.answer("Entry \(try await signer.state(payment, about: id.hex).entry).")
      }
    }
  }
}
