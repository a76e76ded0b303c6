import ArgumentParser
import Edge
import Ledger
import LedgerServer
import Primitives

/// `alarms`: by time, or of one device.
struct AlarmsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "alarms", abstract: "Lists the alarms, with the proof.")
  @Option(help: "Only those of this device.") var device: String?
  @OptionGroup var options: AnswerOptions
  func run() async throws { try await Console.run { try await options.answer(.alarms(device: device)) } }
}

/// `incidents`: by time, or of one device or gateway.
struct IncidentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incidents", abstract: "Lists the incidents with what shows them, with the proof.")
  @Option(help: "Only those of this device or gateway.") var subject: String?
  @OptionGroup var options: AnswerOptions
  func run() async throws { try await Console.run { try await options.answer(.incidents(subject: subject)) } }
}

/// `operations`: in the order of the log.
struct OperationsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operations", abstract: "Lists operators' actions and network alarms, with the proof of their order.")
  @OptionGroup var options: AnswerOptions
  func run() async throws { try await Console.run { try await options.answer(.operations) } }
}

/// `operation`: one more entry of the operation log.
struct OperationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operation", abstract: "Logs an operator's action, or a critical or major alarm of the network.")
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member that states it.") var member: String
  @Option(help: "Who did it: a role or an element, no person's name.") var actor: String
  @Option(help: "What it was done to.") var object: String
  @Option(help: "What was done, or is the matter.") var action: String
  @Option(help: "For an alarm of the network: 1 critical, 2 major.") var severity: UInt64?

  func run() async throws {
    try await Console.run {
      let desk = try CityDesk(path: data.path)
      let operation = Edge.Operation(
        severity == nil ? .action : .networkAlarm, actor: actor, object: object, action: action,
        severity: severity ?? 0,
        time: desk.clock.now())
      Console.answer("Entry \(try await desk.state(operation, about: object, by: [member])[0]).")
    }
  }
}

/// `grant`: who may read what, and who has.
struct GrantCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Lets another member read sensors, for a purpose and a time; records every read.",
    subcommands: [Add.self, Revoke.self, List.self, Read.self, Reads.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Grants the reading of sensors.")
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The owner.") var member: String
    @Option(help: "The member that may read.") var to: String
    @Option(help: "What for.") var purpose: String
    @Option(help: "A device's URN, or the beginning of URNs followed by '*'; may be repeated.") var sensor: [String]
    @Option(help: "In force from (RFC 3339); now unless given.") var from: String?
    @Option(help: "In force until (RFC 3339).") var until: String

    func run() async throws {
      try await Console.run {
        let desk = try CityDesk(path: data.path)
        let sensors = sensor.map { $0.hasSuffix("*") ? Grant.Sensors.prefix(String($0.dropLast())) : .device($0) }
        let grant = Grant(
          to: to, purpose: purpose, sensors: sensors, from: try from.map(TimeOption.milliseconds) ?? desk.clock.now(),
          until: try TimeOption.milliseconds(until))
        Console.answer("Grant \(try await desk.state(grant, about: to, by: [member])[0]).")
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a grant back.")
    @Argument(help: "The grant's number.") var grant: UInt64
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The owner.") var member: String
    @Option(help: "Why.") var reason: String

    func run() async throws {
      try await Console.run {
        let places = try await CityDesk(path: data.path).state(
          GrantRevocation(grant, reason: reason), about: "grant \(grant)", by: [member])
        Console.answer("Grant \(grant) is taken back from entry \(places[0]) on.")
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the grants of an owner, with the proof.")
    @Argument(help: "The owner.") var owner: String
    @OptionGroup var options: AnswerOptions
    func run() async throws { try await Console.run { try await options.answer(.grants(owner: owner)) } }
  }

  struct Read: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Records a read under a grant; refused without one.")
    @Argument(help: "The grant's number.") var grant: UInt64
    @Argument(help: "The device.") var device: String
    @OptionGroup var data: DataOption
    @Option(name: .customLong("as"), help: "The member that reads.") var member: String
    @Option(help: "The owner.") var owner: String
    @Option(help: "What for, as the grant says.") var purpose: String
    @Option(help: "Readings from (RFC 3339).") var from: String
    @Option(help: "Readings until (RFC 3339).") var until: String

    func run() async throws {
      try await Console.run {
        let (from, until) = (try TimeOption.milliseconds(from), try TimeOption.milliseconds(until))
        guard from < until, until < 1 << 50 else { throw ValidationError("--from is before --until.") }
        let access = GrantAccess(
          owner: owner, grant: grant, device: device, purpose: purpose, from: from * 1000, until: until * 1000)
        Console.answer(
          "Recorded as entry \(try await CityDesk(path: data.path).state(access, about: device, by: [member])[0]).")
      }
    }
  }

  struct Reads: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists every read under a grant, with the proof.")
    @Argument(help: "The grant's number.") var grant: UInt64
    @Option(help: "The owner.") var owner: String
    @OptionGroup var options: AnswerOptions
    func run() async throws {
      try await Console.run { try await options.answer(.accesses(owner: owner, grant: grant)) }
    }
  }
}
