import ArgumentParser
import COSE
import Ledger
import LedgerServer
import Primitives

/// A complete application on the ledger core: the white paper's roaming settlement (2.3.3).
@main
struct Roaming: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roaming", abstract: "Settles roaming between operators; a month's settlement is proved complete.",
    subcommands: [
      InitCommand<RoamingApp>.self, PostCommand.self, SettlementCommand.self, ServeCommand<RoamingApp>.self,
      FollowCommand<RoamingApp>.self, PolicyCommand<RoamingApp>.self, VerifyCommand<RoamingApp>.self,
      AuditCommand<RoamingApp>.self, ReceiptCommand<RoamingApp>.self, MemberCommand<RoamingApp>.self,
      JoinCommand<RoamingApp>.self, KeyCommand.self, TokenCommand<RoamingApp>.self,
    ])

  static func main() async { await RoamingApp.main(Self.self) }
}

enum RoamingApp: LedgerApp {
  static let name = "roaming"
  static let suite = ContractSuite(RoamingContract.self)
  static let port = 8190
  static let chinese = Catalogue.roaming

  /// Adds the month up again from every session in the proof, and compares it with what the members computed.
  static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? {
    guard bundle.question.count == 4, bundle.question[0] == "settlement" else { return nil }
    let operators = bundle.question[2...3].sorted()
    let account = Digest.sha256("\(bundle.question[1])/\(operators.joined(separator: "/"))")
    guard let sessions = bundle.list(RoamingContract.sessions.prefix(account)) else {
      throw LedgerError(.notProved, "The proof leaves out the sessions of the month.")
    }
    var (sum, open) = (Settlement(), 0)
    for (_, value) in sessions {
      guard let value, let session = try? Session(decoding: value) else {
        throw LedgerError(.notProved, "A session of the month is withheld.")
      }
      if session.isComplete { sum.add(session, operators: operators) } else { open += 1 }
    }
    let key = RoamingContract.settlements.key(account)
    let stored = bundle.present.first { $0.key == key }?.value.flatMap { try? Settlement(decoding: $0) }
    guard stored == sum || (stored == nil && bundle.absent.contains(key) && sum == Settlement()) else {
      throw LedgerError(.notProved, "The settlement is not the sum of its sessions.")
    }
    let (debtor, creditor) = sum.net >= 0 ? (operators[1], operators[0]) : (operators[0], operators[1])
    return [
      "In \(bundle.question[1]) \(debtor) owes \(creditor) \(sum.net.magnitude) net, over \(sum.agreed) agreed sessions.",
      "\(sum.disputed) sessions are in dispute, \(open) have one side's word only; these are all \(sessions.count) there are.",
    ]
  }
}

/// `post`: one side's usage record.
struct PostCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "post", abstract: "States what a subscriber used abroad.")
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The operator that states it.") var member: String
  @Option(help: "The subscriber's own operator.") var home: String
  @Option(help: "The operator that was visited.") var visited: String
  @Option(help: "The month, for example 2026-10.") var month: String
  @Option(help: "The session's name, the same for both sides.") var session: String
  @Option(help: "What the visited operator charges, in minor units.") var charge: UInt64

  func run() async throws {
    try await Console.run {
      let record = UsageRecord(home: home, visited: visited, month: month, session: session, charge: charge)
      let consortium = try Consortium(path: data.path)
      let clock = SystemClock()
      let statement = try Statement.sign(
        payload: record.encoded, contentType: "application/cbor", issuer: member, subject: session, time: clock.now(),
        claimID: .random(), key: try consortium.folder(member).keys().statement)
      try await consortium.with(RoamingApp.suite, clock) { open in
        let outcome = try await open.sequencer.submit([statement.entry])[0]
        try await open.settle()
        Console.answer("Entry \(try outcome.place()).")
      }
    }
  }
}

/// `settlement`: a month between two operators, with the proof that it is complete.
struct SettlementCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settlement", abstract: "A month between two operators, with the proof that nothing is left out.")
  @Argument(help: "The month, for example 2026-10.") var month: String
  @Argument(help: "One operator.") var first: String
  @Argument(help: "The other.") var second: String
  @OptionGroup var data: DataOption
  @Option(help: "Writes the proof to this file.") var proof: String

  func run() async throws {
    try await Console.run {
      try await Consortium(path: data.path).with(RoamingApp.suite, SystemClock()) { open in
        try await open.settle()
        let bundle = try open.sequencer.prove(RoamingApp.request(month, first, second))
        try Console.write(bundle.encoded(), to: proof)
        let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
        for claim in try RoamingApp.claims(try bundle.verify(policy: policy)) ?? [] { Console.answer(claim) }
      }
    }
  }
}

extension RoamingApp {
  /// Everything that a month's settlement stands on.
  static func request(_ month: String, _ first: String, _ second: String) -> ProofRequest {
    let account = Digest.sha256("\(month)/\([first, second].sorted().joined(separator: "/"))")
    var request = ProofRequest(question: ["settlement", month, first, second])
    request.prefixes = [RoamingContract.sessions.prefix(account)]
    request.keys = [RoamingContract.settlements.key(account)]
    return request
  }
}
