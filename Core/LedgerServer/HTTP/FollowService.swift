public import Ledger
public import ServiceLifecycle

/// Follows another member's node for as long as the process runs.
///
/// Looks for a new checkpoint at each interval, executes, compares and co-signs. When the source does not answer it tries
/// again, each time later; when the logs differ or this node has stopped, it ends with the reason.
public struct FollowService: Service {
  /// What has just happened.
  public enum Progress: Sendable, Equatable {
    /// The checkpoint of this size has been executed, co-signed and handed in.
    case cosigned(size: UInt64)
    /// Nothing new; this node has this many entries.
    case upToDate(size: UInt64)
    /// It did not work, and is tried again after so many milliseconds.
    case waiting(LedgerError, milliseconds: Int)
  }

  private let follower: Follower
  private let interval: Int
  private let longest: Int
  private let progress: @Sendable (Progress) -> Void

  /// A service for a follower.
  ///
  /// - Parameters:
  ///   - milliseconds: between two looks at the source.
  ///   - longestMilliseconds: how long to wait at most when it does not answer.
  public init(
    _ follower: Follower, milliseconds: Int = 500, longestMilliseconds: Int = 10_000,
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.follower = follower
    interval = max(1, milliseconds)
    longest = max(interval, longestMilliseconds)
    self.progress = progress
  }

  /// Runs until told to stop; throws `LedgerError` when this member can no longer agree with the source.
  public func run() async throws {
    var wait = interval
    while true {
      let follower = follower
      // A task of its own: a block is executed and stored to its end also when the service is told to stop.
      let result = await Task { () -> Result<UInt64?, LedgerError> in
        do throws(LedgerError) { return .success(try await follower.step()) } catch { return .failure(error) }
      }.value
      switch result {
      case .success(let size):
        wait = interval
        progress(size.map { .cosigned(size: $0) } ?? .upToDate(size: follower.node.head.size))
      case .failure(let error):
        if let fault = follower.node.fault { throw fault }
        if error.kind == .diverged || error.kind == .damaged { throw error }
        progress(.waiting(error, milliseconds: wait))
        guard await Pause.go(wait) else { return }
        wait = min(longest, wait * 2)
        continue
      }
      guard await Pause.go(wait) else { return }
    }
  }
}

/// Follows in a plain task, without a service group, until it is cancelled or the logs differ.
public func follow(
  _ follower: Follower, milliseconds: Int = 500,
  progress: @escaping @Sendable (FollowService.Progress) -> Void = { _ in }
) async throws {
  try await FollowService(follower, milliseconds: milliseconds, progress: progress).run()
}
