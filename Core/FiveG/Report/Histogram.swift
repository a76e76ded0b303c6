/// Counts of values from 0 up, in bins whose width is at most 1/32 of their value; below 64 each value has its own bin.
public struct Histogram: Sendable, Equatable {
  private static let bins = 32 * 37
  /// The number of values.
  public private(set) var count: UInt64 = 0
  /// The largest value, exactly.
  public private(set) var maximum: Int64 = 0
  /// The sum of all values, which wraps beyond 2^64.
  public private(set) var sum: UInt64 = 0
  private var counts = [UInt64](repeating: 0, count: Self.bins)

  /// A histogram of nothing.
  public init() {}

  /// Counts a value; a negative one counts as 0, one over 2^40 as that.
  @inline(__always)
  public mutating func record(_ value: Int64) {
    let clamped = min(max(value, 0), 1 << 40)
    counts[Self.bin(UInt64(clamped))] += 1
    count += 1
    sum &+= UInt64(clamped)
    maximum = max(maximum, clamped)
  }

  @inline(__always)
  private static func bin(_ value: UInt64) -> Int {
    if value < 64 { return Int(value) }
    let shift = 58 - value.leadingZeroBitCount
    return shift * 32 + Int(value >> UInt64(shift))
  }

  private static func highest(inBin bin: Int) -> Int64 {
    if bin < 64 { return Int64(bin) }
    let shift = bin / 32 - 1
    return Int64(bin - shift * 32 + 1) << Int64(shift) - 1
  }

  /// The value that the given fraction of all values does not exceed, rounded up to its bin's end; 0 when empty.
  public func quantile(_ fraction: Double) -> Int64 {
    guard count > 0 else { return 0 }
    let wanted = max(1, UInt64((Double(count) * min(max(fraction, 0), 1)).rounded(.up)))
    var seen: UInt64 = 0
    for (index, number) in counts.enumerated() {
      seen += number
      if seen >= wanted { return min(Self.highest(inBin: index), maximum) }
    }
    return maximum
  }

  /// The mean; 0 when empty.
  public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// The bins that are not empty: the highest value of each and its count.
  public var nonEmpty: [(highest: Int64, count: UInt64)] {
    counts.enumerated().filter { $0.element > 0 }.map { (Self.highest(inBin: $0.offset), $0.element) }
  }

  /// Adds another histogram's values.
  public mutating func add(_ other: Histogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    count += other.count
    sum &+= other.sum
    maximum = max(maximum, other.maximum)
  }
}
