public import ArgumentParser
import COSE
import Ledger
import Primitives

/// `init`: a consortium on this machine.
public struct InitCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "init", abstract: "Founds a consortium on this machine: genesis, members' folders and keys, policy.")
  }

  @OptionGroup var data: DataOption
  @Option(help: "How many members there are; they are called org-1 to org-N.") var members = 4
  @Option(help: "The members' names, separated by commas, instead of org-1 to org-N.") var names: String?
  @Option(help: "How many members must co-sign; two thirds and one more unless given.") var quorum: Int?
  @Option(help: "Who may read entries and state without being a member: public or member.") var access = "public"
  @Option(
    help: "Algorithms of statements, separated by commas, of es256, eddsa and sm2; the founders' keys are of the first."
  )
  var algorithms = "es256,eddsa"
  @Option(help: "Names of members that are regulators, separated by commas.") var regulators = ""
  @Option(help: "Keys that follow from this number, for demonstrations only.") var seed: UInt64?

  /// For the parser.
  public init() {}

  /// Founds it.
  public func run() async throws {
    try await Console.run {
      let list = names.map { $0.split(separator: ",").map(String.init) } ?? (1...max(1, members)).map { "org-\($0)" }
      let regulators = Set(regulators.split(separator: ",").map(String.init))
      guard let access = Configuration.Access(rawValue: access) else {
        throw ValidationError("--access is 'public' or 'member', not '\(access)'.")
      }
      if let stranger = regulators.subtracting(list).first {
        throw ValidationError("--regulators names '\(stranger)', which is no member.")
      }
      let plan = Consortium.Plan(
        members: list.map { ($0, $0, regulators.contains($0) ? .regulator : .member) }, quorum: quorum, access: access,
        algorithms: try algorithms.split(separator: ",").map { try Algorithm(option: String($0)) }, seed: seed,
        time: SystemClock().now())
      let consortium = try Consortium.found(at: data.path, suite: App.suite, plan: plan)
      let genesis = try consortium.folder(consortium.names[0]).genesis()
      Console.answer(
        "Founded \(genesis.origin) with \(list.count) members, \(genesis.configuration.quorum) of whom must co-sign.")
      Console.answer("Their folders are in \(data.path); the trust policy for verifiers is \(data.path)/policy.txt.")
    }
  }
}
