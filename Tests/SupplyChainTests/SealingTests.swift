import COSE
import FinanceRules
import Ledger
import Primitives
import Testing

@Suite("Sealing to readers")
struct SealingTests {
  private func hex(_ text: String) throws -> [UInt8] { try #require(Hex.decode(text)) }

  /// RFC 9180, appendix A.2.1, message 0.
  @Test("agrees with the vector of RFC 9180 for X25519, HKDF-SHA256 and ChaCha20-Poly1305, both ways")
  func vector() throws {
    let ephemeral = try SealingKey(bytes: hex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600"))
    let reader = try SealingKey(bytes: hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"))
    #expect(
      reader.publicKey == (try hex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")))
    let info = try hex("4f6465206f6e2061204772656369616e2055726e")
    let text = try hex("4265617574792069732074727574682c20747275746820626561757479")
    let data = try hex("436f756e742d30")
    let sealed = try hex(
      "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
        + "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28")
    #expect(
      try HybridEncryption.seal(text, to: reader.publicKey, info: info, authenticating: data, ephemeral: ephemeral)
        == sealed)
    #expect(try HybridEncryption.open(sealed, with: reader, info: info, authenticating: data) == text)
    // The library's sender, which takes a fresh key each time, and its receiver.
    let fresh = try HybridEncryption.seal(text, to: reader.publicKey, info: info, authenticating: data)
    #expect(fresh != sealed)
    #expect(try HybridEncryption.open(fresh, with: reader, info: info, authenticating: data) == text)
    for place in sealed.indices {
      var broken = sealed
      broken[place] ^= 1
      #expect(throws: COSEError.self) {
        _ = try HybridEncryption.open(broken, with: reader, info: info, authenticating: data)
      }
    }
    #expect(throws: COSEError.self) {
      _ = try HybridEncryption.seal(
        text, to: [UInt8](repeating: 0, count: 32), info: info, authenticating: data, ephemeral: ephemeral)
    }
  }

  @Test("readers open it and see what was committed to; others, and readers of a changed one, do not")
  func readers() throws {
    let keys = (0..<6).map { SealingKey.derive(seed: 1, label: "reader \($0)") }
    let salt = [UInt8](repeating: 5, count: 32)
    let text = Array("4200 brake sets at 417.20".utf8)
    for seed in [nil, [UInt8](repeating: 3, count: 32)] {
      let sealed = try Sealed(text, salt: salt, to: keys.prefix(5).map(\.publicKey), seed: seed)
      #expect(sealed.ciphertext.count <= 2_048)
      #expect(!sealed.ciphertext.contains(sequence: salt) && !sealed.ciphertext.contains(sequence: text))
      for key in keys.prefix(5) {
        let opened = try sealed.open(with: key)
        #expect(opened.plain == text && opened.salt == salt)
      }
      #expect(throws: SealingError.notAReader) { _ = try sealed.open(with: keys[5]) }
      #expect(try Sealed(decoding: sealed.encoded()) == sealed)
      for place in stride(from: 0, to: sealed.ciphertext.count, by: 7) {
        var broken = sealed
        broken.ciphertext[place] ^= 0x40
        // A slot that is broken shuts out its own reader at least; the text never comes out changed.
        for key in keys.prefix(5) { if let plain = try? broken.open(with: key).plain { #expect(plain == text) } }
      }
      for count in 0..<sealed.ciphertext.count where count % 11 == 0 {
        var short = sealed
        short.ciphertext = Array(sealed.ciphertext.prefix(count))
        #expect(throws: SealingError.self) { _ = try short.open(with: keys[0]) }
      }
      var other = sealed
      other.commitment = .sha256("something else")
      #expect(throws: SealingError.self) { _ = try other.open(with: keys[0]) }
    }
  }

  @Test("its length tells neither the text's length nor, up to four, how many may read it")
  func lengths() throws {
    let keys = (0..<4).map { SealingKey.derive(seed: 1, label: "reader \($0)").publicKey }
    let salt = [UInt8](repeating: 5, count: 32)
    let counts = try [(1, 1), (2, 20), (4, 30)].map { readers, length in
      try Sealed(Array(repeating: 7, count: length), salt: salt, to: Array(keys.prefix(readers))).ciphertext.count
    }
    #expect(Set(counts).count == 1)
    let most = try Sealed(
      Array(repeating: 7, count: Sealed.plainBytes), salt: salt, to: Array(repeating: keys[0], count: Sealed.readers))
    #expect(most.ciphertext.count <= 2_048)
    #expect(throws: SealingError.tooLong(513)) { _ = try Sealed(Array(repeating: 7, count: 513), salt: salt, to: keys) }
    #expect(throws: SealingError.readers(0)) { _ = try Sealed([1], salt: salt, to: []) }
  }

  @Test("a key's file is PEM that only its owner reads")
  func file() throws {
    let key = SealingKey.derive(seed: 1, label: "file")
    #expect(try SealingKey(pem: key.pem).publicKey == key.publicKey)
    #expect(throws: COSEError.self) { _ = try PrivateKey(pem: key.pem) }
    #expect(throws: COSEError.self) { _ = try SealingKey(pem: PrivateKey.derive(seed: 1, label: "x").pem) }
  }

  @Test("a party says what to seal to, and the last word counts")
  func notice() throws {
    let world = try World()
    for name in ["sup1", "key:1"] {
      for label in ["first", "second"] {
        let key = SealingKey.derive(seed: 1, label: name + label).publicKey
        try world.send(SealingNotice { $0.key = key }, by: name)
        let known: SealingNotice? = try world.record(Family.sealingKeys.key(.sha256(world.party(name))))
        #expect(known?.key == key)
      }
    }
  }
}
