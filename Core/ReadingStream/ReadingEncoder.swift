public import FiveG

/// Packets of the simulation as SenML, byte for byte the same for a seed.
///
///     let encoder = ReadingEncoder(simulation, .senml)
///     while generator.next(&batch) {
///       bytes.removeAll(keepingCapacity: true)
///       encoder.append(batch, 0..<batch.count, to: &bytes)
///     }
///
/// Each device is a URN under the enterprise number of RFC 9039 for documentation, as the edge gateway knows it. A
/// reading's first record carries its base name and base time, and the labels `seq` and `boot` which readers of SenML
/// ignore. Values are decimals, never binary fractions. What a packet holds is written as a gateway would see it, faults
/// and attacks included; packets that the radio lost are not written. Nothing is allocated but room in the buffer.
public struct ReadingEncoder: Sendable {
  /// The format.
  public let format: ReadingFormat
  /// The sample time of the simulation's start, microseconds since 1970.
  public let startUs: Int64

  /// An encoder for a simulation's packets.
  ///
  /// - Parameter startUs: when the simulation is to have begun; nil for what the scenario says.
  public init(_ simulation: Simulation, _ format: ReadingFormat, startUs: Int64? = nil) {
    self.format = format
    self.startUs = startUs ?? simulation.scenario.start * 1_000_000
  }

  /// The URN of a device.
  public static func device(_ device: Int) -> String { "urn:dev:os:32473-\(device)" }

  /// The most readings of one pack: its records stay within what readers of SenML take.
  public static let packReadings = 2000

  /// Appends the readings of some rows: one pack, or lines.
  ///
  /// - Precondition: the rows are within the batch, and at least one. More than `packReadings` are no pack that this
  ///   project's own reader takes.
  public func append(_ batch: PacketBatch, _ rows: Range<Int>, to bytes: inout [UInt8]) {
    appendAll(batch, rows, to: &bytes)
  }

  /// The same for rows that do not follow on each other.
  public func append(_ batch: PacketBatch, _ rows: [Int], to bytes: inout [UInt8]) {
    appendAll(batch, rows, to: &bytes)
  }

  @inline(__always)
  private func appendAll(_ batch: PacketBatch, _ rows: some Collection<Int>, to bytes: inout [UInt8]) {
    switch format {
    case .senml:
      bytes.append(UInt8(ascii: "["))
      var isFirst = true
      for row in rows {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        appendJSON(batch, row, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .senmlCBOR:
      var records = 0
      for row in rows { records += ChannelText.all[Int(batch.models[row].rawValue)].count }
      bytes.appendCBORHead(4, UInt64(records))
      for row in rows { appendCBOR(batch, row, to: &bytes) }
    case .ndjson:
      for row in rows { appendLines(batch, row, to: &bytes) }
    }
  }

  /// The same as an item of a file: JSON ends its line.
  public func appendItem(_ batch: PacketBatch, _ rows: Range<Int>, to bytes: inout [UInt8]) {
    append(batch, rows, to: &bytes)
    if format == .senml { bytes.append(UInt8(ascii: "\n")) }
  }

  /// The sample time of a row, microseconds since 1970; never before 1970, as the edge gateway's feed has it.
  public func time(_ batch: PacketBatch, _ row: Int) -> Int64 {
    let (time, overflow) = startUs.addingReportingOverflow(batch.sampleTimes[row])
    return overflow ? 0 : max(0, time)
  }

  private static let urn: StaticString = "urn:dev:os:32473-"

  @inline(__always)
  private func appendURN(_ device: UInt32, to bytes: inout [UInt8]) {
    Self.urn.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.appendDigits(UInt64(device))
    bytes.append(UInt8(ascii: ":"))
  }

  @inline(__always)
  private func appendText(_ text: StaticString, to bytes: inout [UInt8]) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  // MARK: - JSON

  private func appendJSON(_ batch: PacketBatch, _ row: Int, to bytes: inout [UInt8]) {
    let texts = ChannelText.all[Int(batch.models[row].rawValue)]
    for channel in texts.indices {
      if channel == 0 {
        appendText("{\"bn\":\"", to: &bytes)
        appendURN(batch.devices[row], to: &bytes)
        appendText("\",\"bt\":", to: &bytes)
        bytes.appendDecimal(time(batch, row), -6)
        bytes.append(UInt8(ascii: ","))
      } else {
        appendText(",{", to: &bytes)
      }
      bytes.append(contentsOf: texts[channel].json)
      appendJSONValue(texts[channel], batch.value(row, channel), to: &bytes)
      if channel == 0 { appendNumbers(batch.sequences[row], to: &bytes) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private func appendLines(_ batch: PacketBatch, _ row: Int, to bytes: inout [UInt8]) {
    let texts = ChannelText.all[Int(batch.models[row].rawValue)]
    for channel in texts.indices {
      appendText("{\"n\":\"", to: &bytes)
      appendURN(batch.devices[row], to: &bytes)
      bytes.append(contentsOf: texts[channel].resolvedJSON)
      appendText("\"t\":", to: &bytes)
      bytes.appendDecimal(time(batch, row), -6)
      bytes.append(UInt8(ascii: ","))
      bytes.append(contentsOf: texts[channel].valueJSON)
      appendJSONValue(texts[channel], batch.value(row, channel), to: &bytes)
      appendNumbers(batch.sequences[row], to: &bytes)
      appendText("}\n", to: &bytes)
    }
  }

  @inline(__always)
  private func appendNumbers(_ sequence: UInt32, to bytes: inout [UInt8]) {
    appendText(",\"seq\":", to: &bytes)
    bytes.appendDigits(UInt64(sequence))
    appendText(",\"boot\":0", to: &bytes)
  }

  @inline(__always)
  private func appendJSONValue(_ text: ChannelText, _ raw: Int64, to bytes: inout [UInt8]) {
    switch text.kind {
    case .number: bytes.appendDecimal(raw, text.exponent)
    case .boolean: appendText(raw != 0 ? "true" : "false", to: &bytes)
    case .digest:
      bytes.append(UInt8(ascii: "\""))
      bytes.appendBase64URL(UInt64(bitPattern: raw))
      bytes.append(UInt8(ascii: "\""))
    }
  }

  // MARK: - CBOR

  /// The keys in the order of deterministic CBOR, so that the pack of one reading is the canonical one of the gateway.
  private func appendCBOR(_ batch: PacketBatch, _ row: Int, to bytes: inout [UInt8]) {
    let texts = ChannelText.all[Int(batch.models[row].rawValue)]
    for channel in texts.indices {
      bytes.appendCBORHead(5, UInt64(texts[channel].pairs + (channel == 0 ? 4 : 0)))
      bytes.append(contentsOf: texts[channel].cbor)
      let raw = batch.value(row, channel)
      switch texts[channel].kind {
      case .number: bytes.appendCBORDecimal(raw, texts[channel].exponent)
      case .boolean: bytes.append(raw != 0 ? 0xf5 : 0xf4)
      case .digest:
        bytes.append(0x48)
        bytes.appendBigEndian(UInt64(bitPattern: raw), 8)
      }
      guard channel == 0 else { continue }
      bytes.append(0x21)
      let digits = Self.digits(batch.devices[row])
      bytes.appendCBORHead(3, UInt64(Self.urn.utf8CodeUnitCount + digits + 1))
      appendURN(batch.devices[row], to: &bytes)
      bytes.append(0x22)
      bytes.appendCBORDecimal(time(batch, row), -6)
      appendText("cseq", to: &bytes)
      bytes.appendCBORHead(0, UInt64(batch.sequences[row]))
      appendText("dboot", to: &bytes)
      bytes.append(0)
    }
  }

  private static func digits(_ value: UInt32) -> Int {
    var (rest, count) = (value / 10, 1)
    while rest > 0 { (rest, count) = (rest / 10, count + 1) }
    return count
  }
}
