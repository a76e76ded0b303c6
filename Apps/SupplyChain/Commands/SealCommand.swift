import ArgumentParser
import COSE
import FinanceRules
import Foundation
import Ledger
import LedgerServer
import Primitives

/// Where a member's sealing key is.
enum SealingFile {
  static func path(_ consortium: Consortium, _ member: String) -> String {
    consortium.folder(member).path + "/sealing.pem"
  }

  /// Where the sealing key of a lot's key is: in the same folder, under the same name.
  static func beside(_ key: String) -> String {
    (key.hasSuffix(".pem") ? String(key.dropLast(4)) : key) + ".sealing.pem"
  }

  /// The key in a file; made when there is none yet.
  static func load(_ path: String) throws -> SealingKey {
    if FileManager.default.fileExists(atPath: path) { return try .load(from: path) }
    let key = SealingKey.generate()
    try key.save(to: path)
    return key
  }
}

extension SignerOptions {
  /// The ledger as it stands.
  func view<Answer>(_ read: (LedgerView) throws -> Answer) async throws -> Answer {
    try await Consortium(path: data.path).with(SupplyChainApp.suite, SystemClock()) { open in
      try read(open.sequencer.head)
    }
  }

  /// The party that signs: an organisation, or a lot's key.
  func party() throws -> String {
    guard member.isEmpty, !key.isEmpty else { return member }
    return KeyParty.name(try PrivateKey.load(from: key).publicKey.id)
  }

  /// Seals a text to parties, and says who cannot open it.
  func seal(
    _ plain: [UInt8], salt: [UInt8] = Sealer.salt(), to parties: [String], withSupervisors: Bool = true
  ) async throws -> Sealed {
    let result = try await view { view in
      try Sealer(view: view).seal(plain, salt: salt, to: parties, withSupervisors: withSupervisors)
    }
    if let note = result.note { Console.say(note) }
    return result.sealed
  }

  /// The keys with which the signer opens what is sealed to it.
  func openers() throws -> [SealingKey] {
    if member.isEmpty { return [try SealingKey.load(from: SealingFile.beside(key))] }
    let keys = LotKeys(folder: data.path, member: member).sealingKeys().map(\.key)
    guard !keys.isEmpty else {
      throw LedgerError(.notFound, "\(member) has no sealing key here: make one by 'sealing publish'.")
    }
    return keys
  }
}

/// `sealing`: what others seal to a member with, and what a member opens.
struct SealingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sealing",
    abstract: "Publishes the sealing key of a member or of a lot's key; opens what is sealed to it.",
    subcommands: [Publish.self, Open.self])

  struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes the signer's sealing key if there is none, and says its public half on the ledger.")
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        // A lot's key has its own sealing key beside it: the member's would tell whose it is.
        let path =
          signer.member.isEmpty && !signer.key.isEmpty
          ? SealingFile.beside(signer.key)
          : SealingFile.path(try Consortium(path: signer.data.path), signer.member)
        let key = try SealingFile.load(path)
        let notice = SealingNotice { $0.key = key.publicKey }
        Console.answer("Entry \(try await signer.state(notice, about: "sealing").entry).")
      }
    }
  }

  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows what an entry has sealed to the signer.")
    @OptionGroup var signer: SignerOptions
    @Argument(help: "The entry's place in the log.") var entry: UInt64

    func run() async throws {
      try await Console.run {
        let keys = try signer.openers()
        let statement = try await signer.view { view in
          guard let bytes = try view.entry(entry), let statement = try? StatementContent(bytes) else {
            throw LedgerError(.notFound, "Entry \(entry) is no statement of this log.")
          }
          return statement
        }
        let sealed = try Sealed.all(in: statement)
        guard !sealed.isEmpty else { throw LedgerError(.notFound, "Entry \(entry) has nothing sealed in it.") }
        let texts = sealed.compactMap { sealed in keys.lazy.compactMap { try? sealed.open(with: $0).plain }.first }
        guard !texts.isEmpty else {
          throw LedgerError(
            .notFound, "Nothing in entry \(entry) is sealed to \(FinanceText.party(try signer.party())).")
        }
        for text in texts {
          Console.answer("\(String(validating: text, as: UTF8.self) ?? Hex.encode(text))")
        }
      }
    }
  }
}
