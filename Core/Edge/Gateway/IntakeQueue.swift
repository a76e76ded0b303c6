internal import Synchronization

/// The order in which messages are served when more come than can be taken in: the slice decides.
public enum IntakeClass: Int, Sendable, CaseIterable, Comparable {
  /// Alarms and protection (5QI 69, 82 to 86): never refused, never waiting behind others.
  case alarm = 0
  /// Critical slices.
  case critical = 1
  /// All other readings.
  case ordinary = 2
  /// What can wait: resends and history.
  case background = 3

  /// The more urgent first.
  public static func < (a: IntakeClass, b: IntakeClass) -> Bool { a.rawValue < b.rawValue }
}

/// Messages that wait for a gateway, by class, within a bound; alarms are bounded only by who waits for their answer.
final class IntakeQueue: Sendable {
  struct Entry {
    let messages: MessageBatch
    let slice: IntakeClass
    let answer: CheckedContinuation<[IntakeOutcome], any Error>
    let taken: @Sendable ([IntakeOutcome]) -> Void
  }

  private struct State {
    var entries: [[Entry]] = IntakeClass.allCases.map { _ in [] }
    var heads = [Int](repeating: 0, count: IntakeClass.allCases.count)
    var waiting = 0
    var admission: [(CheckedContinuation<Void, Never>, Int, IntakeClass)] = []
  }

  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int) { self.limit = max(1, limit) }

  /// Messages that wait now.
  var waiting: Int { state.withLock { $0.waiting } }

  /// Whether a class has room within its share of the queue.
  func hasRoom(_ count: Int, _ slice: IntakeClass) -> Bool {
    let share =
      switch slice {
      case .alarm: Int.max
      case .critical: limit
      case .ordinary: limit - limit / 4
      case .background: limit - limit / 2
      }
    return state.withLock { $0.waiting == 0 || slice == .alarm || $0.waiting + count <= share && $0.admission.isEmpty }
  }

  /// Suspends until there is room; at once for alarms. This is the back-pressure.
  func admit(_ count: Int, _ slice: IntakeClass) async {
    await withCheckedContinuation { continuation in
      let isAdmitted = state.withLock { state in
        if slice == .alarm || state.waiting == 0 || state.waiting + count <= limit && state.admission.isEmpty {
          state.waiting += count
          return true
        }
        state.admission.append((continuation, count, slice))
        return false
      }
      if isAdmitted { continuation.resume() }
    }
  }

  func push(_ entry: Entry) { state.withLock { $0.entries[entry.slice.rawValue].append(entry) } }

  /// The most urgent entry, which then no longer waits.
  func pop() -> Entry? {
    var resumed: [CheckedContinuation<Void, Never>] = []
    let entry = state.withLock { state -> Entry? in
      for slice in IntakeClass.allCases {
        let place = slice.rawValue
        guard state.heads[place] < state.entries[place].count else { continue }
        let entry = state.entries[place][state.heads[place]]
        state.heads[place] += 1
        if state.heads[place] > 64 && state.heads[place] * 2 > state.entries[place].count {
          state.entries[place].removeFirst(state.heads[place])
          state.heads[place] = 0
        }
        state.waiting -= entry.messages.count
        resumed = admitWaiting(&state)
        return entry
      }
      return nil
    }
    for continuation in resumed { continuation.resume() }
    return entry
  }

  /// Gives room back that was admitted and is not used.
  func release(_ count: Int) {
    let resumed = state.withLock { state in
      state.waiting -= count
      return admitWaiting(&state)
    }
    for continuation in resumed { continuation.resume() }
  }

  private func admitWaiting(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
    var resumed: [CheckedContinuation<Void, Never>] = []
    while let best = state.admission.indices.min(by: { state.admission[$0].2 < state.admission[$1].2 }),
      state.waiting == 0 || state.waiting + state.admission[best].1 <= limit
    {
      state.waiting += state.admission[best].1
      resumed.append(state.admission.remove(at: best).0)
    }
    return resumed
  }
}
