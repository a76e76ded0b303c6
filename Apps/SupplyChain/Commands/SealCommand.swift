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

  /// The member's key; made when there is none yet.
  static func load(_ consortium: Consortium, _ member: String) throws -> SealingKey {
    let path = path(consortium, member)
    if FileManager.default.fileExists(atPath: path) { return try .load(from: path) }
    let key = SealingKey.generate()
    try key.save(to: path)
    return key
  }
}

extension SignerOptions {
  /// The sealing keys of a lot's holder and of the signer; nothing while the holder has said none.
  func sealingKeys(_ note: Digest, _ lot: Digest) async throws -> [[UInt8]] {
    try await Consortium(path: data.path).with(SupplyChainApp.suite, SystemClock()) { open in
      func key(_ party: String) throws -> [UInt8]? {
        try open.sequencer.head.value(Family.sealingKeys.key(.sha256(party))).map {
          try SealingNotice(decoding: $0).key
        }
      }
      guard let bytes = try open.sequencer.head.value(Family.lots.key(note, lot)),
        let holder = try key(Lot(decoding: bytes).holder)
      else { return [] }
      return [holder] + (try key(member).map { [$0] } ?? [])
    }
  }
}

/// `sealing`: what others seal to a member with, and what a member opens.
struct SealingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sealing", abstract: "Publishes a member's sealing key; opens what is sealed to it.",
    subcommands: [Publish.self, Open.self])

  struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes the member's sealing key if there is none, and says its public half on the ledger.")
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        let key = try SealingFile.load(try Consortium(path: signer.data.path), signer.member)
        let notice = SealingNotice { $0.key = key.publicKey }
        Console.answer("Entry \(try await signer.state(notice, about: "sealing").entry).")
      }
    }
  }

  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows what an entry has sealed to the member.")
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The member.") var member: String
    @Argument(help: "The entry's place in the log.") var entry: UInt64

    func run() async throws {
      try await Console.run {
        let consortium = try Consortium(path: data.path)
        let key = try SealingKey.load(from: SealingFile.path(consortium, member))
        let statement = try await consortium.with(SupplyChainApp.suite, SystemClock()) { open in
          guard let bytes = try open.sequencer.head.entry(entry), let statement = try? StatementContent(bytes) else {
            throw LedgerError(.notFound, "Entry \(entry) is no statement of this log.")
          }
          return statement
        }
        let sealed = try Sealed.all(in: statement)
        guard !sealed.isEmpty else { throw LedgerError(.notFound, "Entry \(entry) has nothing sealed in it.") }
        let texts = sealed.compactMap { try? $0.open(with: key).plain }
        guard !texts.isEmpty else {
          throw LedgerError(.notFound, "Nothing in entry \(entry) is sealed to \(member).")
        }
        for text in texts {
          Console.answer("\(String(validating: text, as: UTF8.self) ?? Hex.encode(text))")
        }
      }
    }
  }
}
