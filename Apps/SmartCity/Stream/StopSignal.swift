import Glibc
import Synchronization

/// Ctrl-C, or SIGTERM, as a flag: what runs ends in its own order. The second one ends the program.
enum StopSignal {
  private static let flag = Atomic<Bool>(false)

  /// Whether the program has been asked to stop.
  static var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Listens from now on, and is no longer ended by a reader of its output that goes away.
  static func listen() {
    // The flag is made before a handler may need it.
    _ = isSet
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        StopSignal.flag.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    signal(SIGPIPE, SIG_IGN)
  }

  /// Sleeps until a time, or until asked to stop; false then.
  static func sleep(until end: ContinuousClock.Instant) async throws -> Bool {
    let clock = ContinuousClock()
    while !isSet {
      let now = clock.now
      if now >= end { return true }
      try await Task.sleep(until: min(end, now + .milliseconds(100)), clock: clock)
    }
    return false
  }
}
