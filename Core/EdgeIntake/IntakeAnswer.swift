public import Edge
internal import Primitives

/// What became of each message of a body, for its sender.
public struct IntakeAnswer: Sendable, Equatable {
  /// The gateway's name.
  public let gateway: String
  /// The outcomes in the order of the messages.
  public let outcomes: [IntakeOutcome]
  /// The gateway's signed `Acknowledgement` of the readings that are leaves, a COSE_Sign1; nil where there are none, and for a
  /// bridge, whose readings the gateway makes itself.
  public let acknowledgement: [UInt8]?

  /// An answer of these parts.
  public init(gateway: String, outcomes: [IntakeOutcome], acknowledgement: [UInt8]? = nil) {
    self.gateway = gateway
    self.outcomes = outcomes
    self.acknowledgement = acknowledgement
  }

  /// How many are leaves now or were before, and how many were refused.
  public var counts: (accepted: Int, duplicates: Int, refused: Int) {
    var counts = (0, 0, 0)
    for outcome in outcomes {
      switch outcome {
      case .accepted: counts.0 += 1
      case .duplicate: counts.1 += 1
      case .late, .rejected: counts.2 += 1
      }
    }
    return counts
  }

  /// `{"gateway":…,"accepted":n,"duplicate":n,"refused":n,"outcomes":[…],"acknowledgement":"BASE64URL"}`, written in one piece.
  ///
  /// An outcome is `{"accepted":"GATEWAY/BATCH/INDEX"}`, the same with `duplicate`, or `{"refused":"CAUSE"}`.
  public var json: [UInt8] {
    let counts = counts
    var bytes: [UInt8] = []
    bytes.reserveCapacity(96 + outcomes.count * (40 + gateway.utf8.count))
    // A gateway's name has no characters that JSON escapes, or none is shown.
    let name = gateway.utf8.allSatisfy { $0 > 0x1f && $0 != 0x22 && $0 != 0x5c } ? Array(gateway.utf8) : []
    bytes += Array("{\"gateway\":\"".utf8) + name
    bytes += Array("\",\"accepted\":\(counts.accepted),\"duplicate\":\(counts.duplicates)".utf8)
    bytes += Array(",\"refused\":\(counts.refused),\"outcomes\":[".utf8)
    for (index, outcome) in outcomes.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      switch outcome {
      case .accepted(let row): Self.append("{\"accepted\":\"", name, row, &bytes)
      case .duplicate(let row): Self.append("{\"duplicate\":\"", name, row, &bytes)
      case .late: Self.append("{\"refused\":\"late", &bytes)
      case .rejected(let cause):
        Self.append("{\"refused\":\"", &bytes)
        Self.append(cause.code, &bytes)
      }
      Self.append("\"}", &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    if let acknowledgement {
      bytes += Array(",\"acknowledgement\":\"\(Base64URL.encode(acknowledgement))\"".utf8)
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  /// A CBOR array with one item for each message: `[0, batch, index]` accepted, `[1, batch, index]` duplicate, `[2, cause]`.
  public var cbor: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(9 + outcomes.count * 9)
    Self.appendHead(4, UInt64(outcomes.count), &bytes)
    for outcome in outcomes { Self.append(outcome, to: &bytes) }
    return bytes
  }

  static func append(_ outcome: IntakeOutcome, to bytes: inout [UInt8]) {
    switch outcome {
    case .accepted(let row):
      bytes += [0x83, 0]
      appendHead(0, row.batch, &bytes)
      appendHead(0, UInt64(row.index), &bytes)
    case .duplicate(let row):
      bytes += [0x83, 1]
      appendHead(0, row.batch, &bytes)
      appendHead(0, UInt64(row.index), &bytes)
    case .late: bytes += [0x82, 2, 0]
    case .rejected(let cause):
      bytes += [0x82, 2]
      appendHead(0, UInt64(cause.rawValue), &bytes)
    }
  }

  static func appendHead(_ major: UInt8, _ value: UInt64, _ bytes: inout [UInt8]) {
    let type = major << 5
    let width: Int
    switch value {
    case ..<24: return bytes.append(type | UInt8(value))
    case ..<0x100: (width, _) = (1, bytes.append(type | 24))
    case ..<0x1_0000: (width, _) = (2, bytes.append(type | 25))
    case ..<0x1_0000_0000: (width, _) = (4, bytes.append(type | 26))
    default: (width, _) = (8, bytes.append(type | 27))
    }
    for place in (0..<width).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
  }

  private static func append(_ text: StaticString, _ bytes: inout [UInt8]) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private static func append(_ text: StaticString, _ gateway: [UInt8], _ row: RowID, _ bytes: inout [UInt8]) {
    append(text, &bytes)
    bytes.append(contentsOf: gateway)
    bytes.append(UInt8(ascii: "/"))
    appendDigits(row.batch, &bytes)
    bytes.append(UInt8(ascii: "/"))
    appendDigits(UInt64(row.index), &bytes)
  }

  private static func appendDigits(_ value: UInt64, _ bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = value
    repeat {
      bytes.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}

extension RejectCause {
  /// The cause for programs: lower-case words joined by hyphens.
  public var code: StaticString {
    switch self {
    case .malformed: "malformed"
    case .unknownDevice: "unknown-device"
    case .notAuthentic: "not-authentic"
    case .revoked: "revoked"
    case .notYetValid: "not-yet-valid"
    case .expired: "expired"
    case .notCanonical: "not-canonical"
    case .otherDevice: "other-device"
    case .ahead: "ahead"
    case .tooOld: "too-old"
    case .rolledBack: "rolled-back"
    case .reusedNumber: "reused-number"
    case .unresolved: "unresolved"
    case .staleEpoch: "stale-epoch"
    }
  }
}
