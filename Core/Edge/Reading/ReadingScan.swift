/// A value of a reading's record.
struct ScannedValue {
  enum Kind: UInt8 { case number, boolean, data }

  var kind = Kind.number
  var exponent: Int8 = 0
  var nameCount: UInt8 = 0
  var nameStart: UInt16 = 0
  /// A number's mantissa; 0 or 1; or a data value's length.
  var mantissa: Int64 = 0
}

/// What the payload of a reading says, found without allocating (decision 0004, "Reading").
///
/// Kept by the caller and filled again for each reading.
struct ReadingScan {
  /// The device's URN in the bytes, without the colon after it.
  private(set) var device: Range<Int> = 0..<0
  private(set) var timeUs: Int64 = 0
  private(set) var seq: UInt64 = 0
  private(set) var boot: UInt32 = 0
  private(set) var count = 0
  private(set) var values = InlineArray<8, ScannedValue>(repeating: ScannedValue())

  init() {}

  /// Reads a pack in canonical form; false, and then nothing in here counts, for all else.
  @inline(__always)
  mutating func read(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    var scan = ByteScan(bytes, range)
    guard let (major, records) = scan.head(), major == 4, (1...8).contains(records) else { return false }
    count = Int(records)
    for index in 0..<count {
      guard readRecord(&scan, index) else { return false }
    }
    return scan.position == range.upperBound
  }

  @inline(__always)
  private mutating func readRecord(_ scan: inout ByteScan, _ index: Int) -> Bool {
    guard let (major, pairs) = scan.head(), major == 5 else { return false }
    var value = ScannedValue()
    guard scan.take(0), let name = scan.string(3), !name.isEmpty, name.count <= 64,
      ReadingScan.isName(scan.bytes, name)
    else { return false }
    value.nameStart = UInt16(truncatingIfNeeded: name.lowerBound)
    value.nameCount = UInt8(truncatingIfNeeded: name.count)
    var found = 2
    if scan.take(1) {
      guard let unit = scan.string(3), !unit.isEmpty, unit.count <= 32, ReadingScan.isPrintable(scan.bytes, unit) else {
        return false
      }
      found += 1
    }
    guard readValue(&scan, &value) else { return false }
    values[index] = value
    if index == 0 {
      guard readBase(&scan) else { return false }
      found += 4
    }
    return pairs == UInt64(found)
  }

  @inline(__always)
  private func readValue(_ scan: inout ByteScan, _ value: inout ScannedValue) -> Bool {
    if scan.take(2) {
      guard let (mantissa, exponent) = ReadingScan.number(&scan) else { return false }
      value.kind = .number
      value.mantissa = mantissa
      value.exponent = exponent
    } else if scan.take(4) {
      value.kind = .boolean
      if scan.take(0xf5) { value.mantissa = 1 } else if !scan.take(0xf4) { return false }
    } else {
      guard scan.take(8), let data = scan.string(2) else { return false }
      value.kind = .data
      value.mantissa = Int64(data.count)
    }
    return true
  }

  /// bn, bt, "seq" and "boot", in the order of their encodings.
  @inline(__always)
  private mutating func readBase(_ scan: inout ByteScan) -> Bool {
    guard scan.take(0x21), let name = scan.string(3), (2...EdgeLimits.deviceNameBytes + 1).contains(name.count),
      scan.bytes[name.upperBound - 1] == 0x3a, ReadingScan.isName(scan.bytes, name), scan.take(0x22),
      let (mantissa, exponent) = ReadingScan.number(&scan), exponent >= -6, mantissa >= 0
    else { return false }
    var time = mantissa
    for _ in 0..<(6 + Int(exponent)) {
      let (product, overflow) = time.multipliedReportingOverflow(by: 10)
      guard !overflow else { return false }
      time = product
    }
    guard time <= EdgeLimits.latestTime else { return false }
    device = name.lowerBound..<name.upperBound - 1
    timeUs = time
    guard scan.take(0x63), scan.take(0x73), scan.take(0x65), scan.take(0x71), let (major, seq) = scan.head(),
      major == 0,
      scan.take(0x64), scan.take(0x62), scan.take(0x6f), scan.take(0x6f), scan.take(0x74),
      let (bootMajor, boot) = scan.head(), bootMajor == 0, boot <= UInt64(UInt32.max)
    else { return false }
    self.seq = seq
    self.boot = UInt32(boot)
    return true
  }

  /// An integer, or a decimal fraction with −18 ≤ exponent < 0 and a mantissa that is no multiple of ten.
  @inline(__always)
  private static func number(_ scan: inout ByteScan) -> (mantissa: Int64, exponent: Int8)? {
    if scan.take(0xc4) {
      guard scan.take(0x82), let exponent = scan.int(), (-18..<0).contains(exponent), let mantissa = scan.int(),
        mantissa % 10 != 0
      else { return nil }
      return (mantissa, Int8(exponent))
    }
    guard let mantissa = scan.int() else { return nil }
    return (mantissa, 0)
  }

  /// The characters of a SenML name (RFC 8428, section 4.5.1), the first a letter or digit.
  @inline(__always)
  static func isName(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    for index in range {
      switch bytes[index] {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: continue
      case 0x2d, 0x2e, 0x2f, 0x3a, 0x5f:
        if index == range.lowerBound { return false }
      default: return false
      }
    }
    return true
  }

  @inline(__always)
  private static func isPrintable(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    for index in range where bytes[index] < 0x21 || bytes[index] > 0x7e { return false }
    return true
  }
}
