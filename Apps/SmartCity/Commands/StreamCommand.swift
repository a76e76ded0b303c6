import ArgumentParser
import FiveG
import FiveGScenario
import Foundation
import Ledger
import LedgerServer
import MQTT
import Primitives
import ReadingStream

/// `stream`: what the devices of a scenario send, for any other system.
struct StreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Sends the readings of a scenario to a file, an MQTT broker or a web server.",
    discussion:
      "One seed gives the same bytes on every machine. Without --rate and --speed a file is written as fast as it goes, and a "
      + "broker or server gets the readings in simulated time. With --now the readings have today's times instead of the "
      + "scenario's, so that a gateway takes them.")

  @Option(help: "The scenario (YAML), for example Samples/scenarios/warehouse.yaml.") var scenario: String
  @Option(help: "Readings a second, whatever the simulated time is.") var rate: Int?
  @Option(help: "Simulated seconds to one of real time, 0.001 to 1000000; 0 for as fast as it goes.") var speed: Double?
  @Option(help: "Ends after so many seconds: of sending with --rate, else of simulated time.") var seconds: Int?
  @Option(help: "senml, senml-cbor or ndjson.") var format = "senml"
  @Option(help: "A broker, for example mqtt://127.0.0.1:1883.") var mqtt: String?
  @Option(help: "The topic; {device} in it is each reading's device, {class} how urgent its slice is.")
  var topic = "edge/gw-1/senml/{class}/stream"
  @Option(help: "0 or 1: whether the broker acknowledges.") var qos = 1
  @Option(
    help:
      "An address to post to, for example http://127.0.0.1:8104/edge/readings?slice={class}; {class} is how urgent the slice is."
  )
  var http: String?
  @Option(help: "An access token for it; better in TALLYSTICK_TOKEN.") var token: String?
  @Option(help: "Readings in one request.") var batch = 500
  @Option(help: "Requests at a time.") var parallel = 8
  @Option(help: "A file; standard output if neither it nor --mqtt nor --http is given.") var out: String?
  @Option(help: "Scaled to about so many devices.") var devices: Int?
  @Option(help: "Another seed than the scenario's.") var seed: UInt64?
  @Flag(help: "The readings' times begin now.") var now = false

  func validate() throws {
    guard [mqtt, http, out].compactMap({ $0 }).count <= 1 else {
      throw ValidationError("Give one of --mqtt, --http and --out.")
    }
    guard rate == nil || speed == nil else { throw ValidationError("Give --rate or --speed, not both.") }
    guard (1...100_000_000).contains(rate ?? 1) else { throw ValidationError("--rate is 1 to 100,000,000.") }
    guard speed.map({ $0 == 0 || (0.001...1_000_000).contains($0) }) ?? true else {
      throw ValidationError("--speed is 0, or 0.001 to 1,000,000.")
    }
    guard (0...31_622_400).contains(seconds ?? 0) else { throw ValidationError("--seconds is 0 to 31,622,400.") }
    guard ReadingFormat(rawValue: format) != nil else {
      throw ValidationError("--format is \(ReadingFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    guard (0...1).contains(qos) else { throw ValidationError("--qos is 0 or 1.") }
    guard (1...ReadingEncoder.packReadings).contains(batch) else {
      throw ValidationError("--batch is 1 to \(ReadingEncoder.packReadings).")
    }
    guard (1...64).contains(parallel) else { throw ValidationError("--parallel is 1 to 64.") }
    guard (1...Scenario.maximumDevices).contains(devices ?? 1) else {
      throw ValidationError("--devices is 1 to \(Scenario.maximumDevices).")
    }
  }

  private var pace: StreamPace {
    if let rate { return .rate(rate) }
    if let speed { return speed == 0 ? .free : .speed(thousandths: Int((speed * 1000).rounded())) }
    return mqtt == nil && http == nil ? .free : .speed(thousandths: 1000)
  }

  func run() async throws {
    try await Console.run {
      let simulation = try read()
      let pace = pace
      let encoder = ReadingEncoder(
        simulation, ReadingFormat(rawValue: format) ?? .senml,
        startUs: now ? Int64(SystemClock().now()) * 1000 : nil)
      let source = ReadingSource(
        simulation, pace: pace, limit: seconds.map { StreamLimit(seconds: $0, pace) } ?? StreamLimit())
      StopSignal.listen()
      let summary: StreamRun.Summary
      if let mqtt {
        var sink = try await MQTTSink(
          encoder, address: try MQTTAddress(mqtt), topic: topic, qos: qos == 1 ? .atLeastOnce : .atMostOnce)
        summary = try await StreamRun.run(source, into: &sink)
      } else if let http {
        let token = token ?? ProcessInfo.processInfo.environment["TALLYSTICK_TOKEN"]
        var sink = try HTTPSink(encoder, url: http, token: token, batch: batch, parallel: parallel)
        summary = try await StreamRun.run(source, into: &sink)
      } else {
        var sink = try FileSink(encoder, path: out, isPaced: pace != .free)
        summary = try await StreamRun.run(source, into: &sink)
      }
      if summary.isStopped { Console.say("Stopped.") }
      Console.say(summary.text)
    }
  }

  private func read() throws -> Simulation {
    do {
      var scenario = try ScenarioFile.parse(
        bytes: try Console.read(self.scenario, limit: ScenarioFile.maximumBytes))
      if let devices { scenario = scenario.scaled(toDevices: devices) }
      if let seed { scenario.seed = seed }
      return try Simulation(scenario)
    } catch let error as ScenarioFileError {
      throw LedgerError(.malformed, "\(self.scenario): \("\(error)")")
    } catch let error as ScenarioError {
      throw LedgerError(.malformed, "\(self.scenario): \("\(error)")")
    }
  }
}
