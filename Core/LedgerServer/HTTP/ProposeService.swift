internal import Ledger
internal import Logging
internal import ServiceLifecycle

/// Lets the node propose its head as a checkpoint again and again, so that what is sealed becomes final.
struct ProposeService: Service {
  let server: ServerContext
  let milliseconds: Int

  func run() async throws {
    let node = server.node
    var last: LedgerError?
    while await Pause.go(milliseconds) {
      guard node.fault == nil else { continue }
      // A task of its own: a commit is not cut short when the service is told to stop.
      let failure = await Task { () -> LedgerError? in
        do {
          try await node.propose()
          return nil
        } catch { return error as? LedgerError }
      }.value
      if let failure, failure != last { server.logger.error("No checkpoint could be proposed: \(failure.message)") }
      last = failure
      server.noteCosigners()
    }
  }
}

/// Waiting that ends early when the service is to stop.
enum Pause {
  /// Waits; false when it is time to stop.
  static func go(_ milliseconds: Int) async -> Bool {
    do {
      try await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(milliseconds)) }
      return !Task.isCancelled
    } catch { return false }
  }
}
