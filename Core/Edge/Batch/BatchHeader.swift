internal import CBOR
public import Primitives

/// What a gateway signs of a batch: the payload of its statement (decision 0004).
public struct BatchHeader: Sendable, Equatable {
  /// What a batch is for.
  public enum Kind: UInt64, Sendable {
    /// Readings as they come.
    case ordinary = 0
    /// Readings whose sample time lies more than 120 s before their arrival.
    case late = 1
    /// The high water is over all devices that the gateway has heard of.
    case closing = 2
  }

  /// The gateway's name (1).
  public var gateway: String
  /// The batch's number, from 1 without a gap (2).
  public var number: UInt64
  /// SHA-256 of the header before; zeros for the first (3).
  public var previous: Digest
  /// The root over the leaves; SHA-256 of nothing where there is none (4).
  public var root: Digest
  /// The leaves (5).
  public var count: UInt64
  /// The earliest sample time in microseconds since 1970; 0 without readings (6).
  public var earliest: UInt64
  /// The latest sample time in microseconds since 1970; 0 without readings (7).
  public var latest: UInt64
  /// When the batch was opened, microseconds since 1970 (8).
  public var opened: UInt64
  /// When it was closed (9).
  public var closed: UInt64
  /// The root of the high-water tree (10).
  public var highWaterRoot: Digest
  /// Its leaves (11).
  public var highWaterCount: UInt64
  /// What the batch is for (12).
  public var kind: Kind
  /// The messages that were refused (13).
  public var rejectCount: UInt64
  /// The root over the records of refused messages; zeros for none (14).
  public var rejectRoot: Digest
  /// Records by flag: good, not evaluated, suspect, fail, missing (15).
  public var quality: [UInt64]
  /// SHA-256 of the quality rules (16).
  public var rules: Digest

  /// The media type of a header as a statement's payload.
  public static let contentType = "application/vnd.tallystick.batch+cbor"

  /// A header of these parts.
  public init(
    gateway: String, number: UInt64, previous: Digest, root: Digest, count: UInt64, earliest: UInt64, latest: UInt64,
    opened: UInt64, closed: UInt64, highWaterRoot: Digest, highWaterCount: UInt64, kind: Kind, rejectCount: UInt64,
    rejectRoot: Digest, quality: [UInt64], rules: Digest
  ) {
    self.gateway = gateway
    self.number = number
    self.previous = previous
    self.root = root
    self.count = count
    self.earliest = earliest
    self.latest = latest
    self.opened = opened
    self.closed = closed
    self.highWaterRoot = highWaterRoot
    self.highWaterCount = highWaterCount
    self.kind = kind
    self.rejectCount = rejectCount
    self.rejectRoot = rejectRoot
    self.quality = quality
    self.rules = rules
  }

  /// SHA-256 of the encoding: what the next header names as the one before.
  public var digest: Digest { Digest.sha256(encoded()) }

  /// The deterministic CBOR map of the keys 1 to 16.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 360)
    writer.map(16)
    writer.uint(1)
    writer.text(gateway)
    writer.uint(2)
    writer.uint(number)
    writer.uint(3)
    writer.bytes(previous)
    writer.uint(4)
    writer.bytes(root)
    for (key, value) in [(5, count), (6, earliest), (7, latest), (8, opened), (9, closed)] {
      writer.uint(UInt64(key))
      writer.uint(value)
    }
    writer.uint(10)
    writer.bytes(highWaterRoot)
    writer.uint(11)
    writer.uint(highWaterCount)
    writer.uint(12)
    writer.uint(kind.rawValue)
    writer.uint(13)
    writer.uint(rejectCount)
    writer.uint(14)
    writer.bytes(rejectRoot)
    writer.uint(15)
    writer.array(quality.count)
    for count in quality { writer.uint(count) }
    writer.uint(16)
    writer.bytes(rules)
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else; `malformed` names the key.
  public init(decoding bytes: ArraySlice<UInt8>) throws(EdgeError) {
    var reader = CBORReader(bytes)
    var key: UInt64 = 0
    do {
      guard try reader.map().remaining == 16 else { throw CBORError(.outOfRange, at: bytes.startIndex) }
      gateway = try BatchHeader.field(1, &key, &reader) { (reader) throws(CBORError) in try reader.text() }
      number = try BatchHeader.uint(2, &key, &reader)
      previous = try BatchHeader.digest(3, &key, &reader)
      root = try BatchHeader.digest(4, &key, &reader)
      count = try BatchHeader.uint(5, &key, &reader)
      earliest = try BatchHeader.uint(6, &key, &reader)
      latest = try BatchHeader.uint(7, &key, &reader)
      opened = try BatchHeader.uint(8, &key, &reader)
      closed = try BatchHeader.uint(9, &key, &reader)
      highWaterRoot = try BatchHeader.digest(10, &key, &reader)
      highWaterCount = try BatchHeader.uint(11, &key, &reader)
      guard let kind = Kind(rawValue: try BatchHeader.uint(12, &key, &reader)) else {
        throw CBORError(.outOfRange, at: reader.position)
      }
      self.kind = kind
      rejectCount = try BatchHeader.uint(13, &key, &reader)
      rejectRoot = try BatchHeader.digest(14, &key, &reader)
      quality = try BatchHeader.field(15, &key, &reader) { (reader) throws(CBORError) in
        guard try reader.array() == 5 else { throw CBORError(.outOfRange, at: reader.position) }
        var counts: [UInt64] = []
        for _ in 0..<5 { counts.append(try reader.uint()) }
        return counts
      }
      rules = try BatchHeader.digest(16, &key, &reader)
      try reader.finish()
    } catch {
      throw EdgeError(.malformed, "The batch header cannot be read at key \(key): \(error).")
    }
    guard (1...EdgeLimits.gatewayNameBytes).contains(gateway.utf8.count), number > 0, number < 1 << 43,
      count <= UInt64(EdgeLimits.batchLeaves), earliest <= latest, opened <= closed
    else { throw EdgeError(.malformed, "The batch header's name, number, count or times are none.") }
  }

  private static func field<T>(
    _ wanted: UInt64, _ key: inout UInt64, _ reader: inout CBORReader,
    _ read: (inout CBORReader) throws(CBORError) -> T
  ) throws(CBORError) -> T {
    key = wanted
    guard try reader.uint() == wanted else { throw CBORError(.outOfRange, at: reader.position) }
    return try read(&reader)
  }

  private static func uint(
    _ wanted: UInt64, _ key: inout UInt64, _ reader: inout CBORReader
  ) throws(CBORError) -> UInt64 {
    try field(wanted, &key, &reader) { (reader) throws(CBORError) in try reader.uint() }
  }

  private static func digest(
    _ wanted: UInt64, _ key: inout UInt64, _ reader: inout CBORReader
  ) throws(CBORError) -> Digest {
    try field(wanted, &key, &reader) { (reader) throws(CBORError) in try reader.digest() }
  }
}
