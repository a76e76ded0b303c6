public import ArgumentParser
import Foundation
import Ledger
import Logging
import Primitives
import ServiceLifecycle
import Synchronization
import UnixSignals

/// `follow`: a member's own node.
public struct FollowCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "follow",
      abstract: "A member's own node: pulls the log, executes it again, compares, stores, co-signs.",
      discussion:
        "A folder that join has made gets its genesis from the server; give --genesis to be sure that it is the one "
        + "that the other members hold.")
  }

  @Option(help: "The address of the node that sequences, for example http://127.0.0.1:8101.") var from: String
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member whose node this is.") var member: String
  @Option(help: "An access token, where the ledger is not public; better in TALLYSTICK_TOKEN.") var token: String?
  @Option(help: "A PEM file of the certificates to believe behind https, instead of this system's.") var tlsCa: String?
  @Option(help: "The SHA-256 that the ledger's genesis must have, for a node that joins.") var genesis: String?
  @Option(help: "Milliseconds between two looks.") var interval = 500
  @Flag(help: "Says nothing but errors.") var quiet = false

  /// For the parser.
  public init() {}

  /// Follows until SIGTERM or SIGINT, or until the logs differ.
  public func run() async throws {
    try await Console.run {
      let consortium = try Consortium(path: data.path)
      guard consortium.names.contains(member) else {
        throw LedgerError(
          .notFound, "There is no member '\(member)'; there are \(consortium.names.joined(separator: ", ")).")
      }
      let folder = consortium.folder(member)
      let lock = try FolderLock(
        folder, note: "a follower of \(from), process \(ProcessInfo.processInfo.processIdentifier)")
      let source = try HTTPLogSource(
        url: from, token: token ?? ProcessInfo.processInfo.environment["TALLYSTICK_TOKEN"],
        tls: try tlsCa.map { try ClientTLS(authority: $0) })
      try await begin(folder, source)
      let node = try await folder.open(suite: App.suite, clock: SystemClock())
      let announcer = Announcer(node: node, policy: consortium.isFollowing ? data.path + "/policy.txt" : nil)
      let quiet = quiet
      let name = member
      let service = FollowService(Follower(node: node, source: source), milliseconds: interval) { progress in
        announcer.writePolicy()
        switch progress {
        case .cosigned(let size):
          if !quiet { Console.say("\(name) executed and co-signed the log of \(size) entries.") }
        case .waiting(let error, let milliseconds):
          if !quiet { Console.say("\(error.message) Trying again in \(milliseconds) ms.") }
        case .upToDate(let size):
          guard !quiet, announcer.isNew(size), node.head.configuration.member(name) == nil else { break }
          Console.say(
            "\(name) executed the log of \(size) entries, and signs nothing: it is no member in this configuration.")
        }
      }
      var logger = Logger(label: App.name)
      logger.logLevel = .error
      let group = ServiceGroup(services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      do { try await group.run() } catch {
        await node.close()
        throw error
      }
      await node.close()
      lock.release()
    }
  }

  /// Gives the folder of a member that joins its genesis.
  private func begin(_ folder: MemberFolder, _ source: HTTPLogSource) async throws {
    let pinned = try genesis.map { text in
      guard let digest = Digest(hex: text) else { throw ValidationError("--genesis is 64 hexadecimal digits.") }
      return digest
    }
    let genesis = folder.isWaitingForGenesis ? try await source.genesis() : try folder.genesis()
    let digest = Digest.sha256(genesis.encoded())
    guard pinned == nil || pinned == digest else {
      throw LedgerError(
        .diverged, "The genesis of '\(genesis.origin)' has the SHA-256 \(digest), not the one given. Ask the members.")
    }
    guard folder.isWaitingForGenesis else { return }
    guard genesis.contract == App.suite.id else {
      throw LedgerError(
        .unavailable, "The server at \(from) has a ledger of '\(genesis.contract)', and this is '\(App.suite.id)'.")
    }
    try folder.adopt(genesis)
    Console.say("\(member) begins with the genesis \(digest) of \(genesis.origin). Compare it with another member's.")
  }
}

/// Keeps the trust policy beside a follower's folder that of the newest configuration it has executed.
private final class Announcer: Sendable {
  private let node: Node
  private let path: String?
  private let last = Mutex<UInt64>(0)

  init(node: Node, policy path: String?) {
    self.node = node
    self.path = path
  }

  /// Whether this size is another than the last one asked about.
  func isNew(_ size: UInt64) -> Bool {
    last.withLock { last in
      defer { last = size }
      return last != size
    }
  }

  func writePolicy() {
    guard let path, let policy = try? node.head.configuration.policy(origin: node.genesis.origin).encoded,
      (try? Console.read(path, limit: policy.count + 1)) != policy
    else { return }
    try? Console.write(policy, to: path)
  }
}
