/// A moment at which every device of some fleets sends once: the alarm after a power cut, a synchronised start.
public struct Burst: Sendable, Equatable {
  /// How the events spread over the window (3GPP TR 37.868 table 6.1.1).
  public enum Shape: Sendable, Equatable {
    /// Traffic model 1: uniform, devices that are not synchronised.
    case uniform
    /// Traffic model 2: Beta(3, 4), devices that react to one cause.
    case beta
  }

  /// What the burst is called in reports.
  public var name: String
  /// The spread.
  public var shape: Shape
  /// Microseconds from the start of the simulation.
  public var start: Int64
  /// The window's length in microseconds.
  public var window: Int64
  /// The fleets that take part, by index.
  public var fleets: [Int]

  /// A burst of the given figures.
  public init(name: String, shape: Shape, start: Int64, window: Int64, fleets: [Int]) {
    self.name = name
    self.shape = shape
    self.start = start
    self.window = window
    self.fleets = fleets
  }

  /// Traffic model 1: uniform over 60 s.
  public static func uniform60(name: String = "TM1", start: Int64, fleets: [Int]) -> Burst {
    Burst(name: name, shape: .uniform, start: start, window: 60_000_000, fleets: fleets)
  }

  /// Traffic model 2: Beta(3, 4) over 10 s.
  public static func beta10(name: String = "TM2", start: Int64, fleets: [Int]) -> Burst {
    Burst(name: name, shape: .beta, start: start, window: 10_000_000, fleets: fleets)
  }

  /// The time of one device's event.
  ///
  /// Beta(3, 4) exactly: the third smallest of six independent uniform numbers has that distribution.
  package func time(seed: UInt64, device: UInt32, index: UInt8) -> Int64 {
    var random = CounterRandom(seed: seed, device: device, lane: .burst, counter: UInt64(index))
    let place: UInt64
    switch shape {
    case .uniform: place = random.next()
    case .beta: place = Self.thirdOfSix(&random)
    }
    return start &+ Int64(truncatingIfNeeded: place.multipliedFullWidth(by: UInt64(max(0, window))).high)
  }

  /// The third smallest of six draws.
  static func thirdOfSix(_ random: inout CounterRandom) -> UInt64 {
    var a = random.next()
    var b = random.next()
    var c = random.next()
    if a > b { swap(&a, &b) }
    if b > c { swap(&b, &c) }
    if a > b { swap(&a, &b) }
    for _ in 0..<3 {
      let d = random.next()
      if d >= c { continue }
      c = max(b, d)
      if d < b {
        b = max(a, d)
        a = min(a, d)
      }
    }
    return c
  }

  /// The share of events that have happened by the fraction `x` of the window.
  ///
  /// Beta(3, 4): 20x^3 - 45x^4 + 36x^5 - 10x^6.
  public func cumulative(_ x: Double) -> Double {
    let x = min(max(x, 0), 1)
    switch shape {
    case .uniform: return x
    case .beta: return x * x * x * (20 + x * (-45 + x * (36 - 10 * x)))
    }
  }

  /// Events per second at the burst's height, for `devices` devices: 2.0736 / window for Beta(3, 4), at 40 % of it.
  public func peakRate(devices: Int) -> Double {
    let seconds = Double(max(1, window)) / 1e6
    switch shape {
    case .uniform: return Double(devices) / seconds
    case .beta: return Double(devices) * 2.0736 / seconds
    }
  }
}
