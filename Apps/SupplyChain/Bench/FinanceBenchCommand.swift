import ArgumentParser
import Foundation
import LedgerServer
import Primitives

/// `bench`: measures this application against the limits of the machine that it is on.
struct FinanceBenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures finance commands against the limits of the machine that it is on.")

  @Option(help: "How often each figure is measured; the median counts.") var runs = 5
  @Option(help: "Notes of a round, each with 13 commands.") var notes = 3_000
  @Option(help: "Clients that each wait for an answer before they go on.") var clients = 64
  @Option(help: "Where the temporary ledgers are made.") var folder: String?
  @Flag(help: "Measures PostgreSQL 15 with the same postings in the same run.") var postgres = false
  @Flag(help: "One JSON document on standard output.") var json = false

  func run() async throws {
    try await Console.run {
      guard runs > 0, notes >= 12, clients > 0 else {
        throw ValidationError("--runs and --clients are at least 1, --notes at least 12.")
      }
      let folder = folder ?? FileManager.default.temporaryDirectory.path
      var bench = FinanceBench(runs: runs, folder: folder)
      Console.say("sealing \(notes * FinanceLedger.commands) commands and replaying them, \(runs) times")
      try await bench.durable(notes)
      Console.say("\(clients) clients, one command at a time each")
      try await bench.clients(clients, chains: 10)
      try await bench.transfers(400_000)
      if postgres {
        Console.say("PostgreSQL 15, 8 clients, one transaction a command")
        let peer = try PostgresPeer.measure(in: folder, seconds: 15)
        let own = bench.report.results.first { $0.name == "commands-durable" }?.value ?? 0
        bench.report.add("commands-to-postgres", [own], unit: "commands/s", limits: [peer.two])
        bench.report.add("commands-to-postgres-spread", [own], unit: "commands/s", limits: [peer.thousand])
      }
      if json {
        try Console.answer(json: bench.report)
      } else {
        for line in bench.report.lines { Console.answer("\(line)") }
      }
    }
  }
}
