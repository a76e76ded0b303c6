import ArgumentParser
import Ledger
import LedgerServer
import Primitives
import Rights

/// `register`: a file becomes a work.
struct RegisterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Registers a work; refused if it looks like an earlier work of others.")
  @Argument(help: "The work's file.") var file: String
  @OptionGroup var stating: StatingOptions
  @Option(help: "The title.") var title: String
  @Option(help: "An owner and its share, PARTY=SHARE, for example org-1/author=60%; may be repeated.") var owner:
    [String] =
      []
  @Option(help: "An author, a party; may be repeated; the owners unless given.") var author: [String] = []
  @Option(help: "The work's id; its ISCC unless given.") var id: String?
  @Option(help: "A registration elsewhere, such as a DCI code.") var number: String?
  @Option(help: "When it was made (RFC 3339).") var created: String?
  @Option(help: "A registered work that it was made out of; may be repeated.") var base: [String] = []
  @Flag(help: "Does not keep the file beside the log.") var discard = false

  private struct Answer: Encodable {
    let work: String
    let iscc: String
    let entry: UInt64?
    let code: String?
    let message: Message?
  }

  func run() async throws {
    try await Console.run {
      let bytes = try Console.read(file, limit: Limits.documentBytes)
      var wish = RightsDesk.Wish(title: title, owners: try Working.shares(owner, else: stating.member))
      (wish.work, wish.outsideNumber, wish.bases) = (id, number, base)
      wish.authors = author.isEmpty ? nil : author
      wish.createdAt = try created.map(Working.time)
      let (registration, outcome) = try await stating.state { desk, _ in
        try await desk.register(bytes, wish, hasher: Hashing.hasher, keeps: !discard)
      }
      if stating.json {
        var refusal: Refusal?
        if case .refused(_, let why) = outcome { refusal = why }
        try Console.answer(
          json: Answer(
            work: registration.work, iscc: registration.iscc, entry: refusal == nil ? try outcome.place() : nil,
            code: refusal?.code, message: refusal?.message))
        if refusal != nil { throw ExitCode(1) }
        return
      }
      let place = try outcome.place()
      Console.answer("'\(title)' is registered as \(registration.work) in entry \(place).")
      Console.answer("ISCC \(registration.iscc), \(registration.codes.count) codes by \(registration.hashRules).")
    }
  }
}

/// `match`: which registered works a file looks like.
struct MatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match", abstract: "Finds the registered works that a file is, or looks like.")
  @Argument(help: "The file.") var file: String
  @OptionGroup var data: DataOption
  @Flag(help: "One JSON document on standard output.") var json = false

  func run() async throws {
    try await Console.run {
      let bytes = try Console.read(file, limit: Limits.documentBytes)
      let hashed = try Hashing.hasher.seen(bytes)
      let found = try await Consortium(path: data.path).with(CopyrightApp.suite, SystemClock()) { open in
        let search = FindingSearch(
          node: open.sequencer, projection: Projection(path: data.path + "/search"), passages: PassageShelf())
        return try search.find(bytes, hashed, in: open.sequencer.head)
      }
      let answers = found.map(FindingAnswer.init)
      if json { return try Console.answer(json: answers) }
      for line in answers.flatMap(\.lines) { Console.answer(line) }
      if answers.isEmpty { Console.answer("No registered work looks like this file.") }
    }
  }
}

/// `title`: whose a work was at a time.
struct TitleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "title", abstract: "Whose a work was at a time and who might use it, with the proof.")
  @Argument(help: "The work's id.") var work: String
  @OptionGroup var data: DataOption
  @Option(help: "The time (RFC 3339); now unless given.") var at: String?
  @Option(help: "Writes the proof to this file.") var proof: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  private struct Answer: Encodable {
    let work: String
    let answer: [Message]
  }

  func run() async throws {
    try await Console.run {
      let question = TitleQuestion(work: work, time: try at.map(Working.time))
      let lines = try await Consortium(path: data.path).with(CopyrightApp.suite, SystemClock()) { open in
        guard let proof else { return try question.answer(in: open.sequencer.head) }
        try await open.settle()
        let bundle = try open.sequencer.prove { view throws(LedgerError) in try question.request(in: view) }
        let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
        let lines = try TitleQuestion.claims(try bundle.verify(policy: policy)) ?? []
        let bytes = bundle.encoded()
        try Console.write(bytes, to: proof)
        Console.say(
          "The proof, \(bytes.count) bytes, is in \(proof). Check it with: copyright verify \(proof) --policy "
            + "\(data.path)/policy.txt")
        return lines
      }
      if json { return try Console.answer(json: Answer(work: work, answer: lines)) }
      for line in lines { Console.answer(line) }
    }
  }
}
