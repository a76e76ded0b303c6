public import Primitives

/// What an audit found.
public struct AuditReport: Sendable {
  /// One thing that is not as it should be.
  public struct Fault: Sendable, Equatable {
    /// What is wrong, in a sentence.
    public let what: Message
    /// Where, for example `entry 17`, `checkpoint 204`, `state 10ab…`.
    public let place: Message
  }

  /// The log's size.
  public var size: UInt64 = 0
  /// The log's root as recomputed.
  public var root = Digest()
  /// The state's root as recomputed.
  public var stateRoot = Digest()
  /// The blocks executed.
  public var blocks: UInt64 = 0
  /// The signatures checked.
  public var signatures: UInt64 = 0
  /// The checkpoints compared.
  public var checkpoints = 0
  /// What is wrong, the first fault of the log first; at most `Auditor.faultLimit`.
  public var faults: [Fault] = []

  /// Whether nothing is wrong.
  public var isSound: Bool { faults.isEmpty }
}
