import COSE
import Edge
import Ledger
import Primitives
import Testing

@Suite("What a gateway acknowledges")
struct AcknowledgementTests {
  struct Case {
    let header: BatchHeader
    let bodies: MessageBatch
    let outcomes: [IntakeOutcome]
    let gateway: Gateway
  }

  /// Seven readings of three devices, one of them twice, and one forged.
  static func play() async throws -> Case {
    let kit = try EdgeKit(devices: 3)
    let gateway = try ProofTests.gateway(
      kit, clock: ManualClock(UInt64(EdgeKit.start / 1000)), path: EdgeKit.temporaryPath())
    var messages = MessageBatch()
    for index in 0..<7 {
      messages.append(
        kit.message(index % 3, seq: UInt64(index / 3), time: EdgeKit.start + Int64(index)), arrival: EdgeKit.start)
    }
    messages.append(messages.message(2), arrival: EdgeKit.start)
    var forged = messages.message(0)
    forged[forged.count - 1] ^= 1
    messages.append(forged, arrival: EdgeKit.start)
    let outcomes = try await ProofTests.send(gateway, messages)
    let statement = try await gateway.statement(1)
    let header = try BatchHeader.verify(statement: statement, key: EdgeKit.key.publicKey)
    return Case(header: header, bodies: messages, outcomes: outcomes, gateway: gateway)
  }

  static let now = UInt64(EdgeKit.start / 1000)
  static func check(_ proof: OmissionProof, _ header: BatchHeader?, now: UInt64 = now) throws {
    try proof.verify(gateway: EdgeKit.gateway, key: EdgeKit.key.publicKey, header: header, now: now)
  }

  @Test("an honest gateway keeps its word: no proof against it holds")
  func honest() async throws {
    let play = try await Self.play()
    let readings = AcknowledgedReading.of(play.bodies, play.outcomes)
    #expect(readings.count == 8 && readings[7] == readings[2])
    let signed = try #require(try play.gateway.acknowledgement(play.bodies, play.outcomes))
    let word = try Acknowledgement.verify(signed, key: EdgeKit.key.publicKey)
    #expect(word.count == 8 && word.root == Acknowledgement(gateway: "x", timeUs: 0, readings).root)
    #expect(try play.gateway.acknowledgement(play.bodies, play.outcomes, 8..<9) == nil)
    for index in readings.indices {
      for row in 0..<7 {
        let leaf = try await play.gateway.proof(RowID(batch: 1, index: row)).leaf
        let proof = OmissionProof(acknowledgement: signed, readings, index: index, leaf: leaf)
        #expect(throws: EdgeError.self) { try Self.check(proof, play.header) }
      }
      let bare = OmissionProof(acknowledgement: signed, readings, index: index, leaf: nil)
      #expect(throws: EdgeError.self) { try Self.check(bare, play.header) }
      #expect(throws: EdgeError.self, "it has a day") { try Self.check(bare, nil, now: Self.now + 86_400_000) }
    }
    try await play.gateway.close()
  }

  @Test("what is left out or replaced is proved, and a proof with any bit changed is none")
  func broken() async throws {
    let play = try await Self.play()
    // It acknowledged another reading for the place of the fifth, and one for a place that the batch has not.
    var readings = AcknowledgedReading.of(play.bodies, play.outcomes)
    readings[4] = AcknowledgedReading(payload: .sha256("dropped"), row: readings[4].row)
    readings[5] = AcknowledgedReading(payload: .sha256("too"), row: RowID(batch: 1, index: 7))
    let word = Acknowledgement(gateway: EdgeKit.gateway, timeUs: UInt64(EdgeKit.start), readings)
    let signed = try word.signed(key: EdgeKit.key)
    let leaf = try await play.gateway.proof(readings[4].row).leaf
    let replaced = OmissionProof(acknowledgement: signed, readings, index: 4, leaf: leaf)
    let beyond = OmissionProof(acknowledgement: signed, readings, index: 5, leaf: nil)
    for proof in [replaced, beyond] {
      try Self.check(proof, play.header)
      #expect(try OmissionProof(evidence: proof.evidence) == proof)
      #expect(proof.evidence.reduce(0) { $0 + $1.count } < 2048)
      for (part, bytes) in proof.evidence.enumerated() {
        for place in bytes.indices {
          for bit in [1, 0x80] as [UInt8] {
            var evidence = proof.evidence
            evidence[part][place] ^= bit
            #expect(throws: EdgeError.self, "part \(part), byte \(place)") {
              try Self.check(try OmissionProof(evidence: evidence), play.header)
            }
          }
        }
      }
      let other = PrivateKey.derive(seed: 9, label: "other").publicKey
      #expect(throws: EdgeError.self) {
        try proof.verify(gateway: EdgeKit.gateway, key: other, header: play.header, now: Self.now)
      }
      #expect(throws: EdgeError.self) {
        try proof.verify(gateway: "gw-2", key: EdgeKit.key.publicKey, header: play.header, now: Self.now)
      }
      var renumbered = play.header
      renumbered.number = 2
      #expect(throws: EdgeError.self) { try Self.check(proof, renumbered) }
    }
    // A batch that is never stated.
    try Self.check(beyond, nil, now: Self.now + 86_400_001)
    // The tree of one reading, and an epoch, which is no reading.
    let single = Acknowledgement(gateway: EdgeKit.gateway, timeUs: 0, [readings[4]])
    let alone = OmissionProof(
      acknowledgement: try single.signed(key: EdgeKit.key), [readings[4]], index: 0, leaf: leaf)
    try Self.check(alone, play.header)
    let epoch = DeviceEpoch(
      device: "urn:dev:a", boot: 0, first: 0, last: 1, chain: Digest(), previous: Digest(), timeUs: 0)
    #expect(AcknowledgedReading.payload(try epoch.signed(key: EdgeKit.key)) == nil)
    #expect(AcknowledgedReading.payload([]) == nil && AcknowledgedReading.payload([0xd2]) == nil)
    try await play.gateway.close()
  }
}
