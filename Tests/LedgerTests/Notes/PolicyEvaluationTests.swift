import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite struct PolicyEvaluationTests {
  let house = Consortium()

  @Test func `a good note is accepted and its signers are named`() throws {
    let checkpoint = house.checkpoint()
    let result = try house.policy().evaluate(house.note(checkpoint))
    #expect(result.isAccepted && result.isQuorumSatisfied && result.refusal == nil)
    #expect(result.checkpoint == checkpoint)
    #expect(result.logs == [house.logKey])
    #expect(result.cosigners.map(\.name) == ["org-1", "org-2", "org-3"])
    #expect(result.cosigners.map(\.timestamp) == [1_700_000_000, 1_700_000_001, 1_700_000_002])
    #expect(result.cosigners.map(\.key) == house.witnesses.map(\.key))
  }

  @Test func `a quorum is counted over all subsets`() throws {
    for threshold in 2...3 {
      let policy = try house.policy(threshold)
      for subset in 0..<8 {
        let members = (0..<3).filter { subset >> $0 & 1 == 1 }
        let result = try policy.evaluate(house.note(house.checkpoint(), members: members))
        #expect(result.isAccepted == (members.count >= threshold))
        #expect(result.isQuorumSatisfied == result.isAccepted)
        if !result.isAccepted {
          let missing = (0..<3).filter { !members.contains($0) }.map { OctetText("org-\($0 + 1)") }
          #expect(
            result.refusal == .quorum(name: "members", reached: members.count, needed: threshold, missing: missing))
        }
      }
    }
  }

  @Test func `repeated cosignatures count once, the latest time stays`() throws {
    let checkpoint = house.checkpoint()
    let lines = try [7, 9, 8].map { try house.cosignature(0, of: checkpoint, at: $0) }
    let log = try checkpoint.signed(with: house.logSigner).signatures
    let note = try SignedNote(text: checkpoint.text, signatures: log + lines + lines + log)
    let result = try house.policy().evaluate(note)
    #expect(!result.isAccepted)
    #expect(result.cosigners.map(\.timestamp) == [9])
    #expect(result.logs.count == 1)
  }

  @Test func `known pairs that fail refuse the note, unknown ones are ignored`() throws {
    let checkpoint = house.checkpoint()
    let policy = try house.policy()
    let good = try house.note(checkpoint)
    for place in good.signatures.indices {
      let line = good.signatures[place]
      var payload = line.payload
      payload[payload.count - 1] ^= 1
      var lines = good.signatures
      lines.append(NoteSignature(name: line.name, keyID: line.keyID, payload: payload)!)
      let result = policy.evaluate(try SignedNote(text: good.text, signatures: lines))
      #expect(result.refusal == .signature(.badSignature(name: line.name, keyID: line.keyID)))
      #expect(result.cosigners.isEmpty && !result.isQuorumSatisfied && result.checkpoint == checkpoint)

      lines[lines.count - 1] = NoteSignature(name: line.name, keyID: line.keyID ^ 1, payload: payload)!
      #expect(policy.evaluate(try SignedNote(text: good.text, signatures: lines)).isAccepted)
      lines[lines.count - 1] = NoteSignature(name: NoteName("else")!, keyID: line.keyID, payload: payload)!
      #expect(policy.evaluate(try SignedNote(text: good.text, signatures: lines)).isAccepted)
    }
  }

  @Test func `cosigners alone, or a log of another origin, are not enough`() throws {
    let checkpoint = house.checkpoint()
    let cosignatures = try house.note(checkpoint).signatures.dropFirst()
    let policy = try house.policy()
    let unsigned = policy.evaluate(try SignedNote(text: checkpoint.text, signatures: Array(cosignatures)))
    #expect(unsigned.refusal == .noLogSignature)
    #expect(unsigned.isQuorumSatisfied && !unsigned.isAccepted)

    // The log's key under its own name, but over a checkpoint that claims another origin.
    let foreign = Checkpoint(origin: NoteName("log.example/two")!, size: 42, root: .sha256("root"))
    var note = try SignedNote(text: foreign.text)
    try note.add(.signing(foreign.text, as: house.origin, with: house.logSigner))
    for member in 0..<3 { try note.add(house.cosignature(member, of: foreign)) }
    #expect(policy.evaluate(note).refusal == .foreignOrigin("log.example/two"))
  }

  @Test func `several logs of one origin, and logs known from elsewhere`() throws {
    let second = TestSigner(2)
    let key = VerifierKey(log: house.origin, publicKey: second.publicKey)!
    let checkpoint = house.checkpoint()
    var note = try checkpoint.signed(with: second)
    for member in 0..<2 { try note.add(house.cosignature(member, of: checkpoint)) }
    #expect(try !house.policy().evaluate(note).isAccepted)
    #expect(try house.policy().evaluate(note, knownLogs: [key]).logs == [key])
    let both = try TrustPolicy.consortium(
      logs: [.init(key: house.logKey), .init(key: key)], members: house.witnesses, threshold: 2)
    #expect(both.evaluate(note).isAccepted)
    let bare = try TrustPolicy(logs: [], quorum: nil)
    #expect(bare.evaluate(note).refusal == .noLogSignature)
    #expect(bare.evaluate(note, knownLogs: [key]).isAccepted)
  }

  @Test func `a note that is no checkpoint is refused`() throws {
    let text = "not a checkpoint\n".octets
    let line = try NoteSignature.signing(text, as: house.origin, with: house.logSigner)
    let result = try house.policy().evaluate(SignedNote(text: text, signatures: [line]))
    #expect(result.refusal == .notACheckpoint(.size))
    #expect(result.checkpoint == nil)
  }

  @Test func `no single changed, missing or added byte gives a quorum for another text`() throws {
    let policy = try house.policy()
    let note = try house.note(house.checkpoint())
    let bytes = note.encoded
    var accepted = 0
    func check(_ changed: [UInt8], _ what: @autoclosure () -> String) {
      guard let parsed = try? SignedNote(parsing: changed) else { return }
      let result = policy.evaluate(parsed)
      guard result.isAccepted || result.isQuorumSatisfied else { return }
      accepted += 1
      #expect(parsed.text == note.text && result.checkpoint == house.checkpoint(), "\(what())")
      #expect(result.cosigners.count >= 2, "\(what())")
    }
    // Within a signature line most values cost signatures to check: there the changes of one bit and what is no base64
    // stand for the rest, unless all are asked for.
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let strangers: [UInt8] = [0x00, 0x0A, 0x0D, 0x20, 0x2D, 0x3D, 0x5F, 0x7F, 0x80, 0xE2, 0xFF]
    let thorough = TestScale.isThorough
    if !thorough { print("skipped: every value of every byte of a signature line (set TALLYSTICK_THOROUGH)") }
    var names = Set<Int>()
    var payload = Set<Int>()
    for line in note.signatures {
      let text = line.line.dropLast()
      let range = try #require(bytes.firstRange(of: text))
      names.formUnion(range.dropFirst(4).prefix(line.name.utf8.count))
      payload.formUnion(range.suffix((line.payload.count + 6) / 3 * 4))
    }
    #expect(payload.count == 92 + 3 * 104)
    func values(_ place: Int) -> [UInt8] {
      if !thorough, names.contains(place) { return strangers + (0..<8).map { bytes[place] ^ 1 << $0 } }
      guard !thorough, payload.contains(place) else { return Array(UInt8.min...UInt8.max) }
      let digit = alphabet.firstIndex(of: bytes[place])
      return strangers + (digit.map { digit in (0..<6).map { alphabet[digit ^ 1 << $0] } } ?? [])
    }
    for place in bytes.indices {
      for value in values(place) where value != bytes[place] {
        var changed = bytes
        changed[place] = value
        check(changed, "place \(place) value \(value)")
      }
      var shorter = bytes
      shorter.remove(at: place)
      check(shorter, "without place \(place)")
      for value: UInt8 in [0x0A, 0x20, 0x41] {
        var longer = bytes
        longer.insert(value, at: place)
        check(longer, "place \(place) with \(value) before it")
      }
    }
    // Changed names and key ids of one cosigner leave the other two: the test is not empty.
    #expect(accepted > 500)
    #expect(policy.evaluate(note).isAccepted)
  }
}
