import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights

/// `/works/W/certificate`: a registration on one sheet of paper.
struct CertificatePage {
  struct Words {
    let of: Message = "This certifies that the following work is registered on the ledger named below."
    let title: Message = "Title"
    let kind: Message = "Kind"
    let id: Message = "Work id"
    let iscc: Message = "ISCC (ISO 24138)"
    let digest: Message = "SHA-256 of the file"
    let instance: Message = "BLAKE3 of the file"
    let number: Message = "Registered elsewhere as"
    let authors: Message = "Authors"
    let created: Message = "Made, as the registrant says"
    let atFirst: Message = "Owners at registration"
    let owners: Message = "Owners now"
    let registrant: Message = "Registered by"
    let time: Message = "Registered (UTC)"
    let entry: Message = "Entry of the log"
    let ledger: Message = "Ledger"
    let checkpoint: Message = "Newest checkpoint"
    let signers: Message = "Co-signed by"
    let rules: Message = "Codes made by"
    let check: Message = "How to check"
    let checkText: Message =
      "The code leads to the work's page on the node that printed this. This sheet is for people; what counts is the proof, "
      + "which anyone checks without that node:"
    let back: Message = "The work's page"
    let proof: Message = "Download the proof"
    let print: Message = "Print it with your browser's own command; it fits one sheet of A4."
    let printed: Message = "As of"
    let disputed: Message = "It is in dispute whose this work is."
  }

  let words = Words()
  let title: String
  let kind: Message
  let id: String
  let iscc: String
  let digest: String
  let instance: String
  let number: String
  let hasNumber: Bool
  let authors: String
  let created: String
  let hasCreated: Bool
  let atFirst: String
  let owners: String
  let isChanged: Bool
  let registrant: String
  let time: String
  let entry: UInt64
  let origin: String
  let checkpoint: Message
  let root: String
  let signers: String
  let rules: String
  let address: String
  let path: String
  let qr: String
  let asOf: String
  let isDisputed: Bool

  init(_ record: WorkRecord, _ view: LedgerView, _ rights: RightsServer, base: String) throws {
    let registration = RightsServer.document(Registration.self, at: record.entry, view)
    let history = try RightsServer.history(record.work, view)
    let node = rights.server.node
    let member = view.configuration.member(record.registrant)?.title ?? ""
    (title, kind, id, iscc) = (record.title, PageWords.kind(record.kind), record.work, record.iscc)
    (digest, instance) = (record.file.hex, registration?.instance.hex ?? "")
    (number, hasNumber) = (record.outsideNumber ?? "", record.outsideNumber != nil)
    authors = (registration?.authors ?? []).prefix(12).joined(separator: ", ")
    (created, hasCreated) = (registration?.createdAt.map { Timestamp.text($0) } ?? "", registration?.createdAt != nil)
    func list(_ shares: Shares?) -> String {
      let list = shares?.list ?? []
      return list.prefix(12).map(PageWords.share).joined(separator: ", ") + (list.count > 12 ? ", …" : "")
    }
    atFirst = list(history.titles.first?.event.shares)
    owners = list(history.titles.last?.event.shares)
    isChanged = history.titles.count > 1
    registrant = member.isEmpty || member == record.registrant ? record.registrant : "\(member) (\(record.registrant))"
    (time, entry, origin) = (Timestamp.text(record.time), record.entry, node.genesis.origin)
    let final = node.final
    let size = final?.view.size ?? view.size
    checkpoint = "\(size) entries"
    root = Base64.encode(try view.root(at: min(size, view.size)).bytes)
    let lines = (final?.note).flatMap { try? SignedNote(parsing: $0) }?.signatures.map(\.name.description) ?? []
    signers = view.configuration.members.map(\.name).filter { lines.contains("\(node.genesis.origin)/\($0)") }
      .joined(separator: ", ")
    rules = registration?.hashRules ?? ""
    path = RightsServer.path(record.work)
    address = base + path
    let label: Message = "QR code of \(base + path)"
    qr = QRCode.svg(base + path, label: label.text(in: .current))
    asOf = Timestamp.text(view.seal.time)
    isDisputed = history.disputes.contains { $0.record.endedAt == nil }
  }
}

extension RightsServer {
  func addCertificates(to router: Router<LedgerRequestContext>) {
    router.get("works/{work}/certificate") { request, context in
      let view = try head(context)
      let record = try work(try Self.part("work", context), view)
      let base = "\(request.head.scheme ?? "http")://\(request.head.authority ?? "127.0.0.1")"
      let content = try CertificatePage(record, view, self, base: base)
      return server.page(
        Page("Certificate of registration", template: "certificate", content: content), to: request)
    }
  }
}
