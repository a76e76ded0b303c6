internal import Synchronization

/// Counts of one server, written as the Prometheus text format 0.0.4.
///
/// One lock around a few dictionaries: a request takes it once, for well under a microsecond. The labels are routes of
/// the router, known methods and statuses, so their number is bounded.
final class Metrics: Sendable {
  /// Upper bounds of the duration buckets in seconds.
  static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  /// What can become of a statement: in the log and carried out; in the log without effect; in the log before; not
  /// authentic; not readable; not taken because too many wait; not stored.
  static let outcomes = ["accepted", "refused", "duplicate", "rejected", "malformed", "busy", "failed"]

  private struct RequestKey: Hashable {
    let route: String
    let method: String
    let status: Int
  }

  private struct Histogram {
    var counts = [UInt64](repeating: 0, count: Metrics.bounds.count + 1)
    var sum = 0.0

    mutating func add(_ seconds: Double) {
      counts[Metrics.bounds.firstIndex { seconds <= $0 } ?? Metrics.bounds.count] += 1
      sum += seconds
    }
  }

  private struct State {
    var requests: [RequestKey: UInt64] = [:]
    var durations: [String: Histogram] = [:]
    var submissions: [String: UInt64] = [:]
    var submitted: UInt64 = 0
    var inFlight = 0
    /// The largest size that each member is known to have co-signed.
    var cosigned: [String: UInt64] = [:]
  }

  private let state = Mutex(State())
  private let start: Double

  init(startSeconds: Double) { start = startSeconds }

  /// Counts a request that begins; gives how many there are now.
  func begin() -> Int {
    state.withLock { state in
      state.inFlight += 1
      return state.inFlight
    }
  }

  func end(route: String, method: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.inFlight -= 1
      state.requests[RequestKey(route: route, method: method, status: status), default: 0] += 1
      state.durations[route, default: Histogram()].add(seconds)
    }
  }

  /// Counts statements that come in, whatever becomes of them.
  func submitted(_ count: Int) { state.withLock { $0.submitted += UInt64(count) } }

  /// Counts what became of a statement.
  func settled(_ outcome: String) { state.withLock { $0.submissions[outcome, default: 0] += 1 } }

  /// Takes in whose signatures a checkpoint of this size has.
  func cosigned(_ members: [String], size: UInt64) {
    state.withLock { state in
      for member in members where size > state.cosigned[member, default: 0] { state.cosigned[member] = size }
    }
  }

  /// What is measured at the moment of the scrape.
  struct Gauge {
    let name: String
    let help: String
    let value: Double
    /// Whether it only ever rises.
    var isCounter = false
  }

  /// The whole text; `members` are those that shall co-sign now.
  func text(_ gauges: [Gauge], members: [String]) -> String {
    let state = state.withLock { $0 }
    var out = Text()
    let all =
      gauges + [
        Gauge(name: "process_start_time_seconds", help: "When the server started, Unix time.", value: start),
        Gauge(name: "http_requests_in_flight", help: "Requests being answered.", value: Double(state.inFlight)),
      ]
    for gauge in all {
      out.head(gauge.name, gauge.isCounter ? "counter" : "gauge", gauge.help)
      out.line(gauge.name, [], gauge.value)
    }
    out.head("http_requests_total", "counter", "Requests answered.")
    let requests = state.requests.sorted {
      ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
    }
    for (key, count) in requests {
      out.line(
        "http_requests_total", [("route", key.route), ("method", key.method), ("status", "\(key.status)")],
        Double(count))
    }
    out.head("http_request_duration_seconds", "histogram", "Time until an answer was ready.")
    for (route, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
      var total: UInt64 = 0
      for (place, count) in histogram.counts.enumerated() {
        total += count
        let bound = place < Metrics.bounds.count ? "\(Metrics.bounds[place])" : "+Inf"
        out.line("http_request_duration_seconds_bucket", [("route", route), ("le", bound)], Double(total))
      }
      out.line("http_request_duration_seconds_sum", [("route", route)], histogram.sum)
      out.line("http_request_duration_seconds_count", [("route", route)], Double(total))
    }
    out.head("ledger_member_cosigned_size", "gauge", "Entries of the newest checkpoint that a member has co-signed.")
    for member in members {
      out.line("ledger_member_cosigned_size", [("member", member)], Double(state.cosigned[member, default: 0]))
    }
    out.head("ledger_submitted_statements_total", "counter", "Statements that came to this server.")
    out.line("ledger_submitted_statements_total", [], Double(state.submitted))
    out.head("ledger_statements_total", "counter", "Statements that came to this server, by what became of them.")
    for outcome in Metrics.outcomes {
      out.line("ledger_statements_total", [("outcome", outcome)], Double(state.submissions[outcome, default: 0]))
    }
    return out.text
  }

  private struct Text {
    var text = ""

    mutating func head(_ name: String, _ type: String, _ help: String) {
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
      text += name
      if !labels.isEmpty {
        text += "{" + labels.map { "\($0.0)=\"\(Text.escaped($0.1))\"" }.joined(separator: ",") + "}"
      }
      let whole = Int64(exactly: value)
      text += " " + (whole.map { "\($0)" } ?? "\(value)") + "\n"
    }

    private static func escaped(_ text: String) -> String {
      var out = ""
      for character in text {
        switch character {
        case "\\": out += "\\\\"
        case "\"": out += "\\\""
        case "\n": out += "\\n"
        default: out.append(character)
        }
      }
      return out
    }
  }
}
