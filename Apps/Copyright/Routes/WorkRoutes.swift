import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights

/// Works: registering, lists, title with its proof, what goes to other systems.
extension RightsServer {
  /// Works that a list shows.
  static let worksShown = 200

  private struct WorkAnswer: Encodable {
    let work: String
    let iscc: String
    let entry: UInt64
  }

  private struct WorkItem: Encodable {
    let work: String
    let title: String
    let kind: String
    let iscc: String
    let registrant: String
    let entry: UInt64
    let time: String

    init(_ record: WorkRecord) {
      (work, title, kind, iscc) = (record.work, record.title, record.kind.name, record.iscc)
      (registrant, entry, time) = (record.registrant, record.entry, Timestamp.text(record.time))
    }
  }

  private struct WorkList: Encodable {
    let all: Int
    let works: [WorkItem]
  }

  private struct ErasedAnswer: Encodable {
    let erased: Int
  }

  private struct TitleAnswer: Encodable {
    let work: String
    let answer: [Message]
  }

  func addWorks(to router: Router<LedgerRequestContext>) {
    router.post("works") { request, context in try await register(request, context) }
    router.get("works") { request, context in
      let view = try head(context)
      let (works, all) = try self.works(view)
      if try Self.isPage(request) {
        return server.page(Page("Works", template: "works", content: WorksPage(works, all: all, self)), to: request)
      }
      return try Reply.json(WorkList(all: all, works: works.map(WorkItem.init)))
    }
    router.get("works/{work}") { request, context in
      let question = TitleQuestion(work: try Self.part("work", context), time: try Self.time(request))
      switch try Self.kind(request) {
      case "text/html":
        let view = try head(context)
        let record = try work(question.work, view)
        let content = try WorkPage(record, at: question.time, view, self)
        return server.page(Page(Message(record.title), template: "work", content: content), to: request)
      case Self.proofType:
        return try proof("title", context) { view throws(LedgerError) in try question.request(in: view) }
      default:
        let answer = try question.answer(in: try head(context))
        return try Reply.json(TitleAnswer(work: question.work, answer: answer))
      }
    }
    router.delete("works/{work}/file") { request, context in
      let count = try desk(context.caller).erase(work: try Self.part("work", context))
      return try Reply.json(ErasedAnswer(erased: count))
    }
    router.get("works/{work}/title.proof") { request, context in
      let question = TitleQuestion(work: try Self.part("work", context), time: try Self.time(request))
      return try proof("title", context) { view throws(LedgerError) in try question.request(in: view) }
    }
    router.get("works/{work}/soft-binding.cbor") { _, context in
      let record = try work(try Self.part("work", context), try head(context))
      return Reply.bytes(SoftBinding.encode(iscc: record.iscc), type: "application/cbor")
    }
    router.get("works/{work}/soft-binding.json") { _, context in
      let record = try work(try Self.part("work", context), try head(context))
      return try Reply.json(SoftBindingText(iscc: record.iscc))
    }
    router.get("works/{work}/thumbnail") { _, context in
      let view = try head(context)
      let record = try work(try Self.part("work", context), view)
      return try Self.picture(kept(record.work, record.file, view))
    }
  }

  /// A small picture of a file, or 404.
  static func picture(_ file: [UInt8]?) throws -> Response {
    guard let file, let preview = Preview.of(file) else {
      throw Problem(.notFound, code: "not-found", "There is no picture: the file is none, or not kept here.")
    }
    return Reply.bytes(preview.bytes, type: preview.type, caching: .check)
  }

  /// The newest works, newest first, and how many there are.
  func works(_ view: LedgerView) throws -> (list: [WorkRecord], all: Int) {
    let all = try view.count(CopyrightContract.works.prefix())
    // Works are in the order of their digests; of very many the newest are not found without reading all.
    let pairs = all <= 20_000 ? try view.list(CopyrightContract.works.prefix()) : []
    let records = pairs.compactMap { WorkRecord(reading: $0.value) }.sorted { $0.entry > $1.entry }
    return (Array(records.prefix(Self.worksShown)), all)
  }

  /// The ISCC as a soft binding of C2PA (c2pa.soft-binding, algorithm io.iscc.v0).
  private struct SoftBindingText: Encodable {
    struct Body: Encodable {
      struct Block: Encodable {
        struct Scope: Encodable {}
        let scope = Scope()
        let value: String
      }
      let alg = "io.iscc.v0"
      let blocks: [Block]
      let pad: [UInt8] = []
    }
    let label = "c2pa.soft-binding"
    let data: Body

    init(iscc: String) { data = Body(blocks: [Body.Block(value: iscc)]) }
  }

  /// The file as the body; title, owners and the rest in the query.
  private func register(_ request: Request, _ context: LedgerRequestContext) async throws -> Response {
    let desk = try desk(context.caller)
    guard let title = Self.query("title", request) else {
      throw Problem(.badRequest, code: "malformed", "A work has a title: POST /works?title=…&owner=PARTY=SHARE")
    }
    let query = request.uri.queryParameters
    let owners: Shares
    do { owners = try Working.shares(query.getAll("owner").map { String($0) }, else: desk.member) } catch {
      throw Problem(
        .badRequest, code: "malformed", "Owners are PARTY=SHARE, each named once, and their shares add up to 100%.")
    }
    var wish = RightsDesk.Wish(title: title, owners: owners)
    (wish.work, wish.outsideNumber) = (Self.query("id", request), Self.query("number", request))
    wish.bases = query.getAll("base").map { String($0) }
    let authors = query.getAll("author").map { String($0) }
    wish.authors = authors.isEmpty ? nil : authors
    if let created = Self.query("created", request) {
      guard let time = Timestamp.parse(created) else {
        throw Problem(.badRequest, code: "malformed", "'created' is an RFC 3339 time in UTC.")
      }
      wish.createdAt = time
    }
    guard wish.bases.count <= 8, authors.count <= 64 else {
      throw Problem(.badRequest, code: "malformed", "A work has at most 64 authors and 8 works that it is made out of.")
    }
    let bytes = try await Self.file(request)
    let registration: Registration
    let outcome: Outcome
    do {
      (registration, outcome) = try await desk.register(
        bytes, wish, hasher: Hashing.hasher, keeps: query["discard"] == nil)
    } catch let error as LedgerError { throw Self.refusal(of: error) }
    let place = try Self.place(outcome)
    var response = try Reply.json(
      WorkAnswer(work: registration.work, iscc: registration.iscc, entry: place), status: .created)
    response.headers[.location] = Self.path(registration.work)
    return response
  }
}
