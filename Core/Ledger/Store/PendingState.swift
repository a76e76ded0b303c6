import Primitives
import Synchronization

/// The values of blocks that are not folded into the state table yet, by key, each with its block's height.
///
/// The executor writes; proofs of an earlier height read at the same time, so older versions stay until they are
/// folded. One lock, held for a look-up or for merging a block.
final class PendingState: Sendable {
  struct Version: Sendable {
    let height: UInt64
    /// Nil: removed at that height.
    let value: [UInt8]?
    let blind: Blind
  }

  fileprivate struct Slot {
    var latest: Version
    var older: [Version] = []
  }

  private let slots = Mutex<[StateKey: Slot]>([:])
  private let keepsNothing: Bool

  /// - Parameter keepsNothing: for an executor whose base has every value as soon as its block is done.
  init(keepsNothing: Bool = false) { self.keepsNothing = keepsNothing }

  var count: Int { slots.withLock { $0.count } }

  /// The newest version at or below `height`; nil when the table has the value.
  func version(_ key: StateKey, at height: UInt64) -> Version? {
    slots.withLock { slots in
      guard let slot = slots[key] else { return nil }
      if slot.latest.height <= height { return slot.latest }
      return slot.older.last { $0.height <= height }
    }
  }

  /// The newest version; nil when the table has the value.
  func latest(_ key: StateKey) -> Version? { slots.withLock { $0[key]?.latest } }

  func merge(_ writes: WriteSet, height: UInt64) {
    if keepsNothing { return }
    slots.withLock { slots in
      for write in writes.writes {
        let version = Version(height: height, value: write.value, blind: write.blind)
        if slots[write.key] == nil {
          slots[write.key] = Slot(latest: version)
        } else {
          slots[write.key]?.push(version)
        }
      }
    }
  }

  /// The newest version of each key at or below `height`, sorted by key.
  func fold(upTo height: UInt64) -> [(key: StateKey, version: Version)] {
    slots.withLock { slots in
      slots.compactMap { key, slot in
        let version = slot.latest.height <= height ? slot.latest : slot.older.last { $0.height <= height }
        return version.map { (key: key, version: $0) }
      }.sorted { $0.key < $1.key }
    }
  }

  /// Everything above `height`, once the rest is in the table.
  func drop(upTo height: UInt64) {
    slots.withLock { slots in
      var kept: [StateKey: Slot] = [:]
      for (key, slot) in slots where slot.latest.height > height {
        kept[key] = Slot(latest: slot.latest, older: slot.older.filter { $0.height > height })
      }
      slots = kept
    }
  }

  /// The newest version of every key as changes of a map that lacks them.
  var changes: [(key: [UInt8], value: Digest?)] {
    slots.withLock { slots in
      slots.map { key, slot in
        (
          key: key.bytes,
          value: slot.latest.value.map { StateValue.commitment(blind: slot.latest.blind, value: $0) }
        )
      }
    }
  }
}

extension PendingState.Slot {
  fileprivate mutating func push(_ version: PendingState.Version) {
    if latest.height < version.height { older.append(latest) }
    latest = version
  }
}
