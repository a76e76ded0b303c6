import MediaAudio
import MediaDecode
import MediaHash
import Primitives
import Testing

/// Sound, text and video come out of the confined process, and nothing in a file harms the program.
@Suite(.serialized) struct MediaPoolTests {
  static func samples(seconds: Int, seed: UInt64) -> [Int16] {
    var generator = SeededGenerator(seed: seed)
    return (0..<seconds * 8).flatMap { _ -> [Int16] in
      let period = 8 + Int(generator.next() % 90)
      return (0..<1378).map { index in
        Int16(index % period * 8000 / period - 4000) + Int16(generator.next() % 200)
      }
    }
  }

  static func sounds() throws -> [(MediaFormat, [UInt8])] {
    let pcm = try PCM(sampleRate: 11_025, channels: 1, samples: samples(seconds: 8, seed: 3))
    let kinds: [(MediaFormat, AudioDecoder.Format)] = [
      (.wav, .wav), (.aiff, .aiff), (.flac, .flac), (.ogg, .ogg), (.mp3, .mp3),
    ]
    return kinds.compactMap { format, audio in AudioEncoder.file(pcm, as: audio).map { (format, $0) } }
  }

  static func y4m(_ frames: Int, rate: Int, width: Int = 64, height: Int = 48) -> [UInt8] {
    var generator = SeededGenerator(seed: 5)
    var file = Array("YUV4MPEG2 W\(width) H\(height) F\(rate):1 Ip A1:1 C420jpeg\n".utf8)
    for _ in 0..<frames {
      file += Array("FRAME\n".utf8)
      file += generator.bytes(width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2))
    }
    return file
  }

  func refusal(_ pool: DecodePool, _ file: [UInt8]) -> MediaRefusal? {
    do {
      _ = try pool.mediaWaiting(file)
      return nil
    } catch { return error }
  }

  @Test func `Sound of every format comes out of the process as it comes out of the decoder`() throws {
    let pool = Child.pool(workers: 1)
    let sounds = try Self.sounds()
    #expect(sounds.count >= 3)
    for (format, file) in sounds {
      guard case .sound(let sound) = try pool.mediaWaiting(file) else {
        Issue.record("\(format) is no sound")
        continue
      }
      #expect(sound.format == format)
      #expect(sound.fingerprint == (try AudioDecoder.fingerprint(file)).values, "\(format)")
    }
    #expect(pool.startedCount == 1)
  }

  @Test func `A text comes out with its Text-Code and passages, and what is no UTF-8 is refused`() throws {
    let pool = Child.pool(workers: 1)
    let text = (0..<60).map { "Sentence number \($0) says that the river is \($0 * 7 % 13) metres deep. 春江花月夜\($0)。" }
      .joined(separator: "\n")
    guard case .text(let read) = try pool.mediaWaiting(Array(text.utf8)) else {
      Issue.record("no text")
      return
    }
    let code = try TextCode.make(text)
    #expect(read.code == code.unit.digest && read.letters == code.characters)
    #expect(read.passages == PassagePrint.all(of: text) && read.passages.count > 20)
    for wrong in [[0x61, 0xff, 0x62], Array("abc".utf8) + [0], [0xc3, 0x28], [0xed, 0xa0, 0x80]] as [[UInt8]] {
      #expect(refusal(pool, wrong) == .unknownFormat)
    }
    #expect(refusal(pool, [UInt8](repeating: 0x61, count: 9 << 20)) == .tooMuch(format: .text))
  }

  @Test func `A video has one frame for each second, from YUV4MPEG2 and from PNM pictures`() throws {
    let pool = Child.pool(workers: 1)
    for (frames, rate, expected) in [(10, 1, 10), (50, 25, 2), (51, 25, 3), (1, 30, 1)] {
      guard case .video(let video) = try pool.mediaWaiting(Self.y4m(frames, rate: rate)) else {
        Issue.record("no video")
        continue
      }
      #expect(video.frames.count == expected && video.poster.width == 64 && video.format == .y4m)
    }
    let images = (1...3).map { Pictures.picture(80, 60, seed: $0) }
    let file = images.flatMap { Array("P6\n80 60\n255\n".utf8) + $0.pixels }
    guard case .video(let video) = try pool.mediaWaiting(file) else {
      Issue.record("no video")
      return
    }
    #expect(video.frames.map(\.result) == images.map(PDQ.hash) && video.frames.map(\.time) == [0, 1000, 2000])
    guard case .picture(let one) = try pool.mediaWaiting(Array("P6\n80 60\n255\n".utf8) + images[0].pixels) else {
      Issue.record("no picture")
      return
    }
    #expect(one.image == images[0] && one.format == .pnm)
  }

  @Test func `Truncated, boastful and changed files are refused in under a second each, and the program lives`() throws
  {
    let pool = Child.pool(workers: 1)
    var files: [[UInt8]] = try Self.sounds().map(\.1) + [Self.y4m(4, rate: 1)]
    files.append(Array("P6\n40 40\n255\n".utf8) + [UInt8](repeating: 7, count: 4800))
    var hostile: [[UInt8]] = [
      Array("YUV4MPEG2 W16000 H16000 F1:1\n".utf8), Array("YUV4MPEG2 W99999999999999999999 H1 F1:1\nFRAME\n".utf8),
      Array("YUV4MPEG2 W64 H48 F0:0\nFRAME\n".utf8), Array("YUV4MPEG2 W64 H48 C420p10\nFRAME\n".utf8),
      Array("P6\n99999 99999\n255\n".utf8), Array("P5\n1 1\n65535\n".utf8), Array("P6\n".utf8),
      Array("RIFF".utf8) + [255, 255, 255, 255] + Array("WAVEfmt ".utf8), Array("fLaC".utf8), Array("OggS".utf8),
      Array("ID3".utf8) + [UInt8](repeating: 255, count: 60),
      Self.y4m(2000, rate: 1, width: 8, height: 8),
    ]
    for file in files { for part in [1, 2, 3] { hostile.append(Array(file.prefix(file.count * part / 4))) } }
    var slowest = Duration.zero
    var refused = 0
    for file in hostile {
      let start = ContinuousClock.now
      if refusal(pool, file) != nil { refused += 1 }
      slowest = max(slowest, start.duration(to: .now))
    }
    // An MP3 or Ogg stream that ends early is a shorter stream.
    #expect(refused >= 18)
    print("hostile media: \(refused) of \(hostile.count) refused, the slowest answer took \(slowest)")
    #expect(slowest < .seconds(4), "on an idle machine it is under one second")
    var generator = SeededGenerator(seed: 11)
    for round in 0..<300 {
      var file = files[round % files.count]
      for _ in 0..<1 + generator.next() % 6 {
        let range = generator.next() % 2 == 0 ? 120 : file.count
        file[Int(generator.next() % UInt64(min(range, file.count)))] = UInt8(truncatingIfNeeded: generator.next())
      }
      _ = refusal(pool, file)
    }
    guard case .sound = try pool.mediaWaiting(try Self.sounds()[0].1) else {
      Issue.record("the pool does not answer any more")
      return
    }
    print("300 changed files: \(pool.startedCount) processes were started")
  }
}
