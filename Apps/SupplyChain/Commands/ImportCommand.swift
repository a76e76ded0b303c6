import ArgumentParser
import COSE
import FinanceRules
import Foundation
import Invoices
import Ledger
import LedgerServer
import Primitives
import Value

/// `import`: invoices, credit notes, orders, despatch and receipt advices, and banks' notifications.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Reads UBL 2.1 documents and camt.054 notifications, checks them, and states them on the ledger.",
    discussion: "Without --as it only checks and shows. Files are taken in the order given: orders before invoices.")
  @Argument(help: "The files, XML.") var files: [String]
  @Option(help: "strict (all of EN 16931), peppol (and Peppol BIS 3.0) or lenient (what financing needs).") var level =
    "strict"
  @Flag(help: "The buyer approves invoices that fit their order.") var approve = false
  @Flag(help: "One JSON document on standard output.") var json = false
  @Option(
    name: .customLong("data"), help: ArgumentHelp("The data folder of the consortium.", valueName: "dir"))
  var folder: String?
  @Option(
    name: .customLong("reader"),
    help: "Who may read what is filed besides seller, buyer and supervisors, for example their bank; may be repeated.")
  var readers: [String] = []
  @Option(name: .customLong("as"), help: "The organisation that takes the files in.") var member = ""

  func run() async throws {
    try await Console.run {
      guard let level = ImportLevel(rawValue: level) else {
        throw ValidationError("'\(level)' is none of strict, peppol and lenient.")
      }
      var reports: [ImportReport] = []
      if member.isEmpty {
        for file in files {
          let bytes = try Console.read(file, limit: XMLLimits.bytes)
          var report = ImportReport(file: file, level: level, digest: .sha256(bytes))
          if case .trade(let read)? = Recognition.look(bytes, level: level, &report), !read.isAccepted {
            report.end(.rejected, "The document does not pass at this level.")
          }
          reports.append(report)
        }
      } else {
        reports = try await take(level)
      }
      if json {
        try Console.answer(json: reports)
      } else {
        for line in reports.flatMap(\.words) { Console.answer(line) }
      }
      guard reports.allSatisfy(\.isGood) else {
        throw LedgerError(.refused, "\(reports.count { !$0.isGood }) of \(reports.count) files did not pass.")
      }
    }
  }

  private func take(_ level: ImportLevel) async throws -> [ImportReport] {
    guard let folder else { throw ValidationError("Give --data with --as.") }
    let consortium = try Consortium(path: folder)
    guard consortium.names.contains(member) else {
      throw LedgerError(
        .notFound, "There is no member '\(member)' here; there are \(consortium.names.joined(separator: ", ")).")
    }
    let registry = try RegistryFile.read(folder)
    let key = try consortium.folder(member).keys().statement
    let clock = SystemClock()
    return try await consortium.with(SupplyChainApp.suite, clock) { open in
      var reports: [ImportReport] = []
      for file in files {
        let view = open.sequencer.head
        let importer = Importer(
          member: member, level: level, approves: approve, registry: registry,
          parties: try Parties(view, folder: folder, member: member),
          shelf: PaperShelf(folder: folder, member: member), view: view, readers: readers)
        let bytes = try Console.read(file, limit: XMLLimits.bytes)
        reports.append(
          try await importer.take(bytes, name: file) { document, subject in
            let statement = try document.statement(
              issuer: member, subject: subject, time: clock.now(), claimID: .random(), key: key)
            return try await open.sequencer.submit([statement.entry])[0]
          })
      }
      try await open.settle()
      return reports
    }
  }
}

/// `export`: files for others.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes an invoice with the financier as payee, or payments for a bank.",
    subcommands: [InvoiceFile.self, Payments.self])

  struct InvoiceFile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "invoice",
      abstract: "Writes the note's invoice as UBL 2.1 after the assignment: the financier is the payee.")
    @OptionGroup var lot: LotOptions
    @Option(help: "The invoice's file, where it has not been imported here.") var invoice: String?
    @Option(help: "Where it is written.") var to: String
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The organisation that writes it.") var member: String

    func run() async throws {
      try await Console.run {
        let (note, lot) = try lot.ids()
        let registry = try RegistryFile.read(data.path)
        try await Consortium(path: data.path).with(SupplyChainApp.suite, SystemClock()) { open in
          let view = open.sequencer.head
          let exporter = Exporter(
            member: member, parties: try Parties(view, folder: data.path, member: member), view: view)
          let known = try FinanceText.note(note) { p throws(LedgerError) in try view.list(p) }
          let shelf = PaperShelf(folder: data.path, member: member)
          guard
            let bytes = try invoice.map({ try Console.read($0, limit: XMLLimits.bytes) })
              ?? shelf.invoice(known.proposal.invoice)
          else { throw LedgerError(.notFound, "\(member) has not imported this invoice: give its file by --invoice.") }
          try Console.write(try exporter.invoice(bytes, note: note, lot: lot, registry: registry), to: to)
        }
        Console.answer("Written to \(to).")
      }
    }
  }

  struct Payments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes all that a member has to pay for lots now, as pain.001.")
    @OptionGroup var options: PaymentFileOptions
    func run() async throws { try await Console.run { try await options.write(nil) } }
  }
}

/// Where payments for a bank are written.
struct PaymentFileOptions: ParsableArguments {
  @Option(help: "Where it is written.") var to: String
  @Option(help: "The day to pay on; today unless given.") var day: String?
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The organisation that pays.") var member: String

  func write(_ only: (note: Digest, lot: Digest)?) async throws {
    let clock = SystemClock()
    let day = try Day(number: try day.map { try Words.day($0) } ?? Int64(clock.now() / 86_400_000))
    try await Consortium(path: data.path).with(SupplyChainApp.suite, clock) { open in
      let view = open.sequencer.head
      let exporter = Exporter(
        member: member, parties: try Parties(view, folder: data.path, member: member), view: view)
      try Console.write(try exporter.payments(only: only, day: day, time: clock.now()), to: to)
    }
    Console.answer("Written to \(to).")
  }
}

extension NoteCommand {
  /// `note pay`: the payment for one lot, for a bank.
  struct Pay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the payment for a lot as pain.001: the obligor, the chosen financier or who buys back.")
    @OptionGroup var lot: LotOptions
    @OptionGroup var options: PaymentFileOptions
    func run() async throws { try await Console.run { try await options.write(try lot.ids()) } }
  }
}

/// `registry`: the key of tokens, and claims on invoices that are financed outside of notes.
struct RegistryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registry", abstract: "The registry of financed invoices: its key, tokens of files, claims.",
    subcommands: [Key.self, Tokens.self, Claim.self])

  struct Key: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes the consortium's secret key of tokens, or takes the one that another member gave.")
    @Option(help: "The key's public name, which goes with each token.") var id: String
    @Option(help: "The file with the secret's 64 hexadecimal digits; random unless given.") var secret: String?
    @OptionGroup var data: DataOption

    func run() async throws {
      try await Console.run {
        let bytes = try secret.map { path -> [UInt8] in
          let text = String(decoding: try Console.read(path, limit: 1024), as: UTF8.self)
          guard let bytes = Hex.decode(text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == 32 else {
            throw ValidationError("'\(path)' does not have 64 hexadecimal digits.")
          }
          return bytes
        }
        try RegistryFile.make(data.path, id: id, secret: bytes)
        Console.answer("Written to \(data.path)/registry.key.")
      }
    }
  }

  struct Tokens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows the exact and the similar token of an invoice's file, whatever its bytes look like.")
    @Argument(help: "The invoice's file.") var file: String
    @OptionGroup var data: DataOption

    func run() async throws {
      try await Console.run {
        let registry = try RegistryFile.read(data.path)
        let bytes = try Console.read(file, limit: XMLLimits.bytes)
        let read: UBLImport
        do throws(UBLImportFault) { read = try UBLImport(bytes, level: .lenient) } catch {
          throw LedgerError(.malformed, error.message)
        }
        switch read.document {
        case .invoice(let invoice), .creditNote(let invoice):
          let tokens = registry.tokens(of: invoice)
          Console.answer("\(tokens.exact.hex) \(tokens.similar.hex) \(tokens.keyID)")
        default: throw LedgerError(.malformed, "The file is no invoice and no credit note.")
        }
      }
    }
  }

  struct Claim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Registers, finances or cancels a claim on an invoice outside of notes: a financier.")
    @Argument(help: "The invoice's exact token.") var token: String
    @Argument(help: "The similar registry token.") var similar: String
    @Option(help: "register, finance or cancel.") var step = "register"
    @Option(help: "Why a similar invoice is another one.") var reason = ""
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        guard let step = ClaimStep(rawValue: step) else {
          throw ValidationError("'\(step)' is none of register, finance and cancel.")
        }
        let (token, similar) = (try ID.parse(token), try ID.parse(similar))
        let claim = RegistryClaim {
          ($0.token, $0.similar, $0.step, $0.reason) = (token, similar, step, reason)
        }
        Console.answer("Entry \(try await signer.state(claim, about: token.hex).entry).")
      }
    }
  }
}
