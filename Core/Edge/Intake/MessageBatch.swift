/// Messages one after another in one piece of memory, with their arrivals: what is handed to a gateway at once.
public struct MessageBatch: Sendable {
  /// The messages' bytes.
  public private(set) var bytes: [UInt8] = []
  /// Where each message ends in `bytes`.
  public private(set) var ends: [Int] = []
  /// When each came, microseconds since 1970.
  public private(set) var arrivals: [Int64] = []

  /// An empty batch with room for so many messages of 160 bytes.
  public init(capacity: Int = 0) {
    bytes.reserveCapacity(capacity * 160)
    ends.reserveCapacity(capacity)
    arrivals.reserveCapacity(capacity)
  }

  /// Messages that stand one after another in `bytes` already.
  ///
  /// - Parameters:
  ///   - ends: where each ends, rising; what follows the last one is no message.
  ///   - arrival: when all of them came, microseconds since 1970.
  /// - Precondition: `ends` rise and are within `bytes`.
  public init(_ bytes: [UInt8], ends: [Int], arrival: Int64) {
    precondition(zip(ends, ends.dropFirst()).allSatisfy { $0 <= $1 }, "the ends of messages rise")
    precondition((ends.first ?? 0) >= 0 && (ends.last ?? 0) <= bytes.count, "messages are within their bytes")
    self.bytes = bytes
    self.ends = ends
    arrivals = [Int64](repeating: arrival, count: ends.count)
  }

  /// The number of messages.
  public var count: Int { ends.count }

  /// Whether there is no message.
  public var isEmpty: Bool { ends.isEmpty }

  /// Appends a message.
  public mutating func append(_ message: [UInt8], arrival: Int64) {
    bytes += message
    ends.append(bytes.count)
    arrivals.append(arrival)
  }

  /// Appends a message.
  public mutating func append(_ message: UnsafeRawBufferPointer, arrival: Int64) {
    bytes.append(contentsOf: message)
    ends.append(bytes.count)
    arrivals.append(arrival)
  }

  /// The bytes of one message; allocates.
  public func message(_ index: Int) -> [UInt8] { Array(bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]) }

  /// Takes all messages out and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    arrivals.removeAll(keepingCapacity: true)
  }
}
