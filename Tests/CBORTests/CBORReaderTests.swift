import CBOR
import Primitives
import Testing

@Suite("CBOR reader and writer")
struct CBORReaderTests {
  private func reader(_ hex: String) throws -> CBORReader { CBORReader(try #require(Hex.decode(hex))) }

  private func error(_ hex: String, _ read: (inout CBORReader) throws -> Void) throws -> CBORError? {
    var reader = try reader(hex)
    do { try read(&reader) } catch { return error as? CBORError }
    return nil
  }

  @Test("numbers at the borders of their lengths come back")
  func numbers() throws {
    let borders: [UInt64] = [0, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, .max >> 1, .max]
    for value in borders {
      var writer = CBORWriter(capacity: 9)
      writer.uint(value)
      var reader = CBORReader(writer.bytes)
      #expect(try reader.uint() == value)
      try reader.finish()
    }
    for value in [Int64.min, -4_294_967_297, -257, -256, -25, -24, -1, 0, 1, .max] {
      var writer = CBORWriter()
      writer.int(value)
      var reader = CBORReader(writer.bytes)
      #expect(try reader.int() == value)
      #expect(writer.bytes == (try CBORValue.int(value).encoded()))
    }
  }

  @Test("every kind of item is written as it is read")
  func everything() throws {
    let digest = Digest.sha256("x")
    var writer = CBORWriter()
    writer.array(9)
    writer.bytes([1, 2])
    writer.bytes([0, 1, 2][1...])
    [UInt8]([3]).withUnsafeBytes { writer.bytes($0) }
    writer.bytes(digest)
    writer.text("h\u{e9}")
    writer.bool(true)
    writer.null()
    writer.tag(18)
    writer.map(1)
    writer.int(-1)
    writer.raw([0x80])
    writer.text(utf8: Array("z".utf8)[...])
    var reader = CBORReader(writer.bytes)
    #expect(try reader.array() == 9)
    #expect(try reader.bytes() == [1, 2])
    #expect(try reader.bytes() == [1, 2])
    #expect(try reader.bytes() == [3])
    #expect(try reader.digest() == digest)
    #expect(try reader.text() == "h\u{e9}")
    #expect(try reader.bool())
    #expect(try reader.peek() == .simple)
    try reader.null()
    #expect(try reader.tag() == 18)
    var keys = try reader.map()
    #expect(try reader.next(&keys))
    #expect(try reader.int() == -1)
    #expect(try reader.array() == 0)
    #expect(try !reader.next(&keys))
    let isNull = reader.takeNull()
    #expect(!isNull)
    #expect(try reader.text() == "z")
    try reader.finish()
  }

  @Test("another type than asked for is refused where it stands")
  func wrongTypes() throws {
    let wrong = CBORError(.wrongType, at: 0)
    #expect(try error("20") { _ = try $0.uint() } == wrong)
    #expect(try error("40") { _ = try $0.int() } == wrong)
    #expect(try error("60") { _ = try $0.bytes() } == wrong)
    #expect(try error("40") { _ = try $0.text() } == wrong)
    #expect(try error("a0") { _ = try $0.array() } == wrong)
    #expect(try error("80") { _ = try $0.map() } == wrong)
    #expect(try error("00") { _ = try $0.tag() } == wrong)
    #expect(try error("f6") { _ = try $0.bool() } == wrong)
    #expect(try error("f4") { try $0.null() } == wrong)
  }

  @Test("values that the caller's type cannot hold are refused")
  func ranges() throws {
    #expect(try error("1b8000000000000000") { _ = try $0.int() } == CBORError(.outOfRange, at: 0))
    #expect(try error("3b8000000000000000") { _ = try $0.int() } == CBORError(.outOfRange, at: 0))
    let short = "581f" + String(repeating: "00", count: 31)
    #expect(try error(short) { _ = try $0.digest() } == CBORError(.outOfRange, at: 0))
  }

  @Test("a count or length beyond the bytes that are left is refused before anything is made of it")
  func counts() throws {
    for hex in [
      "9bffffffffffffffff", "bbffffffffffffffff", "5bffffffffffffffff", "7bffffffffffffffff", "820000", "a100",
    ] {
      let complete = hex == "820000"
      #expect(try error(hex) { try $0.skip() }?.fault == (complete ? nil : .truncated), "\(hex)")
    }
    #expect(try error("8300") { _ = try $0.array() } == CBORError(.truncated, at: 0))
    #expect(try error("a2000000") { _ = try $0.map() } == CBORError(.truncated, at: 0))
  }

  @Test(
    "faults have names",
    arguments: [
      ("1817", CBORError.Fault.nonShortestLength, 0), ("1900ff", .nonShortestLength, 0),
      ("1a0000ffff", .nonShortestLength, 0), ("1b00000000ffffffff", .nonShortestLength, 0),
      ("5800", .nonShortestLength, 0), ("d817", .nonShortestLength, 0), ("1c", .reservedLength, 0),
      ("1f", .reservedLength, 0), ("df", .reservedLength, 0), ("fc", .reservedLength, 0), ("ff", .indefiniteLength, 0),
      ("61ff", .invalidUTF8, 0), ("62c080", .invalidUTF8, 0), ("63eda080", .invalidUTF8, 0),
      ("8161ff", .invalidUTF8, 1), ("a201000100", .duplicateKey, 3), ("a202000100", .unsortedKeys, 3),
      ("a22000186400", .unsortedKeys, 3), ("a26161000100", .unsortedKeys, 4), ("f8", .unsupportedSimple, 0),
      ("0000", .trailingBytes, 1), ("", .truncated, 0), ("18", .truncated, 0), ("d2", .truncated, 1),
    ])
  func faults(_ hex: String, _ fault: CBORError.Fault, _ offset: Int) throws {
    let bytes = try #require(Hex.decode(hex))
    #expect(throws: CBORError(fault, at: offset)) { try CBORValue(decoding: bytes) }
  }

  @Test("a map's keys must ascend while it is pulled apart")
  func keyOrder() throws {
    func labels(_ hex: String) throws -> [Int64] {
      var reader = try reader(hex)
      var keys = try reader.map()
      var found: [Int64] = []
      while try reader.next(&keys) {
        found.append(try reader.int())
        try reader.skip()
      }
      return found
    }
    #expect(try labels("a401001901000020002100") == [1, 256, -1, -2])
    #expect(throws: CBORError(.duplicateKey, at: 3)) { try labels("a201000100") }
    #expect(throws: CBORError(.unsortedKeys, at: 3)) { try labels("a202000100") }
    #expect(throws: CBORError(.unsortedKeys, at: 3)) { try labels("a220000100") }
  }

  @Test("nesting is bounded by the limit, and exactly by it", arguments: ["81", "c1", "a100"])
  func nesting(_ level: String) throws {
    let levels = String(repeating: level, count: Limits.cborNesting)
    #expect(try error(levels + "00") { try $0.skip() } == nil)
    let bytes = try #require(Hex.decode(levels + "00"))
    #expect(try CBORValue(decoding: bytes).encoded() == bytes)
    let deeper = try #require(Hex.decode(levels + level + "00"))
    let expected = CBORError(.nestingTooDeep, at: bytes.count - 1)
    #expect(throws: expected) { try CBORValue(decoding: deeper) }
    #expect(try error(Hex.encode(deeper)) { try $0.skip() } == expected)
    #expect(throws: CBORError.self) { try CBORValue.tag(5, CBORValue(decoding: bytes)).encoded() }
  }

  @Test("a slice is read at its own indices")
  func slices() throws {
    let bytes: [UInt8] = [0xff, 0x82, 0x01, 0x41, 0x07, 0xff]
    var reader = CBORReader(bytes[1..<5])
    #expect(reader.position == 1)
    #expect(try reader.skip() == bytes[1..<5])
    #expect(throws: CBORError(.wrongType, at: 2)) {
      var reader = CBORReader(bytes[1..<5])
      _ = try reader.array()
      _ = try reader.text()
    }
  }

  @Test("a value sorts its map, refuses duplicates and bignums, and tells texts apart by their bytes")
  func values() throws {
    #expect(
      try Hex.encode((["b": 1, "aa": 2, 10: 3, -1: 4, 100: 5] as CBORValue).encoded())
        == "a50a03186405200461620162616102")
    #expect(throws: CBORError(.duplicateKey, at: 3)) { try ([1: 2, 1: 3] as CBORValue).encoded() }
    #expect(throws: CBORError(.unsupportedBignum, at: 0)) { try CBORValue.tag(2, .bytes([1])).encoded() }
    #expect(CBORValue.text("\u{e9}") != .text("e\u{301}"))
    #expect((["a": [1, .null]] as CBORValue)["a"] == [1, .null])
    #expect(
      "\(["a": [-1, .bytes([255]), .tag(1, true), "\u{1b}\""]] as CBORValue)"
        == #"{"a": [-1, h'ff', 1(true), "\u001b\""]}"#)
    #expect("\(CBORValue.negative(.max))" == "-18446744073709551616")
  }
}
