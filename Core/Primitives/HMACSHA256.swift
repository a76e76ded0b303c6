/// An HMAC-SHA-256 key (RFC 2104) whose pads are hashed once.
///
/// `HMAC(K, m) = SHA-256((K ⊕ opad) ‖ SHA-256((K ⊕ ipad) ‖ m))`. A code then costs the message's own blocks and one more; a
/// key holds two hash states, about 250 bytes. For keys by the million see the Edge module's device table.
public struct HMACSHA256Key: Sendable {
  private var inner = SHA256Hasher()
  private var outer = SHA256Hasher()

  /// The key of these bytes, of any length; more than 64 are hashed first, as the standard has it.
  public init(_ key: some Collection<UInt8>) {
    var block = [UInt8](repeating: 0, count: 64)
    let short = key.count > 64 ? Digest.sha256(Array(key)).bytes : Array(key)
    for (place, byte) in short.enumerated() { block[place] = byte }
    inner.update(block.map { $0 ^ 0x36 })
    outer.update(block.map { $0 ^ 0x5c })
  }

  /// The 32-byte code of a message.
  public func code(for message: UnsafeRawBufferPointer) -> Digest {
    var hasher = inner
    hasher.update(message)
    return finish(hasher)
  }

  /// The 32-byte code of a message.
  public func code(for message: [UInt8]) -> Digest { message.withUnsafeBytes { code(for: $0) } }

  /// The 32-byte code of a message that lies in two places: `first ‖ second`; copies nothing.
  public func code(for first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Digest {
    var hasher = inner
    hasher.update(first)
    hasher.update(second)
    return finish(hasher)
  }

  private func finish(_ inner: SHA256Hasher) -> Digest {
    var hasher = outer
    hasher.update(inner.finalize())
    return hasher.finalize()
  }
}
