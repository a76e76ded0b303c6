internal import CBOR
internal import Primitives

/// A reading as its parts, for devices, tests and people; the gateway's hot path uses `ReadingScan`.
///
/// The payload is one SenML pack in deterministic CBOR in the canonical form of decision 0004: a value has one encoding.
public struct ReadingForm: Sendable, Equatable {
  /// A record's value.
  public enum Value: Sendable, Equatable {
    /// `mantissa · 10^exponent`, −18 ≤ exponent ≤ 0; written in its shortest form.
    case number(mantissa: Int64, exponent: Int8)
    /// A truth value (`vb`).
    case boolean(Bool)
    /// Bytes (`vd`).
    case data([UInt8])
  }

  /// One quantity.
  public struct Record: Sendable, Equatable {
    /// The SenML name after the device's.
    public var name: String
    /// The unit's symbol, or nil.
    public var unit: String?
    /// The value.
    public var value: Value

    /// A record of these parts.
    public init(name: String, unit: String? = nil, value: Value) {
      self.name = name
      self.unit = unit
      self.value = value
    }
  }

  /// The device's URN.
  public var device: String
  /// The sample time, microseconds since 1970.
  public var timeUs: Int64
  /// The number of the reading within its boot, from 0.
  public var seq: UInt64
  /// The boot.
  public var boot: UInt32
  /// One to eight records.
  public var records: [Record]

  /// A reading of these parts.
  public init(device: String, timeUs: Int64, seq: UInt64, boot: UInt32, records: [Record]) {
    self.device = device
    self.timeUs = timeUs
    self.seq = seq
    self.boot = boot
    self.records = records
  }

  /// The payload's bytes; allocates.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 160)
    writer.array(records.count)
    for (index, record) in records.enumerated() {
      writer.map(2 + (record.unit == nil ? 0 : 1) + (index == 0 ? 4 : 0))
      writer.uint(0)
      writer.text(record.name)
      if let unit = record.unit {
        writer.uint(1)
        writer.text(unit)
      }
      switch record.value {
      case .number(let mantissa, let exponent):
        writer.uint(2)
        ReadingForm.write(mantissa, exponent, &writer)
      case .boolean(let value):
        writer.uint(4)
        writer.bool(value)
      case .data(let bytes):
        writer.uint(8)
        writer.bytes(bytes)
      }
      guard index == 0 else { continue }
      writer.int(-2)
      writer.text(device + ":")
      writer.int(-3)
      ReadingForm.write(timeUs, -6, &writer)
      writer.text("seq")
      writer.uint(seq)
      writer.text("boot")
      writer.uint(UInt64(boot))
    }
    return writer.bytes
  }

  private static func write(_ mantissa: Int64, _ exponent: Int8, _ writer: inout CBORWriter) {
    var (mantissa, exponent) = (mantissa, exponent)
    while exponent < 0 && mantissa % 10 == 0 {
      if mantissa == 0 { exponent = 0 } else { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    }
    guard exponent < 0 else { return writer.int(mantissa) }
    writer.tag(4)
    writer.array(2)
    writer.int(Int64(exponent))
    writer.int(mantissa)
  }

  /// Reads a payload in canonical form, or gives nil.
  public init?(decoding payload: ArraySlice<UInt8>) {
    let found: ReadingForm? = payload.withUnsafeBytes { raw in
      var scan = ReadingScan()
      guard raw.count <= EdgeLimits.messageBytes, scan.read(raw, 0..<raw.count) else { return nil }
      return ReadingForm(scan, raw)
    }
    guard let found else { return nil }
    self = found
  }

  /// What a scan that succeeded has found.
  private init?(_ scan: ReadingScan, _ raw: UnsafeRawBufferPointer) {
    device = String(decoding: raw[scan.device], as: UTF8.self)
    timeUs = scan.timeUs
    seq = scan.seq
    boot = scan.boot
    records = []
    var reader = CBORReader(Array(raw))
    // The scan has checked the form: what is left is to take units and data out.
    do {
      for index in 0..<(try reader.array()) {
        let pairs = try reader.map().remaining
        var record = Record(name: "", value: .boolean(false))
        for _ in 0..<pairs - (index == 0 ? 4 : 0) {
          switch try reader.uint() {
          case 0: record.name = try reader.text()
          case 1: record.unit = try reader.text()
          case 4: record.value = .boolean(try reader.bool())
          case 8: record.value = .data(Array(try reader.bytes()))
          default:
            let value = scan.values[index]
            record.value = .number(mantissa: value.mantissa, exponent: value.exponent)
            try reader.skip()
          }
        }
        if index == 0 {
          for _ in 0..<8 { try reader.skip() }
        }
        records.append(record)
      }
    } catch { return nil }
  }
}
