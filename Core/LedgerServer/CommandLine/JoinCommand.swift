public import ArgumentParser
import Ledger
import Primitives

/// `join`: makes the folder, the keys and the card of an organisation that wants to become a member.
public struct JoinCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "join",
      abstract: "Makes a folder with keys for an organisation that joins, and the card that its members take.",
      discussion:
        "Hand the card to a member, who proposes it (member add); when enough members have approved it, "
        + "start follow with this folder: it pulls the whole log, executes it and co-signs.")
  }

  @OptionGroup var data: DataOption
  @Option(help: "The organisation's name: 1 to 64 of a-z, 0-9, '.' and '-'.") var name: String
  @Option(help: "Its name for people; the name unless given.") var title: String?
  @Option(help: "member or regulator.") var role = "member"
  @Option(help: "The statement key's algorithm: es256, eddsa or sm2.") var algorithm = "es256"
  @Option(help: "Where to write the card; <data>/<name>.card.json unless given.") var out: String?

  /// For the parser.
  public init() {}

  /// Makes them.
  public func run() async throws {
    try await Console.run {
      let (_, card) = try Consortium.join(
        at: data.path, name: name, title: title ?? name, role: try Member.Role(option: role),
        algorithm: try .init(option: algorithm))
      let path = out ?? "\(data.path)/\(name).card.json"
      try Console.write(try card.encoded(), to: path)
      Console.answer("The keys of \(name) are in \(data.path)/\(name); keep them there.")
      Console.answer("Hand the card \(path) to a member; it holds public keys only.")
    }
  }
}
