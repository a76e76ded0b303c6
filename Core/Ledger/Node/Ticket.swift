import Synchronization

/// What one call of `submit` waits for: an outcome for each of its statements.
final class Ticket: Sendable {
  private struct State {
    var outcomes: [Outcome?]
    var missing: Int
    var error: LedgerError?
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(count: Int) { state = Mutex(State(outcomes: Array(repeating: nil, count: count), missing: count)) }

  func settle(_ place: Int, _ outcome: Outcome) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.outcomes[place] == nil else { return nil }
      state.outcomes[place] = outcome
      state.missing -= 1
      return state.missing == 0 ? state.waiter.take() : nil
    }
    waiter?.resume()
  }

  /// Ends the waiting: what has no outcome yet is not stored.
  func fail(_ error: LedgerError) {
    let waiter = state.withLock { state in
      state.error = state.error ?? error
      return state.waiter.take()
    }
    waiter?.resume()
  }

  func outcomes() async throws(LedgerError) -> [Outcome] {
    await withCheckedContinuation { continuation in
      let ready = state.withLock { state in
        if state.missing == 0 || state.error != nil { return true }
        state.waiter = continuation
        return false
      }
      if ready { continuation.resume() }
    }
    let (outcomes, error) = state.withLock { ($0.outcomes, $0.error) }
    if let error { throw error }
    return outcomes.compactMap { $0 }
  }
}

/// A statement's way back to the call that submitted it.
struct Waiting: Sendable {
  let statement: Statement
  let ticket: Ticket
  let place: Int
}

/// Holds submitters back while too many statements wait.
actor Gate {
  private let limit: Int
  private var inside = 0
  private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

  init(limit: Int) { self.limit = limit }

  /// How many statements are inside.
  var depth: Int { inside }

  /// Waits until there is room; a call larger than the limit goes in alone.
  func enter(_ count: Int) async {
    if waiting.isEmpty && (inside == 0 || inside + count <= limit) {
      inside += count
      return
    }
    await withCheckedContinuation { waiting.append((count, $0)) }
  }

  func leave(_ count: Int) {
    inside -= count
    while let next = waiting.first, inside == 0 || inside + next.count <= limit {
      waiting.removeFirst()
      inside += next.count
      next.continuation.resume()
    }
  }
}
