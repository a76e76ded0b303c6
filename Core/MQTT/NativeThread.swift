internal import CMosquitto
internal import Glibc

/// Threads of their own, for what blocks: nothing here may hold a thread of Swift's pool.
enum NativeThread {
  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Starts a thread that runs `body` and ends; false where the system has no thread left.
  ///
  /// Signals are left to the other threads; a connection that has gone away is an error, not a signal.
  static func start(_ body: sending @escaping () -> Void) -> Bool {
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let code = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    if code != 0 { work.release() }
    return code == 0
  }
}

/// Milliseconds of a clock that never goes back.
func monotonicMs() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
}

extension Duration {
  /// Whole milliseconds, from 0 to a day.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    if seconds < 0 { return 0 }
    return min(86_400_000, min(seconds, 86_400) * 1000 + attoseconds / 1_000_000_000_000_000)
  }
}
