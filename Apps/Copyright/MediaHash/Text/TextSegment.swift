/// Where a fingerprint stands: a work and the scalars of the gram in its original text.
struct TextPosting: Sendable {
  let hash: UInt64
  let work: UInt32
  let start: UInt32
  /// The scalars from the start of the gram to its end.
  let length: UInt32
}

/// Fingerprints of some works, sorted by hash and never changed: searches go on in it while others are merged.
final class TextSegment: Sendable {
  let postings: [TextPosting]

  init(_ postings: [TextPosting]) { self.postings = postings }

  /// A segment of the fingerprints of one work.
  convenience init(work: UInt32, _ text: FoldedText, _ fingerprints: [TextFingerprint]) {
    let postings = fingerprints.map { print in
      let start = text.origins[print.start]
      let end = text.origins[print.end - 1] + 1
      return TextPosting(hash: print.hash, work: work, start: start, length: end - start)
    }
    self.init(postings.sorted { ($0.hash, $0.start) < ($1.hash, $1.start) })
  }

  /// A segment with the fingerprints of two.
  convenience init(merging a: TextSegment, _ b: TextSegment) {
    var out: [TextPosting] = []
    out.reserveCapacity(a.postings.count + b.postings.count)
    var (i, j) = (0, 0)
    while i < a.postings.count, j < b.postings.count {
      if b.postings[j].hash < a.postings[i].hash {
        out.append(b.postings[j])
        j += 1
      } else {
        out.append(a.postings[i])
        i += 1
      }
    }
    out += a.postings[i...]
    out += b.postings[j...]
    self.init(out)
  }

  /// The postings of one hash, at most `limit`; the search begins at `hint` and gives the place for the next hash.
  func range(of hash: UInt64, from hint: Int, limit: Int) -> Range<Int> {
    var low = hint
    var step = 1
    // Gallop: the hashes are asked for in order.
    while low + step < postings.count, postings[low + step].hash < hash {
      low += step
      step *= 2
    }
    var high = min(postings.count, low + step + 1)
    while low < high {
      let middle = (low + high) / 2
      if postings[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < postings.count, end - low < limit, postings[end].hash == hash { end += 1 }
    return low..<end
  }
}
