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
      discussion:
        "As many members as the quorum asks for must agree; who proposes agrees by it. The change is in force with "
        + "the block that the last approval is in, once the old quorum and the new have co-signed it.",
      subcommands: [
        List.self, Add.self, Remove.self, Rotate.self, Revoke.self, Quorum.self, Approve.self,
      ])
  }

  /// For the parser.
  public init() {}

  struct List: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "list", abstract: "Lists the members, their keys, and what is proposed.")
    }
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "Whose copy is read; the first member's unless given.") var member: String?
    @Flag(help: "One JSON document on standard output.") var json = false

    func run() async throws {
      try await Console.run {
        let consortium = try Consortium(path: data.path)
        let view = try await MembershipDesk(suite: App.suite, consortium: consortium).view(as: member)
        let answer = MembershipAnswer(view.configuration, proposals: try view.proposals())
        if json { return try Console.answer(json: answer) }
        for line in answer.lines { Console.answer(line) }
      }
    }
  }

  struct Add: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "add", abstract: "Proposes a new member, by its card or by its keys.",
        discussion: "Compare the key ids with what the organisation tells you on another way.")
    }
    @Argument(help: "The card that join has written; or a name, with the three keys.") var card: String
    @Option(help: "With a name: the name for people.") var title: String?
    @Option(help: "With a name: member or regulator.") var role = "member"
    @Option(help: "With a name: its statement key, PEM.") var statementKey: String?
    @Option(help: "With a name: its log key, PEM of Ed25519.") var logKey: String?
    @Option(help: "With a name: its co-signature key, PEM of Ed25519.") var cosignatureKey: String?
    @Option(help: "How many members must co-sign then; two thirds and one more unless given.") var quorum: Int?
    @OptionGroup var signing: SigningOptions

    func run() async throws {
      try await Console.run {
        let new = try member()
        for key in new.statementKeys { Console.answer("\(new.name) signs with \(key.key.algorithm) \(key.key.id).") }
        try await signing.propose(App.suite) { current throws(LedgerError) in
          guard current.member(new.name) == nil else {
            throw LedgerError(.malformed, "'\(new.name)' is a member already. To change its keys, use member rotate.")
          }
          let count = current.members.count + 1
          return try current.next(
            members: current.members + [new], quorum: quorum ?? Ledger.Configuration.defaultQuorum(count))
        }
      }
    }

    private func member() throws -> Member {
      guard statementKey != nil || logKey != nil || cosignatureKey != nil else {
        return try MemberCard(decoding: try Console.read(card, limit: MemberCard.maximumBytes)).member
      }
      guard let statementKey, let logKey, let cosignatureKey else {
        throw ValidationError("Give all of --statement-key, --log-key and --cosignature-key, or a card.")
      }
      return Member(
        name: card, title: title ?? card, role: try .init(option: role),
        statementKeys: [Member.StatementKey(role: .admin, key: try KeyFiles.publicKey(at: statementKey))],
        logKey: try KeyFiles.noteKey(at: logKey), cosignatureKey: try KeyFiles.noteKey(at: cosignatureKey))
    }
  }

  struct Remove: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "remove", abstract: "Proposes that a member leaves; its keys are revoked.")
    }
    @Argument(help: "The member that leaves.") var name: String
    @Option(help: "How many members must co-sign then; two thirds and one more unless given.") var quorum: Int?
    @OptionGroup var signing: SigningOptions

    func run() async throws {
      try await Console.run {
        try await signing.propose(App.suite) { current throws(LedgerError) in
          _ = try current.known(name)
          let rest = current.members.filter { $0.name != name }
          return try current.next(members: rest, quorum: quorum ?? Ledger.Configuration.defaultQuorum(rest.count))
        }
      }
    }
  }

  struct Rotate: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "rotate", abstract: "Proposes a member's new statement key in the place of its keys.",
        discussion: "Move the new key to <member>/statement.pem once the change is in force, and start servers again.")
    }
    @Argument(help: "The member whose key is replaced.") var name: String
    @Option(help: "Makes a key and writes it to this new file (PEM, mode 0600).") var out: String?
    @Option(help: "Takes this key, private or public, instead.") var key: String?
    @Option(help: "The algorithm of a key that is made: es256, eddsa or sm2.") var algorithm = "es256"
    @Option(help: "What the key may sign: admin (also proposals and approvals) or write.") var keyRole = "admin"
    @Flag(help: "Keeps the member's other keys in force.") var keep = false
    @OptionGroup var signing: SigningOptions

    func run() async throws {
      try await Console.run {
        guard let keyRole = Member.KeyRole(rawValue: keyRole) else {
          throw ValidationError("--key-role is admin or write, not '\(keyRole)'.")
        }
        // Refused changes must not leave a key behind, so the member is looked for first.
        _ = try await signing.configuration(App.suite).known(name)
        let new: PublicKey
        switch (key, out) {
        case (let key?, nil): new = try KeyFiles.publicKey(at: key)
        case (nil, let out?): new = try KeyFiles.generate(try .init(option: algorithm), to: out).publicKey
        default: throw ValidationError("Give either --out, to make a key, or --key, to take one.")
        }
        Console.answer("The new key is \(new).")
        try await signing.propose(App.suite) { current throws(LedgerError) in
          try current.changing(try current.known(name)) { keys in
            (keep ? keys : []) + [Member.StatementKey(role: keyRole, key: new)]
          }
        }
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "revoke",
        abstract: "Proposes that one of a member's statement keys ends; its earlier statements stay.")
    }
    @Argument(help: "The member whose key ends.") var name: String
    @Argument(help: "The key's id, as list shows it.") var id: String
    @OptionGroup var signing: SigningOptions

    func run() async throws {
      try await Console.run {
        try await signing.propose(App.suite) { current throws(LedgerError) in
          let member = try current.known(name)
          guard member.statementKeys.contains(where: { $0.key.id.hex == id }) else {
            throw LedgerError(.notFound, "The member '\(name)' has no key \(id).")
          }
          guard member.statementKeys.count > 1 else {
            throw LedgerError(.refused, "\(id) is the only key of '\(name)'. Rotate it, or remove the member.")
          }
          return try current.changing(member) { keys in keys.filter { $0.key.id.hex != id } }
        }
      }
    }
  }

  struct Quorum: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(commandName: "quorum", abstract: "Proposes another number of members that must co-sign.")
    }
    @Argument(help: "How many: more than half of the members, and at most all.") var count: Int
    @OptionGroup var signing: SigningOptions

    func run() async throws {
      try await Console.run {
        try await signing.propose(App.suite) { current throws(LedgerError) in
          try current.next(members: current.members, quorum: count)
        }
      }
    }
  }

  struct Approve: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "approve", abstract: "Approves a proposed configuration.",
        discussion: "Says what changes, as this member's own copy has it, before it signs.")
    }
    @Argument(help: "The proposal, as list shows it.") var digest: String
    @OptionGroup var signing: SigningOptions

    func run() async throws {
      try await Console.run {
        guard let digest = Digest(hex: digest) else {
          throw ValidationError("A proposal is named by 64 hexadecimal digits.")
        }
        try await signing.approve(digest, App.suite)
      }
    }
  }
}

extension Ledger.Configuration {
  /// The member called `name`; throws when there is none.
  func known(_ name: String) throws(LedgerError) -> Member {
    guard let member = member(name) else {
      throw LedgerError(
        .notFound, "There is no member '\(name)'; there are \(members.map(\.name).joined(separator: ", ")).")
    }
    return member
  }

  /// The next configuration, in which a member has other statement keys.
  func changing(
    _ old: Member, _ change: ([Member.StatementKey]) -> [Member.StatementKey]
  ) throws(LedgerError) -> Ledger.Configuration {
    let new = Member(
      name: old.name, title: old.title, role: old.role, statementKeys: change(old.statementKeys), logKey: old.logKey,
      cosignatureKey: old.cosignatureKey)
    return try next(members: members.map { $0.name == old.name ? new : $0 })
  }
}
