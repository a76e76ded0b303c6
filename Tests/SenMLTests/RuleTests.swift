import JSON
import Primitives
import SenML
import Testing

/// The rules of RFC 8428 and RFC 9100, one by one.
struct RuleTests {
  private func resolve(_ json: String, now: String = "1700000000") throws -> [SenMLRecord] {
    try SenMLPack(json: bytes(json)).resolved(now: number(now))
  }

  @Test(
    arguments: [
      // JSON and the pack's form.
      ("", .malformed, nil, nil), ("[", .malformed, nil, nil), ("{}", .wrongType, nil, nil),
      ("[]", .recordCount, nil, nil),
      ("[1]", .wrongType, 0, nil), (#"[{"n":"a","v":1},[]]"#, .wrongType, 1, nil),
      // Types.
      (#"[{"n":1,"v":1}]"#, .wrongType, 0, "n"), (#"[{"n":"a","v":"1"}]"#, .wrongType, 0, "v"),
      (#"[{"n":"a","vb":1}]"#, .wrongType, 0, "vb"), (#"[{"n":"a","vs":null}]"#, .wrongType, 0, "vs"),
      (#"[{"n":"a","v":1,"t":"now"}]"#, .wrongType, 0, "t"), (#"[{"n":"a","vd":5}]"#, .wrongType, 0, "vd"),
      // Numbers.
      (#"[{"n":"a","v":1E3}]"#, .number, 0, "v"), (#"[{"n":"a","v":0.12345678901234567890123}]"#, .number, 0, "v"),
      (#"[{"n":"a","v":1e400}]"#, .number, 0, "v"), (#"[{"bv":9223372036854775807,"n":"a","v":2}]"#, .number, 0, "v"),
      (#"[{"bs":9e18,"n":"a","s":0.1}]"#, .number, 0, "s"),
      // Labels.
      (#"[{"n":"a","v":1,"n":"b"}]"#, .malformed, nil, nil), (#"[{"n":"a","v":1,"x_":1}]"#, .mustUnderstand, 0, "x_"),
      (#"[{"bn":"a"},{"n":"a","v":1,"_":0}]"#, .mustUnderstand, 1, "_"),
      // Names.
      (#"[{"v":1}]"#, .name, 0, "n"), (#"[{"n":"","v":1}]"#, .name, 0, "n"), (#"[{"n":"-a","v":1}]"#, .name, 0, "n"),
      (#"[{"n":":a","v":1}]"#, .name, 0, "n"), (#"[{"n":"a b","v":1}]"#, .name, 0, "n"),
      (#"[{"n":"a[1]","v":1}]"#, .name, 0, "n"), (#"[{"n":"é","v":1}]"#, .name, 0, "n"),
      (#"[{"bn":"_","n":"a","v":1}]"#, .name, 0, "n"), (#"[{"n":"a","v":1},{"n":"a\u0000","v":1}]"#, .name, 1, "n"),
      // Values.
      (#"[{"n":"a"}]"#, .valueCount, 0, nil), (#"[{"n":"a","v":1,"vb":true}]"#, .valueCount, 0, nil),
      (#"[{"n":"a","vs":"","vd":"","s":1}]"#, .valueCount, 0, nil), (#"[{"bv":1},{"n":"a"}]"#, .valueCount, 1, nil),
      (#"[{"bs":1},{"n":"a","u":"V"}]"#, .valueCount, 1, nil), (#"[{"n":"a","v":1,"ut":-1}]"#, .time, 0, "ut"),
      (#"[{"n":"a","vd":"aGkgCg=="}]"#, .value, 0, "vd"), (#"[{"n":"a","vd":"a+/b"}]"#, .value, 0, "vd"),
      (#"[{"n":"a","vd":"aGkgCh"}]"#, .value, 0, "vd"), (#"[{"n":"a","vd":"a"}]"#, .value, 0, "vd"),
      // Versions.
      (#"[{"bver":0,"n":"a","v":1}]"#, .version, 0, "bver"), (#"[{"bver":-1,"n":"a","v":1}]"#, .version, 0, "bver"),
      (#"[{"bver":1.5,"n":"a","v":1}]"#, .version, 0, "bver"), (#"[{"bver":11,"n":"a","v":1}]"#, .version, 0, "bver"),
      (#"[{"bver":42,"n":"a","v":1}]"#, .version, 0, "bver"), (#"[{"bver":58,"n":"a","v":1}]"#, .version, 0, "bver"),
      (#"[{"bver":9007199254740992,"n":"a","v":1}]"#, .version, 0, "bver"),
      (#"[{"bver":10,"n":"a","v":1},{"bver":26,"n":"a","v":1}]"#, .version, 1, "bver"),
    ] as [(String, SenMLError.Fault, Int?, String?)])
  func `what breaks a rule is refused with record and label`(
    json: String, fault expected: SenMLError.Fault, record: Int?, label: String?
  ) throws {
    let found = fault { _ = try resolve(json) }
    #expect(
      found?.fault == expected && found?.record == record && found?.label == label,
      "\(json): \(String(describing: found))")
    if let found { #expect(found.description.hasSuffix(".") && found.description.utf8.count < 300) }
  }

  @Test(arguments: [1, 5, 9, 10, 26, 24, 16, 18, 2, 8]) func `older and known versions are read`(version: Int) throws {
    let records = try resolve(#"[{"bver":\#(version),"n":"a","v":1},{"bver":\#(version),"n":"b","v":1}]"#)
    #expect(records.map(\.version) == [UInt64(version), UInt64(version)])
    let again = text(try SenMLPack(resolved: records).json())
    #expect(again.contains("bver") == (version != 10))
  }

  @Test func `a time is relative when the sum is below 2^28`() throws {
    func time(_ fields: String) throws -> String { "\(try resolve(#"[{"n":"a","v":1,\#(fields)}]"#)[0].time)" }
    #expect(try time(#""t":0"#) == "1700000000")
    #expect(try time(#""t":-5.5"#) == "1699999994.5")
    #expect(try time(#""t":268435455.999"#) == "1968435455.999")
    #expect(try time(#""t":268435456"#) == "268435456")
    // Neither part is absolute, but the sum is; and the other way round.
    #expect(try time(#""bt":200000000,"t":200000000"#) == "400000000")
    #expect(try time(#""bt":268435456,"t":-1"#) == "1968435455")
    #expect(try time(#""bt":1700000001,"t":-1700000000"#) == "1700000001")
    #expect(try time(#""t":-300000000"#) == "1400000000")
  }

  @Test func `base fields hold until the next, and every part is added exactly`() throws {
    let records = try resolve(
      #"[{"bn":"a:","bt":1700000000,"bu":"V","bv":0.1,"bs":10,"n":"x","v":0.2,"s":0.5},{"bt":1800000000},"#
        + #"{"n":"y","v":1,"u":"A"},{"bn":"b:","bu":"W","n":"z","s":1},{"bv":-1.1,"n":"w","v":1.1},{"n":"q","vs":"t"}]"#
    )
    #expect(records.map(\.name) == ["a:x", "a:y", "b:z", "b:w", "b:q"])
    #expect(records.map(\.unit) == ["V", "A", "W", "W", "W"])
    #expect(
      try records.map(\.value) == [
        .number(number("0.3")), .number(number("1.1")), nil, .number(.zero), .text("t"),
      ])
    #expect(try records.map(\.sum) == ["10.5", "10", "11", "10", "10"].map { try number($0) })
    #expect(
      records.map(\.time.mantissa) == [1_700_000_000, 1_800_000_000, 1_800_000_000, 1_800_000_000, 1_800_000_000])
    #expect(records[0].device == "a" && records[0].sensor == "x")
  }

  @Test func `a pack of base fields only resolves to nothing`() throws {
    #expect(try resolve(#"[{"bn":"urn:x:"},{"bt":5,"bver":10}]"#).isEmpty)
  }

  @Test func `limits are exact`() throws {
    let name = String(repeating: "a", count: Limits.senmlNameBytes)
    _ = try resolve(#"[{"n":"\#(name)","v":1}]"#)
    #expect(fault { _ = try resolve(#"[{"n":"\#(name)a","v":1}]"#) }?.fault == .name)
    #expect(fault { _ = try resolve(#"[{"bn":"\#(name)","n":"a","v":1}]"#) }?.fault == .name)
    let unit = String(repeating: "u", count: Limits.senmlUnitBytes + 1)
    #expect(fault { _ = try resolve(#"[{"n":"a","u":"\#(unit)","v":1}]"#) }?.label == "u")
    let value = String(repeating: "x", count: Limits.senmlValueBytes + 1)
    #expect(fault { _ = try resolve(#"[{"n":"a","vs":"\#(value)"}]"#) }?.fault == .value)
    let records = Array(repeating: #"{"n":"a","v":1}"#, count: Limits.senmlRecords)
    #expect(try resolve("[" + records.joined(separator: ",") + "]").count == Limits.senmlRecords)
    #expect(
      fault { _ = try resolve("[" + (records + records[..<1]).joined(separator: ",") + "]") }?.fault == .recordCount)
    let wide = [UInt8](repeating: 0x20, count: Limits.senmlPackBytes + 1)
    #expect(fault { _ = try SenMLPack(json: wide) }?.fault == .tooLarge)
    #expect(fault { _ = try SenMLPack(cbor: wide) }?.fault == .tooLarge)
  }

  @Test(
    arguments: [
      ("", .malformed), ("80", .recordCount), ("a0", .wrongType), ("8101", .wrongType), ("81a10001", .wrongType),
      // Unknown integer, known label as text, must-understand, the same label twice.
      ("81a109 6161", .unknownLabel), ("81a1 6162 6e 6161", .malformed), ("81a1 616e 6161", .unknownLabel),
      ("81a2 62785f f6 0001", .mustUnderstand), ("81a3 006161 006161 0201", .duplicateLabel),
      // NaN, infinity, a bignum, a decimal fraction with a mantissa beyond 64 bits, a large exponent.
      ("81a2 006161 02f97e00", .number), ("81a2 006161 02f97c00", .number), ("81a2 006161 02c24101", .wrongType),
      ("81a2 006161 02c48220 1bffffffffffffffff", .number), ("81a2 006161 02c482387f0a", nil),
      ("81a2 006161 02c482388001", .number), ("81a2 006161 02c4830101 01", .malformed),
      ("81a2 006161 02f6", .wrongType), ("81a2 006161 0261 31", .wrongType),
      // A version that is no unsigned integer; a text and data of indefinite length; a count beyond the bytes.
      ("81a3 20f94900 006161 0201", .wrongType), ("81a2 007f6161ff 0201", .malformed),
      ("81a2 006161 085f4101ff", .malformed),
      ("9bffffffffffffffff", .malformed), ("81bbffffffffffffffff", .malformed), ("81a2 006161 0201 00", .malformed),
      ("81a1 006461", .malformed), ("81a2 0061ff 0201", .malformed), ("81a2 006161 049f", .wrongType),
      // Streams: indefinite array and map; a length that is not the shortest; an unknown label with anything in it.
      ("9fbf00616102 01ffff", nil), ("81a2 00780161 0201", nil),
      ("81a3 6178 a1 01 9f 82 f4 c1 fb 3ff0000000000000 ff 006161 0201", nil),
      ("9fbf0061610201ff", .malformed), ("9fbf006161ffff", nil),
    ] as [(String, SenMLError.Fault?)])
  func `CBOR is read as the world writes it, and refused by name`(hex: String, expected: SenMLError.Fault?) throws {
    let input = try #require(Hex.decode(hex.filter { $0 != " " }))
    let found = fault { _ = try SenMLPack(cbor: input) }
    #expect(found?.fault == expected, "\(hex): \(String(describing: found))")
  }

  @Test func `nesting in an unknown label is bounded`() throws {
    func pack(_ depth: Int) -> [UInt8] {
      [0x81, 0xa3, 0x61, 0x78] + [UInt8](repeating: 0x81, count: depth) + [0x00, 0x00, 0x61, 0x61, 0x02, 0x01]
    }
    _ = try SenMLPack(cbor: pack(20))
    #expect(fault { _ = try SenMLPack(cbor: pack(100_000)) }?.fault == .malformed)
    let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
    #expect(fault { _ = try SenMLPack(json: bytes(#"[{"n":"a","v":1,"x":\#(deep)}]"#)) }?.fault == .malformed)
  }

  @Test func `floats of every width keep the value`() throws {
    for (value, width) in [
      ("1.5", 3), ("0.1", 9), ("100000.5", 5), ("0.30000000000000004", 9), ("1.00000000000000001", 12),
    ] {
      let pack = try SenMLPack(records: [[.name("a"), .value(number(value))]])
      #expect(pack.cbor().count == 6 + width, "\(value): \(Hex.encode(pack.cbor()))")
      #expect(try SenMLPack(cbor: pack.cbor()) == pack, "\(value)")
    }
  }
}
