internal import Primitives

/// One axis of a chart: from where to where, and round numbers on it with their labels.
public struct ChartScale: Sendable, Equatable {
  /// A place on the axis that is labelled.
  public struct Tick: Sendable, Equatable {
    /// The value.
    public let value: Double
    /// What is written there.
    public let label: String

    /// A labelled place.
    public init(_ value: Double, _ label: String) { (self.value, self.label) = (value, label) }
  }

  /// The value at the axis's beginning.
  public let low: Double
  /// The value at its end, above `low`.
  public let high: Double
  /// The labelled places, rising.
  public let ticks: [Tick]
  /// Whether equal ratios are equally long.
  public let isLogarithmic: Bool

  init(low: Double, high: Double, ticks: [Tick], isLogarithmic: Bool = false) {
    (self.low, self.high, self.ticks, self.isLogarithmic) = (low, high, ticks, isLogarithmic)
  }

  /// Where a value lies between two coordinates; outside the axis it lies outside.
  func place(_ value: Double, from: Double, to: Double) -> Double {
    let share =
      isLogarithmic
      ? (ChartScale.log10(max(value, low)) - ChartScale.log10(low))
        / (ChartScale.log10(high) - ChartScale.log10(low))
      : (value - low) / (high - low)
    return from + share * (to - from)
  }

  // MARK: - Round numbers

  /// An axis over finite values that begins and ends on round numbers: 1, 2 or 5 times a power of ten apart.
  ///
  /// - Parameters:
  ///   - about: how many steps are wished for; there are at most twice as many.
  ///   - whole: only whole numbers are labelled.
  public static func round(_ values: ClosedRange<Double>, about: Int = 5, whole: Bool = false) -> ChartScale {
    let span = max(values.upperBound - values.lowerBound, abs(values.upperBound) * 1e-9, 1e-12)
    let isFlat = values.upperBound - values.lowerBound <= abs(values.upperBound) * 1e-9
    let wide = isFlat ? max(abs(values.upperBound), 1) : span
    var step = step(wide / Double(max(1, about)))
    if whole { step = max(1, step) }
    var low = (values.lowerBound / step).rounded(.down) * step
    let high: Double
    if isFlat, values.lowerBound != 0 {
      low = ((values.lowerBound - step) / step).rounded(.down) * step
      high = ((values.upperBound + step) / step).rounded(.up) * step
    } else {
      high = max((values.upperBound / step).rounded(.up) * step, low + step)
    }
    return ChartScale(low: low, high: high, ticks: ticks(from: low, to: high, step: step))
  }

  /// An axis that ends where the values end, with round numbers on it.
  static func tight(_ values: ClosedRange<Double>, about: Int = 5) -> ChartScale {
    let high = values.upperBound > values.lowerBound ? values.upperBound : values.lowerBound + 1
    let step = max(1, step((high - values.lowerBound) / Double(max(1, about))))
    let first = (values.lowerBound / step).rounded(.up) * step
    return ChartScale(low: values.lowerBound, high: high, ticks: ticks(from: first, to: high, step: step))
  }

  /// The smallest of 1, 2 or 5 times a power of ten that is not below `wished`.
  static func step(_ wished: Double) -> Double {
    var power = 1.0
    while power < wished, power < 1e300 { power *= 10 }
    while power / 10 >= wished, power > 1e-300 { power /= 10 }
    for part in [5.0, 2.0] where power / part >= wished { return power / part }
    return power
  }

  private static func ticks(from low: Double, to high: Double, step: Double) -> [Tick] {
    var decimals = 0
    var scaled = step
    while decimals < 12, abs(scaled - scaled.rounded()) > scaled * 1e-6 {
      scaled *= 10
      decimals += 1
    }
    var ticks: [Tick] = []
    var number = 0.0
    while ticks.count < 64 {
      let value = low + number * step
      guard value <= high + step * 1e-6 else { break }
      ticks.append(Tick(value, ChartText.number(value, decimals: decimals)))
      number += 1
    }
    return ticks
  }

  // MARK: - Powers of ten

  /// An axis of powers of ten around positive values; smaller ones lie at its beginning.
  public static func powers(_ values: ClosedRange<Double>, least: Double = 1e-3) -> ChartScale {
    var low = 1.0
    while low > max(values.lowerBound, least), low > 1e-12 { low /= 10 }
    while low * 10 <= max(values.lowerBound, least), low < 1e12 { low *= 10 }
    var high = low * 10
    while high < values.upperBound, high < 1e15 { high *= 10 }
    var ticks: [Tick] = []
    var power = low
    while power <= high * 1.000001 {
      ticks.append(Tick(power, ChartText.power(power)))
      power *= 10
    }
    return ChartScale(low: low, high: high, ticks: ticks, isLogarithmic: true)
  }

  /// The decimal logarithm; accurate enough for a coordinate, and the same on every machine.
  static func log10(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return -300 }
    // value = significand · 2^exponent with 1 ≤ significand < 2; atanh's series for the first.
    let t = (value.significand - 1) / (value.significand + 1)
    var (sum, power) = (0.0, t)
    for odd in stride(from: 1.0, through: 25, by: 2) {
      sum += power / odd
      power *= t * t
    }
    return (Double(value.exponent) * 0.693_147_180_559_945_3 + 2 * sum) / 2.302_585_092_994_045_7
  }

  // MARK: - Times

  /// An axis of times in milliseconds since 1970, labelled in UTC at round times.
  public static func time(_ values: ClosedRange<Double>, about: Int = 5) -> ChartScale {
    let high = values.upperBound > values.lowerBound ? values.upperBound : values.lowerBound + 1000
    let wished = (high - values.lowerBound) / Double(max(1, about))
    let seconds: [Double] = [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    ]
    var step = (seconds.map { $0 * 1000 }.first { $0 >= wished }) ?? 86_400_000
    while step < wished { step *= 2 }
    var ticks: [Tick] = []
    var value = (values.lowerBound / step).rounded(.up) * step
    while value <= high, ticks.count < 64 {
      ticks.append(Tick(value, ChartText.time(value, step: step)))
      value += step
    }
    return ChartScale(low: values.lowerBound, high: high, ticks: ticks)
  }

  /// An axis of named places, in order and equally far apart; the first is 0.
  ///
  /// Where the names would run into each other only every second, third or further one is written.
  public static func names(_ names: [String]) -> ChartScale {
    let longest = names.map(\.columns).max() ?? 0
    let room = (ChartFigure.right - ChartFigure.left) / Double(max(1, names.count))
    let every = max(1, Int((Double(longest) * 7.5 / max(1, room)).rounded(.up)))
    return ChartScale(
      low: -0.5, high: max(0.5, Double(names.count) - 0.5),
      ticks: names.enumerated().filter { $0.offset % every == 0 }.map { Tick(Double($0.offset), $0.element) })
  }
}

/// Numbers and texts as charts have them.
enum ChartText {
  /// A number with so many decimals, without floating-point noise; thousands as k, millions as M.
  static func number(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    if decimals == 0, abs(value) >= 10_000 {
      for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= unit {
        let hundredths = (value / unit * 100).rounded()
        let places = hundredths.truncatingRemainder(dividingBy: 100) == 0 ? 0 : 2
        return fixed(value / unit, places: places) + name
      }
    }
    return fixed(value, places: decimals)
  }

  /// A power of ten: 0.001 to 1000, then 10k, 100k and so on.
  static func power(_ value: Double) -> String {
    if value >= 0.99 { return number(value.rounded(), decimals: 0) }
    var decimals = 0
    var scaled = value
    while scaled < 0.99, decimals < 12 {
      scaled *= 10
      decimals += 1
    }
    return fixed(value, places: decimals)
  }

  static func fixed(_ value: Double, places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e18 else { return "\(value)" }
    var digits = String(Int64(scaled))
    if places > 0 {
      if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
      digits = digits.dropLast(places) + "." + digits.suffix(places)
    }
    return value < 0 && scaled > 0 ? "-" + digits : digits
  }

  /// A coordinate: one decimal at most.
  static func coordinate(_ value: Double) -> String {
    let text = fixed(min(max(value, -1e6), 1e6), places: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static func time(_ milliseconds: Double, step: Double) -> String {
    let text = Timestamp.text(UInt64(min(max(0, milliseconds), 253_402_300_799_000)))
    if step >= 86_400_000 { return String(text.dropFirst(5).prefix(5)) }
    return String(text.dropFirst(11).prefix(step >= 60_000 ? 5 : 8))
  }

  /// Text for an element or an attribute; control characters, which XML has no place for, are left out.
  static func escape(_ text: String) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case let scalar where scalar.value < 32 || scalar.value == 127: out += " "
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
