/// A passage that a query text has in common with a registered work.
public struct PassageMatch: Sendable, Hashable {
  /// The work's number.
  public let work: UInt32

  /// The passage in the query, in Unicode scalars of the text as it was given.
  public let queryRange: Range<Int>

  /// The passage in the work, in Unicode scalars of the text as it was registered.
  public let workRange: Range<Int>

  /// The number of fingerprints that agree in order.
  public let fingerprints: Int

  /// The share of the query's fingerprints in the passage that agree, from 0 to 1: 1 for a literal copy, lower with
  /// more changes in between.
  public let agreement: Double
}

/// What a query text has in common with one work altogether.
public struct WorkOverlap: Sendable, Hashable {
  /// The work's number.
  public let work: UInt32

  /// The passages in the order of the query.
  public let passages: [PassageMatch]

  /// The share of the query that stands in the work, from 0 to 1, by scalars.
  public let queryShare: Double

  /// The share of the work that stands in the query, from 0 to 1, by scalars.
  public let workShare: Double
}

extension String {
  /// The part of a text that a range of `PassageMatch` names, cut to the text's end.
  public func passage(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(unicodeScalars.dropFirst(max(0, range.lowerBound)).prefix(range.count)))
  }
}
