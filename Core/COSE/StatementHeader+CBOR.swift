public import CBOR
internal import Primitives

// MARK: - Decoding

extension StatementHeader {
  /// The header of `statement`; also refuses a hash envelope whose payload is not 32 bytes.
  public init(_ statement: Sign1) throws(COSEError) {
    try self.init(protected: statement.protected)
    guard envelope == nil || statement.isDetached || statement.payload.count == Digest.byteCount else {
      throw .invalid(.header, label: 258, "beside a payload of \(Digest.byteCount) bytes")
    }
  }

  /// The header in these protected bytes: one deterministic CBOR map with known labels only.
  ///
  /// Allocates nothing. Throws the first fault: `unexpected` names a label that is unknown or excluded by another one.
  public init(protected: ArraySlice<UInt8>) throws(COSEError) {
    var reader = StrictReader(protected, .header)
    var keys = try reader.map()
    var (algorithm, keyID, claims): (Algorithm?, KeyID?, Claims?)
    var (contentType, location): (ArraySlice<UInt8>?, ArraySlice<UInt8>?)
    var (preimage, isHash): (HashEnvelope.ContentType?, Bool) = (nil, false)
    while let label = try reader.label(&keys) {
      switch label {
      case 1:
        algorithm = Algorithm(rawValue: try reader.int())
        guard algorithm != nil else { throw .invalid(.header, label: label, "a supported algorithm") }
      case 3: contentType = try reader.text(Self.contentTypeBytesLimit, label: label)
      case 4: keyID = KeyID(try reader.bytes(16, label: label))
      case 15: claims = try Claims(from: &reader)
      case 258:
        try reader.expect(-16, label: label)
        guard contentType == nil else { throw .unexpected(.header, label: 3) }
        isHash = true
      case 259 where isHash:
        preimage =
          try reader.peek() == .unsigned
          ? .format(try reader.uint()) : .media(try reader.text(Self.contentTypeBytesLimit, label: label))
      case 260 where isHash: location = try reader.text(Self.locationBytesLimit, label: label)
      default: throw .unexpected(.header, label: label)
      }
    }
    try reader.finish()
    self.algorithm = try required(algorithm, .header, label: 1)
    self.keyID = try required(keyID, .header, label: 4)
    let found = try required(claims, .header, label: 15)
    contentTypeBytes = contentType
    issuerBytes = found.issuer
    subjectBytes = found.subject
    issuedAt = found.issuedAt
    claimID = found.id
    confirmationKeyBytes = found.key
    if isHash {
      var hash = HashEnvelope()
      hash.contentType = preimage
      hash.locationBytes = location
      envelope = hash
    }
  }

  private struct Claims {
    let issuer: ArraySlice<UInt8>
    let subject: ArraySlice<UInt8>
    let issuedAt: UInt64
    let id: ClaimID
    let key: ArraySlice<UInt8>?

    init(from header: inout StrictReader) throws(COSEError) {
      var reader = StrictReader(header, as: .claims)
      var keys = try reader.map()
      var (issuer, subject, key): (ArraySlice<UInt8>?, ArraySlice<UInt8>?, ArraySlice<UInt8>?)
      var (issuedAt, id): (UInt64?, ClaimID?)
      while let label = try reader.label(&keys) {
        switch label {
        case 1: issuer = try reader.text(StatementHeader.nameBytes, label: label)
        case 2: subject = try reader.text(StatementHeader.nameBytes, label: label)
        case 6:
          let seconds = try reader.uint()
          guard seconds <= StatementHeader.latestIssuedAt else {
            throw .invalid(.claims, label: label, "a time before the year 10000")
          }
          issuedAt = seconds
        case 7: id = ClaimID(try reader.bytes(16, label: label))
        case 8: key = try Claims.confirmation(&reader)
        default: throw .unexpected(.claims, label: label)
        }
      }
      self.issuer = try required(issuer, .claims, label: 1)
      self.subject = try required(subject, .claims, label: 2)
      self.issuedAt = try required(issuedAt, .claims, label: 6)
      self.id = try required(id, .claims, label: 7)
      self.key = key
      header.cbor = reader.cbor
    }

    private static func confirmation(_ claims: inout StrictReader) throws(COSEError) -> ArraySlice<UInt8> {
      var reader = StrictReader(claims, as: .confirmation)
      var keys = try reader.map()
      var key: ArraySlice<UInt8>?
      while let label = try reader.label(&keys) {
        guard label == 1 else { throw .unexpected(.confirmation, label: label) }
        guard try reader.peek() == .map else { throw .invalid(.confirmation, label: 1, "a COSE_Key") }
        key = try reader.skip()
      }
      claims.cbor = reader.cbor
      return try required(key, .confirmation, label: 1)
    }
  }
}

// MARK: - Encoding

extension StatementHeader {
  /// The protected bytes for this header, in deterministic CBOR.
  ///
  /// Throws `invalid` for a text or time beyond its limits, and `unexpected` for a content type beside an envelope.
  public func encoded() throws(COSEError) -> [UInt8] {
    var writer = CBORWriter(capacity: 128 + issuerBytes.count + subjectBytes.count)
    let envelopeLabels =
      envelope.map { 1 + ($0.contentType == nil ? 0 : 1) + ($0.locationBytes == nil ? 0 : 1) } ?? 0
    writer.map(3 + (contentTypeBytes == nil ? 0 : 1) + envelopeLabels)
    writer.int(1)
    writer.int(algorithm.rawValue)
    if let contentTypeBytes {
      writer.int(3)
      writer.text(utf8: contentTypeBytes)
    }
    writer.int(4)
    writer.bytes(keyID)
    writer.int(15)
    writer.map(confirmationKeyBytes == nil ? 4 : 5)
    writer.int(1)
    writer.text(utf8: issuerBytes)
    writer.int(2)
    writer.text(utf8: subjectBytes)
    writer.int(6)
    writer.uint(issuedAt)
    writer.int(7)
    writer.bytes(claimID)
    if let confirmationKeyBytes {
      writer.int(8)
      writer.map(1)
      writer.int(1)
      writer.raw(confirmationKeyBytes)
    }
    if let envelope {
      writer.int(258)
      writer.int(-16)
      if let contentType = envelope.contentType {
        writer.int(259)
        switch contentType {
        case .media(let bytes): writer.text(utf8: bytes)
        case .format(let number): writer.uint(number)
        }
      }
      if let location = envelope.locationBytes {
        writer.int(260)
        writer.text(utf8: location)
      }
    }
    // One set of rules: what would be refused on the way in is not let out.
    _ = try StatementHeader(protected: writer.bytes[...])
    return writer.bytes
  }
}

extension CBORWriter {
  /// Writes an identifier as a byte string of 16.
  public mutating func bytes(_ value: some Bytes16) {
    bytes.append(0x50)
    bytes.append(u64: value.high)
    bytes.append(u64: value.low)
  }
}
