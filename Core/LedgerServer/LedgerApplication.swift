public import Hummingbird
internal import HummingbirdCore
public import Ledger
public import Logging
internal import NIOCore
public import Primitives
public import ServiceLifecycle

/// The HTTP server of one member's node: the core's routes, an application's own, and what runs beside them.
///
///     let server = LedgerApplication(node: node, suite: suite, tokens: tokens) { router, server in
///       router.get("assets/{id}") { request, context in
///         try server.requireReader(context.caller)
///         …
///       }
///     }
///     try await server.run { port in print("listening on \(port)") }
///     await node.close()
public struct LedgerApplication: Sendable {
  /// Adds routes; called once, when the application is built.
  public typealias Routes = @Sendable (Router<LedgerRequestContext>, ServerContext) -> Void
  /// The Hummingbird application that serves them.
  public typealias Served = Application<RouterResponder<LedgerRequestContext>>

  /// Where to listen, and how much to take.
  public struct Options: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port; 0 for any that is free.
    public var port: Int
    /// Bytes that a request's path and query may have; beyond them 414.
    public var uriBytes = 8192
    /// Seconds after which a connection without traffic is closed.
    public var idleSeconds: Int64 = 60
    /// Milliseconds between two looks whether the head needs a checkpoint.
    public var proposeMilliseconds = 250
    /// What errors say to a client that asks for Chinese.
    public var chinese = Catalogue.server
    /// Makes RFC 9942 receipts; without it `/entries/{id}` answers in JSON only.
    public var receipts: ReceiptMaking?

    /// Options with the usual limits.
    public init(host: String = "127.0.0.1", port: Int = 0) {
      self.host = host
      self.port = port
    }
  }

  /// What the routes share.
  public let context: ServerContext
  private let options: Options
  private let services: [any Service]
  private let routes: Routes

  /// A server of a node, which sequences already or follows.
  ///
  /// - Parameters:
  ///   - tokens: the access tokens that are good here; nil for none, so that every caller is anonymous.
  ///   - signer: signs what this member's own people post; nil where nothing is signed.
  ///   - services: run beside the server from its start to its end, for instance a `FollowService`.
  ///   - routes: adds the application's own routes after the core's.
  public init(
    node: Node, suite: ContractSuite, tokens: AccessTokens? = nil, signer: MemberSigner? = nil,
    options: Options = Options(), services: [any Service] = [],
    logger: Logger = Logger(label: "ledger"), routes: @escaping Routes = { _, _ in }
  ) {
    context = ServerContext(
      node: node, suite: suite, tokens: tokens, signer: signer, receipts: options.receipts, logger: logger)
    self.options = options
    self.services = services
    self.routes = routes
  }

  /// The application, for tests and for hosts with a service group of their own.
  ///
  /// - Parameter onRunning: called with the bound port once the server listens.
  public func application(onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) -> Served {
    let router = Router(context: LedgerRequestContext.self, options: .autoGenerateHeadEndpoints)
    let methods = MethodTable()
    router.add(middleware: LanguageMiddleware(chinese: options.chinese))
    router.add(middleware: FrontMiddleware(server: context, uriBytes: options.uriBytes, methods: methods))
    router.add(middleware: CallerMiddleware(server: context))
    LogRoutes(server: context).add(to: router)
    EntryRoutes(server: context).add(to: router)
    StateRoutes(server: context).add(to: router)
    OperationRoutes(server: context).add(to: router)
    routes(router, context)
    methods.set(router.routes.map { ($0.path.description, $0.method) })
    let proposing = ProposeService(
      node: context.node, milliseconds: options.proposeMilliseconds, logger: context.logger)
    return Application(
      router: router,
      server: .http1(configuration: .init(idleTimeout: .seconds(options.idleSeconds))),
      configuration: ApplicationConfiguration(address: .hostname(options.host, port: options.port)),
      // The server comes after these and so stops before them: what is in flight is still sealed and proposed.
      services: [proposing] + services,
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
      logger: context.logger)
  }

  /// Serves until SIGTERM or SIGINT, finishes the requests in flight, and returns; the caller closes the node.
  ///
  /// Throws when the address cannot be bound, or what one of the services threw.
  ///
  /// - Parameter onRunning: called with the bound port once the server listens.
  public func run(onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
    do { try await application(onRunning: onRunning).runService() } catch let error as IOError {
      throw LedgerError(
        .unavailable,
        "The address \(options.host):\(options.port) cannot be listened on (\(error)). Stop what uses it, or choose "
          + "another port.")
    }
  }
}
