import CChromaprint
import MediaAudio
import MediaHash
import Primitives
import Testing

@Suite struct AudioDecoderTests {
  @Test func `WAV is read sample by sample, streaming or whole`() throws {
    for (rate, channels) in [(11_025, 1), (44_100, 2), (8_000, 1)] {
      let samples = Music.samples(seed: 1, seconds: 6, rate: rate, channels: channels)
      let file = Music.wav(samples, rate: rate, channels: channels)
      let pcm = try AudioDecoder.decode(file)
      #expect(pcm.samples == samples && pcm.sampleRate == rate && pcm.channels == channels)
      #expect(try AudioDecoder.fingerprint(file) == AudioFingerprint(pcm))
    }
  }

  @Test func `FLAC, Ogg and MP3 are read, and sound like what went in`() throws {
    let samples = Music.samples(seed: 2, seconds: 15, rate: 44_100, channels: 2)
    let original = try AudioFingerprint(PCM(sampleRate: 44_100, channels: 2, samples: samples))
    let formats: [(String, Int32)] = [
      ("flac", Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)),
      ("vorbis", Int32(SF_FORMAT_OGG | SF_FORMAT_VORBIS)),
      ("mp3", Int32(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III)),
      ("aiff", Int32(SF_FORMAT_AIFF | SF_FORMAT_PCM_16)),
    ]
    // libsndfile 1.2.0 writes stereo MP3 from 16-bit samples wrongly, as fpcalc hears too: one channel.
    let mono = stride(from: 0, to: samples.count, by: 2).map { samples[$0] }
    for (name, format) in formats {
      let isMP3 = name == "mp3"
      guard
        let file = Music.file(isMP3 ? mono : samples, rate: 44_100, channels: isMP3 ? 1 : 2, format: format)
      else {
        print("skipped: this libsndfile writes no \(name)")
        continue
      }
      let print = try AudioDecoder.fingerprint(file)
      if name == "flac" || name == "aiff" {
        #expect(print == original, "\(name)")
      } else {
        let match = try #require(AudioMatch.find(print, in: original), "\(name)")
        #expect(match.bitErrorRate < 0.1, "\(name)")
        Swift.print("\(name): \(file.count) bytes, bit error rate \(match.bitErrorRate)")
      }
    }
  }

  @Test func `files that are damaged, too large or something else are refused`() throws {
    let samples = Music.samples(seed: 3, seconds: 4, rate: 11_025)
    let file = Music.wav(samples, rate: 11_025)
    func refusal(_ bytes: [UInt8], _ limits: AudioLimits = .standard) -> AudioRefusal? {
      do throws(AudioRefusal) {
        _ = try AudioDecoder.decode(bytes, limits: limits)
        return nil
      } catch { return error }
    }
    #expect(refusal([]) == .unknownFormat)
    #expect(refusal(Array("\u{89}PNG and so on".utf8)) == .unknownFormat)
    #expect(refusal(file, AudioLimits(fileBytes: 1000, samples: 1 << 20, seconds: 60)) == .fileTooLarge)
    #expect(refusal(file, AudioLimits(fileBytes: 1 << 20, samples: 1000, seconds: 60)) == .tooLong)
    #expect(refusal(file, AudioLimits(fileBytes: 1 << 20, samples: 1 << 20, seconds: 3)) == .tooLong)
    #expect(refusal(Array(file.prefix(20))) == .damaged)
    // A header that claims 2^30 frames allocates nothing.
    let claim = refusal(Music.wav(samples, rate: 11_025, claimed: 1 << 30))
    #expect(claim == .tooLong || claim == .damaged || claim == nil)
    #expect(refusal(Music.wav([], rate: 11_025)) != nil)
    #expect(throws: AudioRefusal.unsupported) { try PCM(sampleRate: 44_100, channels: 2, samples: [1]) }
    #expect(throws: AudioRefusal.unsupported) { try PCM(sampleRate: 0, channels: 1, samples: []) }
    #expect(throws: AudioRefusal.tooShort) {
      try AudioFingerprint(PCM(sampleRate: 11_025, channels: 1, samples: [1, 2, 3]))
    }
  }

  @Test func `changed bytes never trap`() throws {
    var generator = SeededGenerator(seed: 4)
    let samples = Music.samples(seed: 4, seconds: 4, rate: 11_025)
    var files = [Music.wav(samples, rate: 11_025)]
    for format in [
      SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS,
      SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
    ] {
      if let file = Music.file(samples, rate: 11_025, channels: 1, format: Int32(format)) { files.append(file) }
    }
    var refused = 0
    for round in 0..<400 {
      var file = files[round % files.count]
      for _ in 0..<1 + generator.next() % 8 {
        let range = generator.next() % 2 == 0 ? 200 : file.count
        file[Int(generator.next() % UInt64(min(range, file.count)))] = UInt8(truncatingIfNeeded: generator.next())
      }
      if generator.next() % 4 == 0 { file = Array(file.prefix(Int(generator.next() % UInt64(file.count)))) }
      do { _ = try AudioDecoder.decode(file) } catch { refused += 1 }
    }
    #expect(refused > 40)
  }
}

@Suite struct AudioFingerprintTests {
  @Test func `the fingerprint is fpcalc's for sound that needs no resampling`() throws {
    let file = Music.wav(Music.samples(seed: 5, seconds: 20, rate: 11_025), rate: 11_025)
    let ours = try AudioDecoder.fingerprint(file)
    #expect(ours.values.count > 130 && ours.signed.count == ours.values.count)
    guard let theirs = try Music.fpcalc(file) else { return print("skipped: no fpcalc here") }
    #expect(ours.values == theirs)
    // At other rates fpcalc resamples with FFmpeg and the library with its own filter: a few bits differ.
    let stereo = Music.wav(Music.samples(seed: 5, seconds: 20, rate: 44_100, channels: 2), rate: 44_100, channels: 2)
    let (a, b) = (try AudioDecoder.fingerprint(stereo).values, try #require(try Music.fpcalc(stereo)))
    let errors = zip(a, b).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    print("fpcalc at 44.1 kHz stereo: \(errors) of \(32 * b.count) bits differ, \(a.count) and \(b.count) values")
    #expect(abs(a.count - b.count) <= 1 && errors * 20 < 32 * b.count)
  }

  @Test func `an excerpt is found at its place, with noise and at another rate and level`() throws {
    var generator = SeededGenerator(seed: 6)
    let samples = Music.samples(seed: 7, seconds: 60, rate: 22_050)
    let registered = try AudioFingerprint(PCM(sampleRate: 22_050, channels: 1, samples: samples))
    for start in [0, 13, 31, 45] {
      let part = samples[start * 22_050..<(start + 15) * 22_050]
      let noisy = part.map { Int16(clamping: Int($0) / 2 + Int(generator.next() % 1201) - 600) }
      let halved = stride(from: 0, to: part.count - 1, by: 2).map { index in
        let at = part.startIndex + index
        return Int16((Int(part[at]) + Int(part[at + 1])) / 2)
      }
      for (name, rate, query) in [("noise", 22_050, noisy), ("half rate", 11_025, halved)] {
        let print = try AudioFingerprint(PCM(sampleRate: rate, channels: 1, samples: query))
        let match = try #require(AudioMatch.find(print, in: registered), "\(name) from \(start) s")
        let shift = match.registeredSeconds.lowerBound - match.querySeconds.lowerBound
        #expect(abs(shift - Double(start)) < 0.3, "\(name) from \(start) s")
        #expect(match.bitErrorRate < 0.3 && match.query.count == match.registered.count)
        let back = try #require(AudioMatch.find(registered, in: print))
        // Several ends of a stretch can weigh the same: about a second either way.
        #expect(abs(back.query.lowerBound - match.registered.lowerBound) <= 8, "\(name) from \(start) s")
        #expect(abs(back.query.upperBound - match.registered.upperBound) <= 8, "\(name) from \(start) s")
      }
    }
  }

  @Test func `other music, silence and short pieces do not match`() throws {
    let prints = try (0..<24).map { seed in
      try AudioFingerprint(
        PCM(
          sampleRate: 11_025, channels: 1, samples: Music.samples(seed: 100 + UInt64(seed), seconds: 40, rate: 11_025)))
    }
    var lowest = 1.0
    for (i, a) in prints.enumerated() {
      for b in prints[(i + 1)...] {
        if let match = AudioMatch.find(a, in: b) { lowest = min(lowest, match.bitErrorRate) }
        #expect(AudioMatch.find(a, in: b) == nil, "seeds from 100")
      }
    }
    let silence = try AudioFingerprint(
      PCM(sampleRate: 11_025, channels: 1, samples: [Int16](repeating: 0, count: 11_025 * 30)))
    #expect(AudioMatch.find(silence, in: silence) == nil)
    #expect(AudioMatch.find(prints[0], in: silence) == nil)
    #expect(AudioMatch.find(AudioFingerprint(values: Array(prints[0].values.prefix(70))), in: prints[0]) == nil)
    #expect(AudioMatch.find(AudioFingerprint(values: []), in: prints[0]) == nil)
  }

  @Test func `the Audio-Code of the same music in another coding is near, of other music is not`() throws {
    let samples = Music.samples(seed: 8, seconds: 30, rate: 44_100, channels: 2)
    let a = try AudioCode.make(AudioFingerprint(PCM(sampleRate: 44_100, channels: 2, samples: samples)).signed)
    let louder = samples.map { Int16(clamping: Int($0) * 5 / 4) }
    let b = try AudioCode.make(AudioFingerprint(PCM(sampleRate: 44_100, channels: 2, samples: louder)).signed)
    let other = Music.samples(seed: 9, seconds: 30, rate: 44_100, channels: 2)
    let c = try AudioCode.make(AudioFingerprint(PCM(sampleRate: 44_100, channels: 2, samples: other)).signed)
    let (near, far) = (try #require(a.distance(to: b)), try #require(a.distance(to: c)))
    print("Audio-Code distances: louder \(near), other music \(far)")
    #expect(near < 16 && far > near)
  }
}
