public import FiveG

/// The readings of a scenario in order of arrival, up to a limit, as the rows that are due now.
public struct ReadingSource: ~Copyable, Sendable {
  /// What is read from.
  public let simulation: Simulation
  /// How fast.
  public let pace: StreamPace
  /// The rows at hand.
  public private(set) var batch: PacketBatch
  /// Readings handed out so far.
  public private(set) var count = 0

  private let limit: StreamLimit
  private var generator: PacketGenerator
  private var position = 0
  private var first: Int64?
  private var isOver = false

  /// What is to be done next.
  public enum Step: Equatable, Sendable {
    /// These rows of `batch` are due.
    case rows(Range<Int>)
    /// Nothing is due before so many microseconds from the first reading.
    case wait(until: Int64)
    /// There is nothing left.
    case end
  }

  /// The readings of a scenario.
  public init(_ simulation: Simulation, pace: StreamPace = .free, limit: StreamLimit = StreamLimit()) {
    self.simulation = simulation
    self.pace = pace
    self.limit = limit
    batch = PacketBatch(capacity: 4096)
    generator = PacketGenerator(simulation)
  }

  /// Rows that are due, at most `most` of them.
  ///
  /// - Parameter now: microseconds since the first reading was sent.
  public mutating func next(now: Int64, most: Int) -> Step {
    if isOver { return .end }
    while position >= batch.count {
      guard generator.next(&batch) else { return finish() }
      position = 0
    }
    let start = position
    let base = first ?? batch.arrivals[start]
    first = base
    while position < batch.count, position - start < max(1, most) {
      if let readings = limit.readings, count >= readings { break }
      if let time = limit.time, batch.arrivals[position] >= time { break }
      if pace.due(number: count, elapsed: batch.arrivals[position] - base) > now { break }
      position += 1
      count += 1
    }
    if position > start { return .rows(start..<position) }
    if let readings = limit.readings, count >= readings { return finish() }
    if let time = limit.time, batch.arrivals[position] >= time { return finish() }
    return .wait(until: pace.due(number: count, elapsed: batch.arrivals[position] - base))
  }

  private mutating func finish() -> Step {
    isOver = true
    return .end
  }
}
