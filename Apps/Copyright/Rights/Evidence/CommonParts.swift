/// Which parts of a registered work are where in a file: a video's frames, a text's passages, a recording's seconds.
package struct CommonParts: Sendable, Hashable {
  /// Neighbouring parts of the work that are found in the same order in the file.
  package struct Stretch: Sendable, Hashable {
    /// The variants of the first and the last registered code.
    package var registered: ClosedRange<UInt64>
    /// The variants of the codes of the file that they were found by.
    package var seen: ClosedRange<UInt64>
    /// How many registered codes it has.
    package var count: Int
    /// The largest distance in it.
    package var distance: Int
  }

  /// The stretches, in the work's order.
  package let stretches: [Stretch]

  /// What the codes of an algorithm of parts have in common: to each registered code the nearest within the radius, of
  /// equally near ones the first behind the last that was found. Cost: one distance for each pair.
  package init(_ algorithm: MediaCode.Algorithm, registered: [MediaCode], seen: [MediaCode]) {
    func usable(_ codes: [MediaCode]) -> [(variant: UInt64, bits: Bits256)] {
      codes.filter { $0.algorithm == algorithm && $0.quality >= Matching.quality }
        .map { ($0.variant, Bits256($0.bits)) }
    }
    let probes = usable(seen)
    var stretches: [Stretch] = []
    var isOpen = false
    for code in usable(registered) {
      var best: (variant: UInt64, distance: Int)?
      let last = isOpen ? stretches.last?.seen.upperBound ?? 0 : 0
      for probe in probes {
        let distance = code.bits.distance(to: probe.bits)
        guard distance <= Matching.radius else { continue }
        // One behind the last goes before one that leads back.
        let isBetter =
          best.map { known in
            (probe.variant < last ? 1 : 0, distance) < (known.variant < last ? 1 : 0, known.distance)
          } ?? true
        if isBetter { best = (probe.variant, distance) }
      }
      guard let best else {
        isOpen = false
        continue
      }
      if isOpen, best.variant >= last, var stretch = stretches.popLast() {
        stretch.registered = stretch.registered.lowerBound...code.variant
        stretch.seen = stretch.seen.lowerBound...best.variant
        stretch.count += 1
        stretch.distance = max(stretch.distance, best.distance)
        stretches.append(stretch)
      } else {
        let found = code.variant...code.variant
        stretches.append(
          Stretch(registered: found, seen: best.variant...best.variant, count: 1, distance: best.distance))
        isOpen = true
      }
    }
    self.stretches = stretches
  }
}
