import Ledger
import Primitives
import Testing

/// Whatever the bytes: no crash, and what is read is written back byte for byte.
@Suite struct NoteFuzzTests {
  static let documents: [[UInt8]] = {
    let house = Consortium()
    let leaves = NaiveTree.leaves(9)
    let note = try! house.note(house.checkpoint(9, NaiveTree.root(leaves[...])))
    return [
      note.encoded, note.text, CheckpointTests.cosigned.octets, house.logKey.text.octets,
      house.witnesses[0].key.text.octets, try! house.policy().encoded,
      "witness A \(TrustPolicyTests.keys[0])\n# x\ngroup g any A\ngroup h all g\nquorum h\n".octets,
      AddCheckpointRequest(oldSize: 5, proof: NaiveTree.consistency(5, leaves[...]), note: note)!.encoded,
      TlogProof(extra: [1], index: 4, path: NaiveTree.inclusion(4, leaves[...]), note: note)!.encoded,
      note.signatures[0].line.dropLast(),
    ]
  }()

  static func readAll(_ bytes: [UInt8], _ context: String) -> Int {
    var read = 0
    func same(_ encoded: [UInt8]?) {
      guard let encoded else { return }
      read += 1
      #expect(encoded == bytes, "\(context)")
    }
    same(try? SignedNote(parsing: bytes).encoded)
    same(try? Checkpoint(parsing: bytes).text)
    same(try? VerifierKey(parsing: bytes[...]).text.octets)
    same(try? AddCheckpointRequest(parsing: bytes).encoded)
    same(try? TlogProof(parsing: bytes).encoded)
    same((try? NoteSignature(parsing: bytes[...])).map { $0.line.dropLast() })
    same(NoteName(utf8: bytes)?.utf8)
    if let policy = try? TrustPolicy(parsing: bytes) {
      read += 1
      #expect((try? TrustPolicy(parsing: policy.encoded)) == policy, "\(context)")
      _ = policy.isQuorum(Set(policy.witnesses.map(\.name)))
    }
    return read
  }

  @Test(arguments: UInt64(1)...20) func `edited documents`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var read = 0
    for round in 0..<300 {
      for (number, document) in Self.documents.enumerated() {
        read += Self.readAll(random.mutated(document), "seed \(seed) round \(round) document \(number)")
      }
    }
    #expect(read > 0, "seed \(seed)")
  }

  @Test(arguments: UInt64(1)...4) func `random bytes and random lines`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let pieces =
      [
        "\n", "\n\n", " ", "— ", "old ", "index ", "extra ", "log ", "witness ", "group ", "quorum ", "none", "any",
        "all",
        "c2sp.org/tlog-proof@v1", "0", "1", "18446744073709551615", "a", "+", "AAAA", "=", CheckpointTests.rootText,
        TrustPolicyTests.logKey, TrustPolicyTests.keys[0], "\t", "#",
      ].map(\.octets) + [[0xFF], [0xE2, 0x80], [0]]
    for round in 0..<1000 {
      _ = Self.readAll(random.bytes(random.number(64)), "seed \(seed) round \(round) bytes")
      let text = (0..<random.number(30)).flatMap { _ in pieces[random.number(pieces.count)] }
      _ = Self.readAll(text, "seed \(seed) round \(round) pieces")
    }
  }

  @Test func `slices are read by their own indices`() throws {
    let key = Consortium().logKey
    let line = NoteSignature(name: key.name, keyID: key.keyID, payload: [1, 2, 3])!
    let padded = Array("xx".utf8) + line.line + Array("yy".utf8)
    #expect(try NoteSignature(parsing: padded[2..<padded.count - 3]) == line)
    let text = "xx\(key.text)yy".octets
    #expect(try VerifierKey(parsing: text[2..<text.count - 2]) == key)
  }
}
