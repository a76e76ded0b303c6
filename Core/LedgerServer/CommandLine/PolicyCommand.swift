public import ArgumentParser
import Ledger
import Primitives

/// `policy`: the trust policy that a verifier needs.
public struct PolicyCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "policy", abstract: "Prints the trust policy that a verifier needs (C2SP tlog-policy).")
  }

  @OptionGroup var data: DataOption

  /// For the parser.
  public init() {}

  /// Prints the policy of the newest configuration that this machine's first member knows.
  public func run() async throws {
    try await Console.run {
      let consortium = try Consortium(path: data.path)
      let (configuration, origin) = try await consortium.folder(consortium.names[0]).configuration(suite: App.suite)
      let policy = try configuration.policy(origin: origin)
      Console.answer("\(String(decoding: policy.encoded, as: UTF8.self).trimmingSuffix("\n"))")
    }
  }
}

extension String {
  func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
