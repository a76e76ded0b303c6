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
  /// Only what a device's key vouches for is an alarm, for alarms are never held back. The others are ordinary messages: taken in,
  /// and refused there on record, while there is room, and refused here while there is none.
  func submit(
    _ batch: MessageBatch, _ slice: IntakeClass, queued: @escaping @Sendable () -> Void = {}
  ) async throws -> [IntakeOutcome] {
    guard slice == .alarm, !batch.isEmpty else {
      return try await gateway.submit(batch, slice: slice, queued: queued)
    }
    let marks = await gateway.vouch(batch)
    if !marks.contains(false) { return try await submitAlarms(batch, queued: queued) }
    var (alarms, others) = (MessageBatch(), MessageBatch())
    for (place, isVouched) in marks.enumerated() {
      let (message, arrival) = (batch.message(place), batch.arrivals[place])
      if isVouched { alarms.append(message, arrival: arrival) } else { others.append(message, arrival: arrival) }
    }
    let rest = others
    async let refused = refuse(rest)
    var outcomes: [IntakeOutcome] = []
    if alarms.isEmpty { queued() } else { outcomes = try await submitAlarms(alarms, queued: queued) }
    var (vouched, unvouched) = (outcomes.makeIterator(), try await refused.makeIterator())
    return marks.map { ($0 ? vouched.next() : unvouched.next()) ?? .rejected(.notAuthentic) }
  }

  private func refuse(_ messages: MessageBatch) async throws -> [IntakeOutcome] {
    guard gateway.hasRoom(for: messages.count, slice: .ordinary) else {
      return messages.ends.map { _ in .rejected(.notAuthentic) }
    }
    return try await gateway.submit(messages, slice: .ordinary)
  }

  /// The sink hears of an alarm as soon as it is found authentic and new, while the gateway's own file is still being
  /// written: the statement carries the message itself, so it needs no batch. The sender is answered after both.
  private func submitAlarms(
    _ batch: MessageBatch, queued: @escaping @Sendable () -> Void
  ) async throws -> [IntakeOutcome] {
    guard let alarms else { return try await gateway.submit(batch, slice: .alarm, queued: queued) }
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
