internal import Synchronization

/// Finds the works that a text takes passages from, and where the passages stand in both.
///
/// Texts are registered as winnowed fingerprints (`TextFingerprints`), 24 bytes each, about one for eight characters;
/// the texts themselves are not kept, so the index is rebuilt by inserting them again. Spacing, punctuation, case,
/// accents and full-width forms make no difference. Passages are found from about 40 letters or 25 ideographs on and
/// reported from `leastWeight` on.
///
/// Searches and inserts may run at the same time from any thread: a search sees the works whose insertion had ended
/// when it began. Same inserts in the same order give the same answers.
public final class TextIndex: Sendable {
  /// The scalars of a text that are indexed; what lies behind is not found.
  public static let scalarLimit = 1 << 28

  /// A passage must weigh this much in both texts to be reported: 60 letters or 20 ideographs.
  public static let leastWeight = 60

  /// A passage must agree in this number of fingerprints, less if the whole query has fewer.
  static let leastFingerprints = 3

  /// A fingerprint that more places share than this is a phrase that everyone uses; what is beyond is not looked at.
  static let commonPlaces = 256

  /// Of a fingerprint that the query repeats, this many are looked for.
  static let repeatedPhrases = 16

  private struct Content {
    /// From large to small, each at least twice the next.
    var segments: [TextSegment] = []
    var lengths: [UInt32: Int] = [:]
  }

  private let content = Mutex(Content())

  /// Held by the one insert that may merge, so that searches never wait for a merge.
  private let writer = Mutex(())

  /// An index of no works.
  public init() {}

  /// The number of works inserted.
  public var workCount: Int { content.withLock { $0.lengths.count } }

  /// The scalars of a work's text, or nil for a work that was not inserted.
  public func scalarCount(of work: UInt32) -> Int? { content.withLock { $0.lengths[work] } }

  /// The number of fingerprints kept; each takes 24 bytes.
  public var fingerprintCount: Int { content.withLock { $0.segments.reduce(0) { $0 + $1.postings.count } } }

  /// Registers a text under a work's number.
  ///
  /// Gives the number of fingerprints: zero for a text shorter than a gram, which will not be found, and for a work
  /// that was inserted before, whose first text stays. Cost: some 50 ns a character, and now and then a merge that is
  /// paid back over all inserts (n log n altogether).
  @discardableResult
  public func insert(work: UInt32, text: String) -> Int {
    let folded = FoldedText(text)
    let segment = TextSegment(work: work, folded, TextFingerprints.select(folded.letters))
    return writer.withLock { _ in
      let isNew = content.withLock { content in
        guard content.lengths[work] == nil else { return false }
        content.lengths[work] = folded.scalarCount
        return true
      }
      guard isNew else { return 0 }
      guard !segment.postings.isEmpty else { return 0 }
      var segments = content.withLock { $0.segments }
      var added = segment
      while let last = segments.last, last.postings.count < 2 * added.postings.count {
        segments.removeLast()
        added = TextSegment(merging: last, added)
      }
      segments.append(added)
      content.withLock { $0.segments = segments }
      return segment.postings.count
    }
  }

  /// The passages that `text` has in common with registered works, by work and place in the query.
  ///
  /// Cost: some 100 ns a character and a binary search for each fingerprint in each of a few segments.
  public func matches(text: String) -> [PassageMatch] { overlaps(text: text).flatMap(\.passages) }

  /// What `text` has in common with each work, the largest share of the query first.
  public func overlaps(text: String) -> [WorkOverlap] {
    let folded = FoldedText(text)
    let prints = TextFingerprints.select(folded.letters)
    guard !prints.isEmpty else { return [] }
    let segments = content.withLock { $0.segments }
    let hits = TextIndex.hits(prints, segments)
    var overlaps: [WorkOverlap] = []
    var start = 0
    while start < hits.count {
      var end = start
      while end < hits.count, hits[end].work == hits[start].work { end += 1 }
      let chains = PassageChain.chains(hits[start..<end], prints)
      let passages = chains.compactMap { $0.passage(folded, prints) }
      if !passages.isEmpty {
        let work = hits[start].work
        overlaps.append(
          WorkOverlap(
            work: work, passages: passages,
            queryShare: TextIndex.share(passages.map(\.queryRange), of: folded.scalarCount),
            workShare: TextIndex.share(passages.map(\.workRange), of: scalarCount(of: work) ?? 0)))
      }
      start = end
    }
    return overlaps.sorted { ($1.queryShare, $0.work) < ($0.queryShare, $1.work) }
  }

  /// The agreements of the query's fingerprints with those of works, by work, then place in the query and the work.
  private static func hits(_ prints: [TextFingerprint], _ segments: [TextSegment]) -> [PassageHit] {
    let order = prints.indices.sorted { prints[$0].hash < prints[$1].hash }
    var hits: [PassageHit] = []
    for segment in segments {
      var hint = 0
      var repeats = 0
      for (place, index) in order.enumerated() {
        // A query that repeats one phrase asks for it a few times only.
        repeats = place > 0 && prints[order[place - 1]].hash == prints[index].hash ? repeats + 1 : 0
        guard repeats < repeatedPhrases else { continue }
        let range = segment.range(of: prints[index].hash, from: hint, limit: commonPlaces)
        hint = range.lowerBound
        for place in range {
          let posting = segment.postings[place]
          hits.append(PassageHit(work: posting.work, print: index, start: posting.start, length: posting.length))
        }
      }
    }
    return hits.sorted { ($0.work, $0.print, $0.start) < ($1.work, $1.print, $1.start) }
  }

  private static func share(_ ranges: [Range<Int>], of count: Int) -> Double {
    guard count > 0 else { return 0 }
    var (covered, end) = (0, 0)
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      covered += max(0, range.upperBound - max(end, range.lowerBound))
      end = max(end, range.upperBound)
    }
    return min(1, Double(covered) / Double(count))
  }
}
