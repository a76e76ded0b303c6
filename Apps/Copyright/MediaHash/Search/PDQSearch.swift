internal import CPopcount
internal import Synchronization

/// A registered code near a code that was asked for.
public struct PDQMatch: Sendable, Hashable {
  /// The place of the entry in the store.
  public let entry: Int
  /// The number of the work that it belongs to.
  public let work: UInt32
  /// The number of the registered variant (`PDQVariant`).
  public let variant: UInt8
  /// Which of the codes that were asked for it is near to, counted from 0.
  public let probe: Int
  /// The number of bits that differ.
  public let distance: Int

  /// The nearest match of each work, nearest first; of equals the one registered first.
  public static func nearestByWork(_ matches: [PDQMatch]) -> [PDQMatch] {
    var seen: Set<UInt32> = []
    return matches.sorted(by: precedes).filter { seen.insert($0.work).inserted }
  }

  static func precedes(_ a: PDQMatch, _ b: PDQMatch) -> Bool {
    (a.distance, a.entry, a.probe) < (b.distance, b.entry, b.probe)
  }
}

/// The search for all codes within a radius, exact: what a look at every code would find is found, and nothing else.
///
/// Small sets are looked through one by one, with the machine's best instructions. For large ones call `reindex`, on a
/// thread of its own: searches then take the index for what it holds and look through what was appended since. Searches,
/// one appending caller and one that indexes may run at the same time.
public final class PDQSearch: Sendable {
  /// The codes.
  public let store: PDQStore
  private let tables = Mutex<PDQTables?>(nil)
  private let indexing = Mutex(())
  private let level: Int32

  /// A search over a store, without an index at first.
  public init(_ store: PDQStore) {
    self.store = store
    level = cpopcount_best()
  }

  /// A search with certain instructions, for tests.
  package init(_ store: PDQStore, level: Int32) {
    self.store = store
    self.level = cpopcount_has(level) == 1 ? level : 0
  }

  /// How many entries the index holds; the others are looked through one by one.
  public var indexedCount: Int { tables.withLock { $0?.count ?? 0 } }

  /// Whether so much was appended that a new index pays: an eighth of what it holds, and at least `least` entries.
  public func needsReindexing(least: Int = 1_000_000) -> Bool {
    let (count, indexed) = (store.count, indexedCount)
    return count >= least && count - indexed > max(indexed / 8, least / 4)
  }

  /// Builds an index of all entries that there are now, and puts it in the place of the old one.
  ///
  /// Takes 370 MB and 44 bytes an entry, besides the old index until that is let go, and some seconds for ten million.
  public func reindex() {
    indexing.withLock { _ in
      let built = PDQTables(store, count: store.count)
      tables.withLock { $0 = built }
    }
  }

  /// Lets the index go; needed before the store's `removeAll`.
  public func removeIndex() { tables.withLock { $0 = nil } }

  /// Every entry within `radius` of one of the probes, nearest first; one that is near to several comes several times.
  ///
  /// Entries appended before the call are found; of those appended during it some may be. With an index the radius may be
  /// up to 32, beyond that every code is looked at. `limit` keeps the nearest only.
  public func matches(
    _ probes: [PDQHash], radius: Int = PDQHash.matchingDistance, limit: Int = .max
  ) -> [PDQMatch] {
    guard radius >= 0, limit > 0 else { return [] }
    let count = store.count
    var matches: [PDQMatch] = []
    var start = 0
    if radius <= PDQTables.largestRadius, let tables = tables.withLock({ $0 }) {
      look(in: tables, probes, radius, &matches)
      start = tables.count
    }
    if start < count { scan(start..<count, probes, radius, &matches) }
    matches.sort(by: PDQMatch.precedes)
    return limit < matches.count ? Array(matches[..<limit]) : matches
  }

  /// Every entry within `radius` of one code, nearest first.
  public func matches(_ probe: PDQHash, radius: Int = PDQHash.matchingDistance) -> [PDQMatch] {
    matches([probe], radius: radius)
  }

  private func match(_ entry: Int, _ probe: Int, _ distance: UInt32) -> PDQMatch {
    let (work, variant) = store.owner(entry)
    return PDQMatch(entry: entry, work: work, variant: variant, probe: probe, distance: Int(distance))
  }

  private func look(in tables: PDQTables, _ probes: [PDQHash], _ radius: Int, _ matches: inout [PDQMatch]) {
    var candidates: [UInt32] = []
    candidates.reserveCapacity(8192)
    var distances: [UInt32] = []
    for (number, probe) in probes.enumerated() {
      candidates.removeAll(keepingCapacity: true)
      tables.collect(probe, radius: radius, into: &candidates)
      if distances.count < candidates.count { distances = [UInt32](repeating: 0, count: candidates.count) }
      let words = [probe.word0, probe.word1, probe.word2, probe.word3]
      let kept = cpopcount_filter(
        level, store.chunkBase(0).assumingMemoryBound(to: UInt8.self), UInt32(PDQStore.chunkShift), PDQStore.chunkSize,
        words, UInt32(radius), &candidates, &distances, candidates.count)
      // What is near stands in many slots' places.
      let near = Set(zip(candidates[..<kept], distances[..<kept]).map { UInt64($0) << 32 | UInt64($1) })
      for pair in near { matches.append(match(Int(pair >> 32), number, UInt32(truncatingIfNeeded: pair))) }
    }
  }

  private func scan(_ range: Range<Int>, _ probes: [PDQHash], _ radius: Int, _ matches: inout [PDQMatch]) {
    let room = 256
    var places = [UInt32](repeating: 0, count: room)
    var distances = [UInt32](repeating: 0, count: room)
    let words = probes.map { [$0.word0, $0.word1, $0.word2, $0.word3] }
    // Several probes take turns over a piece that stays in the cache.
    let piece = probes.count == 1 ? PDQStore.chunkEntries : 512
    let bound = UInt32(min(radius, 256))
    var start = range.lowerBound
    while start < range.upperBound {
      let within = start & (PDQStore.chunkEntries - 1)
      let length = min(piece - within % piece, range.upperBound - start)
      let codes = store.codes(start >> PDQStore.chunkShift) + 4 * within
      for (number, word) in words.enumerated() {
        var done = 0
        while done < length {
          var seen = 0
          let found = cpopcount_scan(
            level, codes + 4 * done, length - done, word, bound, &places, &distances, room, &seen)
          for i in 0..<found { matches.append(match(start + done + Int(places[i]), number, distances[i])) }
          done += seen
        }
      }
      start += length
    }
  }
}
