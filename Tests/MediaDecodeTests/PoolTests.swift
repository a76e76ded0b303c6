import Foundation
import MediaDecode
import MediaHash
import Primitives
import Testing

@Suite(.serialized) struct PoolTests {
  func refusal(_ pool: DecodePool, _ file: [UInt8]) -> MediaRefusal? {
    do {
      _ = try pool.decodeWaiting(file)
      return nil
    } catch { return error }
  }

  @Test func `Pictures come out of the process as they come out of the decoder`() async throws {
    let pool = Child.pool(workers: 2, files: 5)
    for seed in 1...8 as ClosedRange<UInt64> {
      let image = Pictures.picture(200 + Int(seed) * 37, 150, seed: seed)
      for file in [
        PictureEncoder.png(image), PictureEncoder.jpeg(image, quality: 80), PictureEncoder.webp(image, quality: 80),
      ] {
        let file = try #require(file)
        let picture = try await pool.decode(file)
        #expect(try picture == PictureDecoder.decode(file))
      }
    }
    // 24 files, five to a process.
    #expect(pool.startedCount == 5)
  }

  @Test func `Many files at a time are all answered`() async throws {
    let pool = Child.pool(workers: 2, waiting: 1000)
    let image = Pictures.picture(100, 80)
    let file = try #require(PictureEncoder.jpeg(image, quality: 80))
    let expected = try PictureDecoder.decode(file)
    let wrong = await withTaskGroup(of: Bool.self) { group in
      for i in 0..<200 {
        group.addTask {
          if i % 10 == 0 { return (try? await pool.decode(Array(file.dropLast(50)))) != nil }
          return (try? await pool.decode(file)) != expected
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(wrong == 0)
    #expect(pool.startedCount <= 2)
  }

  @Test func `A confined process can open, connect, start and grow nothing`() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Child.path)
    process.arguments = ["confined"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    if process.terminationStatus == 50 {
      print("skipped: this system has no seccomp")
    } else {
      #expect(process.terminationStatus == 0)
    }
  }

  @Test func `Decoders that crash, hang, spin, lie or end are refusals`() throws {
    let file = try #require(PictureEncoder.png(Pictures.picture(20, 20)))
    var limits = DecodeLimits.standard
    limits.wallMilliseconds = 400
    let clock = ContinuousClock()
    for (argument, expected) in [
      ("crash", MediaRefusal.crashed(signal: 6)), ("hang", .tooSlow), ("spin", .tooSlow), ("lie", .crashed(signal: 0)),
      ("short", .crashed(signal: 0)),
    ] {
      let pool = Child.pool(limits: limits, arguments: [argument])
      for _ in 0..<2 {
        let start = clock.now
        #expect(refusal(pool, file) == expected, "\(argument)")
        #expect(clock.now - start < .seconds(3))
      }
      #expect(pool.startedCount == 2, "\(argument)")
    }
    let missing = DecodePool(executable: "/nowhere/decoder")
    guard case .noDecoder = refusal(missing, file) else {
      Issue.record("\(String(describing: refusal(missing, file)))")
      return
    }
    let other = DecodePool(executable: "/bin/true")
    guard case .noDecoder = refusal(other, file) else {
      Issue.record("\(String(describing: refusal(other, file)))")
      return
    }
  }

  @Test func `A process that is gone while idle is replaced, and a closed pool says so`() throws {
    let pool = Child.pool()
    let file = try #require(PictureEncoder.png(Pictures.picture(20, 20)))
    #expect(refusal(pool, file) == nil)
    #expect(pool.idleProcesses.count == 1)
    for process in pool.idleProcesses { kill(process, SIGKILL) }
    usleep(50_000)
    #expect(refusal(pool, file) == nil)
    #expect(pool.startedCount == 2)
    pool.close()
    guard case .noDecoder = refusal(pool, file) else {
      Issue.record("a closed pool decodes")
      return
    }
    let narrow = Child.pool(waiting: 0)
    #expect(refusal(narrow, file) == nil)
  }

  @Test func `Speed of a file through the process`() throws {
    let pool = Child.pool()
    let image = Pictures.picture(1024, 768)
    let file = try #require(PictureEncoder.jpeg(image, quality: 85))
    _ = try pool.decodeWaiting(file)
    var (decoding, hashing, variants): ([Duration], [Duration], [Duration]) = ([], [], [])
    let clock = ContinuousClock()
    for _ in 0..<21 {
      var picture: DecodedPicture?
      decoding.append(try clock.measure { picture = try pool.decodeWaiting(file) })
      guard let picture else { continue }
      hashing.append(clock.measure { _ = PDQ.hash(picture.image) })
      variants.append(clock.measure { _ = PDQVariants.registered(of: picture.image) })
    }
    let inside = (0..<11).map { _ in clock.measure { _ = try? PictureDecoder.decode(file) } }.sorted()[5]
    print(
      "JPEG 1024x768, \(file.count) bytes: through the process \(decoding.sorted()[10]), in this process \(inside), "
        + "PDQ \(hashing.sorted()[10]), variants \(variants.sorted()[10])")
    #expect(decoding.min()! < .milliseconds(100))
    // `LARGE=1` measures a photograph of twelve million pixels, which takes a while to make.
    guard ProcessInfo.processInfo.environment["LARGE"] != nil else { return }
    let large = try #require(PictureEncoder.jpeg(Pictures.picture(4000, 3000), quality: 85))
    var times: [Duration] = []
    for _ in 0..<9 {
      times.append(
        try clock.measure {
          let picture = try pool.decodeWaiting(large)
          #expect(picture.factor == 2)
          _ = PDQ.hash(picture.image)
        })
    }
    print("JPEG 4000x3000 through the process and PDQ: median \(times.sorted()[4]), best \(times.min()!)")
  }
}
