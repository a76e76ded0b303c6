public import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
public import Ledger
public import Logging
internal import NIOCore
internal import NIOHTTPTypes
public import Primitives
public import ServiceLifecycle
internal import UnixSignals

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
    /// The certificate and key for https; nil for http.
    public var tls: ServerTLS?
    /// What stands before the paths in `Location`, for instance `https://ledger.example`; empty for relative ones.
    public var publicURL = ""
    /// Bytes that a request's path and query may have; beyond them 414.
    public var uriBytes = 8192
    /// Bytes that the head of a request may have; beyond them 400, and the connection is closed.
    public var headBytes = 16 << 10
    /// Connections at a time; further ones wait to be accepted.
    public var connections = 1024
    /// Requests at a time; beyond them 503.
    public var requests = 512
    /// Keys that one answer of `/state/{prefix}?prefix=1` may list; beyond them 413 with narrower prefixes.
    public var stateKeys = 4_000
    /// Seconds from a connection to the end of its first request's head.
    public var headSeconds: Int64 = 15
    /// Seconds that the body of a request may take to arrive; beyond them 408.
    public var bodySeconds: Int64 = 60
    /// Seconds from a request's head until its answer has been taken.
    public var answerSeconds: Int64 = 300
    /// Seconds after which a connection without traffic is closed.
    public var idleSeconds: Int64 = 60
    /// Seconds that requests in flight have once the server is told to stop.
    public var shutdownSeconds: Int64 = 30
    /// Milliseconds that a registration waits for its receipt before it answers 303.
    public var registrationMilliseconds = 1000
    /// Milliseconds between two looks whether the head needs a checkpoint.
    public var proposeMilliseconds = 250
    /// What errors say to a client that asks for Chinese.
    public var chinese = Catalogue.server
    /// The data folder that is served, for an application that keeps something of its own beside the ledger.
    public var dataFolder: String?
    /// What runs beside the server, for the application's routes; who starts the server begins and ends it.
    public var beside: (any ServedBeside)?
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
  ///   - pages: the application's pages.
  ///   - services: run beside the server from its start to its end, for instance a `FollowService`.
  ///   - routes: adds the application's own routes after the core's.
  public init(
    node: Node, suite: ContractSuite, tokens: AccessTokens? = nil, signer: MemberSigner? = nil,
    pages: PageSet = PageSet(product: "Ledger", program: "ledger"), options: Options = Options(),
    services: [any Service] = [],
    logger: Logger = Logger(label: "ledger"), routes: @escaping Routes = { _, _ in }
  ) {
    context = ServerContext(
      node: node, suite: suite, tokens: tokens, signer: signer, receipts: options.receipts, pages: pages,
      dataFolder: options.dataFolder, beside: options.beside, logger: logger)
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
    router.add(middleware: FrontMiddleware(server: context, options: options, methods: methods))
    router.add(middleware: CallerMiddleware(server: context))
    LogRoutes(server: context).add(to: router)
    EntryRoutes(server: context, options: options).add(to: router)
    BatchRoutes(server: context).add(to: router)
    ServiceRoutes(server: context, options: options).add(to: router)
    StateRoutes(server: context, keys: options.stateKeys).add(to: router)
    OperationRoutes(server: context).add(to: router)
    PageRoutes(server: context).add(to: router)
    routes(router, context)
    methods.set(router.routes.map { ($0.path.description, $0.method) })
    let proposing = ProposeService(server: context, milliseconds: options.proposeMilliseconds)
    return Application(
      router: router,
      server: serverBuilder,
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port),
        availableConnectionsDelegate: MaximumAvailableConnections(options.connections, logger: context.logger)),
      // The server comes after these and so stops before them: what is in flight is still sealed and proposed.
      services: [proposing] + services,
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
      logger: context.logger)
  }

  private var serverBuilder: HTTPServerBuilder {
    let times = RequestDeadlines.Times(
      head: .seconds(options.headSeconds), body: .seconds(options.bodySeconds), answer: .seconds(options.answerSeconds))
    let plain = HTTPServerBuilder.http1(
      configuration: .init(
        additionalChannelHandlers: [RequestDeadlines(times)], idleTimeout: .seconds(options.idleSeconds),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: options.headBytes, maxHeaderListSize: options.headBytes, maxHeaderFieldCount: 100)))
    // The certificate and key have been read and fit each other, so this does not fail.
    guard let tls = options.tls, let secure = try? HTTPServerBuilder.tls(plain, tlsConfiguration: tls.configuration)
    else {
      precondition(options.tls == nil, "a server that was given a certificate never serves without it")
      return plain
    }
    return secure
  }

  /// Serves until SIGTERM or SIGINT, finishes the requests in flight, and returns; the caller closes the node.
  ///
  /// Throws when the address cannot be bound, or what one of the services threw.
  ///
  /// - Parameter onRunning: called with the bound port once the server listens.
  public func run(onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
    var configuration = ServiceGroupConfiguration(
      services: [application(onRunning: onRunning)], gracefulShutdownSignals: [.sigterm, .sigint],
      logger: context.logger)
    configuration.maximumGracefulShutdownDuration = .seconds(options.shutdownSeconds)
    do { try await ServiceGroup(configuration: configuration).run() } catch let error as IOError {
      throw LedgerError(
        .unavailable,
        "The address \(options.host):\(options.port) cannot be listened on (\(error)). Stop what uses it, or choose "
          + "another port.")
    }
  }
}
