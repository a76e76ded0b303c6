import CBOR
import COSE
import Primitives
import Testing

/// The bytes of hexadecimal digits written in a test.
func hex(_ text: String) -> [UInt8] { Hex.decode(text.filter { !$0.isWhitespace })! }

@Suite("Keys")
struct KeyTests {
  /// RFC 8032, section 7.1, tests 1 to 3.
  static let ed25519: [(secret: String, public: String, message: String, signature: String)] = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      """
      e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b
      d25bf5f0595bbe24655141438e7a100b
      """
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      """
      92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c
      387b2eaeb4302aeeb00d291612bb0c00
      """
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      """
      6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659
      4a7c15e9716ed28dc027beceea1ec40a
      """
    ),
  ]

  @Test("RFC 8032: Ed25519 keys and signatures", arguments: ed25519.indices)
  func rfc8032(_ index: Int) throws {
    let vector = Self.ed25519[index]
    let key = try PrivateKey(seed: hex(vector.secret), algorithm: .edDSA)
    #expect(key.publicKey.rawRepresentation == hex(vector.public))
    #expect(try key.sign(hex(vector.message)) == hex(vector.signature))
    let published = try PublicKey(ed25519: hex(vector.public))
    #expect(published == key.publicKey)
    #expect(published.isValidSignature(hex(vector.signature)[...], for: hex(vector.message)))
    #expect(!published.isValidSignature(hex(vector.signature)[...], for: hex(vector.message) + [0]))
  }

  @Test("RFC 6979, A.2.5: P-256 signatures")
  func rfc6979() throws {
    let key = try PrivateKey(
      seed: hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"), algorithm: .es256)
    let point = hex(
      """
      60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6
      7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299
      """)
    #expect(key.publicKey.rawRepresentation == point)
    let published = try PublicKey(p256: point)
    let sample = hex(
      """
      EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
      F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8
      """)
    let test = hex(
      """
      F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367
      019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083
      """)
    #expect(published.isValidSignature(sample[...], for: Array("sample".utf8)))
    #expect(published.isValidSignature(test[...], for: Array("test".utf8)))
    #expect(!published.isValidSignature(sample[...], for: Array("test".utf8)))
    #expect(!published.isValidSignature(sample[..<63], for: Array("sample".utf8)))
    #expect(!published.isValidSignature([], for: Array("sample".utf8)))
  }

  @Test("RFC 9679, section 6: the thumbprint of the example key")
  func thumbprint() throws {
    let encoded = hex(
      """
      a40102200121582065eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d
      2258201e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c
      """)
    let key = try PublicKey(coseKey: encoded)
    #expect(key.coseKey == encoded)
    #expect(key.id.hex == "496bd8afadf307e5b08c64b0421bf9dc")
    #expect(
      Digest.sha256(key.coseKey).hex == "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec")
    // The RFC 8032 key of test 1; the thumbprint is the one that github.com/kentakayama/cose-key-thumbprint publishes.
    let other = try PublicKey(ed25519: hex(Self.ed25519[0].public))
    #expect(other.coseKey == hex("a301012006215820" + Self.ed25519[0].public))
    #expect(other.id.hex == "866eefbd6718c8846cd7ddfe43fc74ab")
    #expect(KeyID(hex: other.id.hex) == other.id)
    #expect(KeyID(other.id.bytes) == other.id)
    #expect(KeyID(other.id.bytes.dropLast()) == nil)
    #expect(key.id < other.id)
  }

  @Test("a generated key verifies what it signed, and only that", arguments: Algorithm.allCases)
  func signs(_ algorithm: Algorithm) throws {
    let key = PrivateKey.generate(algorithm)
    let message = Array("a message".utf8)
    let signature = try key.sign(message)
    #expect(signature.count == 64)
    #expect(key.algorithm == algorithm && key.publicKey.algorithm == algorithm)
    #expect(key.publicKey.isValidSignature(signature[...], for: message))
    #expect(!key.publicKey.isValidSignature(signature[...], for: message + [0]))
    #expect(!PrivateKey.generate(algorithm).publicKey.isValidSignature(signature[...], for: message))
    let again = try PublicKey(coseKey: key.publicKey.coseKey)
    #expect(again == key.publicKey && again.id == key.publicKey.id)
  }

  @Test("derived keys follow from seed and label")
  func derives() {
    let key = PrivateKey.derive(seed: 7, label: "org-1/statement").publicKey
    #expect(key == PrivateKey.derive(seed: [0, 0, 0, 0, 0, 0, 0, 7], label: "org-1/statement").publicKey)
    #expect(key != PrivateKey.derive(seed: 8, label: "org-1/statement").publicKey)
    #expect(key != PrivateKey.derive(seed: 7, label: "org-1/log").publicKey)
    // A changed derivation would change every seeded ledger.
    #expect(key.id.hex == "0440c4f5894048ae3dc5260c25a0c968")
  }

  @Test("private key bytes that are none are refused")
  func refusesSecrets() {
    for algorithm in Algorithm.allCases {
      #expect(throws: COSEError.invalidKeyBytes) { try PrivateKey(seed: [1, 2, 3], algorithm: algorithm) }
    }
    #expect(throws: COSEError.invalidKeyBytes) {
      try PrivateKey(seed: [UInt8](repeating: 0, count: 32), algorithm: .es256)
    }
    #expect(throws: COSEError.invalidKeyBytes) {
      try PrivateKey(seed: [UInt8](repeating: 255, count: 32), algorithm: .es256)
    }
  }

  @Test("bytes that are no usable Ed25519 point are refused")
  func refusesEd25519Points() throws {
    for good in [
      "f5b165224a58b791df6af1d8303e61cdc4bb86c3d1c427103c344c41c4f5170f",
      "7bd5d47e446fcec2a3d811736110e5781bcccea696762e6116c6e9c996ccdf1a",
      "85c924c3597164c4a6058a00581a22b22de50472433d2e44fed8b6b81a3fa266",
      "b99e8306dda748a61e029a8a3f415b024a146cf0d98a98e1cf999661fcb3de57",
      "0300000000000000000000000000000000000000000000000000000000000000",
    ] { #expect(throws: Never.self) { try PublicKey(ed25519: hex(good)) } }
    for bad in [
      // Not on the curve.
      "8c2e0718822ce47ca8c74107e66cb0e4b2b3f4d58d82ca6386d2c96e3b87c04d",
      "3129903ac1d45597a242fdf11f8f2b1a39f3c3e693114351dcbed4077173db02",
      "a0661970ef3f6df0148ded7e8a34888d396cab3b80d27f58df111a3b1ef9a256",
      "a833b3b84e0f27f9f7a910b6b6683480fc91baefae179bf759340f6cfbe0fc40",
      "0200000000000000000000000000000000000000000000000000000000000000",
      // The points of order 1, 2, 4 and 8.
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0000000000000000000000000000000000000000000000000000000000000080",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      // 1 and 3 spelt with the prime added.
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ] { #expect(throws: COSEError.invalidPoint, "\(bad)") { try PublicKey(ed25519: hex(bad)) } }
    #expect(throws: COSEError.invalidKeyBytes) { try PublicKey(ed25519: [1]) }
    // Every key that a seed gives is a point, so the check must take it.
    for seed in 0..<200 {
      _ = try PublicKey(ed25519: PrivateKey.derive(seed: UInt64(seed), label: "x").publicKey.rawRepresentation)
    }
  }

  @Test("COSE_Keys outside the profile are refused by name")
  func refusesKeys() throws {
    let point = PrivateKey.generate(.es256).publicKey.rawRepresentation
    let (x, y) = (CBORValue.bytes(Array(point[..<32])), CBORValue.bytes(Array(point[32...])))
    let ed = CBORValue.bytes(hex(Self.ed25519[0].public))
    func fault(_ value: CBORValue) throws -> COSEError? {
      do { _ = try PublicKey(coseKey: value.encoded()) } catch let error as COSEError { return error }
      return nil
    }
    #expect(try fault([1: 2, -1: 1, -2: x, -3: y]) == nil)
    #expect(try fault([1: 2, 3: -7, -1: 1, -2: x, -3: y]) == nil)
    #expect(try fault([1: 1, 3: -8, -1: 6, -2: ed]) == nil)
    #expect(try fault([1: 2, 3: -8, -1: 1, -2: x, -3: y]) == .invalid(.key, label: 3, "-7 (ES256)"))
    #expect(try fault([1: 1, 3: -7, -1: 6, -2: ed]) == .invalid(.key, label: 3, "-8 (EdDSA)"))
    #expect(try fault([-1: 6, -2: ed]) == .missing(.key, label: 1))
    #expect(try fault([1: 1, -2: ed]) == .missing(.key, label: -1))
    #expect(try fault([1: 1, -1: 6]) == .missing(.key, label: -2))
    #expect(try fault([1: 2, -1: 1, -2: x]) == .missing(.key, label: -3))
    #expect(try fault([1: 1, -1: 6, -2: ed, -3: ed]) == .unexpected(.key, label: -3))
    #expect(try fault([1: 1, 2: .bytes([1]), -1: 6, -2: ed]) == .unexpected(.key, label: 2))
    #expect(try fault([1: 1, -1: 6, -2: ed, -4: ed]) == .unexpected(.key, label: -4))
    #expect(try fault([1: 1, -1: 4, -2: ed]) == .invalid(.key, label: -1, "6 (Ed25519)"))
    #expect(try fault([1: 2, -1: 2, -2: x, -3: y]) == .invalid(.key, label: -1, "1 (P-256) or -10197301 (SM2)"))
    #expect(try fault([1: 4, -1: 6, -2: ed]) == .invalid(.key, label: 1, "1 (OKP) or 2 (EC2)"))
    #expect(try fault([1: 1, -1: 6, -2: .bytes([1])]) == .invalid(.key, label: -2, "a byte string of 32"))
    #expect(try fault([1: 2, -1: 1, -2: y, -3: x]) == .invalidPoint)
    #expect(
      try fault([
        1: 2, -1: 1, -2: .bytes([UInt8](repeating: 0, count: 32)), -3: .bytes([UInt8](repeating: 0, count: 32)),
      ]) == .invalidPoint)
    #expect(try fault([1, 2]) == .malformed(.key, CBORError(.wrongType, at: 0)))
    let trailing = try PublicKey(ed25519: hex(Self.ed25519[0].public)).coseKey + [0]
    #expect(throws: COSEError.malformed(.key, CBORError(.trailingBytes, at: 40))) { try PublicKey(coseKey: trailing) }
    let unsorted = hex("a3 2006 0101 215820" + Self.ed25519[0].public)
    #expect(throws: COSEError.malformed(.key, CBORError(.unsortedKeys, at: 3))) { try PublicKey(coseKey: unsorted) }
  }
}
