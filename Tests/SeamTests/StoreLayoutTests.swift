import COSE
import Foundation
import Ledger
import Merkle
import Primitives
import Testing

/// Figures, not checks: what docs/decisions/0001-store.md stands on. Run in release mode with TALLYSTICK_MEASURE=1;
/// takes about two minutes and 1.5 GB in the temporary folder.
@Suite("Measurements", .enabled(if: ProcessInfo.processInfo.environment["TALLYSTICK_MEASURE"] == "1"), .serialized)
struct StoreLayoutTests {
  static let keys = 1_000_000
  static let blocks = 32
  static let statements = 2_000
  static let rounds = 5

  /// One layout under way: which keys there are, and what its rounds came to.
  private final class Trial {
    let layout: StateLayout
    let trial: LayoutTrial
    var count = UInt64(StoreLayoutTests.keys)
    var written: UInt64 = 0
    var generator = SeededGenerator(seed: 9)
    /// Microseconds for a statement: all, of the processor alone, of folding; the map's; bytes to disk; ratios.
    var store: [Double] = []
    var processor: [Double] = []
    var fold: [Double] = []
    var map: [Double] = []
    var bytes: [Double] = []
    var ratio: [Double] = []
    var share: [Double] = []
    var limits: [Double] = []

    init(_ layout: StateLayout, _ path: String) throws {
      self.layout = layout
      trial = try LayoutTrial(path: path, layout: layout)
    }

    /// The key with this number: 41 bytes, at a random place or at the end of one of 64 lists.
    func key(_ number: UInt64) -> StateKey {
      let local = layout == .localRows
      var generator = SeededGenerator(seed: local ? number % 64 : number)
      var bytes: [UInt8] = [0x10]
      for _ in 0..<4 { bytes.append(u64: generator.next()) }
      bytes.append(u64: number)
      return StateKey(bytes: bytes)
    }

    func value() -> [UInt8] { generator.bytes(32) }

    /// Two writes for each of a block's statements: a new key, and one that is there already; under local keys one of
    /// the lists' last.
    func writes() -> [LayoutTrial.Write] {
      var writes: [LayoutTrial.Write] = []
      for _ in 0..<StoreLayoutTests.statements {
        let known =
          layout == .localRows ? count - 1 - generator.next() % 64 : generator.next() % UInt64(StoreLayoutTests.keys)
        writes.append((key(known), value()))
        writes.append((key(count), value()))
        count += 1
      }
      return writes
    }

    /// A block's statements, which differ in their first bytes, and its seal's place.
    func entries() -> [[UInt8]] {
      (0...StoreLayoutTests.statements).map { place in
        var entry = [UInt8](repeating: 0x61, count: 400)
        written += 1
        entry.replaceSubrange(0..<8, with: withUnsafeBytes(of: written.bigEndian) { Array($0) })
        return entry
      }
    }
  }

  @Test("the state in random rows, in local rows, in folded blobs, in blobs alone, beside a map of a million keys")
  func layouts() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/tallystick-layouts-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let trials = try StateLayout.allCases.map { try Trial($0, folder + "/\($0).sqlite") }
    let map = try await Self.fill(trials)
    let count = Double(Self.blocks * Self.statements)
    var before = await Self.verifyRate()
    for _ in 0..<Self.rounds {
      for trial in trials {
        let bytes = Times.written
        var mapTime = Times()
        var storeTime = Times()
        for _ in 0..<Self.blocks {
          let (entries, writes) = (trial.entries(), trial.writes())
          let block = Times.now
          try trial.trial.commit(entries, writes)
          let stored = Times.now
          storeTime += stored - block
          // The map is the node's in memory; what it reads back from storage is a cost of the layout that put it there.
          if trial.layout == .folded || trial.layout == .evicted {
            try trial.trial.apply(writes)
            mapTime += Times.now - stored
          }
        }
        let folding = Times.now
        try trial.trial.fold()
        let folded = Times.now - folding
        let writing = Times.now
        try trial.trial.writeBack()
        storeTime += folded
        storeTime += Times.now - writing
        let after = await Self.verifyRate()
        let limit = (before.rate + after.rate) / 2
        let checking = (before.processor + after.processor) / 2
        before = after
        trial.store.append(storeTime.wall / count * 1e6)
        trial.processor.append(storeTime.processor / count * 1e6)
        trial.fold.append(folded.wall / count * 1e6)
        trial.map.append(mapTime.wall / count * 1e6)
        trial.bytes.append(Double(Times.written - bytes) / count)
        trial.ratio.append(count / storeTime.wall / limit)
        trial.share.append(checking / (checking + storeTime.processor / count * 1e6))
        trial.limits.append(limit)
      }
    }
    for trial in trials {
      Self.show(trial.layout.rawValue + ", statements/s", trial.store.map { 1e6 / $0 })
      Self.show(trial.layout.rawValue + ", µs a statement", trial.store)
      Self.show(trial.layout.rawValue + ", µs of processor", trial.processor)
      Self.show(trial.layout.rawValue + ", µs of these folding", trial.fold)
      Self.show(trial.layout.rawValue + ", bytes to disk", trial.bytes)
      Self.show(trial.layout.rawValue + ", of the P-256 rate", trial.ratio)
      Self.show(trial.layout.rawValue + ", share of P-256 in turn, by the clock", trial.ratio.map { $0 / (1 + $0) })
      Self.show(trial.layout.rawValue + ", share of P-256 in turn, by the processor", trial.share)
      Self.show(trial.layout.rawValue + ", P-256 a second", trial.limits)
    }
    for trial in trials where !trial.map.allSatisfy({ $0 == 0 }) {
      Self.show(trial.layout.rawValue + ", µs a statement for the map", trial.map)
    }
    try Self.mapAlone(map, trials[0])
    for trial in trials {
      var times: [Double] = []
      for _ in 0..<3 {
        let start = Times.now
        let opened = try trial.trial.open()
        times.append((Times.now - start).wall)
        #expect(opened.count > Self.keys)
      }
      Self.show(trial.layout.rawValue + ", opening in s", times)
      if trial.trial.waiting > 0 {
        print("measured: \(trial.layout.rawValue), values in memory: \(trial.trial.waiting)")
      }
      trial.trial.close()
    }
  }

  /// Fills every layout with a million keys, and gives the map of the random ones.
  private static func fill(_ trials: [Trial]) async throws -> PatriciaMap {
    var map = PatriciaMap()
    var bytes = 0.0
    for trial in trials {
      let writes = (0..<UInt64(keys)).map { (key: trial.key($0), value: trial.value()) }
      if trial.layout == .randomRows {
        let changes = LayoutTrial.changes(writes)
        let before = Times.resident
        try map.apply(changes)
        bytes = Double(Times.resident - before) / Double(keys)
      }
      // The values of each layout's own map differ, and only the layout that folds needs it.
      var own = PatriciaMap()
      if trial.layout == .folded || trial.layout == .evicted { try own.apply(LayoutTrial.changes(writes)) }
      try trial.trial.fill(writes, map: own)
    }
    print("measured: map in memory: \(Int(bytes)) bytes a key")
    return map
  }

  /// Blocks applied to the map of a million keys that is wholly in memory.
  private static func mapAlone(_ map: PatriciaMap, _ trial: Trial) throws {
    var map = map
    var times: [Double] = []
    for _ in 0..<rounds {
      var time = 0.0
      for _ in 0..<blocks {
        let changes = LayoutTrial.changes(trial.writes())
        let start = Times.now
        try map.apply(changes)
        time += (Times.now - start).wall
      }
      times.append(time / Double(blocks * statements) * 1e6)
    }
    show("map in memory, µs a statement of two keys", times)
  }

  /// P-256 verifications a second on all cores at once, and the microseconds of processor that one takes.
  private static func verifyRate() async -> (rate: Double, processor: Double) {
    let key = PrivateKey.generate(.es256)
    let message = [UInt8](repeating: 7, count: 384)
    guard let signature = try? key.sign(message)[...] else { return (0, 0) }
    let start = Times.now
    let rate = await withTaskGroup(of: Double.self) { group in
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
        group.addTask {
          let start = Times.now
          var count = 0.0
          while (Times.now - start).wall < 0.4 {
            for _ in 0..<64 { precondition(key.publicKey.isValidSignature(signature, for: message)) }
            count += 64
          }
          return count / (Times.now - start).wall
        }
      }
      return await group.reduce(0, +)
    }
    let time = Times.now - start
    return (rate, time.processor / (rate * time.wall) * 1e6)
  }

  private static func show(_ name: String, _ values: [Double]) {
    let sorted = values.sorted()
    func text(_ value: Double) -> String {
      String(format: value >= 1000 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value)
    }
    print(
      "measured: \(name): \(text(sorted[sorted.count / 2])) (\(text(sorted[0])) to \(text(sorted[sorted.count - 1])))")
  }
}

/// A point in time, or a length of it, by the clock and by the process's processor time.
private struct Times {
  var wall = 0.0
  var processor = 0.0

  static var now: Times {
    func read(_ clock: clockid_t) -> Double {
      var time = timespec()
      clock_gettime(clock, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    return Times(wall: read(CLOCK_MONOTONIC), processor: read(CLOCK_PROCESS_CPUTIME_ID))
  }

  static func - (a: Times, b: Times) -> Times { Times(wall: a.wall - b.wall, processor: a.processor - b.processor) }
  static func += (a: inout Times, b: Times) { a = Times(wall: a.wall + b.wall, processor: a.processor + b.processor) }

  /// Bytes that this process has handed to the disk.
  static var written: UInt64 {
    let text = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").first { $0.hasPrefix("write_bytes:") }
      .flatMap { UInt64($0.dropFirst(12).trimmingCharacters(in: .whitespaces)) } ?? 0
  }

  static var resident: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 } ?? 0
  }
}
