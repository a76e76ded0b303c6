import Foundation
import Ledger
import LedgerServer
import MediaDecode
import MediaHash
import Primitives
import Rights

/// What `bench` measures. Pictures, files and codes are made before the clock starts.
struct CopyrightBench {
  let runs: Int
  let folder: String
  let exchange: String?
  var report = BenchReport()
  var rows: [Row] = []

  /// How many of a hundred copies are found that were altered in one way.
  struct Row: Encodable {
    let transform: String
    let target: Int?
    let plain: Int
    let found: Int
  }

  init(runs: Int, folder: String, exchange: String?) {
    (self.runs, self.exchange) = (runs, exchange)
    self.folder = folder + "/tallystick-copyright-bench-\(UUID().uuidString.prefix(8))"
  }

  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return start.duration(to: .now) / .seconds(1)
  }

  static func pictures(_ count: Int, width: Int, height: Int, seed: UInt64 = 1) -> [RGBImage] {
    (0..<count).compactMap { ProceduralPictures.picture(seed: seed &+ UInt64($0), width: width, height: height) }
  }

  /// Writes a file for other programs, if there is a folder for them.
  private func hand(_ name: String, _ bytes: @autoclosure () throws -> [UInt8]) throws {
    guard let exchange else { return }
    let path = "\(exchange)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Console.write(try bytes(), to: path)
  }

  private static func ppm(_ image: RGBImage) -> [UInt8] {
    Array("P6\n\(image.width) \(image.height)\n255\n".utf8) + image.pixels
  }

  /// The resident memory of this process in bytes.
  private static var resident: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) * 1024
  }

  // MARK: Hashes

  /// PDQ of pictures of 1024 by 768 from pixels and from JPEG files, here and through the confined process.
  mutating func hashing() throws {
    let images = Self.pictures(8, width: 1024, height: 768)
    let files = images.map { PictureEncoder.jpeg($0, quality: 85) ?? [] }
    for (number, image) in images.enumerated() {
      try hand("hashing/\(number).ppm", Self.ppm(image))
      try hand("hashing/\(number).jpg", files[number])
      try hand("hashing/\(number).pdq", Array(PDQ.hashUnreduced(image).hash.hex.utf8))
    }
    func measure(_ name: String, _ body: (Int) throws -> Void) throws {
      var times: [Double] = []
      for _ in 0..<max(runs, 3) {
        for number in images.indices { times.append(try Self.seconds { try body(number) } * 1000) }
      }
      report.add(name, times, unit: "ms")
    }
    var mark = 0
    try measure("pdq-1024x768") { mark ^= PDQ.hash(images[$0]).quality }
    try measure("pdq-1024x768-every-pixel") { mark ^= PDQ.hashUnreduced(images[$0]).quality }
    try measure("variants-1024x768") { mark ^= PDQVariants.registered(of: images[$0]).count }
    try measure("probes-1024x768") { mark ^= PDQVariants.probes(of: images[$0]).count }
    try measure("jpeg-to-pdq") { mark ^= PDQ.hash(try PictureDecoder.decode(files[$0]).image).quality }
    let pool = DecodePool(workers: 1)
    defer { pool.close() }
    _ = try pool.decodeWaiting(files[0])
    try measure("jpeg-to-pdq-confined") { mark ^= PDQ.hash(try pool.decodeWaiting(files[$0]).image).quality }
    if mark == Int.min { Console.say("") }
  }

  // MARK: Search

  /// All codes within 31 bits, one thread: looked through one by one, and by the index.
  mutating func search(_ count: Int) throws {
    let store = try PDQStore(rules: "bench", capacity: count)
    var generator = SeededGenerator(seed: 31)
    func code() -> PDQHash {
      PDQHash(
        word0: generator.next(), word1: generator.next(), word2: generator.next(), word3: generator.next())
    }
    var batch: [PDQEntry] = []
    for number in 0..<count {
      batch.append(PDQEntry(hash: code(), work: UInt32(number / 10), variant: UInt8(number % 10)))
      if batch.count == 1 << 16 || number == count - 1 {
        try store.append(contentsOf: batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    // Planted: each is a registered code with 0 to 31 of its bits changed.
    let queries = (0..<10_000).map { number -> (place: Int, hash: PDQHash) in
      let place = Int(generator.next() % UInt64(count))
      var bytes = store[place].hash.bytes
      for bit in Array(0..<256).shuffled(using: &generator).prefix(number % 32) {
        bytes[bit >> 3] ^= 1 << UInt8(bit & 7)
      }
      return (place, PDQHash(bytes: bytes) ?? PDQHash())
    }
    try hand("search/queries.bin", queries.flatMap { $0.hash.bytes })
    try hand("search/places.bin", queries.flatMap { query in (0..<8).map { UInt8(query.place >> (8 * $0) & 255) } })
    if exchange != nil {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(32 * count)
      for place in 0..<count { bytes += store[place].hash.bytes }
      try hand("search/codes.bin", bytes)
    }
    let search = PDQSearch(store)
    let base = Self.resident
    report.add("search-codes-memory", [base / 1_048_576], unit: "MiB with the program")
    func measure(_ name: String, _ number: Int) {
      var (times, missing) = ([Double](), 0)
      for query in queries.prefix(number) {
        var found: [PDQMatch] = []
        times.append(Self.seconds { found = search.matches(query.hash) } * 1000)
        if !found.contains(where: { $0.entry == query.place }) { missing += 1 }
      }
      report.add(name, times, unit: "ms a query")
      report.add(name + "-missing", [Double(missing)], unit: "planted codes not found")
    }
    measure("search-scan", 20 * runs)
    let building = Self.seconds { search.reindex() }
    report.add("search-index-build", [building], unit: "s")
    report.add("search-index-memory", [Self.resident / 1_048_576], unit: "MiB with codes and program")
    measure("search-indexed", queries.count)
    try matching(search, works: count / 10)
  }

  /// Uploaded JPEG files a second, decoded, hashed nine ways and matched against works of ten codes each, on all cores.
  private mutating func matching(_ search: PDQSearch, works: Int) throws {
    let files = Self.pictures(16, width: 640, height: 480, seed: 900).map { PictureEncoder.jpeg($0, quality: 85) ?? [] }
    let probes = Self.pictures(16, width: 640, height: 480, seed: 900).map {
      PDQVariants.probes(of: $0).map(\.result.hash)
    }
    let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
    let pool = DecodePool(workers: cores)
    defer { pool.close() }
    func rate(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Double {
      let time = Self.seconds { DispatchQueue.concurrentPerform(iterations: count) { body($0) } }
      return Double(count) / time
    }
    report.add(
      "uploads-matched",
      (0..<runs).map { _ in
        rate(200) { number in
          guard let picture = try? pool.decodeWaiting(files[number % 16]) else { return }
          _ = search.matches(PDQVariants.probes(of: picture.image).map(\.result.hash), limit: 1)
        }
      }, unit: "JPEG files/s against \(works) works, \(cores) cores")
    report.add(
      "probes-matched", (0..<runs).map { _ in rate(400) { _ = search.matches(probes[$0 % 16], limit: 1) } },
      unit: "uploads/s of nine probes each, hashed before")
  }

  // MARK: Registration

  /// JPEG files registered a second: hashed, checked against all before, sealed durably, with the file kept.
  mutating func registering(_ count: Int) async throws {
    let images = Self.pictures(count, width: 320, height: 240, seed: 5000)
    let files = images.map { PictureEncoder.jpeg($0, quality: 85) ?? [] }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plan = Consortium.Plan(
      members: [("one", "One", .member), ("two", "Two", .member), ("three", "Three", .member)], seed: 1,
      time: SystemClock().now())
    let consortium = try Consortium.found(at: folder, suite: CopyrightApp.suite, plan: plan)
    let open = try await consortium.open(suite: CopyrightApp.suite, clock: SystemClock())
    let desk = RightsDesk(
      node: open.sequencer, member: "one", key: try Working.key("one", consortium), clock: SystemClock())
    guard let owners = Shares([Share("one", Shares.whole)]) else { return }
    let start = ContinuousClock.now
    var accepted = 0
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for (number, file) in files.enumerated() {
        if number >= 16 { if try await group.next() == true { accepted += 1 } }
        group.addTask {
          let (_, outcome) = try await desk.register(
            file, .init(title: "Picture \(number)", owners: owners), hasher: Hashing.hasher)
          if case .accepted = outcome { return true }
          return false
        }
      }
      for try await done in group where done { accepted += 1 }
    }
    let time = start.duration(to: .now) / .seconds(1)
    await open.close()
    report.add("registrations", [Double(accepted) / time], unit: "works/s of \(count), from JPEG to sealed, file kept")
  }

  // MARK: Robustness

  /// Which altered copies are found, plain and with variants; and unrelated pairs, of which none may be.
  mutating func robustness(_ count: Int) throws {
    let images = Self.pictures(count, width: 640, height: 480, seed: 100)
    if exchange != nil {
      for (number, image) in images.prefix(12).enumerated() {
        try hand("robustness/\(number)/original.ppm", Self.ppm(image))
        for transform in PictureTransform.all {
          let name = transform.name.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
          try hand("robustness/\(number)/\(name).ppm", Self.ppm(transform.apply(image)))
        }
      }
    }
    let table = RobustnessTable.measure(images)
    rows = table.rows.map { row in
      let name = row.transform.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
      return Row(transform: name, target: row.target, plain: row.percentPlain, found: row.percent)
    }
    let unrelated = RobustnessTable.measure(Self.pictures(130, width: 320, height: 240, seed: 40_000), transforms: [])
    report.add("unrelated-pairs", [Double(unrelated.unrelatedPairs)], unit: "pairs of different pictures' codes")
    report.add("false-positives", [Double(unrelated.falsePositives)], unit: "of them within 31")
    report.add("smallest-unrelated", [Double(unrelated.smallestUnrelated)], unit: "bits")
  }
}
