public import Hummingbird
public import Ledger
public import Primitives

/// What the shared command line needs to know of an application.
public protocol LedgerApp: SendableMetatype {
  /// The name of the program.
  static var name: String { get }
  /// The contract.
  static var suite: ContractSuite { get }
  /// The port that `serve` takes unless told otherwise.
  static var port: Int { get }
  /// The application's own sentences in Simplified Chinese.
  static var chinese: Catalogue { get }
  /// The application's pages.
  static var pages: PageSet { get }

  /// What a verified bundle proves in the application's words.
  ///
  /// The core has checked every part of the bundle; this checks that the parts answer the question, and nothing was left
  /// out of the answer. Nil for questions that are none of the application's. Throws `.notProved`.
  static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]?

  /// What a verified log excerpt and the evidence beside it prove in the application's words; nil where the application
  /// knows nothing of such a statement. Throws `.notProved`.
  static func claims(_ excerpt: LogExcerpt, _ finding: LogExcerpt.Finding) throws(LedgerError) -> [Message]?

  /// What is wrong with a state by the application's own invariants, which an audit then names; the core's are checked already.
  static func faults(in view: LedgerView) throws -> [Message]

  /// The application's own options of `serve`.
  associatedtype Serving: ServeOptions = NothingBeside

  /// Adds the application's own routes to the server of a node; what runs beside it is `server.beside`.
  static func addRoutes(to router: Router<LedgerRequestContext>, of server: ServerContext)
}

extension LedgerApp {
  /// English only.
  public static var chinese: Catalogue { .english }
  /// The ledger's own page alone.
  public static var pages: PageSet { PageSet(product: Message(name), program: name) }
  /// No questions of its own.
  public static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? { nil }
  /// Nothing beside statements.
  public static func claims(_ excerpt: LogExcerpt, _ finding: LogExcerpt.Finding) throws(LedgerError) -> [Message]? {
    nil
  }
  /// No invariants of its own.
  public static func faults(in view: LedgerView) throws -> [Message] { [] }
  /// No routes of its own.
  public static func addRoutes(to router: Router<LedgerRequestContext>, of server: ServerContext) {}
}
