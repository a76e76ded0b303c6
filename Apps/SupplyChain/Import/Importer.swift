import FinanceRules
import Foundation
import Invoices
import Ledger
import Primitives
import Value

/// Takes files of the trade and of banks in: recognises, validates, matches, and states what they are on the ledger.
///
/// It is the same for the command and for the server; `state` signs a document as the member and gives its outcome.
struct Importer {
  /// Signs a document about a subject, and puts it on the ledger.
  typealias Stating = (_ document: any Document, _ subject: String) async throws -> Ledger.Outcome

  let member: String
  let level: ImportLevel
  /// Whether the buyer approves an invoice that fits its order.
  var approves = false
  let registry: RegistryKey
  let parties: Parties
  let shelf: PaperShelf?
  let view: LedgerView
  /// Who may read what is filed, besides seller, buyer and supervisors: their banks.
  var readers: [String] = []

  /// Invoices of a ledger that are looked through for the same seller and number.
  static let invoiceLimit = 200_000

  /// Reads a file, and states it; without `state` it only looks.
  func take(_ bytes: [UInt8], name: String, state: Stating?) async throws -> ImportReport {
    var report = ImportReport(file: name, level: level, digest: .sha256(bytes))
    guard let found = Recognition.look(bytes, level: level, &report) else { return report }
    switch found {
    case .bank(let evidence): try await take(evidence, &report, state)
    case .trade(let read):
      guard let document = read.document, read.isAccepted else {
        report.end(.rejected, "The document does not pass at this level.")
        return report
      }
      try await take(document, bytes, &report, state)
    }
    return report
  }

  private func take(
    _ document: TradeDocument, _ bytes: [UInt8], _ report: inout ImportReport, _ state: Stating?
  ) async throws {
    let pair = Recognition.parties(document)
    guard let seller = parties.member(pair.seller), let buyer = parties.member(pair.buyer) else {
      let unknown = parties.member(pair.seller) == nil ? pair.seller : pair.buyer
      report.end(
        .rejected,
        "\(unknown.displayName ?? unknown.registryID ?? "?") is no organisation that is known here: add a line to parties.txt."
      )
      return
    }
    (report.seller, report.buyer) = (seller, buyer)
    let trade = Trade(seller: seller, buyer: buyer, registry: registry)
    switch document {
    case .invoice(let invoice): try await take(invoice, trade, bytes, &report, state)
    case .creditNote(let note): try await credit(note, trade, bytes, &report, state)
    case .order, .despatchAdvice, .receiptAdvice: try await take(paper: document, trade, bytes, &report, state)
    }
  }

  // MARK: Invoices

  private func take(
    _ invoice: Invoices.Invoice, _ trade: Trade, _ bytes: [UInt8],
    _ report: inout ImportReport, _ state: Stating?
  ) async throws {
    let tokens = registry.tokens(of: invoice)
    (report.id, report.similar) = (tokens.exact.hex, tokens.similar.hex)
    report.duplicates = try duplicates(tokens)
    let order = invoice.order.map { trade.id(.order, $0) }
    match(invoice, tokens.exact, order, &report)
    let terms = KeyTerms.text(.invoice(invoice), trade, .sha256(bytes))
    let card = PaperShelf.Card(
      kind: "Invoice", number: invoice.number, id: tokens.exact.hex, orders: order.map { [$0.hex] } ?? [],
      salt: Hex.encode(Sealer.salt()), terms: String(decoding: terms, as: UTF8.self))
    guard let state else { return }
    let kept = try shelf?.keep(bytes, card) ?? card
    if try view.value(Family.invoices.key(tokens.exact)) != nil {
      try await approve(tokens.exact, trade, &report, state)
      return
    }
    guard member == trade.seller else {
      report.end(.otherMember, "\(trade.seller) files it: an invoice is its seller's to file.")
      return
    }
    let issued = try Self.day(invoice.issueDate)
    let receipt = try receipt(of: invoice, trade, by: issued)
    let delivered = try invoice.delivery?.date.map { try Self.day($0) } ?? receipt?.day ?? issued
    let content = try seal(kept, terms, trade)
    let filing = InvoiceFiling {
      ($0.token, $0.similar, $0.tokenKey) = (tokens.exact, tokens.similar, tokens.keyID)
      ($0.seller, $0.buyer, $0.currency) = (trade.seller, trade.buyer, invoice.currency.code)
      ($0.payable, $0.issueDay, $0.deliveryDay) = (invoice.payable.minorUnits, issued, delivered)
      ($0.receipt, $0.content) = (receipt?.id, content.sealed)
    }
    try await file(filing, tokens.exact.hex, &report, state)
    if report.outcome == .registered { report.unsealedMessage = content.note }
  }

  /// What the buyer does with an invoice that is on the ledger already; nobody files one twice.
  private func approve(
    _ token: Digest, _ trade: Trade, _ report: inout ImportReport, _ state: Stating
  ) async throws {
    let known: FinanceRules.Invoice? = try record(Family.invoices.key(token))
    guard approves, member == trade.buyer, known?.isApproved != true else {
      report.end(.known, "This invoice is on the ledger already, whatever its bytes look like.", code: "invoice-known")
      return
    }
    guard !report.differences.contains(where: \.isBlocking) else {
      report.end(.rejected, "The invoice does not fit its order: it is not approved.")
      return
    }
    try await file(
      InvoiceAction { ($0.token, $0.step) = (token, .approve) }, token.hex, &report, state, as: .approved)
  }

  /// Exact and similar ones: on this ledger, and in the registry of financed invoices.
  private func duplicates(_ tokens: RegistryTokens) throws -> [ImportReport.Duplicate] {
    var found: [ImportReport.Duplicate] = []
    func status(_ token: Digest) throws -> String {
      let entry: Registration? = try record(Family.registry.key(token))
      return entry?.status.rawValue ?? "filed"
    }
    let isFiled = try view.value(Family.invoices.key(tokens.exact)) != nil
    if try isFiled || view.value(Family.registry.key(tokens.exact)) != nil {
      found.append(.init(match: "exact", id: tokens.exact.hex, status: try status(tokens.exact)))
    }
    var others: Set<Digest> = []
    for (key, _) in try view.list(Family.similar.prefix(tokens.similar)) {
      if let other = Digest(key.bytes.suffix(Digest.byteCount)) { others.insert(other) }
    }
    for (key, invoice) in try invoices() where invoice.filing.similar == tokens.similar {
      if let other = Digest(key.bytes.suffix(Digest.byteCount)) { others.insert(other) }
    }
    for other in others.sorted(by: { $0.hex < $1.hex }) where other != tokens.exact {
      found.append(.init(match: "similar", id: other.hex, status: try status(other)))
    }
    return found
  }

  private func match(
    _ invoice: Invoices.Invoice, _ token: Digest, _ order: Digest?, _ report: inout ImportReport
  ) {
    guard let shelf, let order else { return }
    var (orders, despatches, receipts): ([Order], [DespatchAdvice], [ReceiptAdvice]) = ([], [], [])
    for one in shelf.documents(ofOrder: order) {
      switch one {
      case .order(let order): orders.append(order)
      case .despatchAdvice(let advice): despatches.append(advice)
      case .receiptAdvice(let advice): receipts.append(advice)
      case .invoice, .creditNote: break
      }
    }
    guard let first = orders.first else { return }
    var (net, credits): (Invoices.Invoice, [String]) = (invoice, [])
    for case .creditNote(let credit) in shelf.documents(ofOrder: token) {
      net.reduce(by: credit)
      credits.append(credit.number)
    }
    let match = ThreeWayMatch(order: first, despatches: despatches, receipts: receipts, invoice: net)
    report.matchedWith = [first.number] + despatches.map(\.number) + receipts.map(\.number) + credits
    report.differences = match.differences.map { ImportReport.Difference($0) }
  }

  /// The receipt advice on the ledger that an invoice stands on, as far as the invoice's day allows.
  private func receipt(
    of invoice: Invoices.Invoice, _ trade: Trade, by day: Int64
  ) throws -> (id: Digest, day: Int64)? {
    var candidates: [Digest] = []
    if let number = invoice.receiptAdvice { candidates.append(trade.id(.receipt, number)) }
    for id in candidates {
      if let paper: TradeFiling = try record(Family.papers.key(id)), paper.paper == .receipt, paper.day <= day {
        return (id, paper.day)
      }
    }
    return nil
  }

  // MARK: Credit notes

  private func credit(
    _ credit: Invoices.Invoice, _ trade: Trade, _ bytes: [UInt8],
    _ report: inout ImportReport, _ state: Stating?
  ) async throws {
    let id = registry.tokens(of: credit).exact
    report.id = id.hex
    report.matchedWith = credit.precedingInvoices.map(\.id)
    let similar = Set(credit.precedingInvoices.map { registry.similar(seller: credit.seller, number: $0.id) })
    let found = try invoices().filter {
      similar.contains($0.value.filing.similar) && $0.value.filing.buyer == trade.buyer
    }
    let isKnown = try view.value(Family.papers.key(id)) != nil
    guard found.count == 1, let key = found.first?.key, let token = Digest(key.bytes.suffix(Digest.byteCount)) else {
      report.end(.rejected, "The invoice that this credit note takes back from is not on the ledger.")
      return
    }
    guard let state else { return }
    try shelf?.keep(
      bytes,
      PaperShelf.Card(
        kind: "CreditNote", number: credit.number, id: id.hex, orders: [token.hex], salt: Hex.encode(Sealer.salt())))
    if isKnown {
      report.end(.known, "A paper or credit note with this id is on the ledger already.", code: "paper-known")
      return
    }
    guard member == trade.seller else {
      report.end(.otherMember, "\(trade.seller) files it: a credit note is its seller's to file.")
      return
    }
    let amount = credit.payable.minorUnits
    try await file(
      CreditNoteFiling { ($0.token, $0.id, $0.amount) = (token, id, amount) }, token.hex, &report, state)
  }

  // MARK: Orders, despatch and receipt advices

  private func take(
    paper document: TradeDocument, _ trade: Trade, _ bytes: [UInt8], _ report: inout ImportReport, _ state: Stating?
  ) async throws {
    let kind = Trade.kind(document)
    let id = trade.id(kind, document.number)
    report.id = id.hex
    var (answers, orders): (Digest?, [Digest]) = (nil, [])
    switch document {
    case .order: orders = [id]
    case .despatchAdvice(let advice):
      orders = advice.orders.map { trade.id(.order, $0) }
      answers = orders.first
      report.matchedWith = advice.orders
    case .receiptAdvice(let advice):
      orders = advice.orders.map { trade.id(.order, $0) }
      answers = advice.despatchAdvices.first.map { trade.id(.despatch, $0) }
      report.matchedWith = advice.despatchAdvices + advice.orders
      if answers == nil, let order = orders.first { answers = try despatch(of: order) }
    case .invoice, .creditNote: break
    }
    guard let state else { return }
    let terms = KeyTerms.text(document, trade, .sha256(bytes))
    let card = PaperShelf.Card(
      kind: document.kind.rawValue, number: document.number, id: id.hex, orders: orders.map(\.hex),
      salt: Hex.encode(Sealer.salt()), terms: String(decoding: terms, as: UTF8.self))
    let kept = try shelf?.keep(bytes, card) ?? card
    if try view.value(Family.papers.key(id)) != nil {
      report.end(.known, "A paper or credit note with this id is on the ledger already.", code: "paper-known")
      return
    }
    let issuer = kind == .despatch ? trade.seller : trade.buyer
    guard member == issuer else {
      report.end(.otherMember, "\(issuer) files it: a paper is its issuer's to file.")
      return
    }
    let (before, day) = (answers, try Self.day(document.issueDate))
    let content = try seal(kept, terms, trade)
    let filing = TradeFiling {
      ($0.paper, $0.id, $0.answers, $0.day) = (kind, id, before, day)
      ($0.buyer, $0.seller, $0.content) = (trade.buyer, trade.seller, content.sealed)
    }
    try await file(filing, id.hex, &report, state)
    if report.outcome == .registered { report.unsealedMessage = content.note }
  }

  /// The only despatch of an order on the ledger.
  private func despatch(of order: Digest) throws -> Digest? {
    var found: [Digest] = []
    for (key, value) in try view.list(Family.papers.prefix()) {
      guard let paper = try? TradeFiling(decoding: value), paper.paper == .despatch, paper.answers == order else {
        continue
      }
      if let id = Digest(key.bytes.suffix(Digest.byteCount)) { found.append(id) }
    }
    return found.count == 1 ? found[0] : nil
  }

  // MARK: What they share

  func file(
    _ document: any Document, _ subject: String, _ report: inout ImportReport, _ state: Stating,
    as outcome: ImportReport.Outcome = .registered
  ) async throws {
    switch try await state(document, subject) {
    case .accepted(let index), .duplicate(let index):
      report.entry = index
      report.end(outcome)
    case .refused(let index, let refusal):
      report.entry = index
      report.end(.refused, refusal.message, code: refusal.code)
    case .rejected(let error): throw error
    }
  }

  func record<Record: Fields>(_ key: StateKey) throws -> Record? {
    guard let bytes = try view.value(key) else { return nil }
    return try? Record(decoding: bytes)
  }

  private func invoices() throws -> [(key: StateKey, value: FinanceRules.Invoice)] {
    guard try view.count(Family.invoices.prefix()) <= Importer.invoiceLimit else { return [] }
    return try Records.all(
      Family.invoices.prefix(), { p throws(LedgerError) in try view.list(p) }, as: FinanceRules.Invoice.self)
  }

  /// Seals what is on a file's card to seller, buyer, supervisors and the readers that were named.
  private func seal(_ card: PaperShelf.Card, _ terms: [UInt8], _ trade: Trade) throws -> Sealer.Result {
    try Sealer(view: view).seal(
      card.terms.map { Array($0.utf8) } ?? terms, salt: Hex.decode(card.salt) ?? Sealer.salt(),
      to: [trade.seller, trade.buyer] + readers)
  }

  /// A day's number; the rules have none before 1970.
  static func day(_ date: CalendarDate) throws -> Int64 {
    guard let day = try? Day(date.description).number, (0...84_000).contains(day) else {
      throw LedgerError(.malformed, "\(date.description) is no day that the ledger has.")
    }
    return day
  }
}

/// Seller and buyer of a paper, and the keyed names of their papers: each side finds the other's by the number alone.
struct Trade {
  let seller: String
  let buyer: String
  let registry: RegistryKey

  func id(_ kind: TradeKind, _ number: String) -> Digest {
    registry.code(for: "\(kind.rawValue)|\(buyer)|\(seller)|\(CanonicalFields.identifier(number))")
  }

  static func kind(_ document: TradeDocument) -> TradeKind {
    switch document {
    case .despatchAdvice: .despatch
    case .receiptAdvice: .receipt
    default: .order
    }
  }
}
