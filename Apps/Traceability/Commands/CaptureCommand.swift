import ArgumentParser
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `capture`: EPCIS documents onto the ledger.
struct CaptureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture", abstract: "Validates EPCIS 2.0 documents and puts each event on the ledger as a statement.")

  @Argument(help: "EPCISDocuments in JSON-LD; '-' reads standard input.") var files: [String]
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member that captures.") var member: String
  @Flag(help: "One JSON document on standard output.") var json = false

  func run() async throws {
    try await Console.run {
      // Every file is read before any is captured, so that a wrong name stops the whole command.
      let documents = try files.map { ($0, try Console.read($0, limit: Limits.documentBytes)) }
      let consortium = try Consortium(path: data.path)
      guard consortium.names.contains(member) else {
        throw LedgerError(
          .notFound, "There is no member '\(member)' here; there are \(consortium.names.joined(separator: ", ")).")
      }
      let clock = SystemClock()
      let keys = try consortium.folder(member).keys()
      let open = try await consortium.open(suite: TraceabilityApp.suite, clock: clock)
      var reports: [(name: String, report: CaptureReport)] = []
      var failure: (any Error)?
      do {
        var capture = Capture(
          issuer: member, key: keys.statement, clock: clock, claimIDs: SystemRandomNumberGenerator())
        for (name, bytes) in documents {
          reports.append((name, try await capture.capture(bytes, name: name, on: open.sequencer)))
        }
      } catch { failure = error }
      // What is sealed is co-signed even when a later document is wrong.
      if !reports.isEmpty {
        do { try await open.settle() } catch { failure = failure ?? error }
      }
      let head = open.sequencer.head
      await open.close()
      if json {
        try Console.answer(json: reports.map(\.report))
      } else {
        for (name, report) in reports { show(name, report) }
        if !reports.isEmpty {
          Console.say("The log has \(head.size) entries, root \(Base64.encode(head.root.bytes)).")
        }
      }
      if let failure { throw failure }
      if reports.contains(where: { $0.report.accepted < $0.report.events.count }) { throw ExitCode(1) }
    }
  }

  private func show(_ name: String, _ report: CaptureReport) {
    Console.answer("\(name): \(report.accepted) of \(report.events.count) events captured.")
    for line in report.events {
      let place: Message = line.index.map { "entry \($0)" } ?? "not in the log"
      Console.answer(
        "  \(Message(line.status)) \(line.eventID) (\(place))\(line.message.map { ": \(line.code ?? "") - \($0)" } ?? "" as Message)"
      )
    }
  }
}
