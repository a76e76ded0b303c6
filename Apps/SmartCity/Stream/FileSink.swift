import FiveG
import Foundation
import Ledger
import Primitives
import ReadingStream

/// Readings into a file, or to standard output.
struct FileSink: StreamSink {
  private let encoder: ReadingEncoder
  private let descriptor: Int32
  private let name: String
  private var bytes: [UInt8] = []
  private var written: UInt64 = 0
  /// Whether each turn is written at once, as who reads a stream along expects.
  private let isPaced: Bool

  var most: Int { 4096 }

  /// - Parameter path: nil for standard output; an existing file is replaced.
  init(_ encoder: ReadingEncoder, path: String?, isPaced: Bool) throws(LedgerError) {
    self.encoder = encoder
    self.isPaced = isPaced
    name = path ?? "standard output"
    descriptor = path.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? STDOUT_FILENO
    guard descriptor >= 0 else {
      let reason = Message(said: String(cString: strerror(errno)))
      throw LedgerError(.unavailable, "The file \(name) cannot be written: \(reason).")
    }
    bytes.reserveCapacity(1 << 20)
  }

  mutating func send(_ batch: PacketBatch, _ rows: Range<Int>) async throws {
    for row in rows { encoder.appendItem(batch, row..<row + 1, to: &bytes) }
    if isPaced || bytes.count >= 1 << 18 { try flush() }
  }

  mutating func finish() async throws -> Message {
    try flush()
    if descriptor != STDOUT_FILENO, close(descriptor) != 0 {
      throw LedgerError(
        .unavailable, "The file \(name) cannot be written: \(Message(said: String(cString: strerror(errno)))).")
    }
    return "\(written) bytes in \(name)"
  }

  private mutating func flush() throws {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        start += count
        written += UInt64(count)
      } else if errno == EPIPE {
        bytes.removeAll(keepingCapacity: true)
        throw StreamIsOver()
      } else if errno == EAGAIN {
        // Standard output of another program that does not wait: one that this program may wait for.
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
        _ = poll(&descriptors, 1, 100)
      } else if errno != EINTR {
        throw LedgerError(
          .unavailable, "The file \(name) cannot be written: \(Message(said: String(cString: strerror(errno)))).")
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
