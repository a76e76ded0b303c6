import COSE
import FinanceRules
import Foundation
import HTTPTypes
import Hummingbird
import Invoices
import Ledger
import LedgerServer
import Primitives

/// What the routes of the application share: who asks, what it may see, and how its statements are signed.
struct FinanceServer: Sendable {
  let server: ServerContext

  /// The media type of proofs.
  static let proofType = "application/vnd.tallystick.proof+cbor"
  /// Pairs of a list that one answer reads at most.
  static let listed = 50_000
  /// The cookie that holds a token for the pages; reads only, so that no other site can state anything by it.
  static let cookie = "tallystick-token"

  // MARK: Who asks

  /// The member or regulator that asks, by its token: the header's, or for reading the cookie's.
  func reader(_ request: Request, _ context: LedgerRequestContext) throws(Problem) -> Caller {
    var caller = context.caller
    if caller == nil, request.method == .get || request.method == .head, let token = Self.token(request) {
      caller = server.tokens?.check(token)
      if let found = caller, found.role == .member, server.node.head.configuration.member(found.name) == nil {
        caller = nil
      }
    }
    try server.requireReader(caller, of: .members)
    guard let caller else { throw Problem(.unauthorized, code: "token-needed", "Send a token.") }
    return caller
  }

  private static func token(_ request: Request) -> String? {
    for field in request.headers[values: .cookie] {
      for pair in field.split(separator: ";").prefix(64) {
        let pair = pair.drop { $0 == " " }
        if pair.hasPrefix(cookie + "=") { return String(pair.dropFirst(cookie.utf8.count + 1)) }
      }
    }
    return nil
  }

  /// What the caller may see.
  func sight(_ caller: Caller) throws -> Sight {
    let view = server.node.head
    let roles = try Self.roles(caller.name, view)
    let parties = try parties(caller.name, view)
    return Sight(
      party: caller.name, faces: Set(parties.faces(of: caller.name)), roles: roles,
      isSupervisor: caller.role == .regulator || !roles.isDisjoint(with: [.regulator, .auditor]))
  }

  static func roles(_ name: String, _ view: LedgerView) throws -> Roles {
    guard let bytes = try view.value(Family.members.key(.sha256(name))) else { return [] }
    return try MemberEntry(decoding: bytes).roles
  }

  func parties(_ member: String, _ view: LedgerView) throws(LedgerError) -> Parties {
    guard let folder = server.dataFolder else { return try Parties(view) }
    return try Parties(view, folder: folder, member: member)
  }

  // MARK: A regulator's reads

  /// Puts a regulator's read of members' data on the ledger before anything is shown; members' own reads are free.
  ///
  /// The statement is signed by the regulator's key: this server's own, or that in the data folder that it serves.
  func record(_ sight: Sight, reads members: Set<String>, _ purpose: String) async throws {
    guard sight.isSupervisor, members.contains(where: { $0 != sight.party }) else { return }
    let keys: MemberKeys
    if let signer = server.signer, signer.member == sight.party {
      keys = signer.keys
    } else if let folder = server.dataFolder, let consortium = try? Consortium(path: folder),
      consortium.names.contains(sight.party), let found = try? consortium.folder(sight.party).keys()
    {
      keys = found
    } else {
      throw Problem(
        .serviceUnavailable, code: "read-not-recorded",
        "A regulator reads at its own node, which puts the read on record. Nothing is shown here.")
    }
    let clock = server.signer?.clock ?? SystemClock()
    let entries = try ReadRecord.entries(
      by: sight.party, of: members, purpose, key: keys.statement, time: clock.now())
    for outcome in try await server.submit(entries) {
      guard case .accepted = outcome else {
        throw Problem(
          .serviceUnavailable, code: "read-not-recorded", "The read could not be put on record: nothing is shown.")
      }
    }
  }

  /// The same for the answer to a question, and for its proof: everybody whose data they carry.
  func record(_ sight: Sight, asks question: FinanceQuestion, _ purpose: String) async throws {
    guard sight.isSupervisor else { return }
    try await record(sight, reads: try Subjects(of: question, server.node.head).names, purpose)
  }

  /// The same for what the routes of the log show that every application has.
  func watchReads() {
    server.watchReads { caller, read in
      let sight = try sight(caller)
      guard sight.isSupervisor else { return }
      let view = server.node.head
      switch read {
      case .statement(let bytes):
        let subjects = try Subjects(ofEntry: bytes, view)
        try await record(sight, reads: subjects.names, "entry")
      case .state(let bytes):
        try await record(sight, reads: try Subjects(under: bytes, view).names, "state \(Hex.encode(bytes).prefix(66))")
      }
    }
  }

  // MARK: Stating

  struct Receipt: Encodable {
    let entry: UInt64
    let id: String
    /// Who cannot open what the entry seals, or what else there is to know.
    let note: String?
  }

  /// Signs a document as the member of this node and puts it on the ledger: 201, or the rule that refuses it.
  ///
  /// With `?as=~DIGITS` it is signed by that key of a lot, which the member holds in its folder.
  func state(
    _ document: some Document, about subject: String, _ request: Request, _ context: LedgerRequestContext,
    note: Message? = nil
  ) async throws -> Response {
    let face = try face(request, context)
    let (outcome, id) = try await submit(document, about: subject, context.caller, as: face)
    switch outcome {
    case .accepted(let index), .duplicate(let index):
      let note = note.map { $0.text(in: Catalogue.current) }
      return try Reply.json(Receipt(entry: index, id: id.hex, note: note), status: .created)
    case .refused(_, let refusal): throw Problem(.conflict, code: refusal.code, refusal.message)
    case .rejected(let error): throw Problem(error)
    }
  }

  func submit(
    _ document: any Document, about subject: String, _ caller: Caller?, as face: String? = nil
  ) async throws -> (Outcome, Digest) {
    let signer = try signer(caller)
    let statement: Statement
    if let face {
      guard let key = lotKeys?.key(face) else {
        throw Problem(.notFound, code: "not-found", "There is no such key in this member's folder.")
      }
      statement = try document.statement(
        issuer: face, subject: subject, time: signer.clock.now(), claimID: .random(), key: key, carryingKey: true)
    } else {
      statement = try signer.statement(
        document.encoded(), contentType: type(of: document).contentType, subject: subject, for: caller)
    }
    return (try await server.submit([statement.entry])[0], statement.id)
  }

  /// The key of a lot under which the caller acts; nil for the member itself.
  func face(_ request: Request, _ context: LedgerRequestContext) throws -> String? {
    guard let name = try Self.query("as", request) else { return nil }
    _ = try signer(context.caller)
    guard lotKeys?.key(name) != nil else {
      throw Problem(.notFound, code: "not-found", "There is no such key in this member's folder.")
    }
    return name
  }

  /// The keys of lots of this node's member.
  var lotKeys: LotKeys? {
    guard let folder = server.dataFolder, let signer = server.signer else { return nil }
    return LotKeys(folder: folder, member: signer.member)
  }

  func signer(_ caller: Caller?) throws(Problem) -> MemberSigner {
    guard let signer = server.signer else {
      throw Problem(
        .serviceUnavailable, code: "no-signer", "This server signs nothing. Post to the member's own server.")
    }
    try signer.authorize(caller)
    return signer
  }

  // MARK: Paths

  /// An id in the path: 64 hexadecimal digits.
  static func id(_ name: String, _ context: LedgerRequestContext) throws(Problem) -> Digest {
    guard let text = context.parameters.get(name), text.utf8.allSatisfy({ !(0x41...0x46).contains($0) }),
      let digest = Digest(hex: text)
    else { throw Problem(.notFound, code: "not-found", "There is nothing here: an id has 64 hexadecimal digits.") }
    return digest
  }

  static func query(_ name: String, _ request: Request) throws(Problem) -> String? {
    guard let text = request.uri.queryParameters[Substring(name)].map(String.init) else { return nil }
    guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
      throw Problem(.badRequest, code: "malformed", "The parameter \(name) is printable ASCII, 1 to 200 characters.")
    }
    return text
  }

  static func bound(_ prefix: StatePrefix, _ view: LedgerView) throws {
    guard try view.count(prefix) <= listed else {
      throw Problem(
        .contentTooLarge, code: "limit", "There is too much for one answer. Ask for one note, holder or line.")
    }
  }

  /// Everything under a prefix, bounded.
  static func list<Record: Fields>(
    _ prefix: StatePrefix, _ view: LedgerView, as type: Record.Type = Record.self
  ) throws -> [(key: StateKey, value: Record)] {
    try bound(prefix, view)
    return try Records.all(prefix, { p throws(LedgerError) in try view.list(p) }, as: type)
  }

  static func record<Record: Fields>(_ key: StateKey, _ view: LedgerView, as type: Record.Type = Record.self) throws
    -> Record?
  {
    try view.value(key).map { try Record(decoding: $0) }
  }

  // MARK: Proofs

  /// A question's proof as a file to keep.
  func proof(_ question: FinanceQuestion, for caller: Caller) throws -> Response {
    let bundle = try server.prove(for: caller) { view throws(LedgerError) in
      for prefix in question.prefixes where try view.count(prefix) > Self.listed {
        throw LedgerError(.limit, "There is too much for one answer. Ask for one note, holder or line.")
      }
      return question.request
    }
    var response = Reply.bytes(bundle.encoded(), type: Self.proofType)
    let name = question.words.joined(separator: "-").prefix(60)
    let safe = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" ? $0 : "-" })
    response.headers[.contentDisposition] = "attachment; filename=\"\(safe).proof\""
    return response
  }

  /// The proof of an answer in JSON: what the command line gives with --json.
  struct Answer: Encodable {
    let question: [String]
    let answer: [String]
    let size: UInt64
    let root: String
  }

  func answer(_ question: FinanceQuestion) throws -> Response {
    let view = server.node.head
    for prefix in question.prefixes { try Self.bound(prefix, view) }
    let lines = try question.answer(at: view.seal.time) { p throws(LedgerError) in try view.list(p) }
    return try Reply.json(
      Answer(
        question: question.words, answer: lines.map(\.english), size: view.size,
        root: try view.root(at: view.size).hex))
  }
}

/// What somebody may see of notes: what it owes, holds, held, has a lien on or may bid for, and nothing else.
///
/// Amounts of lots are in clear within a note that one may see, so that everybody checks conservation; names of holders
/// below the first tier are shown to themselves, to who passed the lot to them, and to supervisors.
struct Sight: Sendable {
  let party: String
  /// The organisation, and the keys of lots that are its.
  let faces: Set<String>
  let roles: Roles
  let isSupervisor: Bool

  /// What makes nobody a party to a lot: the note's own issue, and steps that anyone may take when their time has come.
  private static let common: Set<String> = [
    "proposed", ProposalStep.acceptIssue.rawValue, ProposalStep.acceptPayment.rawValue, ProposalStep.reject.rawValue,
    ProposalStep.withdraw.rawValue, ProposalStep.expire.rawValue, LotStep.expire.rawValue, LotStep.markDue.rawValue,
    LotStep.markOverdue.rawValue, LotStep.markDefault.rawValue,
  ]

  func isMe(_ name: String) -> Bool { faces.contains(name) }

  /// Whether the lot is one that this party holds, held, finances, has a lien on, was offered or may bid for.
  func touches(_ id: Digest, _ lot: Lot, _ events: [NoteEvent]) -> Bool {
    if [lot.holder, lot.counterparty, lot.pledgee, lot.financier, lot.priorHolder].contains(where: isMe) {
      return true
    }
    if mayBid(lot) { return true }
    return events.contains { $0.lot == id && !Sight.common.contains($0.kind) && (isMe($0.actor) || isMe($0.other)) }
  }

  /// Whether it is asked to bid: named, or any financier where nobody is.
  func mayBid(_ lot: Lot) -> Bool {
    lot.reservation == .finance && lot.existence == .live && roles.contains(.financier) && lot.invites(party)
  }

  /// Whether the note may be listed at all.
  func maySee(_ id: Digest, _ note: Note, _ lots: [(id: Digest, lot: Lot)], _ events: [NoteEvent]) -> Bool {
    isSupervisor || isMe(note.obligor) || isMe(note.payee) || lots.contains { touches($0.id, $0.lot, events) }
  }

  /// Whether the holder's name may be shown.
  func mayName(_ id: Digest, _ note: Note, _ lot: Lot, _ events: [NoteEvent]) -> Bool {
    if isSupervisor || touches(id, lot, events) { return true }
    // The first tier is known to the obligor, and at maturity it must know whom to pay.
    if isMe(note.obligor) { return lot.depth == 0 || lot.performance != .current }
    return false
  }
}
