import COSE
import Foundation
import Ledger
import Merkle
import Primitives

/// The core's measurements, each against the limit of the machine that it runs on, measured beside it.
package struct Bench {
  var report = BenchReport()
  let runs: Int
  let folder: String

  /// Seconds that `work` takes.
  package static func seconds(_ work: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await work()
    let time = ContinuousClock.now - start
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }

  /// P-256 verifications a second on all cores at once.
  package static func verifyRate(seconds: Double = 1) async throws -> Double {
    let key = PrivateKey.generate(.es256)
    let message = [UInt8](repeating: 7, count: 384)
    let signature = try key.sign(message)[...]
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return await withTaskGroup(of: Double.self) { group in
      for _ in 0..<cores {
        group.addTask {
          let start = ContinuousClock.now
          var count = 0.0
          while ContinuousClock.now - start < .seconds(seconds) {
            for _ in 0..<64 { precondition(key.publicKey.isValidSignature(signature, for: message)) }
            count += 64
          }
          let time = ContinuousClock.now - start
          return count / (Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
        }
      }
      return await group.reduce(0, +)
    }
  }

  /// Signed statements a second, from bytes in memory to durable and sealed.
  mutating func durable(_ count: Int) async throws {
    var rates: [Double] = []
    var limits: [Double] = []
    for _ in 0..<runs {
      let ledger = try BenchLedger(in: folder)
      defer { ledger.remove() }
      let entries = try await ledger.statements(count, from: 0, subjects: count / 4)
      let open = try await ledger.open()
      let before = try await Bench.verifyRate()
      let time = try await Bench.seconds { try await BenchLedger.submit(entries, to: open.sequencer) }
      let after = try await Bench.verifyRate()
      await open.close()
      rates.append(Double(count) / time)
      limits.append((before + after) / 2)
    }
    report.add("statements-durable", rates, unit: "statements/s", limits: limits)
  }

  /// Milliseconds from submitting one statement to its being durable, with nothing else going on.
  mutating func latency(_ count: Int) async throws {
    let ledger = try BenchLedger(in: folder)
    defer { ledger.remove() }
    let entries = try await ledger.statements(count, from: 0, subjects: count)
    let open = try await ledger.open()
    var times: [Double] = []
    for entry in entries {
      times.append(try await Bench.seconds { _ = try await open.sequencer.submit([entry]) } * 1000)
    }
    await open.close()
    times.sort()
    report.results.append(.init(name: "latency-p50", value: times[times.count / 2], unit: "ms", runs: times.count))
    report.results.append(
      .init(name: "latency-p99", value: times[times.count * 99 / 100], unit: "ms", runs: times.count))
  }

  /// The process's largest resident size so far, in bytes.
  static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
  }
}
