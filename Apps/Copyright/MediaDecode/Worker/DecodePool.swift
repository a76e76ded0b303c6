internal import Dispatch
internal import Synchronization

/// Decoders that a program keeps ready, each a process of its own.
///
/// A file is decoded in one of them; whatever it does there, the program lives and gets a `MediaRefusal`. A process is
/// ended after it failed and after `filesPerWorker` files, and started again when it is needed. The program's first act
/// must be `DecodeWorker.runIfAsked()`.
public final class DecodePool: Sendable {
  /// The most processes at a time.
  public let workers: Int
  /// What a file may be and may cost.
  public let limits: DecodeLimits
  private let executable: String
  private let arguments: [String]
  private let filesPerWorker: Int
  private let waitingLimit: Int
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "decode", attributes: .concurrent)

  private struct State {
    var idle: [WorkerProcess] = []
    var running = 0
    var waiting: [Job] = []
    var started = 0
    var isClosed = false
  }

  private final class Box: Sendable {
    let result = Mutex<Result<DecodedMedia, MediaRefusal>?>(nil)
  }

  private struct Job: Sendable {
    let file: [UInt8]
    let finish: @Sendable (Result<DecodedMedia, MediaRefusal>) -> Void
  }

  /// A pool that starts its processes when they are first needed.
  ///
  /// `executable` and `arguments` say what to start: the program itself unless told otherwise. At most `waitingLimit`
  /// files wait for a process.
  public init(
    workers: Int = 2, limits: DecodeLimits = .standard, filesPerWorker: Int = 256, waitingLimit: Int = 256,
    executable: String = "/proc/self/exe", arguments: [String] = [DecodeWorker.argument]
  ) {
    self.workers = max(1, workers)
    self.limits = limits
    self.filesPerWorker = max(1, filesPerWorker)
    self.waitingLimit = max(0, waitingLimit)
    (self.executable, self.arguments) = (executable, arguments)
  }

  deinit { close() }

  /// How many processes were started so far.
  public var startedCount: Int { state.withLock { $0.started } }

  /// The numbers of the processes that are idle, for tests.
  package var idleProcesses: [Int32] { state.withLock { $0.idle.map(\.process) } }

  /// Decodes a file of any kind without blocking the caller's thread.
  ///
  /// Throws what is wrong with the file, `busy` when too many wait, and `noDecoder` when none can be started.
  public func media(_ file: [UInt8]) async throws(MediaRefusal) -> DecodedMedia {
    let result = await withCheckedContinuation { continuation in
      submit(Job(file: file) { continuation.resume(returning: $0) })
    }
    return try result.get()
  }

  /// Decodes a file of any kind and blocks the caller's thread meanwhile; for commands and for threads of one's own.
  public func mediaWaiting(_ file: [UInt8]) throws(MediaRefusal) -> DecodedMedia {
    let done = DispatchSemaphore(value: 0)
    let box = Box()
    submit(
      Job(file: file) { result in
        box.result.withLock { $0 = result }
        done.signal()
      })
    done.wait()
    guard let result = box.result.withLock({ $0 }) else { throw MediaRefusal.noDecoder(reason: "it does not answer") }
    return try result.get()
  }

  /// Decodes a picture without blocking the caller's thread; what is none is of an unknown format.
  public func decode(_ file: [UInt8]) async throws(MediaRefusal) -> DecodedPicture {
    guard case .picture(let picture) = try await media(file) else { throw .unknownFormat }
    return picture
  }

  /// Decodes a picture and blocks the caller's thread meanwhile.
  public func decodeWaiting(_ file: [UInt8]) throws(MediaRefusal) -> DecodedPicture {
    guard case .picture(let picture) = try mediaWaiting(file) else { throw .unknownFormat }
    return picture
  }

  /// Ends all processes that are idle and starts no more; files on their way are finished.
  public func close() {
    let idle = state.withLock { state in
      state.isClosed = true
      defer { state.idle = [] }
      return state.idle
    }
    for worker in idle { worker.end() }
  }

  private func submit(_ job: Job) {
    // What no process is needed for.
    if job.file.isEmpty { return job.finish(.failure(.empty)) }
    guard job.file.count <= limits.bytes else {
      return job.finish(.failure(.tooManyBytes(count: job.file.count, limit: limits.bytes)))
    }
    guard MediaFormat(firstBytes: job.file) != nil else { return job.finish(.failure(.unknownFormat)) }
    enum Place {
      case now
      case waiting
      case none
    }
    let place = state.withLock { state -> Place in
      if state.running < workers {
        state.running += 1
        return .now
      }
      guard state.waiting.count < waitingLimit else { return .none }
      state.waiting.append(job)
      return .waiting
    }
    switch place {
    case .now: queue.async { self.run(job) }
    case .waiting: break
    case .none: job.finish(.failure(.busy))
    }
  }

  /// Works on a job, and on those that wait when it is done.
  private func run(_ first: Job) {
    var next: Job? = first
    while let job = next {
      let result = Result { () throws(MediaRefusal) in try self.exchange(job.file) }
      job.finish(result)
      next = state.withLock { state in
        if state.waiting.isEmpty {
          state.running -= 1
          return nil
        }
        return state.waiting.removeFirst()
      }
    }
  }

  private func exchange(_ file: [UInt8]) throws(MediaRefusal) -> DecodedMedia {
    // A process that ended while it was idle is no fault of the file; as many may have as were kept.
    for _ in 0...workers {
      let worker = try take()
      defer { giveBack(worker) }
      if let media = try worker.decode(file, limits) { return media }
    }
    throw MediaRefusal.noDecoder(reason: "it ends before it has begun")
  }

  private func take() throws(MediaRefusal) -> WorkerProcess {
    let (kept, closed) = state.withLock { ($0.idle.popLast(), $0.isClosed) }
    if let kept { return kept }
    guard !closed else { throw MediaRefusal.noDecoder(reason: "the program is ending") }
    let worker = try WorkerProcess(executable: executable, arguments: arguments)
    state.withLock { $0.started += 1 }
    return worker
  }

  private func giveBack(_ worker: WorkerProcess) {
    guard worker.isAlive else { return }
    let kept = state.withLock { state in
      guard !state.isClosed, worker.served < filesPerWorker else { return false }
      state.idle.append(worker)
      return true
    }
    if !kept { worker.end() }
  }
}
