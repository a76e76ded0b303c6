import COSE
import Edge
import Foundation
import Ledger
import Primitives
import Synchronization
import Testing

@Suite("Edge recovery")
struct RecoveryTests {
  /// Anchored statements, for a test to look at.
  final class Anchored: Sendable {
    let statements = Mutex<[[UInt8]]>([])
    let isDown = Mutex(false)

    var anchor: ClosureAnchor {
      ClosureAnchor { [self] headers in
        if isDown.withLock({ $0 }) { throw EdgeError(.unavailable, "down") }
        statements.withLock { $0 += headers }
      }
    }
  }

  @Test("cut off at any batch, a core goes on exactly as one that was not", arguments: 1...4 as ClosedRange<UInt64>)
  func cut(seed: UInt64) throws {
    let kit = try EdgeKit(devices: 12)
    var generator = SeededGenerator(seed: seed)
    let path = EdgeKit.temporaryPath()
    var store = try EdgeStore(path: path, gateway: EdgeKit.gateway)
    var core = kit.core()
    let twin = kit.core()
    let other = try EdgeStore(path: EdgeKit.temporaryPath(), gateway: EdgeKit.gateway)
    try store.recover(core)
    try other.recover(twin)
    var now = EdgeKit.start
    var tops = [UInt64](repeating: 0, count: 12)
    for _ in 0..<40 {
      for _ in 0..<Int.random(in: 0...120, using: &generator) {
        now += 1000
        let device = Int.random(in: 0..<12, using: &generator)
        let isBack = Int.random(in: 0..<8, using: &generator) == 0
        let seq = isBack ? tops[device] / 2 : tops[device] + UInt64.random(in: 0...2, using: &generator)
        let isLate = Int.random(in: 0..<20, using: &generator) == 0
        let message = kit.message(device, seq: seq, time: now - (isLate ? 130_000_000 : 0))
        let outcome = core.accept(message, arrival: now)
        #expect(outcome == twin.accept(message, arrival: now), "seed \(seed)")
        if case .accepted = outcome { tops[device] = max(tops[device], seq + 1) }
      }
      let batches = try core.seal(now: now)
      let twins = try twin.seal(now: now)
      #expect(twins.map { $0.header } == batches.map { $0.header }, "seed \(seed)")
      try other.commitNow(twins)
      try store.commitNow(batches)
      guard Int.random(in: 0..<4, using: &generator) == 0 else { continue }
      store.close()
      store = try EdgeStore(path: path, gateway: EdgeKit.gateway)
      core = kit.core()
      try store.recover(core)
      #expect(core.openNumber == twin.openNumber)
    }
  }

  @Test("a restart repeats and skips no number, and anchors what was left")
  func restart() async throws {
    let kit = try EdgeKit(devices: 8)
    let path = EdgeKit.temporaryPath()
    let anchored = Anchored()
    var configuration = GatewayConfiguration(name: EdgeKit.gateway, key: EdgeKit.key)
    configuration.clock = ManualClock(UInt64(EdgeKit.start / 1000))
    configuration.anchor = anchored.anchor
    var seq: UInt64 = 0
    for round in 0..<6 {
      anchored.isDown.withLock { $0 = round % 2 == 1 }
      let gateway = try Gateway(configuration, path: path, sessions: kit.sessions)
      for _ in 0..<3 {
        var messages = MessageBatch()
        for device in 0..<8 {
          messages.append(kit.message(device, seq: seq, time: EdgeKit.start + Int64(seq)), arrival: EdgeKit.start)
        }
        seq += 1
        _ = try await ProofTests.send(gateway, messages)
      }
      try await gateway.close()
    }
    let gateway = try Gateway(configuration, path: path, sessions: kit.sessions)
    anchored.isDown.withLock { $0 = false }
    try await gateway.tick()
    try await gateway.close()
    let headers = try anchored.statements.withLock { $0 }.map {
      try BatchHeader.verify(statement: $0, key: EdgeKit.key.publicKey)
    }
    let unique = Dictionary(headers.map { ($0.number, $0) }) { first, second in
      #expect(first == second)
      return first
    }
    #expect(unique.keys.sorted() == Array(1...UInt64(unique.count)))
    #expect(unique.count >= 18)
    var watch = HeaderWatch(gateway: EdgeKit.gateway, key: EdgeKit.key.publicKey)
    for statement in anchored.statements.withLock({ $0 }) {
      #expect(try watch.see(statement, nowUs: EdgeKit.start) == nil)
    }
  }

  @Test("a damaged body is found when the gateway opens")
  func damage() throws {
    let kit = try EdgeKit(devices: 1)
    let path = EdgeKit.temporaryPath()
    let store = try EdgeStore(path: path, gateway: EdgeKit.gateway)
    let core = kit.core()
    for seq in 0..<50 as Range<UInt64> {
      _ = core.accept(kit.message(0, seq: seq, time: EdgeKit.start), arrival: EdgeKit.start)
    }
    try store.commitNow(try core.seal(now: EdgeKit.start))
    store.close()
    var file = try [UInt8](Data(contentsOf: URL(filePath: path)))
    let needle = Array("temperature".utf8)
    let place = try #require(file.indices.first { file[$0...].starts(with: needle) })
    file[place] ^= 1
    try Data(file).write(to: URL(filePath: path))
    let again = try EdgeStore(path: path, gateway: EdgeKit.gateway)
    #expect(throws: EdgeError.self) { try again.recover(kit.core()) }
    #expect(throws: EdgeError.self) { try EdgeStore(path: path, gateway: "another") }
  }

  @Test("a header equivocates, forks or is far from the clock")
  func watch() throws {
    let key = EdgeKit.key
    var watch = HeaderWatch(gateway: EdgeKit.gateway, key: key.publicKey)
    let now: Int64 = 1_798_761_601_500_000
    let first = HeaderMaker.header(number: 1)
    #expect(try watch.see(try first.statement(key: key).entry, nowUs: now) == nil)
    #expect(try watch.see(try first.statement(key: key).entry, nowUs: now) == nil)
    var other = first
    other.count -= 1
    #expect(try watch.see(try other.statement(key: key).entry, nowUs: now)?.kind == .equivocation)
    let second = HeaderMaker.header(number: 2, previous: other.digest)
    #expect(try watch.see(try second.statement(key: key).entry, nowUs: now)?.kind == .fork)
    let third = HeaderMaker.header(number: 3, previous: second.digest)
    #expect(try watch.see(try third.statement(key: key).entry, nowUs: now + 500_000_000)?.kind == .backdating)
    let foreign = try third.statement(key: PrivateKey.derive(seed: 3, label: "x")).entry
    #expect(throws: EdgeError.self) { try watch.see(foreign, nowUs: now) }
  }
}
