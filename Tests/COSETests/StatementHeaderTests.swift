import CBOR
import COSE
import Primitives
import Testing

@Suite("Statement headers")
struct StatementHeaderTests {
  static let key = PrivateKey.derive(seed: 1, label: "issuer")
  static let device = PrivateKey.derive(seed: 1, label: "device").publicKey
  static let claimID = ClaimID(high: 1, low: 2)

  static func header(
    issuer: String = "https://org-1.example", subject: String = "urn:epc:id:sgtin:4012345.011122.25",
    contentType: String? = "application/json", envelope: StatementHeader.HashEnvelope? = nil,
    confirmationKey: PublicKey? = nil, issuedAt: UInt64 = 1_772_353_800
  ) -> StatementHeader {
    StatementHeader(
      key: key.publicKey, issuer: issuer, subject: subject, issuedAt: issuedAt, claimID: claimID,
      contentType: contentType, envelope: envelope, confirmationKey: confirmationKey)
  }

  static var claims: [CBORValue.Pair] {
    [
      .init(1, "i"), .init(2, "s"), .init(6, 3), .init(7, .bytes(claimID.bytes)),
    ]
  }

  /// A valid header, with pairs replaced (or, by nil, removed) in it and in its claims.
  static func encoded(_ changes: [Int64: CBORValue?] = [:], claims claimChanges: [Int64: CBORValue?] = [:]) throws
    -> [UInt8]
  {
    func apply(_ changes: [Int64: CBORValue?], to pairs: [CBORValue.Pair]) -> [CBORValue.Pair] {
      pairs.filter { pair in !changes.keys.contains { .int($0) == pair.key } }
        + changes.compactMap { label, value in value.map { .init(.int(label), $0) } }
    }
    let base: [CBORValue.Pair] = [
      .init(1, -8), .init(4, .bytes(key.publicKey.id.bytes)), .init(15, .map(apply(claimChanges, to: claims))),
    ]
    return try CBORValue.map(apply(changes, to: base)).encoded()
  }

  static func fault(_ bytes: [UInt8]) -> COSEError? {
    do { _ = try StatementHeader(protected: bytes[...]) } catch { return error }
    return nil
  }

  @Test("a header comes back as it was made")
  func roundTrips() throws {
    let header = Self.header(confirmationKey: Self.device)
    let bytes = try header.encoded()
    #expect(try CBORValue(decoding: bytes).encoded() == bytes)
    let read = try StatementHeader(protected: bytes[...])
    #expect(read.algorithm == .edDSA)
    #expect(read.names(Self.key.publicKey) && !read.names(Self.device))
    #expect(read.issuer == "https://org-1.example")
    #expect(read.subject == "urn:epc:id:sgtin:4012345.011122.25")
    #expect(read.issuedAt == 1_772_353_800)
    #expect(read.claimID == Self.claimID)
    #expect(read.contentType == "application/json")
    #expect(try read.confirmationKey() == Self.device)
    #expect(read.envelope == nil)
    #expect(try read.encoded() == bytes)
  }

  @Test("the bytes of a header are these")
  func bytes() throws {
    let expected =
      "a40127036a746578742f706c61696e0450" + Self.key.publicKey.id.hex
      + "0fa401616902617306030750" + "00000000000000010000000000000002"
    let header = Self.header(issuer: "i", subject: "s", contentType: "text/plain", issuedAt: 3)
    #expect(try Hex.encode(header.encoded()) == expected)
  }

  @Test("a hash envelope comes back as it was made")
  func envelopes() throws {
    let full = StatementHeader.HashEnvelope(contentType: "application/xml", location: "https://a.example/1")
    var number = StatementHeader.HashEnvelope()
    number.contentType = .format(50)
    for envelope in [full, number, .init()] {
      let bytes = try Self.header(contentType: nil, envelope: envelope).encoded()
      #expect(try CBORValue(decoding: bytes)[258] == -16)
      #expect(try StatementHeader(protected: bytes[...]).envelope == envelope)
    }
    #expect(full.mediaType == "application/xml" && full.location == "https://a.example/1" && number.mediaType == nil)
    #expect(throws: COSEError.unexpected(.header, label: 3)) { try Self.header(envelope: full).encoded() }
    let protected = try Self.header(contentType: nil, envelope: full).encoded()
    let right = try Sign1(Sign1.sign(protected: protected, payload: Digest.sha256("x").bytes, key: Self.key))
    #expect(try StatementHeader(right).envelope == full)
    let wrong = try Sign1(Sign1.sign(protected: protected, payload: [1, 2], key: Self.key))
    #expect(throws: COSEError.invalid(.header, label: 258, "beside a payload of 32 bytes")) {
      try StatementHeader(wrong)
    }
  }

  @Test("headers outside the profile are refused by name")
  func refuses() throws {
    #expect(Self.fault(try Self.encoded()) == nil)
    for label: Int64 in [1, 4, 15] {
      #expect(Self.fault(try Self.encoded([label: CBORValue?.none])) == .missing(.header, label: label))
    }
    for label: Int64 in [1, 2, 6, 7] {
      #expect(Self.fault(try Self.encoded(claims: [label: CBORValue?.none])) == .missing(.claims, label: label))
    }
    for label: Int64 in [2, 5, 16, 33, 259, 260, 394, 395, -1] {
      #expect(Self.fault(try Self.encoded([label: 0])) == .unexpected(.header, label: label))
    }
    for label: Int64 in [3, 4, 5, 9, 38, -1] {
      #expect(Self.fault(try Self.encoded(claims: [label: 0])) == .unexpected(.claims, label: label))
    }
    #expect(Self.fault(try Self.encoded([1: -35])) == .invalid(.header, label: 1, "a supported algorithm"))
    #expect(Self.fault(try Self.encoded([1: 5])) == .invalid(.header, label: 1, "a supported algorithm"))
    #expect(Self.fault(try Self.encoded([4: .bytes([1])])) == .invalid(.header, label: 4, "a byte string of 16"))
    #expect(Self.fault(try Self.encoded([3: ""])) == .invalid(.header, label: 3, "a text of 1 to 255 bytes"))
    #expect(Self.fault(try Self.encoded([258: -44])) == .invalid(.header, label: 258, "-16"))
    #expect(Self.fault(try Self.encoded([3: "a", 258: -16])) == .unexpected(.header, label: 3))
    #expect(
      Self.fault(try Self.encoded([258: -16, 259: ""])) == .invalid(.header, label: 259, "a text of 1 to 255 bytes"))
    #expect(Self.fault(try Self.encoded(claims: [7: .bytes([])])) == .invalid(.claims, label: 7, "a byte string of 16"))
    #expect(Self.fault(try Self.encoded(claims: [8: [2: 1]])) == .unexpected(.confirmation, label: 2))
    #expect(Self.fault(try Self.encoded(claims: [8: [1: 1]])) == .invalid(.confirmation, label: 1, "a COSE_Key"))
    #expect(Self.fault(try Self.encoded(claims: [8: [:]])) == .missing(.confirmation, label: 1))
    let late = COSEError.invalid(.claims, label: 6, "a time before the year 10000")
    #expect(Self.fault(try Self.encoded(claims: [6: .unsigned(253_402_300_800)])) == late)
    #expect(Self.fault(try Self.encoded(claims: [6: .unsigned(.max)])) == late)
    #expect(Self.fault(try Self.encoded(claims: [6: .unsigned(253_402_300_799)])) == nil)
    guard case .malformed(.claims, let error) = Self.fault(try Self.encoded(claims: [6: -1])) else {
      Issue.record("a negative time")
      return
    }
    #expect(error.fault == .wrongType)
    #expect(
      Self.fault(try Self.encoded() + [0])
        == .malformed(.header, CBORError(.trailingBytes, at: try Self.encoded().count)))
    #expect(Self.fault([]) == .malformed(.header, CBORError(.truncated, at: 0)))
  }

  @Test("issuer and subject have 1 to 512 bytes")
  func lengths() throws {
    for (name, label) in [("issuer", Int64(1)), ("subject", 2)] {
      let expected = COSEError.invalid(.claims, label: label, "a text of 1 to 512 bytes")
      #expect(Self.fault(try Self.encoded(claims: [label: ""])) == expected, "\(name)")
      #expect(Self.fault(try Self.encoded(claims: [label: .text(String(repeating: "a", count: 513))])) == expected)
      #expect(Self.fault(try Self.encoded(claims: [label: .text(String(repeating: "a", count: 512))])) == nil)
      #expect(Self.fault(try Self.encoded(claims: [label: .text(String(repeating: "水", count: 171))])) == expected)
    }
    #expect(throws: COSEError.self) { try Self.header(issuer: "").encoded() }
    #expect(throws: COSEError.self) { try Self.header(issuedAt: .max).encoded() }
  }
}
