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
  @Option(
    name: .customLong("as"),
    help: "The organisation that reads; a regulator's or auditor's read is put on the ledger first.")
  var member: String
  @Option(help: "Writes the proof to this file.") var proof: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  private struct Answer: Encodable {
    let question: [String]
    let answer: [String]
    let size: UInt64
    let root: String
  }

  /// Opens the ledger for a reader: refuses what it may not see, and puts a supervisor's read on record before it.
  func read<Result: Sendable>(
    _ question: FinanceQuestion, _ look: (OpenConsortium, Sight) async throws -> Result
  ) async throws -> Result {
    let consortium = try Consortium(path: data.path)
    let clock = SystemClock()
    return try await consortium.with(SupplyChainApp.suite, clock) { open in
      let view = open.sequencer.head
      guard view.configuration.member(member) != nil else {
        throw LedgerError(.notFound, "There is no member '\(member)' on this ledger.")
      }
      let roles = try FinanceServer.roles(member, view)
      let parties = try Parties(view, folder: data.path, member: member)
      let sight = Sight(
        party: member, faces: Set(parties.faces(of: member)), roles: roles,
        isSupervisor: !roles.isDisjoint(with: [.regulator, .auditor]))
      guard try sight.may(ask: question, view) else {
        throw LedgerError(.refused, "\(member) may not see this: ask for what concerns it.")
      }
      if sight.isSupervisor {
        guard consortium.names.contains(member), let keys = try? consortium.folder(member).keys() else {
          throw LedgerError(
            .refused,
            "\(member) reads where its keys are, so that the read is put on record. Nothing is shown here.")
        }
        let parties = try Subjects(of: question, view).names
        let entries = try ReadRecord.entries(
          by: member, of: parties, question.words.joined(separator: " "), key: keys.statement, time: clock.now())
        for outcome in entries.isEmpty ? [] : try await open.sequencer.submit(entries) {
          guard case .accepted = outcome else {
            throw LedgerError(.refused, "The read could not be put on record: nothing is shown.")
          }
        }
        try await open.settle()
      }
      return try await look(open, sight)
    }
  }

  /// Proves a question's lists and checks the proof against the ledger's own policy; writes it where it is asked for.
  func prove(_ question: FinanceQuestion, _ open: OpenConsortium) async throws -> VerifiedBundle {
    try await open.settle()
    let bundle = try open.sequencer.prove(question.request)
    let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
    let verified = try bundle.verify(policy: policy)
    if let proof {
      let bytes = bundle.encoded()
      try Console.write(bytes, to: proof)
      Console.say(
        "The proof, \(bytes.count) bytes, is in \(proof). Check it with: supplychain verify \(proof) --policy \(data.path)/policy.txt"
      )
    }
    return verified
  }

  /// Answers from the ledger here; from what a proof proves where one is asked for, or `isProved`.
  func answer(_ question: FinanceQuestion, isProved: Bool = false) async throws {
    try await read(question) { open, sight in
      let lines: [Message]
      let (size, root): (UInt64, Digest)
      if proof != nil || isProved {
        guard try sight.mayProve(question, open.sequencer.head) else {
          throw LedgerError(.refused, "\(member) may not have this proof: it carries what others alone may see.")
        }
        let verified = try await prove(question, open)
        lines = try SupplyChainApp.claims(verified) ?? []
        (size, root) = (verified.size, verified.root)
      } else {
        let view = open.sequencer.head
        (size, root) = (view.size, view.root)
        lines = try sight.answer(question, view)
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

/// What a reader may ask; the same as the routes' answers.
extension Sight {
  /// Whether it may ask a question at all.
  func may(ask question: FinanceQuestion, _ view: LedgerView) throws -> Bool {
    if isSupervisor { return true }
    switch question {
    case .report: return false
    case .exceptions: return true
    case .holdings(let party), .credit(let party): return isMe(party)
    case .facility(let id):
      let facility: Facility? = try FinanceServer.record(Family.facilities.key(id), view)
      return facility.map { isMe($0.owner) || isMe($0.proposal.financier) } ?? true
    case .line(let owner): return try LineItem.all(self, view).contains { $0.owner == owner }
    case .chain(let note): return try NoteData(note, self, view) != nil
    case .holder(let note, let lot):
      guard let data = try NoteData(note, self, view) else { return false }
      // Who sees the note learns that it has no such lot, or that it is gone.
      return data.lots.first { $0.id == lot }.map { data.mayName($0.id, $0.lot) } ?? true
    }
  }

  /// Whether it may see all that the proof of the answer carries.
  func mayProve(_ question: FinanceQuestion, _ view: LedgerView) throws -> Bool {
    if isSupervisor { return true }
    switch question {
    case .exceptions: return roles.contains(.operator)
    // It takes everybody's notes to show that none was left out.
    case .credit: return false
    case .chain(let note):
      guard let data = try NoteData(note, self, view) else { return false }
      return data.lots.allSatisfy { data.mayName($0.id, $0.lot) }
    case .holder, .holdings, .line, .facility, .report: return try may(ask: question, view)
    }
  }

  /// The answer in words, with what it may not see left out.
  func answer(_ question: FinanceQuestion, _ view: LedgerView) throws -> [Message] {
    if try mayProve(question, view) {
      return try question.answer(at: view.seal.time) { prefix throws(LedgerError) in try view.list(prefix) }
    }
    switch question {
    case .exceptions:
      let items = try ExceptionsData(self, view).items
      var lines: [Message] = ["\(items.count) exceptions concern \(party)."]
      lines += items.map { FinanceText.line(of: $0.record, entry: $0.entry) }
      return lines
    case .chain(let note):
      guard let data = try NoteData(note, self, view) else { return [] }
      return FinanceText.chain(data)
    case .credit(let party):
      return try Credit(party, at: view.seal.time) { prefix throws(LedgerError) in try view.list(prefix) }.lines
    case .holder, .holdings, .line, .facility, .report: return []
    }
  }
}
