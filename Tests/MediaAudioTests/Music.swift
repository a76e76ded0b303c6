import CChromaprint
import Foundation
import MediaAudio
import Primitives

/// Sound that follows from a seed, and files of it.
enum Music {
  /// Chords that change four times a second, with harmonics and a little noise.
  static func samples(seed: UInt64, seconds: Int, rate: Int, channels: Int = 1) -> [Int16] {
    var generator = SeededGenerator(seed: seed)
    var out: [Int16] = []
    out.reserveCapacity(seconds * rate * channels)
    for quarter in 0..<seconds * 4 {
      let notes = (0..<3).map { _ in 110 * pow(2, Double(generator.next() % 36) / 12) }
      for frame in 0..<(quarter + 1) * rate / 4 - quarter * rate / 4 {
        let time = Double(frame) / Double(rate)
        let fade = min(1, time * 40) * exp(-2 * time)
        for channel in 0..<channels {
          var value = 0.0
          for (index, note) in notes.enumerated() {
            let phase = 2 * Double.pi * note * time + Double(index)
            value += sin(phase) + 0.5 * sin(2 * phase) + 0.25 * sin(3 * phase + Double(channel))
          }
          value = value * fade * 4000 + Double(generator.next() % 401) - 200
          out.append(Int16(clamping: Int(value)))
        }
      }
    }
    return out
  }

  /// A 16-bit PCM WAV file; `claimed` frames stand in its header if given.
  static func wav(_ samples: [Int16], rate: Int, channels: Int = 1, claimed: UInt32? = nil) -> [UInt8] {
    let size = claimed.map { $0 &* UInt32(2 * channels) } ?? UInt32(samples.count * 2)
    func u32(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    func u16(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
    var out = Array("RIFF".utf8) + u32(size &+ 36) + Array("WAVEfmt ".utf8) + u32(16) + u16(1) + u16(channels)
    out +=
      u32(UInt32(rate)) + u32(UInt32(rate * channels * 2)) + u16(channels * 2) + u16(16) + Array("data".utf8)
      + u32(size)
    for sample in samples { out += u16(Int(UInt16(bitPattern: sample))) }
    return out
  }

  /// The samples in another format of libsndfile, or nil if the library was built without it.
  static func file(_ samples: [Int16], rate: Int, channels: Int, format: Int32) -> [UInt8]? {
    let path = FileManager.default.temporaryDirectory.appending(path: "music-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: path) }
    var info = SF_INFO()
    (info.samplerate, info.channels, info.format) = (Int32(rate), Int32(channels), format)
    guard let handle = sf_open(path.path, Int32(SFM_WRITE), &info) else { return nil }
    // Vorbis overflows its stack on very large blocks.
    for start in stride(from: 0, to: samples.count, by: 4096 * channels) {
      let part = Array(samples[start..<min(samples.count, start + 4096 * channels)])
      sf_write_short(handle, part, Int64(part.count))
    }
    sf_close(handle)
    return (try? Data(contentsOf: path)).map { [UInt8]($0) }
  }

  /// What fpcalc prints for a file, or nil if it is not installed.
  static func fpcalc(_ bytes: [UInt8]) throws -> [UInt32]? {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/fpcalc") else { return nil }
    let path = FileManager.default.temporaryDirectory.appending(path: "music-\(UUID().uuidString).wav")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(bytes).write(to: path)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/fpcalc")
    process.arguments = ["-raw", "-length", "0", path.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let line = text.split(separator: "\n").first { $0.hasPrefix("FINGERPRINT=") }
    return line?.dropFirst(12).split(separator: ",").compactMap { UInt32($0) }
  }
}
