public import ArgumentParser
import COSE
import Ledger
import Primitives

/// `member`: changes of the configuration, by proposal and approval.
public struct MemberCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "member", abstract: "Proposes and approves changes of the members, their keys and the quorum.",
      subcommands: [List.self, Rotate.self, Remove.self, Quorum.self, Approve.self])
  }

  /// For the parser.
  public init() {}

  struct List: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "list", abstract: "Lists the members, their keys, and what is proposed.")
    }
    @OptionGroup var data: DataOption

    func run() async throws {
      try await Console.run {
        let consortium = try Consortium(path: data.path)
        let open = try await consortium.open(suite: App.suite, clock: SystemClock())
        let view = open.sequencer.head
        let proposals = try view.list(Membership.proposals.prefix())
        await open.close()
        let configuration = view.configuration
        Console.answer(
          "Epoch \(configuration.epoch): \(configuration.members.count) members, \(configuration.quorum) must co-sign, contract "
            + "version \(configuration.contractVersion), access \(configuration.access.rawValue).")
        for member in configuration.members {
          Console.answer("  \(member.name) (\(member.role.rawValue)): \(member.title)")
          for key in member.statementKeys {
            Console.answer("    \(key.role.rawValue) key \(key.key.id) (\(key.key.algorithm))")
          }
        }
        for (_, value) in proposals {
          guard let next = try? Ledger.Configuration(decoding: value[...]), next.epoch == configuration.epoch + 1 else {
            continue
          }
          Console.answer(
            "  proposed: \(next.digest) (epoch \(next.epoch), \(next.members.count) members, quorum \(next.quorum))")
        }
      }
    }
  }

  struct Rotate: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "rotate", abstract: "Proposes a member's new statement key in the place of its keys.")
    }
    @Argument(help: "The member whose key is replaced.") var name: String
    @Option(
      help: "Where to write the new key (PEM, mode 0600); move it to <member>/statement.pem once the change is active.")
    var out: String
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The member that proposes.") var member: String

    func run() async throws {
      try await Console.run {
        let key = PrivateKey.generate(.es256)
        try MemberCommand.propose(key, to: out)
        try await MemberCommand.propose(data.path, as: member) { current in
          guard let old = current.member(name) else {
            throw LedgerError(.notFound, "There is no member '\(name)' in the configuration.")
          }
          let new = Member(
            name: old.name, title: old.title, role: old.role,
            statementKeys: [Member.StatementKey(role: .admin, key: key.publicKey)], logKey: old.logKey,
            cosignatureKey: old.cosignatureKey)
          return try current.next(members: current.members.map { $0.name == name ? new : $0 })
        }
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "remove", abstract: "Proposes that a member leaves; its keys are revoked.")
    }
    @Argument(help: "The member that leaves.") var name: String
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The member that proposes.") var member: String

    func run() async throws {
      try await Console.run {
        try await MemberCommand.propose(data.path, as: member) { current in
          let rest = current.members.filter { $0.name != name }
          guard rest.count < current.members.count else {
            throw LedgerError(.notFound, "There is no member '\(name)' in the configuration.")
          }
          return try current.next(members: rest, quorum: Ledger.Configuration.defaultQuorum(rest.count))
        }
      }
    }
  }

  struct Quorum: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "quorum", abstract: "Proposes another number of members that must co-sign.")
    }
    @Argument(help: "How many.") var count: Int
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The member that proposes.") var member: String

    func run() async throws {
      try await Console.run {
        try await MemberCommand.propose(data.path, as: member) { try $0.next(members: $0.members, quorum: count) }
      }
    }
  }

  struct Approve: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "approve", abstract: "Approves a proposed configuration.")
    }
    @Argument(help: "The proposal, as list shows it.") var digest: String
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The member that approves.") var member: String

    func run() async throws {
      try await Console.run {
        guard let digest = Digest(hex: digest) else {
          throw ValidationError("A proposal is named by 64 hexadecimal digits.")
        }
        try await MemberCommand.submit(data.path, as: member) { _, keys, time in
          try Membership.approve(digest, issuer: member, time: time, claimID: .random(), key: keys.statement)
        }
      }
    }
  }

  private static func propose(_ key: PrivateKey, to path: String) throws(LedgerError) {
    do { try key.save(to: path) } catch {
      throw LedgerError(.unavailable, "The new key cannot be written to \(path): \(error).")
    }
  }

  private static func propose(
    _ path: String, as member: String, _ change: (Ledger.Configuration) throws -> Ledger.Configuration
  ) async throws {
    try await submit(path, as: member) { current, keys, time in
      let next = try change(current)
      Console.answer("Proposing \(next.digest).")
      return try Membership.propose(next, issuer: member, time: time, claimID: .random(), key: keys.statement)
    }
  }

  private static func submit(
    _ path: String, as member: String, _ make: (Ledger.Configuration, MemberKeys, UInt64) throws -> Statement
  ) async throws {
    let consortium = try Consortium(path: path)
    guard consortium.names.contains(member) else {
      throw LedgerError(
        .notFound, "There is no member '\(member)'; there are \(consortium.names.joined(separator: ", ")).")
    }
    let clock = SystemClock()
    let keys = try consortium.folder(member).keys()
    let open = try await consortium.open(suite: App.suite, clock: clock)
    do {
      let before = open.sequencer.head.configuration.epoch
      let statement = try make(open.sequencer.head.configuration, keys, clock.now())
      switch try await open.sequencer.submit([statement.entry])[0] {
      case .accepted(let index), .duplicate(let index): Console.answer("It is entry \(index) of the log.")
      case .refused(let index, let refusal):
        try await open.settle()
        throw LedgerError(.refused, "Entry \(index) was refused (\(refusal.code)): \(refusal.message)")
      case .rejected(let error): throw error
      }
      try await open.settle()
      let now = open.sequencer.head.configuration
      if now.epoch > before {
        Console.answer("Configuration \(now.epoch) is in force, co-signed by the old quorum and the new.")
      }
      try Console.write(try now.policy(origin: open.sequencer.genesis.origin).encoded, to: path + "/policy.txt")
    } catch {
      await open.close()
      throw error
    }
    await open.close()
  }
}
