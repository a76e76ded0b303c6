import ArgumentParser
import COSE
import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `device`: the device registry.
struct DeviceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device",
    abstract: "Enrols devices, changes their keys, takes them out of service, says if one was valid.",
    subcommands: [Add.self, Rotate.self, Revoke.self, Quarantine.self, Release.self, Valid.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add",
      abstract: "Certifies a device: its own request, a manufacturer's and a registrar's endorsement.",
      aliases: ["enrol"])
    @Argument(help: "The device's URN, for example urn:dev:mac:0024befffe804ff1.") var urn: String
    @OptionGroup var data: DataOption
    @Option(help: "The device's private key (PEM); made there if the file is missing.") var key: String
    @Option(help: "The member that owns the device and states this.") var owner: String
    @Option(help: "The member that made it.") var manufacturer: String
    @Option(help: "The member that registers it for the city.") var registrar: String
    @Option(help: "The model.") var model = "generic"
    @Option(help: "SHA-256 of the firmware in hex.") var firmware: String?
    @Option(help: "The cell that it is in.") var cell: String
    @Option(help: "The slice/service type: 1 eMBB, 2 URLLC, 3 MIoT, 4 V2X.") var slice: UInt64 = 3
    @Option(help: "name:unit:exponent:low:high:resolution:seconds, in units of 10^exponent; may be repeated.")
    var capability: [String]
    @Option(help: "Valid from (RFC 3339); now unless given.") var from: String?
    @Option(help: "Valid for so many days.") var days: UInt64 = 365

    func run() async throws {
      try await Console.run {
        let desk = try CityDesk(path: data.path)
        guard DeviceRequest.isValid(urn: urn) else {
          throw ValidationError("'\(urn)' is no URN of at most 64 letters, digits and '-.:/_'.")
        }
        guard let firmware = firmware.map({ Digest(hex: $0) }) ?? Digest.sha256(model) else {
          throw ValidationError("--firmware is 64 hexadecimal digits.")
        }
        guard (1...36500).contains(days) else { throw ValidationError("--days is 1 to 36500.") }
        let from = try from.map(TimeOption.milliseconds) ?? desk.clock.now()
        let key = try DeviceCommand.key(self.key)
        var generator = SystemRandomNumberGenerator()
        let request = DeviceRequest(
          urn: urn, key: key.publicKey, nonce: (0..<16).map { _ in generator.next() }, model: model, firmware: firmware,
          cell: cell, owner: owner, slice: slice, capabilities: try capability.map(DeviceCommand.capability),
          from: from,
          until: from + days * 86_400_000)
        let enrolment = DeviceEnrolment(
          request: try request.signed(by: key),
          manufacturer: try request.endorsed(as: .manufacturer, by: desk.key(manufacturer)),
          registrar: try request.endorsed(as: .registrar, by: desk.key(registrar)))
        let places = try await desk.state(enrolment, about: urn, by: [owner])
        Console.answer("\(urn) is certified with the key \(key.publicKey.id.hex), entry \(places[0]).")
      }
    }
  }

  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rotate", abstract: "Gives a device a new key: valid at once, the old one for a while longer.")
    @Argument(help: "The device's URN.") var urn: String
    @OptionGroup var data: DataOption
    @Option(help: "The key in force (PEM).") var key: String
    @Option(help: "The new key (PEM); made there if the file is missing.") var newKey: String
    @Option(name: .customLong("as"), help: "The owner or a registrar.") var member: String
    @Option(help: "The new key is valid for so many days.") var days: UInt64 = 365
    @Option(help: "The old key is valid for so many minutes more.") var overlap: UInt64 = 60

    func run() async throws {
      try await Console.run {
        let desk = try CityDesk(path: data.path)
        guard (1...36500).contains(days), overlap < days * 1440 else {
          throw ValidationError("--days is 1 to 36500, --overlap is shorter.")
        }
        let (old, new) = (try DeviceCommand.load(key), try DeviceCommand.key(newKey))
        let now = desk.clock.now()
        let change = DeviceRotation.Change(
          urn: urn, key: new.publicKey, from: now, until: now + days * 86_400_000, oldUntil: now + overlap * 60_000)
        let places = try await desk.state(try DeviceRotation(change, new: new, old: old), about: urn, by: [member])
        Console.answer("\(urn) has the new key \(new.publicKey.id.hex), entry \(places[0]).")
      }
    }
  }

  /// What the three changes of status take.
  struct StatusOptions: ParsableArguments {
    @Argument(help: "The device's URN.") var urn: String
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The owner or a registrar; only a registrar releases.") var member: String
    @Option(help: "Why.") var reason: String

    func state(_ status: EdgeStatus) async throws {
      try await Console.run {
        let places = try await CityDesk(path: data.path).state(
          DeviceStatusChange(urn, status, reason: reason), about: urn, by: [member])
        Console.answer("\(urn) is \(status) from entry \(places[0]) on.")
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a device out of service for ever.")
    @OptionGroup var options: StatusOptions
    func run() async throws { try await options.state(.revoked) }
  }

  struct Quarantine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a device out of service until it is released.")
    @OptionGroup var options: StatusOptions
    func run() async throws { try await options.state(.quarantined) }
  }

  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a device out of quarantine.")
    @OptionGroup var options: StatusOptions
    func run() async throws { try await options.state(.active) }
  }

  struct Valid: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "valid", abstract: "Says whether a device was valid at a time, with the proof.")
    @Argument(help: "The device's URN.") var urn: String
    @Option(help: "The time (RFC 3339).") var at: String
    @OptionGroup var options: AnswerOptions

    func run() async throws {
      try await Console.run {
        try await options.answer(.deviceValid(urn, at: try TimeOption.milliseconds(at)))
      }
    }
  }

  static func load(_ path: String) throws -> PrivateKey {
    do { return try PrivateKey.load(from: path) } catch {
      throw LedgerError(.unavailable, "The key in \(path) cannot be read: \(error).")
    }
  }

  /// The key in a file, made there if the file is missing.
  static func key(_ path: String) throws -> PrivateKey {
    if FileManager.default.fileExists(atPath: path) { return try load(path) }
    let key = PrivateKey.generate(.es256)
    do { try key.save(to: path) } catch {
      throw LedgerError(.unavailable, "The key cannot be written to \(path): \(error).")
    }
    return key
  }

  static func capability(_ text: String) throws -> DeviceCapability {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 7, let exponent = Int64(parts[2]), let low = Int64(parts[3]), let high = Int64(parts[4]),
      let resolution = UInt64(parts[5]), let seconds = UInt64(parts[6])
    else {
      throw ValidationError(
        "'\(text)' is no name:unit:exponent:low:high:resolution:seconds, as temperature:Cel:-1:-400:850:1:60.")
    }
    return DeviceCapability(
      name: parts[0], unit: parts[1], exponent: exponent, low: low, high: high, resolution: resolution,
      updateTime: seconds)
  }
}

/// `devices`: the registry as a list.
struct DevicesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "Lists the devices, with the proof.")
  @Option(help: "Only those of this member.") var owner: String?
  @OptionGroup var options: AnswerOptions

  func run() async throws { try await Console.run { try await options.answer(.devices(owner: owner)) } }
}
