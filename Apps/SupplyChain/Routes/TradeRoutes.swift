import FinanceRules
import Foundation
import Hummingbird
import Invoices
import Ledger
import LedgerServer
import Primitives

/// Import, papers, invoices, credit notes, the registry and lines over HTTP.
extension FinanceServer {
  func addTrade(to router: Router<LedgerRequestContext>) {
    router.get("openapi.json") { _, _ in
      Reply.bytes(PackageResources.openapi_json, type: "application/json", caching: .check)
    }
    router.post("import") { request, context in try await take(request, context) }
    router.post("papers") { request, context in
      let me = try signer(context.caller).member
      var form = try await Form(request)
      let (kind, id) = (try form.choice("paper", [TradeKind.order, .despatch, .receipt]), try form.digest("id"))
      let (answers, day) = (try form.maybeDigest("answers"), try form.day("day"))
      let (buyer, seller) = (try form.party("buyer", or: me), try form.party("seller", or: me))
      let (text, readers) = (try sealedText(&form), try form.parties("readers"))
      try form.end()
      let content = try Sealer(view: server.node.head).seal(
        KeyTerms.text(kind.rawValue, id, [text, "from \(seller) to \(buyer)"]), salt: Sealer.salt(),
        to: [seller, buyer] + readers)
      let filing = TradeFiling {
        ($0.paper, $0.id, $0.answers, $0.day, $0.buyer, $0.seller) = (kind, id, answers, day, buyer, seller)
        $0.content = content.sealed
      }
      return try await state(filing, about: id.hex, request, context, note: content.note)
    }
    router.post("invoices") { request, context in
      let me = try signer(context.caller).member
      var form = try await Form(request)
      let (token, similar) = (try form.digest("token"), try form.digest("similar"))
      let (tokenKey, buyer) = (try form.text("tokenKey", 0...8, or: ""), try form.party("buyer"))
      let (currency, payable) = (try form.currency(), try form.amount("payable"))
      let (prepaid, receipt) = (try form.amount("prepaid", or: 0), try form.maybeDigest("receipt"))
      let (issued, delivered) = (try form.day("issueDay"), try form.day("deliveryDay"))
      let (text, readers) = (try sealedText(&form), try form.parties("readers"))
      try form.end()
      let content = try Sealer(view: server.node.head).seal(
        KeyTerms.text("invoice", token, [text, "from \(me) to \(buyer)", FinanceText.money(payable, currency)]),
        salt: Sealer.salt(), to: [me, buyer] + readers)
      let filing = InvoiceFiling {
        ($0.token, $0.similar, $0.tokenKey, $0.seller, $0.buyer) = (token, similar, tokenKey, me, buyer)
        ($0.currency, $0.payable, $0.prepaid, $0.receipt) = (currency, payable, prepaid, receipt)
        ($0.issueDay, $0.deliveryDay, $0.content) = (issued, delivered, content.sealed)
      }
      return try await state(filing, about: token.hex, request, context, note: content.note)
    }
    router.get("invoices/{token}") { request, context in try await invoice(request, context) }
    router.post("invoices/{token}/actions") { request, context in
      _ = try signer(context.caller)
      let token = try Self.id("token", context)
      var form = try await Form(request)
      let step = try form.choice("step", [InvoiceStep.approve, .dispute, .settleDispute])
      let reason = try form.reason()
      try form.end()
      return try await state(
        InvoiceAction { ($0.token, $0.step, $0.reason) = (token, step, reason) }, about: token.hex, request, context)
    }
    router.post("invoices/{token}/credit-notes") { request, context in
      _ = try signer(context.caller)
      let token = try Self.id("token", context)
      var form = try await Form(request)
      let (id, amount) = (try form.digest("id"), try form.amount("amount"))
      try form.end()
      return try await state(
        CreditNoteFiling { ($0.token, $0.id, $0.amount) = (token, id, amount) }, about: token.hex, request, context)
    }
    router.post("registry/claims") { request, context in
      _ = try signer(context.caller)
      var form = try await Form(request)
      let (token, similar) = (try form.digest("token"), try form.digest("similar"))
      let (step, reason) = (try form.choice("step", [ClaimStep.register, .finance, .cancel]), try form.reason())
      try form.end()
      let claim = RegistryClaim { ($0.token, $0.similar, $0.step, $0.reason) = (token, similar, step, reason) }
      return try await state(claim, about: token.hex, request, context)
    }
    router.post("lines") { request, context in
      _ = try signer(context.caller)
      var form = try await Form(request)
      let (kind, name) = (try form.choice("line", [LineKind.obligor, .pair, .programme]), try form.party("name"))
      let (currency, limit) = (try form.currency(), try form.amount("limit"))
      try form.end()
      let grant = LineGrant { ($0.line, $0.name, $0.currency, $0.limit) = (kind, name, currency, limit) }
      return try await state(grant, about: "line/\(name)", request, context)
    }
  }

  /// What a document says to its readers alone.
  func sealedText(_ form: inout Form) throws -> String {
    let text = try form.text("text", 0...256, or: "")
    guard text.utf8.count <= 256 else {
      throw Problem(.badRequest, code: "malformed", "/text: A sealed text has at most 256 bytes.")
    }
    return text
  }

  /// A file of the trade or of a bank, as the command `import` takes it.
  private func take(_ request: Request, _ context: LedgerRequestContext) async throws -> Response {
    let signer = try signer(context.caller)
    guard ["application/xml", "text/xml"].contains(request.mediaType) else {
      throw Problem(.unsupportedMediaType, code: "unsupported-media-type", "Send the body as application/xml.")
    }
    guard let level = ImportLevel(rawValue: try Self.query("level", request) ?? "strict") else {
      throw Problem(.badRequest, code: "malformed", "level is strict, peppol or lenient.")
    }
    let isOnlyChecked = try Self.choice("check", request)
    let approves = try Self.choice("approve", request)
    guard let folder = server.dataFolder else {
      throw Problem(.serviceUnavailable, code: "no-folder", "This server has no data folder and imports nothing.")
    }
    let bytes = try await request.bytes(upTo: XMLLimits.bytes)
    let view = server.node.head
    let importer = Importer(
      member: signer.member, level: level, approves: approves, registry: try RegistryFile.read(folder),
      parties: try parties(signer.member, view), shelf: PaperShelf(folder: folder, member: signer.member), view: view,
      readers: (try Self.query("readers", request) ?? "").split(separator: ",").prefix(16).map(String.init))
    let caller = context.caller
    let state: Importer.Stating = { document, subject in try await submit(document, about: subject, caller).0 }
    let report = try await importer.take(bytes, name: "body", state: isOnlyChecked ? nil : state)
    return try Reply.json(report, status: report.entry == nil ? .ok : .created)
  }

  static func choice(_ name: String, _ request: Request) throws(Problem) -> Bool {
    switch try query(name, request) {
    case nil, "false": return false
    case "true": return true
    default: throw Problem(.badRequest, code: "malformed", "\(name) is true or false.")
    }
  }

  private struct InvoiceItem: Encodable {
    let token: String
    let seller: String
    let buyer: String
    let currency: String
    let payable: Int64
    let open: Int64
    let credited: Int64
    let noted: Int64
    let issueDay: String
    let deliveryDay: String
    let isApproved: Bool
    let isDisputed: Bool
  }

  private func invoice(_ request: Request, _ context: LedgerRequestContext) async throws -> Response {
    let caller = try reader(request, context)
    let sight = try sight(caller)
    let token = try Self.id("token", context)
    guard let found: FinanceRules.Invoice = try Self.record(Family.invoices.key(token), server.node.head),
      sight.isSupervisor || sight.isMe(found.filing.seller) || sight.isMe(found.filing.buyer)
    else { throw Problem(.notFound, code: "not-found", "There is no such invoice among yours.") }
    let filing = found.filing
    try await record(sight, reads: [filing.seller, filing.buyer], "invoice \(token.hex.prefix(16))")
    return try Reply.json(
      InvoiceItem(
        token: token.hex, seller: filing.seller, buyer: filing.buyer, currency: filing.currency,
        payable: filing.payable, open: found.open, credited: found.credited, noted: found.noted,
        issueDay: FinanceText.day(filing.issueDay), deliveryDay: FinanceText.day(filing.deliveryDay),
        isApproved: found.isApproved, isDisputed: found.isDisputed))
  }
}
