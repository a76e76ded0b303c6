import Primitives
import Testing

@Suite("Digest and bytes")
struct DigestTests {
  @Test("SHA-256 of FIPS 180-4 examples")
  func sha256Vectors() {
    #expect(Digest.sha256("abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest.sha256("").hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    var hasher = SHA256Hasher()
    hasher.update(Array("a".utf8))
    let branch = hasher
    hasher.update(Array("bc".utf8))
    #expect(hasher.finalize() == .sha256("abc"))
    #expect(branch.finalize() == .sha256("a"))
  }

  @Test("order and equality are those of the bytes")
  func order() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<1000 {
      let a = generator.bytes(32)
      let b = generator.bytes(32)
      let left = try #require(Digest(a))
      let right = try #require(Digest(b))
      #expect((left < right) == a.lexicographicallyPrecedes(b))
      #expect(left.bytes == a)
      #expect(Digest(hex: left.hex) == left)
    }
    #expect(Digest([1, 2, 3]) == nil)
  }

  @Test(
    "base64 refuses every text that is not canonical", arguments: ["YQ", "YQ=", "YR==", "Y Q==", "YQ==\n", "YQ==="])
  func base64(_ text: String) { #expect(Base64.decode(text) == nil) }

  @Test("varints round-trip and padded ones are refused")
  func varint() {
    for value: UInt64 in [0, 1, 127, 128, 255, 16_383, 16_384, .max] {
      var bytes: [UInt8] = []
      bytes.append(varint: value)
      var reader = ByteReader(bytes)
      #expect(reader.varint() == value)
      #expect(reader.isAtEnd)
    }
    for padded: [UInt8] in [[0x80, 0x00], [0xff, 0x80, 0x00], Array(repeating: 0xff, count: 11), [0x80]] {
      var reader = ByteReader(padded)
      #expect(reader.varint() == nil)
    }
  }

  @Test("times are RFC 3339 in UTC")
  func timestamps() {
    #expect(Timestamp.text(1_772_353_800_007) == "2026-03-01T08:30:00.007Z")
    #expect(Timestamp.parse("2026-03-01T08:30:00.007Z") == 1_772_353_800_007)
    #expect(Timestamp.parse("2026-03-01T08:30:00Z") == 1_772_353_800_000)
    #expect(Timestamp.parse("yesterday") == nil)
  }
}
