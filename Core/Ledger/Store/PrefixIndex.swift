/// A multimap from 64-bit hash prefixes to log indices, in two flat arrays: 16 bytes for each slot, at most three in
/// four taken. A prefix says where to look; the entry there decides.
struct PrefixIndex {
  private var prefixes: [UInt64]
  private var places: [UInt64]
  private(set) var count = 0

  init(capacity: Int = 64) {
    var slots = 64
    while slots * 3 / 4 < capacity { slots *= 2 }
    prefixes = Array(repeating: 0, count: slots)
    places = Array(repeating: 0, count: slots)
  }

  /// Adds a place; the same prefix may have several.
  mutating func insert(_ prefix: UInt64, _ index: UInt64) {
    if (count + 1) * 4 > prefixes.count * 3 { grow() }
    var slot = Int(truncatingIfNeeded: prefix) & (prefixes.count - 1)
    while places[slot] != 0 { slot = (slot + 1) & (prefixes.count - 1) }
    prefixes[slot] = prefix
    places[slot] = index + 1
    count += 1
  }

  /// Calls `body` with each place of the prefix until it gives true.
  func first(_ prefix: UInt64, where body: (UInt64) throws -> Bool) rethrows -> UInt64? {
    var slot = Int(truncatingIfNeeded: prefix) & (prefixes.count - 1)
    while places[slot] != 0 {
      if prefixes[slot] == prefix, try body(places[slot] - 1) { return places[slot] - 1 }
      slot = (slot + 1) & (prefixes.count - 1)
    }
    return nil
  }

  private mutating func grow() {
    var larger = PrefixIndex(capacity: prefixes.count)
    for slot in prefixes.indices where places[slot] != 0 { larger.insert(prefixes[slot], places[slot] - 1) }
    self = larger
  }
}
