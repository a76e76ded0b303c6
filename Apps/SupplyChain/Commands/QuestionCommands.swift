import ArgumentParser
import FinanceRules
import Ledger
import LedgerServer
import Primitives

/// `holder`: who holds a lot, with the proof that nobody else does.
struct HolderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holder", abstract: "Says who holds a lot, and what is owed on it, with the proof.")
  @OptionGroup var lot: LotOptions
  @OptionGroup var options: AnswerOptions

  func run() async throws {
    try await Console.run {
      let (note, lot) = try lot.ids()
      try await options.answer(.holder(note: note, lot: lot))
    }
  }
}

/// `chain`: the tree and the life of a note.
struct ChainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chain", abstract: "Shows the tree of a note's lots and everything that happened to it.")
  @Argument(help: "The note's id: 64 hexadecimal digits.") var note: String
  @OptionGroup var options: AnswerOptions

  func run() async throws { try await Console.run { try await options.answer(.chain(note: try ID.parse(note))) } }
}

/// `holdings`: what somebody holds now.
struct HoldingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holdings", abstract: "Lists the lots that somebody holds, with the proof that none is left out.")
  @Argument(help: "The organisation, or ~ and the digits of a holder's key.") var party: String
  @OptionGroup var options: AnswerOptions

  func run() async throws { try await Console.run { try await options.answer(.holdings(party)) } }
}

/// `exceptions`: what sensors have found, and what was done about it.
struct ExceptionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exceptions", abstract: "Lists the exceptions on goods; acknowledges, escalates and resolves them.",
    subcommands: [List.self, Act.self, Silence.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the exceptions, with the proof.")
    @OptionGroup var options: AnswerOptions
    func run() async throws { try await Console.run { try await options.answer(.exceptions) } }
  }

  struct Act: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "act", abstract: "Acknowledges, escalates or resolves an exception.")
    @Argument(help: "The log entry of the exception.") var exception: UInt64
    @Argument(help: "acknowledge, escalate or resolve.") var step: String
    @Option(help: "Why it is resolved.") var reason = ""
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        guard let step = ExceptionStep(rawValue: step) else {
          throw ValidationError("'\(step)' is none of acknowledge, escalate and resolve.")
        }
        let action = ExceptionAction { ($0.exception, $0.step, $0.reason) = (exception, step, reason) }
        Console.answer("Entry \(try await signer.state(action, about: "exception/\(exception)").entry).")
      }
    }
  }
}

extension ExceptionsCommand {
  struct Silence: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "silence",
      abstract: "Reports devices that have been silent for longer than the policy allows: one, or all that are.")
    @Option(help: "The device's name; every silent device unless given.") var device: String?
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let clock = SystemClock()
        let names =
          if let device { [device] } else {
            try await Consortium(path: signer.data.path).with(SupplyChainApp.suite, clock) { open in
              try SilentDevices.names(open.sequencer.head, at: clock.now())
            }
          }
        if names.isEmpty { Console.answer("No device is silent.") }
        for name in names {
          let action = ExceptionAction { ($0.step, $0.device) = (.reportSilence, name) }
          Console.answer("Entry \(try await signer.state(action, about: name).entry).")
        }
      }
    }
  }
}

/// `credit`: punctuality and credit figures of an organisation, each with its formula.
struct CreditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credit",
    abstract: "Computes punctuality, dilution and days of sales outstanding, each with its formula and its numbers.")
  @Argument(help: "The organisation.") var party: String
  @OptionGroup var options: AnswerOptions

  func run() async throws { try await Console.run { try await options.answer(.credit(party)) } }
}

/// `report`: the regulator's figures.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Computes the regulator's figures; with --verify, from the proof alone.")
  @Flag(help: "The regulator's view; the only one there is.") var regulator = false
  @Flag(help: "Makes the proof, checks it, and computes every figure from it again.") var verify = false
  @Flag(help: "Comma-separated figures.") var csv = false
  @Option(help: "The first day of the period of movements; the year's first unless given.") var since: String?
  @OptionGroup var options: AnswerOptions

  func run() async throws {
    try await Console.run {
      let since = try since.map { try Words.day($0) }
      let question = FinanceQuestion.report(since: since)
      guard csv else { return try await options.answer(question, isProved: verify) }
      try await options.read(question) { open, _ in
        let report: Report
        if verify || options.proof != nil {
          let verified = try await options.prove(question, open)
          report = try Report(at: verified.seal.time, since: since, SupplyChainApp.lists(verified))
        } else {
          let view = open.sequencer.head
          report = try Report(at: view.seal.time, since: since) { prefix throws(LedgerError) in try view.list(prefix) }
        }
        Console.answer(Message(report.csv))
      }
    }
  }
}
