internal import Edge

/// What is told of readings that came as alarms: they become statements of their own.
public protocol AlarmSink: Sendable {
  /// Messages that the gateway has found authentic and new. They may come a second time, after a crash of the gateway: the
  /// same message must not become two statements.
  func raise(_ messages: [[UInt8]]) async
}

extension EdgeIntake {
  /// The way of every class into the gateway.
  ///
  /// The sink hears of an alarm as soon as it is found authentic and new, while the gateway's own file is still being
  /// written: the statement carries the message itself, so it needs no batch. The sender is answered after both.
  func submit(
    _ batch: MessageBatch, _ slice: IntakeClass, queued: @escaping @Sendable () -> Void = {}
  ) async throws -> [IntakeOutcome] {
    guard slice == .alarm, !batch.isEmpty, let alarms else {
      return try await gateway.submit(batch, slice: slice, queued: queued)
    }
    let gateway = gateway
    let (early, tell) = AsyncStream<[IntakeOutcome]>.makeStream()
    async let answer = {
      defer { tell.finish() }
      return try await gateway.submit(batch, slice: .alarm, queued: queued) { tell.yield($0) }
    }()
    var raised: Set<Int> = []
    for await outcomes in early { await Self.raise(batch, outcomes, &raised, alarms) }
    let outcomes = try await answer
    // Readings out of their order are accepted only when their batch is closed.
    await Self.raise(batch, outcomes, &raised, alarms)
    return outcomes
  }

  private static func raise(
    _ batch: MessageBatch, _ outcomes: [IntakeOutcome], _ raised: inout Set<Int>, _ alarms: any AlarmSink
  ) async {
    var messages: [[UInt8]] = []
    for (place, outcome) in outcomes.enumerated() {
      if case .accepted = outcome, raised.insert(place).inserted { messages.append(batch.message(place)) }
    }
    if !messages.isEmpty { await alarms.raise(messages) }
  }
}
