import ArgumentParser
import EPCIS
import Ledger
import LedgerServer
import Primitives

/// `trace`: where an item comes from and where it went, with the proof.
struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Traces an item back to its origins and forward to where it went, with a proof.")

  @Argument(help: "The item, as EPC URN or GS1 Digital Link.") var epc: String
  @OptionGroup var data: DataOption
  @Option(help: "back, forward or both.") var direction = "both"
  @Option(help: "Writes the proof to this file.") var proof: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  func run() async throws {
    try await Console.run {
      guard let direction = Genealogy.Direction(rawValue: direction) else {
        throw ValidationError("--direction is back, forward or both, not '\(direction)'.")
      }
      let consortium = try Consortium(path: data.path)
      let open = try await consortium.open(suite: TraceabilityApp.suite, clock: SystemClock())
      let trace: Trace
      do {
        if let proof {
          try await open.settle()
          let (result, bundle) = try Tracing.prove(epc, direction, by: open.sequencer)
          trace = result
          let bytes = bundle.encoded()
          try Console.write(bytes, to: proof)
          Console.say(
            "The proof, \(bytes.count) bytes, is in \(proof). Check it with: traceability verify \(proof) --policy \(data.path)/policy.txt"
          )
        } else {
          trace = try Tracing.trace(epc, direction, in: open.sequencer.head)
        }
      } catch {
        await open.close()
        throw error
      }
      await open.close()
      if json {
        try Console.answer(json: TraceText.Answer(trace))
      } else {
        for line in TraceText.lines(trace) { Console.answer(line) }
      }
      if trace.events.isEmpty {
        throw LedgerError(.notFound, "No event on this ledger names \(EPCIdentifier.canonical(epc)).")
      }
    }
  }
}
