internal import Edge

/// What is told of readings that came as alarms, once they are durable: they become statements of their own.
public protocol AlarmSink: Sendable {
  /// Messages that the gateway has found authentic and new.
  func raise(_ messages: [[UInt8]]) async
}

extension EdgeIntake {
  /// The way of every class into the gateway.
  ///
  /// An alarm does not wait for its batch to be full or old: the batch is closed for it, and when that is durable the sink
  /// hears of it, before the sender does.
  func submit(
    _ batch: MessageBatch, _ slice: IntakeClass, queued: @escaping @Sendable () -> Void = {}
  ) async throws -> [IntakeOutcome] {
    guard slice == .alarm, !batch.isEmpty else { return try await gateway.submit(batch, slice: slice, queued: queued) }
    let gateway = gateway
    let outcomes = try await withThrowingTaskGroup(of: [IntakeOutcome]?.self) { group in
      group.addTask { try await gateway.submit(batch, slice: .alarm, queued: queued) }
      group.addTask {
        while !Task.isCancelled {
          try await gateway.flush()
          do { try await Task.sleep(for: .milliseconds(1)) } catch { return nil }
        }
        return nil
      }
      defer { group.cancelAll() }
      while let outcomes = try await group.next() {
        if let outcomes { return outcomes }
      }
      return []
    }
    if let alarms {
      let raised = outcomes.indices.filter { place in
        if case .accepted = outcomes[place] { true } else { false }
      }
      if !raised.isEmpty { await alarms.raise(raised.map { batch.message($0) }) }
    }
    return outcomes
  }
}
