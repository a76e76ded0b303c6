import ArgumentParser
import Ledger
import LedgerServer
import Primitives
import Rights

/// `export`: a work's soft binding for C2PA.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a work's soft binding for C2PA: the assertion c2pa.soft-binding with its ISCC, in CBOR.")
  @Argument(help: "The work's id.") var work: String
  @OptionGroup var data: DataOption
  @Option(help: "The file to write.") var out: String

  func run() async throws {
    try await Console.run {
      let record = try await Consortium(path: data.path).with(CopyrightApp.suite, SystemClock()) { open in
        let value = try open.sequencer.head.value(CopyrightContract.works.key(.sha256(work)))
        guard let record = WorkRecord(reading: value) else {
          throw LedgerError(.notFound, "No work '\(work)' is registered here.")
        }
        return record
      }
      try Console.write(SoftBinding.encode(iscc: record.iscc), to: out)
      Console.say("The assertion \(SoftBinding.label) with \(record.iscc) (\(SoftBinding.algorithm)) is in \(out).")
    }
  }
}
