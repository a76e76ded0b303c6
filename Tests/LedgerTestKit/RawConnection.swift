import Foundation

/// A TCP connection on which a test sends whatever bytes it likes.
public final class RawConnection: @unchecked Sendable {
  private let socket: Int32

  /// Connects to a port of this machine.
  public init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw RunningProgramError(words: "no connection to port \(port)") }
  }

  deinit { close(socket) }

  /// Ends both directions; the other side sees the end of the connection.
  public func shut() { shutdown(socket, Int32(SHUT_RDWR)) }

  /// Sends bytes; false when the other side has closed.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Sends a text.
  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// What comes until the other side closes, or nothing more for `seconds`, or it has `end`; whether it closed.
  public func receive(seconds: Double, until end: String? = nil) async -> (text: String, closed: Bool) {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        var time = timeval(tv_sec: Int(seconds), tv_usec: Int(seconds.truncatingRemainder(dividingBy: 1) * 1e6))
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var closed = false
        while true {
          let count = recv(socket, &buffer, buffer.count, 0)
          if count > 0 {
            bytes.append(contentsOf: buffer[..<count])
            if let end, String(decoding: bytes, as: UTF8.self).contains(end) { break }
            continue
          }
          // A signal's handler ends a receive that has a time limit, whatever SA_RESTART says.
          let error = count == 0 ? 0 : errno
          if error == EINTR { continue }
          closed = error == 0 || error == ECONNRESET
          break
        }
        continuation.resume(returning: (String(decoding: bytes, as: UTF8.self), closed))
      }
    }
  }
}
