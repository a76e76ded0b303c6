public import ArgumentParser
import Ledger
import Primitives

/// `token`: access tokens for a member's server.
public struct TokenCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "token", abstract: "Makes, lists and revokes access tokens for a member's server.",
      subcommands: [Make.self, List.self, Revoke.self])
  }

  /// For the parser.
  public init() {}

  struct Server: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The member whose server it is; the first one unless given.") var member:
      String?

    func tokens() throws -> AccessTokens {
      let consortium = try Consortium(path: data.path)
      let name = member ?? consortium.names[0]
      guard consortium.names.contains(name) else {
        throw LedgerError(
          .notFound, "There is no member '\(name)'; there are \(consortium.names.joined(separator: ", ")).")
      }
      return try AccessTokens(consortium.folder(name))
    }
  }

  struct Make: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "make", abstract: "Makes a token and prints it; it is shown this once.")
    }
    @OptionGroup var server: Server
    @Option(name: .customLong("for"), help: "Whose it is: a member's name, or any name for a reader.") var subject:
      String
    @Option(help: "member, regulator or reader.") var role = "member"

    func run() async throws {
      try await Console.run {
        guard let role = Caller.Role(rawValue: role) else {
          throw ValidationError("--role is member, regulator or reader, not '\(role)'.")
        }
        Console.answer("\(try server.tokens().make(subject: subject, role: role, time: SystemClock().now()))")
      }
    }
  }

  struct List: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "list", abstract: "Lists the tokens, without their secrets.")
    }
    @OptionGroup var server: Server

    func run() async throws {
      try await Console.run {
        for token in try server.tokens().list() {
          Console.answer("\(token.id)  \(token.role.rawValue)  \(token.subject)  \(Timestamp.text(token.created))")
        }
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "revoke", abstract: "Revokes a token.")
    }
    @Argument(help: "The token's id, as list shows it.") var id: String
    @OptionGroup var server: Server

    func run() async throws { try await Console.run { try server.tokens().revoke(id) } }
  }
}
