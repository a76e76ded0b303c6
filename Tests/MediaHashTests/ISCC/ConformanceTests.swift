import JSON
import MediaHash
import Primitives
import Testing

/// The official vectors of ISO 24138:2024, run by one runner: what it does not know fails, nothing is passed over.
@Suite struct ISCCConformanceTests {
  @Test func `every official case of iscc-core 1.5.0 has its output`() throws {
    guard let vectors = PublicMedia.isccVectors() else { return }
    var ran: [String: Int] = [:]
    for function in try #require(vectors.members) where function.name != "_metadata" {
      for test in try #require(function.value.members) {
        let inputs = try #require(test.value["inputs"]?.array)
        let outputs = try #require(test.value["outputs"])
        let comment = Comment(rawValue: "\(function.name) \(test.name)")
        do {
          let got = try Self.run(function.name, inputs)
          #expect(got.isEqual(to: outputs), comment)
        } catch {
          Issue.record("\(comment): \(error)")
        }
        ran[function.name, default: 0] += 1
      }
    }
    let total = ran.values.reduce(0, +)
    print("ISCC conformance: \(total) cases run (\(ran.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }))")
    #expect(total == 58 || total == 32)
    #expect(ran.count == 11)
  }

  private struct Unknown: Error {
    let what: String
  }

  private static func run(_ function: String, _ inputs: [JSONValue]) throws -> JSONValue {
    let bits = inputs.last?.numberLexeme.flatMap { Int($0) } ?? 0
    switch function {
    case "gen_meta_code_v0": return try meta(inputs, bits)
    case "gen_text_code_v0":
      let result = try TextCode.make(inputs[0].string!, bits: bits)
      return object([("iscc", text(result.unit.text)), ("characters", number(result.characters))])
    case "gen_image_code_v0": return iscc(try ImageCode.make(grey: integers(inputs[0]), bits: bits))
    case "gen_audio_code_v0": return iscc(try AudioCode.make(integers(inputs[0]), bits: bits))
    case "gen_video_code_v0":
      return iscc(try VideoCode.make(inputs[0].array!.map { integers($0) as [UInt16] }, bits: bits))
    case "gen_mixed_code_v0":
      let unit = try MixedCode.make(inputs[0].array!.map { try ISCCUnit($0.string!) }, bits: bits)
      return object([("iscc", text(unit.text)), ("parts", inputs[0])])
    case "gen_data_code_v0": return iscc(try DataCode.make(bytes(inputs[0]), bits: bits))
    case "gen_instance_code_v0":
      var code = InstanceCode()
      code.update(try bytes(inputs[0]))
      return object([
        ("iscc", text(try code.unit(bits: bits).text)), ("datahash", text(code.multihash)),
        ("filesize", number(Int(code.byteCount))),
      ])
    case "gen_iscc_code_v0":
      let code = try ISCCCode(inputs[0].array!.map { try ISCCUnit($0.string!) })
      #expect(try ISCCCode(code.text) == code)
      return object([("iscc", text(code.text))])
    case "encode_seq":
      return text("bytes:" + Hex.encode(try ISCCSequence.encode(inputs[0].array!.map { try ISCCUnit($0.string!) })))
    case "decode_seq": return JSONValue(.array(try ISCCSequence.decode(bytes(inputs[0])).map { text($0.text) }))
    default: throw Unknown(what: function)
    }
  }

  private static func meta(_ inputs: [JSONValue], _ bits: Int) throws -> JSONValue {
    var metadata: MetaCode.Metadata?
    if let url = inputs[2].string { metadata = .dataURL(url) }
    if let members = inputs[2].members {
      metadata = .json(canonical(inputs[2]), linked: members.contains { $0.name == "@context" })
    }
    let result = try MetaCode.make(
      name: inputs[0].string!, description: inputs[1].string!, metadata: metadata, bits: bits)
    var members = [("iscc", text(result.unit.text)), ("name", text(result.name))]
    if !result.description.isEmpty { members.append(("description", text(result.description))) }
    if let metadata = result.metadata { members.append(("meta", text(metadata))) }
    return object(members + [("metahash", text(result.metahash))])
  }

  /// RFC 8785 as far as the vectors need it: one object of texts and of numbers below 1e21.
  private static func canonical(_ value: JSONValue) -> [UInt8] {
    let members = value.members!.sorted { Array($0.name.utf16).lexicographicallyPrecedes(Array($1.name.utf16)) }
    let plain = members.map { member -> JSONMember in
      guard let lexeme = member.value.numberLexeme else { return member }
      return JSONMember(
        member.name, JSONValue(.number(String(decoding: CanonicalNumber.plain(Array(lexeme.utf8))!, as: UTF8.self))))
    }
    return JSONWriter.write(JSONValue(.object(plain)))
  }

  private static func bytes(_ value: JSONValue) throws -> [UInt8] {
    let parts = value.string!.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, ["stream", "bytes"].contains(parts[0]), let bytes = Hex.decode(parts[1]) else {
      throw Unknown(what: value.string!)
    }
    return bytes
  }

  private static func integers<T: FixedWidthInteger>(_ value: JSONValue) -> [T] {
    value.array!.map { T($0.numberLexeme!)! }
  }

  private static func iscc(_ unit: ISCCUnit) -> JSONValue {
    #expect(try! ISCCUnit(unit.text) == unit)
    return object([("iscc", text(unit.text))])
  }

  private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    JSONValue(.object(members.map { JSONMember($0.0, $0.1) }))
  }

  private static func text(_ text: String) -> JSONValue { JSONValue(.string(text)) }
  private static func number(_ value: Int) -> JSONValue { JSONValue(.number(String(value))) }
}
