public import ArgumentParser
import Foundation
import Ledger
import Logging
import Primitives
import ServiceLifecycle
import UnixSignals

/// `follow`: a member's own node.
public struct FollowCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "follow",
      abstract: "A member's own node: pulls the log, executes it again, compares, stores, co-signs.")
  }

  @Option(help: "The address of the node that sequences, for example http://127.0.0.1:8101.") var from: String
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member whose node this is.") var member: String
  @Option(help: "An access token, where the ledger is not public; better in TALLYSTICK_TOKEN.") var token: String?
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
      let node = try await folder.open(suite: App.suite, clock: SystemClock())
      let source = try HTTPLogSource(url: from, token: token ?? ProcessInfo.processInfo.environment["TALLYSTICK_TOKEN"])
      let quiet = quiet
      let name = member
      let service = FollowService(Follower(node: node, source: source), milliseconds: interval) { progress in
        switch progress {
        case .cosigned(let size):
          if !quiet { Console.say("\(name) executed and co-signed the log of \(size) entries.") }
        case .waiting(let error, let milliseconds):
          if !quiet { Console.say("\(error.message) Trying again in \(milliseconds) ms.") }
        case .upToDate: break
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
}
