/// Sound as 16-bit samples, interleaved when there is more than one channel.
public struct PCM: Sendable, Hashable {
  /// Frames (one sample of each channel) a second.
  public let sampleRate: Int

  /// The number of channels.
  public let channels: Int

  /// The samples, `channels` to a frame.
  public let samples: [Int16]

  /// Sound from samples.
  ///
  /// Throws `unsupported` unless the rate and the channels lie within `AudioLimits` and the samples are whole frames.
  public init(sampleRate: Int, channels: Int, samples: [Int16]) throws(AudioRefusal) {
    guard AudioLimits.sampleRates.contains(sampleRate), (1...AudioLimits.channels).contains(channels),
      samples.count % channels == 0
    else { throw .unsupported }
    (self.sampleRate, self.channels, self.samples) = (sampleRate, channels, samples)
  }

  /// The length in seconds.
  public var seconds: Double { Double(samples.count / channels) / Double(sampleRate) }
}

/// What is taken from an audio file from outside; all is checked before memory is taken for it.
public struct AudioLimits: Sendable, Hashable {
  /// The rates that a fingerprint can be made from.
  public static let sampleRates = 4_000...384_000

  /// The most channels.
  public static let channels = 8

  /// The most bytes of a file.
  public var fileBytes: Int

  /// The most samples of all channels together, whatever the header says: two bytes of memory each for `PCM`.
  public var samples: Int

  /// The most seconds.
  public var seconds: Int

  /// The usual limits: 64 MiB of file, 64 Mi samples (128 MiB; 12 minutes of stereo at 44.1 kHz), two hours.
  public static let standard = AudioLimits(fileBytes: 64 << 20, samples: 64 << 20, seconds: 7_200)

  /// Limits of one's own.
  public init(fileBytes: Int, samples: Int, seconds: Int) {
    (self.fileBytes, self.samples, self.seconds) = (fileBytes, samples, seconds)
  }
}

/// Why sound was refused.
public enum AudioRefusal: String, Error, Sendable, Hashable {
  /// The bytes begin like none of WAV, AIFF, FLAC, Ogg and MP3.
  case unknownFormat
  /// The file has more bytes than the limit.
  case fileTooLarge
  /// The decoder found the file damaged or cut off.
  case damaged
  /// The rate, the channels or the coding are not among those taken.
  case unsupported
  /// There are more samples or seconds than the limit.
  case tooLong
  /// There is no sound in it, or too little for a fingerprint (about three seconds).
  case tooShort
}
