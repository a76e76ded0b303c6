import ArgumentParser
import COSE
import FinanceRules
package import Ledger
package import LedgerServer
import Primitives
import Synchronization

/// `serve` reports silent devices by itself, in the name of the member whose node sequences.
package struct FinanceServing: ServeOptions {
  @Option(help: "Seconds between looks for silent devices; 0 for never.") var silenceSeconds: Int = 30

  /// For the parser.
  package init() {}

  package func validate() throws {
    guard (0...86_400).contains(silenceSeconds) else {
      throw ValidationError("Looks for silent devices are 0 to 86400 seconds apart.")
    }
  }

  package func open(beside node: Node, data: String) async throws -> (any ServedBeside)? {
    guard silenceSeconds > 0, await node.isSequencing else { return nil }
    let keys = try Consortium(path: data).folder(node.member).keys()
    return SilenceService(MemberSigner(keys: keys, clock: SystemClock()), node, seconds: silenceSeconds)
  }
}

/// Looks for devices that are silent for longer than the policy allows, and states each once.
package final class SilenceService: ServedBeside {
  private let signer: MemberSigner
  private let node: Node
  private let seconds: Int
  private let ticker = Mutex<Task<Void, Never>?>(nil)

  package init(_ signer: MemberSigner, _ node: Node, seconds: Int) {
    (self.signer, self.node, self.seconds) = (signer, node, seconds)
  }

  /// One look; gives how many devices it has reported.
  @discardableResult
  package func look() async throws -> Int {
    let names = try SilentDevices.names(node.head, at: signer.clock.now())
    guard !names.isEmpty else { return 0 }
    var entries: [[UInt8]] = []
    for name in names {
      let action = ExceptionAction { ($0.step, $0.device) = (.reportSilence, name) }
      entries.append(
        try action.statement(
          issuer: signer.member, subject: name, time: signer.clock.now(), claimID: .random(), key: signer.keys.statement
        ).entry)
    }
    // Somebody else may have been faster: that is refused, and no fault.
    return try await node.submit(entries).count { if case .accepted = $0 { true } else { false } }
  }

  package func begin() async throws {
    ticker.withLock {
      $0 = Task {
        while !Task.isCancelled {
          do { try await look() } catch { Console.say("Silent devices cannot be reported: \("\(error)")") }
          try? await Task.sleep(for: .seconds(seconds))
        }
      }
    }
  }

  package func end() async throws {
    let task = ticker.withLock { $0 }
    task?.cancel()
    await task?.value
  }
}
