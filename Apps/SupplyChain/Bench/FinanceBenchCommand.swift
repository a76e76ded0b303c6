import ArgumentParser
import Foundation
import LedgerServer
import Primitives

/// `bench`: signed commands of the whole life of notes against the limits of the machine that they run on.
struct FinanceBenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures signed commands a second, their latency, a full replay and postings a second.")
  @Option(help: "How often each figure is measured; the median counts.") var runs = 5
  @Option(help: "Notes of a round; each takes \(NoteScript.commands) signed commands.") var notes = 2500
  @Option(help: "Clients that each wait for one command before they send the next.") var clients = 64
  @Flag(help: "Measures PostgreSQL doing the same postings beside it (Debian: postgresql-15).") var postgres = false
  @Option(help: "Where the temporary ledgers are made.") var folder: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  func run() async throws {
    try await Console.run {
      guard (1...100).contains(runs), (10...100_000).contains(notes), (1...1000).contains(clients) else {
        throw ValidationError("--runs is 1 to 100, --notes 10 to 100,000, --clients 1 to 1,000.")
      }
      var bench = FinanceBench(runs: runs, folder: folder ?? FileManager.default.temporaryDirectory.path)
      Console.say("\(notes * NoteScript.commands) commands of \(notes) notes, \(runs) times")
      try await bench.commands(notes, postgres: postgres)
      Console.say("\(clients) clients, one command at a time each")
      try await bench.latency(clients: clients)
      Console.say("transfers between accounts, unsigned")
      try bench.transfers(1_000_000)
      if json {
        try Console.answer(json: bench.report)
      } else {
        for line in bench.report.lines { Console.answer("\(line)") }
      }
    }
  }
}
