import FinanceRules
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Value

/// `/desk`: what waits for a member, what it holds, what it owes, by maturity, and who has read its data.
struct DeskPage {
  struct Words {
    let waits: Message = "What waits for me"
    let holds: Message = "What I hold"
    let owes: Message = "What I owe"
    let reads: Message = "Reads of my data by supervisors"
    let readsText: Message = "Every read is on the ledger; it shows here after the policy's delay."
    let what: Message = "What"
    let from: Message = "With"
    let amount: Message = "Amount"
    let maturity: Message = "Maturity"
    let obligor: Message = "Obligor"
    let payee: Message = "Payee"
    let state: Message = "State"
    let note: Message = "Note"
    let time: Message = "Time (UTC)"
    let by: Message = "Read by"
    let nothing: Message = "Nothing waits."
    let noHoldings: Message = "You hold nothing."
    let noDebts: Message = "You owe nothing by notes."
    let noReads: Message = "None yet."
    let proof: Message = "Proof that this is all"
    let open: Message = "Open"
    let payments: Message = "Payment order for what is due (pain.001)"
    let logout: Message = "Log out"
  }

  struct Task {
    let what: Message
    let with: String
    let amount: String
    let path: String
    let hasPath: Bool
  }

  struct Row {
    let note: String
    let path: String
    let other: String
    let amount: String
    let maturity: String
    let tone: String
    let state: Message
  }

  struct Read {
    let time: String
    let by: String
  }

  struct Proof {
    let path: String
    let name: String
  }

  let words = Words()
  let party: String
  let about: Message
  let tasks: [Task]
  let holdings: [Row]
  let debts: [Row]
  let charts: [String]
  let reads: [Read]
  let proofs: [Proof]
  let hasDue: Bool
}

/// What a member's desk is made of, for the page and for programs.
struct DeskData {
  struct Task: Encodable {
    let kind: String
    let with: String
    let currency: String?
    let amount: Int64?
    let path: String?
    let what: Message
    /// Whom it is with, by the whole name.
    let party: String

    enum CodingKeys: String, CodingKey { case kind, with, currency, amount, path }
  }

  struct Holding: Encodable {
    let note: String
    let lot: String
    let obligor: String
    let holder: String
    let currency: String
    let open: Int64
    let maturity: String
    let state: String
    let day: Int64
    let word: Message
    let tone: String

    enum CodingKeys: String, CodingKey { case note, lot, obligor, holder, currency, open, maturity, state }
  }

  struct Debt: Encodable {
    let note: String
    let payee: String
    let currency: String
    let open: Int64
    let maturity: String
    let state: String
    let day: Int64
    let word: Message
    let tone: String

    enum CodingKeys: String, CodingKey { case note, payee, currency, open, maturity, state }
  }

  var tasks: [Task] = []
  var holdings: [Holding] = []
  var debts: [Debt] = []
  var reads: [NoteEvent] = []
  var hasDue = false

  init(_ sight: Sight, _ view: LedgerView) throws {
    let me = sight.isMe
    let notes = try FinanceServer.list(Family.notes.prefix(), view, as: Note.self).compactMap { key, note in
      Digest(key.bytes.suffix(32)).map { (id: $0, note: note) }
    }
    let byID = Dictionary(notes.map { ($0.id, $0.note) }, uniquingKeysWith: { a, _ in a })
    let lots = try FinanceServer.list(Family.lots.prefix(), view, as: Lot.self).compactMap { key, lot in
      if let note = Digest(key.bytes[1..<33]), let id = Digest(key.bytes.suffix(32)), let root = byID[note] {
        return (id: id, noteID: note, note: root, lot: lot)
      }
      return nil
    }
    for (id, note) in notes { add(id, note, me) }
    let today = Int64(view.seal.time / 86_400_000)
    for item in lots {
      add(item.lot, item.id, item.noteID, item.note, sight)
      if item.lot.existence == .live, item.lot.performance == .current, item.note.proposal.maturity <= today,
        me(item.lot.holder) || me(item.note.obligor)
      {
        let path = Shown.notePath(item.noteID)
        task("mark-due", "Mark the lot as due", item.note.obligor, item.lot.open, item.note.currency, path)
      }
      if item.lot.existence == .live, me(item.lot.holder) {
        let state = Shown.state(item.lot)
        holdings.append(
          Holding(
            note: item.noteID.hex, lot: item.id.hex, obligor: item.note.obligor, holder: item.lot.holder,
            currency: item.note.currency, open: item.lot.open, maturity: FinanceText.day(item.note.proposal.maturity),
            state: state.word.english, day: item.note.proposal.maturity, word: state.word, tone: state.tone))
      }
    }
    for (id, note) in notes where me(note.obligor) && note.status == .live {
      let own = lots.filter { $0.noteID == id && $0.lot.existence == .live }
      let state: (word: Message, tone: String) =
        own.contains { [.overdue, .defaulted].contains($0.lot.performance) }
        ? ("overdue", "bad") : own.contains { $0.lot.performance == .due } ? ("due", "warn") : Shown.state(note.status)
      hasDue = hasDue || own.contains { $0.lot.performance != .current }
      debts.append(
        Debt(
          note: id.hex, payee: note.payee, currency: note.currency,
          open: own.reduce(0) { $0 + $1.lot.open }, maturity: FinanceText.day(note.proposal.maturity),
          state: state.word.english, day: note.proposal.maturity, word: state.word, tone: state.tone))
    }
    holdings.sort { ($0.day, $0.lot) < ($1.day, $1.lot) }
    debts.sort { ($0.day, $0.note) < ($1.day, $1.note) }
    try addTrade(sight, view)
    try addGoods(sight, view)
    try addReads(sight, view)
  }

  private mutating func task(
    _ kind: String, _ what: Message, _ with: String, _ amount: Int64? = nil, _ currency: String? = nil,
    _ path: String? = nil
  ) {
    tasks.append(
      Task(
        kind: kind, with: FinanceText.party(with), currency: currency, amount: amount, path: path, what: what,
        party: with))
  }

  private mutating func add(_ id: Digest, _ note: Note, _ me: (String) -> Bool) {
    let (amount, path) = (note.proposal.amount, Shown.notePath(id))
    if note.status == .proposed, me(note.obligor) {
      task("confirm-issue", "A second person confirms the note", note.payee, amount, note.currency, path)
    }
    if note.status == .issued, me(note.payee) {
      task("accept-payment", "Accept to be paid by the note, or refuse", note.obligor, amount, note.currency, path)
    }
  }

  private mutating func add(_ lot: Lot, _ id: Digest, _ noteID: Digest, _ note: Note, _ sight: Sight) {
    guard lot.existence == .live else { return }
    let (me, path) = (sight.isMe, Shown.notePath(noteID))
    func add(_ kind: String, _ what: Message, _ with: String, _ amount: Int64) {
      task(kind, what, with, amount, note.currency, path)
    }
    switch lot.reservation {
    case .transfer where me(lot.counterparty):
      add("accept-transfer", "Take the lot over, or refuse", lot.holder, lot.open)
    case .finance where me(lot.holder): add("choose-bid", "Choose a bid", "", lot.open)
    case .finance where sight.mayBid(lot): add("bid", "Bid for the lot", note.obligor, lot.open)
    case .chosen where me(lot.counterparty): add("disburse", "Pay the proceeds", lot.holder, lot.proceeds)
    case .recourse where me(lot.priorHolder): add("recourse", "Answer the demand to buy back", lot.holder, lot.open)
    case .bought where me(lot.priorHolder): add("buyback", "Pay for the lot that is bought back", lot.holder, lot.open)
    default: break
    }
    if me(lot.pledgee), !lot.isPledgeAccepted {
      add("accept-pledge", "Accept the pledge, or refuse", lot.holder, lot.open)
    }
    if me(note.obligor), lot.performance != .current { add("pay", "Pay what is due", lot.holder, lot.open) }
  }

  private mutating func addTrade(_ sight: Sight, _ view: LedgerView) throws {
    for (_, invoice) in try FinanceServer.list(Family.invoices.prefix(), view, as: Invoice.self) {
      let filing = invoice.filing
      if sight.isMe(filing.buyer), !invoice.isApproved, !invoice.isDisputed {
        task("approve-invoice", "Approve the invoice, or dispute it", filing.seller, filing.payable, filing.currency)
      }
      if invoice.isDisputed, sight.roles.contains(.arbiter) {
        task("settle-dispute", "Settle the dispute", filing.seller, filing.payable, filing.currency)
      }
    }
  }

  private mutating func addGoods(_ sight: Sight, _ view: LedgerView) throws {
    for (_, facility) in try FinanceServer.list(Family.facilities.prefix(), view, as: Facility.self) {
      let proposal = facility.proposal
      if facility.status == .proposed, sight.isMe(proposal.financier) {
        task("accept-facility", "Accept the facility, or refuse", facility.owner, proposal.limit, proposal.currency)
      }
      if facility.requested > 0, sight.isMe(proposal.financier) {
        task("pay-drawing", "Pay the drawing", facility.owner, facility.requested, proposal.currency)
      }
    }
    for item in try ExceptionsData(sight, view).items where item.record.status != .resolved {
      task("exception", "An exception on goods is open", item.owner, nil, nil, "/exceptions")
    }
  }

  private mutating func addReads(_ sight: Sight, _ view: LedgerView) throws {
    let policy = try FinanceServer.list(Family.policies.prefix(), view, as: Policy.self).last?.value ?? Policy()
    let delay = UInt64(max(0, policy.readDelayDays)) * 86_400_000
    var found: [NoteEvent] = []
    for face in sight.faces {
      found += try FinanceServer.list(Family.reads.prefix(.sha256(face)), view, as: NoteEvent.self).map(\.value)
    }
    reads = found.filter { $0.time + delay <= view.seal.time }.sorted { $0.time < $1.time }.suffix(50).reversed()
  }
}

extension FinanceServer {
  private struct DeskAnswer: Encodable {
    let party: String
    let size: UInt64
    let waits: [DeskData.Task]
    let holds: [DeskData.Holding]
    let owes: [DeskData.Debt]
  }

  func addDesk(to router: Router<LedgerRequestContext>) {
    router.get("desk") { request, context in
      let type = try request.negotiated(of: ["application/json", "text/html"])
      if type == "text/html" {
        guard let caller = try visitor(request, context) else { return login(request) }
        return try await desk(request, caller)
      }
      let caller = try reader(request, context)
      let (sight, view) = (try await desk(of: try Self.query("party", request), caller), server.node.head)
      let data = try DeskData(sight, view)
      return try Reply.json(
        DeskAnswer(party: sight.party, size: view.size, waits: data.tasks, holds: data.holdings, owes: data.debts))
    }
    router.get("holdings/{party}/proof") { request, context in
      let caller = try reader(request, context)
      let sight = try sight(caller)
      let party = context.parameters.get("party") ?? ""
      guard sight.isMe(party) || sight.isSupervisor else {
        throw Problem(.forbidden, code: "not-yours", "Only \(party) and supervisors may see this.")
      }
      try await record(sight, asks: .holdings(party), "holdings")
      return try proof(.holdings(party), for: caller)
    }
    router.get("payments.xml") { request, context in
      let caller = try reader(request, context)
      let view = server.node.head
      let exporter = Exporter(member: caller.name, parties: try parties(caller.name, view), view: view)
      let time = (server.signer?.clock ?? SystemClock()).now()
      let bytes = try exporter.payments(day: try Day(milliseconds: time), time: time)
      var response = Reply.bytes(bytes, type: "application/xml")
      response.headers[.contentDisposition] = "attachment; filename=\"payments.xml\""
      return response
    }
  }

  /// Whose desk it is: one's own, or for a supervisor any member's, once the read is on record.
  private func desk(of party: String?, _ caller: Caller) async throws -> Sight {
    let own = try sight(caller)
    guard let party, party != own.party else { return own }
    guard own.isSupervisor else {
      throw Problem(.forbidden, code: "not-yours", "Only \(party) and supervisors may see this.")
    }
    guard server.node.head.configuration.member(party) != nil else {
      throw Problem(.notFound, code: "not-found", "There is no member \(party).")
    }
    let view = server.node.head
    let sight = Sight(party: party, faces: [party], roles: try Self.roles(party, view), isSupervisor: false)
    // The desk names others too: whom it owes, by whom it is owed, who waits for it.
    let data = try DeskData(sight, view)
    var subjects = Subjects(view)
    subjects.add(party)
    for name in data.holdings.flatMap({ [$0.obligor, $0.holder] }) + data.debts.map(\.payee) + data.tasks.map(\.party) {
      subjects.add(name)
    }
    try await record(own, reads: subjects.names, "desk")
    return sight
  }

  private func desk(_ request: Request, _ caller: Caller) async throws -> Response {
    let sight = try await desk(of: try Self.query("party", request), caller)
    let view = server.node.head
    let data = try DeskData(sight, view)
    let today = Int64(view.seal.time / 86_400_000)
    var charts: [String] = []
    for (id, title, items) in [
      ("holds", "What I hold, by maturity" as Message, data.holdings.map { ($0.currency, $0.day, $0.open) }),
      ("owes", "What I owe, by maturity", data.debts.map { ($0.currency, $0.day, $0.open) }),
    ] {
      for currency in Set(items.map(\.0)).sorted() {
        let own = items.filter { $0.0 == currency }.map { (maturity: $0.1, amount: $0.2) }
        charts.append(Shown.chart(id: "\(id)-\(currency)", title, own, currency, today: today))
      }
    }
    let page = DeskPage(
      party: sight.party, about: "\(sight.party), as of \(Shown.time(view.seal.time)) UTC",
      tasks: data.tasks.map { task in
        DeskPage.Task(
          what: task.what, with: task.with,
          amount: task.amount.map { Shown.money($0, task.currency ?? "") } ?? "", path: task.path ?? "",
          hasPath: task.path != nil)
      },
      holdings: data.holdings.map {
        DeskPage.Row(
          note: String($0.note.prefix(10)), path: "/notes/\($0.note)", other: $0.obligor,
          amount: Shown.money($0.open, $0.currency), maturity: $0.maturity, tone: $0.tone, state: $0.word)
      },
      debts: data.debts.map {
        DeskPage.Row(
          note: String($0.note.prefix(10)), path: "/notes/\($0.note)", other: $0.payee,
          amount: Shown.money($0.open, $0.currency), maturity: $0.maturity, tone: $0.tone, state: $0.word)
      }, charts: charts,
      reads: data.reads.map { DeskPage.Read(time: Shown.time($0.time), by: $0.actor) },
      proofs: sight.faces.sorted().map {
        DeskPage.Proof(path: "/holdings/\($0)/proof", name: FinanceText.party($0))
      }, hasDue: data.hasDue)
    return server.page(Page("Desk", template: "desk", content: page), to: request)
  }
}
