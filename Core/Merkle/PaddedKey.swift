internal import Primitives

/// Keys as the Patricia map sees them: each is followed by one 0x00 byte and then by 0xFF bytes for ever.
///
/// So no padded key equals another, and the order of keys is not always that of the bytes: `ab00ff` < `ab`, and
/// `ab0000` < `ab00` < `ab` < `ab01`. Keys of which none is the beginning of another keep the order of their bytes.
public enum PaddedKey {
  /// The longest key in bytes; bit positions go up to eight times as many.
  public static let maximumBytes = Limits.keyBytes

  /// The bit at `position`; position 0 is the most significant bit of the first byte.
  ///
  /// - Precondition: `position` is not negative.
  public static func bit(_ key: [UInt8], _ position: Int) -> Bool {
    key.withUnsafeBufferPointer { bit($0, position) }
  }

  /// The position of the first bit in which two keys differ, or nil if they are the same.
  public static func firstDifference(_ a: [UInt8], _ b: [UInt8]) -> Int? {
    a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { firstDifference(a, $0) } }
  }

  /// Whether the padded `key` begins with the bytes of `prefix`.
  ///
  /// The empty key begins with `00` and with `00ff`.
  public static func begins(_ key: [UInt8], with prefix: [UInt8]) -> Bool {
    key.withUnsafeBufferPointer { key in prefix.withUnsafeBufferPointer { begins(key, with: $0) } }
  }

  /// Whether `a` comes before `b` in the map's order.
  public static func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { precedes(a, $0) } }
  }

  @inline(__always)
  static func byte(_ key: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt8 {
    index < key.count ? key[index] : index == key.count ? 0 : 0xff
  }

  @inline(__always)
  static func bit(_ key: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    byte(key, position >> 3) & (0x80 >> UInt8(truncatingIfNeeded: position & 7)) != 0
  }

  static func firstDifference(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int? {
    let shared = min(a.count, b.count)
    var index = 0
    while index < shared, a[index] == b[index] { index += 1 }
    if index == shared, a.count == b.count { return nil }
    // The shorter key's padding cannot follow the longer key for ever: where that ends, 0x00 meets 0xFF.
    while byte(a, index) == byte(b, index) { index += 1 }
    return index << 3 + (byte(a, index) ^ byte(b, index)).leadingZeroBitCount
  }

  static func begins(_ key: UnsafeBufferPointer<UInt8>, with prefix: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in prefix.indices where byte(key, index) != prefix[index] { return false }
    return true
  }

  static func precedes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let position = firstDifference(a, b) else { return false }
    return !bit(a, position)
  }

  /// The first eight bytes of the padded key, big-endian: orders keys like the keys themselves unless equal.
  static func prefix64(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<8 { value = value << 8 | UInt64(byte(key, index)) }
    return value
  }
}
