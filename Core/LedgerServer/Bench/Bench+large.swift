import Foundation
import Ledger
import Primitives

/// A large ledger: opening it, proving from it, auditing it, each in a process of its own, so that its memory is its own.
extension Bench {
  /// What is measured in a process of its own.
  enum Part: String {
    case open, proofs, audit, serve
  }

  /// Builds the ledger and measures each part as often as there are runs.
  mutating func large(_ count: Int, say: (String) -> Void) async throws {
    let ledger = try BenchLedger(in: folder)
    defer { ledger.remove() }
    say("building a ledger of \(count) statements")
    try await ledger.fill(count)
    for part in [Part.open, .proofs, .audit] {
      var rounds: [BenchReport] = []
      for round in 1...runs {
        say("\(part.rawValue), round \(round)")
        rounds.append(try Bench.run(part, on: ledger.folder))
      }
      report.add(medians: rounds)
    }
  }

  /// Starts one part in another process of this program; gives what it says.
  static func start(_ part: Part, on folder: String) throws -> (Process, FileHandle) {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["bench", "--on", folder, "--part", part.rawValue, "--json"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    return (process, output.fileHandleForReading)
  }

  /// Measures one part in another process of this program.
  private static func run(_ part: Part, on folder: String) throws -> BenchReport {
    let (process, output) = try start(part, on: folder)
    let bytes = output.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw LedgerError(.unavailable, "The measurement of '\(part.rawValue)' ended with an error; see above.")
    }
    return try JSONDecoder().decode(BenchReport.self, from: bytes)
  }

  /// Measures one part here.
  mutating func measure(_ part: Part, on folder: String) async throws {
    let ledger = try BenchLedger(at: folder)
    switch part {
    case .open:
      var open: OpenConsortium?
      let time = try await Bench.seconds { open = try await ledger.open() }
      report.add("open-ledger", [time], unit: "s")
      report.add("open-memory", [Double(Bench.peakMemory) / 1_048_576], unit: "MiB")
      await open?.close()
    case .proofs:
      let open = try await ledger.open()
      // All but the genesis and the seals.
      let head = open.sequencer.head
      try await proofs(open.sequencer, count: Int(head.size - 1 - head.seal.height))
      await open.close()
      report.add("proofs-memory", [Double(Bench.peakMemory) / 1_048_576], unit: "MiB")
    case .serve: try await Bench.serve(ledger)
    case .audit:
      let before = try await Bench.verifyRate()
      var size: UInt64 = 0
      let time = try await Bench.seconds {
        let report = try await ledger.consortium.folder("org-1").audit(suite: BenchLedger.suite)
        guard report.isSound else { throw LedgerError(.damaged, "The audit found: \(report.faults)") }
        size = report.size
      }
      let after = try await Bench.verifyRate()
      report.add("audit", [Double(size) / time], unit: "statements/s", limits: [(before + after) / 2])
      report.add("audit-memory", [Double(Bench.peakMemory) / 1_048_576], unit: "MiB")
    }
  }
}
