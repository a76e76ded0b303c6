package import Primitives

/// HMAC-SHA-256 with a 32-byte key whose pads are hashed with each message.
///
/// A prepared hash state of swift-crypto is a heap object of 144 bytes, two to a key, which a million devices cannot have
/// within 256 bytes each; hashing the pads costs two blocks more. The scratch space belongs to the caller.
enum SessionKey {
  /// Bytes of scratch space for a message of `EdgeLimits.messageBytes`.
  static let scratchBytes = 64 + MacForm.prefixBytes + EdgeLimits.messageBytes

  /// The code of the `count` bytes that stand in `scratch` from offset 64 on; its first 96 bytes are overwritten.
  @inline(__always)
  static func code(_ key: Digest, scratch: UnsafeMutableRawBufferPointer, count: Int) -> Digest {
    writePad(key, 0x3636_3636_3636_3636, scratch)
    let inner = Digest.sha256(UnsafeRawBufferPointer(rebasing: scratch[..<(64 + count)]))
    writePad(key, 0x5c5c_5c5c_5c5c_5c5c, scratch)
    inner.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: scratch[64..<96]).copyMemory(from: $0) }
    return Digest.sha256(UnsafeRawBufferPointer(rebasing: scratch[..<96]))
  }

  @inline(__always)
  private static func writePad(_ key: Digest, _ pad: UInt64, _ scratch: UnsafeMutableRawBufferPointer) {
    key.withUnsafeBytes { raw in
      for word in 0..<4 {
        let value = raw.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) ^ pad
        scratch.storeBytes(of: value, toByteOffset: word * 8, as: UInt64.self)
        scratch.storeBytes(of: pad, toByteOffset: 32 + word * 8, as: UInt64.self)
      }
    }
  }

  /// Whether the tag of a message is that of this key; compares all bytes whatever the first ones are.
  @inline(__always)
  static func isAuthentic(
    _ message: UnsafeRawBufferPointer, _ form: MacForm, _ key: Digest, scratch: UnsafeMutableRawBufferPointer
  ) -> Bool {
    guard let base = scratch.baseAddress, let source = message.baseAddress else { return false }
    MacForm.writePrefix(form.algorithm, to: base + 64)
    let item = form.payload.upperBound - MacForm.payloadItem
    (base + 64 + MacForm.prefixBytes).copyMemory(from: source + MacForm.payloadItem, byteCount: item)
    let code = code(key, scratch: scratch, count: MacForm.prefixBytes + item)
    return code.withUnsafeBytes { raw in
      var difference: UInt64 = 0
      for offset in stride(from: 0, to: form.tag.count, by: 8) {
        difference |=
          raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          ^ message.loadUnaligned(fromByteOffset: form.tag.lowerBound + offset, as: UInt64.self)
      }
      return difference == 0
    }
  }
}

/// The same code by itself, for measurements beside a prepared key.
package enum SessionKeyProbe {
  /// The code of `message`, of which the first byte is replaced by a number so that no two are the same.
  package static func code(_ key: Digest, _ message: [UInt8], _ number: Int) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: SessionKey.scratchBytes, alignment: 16) { scratch in
      UnsafeMutableRawBufferPointer(rebasing: scratch[64...]).copyBytes(from: message)
      scratch[64] = UInt8(truncatingIfNeeded: number)
      return SessionKey.code(key, scratch: scratch, count: message.count)
    }
  }
}
