internal import CChromaprint

/// A raw Chromaprint fingerprint: 32 bits for about every eighth of a second, algorithm 2 as `fpcalc -raw` uses it.
public struct AudioFingerprint: Sendable, Hashable {
  /// The seconds from one value to the next: a hop of 1365 samples at 11,025 Hz.
  public static let secondsPerValue = 1365.0 / 11_025

  /// The values in time.
  public let values: [UInt32]

  /// A fingerprint from values, as it was stored.
  public init(values: [UInt32]) { self.values = values }

  /// The values as ISO 24138 wants them for an Audio-Code, and as `fpcalc -signed` prints them.
  public var signed: [Int32] { values.map(Int32.init(bitPattern:)) }

  /// The time that the values cover, in seconds; the sound is some 2.6 s longer.
  public var seconds: Double { Double(values.count) * AudioFingerprint.secondsPerValue }

  /// The fingerprint of sound.
  ///
  /// Cost: about a thousandth of the sound's time. Throws `tooShort` for sound of less than about three seconds.
  public init(_ pcm: PCM) throws(AudioRefusal) {
    let printer = try Chromaprinter(sampleRate: pcm.sampleRate, channels: pcm.channels)
    guard pcm.samples.withUnsafeBufferPointer({ printer.feed($0) }) else { throw .unsupported }
    self = try printer.finish()
  }
}

/// One run of libchromaprint.
final class Chromaprinter {
  private let context: OpaquePointer

  init(sampleRate: Int, channels: Int) throws(AudioRefusal) {
    guard let context = chromaprint_new(Int32(CHROMAPRINT_ALGORITHM_DEFAULT.rawValue)) else { throw .unsupported }
    self.context = context
    guard let rate = Int32(exactly: sampleRate), let channels = Int32(exactly: channels),
      chromaprint_start(context, rate, channels) == 1
    else { throw .unsupported }
  }

  deinit { chromaprint_free(context) }

  /// Takes whole frames; false if the library refuses them.
  func feed(_ samples: UnsafeBufferPointer<Int16>) -> Bool {
    let block = 1 << 20
    var position = 0
    while position < samples.count {
      let count = min(block, samples.count - position)
      guard chromaprint_feed(context, samples.baseAddress.map { $0 + position }, Int32(count)) == 1 else {
        return false
      }
      position += count
    }
    return true
  }

  /// The fingerprint of all that was fed.
  func finish() throws(AudioRefusal) -> AudioFingerprint {
    var values: UnsafeMutablePointer<UInt32>?
    var count: Int32 = 0
    guard chromaprint_finish(context) == 1, chromaprint_get_raw_fingerprint(context, &values, &count) == 1 else {
      throw .tooShort
    }
    defer { chromaprint_dealloc(values) }
    guard count > 0, let values else { throw .tooShort }
    return AudioFingerprint(values: Array(UnsafeBufferPointer(start: values, count: Int(count))))
  }
}
