internal import CBOR
internal import Crypto
internal import FoundationEssentials
internal import Primitives

/// A public key that verifies signatures, held in the form in which the cryptographic library wants it.
///
/// Making one decodes and checks the point, which costs about as much as a verification; keep it and verify with it often.
/// Equality and hashing are those of the key's id and bytes.
public struct PublicKey: Sendable {
  enum Prepared: Sendable {
    case p256(P256.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    case sm2(SM2Key)
  }

  /// The curve of GB/T 32918.5 in a COSE_Key: a number for private use (RFC 9053, section 11: below −65536), made from
  /// the last arcs of its OID 1.2.156.10197.1.301, as COSE has registered none.
  static let sm2Curve: Int64 = -10_197_301

  let prepared: Prepared

  /// The key's name, by which a statement's header refers to it.
  public let id: KeyID

  /// The key as a COSE_Key in deterministic CBOR, with the required parameters only: kty, crv, x and for P-256 and SM2 y.
  ///
  /// Its SHA-256 is the key's thumbprint (RFC 9679), and the first half of that is `id`.
  public let coseKey: [UInt8]

  /// The algorithm of its signatures.
  public var algorithm: Algorithm {
    switch prepared {
    case .p256: .es256
    case .ed25519: .edDSA
    case .sm2: .sm2
    }
  }

  /// The key in 32 bytes for Ed25519 (RFC 8032), in 64 bytes, x‖y, for P-256 and SM2; allocates.
  public var rawRepresentation: [UInt8] {
    switch prepared {
    case .p256(let key): Array(key.rawRepresentation)
    case .ed25519(let key): Array(key.rawRepresentation)
    case .sm2(let key): key.point
    }
  }

  /// The Ed25519 key of these 32 bytes.
  ///
  /// Throws `invalidPoint` for bytes that are no point, a second spelling of one, or a point of small order.
  public init(ed25519 raw: [UInt8]) throws(COSEError) {
    guard raw.count == 32 else { throw .invalidKeyBytes }
    guard Edwards.isUsablePoint(raw), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw) else {
      throw .invalidPoint
    }
    self.init(.ed25519(key))
  }

  /// The P-256 key of these 64 bytes, x‖y; throws `invalidPoint` if they are not on the curve.
  public init(p256 raw: [UInt8]) throws(COSEError) {
    guard raw.count == 64 else { throw .invalidKeyBytes }
    guard let key = try? P256.Signing.PublicKey(rawRepresentation: raw) else { throw .invalidPoint }
    self.init(.p256(key))
  }

  /// The SM2 key of these 64 bytes, x‖y; throws `invalidPoint` if they are not on the curve of GB/T 32918.5.
  public init(sm2 raw: [UInt8]) throws(COSEError) {
    guard raw.count == 64 else { throw .invalidKeyBytes }
    guard let key = SM2Key(point: raw) else { throw .invalidPoint }
    self.init(.sm2(key))
  }

  /// The key in a COSE_Key, which must be deterministic CBOR.
  ///
  /// Understood are kty (1), alg (3, optional, and then that of the curve), crv (−1), x (−2) and y (−3, uncompressed);
  /// another label is refused by name.
  public init(coseKey bytes: [UInt8]) throws(COSEError) { try self.init(coseKey: bytes[...]) }

  /// The key in a COSE_Key, which must be deterministic CBOR.
  ///
  /// Understood are kty (1), alg (3, optional, and then that of the curve), crv (−1), x (−2) and y (−3, uncompressed);
  /// another label is refused by name.
  public init(coseKey bytes: ArraySlice<UInt8>) throws(COSEError) {
    var reader = StrictReader(bytes, .key)
    var keys = try reader.map()
    var (type, algorithm, curve): (Int64?, Int64?, Int64?)
    var (x, y): (ArraySlice<UInt8>?, ArraySlice<UInt8>?)
    while let label = try reader.label(&keys) {
      switch label {
      case 1: type = try reader.int()
      case 3: algorithm = try reader.int()
      case -1: curve = try reader.int()
      case -2: x = try reader.bytes(32, label: label)
      case -3: y = try reader.bytes(32, label: label)
      default: throw .unexpected(.key, label: label)
      }
    }
    try reader.finish()
    let shape = (try required(type, .key, label: 1), try required(curve, .key, label: -1))
    let first = try required(x, .key, label: -2)
    switch shape {
    case (1, 6):
      guard y == nil else { throw .unexpected(.key, label: -3) }
      try self.init(ed25519: Array(first))
    case (2, 1):
      try self.init(p256: Array(first) + (try required(y, .key, label: -3)))
    case (2, PublicKey.sm2Curve):
      try self.init(sm2: Array(first) + (try required(y, .key, label: -3)))
    case (1, _): throw .invalid(.key, label: -1, "6 (Ed25519)")
    case (2, _): throw .invalid(.key, label: -1, "1 (P-256) or \(PublicKey.sm2Curve) (SM2)")
    default: throw .invalid(.key, label: 1, "1 (OKP) or 2 (EC2)")
    }
    guard algorithm == nil || algorithm == self.algorithm.rawValue else {
      throw .invalid(.key, label: 3, "\(self.algorithm.rawValue) (\(self.algorithm))")
    }
  }

  init(_ prepared: Prepared) {
    self.prepared = prepared
    var writer = CBORWriter(capacity: 80)
    switch prepared {
    case .ed25519(let key):
      writer.map(3)
      writer.int(1)
      writer.int(1)
      writer.int(-1)
      writer.int(6)
      writer.int(-2)
      writer.bytes(Array(key.rawRepresentation))
    case .p256(let key):
      PublicKey.write(curve: 1, point: Array(key.rawRepresentation), to: &writer)
    case .sm2(let key):
      PublicKey.write(curve: PublicKey.sm2Curve, point: key.point, to: &writer)
    }
    coseKey = writer.bytes
    let thumbprint = Primitives.Digest.sha256(coseKey).bytes
    id = KeyID(thumbprint[..<16]) ?? KeyID(high: 0, low: 0)
  }

  private static func write(curve: Int64, point: [UInt8], to writer: inout CBORWriter) {
    writer.map(4)
    writer.int(1)
    writer.int(2)
    writer.int(-1)
    writer.int(curve)
    writer.int(-2)
    writer.bytes(point[..<32])
    writer.int(-3)
    writer.bytes(point[32...])
  }

  /// Whether `signature`, 64 bytes, is this key's for `message`.
  ///
  /// P-256 signatures are taken with a high and with a low s: swift-crypto accepts both, so nothing may be named by the
  /// bytes of a signature.
  public func isValidSignature(_ signature: ArraySlice<UInt8>, for message: [UInt8]) -> Bool {
    switch prepared {
    case .p256: isValidSignature(signature, forDigest: Primitives.Digest.sha256(message))
    case .ed25519(let key): key.isValidSignature(signature, for: message)
    case .sm2(let key): key.isValidSignature(signature, for: message)
    }
  }

  /// Whether a P-256 `signature` is this key's for the message whose SHA-256 is `digest`; false for other keys.
  func isValidSignature(_ signature: ArraySlice<UInt8>, forDigest digest: Primitives.Digest) -> Bool {
    guard case .p256(let key) = prepared, let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
    else { return false }
    return key.isValidSignature(parsed, for: Prehashed(digest: digest))
  }
}

extension PublicKey: Hashable {
  /// Whether the two are one key.
  public static func == (a: PublicKey, b: PublicKey) -> Bool { a.id == b.id && a.coseKey == b.coseKey }

  /// Feeds the id, which is uniform already.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension PublicKey: CustomStringConvertible {
  /// The algorithm and the id.
  public var description: String { "\(algorithm) \(id)" }
}

/// A digest made elsewhere in the form that swift-crypto takes, so that a message is hashed once for both its id and its
/// signature.
private struct Prehashed: Crypto.Digest {
  static let byteCount = 32
  let digest: Primitives.Digest

  var description: String { digest.hex }

  func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try Swift.withUnsafeBytes(of: digest, body)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
