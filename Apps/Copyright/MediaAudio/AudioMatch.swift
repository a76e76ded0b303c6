/// A stretch of sound that two recordings have in common.
public struct AudioMatch: Sendable, Hashable {
  /// The stretch in the query, in values of its fingerprint.
  public let query: Range<Int>

  /// The stretch in the registered recording, as long as the other.
  public let registered: Range<Int>

  /// The share of differing bits over the stretch, from 0 to `AudioMatch.limit`.
  public let bitErrorRate: Double

  /// The bit error rate up to which two stretches are the same sound (Haitsma and Kalker 2002).
  public static let limit = 0.35

  /// The shortest stretch, in seconds.
  public static let leastSeconds = 10.0

  /// The time of the query's stretch from its start, in seconds.
  public var querySeconds: Range<Double> { AudioMatch.seconds(query) }

  /// The time of the registered recording's stretch, in seconds.
  public var registeredSeconds: Range<Double> { AudioMatch.seconds(registered) }

  private static func seconds(_ range: Range<Int>) -> Range<Double> {
    Double(range.lowerBound) * AudioFingerprint.secondsPerValue..<Double(range.upperBound)
      * AudioFingerprint.secondsPerValue
  }

  /// The longest stretch in common, or nil if there is none of ten seconds with at most 35 % differing bits.
  ///
  /// Offsets at which many values nearly agree are tried, the most promising first; at each the best stretch is the
  /// one whose agreeing bits outweigh the differing ones most. A stretch of few different values, such as silence or a
  /// steady tone, is none. Cost: the length of the query times some tens, and of the shorter one times `candidates`.
  public static func find(_ query: AudioFingerprint, in registered: AudioFingerprint) -> AudioMatch? {
    let least = Int((leastSeconds / AudioFingerprint.secondsPerValue).rounded(.up))
    guard query.values.count >= least, registered.values.count >= least else { return nil }
    var best: AudioMatch?
    for offset in offsets(query.values, registered.values) {
      guard let match = stretch(query.values, registered.values, offset: offset, least: least) else { continue }
      if match.query.count > best?.query.count ?? 0 { best = match }
    }
    return best
  }

  /// The offsets tried.
  private static let candidates = 12

  /// The bits of a value by which agreements are counted: the ones that change least under coding and noise.
  private static let keyBits: UInt32 = 16

  /// The places (registered − query) with the most agreements of keys, neighbours counted together.
  private static func offsets(_ query: [UInt32], _ registered: [UInt32]) -> [Int] {
    var places: [UInt32: [Int]] = [:]
    for (place, value) in registered.enumerated() {
      let key = value >> (32 - keyBits)
      // A key that stands everywhere, as in silence, says nothing about the place.
      if places[key, default: []].count < 64 { places[key, default: []].append(place) }
    }
    let shift = query.count
    var counts = [Int32](repeating: 0, count: query.count + registered.count + 2)
    for (place, value) in query.enumerated() {
      for other in places[value >> (32 - keyBits)] ?? [] { counts[other - place + shift] += 1 }
    }
    var ranked: [(offset: Int, count: Int32)] = []
    for index in 1..<counts.count - 1 where counts[index] > 0 {
      let sum = counts[index - 1] + counts[index] + counts[index + 1]
      ranked.append((index - shift, sum))
    }
    ranked.sort { ($1.count, $0.offset) < ($0.count, $1.offset) }
    return ranked.prefix(candidates).map(\.offset)
  }

  /// The best stretch at one offset, if it is long enough and says enough.
  private static func stretch(_ query: [UInt32], _ registered: [UInt32], offset: Int, least: Int) -> AudioMatch? {
    let from = max(0, -offset)
    let to = min(query.count, registered.count - offset)
    guard to - from >= least else { return nil }
    // Each value scores how far it stays below the limit; the best sum of a run is the stretch (Kadane).
    let allowed = limit * 32
    var (sum, start) = (0.0, from)
    var best = (score: 0.0, range: from..<from)
    for place in from..<to {
      if sum <= 0 { (sum, start) = (0, place) }
      sum += allowed - Double((query[place] ^ registered[place + offset]).nonzeroBitCount)
      if sum > best.score { best = (sum, start..<place + 1) }
    }
    guard best.range.count >= least else { return nil }
    let different = Set(best.range.map { query[$0] })
    guard different.count * 4 >= least else { return nil }
    let errors = best.range.reduce(0) { $0 + (query[$1] ^ registered[$1 + offset]).nonzeroBitCount }
    let rate = Double(errors) / Double(32 * best.range.count)
    guard rate <= limit else { return nil }
    return AudioMatch(
      query: best.range, registered: best.range.lowerBound + offset..<best.range.upperBound + offset,
      bitErrorRate: rate)
  }
}
