/// One fingerprint of a text: a run of about 24 letters or 8 ideographs, by a hash that spacing, case, punctuation and
/// accents do not change.
///
/// Of every sixteen runs in a row one is chosen (winnowing), so that two texts with a passage in common have
/// fingerprints in common, wherever the passage stands.
public struct PassagePrint: Sendable, Hashable {
  /// The name of these rules.
  public static let rules = "passages 1"

  /// The hash.
  public let hash: UInt64
  /// Where the run begins, in Unicode scalars of the text as it was given.
  public let start: Int
  /// How many scalars it has.
  public let length: Int

  /// A fingerprint.
  public init(hash: UInt64, start: Int, length: Int) { (self.hash, self.start, self.length) = (hash, start, length) }

  /// The most fingerprints of a text.
  public static let limit = 960

  /// The fingerprints of a text in the order of their starts, each hash once; of more than `limit` those of the least
  /// hashes, so that what is kept of a passage does not depend on what stands around it but for how much that is.
  ///
  /// Cost: about 100 ns for each character.
  public static func all(of text: String) -> [PassagePrint] {
    let folded = FoldedText(text)
    var seen: Set<UInt64> = []
    let prints = TextFingerprints.select(folded.letters).filter { seen.insert($0.hash).inserted }
    let kept = prints.count <= limit ? prints : Array(prints.sorted { $0.hash < $1.hash }.prefix(limit))
    return kept.sorted { $0.start < $1.start }.map { print in
      let start = Int(folded.origins[print.start])
      return PassagePrint(hash: print.hash, start: start, length: Int(folded.origins[print.end - 1]) + 1 - start)
    }
  }
}
