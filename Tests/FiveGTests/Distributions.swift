import Foundation

/// Tests of fit, with thresholds for a false alarm in about a thousand.
enum Distributions {
  /// Kolmogorov and Smirnov: sqrt(n) times the largest distance between the empirical and the given distribution.
  static func ks(_ sample: [Double], _ cumulative: (Double) -> Double) -> Double {
    let sorted = sample.sorted()
    let n = Double(sorted.count)
    var distance = 0.0
    for (index, value) in sorted.enumerated() {
      let expected = cumulative(value)
      distance = max(distance, abs(expected - Double(index) / n), abs(Double(index + 1) / n - expected))
    }
    return distance * n.squareRoot()
  }

  /// The value that `ks` exceeds once in a thousand times.
  static let ksLimit = 1.95

  /// Pearson's statistic over its 99.9 % quantile (Wilson and Hilferty): above 1 is a misfit.
  static func chiSquare(_ observed: [Int], _ expected: [Double]) -> Double {
    let statistic = zip(observed, expected).reduce(0.0) { sum, pair in
      let difference = Double(pair.0) - pair.1
      return sum + difference * difference / pair.1
    }
    let freedom = Double(observed.count - 1)
    let base = 1 - 2 / (9 * freedom) + 3.09 * (2 / (9 * freedom)).squareRoot()
    return statistic / (freedom * base * base * base)
  }
}
