import ArgumentParser
import COSE
import Edge
import Ledger
import LedgerServer
import Primitives

/// `gateway`: the gateways of the edge.
struct GatewayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gateway", abstract: "Puts gateways into and out of service; lists the batches of one.",
    subcommands: [Add.self, Revoke.self, Release.self, Batches.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Registers a gateway with its key.")
    @Argument(help: "The gateway's name, for example gw-1.city.example.") var name: String
    @OptionGroup var data: DataOption
    @Option(help: "The gateway's private key (PEM); made there if the file is missing.") var key: String
    @Option(name: .customLong("as"), help: "The member that owns it.") var member: String

    func run() async throws {
      try await Console.run {
        let key = try DeviceCommand.key(self.key)
        let registration = try GatewayRegistration(name: name, owner: member, key: key)
        let places = try await CityDesk(path: data.path).state(registration, about: name, by: [member])
        Console.answer("\(name) is registered with the key \(key.publicKey.id.hex), entry \(places[0]).")
      }
    }
  }

  /// What the changes of status take.
  struct StatusOptions: ParsableArguments {
    @Argument(help: "The gateway's name.") var name: String
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The owner or a registrar.") var member: String
    @Option(help: "Why.") var reason: String

    func state(_ status: EdgeStatus) async throws {
      try await Console.run {
        let places = try await CityDesk(path: data.path).state(
          GatewayStatusChange(name, status, reason: reason), about: name, by: [member])
        Console.answer("\(name) is \(status) from entry \(places[0]) on.")
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a gateway out of service for ever.")
    @OptionGroup var options: StatusOptions
    func run() async throws { try await options.state(.revoked) }
  }

  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a gateway out of quarantine.")
    @OptionGroup var options: StatusOptions
    func run() async throws { try await options.state(.active) }
  }

  struct Batches: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says how many batches a gateway has anchored, with the proof that none was left out.")
    @Argument(help: "The gateway's name.") var name: String
    @OptionGroup var options: AnswerOptions
    func run() async throws { try await Console.run { try await options.answer(.batches(gateway: name)) } }
  }
}

/// `role`: which members make and register devices.
struct RoleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role", abstract: "Approves that a member is a manufacturer or a registrar; a quorum decides.")
  @Argument(help: "manufacturer or registrar.") var role: String
  @Argument(help: "The member.") var member: String
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The members that approve; may be repeated.") var approvers: [String]
  @Flag(help: "Takes the role away.") var take = false

  func run() async throws {
    try await Console.run {
      guard let role = EdgeRole(rawValue: role) else { throw ValidationError("A role is manufacturer or registrar.") }
      let places = try await CityDesk(path: data.path).state(
        RoleChange(role, of: member, isGiven: !take), about: member, by: approvers)
      Console.answer("\(places.count) approvals, the last is entry \(places.last ?? 0).")
    }
  }
}
