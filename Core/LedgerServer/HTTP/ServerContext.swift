public import Ledger
internal import Hummingbird
internal import HTTPTypes
public import Logging
internal import Primitives
internal import Synchronization

/// Makes the RFC 9942 receipt of the statement at an index, as of a final view.
public typealias ReceiptMaking = @Sendable (_ final: LedgerView, _ index: UInt64) throws -> [UInt8]

/// What somebody reads of the ledger by the routes that every application has.
public enum LedgerRead: Sendable {
  /// One statement: its entry's bytes.
  case statement([UInt8])
  /// Every value of the state whose key begins with these bytes, or is these.
  case state([UInt8])
}

/// What the routes of one server share: the node, its rules, who may read, and how statements come in.
public final class ServerContext: Sendable {
  /// The member's node.
  public let node: Node
  /// The contract's versions.
  public let suite: ContractSuite
  /// The tokens that are good here; nil where none are.
  public let tokens: AccessTokens?
  /// Signs for the node's own member; nil where the keys are elsewhere.
  public let signer: MemberSigner?
  /// The server's own log.
  public let logger: Logger
  /// The application's pages.
  public let pages: PageSet
  /// The data folder that is served, for what an application keeps beside the ledger; nil where there is none.
  public let dataFolder: String?
  /// What runs beside the server, if anything does.
  public let beside: (any ServedBeside)?
  let receipts: ReceiptMaking?
  let metrics: Metrics
  private let watcher = Mutex<(@Sendable (Caller, LedgerRead) async throws -> Void)?>(nil)

  init(
    node: Node, suite: ContractSuite, tokens: AccessTokens?, signer: MemberSigner?, receipts: ReceiptMaking?,
    pages: PageSet, dataFolder: String?, beside: (any ServedBeside)?, logger: Logger
  ) {
    self.node = node
    self.suite = suite
    self.tokens = tokens
    self.signer = signer
    self.receipts = receipts
    self.pages = pages
    self.dataFolder = dataFolder
    self.beside = beside
    self.logger = logger
    metrics = Metrics(startSeconds: Double(SystemClock().now()) / 1000)
  }

  // MARK: Reading

  /// Throws unless the caller may read what is meant for this audience: 401 without a token, 403 with another's.
  public func requireReader(_ caller: Caller?, of audience: Audience = .everyone) throws(Problem) {
    if mayRead(audience, access: node.head.configuration.access, caller: caller) { return }
    guard let caller else {
      throw .tokenNeeded("This is not public. Send a token of a member or regulator: Authorization: Bearer ts_…")
    }
    throw Problem(.forbidden, code: "not-a-reader", "The token of \(caller.name) does not allow to read this.")
  }

  /// Has the application told of what callers read by the routes that every application has, before they get it.
  ///
  /// What the closure throws is the caller's answer: nothing is shown then. The log's tiles are not told of: who copies
  /// the whole log reads all of it.
  public func watchReads(_ watch: @escaping @Sendable (Caller, LedgerRead) async throws -> Void) {
    watcher.withLock { $0 = watch }
  }

  func note(_ caller: Caller?, reads what: LedgerRead) async throws {
    guard let caller, let watch = watcher.withLock({ $0 }) else { return }
    try await watch(caller, what)
  }

  /// The rules in force as of a view.
  public func rules(of view: LedgerView) throws(LedgerError) -> any Contract {
    try suite.rules(version: view.configuration.contractVersion)
  }

  /// Makes the proof for a request as of the newest final state, within what the caller may read.
  ///
  /// Values that the contract keeps from the caller are withheld, and counted, in the bundle; a statement or document
  /// that is kept from the caller refuses the whole request with 403.
  public func prove(
    for caller: Caller?, _ make: (LedgerView) throws(LedgerError) -> ProofRequest
  ) throws -> ProofBundle {
    try requireReader(caller)
    let suite = suite
    let access = node.head.configuration.access
    var refused: Problem?
    let bundle = try node.prove { view throws(LedgerError) in
      var request = try make(view)
      if caller?.role == .regulator { return request }
      let version = view.configuration.contractVersion
      let rules = try suite.rules(version: version)
      for index in request.statements.union(request.documents) {
        guard let entry = try view.entry(index) else { continue }
        do throws(Problem) { try requireReader(caller, of: view.readers(of: entry, by: rules)) } catch {
          refused = error
          return ProofRequest(question: [])
        }
      }
      let withheld = request.withheld
      request.withheld = { key in
        guard !withheld(key), let rules = try? suite.rules(version: version) else { return true }
        return !mayRead(rules.readers(of: key), access: access, caller: caller)
      }
      return request
    }
    if let refused { throw refused }
    return bundle
  }

  // MARK: Submitting

  /// Submits statements and counts their outcomes; 503 while the queue is full, instead of waiting.
  public func submit(_ entries: [[UInt8]]) async throws -> [Outcome] {
    metrics.submitted(entries.count)
    guard await node.pendingStatements() + entries.count <= Limits.pendingStatements else {
      for _ in entries { metrics.settled("busy") }
      throw Problem(
        .serviceUnavailable, code: "busy",
        "\(Limits.pendingStatements) statements wait to be sealed. Send this one again in a second.",
        headers: [.retryAfter: "1"])
    }
    let outcomes: [Outcome]
    do { outcomes = try await node.submit(entries) } catch {
      for _ in entries { metrics.settled("failed") }
      throw error
    }
    for outcome in outcomes { metrics.settled(ServerContext.word(outcome)) }
    return outcomes
  }

  /// Looks who has co-signed the newest checkpoints, for the metrics.
  func noteCosigners() {
    let prefix = node.genesis.origin + "/"
    for bytes in [node.final?.note, node.candidateNote].compactMap({ $0 }) {
      guard let note = try? SignedNote(parsing: bytes), let checkpoint = try? Checkpoint(note) else { continue }
      let names = note.signatures.map(\.name.description).filter { $0.hasPrefix(prefix) }
      metrics.cosigned(names.map { String($0.dropFirst(prefix.count)) }, size: checkpoint.size)
    }
  }

  static func word(_ outcome: Outcome) -> String {
    switch outcome {
    case .accepted: "accepted"
    case .refused: "refused"
    case .duplicate: "duplicate"
    case .rejected(let error): error.kind == .notAuthentic ? "rejected" : "malformed"
    }
  }
}
