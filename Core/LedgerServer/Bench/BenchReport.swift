import Foundation

/// What a bench found, in the shape that scripts read.
package struct BenchReport: Codable, Sendable {
  package struct Result: Codable, Sendable {
    package let name: String
    package var value: Double
    package let unit: String
    /// What the value is held against, measured in the same run.
    package var limit: Double?
    package var ratio: Double?
    package var runs: Int
  }

  package var machine: String
  package var results: [Result] = []

  package init() {
    let cpu =
      (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n")
      .first { $0.hasPrefix("model name") }?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    machine = "\(cpu ?? "unknown processor"), \(ProcessInfo.processInfo.activeProcessorCount) cores"
  }

  /// Adds the medians of values and of their ratios to limits measured beside them.
  package mutating func add(_ name: String, _ values: [Double], unit: String, limits: [Double]? = nil) {
    results.append(
      Result(
        name: name, value: BenchReport.median(values), unit: unit, limit: limits.map(BenchReport.median),
        ratio: limits.map { BenchReport.median(zip(values, $0).map { $0 / $1 }) }, runs: values.count))
  }

  /// Adds the medians of what the same measurement gave in several processes.
  mutating func add(medians rounds: [BenchReport]) {
    for first in rounds.first?.results ?? [] {
      let same = rounds.flatMap { $0.results.filter { $0.name == first.name } }
      let limits = same.compactMap(\.limit)
      var result = first
      result.value = BenchReport.median(same.map(\.value))
      result.limit = limits.isEmpty ? nil : BenchReport.median(limits)
      result.ratio = limits.isEmpty ? nil : BenchReport.median(same.compactMap(\.ratio))
      result.runs = rounds.count
      results.append(result)
    }
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted.count % 2 == 1
      ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
  }

  /// The results as a table.
  package var lines: [String] {
    [machine]
      + results.map { result in
        let ratio = result.ratio.map { String(format: "  %.2f of %@", $0, BenchReport.number(result.limit ?? 0)) } ?? ""
        return result.name.padding(toLength: 30, withPad: " ", startingAt: 0)
          + BenchReport.number(result.value).leftPadded(to: 12) + " " + result.unit + ratio + "  (\(result.runs) runs)"
      }
  }

  static func number(_ value: Double) -> String {
    value >= 100 ? String(format: "%.0f", value) : String(format: "%.3g", value)
  }
}

extension String {
  func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
