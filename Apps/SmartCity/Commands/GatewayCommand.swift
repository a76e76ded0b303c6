import ArgumentParser
import COSE
import Edge
import FiveG
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `gateway`: the gateways of the edge.
struct GatewayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gateway",
    abstract: "Puts gateways into and out of service, says what they take readings from; lists the batches of one.",
    subcommands: [Add.self, Bridge.self, Device.self, Revoke.self, Release.self, Batches.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Registers a gateway with its key; serve runs it from then on.")
    @Argument(help: "The gateway's name, for example gw-1.city.example.") var name: String
    @OptionGroup var data: DataOption
    @Option(
      help: "The gateway's private key (PEM), made there if the file is missing; in the data folder unless given.")
    var key: String?
    @Option(name: .customLong("as"), help: "The member that owns it.") var member: String
    @Option(help: "Takes plain SenML from a bridge of this name, which needs a token; may be repeated.")
    var bridge: [String] = []

    func run() async throws {
      try await Console.run {
        let folder = EdgeFolder(data: data.path)
        var content = try folder.gatewayFile(name) ?? GatewayFile()
        content.key = self.key ?? content.key
        for bridge in bridge { try content.add(bridge: bridge, of: name) }
        try folder.save(content, name)
        let key = try DeviceCommand.key(content.key ?? folder.file(name, "pem"))
        let registration = try GatewayRegistration(name: name, owner: member, key: key)
        let places = try await CityDesk(path: data.path).state(registration, about: name, by: [member])
        Console.answer("\(name) is registered with the key \(key.publicKey.id.hex), entry \(places[0]).")
      }
    }
  }

  struct Bridge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a gateway take plain SenML from a bridge; a server that runs takes note when it is started again."
    )
    @Argument(help: "The gateway's name.") var gateway: String
    @Argument(help: "The bridge's name, which its access token has as well.") var name: String
    @OptionGroup var data: DataOption

    func run() async throws {
      try await Console.run {
        let folder = EdgeFolder(data: data.path)
        var content = try folder.gatewayFile(gateway) ?? GatewayFile()
        try content.add(bridge: name, of: gateway)
        try folder.save(content, gateway)
        Console.answer(
          "\(gateway) takes SenML from \(name), as readings of \(GatewayFile.urn(bridge: name, of: gateway)).")
        Console.answer("Make its token with: smartcity token make --for \(name) --role reader --data \(data.path)")
      }
    }
  }

  struct Device: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives a device a key that it shares with a gateway, for readings that it authenticates itself.")
    @Argument(help: "The gateway's name.") var gateway: String
    @Argument(help: "The device's URN.") var urn: String
    @OptionGroup var data: DataOption
    @Option(help: "Its model, for the tests of quality, for example air-quality; none unless given.") var model: String?
    @Flag(help: "It signs epochs with its certificate's key: its readings are of tier 2.") var epochs = false
    @Option(help: "Writes what the device is to know to this file (JSON).") var out: String

    func run() async throws {
      try await Console.run {
        guard DeviceRequest.isValid(urn: urn) else {
          throw ValidationError("'\(urn)' is no URN of at most 64 letters, digits and '-.:/_'.")
        }
        let found = model.flatMap { name in DeviceModel.allCases.first { $0.name == name } }
        guard model == nil || found != nil else {
          throw ValidationError("A model is \(DeviceModel.allCases.map(\.name).joined(separator: ", ")).")
        }
        let folder = EdgeFolder(data: data.path)
        var content = try folder.gatewayFile(gateway) ?? GatewayFile()
        guard !content.devices.contains(where: { $0.secret.device == urn }) else {
          throw LedgerError(.unavailable, "\(gateway) shares a key with '\(urn)' already.")
        }
        let device = GatewayFile.Device(
          secret: GatewayFile.Secret(device: urn), model: found?.rawValue, signsEpochs: epochs ? true : nil)
        content.devices.append(device)
        try folder.save(content, gateway)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try Console.write(Array(try encoder.encode(device.secret)), to: out)
        Console.answer("\(gateway) shares a key with \(urn); what the device is to know is in \(out).")
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
