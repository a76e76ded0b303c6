import JSON
import MediaHash
import Primitives
import Testing

@Suite struct BLAKE3Tests {
  private static func input(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  @Test func `all 35 official cases in all three modes and 131 bytes of output`() throws {
    guard let bytes = PublicMedia.file("blake3/test_vectors.json") else { return }
    let vectors = try JSONParser.parse(bytes)
    let key = Array(try #require(vectors["key"]?.string).utf8)
    let context = try #require(vectors["context_string"]?.string)
    let cases = try #require(vectors["cases"]?.array)
    #expect(cases.count == 35)
    for test in cases {
      let count = try #require(test["input_len"]?.numberLexeme.flatMap { Int($0) })
      let input = Self.input(count)
      for (name, start) in [
        ("hash", BLAKE3()), ("keyed_hash", try #require(BLAKE3(key: key))),
        ("derive_key", BLAKE3(derivingKeyFor: context)),
      ] {
        var hasher = start
        hasher.update(input)
        let expected = try #require(test[name]?.string.flatMap { Hex.decode($0) })
        #expect(hasher.output(count: expected.count) == expected, "\(name) of \(count) bytes")
        #expect(hasher.digest().bytes == Array(expected.prefix(32)))
        #expect(hasher.output(count: 20, from: 60) == Array(expected[60..<80]))
      }
    }
  }

  @Test func `the hash does not depend on the pieces its bytes come in`() {
    var generator = SeededGenerator(seed: 3)
    for count in [0, 1, 1023, 1024, 1025, 4096, 4097, 65_536, 65_537, 200_000, 262_144] {
      let bytes = Self.input(count)
      let whole = BLAKE3.hash(bytes)
      for most in [100, 1024, 5000, 70_000, 140_000] {
        var hasher = BLAKE3()
        var position = 0
        while position < count {
          let take = min(count - position, 1 + Int(generator.next() % UInt64(most)))
          hasher.update(bytes[position..<position + take])
          position += take
        }
        #expect(hasher.digest() == whole, "seed 3, \(count) bytes in pieces of at most \(most)")
      }
    }
    #expect(BLAKE3(key: [1, 2, 3]) == nil)
  }

  @Test func `a single changed bit anywhere changes the hash`() {
    var bytes = Self.input(9000)
    let hash = BLAKE3.hash(bytes)
    for position in stride(from: 0, to: 9000, by: 97) {
      bytes[position] ^= 0x10
      #expect(BLAKE3.hash(bytes) != hash)
      bytes[position] ^= 0x10
    }
  }
}
