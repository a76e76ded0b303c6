import COSE
import Edge
import Primitives
import Testing

@Suite("Edge proofs")
struct ProofTests {
  static func gateway(_ kit: EdgeKit, clock: ManualClock, path: String) throws -> Gateway {
    var configuration = GatewayConfiguration(name: EdgeKit.gateway, key: EdgeKit.key)
    configuration.clock = clock
    configuration.secretSeed = [9]
    return try Gateway(configuration, path: path, sessions: kit.sessions)
  }

  /// Sends messages and closes the batch, so that the answer comes.
  static func send(_ gateway: Gateway, _ messages: MessageBatch) async throws -> [IntakeOutcome] {
    async let outcomes = gateway.submit(messages)
    while await gateway.counters.accepted == 0 { await Task.yield() }
    for _ in 0..<50 { await Task.yield() }
    try await gateway.flush()
    return try await outcomes
  }

  @Test("a reading's proof of a full batch, and every changed bit of it")
  func reading() async throws {
    let kit = try EdgeKit(devices: 64)
    let clock = ManualClock(UInt64(EdgeKit.start / 1000))
    let gateway = try Self.gateway(kit, clock: clock, path: EdgeKit.temporaryPath())
    var messages = MessageBatch()
    for index in 0..<4096 {
      messages.append(
        kit.message(index % 64, seq: UInt64(index / 64), time: EdgeKit.start + Int64(index)), arrival: EdgeKit.start)
    }
    let outcomes = try await Self.send(gateway, messages)
    #expect(outcomes[777] == .accepted(RowID(batch: 1, index: 777)))
    let proof = try await gateway.proof(RowID(batch: 1, index: 777))
    let bytes = proof.encoded()
    print("reading proof of a \(4096)-leaf batch: \(bytes.count) bytes")
    #expect(bytes.count <= 1200)
    #expect(try ReadingProof(decoding: bytes) == proof)
    let finding = try proof.verify(gateway: EdgeKit.key.publicKey)
    let sent = kit.reading(777 % 64, seq: 12, time: EdgeKit.start + 777).encoded()
    #expect(finding.reading == ReadingForm(decoding: sent[...]))
    #expect(finding.tier == .mac && !finding.isDeviceSigned)
    #expect(finding.flags == [.notEvaluated, .notEvaluated])
    #expect(throws: EdgeError.self) { try proof.verify(gateway: PrivateKey.derive(seed: 2, label: "x").publicKey) }
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      guard let other = try? ReadingProof(decoding: changed) else { continue }
      #expect(throws: EdgeError.self, "byte \(place)") { try other.verify(gateway: EdgeKit.key.publicKey) }
    }
    try await gateway.close()
  }

  @Test("a series accounts for every number up to a closing batch")
  func series() async throws {
    let kit = try EdgeKit(devices: 3)
    let clock = ManualClock(UInt64(EdgeKit.start / 1000))
    let gateway = try Self.gateway(kit, clock: clock, path: EdgeKit.temporaryPath())
    var messages = MessageBatch()
    for seq in 0..<300 as Range<UInt64> where seq != 5 && !(40...43).contains(seq) {
      for device in 0..<3 {
        messages.append(
          kit.message(device, seq: seq, time: EdgeKit.start + Int64(seq) * 1000), arrival: EdgeKit.start + 300_000)
      }
    }
    _ = try await Self.send(gateway, messages)
    try await gateway.closeSeries()
    let closing = await gateway.durable
    let proof = try await gateway.series(kit.sessions[1], boot: 0, numbers: 2...299, closing: closing)
    #expect(proof.gaps.map(\.numbers) == [5...5, 40...43])
    let finding = try proof.verify(gateway: EdgeKit.key.publicKey)
    #expect(finding.readings.count == 293 && finding.missing == 5 && finding.isClosed)
    #expect(try SeriesProof(decoding: proof.encoded()) == proof)
    try checkMutations(proof)
    let small = try await gateway.series(kit.sessions[1], boot: 0, numbers: 3...7)
    #expect(try small.verify(gateway: EdgeKit.key.publicKey).missing == 1)
    let bytes = small.encoded()
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      guard let other = try? SeriesProof(decoding: changed) else { continue }
      #expect(throws: EdgeError.self, "byte \(place)") { try other.verify(gateway: EdgeKit.key.publicKey) }
    }
    try await gateway.close()
  }

  private func checkMutations(_ proof: SeriesProof) throws {
    let changes: [(String, (inout SeriesProof) -> Void)] = [
      ("device", { $0.device += "1" }), ("boot", { $0.boot += 1 }), ("from", { $0.numbers = 1...299 }),
      ("to", { $0.numbers = 2...300 }), ("shorter", { $0.numbers = 2...298 }),
      ("a row left out", { $0.rows.remove(at: 7) }), ("rows swapped", { $0.rows.swapAt(3, 4) }),
      ("a row twice", { $0.rows.insert($0.rows[3], at: 3) }), ("a gap left out", { $0.gaps.removeFirst() }),
      ("a gap widened", { $0.gaps[1].numbers = 40...44 }), ("a gap added", { $0.gaps.append($0.gaps[1]) }),
      ("a wrong header", { $0.rows[0].header = 1 }), ("no such header", { $0.rows[0].header = 9 }),
      ("headers swapped", { $0.statements.swapAt(0, 1) }), ("arrival", { $0.rows[0].leaf.arrival += 1 }),
      ("flags", { $0.rows[0].leaf.flags ^= 1 }), ("salt", { $0.rows[0].leaf.salt[0] ^= 1 }),
      ("end's header", { $0.end?.header = 0 }), ("end's chain", { $0.end?.mark.chain = Digest() }),
      ("end's index", { $0.end?.index += 1 }), ("end's path", { $0.end?.path.removeLast() }),
    ]
    for (name, change) in changes {
      var changed = proof
      change(&changed)
      #expect(throws: EdgeError.self, "\(name)") { try changed.verify(gateway: EdgeKit.key.publicKey) }
    }
  }

  @Test("erasing a reading leaves every other proof, and a restart")
  func erasing() async throws {
    let kit = try EdgeKit(devices: 4)
    let clock = ManualClock(UInt64(EdgeKit.start / 1000))
    let path = EdgeKit.temporaryPath()
    let gateway = try Self.gateway(kit, clock: clock, path: path)
    var messages = MessageBatch()
    for index in 0..<400 {
      messages.append(
        kit.message(index % 4, seq: UInt64(index / 4), time: EdgeKit.start + Int64(index)), arrival: EdgeKit.start)
    }
    _ = try await Self.send(gateway, messages)
    let before = try await gateway.proof(RowID(batch: 1, index: 101))
    try await gateway.redact(RowID(batch: 1, index: 100))
    await #expect(throws: EdgeError.self) { try await gateway.proof(RowID(batch: 1, index: 100)) }
    #expect(try await gateway.proof(RowID(batch: 1, index: 101)) == before)
    _ = try before.verify(gateway: EdgeKit.key.publicKey)
    // What was erased is said to be so: one reading alone, and all of a batch whose body is gone.
    let one = try await gateway.series(kit.sessions[0], boot: 0, numbers: 20...30)
    #expect(one.gaps == [SeriesProof.Gap(numbers: 25...25, cause: .erased)] && one.rows.count == 10)
    try await gateway.close()
    let again = try Self.gateway(kit, clock: clock, path: path)
    #expect(try await again.proof(RowID(batch: 1, index: 101)) == before)
    var next = MessageBatch()
    next.append(kit.message(0, seq: 100, time: EdgeKit.start + 900), arrival: EdgeKit.start)
    #expect(try await Self.send(again, next) == [.accepted(RowID(batch: 2, index: 0))])
    try await again.erase(batch: 1)
    await #expect(throws: EdgeError.self) { try await again.proof(RowID(batch: 1, index: 101)) }
    let all = try await again.series(kit.sessions[0], boot: 0, numbers: 90...100)
    #expect(all.gaps == [SeriesProof.Gap(numbers: 90...99, cause: .erased)] && all.rows.count == 1)
    let header = try BatchHeader.verify(
      statement: try await again.statement(2), key: EdgeKit.key.publicKey)
    #expect(
      header.previous
        == (try BatchHeader.verify(
          statement: try await again.statement(1), key: EdgeKit.key.publicKey)).digest)
    try await again.close()
  }

  @Test("epochs: the chain is compared, alteration shows, and tier 3 stands by itself")
  func epochs() throws {
    let kit = try EdgeKit(devices: 2, signsEpochs: true)
    let keys = (0..<2).map { PrivateKey.derive(seed: 5, label: "device \($0)") }
    let directory = Directory(
      devices: Dictionary(
        uniqueKeysWithValues: kit.sessions.enumerated().map { ($1.device, ($1.kid, keys[$0].publicKey)) }))
    let core = kit.core(directory: directory)
    var chain = Digest()
    for seq in 0..<64 as Range<UInt64> {
      let time = EdgeKit.start + Int64(seq)
      chain = DeviceEpoch.chain(chain, payload: kit.reading(0, seq: seq, time: time).encoded())
      _ = core.accept(kit.message(0, seq: seq, time: time), arrival: time)
    }
    var epoch = DeviceEpoch(
      device: kit.sessions[0].device, boot: 0, first: 0, last: 63, chain: chain, previous: Digest(),
      timeUs: EdgeKit.start)
    let good = try epoch.signed(key: keys[0])
    #expect(try DeviceEpoch.verify(good, key: keys[0].publicKey) == epoch)
    #expect(core.accept(try epoch.signed(key: keys[1]), arrival: EdgeKit.start) == .rejected(.notAuthentic))
    guard case .accepted = core.accept(good, arrival: EdgeKit.start) else {
      Issue.record("the epoch was refused")
      return
    }
    #expect(core.incidents.take().map(\.kind) == [.forgery])
    guard case .duplicate = core.accept(good, arrival: EdgeKit.start) else {
      Issue.record("the epoch again is no duplicate")
      return
    }
    // The next readings' chain is not what the device signs.
    _ = core.accept(kit.message(0, seq: 64, time: EdgeKit.start + 64), arrival: EdgeKit.start + 64)
    epoch = DeviceEpoch(
      device: kit.sessions[0].device, boot: 0, first: 64, last: 64, chain: Digest.sha256("other"),
      previous: epoch.digest, timeUs: EdgeKit.start)
    _ = core.accept(try epoch.signed(key: keys[0]), arrival: EdgeKit.start + 65)
    #expect(core.incidents.take().map(\.kind) == [.alteration])
    let signed = try DeviceSignature.sign(
      payload: kit.reading(1, seq: 0, time: EdgeKit.start).encoded(), key: keys[1])
    guard case .accepted = core.accept(signed, arrival: EdgeKit.start) else {
      Issue.record("a reading of tier 3 was refused")
      return
    }
  }
}
