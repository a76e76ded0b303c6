import Primitives
public import ArgumentParser
import Foundation
import Ledger

/// `bench`: measures the ledger against the limits of the machine that it is on.
public struct BenchCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "bench", abstract: "Measures the ledger against the limits of the machine that it is on.")
  }

  @Option(help: "How often each figure is measured; the median counts.") var runs = 5
  @Option(help: "Statements of a round of sealing.") var statements = 40_000
  @Option(help: "Statements of the large ledger that is opened, proved from and audited; 0 leaves it out.") var large =
    1_000_000
  @Option(help: "Where the temporary ledgers are made.") var folder: String?
  // What the measurement starts in processes of its own.
  @Option(help: .hidden) var on: String?
  @Option(help: .hidden) var part: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  /// For the parser.
  public init() {}

  /// Measures.
  public func run() async throws {
    try await Console.run {
      guard runs > 0, statements > 0, large >= 0 else {
        throw ValidationError("--runs and --statements are at least 1.")
      }
      var bench = Bench(runs: runs, folder: folder ?? FileManager.default.temporaryDirectory.path)
      if let on, let part = part.flatMap(Bench.Part.init(rawValue:)) {
        try await bench.measure(part, on: on)
        if part != .serve { try Console.answer(json: bench.report) }
        return
      }
      Console.say("sealing \(statements) statements, \(runs) times")
      try await bench.durable(statements)
      Console.say("sealing what comes in over HTTP")
      try await bench.http(statements)
      try await bench.latency(500)
      if large > 0 { try await bench.large(large) { Console.say("\($0)") } }
      if json {
        try Console.answer(json: bench.report)
      } else {
        for line in bench.report.lines { Console.answer("\(line)") }
      }
    }
  }
}
