internal import Primitives
internal import HTTPTypes
internal import Hummingbird
internal import Ledger

/// What operators and their tools ask: does it live, is it ready, how much does it do.
struct OperationRoutes: Sendable {
  let server: ServerContext

  func add(to router: Router<LedgerRequestContext>) {
    router.get("healthz") { _, _ in
      if let fault = server.node.fault { throw Problem(.serviceUnavailable, code: fault.kind.rawValue, fault.message) }
      return Reply.text("ok\n")
    }
    router.get("readyz") { _, _ in
      if let fault = server.node.fault { throw Problem(.serviceUnavailable, code: fault.kind.rawValue, fault.message) }
      guard server.node.head.size == 1 || server.node.final != nil else {
        throw Problem(
          .serviceUnavailable, code: "not-final", "No checkpoint has its quorum of co-signatures yet.",
          headers: [.retryAfter: "1"])
      }
      return Reply.text("ready\n")
    }
    router.get("metrics") { _, _ in
      server.noteCosigners()
      let members = server.node.head.configuration.members.map(\.name)
      return Reply.text(
        server.metrics.text(await gauges(), members: members), type: "text/plain; version=0.0.4; charset=utf-8")
    }
  }

  private func gauges() async -> [Metrics.Gauge] {
    let node = server.node
    let head = node.head
    let final = node.final?.view.size ?? 0
    let candidate = node.candidateNote.flatMap { try? SignedNote(parsing: $0) }.flatMap { try? Checkpoint($0) }
    return [
      Metrics.Gauge(name: "ledger_log_size", help: "Entries of the log.", value: Double(head.size)),
      Metrics.Gauge(
        name: "ledger_blocks_total", help: "Blocks sealed; the height of the last one.",
        value: Double(head.seal.height),
        isCounter: true),
      Metrics.Gauge(name: "ledger_final_size", help: "Entries that a quorum has co-signed.", value: Double(final)),
      Metrics.Gauge(
        name: "ledger_candidate_lag", help: "Entries sealed after the last checkpoint.",
        value: Double(head.size - min(head.size, candidate?.size ?? 0))),
      Metrics.Gauge(name: "ledger_state_keys", help: "Keys of the state.", value: Double(head.stateCount)),
      Metrics.Gauge(
        name: "ledger_evidence", help: "Contradicting signatures held against members.",
        value: Double(node.evidence.count)),
      Metrics.Gauge(
        name: "ledger_pending_statements", help: "Statements submitted and not yet sealed.",
        value: Double(await node.pendingStatements())),
      Metrics.Gauge(name: "ledger_fault", help: "1 when the node has stopped.", value: node.fault == nil ? 0 : 1),
    ]
  }
}
