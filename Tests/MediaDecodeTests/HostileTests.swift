import Foundation
import MediaAudio
import MediaDecode
import MediaHash
import Primitives
import Testing

/// `make fuzz` runs them by their name.
@Suite(.serialized) struct HostileFuzzTests {
  static let rounds = ProcessInfo.processInfo.environment["TALLYSTICK_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 3000

  static func files() throws -> [[UInt8]] {
    let image = Pictures.picture(96, 64)
    let png = try #require(PictureEncoder.png(image))
    let jpeg = try #require(PictureEncoder.jpeg(image, quality: 70))
    let webp = try #require(PictureEncoder.webp(image, quality: 70))
    let rows = (0..<30 * 21).map { (i: Int) -> UInt8 in i % 21 == 0 ? 0 : UInt8(i & 0x77) }
    let colours: [UInt8] = (0..<48).map { UInt8($0 * 5) }
    let palette = FileMaker.png(
      width: 40, height: 30, depth: 4, colour: 3, rows: rows, extra: FileMaker.chunk("PLTE", colours))
    var files = [png, jpeg, webp, palette]
    files.append(FileMaker.png(png, orientation: 6, little: true))
    files.append(FileMaker.jpeg(jpeg, orientation: 5, little: false))
    files.append(FileMaker.webp(webp, width: 96, height: 64, orientation: 3, start: false))
    return files
  }

  @Test func `Truncated files are refused wherever they end`() throws {
    let pool = Child.pool(files: 100_000)
    let image = Pictures.picture(256, 192)
    for file in [
      PictureEncoder.png(image), PictureEncoder.jpeg(image, quality: 70), PictureEncoder.webp(image, quality: 70),
    ] {
      let file = try #require(file)
      for length in Array(stride(from: 0, to: file.count, by: 100)) + [file.count - 1] {
        let start = ContinuousClock.now
        #expect(throws: MediaRefusal.self, "\(length) of \(file.count) bytes") {
          try pool.decodeWaiting(Array(file[..<length]))
        }
        #expect(ContinuousClock.now - start < .seconds(2))
      }
      _ = try pool.decodeWaiting(file)
    }
    // None of them cost a process.
    #expect(pool.startedCount == 1)
  }

  @Test func `A bomb is refused at once`() throws {
    // 30,000 by 30,000 at one bit: 2.5 GiB as RGB.
    let pool = Child.pool()
    let rows = [UInt8](repeating: 0, count: 3751 * 40)
    let bomb = FileMaker.png(width: 30_000, height: 30_000, depth: 1, colour: 0, rows: rows)
    let start = ContinuousClock.now
    #expect(throws: MediaRefusal.tooLong(width: 30_000, height: 30_000, limit: 16_384)) {
      try pool.decodeWaiting(bomb)
    }
    // Within the limits, but its rows are missing.
    let hollow = FileMaker.png(width: 2000, height: 2000, depth: 8, colour: 2, rows: [0, 1, 2])
    #expect(throws: MediaRefusal.damaged(format: .png)) { try pool.decodeWaiting(hollow) }
    let few = FileMaker.png(width: 8192, height: 8192, depth: 8, colour: 2, rows: [0, 1, 2])
    #expect(throws: MediaRefusal.bomb(width: 8192, height: 8192, bytes: few.count)) { try pool.decodeWaiting(few) }
    let interlaced = FileMaker.png(width: 8192, height: 8192, depth: 16, colour: 6, rows: [0, 1, 2], interlaced: true)
    #expect(throws: MediaRefusal.self) { try pool.decodeWaiting(interlaced) }
    #expect(ContinuousClock.now - start < .seconds(5))
    _ = try pool.decodeWaiting(#require(PictureEncoder.png(Pictures.picture(20, 20))))
  }

  @Test func `A bomb with all its pixels is refused at once, a picture of that size is not`() throws {
    let pool = Child.pool()
    // As encoders write it: 64 megapixels of one colour.
    let plain = try #require(RGBImage(width: 8000, height: 8000, pixels: [UInt8](repeating: 200, count: 192_000_000)))
    for file in [PictureEncoder.png(plain), PictureEncoder.webp(plain, quality: 30)] {
      let file = try #require(file)
      print("64 megapixels of one colour: \(file.count) bytes")
      let start = ContinuousClock.now
      #expect(throws: MediaRefusal.bomb(width: 8000, height: 8000, bytes: file.count)) {
        try pool.decodeWaiting(file)
      }
      // Some milliseconds by itself; beside tests that load every core it waits for its turn.
      #expect(ContinuousClock.now - start < .seconds(10))
    }
    // JPEG needs bytes for each block, so that its plain pictures are within the bound; they are made smaller.
    let jpeg = try #require(PictureEncoder.jpeg(plain, quality: 50))
    let start = ContinuousClock.now
    #expect(try pool.decodeWaiting(jpeg).image.width == 2000)
    print("64 megapixels of JPEG, \(jpeg.count) bytes: \(ContinuousClock.now - start)")
    // A scan costs its pixels again: a large picture has fewer of them.
    let limits = DecodeLimits.standard
    #expect(limits.mostScans(pixels: 1_000_000) == 100 && limits.mostScans(pixels: 64 << 20) == 12)
  }

  @Test func `Mutated files never end the program`() throws {
    let pool = Child.pool()
    let files = try HostileFuzzTests.files()
    var (taken, refused, crashed) = (0, 0, 0)
    for seed in 0..<UInt64(HostileFuzzTests.rounds) {
      let file = HostileFuzzTests.mutated(files, seed: seed)
      do {
        let picture = try pool.decodeWaiting(file)
        taken += 1
        #expect(picture.image.pixels.count == 3 * picture.image.width * picture.image.height)
      } catch {
        refused += 1
        if case .crashed = error {
          crashed += 1
          print("seed \(seed) ends a decoder: \(error)")
        }
      }
    }
    print("mutated files: \(taken) taken, \(refused) refused, \(crashed) ended a decoder")
    #expect(refused > HostileFuzzTests.rounds / 5)
    #expect(crashed == 0)
    _ = try pool.decodeWaiting(files[0])
  }

  /// Small files of the other kinds: sound in every format that is read, a film, a picture without a codec, writing.
  static func others() throws -> [[UInt8]] {
    let samples = (0..<5 * 11_025).map { (i: Int) -> Int16 in Int16(clamping: (i * 37 % 211 - 105) * (i / 900 % 97)) }
    let pcm = try PCM(sampleRate: 11_025, channels: 1, samples: samples)
    var files = AudioDecoder.Format.allCases.compactMap { AudioEncoder.file(pcm, as: $0) }
    let frame = (0..<64 * 48 * 3).map { (i: Int) -> UInt8 in UInt8(truncatingIfNeeded: i * i >> 7) }
    var film = Array("YUV4MPEG2 W64 H48 F1:1 Ip A1:1 C444\n".utf8)
    for _ in 0..<4 { film += Array("FRAME\n".utf8) + frame }
    files += [film, Array("P6\n64 48\n255\n".utf8) + frame]
    files.append(Array(String(repeating: "A bridge over the river, 河上有桥。", count: 40).utf8))
    return files
  }

  @Test func `Mutated sound, films and writing never end the program`() throws {
    let pool = Child.pool()
    let files = try HostileFuzzTests.others()
    #expect(files.count >= 6)
    let rounds = max(600, HostileFuzzTests.rounds / 5)
    var (taken, refused, crashed) = (0, 0, 0)
    for seed in 0..<UInt64(rounds) {
      do {
        _ = try pool.mediaWaiting(HostileFuzzTests.mutated(files, seed: seed))
        taken += 1
      } catch {
        refused += 1
        if case .crashed = error {
          crashed += 1
          print("seed \(seed) ends a decoder: \(error)")
        }
      }
    }
    print("mutated sound, films and writing: \(taken) taken, \(refused) refused, \(crashed) ended a decoder")
    #expect(taken > 50 && refused > 50 && crashed == 0)
    for file in files { _ = try pool.mediaWaiting(file) }
  }

  static func mutated(_ files: [[UInt8]], seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    var file = files[Int(random.next() % UInt64(files.count))]
    func place() -> Int { file.isEmpty ? 0 : Int(random.next() % UInt64(file.count)) }
    for _ in 0..<1 + random.next() % 4 where !file.isEmpty {
      // Headers are where it hurts most.
      let at = random.next() % 2 == 0 ? place() % min(64, file.count) : place()
      switch random.next() % 6 {
      case 0: file[at] ^= 1 << UInt8(random.next() % 8)
      case 1: file[at] = UInt8(truncatingIfNeeded: random.next())
      case 2: file[at] = [0, 255, 127, 128].randomElement(using: &random) ?? 0
      case 3: file.removeSubrange(at..<min(file.count, at + Int(random.next() % 20)))
      case 4: file.insert(contentsOf: file[at..<min(file.count, at + Int(random.next() % 40))], at: place())
      default: file.insert(contentsOf: random.bytes(Int(random.next() % 20)), at: at)
      }
    }
    // A PNG with right check sums gets further.
    if seed % 2 == 0, file.count > 33, file[1] == 0x50 { repair(&file) }
    return file
  }

  static func repair(_ file: inout [UInt8]) {
    var at = 8
    while at + 12 <= file.count {
      let length = file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= file.count - at - 12 else { return }
      let crc = FileMaker.big(FileMaker.crc(Array(file[at + 4..<at + 8 + length])))
      file.replaceSubrange(at + 8 + length..<at + 12 + length, with: crc)
      at += 12 + length
    }
  }
}
