public import Primitives

/// Statements that one node asks to be ordered together.
public struct Batch: Sendable {
  /// The member whose node made it.
  public let origin: String
  /// The statements, at most `Limits.batchStatements` of them in `Limits.batchBytes`.
  public let entries: [[UInt8]]
  /// The same, already verified by this very process; never crosses a wire.
  let verified: [Statement]
  /// What the node's own submitters wait for.
  let waiting: [Waiting]
}

/// A batch with its place in the order.
public struct OrderedBatch: Sendable {
  /// 1 for the first, then one more each.
  public let number: UInt64
  /// Milliseconds since 1970 that every member takes as the block's time, if later than the block before.
  public let time: UInt64
  /// The batch.
  public let batch: Batch
}

/// Puts batches into one order, the same for every member. No consensus of our own: an implementation stands on an
/// engine that has one, or on one node.
public protocol Sequencer: Sendable {
  /// Asks for a place in the order; returns once the batch has it, and waits while too many are in flight.
  func order(_ batch: Batch) async throws

  /// The next ordered batches, at least one and at most `limit`; nil once the sequencer has ended.
  func next(limit: Int) async throws -> [OrderedBatch]?

  /// Ends the order: what is in flight is still handed out, nothing more is taken.
  func finish() async
}

/// The order of one node: what arrives first comes first.
public actor EmbeddedSequencer: Sequencer {
  private let clock: any WallClock
  private var queue: [OrderedBatch] = []
  private var number: UInt64 = 0
  private var ended = false
  private var reader: CheckedContinuation<Void, Never>?
  private var writers: [CheckedContinuation<Void, Never>] = []

  /// Batches that may wait for execution before `order` holds its caller back.
  private static let depth = 4

  /// An order by this clock.
  public init(clock: any WallClock) { self.clock = clock }

  /// Takes its place at the end; waits while `depth` batches are in front.
  public func order(_ batch: Batch) async throws {
    while queue.count >= EmbeddedSequencer.depth && !ended {
      await withCheckedContinuation { writers.append($0) }
    }
    guard !ended else { throw LedgerError(.unavailable, "The node is shutting down. Submit again when it is back.") }
    number += 1
    queue.append(OrderedBatch(number: number, time: clock.now(), batch: batch))
    wakeReader()
  }

  /// The batches in front.
  public func next(limit: Int) async throws -> [OrderedBatch]? {
    while queue.isEmpty && !ended { await withCheckedContinuation { reader = $0 } }
    guard !queue.isEmpty else { return nil }
    let batches = Array(queue.prefix(limit))
    queue.removeFirst(batches.count)
    wakeWriters()
    return batches
  }

  /// Ends the order.
  public func finish() {
    ended = true
    wakeReader()
    wakeWriters()
  }

  private func wakeReader() {
    reader?.resume()
    reader = nil
  }

  private func wakeWriters() {
    let waiting = writers
    writers = []
    for writer in waiting { writer.resume() }
  }
}
