/// A fingerprint of the query that stands in a work too.
struct PassageHit {
  let work: UInt32
  /// The number of the query's fingerprint.
  let print: Int
  /// The gram in the work, in scalars of its original.
  let start: UInt32
  let length: UInt32
}

/// Agreements that follow each other in both texts at about the same distance: a passage with some changes in it.
struct PassageChain {
  private var hits: [PassageHit]

  /// The farthest that two neighbours of a chain may stand apart in either text, in scalars of the folded query.
  private static let gap = 400

  /// The most chains of one work that are open at a time; a text that repeats itself needs several.
  private static let openChains = 32

  /// The most chains that one fingerprint opens; a phrase that stands everywhere must not push out all others.
  private static let openedAtOnce = 8

  /// Joins the hits of one work, sorted by place in the query, into chains.
  static func chains(_ hits: ArraySlice<PassageHit>, _ prints: [TextFingerprint]) -> [PassageChain] {
    var open: [PassageChain] = []
    var closed: [PassageChain] = []
    var (print, opened) = (-1, 0)
    for hit in hits {
      if hit.print != print { (print, opened) = (hit.print, 0) }
      let at = prints[hit.print].start
      // A chain behind which the query has gone on too far cannot grow any more.
      if open.contains(where: { at - $0.lastStart(prints) > gap }) {
        closed += open.filter { at - $0.lastStart(prints) > gap }
        open.removeAll { at - $0.lastStart(prints) > gap }
      }
      var best: (index: Int, drift: Int)?
      for (index, chain) in open.enumerated() {
        guard let drift = chain.drift(to: hit, prints), drift <= best?.drift ?? .max else { continue }
        best = (index, drift)
      }
      if let best {
        open[best.index].hits.append(hit)
      } else if opened < openedAtOnce {
        opened += 1
        if open.count == openChains { closed.append(open.removeFirst()) }
        open.append(PassageChain(hits: [hit]))
      }
    }
    return withoutShadows(closed + open, prints)
  }

  private func lastStart(_ prints: [TextFingerprint]) -> Int { hits.last.map { prints[$0.print].start } ?? 0 }

  /// By how many scalars a hit lies off the chain's line, or nil if it cannot go on from it.
  private func drift(to hit: PassageHit, _ prints: [TextFingerprint]) -> Int? {
    guard let last = hits.last, hit.print > last.print, hit.start > last.start else { return nil }
    let inQuery = prints[hit.print].start - prints[last.print].start
    let inWork = Int(hit.start - last.start)
    // Folded letters on one side, scalars with spaces and marks on the other: a text may be half spaces.
    guard inWork <= 3 * PassageChain.gap else { return nil }
    let drift = abs(inWork - inQuery)
    return drift <= 48 + inQuery ? drift : nil
  }

  /// Leaves out chains whose part of the query lies in that of a chain with more hits of the same work.
  private static func withoutShadows(_ chains: [PassageChain], _ prints: [TextFingerprint]) -> [PassageChain] {
    var kept: [PassageChain] = []
    let least = min(TextIndex.leastFingerprints, prints.count)
    for chain in chains.filter({ $0.hits.count >= least }).sorted(by: {
      ($1.hits.count, $0.first) < ($0.hits.count, $1.first)
    }) {
      let shadowed = kept.contains { $0.first <= chain.first && chain.last <= $0.last }
      if !shadowed { kept.append(chain) }
      if kept.count == 1024 { break }
    }
    return kept.sorted { $0.first < $1.first }
  }

  private var first: Int { hits.first?.print ?? 0 }
  private var last: Int { hits.last?.print ?? 0 }

  /// The passage, unless it is too short or too thin to be one.
  func passage(_ text: FoldedText, _ prints: [TextFingerprint]) -> PassageMatch? {
    guard let first = hits.first, let last = hits.last else { return nil }
    let (from, to) = (prints[first.print].start, prints[last.print].end)
    let weight = text.letters[from..<to].reduce(0) { $0 + FoldedText.weight($1) }
    guard weight >= TextIndex.leastWeight else { return nil }
    let agreement = Double(hits.count) / Double(last.print - first.print + 1)
    // Common phrases far apart in the same order are no passage.
    guard agreement >= 0.15 else { return nil }
    let end = hits.reduce(0) { max($0, Int($1.start) + Int($1.length)) }
    return PassageMatch(
      work: first.work, queryRange: Int(text.origins[from])..<Int(text.origins[to - 1]) + 1,
      workRange: Int(first.start)..<end, fingerprints: hits.count, agreement: agreement)
  }
}
