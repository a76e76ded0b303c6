import COSE
import Edge
import Foundation
import Primitives
import Synchronization
import Testing

/// Figures, not checks: run in release mode with TALLYSTICK_MEASURE=1.
@Suite("Measurements", .enabled(if: ProcessInfo.processInfo.environment["TALLYSTICK_MEASURE"] == "1"), .serialized)
struct MeasureTests {
  static let devices = 20_000
  static let rounds = 20

  static func rules() throws -> QualityRules {
    try QualityRules(models: [
      [
        QualityRule(
          name: "temperature", exponent: -2, sensorSpan: -4000...6000, operatorSpan: -1000...4000, spike: 300,
          ratePerSecond: 500, flatCount: 60),
        QualityRule(name: "humidity", exponent: -1, sensorSpan: 0...1000, operatorSpan: 0...1000, spike: 100),
      ]
    ])
  }

  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    let time = ContinuousClock.now - start
    return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
  }

  static func messages(_ kit: EdgeKit) -> [MessageBatch] {
    (0..<Self.rounds).map { round in
      var messages = MessageBatch(capacity: Self.devices)
      for device in 0..<Self.devices {
        let time = EdgeKit.start + Int64(round) * 1_000_000 + Int64(device) * 40
        messages.append(
          kit.message(device, seq: UInt64(round), time: time, value: 2150 + Int64((device + round) % 17)),
          arrival: time + 30_000)
      }
      return messages
    }
  }

  /// One core takes all messages in; closed batches are stored by another thread, several to a transaction.
  static func run(_ core: EdgeCore, _ store: EdgeStore?, _ input: [MessageBatch]) throws -> Int {
    let waiting = Mutex<[SealedBatch]>([])
    let isDone = Atomic(false)
    let finished = DispatchSemaphore(value: 0)
    if let store {
      Thread.detachNewThread {
        while true {
          let ends = isDone.load(ordering: .acquiring)
          let batches = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
          }
          if batches.isEmpty {
            if ends { break }
            usleep(500)
            continue
          }
          do { try store.commitNow(batches) } catch { fatalError("\(error)") }
        }
        finished.signal()
      }
    }
    var accepted = 0
    for messages in input {
      try messages.bytes.withUnsafeBytes { bytes in
        var start = 0
        for index in 0..<messages.count {
          if core.isFull {
            let sealed = try core.seal(now: messages.arrivals[index])
            if store != nil { waiting.withLock { $0 += sealed } }
          }
          let end = messages.ends[index]
          let outcome = core.accept(
            UnsafeRawBufferPointer(rebasing: bytes[start..<end]), arrival: messages.arrivals[index])
          if case .accepted = outcome { accepted += 1 }
          start = end
        }
      }
    }
    let sealed = try core.seal(now: input.last?.arrivals.last ?? 0)
    if store != nil {
      waiting.withLock { $0 += sealed }
      isDone.store(true, ordering: .releasing)
      finished.wait()
    }
    return accepted
  }

  static func runAll(_ core: EdgeCore, _ store: EdgeStore?, _ input: [MessageBatch], _ count: Int) throws {
    let accepted = try run(core, store, input)
    #expect(accepted == count)
  }

  @Test("readings a second, against the machine's own HMAC rate")
  func rate() throws {
    let kit = try EdgeKit(devices: Self.devices, rules: 0)
    let input = Self.messages(kit)
    let count = Self.devices * Self.rounds
    let size = input[0].message(7).count
    let block = [UInt8](repeating: 7, count: 96)
    let prepared = HMACSHA256Key(Array(0..<32))
    let keyed = Self.seconds { for _ in 0..<500_000 { _ = prepared.code(for: block) } }
    print("measure: HMAC-SHA-256 of 96 B, prepared key: \(Int(500_000 / keyed)) /s on one core")
    let fresh = Self.seconds {
      for number in 0..<500_000 {
        _ = SessionKeyProbe.code(Digest(), block, number)
      }
    }
    print("measure: HMAC-SHA-256 of 96 B, pads hashed each time: \(Int(500_000 / fresh)) /s on one core")
    let hash = Self.seconds { for _ in 0..<500_000 { _ = Digest.sha256(block) } }
    print("measure: SHA-256 of 96 B: \(Int(500_000 / hash)) /s on one core")
    for attempt in 0..<2 {
      let core = kit.core(rules: try Self.rules())
      let time = try Self.seconds { try Self.runAll(core, nil, input, count) }
      print("measure: \(size)-byte readings in memory, one core, run \(attempt): \(Int(Double(count) / time)) /s")
      let stored = kit.core(rules: try Self.rules())
      let store = try EdgeStore(path: EdgeKit.temporaryPath(), gateway: EdgeKit.gateway)
      let durable = try Self.seconds { try Self.runAll(stored, store, input, count) }
      print("measure: durable, one gateway and its writer, run \(attempt): \(Int(Double(count) / durable)) /s")
      let both = Self.seconds {
        let group = DispatchGroup()
        let failures = Atomic(0)
        for _ in 0..<2 {
          group.enter()
          Thread.detachNewThread {
            do {
              let core = kit.core(rules: try Self.rules())
              let store = try EdgeStore(path: EdgeKit.temporaryPath(), gateway: EdgeKit.gateway)
              if try Self.run(core, store, input) != count { failures.add(1, ordering: .relaxed) }
            } catch { failures.add(1, ordering: .relaxed) }
            group.leave()
          }
        }
        group.wait()
        #expect(failures.load(ordering: .relaxed) == 0)
      }
      print("measure: durable, two gateways on two cores, run \(attempt): \(Int(Double(2 * count) / both)) /s")
    }
  }

  @Test("proof size and time")
  func proof() async throws {
    let kit = try EdgeKit(devices: 64)
    let gateway = try ProofTests.gateway(
      kit, clock: ManualClock(UInt64(EdgeKit.start / 1000)), path: EdgeKit.temporaryPath())
    var messages = MessageBatch()
    for index in 0..<4096 {
      messages.append(
        kit.message(index % 64, seq: UInt64(index / 64), time: EdgeKit.start + Int64(index)), arrival: EdgeKit.start)
    }
    _ = try await ProofTests.send(gateway, messages)
    let proof = try await gateway.proof(RowID(batch: 1, index: 4000))
    let bytes = proof.encoded()
    let time = try Self.seconds {
      for _ in 0..<1000 { _ = try ReadingProof(decoding: bytes).verify(gateway: EdgeKit.key.publicKey) }
    }
    print("measure: reading proof \(bytes.count) bytes, verified in \(Int(time * 1000)) us (Ed25519)")
    try await gateway.close()
  }
}
