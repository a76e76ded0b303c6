import FiveG
import Primitives
import ReadingStream

/// Where a stream goes.
protocol StreamSink {
  /// How many readings it takes at once.
  var most: Int { get }
  /// Sends some rows on; suspends while the other side does not follow.
  mutating func send(_ batch: PacketBatch, _ rows: Range<Int>) async throws
  /// Sends what waits, and gives what there is to say about it.
  mutating func finish() async throws -> Message
}

/// The end of a stream that nobody reads any more.
struct StreamIsOver: Error {}
