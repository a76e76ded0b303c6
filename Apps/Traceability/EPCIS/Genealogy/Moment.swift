/// When an event happened; among events of one time the place in the log decides.
struct Moment: Comparable, Hashable {
  let time: Int64
  let place: UInt64

  static let first = Moment(time: .min, place: .min)
  static let last = Moment(time: .max, place: .max)

  init(time: Int64, place: UInt64) {
    self.time = time
    self.place = place
  }

  init(_ traced: TracedEvent) { self.init(time: traced.event.eventTimeMs, place: traced.place) }

  static func < (a: Moment, b: Moment) -> Bool { (a.time, a.place) < (b.time, b.place) }
}

/// Moments during which an item counts: disjoint closed intervals in rising order.
struct Presence {
  private(set) var intervals: [ClosedRange<Moment>] = []

  /// Adds an interval; false when all of it was in one of those before.
  mutating func insert(_ added: ClosedRange<Moment>) -> Bool {
    if intervals.contains(where: { $0.lowerBound <= added.lowerBound && added.upperBound <= $0.upperBound }) {
      return false
    }
    var merged = added
    intervals.removeAll { old in
      guard old.overlaps(merged) else { return false }
      merged = min(old.lowerBound, merged.lowerBound)...max(old.upperBound, merged.upperBound)
      return true
    }
    let position = intervals.firstIndex { merged.upperBound < $0.lowerBound } ?? intervals.endIndex
    intervals.insert(merged, at: position)
    return true
  }
}

/// The common part of two intervals, or nil when there is none.
func overlap(_ a: ClosedRange<Moment>, _ b: ClosedRange<Moment>) -> ClosedRange<Moment>? {
  a.overlaps(b) ? a.clamped(to: b) : nil
}
