import ArgumentParser
import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `reading`: one reading, with the proof.
struct ReadingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reading", abstract: "Shows one attested reading, with a proof of under two kilobytes.")
  @Argument(help: "The reading's id: GATEWAY/BATCH/INDEX, for example gw-1/17/4095.") var id: String
  @OptionGroup var data: DataOption
  @Option(help: "Writes the proof to this file.") var proof: String?
  @Flag(help: "A larger proof, which also shows that the ledger's rules accepted the batch.") var full = false

  func run() async throws {
    try await Console.run {
      guard let question = ReadingQuestion(id: id), case .reading(let name, let row) = question else {
        throw ValidationError("'\(id)' is no GATEWAY/BATCH/INDEX, for example gw-1/17/4095.")
      }
      let (gateway, _) = try EdgeFolder(data: data.path).open(name)
      let part = try await gateway.proof(row)
      try await gateway.close()
      // What a device signed itself is proved with its certificate, which the small form has no place for.
      let signer = part.leaf.signer
      if full || signer != nil {
        try await ReadingAnswer.give(
          question, batches: [row.batch], evidence: part.leaf.encoded(), signer: signer, data.path, proof)
      } else {
        try await ReadingAnswer.give(excerpt: question, row.batch, part.leaf.encoded(), data.path, proof)
      }
    }
  }
}

/// `series`: all readings of a device, with the proof that none is left out.
struct SeriesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "series",
    abstract: "Accounts for every number that a device has sent, gaps with their cause, with the proof.")
  @OptionGroup var options: SeriesOptions
  @Option(help: "Writes the proof to this file.") var proof: String?

  func run() async throws {
    try await Console.run {
      let found = try await options.series()
      try await ReadingAnswer.give(
        found.question, batches: found.batches, evidence: found.series.encoded(), options.data.path, proof)
    }
  }
}

/// `capture-report`: how much of what devices should have sent is there.
struct CaptureReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture-report",
    abstract: "Reports the data capture of a device against the 90 % of directive 2008/50/EC.")
  @OptionGroup var options: SeriesOptions
  @Option(help: "Writes the proof to this file.") var proof: String?

  func run() async throws {
    try await Console.run {
      let found = try await options.series()
      let lines = try await ReadingAnswer.lines(
        found.question, batches: found.batches, evidence: found.series.encoded(), options.data.path, proof)
      for line in lines.suffix(1) + lines.prefix(2) { Console.answer(line) }
    }
  }
}

/// Which series.
struct SeriesOptions: ParsableArguments {
  @Argument(help: "The device's URN.") var device: String
  @OptionGroup var data: DataOption
  @Option(help: "The gateway that received it.") var gateway: String
  @Option(help: "The boot.") var boot: UInt32 = 0
  @Option(help: "The first number; or a time (RFC 3339).") var from: String = "0"
  @Option(help: "The last number, or a time (RFC 3339); the last that was heard unless given.") var to: String?

  struct Found {
    let question: ReadingQuestion
    let batches: [UInt64]
    let series: SeriesProof
  }

  func series() async throws -> Found {
    let (gateway, sessions) = try EdgeFolder(data: data.path).open(
      self.gateway, devices: [device])
    let found = try await ReadingAnswer.series(
      gateway, sessions[0], boot: boot, from: try bound(from), to: try to.map { try bound($0) })
    try await gateway.close()
    return found
  }

  private func bound(_ text: String) throws -> ReadingAnswer.Bound {
    if let number = UInt64(text) { return .number(number) }
    return .time(Int64(try TimeOption.milliseconds(text)) * 1000)
  }
}

/// Answers to questions about readings, from the ledger and a gateway's file here.
enum ReadingAnswer {
  /// Where a series begins or ends.
  enum Bound {
    case number(UInt64)
    /// Microseconds since 1970, by the samples' times.
    case time(Int64)
  }

  /// The series of a device between two bounds; to its proved end where a closing batch is the gateway's last.
  ///
  /// - Parameter limit: numbers that it may span.
  static func series(
    _ gateway: Gateway, _ session: DeviceSession, boot: UInt32, from: Bound, to: Bound?,
    limit: UInt64 = SeriesProof.maximumNumbers
  ) async throws -> SeriesOptions.Found {
    let heard = try await gateway.numbers(session, boot: boot)
    guard let last = heard.last?.number else {
      throw LedgerError(.notFound, "The gateway has no reading of boot \(boot) of \(session.device).")
    }
    func place(_ bound: Bound, _ pick: ([UInt64]) -> UInt64?, _ fits: (Int64, Int64) -> Bool) throws -> UInt64 {
      switch bound {
      case .number(let number): return min(number, last)
      case .time(let time):
        guard let number = pick(heard.filter { fits($0.timeUs, time) }.map(\.number)) else {
          throw LedgerError(.notFound, "The device has no readings in that time.")
        }
        return number
      }
    }
    let first = try place(from, \.first, >=)
    let end = try to.map { try place($0, \.last, <=) } ?? last
    guard first <= end else { throw ValidationError("--from lies after --to.") }
    guard end - first < limit else {
      throw LedgerError(.limit, "The series spans \(end - first + 1) numbers, more than \(limit). Say from and to.")
    }
    let durable = await gateway.durable
    let isWhole = end == last
    var series: SeriesProof?
    // The gateway's last batch may show the end; where it is none, the series is given without.
    if isWhole { series = try? await gateway.series(session, boot: boot, numbers: first...end, closing: durable) }
    let found: SeriesProof
    if let series {
      found = series
    } else {
      found = try await gateway.series(session, boot: boot, numbers: first...end)
    }
    let batches = try found.statements.map { try BatchHeader.number(ofStatement: $0) }
    return SeriesOptions.Found(
      question: .series(gateway: gateway.name, device: session.device, boot: boot, numbers: first...end),
      batches: batches, series: found.withoutStatements)
  }

  /// The small proof of one reading: an excerpt of the log.
  static func excerpt(_ gateway: String, _ batch: UInt64, _ leaf: [UInt8], _ node: Node) throws -> LogExcerpt {
    guard let value = try node.head.value(EdgeRules.batches.key(.sha256(gateway), order: batch)) else {
      throw LedgerError(.notFound, "The ledger has no batch \(batch) of '\(gateway)'.")
    }
    do { return try node.excerpt(try BatchEntry(decoding: value).entry, evidence: leaf) } catch let error as LedgerError
    {
      throw error
    } catch { throw LedgerError(.damaged, "A batch in the state cannot be read: \("\(error)").") }
  }

  static func give(
    excerpt question: ReadingQuestion, _ batch: UInt64, _ leaf: [UInt8], _ data: String, _ proof: String?
  ) async throws {
    try await Consortium(path: data).with(SmartCityApp.suite, SystemClock()) { open in
      try await open.settle()
      let excerpt = try Self.excerpt(question.gateway, batch, leaf, open.sequencer)
      let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
      let finding = try excerpt.verify(policy: policy)
      for line in try ReadingQuestion.claims(excerpt, finding) ?? [] { Console.answer(line) }
      if let proof { try Self.write(try excerpt.encoded(), proof, data) }
    }
  }

  private static func write(_ bytes: [UInt8], _ proof: String, _ data: String) throws {
    try Console.write(bytes, to: proof)
    Console.say(
      "The proof, \(bytes.count) bytes, is in \(proof). Check it with: smartcity verify \(proof) --policy "
        + "\(data)/policy.txt")
  }

  static func give(
    _ question: ReadingQuestion, batches: [UInt64], evidence: [UInt8], signer: String? = nil, _ data: String,
    _ proof: String?
  ) async throws {
    let lines = try await lines(question, batches: batches, evidence: evidence, signer: signer, data, proof)
    for line in lines { Console.answer(line) }
  }

  /// Proves, verifies what was proved, and says it.
  static func lines(
    _ question: ReadingQuestion, batches: [UInt64], evidence: [UInt8], signer: String? = nil, _ data: String,
    _ proof: String?
  ) async throws -> [Message] {
    try await Consortium(path: data).with(SmartCityApp.suite, SystemClock()) { open in
      try await open.settle()
      let bundle = try open.sequencer.prove(
        question.request(batches: batches, evidence: evidence, signer: signer))
      let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
      let lines = try question.claims(try bundle.verify(policy: policy))
      if let proof { try write(bundle.encoded(), proof, data) }
      return lines
    }
  }
}
