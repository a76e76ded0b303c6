import Ledger
import Primitives
import Testing

@Suite struct WitnessTests {
  let house = Consortium()
  static let leaves = NaiveTree.leaves(40)

  func checkpoint(_ size: Int) -> Checkpoint {
    house.checkpoint(UInt64(size), NaiveTree.root(Self.leaves[..<size]))
  }

  func state(_ size: Int) -> WitnessState {
    WitnessState(
      origin: house.origin, keys: [house.logKey], size: UInt64(size), root: NaiveTree.root(Self.leaves[..<size]))
  }

  func request(_ old: Int, _ size: Int, proof: [Digest]? = nil) throws -> AddCheckpointRequest {
    let proof = proof ?? (old == 0 || old >= size ? [] : NaiveTree.consistency(old, Self.leaves[..<size]))
    let note = try checkpoint(size).signed(with: house.logSigner)
    return try #require(AddCheckpointRequest(oldSize: UInt64(old), proof: proof, note: note))
  }

  static let isConsistent: @Sendable (UInt64, Digest, UInt64, Digest, [Digest]) -> Bool = {
    from, fromRoot, to, toRoot, proof in
    from <= to && to <= 40 && fromRoot == NaiveTree.root(leaves[..<Int(from)])
      && toRoot == NaiveTree.root(leaves[..<Int(to)]) && proof == NaiveTree.consistency(Int(from), leaves[..<Int(to)])
  }

  func decide(_ state: WitnessState, _ request: AddCheckpointRequest) -> WitnessAnswer {
    state.decide(request, isConsistent: Self.isConsistent)
  }

  @Test func `consistent checkpoints are accepted from every size to every size`() throws {
    for old in 0...12 {
      for size in old...12 {
        var state = state(old)
        let answer = decide(state, try request(old, size))
        guard case .accepted(let acceptance) = answer else {
          Issue.record("\(old) to \(size): \(answer)")
          continue
        }
        #expect(acceptance.checkpoint == checkpoint(size))
        #expect(answer.status == 200 && answer.body.isEmpty)
        #expect(state.advance(acceptance) == answer)
        #expect(state == self.state(size))
      }
    }
  }

  @Test func `the answers of the table`() throws {
    let state = state(5)
    // Unknown origin.
    let elsewhere = Checkpoint(origin: NoteName("log.example/two")!, size: 8, root: Digest())
    let lost = AddCheckpointRequest(oldSize: 5, proof: [], note: try elsewhere.signed(with: house.logSigner))!
    #expect(decide(state, lost) == .unknownOrigin)
    #expect(WitnessAnswer.unknownOrigin.status == 404)

    // No trusted signature; a trusted pair that fails; a trusted one beside a stranger.
    let text = checkpoint(8).text
    let stranger = try NoteSignature.signing(text, as: house.origin, with: TestSigner(99))
    let good = try NoteSignature.signing(text, as: house.origin, with: house.logSigner)
    let bad = NoteSignature(name: good.name, keyID: good.keyID, payload: [1, 2])!
    let proof = NaiveTree.consistency(5, Self.leaves[..<8])
    func status(_ lines: [NoteSignature]) throws -> Int {
      decide(
        state, AddCheckpointRequest(oldSize: 5, proof: proof, note: try SignedNote(text: text, signatures: lines))!
      )
      .status
    }
    #expect(try status([stranger]) == 403)
    #expect(try status([good, bad]) == 403)
    #expect(try status([bad, good]) == 403)
    #expect(try status([stranger, good]) == 200)
    #expect(try status([house.cosignature(0, of: checkpoint(8))]) == 403)

    // Sizes.
    #expect(decide(state, try request(9, 8)).status == 400)
    #expect(decide(state, try request(5, 4)).status == 400)
    let conflict = decide(state, try request(4, 8))
    #expect(conflict == .conflict(size: 5))
    #expect(conflict.status == 409 && conflict.body == "5\n" && conflict.contentType == "text/x.tlog.size")
    #expect(decide(state, try request(0, 8)) == .conflict(size: 5))
    #expect(decide(state, try request(0, 0)) == .conflict(size: 5))
    #expect(decide(WitnessState(origin: house.origin, keys: [house.logKey]), try request(5, 8)) == .conflict(size: 0))

    // Proofs.
    #expect(decide(state, try request(5, 8, proof: [])).status == 422)
    #expect(decide(state, try request(5, 8, proof: proof + [Digest()])).status == 422)
    #expect(decide(state, try request(5, 5, proof: [Digest()])).status == 422)
    #expect(decide(self.state(0), try request(0, 5, proof: [Digest()])).status == 422)
    let hollow = house.checkpoint(0, .sha256("x"))
    let empty = AddCheckpointRequest(oldSize: 0, proof: [], note: try hollow.signed(with: house.logSigner))!
    #expect(decide(self.state(0), empty).status == 422)
    #expect(decide(self.state(0), try request(0, 0)).status == 200)

    // The same size with another root.
    let split = house.checkpoint(5, .sha256("another root"))
    let fork = AddCheckpointRequest(oldSize: 5, proof: [], note: try split.signed(with: house.logSigner))!
    #expect(decide(state, fork) == .conflict(size: 5))
    #expect(decide(state, try request(5, 5)).status == 200)

    // A note that is no checkpoint.
    let note = try SignedNote(text: "x\n".octets, signatures: [good])
    #expect(decide(state, AddCheckpointRequest(oldSize: 5, proof: [], note: note)!).status == 400)
  }

  @Test func `the slower of two requests does not roll the head back`() throws {
    var state = state(5)
    // A of size 8 and B of size 12 are both checked against 5; B is stored first.
    guard case .accepted(let a) = decide(state, try request(5, 8)),
      case .accepted(let b) = decide(state, try request(5, 12))
    else {
      Issue.record("both are consistent with 5")
      return
    }
    #expect(state.advance(b) == .accepted(b))
    #expect(state.advance(a) == .conflict(size: 12))
    #expect(state == self.state(12))
    // Nor twice, nor after the same size with another root.
    #expect(state.advance(b) == .conflict(size: 12))
    var other = WitnessState(origin: house.origin, keys: [house.logKey], size: 5, root: .sha256("x"))
    #expect(other.advance(a) == .conflict(size: 5))
    var elsewhere = WitnessState(origin: NoteName("else")!, keys: [], size: a.previousSize, root: a.previousRoot)
    #expect(elsewhere.advance(a) == .unknownOrigin)
  }

  @Test(arguments: UInt64(1)...20) func `however decisions and stores interleave, the head never shrinks`(
    seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    var state = state(1)
    var decided: [WitnessAcceptance] = []
    var heads = [state.size]
    for _ in 0..<60 {
      if decided.isEmpty || random.number(2) == 0 {
        let size = Int(state.size) + random.number(40 - Int(state.size) + 1)
        if case .accepted(let acceptance) = decide(state, try request(Int(state.size), size)) {
          decided.append(acceptance)
        }
      } else {
        let acceptance = decided.remove(at: random.number(decided.count))
        let before = state
        switch state.advance(acceptance) {
        case .accepted: heads.append(state.size)
        case .conflict(let size): #expect(state == before && size == before.size, "seed \(seed)")
        default: Issue.record("seed \(seed)")
        }
        #expect(state == self.state(Int(state.size)), "seed \(seed)")
      }
    }
    #expect(heads == heads.sorted(), "seed \(seed)")
    #expect(heads.count > 1, "seed \(seed)")
  }

  @Test func `the example of the C2SP text is read and written back`() throws {
    let body = """
      old 20852014
      PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
      jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
      5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
      /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

      \(CheckpointTests.cosigned)
      """.octets
    let request = try AddCheckpointRequest(parsing: body)
    #expect(request.oldSize == 20_852_014)
    #expect(request.proof.count == 4)
    #expect(request.encoded == body)
  }

  @Test func `malformed bodies are refused by name and place`() throws {
    let note = CheckpointTests.cosigned
    let hash = CheckpointTests.rootText
    let cases: [(String, AddCheckpointRequestError)] = [
      ("", .oldSize), ("old 1", .oldSize), ("old\n\n\(note)", .oldSize), ("old  1\n\n\(note)", .oldSize),
      ("old 01\n\n\(note)", .oldSize), ("Old 1\n\n\(note)", .oldSize), ("old 1 \n\n\(note)", .oldSize),
      ("old 18446744073709551616\n\n\(note)", .oldSize),
      ("old 1\n\(note)", .proofLine(line: 2)), ("old 1\n\(hash)\nAAAA\n\n\(note)", .proofLine(line: 3)),
      ("old 1\n\(hash)\n", .missingEmptyLine), ("old 1\n", .missingEmptyLine),
      ("old 1\n\n", .note(.missingFinalNewline)), ("old 1\n\n\(CheckpointTests.text)", .note(.missingSeparator)),
      ("old 1\n" + String(repeating: "\(hash)\n", count: 64) + "\n\(note)", .proofTooLong),
    ]
    for (body, expected) in cases {
      #expect(throws: expected, "\(body)") { try AddCheckpointRequest(parsing: body.octets) }
    }
    let most = "old 1\n" + String(repeating: "\(hash)\n", count: 63) + "\n\(note)"
    #expect(try AddCheckpointRequest(parsing: most.octets).proof.count == 63)
    let size = AddCheckpointRequest.maximumBytes + 1
    #expect(throws: AddCheckpointRequestError.tooLarge(bytes: size)) {
      try AddCheckpointRequest(parsing: Array(repeating: 0x61, count: size))
    }
    let parsed = try SignedNote(parsing: note.octets)
    #expect(
      AddCheckpointRequest(oldSize: 1, proof: Array(repeating: Digest(), count: 64), note: parsed) == nil)
  }
}
