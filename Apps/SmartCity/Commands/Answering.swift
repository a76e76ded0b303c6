import ArgumentParser
import Ledger
import LedgerServer
import Primitives

/// What every question's verb takes.
struct AnswerOptions: ParsableArguments {
  @OptionGroup var data: DataOption
  @Option(help: "Writes the proof to this file.") var proof: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  private struct Answer: Encodable {
    let question: [String]
    let answer: [String]
    let size: UInt64
  }

  /// Answers from the ledger here; with a proof, from what the proof proves.
  func answer(_ question: CityQuestion) async throws {
    try await Consortium(path: data.path).with(SmartCityApp.suite, SystemClock()) { open in
      let lines: [Message]
      let size: UInt64
      if let proof {
        try await open.settle()
        let bundle = try open.sequencer.prove(question.request)
        let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
        let verified = try bundle.verify(policy: policy)
        lines = try SmartCityApp.claims(verified) ?? []
        size = verified.size
        let bytes = bundle.encoded()
        try Console.write(bytes, to: proof)
        Console.say(
          "The proof, \(bytes.count) bytes, is in \(proof). Check it with: smartcity verify \(proof) --policy "
            + "\(data.path)/policy.txt")
      } else {
        let view = open.sequencer.head
        size = view.size
        lines = try question.answer(until: view.seal.time) { prefix throws(LedgerError) in try view.list(prefix) }
      }
      if json {
        try Console.answer(json: Answer(question: question.words, answer: lines.map(\.english), size: size))
      } else {
        for line in lines { Console.answer(line) }
      }
    }
  }
}

/// A time as users write it.
enum TimeOption {
  static func milliseconds(_ text: String) throws -> UInt64 {
    guard let time = Timestamp.parse(text) else {
      throw ValidationError("'\(text)' is no RFC 3339 time in UTC, for example 2026-09-01T00:00:00Z.")
    }
    return time
  }
}
