internal import Hummingbird
internal import Ledger
internal import Primitives

/// The page of the ledger itself, the same in every application: how long the log is, who has co-signed it, what was
/// sealed last, and how to check it.
struct LedgerPage {
  struct Words {
    let entries: Message = "Entries in the log"
    let blocks: Message = "Blocks"
    let final: Message = "Co-signed by a quorum"
    let sealed: Message = "Last sealed"
    let members: Message = "Members"
    let member: Message = "Member"
    let role: Message = "Role"
    let signature: Message = "Newest final checkpoint"
    let recent: Message = "Recent blocks"
    let block: Message = "Block"
    let time: Message = "Time (UTC)"
    let statements: Message = "Statements"
    let refused: Message = "Refused"
    let none: Message = "Nothing has been sealed yet."
    let check: Message = "Check it yourself"
    let checkText: Message =
      "Take the trust policy once, from someone you trust. Any proof from this ledger can then be checked without it."
    let origin: Message = "Origin"
    let root: Message = "Root of the log"
    let stateRoot: Message = "Root of the state"
  }

  struct Row {
    let name: String
    let title: String
    let showTitle: Bool
    let role: Message
    let tone: String
    let state: Message
  }

  struct Block {
    let height: UInt64
    let time: String
    let statements: UInt64
    let refused: String
  }

  let words = Words()
  let entries: UInt64
  let blocks: UInt64
  let final: UInt64
  let sealed: String
  let root: String
  let stateRoot: String
  let origin: String
  let program: String
  let base: String
  let fault: Message?
  let members: [Row]
  let recent: [Block]

  /// Blocks that the page lists.
  private static let shown = 12

  init(_ server: ServerContext, base: String) throws(LedgerError) {
    let node = server.node
    let head = node.head
    let final = node.final
    entries = head.size
    blocks = head.seal.height
    self.final = final?.view.size ?? 0
    sealed = Timestamp.text(head.seal.time)
    root = Base64.encode(try head.root(at: head.size).bytes)
    stateRoot = head.seal.stateRoot.hex
    origin = node.genesis.origin
    program = server.pages.program
    self.base = base
    fault = node.fault?.message
    let lines = LedgerPage.signers(of: final?.note)
    members = head.configuration.members.map { member -> Row in
      let signed = lines.contains("\(node.genesis.origin)/\(member.name)")
      let state: Message = signed ? "co-signed" : "not co-signed"
      return Row(
        name: member.name, title: member.title, showTitle: !member.title.isEmpty && member.title != member.name,
        role: Message(member.role.rawValue), tone: signed ? "good" : "warn",
        state: state)
    }
    recent = try LedgerPage.recent(head)
  }

  /// The names on a note's lines.
  private static func signers(of note: [UInt8]?) -> Set<String> {
    guard let note, let parsed = try? SignedNote(parsing: note) else { return [] }
    return Set(parsed.signatures.map { $0.name.description })
  }

  /// The newest blocks, newest first; a seal says where its block began, so the one before is found from it.
  static func recent(_ view: LedgerView) throws(LedgerError) -> [Block] {
    var blocks: [Block] = []
    var seal = view.seal
    var place = view.size - 1
    while seal.height > 0, blocks.count < shown {
      let codes = Dictionary(grouping: seal.refused, by: \.code).sorted { $0.key < $1.key }
      blocks.append(
        Block(
          height: seal.height, time: Timestamp.text(seal.time), statements: place - seal.first,
          refused: codes.map { "\($0.value.count) × \($0.key)" }.joined(separator: ", ")))
      guard seal.height > 1, seal.first > 1, let entry = try view.entry(seal.first - 1) else { break }
      place = seal.first - 1
      seal = try Seal(decoding: entry[...])
    }
    return blocks
  }
}

/// The ledger's page, its events, and the files that all pages need.
struct PageRoutes: Sendable {
  let server: ServerContext

  func add(to router: Router<LedgerRequestContext>) {
    PageAssets.add(to: router)
    let server = server
    router.get("/") { request, context in
      try server.requireReader(context.caller)
      let scheme = request.head.scheme ?? "http"
      let host = request.head.authority ?? "127.0.0.1"
      let content = try LedgerPage(server, base: "\(scheme)://\(host)")
      return server.page(Page("Ledger", template: "ledger", live: "/events/ledger", content: content), to: request)
    }
    router.get("pages/ledger/recent") { _, context in
      try server.requireReader(context.caller)
      return server.fragment(try LedgerPage(server, base: ""), template: "recent")
    }
    router.get("events/ledger") { _, context in
      try server.requireReader(context.caller)
      return EventStream.response {
        let head = server.node.head
        let change = PageChange(
          text: [
            "entries": "\(head.size)", "blocks": "\(head.seal.height)", "final": "\(server.node.final?.view.size ?? 0)",
            "sealed": Timestamp.text(head.seal.time), "root": Base64.encode(try head.root(at: head.size).bytes),
            "stateRoot": head.seal.stateRoot.hex,
          ], html: ["recent": "/pages/ledger/recent"])
        return change
      }
    }
  }
}
