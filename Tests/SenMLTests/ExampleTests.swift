import JSON
import Primitives
import SenML
import Testing

/// The examples of RFC 8428, sections 5 and 6, and what they resolve to.
struct ExampleTests {
  struct Example: Sendable {
    let pack: String
    let now: String
    let resolved: String
  }

  static let device = "urn:dev:ow:10e2073a01080063"
  static let voltageAndCurrent =
    #"[{"bn":"urn:dev:ow:10e2073a0108006:","bt":1276020076.001,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},{"n":"current","t":-5,"v":1.2},{"n":"current","t":-4,"v":1.3},{"n":"current","t":-3,"v":1.4},{"n":"current","t":-2,"v":1.5},{"n":"current","t":-1,"v":1.6},{"n":"current","t":0,"v":1.7}]"#

  static let examples: [Example] = [
    // Section 5.1.1: one value, now.
    Example(
      pack: #"[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]"#, now: "1498780179",
      resolved: #"[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","t":1498780179,"v":23.1}]"#),
    // Section 5.1.2: two values, now; and the same with a time.
    Example(
      pack:
        #"[{"bn":"urn:dev:ow:10e2073a01080063:","n":"voltage","u":"V","v":120.1},{"n":"current","u":"A","v":1.2}]"#,
      now: "1498780179",
      resolved:
        #"[{"n":"urn:dev:ow:10e2073a01080063:voltage","u":"V","t":1498780179,"v":120.1},{"n":"urn:dev:ow:10e2073a01080063:current","u":"A","t":1498780179,"v":1.2}]"#
    ),
    Example(
      pack: voltageAndCurrent, now: "1500000000",
      resolved: "["
        + [
          ("1276020071.001", "1.2"), ("1276020072.001", "1.3"), ("1276020073.001", "1.4"), ("1276020074.001", "1.5"),
          ("1276020075.001", "1.6"),
        ].map { #"{"bver":5,"n":"urn:dev:ow:10e2073a0108006:current","u":"A","t":\#($0.0),"v":\#($0.1)},"# }.joined()
        + #"{"bver":5,"n":"urn:dev:ow:10e2073a0108006:voltage","u":"V","t":1276020076.001,"v":120.1},{"bver":5,"n":"urn:dev:ow:10e2073a0108006:current","u":"A","t":1276020076.001,"v":1.7}]"#
    ),
    // Section 5.1.2: a stream's beginning.
    Example(
      pack:
        #"[{"bn":"urn:dev:ow:10e2073a01080063","bt":1.320067464e+09,"bu":"%RH","v":21.2},{"t":10,"v":21.3},{"t":20,"v":21.4}]"#,
      now: "0",
      resolved:
        #"[{"n":"urn:dev:ow:10e2073a01080063","u":"%RH","t":1320067464,"v":21.2},{"n":"urn:dev:ow:10e2073a01080063","u":"%RH","t":1320067474,"v":21.3},{"n":"urn:dev:ow:10e2073a01080063","u":"%RH","t":1320067484,"v":21.4}]"#
    ),
    // Section 5.1.3: humidity, place and battery of a moving device.
    Example(
      pack:
        #"[{"bn":"urn:dev:ow:10e2073a01080063","bt":1.320067464e+09,"bu":"%RH","v":20},{"u":"lon","v":24.30621},{"u":"lat","v":60.07965},{"t":60,"v":20.3},{"u":"lon","t":60,"v":24.30622},{"u":"lat","t":60,"v":60.07965},{"u":"%EL","t":150,"v":98}]"#,
      now: "0",
      resolved:
        #"[{"n":"urn:dev:ow:10e2073a01080063","u":"%RH","t":1320067464,"v":20},{"n":"urn:dev:ow:10e2073a01080063","u":"lon","t":1320067464,"v":24.30621},{"n":"urn:dev:ow:10e2073a01080063","u":"lat","t":1320067464,"v":60.07965},{"n":"urn:dev:ow:10e2073a01080063","u":"%RH","t":1320067524,"v":20.3},{"n":"urn:dev:ow:10e2073a01080063","u":"lon","t":1320067524,"v":24.30622},{"n":"urn:dev:ow:10e2073a01080063","u":"lat","t":1320067524,"v":60.07965},{"n":"urn:dev:ow:10e2073a01080063","u":"%EL","t":1320067614,"v":98}]"#
    ),
    // Section 5.1.5: values of every type.
    Example(
      pack:
        #"[{"bn":"urn:dev:ow:10e2073a01080063:","n":"temp","u":"Cel","v":23.1},{"n":"label","vs":"Machine Room"},{"n":"open","vb":false},{"n":"nfc-reader","vd":"aGkgCg"}]"#,
      now: "1499109309",
      resolved:
        #"[{"n":"urn:dev:ow:10e2073a01080063:temp","u":"Cel","t":1499109309,"v":23.1},{"n":"urn:dev:ow:10e2073a01080063:label","t":1499109309,"vs":"Machine Room"},{"n":"urn:dev:ow:10e2073a01080063:open","t":1499109309,"vb":false},{"n":"urn:dev:ow:10e2073a01080063:nfc-reader","t":1499109309,"vd":"aGkgCg"}]"#
    ),
    // Section 5.1.6: a collection of resources; the second base name keeps the first base time.
    Example(
      pack:
        #"[{"bn":"2001:db8::2/","bt":1.320078429e+09,"n":"temperature","u":"Cel","v":25.2},{"n":"humidity","u":"%RH","v":30},{"bn":"2001:db8::1/","n":"temperature","u":"Cel","v":12.3},{"n":"humidity","u":"%RH","v":67}]"#,
      now: "0",
      resolved:
        #"[{"n":"2001:db8::2/temperature","u":"Cel","t":1320078429,"v":25.2},{"n":"2001:db8::2/humidity","u":"%RH","t":1320078429,"v":30},{"n":"2001:db8::1/temperature","u":"Cel","t":1320078429,"v":12.3},{"n":"2001:db8::1/humidity","u":"%RH","t":1320078429,"v":67}]"#
    ),
    // An unknown label is ignored.
    Example(
      pack:
        #"[{"bn":"urn:dev:ow:10e2073a01080063:","bt":1.320078429e+09,"l":"[{\"href\":\"humidity\"}]","n":"temperature","u":"Cel","v":27.2},{"n":"humidity","u":"%RH","v":80}]"#,
      now: "0",
      resolved:
        #"[{"n":"urn:dev:ow:10e2073a01080063:temperature","u":"Cel","t":1320078429,"v":27.2},{"n":"urn:dev:ow:10e2073a01080063:humidity","u":"%RH","t":1320078429,"v":80}]"#
    ),
    // Section 5.1.7: a first record of base fields only.
    Example(
      pack:
        #"[{"bn":"urn:dev:ow:10e2073a01080063:"},{"n":"temp","u":"Cel","v":23.1},{"n":"heat","u":"/","v":1},{"n":"fan","u":"/","v":0}]"#,
      now: "1498780179",
      resolved:
        #"[{"n":"urn:dev:ow:10e2073a01080063:temp","u":"Cel","t":1498780179,"v":23.1},{"n":"urn:dev:ow:10e2073a01080063:heat","u":"/","t":1498780179,"v":1},{"n":"urn:dev:ow:10e2073a01080063:fan","u":"/","t":1498780179,"v":0}]"#
    ),
    // Two lights on at one time, and then dimmed and off.
    Example(
      pack: #"[{"bt":1.320078429e+09,"bu":"/","n":"2001:db8::3","v":1},{"n":"2001:db8::4","v":1}]"#, now: "0",
      resolved:
        #"[{"n":"2001:db8::3","u":"/","t":1320078429,"v":1},{"n":"2001:db8::4","u":"/","t":1320078429,"v":1}]"#),
    Example(
      pack:
        #"[{"bt":1.320078429e+09,"bu":"/","n":"2001:db8::3","v":0.5},{"n":"2001:db8::4","v":0.5},{"n":"2001:db8::3","t":0.1,"v":0},{"n":"2001:db8::4","t":0.1,"v":0}]"#,
      now: "0",
      resolved:
        #"[{"n":"2001:db8::3","u":"/","t":1320078429,"v":0.5},{"n":"2001:db8::4","u":"/","t":1320078429,"v":0.5},{"n":"2001:db8::3","u":"/","t":1320078429.1,"v":0},{"n":"2001:db8::4","u":"/","t":1320078429.1,"v":0}]"#
    ),
  ]

  @Test(arguments: 0..<11) func `the RFC's examples resolve as they should`(index: Int) throws {
    let example = Self.examples[index]
    let pack = try SenMLPack(json: bytes(example.pack))
    let resolved = try pack.resolved(now: number(example.now))
    #expect(text(try SenMLPack(resolved: resolved).json()) == example.resolved)
    // What is resolved resolves to itself, at any time, and CBOR says the same as JSON.
    let again = try SenMLPack(json: bytes(example.resolved))
    #expect(try again.resolved(now: .zero) == resolved)
    #expect(try SenMLPack(cbor: pack.cbor()) == pack)
    #expect(try SenMLPack(json: pack.json()) == pack)
  }

  static let cbor = """
    87a721781b75726e3a6465763a6f773a3130653230373361303130383030363a22fb41d303a15b001062236141200500\
    67766f6c7461676501615602fb405e066666666666a3006763757272656e74062402fb3ff3333333333333a300676375\
    7272656e74062302fb3ff4cccccccccccda3006763757272656e74062202fb3ff6666666666666a3006763757272656e\
    74062102f93e00a3006763757272656e74062002fb3ff999999999999aa3006763757272656e74060002fb3ffb333333\
    333333
    """

  @Test func `the RFC's CBOR example is written and read byte for byte`() throws {
    let pack = try SenMLPack(json: bytes(Self.voltageAndCurrent))
    #expect(Hex.encode(pack.cbor()) == Self.cbor)
    let read = try SenMLPack(cbor: #require(Hex.decode(Self.cbor)))
    #expect(read == pack)
    #expect(text(read.json()) == Self.voltageAndCurrent)
  }

  @Test(arguments: 1...13) func `the official files resolve to the official results`(index: Int) throws {
    guard let source = OfficialFiles.read("ex\(index).json") ?? OfficialFiles.read("ex\(index).gen.json") else {
      return
    }
    let pack = try SenMLPack(json: source)
    #expect(try SenMLPack(cbor: pack.cbor()) == pack)
    guard let expected = OfficialFiles.read("ex\(index).gen.resolved.json") else { return }
    // Relative times show the moment when the file was made: the latest time in it. One record of data is missing there.
    let official = try SenMLPack(json: expected).resolved(now: .zero).filter {
      if case .data = $0.value { false } else { true }
    }
    let now = official.map(\.time).max() ?? .zero
    let resolved = try pack.resolved(now: now).filter { if case .data = $0.value { false } else { true } }
    #expect(resolved.map(\.name) == official.map(\.name))
    #expect(resolved.map(\.value) == official.map(\.value))
    #expect(resolved.map(\.unit) == official.map(\.unit))
    #expect(resolved.map(\.time) == official.map(\.time))
    guard index == 3, let cbor = OfficialFiles.read("ex3.gen.cbor") else { return }
    #expect(pack.cbor() == cbor)
  }
}
