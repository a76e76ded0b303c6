import Edge
import Primitives

/// Readings in words for people.
enum ReadingText {
  static func reading(
    _ finding: ReadingProof.Finding, gateway: String, row: RowID, entry: UInt64, time block: UInt64? = nil
  ) -> [Message] {
    let reading = finding.reading
    let tier: Message =
      switch finding.tier {
      case .mac: "Its device and the gateway share the key that vouches for it: the gateway could have made it itself."
      case .macAndEpochs:
        "The device signs over all that it sends, epoch by epoch: a gateway that changes a reading is found out."
      case .signed, .epoch: "The device itself signed it."
      }
    return [
      "Reading \(row) of \(gateway): \(values(reading)), number \(reading.seq) of boot \(reading.boot) of \(reading.device).",
      "Sampled at \(time(reading.timeUs)) by the device's clock, received at \(time(finding.arrival)) by the gateway's; "
        + "quality \(flags(finding.flags)).",
      tier,
      block.map { time in
        "The ledger's rules took the header of batch \(finding.header.number), \(finding.header.count) leaves, entry "
          + "\(entry), at \(Timestamp.text(time)), from a gateway in service."
      }
        ?? "Its batch \(finding.header.number) of \(finding.header.count) leaves was closed at \(time(Int64(clamping: finding.header.closed))); the header is entry \(entry).",
    ]
  }

  static func series(_ series: SeriesProof, _ finding: SeriesProof.Finding, gateway: String) -> [Message] {
    let capture = CaptureFigures(series, finding)
    let end: Message =
      finding.isClosed
      ? "A closing batch shows that the series ends there." : "It says nothing about later numbers."
    return [
      "\(series.device), boot \(series.boot), as \(gateway) received it: every number from \(series.numbers.lowerBound) to "
        + "\(series.numbers.upperBound) is accounted for; none was left out. " + end,
      "\(capture.received) readings, from \(time(capture.first)) to \(time(capture.last)); \(capture.missing) missing in "
        + "\(series.gaps.count) gaps.",
    ]
      + series.gaps.prefix(20).map { gap in
        let numbers =
          gap.numbers.count == 1 ? "\(gap.numbers.lowerBound)" : "\(gap.numbers.lowerBound)-\(gap.numbers.upperBound)"
        switch gap.cause {
        case .notReceived: return "  \(numbers): not received by the gateway"
        case .erased: return "  \(numbers): content was erased; the header of its batch is still there"
        }
      }
      + (series.gaps.count > 20 ? ["  and \(series.gaps.count - 20) more gaps"] : [])
      + [capture.verdict]
  }

  static func time(_ us: Int64) -> String { Timestamp.text(UInt64(max(0, us)) / 1000) }

  static func values(_ reading: ReadingForm) -> String {
    reading.records.map { record in
      let unit = record.unit.map { " " + $0 } ?? ""
      switch record.value {
      case .number(let mantissa, let exponent): return "\(record.name) \(decimal(mantissa, exponent))\(unit)"
      case .boolean(let value): return "\(record.name) \(value)"
      case .data(let bytes): return "\(record.name) \(Hex.encode(bytes))"
      }
    }.joined(separator: ", ")
  }

  /// `mantissa · 10^exponent` as a decimal, without floating point.
  static func decimal(_ mantissa: Int64, _ exponent: Int8) -> String {
    guard exponent < 0 else { return "\(mantissa)" + String(repeating: "0", count: Int(exponent)) }
    var digits = String(mantissa.magnitude)
    let places = -Int(exponent)
    if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
    return (mantissa < 0 ? "-" : "") + digits.dropLast(places) + "." + digits.suffix(places)
  }

  static func flags(_ flags: [QualityFlag]) -> Message {
    // QARTOD's order of aggregation: the last one that occurs counts.
    switch [QualityFlag.fail, .suspect, .good, .notEvaluated, .missing].first(where: flags.contains) {
    case .fail?: "failed"
    case .suspect?: "suspect"
    case .good?: "good"
    case .missing?: "missing"
    case .notEvaluated?, nil: "not evaluated"
    }
  }
}

/// Data capture of a series, against the 90 % that directive 2008/50/EC, annex I, asks for.
struct CaptureFigures {
  let expected: UInt64
  let received: Int
  /// Those that no quality test failed.
  let valid: Int
  let missing: UInt64
  let first: Int64
  let last: Int64

  init(_ series: SeriesProof, _ finding: SeriesProof.Finding) {
    expected = UInt64(series.numbers.count)
    received = finding.readings.count
    missing = finding.missing
    valid = series.rows.count { !$0.leaf.qualityFlags.contains(.fail) }
    first = finding.readings.map(\.timeUs).min() ?? 0
    last = finding.readings.map(\.timeUs).max() ?? 0
  }

  /// Valid readings in hundredths of a percent of those expected.
  var captureHundredths: Int { expected == 0 ? 0 : Int(UInt64(valid) * 10_000 / expected) }

  var verdict: Message {
    let share = ReadingText.decimal(Int64(captureHundredths), -2)
    return captureHundredths >= 9000
      ? "Data capture \(share) % (\(valid) valid of \(expected)): meets the 90 % of directive 2008/50/EC."
      : "Data capture \(share) % (\(valid) valid of \(expected)): below the 90 % of directive 2008/50/EC."
  }
}
