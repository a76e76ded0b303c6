public import Primitives

/// A batch's leaf (decision 0004): `SHA-256(0x00 ‖ salt ‖ arrival ‖ kind ‖ flags ‖ message)`.
public enum Leaf {
  /// Bytes of what stands before the message.
  static let headBytes = 34
  /// Bytes of scratch space that `hash` needs.
  static let scratchBytes = headBytes + EdgeLimits.messageBytes
  /// Bytes of a salt.
  public static let saltBytes = 16

  /// The hash of a leaf; for proofs and audits.
  public static func hash(salt: [UInt8], arrival: Int64, kind: UInt8, flags: UInt64, message: [UInt8]) -> Digest {
    var bytes: [UInt8] = [0]
    bytes += salt
    bytes.append(u64: UInt64(bitPattern: arrival))
    bytes.append(kind)
    bytes.append(u64: flags)
    bytes += message
    return Digest.sha256(bytes)
  }

  /// The two salts of the leaves `2 · pair` and `2 · pair + 1`: `HMAC-SHA-256(secret, u32 pair)`.
  public static func salts(secret: Digest, pair: UInt32) -> Digest { salts(HMACSHA256Key(secret.bytes), pair) }

  /// The same under a batch secret that is a key already.
  @inline(__always)
  static func salts(_ secret: HMACSHA256Key, _ pair: UInt32) -> Digest {
    withUnsafeBytes(of: pair.bigEndian) { secret.code(for: $0) }
  }

  /// The salt of one leaf.
  public static func salt(secret: Digest, index: Int) -> [UInt8] {
    let pair = salts(secret: secret, pair: UInt32(truncatingIfNeeded: index / 2)).bytes
    return index % 2 == 0 ? Array(pair[..<16]) : Array(pair[16...])
  }

  /// The hash of a leaf whose salt stands in `scratch` from offset 1 on.
  @inline(__always)
  static func hash(
    scratch: UnsafeMutableRawBufferPointer, arrival: Int64, kind: UInt8, flags: UInt64,
    message: UnsafeRawBufferPointer
  ) -> Digest {
    scratch.storeBytes(of: 0, as: UInt8.self)
    scratch.storeBytes(of: arrival.bigEndian, toByteOffset: 17, as: Int64.self)
    scratch.storeBytes(of: kind, toByteOffset: 25, as: UInt8.self)
    scratch.storeBytes(of: flags.bigEndian, toByteOffset: 26, as: UInt64.self)
    UnsafeMutableRawBufferPointer(rebasing: scratch[headBytes...]).copyMemory(from: message)
    return Digest.sha256(UnsafeRawBufferPointer(rebasing: scratch[..<(headBytes + message.count)]))
  }
}
