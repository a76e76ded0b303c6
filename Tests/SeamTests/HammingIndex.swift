import Primitives

/// A multiset of 64-bit hashes that finds all within a small Hamming distance (multi-index hashing; Norouzi, Punjani,
/// Fleet 2012).
///
/// Four tables, each by another 16 of the bits. Of two hashes at a distance of d one quarter differs in at most ⌊d/4⌋
/// bits, so for d = 8 looking at 4 × 137 buckets finds every neighbour.
struct HammingIndex {
  /// The hashes by quarter and the value of that quarter; a hash that was inserted twice is there twice.
  private var tables = [[UInt64]](repeating: [], count: 4 << 16)
  private(set) var count = 0

  /// Patterns of 16 bits with up to 0, 1, 2, 3 and 4 bits set, the fewest first.
  private static let patterns: [[Int]] = (0...4).map { limit in
    (0..<1 << 16).filter { $0.nonzeroBitCount <= limit }.sorted { $0.nonzeroBitCount < $1.nonzeroBitCount }
  }

  private static func bucket(_ hash: UInt64, _ quarter: Int) -> Int {
    quarter << 16 | Int(hash >> UInt64(quarter * 16) & 0xffff)
  }

  mutating func insert(_ hash: UInt64) {
    for quarter in 0..<4 { tables[HammingIndex.bucket(hash, quarter)].append(hash) }
    count += 1
  }

  /// Takes one occurrence out, if there is one.
  mutating func remove(_ hash: UInt64) {
    for quarter in 0..<4 {
      let bucket = HammingIndex.bucket(hash, quarter)
      guard let place = tables[bucket].firstIndex(of: hash) else { return }
      tables[bucket].swapAt(place, tables[bucket].count - 1)
      tables[bucket].removeLast()
    }
    count -= 1
  }

  /// A nearest hash within `distance`, or nil; the smallest of several.
  ///
  /// - Precondition: distance is at most 19.
  func nearest(to hash: UInt64, within distance: Int) -> UInt64? {
    var best: (distance: Int, hash: UInt64)?
    for quarter in 0..<4 {
      let own = HammingIndex.bucket(hash, quarter)
      for pattern in HammingIndex.patterns[distance / 4] {
        for other in tables[own ^ pattern] {
          let found = (distance: (other ^ hash).nonzeroBitCount, hash: other)
          if found.distance <= distance, best.map({ found < $0 }) ?? true { best = found }
        }
      }
    }
    return best?.hash
  }

  /// A digest of every table's content, whatever the order in which it came.
  var digest: Digest {
    var hasher = SHA256Hasher()
    for table in tables where !table.isEmpty {
      var bytes: [UInt8] = []
      for hash in table.sorted() { bytes.append(u64: hash) }
      hasher.update(bytes)
    }
    return hasher.finalize()
  }
}
