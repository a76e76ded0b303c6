import COSE
import Ledger
import LedgerTestKit
import Merkle
import Primitives
import Testing

@Suite struct FuzzNoteTests {
  @Test("notes, checkpoints, keys, policies, co-signatures, requests to witnesses and tlog proofs")
  func readers() async throws {
    let ledger = try await FuzzLedger()
    let leaves = ledger.entries.map { TreeHash.leaf($0) }
    let note = try SignedNote(parsing: ledger.note)
    let truth = try Checkpoint(note)
    let path = try #require(try ProofBundle(decoding: ledger.chained).statements.first)
    let index = path.index
    let proof = try #require(TlogProof(extra: [1, 2], index: index, path: path.path, note: note))
    let plain = try #require(TlogProof(index: index, path: path.path, note: note))
    let log = FuzzSigner(key: .derive(seed: 4, label: "log"))
    let origin = try #require(NoteName("log.example/other"))
    let other = try Checkpoint(origin: origin, size: 7, root: .sha256("x")).signed(with: log)
    let logKey = try #require(VerifierKey(log: origin, publicKey: log.publicKey))
    let request = try #require(AddCheckpointRequest(oldSize: 3, proof: Array(leaves.prefix(3)), note: other))
    let groups =
      Array(
        "log \(logKey)\n# a comment\nwitness A \(ledger.policy.witnesses[0].key) https://w.example/\n"
          .utf8) + Array("witness B \(ledger.policy.witnesses[1].key)\ngroup g any A\ngroup h all g B\nquorum h\n".utf8)
    var items: [Mutator.Item] = [
      .init("note", .text, ledger.note), .init("note", .text, other.encoded), .init("checkpoint", .text, note.text),
      .init("checkpoint", .text, truth.text + Array("extension one\n2\n".utf8)),
      .init("policy", .text, ledger.policy.encoded), .init("policy", .text, ledger.firstPolicy.encoded),
      .init("policy", .text, groups), .init("request", .text, request.encoded),
      .init("tlog proof", .text, proof.encoded), .init("tlog proof", .text, plain.encoded),
      .init("name", .text, origin.utf8),
    ]
    items += note.signatures.map { .init("line", .text, Array($0.line.dropLast())) }
    items += ledger.policy.witnesses.map { .init("key", .text, Array($0.key.text.utf8)) }
    let mutator = Mutator(items)
    let witness = WitnessState(origin: origin, keys: [logKey], size: 3, root: .sha256("old"))
    let policies = [ledger.policy, ledger.firstPolicy]

    func read(_ kind: String, _ bytes: [UInt8]) throws -> FuzzRun.Verdict {
      func same(_ encoded: [UInt8], _ word: String? = nil) -> FuzzRun.Verdict {
        encoded == bytes ? .read(word) : .wrong("written as \(Hex.encode(encoded.prefix(300)))")
      }
      switch kind {
      case "note":
        let note = try SignedNote(parsing: bytes)
        for policy in policies where policy.evaluate(note).isAccepted {
          return note.text == truth.text ? same(note.encoded, "accepted") : .wrong("another checkpoint is accepted")
        }
        return same(note.encoded, "not accepted")
      case "checkpoint": return same(try Checkpoint(parsing: bytes).text)
      case "policy":
        let policy = try TrustPolicy(parsing: bytes)
        _ = policy.evaluate(note)
        _ = policy.isQuorum(Set(policy.witnesses.map(\.name)))
        let encoded = policy.encoded
        guard try TrustPolicy(parsing: encoded) == policy else { return .wrong("the policy is written otherwise") }
        return .read()
      case "request":
        let request = try AddCheckpointRequest(parsing: bytes)
        let answer = witness.decide(request) { from, fromRoot, to, toRoot, path in
          ConsistencyProof(from: from, to: to, path: path).verify(from: fromRoot, to: toRoot)
        }
        guard answer.status != 200 else { return .wrong("an inconsistent checkpoint is accepted") }
        return same(request.encoded, "\(answer.status)")
      case "tlog proof":
        let proof = try TlogProof(parsing: bytes)
        for policy in policies {
          let result = try? proof.verify(leafHash: leaves[Int(index)], policy: policy) {
            leaf, index, size, root, path in
            InclusionProof(index: index, size: size, path: path).verify(leaf: leaf, root: root)
          }
          guard result != nil else { continue }
          return proof.index == index && proof.note.text == truth.text
            ? same(proof.encoded, "verified") : .wrong("another place is proved")
        }
        return same(proof.encoded, "not verified")
      case "line":
        let line = try NoteSignature(parsing: bytes[...])
        guard line.line == bytes + [0x0a] else { return .wrong("the line is written otherwise") }
        guard let cosignature = Cosignature(line) else { return .read() }
        let isKnown = policies.flatMap(\.witnesses).contains { cosignature.isValid(for: truth, key: $0.key) }
        guard !isKnown || note.signatures.contains(line) else { return .wrong("a changed co-signature holds") }
        return .read("co-signature")
      case "key": return same(Array(try VerifierKey(parsing: bytes[...]).text.utf8))
      default: return NoteName(utf8: bytes).map { same($0.utf8) } ?? .refused
      }
    }
    let run = await FuzzRun.aside {
      FuzzRun("Notes", usual: 10_000, mutator) { item, bytes in
        do { return try read(item.kind, bytes) } catch {
          return "\(error)".utf8.count < 300_000 ? .refused : .wrong("the error is longer than any input")
        }
      }
    }
    #expect(run.failures == [])
    #expect(run.idle(mutator) == [])
  }

  @Test("regression: a policy of tens of thousands of groups is read in linear time") func manyGroups() throws {
    let key = VerifierKey(cosigner: try #require(NoteName("a")), publicKey: .init(repeating: 9, count: 32))
    var text = "witness g0 \(try #require(key).text)\n"
    for number in 1..<22_000 { text += "group g\(number) 1 g\(number - 1)\n" }
    text += "quorum none\n"
    let bytes = Array(text.utf8)
    #expect(bytes.count <= TrustPolicy.maximumBytes)
    let start = FuzzRun.processorSeconds()
    _ = try TrustPolicy(parsing: bytes)
    #expect(FuzzRun.processorSeconds() - start < 1)
  }
}
