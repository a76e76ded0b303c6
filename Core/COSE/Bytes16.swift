internal import Primitives

/// Sixteen bytes held inline, for identifiers that must not be mistaken for one another: `KeyID` and `ClaimID`.
///
/// Order and equality are those of the bytes, read left to right.
public protocol Bytes16: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The first eight bytes as a big-endian number.
  var high: UInt64 { get }
  /// The last eight bytes as a big-endian number.
  var low: UInt64 { get }
  /// The sixteen bytes as two big-endian numbers.
  init(high: UInt64, low: UInt64)
}

extension Bytes16 {
  /// The number of bytes.
  public static var byteCount: Int { 16 }

  /// The identifier with the given bytes, or nil unless there are exactly 16.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var (high, low): (UInt64, UInt64) = (0, 0)
    for byte in bytes {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }
    self.init(high: high, low: low)
  }

  /// Reads 32 hexadecimal digits of either case, or nil.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes)
  }

  /// The 16 bytes as an array; allocates.
  public var bytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(16)
    out.append(u64: high)
    out.append(u64: low)
    return out
  }

  /// The bytes in 32 lower-case hexadecimal digits.
  public var hex: String { Hex.encode(bytes) }

  /// Same as `hex`.
  public var description: String { hex }

  /// The order of the bytes read left to right.
  public static func < (a: Self, b: Self) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
}

/// A key's name: the first 16 bytes of its COSE Key Thumbprint with SHA-256 (RFC 9679).
///
/// The thumbprint covers the required parameters only, so a key has one name however its COSE_Key is written.
public struct KeyID: Bytes16 {
  /// The first eight bytes as a big-endian number.
  public let high: UInt64
  /// The last eight bytes as a big-endian number.
  public let low: UInt64

  /// The sixteen bytes as two big-endian numbers.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

/// A statement's `cti` claim (RFC 8392, section 3.1.7): with its issuer it is used once.
public struct ClaimID: Bytes16 {
  /// The first eight bytes as a big-endian number.
  public let high: UInt64
  /// The last eight bytes as a big-endian number.
  public let low: UInt64

  /// The sixteen bytes as two big-endian numbers.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A fresh identifier; from a seeded generator, the same one each time.
  public static func random(using generator: inout some RandomNumberGenerator) -> ClaimID {
    ClaimID(high: generator.next(), low: generator.next())
  }

  /// A fresh identifier from the system's random numbers.
  public static func random() -> ClaimID {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }
}
