import ArgumentParser
import Ledger
import LedgerServer
import Primitives
import Rights

/// `erase`: the bytes of a work go, its title stays.
struct EraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Erases the copies of a work's bytes that are kept here; its title and every proof stay valid.")
  @Argument(help: "The work's id.") var work: String
  @OptionGroup var stating: StatingOptions

  private struct Answer: Encodable {
    let work: String
    let erased: Int
  }

  func run() async throws {
    try await Console.run {
      let count = try await stating.state { desk, _ in try desk.erase(work: work) }
      if stating.json { return try Console.answer(json: Answer(work: work, erased: count)) }
      Console.answer(
        "Erased \(count) documents of \(work), with their salts. Title, licences and proofs stay as they are.")
    }
  }
}
