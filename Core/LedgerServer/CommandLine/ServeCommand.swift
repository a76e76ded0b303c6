public import ArgumentParser
import Foundation
import Ledger
import Logging
import Primitives
import ServiceLifecycle

/// `serve`: the HTTP server of one member's node.
public struct ServeCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "serve",
      abstract: "Serves a member's node over HTTP: the log, the state with proofs, registration, metrics.",
      discussion:
        "The first member sequences. The others follow in processes of their own (see follow), or all in this one "
        + "with --all.")
  }

  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member whose node is served; the first one unless given.") var member:
    String?
  @Option(help: "The address to listen on.") var host = "127.0.0.1"
  @Option(help: "The port to listen on; 0 for any that is free.") var port: Int = App.port
  @Option(help: "The certificate chain for https, PEM; the server's own certificate first.") var tlsCertificate: String?
  @Option(help: "The certificate's private key, PEM; not readable by everyone.") var tlsKey: String?
  @Option(help: "The address under which others reach this server, for links; relative ones unless given.") var url:
    String?
  @Flag(help: "Lets every other member on this machine follow and co-sign in this process.") var all = false
  @OptionGroup var serving: App.Serving

  /// For the parser.
  public init() {}

  /// Serves until SIGTERM or SIGINT.
  public func run() async throws {
    try await Console.run {
      let consortium = try Consortium(path: data.path)
      let name = member ?? consortium.names[0]
      guard consortium.names.contains(name) else {
        throw LedgerError(
          .notFound, "There is no member '\(name)'; there are \(consortium.names.joined(separator: ", ")).")
      }
      guard !consortium.folder(name).isWaitingForGenesis else {
        throw LedgerError(.unavailable, "'\(name)' has keys and no ledger yet. Let its node follow first.")
      }
      let tls = try tls()
      let clock = SystemClock()
      let folder = consortium.folder(name)
      let lock = try FolderLock(folder, note: "a server that is starting")
      let node = try await folder.open(suite: App.suite, clock: clock)
      if name == consortium.sequencer { await node.sequence(with: EmbeddedSequencer(clock: clock)) }
      var others: [(Node, FolderLock)] = []
      if all {
        for other in consortium.names where other != name && !consortium.folder(other).isWaitingForGenesis {
          let lock = try FolderLock(consortium.folder(other), note: "a server of \(name)")
          others.append((try await consortium.folder(other).open(suite: App.suite, clock: clock), lock))
        }
      }
      let beside: (any ServedBeside)?
      do { beside = try await serving.open(beside: node, data: data.path) } catch {
        await node.close()
        throw error
      }
      var logger = Logger(label: App.name)
      logger.logLevel = .warning
      var options = LedgerApplication.Options(host: host, port: port)
      options.tls = tls
      options.publicURL = url ?? ""
      while options.publicURL.hasSuffix("/") { options.publicURL.removeLast() }
      options.chinese = Catalogue.server.merging(App.chinese)
      options.dataFolder = data.path
      options.beside = beside
      options.receipts = { _, index in try node.receipt(index) }
      let server = LedgerApplication(
        node: node, suite: App.suite, tokens: try AccessTokens(folder),
        signer: MemberSigner(keys: try folder.keys(), clock: clock),
        pages: App.pages, options: options,
        services: others.map { FollowService(Follower(node: $0.0, source: NodeSource(node)), milliseconds: 100) },
        logger: logger
      ) { router, context in App.addRoutes(to: router, of: context) }
      let address = "\(tls == nil ? "http" : "https")://\(host)"
      do {
        try await beside?.begin()
        try await server.run { port in
          lock.write(
            "the server of \(name) at \(address):\(port), process \(ProcessInfo.processInfo.processIdentifier)")
          Console.say(
            "\(name) serves \(node.genesis.origin) at \(address):\(port) (log of \(node.head.size) entries).")
        }
        try await beside?.end()
      } catch {
        try? await beside?.end()
        await node.close()
        throw error
      }
      await node.close()
      for (other, _) in others { await other.close() }
      lock.release()
      Console.say("Stopped; everything that was acknowledged is stored.")
    }
  }

  private func tls() throws -> ServerTLS? {
    switch (tlsCertificate, tlsKey) {
    case (nil, nil): return nil
    case (let certificate?, let key?): return try ServerTLS(certificate: certificate, key: key)
    default: throw ValidationError("Give both --tls-certificate and --tls-key, or neither.")
    }
  }
}
