internal import COpenSSL

/// A key for SM2 signatures with SM3 (GB/T 32918.2 on the curve of GB/T 32918.5), held by OpenSSL.
///
/// The signer's id is always the default one, `1234567812345678`, as in GB 35114. A verification costs about a quarter of a
/// millisecond: OpenSSL has no fast arithmetic for this curve.
final class SM2Key: Sendable {
  // OpenSSL's keys are immutable once made, and counted with atomics: threads share them.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// x‖y, 64 bytes.
  let point: [UInt8]

  /// The private key of these 32 bytes; nil for another length or a number that is 0 or above n − 2.
  convenience init?(scalar: [UInt8]) {
    guard scalar.count == 32, let handle = copenssl_sm2_private(scalar) else { return nil }
    self.init(handle)
  }

  /// The public key of these 64 bytes, x‖y; nil for another length or what is no point of the curve.
  convenience init?(point: [UInt8]) {
    guard point.count == 64, let handle = copenssl_sm2_public(point) else { return nil }
    self.init(handle)
  }

  /// A fresh private key from the system's random numbers.
  static func generate() -> SM2Key {
    var random = SystemRandomNumberGenerator()
    // One in four thousand million draws is above the order; a hundred failures mean that OpenSSL lacks SM2.
    for _ in 0..<100 {
      var scalar: [UInt8] = []
      scalar.reserveCapacity(32)
      for _ in 0..<4 { withUnsafeBytes(of: random.next() as UInt64) { scalar.append(contentsOf: $0) } }
      if let key = SM2Key(scalar: scalar) { return key }
    }
    preconditionFailure("OpenSSL cannot make an SM2 key")
  }

  private init(_ handle: OpaquePointer) {
    self.handle = handle
    point = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      copenssl_sm2_get_point(handle, start)
      count = 64
    }
  }

  deinit { copenssl_sm2_free(handle) }

  /// d in 32 bytes, or nil for a public key.
  var scalar: [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 32)
    return copenssl_sm2_get_scalar(handle, &bytes) == 1 ? bytes : nil
  }

  /// r‖s for the message, randomised; nil for a public key, or if OpenSSL fails.
  func sign(_ message: [UInt8]) -> [UInt8]? {
    var signature = [UInt8](repeating: 0, count: 64)
    return copenssl_sm2_sign(handle, message, message.count, &signature) == 1 ? signature : nil
  }

  /// Whether r‖s is this key's signature for the message.
  func isValidSignature(_ signature: ArraySlice<UInt8>, for message: [UInt8]) -> Bool {
    guard signature.count == 64 else { return false }
    return signature.withUnsafeBytes { raw in
      guard let start = raw.assumingMemoryBound(to: UInt8.self).baseAddress else { return false }
      return copenssl_sm2_verify(handle, message, message.count, start) == 1
    }
  }
}
