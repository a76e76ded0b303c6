import CBOR
import COSE
import Foundation
import Primitives
import Testing

@Suite("COSE_Sign1")
struct Sign1Tests {
  static func statement(_ key: PrivateKey, payload: [UInt8] = Array(#"{"a":1}"#.utf8)) throws -> [UInt8] {
    let header = StatementHeader(
      key: key.publicKey, issuer: "https://org-1.example", subject: "urn:s", issuedAt: 1_772_353_800,
      claimID: ClaimID(high: 1, low: 2), contentType: "application/json")
    return try Sign1.sign(protected: header.encoded(), payload: payload, key: key)
  }

  static func fault(_ bytes: [UInt8]) -> COSEError? {
    do { _ = try Sign1(bytes) } catch { return error }
    return nil
  }

  @Test("the published ES256 messages of RFC 8152, C.2.1, and the COSE working group")
  func published() throws {
    // Key "11": cose-wg/Examples.
    let key = try PublicKey(
      p256: hex(
        """
        bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff
        20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e
        """))
    let content = Array("This is the content.".utf8)
    for signature in [
      // RFC 8152, appendix C.2.1.
      """
      8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e
      2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36
      """,
      // sign1-tests/sign-pass-03, with its tag put back.
      """
      eae868ecc176883766c5dc5ba5b8dca25dab3c2e56a551ce5705b793914348e1
      9f43d6c6ba654472da301b645b293c9ba939295b97c4bdb847782bff384c5794
      """,
    ] {
      let bytes = hex("d28443a10126a10442313154546869732069732074686520636f6e74656e742e5840" + signature)
      let message = try Sign1(transparent: bytes)
      #expect(Array(message.protected) == hex("a10126"))
      #expect(Array(message.unprotected) == hex("a104423131"))
      #expect(Array(message.payload) == content)
      let signed = hex("846a5369676e61747572653143a101264054546869732069732074686520636f6e74656e742e")
      #expect(Sign1.signatureStructure(protected: message.protected, payload: message.payload) == signed)
      #expect(message.statementID == Digest.sha256(signed))
      #expect(message.verify(with: key) == Digest.sha256(signed))
      #expect(Self.fault(bytes) == .unprotectedHeader)
      #expect(try Sign1(message.withoutUnprotected()).verify(with: key) == message.statementID)
      // sign-fail-02 changes the content, sign-fail-01 and sign-pass-03 the tag.
      var changed = bytes
      changed[31] ^= 1
      #expect(try Sign1(transparent: changed).verify(with: key) == nil)
      #expect(throws: COSEError.self) { try Sign1(transparent: [0xd8, 0x62] + bytes.dropFirst()) }
      #expect(throws: COSEError.malformed(.sign1, CBORError(.wrongType, at: 0))) {
        try Sign1(transparent: Array(bytes.dropFirst()))
      }
    }
    // sign1-tests/sign-pass-02 has external data, which statements have not: its ToBeSigned alone.
    let external = hex(
      "846A5369676E61747572653143A101264C11AA22BB33CC44DD5500669954546869732069732074686520636F6E74656E742E")
    let signature = hex(
      """
      EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E1
      55388B10C4F1B59A6733EAB416870A945111A4B2FBDBEF33A77234B1DEFF2F9B
      """)
    #expect(key.isValidSignature(signature[...], for: external))
  }

  @Test("a statement is read as it was signed", arguments: Algorithm.allCases)
  func statements(_ algorithm: Algorithm) throws {
    let key = PrivateKey.generate(algorithm)
    for payload in [
      [], [1], [UInt8](repeating: 7, count: 23), [UInt8](repeating: 7, count: 300),
      [UInt8](repeating: 7, count: 65_000),
    ] {
      let entry = try Self.statement(key, payload: payload)
      let message = try Sign1(entry)
      #expect(Array(message.payload) == payload && !message.isDetached)
      let id = Digest.sha256(Sign1.signatureStructure(protected: message.protected, payload: message.payload))
      #expect(message.verify(with: key.publicKey) == id)
      #expect(message.statementID == id)
      #expect(message.verify(with: PrivateKey.generate(algorithm).publicKey) == nil)
      #expect(try StatementHeader(message).names(key.publicKey))
      // The same entry within a larger buffer.
      let batch = [0, 0, 0] + entry + [0]
      let within = try Sign1(batch[3..<3 + entry.count])
      #expect(within.verify(with: key.publicKey) == id && within.statementID == id)
      #expect(within.withoutUnprotected() == entry)
    }
  }

  @Test("the same document signed again is the same statement", arguments: Algorithm.allCases)
  func sameID(_ algorithm: Algorithm) throws {
    let key = PrivateKey.generate(algorithm)
    let (a, b) = (try Self.statement(key), try Self.statement(key))
    #expect((a == b) == (algorithm == .edDSA))
    #expect(try Sign1(a).verify(with: key.publicKey) == Sign1(b).verify(with: key.publicKey))
  }

  @Test("a P-256 signature with the other s has the same statement id")
  func otherS() throws {
    let order = hex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")
    let key = PrivateKey.generate(.es256)
    let entry = try Self.statement(key)
    var other = entry
    var borrow = 0
    for index in stride(from: 31, through: 0, by: -1) {
      let at = entry.count - 32 + index
      let difference = Int(order[index]) - Int(entry[at]) - borrow
      borrow = difference < 0 ? 1 : 0
      other[at] = UInt8(difference & 255)
    }
    #expect(other != entry)
    let id = try #require(try Sign1(entry).verify(with: key.publicKey))
    #expect(try Sign1(other).verify(with: key.publicKey) == id)
  }

  @Test("every flipped bit of an entry makes it fail", arguments: Algorithm.allCases)
  func flips(_ algorithm: Algorithm) throws {
    let key = algorithm == .edDSA ? PrivateKey.derive(seed: 1, label: "x") : PrivateKey.generate(algorithm)
    let entry = try Self.statement(key)
    let id = try Sign1(entry).statementID
    for index in entry.indices {
      for bit in 0..<8 {
        var flipped = entry
        flipped[index] ^= 1 << UInt8(bit)
        guard let message = try? Sign1(flipped) else { continue }
        #expect(message.verify(with: key.publicKey) == nil, "byte \(index) bit \(bit)")
        #expect((message.statementID == id) == (index >= entry.count - 64), "byte \(index) bit \(bit)")
      }
    }
  }

  @Test("every truncated entry, and every longer one, is refused")
  func lengths() throws {
    let entry = try Self.statement(.derive(seed: 1, label: "x"))
    for count in entry.indices { #expect(Self.fault(Array(entry[..<count])) != nil) }
    #expect(Self.fault(entry + [0]) == .malformed(.sign1, CBORError(.trailingBytes, at: entry.count)))
  }

  @Test("other forms are refused by name")
  func forms() throws {
    let signature = [UInt8](repeating: 1, count: 64)
    func entry(tag: UInt64 = 18, _ items: [CBORValue]) throws -> [UInt8] {
      try CBORValue.tag(tag, .array(items)).encoded()
    }
    func malformed(_ fault: CBORError.Fault, _ offset: Int) -> COSEError {
      .malformed(.sign1, CBORError(fault, at: offset))
    }
    let protected = CBORValue.bytes([0xa0])
    #expect(Self.fault(try entry([protected, [:], .bytes([]), .bytes(signature)])) == nil)
    #expect(
      Self.fault(try entry(tag: 17, [protected, [:], .bytes([]), .bytes(signature)])) == malformed(.outOfRange, 0))
    #expect(Self.fault(try entry([protected, [:], .bytes(signature)])) == malformed(.outOfRange, 1))
    #expect(Self.fault(try entry([protected, [:], .bytes([]), .bytes(signature), 1])) == malformed(.outOfRange, 1))
    #expect(Self.fault(try entry([[:], [:], .bytes([]), .bytes(signature)])) == malformed(.wrongType, 2))
    #expect(Self.fault(try entry([protected, [], .bytes([]), .bytes(signature)])) == malformed(.wrongType, 4))
    #expect(Self.fault(try entry([protected, [4: 1], .bytes([]), .bytes(signature)])) == .unprotectedHeader)
    #expect(Self.fault(try entry([protected, [:], .null, .bytes(signature)])) == .detachedPayload)
    #expect(Self.fault(try entry([protected, [:], "x", .bytes(signature)])) == malformed(.wrongType, 5))
    #expect(Self.fault(try entry([protected, [:], .bytes([]), .bytes([1])])) == malformed(.outOfRange, 6))
    #expect(Self.fault(hex("d2 84 5801a0 a0 40 40")) == malformed(.nonShortestLength, 2))
    #expect(Self.fault(hex("d812 84 41a0")) == malformed(.nonShortestLength, 0))
  }

  @Test("an entry has at most 65,535 bytes")
  func entryLimit() throws {
    let key = PrivateKey.derive(seed: 1, label: "x")
    let empty = try Self.statement(key).count - 8
    let largest = try Self.statement(key, payload: [UInt8](repeating: 0, count: 65_535 - empty - 3))
    #expect(largest.count == 65_535)
    #expect(Self.fault(largest) == nil)
    #expect(throws: COSEError.entryTooLong(65_536)) {
      try Self.statement(key, payload: [UInt8](repeating: 0, count: 65_535 - empty - 2))
    }
    #expect(Self.fault(largest + [0]) == .entryTooLong(65_536))
  }

  @Test("a receipt: the payload elsewhere, proofs unprotected", arguments: Algorithm.allCases)
  func detached(_ algorithm: Algorithm) throws {
    let key = PrivateKey.generate(algorithm)
    let root = Digest.sha256("root").bytes
    let protected = try ([1: .int(algorithm.rawValue), 395: 1] as CBORValue).encoded()
    let unprotected = try ([396: [-1: [.bytes([1, 2])]]] as CBORValue).encoded()
    let bytes = try Sign1.signDetached(protected: protected, unprotected: unprotected, payload: root, key: key)
    let receipt = try Sign1(transparent: bytes)
    #expect(receipt.isDetached && receipt.payload.isEmpty)
    #expect(Array(receipt.unprotected) == unprotected && Array(receipt.protected) == protected)
    #expect(receipt.isValid(for: key.publicKey, detachedPayload: root[...]))
    #expect(!receipt.isValid(for: key.publicKey, detachedPayload: Digest.sha256("other").bytes[...]))
    #expect(receipt.verify(with: key.publicKey) == nil)
    let attached = try Sign1(Self.statement(key))
    #expect(!attached.isValid(for: key.publicKey, detachedPayload: attached.payload))
  }

  @Test("the inclusion receipt of the COSE receipts examples")
  func officialReceipt() throws {
    let bytes = hex(
      """
      d2845840a40126044a746573742d6b65792d3119018b010fa101782868747470733a2f2f7472616e73706172656e63792d
      736572766963652e6578616d706c652e636f6da119018ca12081586a8305038358203d06455dd33da4e9bbd8090677a2d0
      955e6dffe4b92069605a468920d1198095582033a5211719e06238a191c7244a7633187da2c9aaa5bc6dec54e2cbb49825
      543458204d75742d9ea02f7767dcd554a7878ff22cdb208be9f3d35f7aa7700b57e741c0f6584034e81008fb0e4e521657
      668745450df608d0e5c015dffc5d607dd78236c2908f4e2b643817d9191d0abd7c074aff2b1bfda519ab3fab210ff2e0a1
      de275de6a7
      """)
    let receipt = try Sign1(transparent: bytes)
    #expect(receipt.isDetached && receipt.protected.count == 64)
    guard case .array(let proofs)? = try CBORValue(decoding: receipt.unprotected)[396]?[-1],
      case .bytes(let proof)? = proofs.first
    else {
      Issue.record("no proof")
      return
    }
    guard case .array(let parts) = try CBORValue(decoding: proof) else { return }
    #expect(parts.prefix(2) == [5, 3])
  }

  @Test("mutated entries never crash and never verify as another statement")
  func fuzz() throws {
    let rounds = ProcessInfo.processInfo.environment["TALLYSTICK_FUZZ_ROUNDS"].flatMap(Int.init) ?? 100_000
    let seed: UInt64 = 9052
    var random = SeededGenerator(seed: seed)
    let key = PrivateKey.derive(seed: 1, label: "x")
    let device = PrivateKey.derive(seed: 1, label: "y").publicKey
    let header = StatementHeader(
      key: key.publicKey, issuer: "iss", subject: "sub", issuedAt: 1, claimID: ClaimID(high: 1, low: 2),
      envelope: .init(contentType: "a/b", location: "c"), confirmationKey: device)
    let entry = try Sign1.sign(protected: header.encoded(), payload: Digest.sha256("x").bytes, key: key)
    var (parsed, read) = (0, 0)
    for round in 0..<rounds {
      var mutated = entry
      for _ in 0...Int.random(in: 0...2, using: &random) {
        let at = Int.random(in: 0..<mutated.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: mutated.insert(UInt8.random(in: 0...255, using: &random), at: at)
        case 1: mutated.remove(at: at)
        default: mutated[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
      }
      guard let message = try? Sign1(transparent: mutated) else { continue }
      parsed += 1
      if let header = try? StatementHeader(message) {
        read += 1
        #expect(try header.encoded() == Array(message.protected), "seed \(seed) round \(round)")
        if read % 64 == 0 { _ = try? header.confirmationKey() }
      }
      // Verifying all, and decoding every key, would take minutes; one in 64 is enough to meet the code.
      if parsed % 64 == 0, mutated != entry {
        #expect(message.verify(with: key.publicKey) == nil, "seed \(seed) round \(round)")
      }
    }
    #expect(parsed > rounds / 100 && read > 0)
  }
}
