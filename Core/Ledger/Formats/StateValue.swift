public import Primitives

/// How a value stands in the Patricia map: behind a blind, so that a value that is withheld cannot be guessed from
/// its neighbour's proof.
public enum StateValue {
  /// The domain of the blinds' hash.
  static let blindTag: [UInt8] = Array("tallystick/state-blind/v1".utf8)

  /// Bytes of a blind.
  public static let blindBytes = 16

  /// A hasher that has taken in the tag and the entry that writes; copies of it make the entry's blinds.
  static func blinder(entry: [UInt8]) -> SHA256Hasher {
    var hasher = SHA256Hasher()
    hasher.update(blindTag)
    hasher.update(entry)
    return hasher
  }

  /// The first 16 bytes of SHA-256("tallystick/state-blind/v1" ‖ entry ‖ key).
  static func blind(_ blinder: SHA256Hasher, key: StateKey) -> Blind {
    var hasher = blinder
    hasher.update(key.bytes)
    return hasher.finalize().withUnsafeBytes { Blind(raw: $0) }
  }

  /// What the map's leaf holds: SHA-256(blind ‖ value).
  public static func commitment(blind: Blind, value: [UInt8]) -> Digest {
    value.withUnsafeBytes { commitment(blind: blind, value: $0) }
  }

  static func commitment(blind: Blind, value: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256Hasher()
    withUnsafeBytes(of: (blind.high, blind.low)) { hasher.update($0) }
    hasher.update(value)
    return hasher.finalize()
  }
}

/// Sixteen bytes held inline.
public struct Blind: Sendable, Hashable {
  var high: UInt64
  var low: UInt64

  /// The first sixteen bytes that `raw` points to.
  init(raw: UnsafeRawBufferPointer) {
    high = raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    low = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
  }

  /// The blind with these bytes, or nil unless there are exactly 16.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == StateValue.blindBytes else { return nil }
    self = Array(bytes).withUnsafeBytes { Blind(raw: $0) }
  }

  /// The sixteen bytes.
  public var bytes: [UInt8] { withUnsafeBytes(of: (high, low)) { Array($0) } }
}
