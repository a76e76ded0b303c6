import FinanceRules
import Hummingbird
import Invoices
import Ledger
import LedgerServer
import Primitives
import Value

/// `/notes/{note}`: an undertaking's life, the tree of its lots, and the proofs.
struct NotePage {
  struct Words {
    let face: Message = "Face"
    let open: Message = "Still to be paid"
    let obligor: Message = "Obligor"
    let payee: Message = "Payee"
    let maturity: Message = "Maturity"
    let state: Message = "State"
    let tree: Message = "How it was split and passed on"
    let treeText: Message =
      "Every lot of the note; the parts of each sum to it. Holders below the first tier are shown to those who dealt with "
      + "them."
    let lots: Message = "Lots that are yours to see"
    let lot: Message = "Lot"
    let holder: Message = "Holder"
    let amount: Message = "Amount"
    let proof: Message = "Proof"
    let download: Message = "download"
    let life: Message = "What happened to it"
    let entry: Message = "Entry"
    let time: Message = "Time (UTC)"
    let what: Message = "What"
    let by: Message = "By"
    let with: Message = "With"
    let chain: Message = "Proof of the whole note"
    let none: Message = "The note has no lots: it is not live."
    let payment: Message = "payment order"
    let assigned: Message = "invoice after assignment"
  }

  struct LotRow {
    let id: String
    let holder: String
    let amount: String
    let tone: String
    let state: Message
    let proofPath: String
    let paymentPath: String
    let mayPay: Bool
    let invoicePath: String
    let isAssigned: Bool
  }

  struct Event {
    let entry: UInt64
    let time: String
    let what: Message
    let by: String
    let other: String
    let amount: String
  }

  let words = Words()
  let id: String
  let face: String
  let open: String
  let obligor: String
  let payee: String
  let maturity: String
  let tone: String
  let state: Message
  let tree: String
  let hasTree: Bool
  let lots: [LotRow]
  let events: [Event]
  let chainPath: String
  let maySeeChain: Bool
}

/// A note with its lots and its life, as one may see them.
struct NoteData {
  struct LotItem: Encodable {
    let lot: String
    let parent: String?
    let amount: Int64
    let open: Int64
    let existence: String
    let performance: String
    let state: String
    /// Absent where the reader may not know it.
    let holder: String?
    let financier: String?
    let isPledged: Bool
    let isDisputed: Bool
    let isFrozen: Bool
  }

  struct EventItem: Encodable {
    let entry: UInt64
    let time: String
    let kind: String
    let lot: String
    let actor: String?
    let other: String?
    let amount: Int64
  }

  let id: Digest
  let note: Note
  let lots: [(id: Digest, lot: Lot)]
  let events: [(entry: UInt64, event: NoteEvent)]
  let sight: Sight

  /// Nil where there is no such note among those that one may see.
  init?(_ id: Digest, _ sight: Sight, _ view: LedgerView) throws {
    guard let note: Note = try FinanceServer.record(Family.notes.key(id), view) else { return nil }
    let lots = try FinanceServer.list(Family.lots.prefix(id), view, as: Lot.self).compactMap { key, lot in
      Digest(key.bytes.suffix(32)).map { (id: $0, lot: lot) }
    }
    let events = try FinanceServer.list(Family.lives.prefix(id), view, as: NoteEvent.self).map { key, event in
      (entry: key.order, event: event)
    }
    guard sight.maySee(id, note, lots, events.map(\.event)) else { return nil }
    (self.id, self.note, self.lots, self.events, self.sight) = (id, note, lots, events, sight)
  }

  func mayName(_ id: Digest, _ lot: Lot) -> Bool {
    sight.mayName(id, note, lot, events.filter { $0.event.lot == id }.map(\.event))
  }

  /// A name in the life of a lot: shown if the lot's holder may be, or if it is oneself or a party to the note itself.
  private func name(_ name: String, of lot: Digest) -> String? {
    if name.isEmpty { return nil }
    let isRoot = lot == id
    let known = [note.obligor, note.payee].contains(name) || sight.isMe(name) || sight.isSupervisor
    let lotIsKnown = lots.first { $0.id == lot }.map { mayName($0.id, $0.lot) } ?? isRoot
    return known || (lotIsKnown && (isRoot || sight.touchesAny(lot, lots, events))) ? name : nil
  }

  var lotItems: [LotItem] {
    lots.map { id, lot in
      let isNamed = mayName(id, lot)
      return LotItem(
        lot: id.hex, parent: lot.parent?.hex, amount: lot.amount, open: lot.open, existence: lot.existence.rawValue,
        performance: lot.performance.rawValue, state: Shown.state(lot).word.english,
        holder: isNamed ? lot.holder : nil, financier: isNamed && lot.isFinanced ? lot.financier : nil,
        isPledged: lot.isPledged, isDisputed: lot.isDisputed, isFrozen: lot.isFrozen)
    }
  }

  var eventItems: [EventItem] {
    events.map { entry, event in
      EventItem(
        entry: entry, time: Timestamp.text(event.time), kind: event.kind, lot: event.lot.hex,
        actor: name(event.actor, of: event.lot), other: name(event.other, of: event.lot), amount: event.amount)
    }
  }
}

extension Sight {
  fileprivate func touchesAny(
    _ id: Digest, _ lots: [(id: Digest, lot: Lot)], _ events: [(entry: UInt64, event: NoteEvent)]
  ) -> Bool {
    guard let lot = lots.first(where: { $0.id == id })?.lot else { return false }
    return touches(id, lot, events.map(\.event))
  }
}

extension FinanceServer {
  private struct NoteAnswer: Encodable {
    let note: String
    let status: String
    let obligor: String
    let payee: String
    let currency: String
    let amount: Int64
    let settled: Int64
    let writtenOff: Int64
    let maturity: String
    let invoice: String?
    let lots: [NoteData.LotItem]
    let events: [NoteData.EventItem]
    let size: UInt64
  }

  func addNotePages(to router: Router<LedgerRequestContext>) {
    router.get("notes/{note}") { request, context in
      let type = try request.negotiated(of: ["application/json", "text/html"])
      if type == "text/html" {
        guard let caller = try visitor(request, context) else { return login(request) }
        return try notePage(try await note(context, caller), caller, request)
      }
      let data = try await note(context, try reader(request, context))
      let note = data.note
      // The invoice is between seller and buyer: those below do not learn its token.
      let knowsInvoice = data.sight.isSupervisor || data.sight.isMe(note.obligor) || data.sight.isMe(note.payee)
      return try Reply.json(
        NoteAnswer(
          note: data.id.hex, status: note.status.rawValue, obligor: note.obligor, payee: note.payee,
          currency: note.currency, amount: note.proposal.amount, settled: note.settled, writtenOff: note.writtenOff,
          maturity: FinanceText.day(note.proposal.maturity), invoice: knowsInvoice ? note.proposal.invoice.hex : nil,
          lots: data.lotItems, events: data.eventItems, size: server.node.head.size))
    }
    router.get("notes/{note}/proof") { request, context in
      let caller = try reader(request, context)
      let data = try await note(context, caller)
      guard data.lots.allSatisfy({ data.mayName($0.id, $0.lot) }) else {
        throw Problem(
          .forbidden, code: "not-yours", "The whole chain is for those who may see every holder. Ask for your own lot.")
      }
      return try proof(.chain(note: data.id), for: caller)
    }
    router.get("notes/{note}/lots/{lot}/proof") { request, context in
      let caller = try reader(request, context)
      let (data, lot) = try await lot(context, caller)
      return try proof(.holder(note: data.id, lot: lot), for: caller)
    }
    router.get("notes/{note}/lots/{lot}/payment.xml") { request, context in
      let caller = try reader(request, context)
      let (data, lot) = try await lot(context, caller)
      let view = server.node.head
      let exporter = Exporter(member: caller.name, parties: try parties(caller.name, view), view: view)
      let time = (server.signer?.clock ?? SystemClock()).now()
      return Self.file(
        try exporter.payments(only: (data.id, lot), day: try Day(milliseconds: time), time: time), "payment.xml")
    }
    router.get("notes/{note}/lots/{lot}/invoice.xml") { request, context in
      let caller = try reader(request, context)
      let (data, lot) = try await lot(context, caller)
      guard let folder = server.dataFolder, server.signer?.member == caller.name else {
        throw Problem(.notFound, code: "not-found", "The invoice's file is at the member that imported it.")
      }
      guard let bytes = PaperShelf(folder: folder, member: caller.name).invoice(data.note.proposal.invoice) else {
        throw Problem(.notFound, code: "not-found", "The invoice's file is at the member that imported it.")
      }
      let view = server.node.head
      let exporter = Exporter(member: caller.name, parties: try parties(caller.name, view), view: view)
      return Self.file(
        try exporter.invoice(bytes, note: data.id, lot: lot, registry: try RegistryFile.read(folder)), "invoice.xml")
    }
  }

  private static func file(_ bytes: [UInt8], _ name: String) -> Response {
    var response = Reply.bytes(bytes, type: "application/xml")
    response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    return response
  }

  /// The note of a path, for one who may see it; a supervisor's read is on record first.
  private func note(_ context: LedgerRequestContext, _ caller: Caller) async throws -> NoteData {
    let sight = try sight(caller)
    guard let data = try NoteData(try Self.id("note", context), sight, server.node.head) else {
      throw Problem(.notFound, code: "not-found", "There is no such note among yours.")
    }
    try await record(sight, asks: .chain(note: data.id), "note \(data.id.hex.prefix(16))")
    return data
  }

  private func lot(_ context: LedgerRequestContext, _ caller: Caller) async throws -> (NoteData, Digest) {
    let data = try await note(context, caller)
    let id = try Self.id("lot", context)
    guard let found = data.lots.first(where: { $0.id == id }), data.mayName(id, found.lot) else {
      throw Problem(.notFound, code: "not-found", "There is no such lot among yours.")
    }
    return (data, id)
  }

  private func notePage(_ data: NoteData, _ caller: Caller, _ request: Request) throws -> Response {
    let (note, currency) = (data.note, data.note.currency)
    let state = Shown.state(note.status)
    let named = data.lots.filter { data.mayName($0.id, $0.lot) }
    let tree = NoteTree(
      face: note.proposal.amount, currency: currency,
      nodes: data.lots.map { id, lot in
        NoteTree.Node(id: id, lot: lot, holder: data.mayName(id, lot) ? FinanceText.party(lot.holder) : "")
      })
    let live = data.lots.filter { $0.lot.existence == .live }
    let path = Shown.notePath(data.id)
    let page = NotePage(
      id: data.id.hex, face: Shown.money(note.proposal.amount, currency),
      open: Shown.money(live.reduce(0) { $0 + $1.lot.open }, currency), obligor: note.obligor, payee: note.payee,
      maturity: FinanceText.day(note.proposal.maturity), tone: state.tone, state: state.word,
      tree: tree.svg(
        title: "The lots of the note",
        summary:
          "\(data.lots.count) lots, \(live.count) of them live, of \(Shown.money(note.proposal.amount, currency))."),
      hasTree: !data.lots.isEmpty,
      lots: named.filter { $0.lot.existence != .consumed }.map { id, lot in
        let state = Shown.state(lot)
        let own = "\(path)/lots/\(id.hex)"
        return NotePage.LotRow(
          id: String(id.hex.prefix(10)), holder: FinanceText.party(lot.holder),
          amount: Shown.money(lot.existence == .live ? lot.open : lot.amount, currency), tone: state.tone,
          state: state.word, proofPath: own + "/proof", paymentPath: own + "/payment.xml",
          mayPay: Exporter.awaited(note, lot, from: caller.name) != nil, invoicePath: own + "/invoice.xml",
          isAssigned: lot.isFinanced && [note.payee, note.obligor, lot.financier].contains(caller.name)
            && server.signer?.member == caller.name)
      },
      events: data.eventItems.map { item in
        NotePage.Event(
          entry: item.entry, time: String(item.time.prefix(16).replacing("T", with: " ")),
          what: Shown.event(item.kind), by: FinanceText.party(item.actor ?? ""),
          other: FinanceText.party(item.other ?? ""),
          amount: item.amount == 0 || item.kind == "split" ? "" : Shown.money(item.amount, currency))
      }, chainPath: path + "/proof", maySeeChain: named.count == data.lots.count)
    return server.page(Page("Note \(FinanceText.short(data.id))", template: "note", content: page), to: request)
  }
}
