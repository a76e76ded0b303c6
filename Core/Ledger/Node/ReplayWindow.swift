import Primitives

/// Finds a second use of a statement's (iss, cti), by hash prefix; the entries themselves decide.
///
/// Holds what the last day's blocks brought, as the rule needs: an older statement is outside the time window anyway.
struct ReplayWindow {
  private var replays = PrefixIndex()

  /// Milliseconds for which a statement could come again: its age limit and the clock skew it may be ahead.
  static let length = Limits.statementAgeMs + Limits.clockSkewMs

  mutating func insert(_ replayPrefix: UInt64, _ index: UInt64) { replays.insert(replayPrefix, index) }

  /// Takes in a stored block's blob of prefixes.
  mutating func insert(block: [UInt8], first: UInt64) throws(LedgerError) {
    var reader = ByteReader(block)
    var index = first
    while let replay = reader.u64(), reader.u64() != nil {
      replays.insert(replay, index)
      index += 1
    }
    guard reader.isAtEnd else {
      throw LedgerError(.damaged, "The ids of the block at entry \(first) are damaged. Run audit.")
    }
  }

  /// The place of the statement that used the same (iss, cti), if `confirm` finds it there.
  func place(_ replayPrefix: UInt64, confirm: (UInt64) throws -> Bool) rethrows -> UInt64? {
    try replays.first(replayPrefix, where: confirm)
  }
}
