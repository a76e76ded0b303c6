public import Primitives

/// The Instance-Code: identity of bytes by BLAKE3 (ISO 24138:2024 section 5.7).
public struct InstanceCode: Sendable {
  private var hasher = BLAKE3()

  /// The number of bytes so far.
  public private(set) var byteCount: UInt64 = 0

  /// An Instance-Code of nothing yet.
  public init() {}

  /// The Instance-Code of some bytes.
  ///
  /// Throws `badLength` unless `bits` is a length of a unit.
  public static func make(_ bytes: [UInt8], bits: Int = 256) throws(ISCCFault) -> ISCCUnit {
    var code = InstanceCode()
    code.update(bytes)
    return try code.unit(bits: bits)
  }

  /// Takes more bytes.
  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// Takes more bytes; the pointer is not kept.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hasher.update(bytes)
    byteCount += UInt64(bytes.count)
  }

  /// The BLAKE3 hash of all bytes so far.
  public var digest: Digest { hasher.digest() }

  /// The hash as a multihash (code 0x1e, 32 bytes) in hexadecimal digits: `datahash` of the ISCC metadata.
  public var multihash: String { Multihash.blake3(digest) }

  /// The Instance-Code of all bytes so far; more may be pushed afterwards.
  ///
  /// Throws `badLength` unless `bits` is a length of a unit.
  public func unit(bits: Int = 256) throws(ISCCFault) -> ISCCUnit {
    try ISCCUnit(.instance, bits: bits, digest: digest.bytes)
  }
}

enum Multihash {
  /// A BLAKE3 hash with its multihash prefix, in hexadecimal digits.
  static func blake3(_ digest: Digest) -> String { "1e20" + digest.hex }
}
