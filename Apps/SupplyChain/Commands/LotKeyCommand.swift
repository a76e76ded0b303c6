import ArgumentParser
import FinanceRules
import Ledger
import LedgerServer
import Primitives

/// `lot-key`: keys under which holders below the first tier act, one for each lot.
struct LotKeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lot-key",
    abstract: "Makes keys of single lots, admits them (the registrar), and shows whose they are to those who may know.",
    subcommands: [Make.self, Admit.self, Known.self])

  struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a key for one lot in the member's folder: the file, and the party's name for the registrar.")
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The organisation whose key it is.") var member: String

    func run() async throws {
      try await Console.run {
        let consortium = try Consortium(path: data.path)
        guard consortium.names.contains(member) else {
          throw LedgerError(
            .notFound,
            "There is no member '\(member)' here; there are \(consortium.names.joined(separator: ", ")).")
        }
        let (party, path) = try LotKeys(folder: data.path, member: member).make()
        Console.answer("\(party)")
        Console.answer("\(path)")
      }
    }
  }

  struct Admit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vouches that keys belong to admitted organisations: the registrar. Several at once hide whose each is."
    )
    @Argument(help: "Keys as ~DIGITS=holder[,reader...]: readers are those who pass lots to the key.") var keys:
      [String]
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        guard keys.count <= Admission.limit else { throw ValidationError("There are at most \(Admission.limit) keys.") }
        let admissions = try keys.map { text in
          let parts = text.split(separator: "=", maxSplits: 1)
          let names = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : []
          guard let holder = names.first else { throw ValidationError("'\(text)' is not ~DIGITS=holder[,reader...].") }
          return Admission(party: String(parts[0]), holder: holder, readers: Array(names.dropFirst()))
        }
        let registrar = signer.member
        let (document, missing) = try await signer.view { try Admission.document(admissions, by: registrar, $0) }
        if let note = Sealer.note(missing) { Console.say(note) }
        Console.answer("Entry \(try await signer.state(document, about: "holder-keys").entry).")
      }
    }
  }

  struct Known: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the admitted keys whose holders the member may know.")
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let keys = try signer.openers()
        for (party, holder) in try await signer.view({ try Admission.known(to: keys, $0) }) {
          Console.answer("\(party) = \(holder)")
        }
      }
    }
  }
}
