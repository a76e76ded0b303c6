import CBOR
import COSE
import Crypto
import EPCIS
import Foundation
import JSON
import Ledger
import Merkle
import Primitives
import Testing

/// Worked examples that need no ledger.
enum ExamplesOfParts {
  static let all = [keys, es256, envelopes, parts, map, eventHash]

  /// The 32 bytes of the seed that `PrivateKey.derive` makes, by HKDF alone.
  static func seed(_ label: String) -> [UInt8] {
    HKDF<Crypto.SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: [0, 0, 0, 0, 0, 0, 0, 1]), salt: Array("tallystick seeded key".utf8),
      info: Array(label.utf8), outputByteCount: 32
    ).withUnsafeBytes { Array($0) }
  }

  private static func put(_ key: PublicKey, into example: inout Example) {
    example.hex("COSE_Key", key.coseKey)
    example.hex("thumbprint", Primitives.Digest.sha256(key.coseKey))
    example.hex("key id", key.id.bytes)
  }

  static func keys() throws -> Example {
    var example = Example("keys")
    for name in ["org-1", "org-2", "org-3"] {
      for role in ["statement", "log", "cosignature"] {
        let key = try PrivateKey(seed: seed("\(name)/\(role)"), algorithm: .edDSA).publicKey
        example.hex("\(name)/\(role) seed", seed("\(name)/\(role)"))
        example.hex("\(name)/\(role) x", key.rawRepresentation)
      }
    }
    example.verbatim("")
    example.text("key", "org-1/statement")
    put(try PrivateKey(seed: seed("org-1/statement"), algorithm: .edDSA).publicKey, into: &example)
    let scalar = Primitives.Digest.sha256("tallystick example P-256").bytes
    let curve = try PrivateKey(seed: scalar, algorithm: .es256).publicKey
    example.verbatim("")
    example.text("key", "P-256")
    example.hex("d = H(\"tallystick example P-256\")", scalar)
    example.hex("x", Array(curve.rawRepresentation[..<32]))
    example.hex("y", Array(curve.rawRepresentation[32...]))
    put(curve, into: &example)
    return example
  }

  /// ES256 signatures differ each time, so this one is kept.
  static let signature = """
    92b34d23c984e01ec8c6bf9724687a1ca0f4337d75a6920e75f6b0e38e967cdf
    da55d2a7bf21e91831448ca8eb5007697ede2b5f9ac6f4c79da7d8ee7cb69354
    """

  static func es256() throws -> Example {
    let key = try PrivateKey(seed: Primitives.Digest.sha256("tallystick example P-256").bytes, algorithm: .es256)
    let signed = try Statement.sign(
      payload: Array("4.2".utf8), contentType: "text/plain", issuer: "logger-7", subject: "temperature",
      time: ExampleLedger.start, claimID: ClaimID(high: 3, low: 1), key: key, carryingKey: true)
    var entry = signed.entry
    if let kept = Hex.decode(signature.filter { $0 != "\n" }), kept.count == 64 {
      entry.replaceSubrange(entry.count - 64..<entry.count, with: kept)
    }
    guard case .authentic(let statement) = Statement.verify(entry, keys: [:]) else {
      Issue.record("the kept signature does not verify")
      return Example("es256")
    }
    #expect(statement.id == signed.id)
    if signature.count < 128 { Issue.record("keep this signature: \(Hex.encode(signed.entry.suffix(64)))") }
    let message = try Sign1(entry)
    var example = Example("es256")
    example.hex("protected", Array(message.protected))
    example.hex("payload", Array(message.payload))
    example.hex("id", statement.id)
    example.hex("signature", Array(message.signature))
    example.hex("entry", entry)
    return example
  }

  static func envelopes() throws -> Example {
    var example = Example("hash-envelope")
    example.hex("salt", ExampleLedger.salt)
    example.text("document", String(decoding: ExampleLedger.document, as: UTF8.self))
    let statement = try Statement.sign(
      envelopeOf: ExampleLedger.document, salt: ExampleLedger.salt, contentType: "text/plain", issuer: "org-2",
      subject: "price", time: ExampleLedger.start + 60_000, claimID: ClaimID(high: 1, low: 1),
      key: MemberKeys.derive(name: "org-2", seed: 1).statement)
    let message = try Sign1(statement.entry)
    example.hex("payload", Array(message.payload))
    example.hex("protected", Array(message.protected))
    example.hex("id", statement.id)
    example.hex("entry", statement.entry)
    return example
  }

  static func parts() throws -> Example {
    var example = Example("part")
    let parts = try Part.split(Array("{}".utf8), contentType: "application/json")
    example.hex("payload of part 0 of 1 of the document {}", parts[0].encoded())
    return example
  }

  static func map() throws -> Example {
    var example = Example("patricia")
    let keys: [[UInt8]] = [[0x10, 0x01], [0x10, 0x02], [0x11, 0xff], [0x20, 0x00]]
    let values = ["a", "b", "c", "d"].map { Primitives.Digest.sha256($0) }
    var map = PatriciaMap()
    example.hex("root of the empty map", map.root)
    try map.apply(zip(keys, values).map { (key: $0, value: $1) })
    for (key, value) in zip(keys, values) {
      example.hex("commitment under \(Hex.encode(key))", value)
      example.hex("leaf \(Hex.encode(key))", PatriciaHash.leaf(key: key, value: value))
    }
    let leaves = zip(keys, values).map { PatriciaHash.leaf(key: $0, value: $1) }
    let low = PatriciaHash.inner(bit: 14, leaves[0], leaves[1])
    let middle = PatriciaHash.inner(bit: 7, low, leaves[2])
    #expect(PatriciaHash.inner(bit: 2, middle, leaves[3]) == map.root)
    example.hex("inner B=14 of 1001 and 1002", low)
    example.hex("inner B=7 of that and 11ff", middle)
    example.hex("root, inner B=2 of that and 2000", map.root)
    example.hex("presence of 1002", try map.proof(of: keys[1]).bytes)
    example.hex("absence of 1003, by 1002", try map.proof(of: [0x10, 0x03]).bytes)
    let some = try map.prefixProof([0x10])
    #expect(some.pairs.map(\.key) == [keys[0], keys[1]] && some.subtree == low)
    example.hex("prefix 10 with the pairs 1001 and 1002", some.proof.bytes)
    let none = try map.prefixProof([0x21])
    #expect(none.pairs.isEmpty)
    example.hex("prefix 21 without pairs, by 2000", none.proof.bytes)
    return example
  }

  static func eventHash() throws -> Example {
    var example = Example("event-hash")
    let namespaces = Namespaces(context: try JSONParser.parse(Array(ExampleLedger.context.utf8)))
    for (name, text) in [("harvest", ExampleLedger.harvest), ("packing", ExampleLedger.packing)] {
      let value = try JSONParser.parse(Array(text.utf8))
      #expect(EPCISValidator.issues(inEvent: value, at: JSONPointer()).isEmpty)
      example.verbatim("\(name) event", text)
      example.verbatim("pre-hash", EventHash.preHash(value, namespaces))
      let hash = EventHash.compute(value, namespaces)
      example.text("event hash", hash)
      example.hex("H(event hash)", Primitives.Digest.sha256(hash))
    }
    return example
  }
}
