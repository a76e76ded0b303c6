public import ArgumentParser
import COSE
import Ledger
import Primitives

/// `key`: makes and shows the keys with which statements are signed.
public struct KeyCommand: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "key", abstract: "Makes and shows keys (PKCS #8 in PEM, mode 0600).",
      subcommands: [Generate.self, Show.self])
  }

  /// For the parser.
  public init() {}

  struct Generate: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "generate", abstract: "Makes a key in a new file, and prints its id and public half.")
    }
    @Option(help: "Where to write the private key; a file that is there is never overwritten.") var out: String
    @Option(help: "es256 (P-256), eddsa (Ed25519) or sm2 (SM2 with SM3).") var algorithm = "es256"
    @Flag(help: "One JSON document on standard output.") var json = false

    func run() async throws {
      try await Console.run {
        let key = try KeyFiles.generate(try Algorithm(option: algorithm), to: out)
        try KeyCommand.show(key.publicKey, json: json)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "show", abstract: "Prints the id, algorithm and public half of a private or public key.")
    }
    @Argument(help: "A private or public key in PEM.") var file: String
    @Flag(help: "One JSON document on standard output.") var json = false

    func run() async throws {
      try await Console.run { try KeyCommand.show(try KeyFiles.publicKey(at: file), json: json) }
    }
  }

  private struct Answer: Encodable {
    let id: String
    let algorithm: String
    let coseKey: String
    let pem: String
  }

  private static func show(_ key: PublicKey, json: Bool) throws {
    let answer = Answer(id: key.id.hex, algorithm: "\(key.algorithm)", coseKey: Hex.encode(key.coseKey), pem: key.pem)
    if json { return try Console.answer(json: answer) }
    Console.answer("key id     \(answer.id)")
    Console.answer("algorithm  \(answer.algorithm)")
    Console.answer("COSE_Key   \(answer.coseKey)")
    Console.answer("\(answer.pem.trimmingSuffix("\n"))")
  }
}

extension Algorithm {
  /// The algorithm that an option names: es256, eddsa or sm2.
  init(option: String) throws {
    guard let algorithm = Algorithm.allCases.first(where: { $0.description.lowercased() == option.lowercased() }) else {
      throw ValidationError("An algorithm is es256, eddsa or sm2, not '\(option)'.")
    }
    self = algorithm
  }
}

extension Member.Role {
  /// The role that an option names.
  init(option: String) throws {
    guard let role = Member.Role(rawValue: option) else {
      throw ValidationError("--role is member or regulator, not '\(option)'.")
    }
    self = role
  }
}
