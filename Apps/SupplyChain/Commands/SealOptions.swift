import ArgumentParser
import FinanceRules
import Ledger
import LedgerServer
import Primitives

/// What is sealed of a document that is stated without a file, and to whom.
struct SealOptions: ParsableArguments {
  @Option(help: "What it says, for its readers alone; sealed on the ledger.") var text = ""
  @Option(
    name: .customLong("reader"), parsing: .upToNextOption,
    help: "Who may read it besides its parties and supervisors, for example their banks.")
  var readers: [String] = []

  /// The key terms and the text, sealed to the parties and readers; says who cannot open it.
  func seal(
    _ kind: String, _ id: Digest, _ terms: [String], _ parties: [String], _ signer: SignerOptions
  ) async throws -> Sealed {
    guard text.utf8.count <= 256 else { throw ValidationError("A sealed text has at most 256 bytes.") }
    return try await signer.seal(KeyTerms.text(kind, id, [text] + terms), to: parties + readers)
  }
}
