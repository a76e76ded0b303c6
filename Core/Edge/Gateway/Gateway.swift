public import COSE
internal import Ledger
public import Primitives

/// What makes a gateway what it is.
public struct GatewayConfiguration: Sendable {
  /// Its name: issuer and subject of its headers.
  public var name: String
  /// The key that signs headers.
  public var key: PrivateKey
  /// The quality rules by device model.
  public var rules: QualityRules
  /// How it judges times.
  public var limits = IntakeLimits()
  /// The registry's public keys, for epochs and readings of tier 3.
  public var directory: (any DeviceDirectory)?
  /// Its clock.
  public var clock: any WallClock = SystemClock()
  /// Where headers go; nil keeps them for later.
  public var anchor: (any Anchor)?
  /// Messages that may wait before a submitter is held back.
  public var queueMessages = 65_536
  /// Closed batches that may wait for the disk before readings do.
  public var pendingBatches = 32
  /// Batches between snapshots of the devices.
  public var snapshotEvery: UInt64 = 8192
  /// The longest that a batch is open, milliseconds.
  public var batchMs: UInt64 = 1000
  /// From what batch secrets follow, for seeded runs; nil for random ones.
  public var secretSeed: [UInt8]?

  /// A gateway with the figures of the design.
  public init(name: String, key: PrivateKey, rules: QualityRules = .none) {
    self.name = name
    self.key = key
    self.rules = rules
  }
}

/// The gateway on the MEC host: readings in, durable and anchored leaves out.
///
///     let gateway = try Gateway(configuration, path: "edge-1.sqlite", sessions: sessions)
///     let outcomes = try await gateway.submit(messages)
///
/// An outcome of `submit` is an acknowledgement: the leaf is on the disk and its signed header too.
public actor Gateway {
  private struct Waiter {
    let batch: UInt64
    let entry: IntakeQueue.Entry
    var outcomes: [IntakeOutcome]
    /// Late readings among them: place and ticket.
    var late: [(place: Int, ticket: UInt64)]
  }

  private let configuration: GatewayConfiguration
  let core: EdgeCore
  let store: EdgeStore
  let queue: IntakeQueue
  private var waiters: [Waiter] = []
  /// What became of late readings whose batch is not durable yet, by ticket.
  private var lateOutcomes: [UInt64: IntakeOutcome] = [:]
  private var pending: [SealedBatch] = []
  private var isCommitting = false
  private var isAnchoring = false
  private var anchoredNumbers: [UInt64] = []
  private var durableNumber: UInt64
  private var snapshotNumber: UInt64
  private var openedMs: UInt64 = 0
  private var failure: EdgeError?
  private var idle: [CheckedContinuation<Void, Never>] = []

  /// Opens a gateway's file, or makes it, and brings the devices to where it stopped.
  ///
  /// - Parameter sessions: the devices; enrolled before stored batches are gone through again.
  public init(_ configuration: GatewayConfiguration, path: String, sessions: [DeviceSession] = []) throws(EdgeError) {
    guard GatewayName.isValid(configuration.name) else {
      throw EdgeError(
        .limit,
        "A gateway's name has 1 to \(EdgeLimits.gatewayNameBytes) letters, digits, '.', '-' and '_', and no dot first.")
    }
    self.configuration = configuration
    core = EdgeCore(
      gateway: configuration.name, key: configuration.key, rules: configuration.rules, limits: configuration.limits,
      directory: configuration.directory, secretSeed: configuration.secretSeed)
    for session in sessions { core.enrol(session) }
    store = try EdgeStore(path: path, gateway: configuration.name)
    try store.recover(core)
    // Enrolled again: a snapshot does not know renewed sessions.
    for session in sessions { core.enrol(session) }
    durableNumber = core.openNumber - 1
    snapshotNumber = durableNumber
    queue = IntakeQueue(limit: configuration.queueMessages)
  }

  /// The name.
  public nonisolated var name: String { configuration.name }

  /// The number of the last durable batch.
  public var durable: UInt64 { durableNumber }

  /// Whether every closed batch is durable.
  var isSettled: Bool { !isCommitting && pending.isEmpty }

  /// What became of messages since the opening.
  public var counters: IntakeCounters { core.counters }

  /// Bytes of memory that the table of devices takes for each of them.
  public var memoryBytesPerDevice: Double { Double(core.deviceMemoryBytes) / Double(max(1, core.deviceCount)) }

  /// Signs an acknowledgement of readings that are durable.
  nonisolated func acknowledge(_ readings: [AcknowledgedReading]) throws(EdgeError) -> [UInt8] {
    try Acknowledgement(gateway: name, timeUs: configuration.clock.now() * 1000, readings)
      .signed(key: configuration.key)
  }

  /// Messages that wait to be taken in.
  public nonisolated var waiting: Int { queue.waiting }

  /// Enrols a session, or renews it: from the next message on.
  public func enrol(_ session: DeviceSession) { core.enrol(session) }

  /// Revokes a session from the next message on; false if there is none.
  @discardableResult
  public func revoke(kid: UInt64) -> Bool { core.revoke(kid: kid) }

  /// The incidents found since the last call.
  public func takeIncidents() -> [Incident] { core.incidents.take() }

  /// Takes messages in and answers when their leaves are durable, one outcome for each message in order.
  ///
  /// Suspends while too much waits, alarms excepted, which do not wait for their batch to be full or old either: it is
  /// closed for them. Throws `closed`, or what the disk said; then nothing is certain about these messages and they are to
  /// be sent again: what is there already is then a `duplicate`.
  ///
  /// - Parameters:
  ///   - queued: called once the messages have their place; who sends the next ones only then keeps their order.
  ///   - taken: called with the outcomes as they stand before they are durable, on the gateway; return at once.
  public nonisolated func submit(
    _ messages: MessageBatch, slice: IntakeClass = .ordinary, queued: @Sendable () -> Void = {},
    taken: @escaping @Sendable ([IntakeOutcome]) -> Void = { _ in }
  ) async throws -> [IntakeOutcome] {
    if messages.isEmpty { return [] }
    await queue.admit(messages.count, slice)
    return try await withCheckedThrowingContinuation { answer in
      queue.push(IntakeQueue.Entry(messages: messages, slice: slice, answer: answer, taken: taken))
      queued()
      Task { await self.work() }
    }
  }

  /// Takes messages in and says at once what became of them: no acknowledgement, for nothing is durable before the next
  /// `flush` returns.
  ///
  /// For who has one stream of messages and reads it again after a crash; calls are served in the order of their arrival.
  /// Suspends while too many closed batches wait for the disk.
  public func accept(_ messages: MessageBatch) async throws -> [IntakeOutcome] {
    while pending.count >= configuration.pendingBatches && failure == nil { await wait() }
    if let failure { throw failure }
    var outcomes: [IntakeOutcome] = []
    outcomes.reserveCapacity(messages.count)
    var late: [(place: Int, ticket: UInt64)] = []
    do { try take(messages, &outcomes, &late) } catch {
      fail(error)
      throw error
    }
    for (_, ticket) in late { lateOutcomes[ticket] = nil }
    if !core.hasContent { openedMs = 0 } else if openedMs == 0 { openedMs = configuration.clock.now() }
    commitSoon()
    return outcomes
  }

  /// Serves one waiting entry, the most urgent.
  private func work() async {
    while pending.count >= configuration.pendingBatches && failure == nil { await wait() }
    guard let entry = queue.pop() else { return }
    if let failure { return entry.answer.resume(throwing: failure) }
    var outcomes: [IntakeOutcome] = []
    outcomes.reserveCapacity(entry.messages.count)
    var late: [(place: Int, ticket: UInt64)] = []
    do {
      try take(entry.messages, &outcomes, &late)
      entry.taken(outcomes)
      if entry.slice == .alarm, core.hasContent { try sealNow() }
    } catch {
      fail(error)
      return entry.answer.resume(throwing: error)
    }
    var last: UInt64 = 0
    for outcome in outcomes {
      switch outcome {
      case .accepted(let row), .duplicate(let row): last = max(last, row.batch)
      case .late: last = .max
      case .rejected: continue
      }
    }
    waiters.append(Waiter(batch: last, entry: entry, outcomes: outcomes, late: late))
    if !core.hasContent { openedMs = 0 } else if openedMs == 0 { openedMs = configuration.clock.now() }
    settle()
    commitSoon()
  }

  private func take(
    _ messages: MessageBatch, _ outcomes: inout [IntakeOutcome], _ late: inout [(place: Int, ticket: UInt64)]
  ) throws(EdgeError) {
    var index = 0
    while index < messages.count {
      if core.isFull { try sealNow() }
      let next = messages.bytes.withUnsafeBytes { bytes in
        var place = index
        var start = place == 0 ? 0 : messages.ends[place - 1]
        while place < messages.count && !core.isFull {
          let end = messages.ends[place]
          let outcome = core.accept(
            UnsafeRawBufferPointer(rebasing: bytes[start..<end]), arrival: messages.arrivals[place])
          if outcome == .late { late.append((place, core.lateTicket)) }
          outcomes.append(outcome)
          start = end
          place += 1
        }
        return place
      }
      index = next
    }
    if core.isFull { try sealNow() }
  }

  private func sealNow(closing: Bool = false) throws(EdgeError) {
    let sealed = try core.seal(now: Int64(clamping: configuration.clock.now()) * 1000, closing: closing)
    openedMs = 0
    pending += sealed
    for batch in sealed {
      for (ticket, outcome) in batch.late { lateOutcomes[ticket] = outcome }
    }
  }

  /// Closes the open batch if it has been open long enough; to be called several times a second.
  public func tick() async throws {
    if let failure { throw failure }
    let now = configuration.clock.now()
    guard core.hasContent else { return anchorSoon() }
    if openedMs == 0 { openedMs = now }
    guard now < openedMs || now - openedMs >= configuration.batchMs else { return }
    do { try sealNow() } catch {
      fail(error)
      throw error
    }
    commitSoon()
  }

  /// Closes the open batch and waits until all is durable.
  public func flush() async throws { try await flush(closing: false) }

  /// A closing batch, whose high water is over all devices; waits until it is durable.
  public func closeSeries() async throws { try await flush(closing: true) }

  private func flush(closing: Bool) async throws {
    if let failure { throw failure }
    do { try sealNow(closing: closing) } catch {
      fail(error)
      throw error
    }
    commitSoon()
    while failure == nil && (isCommitting || !pending.isEmpty) { await wait() }
    if let failure { throw failure }
  }

  /// Closes everything, waits for the disk, keeps a snapshot of the devices and closes the file.
  public func close() async throws {
    try await flush()
    while isAnchoring { await wait() }
    try finish()
  }

  @inline(never)
  private func finish() throws {
    if !anchoredNumbers.isEmpty { try store.commitNow([], anchored: anchoredNumbers) }
    try store.saveSnapshot(core.devices, after: durableNumber)
    failure = EdgeError(.closed, "The gateway \(name) has been closed.")
    failWaiters()
    store.close()
  }

  /// Suspends until something has become durable, anchored or impossible.
  @inline(never)
  private func wait() async { await withCheckedContinuation { idle.append($0) } }

  // MARK: - To the disk and the ledger

  private func commitSoon() {
    guard !isCommitting, !pending.isEmpty, failure == nil else { return settle() }
    isCommitting = true
    Task { await commitAll() }
  }

  /// What has been closed meanwhile goes into the next transaction together.
  private func commitAll() async {
    while !pending.isEmpty && failure == nil {
      let batches = pending
      let anchored = anchoredNumbers
      anchoredNumbers = []
      do { try await store.commit(batches, anchored: anchored) } catch {
        fail(error)
        break
      }
      pending.removeFirst(batches.count)
      durableNumber = batches.last?.header.number ?? durableNumber
      settle()
      resumeIdle()
      anchorSoon()
      snapshotIfDue()
    }
    isCommitting = false
    resumeIdle()
  }

  private func snapshotIfDue() {
    // Only between batches: the devices then are what the stored batches tell.
    guard durableNumber >= snapshotNumber + configuration.snapshotEvery, pending.isEmpty, !core.hasContent else {
      return
    }
    do { try store.saveSnapshot(core.devices, after: durableNumber) } catch { return fail(error) }
    snapshotNumber = durableNumber
  }

  private func anchorSoon() {
    guard configuration.anchor != nil, !isAnchoring else { return }
    isAnchoring = true
    Task { await anchorAll() }
  }

  private func anchorAll() async {
    defer {
      isAnchoring = false
      resumeIdle()
    }
    guard let anchor = configuration.anchor else { return }
    while failure == nil {
      // Headers come from the store only: nothing is handed out that is not durable.
      if !anchoredNumbers.isEmpty {
        let numbers = anchoredNumbers
        anchoredNumbers = []
        do { try await store.commit([], anchored: numbers) } catch { return fail(error) }
      }
      guard let waiting = try? store.unanchored(limit: 64), !waiting.isEmpty else { return }
      do { try await anchor.anchor(waiting.map(\.statement)) } catch { return }
      anchoredNumbers += waiting.map(\.number)
    }
  }

  /// Answers those whose readings are durable.
  private func settle() {
    guard !waiters.isEmpty else { return }
    var left: [Waiter] = []
    for var waiter in waiters {
      if !waiter.late.isEmpty {
        waiter.late.removeAll { place, ticket in
          guard let outcome = lateOutcomes.removeValue(forKey: ticket) else { return false }
          waiter.outcomes[place] = outcome
          return true
        }
      }
      let last = waiter.late.isEmpty ? EdgeCore.lastBatch(waiter.outcomes) : .max
      if last <= durableNumber {
        waiter.entry.answer.resume(returning: waiter.outcomes)
      } else {
        left.append(waiter)
      }
    }
    waiters = left
  }

  private func fail(_ error: EdgeError) {
    if failure == nil { failure = error }
    failWaiters()
  }

  private func failWaiters() {
    guard let failure else { return }
    for waiter in waiters { waiter.entry.answer.resume(throwing: failure) }
    waiters = []
    while let entry = queue.pop() { entry.answer.resume(throwing: failure) }
    resumeIdle()
  }

  private func resumeIdle() {
    let waiting = idle
    idle = []
    for continuation in waiting { continuation.resume() }
  }
}

extension EdgeCore {
  /// The highest batch that outcomes name.
  static func lastBatch(_ outcomes: [IntakeOutcome]) -> UInt64 {
    var last: UInt64 = 0
    for outcome in outcomes {
      switch outcome {
      case .accepted(let row), .duplicate(let row): last = max(last, row.batch)
      case .late, .rejected: continue
      }
    }
    return last
  }
}
