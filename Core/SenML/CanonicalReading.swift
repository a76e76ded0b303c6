internal import CBOR
internal import Primitives

/// One reading of a device in the form that is signed and hashed: a SenML pack with one encoding for one meaning.
///
/// The form is that of `docs/decisions/0004-edge.md`: deterministic CBOR, the device's URN with a colon as base name, the time as
/// base time, `seq` and `boot` as labels that every SenML reader ignores, exact decimals. The device is a URN of at most
/// `Limits.deviceBytes`, a sensor's name has no colon (so that device and sensor part in one place only), and 1 to 8 records
/// share the moment.
public struct CanonicalReading: Sendable, Equatable {
  /// One record of a reading.
  public struct Record: Sendable, Equatable {
    /// The sensor's name within the device, without a colon.
    public let name: String

    /// The unit's symbol, if there is one.
    public let unit: String?

    /// The value.
    public let value: Value

    /// A record; `CanonicalReading.init` checks it.
    public init(_ name: String, unit: String? = nil, _ value: Value) {
      self.name = name
      self.unit = unit
      self.value = value
    }
  }

  /// What a record can hold.
  public enum Value: Sendable, Equatable {
    /// An integer of 64 bits, or a decimal with at most 18 places.
    case number(SenMLNumber)
    /// True or false.
    case bool(Bool)
    /// At most `Limits.readingDataBytes`: the hash of a frame.
    case data([UInt8])
  }

  /// The device's URN.
  public let device: String

  /// The count of the device's starts.
  public let boot: UInt32

  /// The number of the reading since that start, from 0.
  public let seq: UInt64

  /// When the sample was taken, in microseconds since 1970.
  public let time: Int64

  /// The records, 1 to 8, in the device's order.
  public let records: [Record]

  /// The earliest time that is no relative one: 2²⁸ seconds.
  static let earliest: Int64 = (1 << 28) * 1_000_000

  /// A reading of these parts.
  ///
  /// Throws, naming record and label, for whatever the form cannot hold. Times are from 2²⁸ seconds on (July 1978), as SenML
  /// takes smaller ones for relative.
  public init(device: String, boot: UInt32, seq: UInt64, time: Int64, records: [Record]) throws(SenMLError) {
    let urn = device.utf8
    guard urn.count >= 5, urn.count <= Limits.deviceBytes, urn.starts(with: "urn:".utf8),
      urn.allSatisfy(SenMLName.allows)
    else { throw SenMLError(.name, label: "bn", detail: SenMLError.quote(device)) }
    guard time >= Self.earliest else { throw SenMLError(.time, label: "bt", detail: "\(time) µs") }
    guard !records.isEmpty, records.count <= Limits.readingRecords else {
      throw SenMLError(.recordCount, detail: "\(records.count), 1 to \(Limits.readingRecords) are taken")
    }
    for (index, record) in records.enumerated() {
      do throws(SenMLError) { try Self.check(record) } catch { throw error.at(record: index) }
    }
    (self.device, self.boot, self.seq, self.time, self.records) = (device, boot, seq, time, records)
    let count = encoded().count
    guard count <= Limits.readingBytes else {
      throw SenMLError(.tooLarge, detail: "\(count) bytes, \(Limits.readingBytes) are taken")
    }
  }

  private static func check(_ record: Record) throws(SenMLError) {
    let name = record.name.utf8
    guard !name.isEmpty, name.count <= Limits.sensorBytes,
      name.allSatisfy({ SenMLName.allows($0) && $0 != UInt8(ascii: ":") })
    else { throw SenMLError(.name, label: "n", detail: SenMLError.quote(record.name)) }
    if let unit = record.unit?.utf8 {
      guard !unit.isEmpty, unit.count <= Limits.senmlUnitBytes, unit.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
        throw SenMLError(.unit, label: "u", detail: SenMLError.quote(record.unit ?? ""))
      }
    }
    switch record.value {
    case .number(let number):
      guard number.exponent <= 0, number.exponent >= -18 else {
        throw SenMLError(.number, label: "v", detail: "\(number)")
      }
    case .data(let bytes):
      guard bytes.count <= Limits.readingDataBytes else {
        throw SenMLError(.value, label: "vd", detail: "\(bytes.count) bytes, \(Limits.readingDataBytes) are taken")
      }
    case .bool: break
    }
  }

  /// The one encoding of the reading.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 128 + 32 * records.count)
    writer.array(records.count)
    for (index, record) in records.enumerated() {
      let isFirst = index == 0
      writer.map((record.unit == nil ? 2 : 3) + (isFirst ? 4 : 0))
      writer.int(SenMLLabel.name.rawValue)
      writer.text(record.name)
      if let unit = record.unit {
        writer.int(SenMLLabel.unit.rawValue)
        writer.text(unit)
      }
      switch record.value {
      case .number(let number):
        writer.int(SenMLLabel.value.rawValue)
        number.writeDecimal(to: &writer)
      case .bool(let flag):
        writer.int(SenMLLabel.bool.rawValue)
        writer.bool(flag)
      case .data(let bytes):
        writer.int(SenMLLabel.data.rawValue)
        writer.bytes(bytes)
      }
      guard isFirst else { continue }
      writer.int(SenMLLabel.baseName.rawValue)
      writer.text(device + ":")
      writer.int(SenMLLabel.baseTime.rawValue)
      SenMLNumber(microseconds: time).writeDecimal(to: &writer)
      writer.text("seq")
      writer.uint(seq)
      writer.text("boot")
      writer.uint(UInt64(boot))
    }
    return writer.bytes
  }

  /// Reads a reading's one encoding; any other bytes are refused, by record and label.
  public init(decoding bytes: [UInt8]) throws(SenMLError) {
    self = try bytes.withUnsafeBytes { buffer -> Result<CanonicalReading, SenMLError> in
      Result { () throws(SenMLError) in CanonicalReading(try Scan(buffer), buffer) }
    }.get()
  }

  /// The reading that has been scanned.
  ///
  /// - Precondition: `bytes` are those that gave `scan`.
  public init(_ scan: Scan, _ bytes: UnsafeRawBufferPointer) {
    func text(_ part: Scan.Part) -> String { String(decoding: bytes[part.range], as: UTF8.self) }
    device = text(scan.device)
    (boot, seq, time) = (scan.boot, scan.seq, scan.time)
    var records: [Record] = []
    records.reserveCapacity(scan.count)
    for index in 0..<scan.count {
      let field = scan[index]
      let value: Value
      switch field.kind {
      case .number: value = .number(field.number)
      case .bool: value = .bool(field.mantissa != 0)
      case .data: value = .data(Array(bytes[field.data.range]))
      }
      records.append(Record(text(field.name), unit: field.unit.count == 0 ? nil : text(field.unit), value))
    }
    self.records = records
  }

  /// The records resolved as any SenML reader does it: whole names and absolute times.
  public var resolved: [SenMLRecord] {
    records.map { record in
      let value: SenMLRecord.Value
      switch record.value {
      case .number(let number): value = .number(number)
      case .bool(let flag): value = .bool(flag)
      case .data(let bytes): value = .data(bytes)
      }
      return SenMLRecord(
        name: "\(device):\(record.name)", unit: record.unit, value: value, time: SenMLNumber(microseconds: time))
    }
  }
}
