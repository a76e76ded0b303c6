/// The labels of RFC 8428, with their names in JSON and their integers in CBOR (table 4, which is closed).
enum SenMLLabel: Int64, CaseIterable, Sendable {
  case baseVersion = -1
  case baseName = -2
  case baseTime = -3
  case baseUnit = -4
  case baseValue = -5
  case baseSum = -6
  case name = 0
  case unit = 1
  case value = 2
  case text = 3
  case bool = 4
  case sum = 5
  case time = 6
  case updateTime = 7
  case data = 8

  /// The name in JSON.
  var json: String {
    switch self {
    case .baseVersion: "bver"
    case .baseName: "bn"
    case .baseTime: "bt"
    case .baseUnit: "bu"
    case .baseValue: "bv"
    case .baseSum: "bs"
    case .name: "n"
    case .unit: "u"
    case .value: "v"
    case .text: "vs"
    case .bool: "vb"
    case .sum: "s"
    case .time: "t"
    case .updateTime: "ut"
    case .data: "vd"
    }
  }

  /// The label with this name in JSON.
  init?(json: String) {
    switch json {
    case "bver": self = .baseVersion
    case "bn": self = .baseName
    case "bt": self = .baseTime
    case "bu": self = .baseUnit
    case "bv": self = .baseValue
    case "bs": self = .baseSum
    case "n": self = .name
    case "u": self = .unit
    case "v": self = .value
    case "vs": self = .text
    case "vb": self = .bool
    case "s": self = .sum
    case "t": self = .time
    case "ut": self = .updateTime
    case "vd": self = .data
    default: return nil
    }
  }

  /// Whether it is a field of the base, which holds for the records that follow.
  var isBase: Bool { rawValue < 0 }
}

/// What a name may consist of.
enum SenMLName {
  /// Whether a byte is one of `A-Z a-z 0-9 - : . / _` (RFC 8428 section 4.5.1).
  @inline(__always) static func allows(_ byte: UInt8) -> Bool {
    // One bit for each character below and from 64.
    let low: UInt64 = 0x07ff_e000_0000_0000
    let high: UInt64 = 0x07ff_fffe_87ff_fffe
    guard byte < 128 else { return false }
    return (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
  }

  /// Whether a byte is a letter or a digit, with which a name begins.
  @inline(__always) static func begins(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 }

  /// Whether the bytes are a name.
  static func isName(_ name: String.UTF8View) -> Bool {
    guard let first = name.first, begins(first) else { return false }
    return name.allSatisfy(allows)
  }
}
