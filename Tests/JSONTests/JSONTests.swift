import JSON
import Primitives
import Testing

struct JSONTests {
  @Test(arguments: [
    ("", JSONError.Kind.unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{", .unexpectedEnd, 1),
    ("[1,]", .unexpectedByte, 3),
    ("{\"a\":1,}", .unexpectedByte, 7), ("{\"a\" 1}", .unexpectedByte, 5), ("{a:1}", .unexpectedByte, 1),
    ("[1 2]", .unexpectedByte, 3), ("tru", .unexpectedEnd, 3), ("trUe", .unexpectedByte, 2),
    ("nulll", .trailingBytes, 4),
    ("1 2", .trailingBytes, 2), ("01", .invalidNumber, 2), ("-", .invalidNumber, 1), ("1.", .invalidNumber, 2),
    (".5", .unexpectedByte, 0), ("+1", .unexpectedByte, 0), ("1e", .invalidNumber, 2), ("1e+", .invalidNumber, 3),
    ("-01", .invalidNumber, 3), ("NaN", .unexpectedByte, 0), ("\"a", .unexpectedEnd, 2), ("\"\\", .unexpectedEnd, 2),
    ("\"\\x\"", .invalidString, 1), ("\"\\u12\"", .invalidString, 5), ("\"\t\"", .invalidString, 1),
    ("\"\\ud800\"", .loneSurrogate, 1), ("\"\\udc00\"", .loneSurrogate, 1), ("\"\\ud800\\u0041\"", .loneSurrogate, 1),
    ("\"\\ud800x\"", .loneSurrogate, 1), ("{\"a\":1,\"a\":2}", .duplicateName, 7),
    ("{\"a\":1,\"\\u0061\":2}", .duplicateName, 7),
    ("// x\n1", .unexpectedByte, 0), ("'a'", .unexpectedByte, 0),
  ])
  func `what is not JSON is refused at its place`(text: String, kind: JSONError.Kind, offset: Int) {
    #expect { try json(text) } throws: { error in
      let error = error as? JSONError
      return error?.kind == kind && error?.offset == offset
    }
  }

  @Test func `errors name line and column`() {
    #expect { try json("{\n  \"a\": tru\n}") } throws: { error in
      let error = error as? JSONError
      return error?.line == 2 && error?.column == 11
    }
  }

  @Test(
    arguments: [
      [0x22, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC1, 0xBF, 0x22], [0x22, 0xE0, 0x9F, 0x80, 0x22],
      [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xF0, 0x8F, 0x80, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xC3], [0x22, 0xE2, 0x82], [0x22, 0xE2, 0x82, 0x22],
      [0x22, 0xFF, 0x22],
      [0x22, 0x5C, 0x6E, 0xFF, 0x22],
    ] as [[UInt8]])
  func `bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
    #expect { try JSONParser.parse(bytes) } throws: { ($0 as? JSONError)?.kind == .invalidUTF8 }
  }

  @Test func `escapes, surrogate pairs and every length of UTF-8 are decoded`() throws {
    #expect(
      try json(#""\"\\\/\b\f\n\r\t\u0041\u00e9\u4e2d\ud83d\ude00\u0000""#).string == "\"\\/\u{8}\u{c}\n\r\tAé中😀\0")
    #expect(try json("\"é中😀\"").string == "é中😀")
    #expect(try JSONParser.parse([0xEF, 0xBB, 0xBF] + Array("[1]".utf8)).array?.count == 1)
  }

  @Test func `names that only look equal are two names`() throws {
    // Composed and decomposed, and a Kelvin sign: equal for String, not for JSON.
    let value = try json("{\"\\u00e9\":1,\"e\\u0301\":2,\"K\":3,\"\\u212a\":4}")
    #expect(value.members?.count == 4)
    #expect(value["K"]?.numberLexeme == "3")
    #expect(value["e\u{301}"]?.numberLexeme == "2")
  }

  @Test func `nesting is bounded exactly`() throws {
    let limit = Limits.jsonNesting
    _ = try json(String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
    #expect {
      try json(String(repeating: "[", count: limit + 1) + String(repeating: "]", count: limit + 1))
    } throws: {
      ($0 as? JSONError)?.kind == .tooDeep
    }
    #expect {
      try json(String(repeating: "{\"a\":", count: 1_000_000))
    } throws: {
      ($0 as? JSONError)?.kind == .tooDeep
    }
    // Depth counts what is open, not what was opened.
    _ = try json("[" + Array(repeating: "[[]]", count: 200).joined(separator: ",") + "]")
  }

  @Test func `size is bounded`() {
    #expect { try JSONParser.parse(Array("[1,2]".utf8), limit: 4) } throws: { ($0 as? JSONError)?.kind == .tooLarge }
  }

  @Test func `many members are still checked for duplicates`() throws {
    let names = (0..<5_000).map { "\"m\($0)\":\($0)" }
    #expect(try json("{" + names.joined(separator: ",") + "}").members?.count == 5_000)
    for twice in [0, 10, 23, 24, 25, 4_999] {
      #expect {
        try json("{" + (names + ["\"m\(twice)\":0"]).joined(separator: ",") + "}")
      } throws: {
        ($0 as? JSONError)?.kind == .duplicateName
      }
    }
  }

  @Test func `numbers, order and ranges are kept`() throws {
    let text = " { \"b\" : 1.50 , \"a\":[1E3,-0, 12345678901234567890.0000000001 ] } "
    let value = try json(text)
    #expect(
      String(decoding: JSONWriter.write(value), as: UTF8.self)
        == #"{"b":1.50,"a":[1E3,-0,12345678901234567890.0000000001]}"#)
    let bytes = Array(text.utf8)
    func cut(_ value: JSONValue?) -> String { String(decoding: bytes[value?.range ?? 0..<0], as: UTF8.self) }
    #expect(cut(value["b"]) == "1.50")
    #expect(cut(value["a"]) == "[1E3,-0, 12345678901234567890.0000000001 ]")
    #expect(cut(value).hasPrefix("{") && cut(value).hasSuffix("}"))
  }

  @Test func `pointers follow RFC 6901`() throws {
    let document = try json(
      #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#)
    let cases = [
      "/foo/0": "\"bar\"", "/": "0", "/a~1b": "1", "/c%d": "2", "/e^f": "3", "/g|h": "4", "/i\\j": "5", "/k\"l": "6",
      "/ ": "7",
      "/m~0n": "8",
    ]
    for (text, expected) in cases {
      let pointer = try #require(JSONPointer(text))
      #expect(pointer.description == text)
      #expect(pointer.resolve(in: document).map { String(decoding: JSONWriter.write($0), as: UTF8.self) } == expected)
    }
    #expect(JSONPointer("")?.resolve(in: document)?.members?.count == 10)
    for absent in ["/foo/2", "/foo/01", "/foo/-", "/foo/99999999999999999999", "/x", "/foo/0/x"] {
      #expect(JSONPointer(absent)?.resolve(in: document) == nil)
    }
    for bad in ["foo", "/~", "/~2"] { #expect(JSONPointer(bad) == nil) }
  }

  @Test func `random values survive writing and reading`() throws {
    let seed: UInt64 = 20_260_131
    var random = SeededGenerator(seed: seed)
    for round in 0..<500 {
      let value = randomValue(&random, depth: 0)
      let again = try JSONParser.parse(JSONWriter.write(value))
      #expect(again.isEqual(to: value), "seed \(seed) round \(round)")
      #expect(JSONWriter.write(again) == JSONWriter.write(value), "seed \(seed) round \(round)")
    }
  }

  private func randomValue(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
    let letters = ["a", "\"", "\\", "\n", "\u{1}", "é", "中", "😀", "/", "~", "\u{7f}", " "]
    func text(_ random: inout SeededGenerator) -> String {
      (0..<Int.random(in: 0...6, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }.joined()
    }
    switch Int.random(in: 0...(depth > 4 ? 4 : 6), using: &random) {
    case 0: return JSONValue(.null)
    case 1: return JSONValue(.bool(Bool.random(using: &random)))
    case 2: return JSONValue(.number(["0", "-1", "1.50", "1E3", "12e-7"].randomElement(using: &random) ?? "0"))
    case 3, 4: return JSONValue(.string(text(&random)))
    case 5:
      return JSONValue(
        .array((0..<Int.random(in: 0...4, using: &random)).map { _ in randomValue(&random, depth: depth + 1) }))
    default:
      return JSONValue(
        .object(
          (0..<Int.random(in: 0...4, using: &random)).map {
            JSONMember("\($0)\(text(&random))", randomValue(&random, depth: depth + 1))
          }))
    }
  }
}

/// A parsed text.
private func json(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }
