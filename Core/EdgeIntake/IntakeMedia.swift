public import Primitives

/// What a body of readings is.
public enum IntakeMedia: String, Sendable, CaseIterable {
  /// One COSE_Mac0 or COSE_Sign1 of a device, or several as a CBOR sequence (RFC 8742): authentic by themselves.
  case cose = "application/cose"
  /// A SenML pack in JSON, on the word of a bridge.
  case senmlJSON = "application/senml+json"
  /// A SenML pack in CBOR, on the word of a bridge.
  case senmlCBOR = "application/senml+cbor"

  /// The limit of a body in bytes: some 10,000 messages, or a pack's own limit.
  public var bodyBytes: Int {
    switch self {
    case .cose: 4 << 20
    case .senmlJSON, .senmlCBOR: Limits.senmlPackBytes
    }
  }

  /// What a SenML body is by its first byte: JSON arrays begin with a bracket or space, CBOR arrays with 0x80 to 0x9f.
  public init?(sniffing byte: UInt8?) {
    guard let byte else { return nil }
    switch byte {
    case 0x5b, 0x20, 0x09, 0x0a, 0x0d: self = .senmlJSON
    case 0x80...0x9f: self = .senmlCBOR
    default: return nil
    }
  }
}

/// Why a body was not taken at all; the gateway has seen none of it.
public struct IntakeError: Error, Sendable, Equatable, Explained {
  /// What kind of reason it is, for programs.
  public enum Kind: String, Sendable {
    /// It is no SenML, or what a reading cannot hold.
    case malformed
    /// It is larger than its limit.
    case limit
    /// There is no such bridge.
    case noBridge = "no-bridge"
    /// The gateway's queue has no room for this class now: to be sent again.
    case busy
  }

  /// What kind of reason it is.
  public let kind: Kind

  /// One sentence for people.
  public let message: Message

  /// An error of the given kind with its sentence.
  public init(_ kind: Kind, _ message: Message) {
    self.kind = kind
    self.message = message
  }

  /// The sentence.
  public var explanation: Message { message }

  /// Seconds after which a busy gateway may be asked again.
  public static let retrySeconds = 1
}
