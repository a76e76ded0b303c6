/// The forms in which tools write an SM2 private key: PKCS #8 (RFC 5958) around an ECPrivateKey (RFC 5915).
///
/// They differ in what RFC 5915 leaves optional. `usual` is the one of OpenSSL 3 and that of this module.
enum SM2PrivateKeyForm: CaseIterable {
  /// With the public key.
  case usual
  /// With the public key, and with the curve named a second time, as GmSSL does.
  case namedTwice
  /// With nothing but d.
  case bare

  /// SEQUENCE { id-ecPublicKey, 1.2.156.10197.1.301 }.
  private static let algorithm: [UInt8] = [
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01,
    0x82, 0x2d,
  ]

  /// The DER of a private key; with 32 zero bytes for d if it is a public one.
  func encode(_ key: SM2Key) -> [UInt8] {
    var inner: [UInt8] = [0x02, 0x01, 0x01, 0x04, 0x20]
    inner += key.scalar ?? [UInt8](repeating: 0, count: 32)
    if self == .namedTwice { inner += [0xa0, 0x0a] + Self.algorithm.suffix(10) }
    if self != .bare { inner += [0xa1, 0x44, 0x03, 0x42, 0x00, 0x04] + key.point }
    inner = Self.item(0x30, inner)
    return Self.item(0x30, [0x02, 0x01, 0x00] + Self.algorithm + Self.item(0x04, inner))
  }

  /// The key in any of the forms, byte for byte; nil for other bytes, or if the public key is another one's.
  static func decode(_ der: [UInt8]) -> SM2Key? {
    // In each form d follows version, length and the octet string's head.
    let mark: [UInt8] = [0x02, 0x01, 0x01, 0x04, 0x20]
    guard der.count <= 160,
      let place = der.indices.first(where: { der[$0...].starts(with: mark) && $0 > algorithm.count }),
      place + mark.count + 32 <= der.count,
      let key = SM2Key(scalar: Array(der[place + mark.count..<place + mark.count + 32]))
    else { return nil }
    return allCases.contains { $0.encode(key) == der } ? key : nil
  }

  private static func item(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    // No form has 256 bytes.
    let length = UInt8(truncatingIfNeeded: content.count)
    return (content.count < 128 ? [tag, length] : [tag, 0x81, length]) + content
  }
}
