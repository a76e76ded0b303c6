import FiveG
import Foundation
import Ledger
import LedgerServer
import Primitives
import ReadingStream

/// Takes readings from a source when they are due and sends them on, until the end or until it is asked to stop.
enum StreamRun {
  /// What became of a stream.
  struct Summary: Sendable, Equatable {
    /// Readings sent.
    var readings = 0
    /// Seconds of real time.
    var seconds = 0.0
    /// Simulated microseconds from the first reading to the last.
    var simulatedUs: Int64 = 0
    /// Whether it was stopped before its end.
    var isStopped = false
    /// What the sink says.
    var sink: Message = ""

    /// For people.
    var text: Message {
      let rate = seconds > 0 ? Int(Double(readings) / seconds) : readings
      let time = String(format: "%.1f", seconds)
      let simulated = String(format: "%.1f", Double(simulatedUs) / 1e6)
      return
        "\(readings) readings of \(simulated) simulated seconds in \(time) s, \(rate) a second; \(sink)."
    }
  }

  /// Runs a stream; shows how far it is on a terminal.
  static func run<Sink: StreamSink>(_ source: consuming ReadingSource, into sink: inout Sink) async throws -> Summary {
    let clock = ContinuousClock()
    let start = clock.now
    var summary = Summary()
    var first: Int64?
    var shown = start
    loop: while true {
      if StopSignal.isSet {
        summary.isStopped = true
        break
      }
      let now = microseconds(clock.now - start)
      switch source.next(now: now, most: sink.most) {
      case .rows(let rows):
        do { try await sink.send(source.batch, rows) } catch is StreamIsOver {
          summary.isStopped = true
          break loop
        }
        summary.readings += rows.count
        first = first ?? source.batch.arrivals[rows.lowerBound]
        summary.simulatedUs = source.batch.arrivals[rows.upperBound - 1] - (first ?? 0)
      case .wait(let until):
        // A tick of a hundredth of a second gathers what is due, instead of a sleep for each reading.
        let end = start + .microseconds(max(until, now + 10_000))
        _ = try await StopSignal.sleep(until: end)
      case .end: break loop
      }
      if Console.isTerminal, clock.now - shown >= .milliseconds(500) {
        shown = clock.now
        show(summary, shown - start)
      }
    }
    do { summary.sink = try await sink.finish() } catch is StreamIsOver { summary.isStopped = true }
    summary.seconds = Double(microseconds(clock.now - start)) / 1e6
    if Console.isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    return summary
  }

  private static func show(_ summary: Summary, _ elapsed: Duration) {
    let seconds = max(1, microseconds(elapsed) / 1_000_000)
    let line: Message = "\(summary.readings) readings, \(Int64(summary.readings) / seconds) a second"
    FileHandle.standardError.write(Data("\r\u{1b}[K\(line.text(in: .current))".utf8))
  }

  private static func microseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}
