public import Primitives

/// How far a device's readings go: a leaf of the high-water tree (decision 0004).
public struct HighWater: Sendable, Equatable {
  /// SHA-256 of the device's URN.
  public var device: Digest
  /// The boot.
  public var boot: UInt32
  /// The highest number within it.
  public var lastSeq: UInt64
  /// The chain as the gateway has it.
  public var chain: Digest

  /// A device's mark.
  public init(device: Digest, boot: UInt32, lastSeq: UInt64, chain: Digest) {
    self.device = device
    self.boot = boot
    self.lastSeq = lastSeq
    self.chain = chain
  }

  /// `SHA-256(0x00 ‖ device's digest ‖ boot u32 ‖ last seq u64 ‖ last chain)`.
  public var leaf: Digest {
    withUnsafeTemporaryAllocation(byteCount: 77, alignment: 8) { raw in
      raw.storeBytes(of: 0, as: UInt8.self)
      device.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: raw[1..<33]).copyMemory(from: $0) }
      raw.storeBytes(of: boot.bigEndian, toByteOffset: 33, as: UInt32.self)
      raw.storeBytes(of: lastSeq.bigEndian, toByteOffset: 37, as: UInt64.self)
      chain.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: raw[45..<77]).copyMemory(from: $0) }
      return Digest.sha256(UnsafeRawBufferPointer(raw))
    }
  }
}
