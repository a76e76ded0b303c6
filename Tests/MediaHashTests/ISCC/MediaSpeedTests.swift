import Foundation
import MediaHash
import Primitives
import Testing

/// Prints the speeds; run with MEDIA_SPEED=1 on a machine with nothing else to do.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MEDIA_SPEED"] != nil), .serialized)
struct MediaSpeedTests {
  private func best(_ body: () -> Void) -> Double {
    (0..<7).map { _ in
      let clock = ContinuousClock()
      let time = clock.measure(body)
      return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    }.min() ?? 0
  }

  @Test func `speeds`() {
    var generator = SeededGenerator(seed: 5)
    var bytes = [UInt8](repeating: 0, count: 64 << 20)
    bytes.withUnsafeMutableBytes {
      for word in 0..<$0.count / 8 { $0.storeBytes(of: generator.next(), toByteOffset: word * 8, as: UInt64.self) }
    }
    let hash = best { _ = BLAKE3.hash(bytes) }
    print("BLAKE3 \(64 / hash) MiB/s")
    let data = best { _ = try? DataCode.make(bytes) }
    print("Data-Code \(64 / data) MiB/s")
    var maker = TextMaker(seed: 6)
    let (chinese, english) = (maker.chinese(100_000), maker.english(100_000))
    _ = try? TextCode.make("warm")
    print("Text-Code 100k Chinese \(best { _ = try? TextCode.make(chinese) } * 1000) ms")
    print("Text-Code 100k English \(best { _ = try? TextCode.make(english) } * 1000) ms")
    let rgb = Array(bytes.prefix(1024 * 768 * 3))
    print(
      "Image-Code 1024x768 \(best { _ = try? ImageCode.make(grey: ImagePixels.grey32(rgb: rgb, width: 1024, height: 768)) } * 1000) ms"
    )
    let texts = (0..<2000).map { maker.text(3000, chinese: $0 % 2 == 0) }
    let index = TextIndex()
    let clock = ContinuousClock()
    let insert = clock.measure {
      for (work, text) in texts.enumerated() { index.insert(work: UInt32(work), text: text) }
    }
    let search = clock.measure { for text in texts.prefix(500) { _ = index.overlaps(text: text) } }
    print(
      "Text index: insert 2000 x 3000 characters \(insert), 500 searches \(search), \(index.fingerprintCount) fingerprints"
    )
  }
}
