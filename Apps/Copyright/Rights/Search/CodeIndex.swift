internal import CBOR
package import Primitives

/// A registered work that looks like what was asked for.
package struct Match: Sendable, Hashable {
  /// The registered work.
  package let work: String
  /// The log entry that registered it.
  package let entry: UInt64
  /// What was compared.
  package let algorithm: MediaCode.Algorithm
  /// In how many of 256 bits they differ; for a video the mean over the frames that were found, rounded down.
  package let distance: Int
  /// Which of the registered codes it was: for a passage or sound the first that was found, for a video 0.
  package let variant: UInt64
  /// Which of the codes that were asked for it was: for a passage or sound the first that was found, for a video 0.
  package let probe: UInt64
  /// The quality of the code that was asked for.
  package let quality: UInt64
  /// For a video, passages and sound, how many of the registered codes in a hundred were found.
  package let percent: Int
  /// For a video, passages and sound, how many in a hundred of what was asked for were found in the work.
  package let askedPercent: Int

  /// Whether the codes show enough to accuse.
  package var isSufficient: Bool { quality >= Matching.quality }

  /// What a search answers first: what accuses, then what is nearer, then what is older.
  static func precedes(_ a: Match, _ b: Match) -> Bool {
    if a.isSufficient != b.isSufficient { return a.isSufficient }
    return (a.distance, a.entry, a.algorithm.rawValue, a.variant, a.probe)
      < (b.distance, b.entry, b.algorithm.rawValue, b.variant, b.probe)
  }
}

/// The codes of every registered work: the contract's derived index.
///
/// It follows from the values of `CopyrightContract.codes` alone, in whatever order they came.
package struct CodeIndex: Sendable {
  private struct Work {
    var id: String
    var entry: UInt64
    /// The number of its codes by algorithm.
    var counts = [Int](repeating: 0, count: MediaCode.Algorithm.allCases.count)
    /// The places of its codes, by algorithm.
    var places: [(algorithm: MediaCode.Algorithm, place: Int)] = []
  }

  /// What stands at a place of a table.
  private struct Owner {
    var work: Int
    var variant: UInt64
    var quality: UInt64
  }

  private var tables: [CodeTable]
  private var owners: [[Owner]]
  private var works: [Work] = []
  private var slots: [String: Int] = [:]

  /// An empty index; `scanned` is for tests, and changes nothing that is found.
  package init(scanned: Int = 768) {
    tables = MediaCode.Algorithm.allCases.map { _ in CodeTable(scanned: scanned) }
    owners = MediaCode.Algorithm.allCases.map { _ in [] }
  }

  /// The number of codes.
  package var count: Int { tables.reduce(0) { $0 + $1.count } }

  /// Takes in a work; codes whose quality is below `Matching.quality` are left out, since they accuse no one.
  package mutating func insert(_ record: CodeRecord) {
    var work = Work(id: record.work, entry: record.entry)
    let slot = works.count
    for code in record.codes where code.quality >= Matching.quality {
      let table = Int(code.algorithm.rawValue)
      let place = tables[table].insert(Bits256(code.bits))
      owners[table].append(Owner(work: slot, variant: code.variant, quality: code.quality))
      work.places.append((code.algorithm, place))
      work.counts[table] += 1
    }
    slots[record.work] = slot
    works.append(work)
  }

  /// Takes out a work.
  package mutating func remove(_ record: CodeRecord) {
    guard let slot = slots.removeValue(forKey: record.work) else { return }
    for (algorithm, place) in works[slot].places { tables[Int(algorithm.rawValue)].remove(at: place) }
    works[slot].places = []
  }

  /// Every registered work that one of the codes is near, each once, in an order that follows from the works alone.
  ///
  /// A work of parts (a video's frames, a text's passages, a recording's seconds) is near when as many of them as
  /// `Algorithm.parts` says are each near one of the codes; a code of the whole work goes before its passages and seconds.
  package func matches(_ codes: [MediaCode]) -> [Match] {
    var best: [Int: Match] = [:]
    // For each work and algorithm of parts: the nearest probe to each part that was found, and what they are parts of.
    var parts: [Parts: [Int: Nearest]] = [:]
    var hits: [Parts: Set<UInt64>] = [:]
    var asked = [Set<UInt64>](repeating: [], count: tables.count)
    for code in codes {
      let table = Int(code.algorithm.rawValue)
      let isPart = code.algorithm.parts != nil
      if isPart {
        if code.quality < Matching.quality { continue }
        asked[table].insert(code.part)
      }
      tables[table].each(near: Bits256(code.bits)) { place, distance in
        let owner = owners[table][place]
        if isPart {
          let key = Parts(work: owner.work, algorithm: code.algorithm)
          let found = Nearest(distance: distance, probe: code.variant)
          let known = parts[key]?[place]
          parts[key, default: [:]][place] = known.map { min($0, found) } ?? found
          hits[key, default: []].insert(code.part)
          return
        }
        let found = Match(
          work: works[owner.work].id, entry: works[owner.work].entry, algorithm: code.algorithm, distance: distance,
          variant: owner.variant, probe: code.variant, quality: code.quality, percent: 100, askedPercent: 100)
        if best[owner.work].map({ Match.precedes(found, $0) }) ?? true { best[owner.work] = found }
      }
    }
    for (key, found) in parts.sorted(by: { $0.key < $1.key }) {
      guard let least = key.algorithm.parts else { continue }
      let (work, count) = (works[key.work], works[key.work].counts[Int(key.algorithm.rawValue)])
      guard found.count >= least.count, found.count * 100 >= count * least.percent else { continue }
      let isVideo = key.algorithm == .frame
      if !isVideo, best[key.work]?.isSufficient == true { continue }
      let table = Int(key.algorithm.rawValue)
      let first = found.min { owners[table][$0.key].variant < owners[table][$1.key].variant }
      let mean = found.values.reduce(0) { $0 + $1.distance } / found.count
      best[key.work] = Match(
        work: work.id, entry: work.entry, algorithm: key.algorithm,
        distance: isVideo ? mean : first?.value.distance ?? mean,
        variant: isVideo ? 0 : first.map { owners[table][$0.key].variant } ?? 0,
        probe: isVideo ? 0 : first?.value.probe ?? 0, quality: 100, percent: found.count * 100 / max(1, count),
        askedPercent: (hits[key]?.count ?? 0) * 100 / max(1, asked[table].count))
    }
    return best.values.sorted(by: Match.precedes)
  }

  private struct Parts: Hashable, Comparable {
    let work: Int
    let algorithm: MediaCode.Algorithm

    static func < (a: Parts, b: Parts) -> Bool {
      (a.work, a.algorithm.rawValue) < (b.work, b.algorithm.rawValue)
    }
  }

  private struct Nearest: Comparable {
    let distance: Int
    let probe: UInt64

    static func < (a: Nearest, b: Nearest) -> Bool { (a.distance, a.probe) < (b.distance, b.probe) }
  }

  /// A digest of every table's content, whatever the order in which it came.
  package var digest: Digest {
    var hasher = SHA256Hasher()
    for algorithm in MediaCode.Algorithm.allCases {
      let table = Int(algorithm.rawValue)
      let sums = tables[table].sums { place in
        let owner = owners[table][place]
        var writer = CBORWriter()
        writer.array(4)
        writer.text(works[owner.work].id)
        writer.uint(works[owner.work].entry)
        writer.uint(owner.variant)
        writer.bytes(tables[table].bytes(at: place))
        return Digest.sha256(writer.bytes).prefix64
      }
      var bytes: [UInt8] = []
      bytes.append(u64: UInt64(tables[table].count))
      for sum in sums { bytes.append(u64: sum) }
      hasher.update(bytes)
    }
    return hasher.finalize()
  }
}
