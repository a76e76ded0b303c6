import ArgumentParser
import Foundation
import LedgerServer
import MQTT
import Primitives

/// `bench`: the gateways against the limits of the machine that they are on.
struct CityBenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures attested readings a second, the burst of a million devices, alarms and proofs.")
  @Option(help: "How often each figure is measured; the median counts.") var runs = 3
  @Option(help: "Devices of the burst; each sends once within ten seconds.") var devices = 1_000_000
  @Option(help: "Where the temporary ledgers are made.") var folder: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  func run() async throws {
    try await Console.run {
      guard (1...100).contains(runs), (1000...1_000_000).contains(devices) else {
        throw ValidationError("--runs is 1 to 100, --devices 1,000 to 1,000,000.")
      }
      var bench = CityBench(runs: runs, folder: folder ?? FileManager.default.temporaryDirectory.path)
      if Broker.installed == nil {
        Console.say(
          "mosquitto is not on this machine, so it is not measured. On Debian: apt-get install \(Broker.package)")
      }
      Console.say("attesting readings on all cores, \(runs) times")
      try await bench.attested()
      Console.say("readings and alarms to the ledger")
      try await bench.latency()
      Console.say("a burst of \(devices) devices within ten seconds")
      try await bench.burst(devices)
      if json {
        try Console.answer(json: bench.report)
      } else {
        for line in bench.report.lines { Console.answer("\(line)") }
      }
    }
  }
}
