internal import CMosquitto
internal import Glibc
internal import Synchronization

/// One run of mosquitto. A thread of its own starts it and waits for its end: the child gets SIGTERM when that thread ends.
final class BrokerProcess: Sendable {
  private struct State {
    var id: pid_t = 0
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  var isRunning: Bool { state.withLock { $0.id > 0 } }

  /// Whether the program could be started.
  func start(_ program: String, _ arguments: [String]) async -> Bool {
    await withCheckedContinuation { (answer: CheckedContinuation<Bool, Never>) in
      let isStarted = NativeThread.start { [self] in
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        let id = cmosquitto_spawn(program, words)
        for word in words { free(word) }
        guard id > 0 else { return answer.resume(returning: false) }
        state.withLock { $0.id = id }
        answer.resume(returning: true)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        let waiters = state.withLock { state in
          defer { state = State() }
          return state.waiters
        }
        for waiter in waiters { waiter.resume() }
      }
      if !isStarted { answer.resume(returning: false) }
    }
  }

  func signal(_ number: Int32) {
    // Under the lock: the id is this child's until the thread has taken note of its end.
    state.withLock { state in if state.id > 0 { Glibc.kill(state.id, number) } }
  }

  /// Sends a signal and suspends until it has ended; killed after 10 seconds.
  func end(_ number: Int32) async {
    signal(number)
    let timer = Task {
      try await Task.sleep(for: .seconds(10))
      signal(SIGKILL)
    }
    await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
      let isOver = state.withLock { state in
        if state.id <= 0 { return true }
        state.waiters.append(waiter)
        return false
      }
      if isOver { waiter.resume() }
    }
    timer.cancel()
  }
}

/// Whether a broker answers at a port.
enum BrokerProbe {
  static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
    return address
  }

  /// Says CONNECT (MQTT 3.1.1, section 3.1) and waits for a CONNACK, whatever it says. Blocks for at most a second.
  static func answers(port: UInt16) -> Bool {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    var address = loopback(port)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return false }
    let hello: [UInt8] = [0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 5, 0, 1, 0x70]
    guard send(socket, hello, hello.count, Int32(MSG_NOSIGNAL)) == hello.count else { return false }
    var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 1000) == 1 else { return false }
    var answer: UInt8 = 0
    return recv(socket, &answer, 1, 0) == 1 && answer == 0x20
  }
}
