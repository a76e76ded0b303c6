import CPopcount
import Foundation
import MediaHash
import Primitives
import Testing

/// Codes for the search: random ones, some of them near others.
enum Codes {
  static func random(_ generator: inout SeededGenerator) -> PDQHash {
    PDQHash(
      word0: generator.next(), word1: generator.next(), word2: generator.next(), word3: generator.next())
  }

  /// `hash` with exactly `flips` other bits.
  static func near(_ hash: PDQHash, flips: Int, _ generator: inout SeededGenerator) -> PDQHash {
    var (near, left) = (hash, flips)
    while left > 0 {
      let bit = Int(generator.next() % 256)
      guard near[bit: bit] == hash[bit: bit] else { continue }
      near[bit: bit].toggle()
      left -= 1
    }
    return near
  }

  static func entries(_ count: Int, seed: UInt64) -> [PDQEntry] {
    var generator = SeededGenerator(seed: seed)
    var entries: [PDQEntry] = []
    for i in 0..<count {
      let hash =
        i > 0 && i % 5 == 0
        ? near(entries[Int(generator.next() % UInt64(i))].hash, flips: Int(generator.next() % 40), &generator)
        : random(&generator)
      entries.append(PDQEntry(hash: hash, work: UInt32(i / 3), variant: UInt8(i % 11)))
    }
    return entries
  }

  /// What a look at every entry finds.
  static func obvious(_ entries: [PDQEntry], _ probes: [PDQHash], radius: Int) -> Set<[Int]> {
    var found: Set<[Int]> = []
    for (number, probe) in probes.enumerated() {
      for (place, entry) in entries.enumerated() {
        let distance = (0..<4).reduce(0) { $0 + (probe.word($1) ^ entry.hash.word($1)).nonzeroBitCount }
        if distance <= radius { found.insert([place, number, distance]) }
      }
    }
    return found
  }
}

/// A folder that goes when the test ends.
final class Folder {
  let path: String
  init() {
    path = NSTemporaryDirectory() + "/pdq-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite(.serialized) struct SearchTests {
  func set(_ matches: [PDQMatch]) -> Set<[Int]> { Set(matches.map { [$0.entry, $0.probe, $0.distance] }) }

  @Test func `Every level of instructions and the index find what the obvious scan finds`() throws {
    let seed: UInt64 = 11
    let entries = Codes.entries(3001, seed: seed)
    let store = try PDQStore(rules: "test")
    try store.append(contentsOf: entries)
    var generator = SeededGenerator(seed: seed + 1)
    var probes: [PDQHash] = []
    for i in 0..<40 {
      let base = entries[Int(generator.next() % UInt64(entries.count))].hash
      probes.append(i % 4 == 0 ? Codes.random(&generator) : Codes.near(base, flips: i, &generator))
    }
    let levels = (0...3).filter { cpopcount_has($0) == 1 }
    print("population count levels of this machine: \(levels)")
    let indexed = PDQSearch(store)
    indexed.reindex()
    #expect(indexed.indexedCount == entries.count)
    for radius in [0, 1, 10, 11, 21, 22, 31, 32, 33, 60, 256] {
      let some = radius > 60 ? Array(probes[..<2]) : probes
      let expected = Codes.obvious(entries, some, radius: radius)
      for level in levels {
        let search = PDQSearch(store, level: level)
        let matches = search.matches(some, radius: radius)
        #expect(set(matches) == expected, "level \(level), radius \(radius), seed \(seed)")
        #expect(matches.count == expected.count)
        let one = search.matches(some[1], radius: radius)
        #expect(set(one).count == expected.count { $0[1] == 1 })
      }
      let matches = indexed.matches(some, radius: radius)
      #expect(set(matches) == expected, "index, radius \(radius), seed \(seed)")
      #expect(matches.count == expected.count)
      #expect(zip(matches, matches.dropFirst()).allSatisfy { $0.distance <= $1.distance })
      #expect(indexed.matches(some, radius: radius, limit: 3) == Array(matches.prefix(3)))
    }
    for match in indexed.matches(probes) {
      #expect(match.work == entries[match.entry].work && match.variant == entries[match.entry].variant)
      #expect(store[match.entry] == entries[match.entry])
    }
    #expect(indexed.matches(probes, radius: -1).isEmpty)
    #expect(indexed.matches([], radius: 31).isEmpty)
  }

  @Test func `The index misses nothing wherever the bits differ`() throws {
    // Distances of 31 and 32 laid out so that as many slots as possible have three bits or more.
    let seed: UInt64 = 5
    var generator = SeededGenerator(seed: seed)
    let store = try PDQStore(rules: "test")
    let probe = Codes.random(&generator)
    for trial in 0..<4000 {
      var hash = probe
      var left = 31 + trial % 2
      var slots = Array(0..<11)
      slots.shuffle(using: &generator)
      for slot in slots {
        var inSlot = 0
        while inSlot < 3 && left > 0 {
          let bit = slot * 23 + Int(generator.next() % 23)
          guard hash[bit: bit] == probe[bit: bit] else { continue }
          hash[bit: bit].toggle()
          inSlot += 1
          left -= 1
        }
      }
      try store.append(PDQEntry(hash: hash, work: UInt32(trial), variant: 0))
    }
    let search = PDQSearch(store)
    search.reindex()
    #expect(search.matches(probe, radius: 31).count == 2000, "seed \(seed)")
    #expect(search.matches(probe, radius: 32).count == 4000, "seed \(seed)")
  }

  @Test func `What is appended after indexing is found, across chunks and while searching`() async throws {
    let store = try PDQStore(rules: "test")
    let search = PDQSearch(store)
    let entries = Codes.entries(150_000, seed: 3)
    try store.append(contentsOf: entries[..<60_000])
    search.reindex()
    let writer = Thread {
      for start in stride(from: 60_000, to: 150_000, by: 500) {
        _ = try? store.append(contentsOf: entries[start..<start + 500])
      }
    }
    writer.start()
    var rounds = 0
    while store.count < 150_000 || rounds < 50 {
      let count = store.count
      let place = (count - 1) * (rounds % 7 + 1) / 7
      let found = search.matches(entries[place].hash, radius: 0)
      #expect(found.contains { $0.entry == place }, "entry \(place) of \(count)")
      for match in found { #expect(entries[match.entry].hash == entries[place].hash) }
      rounds += 1
      if rounds == 10 { search.reindex() }
    }
    #expect(search.needsReindexing(least: 1000))
    search.reindex()
    #expect(!search.needsReindexing(least: 1000))
    let probes = stride(from: 0, to: 150_000, by: 9999).map { entries[$0].hash }
    #expect(set(search.matches(probes)) == Codes.obvious(entries, probes, radius: 31))
  }

  @Test func `A file keeps what was flushed and is emptied when it does not check`() throws {
    let folder = Folder()
    let path = folder.path + "/codes"
    let entries = Codes.entries(70_000, seed: 8)
    do {
      let store = try PDQStore(path: path, rules: "rules 1")
      #expect(store.position == 0 && store.count == 0)
      try store.append(contentsOf: entries[..<69_000])
      try store.flush(position: 42)
      try store.append(contentsOf: entries[69_000...])
      #expect(throws: PDQStoreError.inUse(path: path)) { try PDQStore(path: path, rules: "rules 1") }
    }
    do {
      let store = try PDQStore(path: path, rules: "rules 1")
      #expect(store.position == 42 && store.count == 69_000)
      #expect((0..<69_000).allSatisfy { store[$0] == entries[$0] })
      #expect(PDQSearch(store).matches(entries[68_999].hash, radius: 0).contains { $0.entry == 68_999 })
      try store.append(contentsOf: entries[69_000...])
      try store.flush(position: 43)
    }
    do {
      let store = try PDQStore(path: path, rules: "rules 2")
      #expect(store.position == 0 && store.count == 0)
      try store.append(entries[0])
      try store.flush(position: 1)
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for byte in [0, 5, 8, 15, 16, 23, 24, 55, 56, 63] {
      var damaged = whole
      damaged[byte] ^= 1
      try damaged.write(to: URL(fileURLWithPath: path))
      #expect(try PDQStore(path: path, rules: "rules 2").count == 0, "byte \(byte)")
    }
    try whole.write(to: URL(fileURLWithPath: path))
    #expect(try PDQStore(path: path, rules: "rules 2").count == 1)
    for length in [0, 1, 63, 64, 4096, 4097, 70_000] {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(try PDQStore(path: path, rules: "rules 2").count == 0, "length \(length)")
    }
    try whole.write(to: URL(fileURLWithPath: path))
    let store = try PDQStore(path: path, rules: "rules 2")
    try store.removeAll()
    #expect(store.count == 0 && store.position == 0)
  }

  @Test func `A full store and an impossible path are errors that say so`() throws {
    let store = try PDQStore(rules: "test", capacity: 1)
    #expect(store.capacity == 65_536)
    let entry = PDQEntry(hash: PDQHash(), work: 0, variant: 0)
    try store.append(contentsOf: repeatElement(entry, count: 65_536))
    #expect(throws: PDQStoreError.full(capacity: 65_536)) { try store.append(entry) }
    #expect(store.count == 65_536)
    #expect(PDQSearch(store).matches(PDQHash()).count == 65_536)
    let error = #expect(throws: PDQStoreError.self) { try PDQStore(path: "/nowhere/at/all", rules: "") }
    #expect(error?.description.contains("/nowhere/at/all") == true)
  }

  /// `SEARCH_CODES=10000000` measures the search at full size.
  @Test func `Planted codes are all found, and how fast`() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["SEARCH_CODES"].flatMap { Int($0) } ?? 100_000
    let asked = environment["SEARCH_PROBES"].flatMap { Int($0) } ?? 200
    let seed: UInt64 = 17
    var generator = SeededGenerator(seed: seed)
    let store = try PDQStore(rules: "test")
    for start in stride(from: 0, to: count, by: 10_000) {
      try store.append(
        contentsOf: (start..<min(count, start + 10_000)).map {
          PDQEntry(hash: Codes.random(&generator), work: UInt32($0), variant: 0)
        })
    }
    let search = PDQSearch(store)
    let clock = ContinuousClock()
    var planted: [(entry: Int, flips: Int, code: PDQHash)] = []
    for i in 0..<asked {
      let entry = Int(generator.next() % UInt64(count))
      let flips = i % 32
      planted.append((entry, flips, Codes.near(store[entry].hash, flips: flips, &generator)))
    }
    for indexed in [false, true] {
      if indexed { print("index of \(count) codes: \(clock.measure { search.reindex() })") }
      var times: [Duration] = []
      // A scan at full size takes its time; the index answers them all.
      for (entry, flips, code) in indexed ? planted : Array(planted.prefix(50_000_000 / count)) {
        var matches: [PDQMatch] = []
        times.append(clock.measure { matches = search.matches(code) })
        #expect(matches.contains { $0.entry == entry && $0.distance == flips }, "entry \(entry), seed \(seed)")
        #expect(matches.count == 1)
      }
      times.sort()
      guard !times.isEmpty else { continue }
      print(
        "\(indexed ? "index" : "scan") of \(count) codes, \(times.count) probes: median \(times[times.count / 2]), "
          + "slowest of 99 % \(times[times.count * 99 / 100]), best \(times[0])")
    }
    let probes = planted.prefix(8).map(\.code)
    print("eight probes at once: \(clock.measure { _ = search.matches(probes) })")
  }

  @Test func `The golden search finds its 250 pairs`() throws {
    guard let folder = PublicData.folder("pdq") else { return }
    func read(_ name: String) throws -> [PDQHash] {
      try String(contentsOfFile: folder + "/" + name, encoding: .utf8).split(separator: "\n").map {
        try #require(PDQHash(hex: $0))
      }
    }
    let (needles, haystack) = (try read("needles.txt"), try read("haystack.txt"))
    #expect(needles.count == 100 && haystack.count == 1350)
    let store = try PDQStore(rules: "golden")
    try store.append(
      contentsOf: haystack.enumerated().map { PDQEntry(hash: $1, work: UInt32($0), variant: 0) })
    let search = PDQSearch(store)
    for indexed in [false, true] {
      if indexed { search.reindex() }
      let matches = search.matches(needles).sorted { ($0.probe, $0.entry) < ($1.probe, $1.entry) }
      #expect(matches.count == 250)
      #expect(matches.map(\.distance).max() == 24)
      let listing = matches.map { "\($0.probe) \($0.entry) \($0.distance)\n" }.joined()
      #expect(
        Digest.sha256(listing).hex == "60591844e38e38e1d9785de70a72ef05c65d6e53a42442718030c1dfdcc568e5")
    }
  }
}

/// The public data beside the project, if it is there.
enum PublicData {
  static func folder(_ name: String) -> String? {
    var parts = #filePath.split(separator: "/")
    while !parts.isEmpty {
      parts.removeLast()
      let path = "/" + parts.joined(separator: "/") + "/shared/data/media/" + name
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    print("skipped: the public data media/\(name) is not beside the project")
    return nil
  }
}
