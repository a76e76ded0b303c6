/// Unicode normalisation (UAX #15) over arrays of scalar values, with the library's own tables.
public enum Normalization {
  /// The version of the Unicode Character Database whose tables are used.
  ///
  /// It is part of the rule by which a text's code is made: characters assigned later are treated as unassigned.
  public static var unicodeVersion: String { UnicodeBlob.version }

  /// Canonical decomposition (NFD).
  public static func nfd(_ scalars: [UInt32]) -> [UInt32] { decompose(scalars, compatibly: false) }

  /// Compatibility decomposition followed by canonical composition (NFKC).
  public static func nfkc(_ scalars: [UInt32]) -> [UInt32] {
    let data = UnicodeData.shared
    let changes = UnicodeData.Facts.decomposesCompatibly | UnicodeData.Facts.combines | UnicodeData.Facts.composes
    // Nothing composes that is followed only by letters that neither combine nor compose.
    guard scalars.contains(where: { $0 >= 0x80 && data.facts($0) & changes != 0 }) else { return scalars }
    return compose(decompose(scalars, compatibly: true))
  }

  /// NFKC of a string.
  public static func nfkc(_ text: String) -> String { string(nfkc(text.unicodeScalars.map(\.value))) }

  /// NFD of a string.
  public static func nfd(_ text: String) -> String { string(nfd(text.unicodeScalars.map(\.value))) }

  /// The string of scalar values; what is none becomes U+FFFD.
  static func string(_ scalars: some Sequence<UInt32>) -> String {
    var text = String.UnicodeScalarView()
    for value in scalars { text.append(Unicode.Scalar(value) ?? "\u{fffd}") }
    return String(text)
  }

  static func decompose(_ scalars: [UInt32], compatibly: Bool) -> [UInt32] {
    let data = UnicodeData.shared
    var out: [UInt32] = []
    out.reserveCapacity(scalars.count + scalars.count / 8)
    var needsOrder = false
    for scalar in scalars {
      if scalar < 0x80 {
        out.append(scalar)
        continue
      }
      let before = out.count
      data.appendDecomposition(scalar, compatibly: compatibly, to: &out)
      if !needsOrder, out.count - before > 1 || data.facts(scalar) & UnicodeData.Facts.combines != 0 {
        needsOrder = true
      }
    }
    if needsOrder { reorder(&out) }
    return out
  }

  /// Sorts every run of combining marks by class, keeping the order of equals.
  private static func reorder(_ scalars: inout [UInt32]) {
    let data = UnicodeData.shared
    var index = 0
    while index < scalars.count {
      guard scalars[index] >= 0x300, data.combiningClass(scalars[index]) != 0 else {
        index += 1
        continue
      }
      var end = index
      var run: [(mark: UInt32, rank: UInt8)] = []
      var sorted = true
      while end < scalars.count {
        let rank = data.combiningClass(scalars[end])
        guard rank != 0 else { break }
        if let last = run.last, last.rank > rank { sorted = false }
        run.append((scalars[end], rank))
        end += 1
      }
      if !sorted {
        // The standard library's sort is stable in fact but not by promise; the position breaks ties.
        let order = run.indices.sorted { (run[$0].rank, $0) < (run[$1].rank, $1) }
        for (place, from) in order.enumerated() { scalars[index + place] = run[from].mark }
      }
      index = end
    }
  }

  /// Canonical composition of a decomposed, ordered text.
  private static func compose(_ scalars: [UInt32]) -> [UInt32] {
    let data = UnicodeData.shared
    var out: [UInt32] = []
    out.reserveCapacity(scalars.count)
    var starter: Int?
    var lastRank: UInt8 = 0
    for scalar in scalars {
      let rank = data.combiningClass(scalar)
      if let place = starter {
        let adjacent = place == out.count - 1
        // A mark is blocked from its starter by a mark of the same or a higher class, or by another starter.
        if adjacent || (rank != 0 && lastRank < rank), let composed = data.composition(out[place], scalar) {
          out[place] = composed
          continue
        }
      }
      if rank == 0 {
        starter = out.count
        lastRank = 0
      } else {
        lastRank = rank
      }
      out.append(scalar)
    }
    return out
  }
}
