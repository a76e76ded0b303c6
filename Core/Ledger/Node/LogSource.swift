public import Merkle

/// Where a follower gets the log from: another member's node, in this process or over HTTP.
public protocol LogSource: Sendable {
  /// The checkpoint that waits for co-signatures, as a signed note.
  func candidate() async throws -> [UInt8]

  /// The entries from `from` up to and without `to`, in order; the source may give fewer, but at least one.
  func entries(from: UInt64, to: UInt64) async throws -> [[UInt8]]

  /// The proof that the log of `from` entries is the beginning of that of `to`.
  func consistency(from: UInt64, to: UInt64) async throws -> ConsistencyProof

  /// Hands a co-signed checkpoint in (C2SP tlog-witness add-checkpoint).
  func add(_ request: AddCheckpointRequest) async throws
}
