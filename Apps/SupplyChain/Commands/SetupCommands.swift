import ArgumentParser
import COSE
import FinanceRules
import Ledger
import LedgerServer
import Primitives

/// Lets several members state one decision, in order.
private func decide(_ document: some Document, by members: [String], _ data: DataOption) async throws {
  for member in members {
    let signer = try SignerOptions.parse(["--data", data.path, "--as", member])
    Console.answer("Entry \(try await signer.state(document, about: "decision").entry).")
  }
}

/// `roster`: who the organisations are and what they do.
struct RosterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roster", abstract: "Approves organisations and their roles; a quorum of the members decides.")
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), parsing: .upToNextOption, help: "The members that approve.") var members: [String]
  @Option(help: "The decision's number: one more than the last.") var number: UInt64 = 1
  @Argument(help: "Organisations as name=role,role[,small][,lei:LEI][,suspended].") var entries: [String]

  private static let roles: [String: Roles] = [
    "operator": .operator, "core": .coreEnterprise, "supplier": .supplier, "distributor": .distributor,
    "financier": .financier, "guarantor": .guarantor, "warehouse": .warehouseKeeper, "carrier": .carrier,
    "devices": .deviceOwner, "bank": .settlementBank, "registrar": .registrar, "regulator": .regulator,
    "auditor": .auditor, "arbiter": .arbiter,
  ]

  func run() async throws {
    try await Console.run {
      var change = RosterChange()
      change.number = number
      change.entries = try entries.map(Self.entry)
      try await decide(change, by: members, data)
    }
  }

  static func entry(_ text: String) throws -> MemberEntry {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { throw ValidationError("'\(text)' is not name=role,role.") }
    var entry = MemberEntry()
    (entry.name, entry.status) = (String(parts[0]), .admitted)
    for word in parts[1].split(separator: ",") {
      if word == "small" {
        entry.isSmall = true
      } else if word == "suspended" {
        entry.status = .suspended
      } else if word.hasPrefix("lei:") {
        entry.lei = String(word.dropFirst(4))
      } else if let role = roles[String(word)] {
        entry.roles.insert(role)
      } else {
        throw ValidationError("'\(word)' is none of \(roles.keys.sorted().joined(separator: ", ")).")
      }
    }
    return entry
  }
}

/// `rules`: the numbers by which notes are issued.
struct RulesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Approves a version of the policy's numbers; a quorum of the members decides.")
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), parsing: .upToNextOption, help: "The members that approve.")
  var members: [String] = []
  @Option(help: "The whole policy, JSON as --show prints it; the other options then have no effect.") var file: String?
  @Flag(help: "Prints the policy in force, JSON, and changes nothing.") var show = false
  @Option(help: "The version: one more than the last.") var version: UInt64 = 1
  @Option(help: "Longest tenor, days.") var tenor: Int64 = 365
  @Option(help: "How many transfers deep a note may go.") var depth: UInt64 = 8
  @Option(help: "Days after maturity before a lot is overdue.") var grace: Int64 = 3
  @Option(help: "Days of delivery within which a small enterprise is paid.") var small: Int64 = 60

  func run() async throws {
    try await Console.run {
      if show {
        let policy = try await Consortium(path: data.path).with(SupplyChainApp.suite, SystemClock()) { open in
          try PolicyFile.inForce(open.sequencer.head)
        }
        return Console.answer(Message(said: PolicyFile.text(policy)))
      }
      guard !members.isEmpty else { throw ValidationError("Name the members that approve: --as NAME…") }
      let policy =
        try file.map { try PolicyFile.read(try Console.read($0, limit: PolicyFile.limit)) }
        ?? Policy {
          ($0.version, $0.maxTenorDays, $0.maxDepth) = (version, tenor, depth)
          ($0.graceDays, $0.smallPaymentDays) = (grace, small)
          $0.sensors = [Demo.coldChain]
        }
      try await decide(policy, by: members, data)
    }
  }
}

/// `person`: who acts for an organisation.
struct PersonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "person", abstract: "Says who acts for an organisation: makes, checks, or no longer acts.")
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The organisation.") var member: String
  @Argument(help: "The person's name: a pseudonym will do.") var name: String
  @Option(help: "The file of the person's private key, PEM; only the public half goes on the ledger.") var key: String
  @Flag(help: "It may propose.") var makes = false
  @Flag(help: "It may confirm what another has proposed.") var checks = false
  @Flag(help: "It no longer acts.") var gone = false

  func run() async throws {
    try await Console.run {
      let publicKey = try PrivateKey.load(from: key).publicKey
      let change = PersonChange {
        ($0.name, $0.key, $0.makes) = (name, publicKey.coseKey, makes)
        ($0.checks, $0.isActive) = (checks, !gone)
      }
      let signer = try SignerOptions.parse(["--data", data.path, "--as", member])
      Console.answer("Entry \(try await signer.state(change, about: "person/\(name)").entry).")
    }
  }
}

/// `line`: what may still be taken, and who sets it.
struct LineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "line", abstract: "Shows credit lines with the proof; sets their limits.",
    subcommands: [Show.self, Set.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows a line: limit, used, reserved, left.")
    @Argument(help: "obligor/NAME, pair/FINANCIER/OBLIGOR or programme/NAME.") var line: String
    @OptionGroup var options: AnswerOptions
    func run() async throws { try await Console.run { try await options.answer(.line("line:\(line)")) } }
  }

  struct Set: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Sets the limit of a line.")
    @Argument(help: "obligor, pair or programme.") var kind: String
    @Argument(help: "The obligor or the programme.") var name: String
    @Argument(help: "The limit, for example 100000.00.") var limit: String
    @Option(help: "ISO 4217.") var currency = "CNY"
    @OptionGroup var signer: SignerOptions

    func run() async throws {
      try await Console.run {
        guard let kind = LineKind(rawValue: kind) else {
          throw ValidationError("'\(kind)' is none of obligor, pair and programme.")
        }
        let limit = try Words.amount(limit, currency)
        let grant = LineGrant { ($0.line, $0.name, $0.currency, $0.limit) = (kind, name, currency, limit) }
        Console.answer("Entry \(try await signer.state(grant, about: "line/\(name)").entry).")
      }
    }
  }
}
