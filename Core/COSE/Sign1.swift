internal import CBOR
public import Primitives

/// A COSE_Sign1 (RFC 9052, section 4.2) taken apart without copying: ranges over the bytes it came in.
///
/// Parsing checks the form only. The signature is checked by `verify(with:)`, the protected header by
/// `StatementHeader(_:)`.
public struct Sign1: Sendable {
  /// The whole message, as it was given.
  public let bytes: ArraySlice<UInt8>

  /// The protected header's bytes, without the byte string around them; signatures cover exactly these.
  public let protected: ArraySlice<UInt8>

  /// The unprotected header: an encoded map, in a statement always the empty one.
  public let unprotected: ArraySlice<UInt8>

  /// The payload, empty if it is detached.
  public let payload: ArraySlice<UInt8>

  /// The 64 bytes of the signature.
  public let signature: ArraySlice<UInt8>

  /// Whether null stands in the payload's place, as in a receipt.
  public let isDetached: Bool

  /// The signed statement in a log entry: tag 18, an empty unprotected header, the payload attached, and nothing after it.
  ///
  /// Costs no allocation and no hash. Throws `entryTooLong` beyond `Limits.entryBytes`, else the first fault of the form.
  public init(_ entry: ArraySlice<UInt8>) throws(COSEError) {
    guard entry.count <= Limits.entryBytes else { throw .entryTooLong(entry.count) }
    try self.init(transparent: entry)
    guard unprotected.count == 1 else { throw .unprotectedHeader }
    guard !isDetached else { throw .detachedPayload }
  }

  /// The signed statement in a log entry: tag 18, an empty unprotected header, the payload attached, and nothing after it.
  public init(_ entry: [UInt8]) throws(COSEError) { try self.init(entry[...]) }

  /// A receipt or a transparent statement: its unprotected header may be any deterministic map, its payload detached.
  ///
  /// Unprotected parameters are nobody's word: whoever handed the message on can have changed them.
  public init(transparent bytes: ArraySlice<UInt8>) throws(COSEError) {
    var reader = StrictReader(bytes, .sign1)
    guard try reader.tag() == 18 else { throw .malformed(.sign1, CBORError(.outOfRange, at: bytes.startIndex)) }
    let array = reader.cbor.position
    guard try reader.array() == 4 else { throw .malformed(.sign1, CBORError(.outOfRange, at: array)) }
    protected = try reader.bytes()
    let map = reader.cbor.position
    guard try reader.peek() == .map else { throw .malformed(.sign1, CBORError(.wrongType, at: map)) }
    unprotected = try reader.skip()
    isDetached = reader.cbor.takeNull()
    let end = reader.cbor.position
    payload = isDetached ? bytes[end..<end] : try reader.bytes()
    let last = reader.cbor.position
    signature = try reader.bytes()
    guard signature.count == 64 else { throw .malformed(.sign1, CBORError(.outOfRange, at: last)) }
    try reader.finish()
    self.bytes = bytes
  }

  /// A receipt or a transparent statement: its unprotected header may be any deterministic map, its payload detached.
  public init(transparent bytes: [UInt8]) throws(COSEError) { try self.init(transparent: bytes[...]) }

  /// The bare statement of a transparent statement: the same bytes with an empty unprotected header; allocates.
  ///
  /// This is what the log holds, so what a receipt's leaf is computed from.
  public func withoutUnprotected() -> [UInt8] {
    bytes[..<unprotected.startIndex] + [0xa0] + bytes[unprotected.endIndex...]
  }
}

// MARK: - Verifying

extension Sign1 {
  /// The statement's id: the SHA-256 of its Sig_structure, which signing again does not change.
  ///
  /// One hash of the message, computed at each call; `verify(with:)` gives it for nothing. With a detached payload it is
  /// computed over the empty one and names nothing.
  public var statementID: Digest {
    var hasher = SHA256Hasher()
    hasher.update(Sign1.context)
    bytes.withUnsafeBytes { entry in
      // The byte strings stand in the entry just as in the Sig_structure, heads included.
      hasher.update(UnsafeRawBufferPointer(rebasing: entry[protectedItem]))
      hasher.update(Sign1.noExternalData)
      hasher.update(UnsafeRawBufferPointer(rebasing: entry[payloadItem]))
    }
    return hasher.finalize()
  }

  /// The statement's id if `key` made its signature over the attached payload, or nil.
  ///
  /// The message is hashed once for both under ES256; Ed25519 and SM2 take the Sig_structure in one piece, so that is
  /// built once.
  /// It says nothing about the header: compare `StatementHeader.algorithm` and `keyID` with the key's.
  public func verify(with key: PublicKey) -> Digest? {
    guard !isDetached else { return nil }
    switch key.algorithm {
    case .es256:
      let id = statementID
      return key.isValidSignature(signature, forDigest: id) ? id : nil
    case .edDSA, .sm2:
      var message: [UInt8] = []
      message.reserveCapacity(Sign1.context.count + 1 + protectedItem.count + payloadItem.count)
      message += Sign1.context
      bytes.withUnsafeBytes { entry in
        message.append(contentsOf: entry[protectedItem])
        message += Sign1.noExternalData
        message.append(contentsOf: entry[payloadItem])
      }
      return key.isValidSignature(signature, for: message) ? Digest.sha256(message) : nil
    }
  }

  /// Whether `key` made the signature over a payload that travels elsewhere: for a receipt, the root recomputed.
  ///
  /// False if a payload is attached.
  public func isValid(for key: PublicKey, detachedPayload: ArraySlice<UInt8>) -> Bool {
    guard isDetached else { return false }
    return key.isValidSignature(
      signature, for: Sign1.signatureStructure(protected: protected, payload: detachedPayload))
  }

  /// Where the protected header's byte string lies in `bytes`, counted from its start: after the tag and the array.
  private var protectedItem: Range<Int> { 2..<unprotected.startIndex - bytes.startIndex }

  /// Where the payload's byte string lies in `bytes`, counted from its start.
  private var payloadItem: Range<Int> {
    unprotected.endIndex - bytes.startIndex..<payload.endIndex - bytes.startIndex
  }

  /// The beginning of a Sig_structure: an array of four, and "Signature1".
  private static let context: [UInt8] = [0x84, 0x6a] + Array("Signature1".utf8)
  /// The empty byte string in the place of externally supplied data.
  private static let noExternalData: [UInt8] = [0x40]
}

// MARK: - Signing

extension Sign1 {
  /// The bytes that a signature covers: the Sig_structure ["Signature1", protected, h'', payload] (RFC 9052, section 4.4).
  public static func signatureStructure(protected: ArraySlice<UInt8>, payload: ArraySlice<UInt8>) -> [UInt8] {
    var writer = CBORWriter(capacity: protected.count + payload.count + 32)
    writer.raw(context)
    writer.bytes(protected)
    writer.raw(noExternalData)
    writer.bytes(payload)
    return writer.bytes
  }

  /// A signed statement with these protected bytes and this payload.
  ///
  /// Throws `entryTooLong` if the result does not fit into a log entry.
  public static func sign(
    protected: [UInt8], payload: [UInt8], key: PrivateKey
  ) throws(COSEError) -> [UInt8] {
    let signature = try key.sign(signatureStructure(protected: protected[...], payload: payload[...]))
    var writer = start(protected, capacity: payload.count)
    writer.map(0)
    writer.bytes(payload)
    writer.bytes(signature)
    guard writer.bytes.count <= Limits.entryBytes else { throw .entryTooLong(writer.bytes.count) }
    return writer.bytes
  }

  /// A message that signs `payload` without carrying it, with the encoded map `unprotected` beside: a receipt.
  public static func signDetached(
    protected: [UInt8], unprotected: [UInt8], payload: [UInt8], key: PrivateKey
  ) throws(COSEError) -> [UInt8] {
    let signature = try key.sign(signatureStructure(protected: protected[...], payload: payload[...]))
    var writer = start(protected, capacity: unprotected.count)
    writer.raw(unprotected)
    writer.null()
    writer.bytes(signature)
    return writer.bytes
  }

  private static func start(_ protected: [UInt8], capacity: Int) -> CBORWriter {
    var writer = CBORWriter(capacity: protected.count + capacity + 80)
    writer.tag(18)
    writer.array(4)
    writer.bytes(protected)
    return writer
  }
}
