/// A frame of a video: its PDQ hash and when it is seen.
public struct VideoFrame: Sendable, Hashable {
  /// Milliseconds from the video's beginning.
  public let time: Int
  /// Hash and quality.
  public let result: PDQResult

  /// A frame.
  public init(time: Int, result: PDQResult) { (self.time, self.result) = (time, result) }
}

/// A stretch of one video that is found in a stretch of another, both in milliseconds, ends included.
public struct VideoOverlap: Sendable, Hashable {
  /// Where it is in the video that was asked for.
  public let query: ClosedRange<Int>
  /// Where it is in the registered video.
  public let reference: ClosedRange<Int>
  /// How many frames of the query it has.
  public let frames: Int

  /// A stretch of so many frames.
  public init(query: ClosedRange<Int>, reference: ClosedRange<Int>, frames: Int) {
    (self.query, self.reference, self.frames) = (query, reference, frames)
  }
}

/// What two videos have in common, by their frames.
public struct VideoComparison: Sendable, Hashable {
  /// Different, reliable frames of the query.
  public let queryFrames: Int
  /// Different, reliable frames of the reference.
  public let referenceFrames: Int
  /// How many of `queryFrames` are seen in the reference.
  public let queryMatched: Int
  /// How many of `referenceFrames` are seen in the query.
  public let referenceMatched: Int
  /// The stretches in common, in the query's order.
  public let overlaps: [VideoOverlap]

  /// The share of the query that is seen in the reference, in percent, rounded down; 0 where there is nothing to compare.
  public var queryPercent: Int { queryFrames == 0 ? 0 : 100 * queryMatched / queryFrames }
  /// The share of the reference that is seen in the query, in percent, rounded down.
  public var referencePercent: Int { referenceFrames == 0 ? 0 : 100 * referenceMatched / referenceFrames }

  /// Whether the shares reach these percentages, 80 of the reference and 0 of the query by Meta's practice. Videos
  /// without a reliable frame never match.
  public func isMatch(referencePercent least: Int = 80, queryPercent leastQuery: Int = 0) -> Bool {
    queryFrames > 0 && referenceFrames > 0 && referenceMatched * 100 >= least * referenceFrames
      && queryMatched * 100 >= leastQuery * queryFrames && queryMatched > 0
  }
}

/// Meta's video hash vPDQ: PDQ of one frame a second, compared as sets of frames.
///
/// Frames of a quality below 50 are left out, and of equal frames all but the first. Both shares and the stretches are
/// given; the order of frames does not count for the shares.
public enum VPDQ {
  /// The name of these rules.
  public static let rules = "vpdq 1"

  /// The frames that count: reliable ones, each hash once, in the order of time.
  public static func features(_ frames: [VideoFrame]) -> [VideoFrame] {
    var seen: Set<PDQHash> = []
    return frames.filter(\.result.isReliable).sorted { $0.time < $1.time }
      .filter { seen.insert($0.result.hash).inserted }
  }

  /// Compares a video that was seen with a registered one. Time grows with the product of their frames: about five
  /// milliseconds for an hour against an hour.
  ///
  /// Frames within `radius` are the same. A stretch goes on while the next frame of the query is seen at most `gap`
  /// milliseconds later in both videos.
  public static func compare(
    query: [VideoFrame], reference: [VideoFrame], radius: Int = PDQHash.matchingDistance, gap: Int = 5000
  ) -> VideoComparison {
    let (asked, known) = (features(query), features(reference))
    var found = [Bool](repeating: false, count: known.count)
    var queryMatched = 0
    var nearest: [PDQHash: [Int]] = [:]
    for frame in asked {
      var places: [Int] = []
      for (i, other) in known.enumerated() where frame.result.hash.distance(to: other.result.hash) <= radius {
        found[i] = true
        places.append(i)
      }
      if !places.isEmpty {
        queryMatched += 1
        nearest[frame.result.hash] = places
      }
    }
    return VideoComparison(
      queryFrames: asked.count, referenceFrames: known.count, queryMatched: queryMatched,
      referenceMatched: found.count { $0 },
      overlaps: overlaps(query, known: known, reference: reference, nearest: nearest, gap: gap))
  }

  /// Follows the query in time; a frame that stands in several places of the reference goes where the stretch goes on.
  private static func overlaps(
    _ query: [VideoFrame], known: [VideoFrame], reference: [VideoFrame], nearest: [PDQHash: [Int]], gap: Int
  ) -> [VideoOverlap] {
    // Equal frames of the reference count once for the shares, but a stretch may go through any of them.
    var times: [PDQHash: [Int]] = [:]
    for frame in reference.sorted(by: { $0.time < $1.time }) where frame.result.isReliable {
      times[frame.result.hash, default: []].append(frame.time)
    }
    var overlaps: [VideoOverlap] = []
    for frame in query.sorted(by: { $0.time < $1.time }) where frame.result.isReliable {
      let places = (nearest[frame.result.hash] ?? []).flatMap { times[known[$0].result.hash] ?? [] }
      guard let first = places.min() else { continue }
      if let last = overlaps.last, frame.time - last.query.upperBound <= gap,
        let next = places.filter({ $0 >= last.reference.upperBound && $0 - last.reference.upperBound <= gap }).min()
      {
        overlaps[overlaps.count - 1] = VideoOverlap(
          query: last.query.lowerBound...frame.time, reference: last.reference.lowerBound...next,
          frames: last.frames + 1)
      } else {
        overlaps.append(VideoOverlap(query: frame.time...frame.time, reference: first...first, frames: 1))
      }
    }
    return overlaps
  }
}
