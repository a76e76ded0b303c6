import ArgumentParser
import COSE
import Ledger
import Primitives

/// Who signs a proposal or approval, with which key, and where it goes.
struct SigningOptions: ParsableArguments {
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member that signs.") var member: String
  @Option(help: "Another key to sign with than <member>/statement.pem.") var signingKey: String?
  @Option(help: "Sends it to this server instead of writing to the ledger here.") var server: String?
  @Option(help: "A PEM file of the certificates to believe behind https.") var tlsCa: String?

  /// The configuration in force as the member's own copy has it.
  func configuration(_ suite: ContractSuite) async throws -> Ledger.Configuration {
    try await desk(suite).view(as: member).configuration
  }

  /// Proposes the configuration that `change` makes of the one in force.
  func propose(
    _ suite: ContractSuite, _ change: (Ledger.Configuration) throws(LedgerError) -> Ledger.Configuration
  ) async throws {
    let desk = try desk(suite)
    let current = try await desk.view(as: member).configuration
    let next = try change(current)
    for line in MembershipAnswer.changes(from: current, to: next) { Console.answer(line) }
    Console.answer("Proposing \(next.digest).")
    let key = try key(desk.consortium)
    let statement = try Membership.propose(
      next, issuer: member, time: SystemClock().now(), claimID: .random(), key: key)
    try await desk.submit(statement, by: self)
  }

  /// Approves a proposal that the member's own copy knows.
  func approve(_ digest: Digest, _ suite: ContractSuite) async throws {
    let desk = try desk(suite)
    var view = try await desk.view(as: member)
    var proposal = try view.proposal(digest)
    // What has just been proposed at the server is in the member's own copy a moment later.
    for _ in 0..<40 where server != nil && proposal == nil {
      try await Task.sleep(for: .milliseconds(250))
      view = try await desk.view(as: member)
      proposal = try view.proposal(digest)
    }
    guard let proposal else {
      throw LedgerError(
        .notFound,
        "The copy of '\(member)' has no such proposal for the next configuration. Let its node follow, then see member list."
      )
    }
    for line in MembershipAnswer.changes(from: view.configuration, to: proposal) { Console.answer(line) }
    let key = try key(desk.consortium)
    let statement = try Membership.approve(
      digest, issuer: member, time: SystemClock().now(), claimID: .random(), key: key)
    try await desk.submit(statement, by: self)
  }

  private func desk(_ suite: ContractSuite) throws -> MembershipDesk {
    MembershipDesk(suite: suite, consortium: try Consortium(path: data.path))
  }

  private func key(_ consortium: Consortium) throws -> PrivateKey {
    if let signingKey { return try KeyFiles.privateKey(at: signingKey) }
    guard consortium.names.contains(member) else {
      throw LedgerError(
        .notFound, "There is no member '\(member)' here; there are \(consortium.names.joined(separator: ", ")).")
    }
    return try consortium.folder(member).keys().statement
  }
}

extension LedgerView {
  /// The proposal of the next configuration with this digest, or nil.
  fileprivate func proposal(_ digest: Digest) throws(LedgerError) -> Ledger.Configuration? {
    try proposals().first { $0.configuration.digest == digest }?.configuration
  }
}

/// Reads a member's copy, and brings proposals and approvals to the ledger.
struct MembershipDesk {
  let suite: ContractSuite
  let consortium: Consortium

  /// A member's copy as it stands, also while another process holds it.
  func view(as member: String?) async throws -> LedgerView {
    let name = member ?? consortium.names[0]
    guard consortium.names.contains(name) else {
      throw LedgerError(
        .notFound, "There is no member '\(name)' here; there are \(consortium.names.joined(separator: ", ")).")
    }
    let folder = consortium.folder(name)
    guard !folder.isWaitingForGenesis else {
      throw LedgerError(.unavailable, "'\(name)' has keys and no ledger yet. Let its node follow first.")
    }
    // Without keys and sequencer the node only reads.
    return try await Node(
      path: folder.ledger, suite: suite, keys: nil, member: name, clock: SystemClock(), genesis: try folder.genesis()
    ).head
  }

  /// Takes a statement to the server, or seals it here and lets the members here co-sign.
  func submit(_ statement: Statement, by options: SigningOptions) async throws {
    if let url = options.server {
      let tls = try options.tlsCa.map { try ClientTLS(authority: $0) }
      let answer = try await HTTPLogSource(url: url, tls: tls).register(statement.entry)
      guard answer.status != "refused" else {
        throw LedgerError(
          .refused, "Entry \(answer.index) was refused (\(answer.code ?? "")): \(answer.message ?? "")")
      }
      return Console.answer("It is entry \(answer.index) of the log at \(url).")
    }
    guard consortium.sequencer != nil else {
      throw LedgerError(
        .unavailable, "\(consortium.path) follows a ledger that is sequenced elsewhere. Give --server and its address.")
    }
    try await consortium.with(suite, SystemClock()) { open in
      let before = open.sequencer.head.configuration.epoch
      let outcome = try await open.sequencer.submit([statement.entry])[0]
      try await open.settle()
      Console.answer("It is entry \(try outcome.place()) of the log.")
      let now = open.sequencer.head.configuration
      if now.epoch > before {
        Console.answer("Configuration \(now.epoch) is in force, co-signed by the old quorum and the new.")
      }
      try Console.write(
        try now.policy(origin: open.sequencer.genesis.origin).encoded, to: consortium.path + "/policy.txt")
    }
  }
}
