internal import CImageCodecs
internal import MediaHash

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// One decoder's process, seen from the program; used by one caller at a time.
final class WorkerProcess: @unchecked Sendable {
  // Handed from caller to caller by the pool, under its lock.
  /// The number of the process.
  let process: Int32
  private let socket: Int32
  /// Whether its system calls are filtered.
  let isFiltered: Bool
  /// The number of files that it was given.
  private(set) var served = 0
  private var ended = false

  /// Starts a decoder and waits for its hello.
  init(executable: String, arguments: [String]) throws(MediaRefusal) {
    var (process, socket): (Int32, Int32) = (0, 0)
    var texts = ([executable] + arguments).map { strdup($0) }
    texts.append(nil)
    defer { for text in texts { free(text) } }
    let reason = cimage_spawn(executable, texts, &process, &socket)
    guard reason == 0 else { throw MediaRefusal.noDecoder(reason: String(cString: strerror(reason))) }
    (self.process, self.socket) = (process, socket)
    _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
    for option in [SO_SNDBUF, SO_RCVBUF] {
      var size: Int32 = 1 << 20
      setsockopt(socket, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var hello = [UInt8](repeating: 0, count: WorkerProtocol.helloCount)
    let outcome = hello.withUnsafeMutableBytes { WorkerProcess.receive(socket, $0, by: .now + .seconds(20)) }
    let words = WorkerProtocol.numbers(hello)
    isFiltered = words[1] == 1
    guard outcome == .done, words[0] == WorkerProtocol.hello else {
      end()
      throw MediaRefusal.noDecoder(reason: "it does not answer")
    }
  }

  deinit { end() }

  /// What came of sending or receiving.
  enum Outcome {
    case done
    case closed
    case late
  }

  /// Sends a file and waits for the pixels; nil if the process was gone before it could take the file, so that another
  /// is to be tried. Afterwards `isAlive` says whether it can take another.
  func decode(_ file: [UInt8], _ limits: DecodeLimits) throws(MediaRefusal) -> DecodedMedia? {
    served += 1
    let deadline = ContinuousClock.now + .milliseconds(limits.wallMilliseconds)
    let head = WorkerProtocol.bytes([WorkerProtocol.request, UInt32(clamping: file.count)] + limits.words)
    for bytes in [head, file] {
      switch bytes.withUnsafeBytes({ WorkerProcess.send(socket, $0, by: deadline) }) {
      case .done: break
      case .late: throw failure(.tooSlow)
      case .closed:
        if served > 1 {
          end()
          return nil
        }
        throw failure(nil)
      }
    }
    var reply = [UInt8](repeating: 0, count: WorkerProtocol.replyCount)
    try receive(&reply, deadline)
    let words = WorkerProtocol.numbers(reply)
    guard words[0] == WorkerProtocol.reply else { throw failure(.crashed(signal: 0)) }
    guard words[1] == 0 else {
      let refusal = MediaRefusal(words: words[1...])
      // A process that ran out of memory once may be short of it for the next file too.
      if case .tooMuchMemory = refusal { end() }
      throw refusal
    }
    let numbers = words[2...].map { Int($0) }
    // What a decoder says is outside input too.
    let isPicture = numbers[5] != 0 || numbers[6] != 0
    guard let format = MediaFormat(rawValue: UInt8(clamping: numbers[0])), (1...8).contains(numbers[3]),
      (1...8).contains(numbers[4]), numbers[7] <= WorkerProtocol.extraWords,
      isPicture == (format.kind == .picture || format.kind == .video),
      !isPicture
        || (1...limits.side).contains(numbers[5]) && (1...limits.side).contains(numbers[6])
          && (1...limits.side).contains(numbers[1]) && (1...limits.side).contains(numbers[2])
          && numbers[5] * numbers[6] <= max(limits.fullPixels, limits.pixels / 64 + limits.side)
    else { throw failure(.crashed(signal: 0)) }
    let pixels = try take(3 * numbers[5] * numbers[6], deadline)
    let extra = WorkerProtocol.numbers(try take(4 * numbers[7], deadline))
    let image = RGBImage(width: numbers[5], height: numbers[6], pixels: pixels)
    guard let media = DecodedMedia(numbers: numbers, image: isPicture ? image : nil, extra: extra) else {
      throw failure(.crashed(signal: 0))
    }
    return media
  }

  private func take(_ size: Int, _ deadline: ContinuousClock.Instant) throws(MediaRefusal) -> [UInt8] {
    guard size > 0 else { return [] }
    var outcome = Outcome.done
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { out, count in
      outcome = WorkerProcess.receive(
        socket, UnsafeMutableRawBufferPointer(start: out.baseAddress, count: size), by: deadline)
      if outcome != .done { out.initialize(repeating: 0) }
      count = size
    }
    switch outcome {
    case .done: return bytes
    case .late: throw failure(.tooSlow)
    case .closed: throw failure(nil)
    }
  }

  /// Whether it can be given another file.
  var isAlive: Bool { !ended }

  /// Ends the process, if it has not ended, and returns the signal that ended it or 0.
  @discardableResult func end() -> Int32 {
    guard !ended else { return 0 }
    ended = true
    close(socket)
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7f
  }

  /// Ends the process and says why; without a reason of its own, by how the process ended.
  private func failure(_ refusal: MediaRefusal?) -> MediaRefusal {
    guard refusal == nil, !ended else {
      end()
      return refusal ?? .crashed(signal: 0)
    }
    ended = true
    close(socket)
    // It closed its end: it is ending by itself, with its own status, at once.
    var status: Int32 = 0
    var waited = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      if waited == 200 { kill(process, SIGKILL) }
      usleep(1000)
      waited += 1
    }
    let signal = status & 0x7f
    return signal == SIGXCPU ? .tooSlow : .crashed(signal: Int(signal))
  }

  private func receive(_ bytes: inout [UInt8], _ deadline: ContinuousClock.Instant) throws(MediaRefusal) {
    switch bytes.withUnsafeMutableBytes({ WorkerProcess.receive(socket, $0, by: deadline) }) {
    case .done: return
    case .late: throw failure(.tooSlow)
    case .closed: throw failure(nil)
    }
  }

  private static func send(_ socket: Int32, _ bytes: UnsafeRawBufferPointer, by deadline: ContinuousClock.Instant)
    -> Outcome
  {
    guard let base = bytes.baseAddress else { return .done }
    var done = 0
    while done < bytes.count {
      // No signal to this process when the other end is gone.
      let count = transmit(socket, base + done, bytes.count - done, Int32(MSG_NOSIGNAL))
      if count > 0 {
        done += count
      } else if errno == EAGAIN {
        guard wait(socket, POLLOUT, deadline) else { return .late }
      } else if errno != EINTR {
        return .closed
      }
    }
    return .done
  }

  private static func receive(
    _ socket: Int32, _ bytes: UnsafeMutableRawBufferPointer, by deadline: ContinuousClock.Instant
  ) -> Outcome {
    guard let base = bytes.baseAddress else { return .done }
    var done = 0
    while done < bytes.count {
      let count = recv(socket, base + done, bytes.count - done, 0)
      if count > 0 {
        done += count
      } else if count == 0 {
        return .closed
      } else if errno == EAGAIN {
        guard wait(socket, POLLIN, deadline) else { return .late }
      } else if errno != EINTR {
        return .closed
      }
    }
    return .done
  }

  /// Waits until the socket can be used, or for the deadline.
  private static func wait(_ socket: Int32, _ events: Int32, _ deadline: ContinuousClock.Instant) -> Bool {
    let left = ContinuousClock.now.duration(to: deadline).components
    guard left.seconds >= 0, left.attoseconds >= 0 else { return false }
    let milliseconds = Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
    var entry = pollfd(fd: socket, events: Int16(events), revents: 0)
    let ready = watch(&entry, milliseconds)
    return ready > 0 || (ready < 0 && errno == EINTR)
  }
}

// Under names of their own, for the class has methods of the system's names.
private func transmit(_ socket: Int32, _ bytes: UnsafeRawPointer, _ count: Int, _ flags: Int32) -> Int {
  send(socket, bytes, count, flags)
}

private func watch(_ entry: inout pollfd, _ milliseconds: Int32) -> Int32 { poll(&entry, 1, milliseconds) }
