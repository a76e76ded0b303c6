import Ledger
import Primitives
import Testing

@Suite struct TlogProofTests {
  let house = Consortium()
  static let leaves = NaiveTree.leaves(9)

  static let isIncluded: @Sendable (Digest, UInt64, UInt64, Digest, [Digest]) -> Bool = {
    leaf, index, size, root, path in
    size <= 9 && index < size && leaf == leaves[Int(index)] && root == NaiveTree.root(leaves[..<Int(size)])
      && path == NaiveTree.inclusion(Int(index), leaves[..<Int(size)])
  }

  func proof(_ index: Int, _ size: Int, extra: [UInt8]? = nil) throws -> TlogProof {
    let note = try house.note(house.checkpoint(UInt64(size), NaiveTree.root(Self.leaves[..<size])))
    return try #require(
      TlogProof(
        extra: extra, index: UInt64(index), path: NaiveTree.inclusion(index, Self.leaves[..<size]), note: note))
  }

  @Test func `proofs of every leaf of every size hold and are read back`() throws {
    let policy = try house.policy()
    for size in 1...9 {
      for index in 0..<size {
        let proof = try proof(index, size, extra: index % 2 == 0 ? nil : "extra".octets)
        #expect(try TlogProof(parsing: proof.encoded) == proof)
        let result = try proof.verify(leafHash: Self.leaves[index], policy: policy, isIncluded: Self.isIncluded)
        #expect(result.isAccepted && result.cosigners.count == 3)
      }
    }
  }

  @Test func `the text is the one of the standard`() throws {
    let text = String(decoding: try proof(2, 3, extra: [1, 2, 3]).encoded, as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "c2sp.org/tlog-proof@v1")
    #expect(lines[1] == "extra AQID")
    #expect(lines[2] == "index 2")
    #expect(lines[3].utf8.count == 44)
    #expect(lines[4] == "")
    #expect(lines[5] == "log.example/one")
    #expect(lines[6] == "3")
  }

  @Test func `what does not hold is refused`() throws {
    let policy = try house.policy()
    let good = try proof(4, 9)
    func refusal(_ proof: TlogProof, _ leaf: Digest = Self.leaves[4]) -> TlogProofRefusal? {
      do {
        _ = try proof.verify(leafHash: leaf, policy: policy, isIncluded: Self.isIncluded)
        return nil
      } catch { return error }
    }
    #expect(refusal(good) == nil)
    #expect(refusal(good, Self.leaves[3]) == .notIncluded)
    #expect(refusal(TlogProof(index: 5, path: good.path, note: good.note)!) == .notIncluded)
    #expect(refusal(TlogProof(index: 9, path: good.path, note: good.note)!) == .notIncluded)
    #expect(refusal(TlogProof(index: 4, path: good.path.dropLast(), note: good.note)!) == .notIncluded)
    let lone = try house.note(house.checkpoint(9, NaiveTree.root(Self.leaves[...])), members: [0])
    #expect(
      refusal(TlogProof(index: 4, path: good.path, note: lone)!)
        == .checkpoint(.quorum(name: "members", reached: 1, needed: 2, missing: ["org-2", "org-3"])))
    // An index at or above the size never reaches the check of the path.
    #expect(throws: TlogProofRefusal.notIncluded) {
      try TlogProof(index: 9, path: [], note: good.note)!
        .verify(leafHash: Digest(), policy: policy) { _, _, _, _, _ in true }
    }
  }

  @Test func `malformed proofs are refused by name and place`() throws {
    let note = CheckpointTests.cosigned
    let hash = CheckpointTests.rootText
    let head = "c2sp.org/tlog-proof@v1\n"
    let cases: [(String, TlogProofError)] = [
      ("", .header), ("c2sp.org/tlog-proof@v2\nindex 0\n\n\(note)", .header), (" \(head)", .header),
      (head, .index), ("\(head)\n\(note)", .index), ("\(head)index 00\n\n\(note)", .index),
      ("\(head)index  0\n\n\(note)", .index), ("\(head)index 18446744073709551616\n\n\(note)", .index),
      ("\(head)index 0 \n\n\(note)", .index), ("\(head)extra AQID\n\n\(note)", .index),
      ("\(head)extra \nindex 0\n\n\(note)", .extra), ("\(head)extra AQI\nindex 0\n\n\(note)", .extra),
      ("\(head)extra AQID\nextra AQID\nindex 0\n\n\(note)", .index),
      ("\(head)index 0\nextra AQID\n\n\(note)", .pathLine(line: 3)),
      ("\(head)index 0\n\(hash)\nAQID\n\n\(note)", .pathLine(line: 4)),
      ("\(head)extra AQID\nindex 0\nAQID\n\n\(note)", .pathLine(line: 4)),
      ("\(head)index 0\n\(hash)\n", .missingEmptyLine), ("\(head)index 0\n\n", .note(.missingFinalNewline)),
      ("\(head)index 0\n" + String(repeating: "\(hash)\n", count: 65) + "\n\(note)", .pathTooLong),
    ]
    for (text, expected) in cases {
      #expect(throws: expected, "\(text)") { try TlogProof(parsing: text.octets) }
    }
    let parsed = try SignedNote(parsing: note.octets)
    let largest = TlogProof(
      extra: Array(repeating: 0, count: TlogProof.maximumExtra), index: .max,
      path: Array(repeating: Digest(), count: 64), note: parsed)!
    #expect(try TlogProof(parsing: largest.encoded) == largest)
    #expect(
      TlogProof(extra: Array(repeating: 0, count: TlogProof.maximumExtra + 1), index: 0, path: [], note: parsed) == nil)
    #expect(TlogProof(extra: [], index: 0, path: [], note: parsed) == nil)
    #expect(TlogProof(index: 0, path: Array(repeating: Digest(), count: 65), note: parsed) == nil)
  }
}
