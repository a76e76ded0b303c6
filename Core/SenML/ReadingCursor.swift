internal import Primitives

/// The cursor behind `CanonicalReading.Scan`.
struct ReadingCursor {
  /// A refusal without anything to allocate.
  struct Refusal: Error {
    let fault: SenMLError.Fault
    let record: Int
    let label: SenMLLabel?
    let offset: Int
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var label: SenMLLabel?

  /// The record that is being read; none below zero.
  var record = -1

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  @inline(never) func refuse(_ fault: SenMLError.Fault) -> Refusal {
    Refusal(fault: fault, record: record, label: label, offset: position)
  }

  @inline(__always) mutating func byte() throws(Refusal) -> UInt8 {
    guard position < bytes.count else { throw refuse(.notCanonical) }
    defer { position &+= 1 }
    return bytes[position]
  }

  @inline(__always) private mutating func expect(_ byte: UInt8) throws(Refusal) {
    guard position < bytes.count, bytes[position] == byte else { throw refuse(.notCanonical) }
    position &+= 1
  }

  /// The head of a record with so many pairs, or one more, which is the unit.
  @inline(__always) mutating func map(of pairs: UInt8) throws(Refusal) -> Bool {
    label = nil
    let head = try byte()
    guard head == 0xa0 | pairs || head == 0xa1 + pairs else { throw refuse(.notCanonical) }
    return head != 0xa0 | pairs
  }

  /// Name, unit and value of a record.
  @inline(__always) mutating func field(
    _ field: inout CanonicalReading.Scan.Field, hasUnit: Bool
  ) throws(Refusal) {
    label = .name
    try expect(0x00)
    field.name = try text(3, least: 1, most: Limits.sensorBytes, fault: .name)
    // A colon would part device and sensor at another place.
    for index in field.name.range where !SenMLName.allows(bytes[index]) || bytes[index] == UInt8(ascii: ":") {
      throw refuse(.name)
    }
    if hasUnit {
      label = .unit
      try expect(0x01)
      field.unit = try text(3, least: 1, most: Limits.senmlUnitBytes, fault: .unit)
      for index in field.unit.range where bytes[index] &- 0x21 >= 0x5e { throw refuse(.unit) }
    }
    switch try byte() {
    case 0x02:
      label = .value
      field.kind = .number
      (field.mantissa, field.exponent) = try number()
    case 0x04:
      label = .bool
      field.kind = .bool
      let flag = try byte()
      guard flag & 0xfe == 0xf4 else { throw refuse(.notCanonical) }
      field.mantissa = Int64(flag & 1)
    case 0x08:
      label = .data
      field.kind = .data
      field.data = try text(2, least: 0, most: Limits.readingDataBytes, fault: .value)
    default: throw refuse(.notInReading)
    }
  }

  /// The base name: the device's URN and a colon.
  @inline(__always) mutating func device() throws(Refusal) -> CanonicalReading.Scan.Part {
    label = .baseName
    try expect(0x21)
    let part = try text(3, least: 6, most: Limits.deviceBytes + 1, fault: .name)
    let start = Int(part.start)
    let count = Int(part.count)
    guard bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self) == UInt32(littleEndian: 0x3a6e_7275),
      bytes[start + count - 1] == UInt8(ascii: ":")
    else { throw refuse(.name) }
    for index in part.range where !SenMLName.allows(bytes[index]) { throw refuse(.name) }
    return CanonicalReading.Scan.Part(start: start, count: count - 1)
  }

  /// The base time in microseconds.
  @inline(__always) mutating func time() throws(Refusal) -> Int64 {
    label = .baseTime
    try expect(0x22)
    let (mantissa, exponent) = try number()
    let factor: Int64
    switch exponent {
    case 0: factor = 1_000_000
    case -1: factor = 100_000
    case -2: factor = 10_000
    case -3: factor = 1000
    case -4: factor = 100
    case -5: factor = 10
    case -6: factor = 1
    default: throw refuse(.time)
    }
    let (time, overflow) = mantissa.multipliedReportingOverflow(by: factor)
    guard !overflow, time >= CanonicalReading.earliest else { throw refuse(.time) }
    return time
  }

  @inline(__always) mutating func seq() throws(Refusal) -> UInt64 {
    label = nil
    guard bytes.count &- position >= 4,
      bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self) == UInt32(littleEndian: 0x7165_7363)
    else { throw refuse(.notCanonical) }
    position &+= 4
    let (major, value) = try head()
    guard major == 0 else { throw refuse(.notCanonical) }
    return value
  }

  @inline(__always) mutating func boot() throws(Refusal) -> UInt32 {
    try expect(0x64)
    guard bytes.count &- position >= 4,
      bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self) == UInt32(littleEndian: 0x746f_6f62)
    else { throw refuse(.notCanonical) }
    position &+= 4
    let (major, value) = try head()
    guard major == 0, let boot = UInt32(exactly: value) else { throw refuse(.notCanonical) }
    return boot
  }

  /// A text or byte string; its bytes are not looked at.
  @inline(__always) private mutating func text(
    _ major: UInt8, least: Int, most: Int, fault: SenMLError.Fault
  ) throws(Refusal) -> CanonicalReading.Scan.Part {
    let first = try byte()
    guard first >> 5 == major else { throw refuse(.notCanonical) }
    var count = Int(first & 31)
    if count >= 24 {
      // All limits of texts are below 256, so that one byte holds the length.
      guard count == 24 else { throw refuse(count > 27 ? .notCanonical : fault) }
      count = Int(try byte())
      guard count >= 24 else { throw refuse(.notCanonical) }
    }
    guard count >= least, count <= most else { throw refuse(fault) }
    guard count <= bytes.count &- position else { throw refuse(.notCanonical) }
    defer { position &+= count }
    return CanonicalReading.Scan.Part(start: position, count: count)
  }

  /// An integer, or a decimal fraction in its one form.
  @inline(__always) private mutating func number() throws(Refusal) -> (Int64, Int8) {
    guard position < bytes.count else { throw refuse(.notCanonical) }
    guard bytes[position] == 0xc4 else { return (try integer(), 0) }
    position &+= 1
    try expect(0x82)
    // −1 to −18 is one byte.
    let power = try byte() &- 0x20
    guard power < 18 else { throw refuse(.number) }
    let mantissa = try integer()
    guard mantissa % 10 != 0 else { throw refuse(.notCanonical) }
    return (mantissa, -1 - Int8(truncatingIfNeeded: power))
  }

  @inline(__always) private mutating func integer() throws(Refusal) -> Int64 {
    let (major, value) = try head()
    guard major < 2 else { throw refuse(.notCanonical) }
    guard value <= UInt64(Int64.max) else { throw refuse(.number) }
    let positive = Int64(truncatingIfNeeded: value)
    return major == 0 ? positive : ~positive
  }

  /// The head of an item in its shortest form.
  @inline(__always) private mutating func head() throws(Refusal) -> (major: UInt8, value: UInt64) {
    let first = try byte()
    let info = first & 31
    let left = bytes.count &- position
    let value: UInt64
    switch info {
    case ..<24: return (first >> 5, UInt64(info))
    case 24:
      guard left >= 1 else { throw refuse(.notCanonical) }
      value = UInt64(bytes[position])
      guard value >= 24 else { throw refuse(.notCanonical) }
      position &+= 1
    case 25:
      guard left >= 2 else { throw refuse(.notCanonical) }
      value = UInt64(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self)))
      guard value > 0xff else { throw refuse(.notCanonical) }
      position &+= 2
    case 26:
      guard left >= 4 else { throw refuse(.notCanonical) }
      value = UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
      guard value > 0xffff else { throw refuse(.notCanonical) }
      position &+= 4
    case 27:
      guard left >= 8 else { throw refuse(.notCanonical) }
      value = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      guard value > 0xffff_ffff else { throw refuse(.notCanonical) }
      position &+= 8
    default: throw refuse(.notCanonical)
    }
    return (first >> 5, value)
  }
}
