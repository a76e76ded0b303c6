/// Who has not reported for longer than its profile says.
///
/// Each device has a threshold: what its certificate promises as the longest time to its next reading (`ut` of RFC 8428,
/// section 4.3) times the operator's patience. A device is looked at when it is due and not before: a look at a million
/// devices that all report costs a few heap steps for each of them once in their threshold.
public struct SilenceWatch: Sendable {
  /// What has changed.
  public enum Change: Sendable, Equatable {
    /// Nothing has come since `last`, microseconds since 1970, and the threshold has passed.
    case silent(kid: UInt64, last: Int64)
    /// It has reported again, at `time`.
    case heard(kid: UInt64, time: Int64)
  }

  private struct Item {
    var threshold: Int64
    /// The last sign of life that is known, or when the waiting began.
    var last: Int64
    var isSilent: Bool
    /// What tells the entry of the heap that counts from older ones.
    var due: Int64
  }

  private var items: [UInt64: Item] = [:]
  /// Due times and key ids, the earliest first.
  private var heap: [(due: Int64, kid: UInt64)] = []

  /// Nobody yet.
  public init() {}

  /// How many devices are watched.
  public var count: Int { items.count }

  /// Those that are silent now.
  public var silent: [UInt64] { items.filter(\.value.isSilent).keys.sorted() }

  /// Watches a device from now on, or changes its threshold.
  ///
  /// - Parameters:
  ///   - thresholdUs: microseconds, 1 second to 100 years; else it is brought into that range.
  ///   - sinceUs: when it was heard last, or when the waiting for it begins.
  ///   - isSilent: whether it is known to be silent, so that this is not reported again.
  public mutating func expect(_ kid: UInt64, within thresholdUs: Int64, since sinceUs: Int64, isSilent: Bool = false) {
    let threshold = min(max(thresholdUs, 1_000_000), 100 * 366 * 86_400_000_000)
    if var item = items[kid] {
      guard item.threshold != threshold else { return }
      item.threshold = threshold
      schedule(kid, &item, at: Self.sum(item.last, threshold))
      items[kid] = item
      return
    }
    var item = Item(threshold: threshold, last: sinceUs, isSilent: isSilent, due: 0)
    schedule(kid, &item, at: isSilent ? sinceUs : Self.sum(sinceUs, threshold))
    items[kid] = item
  }

  /// Watches a device no longer.
  public mutating func forget(_ kid: UInt64) { items[kid] = nil }

  /// The devices to look at now, each at most once until `note` is told of it.
  public mutating func due(_ nowUs: Int64, limit: Int = 10_000) -> [UInt64] {
    var kids: [UInt64] = []
    while kids.count < limit, let first = heap.first, first.due <= nowUs {
      pop()
      if items[first.kid]?.due == first.due { kids.append(first.kid) }
    }
    return kids
  }

  /// Takes note of when a device that was due has been heard last; gives what has changed.
  ///
  /// - Parameter lastUs: the latest sign of life; nil for none.
  public mutating func note(_ kid: UInt64, last lastUs: Int64?, now nowUs: Int64) -> Change? {
    guard var item = items[kid] else { return nil }
    defer { items[kid] = item }
    let last = max(item.last, lastUs ?? item.last)
    let isNew = last > item.last
    item.last = last
    let due = Self.sum(last, item.threshold)
    if due > nowUs {
      // A clock that runs ahead does not buy silence: it is looked at again after one threshold at the latest.
      schedule(kid, &item, at: min(due, Self.sum(nowUs, item.threshold)))
      guard item.isSilent, isNew else {
        return nil
      }
      item.isSilent = false
      return .heard(kid: kid, time: last)
    }
    // Looked at again soon while it is silent: its return is news.
    schedule(kid, &item, at: Self.sum(nowUs, min(item.threshold, 10_000_000)))
    guard !item.isSilent else { return nil }
    item.isSilent = true
    return .silent(kid: kid, last: last)
  }

  private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  // MARK: - The heap

  private mutating func schedule(_ kid: UInt64, _ item: inout Item, at due: Int64) {
    item.due = due
    heap.append((due, kid))
    var place = heap.count - 1
    while place > 0, heap[place].due < heap[(place - 1) / 2].due {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func pop() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].due < heap[least].due {
        least = child
      }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
