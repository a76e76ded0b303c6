import ArgumentParser
import COSE
import FinanceRules
import Ledger
import LedgerServer
import Primitives
import Value

/// Who signs: an organisation whose folder is here, one of its persons, or a holder's key.
struct SignerOptions: ParsableArguments {
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The organisation that states it.") var member: String = ""
  @Option(help: "The person of the organisation that states it; needs --key.") var person: String = ""
  @Option(help: "The file of the person's or the holder's private key, PEM.") var key: String = ""

  /// Signs a document, puts it on the ledger and lets the members here co-sign; gives its entry and id.
  func state(_ document: some Document, about subject: String) async throws -> (entry: UInt64, id: Digest) {
    let consortium = try Consortium(path: data.path)
    let clock = SystemClock()
    let (issuer, key, isMember) = try signer(consortium)
    let statement = try document.statement(
      issuer: issuer, subject: subject, time: clock.now(), claimID: .random(), key: key, carryingKey: !isMember)
    return try await consortium.with(SupplyChainApp.suite, clock) { open in
      let outcome = try await open.sequencer.submit([statement.entry])[0]
      try await open.settle()
      return (try outcome.place(), statement.id)
    }
  }

  private func signer(_ consortium: Consortium) throws -> (String, PrivateKey, Bool) {
    if !key.isEmpty {
      let own = try PrivateKey.load(from: key)
      return (member.isEmpty ? KeyParty.name(own.publicKey.id) : "\(member)/\(person)", own, false)
    }
    guard consortium.names.contains(member) else {
      throw LedgerError(
        .notFound,
        "There is no member '\(member)' here; there are \(consortium.names.joined(separator: ", ")).")
    }
    return (member, try consortium.folder(member).keys().statement, true)
  }
}

/// A note, and a lot of it: the lot is the note itself until it has been split.
struct LotOptions: ParsableArguments {
  @Argument(help: "The note's id: 64 hexadecimal digits.") var note: String
  @Option(help: "The lot's id; the whole note unless given.") var lot: String?

  func ids() throws -> (note: Digest, lot: Digest) {
    let note = try ID.parse(note)
    return (note, try lot.map { try ID.parse($0) } ?? note)
  }
}

/// Ids, days and amounts as users write them.
enum ID {
  static func parse(_ text: String) throws -> Digest {
    guard let digest = Digest(hex: text) else {
      throw ValidationError("'\(text)' is no id: an id has 64 hexadecimal digits.")
    }
    return digest
  }
}

enum Words {
  static func day(_ text: String) throws -> Int64 {
    do { return try Day(text).number } catch { throw ValidationError("'\(text)' is no day, for example 2026-11-22.") }
  }

  static func amount(_ text: String, _ currency: String) throws -> Int64 {
    do { return try Money(text, try Currency(currency)).minorUnits } catch {
      throw ValidationError("\(error.explanation.english)")
    }
  }

  /// A time so many days from now, milliseconds since 1970.
  static func ahead(_ days: UInt64) -> UInt64 { SystemClock().now() + min(days, 3_660) * 86_400_000 }
}

/// What every question's verb takes.
struct AnswerOptions: ParsableArguments {
  @OptionGroup var data: DataOption
  @Option(help: "Writes the proof to this file.") var proof: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  private struct Answer: Encodable {
    let question: [String]
    let answer: [String]
    let size: UInt64
    let root: String
  }

  /// Answers from the ledger here; with a proof, from what the proof proves.
  func answer(_ question: FinanceQuestion) async throws {
    try await Consortium(path: data.path).with(SupplyChainApp.suite, SystemClock()) { open in
      let lines: [Message]
      let (size, root): (UInt64, Digest)
      if let proof {
        try await open.settle()
        let bundle = try open.sequencer.prove(question.request)
        let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
        let verified = try bundle.verify(policy: policy)
        lines = try SupplyChainApp.claims(verified) ?? []
        (size, root) = (verified.size, verified.root)
        let bytes = bundle.encoded()
        try Console.write(bytes, to: proof)
        Console.say(
          "The proof, \(bytes.count) bytes, is in \(proof). Check it with: supplychain verify \(proof) --policy \(data.path)/policy.txt"
        )
      } else {
        let view = open.sequencer.head
        (size, root) = (view.size, view.root)
        lines = try question.answer(at: view.seal.time) { prefix throws(LedgerError) in try view.list(prefix) }
      }
      if json {
        try Console.answer(
          json: Answer(question: question.words, answer: lines.map(\.english), size: size, root: root.hex))
      } else {
        for line in lines { Console.answer(line) }
      }
    }
  }
}
