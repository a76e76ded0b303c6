import CBOR
import Primitives
import Testing

/// RFC 8949, appendix A, complete and in its order: what this profile takes comes out again as the same bytes, and what
/// it does not take is refused by name.
@Suite("RFC 8949, appendix A")
struct CBORVectorTests {
  static let taken: [(hex: String, value: CBORValue)] = [
    ("00", 0), ("01", 1), ("0a", 10), ("17", 23), ("1818", 24), ("1819", 25), ("1864", 100), ("1903e8", 1000),
    ("1a000f4240", 1_000_000), ("1b000000e8d4a51000", 1_000_000_000_000),
    ("1bffffffffffffffff", .unsigned(18_446_744_073_709_551_615)),
    ("3bffffffffffffffff", .negative(18_446_744_073_709_551_615)),
    ("20", -1), ("29", -10), ("3863", -100), ("3903e7", -1000),
    ("f4", false), ("f5", true), ("f6", .null),
    ("c074323031332d30332d32315432303a30343a30305a", .tag(0, "2013-03-21T20:04:00Z")),
    ("c11a514b67b0", .tag(1, 1_363_896_240)),
    ("d74401020304", .tag(23, .bytes([1, 2, 3, 4]))),
    ("d818456449455446", .tag(24, .bytes([0x64, 0x49, 0x45, 0x54, 0x46]))),
    ("d82076687474703a2f2f7777772e6578616d706c652e636f6d", .tag(32, "http://www.example.com")),
    ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])),
    ("60", ""), ("6161", "a"), ("6449455446", "IETF"), ("62225c", "\"\\"), ("62c3bc", "\u{fc}"),
    ("63e6b0b4", "\u{6c34}"), ("64f0908591", "\u{10151}"),
    ("80", []), ("83010203", [1, 2, 3]), ("8301820203820405", [1, [2, 3], [4, 5]]),
    (
      "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
      .array((1...25).map { .unsigned($0) })
    ),
    ("a0", [:]), ("a201020304", [1: 2, 3: 4]), ("a26161016162820203", ["a": 1, "b": [2, 3]]),
    ("826161a161626163", ["a", ["b": "c"]]),
    ("a56161614161626142616361436164614461656145", ["a": "A", "b": "B", "c": "C", "d": "D", "e": "E"]),
  ]

  static let refused: [(hex: String, fault: CBORError.Fault, offset: Int)] = [
    ("c249010000000000000000", .unsupportedBignum, 0),
    ("c349010000000000000000", .unsupportedBignum, 0),
    ("f90000", .unsupportedFloat, 0), ("f98000", .unsupportedFloat, 0), ("f93c00", .unsupportedFloat, 0),
    ("fb3ff199999999999a", .unsupportedFloat, 0), ("f93e00", .unsupportedFloat, 0),
    ("f97bff", .unsupportedFloat, 0), ("fa47c35000", .unsupportedFloat, 0), ("fa7f7fffff", .unsupportedFloat, 0),
    ("fb7e37e43c8800759c", .unsupportedFloat, 0), ("f90001", .unsupportedFloat, 0),
    ("f90400", .unsupportedFloat, 0), ("f9c400", .unsupportedFloat, 0),
    ("fbc010666666666666", .unsupportedFloat, 0), ("f97c00", .unsupportedFloat, 0),
    ("f97e00", .unsupportedFloat, 0), ("f9fc00", .unsupportedFloat, 0), ("fa7f800000", .unsupportedFloat, 0),
    ("fa7fc00000", .unsupportedFloat, 0), ("faff800000", .unsupportedFloat, 0),
    ("fb7ff0000000000000", .unsupportedFloat, 0), ("fb7ff8000000000000", .unsupportedFloat, 0),
    ("fbfff0000000000000", .unsupportedFloat, 0),
    ("f7", .unsupportedUndefined, 0), ("f0", .unsupportedSimple, 0), ("f818", .unsupportedSimple, 0),
    ("f8ff", .unsupportedSimple, 0), ("c1fb41d452d9ec200000", .unsupportedFloat, 1),
    ("5f42010243030405ff", .indefiniteLength, 0), ("7f657374726561646d696e67ff", .indefiniteLength, 0),
    ("9fff", .indefiniteLength, 0), ("9f018202039f0405ffff", .indefiniteLength, 0),
    ("9f01820203820405ff", .indefiniteLength, 0), ("83018202039f0405ff", .indefiniteLength, 5),
    ("83019f0203ff820405", .indefiniteLength, 2),
    ("9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", .indefiniteLength, 0),
    ("bf61610161629f0203ffff", .indefiniteLength, 0), ("826161bf61626163ff", .indefiniteLength, 3),
    ("bf6346756ef563416d7421ff", .indefiniteLength, 0),
  ]

  @Test("what the profile takes", arguments: taken.indices)
  func takes(_ index: Int) throws {
    let (hex, value) = Self.taken[index]
    let bytes = try #require(Hex.decode(hex))
    #expect(try CBORValue(decoding: bytes) == value)
    #expect(try Hex.encode(value.encoded()) == hex)
    var reader = CBORReader(bytes)
    #expect(try Array(reader.skip()) == bytes)
    #expect(reader.isAtEnd)
  }

  @Test("what the profile refuses", arguments: refused.indices)
  func refuses(_ index: Int) throws {
    let (hex, fault, offset) = Self.refused[index]
    let bytes = try #require(Hex.decode(hex))
    let expected = CBORError(fault, at: offset)
    #expect(throws: expected) { try CBORValue(decoding: bytes) }
    var reader = CBORReader(bytes)
    #expect(throws: expected) { _ = try reader.skip() }
  }

  @Test("the table is complete")
  func isComplete() { #expect(Self.taken.count + Self.refused.count == 82) }
}
