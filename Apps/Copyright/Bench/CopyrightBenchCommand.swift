import ArgumentParser
import Foundation
import LedgerServer
import Primitives

/// `bench`: hashing, search, registration and matching, and which altered copies are found.
struct CopyrightBenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures picture hashes, search, registration, matching, and which altered copies are found.")
  @Option(help: "How often each figure is measured; the median counts.") var runs = 5
  @Option(help: "Picture codes that are searched.") var codes = 10_000_000
  @Option(help: "Pictures that are altered in every way; 0 leaves the table out.") var pictures = 24
  @Option(help: "Works that are registered, end to end.") var registrations = 200
  @Option(help: "Where temporary files are made.") var folder: String?
  @Option(help: "Writes pictures, codes and queries into this folder, for other programs to be measured on.")
  var exchange: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  private struct Answer: Encodable {
    let report: BenchReport
    let robustness: [CopyrightBench.Row]
  }

  func run() async throws {
    try await Console.run {
      guard (1...100).contains(runs), (1000...60_000_000).contains(codes), (0...1000).contains(pictures),
        (1...100_000).contains(registrations)
      else {
        throw ValidationError(
          "--runs is 1 to 100, --codes 1,000 to 60,000,000, --pictures up to 1,000, --registrations up to 100,000.")
      }
      var bench = CopyrightBench(
        runs: runs, folder: folder ?? FileManager.default.temporaryDirectory.path, exchange: exchange)
      Console.say("hashing pictures")
      try bench.hashing()
      Console.say("searching \(codes) codes")
      try bench.search(codes)
      Console.say("registering \(registrations) works")
      try await bench.registering(registrations)
      if pictures > 0 {
        Console.say("altering \(pictures) pictures in every way")
        try bench.robustness(pictures)
      }
      if json { return try Console.answer(json: Answer(report: bench.report, robustness: bench.rows)) }
      for line in bench.report.lines { Console.answer("\(line)") }
      for row in bench.rows {
        let mark = row.target.map { row.found >= $0 ? "" : "  below the target of \($0)" } ?? ""
        Console.answer("\(row.transform): plain \(row.plain) %, with variants \(row.found) %\(mark)")
      }
    }
  }
}
