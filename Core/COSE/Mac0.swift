internal import CBOR
public import Primitives

/// A COSE_Mac0 (RFC 9052, section 6.2) taken apart without copying: a message that only holders of one secret key can make.
///
/// A device sends its readings so to its gateway. It is no statement: who can check a code can make one too. The profile is
/// tag 17, `{1: 4 or 5}` as protected header, nothing or a key id in the unprotected one, the payload attached, all of it
/// deterministic CBOR. Parsing checks the form only; `isValid(for:externalData:)` checks the code.
public struct Mac0: Sendable {
  /// The most bytes of a key id.
  public static let keyIDBytesLimit = 64

  /// The whole message, as it was given.
  public let bytes: ArraySlice<UInt8>

  /// The code's algorithm, from the protected header.
  public let algorithm: MacAlgorithm

  /// The protected header's bytes, without the byte string around them; codes cover exactly these.
  public let protected: ArraySlice<UInt8>

  /// The key id in the unprotected header, at most 64 bytes; nil if there is none.
  ///
  /// No code covers it: a changed one makes the gateway look for another key, under which the code fails.
  public let keyID: ArraySlice<UInt8>?

  /// The payload.
  public let payload: ArraySlice<UInt8>

  /// The code: 8 bytes for HMAC 256/64, 32 for HMAC 256/256.
  public let tag: ArraySlice<UInt8>

  /// Reads one message and nothing after it; allocates nothing.
  ///
  /// Throws `messageTooLong` beyond `Limits.entryBytes`, else the first fault of the form: `malformed`, an `unexpected`
  /// label, an `invalid` algorithm or key id, `detachedPayload`.
  public init(_ bytes: ArraySlice<UInt8>) throws(COSEError) {
    guard bytes.count <= Limits.entryBytes else { throw .messageTooLong(bytes.count) }
    var reader = StrictReader(bytes, .mac0)
    guard try reader.tag() == 17 else { throw .malformed(.mac0, CBORError(.outOfRange, at: bytes.startIndex)) }
    let array = reader.cbor.position
    guard try reader.array() == 4 else { throw .malformed(.mac0, CBORError(.outOfRange, at: array)) }
    protected = try reader.bytes()
    algorithm = try Mac0.algorithm(in: protected)
    keyID = try Mac0.keyID(from: &reader)
    guard !reader.cbor.takeNull() else { throw .detachedPayload }
    payload = try reader.bytes()
    let last = reader.cbor.position
    tag = try reader.bytes()
    guard tag.count == algorithm.tagCount else { throw .malformed(.mac0, CBORError(.outOfRange, at: last)) }
    try reader.finish()
    self.bytes = bytes
  }

  /// Reads one message and nothing after it; allocates nothing.
  public init(_ bytes: [UInt8]) throws(COSEError) { try self.init(bytes[...]) }

  private static func algorithm(in protected: ArraySlice<UInt8>) throws(COSEError) -> MacAlgorithm {
    var reader = StrictReader(protected, .header)
    var keys = try reader.map()
    var found: MacAlgorithm?
    while let label = try reader.label(&keys) {
      guard label == 1 else { throw .unexpected(.header, label: label) }
      found = MacAlgorithm(rawValue: try reader.int())
      guard found != nil else { throw .invalid(.header, label: 1, "4 (HMAC 256/64) or 5 (HMAC 256/256)") }
    }
    try reader.finish()
    return try required(found, .header, label: 1)
  }

  private static func keyID(from reader: inout StrictReader) throws(COSEError) -> ArraySlice<UInt8>? {
    var keys = try reader.map()
    var found: ArraySlice<UInt8>?
    while let label = try reader.label(&keys) {
      guard label == 4 else { throw .unexpected(.mac0, label: label) }
      let bytes = try reader.bytes()
      guard bytes.count <= keyIDBytesLimit else {
        throw .invalid(.mac0, label: 4, "a byte string of at most \(keyIDBytesLimit)")
      }
      found = bytes
    }
    return found
  }
}

// MARK: - Codes

extension Mac0 {
  /// Whether the code was made with `key` over this payload and these external data; compares in constant time.
  ///
  /// Costs the HMAC and one copy of the payload; for readings by the hundred thousand see `Mac0Layout`.
  public func isValid(for key: HMACSHA256Key, externalData: [UInt8] = []) -> Bool {
    let structure = Mac0.structure(protected: protected, externalData: externalData, payload: payload)
    return tag.withUnsafeBytes { algorithm.isTag($0, of: key.code(for: structure)) }
  }

  /// The bytes that a code covers: the MAC_structure ["MAC0", protected, external_aad, payload] (RFC 9052, section 6.3).
  public static func structure(
    protected: ArraySlice<UInt8>, externalData: [UInt8] = [], payload: ArraySlice<UInt8>
  ) -> [UInt8] {
    var writer = CBORWriter(capacity: protected.count + externalData.count + payload.count + 32)
    writer.array(4)
    writer.text("MAC0")
    writer.bytes(protected)
    writer.bytes(externalData)
    writer.bytes(payload)
    return writer.bytes
  }

  /// A message with this payload and its code, beside the key id if there is one.
  ///
  /// A reading's key id has 8 bytes. Throws `invalid` for a key id of more than 64 bytes, and `messageTooLong` if the
  /// message would have more than `Limits.entryBytes`.
  public static func encode(
    payload: [UInt8], keyID: [UInt8]?, algorithm: MacAlgorithm, key: HMACSHA256Key, externalData: [UInt8] = []
  ) throws(COSEError) -> [UInt8] {
    guard (keyID?.count ?? 0) <= keyIDBytesLimit else {
      throw .invalid(.mac0, label: 4, "a byte string of at most \(keyIDBytesLimit)")
    }
    let protected: [UInt8] = [0xa1, 0x01, UInt8(truncatingIfNeeded: algorithm.rawValue)]
    let code = key.code(
      for: structure(protected: protected[...], externalData: externalData, payload: payload[...]))
    var writer = CBORWriter(capacity: payload.count + (keyID?.count ?? 0) + 64)
    writer.tag(17)
    writer.array(4)
    writer.bytes(protected)
    writer.map(keyID == nil ? 0 : 1)
    if let keyID {
      writer.int(4)
      writer.bytes(keyID)
    }
    writer.bytes(payload)
    writer.bytes(code.bytes[..<algorithm.tagCount])
    guard writer.bytes.count <= Limits.entryBytes else { throw .messageTooLong(writer.bytes.count) }
    return writer.bytes
  }
}
